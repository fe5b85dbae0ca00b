//! Parses the arguments, selects the front end and returns an exit code; nothing else.

use std::process::ExitCode;
use tracing_subscriber::EnvFilter;
use wirebench::cli::{self, Outcome};
use wirebench::settings::Startup;

fn main() -> ExitCode {
    show_diagnostics();
    match cli::run(std::env::args_os()) {
        Outcome::Window(startup) => window(*startup),
        Outcome::Done(code) => code,
    }
}

/// For developers: `WIREBENCH_LOG=wirebench=debug` writes diagnostics to standard error.
fn show_diagnostics() {
    if let Ok(filter) = EnvFilter::try_from_env("WIREBENCH_LOG") {
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
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
