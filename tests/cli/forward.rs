//! `wirebench forward`.

use crate::support::Bench;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream, UdpSocket};
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(20);

#[test]
fn a_tcp_forward_prints_both_directions() {
    let bench = Bench::new();
    let target = TcpListener::bind("127.0.0.1:0").unwrap();
    let to = format!("tcp://{}", target.local_addr().unwrap());
    let mut forward = bench.json(&["forward", "tcp://127.0.0.1:0", "to", &to, "--until-bytes", "9"]);
    let mut client = TcpStream::connect(forward.local()).unwrap();
    client.set_read_timeout(Some(PATIENCE)).unwrap();
    let (mut server, _) = target.accept().unwrap();
    server.set_read_timeout(Some(PATIENCE)).unwrap();
    client.write_all(b"ask").unwrap();
    client.shutdown(Shutdown::Write).unwrap();
    let mut asked = Vec::new();
    server.read_to_end(&mut asked).unwrap();
    server.write_all(b"answer").unwrap();
    drop(server);
    let mut answer = Vec::new();
    client.read_to_end(&mut answer).unwrap();
    assert_eq!((asked.as_slice(), answer.as_slice()), (b"ask".as_slice(), b"answer".as_slice()));
    let ended = forward.end().exits(0);
    assert_eq!((ended.text("received"), ended.text("sent")), ("askanswer".into(), "askanswer".into()));
    let lines = [ended.all("received"), ended.all("sent")].concat();
    assert!(lines.iter().all(|line| line["pair"] == 1), "{lines:?}");
}

#[test]
fn a_udp_forward_keeps_the_borders() {
    let bench = Bench::new();
    let target = UdpSocket::bind("127.0.0.1:0").unwrap();
    target.set_read_timeout(Some(PATIENCE)).unwrap();
    let to = format!("udp://{}", target.local_addr().unwrap());
    let options = ["--idle-timeout", "30s", "--until-bytes", "8"];
    let mut forward = bench.json(&[&["forward", "udp://127.0.0.1:0", "to", &to][..], &options].concat());
    let client = UdpSocket::bind("127.0.0.1:0").unwrap();
    client.set_read_timeout(Some(PATIENCE)).unwrap();
    let local = forward.local();
    let mut buffer = [0; 64];
    for bytes in [b"one".as_slice(), b"", b"2"] {
        client.send_to(bytes, local).unwrap();
        let (count, from) = target.recv_from(&mut buffer).unwrap();
        assert_eq!(&buffer[..count], bytes);
        target.send_to(bytes, from).unwrap();
        let (count, from) = client.recv_from(&mut buffer).unwrap();
        assert_eq!((&buffer[..count], from), (bytes, local));
    }
    let ended = forward.end().exits(0);
    assert_eq!((ended.all("received").len(), ended.all("sent").len()), (6, 6));
}

#[test]
fn a_target_that_refuses_is_said_and_the_client_is_reset() {
    let bench = Bench::new();
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for (lang, says) in [("en", "nothing is listening on that port"), ("zh-CN", "拒绝")] {
        let to = format!("tcp://{gone}");
        let mut forward = bench.json(&["forward", "tcp://127.0.0.1:0", "to", &to, "--lang", lang, "--for", "20s"]);
        let mut client = TcpStream::connect(forward.local()).unwrap();
        client.set_read_timeout(Some(PATIENCE)).unwrap();
        let ended = client.read(&mut [0; 1]);
        assert!(matches!(ended, Ok(0) | Err(_)), "{ended:?}");
        let warning = forward.event("warning");
        let text = warning["message"].as_str().unwrap();
        assert!(text.contains(&gone.to_string()) && text.contains(says), "{text}");
        forward.kill();
    }
}

#[test]
fn wrong_arguments_are_wrong_usage() {
    let bench = Bench::new();
    let tcp = "tcp://127.0.0.1:1";
    for (arguments, says) in [
        (&["tcp://127.0.0.1:0", "into", tcp][..], "to"),
        (&["tcp://127.0.0.1:0", "to", "tcp://127.0.0.1:0"], "port 0"),
        (&["tcp://127.0.0.1:0", "to", "udp://127.0.0.1:1"], "both ends"),
        (&["tls://127.0.0.1:0", "to", tcp], "plain TCP or UDP"),
        (&["tcp://127.0.0.1:0", "to", tcp, "--send", "x"], "--send"),
        (&["tcp://127.0.0.1:0", "to", tcp, "--echo"], "--echo"),
        (&["tcp://127.0.0.1:0", "to", tcp, "--idle-timeout", "1s"], "--idle-timeout"),
        (&["udp://127.0.0.1:0", "to", "udp://127.0.0.1:1", "--connect-timeout", "1s"], "--connect-timeout"),
    ] {
        let ended = bench.ran(&[&["forward"][..], arguments].concat()).exits(2);
        assert!(ended.stderr.contains(says), "{arguments:?}: {}", ended.stderr);
    }
}

#[test]
fn a_forward_to_itself_is_an_error_in_both_languages() {
    let bench = Bench::new();
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for kind in ["tcp", "udp"] {
        for (lang, says) in
            [("en", "the forward leads back to its own listener"), ("zh-CN", "转发的目标就是它自己监听的地址")]
        {
            let at = format!("{kind}://{free}");
            let ended = bench.ran(&["forward", &at, "to", &at, "--lang", lang]).exits(1);
            assert!(ended.stderr.contains(says), "{}", ended.stderr);
        }
    }
}
