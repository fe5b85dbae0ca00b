//! The end conditions: bytes received, peers gone, bytes expected within one stream or datagram.

use crate::codec::{Pattern, Scan};
use crate::model::{PeerId, Transport};
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
    /// `expected`: bytes, or text, which is found at the borders of characters.
    pub fn new(until_bytes: Option<u64>, until_closed: bool, expected: Vec<Pattern>) -> Self {
        let needles = expected.into_iter().map(Needle::new).collect();
        Self { until_bytes, until_closed, needles, received_bytes: 0, peers_seen: false, peers_now: 0 }
    }

    /// No condition was given.
    pub fn is_empty(&self) -> bool {
        self.until_bytes.is_none() && !self.until_closed && self.needles.is_empty()
    }

    /// All hold now (also when there are none).
    pub fn hold(&self) -> bool {
        self.unmet().is_empty()
    }

    /// Those that do not hold now, by their names in the summary.
    pub fn unmet(&self) -> Vec<&'static str> {
        let bytes = self.until_bytes.is_some_and(|bytes| self.received_bytes < bytes);
        let closed = self.until_closed && !(self.peers_seen && self.peers_now == 0);
        let expect = self.needles.iter().any(|needle| !needle.found);
        let all = [(bytes, "until_bytes"), (closed, "until_closed"), (expect, "expect")];
        all.into_iter().filter_map(|(is_unmet, name)| is_unmet.then_some(name)).collect()
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
            needle.scans.remove(&peer);
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
                Transport::Udp => needle.found |= needle.pattern.find_at(bytes, 0).is_some(),
            }
        }
    }

    /// Something of the streams was not seen: what comes next does not follow what came before.
    pub fn gap(&mut self) {
        for needle in &mut self.needles {
            needle.scans.clear();
        }
    }
}

#[derive(Debug)]
struct Needle {
    pattern: Pattern,
    /// Of each stream the end in which a match may begin.
    scans: HashMap<PeerId, Scan>,
    found: bool,
}

impl Needle {
    fn new(pattern: Pattern) -> Self {
        Self { pattern, scans: HashMap::new(), found: false }
    }

    fn stream(&mut self, peer: PeerId, bytes: &[u8]) {
        if self.found {
            return;
        }
        self.found = self.scans.entry(peer).or_default().finds(&self.pattern, bytes);
        if self.found {
            self.scans = HashMap::new();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::Encoding;

    const ONE: PeerId = PeerId(1);
    const TWO: PeerId = PeerId(2);

    fn expecting(needle: &[u8]) -> Conditions {
        Conditions::new(None, false, vec![Pattern::of_bytes(needle, None).expect("bytes")])
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
    fn expected_text_is_found_between_characters_only_and_with_its_last_byte() {
        let gbk = |text: &str| Encoding::GBK.encode(text).expect("GBK");
        let stream = gbk("中国1中泄国");
        for cut in 0..=stream.len() {
            let pattern = Pattern::of_bytes(&gbk("泄"), Some(Encoding::GBK)).expect("text");
            let mut conditions = Conditions::new(None, false, vec![pattern]);
            conditions.received(Transport::Tcp, ONE, &stream[..cut]);
            assert_eq!(conditions.hold(), cut >= 9, "{cut}");
            conditions.received(Transport::Tcp, ONE, &stream[cut..]);
            assert!(conditions.hold(), "cut at {cut}");
        }
        let pattern = Pattern::of_bytes(&gbk("泄"), Some(Encoding::GBK)).expect("text");
        let mut datagrams = Conditions::new(None, false, vec![pattern]);
        datagrams.received(Transport::Udp, ONE, &gbk("中国"));
        assert!(!datagrams.hold());
        assert!(Pattern::of_bytes(b"\xD0\xB9\xFF", Some(Encoding::GBK)).is_ok_and(|bytes| !bytes.needs_borders()));
    }

    #[test]
    fn peers_are_gone_only_after_the_first_came() {
        let mut conditions = Conditions::new(Some(3), true, Vec::new());
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
