//! `tls://` over streams that are cut, spoiled or broken off on the way.

use crate::support::Bench;
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;
use wirebench::jobs::thread::spawn_named;

/// What happens on the way from the server to the client.
#[derive(Clone, Copy)]
enum Way {
    /// All bytes arrive, in pieces of this size.
    Pieces(usize),
    /// The byte at this offset arrives with another value.
    Spoiled(usize),
    /// The stream ends after so many bytes.
    Ends(usize),
}

/// Relays one connection to `server` and returns the address to connect to.
fn relay(server: SocketAddr, way: Way) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    spawn_named("relay", move || {
        let Ok((client, _)) = listener.accept() else { return };
        let Ok(server) = TcpStream::connect(server) else { return };
        let streams = [&client, &server].map(|stream| {
            stream.set_nodelay(true).ok();
            stream.set_read_timeout(Some(Duration::from_secs(20))).ok();
            stream.try_clone()
        });
        let [Ok(to_client), Ok(to_server)] = streams else { return };
        let size = if let Way::Pieces(size) = way { size } else { 4096 };
        let there = spawn_named("relay there", move || pass(client, to_server, size, Way::Pieces(size)));
        pass(server, to_client, size, way);
        if let Ok(there) = there {
            there.join().ok();
        }
    })
    .unwrap();
    format!("tls://{address}")
}

fn pass(mut from: TcpStream, mut to: TcpStream, size: usize, way: Way) {
    let (mut buffer, mut passed) = (vec![0; size], 0);
    while let Ok(count @ 1..) = from.read(&mut buffer) {
        let mut part = &mut buffer[..count];
        match way {
            Way::Spoiled(at) if (passed..passed + count).contains(&at) => part[at - passed] ^= 1,
            Way::Ends(at) if passed + count > at => part = &mut part[..at - passed],
            _ => {}
        }
        passed += part.len();
        if to.write_all(part).is_err() || matches!(way, Way::Ends(at) if passed == at) {
            break;
        }
    }
    to.shutdown(Shutdown::Write).ok();
}

#[test]
fn records_in_any_pieces_give_the_same_payload() {
    let bench = Bench::new();
    let payload: Vec<u8> = (0..40_000_u32).map(|number| (number * 7 / 3) as u8).collect();
    let file = bench.file("payload", &payload);
    let mut server = bench.json(&["listen", "tls://127.0.0.1:0", "--tls-self-signed", "--echo"]);
    let local = server.local();
    for (size, version) in [(1, "1.3"), (7, "1.2"), (4096, "1.3"), (16_389, "1.2")] {
        let address = relay(local, Way::Pieces(size));
        let until = payload.len().to_string();
        let arguments = [
            "connect",
            &address,
            "--tls-insecure",
            "--tls-max",
            version,
            "--send-file",
            file.to_str().unwrap(),
            "--until-bytes",
            &until,
            "--json",
        ];
        let ended = bench.ran(&arguments).exits(0);
        assert!(ended.payload("received") == payload, "pieces of {size}");
    }
}

#[test]
fn a_spoiled_record_ends_the_connection_with_its_reason_and_keeps_what_came_before() {
    let bench = Bench::new();
    let mut server = bench.json(&["listen", "tls://127.0.0.1:0", "--tls-self-signed", "--send", "first", "--echo"]);
    // Behind the handshake, which is shorter, and the first record.
    let address = relay(server.local(), Way::Spoiled(8000));
    let payload = bench.file("payload", vec![b'x'; 100_000]);
    let arguments =
        ["connect", &address, "--tls-insecure", "--send-file", payload.to_str().unwrap(), "--until-closed", "--json"];
    let ended = bench.ran(&arguments);
    assert!(ended.text("received").starts_with("first"));
    let errors = ended.all("error");
    assert_eq!((&errors[0]["kind"], &errors[0]["tls"]), (&"tls".into(), &"protocol".into()), "{errors:?}");
    assert_eq!(ended.all("closed")[0]["reason"], "tls");
}

#[test]
fn a_stream_that_is_broken_off_keeps_its_bytes() {
    let bench = Bench::new();
    let mut server = bench.json(&["listen", "tls://127.0.0.1:0", "--tls-self-signed", "--send", "first", "--echo"]);
    let local = server.local();
    let address = relay(local, Way::Ends(30_000));
    let payload = bench.file("payload", vec![b'x'; 100_000]);
    let arguments =
        ["connect", &address, "--tls-insecure", "--send-file", payload.to_str().unwrap(), "--until-closed", "--json"];
    let ended = bench.ran(&arguments);
    let received = ended.payload("received").len();
    assert!((10_000..30_000).contains(&received), "{received}");
    assert!(ended.all("warning").iter().any(|warning| warning["tls"] == "truncated"));
    // A handshake that ends in the middle has no payload.
    let address = relay(local, Way::Ends(100));
    let ended = bench.ran(&["connect", &address, "--tls-insecure", "--json"]).exits(1);
    assert_eq!(ended.all("error")[0]["tls"], "ended");
}
