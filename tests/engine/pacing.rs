//! Files in pieces: pauses, a highest rate, and cancelling in between.

use crate::support::*;
use std::io::Write;
use std::net::UdpSocket;
use std::time::{Duration, Instant};
use wirebench::engine::{Command, SendItem, SendPace, SendPlan};
use wirebench::model::{Direction, ErrorKind, SessionState, Target, Ticket};

const NO_PACE: SendPace = SendPace { piece: None, pause: Duration::ZERO, rate: None };

fn file(len: usize) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().expect("file");
    file.write_all(&pattern(len)).expect("written");
    file
}

fn item(file: &tempfile::NamedTempFile, pace: SendPace) -> SendItem {
    SendItem::file(file.path(), Some(1000)).paced(pace)
}

/// Lengths and times of the sent records.
fn pieces(session: &Session) -> Vec<(u32, Duration)> {
    let sent = records(&session.reader());
    let sent = sent.iter().filter(|record| record.direction == Some(Direction::Sent));
    sent.map(|record| (record.len, Duration::from_nanos(record.mono_ns))).collect()
}

#[test]
fn a_file_goes_in_pieces_with_pauses_and_what_follows_waits_for_its_end() {
    let (mut session, mut peer) = connected();
    let file = file(10_000);
    let pause = Duration::from_millis(30);
    let paced = item(&file, SendPace { piece: Some(3000), pause, ..NO_PACE });
    session.send(1, Target::Remote, plan(vec![bytes(b"<"), paced, bytes(b">")]));
    let outcome = session.outcome(1);
    assert_eq!((outcome.result, outcome.sent_bytes, outcome.rounds), (Ok(()), 10_002, 1));
    assert_eq!(peer.receive(10_002), [&b"<"[..], &pattern(10_000), b">"].concat());
    let pieces = pieces(&session);
    assert_eq!(pieces.iter().map(|(len, _)| *len).collect::<Vec<_>>(), [1, 3000, 3000, 3000, 1000, 1]);
    assert!(pieces[2..5].iter().zip(&pieces[1..4]).all(|((_, next), (_, last))| *next - *last >= pause), "{pieces:?}");
}

#[test]
fn sizes_that_divide_empty_files_and_rounds_are_complete() {
    let (mut session, mut peer) = connected();
    let (whole, empty) = (file(4096), file(0));
    let pace = SendPace { piece: Some(1024), ..NO_PACE };
    let items = vec![item(&whole, pace), item(&empty, pace)];
    session.send(1, Target::Remote, SendPlan { items, every: None, rounds: Some(3) });
    let outcome = session.outcome(1);
    assert_eq!((outcome.result, outcome.sent_bytes, outcome.rounds), (Ok(()), 3 * 4096, 3));
    assert_eq!(peer.receive(3 * 4096), pattern(4096).repeat(3));
    assert!(pieces(&session).iter().all(|(len, _)| *len == 1024));
}

#[test]
fn the_rate_is_an_upper_limit_for_each_peer() {
    let (mut session, local) = listening();
    let mut peers = [Peer::connect(local), Peer::connect(local)];
    session.wait_peers(2);
    let file = file(20_000);
    let begun = Instant::now();
    let pace = SendPace { piece: Some(1000), rate: Some(100_000), ..NO_PACE };
    session.send(1, Target::All, plan(vec![item(&file, pace)]));
    let outcome = session.outcome(1);
    let took = begun.elapsed();
    assert_eq!((outcome.result, outcome.sent_bytes, outcome.peers), (Ok(()), 40_000, 2));
    // The last piece begins when the 19 before it have used up their time.
    assert!(took >= Duration::from_millis(190), "{took:?}");
    for peer in &mut peers {
        assert_eq!(peer.receive(20_000), pattern(20_000));
    }
}

#[test]
fn a_pause_is_interrupted_by_cancel_and_by_close() {
    for closes in [false, true] {
        let (mut session, mut peer) = connected();
        let file = file(5000);
        let hour = Duration::from_secs(3600);
        session.send(
            1,
            Target::Remote,
            plan(vec![item(&file, SendPace { piece: Some(2000), pause: hour, ..NO_PACE })]),
        );
        assert_eq!(peer.receive(2000), pattern(5000)[..2000]);
        session.command(if closes { Command::Close } else { Command::CancelSend(Ticket(1)) });
        let outcome = session.outcome(1);
        assert_eq!(outcome.result.map_err(|error| error.kind), Err(ErrorKind::Cancelled));
        assert_eq!(outcome.sent_bytes, 2000);
        if !closes {
            let outcome = session.send_and_wait(2, Target::Remote, bytes(b"next"));
            assert_eq!((outcome.result, peer.receive(4)), (Ok(()), b"next".to_vec()));
        }
    }
}

#[test]
fn datagrams_are_pieces() {
    let mut session = Session::open(udp("127.0.0.1:0"));
    session.wait_state("bound", SessionState::is_open);
    let peer = UdpSocket::bind("127.0.0.1:0").expect("a port");
    let file = file(3500);
    let pause = Duration::from_millis(20);
    let address = peer.local_addr().expect("bound");
    session.send(1, Target::Address(address), plan(vec![item(&file, SendPace { pause, ..NO_PACE })]));
    assert_eq!(session.outcome(1).result, Ok(()));
    let pieces = pieces(&session);
    assert_eq!(pieces.iter().map(|(len, _)| *len).collect::<Vec<_>>(), [1000, 1000, 1000, 500]);
    assert!(pieces.windows(2).all(|pair| pair[1].1 - pair[0].1 >= pause), "{pieces:?}");
}
