//! The rules of one connection.

use super::compile::When;
use super::running::{Hands, Progress, Running};
use super::trace::{Tried, WhyNot};
use super::world::{Outside, RuleWorld, Shared};
use super::{
    Act, LOOP_LIMIT, LOOP_WITHIN, MOST_STATE, MOST_WAITING, MOST_WAITING_BYTES, Output, Received, RuleSet, SERVED,
};
use crate::codec::framing::Builder;
use crate::talk::content::Files;
use crate::talk::eval::{Fault, Layers, Names, duration, text_of};
use crate::talk::pattern::{Captures, Pattern, Prepared};
use std::collections::VecDeque;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

/// What a connection needs for a turn.
pub struct Turn<'a> {
    /// The rules.
    pub set: &'a RuleSet,
    /// What all connections of the session share.
    pub shared: &'a mut Shared,
    /// Puts frames around contents.
    pub builder: &'a mut Builder,
    /// Clock, random numbers, environment.
    pub outside: &'a mut dyn Outside,
    /// The files of `file` items.
    pub files: &'a mut dyn Files,
    /// The time, from any origin.
    pub now: Duration,
    /// Gets what the rules want done.
    pub out: &'a mut Vec<Output>,
}

/// The state of one connection.
#[derive(Debug)]
pub struct Connection {
    pub(super) own: Names,
    pub(super) peer: Arc<str>,
    /// How often each rule with a `limit` has acted; empty until one has.
    pub(super) hits: Vec<u64>,
    /// The same of rules that are away, by their numbers.
    pub(super) parked: Vec<(u32, u64)>,
    /// The body that runs for a frame or for `open`.
    pub(super) main: Option<(Running, usize)>,
    pub(super) waiting: VecDeque<Waiting>,
    pub(super) waiting_bytes: usize,
    /// Bodies of `close`, `idle` and `every`.
    pub(super) beside: Vec<Running>,
    /// When each `idle` and `every` is due, by the index of its rule.
    pub(super) due: Vec<(usize, Duration)>,
    /// When bytes came last.
    heard: Duration,
    /// A hash of the last answer, and how many came back in a row.
    last_answer: u64,
    pub(super) came_back: u32,
    /// Since when.
    coming_back_since: Duration,
    pub(super) is_stopped: bool,
}

/// An input behind a `wait`.
#[derive(Debug)]
pub(super) struct Waiting {
    content: Option<Arc<[u8]>>,
    whole: Arc<[u8]>,
    record: Option<u64>,
    index: u32,
}

impl Connection {
    /// A connection to this address that opens now: `open` rules run, `idle` and `every` begin to count.
    pub fn open(peer: &str, turn: &mut Turn<'_>) -> Self {
        let mut new = Self {
            own: Names::default(),
            peer: peer.into(),
            hits: Vec::new(),
            parked: Vec::new(),
            main: None,
            waiting: VecDeque::new(),
            waiting_bytes: 0,
            beside: Vec::new(),
            due: Vec::new(),
            heard: turn.now,
            last_answer: 0,
            came_back: 0,
            coming_back_since: Duration::ZERO,
            is_stopped: false,
        };
        let set = turn.set;
        for (index, rule) in set.rules.iter().enumerate() {
            if let When::Idle(time) | When::Every(time) = &rule.when {
                let mut world = new.world(index, turn);
                match duration(time, &mut world) {
                    Ok(time) => new.due.push((index, turn.now.saturating_add(time))),
                    Err(fault) => turn.out.push(Output::of(index, None, Act::Fault(fault))),
                }
            }
        }
        new.run_open(0, turn);
        new
    }

    /// Runs the `open` rules from `from` on, one after another. Frames wait for them.
    fn run_open(&mut self, from: usize, turn: &mut Turn<'_>) {
        let set = turn.set;
        for (index, rule) in set.rules.iter().enumerate().skip(from) {
            if !matches!(rule.when, When::Open) || !self.may_act(set, index) {
                continue;
            }
            self.acts(index, turn);
            let mut body = Running::new(index, rule.body.clone());
            if body.advance(self, &mut hands(turn)) != Progress::Done {
                self.main = Some((body, index + 1));
                return;
            }
        }
    }

    /// The next frame.
    pub fn received(&mut self, received: &Received<'_>, turn: &mut Turn<'_>) {
        if self.is_stopped {
            decided(received, SERVED, false, turn);
            return;
        }
        self.heard = turn.now;
        if self.main.is_none() && self.waiting.is_empty() {
            self.dispatch(received, 0, turn);
            return;
        }
        self.waiting_bytes += received.whole.len();
        self.waiting.push_back(Waiting {
            content: received.content.map(Arc::from),
            whole: received.whole.into(),
            record: received.record,
            index: received.index,
        });
    }

