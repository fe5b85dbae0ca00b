//! Other programs as peers: Python socket programs as in tutorials, `ncat`, `socat`.

use crate::support::{Bench, peer, python, shown};
use std::time::Duration;

/// Splits an address into `host port`, as arguments for Python.
pub fn split(at: &str) -> [&str; 2] {
    let (host, port) = at.rsplit_once(':').expect("host and port");
    [host.trim_start_matches('[').trim_end_matches(']'), port]
}

/// Prints its address; reads with `recv(1024)` and replies in upper case until the peer closes.
const UPPER_SERVER: &str = r#"
import socket, sys
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(('127.0.0.1', 0))
s.listen(5)
print('%s:%d' % s.getsockname())
c, a = s.accept()
encoding = sys.argv[1]
while True:
    data = c.recv(1024)
    if not data:
        break
    print('got', data.decode(encoding))
    c.send(data.decode(encoding).upper().encode(encoding))
c.close()
s.close()
"#;

/// Sends each argument after the encoding and waits for a reply; prints the replies.
pub const TEXT_CLIENT: &str = r#"
import socket, sys
host, port, encoding = sys.argv[1:4]
s = socket.socket()
s.connect((host, int(port)))
for text in sys.argv[4:]:
    s.send(text.encode(encoding))
    print(s.recv(1024).decode(encoding))
s.close()
"#;

#[test]
fn a_python_text_server_in_two_encodings() {
    let bench = Bench::new();
    for encoding in ["utf-8", "gbk"] {
        let mut server = python(UPPER_SERVER, &[encoding]);
        let at = server.first_line();
        let connect = bench.json(&["connect", &at, "--encoding", encoding, "--send", "hello 你好 world"]);
        let ended = connect.end().exits(0);
        assert_eq!(ended.text("received"), "HELLO 你好 WORLD", "{encoding}");
        assert_eq!(ended.text("sent"), "hello 你好 world");
        let server = server.end().exits(0);
        assert!(String::from_utf8_lossy(&server.stdout).contains("got hello 你好 world"));
    }
}

#[test]
fn a_python_text_client_is_answered() {
    let bench = Bench::new();
    for (encoding, options) in [("utf-8", &[][..]), ("gbk", &["--encoding", "gbk"])] {
        let mut listen =
            bench.json(&[&["listen", "127.0.0.1:0", "--reply-upper", "--until-closed"][..], options].concat());
        let at = listen.local().to_string();
        let [host, port] = split(&at);
        let client = python(TEXT_CLIENT, &[host, port, encoding, "hello", "你好 abc", "bye"]).end().exits(0);
        assert_eq!(String::from_utf8_lossy(&client.stdout).lines().collect::<Vec<_>>(), ["HELLO", "你好 ABC", "BYE"]);
        let ended = listen.end().exits(0);
        assert_eq!(ended.text("received"), "hello你好 abcbye");
        assert_eq!(ended.all("received").len(), 3);
    }
}

#[test]
fn many_python_clients_are_each_answered_for_themselves() {
    const CLIENTS: &str = r#"
import socket, sys, threading
host, port = sys.argv[1], int(sys.argv[2])
# All are there before the first goes: otherwise a moment with nobody there could come in between.
all_there = threading.Barrier(60)
def client(n):
    s = socket.create_connection((host, port))
    all_there.wait(20)
    for turn in range(5):
        text = 'client %d turn %d' % (n, turn)
        s.sendall(text.encode())
        got = b''
        while len(got) < len(text):
            part = s.recv(1024)
            assert part, 'closed early'
            got += part
        assert got == text.upper().encode(), got
    s.close()
threads = [threading.Thread(target=client, args=(n,)) for n in range(60)]
[t.start() for t in threads]
[t.join() for t in threads]
print('done')
"#;
    let bench = Bench::new();
    let mut listen = bench.json(&["listen", "127.0.0.1:0", "--reply-upper", "--until-closed", "--timeout", "60s"]);
    let at = listen.local().to_string();
    let clients = python(CLIENTS, &split(&at)).end().exits(0);
    assert!(clients.stderr.is_empty(), "{}", clients.stderr);
    let ended = listen.end().exits(0);
    assert_eq!((ended.all("peer_joined").len(), ended.all("peer_left").len()), (60, 60));
    assert_eq!(ended.payload("received").len(), ended.payload("sent").len());
}

