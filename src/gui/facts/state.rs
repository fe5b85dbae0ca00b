//! Whose facts are shown, and when the worker was asked for them.

use crate::model::PeerId;
use std::time::{Duration, Instant};

/// How often the facts are read again while they are visible.
pub const EVERY: Duration = Duration::from_secs(1);

/// What the tab remembers.
#[derive(Debug, Default)]
pub struct FactsState {
    asked: Option<(PeerId, Instant)>,
    /// The peer whose facts are shown.
    pub shown: Option<PeerId>,
}

impl FactsState {
    /// It is time to ask for the facts of this peer.
    pub fn is_due(&mut self, peer: PeerId, now: Instant) -> bool {
        let waits = self.asked.is_some_and(|(of, at)| of == peer && now.saturating_duration_since(at) < EVERY);
        if !waits {
            self.asked = Some((peer, now));
        }
        self.shown = Some(peer);
        !waits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_peer_is_asked_at_once_and_the_same_one_each_second() {
        let (mut state, start) = (FactsState::default(), Instant::now());
        assert!(state.is_due(PeerId(1), start) && !state.is_due(PeerId(1), start + EVERY / 2));
        assert!(state.is_due(PeerId(2), start + EVERY / 2) && state.is_due(PeerId(2), start + 2 * EVERY));
        assert_eq!(state.shown, Some(PeerId(2)));
    }
}
