//! Sent files: kept in the capture up to a size that the user chooses. For larger ones only a reference is stored, which is not
//! followed in foreign captures.
#![cfg(unix)]

use crate::support::{Bench, shown};
use std::fs;
use std::io::Read;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use wirebench::jobs::thread::spawn_named;

const CONTENT: &str = "the content of the file";

/// Sends `file` to a peer that reads all of it. Returns the capture's id.
fn sent(bench: &Bench, file: &Path, options: &[&str]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let at = format!("tcp://{}", listener.local_addr().expect("bound"));
    let peer = spawn_named("peer", move || {
        let (mut stream, _) = listener.accept().expect("accepted");
        stream.read_to_end(&mut Vec::new()).expect("read")
    });
    let run = bench.json(&[&["connect", &at, "--send-file", shown(file)], options].concat());
    let id = run.end().exits(0).summary()["capture"].as_str().expect("an id").to_owned();
    peer.expect("a thread").join().expect("read");
    id
}

fn meta_of(bench: &Bench, id: &str) -> PathBuf {
    bench.path("data").join("captures").join(id).join("meta.json")
}

/// The output and the messages of `captures show` for the sent data.
fn told(bench: &Bench, id: &str, options: &[&str]) -> (String, String) {
    let ended = bench.ran(&[&["captures", "show", id, "--direction", "sent"], options].concat());
    let ended = if ended.stdout.is_empty() { ended.exits(1) } else { ended.exits(0) };
    (String::from_utf8_lossy(&ended.stdout).into_owned(), ended.stderr)
}

/// Makes the capture look foreign: signed on another machine, or not at all, like captures of version 1.
fn take_away(bench: &Bench, id: &str, signature: Option<&str>) {
    let path = meta_of(bench, id);
    let mut meta: serde_json::Value = serde_json::from_slice(&fs::read(&path).expect("read")).expect("JSON");
    let object = meta.as_object_mut().expect("an object");
    assert!(object.remove("origin").is_some(), "it is signed");
    if let Some(signature) = signature {
        object.insert("origin".into(), signature.into());
    }
    fs::write(&path, meta.to_string()).expect("written");
}

#[test]
fn a_sent_file_is_kept_up_to_the_size_that_is_chosen() {
    let bench = Bench::new();
    // For the larger file: too large to be read at once.
    for (len, size, is_kept) in
        [(23, "0", false), (23, "22B", false), (23, "23B", true), (5 << 20, "6MiB", true), (5 << 20, "4MiB", false)]
    {
        let file = bench.file("sent.bin", CONTENT.repeat(len / CONTENT.len() + 1).get(..len).expect("long enough"));
        let id = sent(&bench, &file, &["--keep-files", size]);
        assert_eq!(told(&bench, &id, &[]).0.len(), len, "{len} {size}: it is there");
        fs::remove_file(&file).expect("removed");
        let (content, said) = told(&bench, &id, &[]);
        assert_eq!(content.len(), if is_kept { len } else { 0 }, "{len} {size}");
        assert_eq!(said.contains("the file that was sent has changed"), !is_kept, "{len} {size}: {said}");
    }
}

#[test]
fn the_files_of_a_strangers_capture_are_not_read_unasked() {
    let bench = Bench::new();
    let file = bench.file("secret", CONTENT);
    let id = sent(&bench, &file, &["--keep-files", "0"]);
    assert_eq!(told(&bench, &id, &[]).0, CONTENT, "our own");
    for signature in [None, Some("00000000000000000000000000000000"), Some("")] {
        let whole = fs::read(meta_of(&bench, &id)).expect("read");
        take_away(&bench, &id, signature);
        for (lang, why) in [("en", "not written on this machine"), ("zh-CN", "不是本程序在本机写入的")] {
            let (content, said) = told(&bench, &id, &["--lang", lang]);
            assert_eq!(content, "", "{said}");
            assert!(said.contains(why) && said.contains("--follow-files"), "{said}");
            let search = ["captures", "search", &id, "--text", "content", "--lang", lang];
            let said = bench.ran(&search).exits(1).stderr;
            assert!(said.contains("--follow-files"), "{said}");
        }
        let out = bench.path("out.bin");
        for format in ["raw", "jsonl", "log", "pcapng", "hexdump"] {
            let mut export = vec!["captures", "export", &id, "--format", format, "--out", shown(&out)];
            if format != "log" {
                export.extend(["--direction", "sent"]);
            }
            let ended = bench.ran(&export);
            assert!(ended.stderr.contains("--follow-files"), "{format}: {}", ended.stderr);
            let written = fs::read(&out).expect("read");
            assert!(!written.windows(7).any(|part| part == b"content"), "{format}");
        }
        assert_eq!(told(&bench, &id, &["--follow-files"]).0, CONTENT);
        bench.ran(&["captures", "search", &id, "--text", "content", "--follow-files"]).exits(0);
        bench.ran(&["captures", "export", &id, "--direction", "sent", "--out", shown(&out), "--follow-files"]).exits(0);
        assert_eq!(fs::read(&out).expect("read"), CONTENT.as_bytes());
        fs::write(meta_of(&bench, &id), whole).expect("written");
    }
}

