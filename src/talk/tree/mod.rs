//! The syntax tree of a talk file: plain data, one type for each part of the grammar, each with its place in the source.
//!
//! The tree holds what the file says, not how it is laid out: comments, blank lines and the way a number is written are only in the
//! source text, which the editor keeps. The tree covers the complete grammar. Statements that this version cannot run yet are in it
//! as well; the parser reports them as errors.
//!
//! ```text
//! File -> Top: var, use, group, session, part, step, rule, or a statement outside of a step ("loose")
//! Step, Rule, Part -> Stmt: send, await, check, cases, repeat ...        (statement)
//! Stmt -> Item, Pattern, Text: what is sent and what is expected        (content)
//!      -> Expr: values and conditions                                    (expr)
//! ```

mod content;
mod expr;
mod span;
mod statement;
mod walk;

pub use content::{
    Capture, Float, Format, FormatKind, HexByte, Insert, Int, Item, ItemKind, Match, Pattern, Reading, Regex, Text,
    TextPiece, Type,
};
pub use expr::{BinaryOp, Expr, ExprKind, Number, Path, UnaryOp};
pub use span::{Name, Span, Spanned};
pub use statement::{
    Await, AwaitKind, Block, CaseArm, Cases, CasesKind, Clients, CloseHow, End, EndHow, For, ForSource, If,
    OpenFailure, OpenStmt, Otherwise, OtherwiseKind, Repeat, Send, ServeKind, Stmt, StmtKind, Time, TimeKind, Transfer,
    TransferKind,
};
pub use walk::{Visitor, walk_expr, walk_rule, walk_statements, walk_step, walk_text};

use std::collections::BTreeSet;
use std::sync::Arc;

/// A whole file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct File {
    /// `talk 1`: the version of the language; `None` is version 1.
    pub version: Option<Spanned<u64>>,
    /// Everything else, in the order of the source.
    pub tops: Vec<Top>,
}

impl File {
    /// The Modbus server that the file is.
    #[must_use]
    pub fn modbus(&self) -> Option<ServeKind> {
        self.tops.iter().find_map(|top| if let TopKind::Loose(stmt) = &top.kind { stmt.modbus() } else { None })
    }
}

/// One entry at the top of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Top {
    /// What it is.
    pub kind: TopKind,
    /// From its first word (`off` included) to its last token.
    pub span: Span,
}

/// Kinds of [`Top`].
#[derive(Clone, Debug, PartialEq)]
pub enum TopKind {
    /// `var NAME = EXPR`.
    Var(Var),
    /// `use "FILE" [as NAME]`.
    Use(Use),
    /// `group "TITLE"`: a heading in the list. It lasts to the next heading, and ends the step before it.
    Group(Text),
    /// `session …`.
    Session(Session),
    /// `part NAME(…) { … }` (second level).
    Part(Part),
    /// `[off] step "NAME" …` with the statements up to the next top word.
    Step(Step),
    /// `[off] on …`.
    Rule(Rule),
    /// A statement outside of a step, such as a quick command `> "…"`.
    Loose(Stmt),
}

/// `var NAME = EXPR`: one value for the whole run, which `--var` may replace.
#[derive(Clone, Debug, PartialEq)]
pub struct Var {
    /// Its name.
    pub name: Name,
    /// Its value.
    pub value: Expr,
}

/// `use "FILE" [as NAME]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Use {
    /// The file, relative to the folder of this one.
    pub path: Text,
    /// The name before the dot: `NAME.thing`.
    pub name: Option<Name>,
    /// The file, once it is read; `None` also if another line uses it already.
    pub file: Option<Arc<Used>>,
}

/// A file that another one uses.
#[derive(Clone, Debug, PartialEq)]
pub struct Used {
    /// Its path and text.
    pub text: Arc<UsedText>,
    /// What is in it.
    pub file: File,
    /// The names that have a value in it from outside of its steps and rules.
    pub names: BTreeSet<String>,
}

