//! received = stored + dropped, kernel drops counted separately, and conditions that stop reading.

use crate::support::*;
use std::net::UdpSocket;
use std::time::Duration;
use wirebench::engine::Command;
use wirebench::model::{Direction, SessionState, Target};

#[test]
fn the_sum_holds_at_every_reading_under_load() {
    let (mut session, local) = listening();
    let content = pattern(20_000_000);
    std::thread::scope(|scope| {
        let senders: Vec<_> = (0..4).map(|_| scope.spawn(|| Peer::connect(local).send(&content))).collect();
        let mut readings = 0_u64;
        while senders.iter().any(|sender| !sender.is_finished()) {
            let counters = session.counters();
            assert_eq!(counters.received_bytes, counters.stored_bytes + counters.dropped_bytes);
            assert_eq!(counters.received_records, counters.stored_records + counters.dropped_records);
            readings += 1;
        }
        assert!(readings > 0);
    });
    session.wait("all", |session| (session.counters().received_bytes == 80_000_000).then_some(()));
    session.wait_peers(0);
    // Counters may be ahead of readable records by the time in which records are gathered.
    session.wait("all four to leave", |session| {
        (session.story().iter().filter(|line| line.starts_with("left ")).count() == 4).then_some(())
    });
    let counters = session.counters();
    assert_eq!((counters.stored_bytes, counters.dropped_bytes, counters.queued_bytes), (80_000_000, 0, 0));
    for peer in 1..=4 {
        let received = payload(&session.reader(), Direction::Received, Some(wirebench::model::PeerId(peer)));
        assert!(received == content, "peer {peer}");
    }
}

#[test]
fn datagrams_of_a_burst_are_all_there_or_counted_by_the_kernel() {
    let mut session = Session::open(udp("127.0.0.1:0"));
    let local = session.local();
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a port");
    for n in 0..100_000_u32 {
        socket.send_to(&n.to_le_bytes(), local).expect("sent");
    }
    session.wait("all", |session| {
        let counters = session.counters();
        let dropped = counters.kernel_dropped_records.unwrap_or(0);
        (counters.received_records + dropped == 100_000).then_some(())
    });
    session.close();
    let received = payload(&session.reader(), Direction::Received, None);
    let numbers: Vec<u32> = received.chunks(4).map(|n| u32::from_le_bytes(n.try_into().expect("four"))).collect();
    assert!(numbers.is_sorted(), "in order");
    assert_eq!(numbers.len() as u64, session.counters().received_records);
}

#[cfg(target_os = "linux")]
#[test]
fn what_the_kernel_drops_is_counted_exactly() {
    let mut session = Session::open(udp("127.0.0.1:0"));
    let local = session.local();
    session.command(Command::PauseReading(true));
    session.send(1, Target::Remote, plan(vec![bytes(b"x")]));
    session.outcome(1); // the pause has taken effect
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a port");
    let room = session.counters().receive_buffer_bytes;
    let datagrams = 2 * room / 30_000;
    for _ in 0..datagrams {
        socket.send_to(&pattern(30_000), local).expect("sent");
    }
    session.wait("drops", |session| session.counters().kernel_dropped_records.filter(|dropped| *dropped > 0));
    session.command(Command::PauseReading(false));
    session.wait("the rest", |session| {
        let counters = session.counters();
        (counters.received_records + counters.kernel_dropped_records.unwrap_or(0) == datagrams).then_some(())
    });
    assert!(session.wait_story("kernel_dropped").iter().any(|line| line == "kernel_dropped"));
    assert_eq!(session.counters().dropped_records, 0, "kernel drops must not be counted as dropped");
    session.command(Command::ResetCounters);
    session.wait("zero", |session| (session.counters().kernel_dropped_records == Some(0)).then_some(()));
}

#[test]
fn pausing_holds_the_peer_and_resuming_loses_nothing() {
    let (mut session, mut peer) = connected();
    session.command(Command::PauseReading(true));
    session.send_and_wait(1, Target::Remote, bytes(b"paused"));
    let content = pattern(10_000_000);
    std::thread::scope(|scope| {
        let sender = scope.spawn(|| peer.send(&content));
        std::thread::sleep(Duration::from_millis(100));
        assert_eq!(session.counters().received_bytes, 0);
        assert!(!sender.is_finished(), "flow control must hold the peer");
        session.command(Command::PauseReading(false));
        session.wait("all", |session| (session.counters().received_bytes == 10_000_000).then_some(()));
    });
    session.close();
    assert!(payload(&session.reader(), Direction::Received, None) == content);
}

#[test]
fn counters_are_set_to_zero_and_go_on() {
    let (mut session, mut peer) = connected();
    peer.send(b"before");
    session.wait_received(6);
    session.command(Command::ResetCounters);
    session.wait("zero", |session| (session.counters().received_bytes == 0).then_some(()));
    peer.send(b"after");
    session.wait("five", |session| (session.counters().received_bytes == 5).then_some(()));
    let counters = session.counters();
    assert_eq!((counters.stored_bytes, counters.received_records, counters.peers), (5, 1, 1));
}

