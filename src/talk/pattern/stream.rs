//! Searches a TCP stream that is not cut into frames.
//!
//! The search begins at the place of the wait. The match that begins first is taken, once no later byte can change it. An open end
//! (`*`, text or bytes without a size) ends only where the peer closes.

use super::compile::Items;
use super::matcher::{Failed, Outcome, Run};
use super::regexes::Regex;
use super::settled::{Known, Walk};
use super::{Body, Captures, Prepared};
use crate::codec::{Piece, StreamDecoder};
use crate::talk::eval::{Fault, World};
use std::ops::Range;

/// Longest match, in bytes (of decoded text for a regular expression). A longer one is passed over.
pub const LONGEST_MATCH: usize = 1 << 20;
/// What a regular expression keeps of the bytes before, when a match would become too long.
const KEPT: usize = 64 << 10;

/// A match in a stream.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Its bytes, counted from the begin of the search.
    pub range: Range<u64>,
    /// What it captures.
    pub captures: Captures,
}

/// The state of a search.
#[derive(Clone, Debug, PartialEq)]
pub enum Progress {
    /// Later bytes decide.
    Wait,
    /// A match.
    Found(Found),
    /// There is none: the pattern had to fit at the place, or the stream has ended.
    Never,
}

/// A search over a stream.
#[derive(Debug)]
pub struct Search {
    prepared: Prepared,
    /// The bytes from `base` on.
    window: Vec<u8>,
    /// Where the window begins, counted from the begin of the search.
    base: u64,
    kind: Kind,
    is_closed: bool,
}

#[derive(Debug)]
enum Kind {
    Items {
        /// The first position of the window that may begin a match.
        start: usize,
        failed: Failed,
    },
    Regex(Box<Text>),
}

/// What the search for a regular expression knows.
#[derive(Debug)]
struct Text {
    walk: Walk,
    /// `None`: the expression searches bytes.
    decoder: Option<StreamDecoder>,
    /// Of each decoded character: its length in the window, and in the stream.
    lengths: Vec<(u8, u8)>,
}

impl Prepared {
    /// Begins a search.
    ///
    /// # Errors
    /// The regular expression cannot be searched for in a stream.
    pub fn search(&self) -> Result<Search, Fault> {
        let kind = match &*self.pattern.body {
            Body::Items(_) => Kind::Items { start: 0, failed: Failed::default() },
            Body::Regex(regex) => Kind::Regex(Box::new(Text {
                walk: regex.automaton()?.begin(self.pattern.is_next),
                decoder: regex.is_over_text().then(|| StreamDecoder::new(self.pattern.encoding)),
                lengths: Vec::new(),
            })),
        };
        Ok(Search { prepared: self.clone(), window: Vec::new(), base: 0, kind, is_closed: false })
    }
}

impl Search {
    /// The pattern.
    #[must_use]
    pub fn prepared(&self) -> &Prepared {
        &self.prepared
    }

    /// Where a match may begin at the earliest that is not found yet, counted from the begin of the search.
    #[must_use]
    pub fn undecided(&self) -> u64 {
        match &self.kind {
            Kind::Items { start, .. } => self.base + (*start).min(self.window.len()) as u64,
            Kind::Regex(text) => self.base + self.raw_len(text.walk.quiet()),
        }
    }

    /// Takes the next bytes of the stream.
    ///
    /// # Errors
    /// The condition has no value, or matching takes too much work.
    pub fn feed(&mut self, bytes: &[u8], world: &mut dyn World) -> Result<Progress, Fault> {
        let body = self.prepared.pattern.body.clone();
        match &*body {
            Body::Items(items) => self.feed_items(items, bytes, world),
            Body::Regex(regex) => self.feed_regex(regex, bytes, world),
        }
    }

    /// The peer has closed: no byte follows.
    ///
    /// # Errors
    /// See [`Search::feed`].
    pub fn close(&mut self, world: &mut dyn World) -> Result<Progress, Fault> {
        self.is_closed = true;
        let body = self.prepared.pattern.body.clone();
        let progress = match &*body {
            Body::Items(items) => self.try_items(items, world)?,
            Body::Regex(regex) => self.close_regex(regex, world)?,
        };
        Ok(if progress == Progress::Wait { Progress::Never } else { progress })
    }

