//! The reply trace, in English.

use super::En;

texts! { ReplyTrace for En;

    trace_no_rules: "This session has no reply rules for received frames";
    trace_no_frames: "Nothing received yet";
    trace_all_answered: "A rule fits each frame";
    trace_is_replay(frames: usize, is_partial: bool) -> String {
        let from = if is_partial { "only the newest records are replayed, from the middle of the conversation" } else { "replayed from the beginning" };
        format!("What the present rules do with the received frames (the newest {frames}; {from}). Values that steps, the clock or random numbers gave at that time are not known.")
    }
    trace_unanswered: "No rule fits";
    trace_takes(rules: &str) => "Rule {rules} fits";
    trace_no_frame: "Not a frame: rules do not see it";
    trace_served: "The register table fits";
    trace_fits: "fits";
    trace_off: "the rule is off";
    trace_bad_frame: "the check of the frame is wrong, so only a raw rule can fit";
    trace_other_peer: "the rule is for another peer";
    trace_limit: "its limit is reached for this connection";
    trace_too_short(bytes: usize) => "the frame ends after {bytes} bytes, the pattern goes on";
    trace_too_long(bytes: usize) => "the pattern ends after {bytes} bytes, the frame goes on";
    trace_check(at: usize) => "the check at byte {at} has another value";
    trace_no_digits(at: usize) => "byte {at}: a number was expected";
    trace_condition: "its condition (where) is false";
    trace_regex: "the expression finds nothing";
    trace_choice: "Frames in the trace";
    trace_all: "All";
    trace_only_unanswered: "No match";
}
