//! Notices that rules of two sessions of this program answer each other without end.
//!
//! Each connection with rules counts its frames, those that its rules answered, and what they sent. Once many frames were answered in
//! a short time, it looks for the other end of the connection among the sessions of this program. It is a loop only if the rules of
//! both ends answered about as much, and sent every frame that the two received meanwhile: with a frame of a user, a list or another
//! program for each few answers it is none.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError, Weak};
use std::time::Duration;

/// Frames that are answered before a connection looks for its other end.
const ANSWERED: u64 = 10_000;
/// They are answered within this time.
const WITHIN: Duration = Duration::from_secs(20);
/// Frames that may be on their way, or that somebody else sent.
const OTHERS: u64 = 1_000;

/// The two ports of a connection, the own one first. Both ends are on this machine, so these are the same pair in the other order; what else has the
/// same ports does not send what this end received.
type Ends = (u16, u16);

static LINKS: LazyLock<Mutex<HashMap<Ends, Weak<Counts>>>> = LazyLock::new(Mutex::default);

/// What one end of a connection did since it opened.
#[derive(Debug, Default)]
struct Counts {
    frames: AtomicU64,
    answered: AtomicU64,
    sent: AtomicU64,
}

#[derive(Clone, Copy, Debug, Default)]
struct Amounts {
    frames: u64,
    answered: u64,
    sent: u64,
}

impl Counts {
    fn amounts(&self) -> Amounts {
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        Amounts { frames: read(&self.frames), answered: read(&self.answered), sent: read(&self.sent) }
    }
}

impl Amounts {
    fn since(self, before: Self) -> Self {
        Self {
            frames: self.frames.saturating_sub(before.frames),
            answered: self.answered.saturating_sub(before.answered),
            sent: self.sent.saturating_sub(before.sent),
        }
    }
}

/// One end of a connection.
#[derive(Debug)]
pub(super) struct Exchange {
    ends: Ends,
    counts: Arc<Counts>,
    /// When the counting of the present stretch began, and the amounts of both ends then.
    began: Duration,
    own: Amounts,
    other: Amounts,
}

impl Exchange {
    /// A connection between these ports opens.
    pub(super) fn open(local: u16, remote: u16, now: Duration) -> Self {
        let ends = (local, remote);
        let counts = Arc::<Counts>::default();
        let mut links = LINKS.lock().unwrap_or_else(PoisonError::into_inner);
        links.insert(ends, Arc::downgrade(&counts));
        let other = of_other(&links, ends).unwrap_or_default();
        Self { ends, counts, began: now, own: Amounts::default(), other }
    }

    /// A frame arrived, and rules sent this many answers to it. Returns whether the two ends answer each other without end.
    pub(super) fn answered(&mut self, frames: u64, sent: u64, now: Duration) -> bool {
        let add = |count: &AtomicU64, more| count.fetch_add(more, Ordering::Relaxed);
        add(&self.counts.frames, frames);
        if sent == 0 {
            return false;
        }
        add(&self.counts.sent, sent);
        let answered = add(&self.counts.answered, 1) + 1;
        if answered - self.own.answered < ANSWERED {
            return false;
        }
        let other = of_other(&LINKS.lock().unwrap_or_else(PoisonError::into_inner), self.ends);
        let (own_now, other_now) = (self.counts.amounts(), other.unwrap_or_default());
        let (own, theirs) = (own_now.since(self.own), other_now.since(self.other));
        let took = now.saturating_sub(self.began);
        (self.began, self.own, self.other) = (now, own_now, other_now);
        other.is_some()
            && took <= WITHIN
            && theirs.answered >= ANSWERED - OTHERS
            && own.frames <= theirs.sent + OTHERS
            && theirs.frames <= own.sent + OTHERS
    }
}

fn of_other(links: &HashMap<Ends, Weak<Counts>>, (local, remote): Ends) -> Option<Amounts> {
    links.get(&(remote, local)).and_then(Weak::upgrade).map(|counts| counts.amounts())
}

impl Drop for Exchange {
    fn drop(&mut self) {
        let mut links = LINKS.lock().unwrap_or_else(PoisonError::into_inner);
        // Another connection with the same ports may have taken the place.
        if links.get(&self.ends).is_some_and(|known| known.as_ptr() == Arc::as_ptr(&self.counts)) {
            links.remove(&self.ends);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(port: u16) -> (Exchange, Exchange) {
        (Exchange::open(port, port + 1, Duration::ZERO), Exchange::open(port + 1, port, Duration::ZERO))
    }

    #[test]
    fn two_ends_that_only_answer_each_other_are_a_loop() {
        let (mut one, mut two) = pair(11);
        let rounds = (0..20_000).find(|_| one.answered(1, 1, Duration::ZERO) || two.answered(1, 1, Duration::ZERO));
        assert_eq!(rounds, Some(9_999));
    }

    #[test]
    fn who_also_gets_other_frames_is_none() {
        // A list of one end asks, the rules of the other answer, and those of the first confirm.
        let (mut asks, mut answers) = pair(21);
        for _ in 0..50_000 {
            assert!(!answers.answered(1, 1, Duration::ZERO), "a question");
            assert!(!asks.answered(1, 1, Duration::ZERO), "its answer");
            assert!(!answers.answered(1, 0, Duration::ZERO), "the confirmation");
        }
        // One frame that is answered by many, which are answered.
        let (mut one, mut many) = pair(31);
        assert!(!many.answered(1, 50_000, Duration::ZERO));
        for _ in 0..50_000 {
            assert!(!one.answered(1, 1, Duration::ZERO));
            assert!(!many.answered(1, 0, Duration::ZERO));
        }
        // A client that is no session of this program.
        let mut alone = Exchange::open(41, 42, Duration::ZERO);
        assert!(!(0..50_000).any(|_| alone.answered(1, 1, Duration::ZERO)));
        // Two ends that take their time.
        let (mut slow, mut other) = pair(51);
        for round in 0..50_000 {
            let now = Duration::from_millis(round * 3);
            assert!(!slow.answered(1, 1, now) && !other.answered(1, 1, now));
        }
    }
}