#[test]
fn python_datagrams_from_several_clients_are_answered_to_their_senders() {
    const CLIENTS: &str = r#"
import socket, sys
at = (sys.argv[1], int(sys.argv[2]))
sockets = [socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(5)]
for s in sockets: s.settimeout(20)
for n, s in enumerate(sockets): s.sendto(b'from %d' % n, at)
for n, s in enumerate(sockets):
    data, sender = s.recvfrom(1024)
    assert data == b'FROM %d' % n and sender == at, (data, sender)
sockets[0].sendto(b'', at)
data, sender = sockets[0].recvfrom(1024)
assert data == b''
sockets[0].sendto(b'exit', at)
print('done')
"#;
    let bench = Bench::new();
    let mut listen =
        bench.json(&["listen", "udp://127.0.0.1:0", "--reply-upper", "--expect", "exit", "--timeout", "25s"]);
    let at = listen.local().to_string();
    let clients = python(CLIENTS, &split(&at)).end().exits(0);
    assert!(clients.stderr.is_empty(), "{}", clients.stderr);
    let ended = listen.end().exits(0);
    assert_eq!(ended.summary()["received_records"], 7);
    assert_eq!(ended.all("peer_joined").len(), 5);
}

#[test]
fn a_python_udp_server_answers() {
    const SERVER: &str = r#"
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(('127.0.0.1', 0))
print('%s:%d' % s.getsockname())
data, client = s.recvfrom(1024)
s.sendto(data.upper(), client)
"#;
    let bench = Bench::new();
    let mut server = python(SERVER, &[]);
    let at = format!("udp://{}", server.first_line());
    let connect = bench.json(&["connect", &at, "--send", "ping", "--expect", "PING"]);
    let ended = connect.end().exits(0);
    assert_eq!(ended.all("received")[0]["peer"], at[6..]);
}

#[test]
fn sticky_sends_are_one_stream() {
    const STICKY: &str = r#"
import socket, struct, sys
s = socket.create_connection((sys.argv[1], int(sys.argv[2])))
s.send(b'Hello')
s.send(b'Welcome')
for message in (b'Hello', '欢迎'.encode()):
    s.send(struct.pack('i', len(message)) + message)
s.close()
"#;
    let bench = Bench::new();
    let mut listen = bench.json(&["listen", "127.0.0.1:0", "--until-closed", "--expect", "HelloWelcome"]);
    let at = listen.local().to_string();
    python(STICKY, &split(&at)).end().exits(0);
    let ended = listen.end().exits(0);
    let expected = [&b"HelloWelcome\x05\0\0\0Hello\x06\0\0\0"[..], "欢迎".as_bytes()].concat();
    assert_eq!(ended.payload("received"), expected);
}

#[test]
fn a_file_from_a_python_download_server_is_saved_whole() {
    const DOWNLOAD: &str = r#"
import hashlib, json, socket, struct, sys
content = open(sys.argv[1], 'rb').read()
s = socket.socket()
s.bind(('127.0.0.1', 0))
s.listen(5)
print('%s:%d' % s.getsockname())
c, a = s.accept()
name = c.recv(1024).decode()
header = json.dumps({'lenth': len(content), 'md5': hashlib.md5(content).hexdigest(), 'name': name}).encode()
c.send(struct.pack('i', len(header)))
c.sendall(header)
c.sendall(content)
c.close()
"#;
    let bench = Bench::new();
    let content: Vec<u8> = (0..700_001_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 23) as u8).collect();
    let file = bench.file("served", &content);
    let save = bench.file("saved", "old content that has to go");
    let mut server = python(DOWNLOAD, &[shown(&file)]);
    let at = server.first_line();
    bench.json(&["connect", &at, "--send", "some.bin", "--save", shown(&save)]).end().exits(0);
    let saved = std::fs::read(save).expect("read");
    let header_len = u32::from_le_bytes(saved[..4].try_into().expect("four bytes")) as usize;
    let header: serde_json::Value = serde_json::from_slice(&saved[4..4 + header_len]).expect("JSON");
    assert_eq!(header["name"], "some.bin");
    assert!(saved[4 + header_len..] == content);
}

