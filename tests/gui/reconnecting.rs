//! Reconnect of a TCP client in the window: the switch and its values, the offer in the banner, the countdown while it waits.
#![allow(clippy::expect_used, reason = "a test may fail by a panic, in its support too")]

use crate::support::{LANGS, Peer, Pick, Start, Window, window};
use egui_kittest::kittest::Queryable;
use socket2::{Domain, Socket, Type};
use std::net::{SocketAddr, TcpListener};
use wirebench::words::Lang;

/// A port that refuses connections until it listens, and that no other socket can bind meanwhile.
fn deaf_port() -> (Socket, u16) {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("a socket");
    socket.bind(&"127.0.0.1:0".parse::<SocketAddr>().expect("an address").into()).expect("a port");
    let port = socket.local_addr().expect("bound").as_socket().expect("IPv4").port();
    (socket, port)
}

fn client(lang: Lang, port: u16) -> Window {
    let mut window = window(lang);
    window.choose(lang.pick("协议类型", "Protocol"), lang.pick("TCP 客户端", "TCP client"));
    window.fill(lang.pick("远程地址", "Remote address"), "127.0.0.1");
    window.fill(lang.pick("远程端口", "Remote port"), &port.to_string());
    window
}

fn switch_on(window: &mut Window, lang: Lang, first: &str, longest: &str, tries: &str) {
    window.click(lang.pick("选项", "Options"));
    window.check(lang.pick("自动重连", "Reconnect automatically"));
    window.fill(lang.pick("首次等待（秒）", "First wait (seconds)"), first);
    window.fill(lang.pick("最长等待（秒）", "Longest wait (seconds)"), longest);
    window.fill(lang.pick("重连次数", "Reconnect attempts"), tries);
}

/// Rows of the log with these words. Their accessible text begins with the time.
fn rows(window: &Window, words: &str) -> Vec<String> {
    let is_row = |name: &String| {
        name.strip_prefix("Label ").is_some_and(|row| row.chars().nth(2) == Some(':')) && name.contains(words)
    };
    window.names().into_iter().filter(is_row).collect()
}

#[test]
fn a_refused_client_waits_and_connects_once_somebody_listens() {
    for lang in LANGS {
        let (socket, port) = deaf_port();
        let mut window = client(lang, port);
        switch_on(&mut window, lang, "0.2", "", "");
        window.click(lang.pick("连接", "Connect"));
        // The status line counts down, and names the attempt and the error.
        window.wait(&["Status", lang.pick("1 秒后重连（第 ", "Reconnecting in 1 s (attempt "), "·"]);
        // All attempts are one row.
        let tried = lang.pick("已尝试 3 次", "3 attempts");
        window.wait(&["Label", tried]);
        let failed = lang.pick("无法连接 TCP 127.0.0.1", "Cannot connect to TCP 127.0.0.1");
        assert_eq!(rows(&window, failed).len(), 1, "{}", window.names().join("\n"));
        socket.listen(1).expect("a listener");
        window.wait(&["Status", lang.pick("已连接", "Connected")]);
        let (mut peer, _) = TcpListener::from(socket).accept().map(|(s, a)| (Peer::over(s), a)).expect("accepted");
        peer.send(b"hello");
        window.wait(&["Label", "hello"]);
        assert_eq!(rows(&window, failed).len(), 1, "one history");
        assert!(!window.shows(lang.pick("停止重连", "Stop reconnecting")), "the banner goes with the connection");
    }
}

#[test]
fn stop_ends_the_wait_at_once() {
    for lang in LANGS {
        let (_socket, port) = deaf_port();
        let mut window = client(lang, port);
        switch_on(&mut window, lang, "3600", "", "10");
        window.click(lang.pick("连接", "Connect"));
        window.wait(&["Status", lang.pick("后重连（第 1/10 次）", "(attempt 1 of 10)")]);
        // The button of the left column and that of the banner.
        let stop = lang.pick("停止重连", "Stop reconnecting");
        assert_eq!(window.harness.query_all_by_label(stop).count(), 2);
        let button = window.harness.query_all_by_label(stop).next().expect("a button");
        button.click();
        window.steps(2);
        window.wait_enabled(lang.pick("连接", "Connect"));
        assert!(window.line(&["Status", lang.pick("后重连", "Reconnecting in")]).is_none());
    }
}

