//! Events for the front end. The worker never waits for room in the channel.

use crate::engine::shared::Shared;
use crate::engine::{Event, EventKind, Wake};
use crate::model::{RunNumber, SessionId};
use crossbeam_channel::{Sender, TrySendError};
use std::collections::VecDeque;
use std::sync::Arc;

/// Capacity of the channel to the front end, in events.
pub(in crate::engine) const CHANNEL_EVENTS: usize = 1024;
/// Backlog beside a full channel from which informative events are left out (they are records too).
const INFORMATIVE_LIMIT: usize = 256;
/// Backlog from which no more commands are taken, so that there is room for the event that each command owes.
const COMMAND_LIMIT: usize = 2048;

/// Collects the events of a turn and delivers them at its end, once what they announce has been published.
pub(in crate::engine) struct Outbox {
    session: SessionId,
    sender: Sender<Event>,
    shared: Arc<Shared>,
    wake: Wake,
    waiting: VecDeque<Event>,
    /// Events sent so far, and that count when the last `More` was sent.
    sent: u64,
    more_sent_at: u64,
    more_due: bool,
}

impl Outbox {
    pub(in crate::engine) fn new(session: SessionId, sender: Sender<Event>, shared: Arc<Shared>, wake: Wake) -> Self {
        Self { session, sender, shared, wake, waiting: VecDeque::new(), sent: 0, more_sent_at: 0, more_due: false }
    }

    /// Queues an event for the end of this turn.
    pub(in crate::engine) fn push(&mut self, run: RunNumber, kind: EventKind) {
        let informative =
            matches!(kind, EventKind::SendProgress(_) | EventKind::Warning(_) | EventKind::Error(_) | EventKind::More);
        if informative && self.waiting.len() >= INFORMATIVE_LIMIT {
            tracing::debug!(?kind, "the front end does not read its events; left out");
            return;
        }
        self.waiting.push_back(Event { session: self.session, run, kind });
    }

    /// Announces new records at the end of this turn, once.
    pub(in crate::engine) fn more(&mut self) {
        self.more_due = true;
    }

    /// An event other than `More` is queued.
    pub(in crate::engine) fn has_events(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// The backlog is so long that commands must wait.
    pub(in crate::engine) fn is_crowded(&self) -> bool {
        self.waiting.len() >= COMMAND_LIMIT
    }

    /// Delivers what fits and wakes the front end. False: events are left, try again soon.
    pub(in crate::engine) fn deliver(&mut self, run: RunNumber) -> bool {
        let before = self.sent;
        while let Some(event) = self.waiting.pop_front() {
            if let EventKind::State(state) = &event.kind {
                self.shared.set_state(state.clone());
            }
            if let Some(back) = self.offer(event) {
                self.waiting.push_front(back);
                break;
            }
        }
        if self.more_due && self.waiting.is_empty() {
            // An earlier `More` is still in the channel: when the front end takes it, it will see the new records too.
            let taken = self.sent.saturating_sub(self.sender.len() as u64);
            let one_is_waiting = self.more_sent_at > taken;
            let more = Event { session: self.session, run, kind: EventKind::More };
            if one_is_waiting {
                self.more_due = false;
            } else if self.offer(more).is_none() {
                self.more_sent_at = self.sent;
                self.more_due = false;
            }
        }
        if self.sent != before {
            (self.wake)();
        }
        self.waiting.is_empty() && !self.more_due
    }

    /// Returns the event where it does not fit.
    fn offer(&mut self, event: Event) -> Option<Event> {
        match self.sender.try_send(event) {
            Ok(()) => {
                self.sent += 1;
                None
            }
            Err(TrySendError::Full(event)) => Some(event),
            // The handle is being dropped: there is no receiver.
            Err(TrySendError::Disconnected(_)) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{SessionState, Ticket};
    use std::sync::atomic::{AtomicUsize, Ordering};

    fn outbox(capacity: usize) -> (Outbox, crossbeam_channel::Receiver<Event>, Arc<AtomicUsize>) {
        let (sender, receiver) = crossbeam_channel::bounded(capacity);
        let wakes = Arc::new(AtomicUsize::new(0));
        let wake: Wake = {
            let wakes = wakes.clone();
            Arc::new(move || {
                wakes.fetch_add(1, Ordering::Relaxed);
            })
        };
        (Outbox::new(SessionId(1), sender, Arc::default(), wake), receiver, wakes)
    }

    #[test]
    fn at_most_one_more_waits_and_none_is_lost() {
        let (mut outbox, receiver, wakes) = outbox(8);
        for _ in 0..5 {
            outbox.more();
            assert!(outbox.deliver(RunNumber(1)));
        }
        assert_eq!((receiver.len(), wakes.load(Ordering::Relaxed)), (1, 1));
        receiver.try_recv().expect("the one");
        outbox.more();
        assert!(outbox.deliver(RunNumber(1)));
        assert_eq!(receiver.len(), 1, "after it was taken the next one is sent");
    }

    #[test]
    fn a_full_channel_keeps_outcomes_in_order() {
        let (mut outbox, receiver, _) = outbox(2);
        let outcome = |n| {
            let result = crate::engine::SendOutcome { sent_bytes: n, rounds: 1, peers: 1, result: Ok(()), item: None };
            EventKind::SendFinished(Ticket(n), result)
        };
        for n in 0..5 {
            outbox.push(RunNumber(1), outcome(n));
        }
        outbox.push(RunNumber(1), EventKind::State(SessionState::Resolving));
        let mut tickets = Vec::new();
        let mut delivered = false;
        while !delivered || !receiver.is_empty() {
            delivered = outbox.deliver(RunNumber(1));
            while let Ok(event) = receiver.try_recv() {
                if let EventKind::SendFinished(ticket, _) = event.kind {
                    tickets.push(ticket.0);
                }
            }
        }
        assert_eq!(tickets, [0, 1, 2, 3, 4]);
        assert_eq!(outbox.shared.state(), SessionState::Resolving);
    }
}
