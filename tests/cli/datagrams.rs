//! UDP `connect`: replies are waited for, and a refusal by the system is a failure.

use crate::support::Bench;
use std::net::UdpSocket;
use std::time::{Duration, Instant};

fn server() -> (UdpSocket, String) {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("bound");
    socket.set_read_timeout(Some(Duration::from_secs(20))).expect("set");
    let at = format!("udp://{}", socket.local_addr().expect("an address"));
    (socket, at)
}

/// No socket is bound to this address, not even by another test.
const CLOSED: &str = "udp://127.77.0.2:9";

#[test]
fn the_answer_to_a_datagram_is_waited_for() {
    let bench = Bench::new();
    for (options, count) in [(&["--send", "a"][..], 1), (&["--send", "a", "--send", "b"], 2)] {
        let (socket, at) = server();
        let connect = bench.json(&[&["connect", &at][..], options].concat());
        let mut buffer = [0; 16];
        let mut from = None;
        for _ in 0..count {
            let (len, asker) = socket.recv_from(&mut buffer).expect("asked");
            assert_eq!(len, 1);
            from = Some(asker);
        }
        for answer in ["one", "two"].iter().take(count) {
            std::thread::sleep(Duration::from_millis(20));
            socket.send_to(answer.as_bytes(), from.expect("an asker")).expect("answered");
        }
        let ended = connect.end().exits(0);
        assert_eq!(ended.text("received"), ["one", "onetwo"][count - 1], "{options:?}");
    }
}

#[test]
fn no_answer_is_no_failure_unless_it_was_expected() {
    let bench = Bench::new();
    let (_socket, at) = server();
    for (options, waits_ms, code) in
        [(&[][..], 1000, 0), (&["--timeout", "100ms"], 100, 0), (&["--timeout", "100ms", "--expect", "x"], 100, 1)]
    {
        let started = Instant::now();
        bench.ran(&[&["connect", &at, "--send", "x"][..], options].concat()).exits(code);
        assert!(started.elapsed() >= Duration::from_millis(waits_ms), "{options:?}: {:?}", started.elapsed());
    }
}

#[test]
#[cfg(target_os = "linux")]
fn a_port_that_the_system_says_is_closed_is_a_failure() {
    let bench = Bench::new();
    for options in [&["--send", "x"][..], &["--send", "x", "--for", "300ms"], &["--send", "x", "--timeout", "20s"]] {
        let ended = bench.json(&[&["connect", CLOSED][..], options].concat()).end().exits(1);
        assert_eq!(ended.all("warning")[0]["kind"], "refused", "{options:?}");
        assert!(ended.summary().get("unmet").is_none());
    }
}

#[test]
#[cfg(target_os = "linux")]
fn what_came_back_is_not_said_to_be_unsent() {
    let bench = Bench::new();
    for (lang, sentence, not) in [
        ("en", "was not received: the host answered ICMP port unreachable, nothing is listening there", "Cannot send"),
        ("zh-CN", "的数据报未被接收：对端主机答复 ICMP 端口不可达，对端该端口没有程序监听", "无法发送"),
    ] {
        let said = bench.ran(&["connect", CLOSED, "--send", "hi", "--lang", lang]).exits(1).stderr;
        assert!(said.contains(sentence) && !said.contains(not), "{said}");
    }
}

#[test]
fn a_server_that_went_away_after_its_answer_is_none() {
    let bench = Bench::new();
    let (socket, at) = server();
    let mut connect = bench.json(&["connect", &at, "--send", "x", "--every", "50ms", "--for", "2s"]);
    let (_, from) = socket.recv_from(&mut [0; 16]).expect("asked");
    socket.send_to(b"answer", from).expect("answered");
    connect.event("received");
    drop(socket);
    connect.end().exits(0);
}
