//! The live table of peers: written by the worker, read by the front end in slices.

use crate::model::PeerId;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// The current state of a peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeerInfo {
    /// Number.
    pub id: PeerId,
    /// Remote address (v4-mapped as v4).
    pub address: SocketAddr,
    /// Payload bytes received from it.
    pub received_bytes: u64,
    /// Payload bytes sent to it.
    pub sent_bytes: u64,
    /// Bytes waiting in its send queue.
    pub queued_bytes: u64,
    /// It shut down its write side.
    pub half_closed: bool,
    /// When something was received from it last.
    pub heard_at: Option<Instant>,
    /// The other connection of a forward.
    pub other: Option<PeerId>,
}

impl PeerInfo {
    /// A new peer without any traffic.
    pub(super) fn new(id: PeerId, address: SocketAddr) -> Self {
        Self {
            id,
            address,
            received_bytes: 0,
            sent_bytes: 0,
            queued_bytes: 0,
            half_closed: false,
            heard_at: None,
            other: None,
        }
    }
}

/// Peers ordered by number. UDP: the addresses heard from or sent to, the 4,096 of them heard from or sent to last.
#[derive(Debug, Default)]
pub struct PeerTable {
    // Locked briefly once per batch of the worker and once per slice of the window.
    peers: Mutex<BTreeMap<PeerId, PeerInfo>>,
    last_heard: AtomicU64,
}

impl PeerTable {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<PeerId, PeerInfo>> {
        self.peers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many there are. O(1).
    #[must_use]
    pub fn len(&self) -> usize {
        self.lock().len()
    }

    /// There are no peers.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lock().is_empty()
    }

    /// The peers at these positions (clipped), for a virtual list.
    #[must_use]
    pub fn slice(&self, range: Range<usize>) -> Vec<PeerInfo> {
        let count = range.end.saturating_sub(range.start);
        self.lock().values().skip(range.start).take(count).copied().collect()
    }

    /// One peer, if it is still there.
    #[must_use]
    pub fn get(&self, peer: PeerId) -> Option<PeerInfo> {
        self.lock().get(&peer).copied()
    }

    /// UDP: the last sender, if it is still known.
    #[must_use]
    pub fn last_heard(&self) -> Option<PeerInfo> {
        let number = self.last_heard.load(Ordering::Relaxed);
        self.get(PeerId(u32::try_from(number).ok()?)).filter(|peer| peer.id != PeerId::NONE)
    }

    /// Applies changes under one lock.
    pub(super) fn apply(&self, changes: impl IntoIterator<Item = PeerChange>) {
        let now = Instant::now();
        let mut peers = self.lock();
        for change in changes {
            match change {
                PeerChange::Set(mut info) => {
                    let before = peers.get(&info.id);
                    let is_new = info.received_bytes > before.map_or(0, |before| before.received_bytes);
                    info.heard_at = if is_new { Some(now) } else { before.and_then(|before| before.heard_at) };
                    peers.insert(info.id, info);
                }
                PeerChange::Gone(id) => {
                    peers.remove(&id);
                }
                PeerChange::Heard(id) => {
                    self.last_heard.store(u64::from(id.0), Ordering::Relaxed);
                    // An empty datagram changes no count.
                    if let Some(peer) = peers.get_mut(&id) {
                        peer.heard_at = Some(now);
                    }
                }
            }
        }
    }
}

/// One change of the table.
#[derive(Debug)]
pub(super) enum PeerChange {
    /// A new peer, or new counts of a known one.
    Set(PeerInfo),
    /// It left.
    Gone(PeerId),
    /// UDP: it became the last sender.
    Heard(PeerId),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_are_ordered_and_clipped() {
        let table = PeerTable::default();
        let address = SocketAddr::from(([127, 0, 0, 1], 9));
        table.apply([3, 1, 2].map(|n| PeerChange::Set(PeerInfo::new(PeerId(n), address))));
        assert_eq!(table.slice(1..9).iter().map(|p| p.id.0).collect::<Vec<_>>(), [2, 3]);
        table.apply([PeerChange::Gone(PeerId(2))]);
        assert_eq!((table.len(), table.get(PeerId(2)), table.slice(5..9).len()), (2, None, 0));
    }

    #[test]
    fn a_peer_is_heard_when_its_count_of_received_bytes_grows_or_a_datagram_names_it() {
        let table = PeerTable::default();
        let peer = PeerInfo::new(PeerId(1), SocketAddr::from(([127, 0, 0, 1], 9)));
        let heard = || table.get(PeerId(1)).and_then(|peer| peer.heard_at);
        table.apply([PeerChange::Set(PeerInfo { sent_bytes: 5, ..peer })]);
        assert_eq!(heard(), None);
        table.apply([PeerChange::Set(PeerInfo { received_bytes: 5, ..peer })]);
        let first = heard();
        assert!(first.is_some());
        table.apply([PeerChange::Set(PeerInfo { received_bytes: 5, sent_bytes: 9, ..peer })]);
        assert_eq!(heard(), first);
        table.apply([PeerChange::Heard(PeerId(1))]);
        assert!(heard() >= first);
    }
}
