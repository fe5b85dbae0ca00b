//! Frames that end with bytes: lines, delimiters, markers.

use super::description::{Description, field};
use super::escapes::Escaped;
use super::framer::{Around, FrameKind, LARGEST_HEADER, Scanner, Step};
use super::{Boundary, RuleKind};
use crate::codec::fields::Kind;
use memchr::memmem::Finder;

pub(super) static LINE: Description = Description {
    kind: RuleKind::Line,
    name: "line",
    example: "line:keep",
    options: &[field!(KeepLineEnd, "keep", Kind::Flag, Boundary::Line { keep } => keep)],
    has_max: true,
    boundary: || Boundary::Line { keep: false },
    scanner: |rule| match rule.boundary {
        Boundary::Line { keep } => Some(Box::new(Delimited::line(keep))),
        _ => None,
    },
};

pub(super) static DELIMITER: Description = Description {
    kind: RuleKind::Delimiter,
    name: "delim",
    example: "delim:0D0A,keep",
    options: &[
        field!(Delimiter, "delim", Kind::Bytes, Boundary::Delimiter { bytes, .. } => bytes).unnamed().proposed("0D0A"),
        field!(KeepDelimiter, "keep", Kind::Flag, Boundary::Delimiter { keep, .. } => keep),
    ],
    has_max: true,
    boundary: || Boundary::Delimiter { bytes: Vec::new(), keep: false },
    scanner: |rule| match &rule.boundary {
        Boundary::Delimiter { bytes, keep } => Some(Box::new(Delimited::new(bytes, *keep))),
        _ => None,
    },
};

pub(super) static MARKS: Description = Description {
    kind: RuleKind::Marks,
    name: "marks",
    example: "marks:start=02,end=03,escape=10,after=1,restart",
    options: &[
        field!(Starts, "start", Kind::ByteStrings, Boundary::Marks(rule) => &mut rule.starts)
            .proposed("02")
            .needed_if(|rule| matches!(&rule.boundary, Boundary::Marks(rule) if rule.restart)),
        field!(End, "end", Kind::Bytes, Boundary::Marks(rule) => &mut rule.end).needed().proposed("03"),
        field!(Swap, "swap", Kind::Swaps, Boundary::Marks(rule) => &mut rule.swap),
        field!(Escape, "escape", Kind::Byte, Boundary::Marks(rule) if rule.swap.is_empty() => &mut rule.escape)
            .needed_if(|rule| matches!(&rule.boundary, Boundary::Marks(rule) if rule.xor.is_some()))
            .depends_on("swap"),
        field!(EscapeXor, "xor", Kind::Byte, Boundary::Marks(rule) if rule.swap.is_empty() => &mut rule.xor)
            .depends_on("swap"),
        field!(
            After,
            "after",
            Kind::Number { least: 0, most: LARGEST_HEADER },
            Boundary::Marks(rule) => &mut rule.after
        )
        .usually("0"),
        field!(Restart, "restart", Kind::Flag, Boundary::Marks(rule) => &mut rule.restart),
    ],
    has_max: true,
    boundary: || Boundary::Marks(MarkRule::default()),
    scanner: |rule| match &rule.boundary {
        Boundary::Marks(rule) => Some(Box::new(Marks::new(rule))),
        _ => None,
    },
};

/// Frames between markers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct MarkRule {
    /// A frame begins with one of these; none: right behind the frame before.
    pub starts: Vec<Vec<u8>>,
    /// It ends with this. Where that is a line feed, a CR before it belongs to it, and a datagram's end does in its place.
    pub end: Vec<u8>,
    /// After this byte the next one is content, not a marker. An end marker that itself begins with it (DLE ETX) goes first.
    pub escape: Option<u8>,
    /// The byte behind `escape` is exclusive-ored with this one (0x20 in PPP and HDLC, RFC 1662 §4.2).
    pub xor: Option<u8>,
    /// Bytes of the content and what is sent in place of each of them (JT/T 808: 7E as 7D 02, 7D as 7D 01). No code is the begin of
    /// another one. Not with `escape`.
    pub swap: Vec<(u8, Vec<u8>)>,
    /// Bytes behind the end marker that belong to the frame (a checksum).
    pub after: u64,
    /// A start marker within a frame begins a new one: what was before it fits no frame.
    pub restart: bool,
}

impl MarkRule {
    /// A frame ends with a line: at a line feed, with or without CR, or at the end of a datagram.
    pub(super) fn ends_with_line(&self) -> bool {
        self.end == b"\n" && self.after == 0 && !self.may_share()
    }

