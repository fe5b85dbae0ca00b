//! Limits of a worker: how long silent peers are tolerated, and how many answers may be queued.

use std::time::Duration;

/// Entries a send queue holds at most, however small they are.
pub(in crate::engine) const MAX_ENTRIES: usize = 65_536;
/// Answers that a session may have queued, in multiples of one peer's queue limit; shared evenly among many peers.
const SESSION_QUEUES: usize = 32;
/// The same as a number of answers.
const SESSION_ANSWERS: usize = 8 * MAX_ENTRIES;
/// Every peer may have this much queued, however many peers there are.
const LEAST_SHARE_BYTES: usize = 4 << 10;
/// The same as a number of answers.
const LEAST_SHARE_ANSWERS: usize = 16;

/// The shortest patience: keep-alive intervals are whole seconds.
const SHORTEST_PATIENCE: Duration = Duration::from_secs(6);

/// How long a TCP peer may answer nothing, neither data nor keep-alive probes, until its connection counts as lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engine) struct Patience(Duration);

impl Default for Patience {
    fn default() -> Self {
        Self(Duration::from_secs(60))
    }
}

impl Patience {
    /// At least six seconds.
    pub(in crate::engine) fn of(wanted: Duration) -> Self {
        Self(wanted.max(SHORTEST_PATIENCE))
    }

    /// The limit for bytes that are not acknowledged.
    pub(in crate::engine) fn limit(self) -> Duration {
        self.0
    }

    /// How often silent peers are looked for.
    pub(in crate::engine) fn look_every(self) -> Duration {
        self.0 / 12
    }
}

/// Answers that may be queued for one peer. Beyond this, the peer is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engine) struct AnswerShare {
    /// Bytes.
    pub(in crate::engine) bytes: usize,
    /// Answers, however small they are.
    pub(in crate::engine) answers: usize,
}

impl AnswerShare {
    /// The share of a single peer.
    pub(in crate::engine) fn of_one(queue_limit: usize) -> Self {
        Self { bytes: queue_limit, answers: MAX_ENTRIES }
    }

    /// The share of each of `peers`; together they stay within the limit of the session.
    pub(in crate::engine) fn among(peers: usize, queue_limit: usize) -> Self {
        let one = Self::of_one(queue_limit);
        let peers = peers.max(1);
        let bytes = (queue_limit.saturating_mul(SESSION_QUEUES) / peers).max(LEAST_SHARE_BYTES);
        let answers = (SESSION_ANSWERS / peers).max(LEAST_SHARE_ANSWERS);
        Self { bytes: bytes.min(one.bytes), answers: answers.min(one.answers) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shares_of_all_peers_keep_to_what_a_session_may_have_waiting() {
        let limit = 8 << 20;
        assert_eq!(AnswerShare::among(1, limit), AnswerShare::of_one(limit));
        assert_eq!(AnswerShare::among(0, limit), AnswerShare::of_one(limit));
        for peers in [2, 31, 32, 33, 1000, 10_000, 65_536] {
            let share = AnswerShare::among(peers, limit);
            assert!(share.bytes * peers <= SESSION_QUEUES * limit, "{peers}: {share:?}");
            assert!(share.answers * peers <= SESSION_ANSWERS.max(LEAST_SHARE_ANSWERS * peers), "{peers}: {share:?}");
        }
    }

    #[test]
    fn no_patience_is_shorter_than_the_system_can_count() {
        assert_eq!(Patience::of(Duration::ZERO).limit(), SHORTEST_PATIENCE);
    }
}