    fn feed_items(&mut self, items: &Items, bytes: &[u8], world: &mut dyn World) -> Result<Progress, Fault> {
        let mut rest = bytes;
        loop {
            let Kind::Items { start, .. } = &self.kind else { return Ok(Progress::Never) };
            // A match that gets too long is given up at the same byte however the stream was read.
            let room = LONGEST_MATCH - (self.window.len() - start);
            let (part, after) = rest.split_at(rest.len().min(room));
            self.window.extend_from_slice(part);
            rest = after;
            let progress = self.try_items(items, world)?;
            if progress != Progress::Wait || rest.is_empty() {
                return Ok(progress);
            }
        }
    }

    /// Tries every start until one is undecided.
    fn try_items(&mut self, items: &Items, world: &mut dyn World) -> Result<Progress, Fault> {
        let Self { prepared, window, base, kind, is_closed } = self;
        let Kind::Items { start, failed } = kind else { return Ok(Progress::Never) };
        let (encoding, is_next) = (prepared.pattern.encoding, prepared.pattern.is_next);
        let mut run = Run::over_stream(items, &prepared.inserted, window, encoding, *is_closed, LONGEST_MATCH);
        while *start <= window.len() {
            if !is_next {
                let candidate = run.next_start(*start);
                if candidate > *start {
                    *start = candidate;
                }
            }
            match run.matches(*start, failed, world)? {
                Outcome::Match(end) => {
                    let captures = run.captures();
                    if prepared.meets_condition(&captures, world)? {
                        let range = *base + *start as u64..*base + end as u64;
                        return Ok(Progress::Found(Found { range, captures }));
                    }
                }
                Outcome::More if window.len() - *start < LONGEST_MATCH => {
                    Self::shorten(window, base, start, failed);
                    return Ok(Progress::Wait);
                }
                Outcome::More | Outcome::Fail => {}
            }
            if is_next {
                return Ok(Progress::Never);
            }
            *start += 1;
            run.refresh();
            if items.has_checks {
                failed.clear();
            }
        }
        Self::shorten(window, base, start, failed);
        Ok(Progress::Wait)
    }

    /// Removes bytes that no match can begin with.
    fn shorten(window: &mut Vec<u8>, base: &mut u64, start: &mut usize, failed: &mut Failed) {
        let passed = (*start).min(window.len());
        if passed >= KEPT && passed >= window.len() / 2 {
            window.drain(..passed);
            *base += passed as u64;
            *start -= passed;
            failed.clear();
        }
    }

    fn feed_regex(&mut self, regex: &Regex, bytes: &[u8], world: &mut dyn World) -> Result<Progress, Fault> {
        let mut rest = bytes;
        while !rest.is_empty() {
            // One byte at a time near the limit, so that it is reached at the same byte however the stream was read.
            let room = LONGEST_MATCH.saturating_sub(self.window.len()) / 8;
            let (part, after) = rest.split_at(rest.len().min(room.max(1)));
            rest = after;
            self.push_text(regex, part)?;
            loop {
                match self.known(regex)? {
                    Known::Settled(Some(_)) => {
                        if let Some(found) = self.take_regex(regex, world)? {
                            return Ok(Progress::Found(found));
                        }
                    }
                    Known::Settled(None) => return Ok(Progress::Never),
                    Known::Open => break,
                }
            }
            if self.window.len() >= LONGEST_MATCH {
                if self.prepared.pattern.is_next {
                    return Ok(Progress::Never);
                }
                let cut = self.window.len() - KEPT;
                self.cut_text(regex, cut)?;
            }
        }
        Ok(Progress::Wait)
    }

