//! Cuts a stream by a rule: holds what is not decided yet and lets the rule's scanner look at it.

use super::FramingRule;
use crate::codec::checksum::{Verdict, Verifier};
use std::fmt;
use std::ops::Range;
use std::time::Duration;

/// Input is looked at in parts of this size, so that what is held stays small where frames are.
const PART_BYTES: usize = 64 << 10;

/// Largest place of a field in the header of a frame, in bytes.
pub(super) const LARGEST_HEADER: i64 = 1 << 20;

/// What a range of the stream is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FrameKind {
    /// A whole frame.
    Frame,
    /// Fits no frame; a long stretch may come in several.
    Junk,
    /// Belongs to no frame and carries nothing: white space between JSON values, empty SLIP and COBS frames.
    Separator,
    /// A frame that had begun when the stream ended.
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

/// A range of the stream. All of them together are the stream, in order and without a gap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Offset of the first byte.
    pub start: u64,
    /// Offset behind the last byte.
    pub end: u64,
    /// What it is.
    pub kind: FrameKind,
    /// Of a frame: its payload, without delimiters and header. Otherwise all of it.
    pub payload: Range<u64>,
    /// Of a frame, where the rule has a check and the frame a value: what it found.
    pub verdict: Option<Verdict>,
}

impl Frame {
    /// Its bytes, counted.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.end - self.start
    }

    /// It has no bytes: an empty record.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.end == self.start
    }

    /// Where the payload lies within the frame's bytes.
    #[must_use]
    pub fn payload_within(&self) -> Range<usize> {
        (self.payload.start - self.start) as usize..(self.payload.end - self.start) as usize
    }
}

/// What a scanner says about the bytes before it. It must say the same about every beginning of them that suffices to say it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// More bytes are needed.
    Need,
    /// So many bytes are no frame.
    Skip(usize, FrameKind),
    /// The first `len` bytes are a frame.
    Frame {
        len: usize,
        payload: Range<usize>,
        /// What a check counts its places in.
        checked: Range<usize>,
        /// Where the scanner had to check already.
        verdict: Option<Verdict>,
    },
}

impl Step {
    /// A frame that is checked as a whole.
    pub fn frame(len: usize, payload: Range<usize>) -> Self {
        Self::Frame { len, payload, checked: 0..len, verdict: None }
    }
}

/// Beside the bytes, what a scanner may know.
pub(super) struct Around<'a> {
    /// Nothing follows these bytes.
    pub at_end: bool,
    /// They are the rest of a datagram, whose end may end a line.
    pub ends_datagram: bool,
    /// The rule's check.
    pub verifier: Option<&'a Verifier>,
    /// Longest frame.
    pub max_len: usize,
}

/// What cuts by one kind of rule.
pub(super) trait Scanner: fmt::Debug + Send + Sync {
    /// What the bytes at the front are.
    fn step(&mut self, bytes: &[u8], around: &Around<'_>) -> Step;

    /// How long the frame is that `bytes` are the begin of, where that is known.
    fn known_len(&self, _bytes: &[u8], _max_len: usize) -> Option<usize> {
        None
    }

    /// `bytes` are as many as a frame may have, and none yet: how many are junk. The next step looks for a new begin.
    fn too_long(&mut self, bytes: &[u8]) -> usize {
        bytes.len()
    }

    /// After so much silence the stream is cut as at its end.
    fn silence(&self) -> Option<Duration> {
        None
    }

    /// That much silence is over, and nothing was pending.
    fn after_silence(&mut self) {}

    /// What is pending at the end of the stream is a whole frame.
    fn rest_is_a_frame(&self) -> bool {
        false
    }

    /// The same scanner again.
    fn boxed(&self) -> Box<dyn Scanner>;
}

impl Clone for Box<dyn Scanner> {
    fn clone(&self) -> Self {
        (**self).boxed()
    }
}

/// Cuts one stream (a peer and direction) by one rule.
#[derive(Clone, Debug)]
pub struct Framer {
    rule: FramingRule,
    /// `None`: each record is a frame.
    scanner: Option<Box<dyn Scanner>>,
    verifier: Option<Verifier>,
    max_len: usize,
    gap_ns: Option<u64>,
    /// Bytes from `head` on are not emitted yet; never more than `max_len`.
    held: Vec<u8>,
    head: usize,
    /// So many of them, the first, are known to be no frame.
    fill: usize,
    fill_kind: FrameKind,
    /// So many bytes that come next are the rest of a frame that was given up.
    skip: u64,
    /// What ends is a datagram.
    ends_datagram: bool,
    /// Offset in the stream of the byte at `head`.
    offset: u64,
    /// When the last bytes came.
    last_ns: u64,
}

/// Receives each frame with its bytes.
type Sink<'a> = &'a mut dyn FnMut(&Frame, &[u8]);

impl Framer {
    /// Begins at `offset` of a stream; where that is not 0, the first frame may be a part of one.
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

    /// The range of the stream that was fed but not emitted yet.
    #[must_use]
    pub fn pending(&self) -> Range<u64> {
        self.offset..self.offset + self.held_len() as u64
    }

    /// How many of the pending bytes, the first, are known to fit no frame.
    #[must_use]
    pub fn pending_junk(&self) -> u64 {
        if self.fill_kind == FrameKind::Junk { self.fill as u64 } else { 0 }
    }

