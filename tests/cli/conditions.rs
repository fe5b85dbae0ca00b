//! Expected and forbidden patterns, and the report of conditions that are not met.

use crate::support::{Bench, Ended, PATIENCE};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::time::{Duration, Instant};

/// The next client. Fails the test instead of hanging if the program does not connect.
fn accepted(listener: &TcpListener) -> TcpStream {
    listener.set_nonblocking(true).expect("set");
    let deadline = Instant::now() + PATIENCE;
    loop {
        match listener.accept() {
            Ok((peer, _)) => {
                peer.set_nonblocking(false).and_then(|()| peer.set_read_timeout(Some(PATIENCE))).expect("set");
                return peer;
            }
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock && Instant::now() < deadline => {
                std::thread::sleep(Duration::from_millis(2));
            }
            Err(error) => panic!("nobody connects: {error}"),
        }
    }
}

/// Runs a client with these options. Its server sends `parts`, each after the echo of the previous ones, and closes.
fn received(options: &[&str], parts: &[&[u8]]) -> Ended {
    let bench = Bench::new();
    let listener = TcpListener::bind("127.0.0.1:0").expect("bound");
    let at = listener.local_addr().expect("an address").to_string();
    let connect = bench.json(&[&["connect", &at, "--echo", "--timeout", "20s"][..], options].concat());
    let mut peer = accepted(&listener);
    let (mut sent, mut echoed) = (Vec::new(), 0);
    for part in parts {
        sent.extend_from_slice(part);
        // With --frame only complete lines are echoed.
        let ends = if options.contains(&"--frame") {
            sent.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1)
        } else {
            sent.len()
        };
        // The run may have ended already.
        if peer.write_all(part).and_then(|()| peer.read_exact(&mut vec![0; ends - echoed])).is_err() {
            break;
        }
        echoed = ends;
    }
    drop(peer);
    connect.end()
}

#[test]
fn a_frame_has_to_hold_what_is_expected_with_frames() {
    let parts: &[&[u8]] = &[b"5.", b"003\nO", b"K\n"];
    for (options, code) in [
        (&["--frame", "line", "--expect", "5.003"][..], 0),
        (&["--frame", "line", "--expect-hex", "35 2e"], 0),
        (&["--frame", "line", "--expect-regex", r"^5\.\d{3}$"], 0),
        (&["--frame", "line", "--expect-regex", r"^5\.$"], 1),
        (&["--frame", "line", "--expect-regex", r"^\d\.\d+\nOK"], 1),
        (&["--frame", "line", "--expect", "003\\nOK", "--escape"], 1),
        (&["--frame", "line", "--expect", "OK\\n", "--escape"], 0),
        (&["--expect", "003\\nOK", "--escape"], 0),
        (&["--expect-regex", r"^5\.\d+\nOK\n$"], 0),
        (&["--expect-regex", r"^5\.$"], 1),
        (&["--frame", "line", "--until-frames", "2"], 0),
        (&["--frame", "line", "--until-frames", "3"], 1),
    ] {
        let ended = received(options, parts).exits(code);
        assert_eq!(ended.summary().get("unmet").is_some(), code == 1, "{options:?}");
    }
}

#[test]
fn a_frame_without_an_end_is_not_what_was_expected() {
    let ended = received(&["--frame", "line", "--expect", "OK"], &[b"OK"]).exits(1);
    assert_eq!(ended.summary()["unmet_detail"], serde_json::json!([{"option": "--expect", "value": "OK"}]));
}

#[test]
fn what_must_not_come_ends_the_run_with_one() {
    let bench = Bench::new();
    for (options, sent, detail) in [
        (
            &["--expect-not", "ERR"][..],
            &b"so far OK ERR"[..],
            serde_json::json!({"option": "--expect-not", "value": "ERR"}),
        ),
        (
            &["--expect-not-hex", "ff 00", "--frame", "line"],
            b"a\xff\x00b\n",
            serde_json::json!({"option": "--expect-not-hex", "value": "ff 00"}),
        ),
        (&["--fail-on-bad", "--verify", "SUM-8"], b"\x01\x02", serde_json::json!({"option": "--fail-on-bad"})),
        (&["--fail-on-bad", "--frame", "fixed:2+SUM-8"], b"\x01\x02", serde_json::json!({"option": "--fail-on-bad"})),
    ] {
        // Nothing else ends the run.
        let mut listen = bench.json(&[&["listen", "127.0.0.1:0"][..], options].concat());
        let mut peer = TcpStream::connect(listen.local()).expect("connected");
        peer.write_all(sent).expect("written");
        let ended = listen.end().exits(1);
        assert_eq!(ended.summary()["unmet_detail"], serde_json::json!([detail]), "{options:?}");
    }
}

