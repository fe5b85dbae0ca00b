//! Selecting bytes with the keyboard, and copying them in every format.

use super::log::{Alone, byte, click, copied, drag, server};
use egui::{Event, Key, Modifiers, PointerButton, pos2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT, Queryable};
use std::ops::Range;
use wirebench::capture::RecordKind;
use wirebench::gui::log::LogAction;
use wirebench::lines::ViewMode;
use wirebench::model::PeerId;
use wirebench::words::Lang;

fn press(window: &mut Harness<'_, Alone>, modifiers: Modifiers, keys: &[Key]) {
    for key in keys {
        window.key_press_modifiers(modifiers, *key);
        window.step();
    }
    window.step();
}

fn chosen(window: &Harness<'_, Alone>) -> Option<(u64, Range<u32>)> {
    window.state().log.selected().map(|selected| (selected.record, selected.range))
}

fn focused<'a>(mode: ViewMode, records: &[&[u8]]) -> Harness<'a, Alone> {
    let mut window = server(mode);
    let peer = window.state_mut().peer("192.168.1.23:52811");
    for bytes in records {
        window.state_mut().received(peer, bytes);
        // Rows without bytes between those with bytes.
        window.state_mut().append(RecordKind::PeerJoined, None, PeerId::NONE, b"");
    }
    window.step();
    window.get_by_label("收发记录").focus();
    window.step();
    window
}

#[test]
fn arrows_move_a_byte_cursor_and_shift_stretches_it() {
    use Key::{ArrowDown, ArrowLeft, ArrowRight, ArrowUp};
    for mode in [ViewMode::Hex, ViewMode::Dump] {
        let mut window = focused(mode, &[b"0123456789ABCDEFGHIJ", b"xyz"]);
        press(&mut window, Modifiers::SHIFT, &[ArrowRight]);
        assert_eq!(chosen(&window), Some((0, 0..1)), "Shift begins at the first byte in sight");
        press(&mut window, Modifiers::NONE, &[ArrowRight, ArrowRight]);
        assert_eq!(chosen(&window), Some((0, 2..3)));
        press(&mut window, Modifiers::SHIFT, &[ArrowRight, ArrowRight, ArrowLeft]);
        assert_eq!(chosen(&window), Some((0, 2..4)));
        press(&mut window, Modifiers::SHIFT, &[ArrowDown]);
        assert_eq!(chosen(&window), Some((0, 2..20)), "the row below, at its last byte");
        press(&mut window, Modifiers::NONE, &[ArrowUp]);
        assert_eq!(chosen(&window), Some((0, 3..4)));
        press(&mut window, Modifiers::NONE, &[ArrowDown, ArrowDown]);
        assert_eq!(chosen(&window), Some((2, 2..3)), "over the event between the records");
        press(&mut window, Modifiers::NONE, &[ArrowRight, ArrowDown, ArrowRight]);
        assert_eq!(chosen(&window), Some((2, 2..3)), "at the end it stays");
        press(&mut window, Modifiers::NONE, &[ArrowLeft, ArrowLeft, ArrowLeft]);
        assert_eq!(chosen(&window), Some((0, 19..20)), "back over the border of the records");
    }
}

#[test]
fn in_text_the_cursor_goes_by_characters() {
    let mut window = focused(ViewMode::Text, &["温度=5\n".as_bytes(), b"ok\n"]);
    press(&mut window, Modifiers::SHIFT, &[Key::ArrowDown]);
    assert_eq!(chosen(&window), Some((0, 0..3)));
    press(&mut window, Modifiers::SHIFT, &[Key::ArrowRight]);
    assert_eq!(chosen(&window), Some((0, 0..6)));
    assert_eq!(copied(&mut window, Event::Copy, Modifiers::NONE).as_deref(), Some("温度"));
    press(&mut window, Modifiers::NONE, &[Key::ArrowRight, Key::ArrowRight, Key::ArrowRight, Key::ArrowRight]);
    assert_eq!(chosen(&window), Some((2, 0..1)));
    press(&mut window, Modifiers::NONE, &[Key::ArrowUp]);
    assert_eq!(chosen(&window), Some((0, 0..3)), "the same column");
    // The same bytes in another view; continue byte by byte from there.
    window.state_mut().options.mode = ViewMode::Hex;
    window.run_steps(2);
    assert_eq!(chosen(&window), Some((0, 0..3)));
    press(&mut window, Modifiers::NONE, &[Key::ArrowRight]);
    assert_eq!(chosen(&window), Some((0, 3..4)));
}

#[test]
fn whole_records_are_walked_and_entered() {
    let mut window = focused(ViewMode::Dump, &[b"one", b"two"]);
    click(&mut window, pos2(40.0, 36.0), PointerButton::Primary);
    press(&mut window, Modifiers::NONE, &[Key::ArrowDown, Key::ArrowDown]);
    assert_eq!(chosen(&window), Some((2, 0..3)));
    press(&mut window, Modifiers::SHIFT, &[Key::ArrowUp, Key::ArrowUp]);
    assert_eq!(window.state().log.selected().map(|s| (s.record, s.records)), Some((0, 3)));
    press(&mut window, Modifiers::NONE, &[Key::ArrowRight]);
    assert_eq!(chosen(&window), Some((0, 0..1)));
}

