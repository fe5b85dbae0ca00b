//! The run of a talk file in the window, in English.

use super::En;
use crate::words::texts::{Named, by_id};

const LABELS: Named = &[
    ("open", "Run the steps…"),
    ("back", "Back to the list of commands"),
    ("own-file", "List of this session"),
    ("run", "Run"),
    ("run-all", "Run all steps"),
    ("run-all-foot", "Run all steps (foot)"),
    ("run-chosen", "Run selected steps"),
    ("stop", "Stop"),
    ("stop-run", "Stop the run"),
    ("rounds", "Rounds"),
    ("rounds-short", "rounds"),
    ("rounds-wrong", "A number from 1, or empty for no limit"),
    ("on-failure", "After a failed step"),
    ("go-on", "Go on after failure"),
    ("stop-after", "Stop after failure"),
    ("passed", "passed"),
    ("failed", "failed"),
    ("running", "running"),
    ("skipped", "skipped"),
    ("not-run", "not run"),
    ("no-steps", "The file has no steps. A step is a name with lines that send (>) and wait (<)."),
    ("has-errors", "The file has errors; its steps cannot run."),
    ("results", "Results"),
    ("no-results", "No results yet. Run the steps of the talk file in the dock."),
    ("no-failures", "Choose a step to see its result."),
    ("expected", "Expected"),
    ("received", "Received"),
    ("again", "Run this step again"),
    ("show-record", "Show in the log"),
];

impl crate::words::texts::RunView for En {
    fn run_view(&self, id: &str) -> &'static str {
        by_id(LABELS, id)
    }

    fn run_round(&self, round: u64, last: Option<u64>) -> String {
        last.map_or_else(|| format!("Round {round}"), |last| format!("Round {round} / {last}"))
    }

    fn run_chip(&self, step: usize, steps: usize) -> String {
        format!("Run {step} / {steps}")
    }

    fn run_place(&self, step: usize, line: usize) -> String {
        format!("Step {step}, line {line}")
    }
}
