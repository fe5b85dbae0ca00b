//! Replies: an ordered list of rules over received frames.
//!
//! The `Responder` cuts received bytes into frames by the framing rule and makes the answers. The sockets queue them after the
//! records that they answer are stored.

pub(in crate::engine) mod answer;
mod exchange;
pub(in crate::engine) mod responder;
mod rules;
mod talk;
mod verdicts;

pub use rules::{Replies, Reply, ReplyRule, TalkRules, When};
pub use talk::RuleSurroundings;
pub use verdicts::{FrameNumber, FrameNumbers, RuleVerdict, RuleVerdicts};

#[cfg(test)]
mod tests;
