//! The program with the window; on systems other than Windows with the command line too. Parses the arguments, picks the front end,
//! returns an exit code; nothing else.

// A console window behind the window would stay open as long as it. The command line is `console.rs` there.
#![cfg_attr(all(windows, feature = "gui"), windows_subsystem = "windows")]

use std::process::ExitCode;
use wirebench::cli::{self, Outcome, Program};
use wirebench::settings::Startup;

fn main() -> ExitCode {
    let program = if cfg!(all(windows, feature = "gui")) { Program::Window } else { Program::Whole };
    cli::show_diagnostics();
    match cli::run(std::env::args_os(), program) {
        Outcome::Window(startup) => window(*startup),
        Outcome::Refused(sentence) => refused(&sentence),
        Outcome::Done(code) => code,
    }
}

#[cfg(feature = "gui")]
fn window(startup: Startup) -> ExitCode {
    wirebench::gui::run(startup)
}

#[cfg(not(feature = "gui"))]
#[expect(clippy::needless_pass_by_value, reason = "the same shape as with the window")]
fn window(startup: Startup) -> ExitCode {
    cli::without_window(&startup)
}

#[cfg(feature = "gui")]
fn refused(sentence: &str) -> ExitCode {
    wirebench::gui::refuse(sentence);
    cli::wrong_usage_code()
}

#[cfg(not(feature = "gui"))]
fn refused(sentence: &str) -> ExitCode {
    eprintln!("{sentence}");
    cli::wrong_usage_code()
}