#[test]
fn the_banner_of_a_refused_connection_offers_it() {
    for lang in LANGS {
        let (socket, port) = deaf_port();
        let mut window = client(lang, port);
        window.click(lang.pick("连接", "Connect"));
        window.wait(&["Button", lang.pick("自动重连 每 2 秒", "Reconnect every 2 s")]);
        window.click(lang.pick("自动重连 每 2 秒", "Reconnect every 2 s"));
        window.wait(&["Status", lang.pick("2 秒后重连（第 1 次）", "Reconnecting in 2 s (attempt 1)")]);
        window.click(lang.pick("选项", "Options"));
        let switch = lang.pick("自动重连", "Reconnect automatically");
        window.until("the switch is on", |harness| harness.query_by_label(switch).is_some());
        // Switching it off ends the wait.
        window.check(switch);
        window.wait_enabled(lang.pick("连接", "Connect"));
        drop(socket);
    }
}

#[test]
fn a_lost_connection_offers_it_and_comes_back() {
    for lang in LANGS {
        let listener = TcpListener::bind("127.0.0.1:0").expect("bind");
        let mut window = client(lang, listener.local_addr().expect("an address").port());
        window.click(lang.pick("连接", "Connect"));
        let (peer, _) = listener.accept().expect("a connection");
        window.wait(&["Status", lang.pick("已连接", "Connected")]);
        drop(peer);
        window.wait(&["Label", lang.pick("连接已断开", "Connection closed")]);
        window.click(lang.pick("自动重连 每 2 秒", "Reconnect every 2 s"));
        let (peer, _) = listener.accept().expect("another connection");
        window.wait(&["Status", lang.pick("已连接", "Connected")]);
        // From now on it comes back by itself. The row says when.
        drop(peer);
        window.wait(&[
            "Label",
            lang.pick("（FIN），2 秒后重新连接（第 1 次）", "(FIN). Connecting again in 2 s (attempt 1)"),
        ]);
        let _peer = listener.accept().expect("a third connection");
        window.wait(&["Status", lang.pick("已连接", "Connected")]);
    }
}

#[test]
fn a_dismissed_loss_is_not_reported_again() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("bind");
    let mut window = client(Lang::En, listener.local_addr().expect("an address").port());
    for is_first in [true, false] {
        window.click("Connect");
        drop(listener.accept().expect("a connection"));
        window.wait_enabled("Connect");
        window.wait(&["Status", "Closed"]);
        assert_eq!(window.line(&["Label", "Connection closed"]).is_some(), is_first);
        if is_first {
            window.click("Dismiss");
        }
    }
}

#[test]
fn wrong_numbers_are_marked_and_right_ones_are_remembered() {
    let (_socket, port) = deaf_port();
    let mut window = client(Lang::ZhCn, port);
    switch_on(&mut window, Lang::ZhCn, "5", "1", "10");
    window.wait(&["不能小于首次等待"]);
    window.fill("首次等待（秒）", "x");
    window.wait(&["请输入 0.1–86400 的秒数"]);
    // A wrong number is visible although the options are folded, and nothing is opened.
    window.click("选项");
    window.click("连接");
    window.wait(&["请输入 0.1–86400 的秒数"]);
    window.fill("首次等待（秒）", "0.5");
    window.click("选项");
    let folder = window.folder.clone();
    drop(window);
    let mut again = Start::in_folder(Lang::ZhCn, folder).open();
    again.click("选项");
    again.steps(3);
    assert_eq!(again.field("首次等待（秒）"), "0.5");
    assert_eq!((again.field("最长等待（秒）"), again.field("重连次数")), ("1".into(), "10".into()));
}
