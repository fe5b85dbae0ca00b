//! The composer at the foot: what is put around a payload, repeats with an end, several targets, history by keys, its height.
#![allow(clippy::expect_used, reason = "a test may fail by a panic, in its helpers too")]

use crate::support::{LANGS, Peer, Pick, Start, Window, window};
use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;
use std::io::Read;
use wirebench::words::Lang;

/// A listening window with this many peers.
fn with_peers(window: &mut Window, lang: Lang, count: usize) -> Vec<Peer> {
    let address = window.listens(lang);
    let peers = (1..=count).map(|number| {
        let peer = Peer::connect(address);
        window.wait(&[&format!("#{number} 127.0.0.1")]);
        peer
    });
    peers.collect()
}

/// Reads until `wanted` has come; the read time-out of a peer is the limit.
fn read_until(peer: &mut Peer, wanted: &[u8]) {
    let mut got = Vec::new();
    while !got.windows(wanted.len()).any(|part| part == wanted) {
        let mut bytes = [0; 256];
        let count = peer.0.read(&mut bytes).expect("read");
        assert!(count > 0, "the connection ended");
        got.extend_from_slice(&bytes[..count]);
    }
}

fn content(lang: Lang) -> &'static str {
    lang.pick("发送内容", "Send content")
}

#[test]
fn head_check_and_tail_are_chosen_seen_and_sent() {
    for lang in LANGS {
        let mut window = window(lang);
        let mut peer = with_peers(&mut window, lang, 1).remove(0);
        window.fill(content(lang), "ok");
        window.click(lang.pick("封装", "Wrap"));
        window.steps(4);
        window.choose(lang.pick("头", "Header"), lang.pick("长度字段", "Length field"));
        window.choose(lang.pick("长度字段宽度", "Length field width"), lang.pick("4 字节", "4 bytes"));
        window.choose(lang.pick("长度字段字节序", "Length field byte order"), lang.pick("小端", "LE"));
        window.choose(lang.pick("校验", "Check"), "CRC-16/MODBUS");
        window.click_as(Role::CheckBox, lang.pick("长度含校验", "Length includes the check"));
        window.segment(lang.pick("高字节在前", "High byte first"));
        window.choose(lang.pick("尾", "Tail"), "CRLF");
        // The same text is in the popover and in the foot line.
        let sum = lang.pick("长度头 4 + 2 + CRC 2 + 尾 2 = 10 字节", "length 4 + 2 + CRC 2 + tail 2 = 10 bytes");
        window.wait(&["04 00 00 00 6F 6B AF 6D 0D 0A", sum]);
        window.click(lang.pick("封装", "Wrap"));
        window.steps(4);
        window.press_send();
        peer.expect(&[4, 0, 0, 0, b'o', b'k', 0xAF, 0x6D, 0x0D, 0x0A]);
        let summary = lang.pick("4B 长度头 + CRC-16/MODBUS + CRLF", "4B length + CRC-16/MODBUS + CRLF");
        window.wait(&[lang.pick("封装", "Wrap"), summary]);
    }
}

#[test]
fn the_wrap_can_follow_the_framing_rule() {
    for lang in LANGS {
        let mut window = window(lang);
        let mut peer = with_peers(&mut window, lang, 1).remove(0);
        window.choose(lang.pick("数据分包", "Framing"), "Modbus TCP");
        window.fill(content(lang), "ok");
        let wrap = lang.pick("封装", "Wrap");
        let same = lang.pick("与接收分包相同", "Same as framing");
        window.click(wrap);
        window.steps(4);
        window.choose(lang.pick("尾", "Tail"), "CRLF");
        // By the pointer: the popover shrinks below it and must stay open.
        let link = window.place(same).center();
        window.press_at(link);
        window.steps(4);
        window.wait(&["modbus-tcp"]);
        let sum = lang.pick("头 6 + 2 = 8 字节", "header 6 + 2 = 8 bytes");
        window.wait(&["00 00 00 00 00 02 6F 6B", sum]);
        window.click(wrap);
        window.steps(4);
        window.wait(&[&format!("Button {wrap} = {same}")]);
        window.press_send();
        peer.expect(&[0, 0, 0, 0, 0, 2, b'o', b'k']);
        // The rule of the session counts, also if it is chosen later. The parts are kept.
        window.choose(lang.pick("数据分包", "Framing"), lang.pick("行 (LF/CRLF)", "Lines (LF or CRLF)"));
        window.wait(&["6F 6B 0A"]);
        window.press_send();
        peer.expect(b"ok\n");
        window.click(wrap);
        window.steps(4);
        window.click(lang.pick("改为自定义", "Custom parts"));
        window.wait(&["6F 6B 0D 0A"]);
    }
}

