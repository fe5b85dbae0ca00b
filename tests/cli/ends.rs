//! Ends of runs: conditions, timers, signals, resets, failures to open.

use crate::support::{Bench, Process};
use rustix::process::Signal;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::process::Stdio;
use std::time::{Duration, Instant};

fn client(at: SocketAddr) -> TcpStream {
    TcpStream::connect(at).expect("connected")
}

/// A server in this process, and its address as an argument.
fn server() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("bound");
    let at = listener.local_addr().expect("an address").to_string();
    (listener, at)
}

#[test]
fn listen_tells_peers_and_payload_in_order_until_all_are_gone() {
    let bench = Bench::new();
    let mut listen = bench.json(&["listen", "tcp://127.0.0.1:0", "--until-closed"]);
    let at = listen.local();
    let mut peer = client(at);
    let from = peer.local_addr().expect("an address").to_string();
    peer.write_all(b"hello").expect("written");
    drop(peer);
    let ended = listen.end().exits(0);
    let lines = ended.lines();
    assert_eq!(ended.events(), ["listening", "peer_joined", "received", "peer_left", "closed", "summary"]);
    assert!(lines[0]["capture"].is_string());
    assert_eq!(lines[1]["peer"], from);
    assert_eq!(lines[2]["peer"], from);
    assert_eq!(lines[2]["len"], 5);
    assert_eq!(lines[2]["hex"], "68656c6c6f");
    assert_eq!(lines[2]["text"], "hello");
    let time = lines[2]["time"].as_str().expect("a time");
    assert!(time.len() == 30 && time.ends_with('Z') && time.as_bytes()[19] == b'.', "{time}");
    assert_eq!(lines[3]["reason"], "peer_fin");
    assert_eq!(lines[4]["reason"], "local");
    let summary = ended.summary();
    assert_eq!((&summary["received_bytes"], &summary["received_records"]), (&5.into(), &1.into()));
    assert_eq!((&summary["sent_bytes"], &summary["sent_records"]), (&0.into(), &0.into()));
    assert_eq!(summary["capture"], lines[0]["capture"]);
    for name in ["dropped_bytes", "dropped_records", "kernel_dropped_records", "evicted_bytes", "evicted_records"] {
        assert_eq!(summary[name], 0, "{name}");
    }
}

#[test]
fn until_bytes_counts_all_peers_together() {
    let bench = Bench::new();
    let mut listen = bench.json(&["listen", "127.0.0.1:0", "--until-bytes", "6"]);
    let at = listen.local();
    let (mut one, mut two) = (client(at), client(at));
    one.write_all(b"abc").expect("written");
    listen.event("received");
    two.write_all(b"def").expect("written");
    let ended = listen.end().exits(0);
    assert_eq!(ended.summary()["received_bytes"], 6);
    assert_eq!(ended.all("peer_left").len(), 2, "both are closed by us: {:?}", ended.events());
    assert!(ended.all("peer_left").iter().all(|left| left["reason"] == "local"));
}

#[test]
fn an_expectation_is_met_across_records_of_one_stream_only() {
    let bench = Bench::new();
    let mut listen = bench.json(&["listen", "127.0.0.1:0", "--expect", "needle", "--timeout", "20s"]);
    let at = listen.local();
    let (mut one, mut two) = (client(at), client(at));
    one.write_all(b"hay nee").expect("written");
    listen.event("received");
    two.write_all(b"dle hay").expect("written");
    listen.event("received");
    one.write_all(b"dle").expect("written");
    let ended = listen.end().exits(0);
    assert_eq!(ended.all("received").len(), 3);
}

#[test]
fn every_condition_has_to_hold() {
    let bench = Bench::new();
    let options = ["--expect", "A", "--expect-hex", "00 ff", "--until-bytes", "4", "--until-closed"];
    let mut listen = bench.json(&[&["listen", "127.0.0.1:0"][..], &options].concat());
    let mut peer = client(listen.local());
    for part in [&b"A"[..], b"\x00\xff", b"more"] {
        peer.write_all(part).expect("written");
        listen.event("received");
    }
    drop(peer);
    listen.end().exits(0);
}

