//! Frames, checks and filters in the window: applied to data already received, and to new data.
#![allow(clippy::expect_used, reason = "a test may fail by a panic, in its helpers too")]

use crate::support::{LANGS, Peer, Pick, Start, Window, window};
use egui::accesskit::Role;
use egui_kittest::kittest::Queryable;
use wirebench::capture::{CaptureOptions, CaptureWriter, NewRecord, Payload};
use wirebench::model::{Direction, PeerId};
use wirebench::words::Lang;

struct Names {
    framing: &'static str,
    by_struct: &'static str,
    as_received: &'static str,
    by_line: &'static str,
    verify: &'static str,
    two_frames: &'static str,
    wrong: &'static str,
    received: &'static str,
    filter: &'static str,
    contains: &'static str,
    least: &'static str,
    clear_filter: &'static str,
    one_shown: &'static str,
    joined: &'static str,
    one_frame: &'static str,
    no_end: &'static str,
}

fn names(lang: Lang) -> Names {
    match lang {
        Lang::ZhCn => Names {
            framing: "数据分包",
            by_struct: "4 字节长度头 (struct 'i')",
            as_received: "不分包（按接收）",
            by_line: "行 (LF/CRLF)",
            verify: "接收校验",
            two_frames: "2 帧",
            wrong: "CRC-16/MODBUS 不符：收到 A9 C8，应为 A9 C9",
            received: "接收",
            filter: "筛选",
            contains: "包含的内容",
            least: "最小长度",
            clear_filter: "清除筛选",
            one_shown: "筛选后显示 1 项",
            joined: "已连接",
            one_frame: "1 帧",
            no_end: "未完的帧",
        },
        Lang::En => Names {
            framing: "Framing",
            by_struct: "4-byte length (struct 'i')",
            as_received: "As received",
            by_line: "Lines (LF or CRLF)",
            verify: "Receive checksum",
            two_frames: "2 frames",
            wrong: "CRC-16/MODBUS is A9 C8, should be A9 C9",
            received: "Received",
            filter: "Filter",
            contains: "Contains",
            least: "Minimum length",
            clear_filter: "Clear filter",
            one_shown: "1 shown by the filter",
            joined: " connected",
            one_frame: "1 frame",
            no_end: "Frame without an end",
        },
    }
}

fn listening(lang: Lang, window: &mut Window) -> Peer {
    let peer = Peer::connect(window.listens(lang));
    // The list of peers has moved the elements below it.
    window.wait(&["ListItem", "#1 127.0.0.1:"]);
    window.steps(2);
    peer
}

#[test]
fn one_record_becomes_two_frames_when_the_rule_is_chosen() {
    for lang in LANGS {
        let names = names(lang);
        let mut window = window(lang);
        let mut peer = listening(lang, &mut window);
        peer.send(b"\x05\0\0\0Hello\x07\0\0\0Welcome");
        let line = window.wait(&["Hello", "Welcome"]);
        assert!(line.contains(" 20 "), "one record of 20 bytes: {line}");
        window.choose(names.framing, names.by_struct);
        window.wait(&["Label", names.two_frames]);
        let hello = window.wait(&["←", " 9 ", "Hello"]);
        assert!(!hello.contains("Welcome"), "{hello}");
        window.wait(&["←", " 11 ", "Welcome"]);
        // New data is cut too, and an incomplete frame is shown as such.
        peer.send(b"\x03\0\0\0ab");
        window.wait(&["←", " 6 ", r"\x03\x00\x00\x00ab"]);
        peer.send(b"c");
        window.wait(&["←", " 7 ", r"\x03\x00\x00\x00abc"]);
        window.choose(names.framing, names.as_received);
        window.wait(&["Hello", "Welcome"]);
    }
}

