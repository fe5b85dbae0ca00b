//! Rows that are longer than the available width: the rest can be read, and nothing that appears covers their bytes.

use super::log::{Alone, click, server};
use crate::support::Pick;
use egui::{Key, Modifiers, PointerButton, Shape, pos2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use wirebench::capture::RecordKind;
use wirebench::gui::log::LogAction;
use wirebench::lines::ViewMode;
use wirebench::settings::ColumnSetup;
use wirebench::words::Lang;

/// The texts painted in the last frame that are not cut with `…`.
fn whole_texts(window: &Harness<'_, Alone>) -> Vec<String> {
    let texts = window.output().shapes.iter().filter_map(|shape| match &shape.shape {
        Shape::Text(text) if !text.galley.elided => Some(text.galley.text().to_owned()),
        _ => None,
    });
    texts.collect()
}

/// A narrow log with one event that is longer than a row, and data above and below it.
fn narrow<'a>(lang: Lang) -> (Harness<'a, Alone>, &'static str) {
    let mut window = server(ViewMode::Text);
    window.set_size(egui::vec2(300.0, 400.0));
    window.state_mut().options.lang = lang;
    let peer = window.state_mut().peer("[2001:db8:1234:5678:9abc:def0:1234:5678]:52811");
    window.state_mut().received(peer, b"one");
    window.state_mut().append(RecordKind::PeerJoined, None, peer, b"");
    window.run_steps(2);
    let words = lang.pick(
        "[2001:db8:1234:5678:9abc:def0:1234:5678]:52811 已连接",
        "[2001:db8:1234:5678:9abc:def0:1234:5678]:52811 connected",
    );
    window.get_by_label_contains(words);
    (window, words)
}

#[test]
fn a_long_event_is_read_on_by_keyboard_and_by_mouse() {
    for lang in [Lang::ZhCn, Lang::En] {
        let (mut window, words) = narrow(lang);
        assert!(!whole_texts(&window).iter().any(|text| text == words), "there is no room for it");

        window.get_by_label(lang.pick("收发记录", "Traffic")).focus();
        window.step();
        window.key_press_modifiers(Modifiers::SHIFT, Key::ArrowUp);
        window.run_steps(2);
        assert!(whole_texts(&window).iter().any(|text| text == words), "{:?}", whole_texts(&window));
        // The rows above are reachable by keys, which folds the row again.
        window.key_press(Key::ArrowUp);
        window.run_steps(2);
        assert_eq!(window.state().log.selected().map(|chosen| chosen.record), Some(0));
        assert!(!whole_texts(&window).iter().any(|text| text == words));

        window.key_press(Key::Escape);
        window.run_steps(2);
        // On its text.
        click(&mut window, pos2(200.0, 56.0), PointerButton::Primary);
        assert!(whole_texts(&window).iter().any(|text| text == words));
    }
}

#[test]
fn the_buttons_of_a_row_leave_its_bytes_in_sight() {
    for mode in [ViewMode::Text, ViewMode::Hex, ViewMode::Dump] {
        for width in [503.0, 528.0, 640.0, 768.0, 800.0, 1008.0, 1648.0] {
            let mut window = server(mode);
            window.set_size(egui::vec2(width, 400.0));
            let peer = window.state_mut().peer("127.0.0.1:52811");
            window.state_mut().received(peer, &[0x41; 512]);
            window.run_steps(2);
            window.hover_at(pos2(300.0, 56.0));
            window.run_steps(2);
            let copy = window.get_by_label("复制此条").rect();
            let more = window.get_by_label("此条的更多操作").rect();
            assert!(copy.left() >= 0.0 && more.right() <= width, "{mode:?} {width}: {copy:?} {more:?}");
            let row = rows_of_texts(&window).swap_remove(1);
            // Beside the times, only what is about the content.
            // (The icons of the buttons are characters of the private use area.)
            let is_icon = |text: &str| text.chars().all(|c| c >= '\u{E000}');
            for (left, right, text) in row.iter().filter(|(left, _, text)| *left > 96.0 && !is_icon(text)) {
                let is_free = *right <= copy.left() || *left >= more.right();
                assert!(is_free, "{mode:?} {width}: {text} {left}..{right} {copy:?} {more:?}");
            }
        }
    }
}

