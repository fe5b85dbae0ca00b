//! A front end that stalls while its session is flooded. (`tests/gui/stall.rs` tests the window.)

use crate::support::*;
use std::io::Write;
use std::time::{Duration, Instant};
use wirebench::capture::CaptureOptions;
use wirebench::engine::{Command, EventKind};
use wirebench::model::{CloseReason, Direction, ErrorKind, PeerId, SessionState, Target, Ticket};

/// Duration of the stall.
const STALL: Duration = Duration::from_secs(5);
/// Capacity of the event channel, as documented by the engine.
const EVENTS_MAX: usize = 1024;
/// Count of sends, each answered by an event: more than the channel holds.
const SENDS: u64 = 1800;

#[test]
fn a_front_end_that_stands_still_for_five_seconds_loses_nothing() {
    let mut session = Session::with(CaptureOptions { limit_bytes: 64 << 20, ..CaptureOptions::default() }, 8 << 20);
    session.command(Command::Open(server("127.0.0.1:0")));
    session.wait_state("listening", SessionState::is_open);
    let local = session.local();
    let block = pattern(1 << 20);
    let started = Instant::now();
    let mut most = 0;
    let sent = std::thread::scope(|scope| {
        let flood = scope.spawn(|| {
            let (mut peer, mut sent) = (Peer::connect(local), 0);
            while started.elapsed() < STALL {
                peer.0.write_all(&block).expect("the worker reads during the stall");
                sent += block.len() as u64;
                std::thread::sleep(Duration::from_millis(20));
            }
            peer.shut_down();
            sent
        });
        // Peers that join and leave, and outcomes of commands: events that are not received.
        let mut ticket = 0;
        while started.elapsed() < STALL || ticket < SENDS || most < EVENTS_MAX {
            assert!(started.elapsed() < STALL + DEADLINE, "{ticket} sends, {most} events");
            drop(Peer::connect(local));
            for _ in 0..50 {
                let (target, plan) = (Target::Peer(PeerId(u32::MAX)), plan(vec![bytes(b"x")]));
                let send = Command::Send { ticket: Ticket(ticket + 1), target, plan };
                // If the worker is behind, it is sent in the next round.
                ticket += u64::from(ticket < SENDS && session.handle().send(send).is_ok());
            }
            let counters = session.counters();
            assert_eq!(counters.received_bytes, counters.stored_bytes + counters.dropped_bytes);
            most = most.max(session.handle().events().len());
            assert!(most <= EVENTS_MAX, "{most} events");
            std::thread::sleep(Duration::from_millis(20));
        }
        flood.join().expect("no panic")
    });
    // No event has been received yet; the worker must have read everything.
    let until = Instant::now() + DEADLINE;
    while session.counters().received_bytes < sent || session.counters().peers > 0 {
        assert!(Instant::now() < until, "{:?} of {sent}", session.counters());
        std::thread::sleep(Duration::from_millis(5));
    }
    let counters = session.counters();
    assert_eq!((counters.received_bytes, counters.stored_bytes, counters.dropped_bytes), (sent, sent, 0));
    assert!(session.handle().events().len() <= EVENTS_MAX);
    // After the stall each command has one outcome, and the state is current.
    for ticket in 1..=SENDS {
        let outcome = session.outcome(ticket);
        assert_eq!(outcome.result.map_err(|error| error.kind), Err(ErrorKind::NoPeer), "send {ticket}");
    }
    let answers = session.events().iter().filter(|event| matches!(event, EventKind::SendFinished(..))).count();
    assert_eq!(answers as u64, SENDS);
    assert_eq!(session.handle().state(), SessionState::Listening { local });
    let kept = payload(&session.reader(), Direction::Received, None);
    assert_eq!(kept.len() as u64 + counters.evicted_bytes, sent);
    let skip = usize::try_from(counters.evicted_bytes).expect("small") % block.len();
    assert!(kept.iter().eq(block.iter().cycle().skip(skip).take(kept.len())), "the bytes must be those that were sent");
    session.close();
    assert_eq!(session.wait_closed(), SessionState::Closed(CloseReason::Local));
}
