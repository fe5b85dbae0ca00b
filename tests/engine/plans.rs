//! Plans whose items have delays, targets and names of their own.

use crate::support::*;
use std::net::{SocketAddr, UdpSocket};
use std::time::Duration;
use wirebench::capture::Cause;
use wirebench::engine::{Command, SendContent, SendItem, SendPlan};
use wirebench::model::{Direction, ErrorKind, PeerId, Target, Ticket};

const PAUSE: Duration = Duration::from_millis(60);
/// No test waits for it: it must be interrupted.
const LONG: Duration = Duration::from_secs(3600);

fn rounds(items: Vec<SendItem>, rounds: u64) -> SendPlan {
    SendPlan { items, every: None, rounds: Some(rounds) }
}

/// A session that listens, and so many connected peers in the order of their numbers.
fn with_peers(count: usize) -> (Session, Vec<Peer>, Vec<PeerId>) {
    let (mut session, local) = listening();
    let mut peers = Vec::new();
    for n in 0..count {
        peers.push(Peer::connect(local));
        session.wait_peers(n + 1);
    }
    let ids = session.wait_peers(count);
    (session, peers, ids)
}

/// What was sent to a peer, record by record: when (ns), and the bytes.
fn sent(session: &Session, peer: PeerId) -> Vec<(u64, Vec<u8>)> {
    let reader = session.reader();
    let to_peer =
        |record: &wirebench::capture::Record| record.peer == peer && record.direction == Some(Direction::Sent);
    let read = |record: wirebench::capture::Record| {
        let mut bytes = Vec::new();
        reader.payload(&record, 0..record.len, &mut bytes).expect("readable payload");
        (record.mono_ns, bytes)
    };
    records(&reader).into_iter().filter(to_peer).map(read).collect()
}

/// Each record to the peer comes at least this long after the one before. (Only the least is certain: a busy machine may add any
/// time.)
fn assert_spaced(session: &mut Session, peer: PeerId, least: &[Duration]) {
    // A peer may have the bytes before their record is published.
    let sent = session.wait("all records", |session| Some(sent(session, peer)).filter(|sent| sent.len() > least.len()));
    assert_eq!(sent.len(), least.len() + 1, "{sent:?}");
    for (pair, least) in sent.windows(2).zip(least) {
        let passed = Duration::from_nanos(pair[1].0 - pair[0].0);
        assert!(passed >= *least, "{passed:?} of {least:?}: {sent:?}");
    }
}

#[test]
fn items_keep_their_order_and_delays() {
    let (mut session, mut peer) = connected();
    let items =
        vec![bytes(b"a").after(PAUSE), bytes(b"b"), bytes(b"c").after(PAUSE), bytes(b""), bytes(b"d").after(PAUSE / 2)];
    session.send(1, Target::Remote, plan(items));
    let outcome = session.outcome(1);
    assert_eq!((outcome.result, outcome.sent_bytes, outcome.rounds, outcome.item), (Ok(()), 4, 1, None));
    assert_eq!(peer.receive(4), b"abcd");
    assert_spaced(&mut session, PeerId(1), &[Duration::ZERO, PAUSE, PAUSE / 2]);
}

#[test]
fn items_go_to_their_own_targets_at_the_pace_of_the_list() {
    let (mut session, mut peers, ids) = with_peers(3);
    let items = vec![
        bytes(b"all ").to(Target::All),
        bytes(b"one ").to(Target::Peer(ids[0])).after(PAUSE),
        bytes(b"two ").to(Target::Peer(ids[1])).after(PAUSE),
        bytes(b"plan").after(PAUSE),
        bytes(b" end").to(Target::All),
    ];
    session.send(1, Target::Peer(ids[2]), plan(items));
    let outcome = session.outcome(1);
    assert_eq!((outcome.result, outcome.peers, outcome.rounds, outcome.sent_bytes), (Ok(()), 3, 1, 36));
    for (peer, expected) in peers.iter_mut().zip([b"all one  end", b"all two  end", b"all plan end"]) {
        assert_eq!(peer.receive(12), expected);
    }
    // Delays of items for others count, too.
    assert_spaced(&mut session, ids[0], &[PAUSE, PAUSE * 2]);
    assert_spaced(&mut session, ids[1], &[PAUSE * 2, PAUSE]);
    assert_spaced(&mut session, ids[2], &[PAUSE * 3, Duration::ZERO]);
}

#[test]
fn a_plan_with_an_unknown_target_is_refused_whole() {
    let (mut session, mut peers, ids) = with_peers(1);
    let items = vec![bytes(b"no"), bytes(b"x").to(Target::Peer(PeerId(77))).named("to nobody")];
    session.send(1, Target::Peer(ids[0]), plan(items));
    let outcome = session.outcome(1);
    assert_eq!(outcome.result.map_err(|error| error.kind), Err(ErrorKind::NoPeer));
    assert_eq!(outcome.item.as_deref(), Some("to nobody"));
    let items = vec![bytes(b"no"), SendItem::file("/no/such/file", None).named("a file")];
    session.send(2, Target::Peer(ids[0]), plan(items));
    let outcome = session.outcome(2);
    assert_eq!(outcome.result.map_err(|error| error.kind), Err(ErrorKind::File));
    assert_eq!(outcome.item.as_deref(), Some("a file"));
    session.close();
    assert_eq!(peers[0].receive_all(), Ok(Vec::new()));
}