#[test]
fn the_check_covers_the_range_that_was_typed() {
    for lang in LANGS {
        let mut window = window(lang);
        window.fill(content(lang), "abc");
        window.click(lang.pick("封装", "Wrap"));
        window.steps(4);
        window.choose(lang.pick("校验", "Check"), "XOR-8");
        window.wait(&["61 62 63 60"]);
        window.fill(lang.pick("从第几字节", "From byte"), "1");
        window.wait(&["61 62 63 01"]);
        window.fill(lang.pick("到第几字节", "To byte"), "-1");
        window.wait(&["61 62 63 62"]);
        window.fill(lang.pick("到第几字节", "To byte"), "x");
        window.wait(&[lang.pick("的整数", "whole number")]);
        window.wait(&["61 62 63 62"]);
        window.fill(lang.pick("到第几字节", "To byte"), "9");
        window.wait(&[lang.pick("校验范围超出可校验的 3 字节", "not within the 3 bytes")]);
    }
}

#[test]
fn checks_are_added_edited_and_removed() {
    for lang in LANGS {
        let mut window = window(lang);
        let mut peer = with_peers(&mut window, lang, 1).remove(0);
        window.fill(content(lang), "ab");
        let wrap = lang.pick("封装", "Wrap");
        window.click(wrap);
        window.steps(4);
        let check = lang.pick("校验", "Check");
        window.choose(check, "SUM-8");
        window.click(lang.pick("添加校验", "Add check"));
        window.steps(2);
        window.choose(check, "XOR-8");
        window.wait(&["61 62 C3 C0", lang.pick("2 + SUM-8 1 + XOR-8 1 = 4 字节", "2 + SUM-8 1 + XOR-8 1 = 4 bytes")]);
        // The first one is edited, and the second follows.
        window.click("SUM-8");
        window.steps(2);
        window.fill(lang.pick("从第几字节", "From byte"), "1");
        window.wait(&["61 62 62 61"]);
        window.wait(&[&format!("Button {wrap} = SUM-8 + XOR-8")]);
        window.click(wrap);
        window.steps(4);
        window.press_send();
        peer.expect(&[0x61, 0x62, 0x62, 0x61]);
        window.click(wrap);
        window.steps(4);
        window.click(lang.pick("移除SUM-8", "Remove SUM-8"));
        window.wait(&["61 62 03"]);
        window.wait(&[&format!("Button {wrap} = XOR-8")]);
    }
}

#[test]
fn escape_takes_a_change_of_the_wrap_back_and_remove_clears_it() {
    for lang in LANGS {
        let mut window = window(lang);
        window.wrap(lang, lang.pick("尾", "Tail"), "LF");
        let wrap = lang.pick("封装", "Wrap");
        window.click(wrap);
        window.steps(4);
        window.choose(lang.pick("尾", "Tail"), "CR");
        window.harness.key_press(Key::Escape);
        window.steps(6);
        window.wait(&[&format!("Button {wrap} = LF")]);
        window.click(wrap);
        window.steps(4);
        window.click(lang.pick("移除封装", "Remove wrap"));
        window.wait(&[&format!("Button {wrap} = {}", lang.pick("无", "None"))]);
    }
}

