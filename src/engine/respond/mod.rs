//! Answers to what was received.

pub(in crate::engine) mod reply;
