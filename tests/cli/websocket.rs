//! `ws://` and `wss://`: with the bytes of RFC 6455 from Python sockets as peers, and with itself.

use crate::support::{Bench, Ended, Process, python};
use serde_json::Value;

/// Serves one client on 127.0.0.1: `argv` is what it answers the handshake with, and hex of the frames that it sends then. Prints its
/// port, then the head of the request and, at the end, the hex of what arrived without masks.
const SERVER: &str = r#"
import base64, hashlib, socket, sys
answer, frames = sys.argv[1:3]
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1])
peer, _ = listener.accept()
data = b""
while b"\r\n\r\n" not in data and (part := peer.recv(4096)):
    data += part
head, _, rest = data.partition(b"\r\n\r\n")
print(head.decode().replace("\r\n", "|"))
key = next(line.split(": ")[1] for line in head.decode().split("\r\n") if line.startswith("Sec-WebSocket-Key"))
accept = base64.b64encode(hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()).decode()
good = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " + accept + "\r\n"
peer.sendall({"good": good + "\r\n", "chat": good + "Sec-WebSocket-Protocol: chat\r\n\r\n"}.get(answer, answer).encode() + bytes.fromhex(frames))
while part := peer.recv(65536):
    rest += part
at, shown = 0, []
while at + 6 <= len(rest):
    length = rest[at + 1] & 127
    mask, payload = rest[at + 2:at + 6], rest[at + 6:at + 6 + length]
    assert rest[at + 1] & 128, "no mask"
    shown.append(f"{rest[at]:02x}:" + bytes(b ^ mask[i % 4] for i, b in enumerate(payload)).hex())
    at += 6 + length
print(" ".join(shown))
"#;

/// Connects to a port of 127.0.0.1, sends a request for the path and then frames (hex), and prints status and frames (hex).
const CLIENT: &str = r#"
import socket, sys
port, request, frames = sys.argv[1:4]
good = "GET /chat HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: a, chat\r\n\r\n"
peer = socket.create_connection(("127.0.0.1", int(port)))
peer.sendall((good if request == "good" else request).encode() + bytes.fromhex(frames))
peer.shutdown(socket.SHUT_WR)
data = b""
try:
    while part := peer.recv(65536):
        data += part
except OSError:
    pass
head, _, rest = data.partition(b"\r\n\r\n")
print(head.decode().split("\r\n")[0], rest.hex())
"#;

fn serve(answer: &str, frames: &str) -> (Process, String) {
    let mut server = python(SERVER, &[answer, frames]);
    let port = server.first_line();
    (server, format!("ws://127.0.0.1:{port}"))
}

/// Form and text of the messages of a direction.
fn messages(ended: &Ended, event: &str) -> Vec<(String, String)> {
    let text = |line: &Value, name: &str| line[name].as_str().unwrap_or_default().to_owned();
    ended.all(event).iter().map(|line| (text(line, "form"), text(line, "text"))).collect()
}

fn owned(messages: &[(&str, &str)]) -> Vec<(String, String)> {
    messages.iter().map(|(form, text)| ((*form).to_owned(), (*text).to_owned())).collect()
}

/// What the warnings or errors are about.
fn faults(ended: &Ended, event: &str) -> Vec<String> {
    ended.all(event).iter().filter_map(|line| line["websocket"].as_str().map(str::to_owned)).collect()
}

