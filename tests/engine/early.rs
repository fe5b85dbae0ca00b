//! Connections that ended before the worker noticed their connect or accepted them.

use crate::support::*;
use std::io::Write;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::time::Duration;
use wirebench::engine::Command;
use wirebench::model::{CloseReason, ErrorKind, PeerId, SessionState, Target, Ticket};

const ADDRESSES: [&str; 2] = ["127.0.0.1:0", "[::1]:0"];

/// How the other end leaves.
#[derive(Clone, Copy, Debug)]
enum Leaves {
    Reset,
    Fin,
    FinThenReset,
    HalfClose,
}

impl Leaves {
    const ALL: [Self; 4] = [Self::Reset, Self::Fin, Self::FinThenReset, Self::HalfClose];

    /// Sends a greeting and leaves. The stream is returned if it is only shut down.
    fn leave(self, mut stream: TcpStream) -> Option<TcpStream> {
        stream.write_all(b"HELLO").expect("sent");
        if !matches!(self, Self::Reset) {
            stream.shutdown(Shutdown::Write).expect("connected");
        }
        match self {
            Self::HalfClose => return Some(stream),
            Self::Fin => {}
            Self::Reset | Self::FinThenReset => {
                socket2::SockRef::from(&stream).set_linger(Some(Duration::ZERO)).expect("linger");
            }
        }
        None
    }

    fn reason(self) -> CloseReason {
        match self {
            Self::Reset | Self::FinThenReset => CloseReason::Reset,
            Self::Fin | Self::HalfClose => CloseReason::PeerFin,
        }
    }
}

#[test]
fn a_server_that_greets_and_leaves_before_the_connect_is_noticed_was_connected_and_heard() {
    for at in ADDRESSES {
        for leaves in Leaves::ALL {
            let listener = TcpListener::bind(at).expect("a port");
            let address = listener.local_addr().expect("bound");
            let (mut session, go_on) = Session::held();
            session.command(Command::Open(client(address)));
            let (stream, _) = listener.accept().expect("a connection");
            let kept = leaves.leave(stream);
            drop(go_on);
            let ended = session.wait_closed();
            assert_eq!(ended, SessionState::Closed(leaves.reason()), "{at} {leaves:?} {:?}", session.story());
            let name = leaves.reason().name();
            let left = format!("left 1 {name}");
            let closed = format!("closed {name}");
            let wanted = ["opened 1", "connecting", "connected", "received 1 HELLO", &left, &closed];
            assert_eq!(session.story(), wanted, "{at} {leaves:?}");
            drop(kept);
        }
    }
}

#[test]
fn a_send_that_waited_for_a_connection_that_was_reset_at_once_fails_and_the_greeting_stays() {
    let (listener, address) = listener();
    let (mut session, go_on) = Session::held();
    session.command(Command::SendWhenConnected { ticket: Ticket(1), plan: plan(vec![bytes(b"first")]) });
    session.command(Command::Open(client(address)));
    let (stream, _) = listener.accept().expect("a connection");
    Leaves::Reset.leave(stream);
    drop(go_on);
    assert_eq!(session.wait_closed(), SessionState::Closed(CloseReason::Reset));
    assert_eq!(session.outcome(1).result.map_err(|error| error.kind), Err(ErrorKind::Closed));
    assert!(session.story().contains(&"received 1 HELLO".to_owned()), "{:?}", session.story());
}

#[test]
fn a_client_that_leaves_before_it_is_accepted_is_heard() {
    for at in ADDRESSES {
        for leaves in Leaves::ALL {
            let (mut session, go_on) = Session::held();
            session.command(Command::Open(server(at)));
            let local = session.wait("listening", |session| session.handle().state().local());
            let kept = leaves.leave(TcpStream::connect(local).expect("the session listens"));
            drop(go_on);
            let story = session.wait_story(&format!("left 1 {}", leaves.reason().name()));
            assert!(story.contains(&"received 1 HELLO".to_owned()), "{at} {leaves:?} {story:?}");
            drop(kept);
        }
    }
}

#[test]
fn a_datagram_that_waits_behind_a_refusal_is_read() {
    for at in ADDRESSES {
        let (mut session, go_on) = Session::held();
        session.command(Command::Open(udp(at)));
        let local: SocketAddr = session.wait("bound", |session| session.handle().state().local());
        go_on.send(()).expect("held");
        let peer = UdpSocket::bind(at).expect("a port");
        let nobody = UdpSocket::bind(at).expect("a port").local_addr().expect("bound");
        session.send(1, Target::Address(nobody), plan(vec![bytes(b"anybody?")]));
        session.wait_story("sent 1 anybody?");
        peer.send_to(b"data", local).expect("sent");
        drop(go_on);
        session.wait_story("received 2 data");
        session.wait_story("warning send refused");
        assert_eq!(session.reader().peer_address(PeerId(2)), Some(peer.local_addr().expect("bound")));
    }
}
