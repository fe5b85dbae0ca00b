//! Answers to what was received: an ordered list of rules over frames.
//!
//! The `Responder` cuts what peers send by the framing rule and makes the answers; the sockets queue them once the records they
//! answer are stored.

pub(in crate::engine) mod answer;
pub(in crate::engine) mod responder;
mod rules;

pub use rules::{Replies, Reply, ReplyRule, When};

#[cfg(test)]
mod tests;
