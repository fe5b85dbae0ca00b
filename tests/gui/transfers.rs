//! The list of file actions in the drawer, and the chip in the status line.
#![allow(clippy::expect_used, reason = "a test may fail by a panic, in its helpers too")]

use crate::support::{LANGS, Peer, Pick, Window, window};
use std::io::Read;
use std::path::PathBuf;
use wirebench::words::Lang;

/// A listening window and so many peers.
fn connected(lang: Lang, count: usize) -> (Window, Vec<Peer>) {
    let mut window = window(lang);
    let address = window.listens(lang);
    let peers = (1..=count).map(|number| {
        let peer = Peer::connect(address);
        window.wait(&["ListItem", &format!("#{number} 127.0.0.1:")]);
        peer
    });
    let peers = peers.collect();
    (window, peers)
}

/// A file with so many MiB of zeros.
fn file(window: &Window, name: &str, mib: u64) -> PathBuf {
    let path = window.folder.path().join(name);
    std::fs::File::create(&path).and_then(|file| file.set_len(mib << 20)).expect("file");
    path
}

/// Reads so many MiB while the window runs.
fn read(window: &mut Window, peer: &mut Peer, mib: usize) {
    let mut left = mib << 20;
    while left > 0 {
        let mut bytes = vec![0; left.min(1 << 20)];
        left -= peer.0.read(&mut bytes).expect("read");
        window.steps(1);
    }
}

fn tab(lang: Lang) -> &'static str {
    lang.pick("传输", "Transfers")
}

#[test]
fn a_file_under_way_is_shown_with_the_drawer_closed_too() {
    for lang in LANGS {
        let (mut window, mut peers) = connected(lang, 1);
        let large = file(&window, "large.bin", 64);
        window.send_file(lang, &large);
        let row =
            [lang.pick("ListItem 发送 large.bin 到 全部 1", "ListItem Sending large.bin to All 1"), " / 64.0 MiB"];
        window.wait(&row);
        window.click(lang.pick("关闭结果", "Close results"));
        assert!(window.line(&row).is_none());
        window.click(lang.pick("正在传输 1 个文件", "1 file in transfer"));
        window.wait(&row);
        read(&mut window, &mut peers[0], 64);
        window.wait(&[row[0], lang.pick("已发送 64.0 MiB", "64.0 MiB sent")]);
        assert!(!window.shows(lang.pick("正在传输 1 个文件", "1 file in transfer")));
        window.click(lang.pick("清除已结束", "Clear finished"));
        window.wait(&[lang.pick("Label 没有传输", "Label No transfers")]);
    }
}

#[test]
fn a_peer_that_takes_nothing_is_named_and_its_file_is_cancelled_alone() {
    for lang in LANGS {
        let (mut window, mut peers) = connected(lang, 2);
        let (slow, fast) = (file(&window, "slow.bin", 64), file(&window, "fast.bin", 32));
        let to = lang.pick("发送给", "Send to");
        window.choose_peer(to, "#1 ");
        window.send_file(lang, &slow);
        window.choose_peer(to, "#2 ");
        window.send_file(lang, &fast);
        window.click(lang.pick("正在传输 2 个文件", "2 files in transfer"));
        // It is sent beside the other, because it goes to another peer.
        read(&mut window, &mut peers[1], 32);
        window.wait(&["fast.bin", lang.pick("已发送 32.0 MiB", "32.0 MiB sent")]);
        window.wait(&["slow.bin", "#1", "0 B/s", lang.pick("对端停止接收 ", "not reading for ")]);
        window.click(lang.pick("取消传输slow.bin", "Cancel slow.bin"));
        window.wait(&["slow.bin", lang.pick("已取消，已发送 ", "Cancelled, "), " / 64.0 MiB"]);
        window.click(lang.pick("移除slow.bin", "Remove slow.bin"));
        assert!(window.line(&["ListItem", "slow.bin", "64.0 MiB", lang.pick("已取消", "Cancelled")]).is_none());
    }
}

