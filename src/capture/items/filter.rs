//! Filters: which records or frames are shown.
//!
//! Text form, as accepted by `--filter`:
//! `dir=received,peer=10.0.0.7:4000,kind=data,len=8..64,since=2026-01-31T08:00:00Z,text='ok',bad`.

use super::cutter::{Cutter, StreamKey};
use super::entry::{Checked, ItemKind};
use crate::capture::align::decoder_behind;
use crate::capture::{CaptureReader, PeerFilter, Record, RecordKind};
use crate::codec::options::Options;
use crate::codec::{Encoding, Expected, Frame, Pattern, PatternError, PatternSource, RuleError, Scan, StreamDecoder};
use crate::model::{Direction, PeerId, unmap_v4};
use std::collections::HashMap;
use std::ops::RangeInclusive;

/// Maximum count of peers whose result is cached while a filter runs.
const PEERS_KNOWN: usize = 65_536;
/// Maximum count of streams whose last decoder is cached.
const DECODERS: usize = 4096;
/// Name of the filter in error messages.
const NAME: &str = "filter";

/// Filter by payload or event.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KindFilter {
    /// Both.
    #[default]
    All,
    /// Records with payload, and the frames cut from them.
    Data,
    /// Records without payload: connects, disconnects, errors, warnings.
    Events,
    /// Errors and warnings.
    Problems,
    /// Frames (or records) whose check failed, or which are too short for one.
    BadChecks,
    /// Bytes that fit no frame, and frames that never ended.
    NoFrames,
}

/// Conditions that must all be met; the default matches everything. A condition on payload (direction, length, bytes) excludes
/// events.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only one direction.
    pub direction: Option<Direction>,
    /// Only one peer; events of the session itself always match.
    pub peer: Option<PeerFilter>,
    /// Payload, or events.
    pub kind: KindFilter,
    /// Length of the record or frame in bytes.
    pub len: Option<RangeInclusive<u32>>,
    /// Earliest time of the first byte, in ns since 1970 UTC.
    pub since: Option<i64>,
    /// Latest time of the first byte, in ns since 1970 UTC.
    pub until: Option<i64>,
    /// Bytes to find, in each record or frame separately.
    pub matching: Option<PatternSource>,
    /// Matches if the bytes are not found.
    pub inverted: bool,
}

impl Filter {
    /// Names of the conditions in the text form.
    pub const NAMES: [&str; 11] =
        ["dir", "peer", "kind", "len", "since", "until", "text", "hex", "regex", "not", "nocase"];

    /// Whether the filter matches everything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self { inverted: self.inverted, ..Self::default() }
    }

    /// Parses the text form; `encoding` applies to `text='…'`.
    ///
    /// # Errors
    /// An unknown option, or an invalid value.
    pub fn parse(text: &str, encoding: Encoding) -> Result<Self, RuleError> {
        let mut options = Options::list(NAME, text);
        let direction = options.word("dir", &["received", "sent"])?;
        let kind = options.word("kind", &["all", "data", "event", "problem", "bad", "junk"])?;
        let mut filter = Self {
            direction: direction.map(|word| if word == 0 { Direction::Received } else { Direction::Sent }),
            kind: match kind {
                Some(1) => KindFilter::Data,
                Some(2) => KindFilter::Events,
                Some(3) => KindFilter::Problems,
                Some(4) => KindFilter::BadChecks,
                Some(5) => KindFilter::NoFrames,
                _ => KindFilter::All,
            },
            peer: options.named("peer").map(peer).transpose()?,
            len: options.named("len").map(len).transpose()?,
            since: options.named("since").map(|text| time("since", text)).transpose()?,
            until: options.named("until").map(|text| time("until", text)).transpose()?,
            matching: None,
            inverted: options.flag("not"),
        };
        let ignore_case = options.flag("nocase");
        for (name, text) in
            [("text", options.named("text")), ("hex", options.named("hex")), ("regex", options.named("regex"))]
        {
            let Some(text) = text else { continue };
            if filter.matching.is_some() {
                return Err(RuleError::UnknownOption { rule: NAME.into(), option: name.into() });
            }
            let text = unquoted(name, text)?.to_owned();
            filter.matching = Some(match name {
                "text" => PatternSource::Text { text, encoding, ignore_case },
                "hex" => PatternSource::Hex(text),
                _ => PatternSource::Regex(text),
            });
        }
        if filter.matching.is_none() && (filter.inverted || ignore_case) {
            return Err(options.missing("text"));
        }
        options.end()?;
        Ok(filter)
    }

    /// Whether only payload can match.
    fn is_about_payload(&self) -> bool {
        self.direction.is_some()
            || self.len.is_some()
            || self.matching.is_some()
            || matches!(self.kind, KindFilter::Data | KindFilter::BadChecks | KindFilter::NoFrames)
    }
}

