//! The columns of the log: their menu, what is remembered of it, and what each width has room for; both languages.
#![allow(clippy::expect_used, reason = "a test may fail by a panic, in its helpers too")]

use crate::log::{Alone, server};
use crate::support::{LANGS, Peer, Pick, Start, Window};
use egui::accesskit::{Role, Toggled};
use egui::{Key, Shape};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use wirebench::gui::log::LogAction;
use wirebench::lines::ViewMode;
use wirebench::settings::{ColumnSetup, LogColumn};
use wirebench::words::Lang;

/// The painted texts with their left edges.
fn texts(window: &Harness<'_, Alone>) -> Vec<(f32, f32, String)> {
    let texts = window.output().shapes.iter().filter_map(|shape| match &shape.shape {
        Shape::Text(text) => Some((text.pos.x, text.pos.y, text.galley.text().to_owned())),
        _ => None,
    });
    texts.collect()
}

#[test]
fn the_first_row_in_sight_names_its_record() {
    for mode in [ViewMode::Hex, ViewMode::Dump, ViewMode::Text] {
        let mut window = server(mode);
        let peer = window.state_mut().peer("192.168.1.23:52811");
        window.state_mut().received(peer, b"short");
        window.state_mut().received(peer, &vec![b'x'; 262_144]);
        window.run_steps(3);
        // At its end, hundreds of screens below its first row.
        let first = "← #1 192.168.1.23:52811 262144";
        assert_eq!(window.query_all_by_label_contains(first).count(), 1, "{mode:?}");
        let top = texts(&window).into_iter().filter(|(_, y, _)| (26.0..46.0).contains(y));
        let top: Vec<String> = top.map(|(_, _, text)| text).collect();
        for part in ["#1", ":52811", "256 KiB"] {
            assert!(top.iter().any(|text| text == part), "{mode:?} {part}: {top:?}");
        }
        window.state_mut().log.go_to(0, 0, 0);
        window.run_steps(2);
        assert_eq!(window.query_all_by_label_contains(first).count(), 1, "{mode:?}");
    }
}

#[test]
fn a_wide_log_has_more_bytes_in_a_row_and_empty_room_is_used() {
    let mut window = server(ViewMode::Dump);
    window.state_mut().options.columns = ColumnSetup::default();
    let peer = window.state_mut().peer("192.168.1.23:52811");
    let bytes: Vec<u8> = (0..64).collect();
    window.state_mut().received(peer, &bytes);
    for (width, offsets) in [(560.0, "0008"), (656.0, "000C"), (768.0, "0010"), (1094.0, "0018"), (1648.0, "0020")] {
        window.set_size(egui::vec2(width, 400.0));
        window.run_steps(3);
        assert!(texts(&window).iter().any(|(_, _, text)| text == offsets), "{width}: {:?}", texts(&window));
    }
}

#[test]
fn a_line_that_is_not_wrapped_is_one_row() {
    let mut window = server(ViewMode::Text);
    let peer = window.state_mut().peer("192.168.1.23:52811");
    let line = format!("{}\nsecond line\n", "long ".repeat(100));
    window.state_mut().received(peer, line.as_bytes());
    window.run_steps(2);
    let second = |window: &Harness<'_, Alone>| {
        let (_, y, _) = texts(window).into_iter().find(|(_, _, text)| text.starts_with("second")).expect("the line");
        ((y - 26.0) / 20.0).floor()
    };
    assert!(second(&window) >= 5.0);
    window.state_mut().options.columns.wrap = false;
    window.run_steps(2);
    assert_eq!(second(&window), 1.0);
    assert!(texts(&window).iter().any(|(_, _, text)| text == "…"));
    // All of it is there for a screen reader.
    window.get_by_label_contains("long long");
}

#[test]
fn the_menu_of_the_log_chooses_columns() {
    let mut window = server(ViewMode::Dump);
    let peer = window.state_mut().peer("192.168.1.23:52811");
    window.state_mut().received(peer, b"bytes");
    window.run_steps(2);
    window.get_by_role_and_label(Role::Button, "列").click();
    window.run_steps(2);
    let names = ["时间", "Δ", "对端", "长度", "摘要"];
    for name in names {
        window.get_by_role_and_label(Role::MenuItemCheckBox, name);
    }
    let hidden = window.state().options.columns;
    window.get_by_role_and_label(Role::MenuItemCheckBox, "Δ").click();
    window.run_steps(2);
    let mut expected = hidden;
    expected.hidden.set(LogColumn::Delta, false);
    assert_eq!(window.state().actions, [LogAction::Columns(expected)]);
    // It stays open for the next choice.
    window.get_by_role_and_label(Role::MenuItemRadio, "每行 8 字节").click();
    window.run_steps(2);
    assert_eq!(window.state().actions[1], LogAction::Columns(ColumnSetup { bytes: 8, ..hidden }));
    window.key_press(Key::Escape);
    window.run_steps(20);
    assert!(window.query_by_role_and_label(Role::MenuItemCheckBox, "Δ").is_none());
}

fn is_on(window: &Window, name: &str) -> bool {
    let node = window.harness.get_by_role_and_label(Role::MenuItemCheckBox, name);
    let node = node.accesskit_node();
    node.toggled() == Some(Toggled::True) || node.is_selected() == Some(true)
}

#[test]
fn the_columns_are_remembered_with_the_session() {
    for lang in LANGS {
        let start = Start::new(lang);
        let folder = start.folder.clone();
        let columns = lang.pick("列", "Columns");
        let (time, length) = (lang.pick("时间", "Time"), lang.pick("长度", "Length"));
        let session = |window: &mut Window| {
            let mut peer = Peer::connect(window.listens(lang));
            peer.send(b"one");
            window.wait(&["←", "one"]);
            peer
        };
        let mut window = start.open();
        let _peer = session(&mut window);
        let clock = |window: &Window| {
            window.line(&["← #1", "one"]).is_some_and(|line| line.contains(':') && !line.starts_with("Label ←"))
        };
        assert!(clock(&window));
        window.click(columns);
        assert!(is_on(&window, time) && is_on(&window, length));
        for name in [time, lang.pick("Δ", "Δ"), length] {
            window.click_as(Role::MenuItemCheckBox, name);
        }
        window.steps(4);
        assert!(!clock(&window), "{:?}", window.line(&["← #1", "one"]));
        drop(window);

        let mut window = Start::in_folder(lang, folder).open();
        let _peer = session(&mut window);
        assert!(!clock(&window));
        window.click(columns);
        assert!(!is_on(&window, time) && !is_on(&window, length) && is_on(&window, lang.pick("对端", "Peer")));
        assert_eq!(
            window
                .names()
                .iter()
                .filter(|name| name.starts_with("CheckBox") && name.contains(lang.pick("显示时间", "Show times")))
                .count(),
            0
        );
    }
}

#[test]
fn a_client_has_no_peer_to_choose() {
    let mut window = server(ViewMode::Text);
    window.state_mut().options.show_peers = false;
    window.state_mut().options.lang = Lang::En;
    window.run_steps(2);
    window.get_by_role_and_label(Role::Button, "Columns").click();
    window.run_steps(2);
    window.get_by_role_and_label(Role::MenuItemCheckBox, "Wrap lines");
    assert!(window.query_by_role_and_label(Role::MenuItemCheckBox, "Peer").is_none());
}
