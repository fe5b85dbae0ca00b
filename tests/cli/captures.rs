//! Stored captures: list, show, export, delete; also after a kill.

use crate::support::{Bench, Process, shown};
use rustix::process::Signal;
use serde_json::Value;
use std::io::{Read, Write};
use std::net::{TcpStream, UdpSocket};

/// Records a listener that echoes to one peer, which sends `parts`. Returns the capture's id.
fn recorded(bench: &Bench, parts: &[&[u8]]) -> String {
    let mut listen = bench.json(&["listen", "127.0.0.1:0", "--echo", "--until-closed"]);
    let mut peer = TcpStream::connect(listen.local()).expect("connected");
    for part in parts {
        peer.write_all(part).expect("written");
        let mut echoed = vec![0; part.len()];
        peer.read_exact(&mut echoed).expect("read");
    }
    drop(peer);
    let ended = listen.end().exits(0);
    ended.summary()["capture"].as_str().expect("an id").to_owned()
}

fn list(bench: &Bench) -> Vec<Value> {
    bench.ran(&["captures", "list", "--json"]).exits(0).lines()
}

#[test]
fn nothing_was_captured_yet() {
    let bench = Bench::new();
    assert!(list(&bench).is_empty());
    bench.ran(&["captures", "list"]).exits(0);
    for arguments in
        [&["show", "last"][..], &["show", "nothing"], &["export", "last"], &["delete", "last"], &["delete", "../x"]]
    {
        let ended = bench.ran(&[&["captures"][..], arguments].concat()).exits(1);
        assert_eq!(ended.stderr.lines().count(), 1, "{}", ended.stderr);
    }
}

#[test]
fn captures_are_listed_newest_first() {
    let bench = Bench::new();
    let first = recorded(&bench, &[b"one"]);
    let second = recorded(&bench, &[b"two", b"three"]);
    let listed = list(&bench);
    let ids: Vec<_> = listed.iter().map(|capture| capture["id"].as_str().unwrap_or_default()).collect();
    assert_eq!(ids, [second.as_str(), first.as_str()]);
    for (capture, bytes) in listed.iter().zip([16, 6]) {
        assert_eq!(capture["state"], "closed");
        assert_eq!(capture["bytes"], bytes, "received and sent: {capture}");
        assert_eq!(capture["evicted_bytes"], 0);
        assert_eq!(capture["peers"], 1, "{capture}");
        assert!(capture["records"].as_u64().is_some_and(|records| records >= 6), "{capture}");
        assert!(
            capture["endpoint"].as_str().is_some_and(|endpoint| endpoint.starts_with("tcp://127.0.0.1:")),
            "{capture}"
        );
        assert!(capture["created"].as_str().is_some_and(|created| created.ends_with('Z')), "{capture}");
    }
    let table = bench.ran(&["captures", "list"]).exits(0);
    let table = String::from_utf8(table.stdout).expect("text");
    assert!(table.contains(&first) && table.contains(&second) && table.lines().count() == 3, "{table}");
    let peers = |line: &str| line.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).nth(4).map(str::to_owned);
    let column: Vec<_> = table.lines().filter_map(peers).collect();
    assert_eq!(column, ["Peers", "1", "1"], "{table}");
}

/// Text in the files of a capture may come from a foreign capture.
#[test]
fn what_a_captures_files_say_plays_no_tricks_with_the_terminal() {
    let bench = Bench::new();
    let id = recorded(&bench, &[b"one"]);
    let file = bench.path("data").join("captures").join(id).join("meta.json");
    let meta = std::fs::read_to_string(&file).expect("read");
    let set = |field: &str, text: &str| {
        let mut meta: Value = serde_json::from_str(&meta).expect("JSON");
        meta[field] = text.into();
        std::fs::write(&file, meta.to_string()).expect("written");
    };
    for (field, command) in
        [("endpoint", &["list"][..]), ("recovered_note", &["show", "last"]), ("state", &["show", "last"])]
    {
        set(field, "\u{1B}[31mred\u{9B}0m");
        let ended = bench.ran(&[&["captures"][..], command].concat());
        let told = [String::from_utf8_lossy(&ended.stdout).as_ref(), &ended.stderr].concat();
        assert!(told.contains("[31mred"), "{field}: {told:?}");
        assert!(!told.contains(|c: char| c.is_control() && c != '\n'), "{field}: {told:?}");
    }
}

