//! Following the newest row: what stops it, what resumes it, and how the controls and the strip show it.
#![allow(clippy::expect_used, reason = "a test may fail by a panic, in its helpers too")]

use crate::log::{Alone, byte, click, server};
use crate::support::{LANGS, Peer, Window, window};
use egui::accesskit::{Role, Toggled};
use egui::{Key, PointerButton};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use wirebench::lines::ViewMode;
use wirebench::words::Lang;

fn lines(window: &mut Harness<'_, Alone>, range: std::ops::Range<u32>) {
    let peer = window.state_mut().peer("192.168.1.23:52811");
    for line in range {
        window.state_mut().received(peer, format!("line {line}.\n").as_bytes());
    }
    window.run_steps(3);
}

fn has_strip(window: &Harness<'_, Alone>) -> bool {
    window.query_by_label_contains("回到最新").is_some()
}

/// Clicks the time of a row, which selects the record.
fn click_row(window: &mut Harness<'_, Alone>, row: usize) {
    let at = egui::pos2(40.0, byte(row, 0).y);
    click(window, at, PointerButton::Primary);
    assert!(window.state().log.selected().is_some(), "the row is chosen");
}

#[test]
fn a_click_on_a_row_does_not_end_following_while_the_newest_row_is_in_sight() {
    let mut window = server(ViewMode::Text);
    lines(&mut window, 0..3);
    click_row(&mut window, 1);
    assert!(window.state().log.follows() && !has_strip(&window));
    lines(&mut window, 3..6);
    assert!(window.state().log.follows() && !has_strip(&window));
    window.get_by_label_contains("line 5.");
    window.key_press(Key::Escape);
    window.run_steps(2);
    assert!(window.state().log.selected().is_none());
    lines(&mut window, 6..60);
    assert!(window.state().log.follows() && !has_strip(&window));
    window.get_by_label_contains("line 59.");
}

#[test]
fn what_is_chosen_stays_in_sight_and_escape_goes_back_to_the_newest_row() {
    let mut window = server(ViewMode::Text);
    lines(&mut window, 0..60);
    click_row(&mut window, 3);
    assert!(window.state().log.follows() && !has_strip(&window), "nothing is below");
    lines(&mut window, 60..63);
    assert!(!window.state().log.follows() && has_strip(&window), "the newest row has left the screen");
    assert!(window.query_by_label_contains("line 62.").is_none());
    window.key_press(Key::Escape);
    window.run_steps(3);
    assert!(window.state().log.follows() && !has_strip(&window));
    window.get_by_label_contains("line 62.");
}

#[test]
fn escape_and_end_resume_after_scrolling_up() {
    for key in [Key::Escape, Key::End] {
        let mut window = server(ViewMode::Text);
        lines(&mut window, 0..60);
        click_row(&mut window, 3);
        window.key_press(Key::Escape);
        window.key_press(Key::Home);
        window.run_steps(3);
        assert!(!window.state().log.follows() && has_strip(&window));
        window.key_press(key);
        window.run_steps(3);
        assert!(window.state().log.follows() && !has_strip(&window), "{key:?}");
        window.get_by_label_contains("line 59.");
    }
}

#[test]
fn a_jump_within_a_log_that_fits_the_screen_keeps_following() {
    let mut window = server(ViewMode::Hex);
    lines(&mut window, 0..3);
    window.state_mut().log.go_to(0, 0, 2);
    window.run_steps(2);
    assert!(window.state().log.follows() && !has_strip(&window));
    window.state_mut().log.reveal(1, 0);
    lines(&mut window, 3..5);
    assert!(window.state().log.follows() && !has_strip(&window));
}

#[test]
fn a_held_view_says_so_only_when_something_is_below() {
    let mut window = server(ViewMode::Text);
    lines(&mut window, 0..3);
    window.state_mut().log.set_hold(true);
    window.run_steps(2);
    assert!(!has_strip(&window) && !window.state().log.follows());
    lines(&mut window, 3..5);
    assert!(has_strip(&window));
    window.state_mut().log.set_hold(false);
    window.run_steps(2);
    assert!(window.state().log.follows() && !has_strip(&window), "it follows as before");
}

fn listening(lang: Lang) -> (Window, Peer) {
    let mut window = window(lang);
    let peer = Peer::connect(window.listens(lang));
    window.wait(&["ListItem", "#1 127.0.0.1:"]);
    (window, peer)
}

fn is_on(window: &Window, role: Role, name: &str) -> bool {
    let node = window.harness.get_by_role_and_label(role, name);
    let node = node.accesskit_node();
    node.toggled() == Some(Toggled::True) || node.is_selected() == Some(true)
}

#[test]
fn hold_and_follow_never_contradict_each_other() {
    for lang in LANGS {
        let pick = |zh: &'static str, en: &'static str| if lang == Lang::ZhCn { zh } else { en };
        let (hold, follow) = (pick("暂停显示", "Hold the view"), pick("自动滚屏", "Follow"));
        let (mut window, mut peer) = listening(lang);
        peer.send(b"before\n");
        window.wait(&["before"]);
        let states = |window: &Window| (is_on(window, Role::CheckBox, hold), is_on(window, Role::Button, follow));
        assert_eq!(states(&window), (false, true));
        window.check(hold);
        assert_eq!(states(&window), (true, false));
        window.click(follow);
        assert_eq!(states(&window), (false, true), "following lets go of the held view");
        window.check(hold);
        window.check(hold);
        assert_eq!(states(&window), (false, true));
        // Clearing a held view does not highlight the button either.
        window.check(hold);
        window.click(pick("清除显示", "Clear view"));
        assert_eq!(states(&window), (true, false));
    }
}

#[test]
fn an_own_send_goes_back_to_the_newest_row() {
    let (mut window, mut peer) = listening(Lang::ZhCn);
    for line in 0..60 {
        peer.send(format!("line {line}\n").as_bytes());
    }
    window.wait(&["line 59"]);
    let log = window.harness.get_by_role_and_label(Role::ScrollView, "收发记录").rect();
    window.press_at(egui::pos2(log.left() + 40.0, log.center().y));
    window.harness.key_press(Key::Home);
    window.steps(4);
    window.wait(&["回到最新"]);
    assert!(window.line(&["line 59"]).is_none());
    window.fill("发送内容", "my question");
    window.press_send();
    window.wait(&["→", "my question"]);
    assert!(window.line(&["回到最新"]).is_none());
    peer.send(b"the answer\n");
    window.wait(&["←", "the answer"]);
}