#[test]
fn a_wrong_checksum_is_marked_counted_and_filtered() {
    for lang in LANGS {
        let names = names(lang);
        let mut window = window(lang);
        let mut peer = listening(lang, &mut window);
        window.choose(names.framing, names.by_line);
        window.choose(names.verify, "CRC-16/MODBUS");
        // CRC-16/MODBUS of "ab" is C9A9: low byte first.
        peer.send(b"ab\xA9\xC9\nab\xA9\xC8\n");
        window.wait(&[names.wrong]);
        window.wait(&["Button", names.two_frames, "1"]);
        let rows = |window: &Window| window.names().iter().filter(|name| name.contains("←")).count();
        assert_eq!(rows(&window), 2);
        let count = window.line(&["Button", names.two_frames]).expect("the count is a button while there are errors");
        window.click_as(Role::Button, count.strip_prefix("Button ").unwrap_or(&count));
        window.wait(&[names.one_shown]);
        window.until("one row", |harness| harness.query_all_by_label_contains("←").count() == 1);
        window.wait(&[names.wrong]);
    }
}

#[test]
fn a_frame_that_ends_with_silence_is_whole_without_more_coming() {
    for lang in LANGS {
        let names = names(lang);
        let mut window = window(lang);
        let mut peer = listening(lang, &mut window);
        window.choose(names.framing, "Modbus RTU");
        peer.send(b"\x01\x03\x00\x00\x00\x0A\xC5\xCD");
        window.wait(&["Label", names.one_frame]);
        window.until("it has an end", |harness| harness.query_by_label(names.no_end).is_none());
        window.wait(&["←", " 8 "]);
    }
}

#[test]
fn a_filter_hides_frames_until_it_is_reset() {
    for lang in LANGS {
        let names = names(lang);
        let mut window = window(lang);
        let mut peer = listening(lang, &mut window);
        peer.send(b"first");
        window.wait(&["←", "first"]);
        peer.send(b"the second");
        window.wait(&["←", "the second"]);
        window.segment(names.received);
        window.until("events are hidden", |harness| harness.query_by_label_contains(names.joined).is_none());
        window.click(names.filter);
        window.fill(names.contains, "SECOND");
        window.wait(&[names.one_shown]);
        window.until("one row", |harness| harness.query_all_by_label_contains("←").count() == 1);
        // While the filter is active, new data is filtered too.
        peer.send(b"another second one");
        window.wait(&["←", "another second one"]);
        window.fill(names.least, "12");
        window.until("the shorter one is hidden", |harness| harness.query_by_label_contains("the second").is_none());
        assert!(window.line(&["←", "another second one"]).is_some());
        window.click(names.clear_filter);
        window.wait(&["←", "first"]);
        window.click(names.filter);
        assert_eq!(window.field(names.contains), "");
    }
}

#[test]
fn a_rule_is_remembered_and_takes_effect_on_a_stored_capture() {
    let names = names(Lang::En);
    let mut window = window(Lang::En);
    let mut peer = listening(Lang::En, &mut window);
    window.choose(names.framing, names.by_struct);
    peer.send(b"\x01\0\0\0a");
    window.wait(&["←", " 5 ", r"\x01\x00\x00\x00a"]);
    let folder = window.folder.clone();
    drop(peer);
    drop(window);
    let window = Start::in_folder(Lang::En, folder).open();
    assert_eq!(window.chosen(names.framing), names.by_struct);
}

/// A capture with `messages` messages of 60 bytes after their length, in reads of 16 KiB, as the newest of a folder.
fn recorded(folder: &std::path::Path, messages: u32) {
    let captures = folder.join("data").join("captures");
    std::fs::create_dir_all(&captures).expect("folder");
    let endpoint = "tcp://127.0.0.1:7000".parse().expect("endpoint");
    let mut writer = CaptureWriter::create(&captures, &endpoint, CaptureOptions::default()).expect("capture");
    let mut read = Vec::new();
    for number in 0..messages {
        read.extend_from_slice(&60_u32.to_le_bytes());
        read.extend_from_slice(format!("message {number:08} {:.<43}", "").as_bytes());
        if read.len() > 16_000 || number + 1 == messages {
            let data = NewRecord::data(Direction::Received, PeerId(1), Payload::Bytes(&read));
            writer.append(&data).expect("appended");
            read.clear();
        }
    }
    writer.close();
}

