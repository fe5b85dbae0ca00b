//! Context menus from the keyboard: the Menu key and Shift+F10.
#![allow(clippy::expect_used, reason = "a test may fail by a panic, in its helpers too")]

use crate::support::{LANGS, Peer, Pick, window};
use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;

const KEYS: [(Modifiers, Key); 2] = [(Modifiers::NONE, Key::Menu), (Modifiers::SHIFT, Key::F10)];

#[test]
fn the_menu_of_a_row_opens_below_the_row_and_acts_on_it() {
    for lang in LANGS {
        let mut window = window(lang);
        let address = window.listens(lang);
        let mut peer = Peer::connect(address);
        peer.send(b"first");
        window.wait(&["←", "first"]);
        let log = lang.pick("收发记录", "Traffic");
        let edit = lang.pick("填入发送框", "Edit and resend");
        for (modifiers, key) in KEYS {
            window.harness.get_by_role_and_label(Role::ScrollView, log).focus();
            window.steps(2);
            window.harness.key_press_modifiers(modifiers, key);
            window.steps(3);
            assert!(window.shows(edit), "{lang:?} {key:?}: {:?}", window.names());
            let (row, menu) = (window.place(log), window.place(edit));
            assert!(row.contains(menu.left_top()), "{lang:?}: {menu} in {row}");
            window.harness.key_press(Key::Escape);
            window.steps(3);
            assert!(!egui::Popup::is_any_open(&window.harness.ctx));
        }
        window.harness.get_by_role_and_label(Role::ScrollView, log).focus();
        window.steps(2);
        window.harness.key_press_modifiers(Modifiers::SHIFT, Key::F10);
        window.steps(3);
        window.click_as(Role::MenuItem, edit);
        assert_eq!(window.field(lang.pick("发送内容", "Send content")), "first");
    }
}

#[test]
fn the_menu_of_a_peer_opens_by_the_menu_key() {
    for lang in LANGS {
        let mut window = window(lang);
        let address = window.listens(lang);
        let _peer = Peer::connect(address);
        window.wait(&["#1 127.0.0.1"]);
        let reset = lang.pick("强制断开（RST）", "Reset this peer (RST)");
        for (modifiers, key) in KEYS {
            window.harness.get_all_by_label_contains("#1 127.0.0.1").next().expect("the peer").focus();
            window.steps(2);
            window.harness.key_press_modifiers(modifiers, key);
            window.steps(3);
            assert!(window.line(&[reset]).is_some(), "{lang:?} {key:?}: {:?}", window.names());
            window.harness.key_press(Key::Escape);
            window.steps(3);
        }
    }
}
