//! Following the newest row: what stops it, what resumes it, and how the controls and the strip show it.
#![allow(clippy::expect_used, reason = "a test may fail by a panic, in its helpers too")]

use crate::log::{Alone, byte, click, server};
use crate::support::{LANGS, Peer, Pick, Window, window};
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

/// The first painted row that contains `words`.
fn row_of(window: &Harness<'_, Alone>, words: &str) -> Option<i32> {
    let node = window.query_all_by_label_contains(words).next()?;
    Some(((node.rect().top() - 26.0) / 20.0).round() as i32)
}

#[test]
fn a_selection_and_a_search_do_not_end_following() {
    let mut window = server(ViewMode::Text);
    lines(&mut window, 0..60);
    click_row(&mut window, 3);
    lines(&mut window, 60..63);
    assert!(window.state().log.follows() && !has_strip(&window));
    window.get_by_label_contains("line 62.");
    // The selected row has moved up and stays selected.
    assert!(window.state().log.selected().is_some());
    window.key_press(Key::Escape);
    window.run_steps(2);
    assert!(window.state().log.follows() && window.state().log.selected().is_none());
    // A hit on the last screen is there already.
    window.state_mut().log.go_to(60, 0, 4);
    window.state_mut().log.reveal(61, 0);
    lines(&mut window, 63..66);
    assert!(window.state().log.follows());
    window.get_by_label_contains("line 65.");
    // One that is above leaves the newest row.
    window.state_mut().log.reveal(5, 0);
    lines(&mut window, 66..70);
    assert!(!window.state().log.follows() && has_strip(&window));
    window.get_by_label_contains("line 5.");
}

#[test]
fn rows_stay_under_the_pointer_while_they_are_dragged_over() {
    let mut window = server(ViewMode::Hex);
    lines(&mut window, 0..60);
    let before = row_of(&window, "line 55.").or_else(|| row_of(&window, "6C 69 6E 65 20 35 35 2E")).expect("a row");
    let from = byte(4, 0);
    window.hover_at(from);
    window.step();
    window.drag_at(from);
    window.step();
    window.hover_at(byte(4, 3));
    window.step();
    lines(&mut window, 60..65);
    assert_eq!(row_of(&window, "6C 69 6E 65 20 35 35 2E"), Some(before));
    assert!(window.state().log.follows() && !has_strip(&window));
    window.drop_at(byte(4, 3));
    window.run_steps(4);
    assert!(window.state().log.selected().is_some() && window.state().log.follows());
    window.get_by_label_contains("6C 69 6E 65 20 36 34 2E");
}

#[test]
fn the_strip_counts_what_came_below() {
    for (lang, counted, back) in [
        (Lang::ZhCn, "已停止跟随，下方 12 条新数据", "回到最新"),
        (Lang::En, "Not following, 12 new records below", "Back to newest"),
    ] {
        let mut window = server(ViewMode::Text);
        window.state_mut().options.lang = lang;
        lines(&mut window, 0..60);
        window.state_mut().log.set_follow(false);
        window.run_steps(2);
        assert!(window.query_by_label(back).is_none(), "nothing is below");
        lines(&mut window, 60..72);
        window.get_by_label(counted);
        window.get_by_label_contains("line 55.");
        window.get_by_label(back).click();
        window.run_steps(3);
        assert!(window.state().log.follows() && window.query_by_label(back).is_none());
        window.get_by_label_contains("line 71.");
    }
}

#[test]
fn clearing_and_scrolling_down_resume() {
    let mut window = server(ViewMode::Text);
    lines(&mut window, 0..60);
    window.state_mut().log.set_follow(false);
    window.state_mut().log.clear();
    assert!(window.state().log.follows());
    lines(&mut window, 60..120);
    click_row(&mut window, 3);
    // The arrows belong to the selection, the pages scroll.
    for _ in 0..2 {
        window.key_press(Key::PageUp);
        window.run_steps(2);
        assert!(!window.state().log.follows() && has_strip(&window));
    }
    for _ in 0..4 {
        window.key_press(Key::PageDown);
        window.run_steps(2);
    }
    assert!(window.state().log.follows() && !has_strip(&window));
    window.get_by_label_contains("line 119.");
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

fn listening(lang: Lang) -> (Window, Peer) {
    let mut window = window(lang);
    let peer = Peer::connect(window.listens(lang));
    window.wait(&["ListItem", "#1 127.0.0.1:"]);
    (window, peer)
}

#[test]
fn one_button_pauses_and_follows() {
    for lang in LANGS {
        let follow = lang.pick("跟随", "Follow");
        let (mut window, mut peer) = listening(lang);
        for line in 0..60 {
            peer.send(format!("line {line}.\n").as_bytes());
        }
        window.wait(&["line 59."]);
        let is_on = |window: &Window| {
            let node = window.harness.get_by_role_and_label(Role::Button, follow);
            let node = node.accesskit_node();
            node.toggled() == Some(Toggled::True) || node.is_selected() == Some(true)
        };
        assert!(is_on(&window));
        window.click(follow);
        assert!(!is_on(&window));
        peer.send(b"line 60.\n");
        window.wait(&[lang.pick("下方 1 条新数据", "1 new record below")]);
        assert!(window.line(&["line 60."]).is_none() && window.line(&["line 50."]).is_some());
        window.click(follow);
        window.wait(&["line 60."]);
        assert!(is_on(&window));
        assert!(
            window.harness.query_by_role_and_label(Role::CheckBox, lang.pick("暂停显示", "Hold the view")).is_none()
        );
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
