//! The command-line front end: `listen`, `connect`, `captures`. Arguments are parsed as strings (`args`), resolved into a checked
//! `plan`, and only then executed. Standard output and exit codes are a stable interface.

mod args;
mod captures;
mod catalogues;
mod cert;
mod conditions;
mod dump;
mod export;
mod files;
mod frames;
mod help;
mod local;
mod local_time;
mod out;
mod plan;
mod printer;
mod program;
mod run;
mod sends;
mod sequence;
mod session;
mod signals;
mod start;
mod streams;
mod talk_source;
mod unreadable;
mod usage;
mod values;

use crate::settings::Startup;
use crate::words::Lang;
use args::Arguments;
use clap::FromArgMatches;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use out::{StandardOut, say};
use plan::Plan;
pub use program::Program;
use std::ffi::OsString;
use std::process::ExitCode;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use usage::UsageError;

/// Exit code of wrong usage.
const WRONG_USAGE: u8 = 2;

/// What remains to be done after the arguments were processed.
#[derive(Debug)]
pub enum Outcome {
    /// Open the window.
    Window(Box<Startup>),
    /// This program is the window and the arguments are for the command line, or wrong: show this and end with
    /// [`wrong_usage_code`].
    Refused(String),
    /// Everything is done: exit with this code.
    Done(ExitCode),
}

/// Parses the arguments of the process (its name first) and runs everything that needs no window.
#[must_use]
pub fn run(arguments: impl IntoIterator<Item = OsString>, program: Program) -> Outcome {
    program.runs();
    // Also for the window, which is opened later.
    crate::jobs::outlive_file_size_limit();
    // Before parsing, so that zones of IPv6 addresses can be read and shown by name.
    crate::engine::know_interfaces();
    if let Some(path) = crate::settings::origin_file() {
        crate::capture::keep_origin_at(path);
    }
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let lang = plan::language(&arguments);
    let parsed =
        help::command(lang)
            .try_get_matches_from(&arguments)
            .or_else(|error| {
                if is_help(&error) { help::command(lang).try_get_matches_from(asking(arguments)) } else { Err(error) }
            })
            .and_then(|matches| Arguments::from_arg_matches(&matches).map(|arguments| (arguments, matches)));
    let resolved = match parsed {
        Ok((arguments, matches)) => plan::resolve(arguments, &matches, lang),
        Err(error) if program == Program::Window => return Outcome::Refused(not_parsed_by_window(&error, lang)),
        Err(error) => return Outcome::Done(not_parsed(&error, lang)),
    };
    match (resolved, program) {
        (Ok(Plan::Window(startup)), _) => Outcome::Window(Box::new(startup)),
        (Ok(_), Program::Window) => Outcome::Refused(lang.texts().command_line_elsewhere().to_owned()),
        (Err(error), Program::Window) => Outcome::Refused(error.sentence(lang)),
        (Ok(plan), _) => Outcome::Done(carry_out(plan)),
        (Err(error), _) => Outcome::Done(wrong_usage(&error, lang)),
    }
}

fn carry_out(plan: Plan) -> ExitCode {
    match plan {
        // Opened by the caller of `run`.
        Plan::Window(startup) => without_window(&startup),
        Plan::Session(plan) => session::run(*plan),
        Plan::Run(plan) => run::run(&plan),
        Plan::Cert(plan) => cert::run(&plan),
        Plan::Local { tool, json, lang } => local::run(&tool, json, lang),
        Plan::Catalogue { catalogue, json, lang } => catalogues::run(catalogue, json, lang),
        Plan::Captures { common, command, follow_files } => captures::run(&common, *command, follow_files),
    }
}

/// Whether the word `help` was given in place of a command.
fn is_help(error: &clap::Error) -> bool {
    let word = error.get(ContextKind::InvalidSubcommand);
    matches!(word, Some(ContextValue::String(word)) if word == "help")
}

/// Converts `help WORDS` to `WORDS --help`.
fn asking(arguments: Vec<OsString>) -> Vec<OsString> {
    let mut asking: Vec<OsString> = arguments.into_iter().filter(|word| word != "help").collect();
    asking.push("--help".into());
    asking
}

/// Reports that a build without the feature `gui` has no window.
#[must_use]
pub fn without_window(startup: &Startup) -> ExitCode {
    let lang = startup.lang.unwrap_or_else(Lang::of_system);
    let reason = match Program::running() {
        Program::Console => lang.texts().window_elsewhere(),
        Program::Whole | Program::Window => lang.texts().built_without_window(),
    };
    wrong_usage(&UsageError::option("gui", reason), lang)
}

/// For developers: `WIREBENCH_LOG=wirebench=debug` shows the program's own diagnostics on standard error.
pub fn show_diagnostics() {
    let targets = std::env::var("WIREBENCH_LOG").ok().and_then(|targets| targets.parse::<Targets>().ok());
    if let Some(targets) = targets {
        let output = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
        tracing_subscriber::registry().with(output.with_filter(targets)).init();
    }
}

/// The exit code of wrong usage.
#[must_use]
pub fn wrong_usage_code() -> ExitCode {
    ExitCode::from(WRONG_USAGE)
}

fn wrong_usage(error: &UsageError, lang: Lang) -> ExitCode {
    say(&error.sentence(lang));
    ExitCode::from(WRONG_USAGE)
}

/// Likewise for a program without a visible standard output.
fn not_parsed_by_window(error: &clap::Error, lang: Lang) -> String {
    let elsewhere = lang.texts().command_line_elsewhere();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => elsewhere.to_owned(),
        _ => format!("{}\n{elsewhere}", usage::clap_sentence(error, lang)),
    }
}

/// Prints help or version, or an error in the arguments.
fn not_parsed(error: &clap::Error, lang: Lang) -> ExitCode {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            let mut out = StandardOut::default();
            out.push(help::rendered(&error.render().to_string(), lang).as_bytes());
            out.flush();
            ExitCode::SUCCESS
        }
        _ => {
            say(&usage::clap_sentence(error, lang));
            ExitCode::from(WRONG_USAGE)
        }
    }
}
