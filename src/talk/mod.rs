//! Talk files: one text that says what to send, what to expect and how to answer. Pure: no I/O, no threads.
//!
//! A talk file is the list of quick commands of a session, its reply rules, a device test for CI and a mock device. `tree` is its
//! syntax tree for the complete grammar; every node carries the bytes of the source that it was read from.

pub mod check;
pub mod content;
pub mod counts;
#[cfg(test)]
mod documented;
pub mod edit;
pub mod error;
pub mod eval;
pub mod import;
pub mod modbus;
pub mod outcome;
pub mod parse;
pub mod pattern;
pub mod rules;
pub mod template;
pub mod tree;
pub mod uses;
pub mod vocabulary;

pub use check::{Outside, read};
pub use counts::Counts;
pub use error::{Error, ErrorKind};
pub use parse::{Parsed, parse};
pub use uses::read_with_used;
