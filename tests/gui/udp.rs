//! Destination of a UDP session's datagrams: the peer that sent last, or the address in the form, which may change while the session
//! is open.
#![allow(clippy::expect_used, reason = "a test may fail by a panic, in its helpers too")]

use crate::support::{LANGS, LONG, Start, Window, window};
use std::net::{SocketAddr, UdpSocket};
use wirebench::words::Lang;

struct Names {
    protocol: &'static str,
    local_address: &'static str,
    local_port: &'static str,
    remote_address: &'static str,
    remote_port: &'static str,
    open: &'static str,
    bound: &'static str,
    content: &'static str,
    send_to: &'static str,
    last: &'static str,
    new_session: &'static str,
    nobody: &'static str,
}

fn names(lang: Lang) -> Names {
    match lang {
        Lang::ZhCn => Names {
            protocol: "协议类型",
            local_address: "本地地址",
            local_port: "本地端口",
            remote_address: "远程地址",
            remote_port: "远程端口",
            open: "打开",
            bound: "已打开",
            content: "发送内容",
            send_to: "发送给",
            last: "最近的来源",
            new_session: "新建会话",
            nobody: "没有可发送的对端",
        },
        Lang::En => Names {
            protocol: "Protocol",
            local_address: "Local address",
            local_port: "Local port",
            remote_address: "Remote address",
            remote_port: "Remote port",
            open: "Open",
            bound: "Bound to",
            content: "Send content",
            send_to: "Send to",
            last: "Last sender",
            new_session: "New session",
            nobody: "no peer to send to",
        },
    }
}

fn device(local: &str) -> UdpSocket {
    let device = UdpSocket::bind(local).expect("bind");
    device.set_read_timeout(Some(LONG)).expect("timeout");
    device
}

/// Opens a UDP session with only its local address set. Returns its address.
fn opened(window: &mut Window, n: &Names, local: &str) -> SocketAddr {
    window.choose(n.protocol, "UDP");
    window.fill(n.local_address, local);
    window.fill(n.local_port, "0");
    window.click(n.open);
    let line = window.wait(&["Label ", n.bound, ":"]);
    line.split_whitespace().find_map(|part| part.parse().ok()).expect("an address in the line")
}

fn send(window: &mut Window, n: &Names, text: &str) {
    window.fill(n.content, text);
    window.press_send();
}

fn expect(device: &UdpSocket, text: &str) {
    let mut bytes = [0; 64];
    let (count, _) = device.recv_from(&mut bytes).expect("a datagram");
    assert_eq!(std::str::from_utf8(&bytes[..count]), Ok(text));
}

#[test]
fn the_first_answer_of_an_untouched_session_goes_to_the_sender() {
    for lang in LANGS {
        for local in ["127.0.0.1", "::1"] {
            let n = names(lang);
            let mut window = window(lang);
            let address = opened(&mut window, &n, local);
            // Before any datagram was received there is no recipient, and nothing is sent to an address that was not entered.
            send(&mut window, &n, "too early");
            window.wait(&[n.nobody]);
            let any = SocketAddr::new(address.ip(), 0).to_string();
            let (first, second) = (device(&any), device(&any));
            for (device, text) in [(&first, "one"), (&second, "two"), (&first, "three")] {
                device.send_to(text.as_bytes(), address).expect("send");
                window.wait(&["←", text]);
                let sender = device.local_addr().expect("address").to_string();
                let shown = format!("{} {sender}", n.last);
                window.wait(&["ComboBox", n.send_to, &shown]);
                send(&mut window, &n, &format!("answer to {text}"));
                expect(device, &format!("answer to {text}"));
            }
        }
    }
}

#[test]
fn the_target_can_be_changed_and_emptied_while_the_session_is_open() {
    for lang in LANGS {
        let n = names(lang);
        let mut window = window(lang);
        let address = opened(&mut window, &n, "127.0.0.1");
        let (first, second) = (device("127.0.0.1:0"), device("127.0.0.1:0"));
        for device in [&first, &second] {
            let to = device.local_addr().expect("address");
            window.fill(n.remote_address, "127.0.0.1");
            window.fill(n.remote_port, &to.port().to_string());
            assert_eq!(window.chosen(n.send_to), to.to_string());
            send(&mut window, &n, "to the form's target");
            expect(device, "to the form's target");
        }
        first.send_to(b"hello", address).expect("send");
        window.wait(&["←", "hello"]);
        send(&mut window, &n, "still to the second");
        expect(&second, "still to the second");
        window.fill(n.remote_address, "");
        window.fill(n.remote_port, "");
        send(&mut window, &n, "to the sender");
        expect(&first, "to the sender");
    }
}

#[test]
fn the_last_sender_can_be_chosen_beside_a_target() {
    let n = names(Lang::ZhCn);
    let mut window = window(Lang::ZhCn);
    let (target, other) = (device("127.0.0.1:0"), device("127.0.0.1:0"));
    window.choose(n.protocol, "UDP");
    window.fill(n.remote_address, "127.0.0.1");
    window.fill(n.remote_port, &target.local_addr().expect("address").port().to_string());
    let address = opened(&mut window, &n, "127.0.0.1");
    send(&mut window, &n, "a");
    expect(&target, "a");
    other.send_to(b"hello", address).expect("send");
    window.wait(&["←", "hello"]);
    let sender = format!("{} {}", n.last, other.local_addr().expect("address"));
    window.choose(n.send_to, &sender);
    send(&mut window, &n, "b");
    expect(&other, "b");
}

#[test]
fn a_wrong_target_is_pointed_at_and_nothing_is_sent() {
    let n = names(Lang::ZhCn);
    let mut window = window(Lang::ZhCn);
    opened(&mut window, &n, "127.0.0.1");
    window.fill(n.remote_address, "127.0.0.1");
    window.fill(n.remote_port, "70000");
    send(&mut window, &n, "x");
    window.wait(&["Label", "应为 1–65535"]);
    assert!(window.line(&["→"]).is_none());
}

#[test]
fn a_new_session_does_not_take_another_ones_target_over() {
    let n = names(Lang::ZhCn);
    let mut window = window(Lang::ZhCn);
    window.choose(n.protocol, "TCP 客户端");
    window.fill(n.remote_address, "192.0.2.7");
    window.choose(n.protocol, "UDP");
    assert_eq!((window.field(n.remote_address), window.field(n.remote_port)), (String::new(), String::new()));
    window.fill(n.remote_address, "192.0.2.8");
    window.fill(n.remote_port, "9000");
    window.click(n.new_session);
    assert_eq!(window.chosen(n.protocol), "TCP 服务器", "a new session is no copy");
    window.choose(n.protocol, "UDP");
    assert_eq!((window.field(n.remote_address), window.field(n.remote_port)), (String::new(), String::new()));
}

#[test]
fn what_was_typed_before_the_fields_were_apart_is_kept() {
    for (address, port, kept) in [("192.0.2.9", "9000", ("192.0.2.9", "9000")), ("127.0.0.1", "8080", ("", ""))] {
        let start = Start::new(Lang::ZhCn);
        let data = start.folder.path().join("data");
        std::fs::create_dir_all(&data).expect("folder");
        let session = format!(r#"{{"protocol":"udp","remote_address":"{address}","remote_port":"{port}"}}"#);
        let file = format!(r#"{{"version":1,"sessions":[{session}]}}"#);
        std::fs::write(data.join("settings.json"), file).expect("file");
        let window = start.open();
        assert_eq!((&*window.field("远程地址"), &*window.field("远程端口")), kept);
    }
}