    /// The connection has ended: `close` rules run. What they send goes nowhere.
    pub fn close(&mut self, turn: &mut Turn<'_>) {
        (self.main, self.is_stopped) = (None, true);
        self.waiting.clear();
        let set = turn.set;
        for (index, rule) in set.rules.iter().enumerate() {
            if matches!(rule.when, When::Close) && self.may_act(set, index) {
                self.acts(index, turn);
                // What it waits for never comes.
                Running::new(index, rule.body.clone()).advance(self, &mut hands(turn));
            }
        }
        self.beside.clear();
    }

    /// Does what is due. Returns when there is more to do.
    pub fn advance(&mut self, turn: &mut Turn<'_>) -> Option<Duration> {
        if self.is_stopped {
            return None;
        }
        self.start_due(turn);
        let mut bodies = std::mem::take(&mut self.beside);
        bodies.retain_mut(|body| body.advance(self, &mut hands(turn)) != Progress::Done);
        self.beside.append(&mut bodies);
        self.advance_main(turn);
        while self.main.is_none() && !self.is_stopped {
            let Some(next) = self.waiting.pop_front() else { break };
            self.waiting_bytes = self.waiting_bytes.saturating_sub(next.whole.len());
            let Waiting { content, whole, record, index } = &next;
            let received = Received { content: content.as_deref(), whole, record: *record, index: *index };
            self.dispatch(&received, 0, turn);
        }
        self.next_deadline(turn.now)
    }

    /// Whether it takes more frames. If not, it is not read until bodies that wait are done.
    #[must_use]
    pub fn takes_more(&self) -> bool {
        self.waiting.len() < MOST_WAITING && self.waiting_bytes < MOST_WAITING_BYTES
    }

    /// When there is something to do without input.
    #[must_use]
    pub fn next_deadline(&self, now: Duration) -> Option<Duration> {
        if self.is_stopped {
            return None;
        }
        let bodies = self.beside.iter().chain(self.main.as_ref().map(|(body, _)| body));
        // A body that was paused goes on at once.
        let bodies = bodies.map(|body| body.until.unwrap_or(now));
        bodies.chain(self.due.iter().map(|(_, due)| *due)).min()
    }

    /// Starts `idle` and `every` rules that are due.
    fn start_due(&mut self, turn: &mut Turn<'_>) {
        let set = turn.set;
        for place in 0..self.due.len() {
            let (index, due) = self.due[place];
            if due > turn.now {
                continue;
            }
            let rule = &set.rules[index];
            let (time, is_idle) = match &rule.when {
                When::Idle(time) => (time, true),
                When::Every(time) => (time, false),
                _ => continue,
            };
            let mut world = self.world(index, turn);
            let time = duration(time, &mut world).unwrap_or(Duration::MAX).max(Duration::from_micros(100));
            let quiet_until = self.heard.saturating_add(time);
            if is_idle && quiet_until > turn.now {
                self.due[place].1 = quiet_until;
                continue;
            }
            // From start to start; missed ones are skipped.
            let missed = turn.now.saturating_sub(due).as_nanos() / time.as_nanos().max(1);
            let next = due.saturating_add(time.saturating_mul(u32::try_from(missed + 1).unwrap_or(u32::MAX)));
            self.due[place].1 = if is_idle { turn.now.saturating_add(time) } else { next };
            let is_running = self.beside.iter().any(|body| body.rule == index);
            if !is_running && self.may_act(turn.set, index) {
                self.acts(index, turn);
                let body = Running::new(index, rule.body.clone());
                self.beside.push(body);
            }
        }
    }

    fn advance_main(&mut self, turn: &mut Turn<'_>) {
        let Some((mut body, next)) = self.main.take() else { return };
        if body.advance(self, &mut hands(turn)) != Progress::Done {
            self.main = Some((body, next));
            return;
        }
        let rule = &turn.set.rules[body.rule];
        if matches!(rule.when, When::Open) {
            self.run_open(next, turn);
            return;
        }
        // An `also` rule lets the frame go on.
        if let (true, Some(whole)) = (rule.is_also, &body.whole) {
            let (record, index) = (body.record, body.index);
            let received = Received { content: body.frame.as_deref(), whole, record, index };
            self.dispatch(&received, next, turn);
        }
    }