    /// The marker of an end may be that of the next begin: a flag.
    pub(super) fn may_share(&self) -> bool {
        self.after == 0 && self.starts.contains(&self.end)
    }
}

/// Frames that end with a delimiter.
#[derive(Clone, Debug)]
pub(super) struct Delimited {
    finder: Finder<'static>,
    keep: bool,
    /// A CR before the delimiter belongs to it.
    is_line: bool,
    /// No delimiter begins before this place.
    scanned: usize,
    /// What comes up to the next delimiter is the rest of a frame that was too long.
    skipping: bool,
}

impl Delimited {
    pub fn new(delimiter: &[u8], keep: bool) -> Self {
        Self { finder: Finder::new(delimiter).into_owned(), keep, is_line: false, scanned: 0, skipping: false }
    }

    pub fn line(keep: bool) -> Self {
        Self { is_line: true, ..Self::new(b"\n", keep) }
    }

    /// The first `len` bytes are a frame, `content` of them up to the delimiter.
    fn frame(&self, bytes: &[u8], content: usize, len: usize) -> Step {
        let content = content - usize::from(self.is_line && content > 0 && bytes[content - 1] == b'\r');
        let payload = 0..if self.keep { len } else { content };
        Step::Frame { len, payload, checked: 0..content, verdict: None }
    }
}

impl Scanner for Delimited {
    fn step(&mut self, bytes: &[u8], around: &Around<'_>) -> Step {
        let delimiter = self.finder.needle().len();
        let from = self.scanned.min(bytes.len());
        let Some(found) = self.finder.find(&bytes[from..]) else {
            // The bytes may end with part of a delimiter.
            let sure = (bytes.len() + 1).saturating_sub(delimiter);
            return match self.skipping {
                true if around.at_end => Step::Skip(bytes.len(), FrameKind::Junk),
                false if around.ends_datagram && self.is_line => self.frame(bytes, bytes.len(), bytes.len()),
                true => Step::Skip(sure, FrameKind::Junk),
                false => {
                    self.scanned = sure;
                    Step::Need
                }
            };
        };
        let content = from + found;
        let len = content + delimiter;
        self.scanned = 0;
        if std::mem::take(&mut self.skipping) {
            return Step::Skip(len, FrameKind::Junk);
        }
        self.frame(bytes, content, len)
    }

    fn too_long(&mut self, bytes: &[u8]) -> usize {
        self.skipping = true;
        self.scanned = 0;
        (bytes.len() + 1).saturating_sub(self.finder.needle().len())
    }

    fn boxed(&self) -> Box<dyn Scanner> {
        Box::new(self.clone())
    }
}

/// Frames between a start and an end marker.
#[derive(Clone, Debug)]
pub(super) struct Marks {
    rule: MarkRule,
    longest_start: usize,
    /// Length of the start marker that the bytes begin with; `None` = looking for one.
    begun: Option<usize>,
    /// No end marker begins before this place.
    scanned: usize,
    /// What is before this place is escaped, or before an escaped byte.
    escaped: usize,
    /// Where the end marker ends, when it was found but not all of what comes behind it is there.
    ended: Option<usize>,
    /// A frame has just ended with a flag, which may be the begin of the next one as well.
    behind_flag: bool,
    /// A frame was too long and the rule has no start marker: what comes up to the next end marker is the rest of it.
    skipping: bool,
}

impl Marks {
    pub fn new(rule: &MarkRule) -> Self {
        let longest_start = rule.starts.iter().map(Vec::len).max().unwrap_or(0);
        Self {
            rule: rule.clone(),
            longest_start,
            begun: None,
            scanned: 0,
            escaped: 0,
            ended: None,
            behind_flag: false,
            skipping: false,
        }
    }

    /// The content from `start` to `end` ends here: before a CR that belongs to the line end.
    fn line_end(&self, bytes: &[u8], start: usize, end: usize) -> usize {
        let is_cr = self.rule.ends_with_line() && end > start.max(self.escaped) && bytes[end - 1] == b'\r';
        end - usize::from(is_cr)
    }

    fn begin(&mut self, start: usize) {
        self.begun = Some(start);
        self.scanned = start;
        self.escaped = start;
        self.ended = None;
    }

