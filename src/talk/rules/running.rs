//! Carries out the body of a rule, statement by statement.

use super::compile::{Step, Steps, Unmet};
use super::connection::Connection;
use super::world::{Outside, RuleWorld, Shared};
use super::{Act, MOST_STATE, Output, RuleSet};
use crate::codec::framing::Builder;
use crate::talk::content::{Content, Files};
use crate::talk::eval::{Fault, FaultKind, Layers, duration, evaluate, text_of, truth};
use crate::talk::tree::{Expr, Span, Text, Time};
use std::sync::Arc;
use std::time::Duration;

/// What a running body has at hand.
pub(super) struct Hands<'a> {
    pub set: &'a RuleSet,
    pub shared: &'a mut Shared,
    pub builder: &'a mut Builder,
    pub outside: &'a mut dyn Outside,
    pub files: &'a mut dyn Files,
    pub now: Duration,
    pub out: &'a mut Vec<Output>,
}

/// A body in progress.
#[derive(Debug)]
pub(super) struct Running {
    pub rule: usize,
    pub record: Option<u64>,
    /// Its frame among those of the record.
    pub index: u32,
    /// The content of the frame.
    pub frame: Option<Arc<[u8]>>,
    /// The whole frame, whose head an answer repeats.
    pub whole: Option<Arc<[u8]>>,
    levels: Vec<Level>,
    /// The rules under which it began, and its index there, if there are others since.
    began_in: Option<(Arc<RuleSet>, usize)>,
    /// A `wait` ends then.
    pub until: Option<Duration>,
}

#[derive(Debug)]
struct Level {
    steps: Steps,
    next: usize,
    round: Option<Round>,
}

/// The loop that a level is.
#[derive(Debug)]
struct Round {
    number: u64,
    count: Option<u64>,
    every: Option<Duration>,
    until: Option<Expr>,
    /// When the round was due.
    due: Duration,
}

/// How far a body came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Progress {
    /// It waits until then.
    Waits(Duration),
    /// It goes on when others had their turn.
    Paused,
    /// It is done.
    Done,
}

/// Statements of one body in one turn.
const STEPS_A_TURN: usize = 1000;
/// Bytes that one body sends in one turn, beyond which it goes on when others had their turn.
const BYTES_A_TURN: usize = 1 << 20;

impl Running {
    pub fn new(rule: usize, steps: Steps) -> Self {
        let levels = vec![Level { steps, next: 0, round: None }];
        Self { rule, record: None, index: 0, frame: None, whole: None, levels, began_in: None, until: None }
    }

    /// Goes on until the body waits or ends.
    pub fn advance(&mut self, connection: &mut Connection, hands: &mut Hands<'_>) -> Progress {
        if let Some(until) = self.until {
            if hands.now < until {
                return Progress::Waits(until);
            }
            self.until = None;
        }
        let mut bytes = 0;
        for _ in 0..STEPS_A_TURN {
            if bytes > BYTES_A_TURN {
                break;
            }
            let Some(level) = self.levels.last_mut() else { return Progress::Done };
            let Some(index) = (level.next < level.steps.len()).then_some(level.next) else {
                match self.end_of_level(connection, hands) {
                    Ok(None) => continue,
                    Ok(Some(due)) => {
                        self.until = Some(due);
                        return Progress::Waits(due);
                    }
                    Err(fault) => return self.failed(fault, hands),
                }
            };
            level.next += 1;
            let steps = level.steps.clone();
            let before = hands.out.len();
            let stepped = self.step(&steps[index], connection, hands);
            bytes += hands.out[before..].iter().map(|output| output.what.bytes()).sum::<usize>();
            match stepped {
                Ok(None) => {}
                Ok(Some(wait)) => {
                    let until = hands.now.saturating_add(wait);
                    self.until = Some(until);
                    return Progress::Waits(until);
                }
                Err(fault) => return self.failed(fault, hands),
            }
        }
        Progress::Paused
    }