#[test]
fn five_megabytes_from_ncat_are_saved_equal() {
    let bench = Bench::new();
    let content: Vec<u8> = (0..5_000_000_u32).map(|n| (n.wrapping_mul(2_246_822_519) >> 24) as u8).collect();
    let file = bench.file("content", &content);
    let save = bench.path("saved");
    let mut listen = bench.json(&[
        "listen",
        "127.0.0.1:0",
        "--until-closed",
        "--save",
        shown(&save),
        "--show",
        "none",
        "--timeout",
        "25s",
    ]);
    let at = listen.local();
    let command = format!("ncat --send-only 127.0.0.1 {} < '{}'", at.port(), file.display());
    peer("sh", &["-c", &command]).end().exits(0);
    let ended = listen.end().exits(0);
    assert!(std::fs::read(save).expect("read") == content);
    assert_eq!(ended.summary()["received_bytes"], content.len());
    assert!(ended.all("received").is_empty());
}

#[test]
fn ncat_and_socat_talk_over_tcp_and_udp_and_both_address_families() {
    let bench = Bench::new();
    for (endpoint, program, arguments) in [
        ("tcp://127.0.0.1:0", "ncat", &["-i", "10", "127.0.0.1", "PORT"][..]),
        ("tcp://[::1]:0", "ncat", &["-i", "10", "::1", "PORT"]),
        ("udp://127.0.0.1:0", "ncat", &["-u", "-i", "10", "127.0.0.1", "PORT"]),
        ("tcp://127.0.0.1:0", "socat", &["-t", "10", "-", "TCP4:127.0.0.1:PORT"]),
        ("udp://127.0.0.1:0", "socat", &["-t", "10", "-", "UDP4:127.0.0.1:PORT"]),
        ("udp://[::1]:0", "socat", &["-t", "10", "-", "UDP6:[::1]:PORT"]),
    ] {
        let mut listen =
            bench.json(&["listen", endpoint, "--reply", "pong\n", "--escape", "--expect", "ping", "--timeout", "20s"]);
        let at = listen.local();
        let arguments: Vec<String> =
            arguments.iter().map(|text| text.replace("PORT", &at.port().to_string())).collect();
        let mut other = peer(program, &arguments);
        other.write_stdin("ping\n");
        // Without --escape this would be the four characters `pong`, a backslash and an n.
        other.stdout_with("pong\n");
        let ended = listen.end().exits(0);
        assert_eq!(ended.text("received"), "ping\n", "{program} {endpoint}");
        let from = ended.all("received")[0]["peer"].as_str().expect("a peer").to_owned();
        assert_eq!(from.starts_with('['), endpoint.contains("::1"), "{from}");
    }
}

#[test]
fn connect_talks_to_servers_of_ncat_and_socat() {
    let bench = Bench::new();
    let free = || std::net::TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port").port();
    for program in ["ncat", "socat"] {
        let port = free().to_string();
        let server = match program {
            "ncat" => peer("ncat", &["-l", "127.0.0.1", &port, "--exec", "/bin/cat"]),
            _ => peer("socat", &[&format!("TCP4-LISTEN:{port},bind=127.0.0.1"), "EXEC:cat"]),
        };
        let at = format!("127.0.0.1:{port}");
        // The server does not signal that it is ready: the first attempts may be refused.
        let deadline = std::time::Instant::now() + Duration::from_secs(20);
        let ended = loop {
            let ended = bench.json(&["connect", &at, "--send", "round trip", "--expect", "round trip"]).end();
            if ended.code == Some(0) || std::time::Instant::now() > deadline {
                break ended;
            }
            std::thread::sleep(Duration::from_millis(50));
        };
        assert_eq!(ended.exits(0).text("received"), "round trip", "{program}");
        drop(server);
    }
}

#[test]
fn two_of_us_talk_to_each_other() {
    let bench = Bench::new();
    for scheme in ["tcp", "udp"] {
        let mut listen =
            bench.json(&["listen", &format!("{scheme}://[::1]:0"), "--echo", "--expect", "over", "--timeout", "20s"]);
        let at = format!("{scheme}://{}", listen.local());
        let connect = bench.json(&["connect", &at, "--send", "over", "--expect", "over"]).end().exits(0);
        assert_eq!(connect.text("received"), "over");
        listen.end().exits(0);
    }
}
