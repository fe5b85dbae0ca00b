//! The outcome of talk files.

use crate::talk::outcome::{RunEnd, Skipped};

/// The outcome of talk files.
pub trait Runs {
    /// `fail "…"`.
    fn run_said(&self, text: &str) -> String;
    /// A condition is false.
    fn run_check_false(&self) -> &'static str;
    /// Before the values of a condition.
    fn run_values(&self, values: &str) -> String;
    /// Nothing matched in time.
    fn run_no_match(&self, within: &str) -> String;
    /// What came first is not what `next` demands.
    fn run_not_next(&self) -> &'static str;
    /// The connection ended before anything matched.
    fn run_ended(&self, how: &str) -> String;
    /// Data arrived during a silence.
    fn run_not_silent(&self, bytes: &str) -> String;
    /// No connection in time.
    fn run_no_connection(&self, session: &str, within: &str) -> String;
    /// Several connections, and none is named.
    fn run_which_peer(&self, count: usize) -> String;
    /// A peer that is not connected.
    fn run_no_such_peer(&self, peer: &str) -> String;
    /// No connection ended in time.
    fn run_not_closed(&self, within: &str) -> String;
    /// The connection ended in another way.
    fn run_closed_otherwise(&self, expected: &str, how: &str) -> String;
    /// The session opened although it should not.
    fn run_opened_anyway(&self) -> &'static str;
    /// A repeat ended before its condition was true.
    fn run_not_until(&self, rounds: u64) -> String;
    /// The time limit of the run.
    fn run_time_limit(&self, limit: &str) -> String;
    /// The file does not say where to connect.
    fn run_no_session(&self) -> &'static str;
    /// Something that this version cannot run.
    fn run_not_yet(&self, word: &str) -> String;
    /// The worker of a session ended.
    fn run_session_failed(&self) -> &'static str;
    /// Records were deleted before they were read.
    fn run_evicted(&self) -> &'static str;
    /// Data that was passed over.
    fn run_passed_over(&self, bytes: &str) -> String;
    /// More data that was passed over.
    fn run_more_passed(&self, count: u64) -> String;
    /// The first byte of passed data that does not fit.
    fn run_mismatch(&self, at: usize, expected: &str, found: &str) -> String;
    /// How a connection ended.
    fn run_close(&self, reason: crate::model::CloseReason) -> &'static str;
    /// A step passed, failed or was skipped; in a column of its own.
    fn run_verdict(&self, verdict: crate::talk::outcome::Verdict) -> &'static str;
    /// Why a step did not run.
    fn run_skipped(&self, why: Skipped) -> &'static str;
    /// The last line.
    fn run_summary(&self, passed: usize, failed: usize, skipped: usize, took: &str) -> String;
    /// Why a run ended early; empty if it did not.
    fn run_end(&self, end: RunEnd) -> String;
    /// The capture of a session.
    fn run_capture(&self, session: &str, id: &str) -> String;
    /// `--only` names a step that no file has.
    fn run_no_such_step(&self) -> &'static str;
    /// `--var` without `=` or with a wrong name.
    fn run_bad_variable(&self) -> &'static str;
    /// A folder without talk files.
    fn run_no_files(&self) -> &'static str;
}
