//! Urgent bytes (MSG_OOB) are part of the stream.

use crate::support::*;
use std::net::{TcpListener, TcpStream};
use wirebench::engine::{Command, Replies, Reply};
use wirebench::model::Direction;

const ADDRESSES: [&str; 2] = ["127.0.0.1:0", "[::1]:0"];

/// Sends `GET`, an urgent `/`, and more after it, twice: the second time the socket was read before.
fn send_urgently(stream: &TcpStream) {
    let socket = socket2::SockRef::from(stream);
    for _ in 0..2 {
        assert_eq!(socket.send(b"GET ").expect("sent"), 4);
        assert_eq!(socket.send_out_of_band(b"/").expect("sent"), 1);
        assert_eq!(socket.send(b" HTTP").expect("sent"), 5);
    }
}

const WHOLE: &[u8] = b"GET / HTTPGET / HTTP";

#[test]
fn a_server_keeps_urgent_bytes_in_their_place() {
    for at in ADDRESSES {
        for reply in [None, Some(Reply::Echo)] {
            let mut session = Session::open(server(at));
            session.command(Command::SetReplies(reply.clone().map_or_else(Replies::default, Replies::from).into()));
            let stream = TcpStream::connect(session.local()).expect("the session listens");
            for round in 1..=20 {
                send_urgently(&stream);
                session.wait_received(round * WHOLE.len() as u64);
            }
            let received = payload(&session.reader(), Direction::Received, None);
            assert_eq!(
                String::from_utf8_lossy(&received),
                String::from_utf8_lossy(&WHOLE.repeat(20)),
                "{at} {reply:?}"
            );
        }
    }
}

#[test]
fn a_client_keeps_urgent_bytes_that_came_before_it_looked() {
    for at in ADDRESSES {
        let listener = TcpListener::bind(at).expect("a port");
        let (mut session, go_on) = Session::held();
        session.command(Command::Open(client(listener.local_addr().expect("bound"))));
        let (stream, _) = listener.accept().expect("a connection");
        send_urgently(&stream);
        drop(go_on);
        session.wait_received(WHOLE.len() as u64);
        drop(stream);
        session.wait_closed();
        let received = payload(&session.reader(), Direction::Received, None);
        assert_eq!(String::from_utf8_lossy(&received), String::from_utf8_lossy(WHOLE), "{at}");
    }
}