#[test]
fn files_to_one_peer_wait_for_each_other_and_can_all_be_cancelled() {
    for lang in LANGS {
        let (mut window, mut peers) = connected(lang, 1);
        let large = file(&window, "large.bin", 64);
        window.send_file(lang, &large);
        let small = window.folder.path().join("small.bin");
        std::fs::write(&small, "after it").expect("file");
        window.send_file(lang, &small);
        window.wait(&["small.bin", lang.pick("排队中", "waiting")]);
        window.click(lang.pick("取消传输large.bin", "Cancel large.bin"));
        window.wait(&["large.bin", lang.pick("已取消，已发送 ", "Cancelled, ")]);
        let mut last = Vec::new();
        while !last.ends_with(b"after it") {
            let mut bytes = [0; 1 << 16];
            let count = peers[0].0.read(&mut bytes).expect("read");
            last = bytes[..count].to_vec();
            window.steps(1);
        }
        window.wait(&["small.bin", lang.pick("已发送 8 B", "8 B sent")]);

        window.click(lang.pick("清除已结束", "Clear finished"));
        window.send_file(lang, &large);
        window.send_file(lang, &small);
        window.click(lang.pick("取消全部传输", "Cancel all transfers"));
        let cancelled = lang.pick("已取消，已发送 ", "Cancelled, ");
        let rows = ["large.bin", "small.bin"].map(|name| format!("{name} "));
        for row in &rows {
            window.wait(&["ListItem", row, cancelled]);
        }
        assert!(!window.shows(lang.pick("取消全部传输", "Cancel all transfers")));
    }
}

#[test]
fn a_file_that_is_missing_says_so_and_is_sent_again() {
    for lang in LANGS {
        let (mut window, mut peers) = connected(lang, 1);
        let path = window.folder.path().join("gone.bin");
        window.send_file(lang, &path);
        window.wait(&["ListItem", "gone.bin", lang.pick("无法", "Cannot")]);
        std::fs::write(&path, "it is back").expect("file");
        window.click(lang.pick("重新发送gone.bin", "Send gone.bin again"));
        peers[0].expect(b"it is back");
        window.wait(&["gone.bin", lang.pick("已发送 10 B", "10 B sent")]);
    }
}

#[test]
fn the_form_closes_with_escape_and_keeps_what_runs() {
    for lang in LANGS {
        let (mut window, _peers) = connected(lang, 1);
        window.file_to_send(lang);
        window.harness.key_press(egui::Key::Escape);
        window.steps(4);
        assert!(window.line(&["TextInput", lang.pick("文件路径", "File path")]).is_none());
        assert!(window.line(&["Tab", tab(lang)]).is_none(), "nothing has started");
    }
}

#[test]
fn a_file_is_sent_at_a_limited_rate_and_cancelled_in_a_pause() {
    for lang in LANGS {
        let (mut window, mut peers) = connected(lang, 1);
        let path = file(&window, "slow.bin", 1);
        window.file_to_send(lang);
        window.fill(lang.pick("文件路径", "File path"), &path.display().to_string());
        let (piece, rate) =
            (lang.pick("每块字节数", "Bytes per piece"), lang.pick("每秒最多字节数", "Bytes per second at most"));
        let start = lang.pick("开始发送", "Send the file");
        window.fill(piece, "much");
        window.wait(&[lang.pick("请输入大小（如 64K", "Enter a size such as 64K")]);
        window.fill(piece, "4K");
        window.fill(lang.pick("块间停顿（毫秒）", "Pause between pieces (ms)"), "1");
        window.fill(rate, "8K/s");
        window.click(start);
        let row = lang.pick("ListItem 发送 slow.bin 到 全部 1", "ListItem Sending slow.bin to All 1");
        // A megabyte at this rate takes two minutes.
        window.wait(&[row, " / 1.0 MiB", "KiB/s", lang.pick("剩", "left")]);
        let mut bytes = [0; 8192];
        peers[0].0.read_exact(&mut bytes).expect("two pieces");
        window.click(lang.pick("取消传输slow.bin", "Cancel slow.bin"));
        window.wait(&["slow.bin", lang.pick("已取消，已发送 ", "Cancelled, ")]);
    }
}
