//! End conditions: received bytes and frames, peers that left, patterns expected within a stream, datagram or frame; and patterns
//! that must not be received.

use crate::capture::json::Unmet;
use crate::codec::{Frame, FrameKind, FramingRule, Pattern, Scan};
use crate::model::{PeerId, Transport};
use std::collections::HashMap;

/// The conditions given on the command line.
#[derive(Debug, Default)]
pub(super) struct Wishes {
    pub until_bytes: Option<u64>,
    pub until_frames: Option<u64>,
    pub until_closed: bool,
    pub expect: Vec<Wanted>,
    /// Patterns that must not be received.
    pub expect_not: Vec<Wanted>,
    pub fail_on_bad: bool,
    /// Patterns are searched in each frame instead of in streams and datagrams.
    pub framed: bool,
}

/// A pattern to search for.
#[derive(Debug)]
pub(super) struct Wanted {
    /// Such as `--expect`.
    pub option: &'static str,
    /// The value as typed.
    pub value: String,
    /// Bytes, or text that matches at character boundaries only.
    pub pattern: Pattern,
}

/// The state of the conditions.
#[derive(Debug, Default)]
pub(super) struct Conditions {
    until_bytes: Option<u64>,
    until_frames: Option<u64>,
    until_closed: bool,
    expected: Vec<Needle>,
    unwanted: Vec<Needle>,
    fail_on_bad: bool,
    framed: bool,
    received_bytes: u64,
    received_frames: u64,
    bad_frames: u64,
    peers_seen: bool,
    peers_now: u64,
    /// Whether all peers had left when the end started; closing makes all of them leave.
    gone_at_end: Option<bool>,
}

impl Conditions {
    /// Starts with nothing received.
    pub fn new(wishes: Wishes) -> Self {
        let needles = |wanted: Vec<Wanted>| wanted.into_iter().map(Needle::new).collect();
        Self {
            until_bytes: wishes.until_bytes,
            until_frames: wishes.until_frames,
            until_closed: wishes.until_closed,
            expected: needles(wishes.expect),
            unwanted: needles(wishes.expect_not),
            fail_on_bad: wishes.fail_on_bad,
            framed: wishes.framed,
            ..Self::default()
        }
    }

    /// Whether there is nothing to wait for.
    pub fn is_empty(&self) -> bool {
        self.until_bytes.is_none() && self.until_frames.is_none() && !self.until_closed && self.expected.is_empty()
    }

    /// Whether everything expected was received (also if nothing is), and nothing forbidden.
    pub fn hold(&self) -> bool {
        self.unmet().is_empty()
    }

    /// Whether something forbidden was received.
    pub fn are_broken(&self) -> bool {
        (self.fail_on_bad && self.bad_frames > 0) || self.unwanted.iter().any(|needle| needle.found)
    }

    /// The conditions that are not met now.
    pub fn unmet(&self) -> Vec<Unmet> {
        let too_few = |option, wanted: Option<u64>, received: u64| {
            wanted.filter(|wanted| received < *wanted).map(|wanted| Unmet { option, value: Some(wanted.to_string()) })
        };
        let word = |option, is_unmet: bool| is_unmet.then_some(Unmet { option, value: None });
        let gone = self.gone_at_end.unwrap_or_else(|| self.are_all_gone());
        let missing = self.expected.iter().filter(|needle| !needle.found).map(Needle::unmet);
        let came = self.unwanted.iter().filter(|needle| needle.found).map(Needle::unmet);
        let counts = [
            too_few("--until-bytes", self.until_bytes, self.received_bytes),
            too_few("--until-frames", self.until_frames, self.received_frames),
            word("--until-closed", self.until_closed && !gone),
        ];
        let bad = word("--fail-on-bad", self.fail_on_bad && self.bad_frames > 0);
        counts.into_iter().flatten().chain(missing).chain(came).chain(bad).collect()
    }

    fn are_all_gone(&self) -> bool {
        self.peers_seen && self.peers_now == 0
    }

    /// The end starts: peers that leave from now on were disconnected by us.
    pub fn end_begins(&mut self) {
        let gone = self.are_all_gone();
        self.gone_at_end.get_or_insert(gone);
    }

    /// Count of connected peers according to the records.
    pub fn peers_now(&self) -> u64 {
        self.peers_now
    }

    /// A peer joined.
    pub fn joined(&mut self) {
        self.peers_seen = true;
        self.peers_now += 1;
    }

    /// A peer left.
    pub fn left(&mut self, peer: PeerId) {
        self.peers_now = self.peers_now.saturating_sub(1);
        self.needles().for_each(|needle| needle.end(peer));
    }

    /// The only connection of a client was closed.
    pub fn all_left(&mut self) {
        self.peers_seen = true;
        self.peers_now = 0;
        for needle in self.needles() {
            let peers: Vec<PeerId> = needle.scans.keys().copied().collect();
            peers.into_iter().for_each(|peer| needle.end(peer));
        }
    }

    /// The patterns that were not found yet.
    fn needles(&mut self) -> impl Iterator<Item = &mut Needle> {
        self.expected.iter_mut().chain(&mut self.unwanted).filter(|needle| !needle.found)
    }

    fn are_all_found(&self) -> bool {
        self.expected.iter().chain(&self.unwanted).all(|needle| needle.found)
    }

    /// Whether the bytes of received records must be searched, not only counted.
    pub fn look_at_bytes(&self) -> bool {
        !self.framed && !self.are_all_found()
    }

    /// Counts a received record of `len` bytes.
    pub fn counted(&mut self, len: u32) {
        self.received_bytes += u64::from(len);
    }