#[test]
fn an_unmet_condition_is_one_when_the_time_is_over() {
    let bench = Bench::new();
    for (options, name) in [
        (&["--expect", "x"][..], "expect"),
        (&["--until-bytes", "1"], "until_bytes"),
        (&["--until-closed"], "until_closed"),
    ] {
        let started = Instant::now();
        let all = [&["listen", "127.0.0.1:0", "--timeout", "300ms", "--json"][..], options].concat();
        let ended = bench.ran(&all).exits(1);
        assert!(started.elapsed() >= Duration::from_millis(300));
        assert_eq!(ended.events(), ["listening", "closed", "summary"]);
        assert_eq!(ended.summary()["unmet"], serde_json::json!([name]));
    }
    let datagrams =
        bench.ran(&["listen", "udp://127.0.0.1:0", "--expect", "x", "--timeout", "0.2s", "--json"]).exits(1);
    assert_eq!(datagrams.events(), ["listening", "closed", "summary"]);
}

#[test]
fn for_ends_well_unless_a_condition_is_unmet() {
    let bench = Bench::new();
    let started = Instant::now();
    bench.ran(&["listen", "127.0.0.1:0", "--for", "300ms"]).exits(0);
    assert!(started.elapsed() >= Duration::from_millis(300));
    bench.ran(&["listen", "127.0.0.1:0", "--for", "100ms", "--until-bytes", "1"]).exits(1);
    bench.ran(&["listen", "udp://127.0.0.1:0", "--for", "100ms"]).exits(0);
}

#[test]
fn a_peer_that_closes_before_the_condition_is_met_makes_connect_fail() {
    let bench = Bench::new();
    for (wanted, code) in [("hello", 0), ("goodbye", 1)] {
        let (listener, at) = server();
        let mut connect = bench.json(&["connect", &at, "--expect", wanted, "--timeout", "20s"]);
        let (mut peer, _) = listener.accept().expect("accepted");
        peer.write_all(b"hello").expect("written");
        connect.event("received");
        drop(peer);
        let ended = connect.end().exits(code);
        assert_eq!(ended.text("received"), "hello");
        ended.summary();
    }
}

#[test]
fn connect_without_sends_reads_until_the_peer_closes() {
    let bench = Bench::new();
    let (listener, at) = server();
    let mut connect = bench.json(&["connect", &at]);
    let (mut peer, from) = listener.accept().expect("accepted");
    let connected = connect.event("connected");
    assert_eq!(connected["remote"], at);
    assert_eq!(connected["local"], from.to_string());
    assert!(connected["capture"].is_string());
    peer.write_all(b"some").expect("written");
    connect.event("received");
    peer.write_all(b"thing").expect("written");
    drop(peer);
    let ended = connect.end().exits(0);
    assert_eq!(ended.text("received"), "something");
    assert_eq!(ended.events()[0], "connected");
    let closed = ended.all("closed");
    assert_eq!(closed.len(), 1);
    assert_eq!(closed[0]["reason"], "peer_fin");
}

#[test]
fn connect_shuts_down_its_side_after_the_sends_and_reads_on() {
    let bench = Bench::new();
    let (listener, at) = server();
    let connect = bench.json(&["connect", &at, "--send", "question"]);
    let (mut peer, _) = listener.accept().expect("accepted");
    let mut asked = String::new();
    peer.read_to_string(&mut asked).expect("the end of the stream comes by itself");
    assert_eq!(asked, "question");
    peer.write_all(b"late answer").expect("written");
    drop(peer);
    let ended = connect.end().exits(0);
    assert_eq!(ended.text("sent"), "question");
    assert_eq!(ended.text("received"), "late answer");
}

