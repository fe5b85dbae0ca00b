//! Repeats, files, order, cancellation.

use crate::support::*;
use std::io::Write;
use std::time::{Duration, Instant};
use wirebench::capture::{ReadError, RecordKind};
use wirebench::engine::{Command, EventKind, SendItem, SendPlan};
use wirebench::model::{Direction, ErrorKind, Operation, PeerId, Target, Ticket};

fn file(content: &[u8]) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().expect("file");
    file.write_all(content).expect("written");
    file.flush().expect("written");
    file
}

fn file_item(file: &tempfile::NamedTempFile) -> SendItem {
    SendItem::file(file.path(), Some(1024))
}

#[test]
fn a_repeat_sends_exactly_as_often_as_asked_and_keeps_its_interval() {
    let (mut session, mut peer) = connected();
    let every = Duration::from_millis(4);
    let started = Instant::now();
    session.send(1, Target::Remote, SendPlan { items: vec![bytes(b"tick")], every: Some(every), rounds: Some(50) });
    let outcome = session.outcome(1);
    let took = started.elapsed();
    assert_eq!((outcome.result, outcome.rounds, outcome.sent_bytes), (Ok(()), 50, 200));
    assert!(took >= every * 49, "must not be faster than requested: {took:?}");
    assert_eq!(peer.receive(200), b"tick".repeat(50));
    let times: Vec<u64> = records(&session.reader())
        .iter()
        .filter(|record| record.direction == Some(Direction::Sent))
        .map(|record| record.mono_ns)
        .collect();
    assert_eq!(times.len(), 50);
    // No drift: one late round does not delay the following ones. (A busy machine may skip rounds; distances remain multiples of the
    // interval.)
    let off: Vec<u64> = times.iter().map(|t| (t - times[0]) % 4_000_000).map(|d| d.min(4_000_000 - d)).collect();
    let close = off.iter().filter(|d| **d < 1_000_000).count();
    assert!(close >= 25, "{off:?}");
}

#[test]
fn a_repeat_of_several_items_without_interval_is_exact() {
    let (mut session, mut peer) = connected();
    let items = vec![bytes(b"a"), bytes(b""), bytes(b"bc")];
    session.send(1, Target::Remote, SendPlan { items, every: None, rounds: Some(20_000) });
    assert!(peer.receive(60_000) == b"abc".repeat(20_000));
    let outcome = session.outcome(1);
    assert_eq!((outcome.result, outcome.rounds, outcome.sent_bytes), (Ok(()), 20_000, 60_000));
}

#[test]
fn an_endless_repeat_stops_on_request_and_others_go_on() {
    let (mut session, mut peer) = connected();
    let repeat =
        |text: &[u8]| SendPlan { items: vec![bytes(text)], every: Some(Duration::from_millis(2)), rounds: None };
    session.send(1, Target::Remote, repeat(b"1"));
    session.send(2, Target::Remote, repeat(b"2"));
    session.wait("both", |session| (session.counters().sent_records > 20).then_some(()));
    session.command(Command::CancelSend(Ticket(1)));
    let outcome = session.outcome(1);
    assert_eq!(outcome.result.as_ref().map_err(|e| e.kind).copied(), Err(ErrorKind::Cancelled));
    assert!(outcome.rounds > 5 && outcome.sent_bytes == outcome.rounds, "{outcome:?}");
    session.send_and_wait(3, Target::Remote, bytes(b"x"));
    let sent = session.counters().sent_bytes as usize;
    let received = peer.receive(sent);
    assert_eq!(received.iter().filter(|b| **b == b'1').count() as u64, outcome.sent_bytes);
    let endless = SendPlan { items: vec![bytes(b"!")], every: None, rounds: None };
    session.send(4, Target::Remote, endless);
    assert_eq!(session.outcome(4).result.map_err(|e| e.kind), Err(ErrorKind::Invalid));
}

