//! What `<` waits for: data that matches, connections that open or end, silence.

use super::link::{Arrival, What};
use super::run::Run;
use super::steps::{Done, Halt};
use super::streams::Searching;
use super::world::Sight;
use crate::model::{CloseReason, PeerId, Protocol, SessionState, display_address};
use crate::talk::eval::Fault;
use crate::talk::outcome::{PassedOver, ProblemKind};
use crate::talk::pattern::{Captures, Pattern, Prepared};
use crate::talk::tree::{Await, AwaitKind, Block, Cases, CasesKind, CloseHow, Span, Spanned, Text};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Data that is listed when nothing matches.
const LISTED: usize = 16;

/// Bytes of a stream that are kept behind a search, more than its longest match.
const SEARCHED_KEPT: u64 = 4 << 20;

/// One line of a wait.
pub(super) enum Line {
    Pattern { prepared: Box<Prepared>, from: Option<String> },
    Open { from: Option<String> },
    Close { how: Option<CloseHow>, from: Option<String> },
}

/// A wait for the first of several lines.
pub(super) struct Hunt {
    pub(super) link: usize,
    pub(super) lines: Rc<[(Line, Span)]>,
    /// The searches in the streams of the peers.
    pub(super) searches: BTreeMap<PeerId, Searching>,
    /// Bytes that were there before it were searched.
    has_begun: bool,
    /// The lines with `next` whose first data did not match.
    pub(super) missed: BTreeSet<usize>,
    passed: VecDeque<PassedOver>,
    more: u64,
}

/// What a wait has found.
pub(super) struct Caught {
    pub(super) line: usize,
    pub(super) peer: PeerId,
    pub(super) captures: Captures,
    pub(super) bytes: Option<Arc<[u8]>>,
    pub(super) place: Place,
}

/// Where a match is.
pub(super) enum Place {
    /// A frame, whose first byte was read at this time, or an event.
    Frame(i64),
    /// Offsets in the stream.
    Stream(std::ops::Range<u64>),
}

/// The result of a look at what arrived.
pub(super) type Look = Option<Result<Caught, Halt>>;

