//! Time by the clock, or the thread's own, which what else the machine does hardly touches.

use std::time::{Duration, Instant};

/// Begun, and going on.
pub enum Clock {
    Wall(Instant),
    #[cfg(target_os = "linux")]
    Thread(Duration),
}

impl Clock {
    /// Time that passes.
    pub fn wall() -> Self {
        Self::Wall(Instant::now())
    }

    /// Time that this thread works; where the system does not tell it, time that passes.
    pub fn work() -> Self {
        #[cfg(target_os = "linux")]
        return Self::Thread(worked());
        #[cfg(not(target_os = "linux"))]
        Self::wall()
    }

    pub fn elapsed(&self) -> Duration {
        match self {
            Self::Wall(began) => began.elapsed(),
            #[cfg(target_os = "linux")]
            Self::Thread(began) => worked().saturating_sub(*began),
        }
    }
}

#[cfg(target_os = "linux")]
fn worked() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec.try_into().unwrap_or(0), time.tv_nsec.try_into().unwrap_or(0))
}
