//! Basic tasks in every mode and both languages: listen and read, connect and send, view the bytes.
#![allow(clippy::expect_used, reason = "a test may fail by a panic, in its helpers too")]

use crate::support::{LANGS, Peer, Window, window};
use egui::accesskit::Role;
use std::net::{TcpListener, UdpSocket};
use wirebench::words::Lang;

/// 你好 in GBK.
const NIHAO_GBK: &[u8] = &[0xC4, 0xE3, 0xBA, 0xC3];

/// The names of the controls in one language.
struct Names {
    protocol: &'static str,
    tcp_client: &'static str,
    local_address: &'static str,
    local_port: &'static str,
    remote_address: &'static str,
    remote_port: &'static str,
    listen: &'static str,
    stop: &'static str,
    connect: &'static str,
    disconnect: &'static str,
    open: &'static str,
    close: &'static str,
    encoding: &'static str,
    text: &'static str,
    dump: &'static str,
    content: &'static str,
    send: &'static str,
    local: &'static str,
    bound: &'static str,
    joined: &'static str,
}

fn names(lang: Lang) -> Names {
    match lang {
        Lang::ZhCn => Names {
            protocol: "协议类型",
            tcp_client: "TCP 客户端",
            local_address: "本地地址",
            local_port: "本地端口",
            remote_address: "远程地址",
            remote_port: "远程端口",
            listen: "开始监听",
            stop: "停止监听",
            connect: "连接",
            disconnect: "断开",
            open: "打开",
            close: "关闭",
            encoding: "字符编码",
            text: "文本",
            dump: "对照",
            content: "发送内容",
            send: "发送",
            local: "本地",
            bound: "已打开",
            joined: "已连接",
        },
        Lang::En => Names {
            protocol: "Protocol",
            tcp_client: "TCP client",
            local_address: "Local address",
            local_port: "Local port",
            remote_address: "Remote address",
            remote_port: "Remote port",
            listen: "Listen",
            stop: "Stop listening",
            connect: "Connect",
            disconnect: "Disconnect",
            open: "Open",
            close: "Close",
            encoding: "Encoding",
            text: "Text",
            dump: "Dump",
            content: "Send content",
            send: "Send",
            local: "Local",
            bound: "Bound to",
            joined: "connected",
        },
    }
}

/// The first segment of this name belongs to the view, the second to the send format.
fn view(window: &mut Window, name: &str) {
    use egui_kittest::kittest::Queryable;
    let segments: Vec<_> = window.harness.get_all_by_role_and_label(Role::RadioButton, name).collect();
    let top = segments.iter().min_by(|a, b| a.rect().top().total_cmp(&b.rect().top()));
    top.expect("segment").click();
    window.steps(3);
}

/// A server receives 你好 in GBK: choosing the encoding shows characters, choosing hex shows bytes; it replies.
#[test]
fn a_server_reads_gbk_and_answers() {
    for lang in LANGS {
        let n = names(lang);
        let mut window = window(lang);
        let address = window.listens(lang);
        let mut peer = Peer::connect(address);
        window.wait(&["Label", n.joined, "#1"]);
        peer.send(NIHAO_GBK);
        window.wait(&["\\xC4\\xE3\\xBA\\xC3"]);
        window.choose(n.encoding, "GBK");
        window.wait(&["你好"]);
        view(&mut window, if lang == Lang::ZhCn { "HEX" } else { "Hex" });
        window.wait(&["C4 E3 BA C3"]);
        view(&mut window, n.dump);
        window.wait(&["C4 E3 BA C3", "你好"]);
        view(&mut window, n.text);
        window.fill(n.content, "收到");
        window.click(n.send);
        peer.expect(&[0xCA, 0xD5, 0xB5, 0xBD]);
        window.wait(&["→", "收到"]);
        window.click(n.stop);
        peer.expect_end();
        window.wait_enabled(n.listen);
    }
}

