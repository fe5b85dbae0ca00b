//! The help of the command line: texts by the names of commands and options.

/// The help of the command line.
pub trait Help {
    /// All help texts. A test of `cli` finds missing ones.
    fn help(&self) -> &'static HelpTexts;
}

/// The groups of options. Each has a heading in every table.
pub mod group {
    /// Arguments without a name.
    pub const WHERE: &str = "where";
    /// Options of every command.
    pub const ALL: &str = "all";
    /// The window.
    pub const WINDOW: &str = "window";
    /// Output.
    pub const SHOW: &str = "show";
    /// Sending.
    pub const SEND: &str = "send";
    /// Replies.
    pub const ANSWER: &str = "answer";
    /// Conditions that end a run.
    pub const END: &str = "end";
    /// Talk files.
    pub const RUN: &str = "run";
    /// Files.
    pub const FILES: &str = "files";
    /// File transfers.
    pub const TRANSFER: &str = "transfer";
    /// TLS.
    pub const TLS: &str = "tls";
    /// WebSocket.
    pub const WEBSOCKET: &str = "websocket";
    /// Socket options.
    pub const SOCKET: &str = "socket";
}

/// Pairs of a name and its text.
pub type Named = &'static [(&'static str, &'static str)];

/// The help in one language.
#[derive(Debug)]
pub struct HelpTexts {
    /// Heading before the usage line.
    pub usage: &'static str,
    /// Heading above the commands.
    pub commands_heading: &'static str,
    /// Translation of `[OPTIONS]` in clap's usage line.
    pub options_word: &'static str,
    /// Translation of `[COMMAND]` in clap's usage line.
    pub command_word: &'static str,
    /// Text below the options of the commands that open a session.
    pub after: &'static str,
    /// Headings, by the constants of [`group`].
    pub groups: Named,
    /// Commands, by name; the program itself is `wirebench`.
    pub commands: Named,
    /// Options, by the name of the field in `cli/args.rs`, or by command and field if one command differs: `show count`. `{forms}`
    /// is replaced by the export forms, `{forms of text}` by those that contain text.
    pub options: Named,
    /// Notes after the names of export forms.
    pub forms: Named,
    /// Pattern for an export form: `{name}` and `{note}`.
    pub form_of_file: &'static str,
    /// Separators of alternatives: between names, and before the last one.
    pub either: (&'static str, &'static str),
    /// Separators of a list: between names, and before the last one.
    pub all: (&'static str, &'static str),
}
