//! Sends: order, repeats, files, standard input, replies; over TCP and UDP.

use crate::support::{Bench, Process, shown};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::process::Stdio;
use std::time::{Duration, Instant};

fn server() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("bound");
    let at = listener.local_addr().expect("an address").to_string();
    (listener, at)
}

fn all_from(mut peer: TcpStream) -> Vec<u8> {
    let mut all = Vec::new();
    peer.read_to_end(&mut all).expect("read");
    all
}

fn datagrams() -> (UdpSocket, String) {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("bound");
    socket.set_read_timeout(Some(Duration::from_secs(20))).expect("set");
    let at = format!("udp://{}", socket.local_addr().expect("an address"));
    (socket, at)
}

fn datagram(socket: &UdpSocket) -> Vec<u8> {
    let mut buffer = vec![0; 65536];
    let (len, _) = socket.recv_from(&mut buffer).expect("a datagram");
    buffer.truncate(len);
    buffer
}

#[test]
fn sends_go_in_the_order_of_the_command_line() {
    let bench = Bench::new();
    let file = bench.file("middle", "[file]");
    let (listener, at) = server();
    let arguments = [
        "connect",
        &at,
        "--send-hex",
        "5b 61 5d",
        "--send",
        "[b]",
        "--send-file",
        shown(&file),
        "--send",
        "[c]",
        "--send-hex",
        "5b645d",
    ];
    let connect = bench.json(&arguments);
    let (peer, _) = listener.accept().expect("accepted");
    assert_eq!(all_from(peer), b"[a][b][file][c][d]");
    let ended = connect.end().exits(0);
    assert_eq!(ended.payload("sent"), b"[a][b][file][c][d]");
    assert_eq!(ended.summary()["sent_bytes"], 18);
}

#[test]
fn standard_input_has_its_place_in_the_order() {
    let bench = Bench::new();
    let (listener, at) = server();
    let mut command = bench.command(&["connect", &at, "--send", "before ", "--stdin", "--send", " after", "--json"]);
    command.stdin(Stdio::piped());
    let mut connect = Process::start(command);
    let (peer, _) = listener.accept().expect("accepted");
    connect.event("sent");
    connect.write_stdin("one ");
    connect.event("sent");
    connect.write_stdin("two");
    connect.event("sent");
    connect.close_stdin();
    assert_eq!(all_from(peer), b"before one two after");
    connect.end().exits(0);
}