impl Run<'_> {
    /// `< …`.
    pub fn await_one(&mut self, what: &Await, within: Option<Duration>) -> Done {
        let index = self.link_index(what.session.as_ref(), what.span)?;
        let within = within.unwrap_or(self.links[index].opening.within);
        if let AwaitKind::Silence(time) = &what.kind {
            let time = self.time(time)?;
            return self.await_silence(index, time, what.span);
        }
        let hunt = Hunt::new(index, vec![self.line(index, what)?]);
        match self.hunt(hunt, within, what.span)? {
            Ok(_) => Ok(()),
            Err(kind) => Err(Self::problem(kind, what.span)),
        }
    }

    /// `one of { … }`: the block of the first line that matches, or of `else`.
    pub fn first_case<'c>(&mut self, cases: &'c Cases, within: Option<Duration>) -> Result<Option<&'c Block>, Halt> {
        let Some(first) = cases.arms.first() else { return Ok(cases.otherwise.as_ref()) };
        let index = self.link_index(first.what.session.as_ref(), first.what.span)?;
        let within = match &cases.kind {
            CasesKind::One { within: Some(within) } => self.time(within)?,
            _ => within.unwrap_or(self.links[index].opening.within),
        };
        let lines: Vec<_> = cases.arms.iter().map(|arm| self.line(index, &arm.what)).collect::<Result<_, _>>()?;
        match self.hunt(Hunt::new(index, lines), within, cases.block)? {
            Ok(line) => Ok(cases.arms.get(line).and_then(|arm| arm.body.as_ref())),
            Err(_) if cases.otherwise.is_some() => Ok(cases.otherwise.as_ref()),
            Err(kind) => Err(Self::problem(kind, cases.block)),
        }
    }

    fn line(&mut self, index: usize, what: &Await) -> Result<(Line, Span), Halt> {
        let line = match &what.kind {
            AwaitKind::Pattern(pattern) => {
                let encoding = self.links[index].opening.encoding;
                let compiled = Pattern::new(pattern, encoding).map_err(Self::fault)?;
                let mut sight = Sight { memory: &self.memory, links: &self.links, encoding };
                let prepared = compiled.prepare(&mut sight, &mut self.files).map_err(Self::fault)?;
                Line::Pattern { prepared: Box::new(prepared), from: self.word(pattern.from.as_ref())? }
            }
            AwaitKind::Open { from: word } => Line::Open { from: self.word(word.as_ref())? },
            AwaitKind::Close { how, from: word } => {
                Line::Close { how: how.map(|Spanned { value, .. }| value), from: self.word(word.as_ref())? }
            }
            AwaitKind::Silence(_) => {
                let word = "silence".to_owned();
                return Err(Self::problem(ProblemKind::NotYet(word), what.span));
            }
        };
        Ok((line, what.span))
    }

    fn word(&self, word: Option<&Text>) -> Result<Option<String>, Halt> {
        word.map(|word| self.text(word)).transpose()
    }

    /// Waits for the first line; returns its number, or why none came.
    fn hunt(&mut self, mut hunt: Hunt, within: Duration, span: Span) -> Result<Result<usize, ProblemKind>, Halt> {
        let caught = self.wait(Some(Instant::now() + within), |run| run.look(&mut hunt, span))?;
        match caught {
            Some(Ok(caught)) => {
                let line = caught.line;
                self.take(hunt.link, caught).map_err(Self::fault)?;
                Ok(Ok(line))
            }
            Some(Err(Halt::Problem(problem))) => Ok(Err(problem.kind)),
            Some(Err(halt)) => Err(halt),
            None if let Some(caught) = self.held(&hunt) => {
                let line = caught.line;
                self.take(hunt.link, caught).map_err(Self::fault)?;
                Ok(Ok(line))
            }
            None => {
                let kind = self.nothing(&mut hunt, within);
                self.pass_streams(&hunt);
                Ok(Err(kind))
            }
        }
    }

    /// Takes a match: names, place, answer time.
    fn take(&mut self, index: usize, caught: Caught) -> Result<(), Fault> {
        let Caught { peer, captures, bytes, place, .. } = caught;
        for (name, value) in captures {
            self.remember(&name, value);
        }
        let link = &mut self.links[index];
        link.last_peer = Some(peer);
        if let Some(known) = link.peers.get_mut(&peer) {
            known.may_move = true;
            let first_mono_ns = match place {
                Place::Frame(mono_ns) => mono_ns,
                Place::Stream(range) => {
                    let read_at = known.stream_read_at(range.start).unwrap_or_default();
                    known.drop_stream(range.end);
                    read_at
                }
            };
            let took = known.sent_mono_ns.map(|sent| first_mono_ns.saturating_sub(sent).max(0).unsigned_abs());
            if bytes.is_some() {
                self.memory.answer_time = took.map(Duration::from_nanos);
            }
        }
        link.forget();
        if bytes.is_some() {
            self.memory.frame = bytes;
        }
        self.memory.peer = self.shown_peer(index, peer);
        Ok(())
    }

    /// Looks at everything that arrived and was not looked at.
    fn look(&mut self, hunt: &mut Hunt, span: Span) -> Look {
        let index = hunt.link;
        if self.links[index].is_stream() && !std::mem::replace(&mut hunt.has_begun, true) {
            let peers: Vec<PeerId> = self.links[index].peers.keys().copied().collect();
            let found = peers.into_iter().find_map(|peer| self.search(hunt, peer, false));
            if found.is_some() {
                return found;
            }
        }
        let mut at = 0;
        while let Some(arrival) = self.links[index].arrivals.get(at).cloned() {
            let place = self.links[index].peers.get(&arrival.peer).map_or(u64::MAX, |peer| peer.place);
            if arrival.number < place || !hunt.takes_from(self, &arrival) {
                at += 1;
                continue;
            }
            if let Some(peer) = self.links[index].peers.get_mut(&arrival.peer) {
                peer.place = arrival.number + 1;
            }
            let found = match &arrival.what {
                What::Bytes { .. } => self.search(hunt, arrival.peer, false),
                What::Closed(_) if self.links[index].is_stream() => {
                    self.search(hunt, arrival.peer, true).or_else(|| self.look_at(hunt, &arrival))
                }
                _ => self.look_at(hunt, &arrival),
            };
            if found.is_some() {
                return found;
            }
            if let Some(peer) = self.links[index].peers.get_mut(&arrival.peer) {
                // A search remembers what it needs; these bytes are for `frame` and the report.
                peer.drop_stream((peer.stream.0 + peer.stream.1.len() as u64).saturating_sub(SEARCHED_KEPT));
            }
            self.links[index].forget();
            at = 0;
        }
        self.ended(hunt, span)
    }

    /// The end of a wait whose lines all had to match what came first.
    pub(super) fn not_next(&self, hunt: &mut Hunt) -> Look {
        if hunt.missed.len() < hunt.lines.len() {
            return None;
        }
        let span = hunt.lines.first()?.1;
        let kind = match self.nothing(hunt, Duration::ZERO) {
            ProblemKind::NoMatch { passed, .. } => ProblemKind::NotNext { passed },
            kind => kind,
        };
        Some(Err(Self::problem(kind, span)))
    }

    /// One frame, opening or end.
    fn look_at(&mut self, hunt: &mut Hunt, arrival: &Arrival) -> Look {
        let encoding = self.links[hunt.link].opening.encoding;
        let mut why = None;
        for (number, (line, span)) in hunt.lines.clone().iter().enumerate() {
            let caught = |captures, bytes| {
                let place = Place::Frame(arrival.mono_ns);
                Some(Ok(Caught { line: number, peer: arrival.peer, captures, bytes, place }))
            };
            match (line, &arrival.what) {
                (Line::Pattern { prepared, from }, What::Frame(frame))
                    if !hunt.missed.contains(&number) && self.is_from(hunt.link, arrival, from.as_deref()) =>
                {
                    let is_raw = prepared.pattern().is_raw;
                    let bytes = if is_raw { &frame.wire } else { &frame.content };
                    let mut sight = Sight { memory: &self.memory, links: &self.links, encoding };
                    let fits = if is_raw || frame.is_right { prepared.fits(bytes, &mut sight) } else { Ok(None) };
                    match fits {
                        Ok(Some(captures)) => return caught(captures, Some(bytes.clone())),
                        Ok(None) => {
                            if why.is_none() {
                                why = prepared.why(bytes, &mut sight);
                            }
                            if prepared.pattern().is_next {
                                hunt.missed.insert(number);
                            }
                        }
                        Err(fault) => return Some(Err(Self::fault(fault))),
                    }
                }
                (Line::Open { from }, What::Opened) if self.is_from(hunt.link, arrival, from.as_deref()) => {
                    return caught(Vec::new(), None);
                }
                (Line::Close { how, from }, What::Closed(reason))
                    if self.is_from(hunt.link, arrival, from.as_deref()) =>
                {
                    return match how.filter(|how| !is_close(*how, *reason)) {
                        None => caught(Vec::new(), None),
                        Some(how) => {
                            let kind = ProblemKind::ClosedOtherwise { expected: close_word(how), reason: *reason };
                            Some(Err(Self::problem(kind, *span)))
                        }
                    };
                }
                _ => {}
            }
        }
        if let What::Frame(frame) = &arrival.what {
            let is_content = why.is_some() && hunt.lines.iter().all(|(line, _)| !line.is_raw());
            hunt.pass_over(arrival, if is_content { &frame.content } else { &frame.wire }, why);
        }
        self.not_next(hunt)
    }

    /// Whether an arrival comes from the peer that a line names.
    fn is_from(&self, index: usize, arrival: &Arrival, from: Option<&str>) -> bool {
        self.is_peer(index, arrival.peer, from)
    }

    pub(super) fn is_peer(&self, index: usize, key: PeerId, from: Option<&str>) -> bool {
        let Some(from) = from else { return true };
        let Some(peer) = self.links[index].peers.get(&key) else { return false };
        let number = from.trim_start_matches('#').parse::<u32>().ok();
        number == Some(peer.id.0) || peer.address.is_some_and(|address| display_address(address) == from)
    }

    /// No data can come any more: the client's connection ended, and it does not connect again.
    fn ended(&self, hunt: &mut Hunt, span: Span) -> Look {
        let link = &self.links[hunt.link];
        let SessionState::Closed(reason) = link.state else { return None };
        let waits_for_data = hunt.lines.iter().all(|(line, _)| matches!(line, Line::Pattern { .. }));
        let is_client = link.opening.config.protocol() == Protocol::TcpClient;
        if !is_client || !waits_for_data || link.peers.values().any(|peer| peer.is_open) {
            return None;
        }
        let ProblemKind::NoMatch { passed, .. } = self.nothing(hunt, Duration::ZERO) else { return None };
        Some(Err(Self::problem(ProblemKind::Ended { reason, passed }, span)))
    }

    /// Why nothing was found.
    fn nothing(&self, hunt: &mut Hunt, within: Duration) -> ProblemKind {
        let link = &self.links[hunt.link];
        let all = |is: fn(&Line) -> bool| hunt.lines.iter().all(|(line, _)| is(line));
        if all(|line| matches!(line, Line::Open { .. })) {
            return ProblemKind::NoConnection { session: link.shown_name(), within };
        }
        if all(|line| matches!(line, Line::Close { .. })) {
            return ProblemKind::NotClosed { within };
        }
        let mut passed: Vec<PassedOver> = hunt.passed.drain(..).collect();
        let streams = link.peers.iter().filter(|(_, peer)| !peer.stream.1.is_empty());
        passed.extend(streams.take(LISTED).map(|(key, peer)| {
            let bytes = &peer.stream.1;
            let shown = bytes[..bytes.len().min(PassedOver::KEPT)].into();
            PassedOver { peer: key.0, record: 0, bytes: shown, len: bytes.len(), why: None }
        }));
        ProblemKind::NoMatch { within, passed, more: hunt.more + link.overflowed }
    }

    /// The bytes that a wait has searched are passed over.
    fn pass_streams(&mut self, hunt: &Hunt) {
        for (key, searching) in &hunt.searches {
            if let Some(peer) = self.links[hunt.link].peers.get_mut(key) {
                peer.drop_stream(searching.fed);
            }
        }
    }

    fn await_silence(&mut self, index: usize, time: Duration, span: Span) -> Done {
        let until = Instant::now() + time;
        let noise = self.wait(Some(until), |run| {
            let link = &run.links[index];
            let frame = link.arrivals.iter().find_map(|arrival| match &arrival.what {
                What::Frame(frame)
                    if link.peers.get(&arrival.peer).is_some_and(|peer| arrival.number >= peer.place) =>
                {
                    Some(passed_over(arrival, &frame.wire, None))
                }
                _ => None,
            });
            // What is not complete may still be for a rule.
            let may_wait = link.verdict_signals().is_some() && Instant::now() < until;
            frame.or_else(|| if may_wait { None } else { link.unfinished() })
        })?;
        noise.map_or(Ok(()), |noise| Err(Self::problem(ProblemKind::NotSilent(noise), span)))
    }
}

