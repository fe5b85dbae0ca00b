//! The peer table: a fixed-size row for each peer, with a cache of recently read addresses.
//!
//! Rows are written once and never change, so cached addresses stay valid.

use super::format::{self, PEER_ROW_LEN};
use super::platform;
use crate::model::PeerId;
use std::fs::File;
use std::net::SocketAddr;
use std::sync::{Mutex, PoisonError};

/// Slots of the cache; a peer's number selects its slot.
const KEPT: usize = 1024;

/// An address, and the number of an interface; 0: none.
type Row = (SocketAddr, u32);

/// See the module documentation.
#[derive(Debug)]
pub(super) struct PeerTable {
    file: Option<File>,
    kept: Mutex<Vec<Option<(PeerId, Row)>>>,
}

impl PeerTable {
    /// Creates the table of this file; without a file no address is known.
    pub(super) fn new(file: Option<File>) -> Self {
        Self { file, kept: Mutex::new(Vec::new()) }
    }

    /// The file, for the writer.
    pub(super) fn file(&self) -> Option<&File> {
        self.file.as_ref()
    }

    /// The address of a peer; `None` if there is no such peer or its row cannot be read.
    pub(super) fn address(&self, peer: PeerId) -> Option<SocketAddr> {
        self.row(peer).map(|(address, _)| address)
    }

    fn row(&self, peer: PeerId) -> Option<Row> {
        let file = self.file.as_ref().filter(|_| peer != PeerId::NONE)?;
        let place = peer.0 as usize % KEPT;
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(Some((_, row))) = kept.get(place).filter(|kept| kept.is_some_and(|(of, _)| of == peer)) {
            return Some(*row);
        }
        let mut row = [0; PEER_ROW_LEN];
        let offset = u64::from(peer.0) * PEER_ROW_LEN as u64;
        let read = platform::read_full_at(file, &mut row, offset).ok()?; // an unreadable table = an unknown address
        let address = (read == PEER_ROW_LEN).then(|| format::decode_peer(peer.0, &row)).flatten()?;
        if kept.len() <= place {
            kept.resize(place + 1, None);
        }
        let row = (address, format::interface_in(&row));
        kept[place] = Some((peer, row));
        Some(row)
    }

    /// The number of the interface in the row of a local address; 0: unknown.
    pub(super) fn interface(&self, local: PeerId) -> u32 {
        self.row(local).map_or(0, |(_, interface)| interface)
    }

    /// Count of rows. O(1).
    pub(super) fn count(&self) -> u64 {
        let len = self.file.as_ref().and_then(|file| file.metadata().ok()).map_or(0, |metadata| metadata.len());
        (len / PEER_ROW_LEN as u64).saturating_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn address(id: u32) -> SocketAddr {
        SocketAddr::from(([10, 0, (id >> 8) as u8, id as u8], 4000))
    }

    #[test]
    fn addresses_are_those_of_the_rows_also_of_peers_that_share_a_place() {
        let mut file = tempfile::tempfile().expect("a file");
        let last = KEPT as u32 * 2 + 3;
        file.write_all(&[0; PEER_ROW_LEN]).expect("written");
        for id in 1..=last {
            file.write_all(&format::encode_peer(id, address(id))).expect("written");
        }
        let table = PeerTable::new(Some(file.try_clone().expect("a handle")));
        assert_eq!(table.count(), u64::from(last));
        for _ in 0..2 {
            for id in [3, 3 + KEPT as u32, 3, last, 1] {
                assert_eq!(table.address(PeerId(id)), Some(address(id)), "peer {id}");
            }
        }
        assert_eq!(table.address(PeerId(last + 1)), None, "it has not come yet");
        file.write_all(&format::encode_peer(last + 1, address(last + 1))).expect("written");
        assert_eq!(table.address(PeerId(last + 1)), Some(address(last + 1)), "now it has");
        assert_eq!(table.address(PeerId::NONE), None);
        assert_eq!(PeerTable::new(None).address(PeerId(1)), None);
    }
}