/// The text of a file that another one uses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsedText {
    /// Its path, seen from the folder of the first file.
    pub path: String,
    /// Its text.
    pub source: String,
}

/// `session [NAME] connect|listen|forward ENDPOINT [to ENDPOINT] [{ … }]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Session {
    /// Name in the lines of a file with several sessions.
    pub name: Option<Name>,
    /// Role.
    pub role: Spanned<Role>,
    /// The address as on the command line: `tcp://HOST:PORT`.
    pub endpoint: Text,
    /// Where `forward` connects onward.
    pub onward: Option<Text>,
    /// The options, in order.
    pub options: Vec<SessionOption>,
}

/// What a session does with its endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Connects to it.
    Connect,
    /// Listens on it.
    Listen,
    /// Listens on it and connects onward.
    Forward,
}

/// One line between the braces of a session: `frame modbus-tcp`, `reconnect 1s..30s tries 10`.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionOption {
    /// The first word.
    pub name: Name,
    /// The words and texts behind it.
    pub values: Vec<Argument>,
    /// The line, without comment.
    pub span: Span,
}

/// A word or a quoted text, where the grammar allows both.
#[derive(Clone, Debug, PartialEq)]
pub enum Argument {
    /// Without quotes. Single quotes in it and what they hold are kept as written.
    Word(Text),
    /// In quotes, its escapes resolved.
    Str(Text),
}

impl Argument {
    /// What it says.
    #[must_use]
    pub fn text(&self) -> &Text {
        match self {
            Self::Word(text) | Self::Str(text) => text,
        }
    }
}

/// `part NAME(PARAMETER, …) { … }`: statements that `do` runs (second level).
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Its name.
    pub name: Name,
    /// Its parameters.
    pub parameters: Vec<Name>,
    /// What it does.
    pub body: Block,
}

/// `[off] step "NAME" {options}` and its statements: a row of the list, a test case of the report.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// `off`: the step is kept but not run.
    pub off: Option<Span>,
    /// Its name.
    pub name: Text,
    /// `required`: if it fails, only `always` steps still run.
    pub required: Option<Span>,
    /// `always`: it runs even behind a failed required step.
    pub always: Option<Span>,
    /// `within D`: the time for each await of it.
    pub within: Option<Time>,
    /// `retry N [every D]`.
    pub retry: Option<Retry>,
    /// `key WORD`: the key that runs it in the window.
    pub key: Option<Text>,
    /// Its statements.
    pub body: Vec<Stmt>,
    /// The line of `step` (with `off`), without its statements.
    pub head: Span,
}

/// `retry N [every D]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Retry {
    /// How many more times a failed step is tried.
    pub times: Spanned<u64>,
    /// From start to start.
    pub every: Option<Time>,
}

/// `[off] on [also] [NAME:] … { … }`: what the program does by itself, for each connection.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// `off`: the rule is kept but does nothing.
    pub off: Option<Span>,
    /// `also`: the frame goes on to the following rules as well.
    pub also: Option<Span>,
    /// The session that the rule belongs to; `None`: the only one.
    pub session: Option<Name>,
    /// When it acts.
    pub trigger: Trigger,
    /// `limit N`: how often it acts, for each connection.
    pub limit: Option<Spanned<u64>>,
    /// `as NAME`: its name in the list, in the trace and in `hits(NAME)`.
    pub name: Option<Name>,
    /// What it does.
    pub body: Block,
    /// From its first word to the brace of its body, without it.
    pub head: Span,
}

/// When a rule acts.
#[derive(Clone, Debug, PartialEq)]
pub enum Trigger {
    /// On a frame that fits.
    Pattern(Box<Pattern>),
    /// When a connection opens.
    Open(Span),
    /// When a connection ends.
    Close(Span),
    /// When a connection has received nothing for this long.
    Idle(Time),
    /// Again and again, from start to start.
    Every(Time),
}