#[test]
fn options_that_keep_connect_running_keep_its_side_open() {
    let bench = Bench::new();
    for options in [
        &["--no-shutdown"][..],
        &["--expect", "never"],
        &["--until-bytes", "99"],
        &["--until-closed"],
        &["--for", "20s"],
        &["--echo"],
        &["--reply", "x"],
    ] {
        let (listener, at) = server();
        let mut connect = bench.json(&[&["connect", &at, "--send", "a"][..], options].concat());
        let (mut peer, _) = listener.accept().expect("accepted");
        connect.event("sent");
        let mut byte = [0];
        peer.read_exact(&mut byte).expect("read");
        peer.set_read_timeout(Some(Duration::from_millis(150))).expect("set");
        let error = peer.read(&mut byte).expect_err("no end of the stream");
        assert!(matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut), "{options:?}");
        drop(peer);
        let code = i32::from(matches!(options[0], "--expect" | "--until-bytes"));
        connect.end().exits(code);
    }
}

#[test]
fn a_reset_ends_connect_with_one() {
    let bench = Bench::new();
    for options in [&[][..], &["--until-closed"], &["--send", "x", "--no-shutdown"]] {
        let (listener, at) = server();
        let mut connect = bench.json(&[&["connect", &at][..], options].concat());
        let (peer, _) = listener.accept().expect("accepted");
        connect.event("connected");
        if !options.is_empty() && options[0] == "--send" {
            connect.event("sent");
        }
        let peer = socket2::Socket::from(peer);
        peer.set_linger(Some(Duration::ZERO)).expect("set");
        drop(peer);
        let ended = connect.end().exits(1);
        assert_eq!(ended.all("closed")[0]["reason"], "reset", "{options:?}");
        ended.summary();
    }
}

#[test]
fn a_reset_after_the_condition_was_met_is_no_failure() {
    let bench = Bench::new();
    let (listener, at) = server();
    let connect = bench.json(&["connect", &at, "--expect", "ok"]);
    let (mut peer, _) = listener.accept().expect("accepted");
    peer.write_all(b"ok").expect("written");
    std::thread::sleep(Duration::from_millis(20));
    let peer = socket2::Socket::from(peer);
    peer.set_linger(Some(Duration::ZERO)).expect("set");
    drop(peer);
    connect.end().exits(0);
}

#[test]
fn a_peer_that_resets_does_not_end_listen() {
    let bench = Bench::new();
    let mut listen = bench.json(&["listen", "127.0.0.1:0", "--until-bytes", "2"]);
    let at = listen.local();
    let peer = socket2::Socket::from(client(at));
    listen.event("peer_joined");
    peer.set_linger(Some(Duration::ZERO)).expect("set");
    drop(peer);
    assert_eq!(listen.event("peer_left")["reason"], "reset");
    client(at).write_all(b"ok").expect("written");
    listen.end().exits(0);
}

#[test]
fn failures_to_open_are_one_with_an_error_and_a_summary() {
    let bench = Bench::new();
    let (_listener, taken) = server();
    let free = server().1;
    let datagrams = UdpSocket::bind("127.0.0.1:0").expect("bound");
    let taken_udp = format!("udp://{}", datagrams.local_addr().expect("an address"));
    let cases: &[(&[&str], &str, &str, &str)] = &[
        (&["listen", &taken], "address_in_use", "listen", &taken),
        (&["listen", &taken_udp], "address_in_use", "bind", &taken_udp[6..]),
        (&["connect", &free], "refused", "connect", &free),
        (&["listen", "192.0.2.1:5000"], "no_such_address", "listen", "192.0.2.1:5000"),
        (&["connect", "nowhere.invalid:80", "--timeout", "20s"], "resolve", "resolve", "nowhere.invalid:80"),
        (&["listen", "nowhere.invalid:80"], "resolve", "resolve", "nowhere.invalid:80"),
        (&["connect", &free, "--bind", "192.0.2.1"], "no_such_address", "bind", "192.0.2.1:0"),
    ];
    for (arguments, kind, operation, address) in cases {
        let ended = bench.json(arguments).end().exits(1);
        let errors = ended.all("error");
        assert_eq!(errors.len(), 1, "{arguments:?}: {ended:?}");
        assert_eq!(errors[0]["kind"], *kind, "{}", errors[0]);
        assert_eq!(errors[0]["operation"], *operation, "{}", errors[0]);
        assert_eq!(errors[0]["address"], *address, "{}", errors[0]);
        assert!(errors[0]["message"].as_str().is_some_and(|message| message.contains(address)), "{}", errors[0]);
        assert_eq!(ended.events()[0], "error", "{arguments:?}");
        ended.summary();

        let plain = bench.ran(arguments).exits(1);
        assert!(plain.stdout.is_empty() && plain.stderr.contains(address), "{plain:?}");
    }
}

