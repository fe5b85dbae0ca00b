//! A report as JUnit XML, which CI systems read.

use super::{Reported, sentence};
use crate::runner::Script;
use crate::talk::outcome::{StepOutcome, Verdict};
use crate::words::{self, Lang};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

/// The whole file: a suite for each run.
///
/// # Errors
/// It cannot be written as XML.
pub(super) fn text(runs: &[Reported<'_>], lang: Lang) -> Result<String, String> {
    let mut report = Report::new("wirebench");
    for Reported { script, round, outcome } in runs {
        let name = words::harmless(&script.name());
        let name =
            round.map_or_else(|| name.clone(), |round| format!("{name} {}", lang.texts().run_round(round, None)));
        let mut suite = TestSuite::new(name);
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
    report.to_string().map_err(|error| error.to_string())
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
