//! Transfers with headers: one window serves a folder, another one downloads from it and uploads to it.
#![allow(clippy::expect_used, reason = "a test may fail by a panic, in its helpers too")]

use crate::support::{LANGS, Peer, Pick, Start, Window, window};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Instant;
use wirebench::words::Lang;

/// A window that serves a folder for downloads and uploads.
fn server(lang: Lang) -> (Window, SocketAddr, PathBuf) {
    let mut window = window(lang);
    let address = window.listens(lang);
    let folder = window.folder.path().join("served");
    std::fs::create_dir(&folder).expect("folder");
    window.menu(lang.pick("文件", "File"), lang.pick("提供文件夹…", "Serve a folder…"));
    window.fill(lang.pick("文件夹", "Folder"), &folder.display().to_string());
    window.segment(lang.pick("两者", "Both"));
    window.click(lang.pick("开始", "Start"));
    window.wait(&[
        lang.pick("ListItem 提供 served", "ListItem Serving served"),
        lang.pick("等待客户端", "waiting for clients"),
    ]);
    (window, address, folder)
}

fn client(lang: Lang, address: SocketAddr) -> Window {
    let mut window = Start::new(lang).open();
    window.choose(lang.pick("协议类型", "Protocol"), lang.pick("TCP 客户端", "TCP client"));
    window.fill(lang.pick("远程地址", "Remote address"), "127.0.0.1");
    window.fill(lang.pick("远程端口", "Remote port"), &address.port().to_string());
    window.click(lang.pick("连接", "Connect"));
    window.wait(&["Status", lang.pick("已连接", "Connected")]);
    window
}

/// Draws both windows until one of them shows a name with all these parts.
fn both_until(window: &mut Window, other: &mut Window, parts: &[&str]) {
    let deadline = Instant::now() + crate::support::LONG;
    while window.line(parts).is_none() {
        window.steps(1);
        other.steps(1);
        assert!(Instant::now() < deadline, "in vain: {parts:?}\n{}", window.names().join("\n"));
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}

#[test]
fn a_file_is_downloaded_and_another_uploaded_with_their_md5() {
    for lang in LANGS {
        let (mut server, address, served) = server(lang);
        let content = vec![7; 300_000];
        std::fs::write(served.join("here.bin"), &content).expect("file");
        let mut client = client(lang, address);
        let own = client.folder.path().to_owned();
        client.menu(lang.pick("文件", "File"), lang.pick("带头下载…", "Download with header…"));
        client.fill(lang.pick("文件名", "File name"), "here.bin");
        client.fill(lang.pick("文件夹", "Folder"), &own.display().to_string());
        client.click(lang.pick("下载", "Download"));
        let agrees = lang.pick("MD5 一致", "MD5 agrees");
        both_until(
            &mut client,
            &mut server,
            &["ListItem", "here.bin", lang.pick("已接收 293.0 KiB", "293.0 KiB received"), agrees],
        );
        assert!(std::fs::read(own.join("here.bin")).expect("received") == content);
        both_until(
            &mut server,
            &mut client,
            &["ListItem", "here.bin", "#1", lang.pick("已发送 293.0 KiB", "293.0 KiB sent")],
        );

        let up = own.join("there.bin");
        std::fs::write(&up, "uploaded").expect("file");
        client.menu(lang.pick("文件", "File"), lang.pick("带头上传…", "Upload with header…"));
        client.fill(lang.pick("文件路径", "File path"), &up.display().to_string());
        client.click(lang.pick("上传", "Upload"));
        both_until(&mut client, &mut server, &["ListItem", "there.bin", lang.pick("已发送 8 B", "8 B sent"), agrees]);
        assert_eq!(std::fs::read(served.join("there.bin")).expect("stored"), b"uploaded");

        // What is not there is said in a sentence, and nothing is left.
        client.menu(lang.pick("文件", "File"), lang.pick("带头下载…", "Download with header…"));
        client.fill(lang.pick("文件名", "File name"), "gone.bin");
        client.fill(lang.pick("文件夹", "Folder"), &own.display().to_string());
        client.click(lang.pick("下载", "Download"));
        both_until(&mut client, &mut server, &["ListItem", "gone.bin", lang.pick("没有这个文件", "no such file")]);
        assert!(!own.join("gone.bin").exists());

        server.click(lang.pick("停止提供served", "Stop serving served"));
        server.wait(&["served", lang.pick("已停止", "stopped")]);
    }
}

#[test]
fn a_folder_that_does_not_exist_is_no_service() {
    for lang in LANGS {
        let mut window = window(lang);
        let address = window.listens(lang);
        window.menu(lang.pick("文件", "File"), lang.pick("提供文件夹…", "Serve a folder…"));
        let missing = window.folder.path().join("missing");
        window.fill(lang.pick("文件夹", "Folder"), &missing.display().to_string());
        window.click(lang.pick("开始", "Start"));
        window.wait(&["ListItem", "missing", lang.pick("无法", "Cannot")]);
        let mut peer = Peer::connect(address);
        peer.send(b"the session goes on");
        window.wait(&["the session goes on"]);
    }
}
