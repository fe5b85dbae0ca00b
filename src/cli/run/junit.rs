//! A report as JUnit XML, which CI systems read.

use crate::model::{NetError, Operation};
use crate::runner::Script;
use crate::talk::outcome::{RunOutcome, StepOutcome, Verdict};
use crate::words::{self, Lang, TalkPlace, talk_place};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use std::path::Path;

/// Writes the file.
///
/// # Errors
/// It cannot be written.
pub(super) fn write(path: &Path, outcomes: &[(&Script, RunOutcome)], lang: Lang) -> Result<(), NetError> {
    let mut report = Report::new("wirebench");
    for (script, outcome) in outcomes {
        let mut suite = TestSuite::new(words::harmless(&script.name()));
        suite.set_time(outcome.took);
        for problem in &outcome.problems {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
            status.set_message(sentence(script, problem, lang));
            suite.add_test_case(TestCase::new("session", status));
        }
        for step in &outcome.steps {
            suite.add_test_case(case(script, step, lang));
        }
        report.add_test_suite(suite);
    }
    let failed = |error: &std::io::Error| NetError::from_io(Operation::SaveFile, path.display().to_string(), error);
    let text = report.to_string().map_err(|error| failed(&std::io::Error::other(error.to_string())))?;
    std::fs::write(path, text).map_err(|error| failed(&error))
}

fn case(script: &Script, step: &StepOutcome, lang: Lang) -> TestCase {
    let status = match step.verdict {
        Verdict::Passed => TestCaseStatus::success(),
        Verdict::Skipped(why) => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(lang.texts().run_skipped(why));
            status
        }
        Verdict::Failed => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            let sentences: Vec<String> = step.problems.iter().map(|problem| sentence(script, problem, lang)).collect();
            status.set_message(sentences.first().cloned().unwrap_or_default());
            status.set_description(sentences.join("\n"));
            status
        }
    };
    let mut case = TestCase::new(words::harmless(&step.name), status);
    case.set_classname(words::harmless(&script.name()));
    case.set_time(step.took);
    if !step.notes.is_empty() {
        case.set_system_out(words::harmless(&step.notes.join("\n")));
    }
    case
}

fn sentence(script: &Script, problem: &crate::talk::outcome::Problem, lang: Lang) -> String {
    let TalkPlace { line, column } = talk_place(&script.source, problem.span.start);
    format!("{}:{line}:{column}: {}", super::shown(script), words::problem_sentence(&problem.kind, lang))
}
