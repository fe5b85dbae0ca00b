//! What was done by mistake is undone, and says how.
#![allow(clippy::expect_used, reason = "a test may fail by a panic, in its helpers too")]

use crate::support::{LANGS, Peer, Pick, Window, window};
use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;
use wirebench::words::Lang;

fn received(window: &mut Window, lang: Lang, bytes: &[u8], words: &str) -> Peer {
    let mut peer = Peer::connect(window.listens(lang));
    peer.send(bytes);
    window.wait(&[words]);
    peer
}

#[test]
fn a_cleared_view_comes_back_as_it_was() {
    for lang in LANGS {
        let mut window = window(lang);
        let mut peer = received(&mut window, lang, b"first\n", "first");
        window.harness.key_press_modifiers(Modifiers::COMMAND, Key::L);
        window.steps(3);
        assert!(window.line(&["first"]).is_none());
        peer.send(b"second\n");
        window.wait(&["second"]);
        window.harness.key_press_modifiers(Modifiers::COMMAND, Key::L);
        window.steps(3);
        assert!(window.line(&["second"]).is_none());
        window.until("one toast after the other", |harness| {
            harness.query_all_by_role_and_label(Role::Button, lang.pick("撤销", "Undo")).count() == 2
        });
        // The newest toast is the lowest: it undoes the second clear only.
        let undo = |window: &Window| {
            let all = window.harness.query_all_by_role_and_label(Role::Button, lang.pick("撤销", "Undo"));
            all.map(|button| button.rect().center()).max_by(|one, other| one.y.total_cmp(&other.y)).expect("a button")
        };
        let at = undo(&window);
        window.press_at(at);
        window.steps(3);
        window.wait(&["second"]);
        assert!(window.line(&["first"]).is_none(), "cleared before");
        let at = undo(&window);
        window.press_at(at);
        window.steps(3);
        window.wait(&["first"]);
    }
}

#[test]
fn a_replaced_text_of_the_send_box_comes_back() {
    for lang in LANGS {
        let mut window = window(lang);
        let _peer = received(&mut window, lang, b"answer", "answer");
        let content = lang.pick("发送内容", "Send content");
        window.fill(content, "half written");
        window.harness.get_by_role_and_label(Role::ScrollView, lang.pick("收发记录", "Traffic")).focus();
        window.steps(2);
        window.harness.key_press(Key::ArrowUp);
        window.steps(2);
        let row = window.line(&["Label ", "\u{2190}", "answer"]).expect("the record");
        let row = row.strip_prefix("Label ").expect("its words").to_owned();
        window.harness.get_all_by_role_and_label(Role::Label, &row).next().expect("it").click_secondary();
        window.steps(8);
        window.click_as(Role::MenuItem, lang.pick("填入发送框", "Edit and resend"));
        window.steps(8);
        assert_eq!(window.field(content), "answer");
        window.click(lang.pick("撤销", "Undo"));
        window.steps(2);
        assert_eq!(window.field(content), "half written");
    }
}

#[test]
fn a_disconnected_peer_may_come_back_and_that_is_said() {
    for lang in LANGS {
        let mut window = window(lang);
        let mut peer = received(&mut window, lang, b"here", "here");
        let row = window.wait(&["ListItem ", "#1"]);
        let row = row.strip_prefix("ListItem ").expect("its words").to_owned();
        window.harness.get_by_role_and_label(Role::ListItem, &row).click_secondary();
        window.steps(8);
        window.click_as(Role::MenuItem, lang.pick("断开此连接", "Disconnect this peer"));
        window.wait(&[lang.pick("对端可以重新连接", "it can connect again"), "127.0.0.1:"]);
        peer.expect_end();
    }
}

#[test]
fn a_session_is_renamed_in_the_menu_of_its_tab() {
    for lang in LANGS {
        let mut window = window(lang);
        let fresh = lang.pick("新会话", "New session");
        window.harness.get_by_role_and_label(Role::Tab, fresh).click_secondary();
        window.steps(4);
        window.fill(lang.pick("会话名称", "Session name"), "PLC 1");
        window.harness.key_press(Key::Enter);
        window.steps(8);
        assert!(window.harness.query_by_role_and_label(Role::Tab, "PLC 1").is_some());
        assert!(window.line(&[lang.pick("会话名称", "Session name")]).is_none(), "the menu is closed");
        window.harness.get_by_role_and_label(Role::Tab, "PLC 1").click_secondary();
        window.steps(4);
        window.fill(lang.pick("会话名称", "Session name"), "");
        window.harness.key_press(Key::Escape);
        window.steps(8);
        assert!(window.harness.query_by_role_and_label(Role::Tab, fresh).is_some(), "the automatic title again");
    }
}
