//! Comparing selected bytes in the complete window: two records, a record with a base, bytes of a record; both languages.
#![allow(clippy::expect_used, reason = "a test may fail by a panic, in its support too")]

use crate::support::{LANGS, Peer, Start, Window};
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, PointerButton, Pos2, Vec2, pos2};
use egui_kittest::kittest::Queryable;
use wirebench::words::Lang;

struct Names {
    set_base: &'static str,
    with_base: &'static str,
    two: &'static str,
    next: &'static str,
    previous: &'static str,
    swap: &'static str,
    only: &'static str,
    close: &'static str,
    view: &'static str,
    traffic: &'static str,
}

fn names(lang: Lang) -> Names {
    match lang {
        Lang::ZhCn => Names {
            set_base: "设为比较基准",
            with_base: "与记录 3 比较",
            two: "比较这两条",
            next: "下一处不同",
            previous: "上一处不同",
            swap: "左右互换",
            only: "只看不同",
            close: "关闭比较",
            view: "比较",
            traffic: "收发记录",
        },
        Lang::En => Names {
            set_base: "Mark for compare",
            with_base: "Compare with record 3",
            two: "Compare these two",
            next: "Next difference",
            previous: "Previous difference",
            swap: "Swap sides",
            only: "Differences only",
            close: "Close comparison",
            view: "Comparison",
            traffic: "Traffic",
        },
    }
}

/// A window in dump view that has received each of `records`, numbered from 3.
fn received(lang: Lang, records: &[&[u8]]) -> (Window, Peer) {
    let zh = lang == Lang::ZhCn;
    let mut start = Start::new(lang);
    start.size = Vec2::new(1280.0, 800.0);
    let mut window = start.open();
    window.fill(if zh { "本地地址" } else { "Local address" }, "127.0.0.1");
    window.fill(if zh { "本地端口" } else { "Local port" }, "0");
    window.segment(if zh { "对照" } else { "Dump" });
    window.click(if zh { "开始监听" } else { "Listen" });
    let mut peer = Peer::connect(window.address_after(if zh { "正在监听" } else { "Listening on" }));
    for bytes in records {
        peer.send(bytes);
        let end: Vec<String> = bytes.iter().skip(bytes.len().saturating_sub(4)).map(|b| format!("{b:02X}")).collect();
        window.wait(&["Label", &end.join(" ")]);
    }
    (window, peer)
}

/// Position of the row with these words.
fn place_of(window: &Window, words: &str) -> Pos2 {
    let row = window.harness.get_all_by_label_contains(words).next().expect("a row");
    pos2(row.rect().left() + 40.0, row.rect().center().y)
}

fn click(window: &mut Window, at: Pos2, button: PointerButton, modifiers: Modifiers) {
    window.harness.event(Event::ModifiersChanged(modifiers));
    window.harness.hover_at(at);
    window.steps(1);
    for pressed in [true, false] {
        window.harness.event(Event::PointerButton { pos: at, button, pressed, modifiers });
        window.steps(1);
    }
    window.harness.event(Event::ModifiersChanged(Modifiers::NONE));
    window.steps(2);
}

/// Opens the context menu of the row with these words and chooses an item.
fn choose(window: &mut Window, words: &str, row: &str) {
    let at = place_of(window, words);
    click(window, at, PointerButton::Secondary, Modifiers::NONE);
    window.click_as(Role::MenuItem, row);
    window.steps(8);
}

const LEFT: &[u8] = b"\x01\x03\x02\x00\x17\xF8\x4A";
/// A changed value, and three inserted bytes.
const RIGHT: &[u8] = b"\x01\x03\x02\xAA\xBB\xCC\x00\x18\xF8\x4A";