#[test]
fn a_file_arrives_byte_for_byte_with_progress_and_in_order() {
    let (mut session, mut peer) = connected();
    let content = pattern(20_000_000);
    let file = file(&content);
    session.send(1, Target::Remote, plan(vec![bytes(b"<"), file_item(&file), bytes(b">")]));
    session.send(2, Target::Remote, plan(vec![bytes(b"next")]));
    assert_eq!(peer.receive(1), b"<");
    // Delayed for a moment, so that it is a long send.
    session.wait("part of it", |session| (session.counters().sent_bytes > 100_000).then_some(()));
    std::thread::sleep(Duration::from_millis(250));
    assert!(peer.receive(20_000_000) == content);
    assert_eq!(peer.receive(5), b">next", "a later send must wait for the file");
    let outcome = session.outcome(1);
    assert_eq!((outcome.result, outcome.sent_bytes, outcome.rounds), (Ok(()), 20_000_002, 1));
    let progress = session.events().iter().any(|event| {
        matches!(event, EventKind::SendProgress(reported)
            if (reported.ticket, reported.total_bytes) == (Ticket(1), Some(20_000_002)) && reported.sent_bytes > 0)
    });
    assert!(progress, "progress must be reported");
    let reader = session.reader();
    assert!(records(&reader).iter().any(|record| record.from_file));
    let mut expected = b"<".to_vec();
    expected.extend_from_slice(&content);
    expected.extend_from_slice(b">next");
    assert!(payload(&reader, Direction::Sent, None) == expected);
}

#[test]
fn the_progress_of_a_file_is_reported_for_each_peer() {
    let (mut session, local) = listening();
    let mut reads = Peer::connect(local);
    session.wait_peers(1);
    let _reads_nothing = Peer::connect(local);
    session.wait_peers(2);
    let content = pattern(30_000_000);
    let file = file(&content);
    session.send(1, Target::All, plan(vec![file_item(&file)]));
    assert!(reads.receive(content.len()) == content);
    let reported = session.wait("the one has all, the other waits", |session| {
        let progress = session.events().iter().rev().find_map(|event| match event {
            EventKind::SendProgress(reported) => Some(reported.clone()),
            _ => None,
        })?;
        let [first, second] = progress.peers.as_slice() else { return None };
        (first.sent_bytes == 30_000_000 && second.waits >= Duration::from_secs(1)).then_some(progress)
    });
    assert_eq!(
        (reported.peer_bytes, reported.total_bytes, reported.peer_count),
        (Some(30_000_000), Some(60_000_000), 2)
    );
    let peers: Vec<PeerId> = reported.peers.iter().map(|peer| peer.peer).collect();
    assert_eq!(peers, [PeerId(1), PeerId(2)]);
    assert_eq!(reported.peers.iter().map(|peer| peer.sent_bytes).sum::<u64>(), reported.sent_bytes);
    assert!(reported.peers[1].sent_bytes < 30_000_000);
    assert_eq!(reported.peers[0].waits, Duration::ZERO, "it has everything");
    session.command(Command::CancelSend(Ticket(1)));
    assert_eq!(session.outcome(1).sent_bytes, reported.sent_bytes);
}

#[test]
fn files_that_cannot_be_sent_are_refused_at_once() {
    let (mut session, _peer) = connected();
    let folder = tempfile::tempdir().expect("folder");
    for (ticket, path) in [(1, folder.path().to_owned()), (2, folder.path().join("missing"))] {
        session.send(ticket, Target::Remote, plan(vec![SendItem::file(path.clone(), Some(1024))]));
        let error = session.outcome(ticket).result.expect_err("refused");
        assert_eq!((error.kind, error.address), (ErrorKind::File, path.display().to_string()));
    }
    let empty = file(b"");
    let outcome = session.send_and_wait(3, Target::Remote, file_item(&empty));
    assert_eq!((outcome.sent_bytes, outcome.rounds), (0, 1));
    assert!(session.handle().state().is_open());
}

#[test]
fn a_file_that_shrinks_ends_with_an_error_and_what_went_out_is_recorded() {
    let (mut session, mut peer) = connected();
    let content = pattern(50_000_000);
    let file = file(&content);
    session.send(1, Target::Remote, plan(vec![file_item(&file)]));
    session.wait("part of it", |session| (session.counters().sent_bytes > 0).then_some(()));
    file.as_file().set_len(1000).expect("shrunk");
    session.command(Command::ShutdownWrite(Target::Remote));
    let received = peer.receive_all().expect("a FIN");
    let outcome = session.outcome(1);
    assert_eq!(outcome.result.map_err(|e| e.kind), Err(ErrorKind::File));
    assert_eq!(received.len() as u64, outcome.sent_bytes);
    assert!(received.len() < content.len() && content.starts_with(&received));
    let recorded: u64 = records(&session.reader())
        .iter()
        .filter(|record| record.direction == Some(Direction::Sent))
        .map(|record| u64::from(record.len))
        .sum();
    assert_eq!(recorded, outcome.sent_bytes);
}