    /// How many of the pending bytes, the first, are known to be separators, which carry nothing.
    #[must_use]
    pub fn pending_separators(&self) -> u64 {
        if self.fill_kind == FrameKind::Separator { self.fill as u64 } else { 0 }
    }

    /// Forgets what is pending and goes on at `offset` of another stream.
    pub fn restart(&mut self, offset: u64) {
        self.scanner = (self.rule.boundary.description().scanner)(&self.rule);
        self.held.clear();
        (self.head, self.fill, self.skip, self.offset) = (0, 0, 0, offset);
    }

    /// Bytes of memory that are held for what is pending.
    #[must_use]
    pub fn capacity(&self) -> usize {
        self.held.capacity()
    }

    /// Gives back the memory that is not needed for what is pending.
    pub fn shrink(&mut self) {
        self.held.drain(..self.head);
        self.head = 0;
        self.held.shrink_to_fit();
    }

    /// Whoever holds many streams has no memory left for this frame: what is pending fits no frame, nor does the rest of it
    /// where its end is known. Otherwise the next begin is looked for as behind a frame that is too long.
    pub fn give_up(&mut self, sink: Sink<'_>) {
        self.tell_fill(sink);
        let candidate = &self.held[self.head..];
        let Some(scanner) = self.scanner.as_mut().filter(|_| !candidate.is_empty()) else { return };
        if let Some(len) = scanner.known_len(candidate, self.max_len) {
            self.skip = len.saturating_sub(candidate.len()) as u64;
            self.fill = candidate.len();
        } else {
            self.fill = scanner.too_long(candidate).clamp(1, candidate.len());
        }
        self.fill_kind = FrameKind::Junk;
        self.tell_fill(sink);
        self.shrink();
    }

    fn held_len(&self) -> usize {
        self.held.len() - self.head
    }

    /// Feeds the next bytes of the stream, read at `mono_ns` (monotonic, any origin), and emits what they complete.
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
                self.tell_fill(sink);
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

    /// It is `mono_ns` and nothing more came: a gap that is over ends its frame.
    pub fn idle(&mut self, mono_ns: u64, sink: Sink<'_>) {
        if self.gap_ns.is_some_and(|gap_ns| self.held_len() > 0 && mono_ns.saturating_sub(self.last_ns) >= gap_ns) {
            self.finish(sink);
        } else if let Some(scanner) = &mut self.scanner
            && self.gap_ns.is_some_and(|gap_ns| mono_ns.saturating_sub(self.last_ns) >= gap_ns)
        {
            scanner.after_silence();
        }
    }

    /// How long after the last bytes [`Framer::idle`] ends a frame that is pending.
    #[must_use]
    pub fn gap(&self) -> Option<Duration> {
        self.gap_ns.filter(|_| self.held_len() > 0).map(Duration::from_nanos)
    }

    /// Whether bytes are pending that are known to fit no frame.
    #[must_use]
    pub fn has_junk(&self) -> bool {
        self.fill > 0 && self.fill_kind == FrameKind::Junk
    }

    /// Emits pending bytes that certainly belong to no frame, without waiting for the start of the next frame. Only because of this
    /// call may junk, but no frame, depend on the time at which bytes arrive.
    pub fn settle(&mut self, sink: Sink<'_>) {
        self.tell_fill(sink);
    }

    /// The end of a datagram, which also ends a line without a line end: emits the rest. Bytes fed afterwards start a new stream.
    pub fn finish_datagram(&mut self, sink: Sink<'_>) {
        self.ends_datagram = true;
        self.finish(sink);
        self.ends_datagram = false;
    }

    /// The end of the stream: emits the rest. Bytes fed afterwards start a new stream.
    pub fn finish(&mut self, sink: Sink<'_>) {
        let Some(fresh) = (self.rule.boundary.description().scanner)(&self.rule) else { return };
        self.scan(true, sink);
        self.tell_fill(sink);
        let rest = self.held_len();
        if rest > 0 {
            let is_whole = fresh.rest_is_a_frame();
            let frame = if is_whole { FrameKind::Frame } else { FrameKind::Incomplete };
            self.tell(rest, frame, 0..rest, (0..rest, None), sink);
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

    /// Lets the scanner decide as much as it can.
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
                        self.tell_fill(sink);
                    }
                    self.fill_kind = kind;
                    self.fill += len;
                }
                Step::Frame { len, payload, checked, verdict } if len > 0 => {
                    self.tell_fill(sink);
                    self.tell(len, FrameKind::Frame, payload, (checked, verdict), sink);
                }
                _ if full && self.fill > 0 => self.tell_fill(sink),
                _ if full && !at_end => {
                    self.fill = scanner.too_long(candidate).max(1);
                    self.fill_kind = FrameKind::Junk;
                }
                _ => return,
            }
        }
    }

    fn tell_fill(&mut self, sink: Sink<'_>) {
        let len = std::mem::take(&mut self.fill);
        if len > 0 {
            self.tell(len, self.fill_kind, 0..len, (0..0, None), sink);
        }
    }

    /// Emits the first `len` bytes held and removes them.
    fn tell(
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
