//! Cuts received bytes into frames and makes the answers.

use super::answer::{Answer, Asker};
use super::rules::{Received, Replies, Reply, ReplyRule, TalkRules, When};
use super::talk::Talk;
use crate::codec::framing::Framers;
use crate::codec::{Frame, FrameKind, FramingRule};
use crate::engine::context::Context;
use crate::engine::context::limits::{AnswerShare, MAX_ENTRIES};
use crate::engine::context::rule_memory::RuleMemory;
use crate::engine::platform::Source;
use crate::model::PeerId;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// An empty datagram is a frame under every rule.
const EMPTY: Frame = Frame { start: 0, end: 0, kind: FrameKind::Frame, payload: 0..0, verdict: None };

/// The rules of a session, and the unfinished frames of its peers.
pub(in crate::engine) struct Responder {
    rules: Vec<ReplyRule>,
    framing: FramingRule,
    framers: Framers<PeerId, ()>,
    /// The rules of a talk file, which replace the list.
    talk: Option<Talk>,
    /// What is kept of the rules of a talk file while there are none.
    parked: Option<Talk>,
    /// The origin of the framers' time.
    began: Instant,
    /// Answers that no read of their own peer produced.
    due: Vec<Answer>,
    /// Count of frames that were not answered because too many were complete at once.
    left_out: u64,
    /// Bytes of frames given up to save memory, as of the last report.
    given_up: u64,
}

impl Default for Responder {
    fn default() -> Self {
        let Replies { rules, framing, .. } = Replies::default();
        let framers = Framers::new(framing.clone());
        Self {
            rules,
            framing,
            framers,
            talk: None,
            parked: None,
            began: Instant::now(),
            due: Vec::new(),
            left_out: 0,
            given_up: 0,
        }
    }
}

impl Responder {
    /// Replaces the rules. If the framing changes too, or no rule is left, unfinished frames end here; also if somebody who begins to
    /// read now gets the verdicts.
    pub(in crate::engine) fn set(&mut self, replies: Replies, memory: &RuleMemory) {
        let Replies { rules, framing, talk } = replies;
        let framing = talk.as_ref().map_or(framing, |talk| talk.0.framing().clone());
        let begins_anew = talk.as_ref().is_some_and(|talk| talk.1.is_some());
        if framing != self.framing || (rules.is_empty() && talk.is_none()) || begins_anew {
            for peer in self.framers.keys() {
                self.on_due(|framers, sink| framers.end_stream(peer, sink));
            }
            self.framers = Framers::new(framing.clone());
            self.given_up = 0;
        }
        (self.rules, self.framing) = (rules, framing);
        let held = self.talk.take().or_else(|| self.parked.take());
        match (talk, held) {
            (Some(rules), Some(mut held)) => {
                let numbers = memory.numbers(&rules.0);
                held.replace(rules, numbers, &mut self.due);
                self.talk = Some(held);
            }
            (Some(rules), None) => {
                let numbers = memory.numbers(&rules.0);
                self.talk = Some(Talk::new(rules, numbers));
            }
            (None, Some(mut held)) => {
                held.replace(TalkRules(Arc::default(), None), Vec::new(), &mut Vec::new());
                self.parked = Some(held);
            }
            (None, None) => {}
        }
    }

    #[cfg(test)]
    pub(super) fn set_held_max(&mut self, bytes: u64) {
        self.framers.set_held_max(bytes);
    }

    /// Bytes of memory held for unfinished frames.
    #[cfg(test)]
    pub(super) fn capacity(&self) -> u64 {
        self.framers.capacity()
    }

    /// Whether there are rules.
    pub(in crate::engine) fn is_on(&self) -> bool {
        !self.rules.is_empty() || self.talk.is_some()
    }

    /// Maximum count of bytes to read at once so that their answers stay within a share. Answers of a single rule are merged; those
    /// of several rules may alternate with each byte.
    pub(in crate::engine) fn bytes_a_read(&self, share: AnswerShare) -> usize {
        let most =
            if self.rules.len() > 1 || self.talk.is_some() { share.bytes.min(share.answers) } else { share.bytes };
        most.max(1)
    }

