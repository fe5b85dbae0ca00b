//! Long sends: a repeat follows the send box, and a send that the user stops is not reported as a failure.
#![allow(clippy::expect_used, reason = "a test may fail by a panic, in its helpers too")]

use crate::support::{LANGS, LONG, Peer, Window, window};
use egui::accesskit::Role;
use egui_kittest::kittest::Queryable;
use std::io::Read;
use std::time::Instant;
use wirebench::words::Lang;

fn pick(lang: Lang, zh: &'static str, en: &'static str) -> &'static str {
    if lang == Lang::ZhCn { zh } else { en }
}

/// A listening window and a peer.
fn connected(lang: Lang) -> (Window, Peer, u16) {
    let mut window = window(lang);
    let address = window.listens(lang);
    let peer = Peer::connect(address);
    window.wait(&["ListItem", "#1 127.0.0.1:"]);
    (window, peer, address.port())
}

/// Reads while the window runs, until `wanted` was received.
fn read_until(window: &mut Window, peer: &mut Peer, wanted: &str) {
    let deadline = Instant::now() + LONG;
    let mut got = Vec::new();
    while !String::from_utf8_lossy(&got).contains(wanted) {
        assert!(Instant::now() < deadline, "in vain: {wanted}\n{}", window.names().join("\n"));
        window.steps(1);
        let mut bytes = [0; 4096];
        let count = peer.0.read(&mut bytes).expect("read");
        got.extend_from_slice(&bytes[..count]);
        got.drain(..got.len().saturating_sub(8192));
    }
}

#[test]
fn a_repeat_continues_with_the_current_text() {
    for lang in LANGS {
        let (mut window, mut peer, _) = connected(lang);
        window.repeat(lang);
        window.fill(pick(lang, "周期（毫秒）", "Period (ms)"), "5");
        let content = pick(lang, "发送内容", "Send content");
        window.fill(content, "first ");
        window.press_send();
        read_until(&mut window, &mut peer, "first first ");
        window.fill(content, "second ");
        read_until(&mut window, &mut peer, "second second ");
        // The suffix and the encoding belong to it.
        window.wrap(lang, pick(lang, "尾", "Tail"), "CRLF");
        read_until(&mut window, &mut peer, "second \r\nsecond \r\n");
        window.click(pick(lang, "停止", "Stop"));
    }
}

#[test]
fn a_repeat_keeps_the_last_valid_bytes_and_reports_it() {
    for lang in LANGS {
        let (mut window, mut peer, _) = connected(lang);
        window.repeat(lang);
        window.fill(pick(lang, "周期（毫秒）", "Period (ms)"), "5");
        let hex = window.harness.get_all_by_role_and_label(Role::RadioButton, pick(lang, "HEX", "Hex"));
        let hex = hex.max_by(|a, b| a.rect().top().total_cmp(&b.rect().top())).expect("the send format");
        hex.click();
        window.steps(3);
        let content = pick(lang, "发送内容", "Send content");
        window.fill(content, "41 42");
        window.press_send();
        read_until(&mut window, &mut peer, "ABAB");
        let still = pick(lang, "循环仍在发送 41 42（2 字节）", "Still repeating 41 42 (2 bytes)");
        for (wrong, why) in [("41 4x", pick(lang, "不是十六进制数字", "is not a hex digit")), ("", "")] {
            window.fill(content, wrong);
            window.wait(&[still, why]);
            read_until(&mut window, &mut peer, "ABAB");
        }
        window.fill(content, "43");
        read_until(&mut window, &mut peer, "CCC");
        assert!(window.line(&[still]).is_none());
    }
}

/// Rows that report a failure.
fn failures(window: &Window, lang: Lang) -> Vec<String> {
    let words = pick(lang, "无法", "Cannot");
    window.names().into_iter().filter(|name| name.contains(words)).collect()
}

/// Starts to send a file of 64 MiB.
fn send_large_file(window: &mut Window, lang: Lang) {
    let file = window.folder.path().join("large.bin");
    std::fs::File::create(&file).and_then(|file| file.set_len(64 << 20)).expect("file");
    window.send_file(lang, &file);
}

/// Fills the send box with 24 MiB, which the sockets of this machine do not hold.
fn paste_more_than_fits(window: &mut Window, lang: Lang) {
    window.focus(pick(lang, "发送内容", "Send content"));
    window.paste(&"x".repeat(24 << 20));
    window.wait(&["24.0 MiB"]);
    window.wait_enabled(pick(lang, "发送", "Send"));
}

#[test]
fn a_cancelled_file_is_no_failure_and_shows_its_progress() {
    for lang in LANGS {
        let (mut window, _peer, port) = connected(lang);
        send_large_file(&mut window, lang);
        window.wait(&["/ 64.0 MiB"]);
        window.click(pick(lang, "取消传输large.bin", "Cancel large.bin"));
        let said = pick(lang, "已取消，已发送 ", "Cancelled, ");
        window.until("the row of the list and one of the log say so", |harness| {
            harness.query_all_by_label_contains(said).filter(|node| node.rect().is_positive()).count() == 2
        });
        let line = window.wait(&[said, " / 64.0 MiB"]);
        assert!(!line.contains(&port.to_string()), "our own port is nobody's target: {line}");
        assert_eq!(failures(&window, lang), Vec::<String>::new());
    }
}

#[test]
fn a_stalled_send_that_is_stopped_is_no_failure() {
    for lang in LANGS {
        let (mut window, _peer, _) = connected(lang);
        paste_more_than_fits(&mut window, lang);
        window.click(pick(lang, "发送", "Send"));
        window.click(pick(lang, "停止", "Stop"));
        window.wait(&[pick(lang, "已取消，已发送 ", "Cancelled, "), " / 24.0 MiB"]);
        assert_eq!(failures(&window, lang), Vec::<String>::new());
    }
}

#[test]
fn a_second_send_leaves_the_first_one_its_stop() {
    for lang in LANGS {
        let (mut window, _peer, _) = connected(lang);
        paste_more_than_fits(&mut window, lang);
        window.press_send();
        window.wait(&["Button", pick(lang, "停止", "Stop")]);
        // There is no space for it after the first one.
        window.press_send();
        window.wait(&[pick(lang, "无法发送", "Cannot send")]);
        window.click(pick(lang, "停止", "Stop"));
        window.wait(&[pick(lang, "已取消，已发送 ", "Cancelled, "), " / 24.0 MiB"]);
    }
}

#[test]
fn the_progress_of_a_file_names_each_peer_and_who_does_not_read() {
    for lang in LANGS {
        let (mut window, mut peer, port) = connected(lang);
        let _other = Peer::connect(std::net::SocketAddr::from(([127, 0, 0, 1], port)));
        window.wait(&["ListItem", "#2 127.0.0.1:"]);
        send_large_file(&mut window, lang);
        // One reads everything, the other nothing.
        let mut left = 64 << 20;
        while left > 0 {
            let mut bytes = vec![0; left.min(1 << 20)];
            let count = peer.0.read(&mut bytes).expect("read");
            left -= count;
            window.steps(1);
        }
        window.click(pick(lang, "展开large.bin的对端", "Show peers of large.bin"));
        window.wait(&["#1 64.0 / 64.0 MiB"]);
        window.wait(&["#2 ", " / 64.0 MiB", pick(lang, "对端停止接收 ", "not reading for ")]);
        window.click(pick(lang, "取消传输large.bin", "Cancel large.bin"));
        window.wait(&[pick(lang, "已取消，已发送 ", "Cancelled, "), " / 128.0 MiB"]);
    }
}
