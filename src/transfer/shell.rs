//! Runs one command of the system's shell for a peer. Only the serving role uses it, which the user must switch on.

use crate::jobs::Wake;
use crate::jobs::thread::spawn_named;
use crossbeam_channel::{Receiver, bounded};
use std::io::{self, Read};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The most output of a command that is kept and sent.
const OUTPUT_BYTES_MAX: u64 = 16 << 20;
/// The longest time that a command may take.
const LONGEST: Duration = Duration::from_secs(60);

/// A command that runs. Dropping it kills it.
#[derive(Debug)]
pub(super) struct Shell {
    child: Child,
    output: Receiver<Vec<u8>>,
    until: Instant,
}

impl Shell {
    /// Starts a command. `wake` is called when its output is complete.
    ///
    /// # Errors
    /// The shell or a thread cannot be started.
    pub(super) fn start(line: &str, wake: Wake) -> io::Result<Self> {
        let (mut reader, writer) = io::pipe()?;
        let mut shell = shell(line);
        shell.stdin(Stdio::null()).stdout(writer.try_clone()?).stderr(writer);
        let child = shell.spawn()?;
        // Its ends of the pipe are closed, so that reading ends with the command.
        drop(shell);
        let (done, output) = bounded(1);
        let running = Self { child, output, until: Instant::now() + LONGEST };
        spawn_named("command", move || {
            let mut bytes = Vec::new();
            if let Err(error) = reader.by_ref().take(OUTPUT_BYTES_MAX).read_to_end(&mut bytes) {
                tracing::warn!(%error, "the output of a command cannot be read");
            }
            // The receiver is gone if the peer has left.
            done.send(bytes).ok();
            wake();
        })?;
        Ok(running)
    }

    /// The output, once the command has ended or has used up its time.
    pub(super) fn output(&mut self) -> Option<Vec<u8>> {
        if Instant::now() >= self.until {
            self.kill();
        }
        self.output.try_recv().ok()
    }

    /// When its time is used up.
    pub(super) fn until(&self) -> Instant {
        self.until
    }

    fn kill(&mut self) {
        // Programs that the shell has started have the same group.
        #[cfg(unix)]
        if let Some(group) = i32::try_from(self.child.id()).ok().and_then(rustix::process::Pid::from_raw)
            && matches!(self.child.try_wait(), Ok(None))
        {
            rustix::process::kill_process_group(group, rustix::process::Signal::KILL).ok();
        }
        // It may have ended by itself.
        self.child.kill().ok();
    }
}

impl Drop for Shell {
    fn drop(&mut self) {
        self.kill();
        if let Err(error) = self.child.wait() {
            tracing::warn!(%error, "a command did not end");
        }
    }
}

#[cfg(unix)]
fn shell(line: &str) -> Command {
    let mut shell = Command::new("sh");
    std::os::unix::process::CommandExt::process_group(&mut shell, 0);
    shell.arg("-c").arg(line);
    shell
}

#[cfg(windows)]
fn shell(line: &str) -> Command {
    let mut shell = Command::new("cmd");
    // The rest of the line belongs to the command as it is.
    std::os::windows::process::CommandExt::raw_arg(&mut shell, format!("/C {line}"));
    shell
}
