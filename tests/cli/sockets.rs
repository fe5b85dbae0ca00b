//! Options of sockets, and the facts of connections.

use crate::support::{Bench, python};
use serde_json::Value;

/// Accepts one client, sends a word, and closes or resets.
const SERVER: &str = r#"
import socket, sys
s = socket.create_server(('127.0.0.1', 0))
print(s.getsockname()[1], flush=True)
c, _ = s.accept()
c.sendall(b'hello')
if sys.argv[1] == 'reset':
    c.recv(1)
    c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b'\x01\0\0\0\0\0\0\0')
c.close()
"#;

fn facts(ended: &crate::support::Ended) -> Value {
    let all = ended.all("facts");
    assert_eq!(all.len(), 1, "{:?}", ended.events());
    all[0].clone()
}

#[test]
fn facts_of_a_client_name_both_ends_times_queues_and_options() {
    let bench = Bench::new();
    let mut server = python(SERVER, &["fin"]);
    let at = format!("127.0.0.1:{}", server.first_line().trim());
    let ended = bench
        .json(&[
            "connect",
            &at,
            "--facts",
            "--ttl",
            "9",
            "--keep-alive",
            "30s,5s,3",
            "--send-buffer",
            "64k",
            "--no-delay",
            "off",
            "--until-closed",
        ])
        .end()
        .exits(0);
    let facts = facts(&ended);
    assert_eq!((&facts["remote"], &facts["peer"]), (&at.clone().into(), &at.into()));
    let connected = &ended.all("connected")[0];
    assert_eq!(facts["local"], connected["local"]);
    assert_eq!((&facts["opened_by"], &facts["closed"]), (&"us".into(), &"peer_fin".into()));
    assert!(facts["connect_us"].is_u64() && facts["resolve_us"].is_null(), "{facts}");
    assert_eq!(facts["queues"]["waiting"], 0);
    let options = &facts["options"];
    assert_eq!((&options["ttl"], &options["no-delay"]), (&"9".into(), &"off".into()));
    #[cfg(target_os = "linux")]
    {
        assert_eq!(options["keep-alive"], "30s,5s,3");
        // socket(7): the kernel doubles the value.
        assert_eq!(options["send-buffer"], "131072");
    }
    // The facts come before the end of the connection.
    let events = ended.events();
    let place = |name: &str| events.iter().position(|event| event == name).expect("the event");
    assert!(place("received") < place("facts") && place("facts") < place("peer_left"), "{events:?}");
}

#[test]
fn facts_tell_a_reset_from_a_fin_and_from_our_own_close() {
    let bench = Bench::new();
    let mut server = python(SERVER, &["reset"]);
    let at = format!("127.0.0.1:{}", server.first_line().trim());
    let ended = bench.json(&["connect", &at, "--facts", "--send", "x", "--no-shutdown"]).end().exits(1);
    assert_eq!(facts(&ended)["closed"], "reset");

    let mut listen = bench.json(&["listen", "127.0.0.1:0", "--facts", "--until-bytes", "1"]);
    let mut peer = std::net::TcpStream::connect(listen.local()).expect("connected");
    std::io::Write::write_all(&mut peer, b"x").expect("written");
    let ended = listen.end().exits(0);
    let facts = facts(&ended);
    assert_eq!((&facts["closed"], &facts["opened_by"]), (&"local".into(), &"peer".into()));
    assert_eq!(facts["remote"], peer.local_addr().expect("an address").to_string());
}

#[test]
fn facts_of_a_udp_socket_come_at_its_end() {
    let bench = Bench::new();
    let mut listen =
        bench.json(&["listen", "udp://127.0.0.1:0", "--facts", "--receive-buffer", "64k", "--until-bytes", "1"]);
    let at = listen.local();
    let socket = std::net::UdpSocket::bind("127.0.0.1:0").expect("bound");
    socket.send_to(b"x", at).expect("sent");
    let facts = facts(&listen.end().exits(0));
    assert_eq!((&facts["local"], &facts["closed"]), (&at.to_string().into(), &"local".into()));
    assert!(facts["remote"].is_null() && facts["tcp"].is_null() && facts["peer"].is_null(), "{facts}");
    #[cfg(target_os = "linux")]
    assert_eq!((&facts["options"]["receive-buffer"], &facts["kernel_dropped"]), (&"131072".into(), &0.into()));
}

