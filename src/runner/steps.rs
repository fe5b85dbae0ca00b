//! Steps and their statements.

use super::run::Run;
use super::script::Part;
use super::world::Sight;
use crate::codec::Encoding;
use crate::talk::eval::{Value, duration, evaluate, truth};
use crate::talk::outcome::{Problem, ProblemKind, RunEnd, StepOutcome, Verdict};
use crate::talk::tree::{Block, Expr, ExprKind, Name, Otherwise, OtherwiseKind, Repeat, Span, Stmt, StmtKind, Time};
use std::time::{Duration, Instant};

/// Why statements do not go on.
#[derive(Debug)]
pub(super) enum Halt {
    /// A statement failed: the step ends.
    Problem(Box<Problem>),
    /// The run ends.
    End(RunEnd),
}

/// Whether statements go on.
pub(super) type Done = Result<(), Halt>;

/// What a step has collected.
#[derive(Debug, Default)]
pub(super) struct Course {
    problems: Vec<Problem>,
    notes: Vec<String>,
    /// The time of the step for each await.
    within: Option<Duration>,
}

/// Most values in the report of a condition.
const SHOWN_VALUES: usize = 8;
/// Most notes of a step.
const NOTES: usize = 1000;
/// Most problems of a step that goes on.
const PROBLEMS: usize = 1000;

