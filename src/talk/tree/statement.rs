//! Statements.

use super::content::{Item, Pattern, Text};
use super::expr::{Expr, Path};
use super::span::{Name, Span, Spanned};
use crate::codec::FramingRule;
use std::time::Duration;

/// A statement.
#[derive(Clone, Debug, PartialEq)]
pub struct Stmt {
    /// What it does.
    pub kind: StmtKind,
    /// From its first to its last token.
    pub span: Span,
}

/// Kinds of [`Stmt`].
#[derive(Clone, Debug, PartialEq)]
pub enum StmtKind {
    /// `> …`.
    Send(Send),
    /// `< … [within D] [else …]`.
    Await {
        /// What must come.
        what: Await,
        /// The time for it.
        within: Option<Time>,
        /// What to do if it does not come.
        otherwise: Option<Otherwise>,
    },
    /// `check EXPR [else …]`.
    Check {
        /// What must be true.
        condition: Expr,
        /// What to do if it is not.
        otherwise: Option<Otherwise>,
    },
    /// `fail "…"`.
    Fail(Text),
    /// `note "…"`.
    Note(Text),
    /// `wait D`.
    Wait(Time),
    /// `one of`, `all of`, `gather`.
    Cases(Cases),
    /// `set NAME = EXPR`.
    Set {
        /// The name.
        name: Name,
        /// Its new value.
        value: Expr,
    },
    /// `bytes NAME = ITEM …` (second level).
    Bytes {
        /// The name.
        name: Name,
        /// The bytes, as in a send.
        items: Vec<Item>,
    },
    /// `sample NAME = EXPR`: adds to a series of the run (second level).
    Sample {
        /// The series.
        name: Name,
        /// The value to add.
        value: Expr,
    },
    /// `open [NAME] …`.
    Open(OpenStmt),
    /// `stop [NAME]`: ends the session and its listener.
    Stop(Option<Name>),
    /// `close`, `reset`, `shutdown`.
    End(End),
    /// `repeat …`.
    Repeat(Repeat),
    /// `for …` (second level).
    For(For),
    /// `if …` (second level).
    If(If),
    /// `clients …` (second level).
    Clients(Clients),
    /// `do PART(…)` (second level).
    Do {
        /// The part, `NAME` or `FILE.NAME`.
        part: Path,
        /// Its arguments.
        arguments: Vec<Expr>,
    },
    /// `get`, `put`, `serve`, `receive`.
    Transfer(Transfer),
}

/// `{ … }`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Block {
    /// Its statements.
    pub stmts: Vec<Stmt>,
    /// With the braces.
    pub span: Span,
}

/// `> [NAME:] [raw] ITEM … [to WORD]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Send {
    /// The session; `None`: the only one, in a rule its connection.
    pub session: Option<Name>,
    /// `raw`: the bytes on the wire, without the framing rule.
    pub raw: Option<Span>,
    /// What is sent; never empty.
    pub items: Vec<Item>,
    /// `to all`, `to 3`, `to IP:PORT`.
    pub to: Option<Text>,
}

/// `< [NAME:] …`, without its time and its `else`.
#[derive(Clone, Debug, PartialEq)]
pub struct Await {
    /// The session; `None`: the only one.
    pub session: Option<Name>,
    /// What must come.
    pub kind: AwaitKind,
    /// From `<` to the last token.
    pub span: Span,
}

/// Kinds of [`Await`].
#[derive(Clone, Debug, PartialEq)]
pub enum AwaitKind {
    /// Bytes that fit.
    Pattern(Box<Pattern>),
    /// `silence D`: no byte for this long.
    Silence(Time),
    /// `open [from WORD]`: a connection.
    Open {
        /// Only from this peer.
        from: Option<Text>,
    },
    /// `close [fin|rst|timeout|tls] [from WORD]`: the end of a connection.
    Close {
        /// How it must end; `None`: in any way.
        how: Option<Spanned<CloseHow>>,
        /// Only of this peer.
        from: Option<Text>,
    },
}

/// How a connection ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CloseHow {
    /// The peer closes it.
    Fin,
    /// The peer resets it.
    Rst,
    /// The peer does not answer any more.
    Timeout,
    /// TLS fails.
    Tls,
}

/// `else continue`, `else stop`, `else { … }`.
#[derive(Clone, Debug, PartialEq)]
pub struct Otherwise {
    /// What to do.
    pub kind: OtherwiseKind,
    /// From `else` to the last token.
    pub span: Span,
}

/// Kinds of [`Otherwise`].
#[derive(Clone, Debug, PartialEq)]
pub enum OtherwiseKind {
    /// Notes the failure and goes on.
    Continue,
    /// Ends the run.
    Stop,
    /// Runs the block; this is no failure.
    Block(Block),
}

/// A time.
#[derive(Clone, Debug, PartialEq)]
pub struct Time {
    /// As written.
    pub kind: TimeKind,
    /// Its place.
    pub span: Span,
}

/// Kinds of [`Time`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TimeKind {
    /// `20ms`.
    Fixed(Duration),
    /// A name, whose value counts as seconds.
    Name(String),
}

/// `one of`, `all of`, `gather` with their lines.
#[derive(Clone, Debug, PartialEq)]
pub struct Cases {
    /// Which of the lines must come.
    pub kind: CasesKind,
    /// The lines, in order.
    pub arms: Vec<CaseArm>,
    /// `else { … }`: time is up. In `one of` only.
    pub otherwise: Option<Block>,
    /// With the braces.
    pub block: Span,
}

