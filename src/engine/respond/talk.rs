//! The rules of a talk file: their state for each peer, and what they want done.

use super::answer::{Answer, Asker};
use super::exchange::Exchange;
use super::rules::TalkRules;
use super::verdicts::{FrameNumber, FrameNumbers, RuleVerdict, RuleVerdicts};
use crate::codec::framing::Builder;
use crate::codec::{Frame, FrameKind, Verdict};
use crate::engine::context::Context;
use crate::engine::context::timers::{SocketTimer, Timer};
use crate::engine::platform::Source;
use crate::model::{CloseReason, ErrorKind, NetError, Operation, PeerId, display_address};
use crate::talk::content::NoFiles;
use crate::talk::rules::{Act, Change, Connection, Kept, Output, Outside, Received, RuleSet, Shared, Turn};
use crate::talk::tree::Span;
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Faults and failures of one rule that are reported, for each session. A rule that fails with every frame must not flood the
/// capture.
const MOST_REPORTS: u32 = 20;

/// The rules of a session.
pub(super) struct Talk {
    set: Arc<RuleSet>,
    /// The number of each rule, which stays the same while the rules change.
    numbers: Vec<u32>,
    shared: Shared,
    kept: Kept,
    /// The hits of `shared` that the session's memory has already.
    counted: Vec<u64>,
    builder: Builder,
    peers: HashMap<PeerId, Peer>,
    system: RuleSurroundings,
    began: Instant,
    out: Vec<Output>,
    /// What the answers of each rule are called, as far as they have been used; the register table comes last.
    names: Vec<Option<Arc<str>>>,
    /// Number of reports of each rule.
    reports: Vec<u32>,
    notices: Vec<(PeerId, NetError)>,
    wakes: Vec<(PeerId, Duration)>,
    stops: bool,
    verdicts: Option<RuleVerdicts>,
    /// Hits of rules that were replaced since the last report, by their numbers.
    pending: HashMap<u32, u64>,
}

struct Peer {
    connection: Connection,
    address: String,
    source: Option<Source>,
    /// The deadline of its timer.
    armed: Option<Duration>,
    numbers: FrameNumbers,
    exchange: Exchange,
}

/// What rules need from outside: the clock of this computer, its random numbers and environment.
#[derive(Debug, Default)]
pub struct RuleSurroundings {
    port: Option<u16>,
}

impl Outside for RuleSurroundings {
    fn now(&mut self) -> jiff::Zoned {
        jiff::Zoned::now()
    }

    fn random(&mut self) -> u64 {
        crate::model::random_bits()
    }

    fn environment(&mut self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }

    fn port(&mut self) -> Option<u16> {
        self.port
    }
}

impl Talk {
    pub(super) fn new(TalkRules(set, verdicts): TalkRules, numbers: Vec<u32>) -> Self {
        Self {
            shared: set.shared(),
            kept: Kept::default(),
            counted: Vec::new(),
            numbers,
            builder: Builder::new(set.framing()),
            peers: HashMap::new(),
            system: RuleSurroundings::default(),
            began: Instant::now(),
            out: Vec::new(),
            reports: Vec::new(),
            names: Vec::new(),
            notices: Vec::new(),
            wakes: Vec::new(),
            stops: false,
            verdicts,
            pending: HashMap::new(),
            set,
        }
    }

    /// Goes on with other rules. The state of those that stay is kept.
    pub(super) fn replace(
        &mut self,
        TalkRules(set, verdicts): TalkRules,
        numbers: Vec<u32>,
        answers: &mut Vec<Answer>,
    ) {
        self.kept.leave(&self.set, &self.numbers, &self.shared);
        for (number, hits) in self.uncounted() {
            *self.pending.entry(number).or_default() += hits;
        }
        self.shared = self.kept.enter(&set, &numbers);
        self.counted.clone_from(&self.shared.hits);
        let number = |rule: usize| self.numbers.get(rule).copied().unwrap_or_default();
        let reports: HashMap<u32, u32> = self.reports.iter().enumerate().map(|(rule, n)| (number(rule), *n)).collect();
        self.reports = numbers.iter().map(|number| reports.get(number).copied().unwrap_or(0)).collect();
        self.builder = Builder::new(set.framing());
        self.names.clear();
        let old = std::mem::replace(&mut self.set, set);
        let change = Change::new(old, std::mem::replace(&mut self.numbers, numbers.clone()), numbers);
        self.verdicts = verdicts;
        let now = self.began.elapsed();
        let mut peers: Vec<PeerId> = self.peers.keys().copied().collect();
        peers.sort_unstable();
        for id in peers {
            self.with(id, now, |connection, turn| connection.follow(&change, turn));
            self.finish(id, now, answers);
        }
    }