/// A listener with a full backlog, which accepts no connection while the sockets exist.
pub fn deaf_server() -> (SocketAddr, Vec<socket2::Socket>) {
    let socket = || socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).expect("a socket");
    let full = socket();
    full.bind(&"127.0.0.1:0".parse::<SocketAddr>().expect("an address").into()).expect("bound");
    full.listen(0).expect("listening");
    let at = full.local_addr().ok().and_then(|at| at.as_socket()).expect("an address");
    let mut sockets = vec![full];
    for _ in 0..8 {
        let waiting = socket();
        waiting.set_nonblocking(true).expect("set");
        // Never completes.
        waiting.connect(&at.into()).ok();
        sockets.push(waiting);
    }
    (at, sockets)
}

#[test]
fn the_timeout_is_the_deadline_of_connecting() {
    let bench = Bench::new();
    let (at, _deaf) = deaf_server();
    let started = Instant::now();
    let ended = bench.json(&["connect", &at.to_string(), "--timeout", "400ms"]).end().exits(1);
    assert!(started.elapsed() >= Duration::from_millis(400), "{:?}", started.elapsed());
    assert_eq!(ended.all("error")[0]["kind"], "timeout", "{ended:?}");
}

#[test]
fn signals_end_with_a_summary() {
    let bench = Bench::new();
    for signal in [Signal::INT, Signal::TERM] {
        for (options, code) in [(&[][..], 0), (&["--until-bytes", "1", "--timeout", "30s"], 1)] {
            let mut listen = bench.json(&[&["listen", "127.0.0.1:0"][..], options].concat());
            listen.local();
            listen.signal(signal);
            let ended = listen.end().exits(code);
            assert_eq!(ended.events(), ["listening", "closed", "summary"]);
        }
    }
}

#[test]
fn an_unmet_condition_is_named_to_people() {
    let bench = Bench::new();
    let arguments = ["listen", "127.0.0.1:0", "--timeout", "200ms", "--until-bytes", "1", "--expect", "x"];
    bench.plain(&arguments).stderr_with("conditions not met: --until-bytes 1, --expect \"x\"");
}

#[test]
fn a_timeout_that_nothing_waits_for_is_refused() {
    let bench = Bench::new();
    bench.ran(&["listen", "127.0.0.1:0", "--timeout", "5s"]).exits(2);
}

#[test]
#[cfg(target_os = "linux")]
fn signals_ignored_by_the_parent_stay_ignored() {
    for (name, signal) in [("HUP", Signal::HUP), ("INT", Signal::INT)] {
        let bench = Bench::new();
        let listen = bench.command(&["listen", "127.0.0.1:0", "--until-bytes", "3", "--json"]);
        let mut command = std::process::Command::new("sh");
        command.args(["-c", &format!("trap '' {name}; exec \"$0\" \"$@\"")]);
        command.arg(listen.get_program()).args(listen.get_args()).stdin(Stdio::null());
        let mut listen = Process::start(command);
        let at = listen.local();
        listen.signal(signal);
        client(at).write_all(b"abc").expect("written");
        assert_eq!(listen.end().exits(0).summary()["received_bytes"], 3, "{name}");
    }
}

#[test]
fn after_a_signal_nothing_more_is_sent() {
    let bench = Bench::new();
    let (listener, at) = server();
    let mut connect = bench.json(&["connect", &at, "--send", "x", "--every", "20ms"]);
    let (mut peer, _) = listener.accept().expect("accepted");
    for _ in 0..3 {
        connect.event("sent");
    }
    connect.signal(Signal::INT);
    let ended = connect.end().exits(0);
    let mut all = Vec::new();
    peer.read_to_end(&mut all).expect("read");
    assert_eq!(all, ended.payload("sent"));
    assert_eq!(ended.summary()["sent_bytes"], all.len());
}

