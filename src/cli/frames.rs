//! `--frame` and `--verify`: prints traffic as frames instead of records.

use super::conditions::Conditions;
use super::out::{StandardOut, say};
use super::plan::{Form, Show};
use super::printer::mark;
use super::sequence::Sequences;
use super::streams::one_line;
use crate::capture::items::{Cutter, FrameSpan, OnFrame, Sieve, StreamKey, holding};
use crate::capture::json::{self, FrameCounts, Framed, Line};
use crate::capture::{CaptureReader, Record};
use crate::codec::{Check, Frame, FrameKind, FramingRule, Verdict, hex};
use crate::model::{Direction, PeerId, Transport, display_address};
use crate::words::{self, Lang};
use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// During reception a gap counts only if data would have been seen by now: records are published with a delay.
const QUIET_SLACK: Duration = Duration::from_millis(100);

/// Cuts each peer and direction into frames and prints them.
pub(super) struct Frames {
    rule: FramingRule,
    /// For looking up records of frames that started earlier.
    reader: CaptureReader,
    /// Prints only frames that start in this record or a later one.
    from: u64,
    /// Count of frames that may still be printed.
    left: u64,
    cutter: Cutter,
    /// For each stream, when data was last fed, and the peer's address.
    fed: HashMap<StreamKey, Fed>,
    /// For each stream with incomplete data, its offset and the record in which it starts.
    begun: HashMap<StreamKey, (u64, u64)>,
    /// Streams that have something to print when no more data arrives.
    unsettled: HashSet<StreamKey>,
    counts: FrameCounts,
    /// Prints only frames that pass this filter.
    filter: Option<Sieve>,
}

#[derive(Clone, Copy)]
struct Fed {
    at: Instant,
    address: Option<SocketAddr>,
}

/// Destination of frames.
pub(super) struct FrameOut<'a> {
    pub show: Show,
    /// The direction whose frames go to standard output; `None` for both.
    pub shown: Option<Direction>,
    pub lang: Lang,
    pub out: &'a mut StandardOut,
    /// Conditions that received frames are checked against.
    pub conditions: &'a mut Conditions,
    /// What counts the numbers of received frames.
    pub sequences: &'a mut Option<Sequences>,
}

impl FrameOut<'_> {
    fn shows(&self, direction: Direction) -> bool {
        self.shown.is_none_or(|shown| shown == direction)
    }
}

impl Frames {
    /// Prints all frames of what `reader` reads that pass `filter`.
    pub fn new(rule: FramingRule, reader: CaptureReader, filter: Option<Sieve>) -> Self {
        Self {
            cutter: Cutter::new(rule.clone()),
            rule,
            reader,
            from: 0,
            left: u64::MAX,
            fed: HashMap::new(),
            begun: HashMap::new(),
            unsettled: HashSet::new(),
            counts: FrameCounts::default(),
            filter,
        }
    }

    /// Prints only the first `count` frames that start in record `from` or a later one.
    pub fn part(self, from: u64, count: u64) -> Self {
        Self { from, left: count, ..self }
    }

    /// Feeds a record's bytes and prints the frames that they complete. `None` if the bytes are unavailable: the stream continues
    /// after them.
    pub fn feed(
        &mut self,
        record: &Record,
        transport: Transport,
        address: Option<SocketAddr>,
        bytes: Option<&[u8]>,
        out: &mut FrameOut<'_>,
    ) {
        let key = Cutter::key_of(record);
        if !out.shows(direction_of(key)) {
            return;
        }
        let Some(bytes) = bytes else { return self.end_stream(key, out) };
        // Applies to frames that end before a gap too.
        self.fed.insert(key, Fed { at: Instant::now(), address });
        self.cut(out, |cutter, emit| match transport {
            Transport::Udp if bytes.is_empty() => {
                // An empty datagram is a frame under any rule.
                let at = record.stream_offset;
                let empty = Frame { start: at, end: at, kind: FrameKind::Frame, payload: at..at, verdict: None };
                emit(&empty, bytes, record);
            }
            Transport::Udp => cutter.datagram(record, bytes, emit),
            Transport::Tcp => cutter.feed(record, 0, bytes, emit),
        });
        self.note_begin(key, Some(record));
        if self.quiet_of(key).is_some() {
            self.unsettled.insert(key);
        } else {
            self.unsettled.remove(&key);
        }
    }

    /// Updates where the incomplete data of a stream starts.
    fn note_begin(&mut self, key: StreamKey, newest: Option<&Record>) {
        let pending =
            self.cutter.get(key).map(|stream| stream.framer().pending()).filter(|pending| !pending.is_empty());
        let Some(start) = pending.map(|pending| pending.start) else {
            self.begun.remove(&key);
            return;
        };
        let known = self.begun.get(&key).is_some_and(|(at, _)| *at == start);
        if let Some(newest) = newest.filter(|_| !known) {
            let record = holding(start, newest, &self.reader);
            self.begun.insert(key, (start, record.number));
        }
    }

