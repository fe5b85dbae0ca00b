//! The reply trace: what the rules do with each frame.

/// The reply trace.
pub trait ReplyTrace {
    /// There are no rules on frames.
    fn trace_no_rules(&self) -> &'static str;
    /// No frame was received.
    fn trace_no_frames(&self) -> &'static str;
    /// Every frame was answered, and only the others are shown.
    fn trace_all_answered(&self) -> &'static str;
    /// What the trace is, and what it cannot know. `frames`: the newest ones that are shown.
    fn trace_is_replay(&self, frames: usize, is_partial: bool) -> String;
    /// No rule takes the frame.
    fn trace_unanswered(&self) -> &'static str;
    /// These rules fit the frame. Whether something was sent, the log shows.
    fn trace_takes(&self, rules: &str) -> String;
    /// The bytes are no frame.
    fn trace_no_frame(&self) -> &'static str;
    /// The register table answers.
    fn trace_served(&self) -> &'static str;
    /// The rule takes the frame.
    fn trace_fits(&self) -> &'static str;
    /// The rule is off.
    fn trace_off(&self) -> &'static str;
    /// The frame has a wrong check, so that only a `raw` rule can fit.
    fn trace_bad_frame(&self) -> &'static str;
    /// The rule is for another peer.
    fn trace_other_peer(&self) -> &'static str;
    /// The rule has acted as often as it may.
    fn trace_limit(&self) -> &'static str;
    /// The frame ends behind this many bytes.
    fn trace_too_short(&self, bytes: usize) -> String;
    /// The pattern ends behind this many bytes.
    fn trace_too_long(&self, bytes: usize) -> String;
    /// The check at this byte has another value.
    fn trace_check(&self, at: usize) -> String;
    /// There are no digits at this byte.
    fn trace_no_digits(&self, at: usize) -> String;
    /// The condition is false.
    fn trace_condition(&self) -> &'static str;
    /// The expression finds nothing.
    fn trace_regex(&self) -> &'static str;
    /// The choice between all frames and those without an answer.
    fn trace_choice(&self) -> &'static str;
    /// All frames.
    fn trace_all(&self) -> &'static str;
    /// Frames without an answer.
    fn trace_only_unanswered(&self) -> &'static str;
}