/// Kinds of [`Cases`].
#[derive(Clone, Debug, PartialEq)]
pub enum CasesKind {
    /// `one of [within D]`: the first frame that fits a line.
    One {
        /// The time for it.
        within: Option<Time>,
    },
    /// `all of [within D]`: each line once, in any order (second level).
    All {
        /// The time for all.
        within: Option<Time>,
    },
    /// `gather D [as NAME]`: all that fits in that time (second level).
    Gather {
        /// How long.
        time: Time,
        /// The name that counts the matches.
        name: Option<Name>,
    },
}

/// One line of [`Cases`].
#[derive(Clone, Debug, PartialEq)]
pub struct CaseArm {
    /// What must come.
    pub what: Await,
    /// What is done then.
    pub body: Option<Block>,
}

/// `open [NAME] [fails [HOW]] [within D]`.
#[derive(Clone, Debug, PartialEq)]
pub struct OpenStmt {
    /// The session; `None`: the only one.
    pub session: Option<Name>,
    /// `fails`: opening must fail.
    pub fails: Option<Span>,
    /// In which way; `None`: in any.
    pub how: Option<Spanned<OpenFailure>>,
    /// The time for it.
    pub within: Option<Time>,
}

/// How opening fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum OpenFailure {
    /// Nobody listens there.
    Refused,
    /// No answer.
    Timeout,
    /// TLS fails.
    Tls,
    /// No way there.
    Unreachable,
}

/// `close|reset|shutdown [NAME] [to WORD]`.
#[derive(Clone, Debug, PartialEq)]
pub struct End {
    /// How.
    pub how: EndHow,
    /// The session; `None`: the only one, in a rule its connection.
    pub session: Option<Name>,
    /// Which connection, as in a send.
    pub to: Option<Text>,
}

/// How a connection is ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EndHow {
    /// Sends and reads what is there, then ends.
    Close,
    /// With a reset.
    Reset,
    /// Closes our half.
    Shutdown,
}

/// `repeat [VALUE] [every D] [until EXPR] { … }`.
#[derive(Clone, Debug, PartialEq)]
pub struct Repeat {
    /// How often; `None`: for ever.
    pub count: Option<Expr>,
    /// From start to start.
    pub every: Option<Time>,
    /// Ends once this is true.
    pub until: Option<Expr>,
    /// What is repeated.
    pub body: Block,
}

/// `for NAME, … in … { … }`.
#[derive(Clone, Debug, PartialEq)]
pub struct For {
    /// The names that each round sets; never empty.
    pub names: Vec<Name>,
    /// The rounds.
    pub source: ForSource,
    /// What is done in each.
    pub body: Block,
}

/// What the rounds of a [`For`] take.
#[derive(Clone, Debug, PartialEq)]
pub enum ForSource {
    /// `(1, "a"), (2, "b")`.
    Tuples(Vec<Spanned<Vec<Expr>>>),
    /// A name.
    Name(Name),
    /// `csv "FILE"`.
    Csv(Text),
}

/// `if EXPR { … } [else if EXPR { … }] [else { … }]`.
#[derive(Clone, Debug, PartialEq)]
pub struct If {
    /// The conditions in order, each with its block; never empty.
    pub branches: Vec<(Expr, Block)>,
    /// What is done if none is true.
    pub otherwise: Option<Block>,
}

/// `clients VALUE [over D] [as NAME] { … }`.
#[derive(Clone, Debug, PartialEq)]
pub struct Clients {
    /// How many copies.
    pub count: Expr,
    /// The time over which they start.
    pub over: Option<Time>,
    /// The name that holds the number of a copy.
    pub name: Option<Name>,
    /// What each does.
    pub body: Block,
}

/// `get|put|serve|receive [NAME:] STR WORD …`, `serve modbus-tcp|modbus-rtu STR`.
#[derive(Clone, Debug, PartialEq)]
pub struct Transfer {
    /// What is done.
    pub kind: TransferKind,
    /// The session; `None`: the only one.
    pub session: Option<Name>,
    /// The name or folder; of a Modbus server the file with its registers.
    pub what: Text,
    /// The words behind it.
    pub options: Vec<Text>,
}

/// Kinds of [`Transfer`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TransferKind {
    /// `get`: downloads.
    Get,
    /// `put`: uploads.
    Put,
    /// `serve`: answers as a server.
    Serve(ServeKind),
    /// `receive`: takes uploads.
    Receive,
}

impl TransferKind {
    /// The kind of Modbus server that it is.
    #[must_use]
    pub fn modbus(self) -> Option<ServeKind> {
        match self {
            Self::Serve(kind @ (ServeKind::ModbusTcp | ServeKind::ModbusRtu)) => Some(kind),
            _ => None,
        }
    }
}

impl Stmt {
    /// The transfer, if it is `serve` or `receive` of files, which lasts as long as its session.
    #[must_use]
    pub fn lasting(&self) -> Option<&Transfer> {
        match &self.kind {
            StmtKind::Transfer(transfer)
                if matches!(transfer.kind, TransferKind::Serve(ServeKind::Files) | TransferKind::Receive) =>
            {
                Some(transfer)
            }
            _ => None,
        }
    }

    /// The kind of Modbus server that it is.
    #[must_use]
    pub fn modbus(&self) -> Option<ServeKind> {
        if let StmtKind::Transfer(transfer) = &self.kind { transfer.kind.modbus() } else { None }
    }
}

/// What `serve` serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ServeKind {
    /// Files of a folder.
    Files,
    /// Modbus TCP with a register table.
    ModbusTcp,
    /// Modbus RTU with a register table.
    ModbusRtu,
}

impl ServeKind {
    /// The framing rule of a Modbus server, for a session that names none.
    #[must_use]
    pub fn framing(self) -> Option<FramingRule> {
        match self {
            Self::Files => None,
            Self::ModbusTcp => "modbus-tcp".parse().ok(),
            Self::ModbusRtu => "rtu".parse().ok(),
        }
    }
}