    fn close_regex(&mut self, regex: &Regex, world: &mut dyn World) -> Result<Progress, Fault> {
        let Kind::Regex(text) = &mut self.kind else { return Ok(Progress::Never) };
        let mut more = Vec::new();
        if let Some(decoder) = &mut text.decoder {
            decoder.finish(&mut |piece| push_piece(piece, &mut more, &mut text.lengths));
        }
        self.window.extend_from_slice(&more);
        text.walk.feed(regex.automaton()?, &more);
        loop {
            let Kind::Regex(text) = &mut self.kind else { return Ok(Progress::Never) };
            if text.walk.at_end(regex.automaton()?).is_none() {
                return Ok(Progress::Never);
            }
            if let Some(found) = self.take_regex(regex, world)? {
                return Ok(Progress::Found(found));
            }
        }
    }

    /// Decodes bytes and walks over them.
    fn push_text(&mut self, regex: &Regex, bytes: &[u8]) -> Result<(), Fault> {
        let Kind::Regex(text) = &mut self.kind else { return Ok(()) };
        let from = self.window.len();
        match &mut text.decoder {
            None => self.window.extend_from_slice(bytes),
            Some(decoder) => {
                decoder.feed(bytes, &mut |piece| push_piece(piece, &mut self.window, &mut text.lengths));
            }
        }
        text.walk.feed(regex.automaton()?, &self.window[from..]);
        Ok(())
    }

    fn known(&mut self, regex: &Regex) -> Result<Known, Fault> {
        let Kind::Regex(text) = &mut self.kind else { return Ok(Known::Open) };
        Ok(text.walk.known(regex.automaton()?, &self.window))
    }

    /// The match, if its condition is true. Otherwise the search goes on behind it.
    fn take_regex(&mut self, regex: &Regex, world: &mut dyn World) -> Result<Option<Found>, Fault> {
        let Some((range, captures)) = regex.captures(&self.window) else {
            let all = self.window.len();
            self.cut_text(regex, all)?;
            return Ok(None);
        };
        if self.prepared.meets_condition(&captures, world)? {
            let range = self.base + self.raw_len(range.start)..self.base + self.raw_len(range.end);
            return Ok(Some(Found { range, captures }));
        }
        self.cut_text(regex, range.end.max(range.start + 1))?;
        Ok(None)
    }

    /// The length in the stream of the first bytes of the window.
    fn raw_len(&self, len: usize) -> u64 {
        let Kind::Regex(text) = &self.kind else { return len as u64 };
        if text.decoder.is_none() {
            return len as u64;
        }
        let (mut decoded, mut raw) = (0, 0);
        for (in_window, in_stream) in &text.lengths {
            if decoded >= len {
                break;
            }
            decoded += usize::from(*in_window);
            raw += u64::from(*in_stream);
        }
        raw
    }

    /// Removes the first `len` bytes of the window, rounded up to a whole character, and walks over the rest again.
    fn cut_text(&mut self, regex: &Regex, len: usize) -> Result<(), Fault> {
        let raw = self.raw_len(len);
        let Kind::Regex(text) = &mut self.kind else { return Ok(()) };
        let mut cut = len.min(self.window.len());
        if text.decoder.is_some() {
            let (mut decoded, mut count) = (0, 0);
            while decoded < cut && count < text.lengths.len() {
                decoded += usize::from(text.lengths[count].0);
                count += 1;
            }
            cut = decoded;
            text.lengths.drain(..count);
        }
        self.window.drain(..cut);
        self.base += raw;
        text.walk.restart();
        text.walk.feed(regex.automaton()?, &self.window);
        Ok(())
    }
}

/// Appends a decoded character, or an invalid byte as `\xNN`.
fn push_piece(piece: Piece, window: &mut Vec<u8>, lengths: &mut Vec<(u8, u8)>) {
    match piece {
        Piece::Char(character, len) => {
            let mut utf8 = [0; 4];
            let utf8 = character.encode_utf8(&mut utf8);
            window.extend_from_slice(utf8.as_bytes());
            lengths.push((utf8.len() as u8, len));
        }
        Piece::Invalid(byte) => {
            window.extend(format!("\\x{byte:02X}").bytes());
            lengths.push((4, 1));
        }
    }
}
