//! The list of hits: its contents, going to a hit by click and keys, following the search while traffic arrives; both languages.
#![allow(clippy::expect_used, reason = "a test may fail by a panic, in its helpers too")]

use crate::support::{LANGS, Peer, Window, window};
use egui::accesskit::Role;
use egui::{Key, Modifiers, vec2};
use egui_kittest::kittest::{NodeT, Queryable};
use egui_kittest::{Harness, Node};
use wirebench::gui::App;
use wirebench::words::Lang;

struct Names {
    find: &'static str,
    list: &'static str,
    close: &'static str,
    empty: &'static str,
    hex_view: &'static str,
    dump_view: &'static str,
    by: &'static str,
    regex: &'static str,
    wrong: &'static str,
}

fn names(lang: Lang) -> Names {
    match lang {
        Lang::ZhCn => Names {
            find: "查找",
            list: "命中列表",
            close: "关闭结果",
            empty: "在上面的查找框里填写要找的内容",
            hex_view: "HEX",
            dump_view: "对照",
            by: "查找方式",
            regex: "正则表达式",
            wrong: "正则表达式有误",
        },
        Lang::En => Names {
            find: "Find",
            list: "List of hits",
            close: "Close results",
            empty: "Enter what to find in the box above",
            hex_view: "Hex",
            dump_view: "Dump",
            by: "Find by",
            regex: "Regular expression",
            wrong: "Not a regular expression",
        },
    }
}

fn title(lang: Lang, what: &str, count: u64) -> String {
    match lang {
        Lang::ZhCn => format!("Label 查找 {what}：{count} 处"),
        Lang::En if count == 1 => format!("Label Find {what}: 1 hit"),
        Lang::En => format!("Label Find {what}: {count} hits"),
    }
}

/// A window that listens, with a peer.
fn connected(lang: Lang) -> (Window, Peer) {
    let mut window = window(lang);
    let peer = Peer::connect(window.listens(lang));
    (window, peer)
}

/// Peers are list items too.
fn hits<'a>(harness: &'a Harness<'static, App>) -> impl Iterator<Item = Node<'a>> {
    let items = harness.query_all_by_role(Role::ListItem);
    items.filter(|node| node.accesskit_node().label().is_some_and(|words| words.contains(['←', '→'])))
}

/// Shows bytes as hex, by the first control of that name (the second one belongs to the send box).
fn view_hex(window: &mut Window, name: &str) {
    let first = window.harness.query_all_by_role_and_label(Role::RadioButton, name).next();
    first.expect("the choice of the view").click();
    window.steps(2);
}

/// The rows of the list, and the index of the current hit.
fn rows(window: &Window) -> (Vec<String>, Option<usize>) {
    let nodes: Vec<_> = hits(&window.harness).collect();
    let words = nodes.iter().filter_map(|node| node.accesskit_node().label()).collect();
    let current = nodes.iter().position(|node| node.accesskit_node().is_selected() == Some(true));
    (words, current)
}

fn wait_current(window: &mut Window, row: Option<&str>) {
    window.until(&format!("current: {row:?}"), |harness| {
        let current = hits(harness).find(|node| node.accesskit_node().is_selected() == Some(true));
        match (current.and_then(|node| node.accesskit_node().label()), row) {
            (None, None) => true,
            (Some(words), Some(row)) => words.contains(row),
            _ => false,
        }
    });
}

#[test]
fn hits_are_listed_with_context_and_visited_by_click_and_keys() {
    for lang in LANGS {
        let n = names(lang);
        let (mut window, mut peer) = connected(lang);
        peer.send(b"first temp=1 there\n");
        window.wait(&["first temp"]);
        for round in 0..60 {
            peer.send(format!("hay {round}\n").as_bytes());
        }
        window.wait(&["hay 59"]);
        peer.send(b"last temp=2 here\n");
        window.wait(&["last temp"]);
        window.fill(n.find, "temp=");
        window.wait(&["Label 0 / 2"]);
        window.click(n.list);
        window.wait(&[&title(lang, "temp=", 2)]);
        let (listed, current) = rows(&window);
        assert_eq!((listed.len(), current), (2, None), "{listed:?}");
        assert!(listed[0].starts_with("1 ") && listed[0].contains("← #1"), "{listed:?}");
        assert!(listed[0].ends_with("0006 first temp=1 there·"), "{listed:?}");
        assert!(listed[1].ends_with("last temp=2 here·"), "{listed:?}");

        // A click goes to the hit: the log shows it, and next and previous start from it.
        assert!(window.line(&["Label", "first temp=1"]).is_none(), "it is far up");
        let first = listed[0].clone();
        window.click_as(Role::ListItem, &first);
        window.wait(&["Label", "first temp=1 there"]);
        wait_current(&mut window, Some("first"));
        window.wait(&["Label 1 / 2"]);

        window.harness.key_press(Key::ArrowDown);
        wait_current(&mut window, Some("last"));
        window.wait(&["Label 2 / 2"]);
        window.wait(&["Label", "last temp=2 here"]);
        window.harness.key_press(Key::Home);
        wait_current(&mut window, Some("first"));
        window.harness.key_press(Key::F3);
        wait_current(&mut window, Some("last"));
        window.harness.key_press(Key::Escape);
        window.until("it is closed", |harness| hits(harness).next().is_none());
        window.steps(2);
        assert!(!window.shows(n.close));
    }
}