/// A client connects, sends text and inspects the binary response.
#[test]
fn a_client_sends_text_and_inspects_the_answer() {
    for lang in LANGS {
        let n = names(lang);
        let listener = TcpListener::bind("127.0.0.1:0").expect("bind");
        let mut window = window(lang);
        window.choose(n.protocol, n.tcp_client);
        window.fill(n.remote_address, "127.0.0.1");
        window.fill(n.remote_port, &listener.local_addr().expect("address").port().to_string());
        window.click(n.connect);
        let mut peer = Peer::over(listener.accept().expect("accept").0);
        assert_eq!(window.address_after(n.local), peer.0.peer_addr().expect("peer"));
        window.fill(n.content, "*IDN? 你好");
        window.press_send();
        peer.expect("*IDN? 你好".as_bytes());
        peer.send(&[0x01, 0x03, 0x04, 0x41, 0xBC, 0x00, 0x00]);
        view(&mut window, n.dump);
        window.wait(&["←", "01 03 04 41 BC 00 00", "A"]);
        window.click(n.disconnect);
        peer.expect_end();
        window.wait_enabled(n.connect);
    }
}

/// A UDP socket receives a datagram and replies to its sender without an address being entered.
#[test]
fn a_udp_socket_answers_whoever_spoke_last() {
    for lang in LANGS {
        let n = names(lang);
        let mut window = window(lang);
        window.choose(n.protocol, "UDP");
        window.fill(n.local_address, "127.0.0.1");
        window.fill(n.local_port, "0");
        window.fill(n.remote_address, "");
        window.fill(n.remote_port, "");
        window.click(n.open);
        let address = window.address_after(n.bound);
        let peer = UdpSocket::bind("127.0.0.1:0").expect("bind");
        peer.set_read_timeout(Some(crate::support::LONG)).expect("timeout");
        peer.send_to("你好".as_bytes(), address).expect("send");
        window.wait(&["←", "你好"]);
        window.fill(n.content, "好");
        window.press_send();
        let mut bytes = [0; 16];
        let (count, from) = peer.recv_from(&mut bytes).expect("answer");
        assert_eq!((&bytes[..count], from), ("好".as_bytes(), address));
        window.click(n.close);
        window.wait_enabled(n.open);
    }
}

/// A connect without response can be cancelled immediately.
#[cfg(target_os = "linux")]
#[test]
fn connecting_can_be_cancelled() {
    // A listener with a full backlog does not accept further connections.
    let full = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).expect("socket");
    let any: std::net::SocketAddr = "127.0.0.1:0".parse().expect("address");
    full.bind(&any.into()).expect("bind");
    full.listen(0).expect("listen");
    let address = full.local_addr().expect("address");
    let _waiting: Vec<socket2::Socket> = (0..4)
        .map(|_| {
            let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).expect("socket");
            socket.set_nonblocking(true).expect("nonblocking");
            // Each is in progress or waits in the backlog.
            assert!(socket.connect(&address).is_err());
            socket
        })
        .collect();
    let mut window = window(Lang::En);
    window.choose("Protocol", "TCP client");
    let port = address.as_socket().expect("address").port();
    window.fill("Remote address", "127.0.0.1");
    window.fill("Remote port", &port.to_string());
    window.click("Connect");
    window.wait(&["Status", "Connecting"]);
    let began = std::time::Instant::now();
    window.click("Cancel connecting");
    window.wait_enabled("Connect");
    assert!(began.elapsed() < std::time::Duration::from_secs(3), "cancelling waited for the connect");
}

/// Two sessions side by side, one for each end.
#[test]
fn the_demonstration_shows_both_ends() {
    let mut start = crate::support::Start::new(Lang::ZhCn);
    start.startup.demo = true;
    let mut window = start.open();
    window.until("both ends said their part", |harness| {
        use egui_kittest::kittest::Queryable;
        harness.query_all_by_label_contains("℃").count() == 2
    });
    window.click_as(Role::Button, "取消并排");
    assert!(window.line(&["Tab", "TCP 服务器"]).is_some());
}

/// Tabs requested on the command line are opened immediately.
#[test]
fn endpoints_of_the_command_line_are_opened() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("bind");
    let mut start = crate::support::Start::new(Lang::En);
    start.startup.listen = vec!["tcp://127.0.0.1:0".parse().expect("endpoint")];
    start.startup.connect =
        vec![format!("tcp://{}", listener.local_addr().expect("address")).parse().expect("endpoint")];
    let mut window = start.open();
    let address = window.address_after("Listening on");
    let _client = Peer::connect(address);
    listener.accept().expect("accept");
    assert_eq!(window.names().iter().filter(|name| name.starts_with("Tab ")).count(), 2);
}
