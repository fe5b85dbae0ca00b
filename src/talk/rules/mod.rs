//! Rules: what a session does by itself.
//!
//! [`RuleSet`] is a compiled file. It never changes and is shared by all connections. A [`Connection`] holds what is particular to
//! one of them: the names that its rules have set, how often each rule has acted, and the bodies that wait. It gets frames and
//! the time, and returns what to send. Rules of one connection run one after another in the order of arrival; a `wait` delays only
//! that connection. `close`, `idle` and `every` run beside them.

mod change;
mod compile;
mod connection;
mod identity;
mod running;
#[cfg(test)]
mod tests;
mod trace;
mod world;

pub use change::{Change, Kept};
pub use compile::{RuleSet, Setting, VARIABLE_PREFIX, given};
pub use connection::{Connection, Turn};
pub use identity::{Identity, find};
pub use trace::{Tried, WhyNot};
pub use world::{Outside, Shared};

use super::eval::Fault;
use super::tree::{EndHow, Span};
use std::sync::Arc;
use std::time::Duration;

/// A received frame.
#[derive(Clone, Copy, Debug)]
pub struct Received<'a> {
    /// Its content; `None`: its check is wrong, or it is no frame. Then only `raw` patterns can fit.
    pub content: Option<&'a [u8]>,
    /// All its bytes.
    pub whole: &'a [u8],
    /// The record in which it ends.
    pub record: Option<u64>,
    /// Its place among the frames that end in this record, from 0.
    pub index: u32,
}

/// What a rule wants done.
#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    /// The rule: its index in the set.
    pub rule: usize,
    /// The record of the frame that the rule answers.
    pub record: Option<u64>,
    /// What.
    pub what: Act,
    /// Of a body that began under other rules: the line of the statement in their file, and what is written there.
    pub written: Option<(usize, String)>,
}

impl Output {
    pub(super) fn of(rule: usize, record: Option<u64>, what: Act) -> Self {
        Self { rule, record, what, written: None }
    }
}

/// Kinds of [`Output`].
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// Whether a rule took a frame. Each frame gets this once, unless the rules stopped or the connection ended before. What a rule
    /// `also` acts on goes on.
    Decided {
        /// [`Received::index`].
        index: u32,
        /// A rule took it.
        is_taken: bool,
    },
    /// Send these bytes on the connection, or to all.
    Send {
        /// The bytes on the wire.
        bytes: Arc<[u8]>,
        /// `to all`.
        to_all: bool,
    },
    /// End the connection.
    End(EndHow),
    /// End the session.
    Stop,
    /// `note "…"`.
    Note(String),
    /// `fail "…"`, or a `check` that is false (without text). The rest of the rule's body is not run.
    Failed {
        /// The text.
        text: String,
        /// The statement.
        span: Span,
    },
    /// Something cannot be carried out. The rest of the rule's body is not run.
    Fault(Fault),
    /// Two automatic sides answer each other: the peer has sent back each of the last answers, [`LOOP_LIMIT`] times in a row and
    /// within [`LOOP_WITHIN`], or its other end found so. The rules of this connection do nothing any more.
    LoopStopped,
}

impl Act {
    /// Bytes to send.
    fn bytes(&self) -> usize {
        if let Self::Send { bytes, .. } = self { bytes.len() } else { 0 }
    }
}

/// Instead of the index of a rule: the register table answered.
pub const SERVED: usize = usize::MAX;
/// After this many answers in a row that came back unchanged, the rules of a connection stop.
pub const LOOP_LIMIT: u32 = 10_000;
/// They came back within this time: a device that repeats a write command has pauses.
pub const LOOP_WITHIN: Duration = Duration::from_secs(20);
/// Most memory of the values that the rules of one connection set, in bytes.
pub const MOST_STATE: usize = 1 << 20;
/// Most frames that wait behind a `wait` before the connection takes no more.
pub const MOST_WAITING: usize = 1024;
/// The same in bytes.
pub const MOST_WAITING_BYTES: usize = 1 << 20;
