//! `--sequence`: loss, order and jitter by a number in each received message.

use super::out::{StandardOut, say};
use crate::capture::json::{Line, SequenceLine};
use crate::codec::{Sequence, SequenceField};
use crate::model::{PeerId, display_address};
use crate::words::Lang;
use std::collections::BTreeMap;
use std::net::SocketAddr;

/// Senders that are followed. Further ones are not counted.
const SENDERS_MAX: usize = 4096;

/// Counts the messages of each sender.
pub(super) struct Sequences {
    field: SequenceField,
    senders: BTreeMap<PeerId, (Option<SocketAddr>, Sequence)>,
}

impl Sequences {
    /// Nothing has arrived.
    pub fn new(field: SequenceField) -> Self {
        Self { field, senders: BTreeMap::new() }
    }

    /// Takes a message that arrived at this monotonic time.
    pub fn take(&mut self, peer: PeerId, address: Option<SocketAddr>, message: &[u8], at_ns: u64) {
        if self.senders.len() >= SENDERS_MAX && !self.senders.contains_key(&peer) {
            return;
        }
        let field = self.field;
        let (_, sequence) = self.senders.entry(peer).or_insert_with(|| (address, Sequence::new(field)));
        sequence.take(message, at_ns);
    }

    /// Prints a line for each sender.
    pub fn print(&self, json: bool, lang: Lang, out: &mut StandardOut) {
        for (address, sequence) in self.senders.values() {
            let peer = address.map(display_address);
            let counts = sequence.counts();
            if json {
                out.line(&Line::Sequence(SequenceLine::new(peer, &counts)).to_text());
            } else {
                say(&lang.texts().sequence_line(peer.as_deref().unwrap_or("?"), &counts));
            }
        }
    }
}
