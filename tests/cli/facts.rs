//! Facts about sockets that users check with such a tool: addresses of both ends, a port in use, peers that outlive a listener.

use crate::support::{Bench, python};

#[test]
fn both_ends_agree_on_their_addresses() {
    const FACTS: &str = r#"
import json, socket, sys
s = socket.create_connection((sys.argv[1], int(sys.argv[2])))
print(json.dumps({'family': s.family.name, 'local': s.getsockname()[:2], 'remote': s.getpeername()[:2]}))
s.close()
"#;
    let bench = Bench::new();
    for (endpoint, family) in [("tcp://127.0.0.1:0", "AF_INET"), ("tcp://[::1]:0", "AF_INET6")] {
        let mut listen = bench.json(&["listen", endpoint, "--until-closed"]);
        let at = listen.local();
        let client = python(FACTS, &[&at.ip().to_string(), &at.port().to_string()]).end().exits(0);
        let facts: serde_json::Value = serde_json::from_slice(&client.stdout).expect("JSON");
        assert_eq!(facts["family"], family);
        assert_eq!(facts["remote"][1], at.port());
        let ended = listen.end().exits(0);
        let peer: std::net::SocketAddr =
            ended.all("peer_joined")[0]["peer"].as_str().expect("a peer").parse().expect("an address");
        assert_eq!(facts["local"][1], peer.port());
        assert_eq!(facts["local"][0], peer.ip().to_string());
    }
}

#[test]
fn a_v4_peer_of_a_v6_listener_is_shown_as_v4() {
    let bench = Bench::new();
    let mut listen = bench.json(&["listen", "tcp://[::]:0", "--until-closed"]);
    let port = listen.local().port();
    let Ok(peer) = std::net::TcpStream::connect(("127.0.0.1", port)) else {
        // A system without dual stack has no such peers.
        return;
    };
    let from = peer.local_addr().expect("an address").to_string();
    drop(peer);
    assert_eq!(listen.end().exits(0).all("peer_joined")[0]["peer"], from);
}

#[test]
fn a_port_is_free_again_at_once() {
    let bench = Bench::new();
    let mut listen = bench.json(&["listen", "127.0.0.1:0", "--until-closed"]);
    let at = listen.local();
    drop(std::net::TcpStream::connect(at).expect("connected"));
    listen.end().exits(0);
    // Connections in TIME_WAIT do not hold the port.
    let again = bench.json(&["listen", &at.to_string(), "--for", "50ms"]);
    again.end().exits(0);
}

#[test]
fn host_names_are_looked_up() {
    let bench = Bench::new();
    let mut listen = bench.json(&["listen", "localhost:0", "--until-bytes", "2"]);
    let at = listen.local();
    assert!(at.ip().is_loopback());
    bench.json(&["connect", &format!("localhost:{}", at.port()), "--send", "hi"]).end().exits(0);
    listen.end().exits(0);
}
