//! The search box: counts, next and previous, modes, errors, and hits that arrive while it is open; both languages.
#![allow(clippy::expect_used, reason = "a test may fail by a panic, in its helpers too")]

use crate::support::{LANGS, Peer, Window, window};
use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;
use wirebench::words::Lang;

struct Names {
    find: &'static str,
    by: &'static str,
    hex: &'static str,
    regex: &'static str,
    case: &'static str,
    next: &'static str,
    previous: &'static str,
    none: &'static str,
    clear: &'static str,
    no_hex: &'static str,
}

fn names(lang: Lang) -> Names {
    match lang {
        Lang::ZhCn => Names {
            find: "查找",
            by: "查找方式",
            hex: "HEX（? 为通配符）",
            regex: "正则表达式",
            case: "区分大小写",
            next: "下一处",
            previous: "上一处",
            none: "没有找到",
            clear: "清除显示",
            no_hex: "第 1 个字符「x」不是十六进制数字",
        },
        Lang::En => Names {
            find: "Find",
            by: "Find by",
            hex: "Hex (? is any digit)",
            regex: "Regular expression",
            case: "Match case",
            next: "Next hit",
            previous: "Previous hit",
            none: "Not found",
            clear: "Clear view",
            no_hex: "Character 1, \"x\", is not a hex digit",
        },
    }
}

/// A window that listens, with a peer.
fn connected(lang: Lang) -> (Window, Peer) {
    let mut window = window(lang);
    let peer = Peer::connect(window.listens(lang));
    (window, peer)
}

fn choose(window: &mut Window, by: &str, row: &str) {
    window.click(by);
    window.click_as(Role::MenuItemRadio, row);
    window.steps(8);
}

#[test]
fn hits_are_counted_and_visited_by_keys_and_buttons() {
    for lang in LANGS {
        let n = names(lang);
        let (mut window, mut peer) = connected(lang);
        peer.send(b"temp=1;TEMP=2;te");
        window.wait(&["←", "temp=1"]);
        peer.send(b"mp=3 end");
        window.wait(&["mp=3 end"]);
        window.harness.key_press_modifiers(Modifiers::COMMAND, Key::F);
        window.steps(2);
        window.harness.event(egui::Event::Text("temp".to_owned()));
        window.wait(&["Label 0 / 3"]);
        window.harness.key_press(Key::Enter);
        window.wait(&["Label 1 / 3"]);
        assert_eq!(window.field(n.find), "temp", "the box keeps the focus and its words");
        window.harness.key_press(Key::F3);
        window.wait(&["Label 2 / 3"]);
        window.click(n.next);
        window.wait(&["Label 3 / 3"]);
        window.click(n.next);
        window.wait(&["Label 1 / 3"]);
        window.harness.key_press_modifiers(Modifiers::SHIFT, Key::F3);
        window.wait(&["Label 3 / 3"]);
        window.click(n.previous);
        window.wait(&["Label 2 / 3"]);
        // New data is searched too; the position is kept.
        peer.send(b" Temp=4");
        window.wait(&["Label 2 / 4"]);
        choose(&mut window, n.by, n.case);
        window.wait(&["Label 0 / 2"]);
        window.fill(n.find, "nothing");
        window.wait(&["Label", n.none]);
        window.focus(n.find);
        window.harness.key_press(Key::Escape);
        window.until("the box is empty", |_| true);
        window.steps(3);
        assert_eq!(window.field(n.find), "");
        assert!(!window.shows(n.none));
    }
}

#[test]
fn hex_with_wildcards_and_expressions_are_found() {
    for lang in LANGS {
        let n = names(lang);
        let (mut window, mut peer) = connected(lang);
        peer.send(&[0x01, 0x03, 0x02, 0x00, 0x17, 0xF8, 0x4A, 0x01, 0x06, 0x02, 0xFF, 0xFF]);
        window.wait(&["←", "12"]);
        window.fill(n.find, "01 ?? 02");
        window.wait(&["Label", n.none]);
        choose(&mut window, n.by, n.hex);
        window.wait(&["Label 0 / 2"]);
        window.fill(n.find, "F? 4?");
        window.wait(&["Label 0 / 1"]);
        window.fill(n.find, "xy");
        window.wait(&["Label", n.no_hex]);
        assert!(!window.enabled(n.next), "there is nowhere to go");
        choose(&mut window, n.by, n.regex);
        window.wait(&["Label", n.none]);
        window.fill(n.find, r"\xFF+");
        window.wait(&["Label 0 / 1"]);
        window.harness.key_press(Key::F3);
        window.wait(&["Label 1 / 1"]);
        // A longer run of matching bytes is one longer hit, not two.
        peer.send(&[0xFF, 0x00]);
        window.wait(&["←", "2 "]);
        window.steps(30);
        window.wait(&["Label 1 / 1"]);
    }
}

#[test]
fn a_hit_far_up_comes_into_sight_and_a_cleared_view_has_none() {
    let n = names(Lang::En);
    let (mut window, mut peer) = connected(Lang::En);
    peer.send(b"the needle is here\n");
    window.wait(&["needle"]);
    for round in 0..100 {
        peer.send(format!("line {round} of hay\n").as_bytes());
        window.wait(&[&format!("line {round} of")]);
    }
    assert!(window.line(&["needle"]).is_none(), "it is far up");
    window.fill(n.find, "NEEDLE");
    window.wait(&["Label 0 / 1"]);
    window.harness.key_press(Key::F3);
    window.wait(&["Label 1 / 1"]);
    window.wait(&["the needle is here"]);
    window.click(n.clear);
    window.wait(&["Label", n.none]);
    peer.send(b"a second Needle");
    window.wait(&["Label 0 / 1"]);
    let hits = window.harness.query_all_by_label("0 / 1").count();
    assert_eq!(hits, 1);
}

#[test]
fn the_box_is_as_wide_whatever_is_typed_and_escape_ends_the_search() {
    for lang in LANGS {
        let n = names(lang);
        let (mut window, mut peer) = connected(lang);
        for round in 0..100 {
            peer.send(format!("line {round} of hay\n").as_bytes());
            window.wait(&[&format!("line {round} of")]);
        }
        let by = |window: &Window| window.harness.get_by_label(n.by).rect();
        let place = by(&window);
        window.fill(n.find, "line 1 of");
        window.wait(&["Label 0 / 1"]);
        assert_eq!(by(&window), place);
        choose(&mut window, n.by, n.regex);
        let place = by(&window);
        window.fill(n.find, "(");
        window.steps(3);
        assert_eq!(by(&window), place);
        window.fill(n.find, "line 1 of");
        window.harness.key_press(Key::F3);
        window.wait(&["Label 1 / 1"]);
        window.harness.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::F);
        window.steps(3);
        window.focus(n.find);
        window.harness.key_press(Key::Escape);
        window.steps(4);
        assert!(window.line(&["1 / 1"]).is_none());
        peer.send(b"the newest\n");
        window.wait(&["the newest"]);
    }
}

#[test]
fn the_count_of_records_has_room_beside_the_search_box_in_a_window_of_the_usual_size() {
    for (lang, count) in [(Lang::ZhCn, "3 条记录"), (Lang::En, "3 records")] {
        let (mut window, _peer) = connected(lang);
        // Opened, listening, connected. A smaller count is shown only until the peer's record is there.
        window.until("three records", |harness| harness.query_by_role_and_label(Role::Label, count).is_some());
        let place = window.harness.get_by_role_and_label(Role::Label, count).rect();
        assert!(place.width() >= 40.0, "it is shown whole: {place:?}");
    }
}