#[test]
fn a_client_sends_each_form_masked_and_answers_pings_and_the_close() {
    let bench = Bench::new();
    // A ping, a text in two frames with a ping between them, an empty binary message, and the end.
    let frames = "890178 010161 8900 800162 8200 880403e86279";
    let (server, address) = serve("chat", frames);
    let url = format!("{address}/room?id=1");
    let ended = bench
        .ran(&["connect", &url, "--ws-protocol", "v2,chat", "--header", "X-Key: abc", "--no-shutdown", "--json"])
        .exits(0);
    let received = [("ping", "x"), ("ping", ""), ("text", "ab"), ("binary", ""), ("close", "\u{3}\\xE8by")];
    assert_eq!(messages(&ended, "received"), owned(&received));
    assert_eq!(messages(&ended, "sent"), owned(&[("pong", "x"), ("pong", ""), ("close", "\u{3}\\xE8")]));
    let steps = ended.all("websocket");
    assert_eq!((&steps[0]["path"], &steps[1]["status"]), (&"/room?id=1".into(), &101.into()));
    assert_eq!(faults(&ended, "warning"), Vec::<String>::new());
    let server = server.end();
    let lines = server.lines_of_text();
    assert!(
        lines[1].starts_with("GET /room?id=1 HTTP/1.1|Host: 127.0.0.1:") && lines[1].contains("X-Key: abc"),
        "{lines:?}"
    );
    assert_eq!(lines[2], "8a:78 8a: 88:03e8");
}

#[test]
fn sends_have_the_form_of_their_option() {
    let bench = Bench::new();
    for (extra, text) in [(None, "81"), (Some("--ws-binary"), "82")] {
        let (server, address) = serve("good", "");
        let arguments = [
            "connect",
            &address,
            "--send",
            "hi",
            "--send-hex",
            "61",
            "--ws-ping",
            "p",
            "--ws-close",
            "4001 bye",
            "--for",
            "5s",
        ];
        let arguments: Vec<&str> = arguments.into_iter().chain(extra).collect();
        let client = bench.plain(&arguments);
        client.end().exits(0);
        let server = server.end();
        assert_eq!(server.lines_of_text()[2], format!("{text}:6869 82:61 89:70 88:0fa1627965"));
    }
}

#[test]
fn a_client_says_why_the_handshake_failed() {
    let bench = Bench::new();
    for (answer, fault, sentence) in [
        ("HTTP/1.1 404 Not Found\r\n\r\n", "refused", "the server refused with HTTP 404 Not Found"),
        (
            "HTTP/1.1 101 x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: a\r\n\r\n",
            "wrong_accept",
            "wrong Sec-WebSocket-Accept",
        ),
        ("HTTP/1.1 101 x\r\nConnection: Upgrade\r\n\r\n", "missing", "lacks Upgrade: websocket"),
        ("chat", "other_protocol", "chose the subprotocol chat, which was not offered"),
        ("220 ready\r\n", "not_http", "does not speak HTTP; it sent 220 ready"),
    ] {
        let (_server, address) = serve(answer, "");
        let ended = bench.ran(&["connect", &address, "--json", "--timeout", "5s"]).exits(1);
        assert_eq!(faults(&ended, "error"), [fault]);
        let message = ended.all("error")[0]["message"].as_str().unwrap_or_default().to_owned();
        assert!(message.contains(sentence), "{message}");
    }
}