#[test]
fn a_data_folder_that_was_moved_here_is_a_strangers() {
    let bench = Bench::new();
    let file = bench.file("secret", CONTENT);
    let id = sent(&bench, &file, &["--keep-files", "0"]);
    // The key is stored elsewhere: replace it by that of another machine.
    fs::remove_dir_all(bench.path("home")).expect("removed");
    let (content, said) = told(&bench, &id, &[]);
    assert!(content.is_empty() && said.contains("not written on this machine"), "{said}");
    let other = sent(&bench, &file, &["--keep-files", "0"]);
    assert_eq!(told(&bench, &other, &[]).0, CONTENT);
}

#[test]
fn a_link_or_pipe_in_the_place_of_a_sent_file_is_not_followed() {
    let bench = Bench::new();
    let (file, moved) = (bench.file("sent.bin", CONTENT), bench.path("moved.bin"));
    let id = sent(&bench, &file, &["--keep-files", "0"]);
    fs::rename(&file, &moved).expect("moved");
    std::os::unix::fs::symlink(&moved, &file).expect("linked");
    let (content, said) = told(&bench, &id, &[]);
    assert!(content.is_empty() && said.contains("reached by a link"), "{said}");
    assert_eq!(told(&bench, &id, &["--follow-files"]).0, CONTENT);
    fs::remove_file(&file).expect("removed");
    let mode = rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR;
    rustix::fs::mknodat(rustix::fs::CWD, &file, rustix::fs::FileType::Fifo, mode, 0).expect("a pipe");
    for asked in [&[][..], &["--follow-files"]] {
        // Must return, although no process writes to the pipe.
        let (content, said) = told(&bench, &id, asked);
        assert!(content.is_empty() && said.contains("regular file"), "{said}");
    }
}

#[test]
fn a_file_sent_through_a_link_is_read_where_it_lies() {
    let bench = Bench::new();
    let (file, link) = (bench.file("real.bin", CONTENT), bench.path("link.bin"));
    std::os::unix::fs::symlink(&file, &link).expect("linked");
    let id = sent(&bench, &link, &["--keep-files", "0"]);
    assert_eq!(told(&bench, &id, &[]).0, CONTENT);
}

#[test]
fn following_files_is_for_what_reads_them() {
    let bench = Bench::new();
    for command in [&["list"][..], &["import", "x"], &["delete", "last"]] {
        let ended = bench.ran(&[&["captures"], command, &["--follow-files"]].concat()).exits(2);
        assert!(ended.stderr.contains("--follow-files"), "{}", ended.stderr);
    }
}

#[test]
fn neighbouring_records_that_cannot_be_read_are_one_line_and_a_failure() {
    let bench = Bench::new();
    let file = bench.file("sent.bin", CONTENT);
    let again = ["--send-file", shown(&file)];
    let id = sent(&bench, &file, &[&["--keep-files", "0"], &again[..], &again].concat());
    fs::remove_file(&file).expect("removed");
    let show = ["captures", "show", &id, "--direction", "sent", "--json"];
    let count = bench.ran(&show).exits(1).all("sent").len();
    assert!(count > 1, "several records");
    for (lang, of_records, missing) in [
        ("en", format!(" ({count} records)"), format!("{count} records could not be read")),
        ("zh-CN", format!("（{count} 条记录）"), format!("{count} 条记录无法读取")),
    ] {
        let plain = ["captures", "show", &id, "--direction", "sent", "--lang", lang];
        for more in [&[][..], &["--frame", "line"]] {
            let said = bench.ran(&[&plain[..], more].concat()).exits(1).stderr;
            assert_eq!(said.lines().filter(|line| line.ends_with(&of_records)).count(), 1, "{said}");
            assert_eq!(said.lines().filter(|line| line.starts_with(&missing)).count(), 1, "{said}");
        }
        // Records that are not printed are not reported as missing.
        let said = bench.ran(&["captures", "show", &id, "--lang", lang]).exits(0).stderr;
        assert!(!said.contains(&missing), "{said}");
    }
}