#[test]
fn a_record_is_compared_with_a_base_through_the_menu() {
    for lang in LANGS {
        let n = names(lang);
        let zh = lang == Lang::ZhCn;
        let (mut window, mut peer) = received(lang, &[LEFT, RIGHT]);
        choose(&mut window, "01 03 02 00 17", n.set_base);
        assert!(window.line(&[if zh { "比较基准：记录 3" } else { "Base for comparison: record 3" }]).is_some());
        choose(&mut window, "01 03 02 AA BB", n.with_base);
        let sum = if zh {
            "2 处不同 · 左 7 字节 · 右 10 字节"
        } else {
            "2 differences · left 7 bytes · right 10 bytes"
        };
        window.wait(&["Label", sum]);
        let (left, right) = if zh { ("左", "右") } else { ("Left", "Right") };
        let counts = if zh { " · 改动 1 · 仅右边有 3" } else { " · 1 changed · 3 only on the right" };
        let row = format!(
            "Label {left} 0000 01 03 02 -- -- -- 00 17 F8 4A · {right} 0000 01 03 02 AA BB CC 00 18 F8 4A{counts}"
        );
        assert!(window.names().contains(&row), "{row}\n{}", window.names().join("\n"));
        for side in if zh {
            ["记录 3 · 接收 · ", "记录 4 · 接收 · "]
        } else {
            ["Record 3 · received · ", "Record 4 · received · "]
        } {
            assert!(window.line(&["Label", side, "127.0.0.1:"]).is_some(), "{side}");
        }
        assert!(window.shows(n.traffic), "the comparison is below the log");
        // Data received meanwhile changes nothing.
        peer.send(b"later");
        window.wait(&[if zh { "已存" } else { "Stored" }, "22 B"]);
        assert!(window.names().contains(&row));

        window.click(n.swap);
        let swapped = if zh { " · 改动 1 · 仅左边有 3" } else { " · 1 changed · 3 only on the left" };
        window.wait(&[&format!("{left} 0000 01 03 02 AA BB CC 00 18 F8 4A · {right} 0000 01 03 02 -- -- --"), swapped]);
        window.harness.key_press(Key::Escape);
        window.steps(3);
        assert!(window.shows(n.traffic) && !window.shows(n.view), "Escape closes it");
    }
}

/// Moves the keyboard focus to the log.
fn focus_log(window: &mut Window, lang: Lang) {
    window.harness.get_by_role_and_label(Role::ScrollView, names(lang).traffic).focus();
    window.steps(2);
}

fn press(window: &mut Window, modifiers: Modifiers, key: Key) {
    window.harness.key_press_modifiers(modifiers, key);
    window.steps(2);
}

#[test]
fn two_chosen_records_are_compared_and_their_differences_visited() {
    for lang in LANGS {
        let n = names(lang);
        let zh = lang == Lang::ZhCn;
        let first = b"0123456789abcdef".repeat(40);
        let mut second = first.clone();
        (second[0], second[321]) = (b'X', b'Y');
        second.extend_from_slice(b"end!");
        let (mut window, _peer) = received(lang, &[&first, &second]);
        focus_log(&mut window, lang);
        // The selection includes the peer that joined, which has no bytes.
        press(&mut window, Modifiers::COMMAND, Key::A);
        press(&mut window, Modifiers::COMMAND, Key::D);
        window.wait(&[if zh {
            "3 处不同 · 左 640 字节 · 右 644 字节"
        } else {
            "3 differences · left 640 bytes · right 644 bytes"
        }]);
        let (left, last) = if zh { ("左 ", " · 仅右边有 4") } else { ("Left ", " · 4 only on the right") };
        assert!(window.line(&["Label", left, "0000 30 31"]).is_some() && window.line(&[last]).is_none());
        press(&mut window, Modifiers::NONE, Key::End);
        assert!(window.line(&[last]).is_some() && window.line(&["Label", left, "0000 30 31"]).is_none());
        press(&mut window, Modifiers::NONE, Key::Home);
        assert!(window.line(&["Label", left, "0000 30 31"]).is_some());
        let at =
            |at: usize| if zh { format!("第 {at} 处，共 3 处不同") } else { format!("Difference {at} of 3") };
        press(&mut window, Modifiers::NONE, Key::F7);
        window.wait(&[&at(1)]);
        window.click(n.next);
        window.wait(&[&at(2)]);
        press(&mut window, Modifiers::NONE, Key::F7);
        window.wait(&[&at(3)]);
        assert!(window.line(&[last]).is_some(), "it comes into sight");
        window.click(n.next);
        window.click(n.previous);
        window.wait(&[&at(3)]);
        press(&mut window, Modifiers::SHIFT, Key::F7);
        window.wait(&[&at(2)]);

        window.check(n.only);
        let folded = if zh { "Label … 304 字节相同 …" } else { "Label … 304 identical bytes …" };
        assert_eq!(window.names().iter().filter(|name| *name == folded).count(), 2, "{}", window.names().join("\n"));
        assert!(window.line(&[last]).is_some(), "all of it is in sight now");
        window.check(n.only);
        assert!(window.line(&[folded]).is_none());
        window.click(n.close);
        assert!(window.shows(n.traffic));
        choose(&mut window, "30 59 32 33", n.two);
        assert!(window.shows(n.view), "a right click on what is chosen keeps it");
    }
}