    /// Answers the next bytes of a stream, which were stored as `record`. If a frame ends when no bytes arrive for some time, returns
    /// that time; [`Responder::quiet`] must be called after it.
    pub(in crate::engine) fn received(
        &mut self,
        peer: PeerId,
        record: Option<u64>,
        bytes: &[u8],
        share: AnswerShare,
        answers: &mut Vec<Answer>,
    ) -> Option<Duration> {
        if self.talk.is_some() {
            return self.talk_received(peer, record, bytes, answers);
        }
        let now_ns = self.now_ns();
        let copies = self.rules.iter().any(|rule| !matches!(rule.then, Reply::Fixed(_)));
        let begins_anew = self.framers.pending(peer) == 0;
        let Self { rules, framing, framers, due, .. } = self;
        let mut own = Collector::new(rules, framing, answers);
        let mut others = Collector::new(rules, framing, due);
        // Pending bytes may become many frames at once.
        own.most = own.first.saturating_add(share.answers);
        let mut sink = |key: PeerId, frame: &Frame, bytes: &[u8], (): &()| {
            let collector = if key == peer { &mut own } else { &mut others };
            collector.take(Asker { peer: key, source: None }, frame, bytes);
        };
        framers.feed(peer, (0, ()), bytes, now_ns, &mut sink);
        framers.settle(peer, &mut sink);
        // A copy takes as much memory as the frame, so a copied frame must be within the peer's share.
        if copies && framers.pending(peer) > share.bytes as u64 {
            framers.give_up(peer, &mut sink);
        }
        if begins_anew {
            own.same_as(record, bytes.len());
        }
        self.left_out += own.left_out + others.left_out;
        self.framers.get(peer).and_then(|stream| stream.framer().gap())
    }

    /// Answers a datagram, which was stored as `record` and sent to the local address `source`.
    pub(in crate::engine) fn datagram(
        &mut self,
        peer: PeerId,
        source: Option<Source>,
        record: Option<u64>,
        bytes: &[u8],
        answers: &mut Vec<Answer>,
    ) {
        if !self.is_on() {
            return;
        }
        let now_ns = self.now_ns();
        if let Some(talk) = &mut self.talk {
            talk.set_source(peer, source);
            let record = record.unwrap_or_default();
            let mut sink = |frame: &Frame, bytes: &[u8]| talk.frame(peer, Some(record), frame, bytes, answers);
            if bytes.is_empty() {
                sink(&EMPTY, bytes);
            } else {
                self.framers.datagram(0, bytes, now_ns, &mut sink);
            }
            return;
        }
        let mut own = Collector { is_stream: false, ..Collector::new(&self.rules, &self.framing, answers) };
        let asker = Asker { peer, source };
        if bytes.is_empty() {
            own.take(asker, &EMPTY, bytes);
        } else {
            self.framers.datagram(0, bytes, now_ns, &mut |frame, bytes| own.take(asker, frame, bytes));
        }
        own.same_as(record, bytes.len());
        self.left_out += own.left_out;
    }

    /// The peer shut down its write side: answers unfinished bytes.
    pub(in crate::engine) fn ended(&mut self, peer: PeerId, answers: &mut Vec<Answer>) {
        if let Some(talk) = &mut self.talk {
            self.framers.end_stream(peer, &mut |_, frame, bytes, ()| talk.frame(peer, None, frame, bytes, answers));
            return;
        }
        let mut own = Collector::new(&self.rules, &self.framing, answers);
        self.framers.end_stream(peer, &mut |_, frame, bytes, ()| own.take(Asker { peer, source: None }, frame, bytes));
        self.left_out += own.left_out;
    }

    /// No bytes arrived from the peer for some time: answers a frame that ended.
    pub(in crate::engine) fn quiet(&mut self, peer: PeerId) {
        let now_ns = self.now_ns();
        self.on_due(|framers, sink| framers.idle(peer, now_ns, sink));
    }

    /// The peer left: drops its unfinished bytes.
    pub(in crate::engine) fn forget(&mut self, peer: PeerId) {
        self.framers.forget(peer);
        for talk in self.talk.iter_mut().chain(&mut self.parked) {
            talk.closed(peer);
        }
    }

    /// A peer is there. Answers of its rules are among those of [`Responder::take_due`].
    pub(in crate::engine) fn opened(&mut self, peer: PeerId, address: SocketAddr, local_port: Option<u16>) {
        let Some(talk) = &mut self.talk else { return };
        if !talk.knows(peer) {
            talk.opened(peer, address, local_port, &mut self.due);
        }
    }

    /// The timer of a peer's rules.
    pub(in crate::engine) fn rule_is_due(&mut self, peer: PeerId) {
        for talk in self.talk.iter_mut().chain(&mut self.parked) {
            talk.due(peer, &mut self.due);
        }
    }

    /// Sets the timers of rules, and reports what they noted. Called once per round.
    pub(in crate::engine) fn follow_rules(&mut self, context: &mut Context) {
        for talk in self.talk.iter_mut().chain(&mut self.parked) {
            talk.follow(context);
        }
    }

    /// Whether the peer may be read: its rules take more frames.
    pub(in crate::engine) fn takes_more(&self, peer: PeerId) -> bool {
        self.talk.as_ref().is_none_or(|talk| talk.takes_more(peer))
    }

