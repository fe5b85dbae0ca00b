//! Peers that lie, flood, stop in the middle, and names that lead elsewhere.

use super::{DOWNLOAD_CLIENT, PUT_CLIENT, content, ended, ends, folder, host_and_port, names};
use crate::support::{Bench, python, shown};
use std::fs;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};

fn with_length(json: &str) -> Vec<u8> {
    let len = i32::try_from(json.len()).expect("short");
    [&len.to_le_bytes(), json.as_bytes()].concat()
}

fn head(name: &str, len: &str) -> Vec<u8> {
    let name = serde_json::Value::from(name);
    with_length(&format!(r#"{{"action": "put", "filename": {name}, "filesize": {len}}}"#))
}

#[test]
fn names_that_lead_out_of_the_folder_are_refused() {
    let bench = Bench::new();
    let ours = folder(&bench, "ours");
    fs::write(ours.join("old"), "old").expect("written");
    let outside = bench.path("outside");
    #[cfg(unix)]
    std::os::unix::fs::symlink(&outside, ours.join("link")).expect("linked");
    #[cfg(not(unix))]
    fs::create_dir(ours.join("link")).expect("made");
    let before = names(&ours);
    let mut listen = bench.json(&["listen", "127.0.0.1:0", "--receive-files", shown(&ours)]);
    let at = listen.local();
    let long = "x".repeat(300);
    let attacks = [
        "../outside",
        "/tmp/outside",
        shown(&outside),
        "..",
        ".",
        "",
        "a/../../outside",
        "C:\\outside",
        "\\\\host\\share",
        "a\0b",
        "a\nb",
        "NUL",
        "com1.txt",
        "sub/a",
        "old",
        "link",
        "x.wirebench-part",
        &long,
    ];
    for name in attacks {
        let mut peer = TcpStream::connect(at).expect("connected");
        peer.write_all(&[&head(name, "3")[..], b"abc"].concat()).expect("written");
        let line = listen.event_where("transfer", |line| line["state"] == "failed");
        assert_eq!((line["problem"].as_str(), line["name"].as_str()), (Some("name"), Some(name)), "{name:?}");
        // The connection ends: what follows could not be understood.
        let mut rest = Vec::new();
        let end = peer.read_to_end(&mut rest);
        assert!(rest.is_empty() || end.is_err(), "{name:?} {rest:?}");
    }
    assert_eq!((names(&ours), fs::read(ours.join("old")).expect("there")), (before, b"old".to_vec()));
    assert!(!outside.exists());
    listen.kill();
}

#[test]
fn each_lie_of_a_client_is_one_failure_and_others_are_served() {
    let bench = Bench::new();
    let ours = folder(&bench, "ours");
    let mut listen = bench.json(&["listen", "127.0.0.1:0", "--receive-files", shown(&ours)]);
    let at = listen.local();
    for (bytes, problem) in [
        (vec![0xFF; 100_000], "head_length"),
        (vec![0, 0, 0, 0], "head_length"),
        (b"GET / HTTP/1.1\r\n\r\n".to_vec(), "head_length"),
        (with_length("no json"), "head_not_json"),
        (head("a", "-1"), "head_field"),
        (head("a", "\"3\""), "head_field"),
        ([&b"{\"x\": \""[..], &b"y".repeat(100_000)].concat(), "head_not_json"),
        ([head("a", "3"), b"uvwxyz".repeat(10)].concat(), "answer"),
        // An exabyte is announced; three bytes come.
        ([head("a", "1152921504606846976"), b"abc".to_vec()].concat(), "ended_early"),
        (head("a", "5")[..20].to_vec(), "ended_early"),
    ] {
        let mut peer = TcpStream::connect(at).expect("connected");
        // The connection may be closed before everything is written.
        peer.write_all(&bytes).ok();
        peer.shutdown(Shutdown::Write).ok();
        let line = listen.event_where("transfer", |line| line["state"] == "failed");
        assert_eq!(line["problem"], problem, "{:?}", &bytes[..bytes.len().min(40)]);
    }
    assert_eq!(names(&ours), [""; 0]);
    let file = bench.file("file", "whole");
    let [host, port] = host_and_port(at);
    python(PUT_CLIENT, &[&host, &port, shown(&file), "a", "md5"]).end().exits(0);
    listen.event_where("transfer", |line| line["state"] == "done");
    assert_eq!(names(&ours), ["a"]);
    listen.kill();
}

#[test]
fn each_lie_of_a_server_is_one_failure_without_a_file() {
    let bench = Bench::new();
    let ours = folder(&bench, "ours");
    let announced = |len: &str, md5: &str| with_length(&format!(r#"{{"lenth": {len}, "md5": "{md5}"}}"#));
    let zeros = "0".repeat(32);
    for (bytes, problem) in [
        ((-1_i32).to_le_bytes().to_vec(), "head_length"),
        (with_length("[]"), "head_not_json"),
        (announced("-3", &zeros), "head_field"),
        (announced("3", "x"), "head_field"),
        ([announced("3", &zeros), b"abc".to_vec()].concat(), "md5"),
        ([announced("9223372036854775807", &zeros), b"abc".to_vec()].concat(), "ended_early"),
        (Vec::new(), "ended_early"),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let at = listener.local_addr().expect("bound").to_string();
        let connect = bench.json(&["connect", &at, "--get", "a", "--receive-files", shown(&ours)]);
        let (mut peer, _) = listener.accept().expect("a connection");
        let mut name = [0; 1];
        peer.read_exact(&mut name).expect("a name");
        peer.write_all(&bytes).expect("written");
        peer.shutdown(Shutdown::Write).expect("open");
        let connect = connect.end().exits(1);
        assert_eq!(ends(&connect), [ended("a", "failed", problem)]);
        assert_eq!(names(&ours), [""; 0], "{problem}");
    }
}

#[test]
fn a_transfer_that_stops_in_the_middle_leaves_no_file() {
    let bench = Bench::new();
    let ours = folder(&bench, "ours");
    let file = bench.file("file", content(1 << 20));
    // The client dies.
    let mut listen = bench.json(&["listen", "127.0.0.1:0", "--receive-files", shown(&ours)]);
    let [host, port] = host_and_port(listen.local());
    let arguments = [&*host, &*port, shown(&file), "a", "half"];
    let mut client = python(PUT_CLIENT, &arguments);
    client.stdout_with("half");
    listen.event_where("transfer", |line| line["state"] == "began");
    client.kill();
    let line = listen.event_where("transfer", |line| line["state"] == "failed");
    assert_eq!(line["problem"], "ended_early");
    assert_eq!(names(&ours), [""; 0]);
    // The user stops the server.
    let mut client = python(PUT_CLIENT, &arguments);
    client.stdout_with("half");
    listen.event_where("transfer", |line| line["state"] == "began");
    #[cfg(unix)]
    {
        listen.signal(rustix::process::Signal::INT);
        let listen = listen.end().exits(0);
        assert_eq!(ends(&listen)[1..], [ended("a", "failed", "ended_early")]);
        assert_eq!(names(&ours), [""; 0]);
        client.kill();
        // The server is killed: only the unfinished file stays, under a name of its own.
        let mut listen = bench.json(&["listen", "127.0.0.1:0", "--receive-files", shown(&ours)]);
        let [host, port] = host_and_port(listen.local());
        let mut client = python(PUT_CLIENT, &[&*host, &*port, shown(&file), "a", "half"]);
        client.stdout_with("half");
        listen.event_where("transfer", |line| line["state"] == "began");
        listen.kill();
        assert!(!ours.join("a").exists() && names(&ours).iter().all(|name| name.ends_with(".wirebench-part")));
    }
    client.kill();
}

#[test]
fn a_client_that_leaves_while_it_is_served_disturbs_nobody() {
    let bench = Bench::new();
    let (served, theirs) = (folder(&bench, "served"), folder(&bench, "theirs"));
    // More than the buffers of both ends hold.
    fs::File::create(served.join("big")).expect("made").set_len(64 << 20).expect("room");
    fs::write(served.join("small"), "x").expect("written");
    let mut listen = bench.json(&["listen", "127.0.0.1:0", "--serve-files", shown(&served)]);
    let at = listen.local();
    let mut peer = TcpStream::connect(at).expect("connected");
    peer.write_all(b"big\n").expect("written");
    let mut some = [0; 1000];
    peer.read_exact(&mut some).expect("the beginning");
    drop(peer);
    let line = listen.event_where("transfer", |line| line["state"] == "failed");
    assert_eq!(line["problem"], "ended_early");
    let [host, port] = host_and_port(at);
    let client = python(DOWNLOAD_CLIENT, &[&*host, &*port, shown(&theirs), "small"]).end().exits(0);
    assert!(String::from_utf8_lossy(&client.stdout).contains("small 1 right"));
    listen.kill();
}