#[test]
fn history_beyond_the_limit_is_evicted_and_counted() {
    let capture =
        wirebench::capture::CaptureOptions { limit_bytes: 1 << 20, ..wirebench::capture::CaptureOptions::default() };
    let mut session = Session::with(capture, 8 << 20);
    session.command(Command::Open(server("127.0.0.1:0")));
    session.wait_state("listening", SessionState::is_open);
    Peer::connect(session.local()).send(&pattern(5_000_000));
    session.wait("all", |session| (session.counters().received_bytes == 5_000_000).then_some(()));
    session.close();
    let counters = session.counters();
    assert!(counters.evicted_bytes > 3_000_000 && counters.evicted_records > 0, "{counters:?}");
    let kept = payload(&session.reader(), Direction::Received, None);
    assert_eq!(kept.len() as u64 + counters.evicted_bytes, counters.stored_bytes);
    assert!(pattern(5_000_000).ends_with(&kept));
}

/// The capture's folder disappears and returns: nothing is read meanwhile, nothing is lost, and both changes are reported.
#[cfg(unix)]
#[test]
fn a_capture_that_cannot_be_written_stops_reading_until_it_can() {
    let capture =
        wirebench::capture::CaptureOptions { limit_bytes: 1 << 20, ..wirebench::capture::CaptureOptions::default() };
    let mut session = Session::with(capture, 8 << 20);
    session.command(Command::Open(server("127.0.0.1:0")));
    session.wait_state("listening", SessionState::is_open);
    let mut peer = Peer::connect(session.local());
    session.wait_peers(1);
    let folder = session.reader().folder().to_owned();
    let aside = folder.with_extension("aside");
    std::fs::rename(&folder, &aside).expect("moved away");
    let content = pattern(20_000_000);
    std::thread::scope(|scope| {
        let sender = scope.spawn(|| peer.send(&content));
        session.wait("an error", |session| {
            let failed = |e: &wirebench::engine::EventKind| matches!(e, wirebench::engine::EventKind::Error(e) if e.operation == wirebench::model::Operation::Store);
            session.events().iter().any(failed).then_some(())
        });
        let counters = session.counters();
        assert!(counters.received_bytes < 20_000_000);
        assert_eq!(counters.received_bytes, counters.stored_bytes + counters.dropped_bytes);
        assert!(session.handle().state().is_open(), "the state must not change");
        assert!(!sender.is_finished(), "flow control must hold the peer");
        std::fs::rename(&aside, &folder).expect("moved back");
        session.wait("all", |session| (session.counters().received_bytes == 20_000_000).then_some(()));
    });
    session.close();
    let counters = session.counters();
    assert_eq!((counters.stored_bytes, counters.dropped_bytes), (20_000_000, 0));
    let resumed = |e: &wirebench::engine::EventKind| matches!(e, wirebench::engine::EventKind::Resumed);
    assert!(session.events().iter().any(resumed), "the recovery must be reported");
    let kept = payload(&session.reader(), Direction::Received, None);
    assert!(!kept.is_empty() && content.ends_with(&kept));
}

/// Data that the disk refused must not be counted as stored.
#[cfg(unix)]
#[test]
fn what_cannot_be_stored_at_the_end_counts_as_dropped() {
    let capture =
        wirebench::capture::CaptureOptions { limit_bytes: 1 << 20, ..wirebench::capture::CaptureOptions::default() };
    let mut session = Session::with(capture, 8 << 20);
    session.command(Command::Open(server("127.0.0.1:0")));
    session.wait_state("listening", SessionState::is_open);
    let mut peer = Peer::connect(session.local());
    session.wait_peers(1);
    let folder = session.reader().folder().to_owned();
    let aside = folder.with_extension("aside");
    std::fs::rename(&folder, &aside).expect("moved away");
    std::thread::scope(|scope| {
        scope.spawn(|| {
            use std::io::Write;
            // Interrupted by the close.
            peer.0.write_all(&pattern(20_000_000)).ok();
        });
        session.wait("an error", |session| {
            let failed = |e: &wirebench::engine::EventKind| matches!(e, wirebench::engine::EventKind::Error(_));
            session.events().iter().any(failed).then_some(())
        });
        session.close();
    });
    let counters = session.counters();
    assert_eq!(counters.received_bytes, counters.stored_bytes + counters.dropped_bytes, "{counters:?}");
    assert_eq!(counters.received_records, counters.stored_records + counters.dropped_records);
    let kept = payload(&session.reader(), Direction::Received, None).len() as u64;
    assert_eq!(kept + counters.evicted_bytes, counters.stored_bytes, "{counters:?}");
    // The folder returns: data buffered in memory is stored after all. Data read last, so that the peer got a FIN, is not.
    std::fs::rename(&aside, &folder).expect("moved back");
    let before = counters;
    session.wait_story("resumed");
    let counters = session.counters();
    assert_eq!(counters.received_bytes, before.received_bytes);
    assert_eq!(counters.received_bytes, counters.stored_bytes + counters.dropped_bytes);
    let kept = payload(&session.reader(), Direction::Received, None).len() as u64;
    assert_eq!(kept + counters.evicted_bytes, counters.stored_bytes, "{counters:?}");
}
