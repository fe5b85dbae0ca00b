//! On a terminal, where payload and messages are interleaved; and in pipes, which contain the unchanged payload.

use crate::support::{Bench, Process, python};
use std::io::Write;
use std::net::{SocketAddr, TcpStream, UdpSocket};

/// Runs a program on a pseudo-terminal and copies its output.
const ON_A_TERMINAL: &str = r#"
import os, pty, subprocess, sys
master, slave = pty.openpty()
child = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=slave, stderr=slave)
os.close(slave)
while True:
    try:
        shown = os.read(master, 65536)
    except OSError:
        break
    if not shown:
        break
    os.write(1, shown)
sys.exit(child.wait())
"#;

fn on_a_terminal(bench: &Bench, arguments: &[&str]) -> Process {
    let program = bench.command(&[arguments, &["--lang", "en"]].concat());
    let words = std::iter::once(program.get_program()).chain(program.get_args());
    let words: Vec<&str> = words.map(|word| word.to_str().expect("UTF-8")).collect();
    python(ON_A_TERMINAL, &words)
}

fn local(shown: &mut Process) -> SocketAddr {
    let line = shown.first_line();
    line.trim().strip_prefix("listening on ").and_then(|at| at.parse().ok()).unwrap_or_else(|| panic!("{line:?}"))
}

#[test]
fn a_message_behind_data_without_a_line_end_stands_on_its_own_line() {
    let bench = Bench::new();
    let mut shown = on_a_terminal(&bench, &["listen", "127.0.0.1:0", "--until-closed"]);
    let mut peer = TcpStream::connect(local(&mut shown)).expect("connected");
    peer.write_all(b"par").expect("written");
    shown.stdout_with("par");
    peer.write_all(b"tial").expect("written");
    shown.stdout_with("partial");
    drop(peer);
    let ended = shown.end().exits(0);
    let text = String::from_utf8(ended.stdout).expect("text");
    assert!(text.lines().any(|line| line.trim_end() == "partial"), "{text:?}");
}

#[test]
fn what_comes_behind_a_shown_capture_stands_on_its_own_line() {
    let bench = Bench::new();
    let mut listen = bench.plain(&["listen", "127.0.0.1:0", "--until-closed"]);
    TcpStream::connect(listen.plain_local()).and_then(|mut peer| peer.write_all(b"no end")).expect("sent");
    assert_eq!(listen.end().exits(0).stdout, b"no end", "a pipe");
    assert_eq!(bench.ran(&["captures", "show", "last"]).exits(0).stdout, b"no end", "a pipe");
    // Messages are redirected, so that none of them ends the line.
    let program = bench.command(&["captures", "show", "last"]);
    let words = std::iter::once(program.get_program()).chain(program.get_args());
    let quiet = ["sh", "-c", r#"exec "$0" "$@" 2>/dev/null"#].map(std::ffi::OsStr::new);
    let words: Vec<&str> = quiet.into_iter().chain(words).map(|word| word.to_str().expect("UTF-8")).collect();
    assert_eq!(python(ON_A_TERMINAL, &words).end().exits(0).stdout, b"no end\r\n");
}

#[test]
fn datagrams_stand_on_a_line_each() {
    let bench = Bench::new();
    let mut shown = on_a_terminal(&bench, &["listen", "udp://127.0.0.1:0", "--until-bytes", "7"]);
    let at = local(&mut shown);
    let socket = UdpSocket::bind("127.0.0.1:0").expect("bound");
    for part in ["one", "tw\n", "3"] {
        socket.send_to(part.as_bytes(), at).expect("sent");
    }
    let ended = shown.end().exits(0);
    let text = String::from_utf8(ended.stdout).expect("text").replace('\r', "");
    assert!(text.contains("one\ntw\n3\n") && !text.contains("\n\n"), "{text:?}");
}

#[test]
fn a_pipe_has_the_payload_unchanged() {
    let bench = Bench::new();
    let mut listen = bench.plain(&["listen", "udp://127.0.0.1:0", "--until-bytes", "6"]);
    let at = listen.plain_local();
    let socket = UdpSocket::bind("127.0.0.1:0").expect("bound");
    for part in ["one", "two"] {
        socket.send_to(part.as_bytes(), at).expect("sent");
    }
    assert_eq!(listen.end().exits(0).stdout, b"onetwo");
}