#[test]
fn a_long_history_shows_its_first_screen_at_once_can_be_stopped_and_goes_on() {
    const MESSAGES: u32 = 3_000_000;
    let names = names(Lang::En);
    let start = Start::new(Lang::En);
    recorded(start.folder.path(), MESSAGES);
    let mut window = start.open();
    window.click("Settings");
    window.segment("Captures");
    window.wait(&["ListItem", "tcp://127.0.0.1:7000"]);
    window.harness.get_all_by_role_and_label(Role::Button, "Open").next().expect("button").click();
    window.wait(&[&format!("message {:08}", MESSAGES - 1)]);
    window.choose(names.framing, names.by_struct);
    // The first messages are shown before the index is complete.
    window.wait(&["←", " 64 ", "message 00000000"]);
    window.click("Stop");
    window.until("it is called off", |harness| harness.query_by_role_and_label(Role::Button, "Continue").is_some());
    window.until("it has stopped", |harness| harness.query_by_label_contains("Indexing the history").is_none());
    let stopped = window.wait(&["Label", " frames"]);
    window.steps(20);
    assert_eq!(window.wait(&["Label", " frames"]), stopped, "nothing goes on");
    assert!(!stopped.contains(&format!("{} frames", grouped(MESSAGES))), "{stopped}");
    window.click("Continue");
    window.wait(&["Label", &format!("{} frames", grouped(MESSAGES))]);
    // The view follows again: the newest message is at the end.
    window.wait(&["←", " 64 ", &format!("message {:08}", MESSAGES - 1)]);
    // A filter over the complete history, and back.
    window.click(names.filter);
    window.fill(names.contains, "message 01234567");
    window.wait(&[names.one_shown]);
    window.wait(&["←", " 64 ", "message 01234567"]);
}

#[test]
fn what_is_shown_is_what_is_saved() {
    let names = names(Lang::En);
    let start = Start::new(Lang::En);
    let file = start.folder.path().join("saved.bin");
    let mut window = start.choosing(&file).open();
    let mut peer = listening(Lang::En, &mut window);
    peer.send(b"first line\nsecond line\nthird line\n");
    window.wait(&["first line"]);
    window.choose(names.framing, names.by_line);
    window.wait(&["←", "second line"]);
    window.click(names.filter);
    window.fill(names.contains, "second");
    window.until("one row", |harness| harness.query_all_by_label_contains("←").count() == 1);
    window.menu("More", "Save received…");
    window.until("saved", |_| std::fs::read(&file).is_ok_and(|bytes| !bytes.is_empty()));
    assert_eq!(std::fs::read(&file).expect("saved"), b"second line\n");
}

#[test]
fn another_encoding_is_proposed_once_for_a_peer_and_taken_by_one_click() {
    for (lang, said, take) in [
        (Lang::ZhCn, "#1 的数据不能按 UTF-8 解码 · 看起来是 GBK", "改用 GBK"),
        (Lang::En, "Data from #1 is not valid UTF-8 · looks like GBK", "Use GBK"),
    ] {
        let mut window = window(lang);
        let mut peer = Peer::connect(window.listens(lang));
        peer.send(b"\xCE\xC2\xB6\xC8\xD5\xFD\xB3\xA3\r\n");
        window.wait(&[said]);
        peer.send(b"\xCE\xC2\xB6\xC8\xD5\xFD\xB3\xA3\r\n");
        window.click(take);
        window.wait(&["温度正常"]);
        assert_eq!(window.chosen(lang.pick("字符编码", "Encoding")), "GBK");
        assert!(window.line(&[said]).is_none());
    }
}

/// Formats a count as `1,000,000`.
fn grouped(count: u32) -> String {
    let digits = count.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().map(|group| std::str::from_utf8(group).expect("digits")).collect();
    groups.join(",")
}
