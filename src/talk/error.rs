//! What can be wrong with a talk file. The sentences are in `words`.

use super::eval::{Fault, FaultKind};
use super::tree::{Span, UsedText};
use crate::codec::{PatternError, RuleError};
use crate::model::{EndpointError, GroupError, OptionForm};
use std::sync::Arc;

/// Something wrong at one place of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// What.
    pub kind: ErrorKind,
    /// Where.
    pub span: Span,
}

/// What was read instead of what was meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// A word or a sign, as written, cut if it is long.
    Text(String),
    /// The line ends.
    EndOfLine,
    /// The file ends.
    EndOfFile,
}

/// What the grammar asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Expected {
    /// One of these words or signs.
    OneOf(&'static [&'static str]),
    /// A name.
    Name,
    /// A text in quotes.
    Text,
    /// A time such as `20ms`, or a name.
    Time,
    /// A whole number.
    Whole,
    /// A value: a number, a text, a name, a function or parentheses.
    Value,
    /// Something to send.
    Item,
    /// Something to expect.
    Pattern,
    /// A word.
    Word,
    /// An address.
    Address,
    /// A type such as `u16`.
    Type,
    /// A format such as `04`, `.3` or `02X`.
    Format,
    /// `dec`, `num` or `hex`.
    Reading,
    /// A statement.
    Statement,
    /// The end of the statement.
    EndOfStatement,
}

/// What a name names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Named {
    /// A variable.
    Var,
    /// A session.
    Session,
    /// A rule.
    Rule,
    /// A part.
    Part,
    /// A file that is used.
    File,
    /// A parameter.
    Parameter,
}

/// What a value is, as far as the file says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ValueKind {
    /// A number.
    Number,
    /// A text.
    Text,
    /// True or false.
    Truth,
    /// Bytes.
    Bytes,
}

