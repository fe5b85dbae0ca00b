//! When an unresponsive TCP peer is considered lost.
//!
//! A peer that loses its power or its cable sends no FIN. On an idle connection the system's keep-alive probes find
//! out. While sent bytes are unacknowledged there are no probes, and the system alone would retransmit them for a
//! quarter of an hour (`tcp_retries2`, tcp(7)), during which sending appears to succeed. A limit for that
//! (`TCP_USER_TIMEOUT`) must not be set permanently: it would also end the connection of a healthy peer that merely does
//! not read, such as a device at a breakpoint. So it is set only while the system retransmits.

use crate::engine::context::limits::Patience;
use socket2::TcpKeepalive;
use std::time::{Duration, Instant};

/// The connection ends after this many unanswered probes.
const PROBES: u32 = 3;

/// Keep-alive for a patience: idle for half of it, then three probes.
pub(super) fn keepalive(patience: Patience) -> TcpKeepalive {
    let limit = patience.limit();
    let keepalive = TcpKeepalive::new().with_time(limit / 2).with_interval(limit / (2 * PROBES));
    #[cfg(not(windows))]
    let keepalive = keepalive.with_retries(PROBES);
    keepalive
}

/// How long a peer has been silent after something was sent to it.
#[derive(Debug, Default)]
pub(super) struct Silence {
    /// The first write after which nothing was received.
    since: Option<Instant>,
    /// The socket has a limit.
    limited: bool,
}

impl Silence {
    /// The peer sent something.
    pub(super) fn heard(&mut self) {
        // A socket with a limit is checked again, so that the limit is removed.
        self.since = self.since.filter(|_| self.limited);
    }

    /// Something was written to the socket.
    pub(super) fn spoke(&mut self) {
        if self.since.is_none() {
            self.since = Some(Instant::now());
        }
    }

    /// It is worth asking the system whether the peer acknowledges.
    pub(super) fn is_suspicious(&self, patience: Patience, now: Instant) -> bool {
        self.since.is_some_and(|since| now.saturating_duration_since(since) >= patience.limit() / 6)
    }

    /// True: the limit of the socket must be changed to this one.
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