#[test]
fn the_menu_of_a_row_stays_while_the_pointer_is_in_it() {
    let mut window = server(ViewMode::Dump);
    let peer = window.state_mut().peer("127.0.0.1:52811");
    window.state_mut().received(peer, b"one");
    window.state_mut().received(peer, b"two");
    window.run_steps(2);
    window.hover_at(pos2(300.0, 56.0));
    window.run_steps(2);
    let more = window.get_by_label("此条的更多操作").rect().center();
    click(&mut window, more, PointerButton::Primary);
    let row = window.get_by_label("复制为 Base64").rect().center();
    for part in [0.3_f32, 0.6, 1.0] {
        window.hover_at(more + (row - more) * part);
        window.run_steps(2);
    }
    click(&mut window, row, PointerButton::Primary);
    assert_eq!(window.state().actions, [LogAction::Copied { bytes: 3, cut: false }]);
    window.run_steps(10);
    // Then the buttons appear at the pointer again.
    window.hover_at(pos2(300.0, 36.0));
    window.run_steps(2);
    assert!((window.get_by_label("此条的更多操作").rect().center().y - 36.0).abs() < 1.0);
}

/// The texts of each row from left to right: left edge, right edge, text.
fn rows_of_texts(window: &Harness<'_, Alone>) -> Vec<Vec<(f32, f32, String)>> {
    let mut rows: std::collections::BTreeMap<i32, Vec<(f32, f32, String)>> = std::collections::BTreeMap::new();
    for shape in &window.output().shapes {
        if let Shape::Text(text) = &shape.shape {
            let (left, top) = (text.pos.x, text.pos.y);
            if !text.galley.text().trim().is_empty() && top > 26.0 {
                let row = ((top - 26.0) / 20.0) as i32;
                rows.entry(row).or_default().push((left, left + text.galley.size().x, text.galley.text().to_owned()));
            }
        }
    }
    let mut rows: Vec<_> = rows.into_values().collect();
    for row in &mut rows {
        row.sort_by(|one, other| one.0.total_cmp(&other.0));
    }
    rows
}

#[test]
fn columns_keep_a_distance_however_long_their_numbers_are() {
    let widths = [500.0, 527.0, 545.0, 700.0, 767.0, 768.0, 800.0, 830.0, 870.0, 1008.0, 1648.0];
    for mode in [ViewMode::Text, ViewMode::Hex, ViewMode::Dump] {
        for columns in [None, Some(ColumnSetup::default())] {
            let mut window = server(mode);
            if let Some(columns) = columns {
                window.state_mut().options.columns = columns;
            }
            let mut last = window.state_mut().peer("[2001:db8::1]:1");
            for port in 2..=1200_u16 {
                last = window.state_mut().peer(&format!("10.0.0.1:{}", 50_000 + port));
            }
            let long = vec![b'x'; 262_144];
            for peer in [wirebench::model::PeerId(1), wirebench::model::PeerId(99), last] {
                for len in [1, 1460, 65_535, 110_000, 262_144] {
                    window.state_mut().received(peer, &long[..len]);
                }
            }
            for record in 0..15 {
                window.state_mut().log.go_to(record, 0, 0);
                for width in widths {
                    window.set_size(egui::vec2(width, 400.0));
                    window.run_steps(3);
                    for row in rows_of_texts(&window) {
                        for two in row.windows(2) {
                            let gap = two[1].0 - two[0].1;
                            // A port is close to its number; characters are side by side.
                            let is_one = two[1].2.starts_with(':') || two[0].2.bytes().all(|byte| byte == b'x');
                            assert!(gap >= if is_one { -0.5 } else { 3.0 }, "{mode:?} {columns:?} {width}: {two:?}");
                        }
                    }
                }
            }
        }
    }
}