#[test]
fn a_slow_peer_holds_up_no_other() {
    let (mut session, mut peers, ids) = with_peers(2);
    let block = pattern(7 << 20);
    let mut items: Vec<_> = (0..6).map(|_| bytes(&block).to(Target::Peer(ids[0]))).collect();
    items.push(bytes(b"first").to(Target::Peer(ids[1])));
    items.push(bytes(b"then").to(Target::All).after(PAUSE));
    session.send(1, Target::All, plan(items));
    // The first peer reads nothing: its queue is full, and its delay has not begun.
    assert_eq!(peers[1].receive(9), b"firstthen");
    assert_spaced(&mut session, ids[1], &[PAUSE]);
    assert!(!session.events().iter().any(|event| matches!(event, wirebench::engine::EventKind::SendFinished(..))));
    assert!(peers[0].receive(6 * block.len()) == block.repeat(6));
    assert_eq!(peers[0].receive(4), b"then");
    assert_eq!(session.outcome(1).result, Ok(()));
}

#[test]
fn a_delay_is_interrupted_by_stop_close_and_the_end_of_the_peer() {
    let waits = || plan(vec![bytes(b"now").named("first"), bytes(b"never").after(LONG).named("second")]);
    // Stop.
    let (mut session, mut peer) = connected();
    session.send(1, Target::Remote, waits());
    assert_eq!(peer.receive(3), b"now");
    session.wait("the first item in the capture", |session| (session.counters().sent_bytes == 3).then_some(()));
    session.command(Command::CancelSend(Ticket(1)));
    let outcome = session.outcome(1);
    assert_eq!(outcome.result.map_err(|error| error.kind), Err(ErrorKind::Cancelled));
    assert_eq!((outcome.sent_bytes, outcome.item.as_deref()), (3, Some("second")));
    session.send_and_wait(2, Target::Remote, bytes(b"after"));
    assert_eq!(peer.receive(5), b"after");
    // Close.
    session.send(3, Target::Remote, waits());
    assert_eq!(peer.receive(3), b"now");
    session.close();
    assert_eq!(session.outcome(3).result.map_err(|error| error.kind), Err(ErrorKind::Cancelled));
    assert_eq!(peer.receive_all(), Ok(Vec::new()));
    // The peer leaves.
    let (mut session, mut peer) = connected();
    session.send(1, Target::Remote, waits());
    assert_eq!(peer.receive(3), b"now");
    drop(peer);
    let outcome = session.outcome(1);
    assert_eq!(outcome.result.map_err(|error| error.kind), Err(ErrorKind::Closed));
    assert_eq!(outcome.item.as_deref(), Some("second"));
}

#[test]
fn a_peer_that_leaves_during_a_delay_ends_only_its_own_part() {
    let (mut session, mut peers, ids) = with_peers(3);
    let items = vec![bytes(b"a"), bytes(b"b").after(PAUSE * 5).named("b"), bytes(b"c").after(PAUSE)];
    session.send(1, Target::All, plan(items));
    for peer in &mut peers {
        assert_eq!(peer.receive(1), b"a");
    }
    peers.remove(0).reset();
    for peer in &mut peers {
        assert_eq!(peer.receive(2), b"bc");
    }
    let outcome = session.outcome(1);
    assert_eq!(outcome.result.map_err(|error| error.kind), Err(ErrorKind::Closed));
    assert_eq!((outcome.sent_bytes, outcome.item.as_deref()), (7, Some("b")));
    assert_eq!(sent(&session, ids[0]).len(), 1);
}

#[test]
fn rounds_repeat_their_delays() {
    let (mut session, mut peers, ids) = with_peers(2);
    let items = || vec![bytes(b"a").to(Target::Peer(ids[0])), bytes(b"b").to(Target::Peer(ids[1])).after(PAUSE)];
    session.send(1, Target::All, rounds(items(), 3));
    let outcome = session.outcome(1);
    assert_eq!((outcome.result, outcome.rounds, outcome.sent_bytes), (Ok(()), 3, 6));
    assert_eq!((peers[0].receive(3), peers[1].receive(3)), (b"aaa".to_vec(), b"bbb".to_vec()));
    for id in &ids {
        assert_spaced(&mut session, *id, &[PAUSE, PAUSE]);
    }
    // With an interval. A round that takes longer than the interval leaves the next ones out; the number of rounds stays.
    let (mut session, mut peer) = connected();
    let items = vec![bytes(b"a"), bytes(b"b").after(PAUSE)];
    session.send(1, Target::Remote, SendPlan { items, every: Some(PAUSE / 4), rounds: Some(3) });
    assert_eq!(peer.receive(6), b"ababab");
    let outcome = session.outcome(1);
    assert_eq!((outcome.result, outcome.rounds), (Ok(()), 3));
    assert_spaced(&mut session, PeerId(1), &[PAUSE, Duration::ZERO, PAUSE, Duration::ZERO, PAUSE]);
}

