//! Failures: what failed, where, why.

use crate::model::Operation;
use crate::words::Cause;

/// Failures: what failed, where, why.
pub trait Errors {
    // What failed
    /// An operation that could not be done.
    fn cannot(&self, operation: Operation) -> &'static str;
    /// The same with the address or the path.
    fn cannot_at(&self, operation: Operation, place: &str) -> String;
    /// The same as a heading, without the address.
    fn failed(&self, operation: Operation) -> &'static str;
    /// The address of ours was not found, before anything was bound.
    fn cannot_look_up_local(&self, host: &str) -> String;
    /// The same as a heading.
    fn local_look_up_failed(&self) -> &'static str;
    /// A datagram went out, and nothing received it.
    fn datagram_not_received(&self, place: &str) -> String;
    /// The same as a heading.
    fn datagram_came_back(&self) -> &'static str;
    // Why
    /// The code of the system behind a sentence, with its name where that is known.
    fn with_system_code(&self, sentence: &str, name: Option<&str>, code: i32) -> String;
    /// Behind the cause of a capture that cannot be written.
    fn receiving_waits(&self) -> &'static str;
    /// What is said of a detail, which comes in English; nothing where there are no words for it.
    fn detail(&self, cause: Cause, detail: &str) -> String;
    /// A cause, behind a colon.
    fn cause(&self, cause: Cause) -> &'static str;
    /// The same in a few words, for below a field.
    fn cause_short(&self, cause: Cause) -> &'static str;
}
