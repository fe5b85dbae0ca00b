//! A timer with a finer resolution than the milliseconds of a poll time-out.

use mio::{Registry, Token};
use std::io;
use std::time::Duration;

/// A `timerfd` in the worker's poll (Linux). Other systems use the poll time-out.
#[derive(Debug)]
pub(in crate::engine) struct PreciseTimer {
    #[cfg(target_os = "linux")]
    fd: std::os::fd::OwnedFd,
}

#[cfg(target_os = "linux")]
impl PreciseTimer {
    /// Creates and registers the timer; `None` where the system has none.
    ///
    /// # Errors
    /// The poll refuses it.
    pub(in crate::engine) fn register(registry: &Registry, token: Token) -> io::Result<Option<Self>> {
        use rustix::time::{TimerfdClockId, TimerfdFlags, timerfd_create};
        use std::os::fd::AsRawFd;
        let Ok(fd) = timerfd_create(TimerfdClockId::Monotonic, TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC) else {
            return Ok(None);
        };
        registry.register(&mut mio::unix::SourceFd(&fd.as_raw_fd()), token, mio::Interest::READABLE)?;
        Ok(Some(Self { fd }))
    }

    /// Arms the timer to fire once after `wait`. False: the system refused; use the poll time-out.
    pub(in crate::engine) fn arm(&self, wait: Duration) -> bool {
        use rustix::time::{Itimerspec, TimerfdTimerFlags, Timespec, timerfd_settime};
        let zero = Timespec { tv_sec: 0, tv_nsec: 0 };
        // Zero would disarm it.
        let wait = wait.max(Duration::from_nanos(1));
        let Ok(it_value) = Timespec::try_from(wait) else { return false };
        timerfd_settime(&self.fd, TimerfdTimerFlags::empty(), &Itimerspec { it_interval: zero, it_value }).is_ok()
    }

    /// Clears the timer after it fired.
    pub(in crate::engine) fn clear(&self) {
        let mut count = [0_u8; 8];
        // `WouldBlock` only means that it was re-armed in between.
        rustix::io::read(&self.fd, &mut count).ok();
    }
}

#[cfg(not(target_os = "linux"))]
impl PreciseTimer {
    /// This system has none.
    ///
    /// # Errors
    /// Never.
    pub(in crate::engine) fn register(_registry: &Registry, _token: Token) -> io::Result<Option<Self>> {
        Ok(None)
    }

    /// Never called.
    pub(in crate::engine) fn arm(&self, _wait: Duration) -> bool {
        false
    }

    /// Never called.
    pub(in crate::engine) fn clear(&self) {}
}