#[test]
fn a_large_standard_input_arrives_whole() {
    let bench = Bench::new();
    let content: Vec<u8> = (0..3_000_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let file = bench.file("input", &content);
    let (listener, at) = server();
    let mut command = bench.command(&["connect", &at, "--stdin", "--show", "none", "--json"]);
    command.stdin(std::fs::File::open(file).expect("open"));
    let connect = Process::start(command);
    let (peer, _) = listener.accept().expect("accepted");
    assert!(all_from(peer) == content);
    let ended = connect.end().exits(0);
    assert_eq!(ended.summary()["sent_bytes"], content.len());
    assert!(ended.all("sent").is_empty(), "--show none");
}

#[test]
fn the_list_is_repeated_in_time_and_counted() {
    let bench = Bench::new();
    let (listener, at) = server();
    let started = Instant::now();
    let connect = bench.json(&["connect", &at, "--send", "a", "--send", "b", "--every", "50ms", "--count", "4"]);
    let (peer, _) = listener.accept().expect("accepted");
    assert_eq!(all_from(peer), b"abababab");
    assert!(started.elapsed() >= Duration::from_millis(150), "{:?}", started.elapsed());
    connect.end().exits(0);

    let connect = bench.json(&["connect", &at, "--send", "xy", "--count", "3"]);
    let (peer, _) = listener.accept().expect("accepted");
    assert_eq!(all_from(peer), b"xyxyxy");
    connect.end().exits(0);
}

#[test]
fn an_endless_repeat_ends_well_when_the_peer_closes() {
    let bench = Bench::new();
    let (listener, at) = server();
    let mut connect = bench.json(&["connect", &at, "--send", "x", "--every", "30ms"]);
    let (mut peer, _) = listener.accept().expect("accepted");
    connect.event("sent");
    connect.event("sent");
    // Everything is read, so that closing sends a FIN and not a reset.
    peer.shutdown(std::net::Shutdown::Write).expect("shut down");
    let mut rest = Vec::new();
    peer.read_to_end(&mut rest).expect("read");
    connect.end().exits(0);
}

#[test]
fn text_is_sent_in_the_encoding_and_with_escapes_where_asked() {
    let bench = Bench::new();
    let cases: &[(&[&str], &[u8])] = &[
        (&["--send", "你好", "--encoding", "gbk"], b"\xc4\xe3\xba\xc3"),
        (&["--send", "你", "--encoding", "utf-16le"], b"\x60\x4f"),
        (&["--send", "a\\r\\n"], b"a\\r\\n"),
        (&["--send", "a\\r\\n\\x00\\xff", "--escape"], b"a\r\n\x00\xff"),
        (&["--send", "-dash"], b"-dash"),
        (&["--send-hex", "0x01, 0x02:03-4"], b"\x01\x02\x03\x04"),
    ];
    for (options, bytes) in cases {
        let (listener, at) = server();
        let connect = bench.json(&[&["connect", &at][..], options].concat());
        let (peer, _) = listener.accept().expect("accepted");
        assert_eq!(all_from(peer), *bytes, "{options:?}");
        connect.end().exits(0);
    }
}

#[test]
fn listen_sends_to_each_peer_when_it_joins() {
    let bench = Bench::new();
    let mut listen = bench.json(&["listen", "127.0.0.1:0", "--send", "wel", "--send", "come"]);
    let at = listen.local();
    for _ in 0..3 {
        let mut peer = TcpStream::connect(at).expect("connected");
        let mut greeting = [0; 7];
        peer.read_exact(&mut greeting).expect("read");
        assert_eq!(&greeting, b"welcome");
    }
    listen.signal(rustix::process::Signal::INT);
    let ended = listen.end().exits(0);
    assert_eq!(ended.summary()["sent_bytes"], 21);
}

#[test]
fn listen_repeats_the_list_for_each_peer() {
    let bench = Bench::new();
    let options = ["--send", "t", "--send", "k", "--every", "30ms", "--count", "3", "--until-closed"];
    let mut listen = bench.json(&[&["listen", "127.0.0.1:0"][..], &options].concat());
    let at = listen.local();
    let mut peers: Vec<_> = (0..2).map(|_| TcpStream::connect(at).expect("connected")).collect();
    for peer in &mut peers {
        let mut all = [0; 6];
        peer.read_exact(&mut all).expect("read");
        assert_eq!(&all, b"tktktk");
    }
    drop(peers);
    assert_eq!(listen.end().exits(0).summary()["sent_bytes"], 12);
}

#[test]
fn a_send_that_fails_is_told_and_makes_one() {
    let bench = Bench::new();
    let (_socket, at) = datagrams();
    let long = "x".repeat(65_508);
    let ended = bench.json(&["connect", &at, "--send", &long, "--send", "short"]).end().exits(1);
    let errors = ended.all("error");
    assert_eq!(
        (&errors[0]["kind"], &errors[0]["operation"], &errors[0]["address"]),
        (&"too_long".into(), &"send".into(), &at[6..].into())
    );
    ended.summary();
}

#[test]
fn the_standard_input_of_listen_goes_to_everybody_there() {
    let bench = Bench::new();
    let mut command = bench.command(&["listen", "127.0.0.1:0", "--stdin", "--json"]);
    command.stdin(Stdio::piped());
    let mut listen = Process::start(command);
    let at = listen.local();
    listen.write_stdin("early ");
    let mut one = TcpStream::connect(at).expect("connected");
    let mut early = [0; 6];
    one.read_exact(&mut early).expect("what was typed before anybody came waits");
    assert_eq!(&early, b"early ");
    let mut two = TcpStream::connect(at).expect("connected");
    listen.event("peer_joined");
    listen.event("peer_joined");
    listen.write_stdin("both");
    for peer in [&mut one, &mut two] {
        let mut both = [0; 4];
        peer.read_exact(&mut both).expect("read");
        assert_eq!(&both, b"both");
    }
    listen.signal(rustix::process::Signal::INT);
    listen.end().exits(0);
}

#[test]
fn each_record_is_answered() {
    let bench = Bench::new();
    let cases: &[(&[&str], &[u8])] = &[
        (&["--echo"], b"hello, \xe4\xbd\xa0z{`"),
        (&["--reply-upper"], b"HELLO, \xe4\xbd\xa0Z{`"),
        (&["--reply", "好", "--encoding", "gbk"], b"\xba\xc3"),
        (&["--reply", "ok\\n", "--escape"], b"ok\n"),
        (&["--reply-hex", "00 ff"], b"\x00\xff"),
    ];
    for (options, answer) in cases {
        let mut listen = bench.json(&[&["listen", "127.0.0.1:0", "--until-closed"][..], options].concat());
        let mut peer = TcpStream::connect(listen.local()).expect("connected");
        peer.set_read_timeout(Some(Duration::from_secs(20))).expect("set");
        for _ in 0..3 {
            peer.write_all(b"hello, \xe4\xbd\xa0z{`").expect("written");
            let mut answered = vec![0; answer.len()];
            peer.read_exact(&mut answered).expect("an answer");
            assert_eq!(answered, *answer, "{options:?}");
        }
        drop(peer);
        let ended = listen.end().exits(0);
        let summary = ended.summary();
        assert_eq!(summary["sent_bytes"], 3 * answer.len());
        let names: Vec<_> = ended.events().into_iter().filter(|name| name == "received" || name == "sent").collect();
        assert_eq!(names, ["received", "sent"].repeat(3), "an answer comes after what it answers");
    }
}

#[test]
fn connect_can_answer_too() {
    let bench = Bench::new();
    let (listener, at) = server();
    let connect = bench.json(&["connect", &at, "--reply-upper"]);
    let (mut peer, _) = listener.accept().expect("accepted");
    peer.write_all(b"ping").expect("written");
    let mut answer = [0; 4];
    peer.read_exact(&mut answer).expect("an answer");
    assert_eq!(&answer, b"PING");
    drop(peer);
    connect.end().exits(0);
}

#[test]
fn each_send_is_a_datagram_and_connect_then_just_ends() {
    let bench = Bench::new();
    let (socket, at) = datagrams();
    let started = Instant::now();
    let file = bench.file("file", vec![7; 2500]);
    let connect = bench.json(&[
        "connect",
        &at,
        "--send",
        "one",
        "--send-hex",
        "",
        "--send",
        "two",
        "--send-file",
        shown(&file),
        "--datagram-size",
        "1024",
    ]);
    assert_eq!(datagram(&socket), b"one");
    assert_eq!(datagram(&socket), b"", "an empty datagram is one");
    assert_eq!(datagram(&socket), b"two");
    let lens: Vec<_> = (0..3).map(|_| datagram(&socket).len()).collect();
    assert_eq!(lens, [1024, 1024, 452]);
    let ended = connect.end().exits(0);
    assert!(started.elapsed() < Duration::from_secs(10));
    assert_eq!(ended.events()[0], "listening", "a UDP socket is bound, not connected");
    assert_eq!(ended.summary()["sent_records"], 6);
    let sent = ended.all("sent");
    assert_eq!((&sent[1]["len"], &sent[1]["hex"], &sent[1]["text"]), (&0.into(), &"".into(), &"".into()));
    assert_eq!(sent[0]["peer"], at[6..]);
}

#[test]
fn empty_datagrams_are_records() {
    let bench = Bench::new();
    let mut listen = bench.json(&["listen", "udp://127.0.0.1:0", "--until-bytes", "1"]);
    let at = listen.local();
    let socket = UdpSocket::bind("127.0.0.1:0").expect("bound");
    socket.send_to(b"", at).expect("sent");
    socket.send_to(b"x", at).expect("sent");
    let ended = listen.end().exits(0);
    let received = ended.all("received");
    assert_eq!(received.len(), 2);
    assert_eq!((&received[0]["len"], &received[0]["hex"]), (&0.into(), &"".into()));
    assert_eq!(ended.summary()["received_records"], 2);
}

#[test]
fn a_udp_listener_sends_to_the_first_sender_and_answers_each() {
    let bench = Bench::new();
    let mut listen = bench.json(&["listen", "udp://127.0.0.1:0", "--send", "welcome", "--reply-upper"]);
    let at = listen.local();
    let sockets: Vec<_> = (0..3).map(|_| datagrams().0).collect();
    sockets[0].send_to(b"first", at).expect("sent");
    let mut got = [datagram(&sockets[0]), datagram(&sockets[0])];
    got.sort();
    assert_eq!(got, [b"FIRST".to_vec(), b"welcome".to_vec()]);
    for (index, socket) in sockets.iter().enumerate().skip(1) {
        socket.send_to(format!("me{index}").as_bytes(), at).expect("sent");
        assert_eq!(datagram(socket), format!("ME{index}").as_bytes(), "the answer goes to its sender");
    }
    listen.signal(rustix::process::Signal::TERM);
    let ended = listen.end().exits(0);
    assert_eq!(ended.summary()["received_records"], 3);
    assert_eq!(ended.all("sent").len(), 4);
}

#[test]
fn an_answer_from_another_address_is_seen() {
    let bench = Bench::new();
    let (socket, at) = datagrams();
    let mut connect =
        bench.json(&["connect", &at, "--send", "hello", "--expect", "from elsewhere", "--timeout", "20s"]);
    let bound = connect.local();
    datagram(&socket);
    let (other, _) = datagrams();
    let back: std::net::SocketAddr =
        if bound.ip().is_unspecified() { (std::net::Ipv4Addr::LOCALHOST, bound.port()).into() } else { bound };
    other.send_to(b"from elsewhere", back).expect("sent");
    let ended = connect.end().exits(0);
    assert_eq!(ended.all("received")[0]["peer"], other.local_addr().expect("an address").to_string());
}

#[test]
fn bind_chooses_the_local_address() {
    let bench = Bench::new();
    let (listener, at) = server();
    let free = server().1;
    let connect = bench.json(&["connect", &at, "--send", "x", "--bind", &free]);
    let (peer, from) = listener.accept().expect("accepted");
    assert_eq!(from.to_string(), free);
    assert_eq!(all_from(peer), b"x");
    connect.end().exits(0);

    let (socket, at) = datagrams();
    let connect = bench.json(&["connect", &at, "--send", "x", "--bind", "127.0.0.1"]);
    let mut buffer = [0; 10];
    let (_, from) = socket.recv_from(&mut buffer).expect("a datagram");
    let ended = connect.end().exits(0);
    assert_eq!(ended.all("listening")[0]["local"], from.to_string());
}

#[test]
fn an_expectation_is_met_within_one_datagram_only() {
    let bench = Bench::new();
    let mut listen = bench.json(&["listen", "udp://127.0.0.1:0", "--expect", "needle", "--timeout", "20s"]);
    let at = listen.local();
    let socket = UdpSocket::bind("127.0.0.1:0").expect("bound");
    for part in ["nee", "dle", "a needle here"] {
        socket.send_to(part.as_bytes(), at).expect("sent");
    }
    let ended = listen.end().exits(0);
    assert_eq!(ended.all("received").len(), 3);
}
