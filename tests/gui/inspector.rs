//! The byte inspector in the complete window: opened by a selection or its button, values, the record, copying, both languages.
#![allow(clippy::expect_used, reason = "a test may fail by a panic, in its support too")]

use crate::support::{LANGS, Peer, Start, Window};
use egui::accesskit::Role;
use egui::{Key, Modifiers, Vec2};
use egui_kittest::kittest::Queryable;
use wirebench::words::Lang;

struct Names {
    more: &'static str,
    inspector: &'static str,
    close: &'static str,
    dock: &'static str,
    traffic: &'static str,
    listening: &'static str,
    big: &'static str,
    little: &'static str,
    copy: &'static str,
    python: &'static str,
}

fn names(lang: Lang) -> Names {
    match lang {
        Lang::ZhCn => Names {
            more: "更多",
            inspector: "字节检视",
            close: "关闭侧栏",
            dock: "侧栏",
            traffic: "收发记录",
            listening: "正在监听",
            big: "大端",
            little: "小端",
            copy: "复制选中的字节",
            python: "复制为 Python 字节串",
        },
        Lang::En => Names {
            more: "More",
            inspector: "Byte inspector",
            close: "Close dock",
            dock: "Dock",
            traffic: "Traffic",
            listening: "Listening on",
            big: "Big-endian",
            little: "Little-endian",
            copy: "Copy selected bytes",
            python: "Copy as Python bytes",
        },
    }
}

/// A window that has received each of `records`, in dump view, without a selection.
fn received(lang: Lang, size: Vec2, records: &[&[u8]]) -> (Window, Peer) {
    let zh = lang == Lang::ZhCn;
    let mut start = Start::new(lang);
    start.size = size;
    let mut window = start.open();
    window.fill(if zh { "本地地址" } else { "Local address" }, "127.0.0.1");
    window.fill(if zh { "本地端口" } else { "Local port" }, "0");
    window.segment(if zh { "对照" } else { "Dump" });
    window.click(if zh { "开始监听" } else { "Listen" });
    let address = window.address_after(names(lang).listening);
    let mut peer = Peer::connect(address);
    for bytes in records {
        peer.send(bytes);
        if bytes.len() > 64 {
            // Arrives in several records, of which the first is not visible.
            continue;
        }
        let shown: Vec<String> = bytes.iter().take(8).map(|byte| format!("{byte:02X}")).collect();
        window.wait(&["←", &shown.join(" ")]);
    }
    (window, peer)
}

/// Selects `count` bytes from the first one on screen.
fn choose(window: &mut Window, lang: Lang, skip: usize, count: usize) {
    window.harness.get_by_role_and_label(Role::ScrollView, names(lang).traffic).focus();
    window.steps(2);
    for (modifiers, times) in [(Modifiers::SHIFT, 1), (Modifiers::NONE, skip), (Modifiers::SHIFT, count - 1)] {
        for _ in 0..times {
            window.harness.key_press_modifiers(modifiers, Key::ArrowRight);
            window.steps(1);
        }
    }
    window.steps(2);
}

fn is_open(window: &Window, lang: Lang) -> bool {
    window.harness.query_by_role_and_label(Role::Heading, names(lang).inspector).is_some()
}

#[test]
fn a_selection_opens_it_with_all_values_in_both_languages() {
    for lang in LANGS {
        let n = names(lang);
        let bytes = [0x01, 0x03, 0x04, 0x41, 0xBC, 0x00, 0x00, 0x2F, 0xEB];
        let (mut window, _peer) = received(lang, Vec2::new(1280.0, 800.0), &[&bytes]);
        assert!(!is_open(&window, lang), "nothing is chosen yet");
        choose(&mut window, lang, 3, 4);
        assert!(is_open(&window, lang));
        let float = format!("f32 {} 23.5 {} 6.7533e-41", n.big, n.little);
        let signed = format!("i16 {} 16828 {} -17343", n.big, n.little);
        let summary = if lang == Lang::ZhCn { "，偏移 3–6，共 4 字节" } else { ", offset 3–6, 4 bytes" };
        let wanted: &[&str] = match lang {
            Lang::ZhCn => {
                &["二进制 01000001 10111100 00000000 00000000", "十进制 65 188 0 0", "方向 接收", "对端 127.0.0.1:"]
            }
            Lang::En => &[
                "Binary 01000001 10111100 00000000 00000000",
                "Decimal 65 188 0 0",
                "Direction Received",
                "Peer 127.0.0.1:",
            ],
        };
        for part in [&float, &signed, summary, "HEX 41 BC 00 00", "CRC-16/MODBUS D5 FC", "LEB128"].iter().chain(wanted)
        {
            assert!(window.line(&[part]).is_some(), "{part}\n{}", window.names().join("\n"));
        }
        assert!(window.line(&["MD5 b06eb105842f05a0e9323b4a2e1a2460"]).is_some(), "spoken as one word");
        // Extended to three bytes: the values change immediately.
        window.harness.key_press_modifiers(Modifiers::SHIFT, Key::ArrowLeft);
        window.steps(2);
        assert!(window.line(&["f32 "]).is_none() && window.line(&["f16 "]).is_some());
    }
}

