//! Splits a stream into frames: buffers the undecided bytes and passes them to the scanner of the rule.

use super::FramingRule;
use crate::codec::checksum::{Verdict, Verifier};
use std::fmt;
use std::ops::Range;
use std::time::Duration;

/// Input is scanned in parts of this size, so that the buffer stays small while frames are short.
const PART_BYTES: usize = 64 << 10;

/// Largest offset of a field in the header of a frame, in bytes.
pub(super) const LARGEST_HEADER: i64 = 1 << 20;

/// Classification of a range of the stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FrameKind {
    /// A complete frame.
    Frame,
    /// Bytes outside of any frame. A long run may be emitted in several ranges.
    Junk,
    /// Bytes between frames without content: white space between JSON values, empty SLIP and COBS frames.
    Separator,
    /// A frame that was cut off by the end of the stream.
    Incomplete,
}

impl FrameKind {
    /// Stable name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Frame => "frame",
            Self::Junk => "junk",
            Self::Separator => "separator",
            Self::Incomplete => "incomplete",
        }
    }
}

/// A classified range of the stream. Consecutive ranges cover the stream without gaps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Offset of the first byte.
    pub start: u64,
    /// Offset of the end (exclusive).
    pub end: u64,
    /// Classification.
    pub kind: FrameKind,
    /// For a frame: the payload, without delimiters and header. Otherwise the whole range.
    pub payload: Range<u64>,
    /// Result of the check; `None`: not a frame, no check in the rule, or no value in the frame.
    pub verdict: Option<Verdict>,
}

impl Frame {
    /// Number of bytes.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.end - self.start
    }

    /// Whether the range is empty, as for an empty record.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.end == self.start
    }

    /// The payload as a range of indices into the frame's bytes.
    #[must_use]
    pub fn payload_within(&self) -> Range<usize> {
        (self.payload.start - self.start) as usize..(self.payload.end - self.start) as usize
    }
}

/// A scanner's decision about the front of the buffer. Must be prefix-stable: once a prefix is enough to decide, more input must
/// not change the decision.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Not decidable yet: more bytes are needed.
    Need,
    /// This many bytes are not part of a frame.
    Skip(usize, FrameKind),
    /// The first `len` bytes are a frame.
    Frame {
        len: usize,
        payload: Range<usize>,
        /// The range to which the positions of the check refer.
        checked: Range<usize>,
        /// The result, if the scanner has already verified the frame.
        verdict: Option<Verdict>,
    },
}

impl Step {
    /// A frame whose check refers to all of its bytes.
    pub fn frame(len: usize, payload: Range<usize>) -> Self {
        Self::Frame { len, payload, checked: 0..len, verdict: None }
    }
}

/// Context that a scanner gets beside the bytes.
pub(super) struct Around<'a> {
    /// The stream ends after these bytes.
    pub at_end: bool,
    /// The end is the end of a datagram, which also terminates a line.
    pub ends_datagram: bool,
    /// Verifier of the rule's check.
    pub verifier: Option<&'a Verifier>,
    /// Maximum frame length in bytes.
    pub max_len: usize,
}

/// Finds the frames for one kind of rule.
pub(super) trait Scanner: fmt::Debug + Send + Sync {
    /// Classifies the bytes at the front of the buffer.
    fn step(&mut self, bytes: &[u8], around: &Around<'_>) -> Step;

    /// Length of the frame that starts with `bytes`, if it is already known.
    fn known_len(&self, _bytes: &[u8], _max_len: usize) -> Option<usize> {
        None
    }

    /// Called when `bytes` reach the maximum length without a complete frame. Returns how many of them are junk. The next step
    /// looks for a new frame start.
    fn too_long(&mut self, bytes: &[u8]) -> usize {
        bytes.len()
    }

    /// Idle time after which pending bytes are treated as at the end of the stream.
    fn silence(&self) -> Option<Duration> {
        None
    }

    /// Called when this idle time has passed with nothing pending.
    fn after_silence(&mut self) {}

    /// Whether the pending bytes at the end of the stream are a complete frame.
    fn rest_is_a_frame(&self) -> bool {
        false
    }

    /// A copy, since a trait object cannot derive `Clone`.
    fn boxed(&self) -> Box<dyn Scanner>;
}

impl Clone for Box<dyn Scanner> {
    fn clone(&self) -> Self {
        (**self).boxed()
    }
}

/// Splits one stream (one peer, one direction) into frames by one rule.
#[derive(Clone, Debug)]
pub struct Framer {
    rule: FramingRule,
    /// `None`: each record is a frame.
    scanner: Option<Box<dyn Scanner>>,
    verifier: Option<Verifier>,
    max_len: usize,
    gap_ns: Option<u64>,
    /// Buffer. The bytes from `head` on are not emitted yet; they are at most `max_len`.
    held: Vec<u8>,
    head: usize,
    /// The first `fill` bytes from `head` on are known to be `fill_kind`, not part of a frame.
    fill: usize,
    fill_kind: FrameKind,
    /// Number of bytes still to arrive that belong to a frame that was given up.
    skip: u64,
    /// Set while [`Framer::finish_datagram`] runs.
    ends_datagram: bool,
    /// Stream offset of the byte at `head`.
    offset: u64,
    /// Arrival time of the last bytes.
    last_ns: u64,
}

/// Callback for each range with its bytes.
type Sink<'a> = &'a mut dyn FnMut(&Frame, &[u8]);

impl Framer {
    /// Starts at `offset` of a stream. If `offset` is not 0, the first frame may be truncated at its front.
    #[must_use]
    pub fn new(rule: &FramingRule, offset: u64) -> Self {
        let greatest = FramingRule::GREATEST_MAX_LEN;
        let scanner = (rule.boundary.description().scanner)(rule);
        Self {
            verifier: rule.check.map(crate::codec::Check::verifier),
            max_len: rule.max_len.clamp(1, greatest) as usize,
            gap_ns: scanner.as_ref().and_then(|scanner| scanner.silence()).map(nanoseconds),
            scanner,
            rule: rule.clone(),
            held: Vec::new(),
            head: 0,
            fill: 0,
            fill_kind: FrameKind::Junk,
            skip: 0,
            ends_datagram: false,
            offset,
            last_ns: 0,
        }
    }