#[test]
fn a_capture_is_shown_as_it_was_told() {
    let bench = Bench::new();
    let id = recorded(&bench, &[b"caf", b"\xc3", b"\xa9!"]);
    let ended = bench.ran(&["captures", "show", &id, "--json"]).exits(0);
    let names = ended.events();
    assert_eq!(names[..2], ["listening", "peer_joined"]);
    assert_eq!(names.last().map(String::as_str), Some("closed"));
    assert_eq!(ended.text("received"), "café!");
    assert_eq!(ended.payload("sent"), "café!".as_bytes());

    let plain = bench.ran(&["captures", "show", "last"]).exits(0);
    assert_eq!(String::from_utf8(plain.stdout).expect("text"), "café!");
    let hex = bench.ran(&["captures", "show", "last", "--show", "hex", "--direction", "sent"]).exits(0);
    assert_eq!(String::from_utf8(hex.stdout).expect("text"), "63 61 66\nc3\na9 21\n");
}

#[test]
fn a_part_of_a_capture_begins_with_whole_characters() {
    let bench = Bench::new();
    let id = recorded(&bench, &[b"caf", b"\xc3", b"\xa9!"]);
    let all = bench.ran(&["captures", "show", &id, "--json"]).exits(0);
    let last = all.all("received").last().cloned().expect("three records");
    let from = last["seq"].to_string();
    let part = bench.ran(&["captures", "show", &id, "--json", "--from", &from, "--count", "1"]).exits(0);
    assert_eq!(part.lines(), [last]);
    assert_eq!(part.text("received"), "é!");
}

#[test]
fn bytes_are_exported_by_direction_and_peer() {
    let bench = Bench::new();
    let mut listen = bench.json(&["listen", "udp://127.0.0.1:0", "--reply-upper", "--until-bytes", "6"]);
    let at = listen.local();
    let sockets: Vec<_> = (0..2).map(|_| UdpSocket::bind("127.0.0.1:0").expect("bound")).collect();
    for (socket, text) in [(&sockets[0], "ab"), (&sockets[1], "cd"), (&sockets[0], "ef")] {
        socket.send_to(text.as_bytes(), at).expect("sent");
        listen.event("sent");
    }
    listen.end().exits(0);
    let peer = sockets[0].local_addr().expect("an address").to_string();
    let out = bench.file("out", "an older and longer content");
    for (options, bytes) in [
        (&[][..], "abcdef"),
        (&["--direction", "sent"], "ABCDEF"),
        (&["--peer", &peer], "abef"),
        (&["--peer", &peer, "--direction", "sent"], "ABEF"),
    ] {
        bench.ran(&[&["captures", "export", "last", "--out", shown(&out)][..], options].concat()).exits(0);
        assert_eq!(std::fs::read_to_string(&out).expect("read"), bytes, "{options:?}");
        let piped = bench.ran(&[&["captures", "export", "last"][..], options].concat()).exits(0);
        assert_eq!(piped.stdout, bytes.as_bytes());
    }
}

#[test]
fn captures_are_deleted_but_not_while_they_are_written() {
    let bench = Bench::new();
    let first = recorded(&bench, &[b"one"]);
    let second = recorded(&bench, &[b"two"]);
    let mut listen = bench.json(&["listen", "127.0.0.1:0"]);
    let open = listen.event("listening")["capture"].as_str().expect("an id").to_owned();
    let listed = list(&bench);
    assert_eq!(listed.len(), 3);
    assert_eq!(listed[0]["state"], "open");
    let refused = bench.ran(&["captures", "delete", &open]).exits(1);
    assert!(refused.stderr.contains("still writing it"), "{}", refused.stderr);
    bench.ran(&["captures", "delete", &first, &second]).exits(0);
    let listed = list(&bench);
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0]["id"], open.as_str());
    listen.signal(Signal::TERM);
    listen.end().exits(0);
    bench.ran(&["captures", "delete", "last"]).exits(0);
    assert!(list(&bench).is_empty());
}

#[test]
fn an_open_capture_can_be_read_meanwhile() {
    let bench = Bench::new();
    let mut listen = bench.json(&["listen", "127.0.0.1:0"]);
    let mut peer = TcpStream::connect(listen.local()).expect("connected");
    peer.write_all(b"already here").expect("written");
    listen.event("received");
    assert_eq!(bench.ran(&["captures", "export", "last"]).exits(0).stdout, b"already here");
}

#[test]
fn a_killed_process_loses_nothing_that_was_told() {
    let bench = Bench::new();
    let mut listen = bench.json(&["listen", "127.0.0.1:0"]);
    let mut peer = TcpStream::connect(listen.local()).expect("connected");
    let mut told = Vec::new();
    for part in 0..20 {
        let part = format!("part {part};");
        peer.write_all(part.as_bytes()).expect("written");
        listen.event("received");
        told.extend_from_slice(part.as_bytes());
    }
    listen.signal(Signal::KILL);
    let ended = listen.end();
    assert_eq!(ended.code, None, "it was killed");
    let listed = list(&bench);
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0]["state"], "recovered", "{listed:?}");
    assert_eq!(listed[0]["bytes"], told.len());
    assert_eq!(bench.ran(&["captures", "export", "last"]).exits(0).stdout, told);
    let shown = bench.ran(&["captures", "show", "last", "--json"]).exits(0);
    assert_eq!(shown.payload("received"), told);
}