/// Kinds of [`Error`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    // Characters and words
    /// A full-width character outside of quotes.
    FullWidth {
        /// As read.
        found: char,
        /// The character that is meant.
        twin: char,
    },
    /// The grammar asks for something else here.
    Unexpected {
        /// As read.
        found: Found,
        /// What is meant.
        expected: Expected,
    },
    /// No statement begins with this word.
    UnknownWord {
        /// As read.
        word: String,
        /// A word that is written nearly the same.
        near: Option<&'static str>,
    },
    /// Something to send without the `>` before it.
    NoArrow,
    /// `else` begins a line.
    ElseOnNewLine,
    /// A word of the language as a name.
    ReservedName(String),
    /// A word of the second level.
    NotYet(String),
    /// A version of the language that this program does not know.
    Version(u64),
    /// `talk` behind something else.
    VersionNotFirst,
    // Braces and quotes
    /// A `}` is missing: a top word or the end of the file comes first.
    MissingBrace {
        /// The `{`.
        opened: Span,
    },
    /// A `}` that closes nothing.
    ExtraBrace,
    /// The quote is not closed on its line.
    UnclosedText(char),
    /// The `/` is not closed on its line.
    UnclosedRegex,
    /// The `}}` of a field is missing.
    UnclosedField,
    /// Too many braces or parentheses in each other.
    TooDeep,
    /// Too many operators in one expression.
    TooManyOperators,
    // Bytes and texts
    /// Unknown or incomplete escape.
    BadEscape(String),
    /// A character in hex that is no digit.
    BadHex {
        /// The group of digits.
        digits: String,
        /// The character.
        character: char,
    },
    /// An odd number of digits.
    OddHex(String),
    /// `??`, `*`, `{{?…}}` or a regex in what is sent.
    PatternOnly(String),
    /// A regex beside other items, or a second one.
    RegexAlone,
    /// An unknown flag behind a regex.
    RegexFlag(char),
    /// A regex that is none.
    BadRegex(PatternError),
    // Numbers
    /// A number that is none, or too large.
    BadNumber(String),
    /// A time without a unit.
    NoUnit(String),
    /// A unit that is none.
    UnknownUnit(String),
    // Meaning
    /// An option twice.
    OptionTwice(String),
    /// An unknown option.
    UnknownOption {
        /// As read.
        option: String,
        /// An option that is written nearly the same.
        near: Option<&'static str>,
    },
    /// The value of a socket option does not have its form.
    BadSocketOption {
        /// As read.
        value: String,
        /// Its form.
        form: OptionForm,
    },
    /// A name that is set nowhere.
    UnsetName {
        /// As read.
        name: String,
        /// A known name that is written nearly the same.
        near: Option<String>,
    },
    /// A function that does not exist.
    UnknownFunction {
        /// As read.
        name: String,
        /// A function that is written nearly the same.
        near: Option<&'static str>,
    },
    /// The number of arguments is wrong.
    Arguments {
        /// The function.
        function: String,
        /// How many there are.
        given: usize,
        /// Least number.
        least: usize,
        /// Largest number.
        most: usize,
    },
    /// A session of this name does not exist.
    UnknownSession {
        /// As read.
        name: String,
        /// A session that is written nearly the same.
        near: Option<String>,
    },
    /// The file has several sessions and the line names none.
    WhichSession {
        /// The first of them.
        first: String,
    },
    /// Several sessions, and one of them has no name.
    UnnamedSession,
    /// Two things of one name.
    Duplicate {
        /// What they are.
        what: Named,
        /// The name.
        name: String,
        /// The first one.
        first: Span,
    },
    /// The rule of the session sends a line end, and the text ends with one as well.
    LineEndTwice {
        /// The rule.
        rule: String,
    },
    /// A type of bytes as the format of a field in a text.
    TypeInText(String),
    /// The value does not fit the type.
    DoesNotFit {
        /// The value, as written.
        value: String,
        /// The type, as written.
        form: String,
    },
    /// A value of the wrong kind.
    WrongKind {
        /// What it is.
        found: ValueKind,
        /// What it should be.
        expected: ValueKind,
    },
    /// A framing rule or check that is none.
    BadRule(RuleError),
    /// An address that is none.
    BadAddress(EndpointError),
    /// A multicast group that is none.
    BadGroup(GroupError),
    /// An encoding that does not exist.
    UnknownEncoding(String),
    /// A statement that rules cannot hold.
    NotInRule(String),
    /// A rule on bytes of a stream that is not cut into frames.
    RuleNeedsFrame,
    /// A variable, rule or pattern of the file has no value or cannot be compiled.
    Fault(FaultKind),
    /// Something is wrong with a file that this one uses.
    InUsed {
        /// The file.
        file: Arc<UsedText>,
        /// What, and where in it.
        error: Box<Error>,
    },
    /// A file that uses itself, or that a file uses which it uses.
    UsesItself(String),
    /// More files are used than this.
    TooManyFiles(usize),
    /// A transfer on a session of another role, or not over TCP.
    TransferSession {
        /// `get`, `put`, `serve` or `receive`.
        word: &'static str,
        /// The role that it needs.
        role: &'static str,
    },
    /// A statement that belongs outside of steps and blocks.
    OutsideOfSteps(&'static str),
    /// A statement that stores files, which the user has not allowed.
    MayNotStore(&'static str),
    /// Words that exclude each other.
    Excludes {
        /// The one.
        one: &'static str,
        /// The other.
        other: &'static str,
    },
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        match fault.kind {
            FaultKind::InUsed { file, fault: inner } => {
                Self { kind: ErrorKind::InUsed { file, error: Box::new((*inner).into()) }, span: fault.span }
            }
            kind => Self { kind: ErrorKind::Fault(kind), span: fault.span },
        }
    }
}

impl ErrorKind {
    /// A second place that belongs to the error.
    #[must_use]
    pub fn related(&self) -> Option<Span> {
        match self {
            Self::MissingBrace { opened } => Some(*opened),
            Self::Duplicate { first, .. } => Some(*first),
            _ => None,
        }
    }
}