    /// Gives a frame to the first rule from `from` on that fits.
    fn dispatch(&mut self, received: &Received<'_>, from: usize, turn: &mut Turn<'_>) {
        if from == 0 && self.serves(received, turn) {
            decided(received, SERVED, true, turn);
            return;
        }
        let set = turn.set;
        let mut from = from;
        while let Some((index, captures)) = self.first_fit(received, from, turn) {
            if self.is_loop(received, index, turn) {
                return;
            }
            self.acts(index, turn);
            let rule = &set.rules[index];
            if !rule.is_also {
                decided(received, index, true, turn);
            }
            let scope = set.scope(index);
            let mut layers = Layers { run: &turn.shared.vars, own: &mut self.own, scope };
            if let Err(kind) = layers.set_all(captures, MOST_STATE) {
                let what = Act::Fault(Fault::new(kind, rule.head));
                turn.out.push(Output::of(index, received.record, what));
                if rule.is_also {
                    from = index + 1;
                    continue;
                }
                return;
            }
            let mut body = Running::new(index, rule.body.clone());
            (body.record, body.index) = (received.record, received.index);
            body.frame = received.content.map(Arc::from);
            body.whole = Some(received.whole.into());
            if body.advance(self, &mut hands(turn)) != Progress::Done {
                self.main = Some((body, index + 1));
                return;
            }
            if !rule.is_also {
                return;
            }
            from = index + 1;
        }
        decided(received, SERVED, false, turn);
    }

    /// Answers a request to the register table, before the rules see it.
    fn serves(&mut self, received: &Received<'_>, turn: &mut Turn<'_>) -> bool {
        let (Some((registers, is_rtu)), Some(content)) = (&mut turn.shared.registers, received.content) else {
            return false;
        };
        let Some(answer) = registers.answer(content) else { return false };
        // On a serial line, unit 0 is everybody.
        if *is_rtu && content.first() == Some(&0) {
            return true;
        }
        if let Ok(built) = turn.builder.build(&answer, Some(received.whole)) {
            self.answered(&built.bytes);
            let what = Act::Send { bytes: built.bytes.into(), to_all: false };
            turn.out.push(Output::of(SERVED, received.record, what));
        }
        true
    }

    fn first_fit(&mut self, received: &Received<'_>, from: usize, turn: &mut Turn<'_>) -> Option<(usize, Captures)> {
        let set = turn.set;
        for (index, rule) in set.rules.iter().enumerate().skip(from) {
            let When::Frame(pattern, ready) = &rule.when else { continue };
            if !self.may_act(turn.set, index) {
                continue;
            }
            match self.fits(index, pattern, ready.as_ref(), received, turn) {
                Ok(Some(captures)) => return Some((index, captures)),
                Ok(None) => {}
                Err(fault) => {
                    turn.out.push(Output::of(index, received.record, Act::Fault(fault)));
                }
            }
        }
        None
    }

    fn fits(
        &self,
        rule: usize,
        pattern: &Pattern,
        ready: Option<&Prepared>,
        received: &Received<'_>,
        turn: &mut Turn<'_>,
    ) -> Result<Option<Captures>, Fault> {
        let bytes = if pattern.is_raw { Some(received.whole) } else { received.content };
        let Some(bytes) = bytes else { return Ok(None) };
        if !self.is_from(rule, pattern, turn)? {
            return Ok(None);
        }
        let own;
        let prepared = match ready {
            Some(ready) => ready,
            None => {
                own = self.prepare(rule, pattern, turn)?;
                &own
            }
        };
        prepared.fits(bytes, &mut self.world(rule, turn))
    }

    fn prepare(&self, rule: usize, pattern: &Pattern, turn: &mut Turn<'_>) -> Result<Prepared, Fault> {
        let Turn { set, shared, outside, files, .. } = turn;
        let mut world = RuleWorld {
            shared,
            own: Some(&self.own),
            encoding: set.encoding(),
            outside: &mut **outside,
            peer: Some(&self.peer),
            frame: None,
            round: None,
            scope: set.scope(rule),
        };
        pattern.prepare(&mut world, &mut **files)
    }

    /// Whether the peer is the one that the pattern names: its address, or its address without the port.
    fn is_from(&self, rule: usize, pattern: &Pattern, turn: &mut Turn<'_>) -> Result<bool, Fault> {
        let Some(from) = &pattern.from else { return Ok(true) };
        let from = text_of(from, &mut self.world(rule, turn))?;
        let host = self.peer.rsplit_once(':').map_or(&*self.peer, |(host, _)| host);
        Ok(*from == *self.peer || from == host || from == host.trim_matches(['[', ']']))
    }

