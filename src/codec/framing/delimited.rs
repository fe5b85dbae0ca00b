//! Frames that are bounded by byte sequences: lines, delimiters, start and end markers.

use super::build::{BuildError, Enclosure, Stuffing};
use super::description::{Description, field};
use super::escapes::Escaped;
use super::framer::{Around, FrameKind, LARGEST_HEADER, Scanner, Step};
use super::{Boundary, RuleKind};
use crate::codec::fields::{Contradiction, Kind};
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
    enclose: |rule, unframed| match rule.boundary {
        Boundary::Line { keep: true } => with_own_end(unframed.content, &[b"\r\n", b"\n"]),
        _ => with_end(unframed.content, b"\n", b"\n"),
    },
    stuffing: Stuffing::None,
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
    enclose: |rule, unframed| match &rule.boundary {
        Boundary::Delimiter { bytes, keep: true } => with_own_end(unframed.content, &[bytes]),
        Boundary::Delimiter { bytes, .. } => with_end(unframed.content, bytes, bytes),
        _ => Ok(Enclosure::bare(unframed.content)),
    },
    stuffing: Stuffing::None,
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
            .depends_on("swap")
            .refused_if(|rule| match &rule.boundary {
                Boundary::Marks(rule) => rule.marker_of_escape().map(Contradiction::Option),
                _ => None,
            }),
        field!(EscapeXor, "xor", Kind::Byte, Boundary::Marks(rule) if rule.swap.is_empty() => &mut rule.xor)
            .depends_on("swap")
            // An exclusive-or with 00 changes no byte, so a marker in the content could not be escaped.
            .refused_if(|rule| match &rule.boundary {
                Boundary::Marks(MarkRule { xor: Some(0), .. }) => Some(Contradiction::Option("escape")),
                _ => None,
            }),
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
    enclose: |rule, unframed| match &rule.boundary {
        Boundary::Marks(marks) => marks.enclose(unframed, rule.check.is_some_and(|check| check.until.is_some())),
        _ => Ok(Enclosure::bare(unframed.content)),
    },
    stuffing: Stuffing::Bytes(|rule, payload| match &rule.boundary {
        Boundary::Marks(marks) if marks.checks_unescaped() => marks.escaped(payload),
        _ => payload.to_vec(),
    }),
};

/// A content and the delimiter `end` behind it. No frame contains `end` elsewhere.
fn with_end<'a>(content: &'a [u8], end: &[u8], sent: &[u8]) -> Result<Enclosure<'a>, BuildError> {
    let framed = [content, end].concat();
    match memchr::memmem::find(&framed, end) {
        Some(found) if found < content.len() => Err(BuildError::MarkerInside { bytes: end.to_vec() }),
        _ if end == b"\n" && content.ends_with(b"\r") => Err(BuildError::EndsWithCr),
        _ => Ok(Enclosure { outside: sent.to_vec(), ..Enclosure::bare(content) }),
    }
}

/// A content that contains its delimiter, which is one of `ends`.
fn with_own_end<'a>(content: &'a [u8], ends: &[&[u8]]) -> Result<Enclosure<'a>, BuildError> {
    let Some((content, end)) = ends.iter().find_map(|end| Some((content.strip_suffix(*end)?, *end))) else {
        return Err(BuildError::LacksEnd { bytes: ends.last().map(|end| end.to_vec()).unwrap_or_default() });
    };
    let marker = end.strip_prefix(b"\r").filter(|_| ends.len() > 1).unwrap_or(end);
    with_end(content, marker, end)
}