    /// The oldest record in which incomplete data starts.
    pub fn oldest_needed(&self) -> Option<u64> {
        let is_unfinished =
            |key: StreamKey| self.cutter.get(key).is_some_and(|stream| !stream.framer().pending().is_empty());
        self.begun.iter().filter(|(key, _)| is_unfinished(**key)).map(|(_, (_, record))| *record).min()
    }

    /// Runs `work` and prints the frames that it cuts.
    fn cut(&mut self, out: &mut FrameOut<'_>, work: impl FnOnce(&mut Cutter, OnFrame<'_>)) {
        let Self { rule, reader, from, left, cutter, fed, counts, filter, .. } = self;
        work(cutter, &mut |frame, bytes, newest| {
            // The frame may belong to another stream, which gives up its data.
            let key = Cutter::key_of(newest);
            let address = fed.get(&key).and_then(|fed| fed.address);
            let span = FrameSpan::of(frame, newest, reader);
            let printing = FramePrint { rule, reader, from: *from, left, counts, filter, out: &mut *out };
            printing.print(frame, bytes, &span, direction_of(key), address);
        });
    }

    /// Ends the streams of a peer that left and prints their incomplete data.
    pub fn end(&mut self, peer: PeerId, out: &mut FrameOut<'_>) {
        for sent in [false, true] {
            self.end_stream((peer, sent), out);
        }
    }

    /// Ends all streams, in the order of their peers.
    pub fn end_all(&mut self, out: &mut FrameOut<'_>) {
        self.cutter.keys().into_iter().for_each(|key| self.end_stream(key, out));
    }

    fn end_stream(&mut self, key: StreamKey, out: &mut FrameOut<'_>) {
        self.cut(out, |cutter, emit| cutter.end_stream(key, emit));
        self.fed.remove(&key);
        self.begun.remove(&key);
        self.unsettled.remove(&key);
    }

    /// When pending data of a stream can be printed if no data arrives until then: a frame that ends with a gap, or junk.
    fn quiet_of(&self, key: StreamKey) -> Option<Instant> {
        let framer = self.cutter.get(key)?.framer();
        let quiet = framer.gap().or_else(|| framer.has_junk().then_some(Duration::ZERO))?;
        self.fed.get(&key)?.at.checked_add(quiet)?.checked_add(QUIET_SLACK)
    }

    /// When [`Frames::settle`] has something to do if no data arrives until then.
    pub fn quiet_at(&self) -> Option<Instant> {
        self.unsettled.iter().filter_map(|key| self.quiet_of(*key)).min()
    }

    /// Prints what is complete because no more data arrived: frames that end with a gap, and junk.
    pub fn settle(&mut self, out: &mut FrameOut<'_>) {
        let now = Instant::now();
        let mut due: Vec<_> = self.unsettled.iter().copied().collect();
        due.retain(|key| self.quiet_of(*key).is_some_and(|at| at <= now));
        for key in due {
            self.unsettled.remove(&key);
            let ends_with_a_gap = self.cutter.get(key).is_some_and(|stream| stream.framer().gap().is_some());
            self.cut(out, |cutter, emit| match ends_with_a_gap {
                true => cutter.finish(key, emit),
                false => cutter.settle(key, emit),
            });
            self.note_begin(key, None);
        }
    }

    /// Whether a record that is not cut (an event, or unreadable payload) passes the filter.
    pub fn lets_record(&mut self, record: &Record) -> bool {
        let Self { filter, reader, .. } = self;
        filter.as_mut().is_none_or(|sieve| sieve.lets_record(reader, record, None, record.is_message()))
    }

    /// Whether the requested count of frames was printed.
    pub fn is_done(&self) -> bool {
        self.left == 0
    }

    /// Prints the counts of frames.
    pub fn print_counts(&mut self, out: &mut FrameOut<'_>) {
        self.counts.given_up_bytes = self.cutter.given_up();
        if out.show.json {
            out.out.line(&Line::Frames(self.counts).to_text());
            return;
        }
        out.out.flush();
        let counts = self.counts;
        for direction in [Direction::Received, Direction::Sent].into_iter().filter(|direction| out.shows(*direction)) {
            let texts = out.lang.texts();
            let found = match direction {
                Direction::Received => {
                    texts.frames_found(counts.frames, counts.bad, counts.junk_bytes, counts.incomplete)
                }
                Direction::Sent => texts.frames_found(
                    counts.sent_frames,
                    counts.sent_bad,
                    counts.sent_junk_bytes,
                    counts.sent_incomplete,
                ),
            };
            let mark = if out.shown.is_none() { format!("{} ", mark(direction)) } else { String::new() };
            say(&format!("{mark}{found}"));
        }
        if counts.given_up_bytes > 0 {
            say(&words::frames_given_up(counts.given_up_bytes, out.lang));
        }
    }
}

