//! `ports`, `ping` and `lookup`.

use crate::support::Bench;
use serde_json::Value;
use std::net::{SocketAddr, TcpListener};

fn lines(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

fn stdout(ended: &crate::support::Ended) -> String {
    String::from_utf8_lossy(&ended.stdout).into_owned()
}

#[test]
#[cfg(any(target_os = "linux", windows))]
fn ports_lists_a_listener_with_its_program() {
    let bench = Bench::new();
    let mut listen = bench.json(&["listen", "127.0.0.1:0", "--for", "60s"]);
    let at = listen.local();
    let all = lines(&stdout(&bench.ran(&["ports", "--json"]).exits(0)));
    let own = all.iter().find(|socket| socket["local"] == at.to_string() && socket["state"] == "listen");
    let own = own.expect("the listener");
    assert_eq!((&own["protocol"], &own["remote"]), (&"tcp".into(), &Value::Null));
    assert!(own["pid"].is_u64() && own["process"].as_str().is_some_and(|name| name.starts_with("wirebench")), "{own}");
    for (lang, heads) in [("en", "Protocol"), ("zh-CN", "协议")] {
        let table = stdout(&bench.ran(&["ports", "--lang", lang]).exits(0));
        assert!(table.starts_with(heads), "{table}");
        let row = table.lines().find(|row| row.contains(&format!("{at} "))).expect("a row");
        assert!(row.starts_with("TCP") && row.contains("listen") && row.contains("wirebench"), "{row}");
    }
    listen.kill();
}

#[test]
fn ping_has_a_line_for_each_connect_and_a_summary() {
    let bench = Bench::new();
    let listener = TcpListener::bind("127.0.0.1:0").expect("bound");
    let at = listener.local_addr().expect("an address").to_string();
    let ended = bench.ran(&["ping", &at, "-n", "3", "--every", "1ms", "--json"]).exits(0);
    let all = lines(&stdout(&ended));
    assert_eq!(all.len(), 4, "{all:?}");
    for (round, line) in all[..3].iter().enumerate() {
        assert_eq!((&line["event"], &line["remote"]), (&"answer".into(), &at.clone().into()));
        assert_eq!(line["round"], round + 1);
        assert!(line["us"].is_u64());
    }
    let summary = &all[3];
    assert_eq!((&summary["asked"], &summary["answered"]), (&3.into(), &3.into()));
    let of = |name: &str| summary[name].as_u64().expect("a time");
    assert!(of("min_us") <= of("mean_us") && of("mean_us") <= of("max_us"), "{summary}");
    for (lang, said) in [("en", "2 asked, 2 answered; min "), ("zh-CN", "询问 2 次，应答 2 次；最短 ")] {
        let ended = bench.ran(&["ping", &at, "-n", "2", "--every", "1ms", "--lang", lang]).exits(0);
        assert_eq!(stdout(&ended).lines().filter(|line| line.contains(&at)).count(), 2);
        assert!(ended.stderr.contains(said), "{}", ended.stderr);
    }
}

#[test]
fn a_port_that_refuses_is_one_sentence_and_exit_code_1() {
    let bench = Bench::new();
    // A port that belongs to a socket that does not listen.
    let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).expect("a socket");
    socket.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into()).expect("bound");
    let at = socket.local_addr().expect("an address").as_socket().expect("IPv4").to_string();
    let ended = bench.ran(&["ping", &at, "-n", "1", "--lang", "en"]).exits(1);
    assert!(ended.stderr.contains("nothing is listening") && ended.stderr.contains(&at), "{}", ended.stderr);
    assert!(ended.stderr.contains("1 asked, 0 answered"), "{}", ended.stderr);
    for wrong in
        [&["ping", "udp://127.0.0.1:9"][..], &["ping", "127.0.0.1:0"], &["ping", &at, "-n", "0"], &["lookup", ""]]
    {
        bench.ran(wrong).exits(2);
    }
}

#[test]
fn lookup_shows_all_addresses_and_says_why_there_are_none() {
    let bench = Bench::new();
    let all = lines(&stdout(&bench.ran(&["lookup", "127.0.0.1", "--json"]).exits(0)));
    assert_eq!((&all[0]["name"], &all[0]["addresses"][0]), (&"127.0.0.1".into(), &"127.0.0.1".into()));
    let ended = bench.ran(&["lookup", "localhost", "--lang", "en"]).exits(0);
    assert!(stdout(&ended).contains("IPv4  127.0.0.1") || stdout(&ended).contains("IPv6  ::1"), "{}", stdout(&ended));
    assert!(ended.stderr.contains(" in "), "{}", ended.stderr);
    let ended = bench.ran(&["lookup", "no.such.host.invalid", "--lang", "en"]).exits(1);
    assert!(ended.stderr.contains("no.such.host.invalid") && ended.stdout.is_empty(), "{}", ended.stderr);
}
