//! A report as JSON lines.

use super::{shown, verdict_name};
use crate::codec::safe::json_line;
use crate::runner::Script;
use crate::talk::outcome::{Problem, RunOutcome, StepOutcome};
use crate::words::{self, Lang, TalkPlace, talk_place};
use serde::Serialize;

#[derive(Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
enum Line<'a> {
    Step(StepLine<'a>),
    Run(RunLine<'a>),
}

#[derive(Serialize)]
struct StepLine<'a> {
    file: &'a str,
    step: &'a str,
    line: usize,
    verdict: &'static str,
    /// Seconds since the start of the run.
    began: f64,
    /// Seconds.
    took: f64,
    tries: u64,
    problems: Vec<ProblemLine>,
    notes: &'a [String],
}

#[derive(Serialize)]
struct ProblemLine {
    line: usize,
    column: usize,
    message: String,
    went_on: bool,
}

#[derive(Serialize)]
struct RunLine<'a> {
    file: &'a str,
    passed: usize,
    failed: usize,
    skipped: usize,
    took: f64,
    ok: bool,
    problems: Vec<ProblemLine>,
    captures: Vec<&'a str>,
}

/// The line of a step.
#[must_use]
pub fn json_step(script: &Script, step: &StepOutcome, lang: Lang) -> String {
    json_line(&Line::Step(StepLine {
        file: &shown(script),
        step: &step.name,
        line: talk_place(&script.source, step.span.start).line,
        verdict: verdict_name(step.verdict),
        began: step.began.as_secs_f64(),
        took: step.took.as_secs_f64(),
        tries: step.tries,
        problems: problem_lines(script, &step.problems, lang),
        notes: &step.notes,
    }))
}

/// The line of a whole run.
#[must_use]
pub fn json_run(script: &Script, outcome: &RunOutcome, lang: Lang) -> String {
    let (passed, failed, skipped) = outcome.counts();
    json_line(&Line::Run(RunLine {
        file: &shown(script),
        passed,
        failed,
        skipped,
        took: outcome.took.as_secs_f64(),
        ok: outcome.passed(),
        problems: problem_lines(script, &outcome.problems, lang),
        captures: outcome.captures.iter().map(|(_, id)| id.as_str()).collect(),
    }))
}

fn problem_lines(script: &Script, problems: &[Problem], lang: Lang) -> Vec<ProblemLine> {
    let line = |problem: &Problem| {
        let TalkPlace { line, column } = talk_place(&script.source, problem.span.start);
        let message = words::problem_sentence(&problem.kind, lang);
        ProblemLine { line, column, message, went_on: problem.went_on }
    };
    problems.iter().map(line).collect()
}
