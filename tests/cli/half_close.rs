//! A peer that has shut down its side still gets what was to be sent, or the run says that it does not.

use crate::support::{Bench, shown};
use rustix::process::Signal;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::process::Stdio;
use std::time::Duration;

fn server() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("bound");
    let at = listener.local_addr().expect("an address").to_string();
    (listener, at)
}

#[test]
fn a_server_that_shuts_down_at_once_still_gets_the_sends() {
    let bench = Bench::new();
    let file = bench.file("file", vec![b'f'; 3 << 20]);
    for _ in 0..5 {
        let (listener, at) = server();
        let connect = bench.json(&["connect", &at, "--send", "hello", "--send-file", shown(&file)]);
        let (mut peer, _) = listener.accept().expect("accepted");
        peer.shutdown(Shutdown::Write).expect("shut down");
        let mut all = Vec::new();
        peer.read_to_end(&mut all).expect("everything, then a FIN");
        assert_eq!((&all[..5], all.len()), (&b"hello"[..], 5 + (3 << 20)));
        let ended = connect.end().exits(0);
        assert_eq!(ended.summary()["sent_bytes"], all.len());
    }
}

#[test]
fn a_slow_reader_gets_everything_after_its_own_fin() {
    let bench = Bench::new();
    let file = bench.file("file", vec![b's'; 30 << 20]);
    let mut listen =
        bench.json(&["listen", "127.0.0.1:0", "--send-file", shown(&file), "--show", "none", "--for", "60s"]);
    let mut peer = TcpStream::connect(listen.local()).expect("connected");
    peer.shutdown(Shutdown::Write).expect("shut down");
    let mut part = vec![0; 2 << 20];
    for _ in 0..2 {
        peer.read_exact(&mut part).expect("a part");
        // Twice this is more than how often a reader that has sent its FIN is looked at.
        std::thread::sleep(Duration::from_millis(2800));
    }
    let mut rest = Vec::new();
    peer.read_to_end(&mut rest).expect("the rest, then a FIN");
    assert_eq!(rest.len() + 2 * part.len(), 30 << 20);
    assert_eq!(listen.event("peer_left")["reason"], "peer_fin");
    listen.signal(Signal::TERM);
    let ended = listen.end().exits(0);
    assert_eq!(ended.summary()["sent_bytes"], 30 << 20);
    assert_eq!(ended.all("warning").len(), 0);
}

#[test]
fn a_reader_that_takes_nothing_after_its_fin_is_given_up_and_that_is_told() {
    let bench = Bench::new();
    let file = bench.file("file", vec![b'd'; 30 << 20]);
    let mut listen =
        bench.json(&["listen", "127.0.0.1:0", "--send-file", shown(&file), "--show", "none", "--for", "60s"]);
    let peer = TcpStream::connect(listen.local()).expect("connected");
    peer.shutdown(Shutdown::Write).expect("shut down");
    let warning = listen.event("warning");
    assert_eq!((&warning["kind"], &warning["operation"]), (&"timeout".into(), &"send".into()));
    assert_eq!(listen.event("peer_left")["reason"], "peer_fin");
    listen.signal(Signal::TERM);
    let ended = listen.end();
    assert!(ended.all("warning").iter().any(|warning| warning["kind"] == "closed"), "{:?}", ended.lines());
}

#[test]
fn what_stood_behind_standard_input_is_not_forgotten_silently() {
    let bench = Bench::new();
    let (listener, at) = server();
    let mut command = bench.command(&["connect", &at, "--stdin", "--send", "behind", "--json"]);
    command.stdin(Stdio::piped());
    let mut connect = crate::support::Process::start(command);
    let (mut peer, _) = listener.accept().expect("accepted");
    connect.write_stdin("first");
    let mut first = [0; 5];
    peer.read_exact(&mut first).expect("the first");
    peer.write_all(b"bye").expect("written");
    drop(peer);
    connect.event("closed");
    let ended = connect.end().exits(1);
    let errors = ended.all("error");
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert_eq!((&errors[0]["kind"], &errors[0]["operation"]), (&"closed".into(), &"send".into()));
    ended.summary();
}
