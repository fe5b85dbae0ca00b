//! The tables of peers and local addresses. A row is written immediately, before any record refers to it.

use super::super::disk::Part;
use super::super::format::{self, PEER_ROW_LEN};
use super::super::marks::LocalId;
use super::{CaptureWriter, LOCALS_MAX, WriteError, invalid, write_error};
use crate::model::PeerId;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

/// The address whose row could not be written.
#[derive(Clone, Copy, Debug)]
pub(super) enum RefusedRow {
    /// In the peer table.
    Peer(SocketAddr),
    /// In the table of local addresses.
    Local(SocketAddr, u32),
}

impl CaptureWriter {
    /// Assigns a new peer number to an address. Its row can be read immediately.
    ///
    /// # Errors
    /// The peer table cannot be written. Nothing has changed then, and the call may be repeated.
    pub fn add_peer(&mut self, address: SocketAddr) -> Result<PeerId, WriteError> {
        let id = self.next_peer;
        let path = format::peers_path(&self.folder);
        let next = id.checked_add(1).ok_or_else(|| invalid(&path, "no more peer numbers"))?;
        let store = Arc::clone(&self.store);
        let file = store.peers_file().ok_or_else(|| invalid(&path, "no peer table"))?;
        let row = format::encode_peer(id, address);
        let (_, error) = self.put(Part::Peers, file, &row, u64::from(id) * PEER_ROW_LEN as u64);
        if let Some(error) = error {
            self.refused_row = Some(RefusedRow::Peer(address));
            return Err(write_error(&path, &error));
        }
        self.refused_row = None;
        self.disk_bytes += PEER_ROW_LEN as u64;
        self.next_peer = next;
        Ok(PeerId(id))
    }

    /// The number of a local address, new or known. Its row can be read immediately. [`LocalId::UNKNOWN`] after the first 4,096
    /// addresses. `interface`: the number of the interface that an IPv4 datagram arrived on; 0 if unknown.
    ///
    /// # Errors
    /// The table cannot be written. Nothing has changed then, and the call may be repeated.
    pub fn local(&mut self, address: SocketAddr, interface: u32) -> Result<LocalId, WriteError> {
        if let Some(known) = self.locals.get(&(address, interface)) {
            return Ok(*known);
        }
        if self.locals.len() >= LOCALS_MAX {
            return Ok(LocalId::UNKNOWN);
        }
        let added = self.add_local(address, interface);
        self.refused_row = added.is_err().then_some(RefusedRow::Local(address, interface));
        added
    }

    fn add_local(&mut self, address: SocketAddr, interface: u32) -> Result<LocalId, WriteError> {
        let path = format::locals_path(&self.folder);
        let failed = |error: &io::Error| write_error(&path, error);
        if self.locals_file.is_none() {
            let file = self.disk.create_file(&path).map_err(|error| failed(&error))?;
            if let (_, Some(error)) = self.put(Part::Peers, &file, &format::locals_header(), 0) {
                return Err(failed(&error));
            }
            self.store.set_locals(file.try_clone().map_err(|error| failed(&error))?);
            self.locals_file = Some(file);
            self.disk_bytes += PEER_ROW_LEN as u64;
        }
        let Some(file) = self.locals_file.take() else { return Ok(LocalId::UNKNOWN) };
        let id = self.locals.len() as u32 + 1;
        let row = format::encode_local(id, address, interface);
        let (_, error) = self.put(Part::Peers, &file, &row, u64::from(id) * PEER_ROW_LEN as u64);
        self.locals_file = Some(file);
        if let Some(error) = error {
            return Err(failed(&error));
        }
        self.disk_bytes += PEER_ROW_LEN as u64;
        self.locals.insert((address, interface), LocalId(id));
        Ok(LocalId(id))
    }

    /// Retries a failed row. Otherwise, with no record pending, a full disk would seem to have room and the next record would fail
    /// again.
    pub(super) fn retry_row(&mut self) -> Result<(), WriteError> {
        match self.refused_row {
            Some(RefusedRow::Local(address, interface)) => self.local(address, interface).map(drop),
            Some(RefusedRow::Peer(address)) => self.try_peer_row(address),
            None => Ok(()),
        }
    }

    /// Writes the row of the next peer as a test only and does not count it: whether that peer will still join is unknown.
    fn try_peer_row(&mut self, address: SocketAddr) -> Result<(), WriteError> {
        let (path, store) = (format::peers_path(&self.folder), Arc::clone(&self.store));
        let Some(file) = store.peers_file() else { return Ok(()) };
        let at = u64::from(self.next_peer) * PEER_ROW_LEN as u64;
        let (_, error) = self.put(Part::Peers, file, &format::encode_peer(self.next_peer, address), at);
        let taken_back = file.set_len(at);
        if let Some(error) = error.or(taken_back.err()) {
            return Err(write_error(&path, &error));
        }
        self.refused_row = None;
        Ok(())
    }
}
