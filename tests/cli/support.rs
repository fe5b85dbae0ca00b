//! Starts the program and its peers, reads their output with deadlines, and stops what is left.

use serde_json::Value;
use std::ffi::{OsStr, OsString};
use std::io::{Read, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};
use wirebench::jobs::thread::spawn_named;

/// Time limit for events that should happen immediately.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// The program under test: what `WIREBENCH_PROGRAM` names, such as a script that starts the Windows program under wine; else the one
/// that cargo built with the tests.
pub fn program() -> OsString {
    std::env::var_os("WIREBENCH_PROGRAM").unwrap_or_else(|| env!("CARGO_BIN_EXE_wirebench").into())
}

/// A folder for the data and files of one test.
pub struct Bench {
    folder: tempfile::TempDir,
}

impl Bench {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder") }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, content).expect("a file");
        path
    }

    /// The program with `--data-dir` and English, not started.
    pub fn command<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Command {
        let mut command = Command::new(program());
        command.args(arguments).arg("--data-dir").arg(self.path("data"));
        // The folder of the key that identifies own captures, separate from the user's.
        command.env("XDG_DATA_HOME", self.path("home"));
        command.env("LC_ALL", "C.UTF-8").env_remove("LANGUAGE").stdin(Stdio::null());
        command
    }

    /// The name under which the program shows itself.
    pub fn program_name(&self) -> String {
        let version = String::from_utf8(self.ran(&["--version"]).exits(0).stdout).expect("text");
        version.split_whitespace().next().expect("a name").to_owned()
    }

    /// Started, with `--json`.
    pub fn json(&self, arguments: &[&str]) -> Process {
        let mut command = self.command(arguments);
        command.arg("--json");
        Process::start(command)
    }

    /// Started, without `--json`.
    pub fn plain(&self, arguments: &[&str]) -> Process {
        Process::start(self.command(arguments))
    }

    /// Runs to the end without `--json`.
    pub fn ran(&self, arguments: &[&str]) -> Ended {
        self.plain(arguments).end()
    }
}

/// The output of a pipe so far.
#[derive(Default)]
struct Gathered {
    state: Mutex<(Vec<u8>, bool)>,
    changed: Condvar,
}

impl Gathered {
    fn from(mut pipe: impl Read + Send + 'static) -> Arc<Self> {
        let gathered = Arc::new(Self::default());
        let filled = gathered.clone();
        spawn_named("gather", move || {
            let mut part = vec![0; 64 << 10];
            loop {
                let len = pipe.read(&mut part).unwrap_or(0);
                let mut state = filled.state.lock().unwrap_or_else(PoisonError::into_inner);
                state.0.extend_from_slice(&part[..len]);
                state.1 = len == 0;
                filled.changed.notify_all();
                if len == 0 {
                    break;
                }
            }
        })
        .expect("a thread");
        gathered
    }