impl Line {
    /// Its pattern, if it is about data.
    pub(super) fn prepared(&self) -> Option<&Prepared> {
        match self {
            Self::Pattern { prepared, .. } => Some(prepared),
            Self::Open { .. } | Self::Close { .. } => None,
        }
    }

    fn is_raw(&self) -> bool {
        matches!(self, Self::Pattern { prepared, .. } if prepared.pattern().is_raw)
    }
}

impl Hunt {
    fn new(link: usize, lines: Vec<(Line, Span)>) -> Self {
        Self {
            link,
            lines: lines.into(),
            searches: BTreeMap::new(),
            has_begun: false,
            missed: BTreeSet::new(),
            passed: VecDeque::new(),
            more: 0,
        }
    }

    /// Whether any line is about the peer of this arrival. Others stay where they are.
    fn takes_from(&self, run: &Run<'_>, arrival: &Arrival) -> bool {
        self.lines.iter().any(|(line, _)| {
            let from = match line {
                Line::Pattern { from, .. } | Line::Open { from } | Line::Close { from, .. } => from,
            };
            run.is_from(self.link, arrival, from.as_deref())
        })
    }

    fn pass_over(&mut self, arrival: &Arrival, bytes: &[u8], why: Option<crate::talk::pattern::Mismatch>) {
        if self.passed.len() == LISTED {
            self.passed.pop_front();
            self.more += 1;
        }
        self.passed.push_back(passed_over(arrival, bytes, why));
    }
}

pub(super) fn passed_over(arrival: &Arrival, bytes: &[u8], why: Option<crate::talk::pattern::Mismatch>) -> PassedOver {
    PassedOver {
        peer: arrival.peer.0,
        record: arrival.record,
        bytes: bytes[..bytes.len().min(PassedOver::KEPT)].into(),
        len: bytes.len(),
        why,
    }
}

fn is_close(how: CloseHow, reason: CloseReason) -> bool {
    match how {
        CloseHow::Fin => reason == CloseReason::PeerFin,
        CloseHow::Rst => reason == CloseReason::Reset,
        CloseHow::Timeout => reason == CloseReason::Timeout,
        CloseHow::Tls => reason == CloseReason::Tls,
    }
}

fn close_word(how: CloseHow) -> &'static str {
    match how {
        CloseHow::Fin => "FIN",
        CloseHow::Rst => "RST",
        CloseHow::Timeout => "timeout",
        CloseHow::Tls => "tls",
    }
}
