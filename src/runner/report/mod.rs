//! Reports of runs for other programs: JUnit XML, TAP, JSON lines.

mod json;
mod junit;
mod tap;
#[cfg(test)]
mod tests;

pub use json::{json_run, json_step};
pub use tap::{TAP_HEAD, tap_plan, tap_problem, tap_step};

use super::Script;
use crate::model::{NetError, Operation};
use crate::talk::outcome::{Problem, RunOutcome, Verdict};
use crate::words::{self, Lang, TalkPlace, talk_place};
use std::io;
use std::path::Path;

/// The form of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReportForm {
    /// JUnit XML.
    Junit,
    /// The Test Anything Protocol.
    Tap,
    /// JSON lines, as those of `wirebench run --json`.
    Json,
}

impl ReportForm {
    /// All forms, in menu order.
    pub const ALL: [Self; 3] = [Self::Junit, Self::Tap, Self::Json];

    /// The name, the same in all languages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Junit => "JUnit XML",
            Self::Tap => "TAP",
            Self::Json => "JSON Lines",
        }
    }

    /// The extension of its files.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Junit => "xml",
            Self::Tap => "tap",
            Self::Json => "jsonl",
        }
    }
}

/// One run of a file.
#[derive(Clone, Copy, Debug)]
pub struct Reported<'a> {
    /// The file.
    pub script: &'a Script,
    /// Which round it was; `None`: there is one only.
    pub round: Option<u64>,
    /// What came of it.
    pub outcome: &'a RunOutcome,
}

/// The whole report.
///
/// # Errors
/// The steps cannot be written in this form; the text is for people.
pub fn report(form: ReportForm, runs: &[Reported<'_>], lang: Lang) -> Result<String, String> {
    let mut text = String::new();
    let mut line = |words: &str| {
        text.push_str(words);
        text.push('\n');
    };
    match form {
        ReportForm::Junit => return junit::text(runs, lang),
        ReportForm::Tap => {
            let mut number = 0;
            line(TAP_HEAD);
            for Reported { script, round, outcome } in runs {
                if let Some(round) = round {
                    line(&format!("# {}", lang.texts().run_round(*round, None)));
                }
                for step in &outcome.steps {
                    number += 1;
                    line(&tap_step(script, step, number, lang));
                }
                outcome.problems.iter().for_each(|problem| line(&tap_problem(script, problem, lang)));
            }
            line(&tap_plan(number));
        }
        ReportForm::Json => {
            for Reported { script, outcome, .. } in runs {
                outcome.steps.iter().for_each(|step| line(&json_step(script, step, lang)));
                line(&json_run(script, outcome, lang));
            }
        }
    }
    Ok(text)
}

/// Writes the whole report into a file; returns its bytes.
///
/// # Errors
/// It cannot be written.
pub fn write_report(path: &Path, form: ReportForm, runs: &[Reported<'_>], lang: Lang) -> Result<u64, NetError> {
    let failed = |error: &io::Error| NetError::from_io(Operation::SaveFile, path.display().to_string(), error);
    let text = report(form, runs, lang).map_err(|error| failed(&io::Error::other(error)))?;
    std::fs::write(path, &text).map_err(|error| failed(&error))?;
    Ok(text.len() as u64)
}

/// The path of a file, for messages; `-` is standard input.
#[must_use]
pub fn shown(script: &Script) -> String {
    script.path.as_ref().map_or_else(|| "-".to_owned(), |path| path.display().to_string())
}

/// The stable name of a verdict.
#[must_use]
pub fn verdict_name(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Passed => "passed",
        Verdict::Failed => "failed",
        Verdict::Skipped(_) => "skipped",
    }
}

/// A problem with its place: `file:3:5: …`.
#[must_use]
pub fn sentence(script: &Script, problem: &Problem, lang: Lang) -> String {
    let TalkPlace { line, column } = talk_place(&script.source, problem.span.start);
    let file = words::harmless(&shown(script));
    format!("{file}:{line}:{column}: {}", words::problem_sentence(&problem.kind, lang))
}
