//! How long a TCP peer may answer nothing until its connection counts as lost.
//!
//! A peer that loses its power or its cable sends no FIN. Where nothing is under way the system's keep-alive probes find
//! out. While sent bytes are not acknowledged there are no such probes, and the system alone would send them again for a
//! quarter of an hour (`tcp_retries2`, tcp(7)), during which everything sent seems to arrive. A limit for that
//! (`TCP_USER_TIMEOUT`) must not stand all the time: it would also end the connection of a peer that is well and only does
//! not read, as a device that stands at a breakpoint. So it is set while the system repeats bytes, and taken back after.

use crate::engine::context::limits::Patience;
use socket2::TcpKeepalive;
use std::time::{Duration, Instant};

/// Probes without an answer that end the connection.
const PROBES: u32 = 3;

/// Keep-alive for a patience: half of it nothing happens, then there are three probes.
pub(super) fn keepalive(patience: Patience) -> TcpKeepalive {
    let limit = patience.limit();
    let keepalive = TcpKeepalive::new().with_time(limit / 2).with_interval(limit / (2 * PROBES));
    #[cfg(not(windows))]
    let keepalive = keepalive.with_retries(PROBES);
    keepalive
}

/// What a peer is owed an answer for.
#[derive(Debug, Default)]
pub(super) struct Silence {
    /// The first write that nothing has come after.
    since: Option<Instant>,
    /// The socket has a limit.
    limited: bool,
}

impl Silence {
    /// The peer sent something.
    pub(super) fn heard(&mut self) {
        // One with a limit is looked at again, so that it is taken back.
        self.since = self.since.filter(|_| self.limited);
    }

    /// The system took something for the peer.
    pub(super) fn spoke(&mut self) {
        if self.since.is_none() {
            self.since = Some(Instant::now());
        }
    }

    /// It is worth asking the system whether the peer acknowledges.
    pub(super) fn is_suspicious(&self, patience: Patience, now: Instant) -> bool {
        self.since.is_some_and(|since| now.saturating_duration_since(since) >= patience.limit() / 6)
    }

    /// True = the socket is to be given this limit; it has another one now.
    pub(super) fn wants(&mut self, limit: Option<Duration>) -> bool {
        std::mem::replace(&mut self.limited, limit.is_some()) != limit.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_who_is_spoken_to_and_says_nothing_is_suspicious() {
        let patience = Patience::of(Duration::from_secs(60));
        let later = Instant::now() + Duration::from_secs(11);
        let mut silence = Silence::default();
        assert!(!silence.is_suspicious(patience, later), "nothing was sent");
        silence.spoke();
        assert!(!silence.is_suspicious(patience, Instant::now()) && silence.is_suspicious(patience, later));
        silence.heard();
        assert!(!silence.is_suspicious(patience, later));
        silence.spoke();
        assert!(silence.wants(Some(patience.limit())) && !silence.wants(Some(patience.limit())));
        silence.heard();
        assert!(silence.is_suspicious(patience, later), "its limit is to be taken back");
        assert!(silence.wants(None));
        silence.heard();
        assert!(!silence.is_suspicious(patience, later));
    }

    #[test]
    fn the_interval_of_probes_is_at_least_a_second() {
        assert!(Patience::of(Duration::ZERO).limit() / (2 * PROBES) >= Duration::from_secs(1));
    }
}