#[test]
fn closed_by_the_user_it_stays_closed_until_its_button() {
    for lang in LANGS {
        let n = names(lang);
        let (mut window, _peer) = received(lang, Vec2::new(1280.0, 800.0), &[b"0123456789"]);
        window.menu(n.more, n.inspector);
        assert!(is_open(&window, lang), "the button opens it without a selection");
        choose(&mut window, lang, 0, 2);
        assert!(window.line(&["u16 ", " 12337 "]).is_some(), "{}", window.names().join("\n"));
        window.click(n.close);
        assert!(!is_open(&window, lang));
        choose(&mut window, lang, 2, 4);
        assert!(!is_open(&window, lang), "closed on purpose");
        window.click(n.dock);
        assert!(is_open(&window, lang), "the button opens it again");
        window.harness.key_press_modifiers(Modifiers::COMMAND, Key::I);
        window.steps(2);
        assert!(!is_open(&window, lang), "the key closes it too");
    }
}

#[test]
fn a_narrow_pane_opens_it_by_the_button_only_and_a_low_one_leaves_the_record_out() {
    let lang = Lang::En;
    let (mut window, _peer) = received(lang, Vec2::new(1024.0, 640.0), &[b"\x41\xBC\x00\x00"]);
    choose(&mut window, lang, 0, 4);
    assert!(!is_open(&window, lang), "it would take half the hex columns");
    window.menu(names(lang).more, names(lang).inspector);
    assert!(window.line(&["f32 Big-endian 23.5"]).is_some());
    assert!(window.line(&["Label Direction Received"]).is_none(), "no room for the record");
    assert!(window.line(&["CRC-32/ISO-HDLC "]).is_some(), "the rest can be scrolled to");
    window.harness.set_size(Vec2::new(760.0, 640.0));
    window.steps(3);
    assert!(is_open(&window, lang));
    let traffic = window.harness.get_by_role_and_label(Role::ScrollView, "Traffic").rect();
    let dock = window.harness.get_by_role_and_label(Role::Heading, names(lang).inspector).rect();
    assert!(dock.left() < traffic.right(), "it covers a part of the log, which keeps its columns");
    window.harness.set_size(Vec2::new(1280.0, 800.0));
    window.steps(3);
    assert!(is_open(&window, lang), "it is beside the log again");
    assert!(window.line(&["Label Direction Received"]).is_some());
}

#[test]
fn its_button_copies_what_is_chosen() {
    for lang in LANGS {
        let n = names(lang);
        let (mut window, _peer) = received(lang, Vec2::new(1280.0, 800.0), &[b"A\x00\"z"]);
        choose(&mut window, lang, 0, 3);
        window.click(n.copy);
        window.harness.get_by_role_and_label(Role::MenuItem, n.python).click();
        let mut copied = None;
        for _ in 0..4 {
            window.steps(1);
            for command in &window.harness.output().platform_output.commands {
                if let egui::OutputCommand::CopyText(text) = command {
                    copied = Some(text.clone());
                }
            }
        }
        assert_eq!(copied.as_deref(), Some("b\"A\\x00\\\"\""));
    }
}

#[test]
fn checksums_of_much_are_worked_out_in_the_background() {
    let lang = Lang::En;
    let bytes: Vec<u8> = (0..300_000_u32).map(|i| (i % 251) as u8).collect();
    let (mut window, _peer) = received(lang, Vec2::new(1280.0, 800.0), &[&bytes]);
    window.wait(&["Stored", "293.0 KiB"]);
    window.harness.get_by_role_and_label(Role::ScrollView, "Traffic").focus();
    window.steps(2);
    window.menu(names(lang).more, names(lang).inspector);
    window.harness.get_by_role_and_label(Role::ScrollView, "Traffic").focus();
    window.steps(1);
    window.harness.key_press_modifiers(Modifiers::COMMAND, Key::A);
    let sum = bytes.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte));
    window.wait(&[&format!("Label SUM-8 {sum:02X}")]);
    window.wait(&["300,000 bytes"]);
}

#[test]
fn long_numbers_do_not_touch_their_neighbours() {
    let long: [[u8; 8]; 4] = [
        [0x80, 0x10, 0, 0x01, 0x01, 0, 0x10, 0x80],
        [0xFE; 8],
        [0x81, 0x23, 0x45, 0x67, 0x67, 0x45, 0x23, 0x81],
        [0x88; 8],
    ];
    for lang in LANGS {
        for bytes in &long {
            let (mut window, _peer) = received(lang, Vec2::new(1280.0, 800.0), &[bytes]);
            choose(&mut window, lang, 0, 8);
            let heading = window.harness.get_by_role_and_label(Role::Heading, names(lang).inspector).rect();
            let mut texts: Vec<(f32, f32, f32, String)> = Vec::new();
            for shape in &window.harness.output().shapes {
                if let egui::Shape::Text(text) = &shape.shape
                    && text.pos.x >= heading.left() - 1.0
                    && text.pos.y > heading.bottom()
                    && text.pos.y + 12.0 < shape.clip_rect.bottom()
                {
                    let (left, size) = (text.pos.x, text.galley.size());
                    let middle = (text.pos.y + size.y / 2.0).round();
                    texts.push((middle, left, left + size.x, text.galley.text().to_owned()));
                }
            }
            assert!(texts.iter().any(|text| text.3.starts_with('-') && text.3.contains('e')), "{texts:?}");
            for one in &texts {
                for other in &texts {
                    let is_beside = (one.0 - other.0).abs() < 6.0 && one.1 < other.1;
                    assert!(!is_beside || other.1 - one.2 >= 4.0, "{lang:?} {one:?} {other:?}");
                }
            }
        }
    }
}
