//! The list of peers in the left column: those that match the filter, for a moment those that were just disconnected, and the
//! selection.

use crate::engine::{PeerInfo, PeerTable};
use crate::model::{PeerId, display_address};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// A disconnected peer keeps its row this long, so that a double click does not hit the next peer.
const GHOST: Duration = Duration::from_millis(1200);
/// From this number of peers on there is a filter field.
pub const FILTER_FROM: usize = 4;
/// Interval over which bytes per second are measured.
const RATE: Duration = Duration::from_secs(1);

/// See the module.
#[derive(Default)]
pub struct PeerList {
    /// As typed.
    pub filter: String,
    ghosts: Vec<Ghost>,
    /// The targets of a send, if several are selected.
    chosen: BTreeSet<PeerId>,
    /// Start of a range selection.
    anchor: Option<PeerId>,
    sample: Option<Sample>,
}

/// The byte counts of the hovered peer.
struct Sample {
    peer: PeerId,
    at: Instant,
    bytes: u64,
    rate: Option<u64>,
}

struct Ghost {
    peer: PeerInfo,
    row: usize,
    until: Instant,
}

/// A row of the list.
#[derive(Clone, Debug)]
pub struct PeerRow {
    pub peer: PeerInfo,
    /// It was disconnected by the user, so nothing can be done with it.
    pub gone: bool,
}

impl PeerList {
    /// Called when the user disconnects the peer in this row.
    pub fn disconnected(&mut self, peer: PeerInfo, row: usize, now: Instant) {
        self.ghosts.retain(|ghost| ghost.peer.id != peer.id);
        self.ghosts.push(Ghost { peer, row, until: now + GHOST });
    }

    /// The delay until the list changes without input.
    pub fn changes_in(&mut self, now: Instant) -> Option<Duration> {
        self.ghosts.retain(|ghost| ghost.until > now);
        self.ghosts.iter().map(|ghost| ghost.until - now).min()
    }

    /// Bytes per second of the hovered peer, both directions; `None` until it has been hovered for a second.
    pub fn rate(&mut self, peer: &PeerInfo, now: Instant) -> Option<u64> {
        let bytes = peer.received_bytes.saturating_add(peer.sent_bytes);
        let fresh = Sample { peer: peer.id, at: now, bytes, rate: None };
        let sample = match &mut self.sample {
            Some(sample) if sample.peer == peer.id && now.saturating_duration_since(sample.at) < 3 * RATE => sample,
            other => other.insert(fresh),
        };
        let elapsed = now.saturating_duration_since(sample.at);
        if elapsed >= RATE {
            let rate = bytes.saturating_sub(sample.bytes) as f64 / elapsed.as_secs_f64();
            *sample = Sample { rate: Some(rate.round() as u64), at: now, bytes, ..*sample };
        }
        sample.rate
    }

    /// Selects only `alone` and starts ranges there.
    pub fn choose_one(&mut self, alone: Option<PeerId>) {
        self.chosen = alone.into_iter().collect();
        self.anchor = alone;
    }

    /// Adds this peer to the selection, or removes it.
    pub fn toggle(&mut self, peer: PeerId) {
        if !self.chosen.remove(&peer) {
            self.chosen.insert(peer);
        }
        self.anchor = Some(peer);
    }

    /// Selects the rows from the last clicked one to this one; `rows`: the ids in list order.
    pub fn choose_range(&mut self, peer: PeerId, rows: &[PeerId]) {
        let place = |wanted: PeerId| rows.iter().position(|row| *row == wanted);
        let Some(to) = place(peer) else { return };
        let from = self.anchor.and_then(place).unwrap_or(to);
        self.chosen = rows[from.min(to)..=from.max(to)].iter().copied().collect();
    }

    /// The selected peers that are still connected, in list order.
    pub fn selected(&self, peers: &PeerTable) -> Vec<PeerId> {
        self.chosen.iter().copied().filter(|peer| peers.get(*peer).is_some()).collect()
    }

    /// The peer is selected.
    pub fn is_chosen(&self, peer: PeerId) -> bool {
        self.chosen.contains(&peer)
    }

    /// The rows; `None`: the table unchanged, of which only the visible rows need to be read.
    pub fn rows(&self, peers: &PeerTable) -> Option<Vec<PeerRow>> {
        let wanted = self.filter.trim().to_lowercase();
        let is_filtered = peers.len() >= FILTER_FROM && !wanted.is_empty();
        if !is_filtered && self.ghosts.is_empty() {
            return None;
        }
        let matches = |peer: &PeerInfo| {
            !is_filtered || format!("#{} {}", peer.id.0, display_address(peer.address)).to_lowercase().contains(&wanted)
        };
        let is_ghost = |peer: &PeerInfo| self.ghosts.iter().any(|ghost| ghost.peer.id == peer.id);
        let all = peers.slice(0..peers.len());
        let mut rows: Vec<PeerRow> =
            all.into_iter().filter(matches).map(|peer| PeerRow { gone: is_ghost(&peer), peer }).collect();
        let mut left: Vec<&Ghost> =
            self.ghosts.iter().filter(|ghost| rows.iter().all(|row| row.peer.id != ghost.peer.id)).collect();
        left.sort_by_key(|ghost| ghost.row);
        for ghost in left.into_iter().filter(|ghost| matches(&ghost.peer)) {
            rows.insert(ghost.row.min(rows.len()), PeerRow { peer: ghost.peer, gone: true });
        }
        Some(rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(list: &PeerList) -> Vec<u32> {
        list.chosen.iter().map(|peer| peer.0).collect()
    }

    #[test]
    fn peers_are_chosen_one_by_one_and_in_ranges() {
        let mut list = PeerList::default();
        let rows: Vec<PeerId> = [1, 2, 4, 7].map(PeerId).into();
        list.choose_one(Some(PeerId(1)));
        list.toggle(PeerId(4));
        assert_eq!(numbers(&list), [1, 4]);
        list.toggle(PeerId(1));
        assert_eq!(numbers(&list), [4]);
        list.choose_one(Some(PeerId(2)));
        list.choose_range(PeerId(7), &rows);
        assert_eq!(numbers(&list), [2, 4, 7]);
        list.choose_range(PeerId(1), &rows);
        assert_eq!(numbers(&list), [1, 2]);
        // A row that is not in the list changes nothing.
        list.choose_range(PeerId(9), &rows);
        assert_eq!(numbers(&list), [1, 2]);
        list.choose_one(None);
        list.choose_range(PeerId(4), &rows);
        assert_eq!(numbers(&list), [4]);
    }

    #[test]
    fn a_rate_is_known_after_a_second_on_the_same_row() {
        let mut list = PeerList::default();
        let start = Instant::now();
        let mut peer = PeerInfo {
            id: PeerId(1),
            address: std::net::SocketAddr::from(([127, 0, 0, 1], 9)),
            received_bytes: 100,
            sent_bytes: 0,
            queued_bytes: 0,
            half_closed: false,
            heard_at: None,
            other: None,
        };
        assert_eq!(list.rate(&peer, start), None);
        (peer.received_bytes, peer.sent_bytes) = (150, 50);
        assert_eq!(list.rate(&peer, start + Duration::from_millis(500)), None);
        assert_eq!(list.rate(&peer, start + Duration::from_secs(1)), Some(100));
        let other = PeerInfo { id: PeerId(2), ..peer };
        assert_eq!(list.rate(&other, start + Duration::from_secs(2)), None);
    }
}