    fn bytes(&self) -> Vec<u8> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).0.clone()
    }

    /// Calls `look` on the bytes whenever there are more, until it returns a value, the pipe is closed, or the deadline expires.
    fn wait<T>(&self, patience: Duration, mut look: impl FnMut(&[u8]) -> Option<T>) -> Option<T> {
        let deadline = Instant::now() + patience;
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(found) = look(&state.0) {
                return Some(found);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if state.1 || left.is_zero() {
                return None;
            }
            state = self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

/// A running program; killed when dropped.
pub struct Process {
    child: Child,
    stdin: Option<std::process::ChildStdin>,
    out: Arc<Gathered>,
    err: Arc<Gathered>,
    lines: Vec<Value>,
    parsed_bytes: usize,
    /// Count of lines consumed by [`Process::event`].
    taken: usize,
}

impl Process {
    pub fn start(mut command: Command) -> Self {
        let started = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let mut child = started.unwrap_or_else(|error| {
            panic!(
                "{} does not start ({error}); scripts/setup installs what the tests need",
                command.get_program().display()
            )
        });
        let out = Gathered::from(child.stdout.take().expect("piped"));
        let err = Gathered::from(child.stderr.take().expect("piped"));
        let stdin = child.stdin.take();
        Self { child, stdin, out, err, lines: Vec::new(), parsed_bytes: 0, taken: 0 }
    }

    /// The next line named `event` (earlier lines are skipped).
    pub fn event(&mut self, event: &str) -> Value {
        self.event_where(event, |_| true)
    }

    /// The next line named `event` for which `holds` returns true.
    pub fn event_where(&mut self, event: &str, holds: impl Fn(&Value) -> bool) -> Value {
        let Self { out, lines, parsed_bytes, taken, .. } = self;
        let found = out.wait(PATIENCE, |bytes| {
            parse(bytes, lines, parsed_bytes);
            let place = lines[*taken..].iter().position(|line| line["event"] == event && holds(line))?;
            *taken += place + 1;
            Some(lines[*taken - 1].clone())
        });
        found.unwrap_or_else(|| panic!("no {event}; {}", self.so_far()))
    }

    /// The address in `listening`, or on the first line of standard error.
    pub fn local(&mut self) -> SocketAddr {
        self.event("listening")["local"].as_str().and_then(|local| local.parse().ok()).expect("an address")
    }

    /// The address after `listening on` on standard error.
    pub fn plain_local(&mut self) -> SocketAddr {
        let text = self.stderr_with("listening on ");
        let line = text.lines().find(|line| line.contains("listening on ")).expect("the line");
        line["listening on ".len()..].trim().parse().unwrap_or_else(|_| panic!("no address in {line:?}"))
    }

    /// Waits until standard error contains a complete line with `text`.
    pub fn stderr_with(&mut self, text: &str) -> String {
        let found = self.err.wait(PATIENCE, |bytes| {
            let all = String::from_utf8_lossy(bytes).into_owned();
            all.find(text).is_some_and(|place| all[place..].contains('\n')).then_some(all)
        });
        found.unwrap_or_else(|| panic!("no {text:?} on standard error; {}", self.so_far()))
    }

    /// Waits until standard output contains `bytes`.
    pub fn stdout_with(&mut self, bytes: impl AsRef<[u8]>) -> Vec<u8> {
        let bytes = bytes.as_ref();
        let found = self.out.wait(PATIENCE, |all| memchr::memmem::find(all, bytes).map(|_| all.to_vec()));
        found.unwrap_or_else(|| panic!("no {:?} on standard output; {}", String::from_utf8_lossy(bytes), self.so_far()))
    }

    /// The first line of standard output.
    pub fn first_line(&mut self) -> String {
        let all = self.stdout_with("\n");
        String::from_utf8_lossy(&all).lines().next().unwrap_or_default().to_owned()
    }

    pub fn write_stdin(&mut self, bytes: impl AsRef<[u8]>) {
        let stdin = self.stdin.as_mut().expect("piped standard input");
        stdin.write_all(bytes.as_ref()).expect("written");
        stdin.flush().expect("flushed");
    }

    pub fn close_stdin(&mut self) {
        self.stdin = None;
    }

    #[cfg(unix)]
    pub fn signal(&self, signal: rustix::process::Signal) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, signal).expect("the process is there");
    }

    /// Kills the program, and waits until the system has closed its sockets.
    pub fn kill(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }

    fn so_far(&self) -> String {
        let text =
            |gathered: &Gathered| String::from_utf8_lossy(&gathered.bytes()).chars().take(4000).collect::<String>();
        format!("standard output: {:?}, standard error: {:?}", text(&self.out), text(&self.err))
    }

    /// Waits for the end.
    pub fn end(mut self) -> Ended {
        self.stdin = None;
        let deadline = Instant::now() + PATIENCE;
        let status = loop {
            match self.child.try_wait().expect("a status") {
                Some(status) => break status,
                None if Instant::now() > deadline => panic!("does not end; {}", self.so_far()),
                None => std::thread::sleep(Duration::from_millis(2)),
            }
        };
        // The pipes are closed with the process.
        for gathered in [&self.out, &self.err] {
            let ended = gathered.wait::<()>(PATIENCE, |_| None);
            assert!(ended.is_none());
        }
        Ended {
            code: status.code(),
            stdout: self.out.bytes(),
            stderr: String::from_utf8_lossy(&self.err.bytes()).into_owned(),
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

fn parse(bytes: &[u8], lines: &mut Vec<Value>, parsed_bytes: &mut usize) {
    while let Some(len) = bytes[*parsed_bytes..].iter().position(|byte| *byte == b'\n') {
        let line = &bytes[*parsed_bytes..*parsed_bytes + len];
        let value = serde_json::from_slice(line);
        lines.push(value.unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(line))));
        *parsed_bytes += len + 1;
    }
}

/// A program that has exited.
#[derive(Debug)]
pub struct Ended {
    pub code: Option<i32>,
    pub stdout: Vec<u8>,
    pub stderr: String,
}

impl Ended {
    /// All lines of standard output, which must end with a line end.
    pub fn lines(&self) -> Vec<Value> {
        let (mut lines, mut parsed) = (Vec::new(), 0);
        parse(&self.stdout, &mut lines, &mut parsed);
        assert_eq!(parsed, self.stdout.len(), "standard output ends inside a line");
        lines
    }

    /// The event names of the lines.
    pub fn events(&self) -> Vec<String> {
        self.lines().iter().map(|line| line["event"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// The lines named `event`.
    pub fn all(&self, event: &str) -> Vec<Value> {
        self.lines().into_iter().filter(|line| line["event"] == event).collect()
    }

    /// The last line, which must be the summary, with sums that match the other lines.
    pub fn summary(&self) -> Value {
        let lines = self.lines();
        let summary = lines.last().cloned().unwrap_or_default();
        assert_eq!(summary["event"], "summary", "{self:?}");
        assert_eq!(self.all("summary").len(), 1);
        for unit in ["bytes", "records"] {
            let of = |name: &str| summary[format!("{name}_{unit}")].as_u64().expect("a number");
            assert_eq!(of("received"), of("stored") + of("dropped"), "{summary}");
        }
        summary
    }

    /// Concatenated payload of all lines named `event`.
    pub fn payload(&self, event: &str) -> Vec<u8> {
        self.all(event).iter().flat_map(|line| unhex(line["hex"].as_str().expect("hex is always there"))).collect()
    }

    /// Concatenated `text` of all lines named `event`.
    pub fn text(&self, event: &str) -> String {
        self.all(event).iter().map(|line| line["text"].as_str().expect("text").to_owned()).collect()
    }

    /// The lines of standard output of a program that prints text.
    pub fn lines_of_text(&self) -> Vec<&str> {
        std::str::from_utf8(&self.stdout).expect("text").lines().collect()
    }

    /// Asserts the exit code.
    pub fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{} / {}", String::from_utf8_lossy(&self.stdout), self.stderr);
        self
    }
}

pub fn unhex(hex: &str) -> Vec<u8> {
    assert!(
        hex.len().is_multiple_of(2) && hex.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)),
        "{hex:?}"
    );
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).expect("digits")).collect()
}

/// A peer program with standard input and output piped.
pub fn peer<S: AsRef<OsStr>>(program: &str, arguments: &[S]) -> Process {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::piped());
    Process::start(command)
}

/// A Python program; `arguments` are in `sys.argv[1:]`.
pub fn python(script: &str, arguments: &[&str]) -> Process {
    let mut all = vec!["-u", "-c", script];
    all.extend(arguments);
    peer("python3", &all)
}

/// Whether the program named `path` when it wrote `named`. A Windows program puts a drive before it and has the other slash.
pub fn names(named: &Value, path: &Path) -> bool {
    let named = named.as_str().unwrap_or_default();
    named == shown(path) || named.len() > 2 && named[1..].replace('\\', "/") == format!(":{}", shown(path))
}

/// As an argument.
pub fn shown(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}