#[test]
fn facts_are_lines_for_people_without_json() {
    let bench = Bench::new();
    for (lang, lines) in [
        ("en", ["Local address: 127.0.0.1:", "Opened by: this side", "Round-trip time: ", "TTL: 9"]),
        ("zh-CN", ["本地地址：127.0.0.1:", "发起方：本端", "往返时间：", "TTL：9"]),
    ] {
        let mut server = python(SERVER, &["fin"]);
        let at = server.first_line();
        let at = format!("127.0.0.1:{}", at.trim());
        let arguments = ["connect", &at, "--lang", lang, "--facts", "--ttl", "9", "--until-closed"];
        let ended = bench.plain(&arguments).end().exits(0);
        assert_eq!(ended.stdout, b"hello");
        let said = ended.stderr.clone();
        // Not every system gives what TCP knows.
        let knows_tcp = cfg!(target_os = "linux");
        for line in lines.into_iter().filter(|line| knows_tcp || !line.contains("ime: ") && !line.contains("往返")) {
            assert!(said.contains(line), "{lang} {line}: {said}");
        }
    }
}

#[test]
#[cfg(target_os = "linux")]
fn reset_on_close_and_backlog_and_only_v6_reach_the_system() {
    let bench = Bench::new();
    let mut listen = bench.json(&["listen", "127.0.0.1:0", "--reset-on-close", "on", "--until-bytes", "1"]);
    let mut peer = std::net::TcpStream::connect(listen.local()).expect("connected");
    std::io::Write::write_all(&mut peer, b"x").expect("written");
    listen.end().exits(0);
    let read = std::io::Read::read(&mut peer, &mut [0; 8]);
    assert_eq!(read.map_err(|error| error.kind()), Err(std::io::ErrorKind::ConnectionReset));

    let mut listen = bench.json(&["listen", "tcp://[::]:0", "--only-v6", "on", "--for", "20s"]);
    let port = listen.local().port();
    let refused = std::net::TcpStream::connect(("127.0.0.1", port)).map_err(|error| error.kind());
    assert_eq!(refused.err(), Some(std::io::ErrorKind::ConnectionRefused));
    assert!(std::net::TcpStream::connect(("::1", port)).is_ok());
    listen.kill();
}

#[test]
fn a_wrong_option_is_refused_in_one_sentence_that_names_it() {
    let bench = Bench::new();
    for (arguments, said) in [
        (&["connect", "127.0.0.1:9", "--ttl", "0"][..], "--ttl \"0\": should be a whole number from 1 to 255"),
        (&["connect", "127.0.0.1:9", "--no-delay", "yes"], "--no-delay \"yes\": should be on or off"),
        (&["connect", "127.0.0.1:9", "--keep-alive", "30"], "--keep-alive \"30\": should be off or IDLE"),
        (&["connect", "127.0.0.1:9", "--backlog", "5"], "--backlog: does not apply to a TCP client"),
        (&["listen", "udp://127.0.0.1:0", "--no-delay", "on"], "--no-delay: does not apply to UDP"),
        (&["connect", "udp://127.0.0.1:9", "--connect-timeout", "1s"], "--connect-timeout: does not apply to UDP"),
    ] {
        let ended = bench.ran(arguments).exits(2);
        let stderr = &ended.stderr;
        assert!(stderr.contains(said) && stderr.trim().lines().count() == 1, "{arguments:?}: {stderr}");
    }
    let ended = bench.json(&["listen", "127.0.0.1:0", "--only-v6", "on"]).end().exits(1);
    let error = &ended.all("error")[0];
    assert_eq!((&error["operation"], &error["kind"]), (&"set_option".into(), &"invalid".into()));
    let message = error["message"].as_str().expect("a sentence");
    assert!(message.contains("only-v6=on") && message.contains("127.0.0.1:0"), "{message}");
}
