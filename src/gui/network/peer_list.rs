//! The peers as the left column lists them: those that match the filter, and for a moment those that were just disconnected.

use crate::engine::{PeerInfo, PeerTable};
use crate::model::display_address;
use std::time::{Duration, Instant};

/// A disconnected peer keeps its row so long: the next one must not come under the pointer of a double click.
const GHOST: Duration = Duration::from_millis(1200);
/// From so many on there is a filter field.
pub const FILTER_FROM: usize = 9;

/// See the module.
#[derive(Default)]
pub struct PeerList {
    /// As typed.
    pub filter: String,
    ghosts: Vec<Ghost>,
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
    /// It was disconnected here: nothing can be done with it any more.
    pub gone: bool,
}

impl PeerList {
    /// The user disconnects the peer in this row.
    pub fn disconnected(&mut self, peer: PeerInfo, row: usize, now: Instant) {
        self.ghosts.retain(|ghost| ghost.peer.id != peer.id);
        self.ghosts.push(Ghost { peer, row, until: now + GHOST });
    }

    /// When the list changes by itself.
    pub fn changes_in(&mut self, now: Instant) -> Option<Duration> {
        self.ghosts.retain(|ghost| ghost.until > now);
        self.ghosts.iter().map(|ghost| ghost.until - now).min()
    }

    /// The rows; `None`: those of the table as they are, of which only the ones in sight need to be read.
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
