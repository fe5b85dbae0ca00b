//! A front end that stands still while its session is flooded. (The window does it in `tests/gui/stall.rs`.)

use crate::support::*;
use std::io::Write;
use std::time::{Duration, Instant};
use wirebench::capture::CaptureOptions;
use wirebench::engine::{Command, EventKind};
use wirebench::model::{CloseReason, Direction, ErrorKind, PeerId, SessionState, Target, Ticket};

/// How long it stands still.
const STALL: Duration = Duration::from_secs(5);
/// Events the channel holds, as the engine says.
const EVENTS_MAX: usize = 1024;
/// Sends that are each answered by an event: more than the channel holds.
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
                peer.0.write_all(&block).expect("it reads, whoever stands still");
                sent += block.len() as u64;
                std::thread::sleep(Duration::from_millis(20));
            }
            peer.shut_down();
            sent
        });
        // Comings and goings, and answers to commands: all of them events that nobody takes.
        let mut ticket = 0;
        while started.elapsed() < STALL || ticket < SENDS || most < EVENTS_MAX {
            assert!(started.elapsed() < STALL + DEADLINE, "{ticket} sends, {most} events");
            drop(Peer::connect(local));
            for _ in 0..50 {
                let (target, plan) = (Target::Peer(PeerId(u32::MAX)), plan(vec![bytes(b"x")]));
                let send = Command::Send { ticket: Ticket(ticket + 1), target, plan };
                // A worker that is behind takes it the next time.
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
    // Still nobody has taken an event: the worker got it all.
    let until = Instant::now() + DEADLINE;
    while session.counters().received_bytes < sent || session.counters().peers > 0 {
        assert!(Instant::now() < until, "{:?} of {sent}", session.counters());
        std::thread::sleep(Duration::from_millis(5));
    }
    let counters = session.counters();
    assert_eq!((counters.received_bytes, counters.stored_bytes, counters.dropped_bytes), (sent, sent, 0));
    assert!(session.handle().events().len() <= EVENTS_MAX);
    // It wakes up: each command was answered once, and the state is what it is.
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
    assert!(kept.iter().eq(block.iter().cycle().skip(skip).take(kept.len())), "the bytes are those that were sent");
    session.close();
    assert_eq!(session.wait_closed(), SessionState::Closed(CloseReason::Local));
}
