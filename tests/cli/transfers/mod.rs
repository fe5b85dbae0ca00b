//! File transfers with headers: both roles beside Python programs, hostile peers, many clients, ends in the middle.

mod commands;
mod hostile;
mod talk;

use crate::support::{Bench, Ended, python, shown};
use std::fs;
use std::net::SocketAddr;
use std::path::Path;

const DOWNLOAD_SERVER: &str = include_str!("download_server.py");
const DOWNLOAD_CLIENT: &str = include_str!("download_client.py");
const PUT_SERVER: &str = include_str!("put_server.py");
const PUT_CLIENT: &str = include_str!("put_client.py");

fn folder(bench: &Bench, name: &str) -> std::path::PathBuf {
    let path = bench.path(name);
    fs::create_dir(&path).expect("made");
    path
}

fn content(len: usize) -> Vec<u8> {
    (0..len).map(|n| (n * 7 % 251) as u8).collect()
}

/// The names in a folder, sorted.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("listed").flatten();
    let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// (name, state, problem or verified) of each transfer that ended.
fn ends(ended: &Ended) -> Vec<(String, String, String)> {
    let text = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let lines = ended.all("transfer").into_iter().filter(|line| line["state"] == "done" || line["state"] == "failed");
    lines
        .map(|line| {
            let how = if line["state"] == "done" { &line["verified"] } else { &line["problem"] };
            (text(&line["name"]), text(&line["state"]), text(how))
        })
        .collect()
}

fn ended(name: &str, state: &str, how: &str) -> (String, String, String) {
    (name.to_owned(), state.to_owned(), how.to_owned())
}

fn host_and_port(at: SocketAddr) -> [String; 2] {
    [at.ip().to_string(), at.port().to_string()]
}

#[test]
fn files_are_fetched_from_a_python_server() {
    let bench = Bench::new();
    let (theirs, ours) = (folder(&bench, "theirs"), folder(&bench, "ours"));
    fs::write(theirs.join("big.bin"), content(3 << 20)).expect("written");
    fs::write(theirs.join("报告.txt"), "你好").expect("written");
    fs::write(theirs.join("empty"), "").expect("written");
    for encoding in ["utf-8", "gbk"] {
        let mut server = python(DOWNLOAD_SERVER, &[shown(&theirs), encoding]);
        let at = server.first_line();
        let fetch = ["connect", &at, "--encoding", encoding, "--overwrite", "--receive-files", shown(&ours)];
        let gets = ["--get", "big.bin", "--get", "报告.txt", "--get", "empty"];
        let fetched = bench.json(&[&fetch[..], &gets[..]].concat()).end().exits(0);
        let done = |name| ended(name, "done", "true");
        assert_eq!(ends(&fetched), [done("big.bin"), done("报告.txt"), done("empty")]);
        assert_eq!(fs::read(ours.join("big.bin")).expect("there"), content(3 << 20));
        assert_eq!(fs::read_to_string(ours.join("报告.txt")).expect("there"), "你好");
        assert_eq!(names(&ours), ["big.bin", "empty", "报告.txt"]);
        let missing = bench.json(&["connect", &at, "--get", "none", "--receive-files", shown(&ours)]).end().exits(1);
        assert_eq!(ends(&missing), [ended("none", "failed", "no_such_file")]);
        server.kill();
    }
}