/// On Unix a deleted file exists until it is closed: it is sent completely. What was sent can then no longer be shown, which is
/// reported.
#[cfg(unix)]
#[test]
fn a_file_that_vanishes_while_it_is_sent_goes_out_whole_and_is_missed_in_the_record() {
    let (mut session, mut peer) = connected();
    let content = pattern(20_000_000);
    let file = file(&content);
    let path = file.path().display().to_string();
    session.send(1, Target::Remote, plan(vec![file_item(&file)]));
    session.wait("part of it", |session| (session.counters().sent_bytes > 0).then_some(()));
    file.close().expect("deleted");
    session.command(Command::ShutdownWrite(Target::Remote));
    assert!(peer.receive_all().expect("a FIN") == content);
    let outcome = session.outcome(1);
    assert_eq!((outcome.result, outcome.sent_bytes), (Ok(()), 20_000_000));
    session.close();
    let reader = session.reader();
    for record in records(&reader).iter().filter(|record| record.direction == Some(Direction::Sent)) {
        match reader.payload(record, 0..record.len, &mut Vec::new()) {
            Err(ReadError::FileChanged(file)) => assert!(file.path == path && file.size == 20_000_000, "{file}"),
            other => panic!("{other:?}"),
        }
    }
    // A second attempt is rejected with the file's name.
    let (mut session, _peer) = connected();
    let item = SendItem::file(path.clone(), Some(1024));
    session.send(2, Target::Remote, plan(vec![item]));
    let error = session.outcome(2).result.expect_err("the file is deleted");
    assert_eq!((error.operation, error.kind, error.address), (Operation::ReadFile, ErrorKind::File, path));
}

#[test]
fn a_cancelled_file_stops_and_the_connection_lives() {
    let (mut session, mut peer) = connected();
    let content = pattern(50_000_000);
    let file = file(&content);
    session.send(1, Target::Remote, plan(vec![file_item(&file)]));
    session.wait("part of it", |session| (session.counters().sent_bytes > 0).then_some(()));
    session.command(Command::CancelSend(Ticket(1)));
    let outcome = session.outcome(1);
    assert_eq!(outcome.result.map_err(|e| e.kind), Err(ErrorKind::Cancelled));
    let sent = usize::try_from(outcome.sent_bytes).expect("small");
    assert!(sent < content.len());
    session.send(2, Target::Remote, plan(vec![bytes(b"end")]));
    assert!(peer.receive(sent) == content[..sent]);
    assert_eq!(peer.receive(3), b"end");
    assert_eq!(session.outcome(2).result, Ok(()));
}

#[test]
fn a_file_that_fails_on_its_way_leaves_a_line() {
    let (mut session, peer) = connected();
    let file = file(&pattern(50_000_000));
    session.send(1, Target::Remote, plan(vec![file_item(&file)]));
    session.wait("part of it", |session| (session.counters().sent_bytes > 0).then_some(()));
    peer.reset();
    let outcome = session.outcome(1);
    assert_eq!(outcome.result.map_err(|e| e.kind), Err(ErrorKind::Closed));
    session.wait_closed();
    let line = format!("send_failed {} closed", outcome.sent_bytes);
    let reported = story(&session.reader());
    assert_eq!(reported.iter().filter(|reported| reported.contains(&line)).count(), 1, "{reported:?}");
}

#[test]
fn a_send_to_somebody_who_leaves_says_so() {
    let (mut session, peer) = connected();
    let remote = peer.0.local_addr().expect("bound");
    session.send(1, Target::Remote, plan(vec![bytes(&pattern(50_000_000))]));
    session.wait("part of it", |session| (session.counters().sent_bytes > 0).then_some(()));
    peer.reset();
    let outcome = session.outcome(1);
    let error = outcome.result.expect_err("it left");
    assert_eq!((error.kind, error.address), (ErrorKind::Closed, format!("tcp://{remote}")));
    assert!(outcome.sent_bytes > 0);
    session.wait_closed();
    let sent = payload(&session.reader(), Direction::Sent, None).len() as u64;
    assert_eq!((sent, session.counters().sent_bytes), (outcome.sent_bytes, outcome.sent_bytes));
    session.send(2, Target::Remote, plan(vec![bytes(b"x")]));
    assert_eq!(session.outcome(2).result.map_err(|e| e.kind), Err(ErrorKind::NoPeer));
}