    /// There are other rules than `old` now, where its rule has this index. It goes on with the statements that it began with.
    pub fn follow(&mut self, old: &Arc<RuleSet>, rule: usize) {
        let own = self.rule;
        self.began_in.get_or_insert_with(|| (old.clone(), own));
        self.rule = rule;
    }

    /// The rules that its statements are from, and its index there.
    fn home<'a>(&'a self, set: &'a RuleSet) -> (&'a RuleSet, usize) {
        self.began_in.as_ref().map_or((set, self.rule), |(set, rule)| (set, *rule))
    }

    fn failed(&mut self, fault: Fault, hands: &mut Hands<'_>) -> Progress {
        self.emit(Act::Fault(fault), hands);
        self.levels.clear();
        Progress::Done
    }

    fn emit(&self, what: Act, hands: &mut Hands<'_>) {
        let span = match &what {
            Act::Fault(fault) => Some(fault.span),
            Act::Failed { span, .. } => Some(*span),
            _ => None,
        };
        let written = span.and_then(|span| {
            let (set, rule) = self.began_in.as_ref()?;
            let (line, written) = set.place(*rule, span);
            Some((line, written.to_owned()))
        });
        hands.out.push(Output { written, ..Output::of(self.rule, self.record, what) });
    }

    /// One statement. Returns the time to wait.
    fn step(
        &mut self,
        step: &Step,
        connection: &mut Connection,
        hands: &mut Hands<'_>,
    ) -> Result<Option<Duration>, Fault> {
        match step {
            Step::Send { content, to } => self.send(content, to.as_ref(), connection, hands)?,
            Step::Wait(time) => return self.time(time, connection, hands).map(Some),
            Step::Set { name, value } => {
                let vars = hands.shared.vars.clone();
                let mut set = |hands: &mut Hands<'_>| {
                    let value = evaluate(value, &mut self.world(connection, hands))?;
                    let (home, rule) = self.home(hands.set);
                    let scope = home.scope(rule);
                    let set = Layers { run: &vars, own: &mut connection.own, scope }.set(name, value, MOST_STATE);
                    set.map_err(|kind| Fault::new(kind, home.rules[rule].head))
                };
                let (home, rule) = self.home(hands.set);
                let is_variable = vars.has(name) || vars.has(&format!("{}{name}", home.scope(rule)));
                if is_variable { vars.alone(|| set(hands))? } else { set(hands)? }
            }
            Step::Check { condition, otherwise } => {
                if !truth(condition, &mut self.world(connection, hands))? {
                    self.unmet(otherwise, condition.span, hands);
                }
            }
            Step::Fail(text) => {
                let span = text.span;
                let text = self.text(text, connection, hands)?;
                self.emit(Act::Failed { text, span }, hands);
                self.levels.clear();
            }
            Step::Note(text) => {
                let text = self.text(text, connection, hands)?;
                self.emit(Act::Note(text), hands);
            }
            Step::End(how) => self.emit(Act::End(*how), hands),
            Step::Stop => self.emit(Act::Stop, hands),
            Step::Repeat { count, every, until, body } => {
                self.repeat((count.as_ref(), every.as_ref(), until.as_ref()), body, connection, hands)?;
            }
        }
        Ok(None)
    }

    fn unmet(&mut self, otherwise: &Unmet, span: Span, hands: &mut Hands<'_>) {
        match otherwise {
            Unmet::Fail => {
                self.emit(Act::Failed { text: String::new(), span }, hands);
                self.levels.clear();
            }
            Unmet::Continue => self.emit(Act::Failed { text: String::new(), span }, hands),
            Unmet::Stop => {
                self.emit(Act::Stop, hands);
                self.levels.clear();
            }
            Unmet::Run(steps) => self.levels.push(Level { steps: steps.clone(), next: 0, round: None }),
        }
    }

    fn send(
        &mut self,
        content: &Content,
        to: Option<&Text>,
        connection: &mut Connection,
        hands: &mut Hands<'_>,
    ) -> Result<(), Fault> {
        let to_all = match to {
            None => false,
            Some(to) => match &*self.text(to, connection, hands)? {
                "all" => true,
                other => return Err(Fault::new(FaultKind::NotInRule(format!("to {other}")), to.span)),
            },
        };
        // Parts of `hands` are borrowed one by one, since the frame is built while values are inserted.
        let Hands { set, shared, builder, outside, files, .. } = hands;
        let (home, rule) = self.home(set);
        let mut world = RuleWorld {
            shared,
            own: Some(&connection.own),
            encoding: home.encoding,
            outside: &mut **outside,
            peer: Some(&connection.peer),
            frame: self.frame.as_ref(),
            round: round_of(&self.levels),
            scope: home.scope(rule),
        };
        let bytes = content.wire(Some(builder), self.whole.as_deref(), &mut world, &mut **files)?;
        connection.answered(&bytes);
        self.emit(Act::Send { bytes: bytes.into(), to_all }, hands);
        Ok(())
    }

    fn repeat(
        &mut self,
        (count, every, until): (Option<&Expr>, Option<&Time>, Option<&Expr>),
        body: &Steps,
        connection: &mut Connection,
        hands: &mut Hands<'_>,
    ) -> Result<(), Fault> {
        let count = match count {
            None => None,
            Some(count) => {
                let value = evaluate(count, &mut self.world(connection, hands))?;
                let whole = value.whole().and_then(|whole| u64::try_from(whole).ok());
                Some(whole.ok_or_else(|| Fault::new(FaultKind::BadCount(value.to_string()), count.span))?)
            }
        };
        let every = every.map(|every| self.time(every, connection, hands)).transpose()?;
        if count != Some(0) && !body.is_empty() {
            let round = Round { number: 0, count, every, until: until.cloned(), due: hands.now };
            self.levels.push(Level { steps: body.clone(), next: 0, round: Some(round) });
        }
        Ok(())
    }

    /// The last statement of a level is done: the next round begins, or the level ends. Returns when the round is due.
    fn end_of_level(&mut self, connection: &mut Connection, hands: &mut Hands<'_>) -> Result<Option<Duration>, Fault> {
        let until = self.levels.last().and_then(|level| level.round.as_ref()).and_then(|round| round.until.clone());
        let is_met = match &until {
            Some(until) => truth(until, &mut self.world(connection, hands))?,
            None => false,
        };
        let now = hands.now;
        if let Some(Level { next, round: Some(round), .. }) = self.levels.last_mut()
            && !is_met
            && round.count.is_none_or(|count| round.number + 1 < count)
        {
            round.number += 1;
            *next = 0;
            let Some(every) = round.every else { return Ok(None) };
            // A late round starts at once and does not delay the next one, unless it is late by a whole period.
            round.due = round.due.saturating_add(every);
            if round.due > now {
                return Ok(Some(round.due));
            }
            round.due = now;
            return Ok(None);
        }
        self.levels.pop();
        Ok(None)
    }

    fn world<'a>(&'a self, connection: &'a Connection, hands: &'a mut Hands<'_>) -> RuleWorld<'a> {
        let (home, rule) = self.home(hands.set);
        RuleWorld {
            shared: &mut *hands.shared,
            own: Some(&connection.own),
            encoding: home.encoding,
            outside: &mut *hands.outside,
            peer: Some(&connection.peer),
            frame: self.frame.as_ref(),
            round: round_of(&self.levels),
            scope: home.scope(rule),
        }
    }

    fn text(&self, text: &Text, connection: &Connection, hands: &mut Hands<'_>) -> Result<String, Fault> {
        text_of(text, &mut self.world(connection, hands))
    }

    fn time(&self, time: &Time, connection: &Connection, hands: &mut Hands<'_>) -> Result<Duration, Fault> {
        duration(time, &mut self.world(connection, hands))
    }
}

/// The number of the innermost round.
fn round_of(levels: &[Level]) -> Option<u64> {
    levels.iter().rev().find_map(|level| level.round.as_ref()).map(|round| round.number)
}