#[test]
fn what_did_not_come_is_no_failure() {
    for options in [
        &["--expect-not", "ERR"][..],
        &["--expect-not", "ERR", "--frame", "line", "--expect", "OK"],
        &["--fail-on-bad", "--frame", "fixed:2+SUM-8", "--until-frames", "2"],
    ] {
        let sent: &[u8] = if options.contains(&"--fail-on-bad") { b"\x01\x01\x02\x02" } else { b"OK E\nRR\n" };
        let ended = received(options, &[sent]).exits(0);
        assert!(ended.summary().get("unmet").is_none());
    }
}

#[test]
fn a_regex_in_one_datagram_is_found_with_its_ends() {
    let bench = Bench::new();
    let mut listen = bench.json(&["listen", "udp://127.0.0.1:0", "--expect-regex", "^OK$", "--timeout", "20s"]);
    let at = listen.local();
    let socket = UdpSocket::bind("127.0.0.1:0").expect("bound");
    for part in [&b"OK!"[..], b"O", b"K", b"OK"] {
        socket.send_to(part, at).expect("sent");
        listen.event("received");
    }
    listen.end().exits(0);
}

#[test]
fn an_end_that_was_refused_is_no_unmet_condition() {
    let bench = Bench::new();
    let closed = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("an address");
    let ended = bench.json(&["connect", &closed.to_string(), "--expect", "x"]).end().exits(1);
    assert_eq!(ended.all("error")[0]["kind"], "refused");
    assert!(ended.summary().get("unmet").is_none(), "{:?}", ended.summary());
}

#[test]
fn options_that_could_change_nothing_are_refused() {
    let bench = Bench::new();
    for (options, word) in [
        (&["--until-frames", "2"][..], "--frame"),
        (&["--until-frames", "0", "--frame", "line"], "at least 1"),
        (&["--fail-on-bad", "--frame", "line"], "--verify"),
        (&["--expect-regex", "("], "unclosed group"),
        (&["--expect-regex", ""], "cannot be empty"),
        (&["--expect-not", ""], "cannot be empty"),
        (&["--expect-not-hex", "0g"], "hex digit"),
        (&["--expect-not", "x", "--timeout", "1s"], "without a condition"),
    ] {
        let ended = bench.ran(&[&["listen", "127.0.0.1:0"][..], options].concat()).exits(2);
        assert!(ended.stderr.contains(options[0]) || ended.stderr.contains("--timeout"), "{}", ended.stderr);
        assert!(ended.stderr.contains(word), "{options:?}: {}", ended.stderr);
    }
}

#[test]
fn a_client_that_never_connects_within_its_time_fails() {
    let bench = Bench::new();
    let closed = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("an address");
    bench.ran(&["connect", &closed.to_string(), "--for", "200ms"]).exits(1);
    bench.ran(&["listen", "127.0.0.1:0", "--for", "50ms"]).exits(0);
    // A listener with a full backlog, which accepts no connection.
    let full = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).expect("a socket");
    full.bind(&"127.0.0.1:0".parse::<std::net::SocketAddr>().expect("an address").into()).expect("bound");
    full.listen(0).expect("listening");
    let at = full.local_addr().ok().and_then(|at| at.as_socket()).expect("an address");
    let waiting: Vec<_> = (0..8)
        .map(|_| {
            let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).expect("a socket");
            socket.set_nonblocking(true).expect("set");
            socket.connect(&at.into()).ok();
            socket
        })
        .collect();
    let ended = bench.json(&["connect", &at.to_string(), "--for", "300ms", "--timeout", "60s"]).end().exits(1);
    assert_eq!(ended.all("error")[0]["kind"], "timeout", "{ended:?}");
    drop(waiting);
}

#[test]
fn one_frame_is_counted_in_the_singular() {
    let bench = Bench::new();
    let mut listen = bench.plain(&["listen", "127.0.0.1:0", "--frame", "line", "--until-closed"]);
    TcpStream::connect(listen.plain_local()).expect("connected").write_all(b"a\n").expect("written");
    let ended = listen.end().exits(0);
    assert!(ended.stderr.contains("1 frame, 0 with a bad check, 0 bytes unframed"), "{}", ended.stderr);
}

/// Every failure prints the last lines of the interface, however early it occurs.
#[test]
#[cfg(target_os = "linux")]
fn the_last_lines_come_whatever_is_missing() {
    let bench = Bench::new();
    for descriptors in 3..16 {
        let program = bench.command(&["listen", "127.0.0.1:0", "--json", "--for", "100ms"]);
        let mut command = std::process::Command::new("sh");
        command.args(["-c", &format!("ulimit -n {descriptors}; exec \"$0\" \"$@\"")]);
        command.arg(program.get_program()).args(program.get_args()).env("LC_ALL", "C.UTF-8");
        let ended = crate::support::Process::start(command).end();
        if ended.stdout.is_empty() && ended.stderr.contains("error while loading shared libraries") {
            continue;
        }
        let events = ended.events();
        let last: Vec<_> = events.iter().rev().take(2).map(String::as_str).collect();
        assert_eq!(last, ["summary", "closed"], "ulimit -n {descriptors}: {ended:?}");
        assert_eq!(ended.code, Some(i32::from(events.iter().any(|event| event == "error"))), "{ended:?}");
    }
}
