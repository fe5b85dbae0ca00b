//! The last data record of each recently active peer.

use crate::model::{Direction, PeerId};
use std::collections::HashMap;

/// Count of peers per generation.
const PEERS: usize = 4096;

/// Time and direction of a peer's last record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Last {
    pub(super) direction: Direction,
    pub(super) mono_ns: u64,
}

/// Two generations: when the young one is full, it replaces the old one, whose peers are forgotten. So at least the last 4,096 peers
/// are known, and at most twice as many.
#[derive(Debug, Default)]
pub(super) struct Lasts {
    young: HashMap<PeerId, Last>,
    old: HashMap<PeerId, Last>,
}

impl Lasts {
    /// Sets the last record of a peer and returns the previous one.
    pub(super) fn replace(&mut self, peer: PeerId, last: Last) -> Option<Last> {
        let before = self.young.insert(peer, last).or_else(|| self.old.remove(&peer));
        if self.young.len() >= PEERS {
            self.old = std::mem::take(&mut self.young);
        }
        before
    }

    /// Removes a peer that left.
    pub(super) fn forget(&mut self, peer: PeerId) {
        self.young.remove(&peer);
        self.old.remove(&peer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(mono_ns: u64) -> Last {
        Last { direction: Direction::Sent, mono_ns }
    }

    #[test]
    fn the_oldest_peers_are_forgotten_and_the_others_known() {
        let mut lasts = Lasts::default();
        let peers = 50_000_u32;
        for peer in 0..peers {
            assert_eq!(lasts.replace(PeerId(peer), at(peer.into())), None);
            assert!(lasts.young.len() + lasts.old.len() <= 2 * PEERS);
            // An active peer is never forgotten.
            let known = lasts.replace(PeerId(u32::MAX), at(1));
            assert_eq!(known.is_some(), peer > 0);
        }
        let recent = peers - 4000..peers;
        for peer in recent.rev() {
            assert_eq!(lasts.replace(PeerId(peer), at(9)), Some(at(peer.into())), "{peer}");
        }
        assert_eq!(lasts.replace(PeerId(7), at(9)), None);
        lasts.forget(PeerId(7));
        assert_eq!(lasts.replace(PeerId(7), at(9)), None);
    }
}