fn direction_of((_, sent): StreamKey) -> Direction {
    if sent { Direction::Sent } else { Direction::Received }
}

/// Context for printing one frame.
struct FramePrint<'a, 'b> {
    rule: &'a FramingRule,
    reader: &'a CaptureReader,
    from: u64,
    left: &'a mut u64,
    counts: &'a mut FrameCounts,
    filter: &'a mut Option<Sieve>,
    out: &'a mut FrameOut<'b>,
}

impl FramePrint<'_, '_> {
    fn print(self, frame: &Frame, bytes: &[u8], span: &FrameSpan, direction: Direction, address: Option<SocketAddr>) {
        if span.first.number < self.from || *self.left == 0 {
            return;
        }
        let reader = self.reader;
        if self.filter.as_mut().is_some_and(|sieve| !sieve.lets_frame(reader, &span.first, frame, bytes)) {
            return;
        }
        *self.left -= 1;
        if direction == Direction::Received {
            self.out.conditions.received_frame(self.rule, frame, bytes);
            if frame.kind == FrameKind::Frame
                && let Some(sequences) = self.out.sequences
            {
                let payload = bytes.get(frame.payload_within()).unwrap_or(bytes);
                sequences.take(span.first.peer, address, payload, span.first.mono_ns);
            }
        }
        self.counts.add(frame, direction);
        let Show { form, encoding, json, .. } = self.out.show;
        if form == Form::None {
            return;
        }
        let payload = bytes.get(frame.payload_within()).unwrap_or(bytes);
        let content = match frame.kind {
            FrameKind::Frame => self.rule.content(payload),
            _ => payload.into(),
        };
        let text = (form == Form::Text).then(|| encoding.decode(&content));
        if json {
            let check = self.rule.check.as_ref();
            let of = (span, direction, address, reader.name(&span.first));
            let line = Line::Frame(framed(frame, bytes, &content, text.as_deref(), of, check));
            self.out.out.line(&line.to_text());
            return;
        }
        let note = note(frame, self.rule, self.out.lang).map(|note| format!("  [{note}]")).unwrap_or_default();
        let line = match form {
            Form::Dump => format!("{}{note}\n{}", hex_range(frame), super::dump::dump(bytes).trim_end()),
            Form::Hex => format!("{}{note}", hex::spaced_lower(bytes)),
            Form::Text | Form::None => format!("{}{note}", one_line(text.as_deref().unwrap_or_default())),
        };
        match self.out.shown {
            Some(_) => self.out.out.line(&line),
            None => self.out.out.line(&format!("{} {line}", mark(direction))),
        }
    }
}

fn hex_range(frame: &Frame) -> String {
    format!("# {}..{}", frame.start, frame.end)
}

fn framed<'a>(
    frame: &Frame,
    bytes: &[u8],
    content: &[u8],
    text: Option<&'a str>,
    (span, direction, address, name): (&FrameSpan, Direction, Option<SocketAddr>, Option<Arc<str>>),
    check: Option<&Check>,
) -> Framed<'a> {
    let (computed, found) = match frame.verdict {
        Some(Verdict::Bad { computed, found }) => (Some(computed), found),
        _ => (None, None),
    };
    let digits = check.map_or(0, |check| check.kind.bits().div_ceil(4) as usize);
    let number = |value: u64| format!("{value:0digits$x}");
    let wire = |value: u64| check.map(|check| check.written(value).replace(' ', "").to_ascii_lowercase());
    Framed {
        seq_first: span.first.number,
        seq_last: span.last,
        time: json::time(span.first.unix_ns),
        peer: address.map(display_address),
        direction: json::data_name(direction),
        kind: frame.kind.name(),
        offset: frame.start,
        len: frame.len(),
        hex: hex::lower(bytes),
        payload: hex::lower(content),
        text,
        name: name.map(|name| name.to_string()),
        check: frame.verdict.map(Verdict::name),
        computed: computed.map(number),
        found: found.map(number),
        computed_wire: computed.and_then(wire),
        found_wire: found.and_then(wire),
    }
}

/// The problem of a frame, or that the bytes are between frames.
fn note(frame: &Frame, rule: &FramingRule, lang: Lang) -> Option<String> {
    match (lang.texts().no_frame(frame.kind), frame.verdict) {
        (Some(words), _) => Some(words.to_owned()),
        (None, Some(Verdict::Ok) | None) => None,
        (None, Some(verdict)) => Some(words::check_sentence_with_numbers(rule.check.as_ref()?, verdict, lang)),
    }
}
