//! A peer that has half-closed still receives all sends, or the run reports that it does not.

use crate::support::{Bench, Process, python, shown};
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
        // More than twice the interval at which a half-closed reader is checked.
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
    // The peer may have closed only its write side; that it does not read is noticed when it is sent something.
    connect.event("half_closed");
    connect.write_stdin("more");
    assert_eq!(connect.event("peer_left")["reason"], "reset");
    let ended = connect.end().exits(1);
    ended.summary();
}

/// Serves one connection: shuts down its write side immediately and reads to the end.
const LISTENS_ONLY: &str = "
import socket, sys
s = socket.socket(); s.bind((sys.argv[1], 0))
s.listen(); print(s.getsockname()[1]); sys.stdout.flush()
c, _ = s.accept(); c.shutdown(socket.SHUT_WR)
total = b''
while True:
    part = c.recv(65536)
    if not part: break
    total += part
print(len(total), total[-6:].decode())
";

#[test]
fn a_pipe_is_sent_to_its_end_to_a_peer_that_only_listens() {
    let bench = Bench::new();
    let mut peer = python(LISTENS_ONLY, &["127.0.0.1"]);
    let at = format!("127.0.0.1:{}", peer.first_line());
    let mut command = bench.command(&["connect", &at, "--send", "first", "--stdin", "--send", "behind", "--json"]);
    command.stdin(Stdio::piped());
    let mut connect = Process::start(command);
    connect.event("half_closed");
    for _ in 0..20 {
        connect.write_stdin(vec![b'p'; 50_000]);
    }
    connect.close_stdin();
    let ended = connect.end().exits(0);
    assert_eq!(ended.summary()["sent_bytes"], 5 + 1_000_000 + 6);
    assert_eq!(ended.all("peer_left")[0]["reason"], "peer_fin");
    peer.stdout_with(format!("{} behind", 5 + 1_000_000 + 6));
    peer.end().exits(0);
}

#[test]
fn a_listener_sends_its_pipe_to_a_client_that_only_listens() {
    let bench = Bench::new();
    let mut command = bench.command(&["listen", "127.0.0.1:0", "--stdin", "--until-closed", "--json"]);
    command.stdin(Stdio::piped());
    let mut listen = Process::start(command);
    let local = listen.local();
    let mut peer = crate::support::peer("ncat", &["127.0.0.1", &local.port().to_string()]);
    peer.close_stdin();
    listen.event("half_closed");
    listen.write_stdin("later");
    peer.stdout_with("later");
    listen.write_stdin(" and last");
    listen.close_stdin();
    assert_eq!(listen.event("peer_left")["reason"], "peer_fin");
    listen.end().exits(0);
    assert_eq!(peer.end().stdout, b"later and last");
}

#[test]
fn a_peer_that_comes_when_all_is_sent_and_closes_its_side_is_let_go() {
    let bench = Bench::new();
    let mut listen = bench.json(&["listen", "127.0.0.1:0", "--stdin", "--until-closed"]);
    let peer = TcpStream::connect(listen.local()).expect("connected");
    peer.shutdown(Shutdown::Write).expect("shut down");
    assert_eq!(listen.event("peer_left")["reason"], "peer_fin");
    listen.end().exits(0);
}

#[test]
fn a_half_closed_peer_is_told_and_still_answered() {
    let bench = Bench::new();
    let mut listen = bench.json(&["listen", "127.0.0.1:0", "--keep-half-open", "--stdin"]);
    let at = listen.local();
    let peer = TcpStream::connect(at).expect("connected");
    listen.event("peer_joined");
    peer.shutdown(Shutdown::Write).expect("shut down");
    assert_eq!(listen.event("half_closed")["peer"], peer.local_addr().expect("an address").to_string());
    listen.signal(Signal::INT);
    listen.end().exits(0);

    let (listener, at) = server();
    let mut command = bench.command(&["connect", &at, "--keep-half-open", "--stdin", "--json"]);
    command.stdin(Stdio::piped());
    let mut connect = Process::start(command);
    let (mut peer, _) = listener.accept().expect("accepted");
    peer.shutdown(Shutdown::Write).expect("shut down");
    connect.event("half_closed");
    connect.write_stdin("still here");
    connect.close_stdin();
    let mut all = String::new();
    peer.read_to_string(&mut all).expect("read");
    assert_eq!(all, "still here");
    connect.end().exits(0);
}

#[test]
fn an_answer_is_complete_before_a_half_closed_peer_is_let_go() {
    let bench = Bench::new();
    let mut listen = bench.json(&["listen", "127.0.0.1:0", "--echo", "--until-closed"]);
    let at = listen.local().to_string();
    let peer = python(
        "import socket,sys\nh,p=sys.argv[1].rsplit(':',1)\ns=socket.create_connection((h,int(p)))\n\
         s.sendall(b'x'*300000)\ns.shutdown(socket.SHUT_WR)\nn=0\n\
         while True:\n d=s.recv(65536)\n if not d: break\n n+=len(d)\nprint(n)",
        &[&at],
    );
    let answered = peer.end().exits(0);
    assert_eq!(String::from_utf8_lossy(&answered.stdout).trim(), "300000");
    let ended = listen.end().exits(0);
    assert_eq!(ended.summary()["sent_bytes"], 300_000);
}
