//! What can go wrong while a file is carried out. The sentences are in `words`.

use super::value::Kind;
use crate::codec::EncodeError;
use crate::codec::framing::BuildError;
use crate::talk::tree::{Span, UsedText};
use std::sync::Arc;

/// Something that failed at one place of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What.
    pub kind: FaultKind,
    /// Where.
    pub span: Span,
}

impl Fault {
    /// A fault at a place.
    #[must_use]
    pub fn new(kind: FaultKind, span: Span) -> Self {
        Self { kind, span }
    }

    /// The fault of a used file as one of the file that uses it by the line `span`.
    #[must_use]
    pub fn in_used(self, file: Option<&Arc<UsedText>>, span: Span) -> Self {
        match file {
            None => self,
            Some(file) => {
                let (file, fault) = (file.clone(), Box::new(self));
                Self { kind: FaultKind::InUsed { file, fault }, span }
            }
        }
    }
}

/// Kinds of [`Fault`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// Something failed in a file that this one uses.
    InUsed {
        /// The file.
        file: Arc<UsedText>,
        /// What, and where in it.
        fault: Box<Fault>,
    },
    /// A name without a value.
    UnsetName(String),
    /// A function that does not exist, or that this version cannot run yet.
    UnknownFunction(String),
    /// The wrong number of arguments.
    Arguments {
        /// The function.
        function: String,
        /// Number of arguments.
        given: usize,
    },
    /// A value of the wrong kind.
    WrongKind {
        /// The value, as in messages.
        value: String,
        /// Its kind.
        found: Kind,
        /// The kind that is needed.
        expected: Kind,
    },
    /// Two values that cannot be compared or added.
    Mixed {
        /// Left of the operator.
        left: Kind,
        /// Right of the operator.
        right: Kind,
    },
    /// The result is too large for a number.
    Overflow,
    /// A division by zero.
    ZeroDivisor,
    /// The result is longer than a value may be.
    TooLong {
        /// The limit, in bytes.
        most: usize,
    },
    /// A position outside of the value.
    OutOfRange {
        /// The position.
        at: i128,
        /// Length of the value.
        len: usize,
    },
    /// The value does not fit the type.
    DoesNotFit {
        /// The value, as in messages.
        value: String,
        /// The type, as written.
        form: String,
    },
    /// A number outside of quotes needs a type.
    NeedsType(String),
    /// A character that does not exist in the encoding of the session.
    Encode(EncodeError),
    /// The regular expression is invalid. The text is the library's, in English.
    BadRegex(String),
    /// A regular expression that a stream without frames cannot search for: `\b` of Unicode.
    StreamRegex,
    /// A check that does not exist.
    UnknownCheck(String),
    /// The check finds no bytes to cover, or its value is not behind them.
    CheckPlace(String),
    /// A type that `pack` and `unpack` do not know.
    UnknownType(String),
    /// A format of a time that does not exist. The text is the library's, in English.
    BadTimeFormat(String),
    /// The text is not JSON.
    NotJson,
    /// The JSON has no such entry.
    NoJsonEntry(String),
    /// The environment has no such variable.
    NoEnvironment(String),
    /// The value is not known here: `port` of a session that is not open, `cert` without TLS.
    NotAvailable(String),
    /// A path that leaves the folder of the file.
    PathOutside(String),
    /// The file cannot be read.
    Unreadable {
        /// The path as written.
        path: String,
        /// The cause.
        kind: std::io::ErrorKind,
    },
    /// The framing rule has no frame with this content.
    Build(BuildError),
    /// Something that may only be in a pattern.
    PatternOnly,
    /// The pattern has too many parts of open length.
    TooManyOpen {
        /// The limit.
        most: usize,
    },
    /// Matching the pattern takes too much work.
    TooMuchWork,
    /// The values of a connection take too much memory.
    TooMuchState {
        /// The limit, in bytes.
        most: usize,
    },
    /// A row of a register table that is none.
    BadTable {
        /// Its line in the table, counted from 1.
        line: usize,
        /// What is written there.
        written: String,
    },
    /// A statement that a rule cannot hold.
    NotInRule(String),
    /// A time that is negative or too long.
    BadTime(String),
    /// A count that is negative or not whole.
    BadCount(String),
}