impl Run<'_> {
    /// Runs one step, with its further tries. Returns the end of the run, if the step ends it.
    pub fn step(&mut self, index: usize, part: &Part<'_>) -> (StepOutcome, Option<RunEnd>) {
        let began = self.began.elapsed();
        let started = Instant::now();
        let name = match part.name().map(|name| self.text(name)) {
            Some(Ok(name)) => name,
            _ => self.script.shown_name(part),
        };
        self.observer.began(index, &name);
        self.memory.step = name.as_str().into();
        let tries =
            part.step.and_then(|step| step.retry.as_ref()).map_or(1, |retry| retry.times.value.saturating_add(1));
        let mut course = Course::default();
        let mut tried = 0;
        let mut end = None;
        while tried < tries && end.is_none() {
            tried += 1;
            course.problems.clear();
            let next = Instant::now();
            match self.try_step(part, &mut course) {
                Ok(()) => {}
                Err(Halt::Problem(problem)) => course.problems.push(*problem),
                Err(Halt::End(ended)) => end = Some(ended),
            }
            if course.problems.is_empty() {
                break;
            }
            if end.is_none() && tried < tries {
                end = self.before_next_try(part, next);
            }
        }
        let is_whole = course.problems.is_empty() && !matches!(end, Some(RunEnd::Interrupted | RunEnd::TimeLimit(_)));
        if let Some(RunEnd::TimeLimit(limit)) = end {
            course.problems.push(Problem { kind: ProblemKind::TimeLimit(limit), span: part.span, went_on: false });
        }
        let verdict = if is_whole { Verdict::Passed } else { Verdict::Failed };
        let Course { problems, notes, .. } = course;
        let took = started.elapsed();
        (StepOutcome { name, span: part.span, verdict, problems, notes, tries: tried, began, took }, end)
    }

    fn try_step(&mut self, part: &Part<'_>, course: &mut Course) -> Done {
        self.memory.own.clear();
        self.memory.round = None;
        course.within = match part.step.and_then(|step| step.within.as_ref()) {
            Some(within) => Some(self.time(within)?),
            None => None,
        };
        for link in &mut self.links {
            for peer in link.peers.values_mut() {
                peer.may_move = true;
            }
        }
        let done = part.body.iter().try_for_each(|stmt| self.statement(stmt, course));
        if matches!(done, Err(Halt::Problem(_))) {
            // What is still under way belongs to the failed step.
            for link in &mut self.links {
                let now = link.now();
                link.move_place(None, now);
            }
        }
        done
    }

    /// Waits until the next try of a step begins. Returns the end of the run, if it comes first.
    fn before_next_try(&mut self, part: &Part<'_>, last: Instant) -> Option<RunEnd> {
        let every = part.step.and_then(|step| step.retry.as_ref()).and_then(|retry| retry.every.as_ref())?;
        let Ok(every) = self.time(every) else { return None };
        match self.wait(Some(last + every), |_| None::<()>) {
            Err(Halt::End(end)) => Some(end),
            _ => None,
        }
    }

    fn block(&mut self, block: &Block, course: &mut Course) -> Done {
        block.stmts.iter().try_for_each(|stmt| self.statement(stmt, course))
    }

    fn statement(&mut self, stmt: &Stmt, course: &mut Course) -> Done {
        match &stmt.kind {
            StmtKind::Send(send) => self.send(send, stmt.span, course.within),
            StmtKind::Await { what, within, otherwise } => {
                let within = self.within(within.as_ref(), course)?;
                let done = self.await_one(what, within);
                self.or_else(done, otherwise.as_ref(), course)
            }
            StmtKind::Check { condition, otherwise } => {
                let done = self.check(condition);
                self.or_else(done, otherwise.as_ref(), course)
            }
            StmtKind::Fail(text) => {
                let said = self.text(text)?;
                Err(Self::problem(ProblemKind::Said(said), stmt.span))
            }
            StmtKind::Note(text) => {
                let said = self.text(text)?;
                self.observer.noted(&said);
                if course.notes.len() < NOTES {
                    course.notes.push(said);
                }
                Ok(())
            }
            StmtKind::Wait(time) => {
                let time = self.time(time)?;
                self.wait(Some(Instant::now() + time), |_| None::<()>).map(drop)
            }
            StmtKind::Cases(cases) => {
                let body = self.first_case(cases, course.within)?;
                body.map_or(Ok(()), |body| self.block(body, course))
            }
            StmtKind::Set { name, value } => self.set(name, value),
            StmtKind::Open(open) => self.open_session(open, stmt.span),
            StmtKind::Stop(name) => self.stop_session(name.as_ref(), stmt.span),
            StmtKind::End(end) => self.end_connection(end, stmt.span),
            StmtKind::Repeat(repeat) => self.repeat(repeat, stmt.span, course),
            StmtKind::Transfer(transfer) => self.transfer(transfer, stmt.span, course.within),
            // The parser refuses them as not supported yet.
            StmtKind::Bytes { .. }
            | StmtKind::Sample { .. }
            | StmtKind::For(_)
            | StmtKind::If(_)
            | StmtKind::Clients(_)
            | StmtKind::Do { .. } => {
                let word = stmt.span.of(&self.script.source).split_whitespace().next().unwrap_or_default().to_owned();
                Err(Self::problem(ProblemKind::NotYet(word), stmt.span))
            }
        }
    }

    /// What happens after a statement with an `else`.
    fn or_else(&mut self, done: Done, otherwise: Option<&Otherwise>, course: &mut Course) -> Done {
        let problem = match (done, otherwise) {
            (Err(Halt::Problem(problem)), Some(_)) => problem,
            (done, _) => return done,
        };
        match otherwise.map(|otherwise| &otherwise.kind) {
            Some(OtherwiseKind::Block(block)) => self.block(block, course),
            Some(OtherwiseKind::Stop) => {
                course.problems.push(*problem);
                Err(Halt::End(RunEnd::Stopped))
            }
            _ => {
                if course.problems.len() < PROBLEMS {
                    course.problems.push(Problem { went_on: true, ..*problem });
                }
                Ok(())
            }
        }
    }

    /// The time of a statement.
    pub fn time(&self, time: &Time) -> Result<Duration, Halt> {
        duration(time, &mut self.sight(Encoding::UTF_8)).map_err(Self::fault)
    }

    fn within(&self, within: Option<&Time>, course: &Course) -> Result<Option<Duration>, Halt> {
        within.map_or(Ok(course.within), |within| self.time(within).map(Some))
    }

    pub fn sight(&self, encoding: Encoding) -> Sight<'_> {
        Sight { memory: &self.memory, links: &self.links, encoding }
    }

    fn value(&self, expr: &Expr) -> Result<Value, Halt> {
        evaluate(expr, &mut self.sight(self.encoding())).map_err(Self::fault)
    }

    /// The encoding of texts outside of a session: that of the only one, otherwise UTF-8.
    fn encoding(&self) -> Encoding {
        match self.links.as_slice() {
            [link] => link.opening.encoding,
            _ => Encoding::UTF_8,
        }
    }

    fn set(&mut self, name: &Name, value: &Expr) -> Done {
        let vars = self.memory.run.clone();
        let set = |run: &mut Self| {
            let value = run.value(value)?;
            run.remember(&name.value, value);
            Ok(())
        };
        if vars.has(&name.value) { vars.alone(|| set(self)) } else { set(self) }
    }

    /// Sets a name: a variable of the run stays one, every other name belongs to the step.
    pub fn remember(&mut self, name: &str, value: Value) {
        let memory = &mut self.memory;
        if memory.run.has(name) {
            memory.run.set(name, value);
        } else {
            memory.own.set(name, value);
        }
    }

    fn check(&self, condition: &Expr) -> Done {
        let is_true = truth(condition, &mut self.sight(self.encoding())).map_err(Self::fault)?;
        if is_true {
            return Ok(());
        }
        let mut values = Vec::new();
        self.compared(condition, &mut values);
        Err(Self::problem(ProblemKind::CheckFalse { values }, condition.span))
    }

    /// The values of the names and calls in a condition.
    fn compared(&self, expr: &Expr, values: &mut Vec<(String, String)>) {
        match &expr.kind {
            ExprKind::Name(_) | ExprKind::Call { .. } => {
                let text = expr.span.of(&self.script.source).to_owned();
                let is_new = values.iter().all(|(known, _)| *known != text) && values.len() < SHOWN_VALUES;
                if is_new && let Ok(value) = evaluate(expr, &mut self.sight(self.encoding())) {
                    values.push((text, value.to_string()));
                }
            }
            ExprKind::Unary { operand, .. } => self.compared(operand, values),
            ExprKind::Binary { left, right, .. } => {
                self.compared(left, values);
                self.compared(right, values);
            }
            ExprKind::Between { value, low, high } => {
                for part in [value, low, high] {
                    self.compared(part, values);
                }
            }
            ExprKind::Matches { value, .. } => self.compared(value, values),
            ExprKind::Number(_) | ExprKind::Text(_) | ExprKind::Bool(_) => {}
        }
    }

    fn repeat(&mut self, repeat: &Repeat, span: Span, course: &mut Course) -> Done {
        let count = match &repeat.count {
            Some(count) => {
                Some(crate::talk::eval::count(count, &mut self.sight(Encoding::UTF_8)).map_err(Self::fault)?)
            }
            None => None,
        };
        let every = repeat.every.as_ref().map(|every| self.time(every)).transpose()?;
        let outer = self.memory.round;
        let mut due = Instant::now();
        let mut round = 0;
        let done = loop {
            if count.is_some_and(|count| round >= count) {
                break if repeat.until.is_some() {
                    Err(Self::problem(ProblemKind::NotUntil { rounds: round }, span))
                } else {
                    Ok(())
                };
            }
            self.memory.round = Some(round);
            if let Err(halt) = self.block(&repeat.body, course) {
                break Err(halt);
            }
            round += 1;
            match repeat.until.as_ref().map(|until| truth(until, &mut self.sight(self.encoding()))) {
                Some(Ok(true)) => break Ok(()),
                Some(Err(fault)) => break Err(Self::fault(fault)),
                Some(Ok(false)) | None => {}
            }
            // From start to start without drift. A late round starts at once, and the next one is due a period later.
            due = every.map_or_else(Instant::now, |every| {
                let next = due + every;
                let late = Instant::now().saturating_duration_since(next);
                let missed = if every.is_zero() { 0 } else { late.as_nanos() / every.as_nanos() };
                next + every.saturating_mul(u32::try_from(missed).unwrap_or(u32::MAX))
            });
            // Also without a period: the user can end the run between two rounds.
            if let Err(halt) = self.wait(Some(due), |_| None::<()>) {
                break Err(halt);
            }
        };
        self.memory.round = outer;
        done
    }
}