#[test]
fn the_size_limit_evicts_the_oldest_and_says_so() {
    let bench = Bench::new();
    let mut listen = bench.json(&[
        "listen",
        "127.0.0.1:0",
        "--capture-limit",
        "1MiB",
        "--show",
        "none",
        "--until-closed",
        "--timeout",
        "25s",
    ]);
    let mut peer = TcpStream::connect(listen.local()).expect("connected");
    let block: Vec<u8> = (0..4_000_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    peer.write_all(&block).expect("written");
    drop(peer);
    let summary = listen.end().exits(0).summary();
    assert_eq!(summary["received_bytes"], block.len());
    assert_eq!(summary["stored_bytes"], block.len());
    let evicted = summary["evicted_bytes"].as_u64().expect("a number");
    assert!(evicted >= 2_900_000, "{summary}");
    let listed = &list(&bench)[0];
    assert_eq!(listed["evicted_bytes"], evicted);
    let kept = bench.ran(&["captures", "export", "last"]).exits(0);
    assert!(kept.stdout == block[block.len() - kept.stdout.len()..], "what is kept is the newest");
    assert_eq!(kept.stdout.len() as u64 + evicted, block.len() as u64);
    assert!(kept.stderr.contains("deleted"), "{}", kept.stderr);
}

#[test]
fn a_capture_is_found_by_its_beginning() {
    let bench = Bench::new();
    let id = recorded(&bench, &[b"x"]);
    let beginning = &id[..id.len() - 1];
    assert_eq!(bench.ran(&["captures", "export", beginning]).exits(0).stdout, b"x");
    let piped = Process::start(bench.command(&["captures", "show", beginning])).end().exits(0);
    assert_eq!(piped.stdout, b"x");
}

#[test]
fn captures_older_than_the_retention_are_deleted_and_named_by_the_next_run() {
    let bench = Bench::new();
    let old = recorded(&bench, &[b"old"]);
    let notes = bench.path("data").join("captures").join("notes");
    std::fs::create_dir(&notes).expect("made");
    std::fs::write(notes.join("thesis.txt"), b"years of work").expect("written");
    for kept in ["forever", "30d"] {
        let ended = bench.ran(&["listen", "127.0.0.1:0", "--for", "10ms", "--keep-for", kept]).exits(0);
        assert!(!ended.stderr.contains(&old), "{}", ended.stderr);
    }
    // The arrival time of the files cannot be set: they must actually become older than this.
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(20);
    let said = loop {
        let ended = bench.ran(&["listen", "127.0.0.1:0", "--for", "100ms", "--keep-for", "1s"]).exits(0);
        if ended.stderr.contains(&old) {
            break ended.stderr;
        }
        assert!(std::time::Instant::now() < deadline, "it is never deleted");
    };
    assert!(said.contains("Deleted"), "{said}");
    assert!(!bench.path("data").join("captures").join(&old).exists());
    assert!(notes.join("thesis.txt").is_file(), "what is no capture stays");
    for wrong in ["", "7", "0d", "-1d", "never"] {
        bench.ran(&["listen", "127.0.0.1:0", &format!("--keep-for={wrong}")]).exits(2);
    }
}

#[test]
fn an_empty_or_short_or_ambiguous_name_deletes_nothing() {
    let bench = Bench::new();
    let only = recorded(&bench, &[b"x"]);
    for name in ["", " ", "2", &only[..7]] {
        let refused = bench.ran(&["captures", "delete", name]).exits(2);
        assert!(!refused.stderr.is_empty());
        let refused = bench.ran(&["captures", "delete", &only, name, "--lang", "zh-CN"]).exits(2);
        assert!(!refused.stderr.is_ascii(), "{}", refused.stderr);
        assert_eq!(list(&bench).len(), 1, "{name:?}");
    }
    for command in [&["show", ""][..], &["export", ""], &["search", "", "--text", "x"]] {
        bench.ran(&[&["captures"], command].concat()).exits(2);
    }
    recorded(&bench, &[b"y"]);
    let ambiguous = bench.ran(&["captures", "delete", &only[..8]]).exits(2);
    assert!(ambiguous.stderr.contains(&only), "{}", ambiguous.stderr);
    assert_eq!(list(&bench).len(), 2);
    bench.ran(&["captures", "delete", &only[..18]]).exits(0);
    assert_eq!(list(&bench).len(), 1);
}

#[test]
fn a_capture_that_is_not_there_or_not_clear_is_named() {
    let bench = Bench::new();
    let (first, _) = (recorded(&bench, &[b"x"]), recorded(&bench, &[b"y"]));
    let ended = bench.ran(&["captures", "show", &first[..4]]).exits(2);
    assert!(ended.stderr.contains(&first), "{}", ended.stderr);
    let ended = bench.ran(&["captures", "delete", "nothing", "--lang", "zh-CN"]).exits(1);
    assert!(ended.stderr.contains("nothing") && !ended.stderr.is_ascii(), "{}", ended.stderr);
}

#[test]
fn bytes_are_found_across_records_in_both_directions() {
    let bench = Bench::new();
    let id = recorded(&bench, &[b"temp=2", b"3.5;hum", b"=48;TEMP=7\xFF"]);
    let hits = |arguments: &[&str]| {
        let arguments = [&["captures", "search", &id, "--json"][..], arguments].concat();
        bench.ran(&arguments).exits(0).lines()
    };
    let found = hits(&["--text", "temp=23"]);
    let ways: Vec<_> = found.iter().map(|hit| hit["direction"].as_str().unwrap_or_default()).collect();
    assert_eq!((found.len(), ways.contains(&"received"), ways.contains(&"sent")), (2, true, true), "{found:?}");
    let hit = &hits(&["--text", "temp=23", "--direction", "received"])[0];
    assert_eq!((&hit["offset"], &hit["len"], &hit["context_before"]), (&0.into(), &7.into(), &0.into()));
    assert_eq!(hit["context_hex"], "74656d703d32332e353b68756d", "the match, and what follows in its last record");
    assert!(hit["end_record"].as_u64() > hit["record"].as_u64(), "{hit}");
    assert!(hit["time"].as_str().is_some_and(|time| time.ends_with('Z')), "{hit}");
    let peer = hit["peer"].as_str().expect("a peer").to_owned();
    assert_eq!(hits(&["--text", "TEMP", "--ignore-case", "--peer", &peer]).len(), 4);
    assert_eq!(hits(&["--hex", "3D ?7 FF", "--direction", "sent"]).len(), 1);
}

#[test]
fn a_search_ends_with_one_where_nothing_is_found_and_two_where_it_makes_no_sense() {
    let bench = Bench::new();
    let id = recorded(&bench, &[b"temp=23"]);
    let search = |arguments: &[&str]| bench.ran(&[&["captures", "search", &id][..], arguments].concat());
    assert!(search(&["--text", "none"]).exits(1).stdout.is_empty());
    assert_eq!(search(&["--text", "none", "--count"]).exits(1).stdout, b"0\n");
    assert_eq!(search(&["--text", "temp", "--count"]).exits(0).stdout, b"2\n");
    assert_eq!(search(&["--regex", r"\d+$", "--count", "--json"]).exits(0).stdout, b"{\"count\":2}\n");
    let plain = search(&["--hex", "3D ?? 3?", "--direction", "received"]).exits(0);
    let plain = String::from_utf8(plain.stdout).expect("text");
    assert!(plain.contains("+4") && plain.trim_end().ends_with("74 65 6d 70 3d 32 33  temp=23"), "{plain}");
    for wrong in [
        &[][..],
        &["--text", ""],
        &["--hex", "0g"],
        &["--hex", "??"],
        &["--regex", "("],
        &["--text", "a", "--hex", "01"],
        &["--hex", "01", "--regex", "a"],
        &["--hex", "01", "--ignore-case"],
        &["--regex", "a", "--encoding", "GBK"],
        &["--text", "a", "--encoding", "nothing"],
        &["--text", "€", "--encoding", "Latin-1"],
        &["--text", "a", "--peer", "x"],
        &["--text", "a", "--direction", "up"],
    ] {
        let ended = search(wrong).exits(2);
        assert!(ended.stdout.is_empty() && ended.stderr.lines().count() <= 2, "{wrong:?}: {}", ended.stderr);
    }
    let chinese = recorded(&bench, &[b"\xC4\xE3\xBA\xC3"]);
    let arguments = ["captures", "search", &chinese, "--text", "你好", "--encoding", "GBK", "--count"];
    assert_eq!(bench.ran(&arguments).exits(0).stdout, b"2\n");
}

#[test]
fn a_run_whose_capture_is_gone_fails_at_its_end() {
    let bench = Bench::new();
    let mut listen = bench.json(&["listen", "127.0.0.1:0"]);
    let mut peer = TcpStream::connect(listen.local()).expect("connected");
    peer.write_all(b"kept").expect("written");
    listen.event("received");
    std::fs::remove_dir_all(bench.path("data").join("captures")).expect("removed");
    let error = listen.event("error");
    assert_eq!((&error["kind"], &error["operation"]), (&"capture_failed".into(), &"store".into()));
    listen.signal(Signal::TERM);
    listen.end().exits(1).summary();
}
