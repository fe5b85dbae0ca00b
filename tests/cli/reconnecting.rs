//! `connect --reconnect`: servers that restart, attempts that fail, and what ends the run.

use crate::support::{Bench, Ended, Process, python};
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

/// Serves one connection on `sys.argv[1]:sys.argv[2]` (port 0: any): reads as many bytes as `sys.argv[3]` says, answers with
/// `sys.argv[4]`, and ends with a reset where `sys.argv[5]` says so, else in order.
const ONE_CONNECTION: &str = r#"
import socket, struct, sys
listener = socket.socket()
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind((sys.argv[1], int(sys.argv[2])))
listener.listen(1)
print(listener.getsockname()[1])
peer, _ = listener.accept()
wanted = int(sys.argv[3])
got = b""
while len(got) < wanted:
    got += peer.recv(wanted - len(got))
peer.sendall(sys.argv[4].encode())
if sys.argv[5] == "reset":
    # The client must have read the answer, which a reset may overtake.
    peer.recv(1)
    peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
peer.close()
print(got.decode())
"#;

/// An address whose ports no other test uses, so that a server can get its port again.
pub fn own_address(last: u8) -> String {
    if cfg!(target_os = "linux") { format!("127.77.0.{last}") } else { "127.0.0.1".to_owned() }
}

/// Starts a server and waits until it listens.
fn serve(address: &str, port: &str, wanted: usize, answer: &str, end: &str) -> (Process, String) {
    let mut server = python(ONE_CONNECTION, &[address, port, &wanted.to_string(), answer, end]);
    let port = server.first_line();
    (server, port)
}

/// A port that refuses, and that nobody else gets meanwhile.
fn refusing() -> (socket2::Socket, SocketAddr) {
    let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).expect("a socket");
    socket.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into()).expect("a port");
    let address = socket.local_addr().expect("bound").as_socket().expect("IPv4");
    (socket, address)
}

/// Each `closed` line: its reason, and the number of the attempt that follows (0: none).
fn ends(ended: &Ended) -> Vec<(String, u64)> {
    let end = |line: &serde_json::Value| {
        (line["reason"].as_str().expect("a reason").to_owned(), line["attempt"].as_u64().unwrap_or_default())
    };
    ended.all("closed").iter().map(end).collect()
}

#[test]
fn a_server_that_restarts_is_met_again_whatever_ended_it() {
    let bench = Bench::new();
    let address = own_address(1);
    let (first, port) = serve(&address, "0", 5, "one", "fin");
    let at = format!("{address}:{port}");
    let options = ["--send", "hello", "--reconnect", "20ms..100ms", "--until-bytes", "11", "--timeout", "60s"];
    let mut client = bench.json(&[&["connect", at.as_str()][..], &options].concat());
    assert_eq!(first.end().exits(0).lines_of_text(), [port.as_str(), "hello"]);
    client.event("closed");
    let (mut second, _) = serve(&address, &port, 5, "two", "reset");
    client.event_where("received", |line| line["text"] == "two");
    // Its process is killed with the connection open: the system resets or closes it.
    second.kill();
    let (third, _) = serve(&address, &port, 5, "three", "fin");
    assert_eq!(third.end().exits(0).lines_of_text(), [port.as_str(), "hello"]);
    let ended = client.end().exits(0);
    assert_eq!(ended.text("received"), "onetwothree");
    assert_eq!(ended.text("sent"), "hello".repeat(3), "each connection gets the sends");
    assert_eq!(ended.all("connected").len(), 3);
    let captures: Vec<_> = ended.all("connected").iter().map(|line| line["capture"].clone()).collect();
    assert!(captures.iter().all(|capture| *capture == captures[0]), "one history: {captures:?}");
    let ends = ends(&ended);
    let (last, before) = ends.split_last().expect("an end");
    assert_eq!(before.first(), Some(&("peer_fin".to_owned(), 1)));
    assert!(before.iter().all(|(_, attempt)| *attempt > 0), "{before:?}");
    assert_eq!(last.1, 0, "the last run is followed by none");
    assert_eq!(ended.events().last().map(String::as_str), Some("summary"));
}

