//! Suggested local ports are checked with the system.
#![allow(clippy::expect_used, reason = "a test may fail by a panic, in its helpers too")]

use crate::support::{LANGS, Pick, window};
use std::net::{TcpListener, UdpSocket};
use wirebench::words::Lang;

/// A port in use by another program, and the port before it, which is free.
fn taken_after_free() -> (u16, TcpListener) {
    let pair = (0..100).find_map(|_| {
        let taken = TcpListener::bind("127.0.0.1:0").expect("bind");
        let free = taken.local_addr().expect("address").port().checked_sub(1)?;
        TcpListener::bind(("127.0.0.1", free)).is_ok().then_some((free, taken))
    });
    pair.expect("two ports beside each other")
}

#[test]
fn a_new_session_is_not_given_a_port_of_another_program() {
    for lang in LANGS {
        let (own, taken) = taken_after_free();
        let port = lang.pick("本地端口", "Local port");
        let mut window = window(lang);
        window.fill(lang.pick("本地地址", "Local address"), "127.0.0.1");
        window.fill(port, &own.to_string());
        window.click(lang.pick("新建会话", "New session"));
        let deadline = std::time::Instant::now() + crate::support::LONG;
        while window.field(port) == (own + 1).to_string() {
            assert!(std::time::Instant::now() < deadline, "{} is proposed", window.field(port));
            window.steps(1);
        }
        let proposed: u16 = window.field(port).parse().expect("a port");
        assert!(proposed > own + 1, "{proposed}");
        drop(taken);
    }
}

#[test]
fn the_banner_of_a_port_in_use_offers_one_that_is_free() {
    for lang in LANGS {
        let (first, second) = loop {
            let (free, second) = taken_after_free();
            if let Ok(first) = TcpListener::bind(("127.0.0.1", free)) {
                break (first, second);
            }
        };
        let port = first.local_addr().expect("address").port();
        let mut window = window(lang);
        window.fill(lang.pick("本地地址", "Local address"), "127.0.0.1");
        window.fill(lang.pick("本地端口", "Local port"), &port.to_string());
        window.click(lang.pick("开始监听", "Listen"));
        let offer = window.wait(&["Button ", lang.pick("改用 ", "Use ")]);
        let offered: u16 = offer.rsplit(' ').next().and_then(|port| port.parse().ok()).expect("a port");
        assert!(offered > port + 1, "{offer}");
        window.click(&format!("{}{offered}", lang.pick("改用 ", "Use ")));
        window.wait(&["Label ", lang.pick("正在监听", "Listening"), &offered.to_string()]);
        drop(second);
    }
}

#[test]
fn a_udp_port_in_use_offers_one_that_is_free() {
    let taken = UdpSocket::bind("127.0.0.1:0").expect("bind");
    let port = taken.local_addr().expect("address").port();
    let mut window = window(Lang::En);
    window.choose("Protocol", "UDP");
    window.fill("Local address", "127.0.0.1");
    window.fill("Local port", &port.to_string());
    window.click("Open");
    window.wait(&["Cannot bind", &port.to_string()]);
    if port < u16::MAX {
        let offer = window.wait(&["Button Use "]);
        let offered: u16 = offer.rsplit(' ').next().and_then(|port| port.parse().ok()).expect("a port");
        window.click(&format!("Use {offered}"));
        window.wait(&["Label ", &format!("127.0.0.1:{offered}")]);
    }
}

#[test]
fn the_start_page_shows_the_error_of_the_port() {
    for lang in LANGS {
        let port = lang.pick("本地端口", "Local port");
        let mut window = window(lang);
        let proposed = window.field(port);
        window.wait(&[lang.pick("设备端填写", "your device"), &proposed]);
        for (typed, said) in [
            ("70000", lang.pick("端口「70000」无效", "Port \"70000\" is not a number")),
            ("80 80", lang.pick("端口「80 80」无效", "Port \"80 80\" is not a number")),
            ("", lang.pick("请填写端口", "Enter a port")),
            ("0", lang.pick("端口由系统分配", "the system chooses the port")),
        ] {
            window.fill(port, typed);
            window.wait(&["Label", said]);
            let named = [lang.pick("设备端填写", "Point your device to"), lang.pick("和端口", ", port")];
            assert!(window.line(&named).is_none(), "{typed}: {:?}", window.line(&named));
        }
        window.fill(port, "9000");
        window.fill(lang.pick("本地地址", "Local address"), "bad host!");
        window.wait(&["Label", lang.pick("本地地址有误", "Local address: ")]);
    }
}

/// The banner names the program that has the port, below the log.
#[cfg(target_os = "linux")]
#[test]
fn the_banner_names_the_program_that_has_the_port() {
    use std::io::{BufRead, BufReader};
    use std::process::{Command, Stdio};
    let program = "import socket,sys\ns=socket.create_server(('127.0.0.1',0))\nprint(s.getsockname()[1],flush=True)\nsys.stdin.read()";
    for lang in LANGS {
        let mut holder = Command::new("python3")
            .args(["-c", program])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3");
        let mut port = String::new();
        BufReader::new(holder.stdout.take().expect("its output")).read_line(&mut port).expect("a port");
        let port = port.trim();
        let mut window = window(lang);
        window.fill(lang.pick("本地地址", "Local address"), "127.0.0.1");
        window.fill(lang.pick("本地端口", "Local port"), port);
        window.click(lang.pick("开始监听", "Listen"));
        let said = match lang {
            Lang::ZhCn => format!("{port} 被 python3"),
            Lang::En => format!("{port} is used by python3"),
        };
        window.wait(&["Label ", &said, &format!("(pid {})", holder.id())]);
        let banner = window.line(&["Label ", &said]).expect("the banner");
        let banner = banner.strip_prefix("Label ").expect("its words");
        let (banner, log) = (window.place(banner), window.place(lang.pick("收发记录", "Traffic")));
        assert!(banner.top() >= log.bottom() - 1.0, "{banner:?} below {log:?}");
        holder.kill().expect("still there");
        holder.wait().expect("its end");
        window.click(lang.pick("重试", "Retry"));
        window.wait_enabled(lang.pick("停止监听", "Stop listening"));
    }
}

#[test]
fn a_port_of_another_session_is_said_to_be_one() {
    for lang in LANGS {
        let mut window = window(lang);
        let port = window.listens(lang).port().to_string();
        window.click(lang.pick("新建会话", "New session"));
        window.fill(lang.pick("本地地址", "Local address"), "127.0.0.1");
        window.fill(lang.pick("本地端口", "Local port"), &port);
        window.click(lang.pick("开始监听", "Listen"));
        if cfg!(target_os = "linux") {
            window.wait(&[
                "Label ",
                &port,
                lang.pick("被本程序的另一个会话占用", "is used by another session of this program"),
            ]);
        }
    }
}
