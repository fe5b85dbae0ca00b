//! Writing to a file what is received: from the menu at the send box and from the receive settings.
#![allow(clippy::expect_used, reason = "a test may fail by a panic, in its helpers too")]

use crate::support::{LANGS, Peer, Pick, Window, window};
use std::path::Path;
use wirebench::words::Lang;

fn tick(lang: Lang) -> &'static str {
    lang.pick("接收保存到文件…", "Save received to file…")
}

fn contents(window: &mut Window, path: &Path, expected: &[u8]) {
    window.until("the received bytes in the file", |_| std::fs::read(path).is_ok_and(|bytes| bytes == expected));
}

#[test]
fn received_bytes_are_appended_to_a_file_while_they_arrive() {
    for lang in LANGS {
        let mut window = window(lang);
        let mut peer = Peer::connect(window.listens(lang));
        peer.send(b"before\n");
        window.wait(&["before"]);
        let path = window.folder.path().join("log.bin");
        std::fs::write(&path, "old\n").expect("file");
        window.menu(lang.pick("文件", "File"), tick(lang));
        window.fill(lang.pick("文件路径", "File path"), &path.display().to_string());
        window.click(lang.pick("开始", "Start"));
        window.wait(&[lang.pick("ListItem 保存 log.bin", "ListItem Saving log.bin"), lang.pick("写入文件", "to file")]);
        peer.send(b"one\n");
        contents(&mut window, &path, b"old\none\n");
        window.wait(&["log.bin · 4 B"]);
        peer.send(b"two\n");
        contents(&mut window, &path, b"old\none\ntwo\n");
        window.click(lang.pick("停止写入log.bin", "Stop saving log.bin"));
        window.wait(&["log.bin", lang.pick("已保存 8 B", "8 B saved")]);
        peer.send(b"after\n");
        window.wait(&["after"]);
        assert_eq!(std::fs::read(&path).expect("file"), b"old\none\ntwo\n");
    }
}

#[test]
fn the_tick_of_the_receive_settings_starts_before_the_session_is_open_and_stops() {
    for lang in LANGS {
        let mut window = window(lang);
        let path = window.folder.path().join("log.bin");
        std::fs::write(&path, "old\n").expect("file");
        window.check(tick(lang));
        window.fill(lang.pick("文件路径", "File path"), &path.display().to_string());
        window.segment(lang.pick("覆盖", "Overwrite"));
        window.click(lang.pick("开始", "Start"));
        let mut peer = Peer::connect(window.listens(lang));
        peer.send(b"from the start");
        contents(&mut window, &path, b"from the start");
        window.wait(&[lang.pick("正在传输 1 个文件", "1 file in transfer")]);
        window.check(tick(lang));
        window.wait(&["log.bin", lang.pick("已保存 14 B", "14 B saved")]);
        assert!(!window.shows(lang.pick("正在传输 1 个文件", "1 file in transfer")));
    }
}

#[test]
fn a_file_that_cannot_be_written_ends_its_row_alone() {
    for lang in LANGS {
        let mut window = window(lang);
        let mut peer = Peer::connect(window.listens(lang));
        window.wait(&["#1 127.0.0.1:"]);
        let path = window.folder.path().join("no").join("log.bin");
        window.menu(lang.pick("文件", "File"), tick(lang));
        window.fill(lang.pick("文件路径", "File path"), &path.display().to_string());
        window.click(lang.pick("开始", "Start"));
        window.wait(&["ListItem", "log.bin", lang.pick("无法", "Cannot"), lang.pick("已保存 0 B", "0 B saved")]);
        peer.send(b"still received");
        window.wait(&["still received"]);
    }
}

#[test]
fn what_is_received_before_the_window_closes_is_in_the_file() {
    let lang = Lang::En;
    let mut window = window(lang);
    let mut peer = Peer::connect(window.listens(lang));
    let path = window.folder.path().join("log.bin");
    window.menu("File", tick(lang));
    window.fill("File path", &path.display().to_string());
    window.click("Start");
    window.wait(&["log.bin", "to file"]);
    let content = vec![b'x'; 1 << 20];
    peer.send(&content);
    window.wait(&["1.0 MiB"]);
    let folder = window.folder.clone();
    drop(window);
    assert!(std::fs::read(&path).expect("file") == content);
    drop(folder);
}

#[test]
fn received_bytes_are_written_to_a_file_for_each_connection_and_size() {
    for lang in LANGS {
        let mut window = window(lang);
        let address = window.listens(lang);
        let folder = window.folder.path().join("out");
        std::fs::create_dir(&folder).expect("a folder");
        window.menu(lang.pick("文件", "File"), tick(lang));
        window.fill(lang.pick("文件路径", "File path"), &folder.join("a.bin").display().to_string());
        window.check(lang.pick("每个连接一个文件", "A file for each connection"));
        let size = lang.pick("达到大小时换文件", "Next file at size");
        window.fill(size, "x");
        window.steps(2);
        assert!(!window.enabled(lang.pick("开始", "Start")));
        window.fill(size, "4");
        window.wait(&["{peer}", "{n}"]);
        window.click(lang.pick("开始", "Start"));
        window.wait(&["a.bin"]);
        for bytes in [&b"abcdef"[..], b"gh"] {
            let stream = std::net::TcpStream::connect(address).expect("connected");
            let port = stream.local_addr().expect("an address").port();
            let mut peer = Peer::over(stream);
            peer.send(bytes);
            for (index, part) in bytes.chunks(4).enumerate() {
                let name = format!("a-127.0.0.1_{port}-00{}.bin", index + 1);
                contents(&mut window, &folder.join(name), part);
            }
        }
    }
}
