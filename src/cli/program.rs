//! Which of the programs this is. Linux and macOS have one with both front ends. Windows has two, because a program with a console
//! window and one without are different kinds there: `wirebench.exe` is the window, `wirebench-cli.exe` the command line.

use std::sync::OnceLock;

/// The front ends of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Program {
    /// The window and the command line.
    Whole,
    /// The window without a console, whose output would be invisible.
    Window,
    /// The command line without the window.
    Console,
}

/// The program that runs. Help and hints name it.
static RUNNING: OnceLock<Program> = OnceLock::new();

impl Program {
    /// Remembers that this is the program that runs.
    pub(super) fn runs(self) {
        RUNNING.get_or_init(|| self);
    }

    /// The program that runs.
    pub(super) fn running() -> Self {
        RUNNING.get().copied().unwrap_or(Self::Whole)
    }

    /// The word that starts the command line.
    pub(super) fn command_name(self) -> &'static str {
        match self {
            Self::Whole => "wirebench",
            Self::Window | Self::Console => "wirebench-cli",
        }
    }
}