    /// The hits since the last call, by the numbers of the rules.
    fn uncounted(&mut self) -> Vec<(u32, u64)> {
        self.counted.resize(self.shared.hits.len(), 0);
        let mut new = Vec::new();
        for ((counted, hits), number) in self.counted.iter_mut().zip(&self.shared.hits).zip(&self.numbers) {
            let more = hits - std::mem::replace(counted, *hits);
            if more > 0 {
                new.push((*number, more));
            }
        }
        new
    }

    /// A peer is there: its `open` rules run.
    pub(super) fn opened(
        &mut self,
        id: PeerId,
        address: SocketAddr,
        local_port: Option<u16>,
        answers: &mut Vec<Answer>,
    ) {
        self.system.port = local_port;
        let (port, address) = (address.port(), display_address(address));
        let now = self.began.elapsed();
        let Self { set, shared, builder, system, out, .. } = self;
        let mut turn = Turn { set, shared, builder, outside: system, files: &mut NoFiles, now, out };
        let connection = Connection::open(&address, &mut turn);
        let exchange = Exchange::open(local_port.unwrap_or_default(), port, now);
        let numbers = FrameNumbers::default();
        self.peers.insert(id, Peer { connection, address, source: None, armed: None, numbers, exchange });
        self.finish(id, now, answers);
    }

    pub(super) fn knows(&self, id: PeerId) -> bool {
        self.peers.contains_key(&id)
    }

    /// UDP: the local address that the peer wrote to.
    pub(super) fn set_source(&mut self, id: PeerId, source: Option<Source>) {
        if let Some(peer) = self.peers.get_mut(&id) {
            peer.source = source;
        }
    }

    /// The peer left: its `close` rules run.
    pub(super) fn closed(&mut self, id: PeerId) {
        let now = self.began.elapsed();
        self.with(id, now, |connection, turn| connection.close(turn));
        self.decided(id, None, false);
        let mut nowhere = Vec::new();
        self.deliver(id, &mut nowhere);
        self.peers.remove(&id);
    }

    /// The next bytes of a stream were stored as `record`. Returns where they begin.
    pub(super) fn fed(&mut self, id: PeerId, record: Option<u64>, len: usize) -> u64 {
        let Some(peer) = self.peers.get_mut(&id) else { return 0 };
        let begin = peer.numbers.end();
        peer.numbers.fed(record.unwrap_or_default(), begin, len as u64);
        begin
    }

    /// Bytes between two cuts of the framing rule. `datagram`: the record of the datagram that they are in.
    pub(super) fn frame(
        &mut self,
        id: PeerId,
        datagram: Option<u64>,
        frame: &Frame,
        bytes: &[u8],
        answers: &mut Vec<Answer>,
    ) {
        if frame.kind != FrameKind::Frame {
            return;
        }
        let is_good = frame.verdict.is_none_or(Verdict::is_ok);
        let set = self.set.clone();
        let content = is_good.then(|| set.framing().bare_content(bytes, frame.payload_within()));
        let Some(peer) = self.peers.get_mut(&id) else { return };
        let number = match datagram {
            Some(record) => peer.numbers.of_record(record),
            None => peer.numbers.of_stream(frame.end),
        };
        let (record, index) = (Some(number.record), number.index);
        let received = Received { content: content.as_deref(), whole: bytes, record, index };
        let now = self.began.elapsed();
        self.with(id, now, |connection, turn| connection.received(&received, turn));
        self.watch(id, 1, now);
        self.finish(id, now, answers);
    }

    /// The timer of a peer.
    pub(super) fn due(&mut self, id: PeerId, answers: &mut Vec<Answer>) {
        let now = self.began.elapsed();
        if let Some(peer) = self.peers.get_mut(&id) {
            peer.armed = None;
        }
        self.with(id, now, |connection, turn| {
            connection.advance(turn);
        });
        self.watch(id, 0, now);
        self.finish(id, now, answers);
    }

    /// Whether the peer may be read: few frames wait behind a `wait`.
    pub(super) fn takes_more(&self, id: PeerId) -> bool {
        self.peers.get(&id).is_none_or(|peer| peer.connection.takes_more())
    }

    /// Sets timers, counts hits, reports what rules noted, and ends the session if a rule wants it.
    pub(super) fn follow(&mut self, context: &mut Context) {
        for (number, hits) in self.pending.drain().collect::<Vec<_>>().into_iter().chain(self.uncounted()) {
            context.rules.count(number, hits);
        }
        for (id, wait) in self.wakes.drain(..) {
            context.timer_in(wait, Timer::Socket(SocketTimer::Rule(id)));
        }
        for (id, notice) in self.notices.drain(..) {
            context.warn(id, notice);
        }
        if std::mem::take(&mut self.stops) && context.ended.is_none() {
            context.ended = Some(CloseReason::Local);
        }
    }