fn bad(option: &str, value: &str, expected: Expected) -> RuleError {
    RuleError::BadValue { option: option.to_owned(), value: value.to_owned(), expected }
}

/// The text between the quotation marks, or all of it if there are none.
fn unquoted<'a>(option: &str, text: &'a str) -> Result<&'a str, RuleError> {
    match text.strip_prefix('\'') {
        None => Ok(text),
        // Only a comma may follow the closing mark.
        Some(rest) => rest.strip_suffix('\'').ok_or_else(|| bad(option, text, Expected::Quoted)),
    }
}

/// Parses `#3`, `IP:PORT` or `IP`.
fn peer(text: &str) -> Result<PeerFilter, RuleError> {
    PeerFilter::parse(text).ok_or_else(|| bad("peer", text, Expected::Peer))
}

/// Parses `8`, `8..64`, `8..` or `..64`; both ends are inclusive.
fn len(text: &str) -> Result<RangeInclusive<u32>, RuleError> {
    let number = |text: &str, default: u32| match text.trim() {
        "" => Some(default),
        text => text.parse().ok(),
    };
    let (least, most) = text.split_once("..").unwrap_or((text, text));
    let range = number(least, 0).zip(number(most, u32::MAX)).filter(|_| text.contains(|c: char| c.is_ascii_digit()));
    let range = range.map(|(least, most)| least..=most).filter(|range| !range.is_empty());
    range.ok_or_else(|| bad("len", text, Expected::Range))
}

fn time(option: &str, text: &str) -> Result<i64, RuleError> {
    parse_time(text, None).ok_or_else(|| bad(option, text, Expected::Time))
}

/// Parses a time to ns since 1970 UTC: RFC 3339 (`2026-01-31T08:00:00Z`), local date and time (`2026-01-31 16:00:00.5`), or, if
/// `day` is given (any time of that day, ns), the local time alone (`16:00`, `16:00:00.123`).
#[must_use]
pub fn parse_time(text: &str, day: Option<i64>) -> Option<i64> {
    let text = text.trim();
    let zone = jiff::tz::TimeZone::system();
    let ns = |stamp: jiff::Timestamp| i64::try_from(stamp.as_nanosecond()).ok();
    if let Ok(stamp) = text.parse::<jiff::Timestamp>() {
        return ns(stamp);
    }
    if let Ok(at) = text.parse::<jiff::civil::DateTime>() {
        return ns(at.to_zoned(zone).ok()?.timestamp());
    }
    let clock = text.parse::<jiff::civil::Time>().ok()?;
    let day = jiff::Timestamp::from_nanosecond(day?.into()).ok()?.to_zoned(zone.clone());
    ns(day.date().to_datetime(clock).to_zoned(zone).ok()?.timestamp())
}

/// A filter prepared for use.
#[derive(Debug)]
pub struct Sieve {
    filter: Filter,
    pattern: Option<Pattern>,
    peers: HashMap<PeerId, bool>,
    /// Decoder before the record searched last, by stream.
    decoders: HashMap<StreamKey, (u64, StreamDecoder)>,
}

/// What a filter decides about.
pub(super) struct Candidate<'a> {
    /// The record of the first byte.
    pub record: &'a Record,
    pub kind: ItemKind,
    pub checked: Checked,
    pub len: u64,
}

impl Sieve {
    /// Prepares a filter.
    ///
    /// # Errors
    /// The pattern is invalid.
    pub fn new(filter: Filter) -> Result<Self, PatternError> {
        let pattern = filter.matching.as_ref().map(Pattern::new).transpose()?;
        Ok(Self { filter, pattern, peers: HashMap::new(), decoders: HashMap::new() })
    }

    /// Whether an unmodified record matches. `bytes` is its payload if readable; `alone` means a datagram.
    pub fn lets_record(&mut self, reader: &CaptureReader, record: &Record, bytes: Option<&[u8]>, alone: bool) -> bool {
        let (kind, checked) = (ItemKind::Record, Checked::Not);
        let candidate = Candidate { record, kind, checked, len: record.len.into() };
        if !self.lets(reader, &candidate) {
            return false;
        }
        let found = bytes.is_some_and(|bytes| self.finds_in_record(reader, record, bytes, alone));
        self.lets_found(found)
    }

