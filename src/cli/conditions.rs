//! The end conditions: bytes received, peers gone, bytes expected within one stream or datagram.

use crate::model::{PeerId, Transport};
use memchr::memmem::Finder;
use std::collections::HashMap;

/// What must hold for the run to end well. Empty = no condition was given.
#[derive(Debug)]
pub(super) struct Conditions {
    until_bytes: Option<u64>,
    until_closed: bool,
    needles: Vec<Needle>,
    received_bytes: u64,
    peers_seen: bool,
    peers_now: u64,
}

impl Conditions {
    /// `needles` are not empty.
    pub fn new(until_bytes: Option<u64>, until_closed: bool, needles: &[Vec<u8>]) -> Self {
        let needles = needles.iter().map(|bytes| Needle::new(bytes)).collect();
        Self { until_bytes, until_closed, needles, received_bytes: 0, peers_seen: false, peers_now: 0 }
    }

    /// No condition was given.
    pub fn is_empty(&self) -> bool {
        self.until_bytes.is_none() && !self.until_closed && self.needles.is_empty()
    }

    /// All hold now (also when there are none).
    pub fn hold(&self) -> bool {
        self.until_bytes.is_none_or(|bytes| self.received_bytes >= bytes)
            && (!self.until_closed || (self.peers_seen && self.peers_now == 0))
            && self.needles.iter().all(|needle| needle.found)
    }

    /// Peers connected now, as far as the records tell.
    pub fn peers_now(&self) -> u64 {
        self.peers_now
    }

    /// A peer came.
    pub fn joined(&mut self) {
        self.peers_seen = true;
        self.peers_now += 1;
    }

    /// A peer went.
    pub fn left(&mut self, peer: PeerId) {
        self.peers_now = self.peers_now.saturating_sub(1);
        for needle in &mut self.needles {
            needle.tails.remove(&peer);
        }
    }

    /// The one connection of a client is gone.
    pub fn all_left(&mut self) {
        self.peers_seen = true;
        self.peers_now = 0;
    }

    /// The bytes of received records have to be looked at, not only counted.
    pub fn look_at_bytes(&self) -> bool {
        self.needles.iter().any(|needle| !needle.found)
    }

    /// One received record of `len` bytes arrived.
    pub fn counted(&mut self, len: u32) {
        self.received_bytes += u64::from(len);
    }

    /// The payload of one received record.
    pub fn received(&mut self, transport: Transport, peer: PeerId, bytes: &[u8]) {
        for needle in &mut self.needles {
            match transport {
                Transport::Tcp => needle.stream(peer, bytes),
                Transport::Udp => needle.found |= needle.finder.find(bytes).is_some(),
            }
        }
    }

    /// Something of the streams was not seen: what comes next does not follow what came before.
    pub fn gap(&mut self) {
        for needle in &mut self.needles {
            needle.tails.clear();
        }
    }
}

#[derive(Debug)]
struct Needle {
    finder: Finder<'static>,
    /// Of each stream the last bytes, one less than the needle has.
    tails: HashMap<PeerId, Vec<u8>>,
    found: bool,
}

impl Needle {
    fn new(bytes: &[u8]) -> Self {
        Self { finder: Finder::new(bytes).into_owned(), tails: HashMap::new(), found: false }
    }

    fn stream(&mut self, peer: PeerId, bytes: &[u8]) {
        if self.found {
            return;
        }
        let overlap = self.finder.needle().len() - 1;
        let tail = self.tails.entry(peer).or_default();
        // The seam between the records, then the record itself.
        let kept = tail.len();
        tail.extend_from_slice(&bytes[..bytes.len().min(overlap)]);
        self.found = (kept > 0 && self.finder.find(tail).is_some()) || self.finder.find(bytes).is_some();
        if self.found {
            self.tails = HashMap::new();
            return;
        }
        if bytes.len() >= overlap {
            tail.clear();
            tail.extend_from_slice(&bytes[bytes.len() - overlap..]);
        } else {
            let surplus = tail.len().saturating_sub(overlap);
            tail.drain(..surplus);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: PeerId = PeerId(1);
    const TWO: PeerId = PeerId(2);

    fn expecting(needle: &[u8]) -> Conditions {
        Conditions::new(None, false, &[needle.to_vec()])
    }

    #[test]
    fn expected_bytes_are_found_however_the_stream_is_cut() {
        let stream = b"ababababc-xyz";
        for needle in [&b"ababc"[..], b"a", b"z", b"abababab", b"ababababc-xyz"] {
            for first in 0..=stream.len() {
                for second in first..=stream.len() {
                    let mut conditions = expecting(needle);
                    for part in [&stream[..first], &stream[first..second], &stream[second..]] {
                        conditions.received(Transport::Tcp, ONE, part);
                    }
                    assert!(conditions.hold(), "{needle:?} cut at {first} and {second}");
                }
            }
        }
    }

    #[test]
    fn expected_bytes_are_found_in_single_bytes() {
        let mut conditions = expecting(b"needle");
        for (index, byte) in b"needneedleneed".iter().enumerate() {
            assert_eq!(conditions.hold(), index >= 10, "{index}");
            conditions.received(Transport::Tcp, ONE, &[*byte]);
        }
        assert!(conditions.hold());
    }

    #[test]
    fn parts_from_two_streams_or_two_datagrams_are_no_match() {
        let mut streams = expecting(b"hello");
        streams.received(Transport::Tcp, ONE, b"hel");
        streams.received(Transport::Tcp, TWO, b"lo");
        assert!(!streams.hold());
        streams.received(Transport::Tcp, ONE, b"lo");
        assert!(streams.hold());

        let mut datagrams = expecting(b"hello");
        datagrams.received(Transport::Udp, ONE, b"hel");
        datagrams.received(Transport::Udp, ONE, b"lo");
        assert!(!datagrams.hold());
        datagrams.received(Transport::Udp, ONE, b"say hello");
        assert!(datagrams.hold());
    }

    #[test]
    fn peers_are_gone_only_after_the_first_came() {
        let mut conditions = Conditions::new(Some(3), true, &[]);
        assert!(!conditions.hold());
        conditions.joined();
        conditions.counted(3);
        assert!(!conditions.hold());
        conditions.left(ONE);
        assert!(conditions.hold());
        conditions.joined();
        assert!(!conditions.hold());
    }
}