    /// The rule.
    #[must_use]
    pub fn rule(&self) -> &FramingRule {
        &self.rule
    }

    /// Range of the stream that was fed but not emitted yet.
    #[must_use]
    pub fn pending(&self) -> Range<u64> {
        self.offset..self.offset + self.held_len() as u64
    }

    /// Number of bytes at the start of the pending range that are known to be junk.
    #[must_use]
    pub fn pending_junk(&self) -> u64 {
        if self.fill_kind == FrameKind::Junk { self.fill as u64 } else { 0 }
    }

    /// Number of bytes at the start of the pending range that are known to be separators.
    #[must_use]
    pub fn pending_separators(&self) -> u64 {
        if self.fill_kind == FrameKind::Separator { self.fill as u64 } else { 0 }
    }

    /// Discards pending bytes and starts at `offset` of another stream.
    pub fn restart(&mut self, offset: u64) {
        self.scanner = (self.rule.boundary.description().scanner)(&self.rule);
        self.held.clear();
        (self.head, self.fill, self.skip, self.offset) = (0, 0, 0, offset);
    }

    /// Allocated size of the buffer in bytes.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.held.capacity()
    }

    /// Frees the part of the buffer that the pending bytes do not need.
    pub fn shrink(&mut self) {
        self.held.drain(..self.head);
        self.head = 0;
        self.held.shrink_to_fit();
    }

    /// Drops the pending frame because the owner of many streams is out of its memory budget. The pending bytes become junk. If
    /// the length of the frame is known, its remaining bytes become junk, too; otherwise the scanner resynchronizes as after a
    /// frame that is too long.
    pub fn give_up(&mut self, sink: Sink<'_>) {
        self.emit_fill(sink);
        let candidate = &self.held[self.head..];
        let Some(scanner) = self.scanner.as_mut().filter(|_| !candidate.is_empty()) else { return };
        if let Some(len) = scanner.known_len(candidate, self.max_len) {
            self.skip = len.saturating_sub(candidate.len()) as u64;
            self.fill = candidate.len();
        } else {
            self.fill = scanner.too_long(candidate).clamp(1, candidate.len());
        }
        self.fill_kind = FrameKind::Junk;
        self.emit_fill(sink);
        self.shrink();
    }

    fn held_len(&self) -> usize {
        self.held.len() - self.head
    }

    /// Feeds the next bytes of the stream, read at `mono_ns` (monotonic clock with any origin), and emits the ranges that they
    /// complete.
    pub fn feed(&mut self, bytes: &[u8], mono_ns: u64, sink: Sink<'_>) {
        if self.scanner.is_none() {
            self.record(bytes, sink);
            return;
        }
        self.idle(mono_ns, sink);
        if !bytes.is_empty() {
            self.last_ns = mono_ns;
        }
        let mut rest = bytes;
        while !rest.is_empty() {
            if self.skip > 0 {
                let len = usize::try_from(self.skip).map_or(rest.len(), |skip| skip.min(rest.len())).min(PART_BYTES);
                self.skip -= len as u64;
                self.held.extend_from_slice(&rest[..len]);
                (self.fill, self.fill_kind) = (len, FrameKind::Junk);
                self.emit_fill(sink);
                self.held.drain(..std::mem::take(&mut self.head));
                rest = &rest[len..];
                continue;
            }
            let room = self.max_len.saturating_sub(self.held_len()).clamp(1, PART_BYTES);
            let (part, behind) = rest.split_at(room.min(rest.len()));
            rest = behind;
            self.held.drain(..self.head);
            self.head = 0;
            self.held.extend_from_slice(part);
            self.scan(false, sink);
        }
        if self.held_len() == 0 {
            self.head = 0;
            self.held.clear();
            self.held.shrink_to(PART_BYTES);
        }
    }