#[test]
fn a_server_answers_the_handshake_and_shows_odd_frames() {
    let bench = Bench::new();
    for (frames, received, faults_of, answer) in [
        // A good client.
        (
            "8183010203046060608882 00000000 03e8",
            vec![("text", "abc"), ("close", "\u{3}\\xE8")],
            vec![],
            "8103616263880203e8",
        ),
        ("8103616263", vec![("text", "abc")], vec!["not_masked", "no_close"], "8103616263"),
        ("838100000000 61", vec![("binary", "a")], vec!["reserved_opcode", "no_close"], "820161"),
        ("f18000000000", vec![("text", "")], vec!["reserved_bits", "no_close"], "8100"),
        ("818100000000 ff", vec![("text", "\\xFF")], vec!["not_utf8", "no_close"], "8101ff"),
        ("808100000000 61", vec![("binary", "a")], vec!["nothing_to_continue", "no_close"], "820161"),
        ("82ff4000000000000000 00000000 616263", vec![("binary", "abc")], vec!["no_close"], "8203616263"),
        ("82ff8000000000000000 00000000 616263", vec![], vec!["bad_length"], "880203ea"),
    ] {
        let mut server =
            bench.json(&["listen", "ws://127.0.0.1:0/chat", "--ws-protocol", "chat", "--echo", "--until-closed"]);
        let port = server.local().port().to_string();
        let client = python(CLIENT, &[&port, "good", frames]).end();
        let client = client.lines_of_text().join(" ");
        let ended = server.end().exits(0);
        let received: Vec<_> = received.into_iter().map(|(form, text)| (form.to_owned(), text.to_owned())).collect();
        assert_eq!(messages(&ended, "received"), received, "{frames}");
        assert_eq!(faults(&ended, "warning"), faults_of, "{frames}");
        assert!(client.starts_with("HTTP/1.1 101 ") && client.contains(answer), "{client}");
        let answered = ended
            .all("websocket")
            .iter()
            .any(|step| step["headers"].to_string().contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
        assert!(answered, "the answer to the key of the RFC");
    }
}

#[test]
fn a_server_refuses_what_is_no_handshake_and_goes_on() {
    let bench = Bench::new();
    let mut server = bench.json(&["listen", "ws://127.0.0.1:0/chat", "--until-closed"]);
    let port = server.local().port().to_string();
    let ask = |request: &str| python(CLIENT, &[&port, request, ""]).end().lines_of_text().join("");
    let key = "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    assert!(ask("GET /chat HTTP/1.1\r\nHost: x\r\n\r\n").starts_with("HTTP/1.1 426 "));
    let other = format!("GET /other HTTP/1.1\r\n{key}Sec-WebSocket-Version: 13\r\n\r\n");
    assert!(ask(&other).starts_with("HTTP/1.1 404 "));
    let old = format!("GET /chat HTTP/1.1\r\n{key}Sec-WebSocket-Version: 8\r\n\r\n");
    assert!(ask(&old).starts_with("HTTP/1.1 426 "));
    assert!(ask("SSH-2.0-x\r\n\r\n").starts_with("HTTP/1.1 400 "));
    assert!(ask("good").starts_with("HTTP/1.1 101 "));
    let ended = server.end().exits(0);
    assert_eq!(faults(&ended, "warning"), ["missing", "wrong_path", "version", "not_http", "no_close"]);
}

#[test]
fn long_messages_come_back_whole_also_over_tls() {
    let bench = Bench::new();
    let text = "你好".repeat(300_000);
    let file = bench.file("long.txt", &text);
    for scheme in ["ws", "wss"] {
        let tls: &[&str] = if scheme == "wss" { &["--tls-self-signed"] } else { &[] };
        let address = format!("{scheme}://127.0.0.1:0");
        let mut server =
            bench.json(&[&["listen", &address, "--echo", "--until-closed", "--show", "none"], tls].concat());
        let address = format!("{scheme}://{}", server.local());
        let tls: &[&str] = if scheme == "wss" { &["--tls-insecure"] } else { &[] };
        let count = text.len().to_string();
        let saved = bench.path(&format!("{scheme}.out"));
        let arguments = ["connect", &address, "--send-file", crate::support::shown(&file), "--until-bytes", &count];
        let rest = ["--save", crate::support::shown(&saved), "--json", "--show", "none"];
        bench.ran(&[&arguments[..], &rest, tls].concat()).exits(0);
        assert!(std::fs::read(&saved).expect("saved") == text.as_bytes(), "{scheme}");
        server.end().exits(0);
    }
}

#[test]
fn options_of_websocket_are_checked() {
    let bench = Bench::new();
    for arguments in [
        ["tcp://127.0.0.1:1", "--ws-protocol", "a"],
        ["ws://127.0.0.1:1", "--ws-protocol", "a b"],
        ["ws://127.0.0.1:1", "--header", "Upgrade: x"],
        ["ws://127.0.0.1:1", "--ws-close", "1005"],
        ["ws://127.0.0.1:1", "--get", "x"],
    ] {
        bench.ran(&[&["connect"], &arguments[..]].concat()).exits(2);
    }
}
