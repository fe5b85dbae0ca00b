//! `--save-append`, `--save-each`, `--save-size`, `--save-every`: where received bytes are written.

use crate::support::{Bench, shown};
use std::fs;
use std::io::Write;
use std::net::{Shutdown, TcpStream, UdpSocket};
use std::path::Path;

/// The files of a folder with their contents, by name.
fn files(folder: &Path) -> Vec<(String, String)> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let name = |path: &Path| path.file_name().expect("a name").to_string_lossy().into_owned();
    let mut files: Vec<_> = entries.map(|path| (name(&path), fs::read_to_string(&path).expect("readable"))).collect();
    files.sort();
    files
}

/// Sends `pieces`, each over a connection of its own, to `listen` with these options. Returns the local ports.
fn saved(bench: &Bench, options: &[&str], pieces: &[&[u8]], code: i32) -> Vec<u16> {
    let mut ports = Vec::new();
    let total: usize = pieces.iter().map(|piece| piece.len()).sum();
    let total = total.to_string();
    let mut listen = bench.json(&[&["listen", "127.0.0.1:0", "--until-bytes", &total][..], options].concat());
    let at = listen.local();
    for piece in pieces {
        let mut peer = TcpStream::connect(at).expect("connected");
        ports.push(peer.local_addr().expect("an address").port());
        peer.write_all(piece).expect("sent");
        peer.shutdown(Shutdown::Write).expect("shut down");
        listen.event("peer_left");
    }
    listen.end().exits(code);
    ports
}

fn pair(name: &str, content: &str) -> (String, String) {
    (name.to_owned(), content.to_owned())
}

#[test]
fn another_file_begins_exactly_at_the_size() {
    let bench = Bench::new();
    let folder = bench.path("out");
    fs::create_dir(&folder).expect("a folder");
    let path = folder.join("a.bin");
    saved(&bench, &["--save", shown(&path), "--save-size", "4"], &[b"abcdefghij"], 0);
    assert_eq!(files(&folder), [pair("a-001.bin", "abcd"), pair("a-002.bin", "efgh"), pair("a-003.bin", "ij")]);
    // The next run goes on behind the last file.
    saved(&bench, &["--save", shown(&path), "--save-size", "4", "--save-append"], &[b"klm"], 0);
    assert_eq!(files(&folder)[2..], [pair("a-003.bin", "ijkl"), pair("a-004.bin", "m")]);
    // Without it the files are replaced.
    saved(&bench, &["--save", shown(&path), "--save-size", "4"], &[b"ABCD"], 0);
    assert_eq!(files(&folder)[0], pair("a-001.bin", "ABCD"));
}

#[test]
fn a_peer_that_connects_again_has_a_new_file() {
    let bench = Bench::new();
    let folder = bench.path("out");
    fs::create_dir(&folder).expect("a folder");
    let path = folder.join("from {peer}.txt");
    let ports = saved(&bench, &["--save", shown(&path), "--save-each"], &[b"one", b"two"], 0);
    let mut expected = vec![
        pair(&format!("from 127.0.0.1_{}.txt", ports[0]), "one"),
        pair(&format!("from 127.0.0.1_{}.txt", ports[1]), "two"),
    ];
    expected.sort();
    assert_eq!(files(&folder), expected);
}

#[test]
fn a_file_can_be_appended_to() {
    let bench = Bench::new();
    let path = bench.file("log.bin", "old ");
    saved(&bench, &["--save", shown(&path), "--save-append"], &[b"new"], 0);
    assert_eq!(fs::read(&path).expect("read"), b"old new");
}

#[test]
fn a_datagram_is_never_split() {
    let bench = Bench::new();
    let folder = bench.path("out");
    fs::create_dir(&folder).expect("a folder");
    let path = folder.join("u-{n}");
    let mut listen =
        bench.json(&["listen", "udp://127.0.0.1:0", "--until-bytes", "11", "--save", shown(&path), "--save-size", "5"]);
    let (socket, at) = (UdpSocket::bind("127.0.0.1:0").expect("bound"), listen.local());
    for datagram in [&b"abc"[..], b"de", b"fghijk"] {
        socket.send_to(datagram, at).expect("sent");
        listen.event("received");
    }
    listen.end().exits(0);
    assert_eq!(files(&folder), [pair("u-001", "abcde"), pair("u-002", "fghijk")]);
}

#[test]
fn after_the_time_another_file_begins() {
    let bench = Bench::new();
    let folder = bench.path("out");
    fs::create_dir(&folder).expect("a folder");
    let path = folder.join("t.bin");
    saved(&bench, &["--save", shown(&path), "--save-every", "1ms"], &[b"a", b"b"], 0);
    assert!((1..=2).contains(&files(&folder).len()), "{:?}", files(&folder));
    let all: String = files(&folder).into_iter().map(|(_, content)| content).collect();
    assert_eq!(all, "ab");
    // Within the time nothing changes.
    let hour = folder.join("h.bin");
    saved(&bench, &["--save", shown(&hour), "--save-every", "1h"], &[b"a", b"b"], 0);
    assert!(files(&folder).contains(&pair("h-001.bin", "ab")), "{:?}", files(&folder));
}

#[test]
fn what_cannot_be_written_is_an_error() {
    let bench = Bench::new();
    let folder = bench.path("out");
    fs::create_dir_all(folder.join("a-002.bin")).expect("a folder in the way");
    let path = folder.join("a.bin");
    saved(&bench, &["--save", shown(&path), "--save-size", "2"], &[b"abc"], 1);
    assert_eq!(fs::read(folder.join("a-001.bin")).expect("read"), b"ab");
    let missing = bench.path("none").join("a.bin");
    let ended = bench.ran(&["listen", "127.0.0.1:0", "--save", shown(&missing), "--save-each"]).exits(2);
    assert!(ended.stderr.contains("--save"), "{}", ended.stderr);
    for option in [&["--save-append"][..], &["--save-each"], &["--save-size", "1"], &["--save-every", "1s"]] {
        let ended = bench.ran(&[&["listen", "127.0.0.1:0"][..], option].concat()).exits(2);
        assert!(ended.stderr.contains("--save"), "{}", ended.stderr);
    }
}
