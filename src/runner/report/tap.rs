//! A report in the Test Anything Protocol, version 14.

use super::sentence;
use crate::codec::safe::json_line;
use crate::runner::Script;
use crate::talk::outcome::{Problem, StepOutcome, Verdict};
use crate::words::{self, Lang};

/// The first line.
pub const TAP_HEAD: &str = "TAP version 14";

/// `ok N - name`, with a block of YAML behind a failure. Lines without the last line end.
#[must_use]
pub fn tap_step(script: &Script, step: &StepOutcome, number: usize, lang: Lang) -> String {
    let name = words::harmless(&step.name).replace('\\', "\\\\").replace('#', "\\#");
    match step.verdict {
        Verdict::Passed => format!("ok {number} - {name}"),
        Verdict::Skipped(why) => format!("ok {number} - {name} # SKIP {}", lang.texts().run_skipped(why)),
        Verdict::Failed => {
            let mut lines = format!("not ok {number} - {name}\n  ---\n");
            for problem in &step.problems {
                // JSON texts are texts of YAML as well.
                lines.push_str(&format!("  message: {}\n", json_line(&sentence(script, problem, lang))));
            }
            lines.push_str(&format!("  duration_ms: {:.3}\n  ...", step.took.as_secs_f64() * 1000.0));
            lines
        }
    }
}

/// What failed outside of steps.
#[must_use]
pub fn tap_problem(script: &Script, problem: &Problem, lang: Lang) -> String {
    format!("Bail out! {}", sentence(script, problem, lang).replace('\n', "\n# "))
}

/// The number of steps, which ends the report.
#[must_use]
pub fn tap_plan(steps: usize) -> String {
    format!("1..{steps}")
}