    /// Searches the payload of a received record.
    pub fn received(&mut self, transport: Transport, peer: PeerId, bytes: &[u8]) {
        if self.framed {
            return;
        }
        for needle in self.needles() {
            match transport {
                Transport::Tcp => needle.stream(peer, bytes),
                Transport::Udp => needle.whole(bytes),
            }
        }
    }

    /// Processes a received frame, or bytes that fit none. An expected pattern must be in the bytes or in the payload of one frame;
    /// a forbidden one must be nowhere.
    pub fn received_frame(&mut self, rule: &FramingRule, frame: &Frame, bytes: &[u8]) {
        let is_frame = frame.kind == FrameKind::Frame;
        self.received_frames += u64::from(is_frame);
        self.bad_frames += u64::from(frame.verdict.is_some_and(|verdict| !verdict.is_ok()));
        if !self.framed || frame.kind == FrameKind::Separator || self.are_all_found() {
            return;
        }
        let payload = bytes.get(frame.payload_within()).unwrap_or(bytes);
        let content = rule.content(payload);
        let expected = self.expected.iter_mut().filter(|_| is_frame);
        for needle in expected.chain(&mut self.unwanted) {
            needle.whole(&content);
            needle.whole(bytes);
        }
    }

    /// Data was missed: the next bytes do not follow the previous ones.
    pub fn gap(&mut self) {
        self.needles().for_each(|needle| needle.scans.clear());
    }
}

#[derive(Debug)]
struct Needle {
    wanted: Wanted,
    /// For each stream, its end, in which a match may start.
    scans: HashMap<PeerId, Scan>,
    found: bool,
}

impl Needle {
    fn new(wanted: Wanted) -> Self {
        Self { wanted, scans: HashMap::new(), found: false }
    }

    fn unmet(&self) -> Unmet {
        Unmet { option: self.wanted.option, value: Some(self.wanted.value.clone()) }
    }

    /// Searches bytes that are not part of a stream.
    fn whole(&mut self, bytes: &[u8]) {
        self.found = self.found || self.wanted.pattern.find_at(bytes, 0).is_some();
    }

    fn stream(&mut self, peer: PeerId, bytes: &[u8]) {
        self.found = self.scans.entry(peer).or_default().finds(&self.wanted.pattern, bytes);
        if self.found {
            self.scans = HashMap::new();
        }
    }

    /// The stream ended.
    fn end(&mut self, peer: PeerId) {
        let found = self.scans.remove(&peer).is_some_and(|scan| scan.ends_with_match(&self.wanted.pattern));
        self.found |= found;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::{Encoding, PatternSource};

    const ONE: PeerId = PeerId(1);
    const TWO: PeerId = PeerId(2);

    fn with(patterns: Vec<Pattern>) -> Conditions {
        let wanted = |pattern| Wanted { option: "--expect", value: String::new(), pattern };
        Conditions::new(Wishes { expect: patterns.into_iter().map(wanted).collect(), ..Wishes::default() })
    }

    fn expecting(needle: &[u8]) -> Conditions {
        with(vec![Pattern::of_bytes(needle, None).expect("bytes")])
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
            let mut conditions = with(vec![pattern]);
            conditions.received(Transport::Tcp, ONE, &stream[..cut]);
            assert_eq!(conditions.hold(), cut >= 9, "{cut}");
            conditions.received(Transport::Tcp, ONE, &stream[cut..]);
            assert!(conditions.hold(), "cut at {cut}");
        }
        let pattern = Pattern::of_bytes(&gbk("泄"), Some(Encoding::GBK)).expect("text");
        let mut datagrams = with(vec![pattern]);
        datagrams.received(Transport::Udp, ONE, &gbk("中国"));
        assert!(!datagrams.hold());
        assert!(Pattern::of_bytes(b"\xD0\xB9\xFF", Some(Encoding::GBK)).is_ok_and(|bytes| !bytes.needs_borders()));
    }

    #[test]
    fn a_regular_expression_does_not_depend_on_how_the_stream_is_cut() {
        let regex = |text: &str| Pattern::new(&PatternSource::Regex(text.into())).expect("a pattern");
        let stream = b"5.003 V\r\nend";
        for (expression, found_before_the_end, found) in [
            (r"5\.\d{3}", true, true),
            (r"5\.\d+$", false, false),
            (r"(?m)V\r$", true, true),
            (r"\bend", true, true),
            (r"\bend\b", false, true),
            (r"en\b", false, false),
            (r"^5", true, true),
            (r"^\.", false, false),
            (r"end\z", false, true),
        ] {
            for cut in 0..=stream.len() {
                let mut conditions = with(vec![regex(expression)]);
                for part in [&stream[..cut], &stream[cut..]] {
                    conditions.received(Transport::Tcp, ONE, part);
                }
                assert_eq!(conditions.hold(), found_before_the_end, "{expression} cut at {cut}");
                conditions.left(ONE);
                assert_eq!(conditions.hold(), found, "{expression} cut at {cut}, at the end");
            }
        }
    }

    #[test]
    fn what_waits_for_the_end_of_a_stream_holds_little_of_it() {
        let pattern = Pattern::new(&PatternSource::Regex(r"\d+$".into())).expect("a pattern");
        let mut scan = Scan::default();
        for _ in 0..64 {
            assert!(!scan.finds(&pattern, &[b'1'; 4096]));
            assert!(scan.held_bytes() <= 4 * Pattern::MATCH_MAX);
        }
        assert!(scan.ends_with_match(&pattern));
    }

    #[test]
    fn peers_are_gone_only_after_the_first_came() {
        let mut conditions = Conditions::new(Wishes { until_bytes: Some(3), until_closed: true, ..Wishes::default() });
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