#[test]
fn it_gives_up_after_the_last_attempt() {
    let bench = Bench::new();
    let (_socket, address) = refusing();
    let at = address.to_string();
    let ended = bench.json(&["connect", &at, "--reconnect", "10ms..20ms", "--tries", "3"]).end().exits(1);
    assert_eq!(ended.all("error").len(), 4);
    assert!(ended.all("error").iter().all(|line| line["kind"] == "refused" && line["time"].is_string()));
    let error = "error".to_owned();
    assert_eq!(ends(&ended), [(error.clone(), 1), (error.clone(), 2), (error.clone(), 3), (error, 0)]);
    let waits: Vec<_> = ended.all("closed").iter().map(|line| line["wait_ms"].as_u64()).collect();
    assert_eq!(waits, [Some(10), Some(20), Some(20), None]);
    assert!(ended.all("closed")[..3].iter().all(|line| line["attempts"] == 3));
    ended.summary();
}

#[test]
fn each_attempt_is_one_line_with_the_wait_and_its_number() {
    let bench = Bench::new();
    let (_socket, address) = refusing();
    let at = address.to_string();
    for (lang, lines) in [
        ("en", ["Cannot connect to TCP", "Connecting again in 10 ms (attempt 1 of 2)", "(attempt 2 of 2)"]),
        ("zh-CN", ["无法连接 TCP", "10 毫秒后重新连接（第 1/2 次）", "（第 2/2 次）"]),
    ] {
        let options = ["connect", &at, "--reconnect", "10ms", "--tries", "2", "--lang", lang];
        let ended = bench.ran(&options).exits(1);
        for line in lines {
            assert!(ended.stderr.contains(line), "{line}: {}", ended.stderr);
        }
        assert_eq!(ended.stderr.matches(lines[0]).count(), 3, "{}", ended.stderr);
    }
}

#[test]
fn time_limits_hold_although_there_never_was_a_connection() {
    let bench = Bench::new();
    let (_socket, address) = refusing();
    let at = address.to_string();
    for end in [&["--for", "200ms"][..], &["--expect", "x", "--timeout", "200ms"]] {
        let arguments = [&["connect", &at, "--reconnect", "20ms"][..], end].concat();
        let ended = bench.json(&arguments).end().exits(1);
        assert_eq!(ends(&ended).last().map(|(_, attempt)| *attempt), Some(0), "{end:?}");
        ended.summary();
    }
}

#[test]
#[cfg(unix)]
fn a_signal_ends_the_wait_at_once() {
    let bench = Bench::new();
    let (_socket, address) = refusing();
    let at = address.to_string();
    let mut client = bench.json(&["connect", &at, "--reconnect", "1h"]);
    let closed = client.event("closed");
    assert_eq!((&closed["wait_ms"], &closed["attempt"]), (&3_600_000.into(), &1.into()));
    client.signal(rustix::process::Signal::TERM);
    let ended = client.end().exits(0);
    assert_eq!(ends(&ended).last(), Some(&("local".to_owned(), 0)));
}

#[test]
fn standard_input_waits_for_the_connection() {
    let bench = Bench::new();
    let (socket, address) = refusing();
    let at = address.to_string();
    let mut command = bench.command(&["connect", &at, "--reconnect", "20ms", "--stdin", "--until-closed", "--json"]);
    command.args(["--timeout", "60s"]).stdin(std::process::Stdio::piped());
    let mut client = Process::start(command);
    client.write_stdin("abc");
    client.event("closed");
    socket.listen(1).expect("a listener");
    let (mut peer, _) = TcpListener::from(socket).accept().expect("a connection");
    peer.set_read_timeout(Some(Duration::from_secs(30))).expect("a timeout");
    let mut got = [0; 3];
    std::io::Read::read_exact(&mut peer, &mut got).expect("what was typed before there was a connection");
    assert_eq!(&got, b"abc");
    drop(peer);
    client.end().exits(0);
}

