//! The outcome of talk files, in English.

use super::En;
use crate::model::CloseReason;
use crate::talk::outcome::{RunEnd, Skipped, Verdict};

texts! { Runs for En;

    run_said(text: &str) => "{text}";
    run_check_false: "the condition is false";
    run_values(values: &str) => "with {values}";
    run_no_match(within: &str) => "nothing matched within {within}";
    run_not_next: "what came first does not match";
    run_ended(how: &str) => "nothing matched before the connection ended ({how})";
    run_not_silent(bytes: &str) => "data arrived during the silence: {bytes}";
    run_no_connection(session: &str, within: &str) => "no connection on {session} within {within}";
    run_which_peer(count: usize) => "{count} connections are open: name one with \"to\", or all with \"to all\"";
    run_no_such_peer(peer: &str) => "no open connection is \"{peer}\"";
    run_not_closed(within: &str) => "no connection ended within {within}";
    run_closed_otherwise(expected: &str, how: &str) => "the connection ended by {how}, not by {expected}";
    run_opened_anyway: "the session opened, although opening should fail";
    run_not_until(rounds: u64) -> String {
        let s = if rounds == 1 { "" } else { "s" };
        format!("the condition of \"until\" was not true after {rounds} round{s}")
    }
    run_time_limit(limit: &str) => "the time limit of {limit} for the run is over";
    run_no_session: "the file has no session to send on, such as: session connect tcp://127.0.0.1:502";
    run_not_yet(word: &str) => "\"{word}\" is not supported yet";
    run_session_failed: "the session ended unexpectedly";
    run_evicted: "data was deleted by the capture's size limit before it was compared";
    run_passed_over(bytes: &str) => "received: {bytes}";
    run_more_passed(count: u64) => "and {count} more before";
    run_mismatch(at: usize, expected: &str, found: &str) => "byte {at}: expected {expected}, received {found}";
    run_close(reason: CloseReason) -> &'static str {
        match reason {
            CloseReason::Local => "closed from this side",
            CloseReason::PeerFin => "FIN",
            CloseReason::Reset => "RST",
            CloseReason::Timeout => "timeout",
            CloseReason::Kicked => "disconnected from this side",
            CloseReason::Tls => "a failure of TLS",
            CloseReason::Error => "an error",
        }
    }
    run_verdict(verdict: Verdict) -> &'static str {
        match verdict {
            Verdict::Passed => "passed ",
            Verdict::Failed => "FAILED ",
            Verdict::Skipped(_) => "skipped",
        }
    }
    run_skipped(why: Skipped) -> &'static str {
        match why {
            Skipped::Required => "a required step failed",
            Skipped::Ended => "the run ended before",
        }
    }
    run_summary(passed: usize, failed: usize, skipped: usize, took: &str) => "{passed} passed, {failed} failed, {skipped} skipped in {took}";
    run_end(end: RunEnd) -> String {
        match end {
            RunEnd::Done => String::new(),
            RunEnd::Stopped => "The run was ended by \"else stop\"".to_owned(),
            RunEnd::Interrupted => "The run was interrupted".to_owned(),
            RunEnd::TimeLimit(_) => "The time limit of the run is over".to_owned(),
            RunEnd::NotBegun => "The run could not begin".to_owned(),
        }
    }
    run_capture(session: &str, id: &str) => "capture of {session}: {id}";
    run_no_such_step: "no step has this name";
    run_bad_variable: "should be NAME=VALUE";
    run_no_files: "the folder contains no .talk file";
}