    /// Advances the clock to `mono_ns` without new bytes: ends the pending frame if its idle gap is over.
    pub fn idle(&mut self, mono_ns: u64, sink: Sink<'_>) {
        if self.gap_ns.is_some_and(|gap_ns| self.held_len() > 0 && mono_ns.saturating_sub(self.last_ns) >= gap_ns) {
            self.finish(sink);
        } else if let Some(scanner) = &mut self.scanner
            && self.gap_ns.is_some_and(|gap_ns| mono_ns.saturating_sub(self.last_ns) >= gap_ns)
        {
            scanner.after_silence();
        }
    }

    /// Idle gap after which [`Framer::idle`] ends the pending frame; `None`: no gap in the rule, or nothing is pending.
    #[must_use]
    pub fn gap(&self) -> Option<Duration> {
        self.gap_ns.filter(|_| self.held_len() > 0).map(Duration::from_nanos)
    }

    /// Whether known junk is pending.
    #[must_use]
    pub fn has_junk(&self) -> bool {
        self.fill > 0 && self.fill_kind == FrameKind::Junk
    }

    /// Emits known junk and separators now, without waiting for the start of the next frame. After this call the ranges of junk,
    /// but never the frames, can depend on arrival times.
    pub fn settle(&mut self, sink: Sink<'_>) {
        self.emit_fill(sink);
    }

    /// Ends a datagram and emits the rest. Unlike the end of a stream, it terminates a line without a line end. Bytes fed
    /// afterwards start a new stream.
    pub fn finish_datagram(&mut self, sink: Sink<'_>) {
        self.ends_datagram = true;
        self.finish(sink);
        self.ends_datagram = false;
    }

    /// Ends the stream and emits the rest. Bytes fed afterwards start a new stream.
    pub fn finish(&mut self, sink: Sink<'_>) {
        let Some(fresh) = (self.rule.boundary.description().scanner)(&self.rule) else { return };
        self.scan(true, sink);
        self.emit_fill(sink);
        let rest = self.held_len();
        if rest > 0 {
            let is_whole = fresh.rest_is_a_frame();
            let frame = if is_whole { FrameKind::Frame } else { FrameKind::Incomplete };
            self.emit(rest, frame, 0..rest, (0..rest, None), sink);
        }
        self.held.clear();
        (self.head, self.skip) = (0, 0);
        self.scanner = Some(fresh);
    }

    fn record(&mut self, bytes: &[u8], sink: Sink<'_>) {
        let (start, end) = (self.offset, self.offset + bytes.len() as u64);
        let verdict = self.verifier.as_ref().and_then(|verifier| verifier.verify(bytes));
        self.offset = end;
        sink(&Frame { start, end, kind: FrameKind::Frame, payload: start..end, verdict }, bytes);
    }

    /// Runs the scanner until it needs more bytes.
    fn scan(&mut self, at_end: bool, sink: Sink<'_>) {
        loop {
            let full = self.held_len() >= self.max_len;
            let candidate = &self.held[self.head + self.fill..];
            let Some(scanner) = &mut self.scanner else { return };
            let around = Around {
                at_end,
                ends_datagram: self.ends_datagram,
                verifier: self.verifier.as_ref(),
                max_len: self.max_len,
            };
            let step = if candidate.is_empty() { Step::Need } else { scanner.step(candidate, &around) };
            match step {
                Step::Skip(len, kind) if len > 0 => {
                    if self.fill > 0 && self.fill_kind != kind {
                        self.emit_fill(sink);
                    }
                    self.fill_kind = kind;
                    self.fill += len;
                }
                Step::Frame { len, payload, checked, verdict } if len > 0 => {
                    self.emit_fill(sink);
                    self.emit(len, FrameKind::Frame, payload, (checked, verdict), sink);
                }
                _ if full && self.fill > 0 => self.emit_fill(sink),
                _ if full && !at_end => {
                    self.fill = scanner.too_long(candidate).max(1);
                    self.fill_kind = FrameKind::Junk;
                }
                _ => return,
            }
        }
    }

    /// Emits the bytes that are known not to be part of a frame.
    fn emit_fill(&mut self, sink: Sink<'_>) {
        let len = std::mem::take(&mut self.fill);
        if len > 0 {
            self.emit(len, self.fill_kind, 0..len, (0..0, None), sink);
        }
    }

    /// Emits the first `len` bytes held and removes them.
    fn emit(
        &mut self,
        len: usize,
        kind: FrameKind,
        payload: Range<usize>,
        (checked, verdict): (Range<usize>, Option<Verdict>),
        sink: Sink<'_>,
    ) {
        let len = len.min(self.held_len());
        let bytes = &self.held[self.head..self.head + len];
        let verdict = verdict.or_else(|| {
            let verifier = self.verifier.as_ref().filter(|_| kind == FrameKind::Frame)?;
            let checked = bytes.get(checked).unwrap_or(bytes);
            verifier.verify(&self.rule.checked_content(checked))
        });
        let start = self.offset;
        let place = |at: usize| start + at.min(len) as u64;
        let payload = place(payload.start)..place(payload.end);
        sink(&Frame { start, end: place(len), kind, payload, verdict }, bytes);
        self.head += len;
        self.offset += len as u64;
    }
}

fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}