#[test]
fn the_list_follows_the_search_and_the_view() {
    for lang in LANGS {
        let n = names(lang);
        let (mut window, mut peer) = connected(lang);
        peer.send("温度 OK 1".as_bytes());
        window.wait(&["OK 1"]);
        window.harness.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::F);
        window.wait(&["Label", n.empty]);
        // With an empty search text the box has the focus.
        window.harness.event(egui::Event::Text("ok".to_owned()));
        window.wait(&[&title(lang, "ok", 1)]);
        window.wait(&["ListItem 1 ", "温度 OK 1"]);
        // New hits are listed too, even at the very end, where they may still change.
        peer.send(b" ok");
        window.wait(&[&title(lang, "ok", 2)]);
        window.wait(&["ListItem 2 "]);
        view_hex(&mut window, n.hex_view);
        window.wait(&["ListItem 1 ", "E6 B8 A9 E5 BA A6 20 4F 4B 20 31"]);
        assert!(window.line(&["ListItem 1 ", "温度"]).is_none());
        window.segment(n.dump_view);
        window.wait(&["ListItem 1 ", "20 4F 4B 20 31 温度 OK 1"]);
        window.click(n.by);
        window.click_as(Role::MenuItemRadio, n.regex);
        window.steps(8);
        window.fill(n.find, r"OK \d");
        window.wait(&[&title(lang, r"OK \d", 1)]);
        window.fill(n.find, "(");
        window.wait(&["Label", n.wrong]);
        window.steps(2);
        let said = window.names().iter().filter(|name| name.contains(n.wrong)).count();
        assert_eq!(said, 2, "below the box and in the list");
        assert_eq!(rows(&window).0, [""; 0]);
        window.click(n.close);
        assert!(!window.shows(n.close));
    }
}

#[test]
fn of_many_hits_only_the_rows_in_sight_are_there() {
    let n = names(Lang::En);
    let (mut window, mut peer) = connected(Lang::En);
    peer.send(&b"a.".repeat(150_000));
    window.wait(&["Label", "Received 293.0 KiB"]);
    window.fill(n.find, "a");
    window.harness.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::F);
    window.wait(&["Label Find a: 150000 hits", "only the first 100000 are listed"]);
    let (listed, _) = rows(&window);
    assert!((3..30).contains(&listed.len()), "{}", listed.len());
    window.harness.key_press(Key::End);
    wait_current(&mut window, Some("100000 "));
    window.wait(&["Label 100000 / 150000"]);
    window.harness.key_press(Key::PageUp);
    window.until("a page up", |harness| {
        hits(harness).all(|node| {
            node.accesskit_node().is_selected() != Some(true)
                || node.accesskit_node().label().is_some_and(|words| words.starts_with("999"))
        })
    });
}

#[test]
fn the_edge_is_dragged_and_escape_goes_back_to_the_box() {
    let n = names(Lang::En);
    let (mut window, mut peer) = connected(Lang::En);
    peer.send(&b"ab".repeat(100));
    window.wait(&["Label", "Received 200 B"]);
    window.fill(n.find, "a");
    window.harness.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::F);
    window.wait(&["Label Find a: 100 hits"]);
    let before = rows(&window).0.len();
    let edge = window.harness.get_by_role_and_label(Role::Splitter, "Resize results").rect().center();
    window.harness.drag_at(edge);
    window.steps(2);
    window.harness.hover_at(edge - vec2(0.0, 60.0));
    window.steps(2);
    window.harness.drop_at(edge - vec2(0.0, 60.0));
    window.steps(2);
    assert_eq!(rows(&window).0.len(), before + 3, "20 points a row");

    window.harness.key_press(Key::ArrowDown);
    wait_current(&mut window, Some("1 "));
    window.harness.key_press(Key::Escape);
    window.until("it is closed", |harness| hits(harness).next().is_none());
    window.steps(2);
    window.harness.event(egui::Event::Text("b".to_owned()));
    window.steps(2);
    assert_eq!(window.field(n.find), "ab", "the box has the focus again");
    window.wait(&["Label 0 / 100"]);
}