#[test]
fn files_are_served_to_python_clients() {
    let bench = Bench::new();
    let (ours, theirs, outside) = (folder(&bench, "ours"), folder(&bench, "theirs"), bench.file("secret", "secret"));
    fs::write(ours.join("big.bin"), content(2 << 20)).expect("written");
    fs::create_dir(ours.join("sub")).expect("made");
    fs::write(ours.join("sub/报告.txt"), "x").expect("written");
    #[cfg(unix)]
    std::os::unix::fs::symlink(&outside, ours.join("link")).expect("linked");
    let mut listen = bench.json(&["listen", "127.0.0.1:0", "--serve-files", shown(&ours), "--until-closed"]);
    let [host, port] = host_and_port(listen.local());
    let asked = ["big.bin", "sub/报告.txt", "none", "../secret", shown(&outside), "link", "sub"];
    let arguments: Vec<&str> = [&host, &port, shown(&theirs)].into_iter().chain(asked).collect();
    let client = python(DOWNLOAD_CLIENT, &arguments).end().exits(0);
    let printed = String::from_utf8_lossy(&client.stdout).into_owned();
    let lines: Vec<&str> = printed.lines().collect();
    assert_eq!(&lines[..3], ["big.bin 2097152 right 2.0", "sub/报告.txt 1 right 0.0", "none missing"]);
    assert!(lines.len() == 7 && lines[3..].iter().all(|line| line.ends_with(" missing")), "{lines:?}");
    assert_eq!(fs::read(theirs.join("big.bin")).expect("there"), content(2 << 20));
    let listen = listen.end().exits(0);
    let problems: Vec<String> = ends(&listen).into_iter().map(|(_, _, how)| how).collect();
    assert_eq!(problems[..3], ["false", "false", "no_such_file"]);
    // On Windows there is no link, so there is no such file.
    assert!(problems[3..].iter().all(|how| how == "name" || how == "no_such_file"), "{problems:?}");
    // Each refusal is a record, and what was sent is marked as automatic.
    let id = listen.summary()["capture"].as_str().expect("a capture").to_owned();
    let shown = bench.ran(&["captures", "show", &id, "--json", "--show", "none"]).exits(0);
    assert_eq!(shown.all("warning").len(), 5, "{shown:?}");
}

#[test]
fn files_are_uploaded_to_python_servers() {
    let bench = Bench::new();
    let theirs = folder(&bench, "theirs");
    for (form, options, code, end) in [
        ("md5", &[][..], 0, ended("图 1.bin", "done", "true")),
        ("json", &["--plain-json"][..], 0, ended("图 1.bin", "done", "false")),
        ("lie", &[], 1, ended("图 1.bin", "failed", "peer_md5")),
    ] {
        for len in [0, 1, 1 << 20] {
            let file = bench.file("图 1.bin", content(len));
            let mut server = python(PUT_SERVER, &[shown(&theirs), form, "1"]);
            let at = server.first_line();
            let put = bench.json(&[&["connect", &at, "--put", shown(&file)][..], options].concat()).end().exits(code);
            assert_eq!(ends(&put), std::slice::from_ref(&end), "{form} {len}");
            server.end().exits(0);
            assert_eq!(fs::read(theirs.join("图 1.bin")).expect("there"), content(len), "{form} {len}");
        }
    }
}

#[test]
fn uploads_of_python_clients_are_received_in_both_forms() {
    let bench = Bench::new();
    let ours = folder(&bench, "ours");
    let file = bench.file("file", content(300_000));
    let mut listen = bench.json(&["listen", "127.0.0.1:0", "--receive-files", shown(&ours)]);
    let [host, port] = host_and_port(listen.local());
    for (name, form, printed) in
        [("a", "md5", "OK\n203\n"), ("b", "json", "200\n"), ("c", "wrong", "OK\n204\n"), ("c", "md5", "OK\n203\n")]
    {
        let client = python(PUT_CLIENT, &[&host, &port, shown(&file), name, form]).end().exits(0);
        assert_eq!(String::from_utf8_lossy(&client.stdout).replace('\r', ""), printed, "{name}");
    }
    listen.event_where("transfer", |line| line["name"] == "c" && line["state"] == "done");
    listen.event_where("peer_left", |_| true);
    assert_eq!(names(&ours), ["a", "b", "c"]);
    for name in ["a", "b", "c"] {
        assert_eq!(fs::read(ours.join(name)).expect("there"), content(300_000), "{name}");
    }
    listen.kill();
}