/// Frames between a start and an end marker.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct MarkRule {
    /// Start markers, of which each frame has one. If there are none, a frame starts where the previous one ended.
    pub starts: Vec<Vec<u8>>,
    /// End marker. If it is LF, a CR before it belongs to it, and the end of a datagram replaces it.
    pub end: Vec<u8>,
    /// Escape byte: the byte after it is content. An end marker that starts with the escape byte (DLE ETX) takes precedence.
    pub escape: Option<u8>,
    /// The byte after `escape` is XORed with this value (0x20 in PPP and HDLC, RFC 1662 §4.2).
    pub xor: Option<u8>,
    /// Content bytes and the code sent for each of them (JT/T 808: 7E as 7D 02, 7D as 7D 01). No code is a prefix of another one.
    /// Excludes `escape`.
    pub swap: Vec<(u8, Vec<u8>)>,
    /// Number of bytes after the end marker that belong to the frame, such as a checksum.
    pub after: u64,
    /// A start marker within a frame starts a new frame. The bytes before it are junk.
    pub restart: bool,
}

impl MarkRule {
    /// The option of the marker that consists of the escape byte alone, which is ambiguous.
    fn marker_of_escape(&self) -> Option<&'static str> {
        let is_escape = |marker: &Vec<u8>| self.escape.is_some_and(|escape| *marker == [escape]);
        if self.starts.iter().any(is_escape) { Some("start") } else { is_escape(&self.end).then_some("end") }
    }

    /// Whether a frame ends like a line: at LF, with or without CR, or at the end of a datagram.
    pub(super) fn ends_with_line(&self) -> bool {
        self.end == b"\n" && self.after == 0 && !self.may_share()
    }

    /// A frame without its line end, if frames end like lines.
    pub(super) fn without_line_end<'a>(&self, frame: &'a [u8]) -> &'a [u8] {
        if !self.ends_with_line() {
            return frame;
        }
        let line = frame.strip_suffix(b"\n").unwrap_or(frame);
        line.strip_suffix(b"\r").unwrap_or(line)
    }

    /// Whether one marker can end a frame and start the next one, like the HDLC flag.
    pub(super) fn may_share(&self) -> bool {
        self.after == 0 && self.starts.contains(&self.end)
    }
}

/// Frames that end with a delimiter.
#[derive(Clone, Debug)]
pub(super) struct Delimited {
    finder: Finder<'static>,
    keep: bool,
    /// Whether a CR before the delimiter belongs to it.
    is_line: bool,
    /// No delimiter starts before this position.
    scanned: usize,
    /// The bytes up to the next delimiter are the rest of a frame that was too long.
    skipping: bool,
}

impl Delimited {
    pub fn new(delimiter: &[u8], keep: bool) -> Self {
        Self { finder: Finder::new(delimiter).into_owned(), keep, is_line: false, scanned: 0, skipping: false }
    }

    pub fn line(keep: bool) -> Self {
        Self { is_line: true, ..Self::new(b"\n", keep) }
    }

    /// A frame of `len` bytes, with the delimiter at `content`.
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
            // The bytes can end with part of a delimiter.
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
    /// Length of the start marker at the front; `None`: no frame has started.
    begun: Option<usize>,
    /// No end marker starts before this position.
    scanned: usize,
    /// End of the last escape sequence. A CR before this position is content, not part of the line end.
    escaped: usize,
    /// End of the end marker, if it was found but the `after` bytes are incomplete.
    ended: Option<usize>,
    /// The last frame ended with a flag, which can also start the next frame.
    behind_flag: bool,
    /// Without a start marker: the bytes up to the next end marker are the rest of a frame that was too long.
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

    /// End of the content from `start` to `end` without a CR that belongs to the line end.
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

    /// Looks for a start marker. The bytes before it are junk. `None`: the marker is at the front.
    fn seek(&mut self, bytes: &[u8], at_end: bool) -> Option<Step> {
        for place in 0..bytes.len() {
            let here = &bytes[place..];
            // The longest matching marker wins, so a longer one must be ruled out first.
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
                // Two flags in a row: the second one starts a frame, whatever the first one was.
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

/// Classification of the bytes at a position within a frame.
enum Look {
    /// This many bytes of content.
    On(usize),
    End,
    Restart,
    Need,
}
