//! Rows that are longer than their room: they can be read on, and nothing that comes out at them covers their bytes.

use super::log::{Alone, click, server};
use egui::{Key, Modifiers, PointerButton, Shape, pos2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use wirebench::capture::RecordKind;
use wirebench::gui::log::LogAction;
use wirebench::lines::ViewMode;
use wirebench::words::Lang;

/// The texts painted in the last frame that end where they end, not in `…`.
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
        // The rows above it are reached from there, and what was unfolded goes.
        window.key_press(Key::ArrowUp);
        window.run_steps(2);
        assert_eq!(window.state().log.selected().map(|chosen| chosen.record), Some(0));
        assert!(!whole_texts(&window).iter().any(|text| text == words));

        window.key_press(Key::Escape);
        window.run_steps(2);
        // On its words.
        click(&mut window, pos2(200.0, 56.0), PointerButton::Primary);
        assert!(whole_texts(&window).iter().any(|text| text == words));
    }
}

#[test]
fn the_buttons_of_a_row_leave_its_bytes_in_sight() {
    for mode in [ViewMode::Hex, ViewMode::Dump] {
        for width in [503.0, 528.0, 640.0, 768.0, 800.0, 1008.0, 1648.0] {
            let mut window = server(mode);
            window.set_size(egui::vec2(width, 400.0));
            let peer = window.state_mut().peer("127.0.0.1:52811");
            window.state_mut().received(peer, &[0x41; 64]);
            window.run_steps(2);
            window.hover_at(pos2(300.0, 56.0));
            window.run_steps(2);
            let copy = window.get_by_label("复制此条").rect();
            let more = window.get_by_label("此条的更多操作").rect();
            // Left edge of the bytes, right edge of the last column.
            let wide = width >= 768.0 || mode == ViewMode::Hex && width >= 656.0;
            let (first, last) = match (mode, wide) {
                (ViewMode::Hex, true) => (294.0, 630.0),
                (ViewMode::Hex, false) => (247.0, 408.0),
                (_, true) => (294.0, 757.0),
                (_, false) => (247.0, 479.0),
            };
            assert!(
                more.right() <= first && copy.left() >= 189.0 || copy.left() >= last && more.right() <= width,
                "{mode:?} {width}: {copy:?} {more:?}"
            );
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
    // Then the buttons are where the pointer is again.
    window.hover_at(pos2(300.0, 36.0));
    window.run_steps(2);
    assert!((window.get_by_label("此条的更多操作").rect().center().y - 36.0).abs() < 1.0);
}