#[test]
fn a_signal_interrupts_a_long_connect() {
    let bench = Bench::new();
    let (at, _deaf) = deaf_server();
    let connect = bench.json(&["connect", &at.to_string(), "--timeout", "60s"]);
    std::thread::sleep(Duration::from_millis(300));
    let asked = Instant::now();
    connect.signal(Signal::TERM);
    let ended = connect.end().exits(0);
    assert!(asked.elapsed() < Duration::from_secs(5));
    assert_eq!(ended.all("closed")[0]["reason"], "local");
    ended.summary();
}

/// The exit status of a program that should stop soon. `meanwhile` is called repeatedly.
fn status_within(child: &mut std::process::Child, mut meanwhile: impl FnMut()) -> std::process::ExitStatus {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        match child.try_wait().expect("a status") {
            Some(status) => return status,
            None if Instant::now() > deadline => {
                child.kill().ok();
                panic!("does not end");
            }
            None => std::thread::sleep(Duration::from_millis(5)),
        }
        meanwhile();
    }
}

#[test]
fn a_reader_that_goes_away_is_a_clean_end() {
    let bench = Bench::new();
    for json in [true, false] {
        let mut command = bench.command(&["listen", "127.0.0.1:0"]);
        if json {
            command.arg("--json");
        }
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("started");
        let mut stderr = child.stderr.take().expect("piped");
        let mut stdout = child.stdout.take().expect("piped");
        let mut first = Vec::new();
        let mut byte = [0];
        while !first.ends_with(b"\n") {
            let from: &mut dyn Read = if json { &mut stdout } else { &mut stderr };
            from.read_exact(&mut byte).expect("a line");
            first.push(byte[0]);
        }
        drop(stdout);
        let line = String::from_utf8(first).expect("text");
        let at = if json {
            serde_json::from_str::<serde_json::Value>(&line).expect("JSON")["local"].as_str().map(str::to_owned)
        } else {
            line.trim().strip_prefix("listening on ").map(str::to_owned)
        };
        let mut peer = TcpStream::connect(at.expect("an address")).expect("connected");
        // Repeatedly: a program started by another test may briefly hold our end of the pipe.
        let status = status_within(&mut child, || {
            peer.write_all(b"anybody there?").ok();
        });
        assert_eq!(status.code(), Some(0));
    }
}

#[test]
fn a_reader_that_takes_nothing_does_not_hold_the_end() {
    let bench = Bench::new();
    for options in [&[][..], &["--for", "1s"]] {
        let mut command = bench.command(&[&["listen", "127.0.0.1:0", "--json", "--echo"][..], options].concat());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("started");
        let mut stdout = child.stdout.take().expect("piped");
        let mut first = Vec::new();
        let mut byte = [0];
        while !first.ends_with(b"\n") {
            stdout.read_exact(&mut byte).expect("a line");
            first.push(byte[0]);
        }
        let line: serde_json::Value = serde_json::from_slice(&first).expect("JSON");
        let at: SocketAddr = line["local"].as_str().and_then(|at| at.parse().ok()).expect("an address");
        // More than the pipe holds; from here on the pipe is not read.
        let mut peer = client(at);
        let mut written = peer.try_clone().expect("the same socket");
        let writer = wirebench::jobs::thread::spawn_named("writer", move || written.write_all(&vec![b'x'; 1 << 20]));
        peer.read_exact(&mut vec![0; 1 << 20]).expect("all of it was received and echoed");
        writer.expect("a thread").join().expect("joined").expect("written");
        if options.is_empty() {
            let pid = rustix::process::Pid::from_child(&child);
            rustix::process::kill_process(pid, Signal::TERM).expect("the process is there");
        }
        let status = status_within(&mut child, || {});
        assert_eq!(status.code(), Some(1), "not everything could be told");
    }
}