    /// Looks for a start marker; what is before it is junk.
    fn seek(&mut self, bytes: &[u8], at_end: bool) -> Option<Step> {
        for place in 0..bytes.len() {
            let here = &bytes[place..];
            // Of markers that begin alike the longest counts, so a longer one must be ruled out first.
            let mut undecided = false;
            let mut begun = None;
            for start in &self.rule.starts {
                if here.starts_with(start) {
                    begun = begun.max(Some(start.len()));
                } else {
                    undecided |= !at_end && start.starts_with(here);
                }
            }
            match (begun, place) {
                (None, _) if !undecided => {}
                (Some(len), 0) if !undecided => {
                    self.begin(len);
                    return None;
                }
                (_, 0) => return Some(Step::Need),
                (_, place) => return Some(Step::Skip(place, FrameKind::Junk)),
            }
        }
        Some(Step::Skip(bytes.len(), FrameKind::Junk))
    }

    fn look(&self, bytes: &[u8], at_end: bool) -> Look {
        let Some(here) = bytes.get(self.scanned..).filter(|here| !here.is_empty()) else { return Look::Need };
        if here.starts_with(&self.rule.end) {
            return Look::End;
        }
        let partly = |marker: &[u8]| !at_end && marker.starts_with(here);
        if partly(&self.rule.end) {
            return Look::Need;
        }
        match self.rule.escape_at(here, at_end) {
            Escaped::Len(len) => return Look::On(len),
            Escaped::Need => return Look::Need,
            Escaped::No => {}
        }
        if self.rule.restart && self.begun != Some(0) {
            if self.rule.starts.iter().any(|start| here.starts_with(start)) {
                return Look::Restart;
            }
            if self.rule.starts.iter().any(|start| partly(start)) {
                return Look::Need;
            }
        }
        Look::On(1)
    }
}

impl Scanner for Marks {
    fn step(&mut self, bytes: &[u8], around: &Around<'_>) -> Step {
        if self.behind_flag {
            let is_start = self.rule.starts.iter().any(|start| bytes.starts_with(start));
            if !is_start && !around.at_end && self.rule.starts.iter().any(|start| start.starts_with(bytes)) {
                return Step::Need;
            }
            self.behind_flag = false;
            if !is_start {
                self.begin(0);
            }
        }
        if self.begun.is_none() {
            if self.rule.starts.is_empty() {
                self.begin(0);
            } else if let Some(skip) = self.seek(bytes, around.at_end) {
                return skip;
            }
        }
        let Some(start) = self.begun else { return Step::Need };
        while self.ended.is_none() {
            match self.look(bytes, around.at_end) {
                Look::On(places) => {
                    self.scanned += places;
                    self.escaped = if places > 1 { self.scanned } else { self.escaped };
                }
                Look::End => self.ended = Some(self.scanned + self.rule.end.len()),
                Look::Restart => {
                    let before = self.scanned;
                    self.begun = None;
                    return Step::Skip(before, FrameKind::Junk);
                }
                Look::Need if self.skipping && around.at_end => return Step::Skip(bytes.len(), FrameKind::Junk),
                Look::Need if around.ends_datagram && self.rule.ends_with_line() && bytes.len() > start => {
                    self.begun = None;
                    return Step::frame(bytes.len(), start..self.line_end(bytes, start, bytes.len()));
                }
                Look::Need => return Step::Need,
            }
        }
        let end = self.ended.unwrap_or(bytes.len());
        let len = end.saturating_add(usize::try_from(self.rule.after).unwrap_or(usize::MAX));
        if bytes.len() < len {
            return Step::Need;
        }
        self.begun = None;
        self.ended = None;
        if std::mem::take(&mut self.skipping) {
            return Step::Skip(len, FrameKind::Junk);
        }
        let content = start..self.line_end(bytes, start, end - self.rule.end.len());
        if self.rule.may_share() {
            if content.is_empty() {
                // Two flags: the second one begins a frame, whatever the first one was.
                return Step::Skip(content.start, FrameKind::Separator);
            }
            self.behind_flag = true;
        }
        Step::frame(len, content)
    }

    fn too_long(&mut self, bytes: &[u8]) -> usize {
        self.skipping = self.rule.starts.is_empty();
        self.behind_flag = false;
        self.begun = None;
        self.ended = None;
        let marker = if self.skipping { self.rule.end.len() } else { self.longest_start };
        (bytes.len() + 1).saturating_sub(marker)
    }

    fn boxed(&self) -> Box<dyn Scanner> {
        Box::new(self.clone())
    }
}

/// Content at a position within a frame.
enum Look {
    /// So many bytes of content.
    On(usize),
    End,
    Restart,
    Need,
}