    fn with(&mut self, id: PeerId, now: Duration, work: impl FnOnce(&mut Connection, &mut Turn<'_>)) {
        let Self { set, shared, builder, system, out, peers, .. } = self;
        let Some(peer) = peers.get_mut(&id) else { return };
        let mut turn = Turn { set, shared, builder, outside: system, files: &mut NoFiles, now, out };
        work(&mut peer.connection, &mut turn);
    }

    /// Stops the rules of a connection whose other end is another session, and whose rules answer these without end.
    fn watch(&mut self, id: PeerId, frames: u64, now: Duration) {
        let sent = |output: &&Output| output.record.is_some() && matches!(output.what, Act::Send { to_all: false, .. });
        let (count, rule) = (self.out.iter().filter(sent).count(), self.out.iter().rfind(sent).map(|sent| sent.rule));
        let Some(peer) = self.peers.get_mut(&id) else { return };
        if peer.exchange.answered(frames, count as u64, now)
            && let Some(rule) = rule
        {
            let Self { set, shared, builder, system, out, peers, .. } = self;
            let Some(peer) = peers.get_mut(&id) else { return };
            let mut turn = Turn { set, shared, builder, outside: system, files: &mut NoFiles, now, out };
            peer.connection.stop_loop(rule, &mut turn);
        }
    }

    /// Delivers the output, and arms the timer of the peer if something is due sooner than it.
    fn finish(&mut self, id: PeerId, now: Duration, answers: &mut Vec<Answer>) {
        self.deliver(id, answers);
        let Some(peer) = self.peers.get_mut(&id) else { return };
        if let Some(due) = peer.connection.next_deadline(now)
            && peer.armed.is_none_or(|armed| due < armed)
        {
            peer.armed = Some(due);
            self.wakes.push((id, due.saturating_sub(now)));
        }
    }

    fn deliver(&mut self, id: PeerId, answers: &mut Vec<Answer>) {
        let mut out = std::mem::take(&mut self.out);
        for Output { rule, record, what, written } in out.drain(..) {
            match what {
                Act::Decided { index, is_taken } => {
                    self.decided(id, Some(FrameNumber { record: record.unwrap_or_default(), index }), is_taken);
                }
                Act::Send { bytes, to_all: false } => {
                    answers.push(Answer::fixed(bytes, self.asker(id), self.name_of(rule)));
                }
                Act::Send { bytes, to_all: true } => {
                    let mut all: Vec<PeerId> = self.peers.keys().copied().collect();
                    all.sort_unstable();
                    let name = self.name_of(rule);
                    let answer = |id| Answer::fixed(bytes.clone(), self.asker(id), name.clone());
                    answers.extend(all.into_iter().map(answer));
                }
                Act::End(how) => answers.push(Answer::end(how, self.asker(id))),
                Act::Stop => self.stops = true,
                Act::Note(text) => self.notice(id, rule, ErrorKind::RuleNote, text),
                Act::Failed { text, span } => {
                    let text = if text.is_empty() { self.written(rule, span, written) } else { text };
                    self.notice(id, rule, ErrorKind::RuleFailed, text);
                }
                Act::Fault(fault) => {
                    let text = self.written(rule, fault.span, written);
                    self.notice(id, rule, ErrorKind::RuleFault, text);
                }
                Act::LoopStopped => {
                    let label = self.set.label(rule).to_owned();
                    self.notice(id, rule, ErrorKind::RuleLoop, label);
                    self.decided(id, None, false);
                }
            }
        }
        // Its memory is used again.
        self.out = out;
    }

    fn decided(&self, peer: PeerId, frame: Option<FrameNumber>, is_taken: bool) {
        if let Some(verdicts) = &self.verdicts {
            verdicts.add(RuleVerdict { peer, frame, is_taken });
        }
    }

    fn name_of(&mut self, rule: usize) -> Option<Arc<str>> {
        let place = rule.min(self.set.len());
        if self.names.len() <= place {
            self.names.resize(place + 1, None);
        }
        Some(self.names[place].get_or_insert_with(|| self.set.answers_as(rule)).clone())
    }

    fn asker(&self, peer: PeerId) -> Asker {
        Asker { peer, source: self.peers.get(&peer).and_then(|peer| peer.source) }
    }

    /// What the file has at a place, with its line.
    fn written(&self, rule: usize, span: Span, began_in: Option<(usize, String)>) -> String {
        let (line, written) = began_in.unwrap_or_else(|| {
            let (line, written) = self.set.place(rule, span);
            (line, written.to_owned())
        });
        format!("{line}: {written}")
    }

    fn notice(&mut self, id: PeerId, rule: usize, kind: ErrorKind, detail: String) {
        if self.reports.len() <= rule {
            self.reports.resize(rule + 1, 0);
        }
        self.reports[rule] += 1;
        if self.reports[rule] <= MOST_REPORTS || kind == ErrorKind::RuleLoop {
            let address = self.peers.get(&id).map(|peer| peer.address.clone()).unwrap_or_default();
            self.notices.push((id, NetError::new(Operation::Reply, kind, address, detail)));
        }
    }
}