#[test]
fn a_capture_that_was_deleted_while_it_waits_is_replaced() {
    let bench = Bench::new();
    let (socket, address) = refusing();
    let at = address.to_string();
    let options = ["connect", &at, "--reconnect", "200ms", "--until-bytes", "5", "--timeout", "60s"];
    let mut client = bench.json(&options);
    client.event("closed");
    std::fs::remove_dir_all(bench.path("data").join("captures")).expect("the captures");
    socket.listen(1).expect("a listener");
    let (mut peer, _) = TcpListener::from(socket).accept().expect("a connection");
    std::io::Write::write_all(&mut peer, b"hello").expect("sent");
    let ended = client.end().exits(0);
    assert_eq!(ended.text("received"), "hello");
    assert_eq!(ended.all("connected").len(), 1);
    assert_eq!(ended.summary()["capture"], ended.all("connected")[0]["capture"]);
}

/// The heartbeat client of the field: it sends at an interval, connects again when it is cut off, gives up after ten attempts at equal
/// intervals, and gives each a time. On the command line, with its own numbers:
/// `wirebench connect HOST:PORT --send beat --every 500ms --reconnect 1s --tries 10`.
#[test]
fn the_heartbeat_client_is_one_command() {
    let bench = Bench::new();
    let address = own_address(2);
    let listener = TcpListener::bind((address.as_str(), 0)).expect("a port");
    let at = listener.local_addr().expect("an address").to_string();
    let options = ["--send", "beat", "--every", "20ms", "--reconnect", "200ms", "--tries", "10"];
    let client = bench.json(&[&["connect", at.as_str()][..], &options].concat());
    // The server ends after some beats, and is there again before the client gives up.
    let beats = |listener: TcpListener, count: usize| {
        let (mut peer, _) = listener.accept().expect("a connection");
        peer.set_read_timeout(Some(Duration::from_secs(30))).expect("a timeout");
        let mut got = vec![0; count * 4];
        std::io::Read::read_exact(&mut peer, &mut got).expect("beats");
        assert_eq!(got, b"beat".repeat(count));
    };
    beats(listener, 3);
    beats(TcpListener::bind(at.as_str()).expect("the same port"), 2);
    let ended = client.end().exits(1);
    assert_eq!(ended.all("connected").len(), 2);
    let errors = ended.all("error");
    let attempts: Vec<u64> = ends(&ended).into_iter().map(|(_, attempt)| attempt).collect();
    let last = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0];
    assert_eq!(attempts[attempts.len() - last.len()..], last, "ten attempts in a row, then none");
    let times: Vec<&str> = errors.iter().map(|line| line["time"].as_str().expect("a time")).collect();
    let ms = |time: &str| time.parse::<jiff::Timestamp>().expect("RFC 3339").as_millisecond();
    let last_ten = &times[times.len() - 10..];
    assert!(last_ten.windows(2).all(|pair| ms(pair[1]) - ms(pair[0]) >= 199), "{last_ten:?}");
}

#[test]
fn wrong_values_and_wrong_company_are_refused() {
    let bench = Bench::new();
    for (arguments, reason) in [
        (&["connect", "127.0.0.1:9", "--tries", "3"][..], "has no effect without --reconnect"),
        (&["connect", "127.0.0.1:9", "--reconnect", "1s", "--tries", "0"], "--tries"),
        (&["connect", "127.0.0.1:9", "--reconnect", "5"], "--reconnect"),
        (&["connect", "127.0.0.1:9", "--reconnect", "5s..1s"], "the first delay should be at least 10ms"),
        (&["connect", "127.0.0.1:9", "--reconnect", "1ms..1s"], "the first delay should be at least 10ms"),
        (&["connect", "127.0.0.1:9", "--reconnect", "1s..2s..3s"], "--reconnect"),
        (&["connect", "udp://127.0.0.1:9", "--reconnect", "1s"], "--reconnect"),
        (&["listen", "127.0.0.1:0", "--reconnect", "1s"], "--reconnect"),
    ] {
        let ended = bench.ran(arguments).exits(2);
        assert!(ended.stderr.contains(reason) && ended.stderr.lines().count() == 1, "{arguments:?}: {}", ended.stderr);
    }
}