#[test]
fn chosen_bytes_are_a_base_and_what_has_no_bytes_is_none() {
    for lang in LANGS {
        let zh = lang == Lang::ZhCn;
        let (mut window, peer) = received(lang, &[b"\x01\x02\x03\x04"]);
        let address = peer.0.local_addr().expect("address");
        choose(&mut window, &format!("{address} {}", if zh { "已连接" } else { "connected" }), names(lang).set_base);
        let none = if zh { "所选内容没有可比较的字节" } else { "The selection has no bytes to compare" };
        assert!(window.line(&[none]).is_some(), "{}", window.names().join("\n"));

        focus_log(&mut window, lang);
        press(&mut window, Modifiers::NONE, Key::Escape);
        for _ in 0..3 {
            press(&mut window, Modifiers::SHIFT, Key::ArrowRight);
        }
        press(&mut window, Modifiers::COMMAND, Key::D);
        let base = if zh { "比较基准：记录 3 的 3 字节" } else { "Base for comparison: 3 bytes of record 3" };
        assert!(window.line(&[base]).is_some(), "{}", window.names().join("\n"));
        // The complete record compared with part of it.
        press(&mut window, Modifiers::NONE, Key::Escape);
        choose(
            &mut window,
            "01 02 03 04",
            if zh { "与记录 3 的 3 字节比较" } else { "Compare with 3 bytes of record 3" },
        );
        window.wait(&[if zh {
            "1 处不同 · 左 3 字节 · 右 4 字节"
        } else {
            "1 difference · left 3 bytes · right 4 bytes"
        }]);
        let about = if zh { "记录 3，偏移 0–2 · 接收 · " } else { "Record 3, offset 0–2 · received · " };
        assert!(window.line(&["Label", about]).is_some());
    }
}

#[test]
fn a_large_selection_is_truncated_with_a_note() {
    for lang in LANGS {
        let zh = lang == Lang::ZhCn;
        let bytes: Vec<u8> = (0..70_000_u32).map(|i| (i % 251) as u8).collect();
        let (mut window, _peer) = received(lang, &[&bytes]);
        window.wait(&[if zh { "已存" } else { "Stored" }, "68.4 KiB"]);
        focus_log(&mut window, lang);
        press(&mut window, Modifiers::COMMAND, Key::A);
        // For any count of records: as a base, then compared with it.
        let records = [names(lang).set_base, if zh { "比较基准：" } else { "Base for comparison: " }];
        click(&mut window, pos2(700.0, 300.0), PointerButton::Secondary, Modifiers::NONE);
        window.click_as(Role::MenuItem, records[0]);
        window.steps(8);
        assert!(window.line(&[records[1]]).is_some());
        click(&mut window, pos2(700.0, 300.0), PointerButton::Secondary, Modifiers::NONE);
        let with =
            window.line(&["MenuItem", if zh { "与记录 " } else { "Compare with record" }]).expect("a row of the menu");
        window.click_as(Role::MenuItem, with.trim_start_matches("MenuItem "));
        window.wait(&[if zh { "完全相同 · 各 65,536 字节" } else { "Identical · 65,536 bytes each" }]);
        let note = if zh {
            "左边只比较前 64.0 KiB；右边只比较前 64.0 KiB"
        } else {
            "Only the first 64.0 KiB of the left are compared"
        };
        assert!(window.line(&["Label", note]).is_some(), "{}", window.names().join("\n"));
    }
}