#[test]
fn arrows_scroll_while_nothing_is_chosen_and_a_cursor_scrolls_along() {
    let lines: Vec<String> = (0..60).map(|line| format!("line {line}.")).collect();
    let records: Vec<&[u8]> = lines.iter().map(|line| line.as_bytes()).collect();
    let mut window = focused(ViewMode::Text, &records);
    press(&mut window, Modifiers::NONE, &[Key::Home, Key::ArrowDown]);
    assert_eq!(chosen(&window), None);
    assert!(window.query_by_label_contains(" line 0.").is_none(), "scrolled by a row");
    press(&mut window, Modifiers::SHIFT, &[Key::ArrowRight]);
    press(&mut window, Modifiers::NONE, &[Key::ArrowUp; 2]);
    assert_eq!(chosen(&window), Some((0, 0..1)));
    window.get_by_label_contains(" line 0.");
    press(&mut window, Modifiers::NONE, &[Key::ArrowDown; 30]);
    assert_eq!(chosen(&window), Some((60, 0..1)));
    window.get_by_label_contains(" line 30.");
    press(&mut window, Modifiers::NONE, &[Key::Escape, Key::ArrowUp]);
    assert_eq!(chosen(&window), None);
}

#[test]
fn the_menu_copies_in_every_form_in_both_languages() {
    let dump = "00000000  00 41 ff                                          |.A.|\n00000003\n";
    for (zh, en, text) in [
        ("复制 HEX", "Copy hex", "00 41 FF"),
        ("复制文本", "Copy text", "\0A\\xFF"),
        ("复制为 Rust 数组", "Copy as Rust array", "const DATA: [u8; 3] = [\n    0x00, 0x41, 0xFF,\n];\n"),
        ("复制为 Python 字节串", "Copy as Python bytes", "b\"\\x00A\\xff\""),
        ("复制为 Base64", "Copy as Base64", "AEH/"),
        ("复制为 hexdump", "Copy as hexdump", dump),
        ("复制原样字节（每字节一字符）", "Copy raw, one character per byte", "\0A\u{FF}"),
    ] {
        for (lang, name) in [(Lang::ZhCn, zh), (Lang::En, en)] {
            let mut window = focused(ViewMode::Dump, &[&[0, 0x41, 0xFF]]);
            window.state_mut().options.lang = lang;
            window.run_steps(2);
            drag(&mut window, byte(0, 0), byte(0, 2));
            click(&mut window, byte(0, 1), PointerButton::Secondary);
            window.get_by_label(name).click();
            window.step();
            let commands = window.output().platform_output.commands.clone();
            let copied = commands.iter().find_map(|command| match command {
                egui::OutputCommand::CopyText(text) => Some(text.as_str()),
                _ => None,
            });
            assert_eq!(copied, Some(text), "{name}");
            assert!(window.state().actions.contains(&LogAction::Copied { bytes: 3, cut: false }));
        }
    }
}

#[test]
fn escape_closes_the_menu_before_it_ends_the_selection() {
    let mut window = focused(ViewMode::Dump, &[&[1, 2, 3]]);
    drag(&mut window, byte(0, 0), byte(0, 1));
    click(&mut window, byte(0, 1), PointerButton::Secondary);
    window.get_by_label("复制为 Base64");
    press(&mut window, Modifiers::NONE, &[Key::Escape]);
    assert_eq!(chosen(&window), Some((0, 0..2)));
    window.run_steps(10);
    assert!(window.query_by_label("复制为 Base64").is_none());
    press(&mut window, Modifiers::NONE, &[Key::Escape]);
    assert_eq!(chosen(&window), None);
}

#[test]
fn the_menu_is_in_groups_and_copies_with_time_and_peer() {
    let zh =
        ["HEX", "文本", "（含时间和对端）", "C 数组", "Rust 数组", "Python 字节串", "Base64", "hexdump", "原样字节"];
    let en = ["hex", "text", "with time and peer", "C array", "Rust array", "Python bytes", "Base64", "hexdump", "raw"];
    for (lang, copy, words, name) in
        [(Lang::ZhCn, "复制", zh, "复制（含时间和对端）"), (Lang::En, "Copy", en, "Copy with time and peer")]
    {
        let mut window = focused(ViewMode::Dump, &[&[0, 0x41, 0xFF], &[7]]);
        window.state_mut().options.lang = lang;
        window.run_steps(2);
        drag(&mut window, byte(0, 1), byte(2, 0));
        click(&mut window, byte(0, 1), PointerButton::Secondary);
        let mut rows: Vec<(f32, String)> = window
            .query_all_by_role(egui::accesskit::Role::MenuItem)
            .map(|row| (row.rect().top(), row.accesskit_node().label().unwrap_or_default()))
            .filter(|(_, label)| label.starts_with(copy))
            .collect();
        rows.sort_by(|one, other| one.0.total_cmp(&other.0));
        assert_eq!(rows.len(), words.len());
        for ((_, label), word) in rows.iter().zip(words) {
            assert!(label.contains(word), "{label} where {word} belongs");
        }
        // A line between the groups.
        let gaps: Vec<usize> = (1..rows.len()).filter(|&at| rows[at].0 - rows[at - 1].0 > 30.0).collect();
        assert_eq!(gaps, [3, 6]);
        window.get_by_label(name).click();
        window.step();
        let commands = window.output().platform_output.commands.clone();
        let copied = commands.iter().find_map(|command| match command {
            egui::OutputCommand::CopyText(text) => Some(text.as_str()),
            _ => None,
        });
        let lines: Vec<&str> = copied.unwrap_or_default().lines().collect();
        assert_eq!(lines.len(), 3, "{copied:?}");
        assert!(lines[0].contains(" <- #1 192.168.1.23:52811  ") && lines[0].contains("00 41 FF"), "{}", lines[0]);
        assert!(lines[0].starts_with("20") && lines[0].contains('T'), "a date and a time: {}", lines[0]);
        assert!(window.state().actions.contains(&LogAction::CopiedLines { lines: 3, cut: false }));
    }
}