    /// Gives the frames of a read to the rules of a talk file.
    fn talk_received(
        &mut self,
        peer: PeerId,
        record: Option<u64>,
        bytes: &[u8],
        answers: &mut Vec<Answer>,
    ) -> Option<Duration> {
        let now_ns = self.now_ns();
        let Self { framers, due, talk, .. } = self;
        let talk = talk.as_mut()?;
        let begin = talk.fed(peer, record, bytes.len());
        let mut sink = |key: PeerId, frame: &Frame, bytes: &[u8], (): &()| {
            talk.frame(key, None, frame, bytes, if key == peer { &mut *answers } else { &mut *due });
        };
        framers.feed(peer, (begin, ()), bytes, now_ns, &mut sink);
        self.framers.get(peer).and_then(|stream| stream.framer().gap())
    }

    /// Whether there are answers for [`Responder::take_due`].
    pub(in crate::engine) fn has_due(&self) -> bool {
        !self.due.is_empty()
    }

    /// Takes the answers that no read of their own peer produced.
    pub(in crate::engine) fn take_due(&mut self) -> Vec<Answer> {
        std::mem::take(&mut self.due)
    }

    /// Whether, since the last call, frames were not answered because they were too long, or because too many arrived at once. (An
    /// echo sends all bytes even of a frame that is too long.)
    pub(in crate::engine) fn take_unanswered(&mut self) -> bool {
        let given_up = self.framers.given_up();
        let echoes = matches!(&self.rules[..], [ReplyRule { when: When::Any, then: Reply::Echo }]);
        let is_new = given_up > std::mem::replace(&mut self.given_up, given_up);
        std::mem::take(&mut self.left_out) > 0 || (is_new && !echoes)
    }

    fn now_ns(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }

    fn on_due(&mut self, work: impl FnOnce(&mut Framers<PeerId, ()>, &mut dyn FnMut(PeerId, &Frame, &[u8], &()))) {
        let Self { rules, framing, framers, due, talk, .. } = self;
        if let Some(talk) = talk {
            work(framers, &mut |peer, frame, bytes, ()| talk.frame(peer, None, frame, bytes, due));
            return;
        }
        let mut collector = Collector::new(rules, framing, due);
        work(framers, &mut |peer, frame, bytes, ()| collector.take(Asker { peer, source: None }, frame, bytes));
        self.left_out += collector.left_out;
    }
}

/// Appends the answers to a list.
struct Collector<'a> {
    rules: &'a [ReplyRule],
    framing: &'a FramingRule,
    answers: &'a mut Vec<Answer>,
    /// Index of the first answer that may be merged with later ones.
    first: usize,
    /// Maximum length of the list.
    most: usize,
    left_out: u64,
    /// In a stream, empty bytes are no answer.
    is_stream: bool,
    /// A copy has a flag that the received bytes do not have.
    has_more: bool,
}

impl<'a> Collector<'a> {
    fn new(rules: &'a [ReplyRule], framing: &'a FramingRule, answers: &'a mut Vec<Answer>) -> Self {
        let first = answers.len();
        Self {
            rules,
            framing,
            answers,
            first,
            most: first + MAX_ENTRIES,
            left_out: 0,
            is_stream: true,
            has_more: false,
        }
    }

    fn take(&mut self, asker: Asker, frame: &Frame, bytes: &[u8]) {
        let received = Received::new(self.framing, frame, bytes);
        let Some(rule) = self.rules.iter().find(|rule| rule.fits(&received)) else { return };
        if self.is_stream && matches!(&rule.then, Reply::Fixed(bytes) if bytes.is_empty()) {
            return;
        }
        let copied = rule.copied(&received, self.framing);
        self.has_more |= copied.len() > bytes.len();
        let open = self.answers.get_mut(self.first..).and_then(<[Answer]>::last_mut);
        // After a left-out answer nothing is added, so that the answers have no hole in the middle.
        let may_go_on = self.left_out == 0;
        if may_go_on && open.is_some_and(|answer| answer.goes_on_with(&rule.then, asker, &copied)) {
            return;
        }
        if may_go_on && self.answers.len() < self.most {
            self.answers.push(Answer::new(&rule.then, asker, &copied));
        } else {
            self.left_out += 1;
        }
    }

    /// The read was stored as `record` of `len` bytes. An echo of exactly these bytes is not stored again.
    fn same_as(&mut self, record: Option<u64>, len: usize) {
        if self.has_more {
            return;
        }
        if let Some([answer]) = self.answers.get_mut(self.first..) {
            answer.echoes_record(record, len);
        }
    }
}
