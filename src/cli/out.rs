//! Standard output and standard error.

use std::io::{self, ErrorKind, Write};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

/// Lines are gathered while there is more to tell at once, up to this size.
const GATHERED_BYTES: usize = 64 << 10;
/// How long the end of a run waits for a reader of standard output that takes nothing.
pub(super) const STUCK_READER_WAIT: Duration = Duration::from_secs(2);

/// Standard output. A reader that went away is no failure, only the end; one that takes nothing is waited for, but not longer
/// than the run lasts.
#[derive(Debug, Default)]
pub(super) struct StandardOut {
    gathered: Vec<u8>,
    /// What was added last did not end a line.
    within_line: bool,
    broken: bool,
    failure: Option<io::Error>,
    deadline: Option<Instant>,
    asked: Option<Arc<OnceLock<Instant>>>,
}

impl StandardOut {
    /// Give up writing at this time.
    pub fn give_up_at(&mut self, deadline: Option<Instant>) {
        self.deadline = deadline;
    }

    /// Give up writing some time after a signal, which may come while a write waits.
    pub fn give_up_after(&mut self, asked: Arc<OnceLock<Instant>>) {
        self.asked = Some(asked);
    }

    /// Adds bytes; written at the next [`StandardOut::flush`], or now when much is gathered.
    pub fn push(&mut self, bytes: &[u8]) {
        self.gathered.extend_from_slice(bytes);
        self.within_line = bytes.last().map_or(self.within_line, |last| *last != b'\n');
        if self.gathered.len() >= GATHERED_BYTES {
            self.flush();
        }
    }

    /// Ends the line that was begun, if one was.
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

    /// Writes everything, so that the reader has it.
    pub fn flush(&mut self) {
        if !self.gathered.is_empty() && !self.is_closed() {
            match self.write_all() {
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::BrokenPipe => self.broken = true,
                Err(error) => self.failure = Some(error),
            }
        }
        self.gathered.clear();
    }

    /// Nobody reads any more.
    pub fn is_broken(&self) -> bool {
        self.broken
    }

    /// Nothing can be written any more.
    pub fn is_closed(&self) -> bool {
        self.broken || self.failure.is_some()
    }

    /// Why writing failed, other than by a reader that went away.
    pub fn failure(&self) -> Option<&io::Error> {
        self.failure.as_ref()
    }

    #[cfg(not(unix))]
    fn write_all(&self) -> io::Result<()> {
        let mut stdout = io::stdout().lock();
        stdout.write_all(&self.gathered)?;
        stdout.flush()
    }

    /// Waits for room before each piece, so that the wait can end; works with pipes of either blocking mode.
    #[cfg(unix)]
    fn write_all(&self) -> io::Result<()> {
        use rustix::event::{PollFd, PollFlags, Timespec, poll};
        use rustix::io::Errno;
        /// What a pipe that has room takes without waiting (PIPE_BUF of Linux, pipe(7)).
        const PIECE_BYTES: usize = 4096;
        const LOOK_AGAIN: Timespec = Timespec { tv_sec: 0, tv_nsec: 50_000_000 };

        let stdout = io::stdout();
        let mut rest = &self.gathered[..];
        while !rest.is_empty() {
            match poll(&mut [PollFd::new(&stdout, PollFlags::OUT)], Some(&LOOK_AGAIN)) {
                Ok(0) if self.gives_up() => {
                    return Err(io::Error::new(ErrorKind::TimedOut, "the reader of standard output takes nothing"));
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

/// One line to standard error. Much of it is text from elsewhere (names, notes of captures): no control reaches the terminal.
pub(super) fn say(line: &str) {
    let line = super::streams::harmless(line);
    // There is no place left to tell that standard error is gone.
    writeln!(io::stderr().lock(), "{line}").ok();
}
