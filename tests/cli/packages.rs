//! The Python of a virtual environment with the packages of PyPI that are peers and oracles of the tests.
//!
//! The packages are installed once, below the target directory. If PyPI is not reachable, their tests are skipped with a message on
//! standard error; with `CI=true` they fail.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

const REQUIREMENTS: &str = include_str!("oracles/requirements.txt");

/// The Python of the virtual environment; `None`: it cannot be created.
pub fn python_with_packages() -> Option<&'static Path> {
    static MADE: OnceLock<Result<PathBuf, String>> = OnceLock::new();
    match MADE.get_or_init(virtual_environment) {
        Ok(python) => Some(python),
        Err(why) => {
            assert!(std::env::var("CI").as_deref() != Ok("true"), "{why}");
            // Written directly, because libtest hides the output of a test that passes.
            let name = std::thread::current().name().unwrap_or_default().to_owned();
            writeln!(std::io::stderr(), "SKIPPED {name}: {why}").ok();
            None
        }
    }
}

/// Creates the environment, again if the requirements change. Only one process at a time does it.
fn virtual_environment() -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("oracles");
    fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let lock = fs::File::create(folder.join("lock")).map_err(|error| error.to_string())?;
    lock.lock().map_err(|error| error.to_string())?;
    let (environment, ready) = (folder.join("venv"), folder.join("ready"));
    let python = environment.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    if fs::read_to_string(&ready).is_ok_and(|made_of| made_of == REQUIREMENTS) && python.exists() {
        return Ok(python);
    }
    fs::remove_dir_all(&environment).ok();
    let requirements = folder.join("requirements.txt");
    fs::write(&requirements, REQUIREMENTS).map_err(|error| error.to_string())?;
    done(Command::new("python3").args(["-m", "venv"]).arg(&environment))?;
    let quiet = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"];
    let patience = ["--timeout", "15", "--retries", "1", "-r"];
    done(Command::new(&python).args(quiet).args(patience).arg(&requirements))?;
    fs::write(&ready, REQUIREMENTS).map_err(|error| error.to_string())?;
    Ok(python)
}

fn done(command: &mut Command) -> Result<(), String> {
    match command.output() {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr).trim())),
        Err(error) => Err(format!("{command:?}: {error}")),
    }
}