    /// Whether a range cut from a stream matches; `first` is the record of its first byte.
    pub fn lets_frame(&mut self, reader: &CaptureReader, first: &Record, frame: &Frame, bytes: &[u8]) -> bool {
        let kind = ItemKind::of_frame(frame.kind);
        let checked = Checked::from(frame.verdict);
        let candidate = Candidate { record: first, kind: kind.unwrap_or(ItemKind::Frame), checked, len: frame.len() };
        self.lets(reader, &candidate) && self.lets_found(self.finds(bytes))
    }

    /// Whether the filter cannot decide without the bytes.
    pub(super) fn needs_bytes(&self) -> bool {
        self.pattern.is_some()
    }

    /// Checks every condition except the one on bytes.
    pub(super) fn lets(&mut self, reader: &CaptureReader, candidate: &Candidate<'_>) -> bool {
        let Candidate { record, kind, checked, len } = *candidate;
        let is_data = record.kind == RecordKind::Data;
        let filter = &self.filter;
        let kind_fits = match filter.kind {
            KindFilter::All => true,
            KindFilter::Data => is_data,
            KindFilter::Events => !is_data,
            KindFilter::Problems => {
                matches!(record.kind, RecordKind::Error | RecordKind::Warning | RecordKind::ClockJump)
            }
            KindFilter::BadChecks => matches!(checked, Checked::Bad | Checked::TooShort),
            KindFilter::NoFrames => matches!(kind, ItemKind::Junk | ItemKind::Incomplete),
        };
        kind_fits
            && (is_data || !filter.is_about_payload())
            && filter.direction.is_none_or(|wanted| record.direction == Some(wanted))
            && filter.since.is_none_or(|since| record.unix_ns >= since)
            && filter.until.is_none_or(|until| record.unix_ns <= until)
            && filter.len.as_ref().is_none_or(|wanted| u32::try_from(len).is_ok_and(|len| wanted.contains(&len)))
            && self.lets_peer(reader, record)
    }

    fn lets_peer(&mut self, reader: &CaptureReader, record: &Record) -> bool {
        let Some(wanted) = self.filter.peer else { return true };
        if record.peer == PeerId::NONE {
            return record.kind != RecordKind::Data;
        }
        if self.peers.len() > PEERS_KNOWN {
            self.peers.clear();
        }
        let lets = || wanted.lets(record.peer, reader.peer_address(record.peer).map(unmap_v4));
        *self.peers.entry(record.peer).or_insert_with(lets)
    }

    /// Whether the bytes contain the pattern.
    pub(super) fn finds(&self, bytes: &[u8]) -> bool {
        self.pattern.as_ref().is_some_and(|pattern| pattern.find_at(bytes, 0).is_some())
    }

    /// Whether the bytes of a record, which may start within a character of its stream, contain the pattern.
    pub(super) fn finds_in_record(
        &mut self,
        reader: &CaptureReader,
        record: &Record,
        bytes: &[u8],
        alone: bool,
    ) -> bool {
        if !self.pattern.as_ref().is_some_and(|pattern| pattern.has_bytes_in(bytes)) {
            return false;
        }
        let mut scan = self.scan(reader, record, alone);
        let Some(pattern) = &self.pattern else { return false };
        // Each record is searched separately: `$` matches at its end.
        scan.finds(pattern, bytes) || scan.ends_with_match(pattern)
    }

    /// Searches the next part of a record.
    pub(super) fn finds_next(&self, scan: &mut Scan, part: &[u8]) -> bool {
        self.pattern.as_ref().is_some_and(|pattern| scan.finds(pattern, part))
    }

    /// Whether the pattern matches at the end of the last part.
    pub(super) fn finds_at_end(&self, scan: &Scan) -> bool {
        self.pattern.as_ref().is_some_and(|pattern| scan.ends_with_match(pattern))
    }

    /// Starts searching the parts of a record.
    pub(super) fn scan(&mut self, reader: &CaptureReader, record: &Record, alone: bool) -> Scan {
        let encoding = self.pattern.as_ref().and_then(Pattern::needs_borders_of);
        match encoding.filter(|_| !alone && record.stream_offset > 0) {
            Some(encoding) => {
                let key = Cutter::key_of(record);
                let decoder = decoder_behind(reader, record, encoding, self.decoders.remove(&key));
                if self.decoders.len() >= DECODERS {
                    self.decoders.clear();
                }
                let scan = Scan::behind(decoder.pending());
                self.decoders.insert(key, (record.number, decoder));
                scan
            }
            None => Scan::default(),
        }
    }

    /// Whether the result of the search for bytes matches the filter.
    pub(super) fn lets_found(&self, found: bool) -> bool {
        self.pattern.is_none() || found != self.filter.inverted
    }
}