    /// For each rule, whether it fits this frame now, or why not. Changes nothing.
    pub fn explain(&self, received: &Received<'_>, turn: &mut Turn<'_>) -> Vec<Tried> {
        let (set, mut tried) = (turn.set, Vec::new());
        for (index, rule) in set.rules.iter().enumerate() {
            let When::Frame(pattern, ready) = &rule.when else { continue };
            let bytes = if pattern.is_raw { Some(received.whole) } else { received.content };
            let why_not = match (bytes, self.may_act(turn.set, index)) {
                (_, false) => Some(WhyNot::Limit),
                (None, _) => Some(WhyNot::BadFrame),
                (Some(bytes), true) => match self.is_from(index, pattern, turn) {
                    Ok(false) => Some(WhyNot::Peer),
                    Ok(true) => {
                        let prepared = ready.clone().map_or_else(|| self.prepare(index, pattern, turn), Ok);
                        match prepared {
                            Ok(prepared) => match prepared.fits(bytes, &mut self.world(index, turn)) {
                                Ok(Some(_)) => None,
                                Ok(None) => prepared.why(bytes, &mut self.world(index, turn)).map(WhyNot::Pattern),
                                Err(fault) => Some(WhyNot::Fault(fault)),
                            },
                            Err(fault) => Some(WhyNot::Fault(fault)),
                        }
                    }
                    Err(fault) => Some(WhyNot::Fault(fault)),
                },
            };
            let is_last = why_not.is_none() && !rule.is_also;
            tried.push(Tried { rule: index, why_not });
            if is_last {
                break;
            }
        }
        tried
    }

    /// Notes what was sent last, to notice a loop.
    pub(super) fn answered(&mut self, bytes: &[u8]) {
        self.last_answer = hash(bytes);
    }

    /// Whether two automatic sides answer each other: each answer comes back as the next frame, and at once.
    fn is_loop(&mut self, received: &Received<'_>, index: usize, turn: &mut Turn<'_>) -> bool {
        if hash(received.whole) != self.last_answer {
            self.came_back = 0;
            return false;
        }
        if self.came_back == 0 {
            self.coming_back_since = turn.now;
        }
        self.came_back += 1;
        if self.came_back < LOOP_LIMIT {
            return false;
        }
        if turn.now.saturating_sub(self.coming_back_since) > LOOP_WITHIN {
            // Somebody who takes so much time asks for what is answered by the same bytes, as a write command of Modbus is.
            self.came_back = 0;
            return false;
        }
        self.stop_loop(index, turn);
        true
    }

    /// Two automatic sides answer each other, the last time by this rule: the rules of this connection do nothing any more.
    pub fn stop_loop(&mut self, rule: usize, turn: &mut Turn<'_>) {
        (self.main, self.is_stopped) = (None, true);
        self.beside.clear();
        self.waiting.clear();
        turn.out.push(Output::of(rule, None, Act::LoopStopped));
    }

    fn may_act(&self, set: &RuleSet, index: usize) -> bool {
        let hits = self.hits.get(index).copied().unwrap_or(0);
        set.rules[index].limit.is_none_or(|limit| hits < limit)
    }

    fn acts(&mut self, index: usize, turn: &mut Turn<'_>) {
        if turn.set.rules[index].limit.is_some() {
            self.hits.resize(turn.set.rules.len(), 0);
            self.hits[index] += 1;
        }
        if let Some(hits) = turn.shared.hits.get_mut(index) {
            *hits += 1;
        }
    }

    pub(super) fn world<'a>(&'a self, rule: usize, turn: &'a mut Turn<'_>) -> RuleWorld<'a> {
        RuleWorld {
            shared: &mut *turn.shared,
            own: Some(&self.own),
            encoding: turn.set.encoding(),
            outside: &mut *turn.outside,
            peer: Some(&self.peer),
            frame: None,
            round: None,
            scope: turn.set.scope(rule),
        }
    }
}

fn hands<'a>(turn: &'a mut Turn<'_>) -> Hands<'a> {
    Hands {
        set: turn.set,
        shared: &mut *turn.shared,
        builder: &mut *turn.builder,
        outside: &mut *turn.outside,
        files: &mut *turn.files,
        now: turn.now,
        out: &mut *turn.out,
    }
}

fn decided(received: &Received<'_>, rule: usize, is_taken: bool, turn: &mut Turn<'_>) {
    let what = Act::Decided { index: received.index, is_taken };
    turn.out.push(Output::of(rule, received.record, what));
}

fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    hasher.finish()
}