#[test]
fn many_clients_at_once_are_served_each_for_itself() {
    let bench = Bench::new();
    let (ours, served) = (folder(&bench, "ours"), folder(&bench, "served"));
    fs::write(served.join("f"), content(200_000)).expect("written");
    let file = bench.file("file", content(100_000));
    let mut listen =
        bench.json(&["listen", "127.0.0.1:0", "--serve-files", shown(&served), "--receive-files", shown(&ours)]);
    let [host, port] = host_and_port(listen.local());
    let theirs = folder(&bench, "theirs");
    let uploads: Vec<String> = (0..8).map(|n| format!("up {n}")).collect();
    let forms = ["md5", "json"].into_iter().cycle();
    let clients = uploads.iter().zip(forms).map(|(name, form)| {
        let folder = folder(&bench, &format!("theirs/{name}"));
        [
            python(PUT_CLIENT, &[&host, &port, shown(&file), name, form]),
            python(DOWNLOAD_CLIENT, &[&host, &port, shown(&folder), "f"]),
        ]
    });
    let clients: Vec<_> = clients.flatten().collect();
    for client in clients {
        client.end().exits(0);
    }
    for _ in 0..16 {
        listen.event_where("transfer", |line| line["state"] == "done");
    }
    for name in &uploads {
        assert_eq!(fs::read(ours.join(name)).expect("there"), content(100_000));
        assert_eq!(fs::read(theirs.join(name).join("f")).expect("there"), content(200_000));
    }
    assert_eq!(names(&ours), uploads);
    listen.kill();
}

#[test]
fn people_read_sentences_in_their_language() {
    let bench = Bench::new();
    let (ours, served) = (folder(&bench, "ours"), folder(&bench, "served"));
    fs::write(served.join("a.txt"), "abc").expect("written");
    let mut listen = bench.plain(&["listen", "127.0.0.1:0", "--serve-files", shown(&served), "--lang", "zh-CN"]);
    let at = listen.plain_local().to_string();
    let get = ["connect", &at, "--receive-files", shown(&ours), "--lang", "en", "--get"];
    let done = bench.plain(&[&get[..], &["a.txt"]].concat()).end().exits(0);
    let sentence = format!("Received \"a.txt\" from {at}: 3 bytes in ");
    assert!(done.stderr.contains(&sentence) && done.stderr.contains(", MD5 right"), "{done:?}");
    assert!(done.stdout.is_empty(), "{done:?}");
    let failed = bench.plain(&[&get[..], &["b.txt"]].concat()).end().exits(1);
    assert_eq!(failed.stderr.matches("The transfer of \"b.txt\" failed: there is no such file").count(), 1);
    listen.stderr_with("文件“b.txt”传输失败：没有这个文件");
    listen.kill();
}

#[test]
fn options_that_exclude_each_other_are_wrong_usage() {
    let bench = Bench::new();
    let dir = folder(&bench, "dir");
    let dir = shown(&dir);
    let file = bench.file("file", "x");
    let file = shown(&file);
    fs::write(bench.path("dir/old"), "").expect("written");
    for (arguments, says) in [
        (&["connect", "127.0.0.1:9", "--get", "a"][..], "--get: needs --receive-files"),
        (&["connect", "127.0.0.1:9", "--receive-files", dir], "--receive-files: needs --get"),
        (&["connect", "127.0.0.1:9", "--plain-json"], "--plain-json: needs --put"),
        (&["connect", "127.0.0.1:9", "--overwrite"], "--overwrite: needs --receive-files"),
        (&["connect", "127.0.0.1:9", "--get", "a", "--put", file], "--put"),
        (&["connect", "127.0.0.1:9", "--put", file, "--send", "x"], "--send"),
        (&["connect", "127.0.0.1:9", "--put", file, "--reconnect", "1s"], "--reconnect"),
        (&["connect", "udp://127.0.0.1:9", "--put", file], "applies to TCP only"),
        (&["connect", "127.0.0.1:9", "--put", dir], "is a folder, not a file"),
        (&["connect", "127.0.0.1:9", "--put", "none"], "--put"),
        (&["connect", "127.0.0.1:9", "--get", "old", "--receive-files", dir], "a file of this name exists"),
        (&["connect", "127.0.0.1:9", "--get", "..", "--receive-files", dir], "leads out of the folder"),
        (&["listen", "127.0.0.1:0", "--serve-files", dir, "--echo"], "--echo"),
        (&["listen", "127.0.0.1:0", "--serve-files", dir, "--reply", "x"], "--reply"),
        (&["listen", "127.0.0.1:0", "--receive-files", "none"], "--receive-files"),
        (&["listen", "127.0.0.1:0", "--receive-files", file], "is not a folder"),
        (&["listen", "udp://127.0.0.1:0", "--serve-files", dir], "applies to TCP only"),
    ] {
        let ran = bench.plain(&[arguments, &["--lang", "en"]].concat()).end().exits(2);
        assert!(ran.stderr.contains(says), "{arguments:?}: {ran:?}");
    }
}
