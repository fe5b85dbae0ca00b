//! Failures: what failed, where, why.

use crate::model::Operation;
use crate::words::Cause;

/// Failures: what failed, where, why.
pub trait Errors {
    // What failed
    /// The operation that failed.
    fn cannot(&self, operation: Operation) -> &'static str;
    /// The same, with the address or path.
    fn cannot_at(&self, operation: Operation, place: &str) -> String;
    /// The same as a heading, without the address.
    fn failed(&self, operation: Operation) -> &'static str;
    /// The look-up of the local address failed, before a socket was bound.
    fn cannot_look_up_local(&self, host: &str) -> String;
    /// The same as a heading.
    fn local_look_up_failed(&self) -> &'static str;
    /// A datagram was sent, and the target reported that no program receives on the port.
    fn datagram_not_received(&self, place: &str) -> String;
    /// The same as a heading.
    fn datagram_came_back(&self) -> &'static str;
    // Why
    /// The system's error code, appended to a sentence, with its symbolic name if known.
    fn with_system_code(&self, sentence: &str, name: Option<&str>, code: i32) -> String;
    /// Appended to the cause if a capture cannot be written.
    fn receiving_waits(&self) -> &'static str;
    /// Text for an English detail of an error; empty if there is none.
    fn detail(&self, cause: Cause, detail: &str) -> String;
    /// A cause, after a colon.
    fn cause(&self, cause: Cause) -> &'static str;
    /// The short form, for display below a field.
    fn cause_short(&self, cause: Cause) -> &'static str;
}