#[test]
fn own_bytes_of_the_head_are_hex_and_a_wrong_digit_is_said() {
    let mut window = window(Lang::En);
    window.fill("Send content", "a");
    window.click("Wrap");
    window.steps(4);
    window.choose("Header", "Own bytes");
    window.fill("Header bytes", "AA 55");
    window.wait(&["AA 55 61 header 2 + 1 = 3 bytes"]);
    window.fill("Header bytes", "AA 5G");
    window.wait(&["Character 5", "is not a hex digit"]);
    window.wait(&["AA 55 61 header 2 + 1 = 3 bytes"]);
}

#[test]
fn a_repeat_ends_after_its_rounds() {
    for lang in LANGS {
        let mut window = window(lang);
        let mut peer = with_peers(&mut window, lang, 1).remove(0);
        window.repeat(lang);
        window.fill(lang.pick("周期（毫秒）", "Period (ms)"), "5");
        window.fill(lang.pick("次数", "Times"), "3");
        window.fill(content(lang), "tick ");
        window.press_send();
        peer.expect(b"tick tick tick ");
        // Nothing was sent in between: the next bytes are those of the next send.
        window.wait_enabled(lang.pick("发送", "Send"));
        window.repeat(lang);
        window.fill(content(lang), "end");
        window.press_send();
        peer.expect(b"end");
        window.repeat(lang);
        window.fill(lang.pick("次数", "Times"), "0");
        window.wait(&[lang.pick("的整数", "whole number")]);
    }
}

#[test]
fn several_chosen_peers_get_it_and_the_others_do_not() {
    for lang in LANGS {
        let mut window = window(lang);
        let mut peers = with_peers(&mut window, lang, 3);
        for number in [1, 3] {
            let row = window.line(&["ListItem", &format!("#{number} ")]).expect("a row");
            let name = row.strip_prefix("ListItem ").expect("a list item").to_owned();
            let node = window.harness.get_by_role_and_label(Role::ListItem, &name);
            node.click_modifiers(Modifiers::COMMAND);
            window.steps(3);
        }
        let chosen = lang.pick("选中的 2 个", "2 selected");
        assert_eq!(window.chosen(lang.pick("发送给", "Send to")), chosen);
        window.fill(content(lang), "two of three");
        window.wait(&[lang.pick("12 字节，× 2 个对端 = 24 字节", "12 bytes, × 2 peers = 24 bytes")]);
        window.press_send();
        peers[0].expect(b"two of three");
        peers[2].expect(b"two of three");
        window.choose(lang.pick("发送给", "Send to"), lang.pick("全部对端 (3)", "All peers (3)"));
        window.fill(content(lang), "all");
        window.press_send();
        for peer in &mut peers {
            peer.expect(b"all");
        }
    }
}

#[test]
fn a_repeat_to_chosen_peers_follows_the_box_for_each_of_them() {
    let lang = Lang::En;
    let mut window = window(lang);
    let mut peers = with_peers(&mut window, lang, 2);
    for number in [1, 2] {
        let row = window.line(&["ListItem", &format!("#{number} ")]).expect("a row");
        let name = row.strip_prefix("ListItem ").expect("a list item").to_owned();
        window.harness.get_by_role_and_label(Role::ListItem, &name).click_modifiers(Modifiers::COMMAND);
        window.steps(3);
    }
    window.repeat(lang);
    window.fill("Period (ms)", "5");
    window.fill("Send content", "a");
    window.press_send();
    for peer in &mut peers {
        peer.expect(b"aaa");
    }
    window.fill("Send content", "b");
    for peer in &mut peers {
        read_until(peer, b"bbb");
    }
    window.click("Stop");
}

