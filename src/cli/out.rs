//! Standard output and standard error.

use std::io::{self, ErrorKind, Write};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

/// Lines are buffered up to this size while there is more to print.
const GATHERED_BYTES: usize = 64 << 10;
/// Time that the end of a run waits for a blocked reader of standard output.
pub(super) const STUCK_READER_WAIT: Duration = Duration::from_secs(2);

/// The other end of the pipe is closed.
fn is_reader_gone(error: &io::Error) -> bool {
    /// ERROR_PIPE_NOT_CONNECTED, which std has no kind for.
    const NOT_CONNECTED: i32 = 233;
    error.kind() == ErrorKind::BrokenPipe || cfg!(windows) && error.raw_os_error() == Some(NOT_CONNECTED)
}

/// Standard output. A closed pipe ends the run without an error. A blocked reader is waited for, but no longer than the run lasts.
#[derive(Debug, Default)]
pub(super) struct StandardOut {
    gathered: Vec<u8>,
    /// The last bytes did not end a line.
    within_line: bool,
    broken: bool,
    failure: Option<io::Error>,
    deadline: Option<Instant>,
    asked: Option<Arc<OnceLock<Instant>>>,
}

impl StandardOut {
    /// Stops writing at this time.
    pub fn give_up_at(&mut self, deadline: Option<Instant>) {
        self.deadline = deadline;
    }

    /// Stops writing some time after a signal, which may arrive during a blocked write.
    pub fn give_up_after(&mut self, asked: Arc<OnceLock<Instant>>) {
        self.asked = Some(asked);
    }

    /// Adds bytes, written by the next [`StandardOut::flush`] or when enough is buffered.
    pub fn push(&mut self, bytes: &[u8]) {
        self.gathered.extend_from_slice(bytes);
        self.within_line = bytes.last().map_or(self.within_line, |last| *last != b'\n');
        if self.gathered.len() >= GATHERED_BYTES {
            self.flush();
        }
    }

    /// Ends an incomplete line.
    pub fn end_line(&mut self) {
        if self.within_line {
            self.push(b"\n");
        }
    }

    /// Adds one line.
    pub fn line(&mut self, line: &str) {
        self.gathered.extend_from_slice(line.as_bytes());
        self.push(b"\n");
    }

    /// Writes everything that is buffered.
    pub fn flush(&mut self) {
        if !self.gathered.is_empty() && !self.is_closed() {
            match self.write_all() {
                Ok(()) => {}
                Err(error) if is_reader_gone(&error) => self.broken = true,
                Err(error) => self.failure = Some(error),
            }
        }
        self.gathered.clear();
    }

    /// Whether the reader has closed the pipe.
    pub fn is_broken(&self) -> bool {
        self.broken
    }

    /// Whether nothing can be written any more.
    pub fn is_closed(&self) -> bool {
        self.broken || self.failure.is_some()
    }

    /// Why writing failed, except for a closed pipe.
    pub fn failure(&self) -> Option<&io::Error> {
        self.failure.as_ref()
    }

    #[cfg(not(unix))]
    fn write_all(&self) -> io::Result<()> {
        let mut stdout = io::stdout().lock();
        stdout.write_all(&self.gathered)?;
        stdout.flush()
    }

    /// Waits for space before each piece, so that the wait can be ended; works with blocking and non-blocking pipes.
    #[cfg(unix)]
    fn write_all(&self) -> io::Result<()> {
        use rustix::event::{PollFd, PollFlags, Timespec, poll};
        use rustix::io::Errno;
        /// Size that a pipe with space accepts without blocking (PIPE_BUF of Linux, pipe(7)).
        const PIECE_BYTES: usize = 4096;
        const LOOK_AGAIN: Timespec = Timespec { tv_sec: 0, tv_nsec: 50_000_000 };

        let stdout = io::stdout();
        let mut rest = &self.gathered[..];
        while !rest.is_empty() {
            match poll(&mut [PollFd::new(&stdout, PollFlags::OUT)], Some(&LOOK_AGAIN)) {
                Ok(0) if self.gives_up() => {
                    return Err(io::Error::new(ErrorKind::TimedOut, "the reader of standard output is blocked"));
                }
                Ok(0) | Err(Errno::INTR) => continue,
                Ok(_) => {}
                Err(error) => return Err(error.into()),
            }
            match rustix::io::write(&stdout, &rest[..rest.len().min(PIECE_BYTES)]) {
                Ok(len) => rest = &rest[len..],
                Err(Errno::INTR | Errno::AGAIN) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    #[cfg(unix)]
    fn gives_up(&self) -> bool {
        let now = Instant::now();
        let asked = self.asked.as_ref().and_then(|asked| asked.get());
        self.deadline.is_some_and(|deadline| now >= deadline)
            || asked.is_some_and(|asked| now.duration_since(*asked) >= STUCK_READER_WAIT)
    }
}

/// Writes a line to standard error. It may contain foreign text (names, notes of captures), so controls are escaped.
pub(super) fn say(line: &str) {
    let line = super::streams::harmless(line);
    // There is no place to report that standard error is closed.
    writeln!(io::stderr().lock(), "{line}").ok();
}