#[test]
fn a_list_in_a_repeat_can_be_replaced_by_one_payload() {
    let (session, mut peer) = connected();
    let items = vec![bytes(b"a"), bytes(b"b").after(LONG)];
    session.send(1, Target::Remote, SendPlan { items, every: Some(PAUSE / 4), rounds: None });
    assert_eq!(peer.receive(1), b"a");
    session.command(Command::ChangeSend { ticket: Ticket(1), content: SendContent::Bytes(b"c"[..].into()) });
    assert_eq!(peer.receive(3), b"ccc");
}

#[test]
fn one_payload_for_several_peers_is_replaced_for_each_of_them() {
    let (session, mut peers, ids) = with_peers(3);
    let payload: std::sync::Arc<[u8]> = b"a"[..].into();
    let items = ids[..2].iter().map(|id| SendItem::bytes(payload.clone()).to(Target::Peer(*id))).collect();
    session.send(1, Target::Peer(ids[0]), SendPlan { items, every: Some(PAUSE / 4), rounds: None });
    for peer in &mut peers[..2] {
        assert_eq!(peer.receive(1), b"a");
    }
    session.command(Command::ChangeSend { ticket: Ticket(1), content: SendContent::Bytes(b"c"[..].into()) });
    for peer in &mut peers[..2] {
        // What was queued before the change still goes out.
        while peer.receive(1) != b"c" {}
        assert_eq!(peer.receive(2), b"cc");
    }
    session.command(Command::Close);
    assert_eq!(peers[2].receive_all().unwrap_or_default(), b"");
}

#[test]
fn the_write_side_stays_open_until_the_last_delay_is_over() {
    let (mut session, mut peer) = connected();
    session.send(1, Target::Remote, plan(vec![bytes(b"a"), bytes(b"b").after(PAUSE)]));
    session.command(Command::ShutdownWrite(Target::Remote));
    assert_eq!(peer.receive_all(), Ok(b"ab".to_vec()));
    assert_eq!(session.outcome(1).result, Ok(()));
}

#[test]
fn each_client_that_joins_has_delays_of_its_own() {
    let (mut session, local) = listening();
    session.command(Command::OnJoin(Some(plan(vec![bytes(b"wel"), bytes(b"come").after(PAUSE)]))));
    let mut peers: Vec<_> = (0..5).map(|_| Peer::connect(local)).collect();
    for peer in &mut peers {
        assert_eq!(peer.receive(7), b"welcome");
    }
    for id in session.wait_peers(5) {
        assert_spaced(&mut session, id, &[PAUSE]);
    }
}

#[test]
fn datagrams_have_delays_and_targets() {
    let receiver = || {
        let socket = UdpSocket::bind("127.0.0.1:0").expect("a port");
        socket.set_read_timeout(Some(DEADLINE)).expect("time-out");
        let address = socket.local_addr().expect("bound");
        (socket, address)
    };
    let receive = |socket: &UdpSocket| {
        let mut buffer = [0; 100];
        let count = socket.recv(&mut buffer).expect("a datagram");
        buffer[..count].to_vec()
    };
    let ((one, to_one), (two, to_two)): ((_, SocketAddr), (_, SocketAddr)) = (receiver(), receiver());
    let mut session = Session::open(udp("127.0.0.1:0"));
    let items = vec![
        bytes(b"1").named("to one"),
        bytes(b"2").to(Target::Address(to_two)),
        bytes(b"all").to(Target::All).after(PAUSE),
        bytes(b"").after(PAUSE),
    ];
    session.send(1, Target::Address(to_one), plan(items));
    assert_eq!((receive(&one), receive(&one), receive(&one)), (b"1".to_vec(), b"all".to_vec(), Vec::new()));
    assert_eq!((receive(&two), receive(&two)), (b"2".to_vec(), b"all".to_vec()));
    assert_eq!(session.outcome(1).result, Ok(()));
    assert_spaced(&mut session, PeerId(1), &[PAUSE, PAUSE]);
    assert_spaced(&mut session, PeerId(2), &[PAUSE]);
    // A named item is a step of a list.
    let causes: Vec<_> = records(&session.reader())
        .iter()
        .filter(|record| record.direction == Some(Direction::Sent))
        .map(|record| record.marks().cause)
        .collect();
    assert_eq!(causes.first(), Some(&Cause::List), "{causes:?}");
    assert_eq!(causes.iter().filter(|cause| **cause == Cause::Broadcast).count(), 2, "{causes:?}");
    // Closing ends a wait at once.
    session.send(2, Target::Address(to_one), plan(vec![bytes(b"x").after(LONG).named("late")]));
    session.close();
    let outcome = session.outcome(2);
    assert_eq!(outcome.result.map_err(|error| error.kind), Err(ErrorKind::Cancelled));
    assert_eq!(outcome.item.as_deref(), Some("late"));
    assert!(session.finish(), "the worker ends at once");
}