#[test]
fn keys_bring_sent_messages_back_with_their_format_and_wrap() {
    for lang in LANGS {
        let mut window = window(lang);
        let mut peer = with_peers(&mut window, lang, 1).remove(0);
        window.wrap(lang, lang.pick("尾", "Tail"), "LF");
        window.fill(content(lang), "first");
        window.press_send();
        peer.expect(b"first\n");
        window.wrap(lang, lang.pick("尾", "Tail"), lang.pick("无", "None"));
        window.fill(content(lang), "second");
        window.press_send();
        peer.expect(b"second");
        window.fill(content(lang), "draft");
        let key = |window: &mut Window, key| {
            window.harness.key_press_modifiers(Modifiers::COMMAND, key);
            window.steps(3);
        };
        key(&mut window, Key::ArrowUp);
        assert_eq!(window.field(content(lang)), "second");
        key(&mut window, Key::ArrowUp);
        assert_eq!(window.field(content(lang)), "first");
        window.press_send();
        peer.expect(b"first\n");
        window.fill(content(lang), "draft");
        key(&mut window, Key::ArrowUp);
        key(&mut window, Key::ArrowDown);
        assert_eq!(window.field(content(lang)), "draft");
    }
}

#[test]
fn the_history_is_filtered_and_pinned() {
    for lang in LANGS {
        let mut window = window(lang);
        let mut peer = with_peers(&mut window, lang, 1).remove(0);
        for text in ["alpha", "beta"] {
            window.fill(content(lang), text);
            window.press_send();
            peer.expect(text.as_bytes());
        }
        window.click(lang.pick("发送历史", "Send history"));
        window.steps(4);
        window.click(lang.pick("固定 alpha", "Pin alpha"));
        window.steps(3);
        let top = |window: &Window, name: &str| window.harness.get_by_role_and_label(Role::MenuItem, name).rect().top();
        assert!(top(&window, "alpha") < top(&window, "beta"), "pinned ones come first");
        window.fill(lang.pick("筛选历史", "Filter history"), "BET");
        assert!(window.line(&["MenuItem alpha"]).is_none());
        window.click_as(Role::MenuItem, "beta");
        window.steps(6);
        assert_eq!(window.field(content(lang)), "beta");
    }
}

#[test]
fn a_draft_replaced_from_the_history_comes_back_with_its_wrap() {
    for lang in LANGS {
        let mut window = window(lang);
        let mut peer = with_peers(&mut window, lang, 1).remove(0);
        window.fill(content(lang), "sent");
        window.press_send();
        peer.expect(b"sent");
        window.wrap(lang, lang.pick("尾", "Tail"), "CRLF");
        window.fill(content(lang), "half written");
        window.click(lang.pick("发送历史", "Send history"));
        window.steps(4);
        window.click_as(Role::MenuItem, "sent");
        window.steps(8);
        assert_eq!(window.field(content(lang)), "sent");
        window.click(lang.pick("撤销", "Undo"));
        window.steps(2);
        assert_eq!(window.field(content(lang)), "half written");
        window.press_send();
        peer.expect(b"half written\r\n");
    }
}

#[test]
fn an_empty_box_sends_its_wrap_alone() {
    for lang in LANGS {
        let mut window = window(lang);
        let mut peer = with_peers(&mut window, lang, 1).remove(0);
        let send = lang.pick("发送", "Send");
        assert!(!window.enabled(send), "no bytes");
        window.wrap(lang, lang.pick("尾", "Tail"), "CRLF");
        window.wait(&["Label 0D 0A"]);
        window.press_send();
        peer.expect(b"\r\n");
    }
}

#[test]
fn the_height_is_dragged_and_remembered() {
    let lang = Lang::En;
    let mut first = window(lang);
    let edge = |window: &Window| window.harness.get_by_role_and_label(Role::Splitter, "Resize composer").rect();
    let before = edge(&first);
    first.harness.drag_at(before.center());
    first.steps(2);
    first.harness.hover_at(before.center() - egui::vec2(0.0, 80.0));
    first.steps(2);
    first.harness.drop_at(before.center() - egui::vec2(0.0, 80.0));
    first.steps(3);
    let dragged = edge(&first);
    assert!((before.top() - dragged.top() - 80.0).abs() < 6.0, "{before:?} {dragged:?}");
    let folder = first.folder.clone();
    drop(first);
    let again = Start::in_folder(lang, folder).open();
    assert!((edge(&again).top() - dragged.top()).abs() < 1.0);
}
