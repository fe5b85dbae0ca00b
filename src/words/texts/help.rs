//! The help of the command line: words by the names of commands and options.

/// The help of the command line.
pub trait Help {
    /// All of it. A test of `cli` finds what is missing in it.
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
    /// What is shown, and how.
    pub const SHOW: &str = "show";
    /// What is sent.
    pub const SEND: &str = "send";
    /// What is answered.
    pub const ANSWER: &str = "answer";
    /// What ends a run.
    pub const END: &str = "end";
    /// Files.
    pub const FILES: &str = "files";
    /// Options of sockets.
    pub const SOCKET: &str = "socket";
}

/// Words by their names.
pub type Named = &'static [(&'static str, &'static str)];

/// The help in one language.
#[derive(Debug)]
pub struct HelpTexts {
    /// Before the usage line.
    pub usage: &'static str,
    /// Above the commands.
    pub commands_heading: &'static str,
    /// `[OPTIONS]` of clap's usage line.
    pub options_word: &'static str,
    /// `[COMMAND]` of clap's usage line.
    pub command_word: &'static str,
    /// Below the options of the commands that open a session.
    pub after: &'static str,
    /// By the constants of [`group`].
    pub groups: Named,
    /// By name; the program itself is `wirebench`.
    pub commands: Named,
    /// By the name of the field in `cli/args.rs`, or by command and field where one command differs: `show count`. `{forms}` are the
    /// forms of export, `{forms of text}` those that hold text.
    pub options: Named,
    /// What is said behind the names of forms of export.
    pub forms: Named,
    /// A form of export: `{name}` and `{note}`.
    pub form_of_file: &'static str,
    /// Between names of which one is chosen, and before the last.
    pub either: (&'static str, &'static str),
    /// Between names that all are meant, and before the last.
    pub all: (&'static str, &'static str),
}