#[test]
fn a_repeat_to_all_reaches_those_who_join_later() {
    let (mut session, local) = listening();
    let mut first = Peer::connect(local);
    session.wait_peers(1);
    let every = Some(Duration::from_millis(5));
    session.send(1, Target::All, SendPlan { items: vec![bytes(b"t")], every, rounds: None });
    assert_eq!(first.receive(3), b"ttt");
    drop(first);
    session.wait_peers(0);
    let mut second = Peer::connect(local);
    assert_eq!(second.receive(3), b"ttt", "the repeat must wait for the next peer");
    session.command(Command::CancelSend(Ticket(1)));
    assert_eq!(session.outcome(1).result.map_err(|e| e.kind), Err(ErrorKind::Cancelled));
}

#[test]
fn the_same_payload_is_stored_once() {
    let (mut session, mut peer) = connected();
    let block = pattern(100_000);
    let every = Some(Duration::from_millis(1));
    session.send(1, Target::Remote, SendPlan { items: vec![bytes(&block)], every, rounds: Some(40) });
    assert!(peer.receive(4_000_000) == block.repeat(40));
    assert_eq!(session.outcome(1).rounds, 40);
    session.close();
    let on_disk: u64 = std::fs::read_dir(session.reader().folder())
        .expect("folder")
        .map(|entry| entry.and_then(|entry| entry.metadata()).map_or(0, |metadata| metadata.len()))
        .sum();
    assert!(on_disk < 1_000_000, "{on_disk} bytes on disk for 4,000,000 sent");
    assert!(records(&session.reader()).iter().any(|record| record.kind == RecordKind::Data));
}

#[test]
fn a_send_for_the_connection_goes_first_or_is_cancelled() {
    let (listener, at) = listener();
    let mut session = Session::new();
    let ticket = Ticket(7);
    session.command(Command::SendWhenConnected { ticket, plan: plan(vec![bytes(b"first")]) });
    session.command(Command::Open(client(at)));
    let mut peer = Peer::of(listener.accept().expect("accepted").0);
    peer.shut_down();
    assert_eq!(peer.receive_all().as_deref(), Ok(&b"first"[..]), "after the peer's FIN");
    assert_eq!(session.outcome(7).result, Ok(()));
    session.wait_closed();

    drop(listener);
    let ticket = Ticket(8);
    session.command(Command::SendWhenConnected { ticket, plan: plan(vec![bytes(b"never")]) });
    session.command(Command::Open(client(at)));
    assert_eq!(session.outcome(8).result.map_err(|e| e.kind), Err(ErrorKind::Cancelled));
}

#[test]
fn a_small_file_is_kept_in_the_capture_once_and_a_large_one_says_what_it_was() {
    let (mut session, mut peer) = connected();
    for (ticket, len) in [(1, 3 << 20), (2, 5 << 20)] {
        let content = pattern(len);
        let file = file(&content);
        session.send(ticket, Target::Remote, SendPlan { items: vec![file_item(&file)], every: None, rounds: Some(2) });
        assert!(peer.receive(2 * len) == content.repeat(2));
        assert_eq!(session.outcome(ticket).result, Ok(()));
        let path = file.path().to_owned();
        drop(file);
        let reader = session.reader();
        let sent: Vec<_> = records(&reader)
            .into_iter()
            .filter(|record| record.direction == Some(Direction::Sent) && record.action() == Some(ticket as u32))
            .collect();
        assert!(sent.iter().all(|record| !record.is_automatic() && !record.is_message()));
        assert_eq!(sent.iter().map(|record| u64::from(record.len)).sum::<u64>(), 2 * len as u64);
        let mut bytes = Vec::new();
        let read: Result<Vec<()>, _> =
            sent.iter().map(|record| reader.payload(record, 0..record.len, &mut bytes)).collect();
        if ticket == 1 {
            assert!(read.is_ok() && bytes == content.repeat(2), "{read:?}");
        } else {
            let why = read.expect_err("it is gone").to_string();
            let says = why.contains(&path.display().to_string()) && why.contains(&len.to_string());
            assert!(says && why.contains("XXH3"), "{why}");
        }
    }
    let data: u64 = std::fs::read_dir(session.reader().folder())
        .expect("a folder")
        .filter_map(|entry| entry.ok().filter(|entry| entry.path().extension().is_some_and(|e| e == "data")))
        .map(|entry| entry.metadata().expect("metadata").len())
        .sum();
    assert!((3 << 20..4 << 20).contains(&data), "{data} bytes: kept once");
}
