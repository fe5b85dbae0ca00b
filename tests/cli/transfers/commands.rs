//! Remote commands: both roles and both forms beside Python programs.

use super::host_and_port;
use crate::support::{Bench, Process, python};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Stdio;
use std::time::Duration;

const COMMAND_SERVER: &str = include_str!("command_server.py");
const COMMAND_CLIENT: &str = include_str!("command_client.py");

/// Started with standard input to write to.
fn typed(bench: &Bench, arguments: &[&str]) -> Process {
    let mut command = bench.command(arguments);
    command.stdin(Stdio::piped());
    Process::start(command)
}

#[test]
fn answers_of_a_python_server_are_printed_in_two_forms_and_encodings() {
    let bench = Bench::new();
    for (form, encoding) in [("length", "utf-8"), ("length", "gbk"), ("decimal", "gbk")] {
        let mut server = python(COMMAND_SERVER, &[form, encoding]);
        let at = server.first_line();
        let mut client = typed(&bench, &["connect", &at, "--commands", form, "--encoding", encoding]);
        client.write_stdin("ver\n\nlong\r\nnone\n目录\n");
        let client = client.end().exits(0);
        let long = "行 123\n".repeat(50_000);
        let printed = String::from_utf8_lossy(&client.stdout).replace("\r\n", "\n");
        assert!(printed == format!("版本 1\n{long}未知命令：目录\n"), "{form} {encoding}: {} bytes", printed.len());
        server.end().exits(0);
    }
}

#[test]
fn answers_are_json_lines() {
    let bench = Bench::new();
    let mut server = python(COMMAND_SERVER, &["length", "utf-8"]);
    let at = server.first_line();
    let mut client = typed(&bench, &["connect", &at, "--commands", "length", "--json"]);
    client.write_stdin("ver\nnone\n");
    client.close_stdin();
    let client = client.end().exits(0);
    let answers = client.all("answer");
    let of = |line: &serde_json::Value| (line["command"].clone(), line["len"].clone(), line["text"].clone());
    let answers: Vec<_> = answers.iter().map(of).collect();
    assert_eq!(answers, [("ver".into(), 9.into(), "版本 1\n".into()), ("none".into(), 0.into(), "".into())]);
    assert!(client.all("received").is_empty());
}

#[test]
fn an_answer_that_is_wrong_or_missing_is_a_failure() {
    let bench = Bench::new();
    for (answer, says) in [
        (&(-1_i32).to_le_bytes()[..], "the length of the head is -1"),
        (b"\x05\0\0\0ab", "the connection ended before the answer"),
        (b"", "the connection ended before the answer"),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let at = listener.local_addr().expect("bound").to_string();
        let mut client = typed(&bench, &["connect", &at, "--commands", "length", "--lang", "en"]);
        let (mut peer, _) = listener.accept().expect("a connection");
        client.write_stdin("dir\n");
        let mut command = [0; 3];
        peer.read_exact(&mut command).expect("the command");
        assert_eq!(&command, b"dir");
        peer.write_all(answer).expect("written");
        drop(peer);
        let client = client.end().exits(1);
        assert!(client.stderr.contains(says), "{client:?}");
    }
}

#[cfg(unix)]
#[test]
fn commands_of_python_clients_are_run_where_this_is_demanded() {
    let bench = Bench::new();
    for form in ["length", "decimal"] {
        let mut listen = bench.plain(&["listen", "127.0.0.1:0", "--serve-commands", form, "--lang", "en"]);
        let [host, port] = host_and_port(listen.plain_local());
        listen.stderr_with("can run commands with your rights");
        let commands = ["echo 你好", "echo out; echo err >&2", "true", "exit 3", "cat"];
        let arguments: Vec<&str> = [&*host, &*port, form].into_iter().chain(commands).collect();
        let client = python(COMMAND_CLIENT, &arguments).end().exits(0);
        let printed = String::from_utf8_lossy(&client.stdout).into_owned();
        assert_eq!(printed, "7 你好\n\n8 out\nerr\n\n0 \n0 \n0 \n", "{form}");
        listen.stderr_with("Answered \"cat\"");
        listen.kill();
    }
}

#[cfg(unix)]
#[test]
fn a_command_ends_with_its_client() {
    let bench = Bench::new();
    let mut listen = bench.json(&["listen", "127.0.0.1:0", "--serve-commands", "length"]);
    let mut peer = TcpStream::connect(listen.local()).expect("connected");
    let file = bench.path("alive");
    // The shell and its child hold the file as long as they live.
    let line = format!("exec 9>{}; flock 9; echo here; sleep 1000 & sleep 1000\n", file.display());
    peer.write_all(line.as_bytes()).expect("written");
    listen.event_where("transfer", |line| line["state"] == "began");
    // A FIN would leave it open whether the client still reads.
    socket2::SockRef::from(&peer).set_linger(Some(Duration::ZERO)).expect("set");
    drop(peer);
    let line = listen.event_where("transfer", |line| line["state"] == "failed");
    assert_eq!((line["kind"].as_str(), line["problem"].as_str()), (Some("command"), Some("ended_early")));
    let free = crate::support::peer("timeout", &["20", "flock", &file.display().to_string(), "true"]);
    free.end().exits(0);
    listen.kill();
}

#[test]
fn commands_are_served_on_loopback_addresses_only() {
    let bench = Bench::new();
    for (arguments, says) in [
        (&["listen", "0.0.0.0:0", "--serve-commands", "length"][..], "loopback"),
        (&["listen", "[::]:0", "--serve-commands", "length"], "loopback"),
        (&["listen", "localhost:0", "--serve-commands", "length"], "loopback"),
        (&["listen", "127.0.0.1:0", "--serve-commands", "other"], "length or decimal"),
        (&["listen", "udp://127.0.0.1:0", "--serve-commands", "length"], "TCP only"),
        (&["listen", "127.0.0.1:0", "--serve-commands", "length", "--echo"], "--echo"),
        (&["listen", "127.0.0.1:0", "--serve-commands", "length", "--serve-files", "."], "--serve-files"),
        (&["connect", "127.0.0.1:9", "--commands", "4"], "length or decimal"),
        (&["connect", "127.0.0.1:9", "--commands", "length", "--send", "x"], "--send"),
        (&["connect", "127.0.0.1:9", "--commands", "length", "--stdin"], "--stdin"),
        (&["connect", "127.0.0.1:9", "--commands", "length", "--put", "x"], "--put"),
    ] {
        let ran = bench.plain(&[arguments, &["--lang", "en"]].concat()).end().exits(2);
        assert!(ran.stderr.contains(says), "{arguments:?}: {ran:?}");
    }
}
