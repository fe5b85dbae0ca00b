//! The command line of Windows, `wirebench-cli.exe`; the window is `main.rs` there. Built with the feature `console`.

use std::process::ExitCode;
use wirebench::cli::{self, Outcome, Program};

fn main() -> ExitCode {
    cli::show_diagnostics();
    match cli::run(std::env::args_os(), Program::Console) {
        Outcome::Window(startup) => cli::without_window(&startup),
        Outcome::Refused(sentence) => {
            eprintln!("{sentence}");
            cli::wrong_usage_code()
        }
        Outcome::Done(code) => code,
    }
}
