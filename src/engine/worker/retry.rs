//! Automatic reconnecting of a TCP client.

use crate::model::{CloseReason, NextTry, Reconnect, SessionConfig};
use std::time::Duration;

/// Minimum wait before an attempt, so that a port that refuses at once does not keep the worker busy.
const SHORTEST_WAIT: Duration = Duration::from_millis(10);

/// The configuration to open again, and the number of attempts. It outlives the runs.
#[derive(Clone, Debug)]
pub(super) struct Retry {
    config: SessionConfig,
    /// `None`: the client does not connect again at the moment.
    pub(super) policy: Option<Reconnect>,
    /// Number of attempts since the last connection.
    attempts: u32,
}

impl Retry {
    /// `None`: not a TCP client.
    pub(super) fn of(config: &SessionConfig) -> Option<Self> {
        let SessionConfig::TcpClient(client) = config else { return None };
        Some(Self { config: config.clone(), policy: client.reconnect, attempts: 0 })
    }

    pub(super) fn config(&self) -> &SessionConfig {
        &self.config
    }

    /// Resets the attempts, because a run has a connection.
    pub(super) fn connected(&mut self) {
        self.attempts = 0;
    }

    /// Counts the next attempt after a run that ended for `reason`; `None`: the user ended it, or no attempts are left.
    pub(super) fn after(mut self, reason: CloseReason) -> Option<Self> {
        let is_by_the_user = matches!(reason, CloseReason::Local | CloseReason::Kicked);
        if is_by_the_user || self.policy?.attempts.is_some_and(|most| self.attempts >= most) {
            return None;
        }
        self.attempts = self.attempts.saturating_add(1);
        Some(self)
    }

    /// How long to wait before this attempt: the wait doubles with each attempt, up to the longest.
    pub(super) fn wait(&self) -> Duration {
        let Some(policy) = self.policy else { return SHORTEST_WAIT };
        let doubled = 1_u32.checked_shl(self.attempts.saturating_sub(1)).unwrap_or(u32::MAX);
        policy.first.max(SHORTEST_WAIT).saturating_mul(doubled).min(policy.longest.max(SHORTEST_WAIT))
    }

    /// This attempt, for records and events.
    pub(super) fn next(&self) -> NextTry {
        let wait_ms = u64::try_from(self.wait().as_millis()).unwrap_or(u64::MAX);
        NextTry { number: self.attempts, of: self.policy.and_then(|policy| policy.attempts), wait_ms }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{TcpClientConfig, TcpServerConfig};

    fn retry(first: Duration, longest: Duration, attempts: Option<u32>) -> Retry {
        let reconnect = Some(Reconnect { first, longest, attempts });
        let config = TcpClientConfig { reconnect, ..TcpClientConfig::new("127.0.0.1:1".parse().unwrap()) };
        Retry::of(&SessionConfig::TcpClient(config)).unwrap()
    }

    #[test]
    fn waits_double_up_to_the_longest_and_begin_anew_with_a_connection() {
        let (first, longest) = (Duration::from_secs(1), Duration::from_secs(5));
        let mut retry = retry(first, longest, None);
        for expected in [1, 2, 4, 5, 5] {
            retry = retry.after(CloseReason::Error).unwrap();
            assert_eq!(retry.wait(), Duration::from_secs(expected), "attempt {}", retry.attempts);
        }
        retry.attempts = u32::MAX;
        retry = retry.after(CloseReason::Timeout).unwrap();
        assert_eq!((retry.attempts, retry.wait()), (u32::MAX, longest));
        retry.connected();
        retry = retry.after(CloseReason::PeerFin).unwrap();
        assert_eq!((retry.attempts, retry.wait()), (1, first));
    }

    #[test]
    fn no_wait_is_shorter_than_the_shortest() {
        let retry = retry(Duration::ZERO, Duration::ZERO, None).after(CloseReason::Reset).unwrap();
        assert_eq!(retry.wait(), SHORTEST_WAIT);
    }

    #[test]
    fn what_the_user_ends_and_what_is_no_client_is_not_opened_again() {
        for reason in [CloseReason::Local, CloseReason::Kicked] {
            assert!(retry(Duration::ZERO, Duration::ZERO, None).after(reason).is_none());
        }
        let never = Retry { policy: None, ..retry(Duration::ZERO, Duration::ZERO, None) };
        assert!(never.after(CloseReason::PeerFin).is_none());
        let once = retry(Duration::ZERO, Duration::ZERO, Some(1)).after(CloseReason::Error).unwrap();
        assert!(once.after(CloseReason::Error).is_none());
        let local = "127.0.0.1:0".parse().unwrap();
        assert!(Retry::of(&SessionConfig::TcpServer(TcpServerConfig::new(local))).is_none());
    }
}
