//! The worker's deadlines.

use crate::engine::context::poll_source::ConnectId;
use crate::engine::platform::PreciseTimer;
use crate::model::PeerId;
use mio::{Registry, Token};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::time::{Duration, Instant};

/// A timer. A stale one fires and does nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::engine) enum Timer {
    /// The name look-up has used up the connect timeout.
    LookUp,
    /// Connect again.
    Retry,
    /// Handled by the sockets of the run.
    Socket(SocketTimer),
    /// The next round of a repeat.
    Round(u64),
    /// The delay before the next item of a send to this peer is over.
    Item(u64, PeerId),
    /// The periodic checks of an open run.
    Second,
    /// Try the full disk again.
    Disk,
    /// Try the full event channel again.
    Outbox,
    /// A close has waited long enough for the send queues.
    Drain,
}

/// A timer that the sockets of the run handle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::engine) enum SocketTimer {
    /// A connect attempt has used up its share of the timeout, or a handshake all of its time.
    Connect(ConnectId),
    /// Check whether a peer that sent its FIN still takes what is queued.
    Flush(PeerId),
    /// A connection that a fault holds back may send again.
    Gate(PeerId),
    /// Accept again after the system ran out of descriptors.
    Accept(u8),
    /// Send datagrams again after the system ran out of buffers.
    Send,
    /// A frame that is to be answered ends if nothing more came from its peer.
    Quiet(PeerId),
    /// A rule of a talk file has something to do for this peer.
    Rule(PeerId),
}

/// The longest wait (ten years): `Instant` cannot represent times much later.
const FAR: Duration = Duration::from_secs(10 * 365 * 24 * 3600);

/// `wait` after `from`.
pub(in crate::engine) fn after(from: Instant, wait: Duration) -> Instant {
    from.checked_add(wait.min(FAR)).unwrap_or(from)
}

/// Deadlines, at most one for each timer. The system's precise timer, where there is one, is armed for the earliest.
#[derive(Debug)]
pub(in crate::engine) struct Timers {
    queue: BTreeSet<(Instant, Timer)>,
    deadlines: BTreeMap<Timer, Instant>,
    precise: Option<PreciseTimer>,
    armed: Option<Instant>,
}

impl Timers {
    /// # Errors
    /// The poll refuses the precise timer.
    pub(in crate::engine) fn new(registry: &Registry, token: Token) -> io::Result<Self> {
        let precise = PreciseTimer::register(registry, token)?;
        Ok(Self { queue: BTreeSet::new(), deadlines: BTreeMap::new(), precise, armed: None })
    }

    /// Sets a timer and replaces its earlier deadline: a timer that re-arms itself never exists twice.
    pub(in crate::engine) fn set(&mut self, at: Instant, timer: Timer) {
        self.cancel(timer);
        self.deadlines.insert(timer, at);
        self.queue.insert((at, timer));
    }

    /// Removes a timer.
    pub(in crate::engine) fn cancel(&mut self, timer: Timer) {
        if let Some(at) = self.deadlines.remove(&timer) {
            self.queue.remove(&(at, timer));
        }
    }

    /// Removes the timers of a run that is over; those of the session stay.
    pub(in crate::engine) fn clear_run(&mut self) {
        let stays = |timer: &Timer| matches!(timer, Timer::Disk | Timer::Outbox);
        self.queue.retain(|(_, timer)| stays(timer));
        self.deadlines.retain(|timer, _| stays(timer));
    }

    /// Handles an event of the precise timer.
    pub(in crate::engine) fn fired(&mut self) {
        self.armed = None;
        if let Some(precise) = &self.precise {
            precise.clear();
        }
    }

    /// Takes the next timer that is due. To take all of them, pass the same `now`: timers re-armed in between come next time.
    pub(in crate::engine) fn pop_due(&mut self, now: Instant) -> Option<Timer> {
        let (at, timer) = *self.queue.first()?;
        if at > now {
            return None;
        }
        self.cancel(timer);
        Some(timer)
    }

    /// How long the poll may wait (`None`: for ever). Arms the precise timer where there is one.
    pub(in crate::engine) fn poll_timeout(&mut self, now: Instant) -> Option<Duration> {
        let (next, _) = *self.queue.first()?;
        let wait = next.saturating_duration_since(now);
        if wait.is_zero() {
            return Some(wait);
        }
        // An earlier armed time only wakes us early, which is harmless; one that has passed was cleared or fires at once.
        if self.armed.is_some_and(|armed| armed <= next && armed > now) {
            return None;
        }
        if self.precise.as_ref().is_some_and(|precise| precise.arm(wait)) {
            self.armed = Some(next);
            return None;
        }
        Some(wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mio::{Events, Poll};

    #[test]
    fn timers_fire_in_order_and_wake_the_poll_close_to_their_time() {
        let mut poll = Poll::new().expect("poll");
        let mut timers = Timers::new(poll.registry(), Token(1)).expect("timer");
        let start = Instant::now();
        timers.set(start + Duration::from_millis(30), Timer::Second);
        timers.set(start + Duration::from_millis(10), Timer::Disk);
        timers.set(start + Duration::from_secs(3600), Timer::Round(7));
        timers.cancel(Timer::Round(7));
        let mut fired = Vec::new();
        let mut events = Events::with_capacity(8);
        while fired.len() < 2 {
            let wait = timers.poll_timeout(Instant::now());
            poll.poll(&mut events, wait).expect("poll");
            if !events.is_empty() {
                timers.fired();
            }
            while let Some(timer) = timers.pop_due(Instant::now()) {
                fired.push((timer, start.elapsed()));
            }
        }
        assert_eq!(fired.iter().map(|f| f.0).collect::<Vec<_>>(), [Timer::Disk, Timer::Second]);
        assert!(fired[0].1 >= Duration::from_millis(10) && fired[1].1 >= Duration::from_millis(30), "{fired:?}");
        assert!(timers.poll_timeout(Instant::now()).is_none());
    }

    #[test]
    fn a_timer_that_is_set_again_replaces_itself() {
        let poll = Poll::new().expect("poll");
        let mut timers = Timers::new(poll.registry(), Token(1)).expect("timer");
        let now = Instant::now();
        for wait in [3, 1, 2] {
            timers.set(now + Duration::from_secs(wait), Timer::Disk);
        }
        timers.set(now + Duration::from_secs(1), Timer::Round(1));
        assert_eq!(timers.pop_due(now + Duration::from_secs(1)), Some(Timer::Round(1)));
        let mut fired = 0;
        while timers.pop_due(now + Duration::from_secs(4)).is_some() {
            fired += 1;
        }
        assert_eq!(fired, 1);
    }

    #[test]
    fn a_wait_without_end_is_no_overflow() {
        let now = Instant::now();
        assert!(after(now, Duration::MAX) > now + Duration::from_secs(1000));
    }

    #[test]
    fn the_end_of_a_run_keeps_what_belongs_to_the_session() {
        let poll = Poll::new().expect("poll");
        let mut timers = Timers::new(poll.registry(), Token(1)).expect("timer");
        let now = Instant::now();
        for timer in [Timer::LookUp, Timer::Second, Timer::Disk, Timer::Round(1)] {
            timers.set(now, timer);
        }
        timers.clear_run();
        assert_eq!(timers.pop_due(now), Some(Timer::Disk));
        assert_eq!(timers.pop_due(now), None);
    }
}
