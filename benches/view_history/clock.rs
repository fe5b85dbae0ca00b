//! Wall time, or the CPU time of the thread, which other processes hardly affect.

use std::time::{Duration, Instant};

/// A running clock.
pub enum Clock {
    Wall(Instant),
    #[cfg(target_os = "linux")]
    Thread(Duration),
}

impl Clock {
    /// Wall time.
    pub fn wall() -> Self {
        Self::Wall(Instant::now())
    }

    /// CPU time of this thread; wall time if the system does not report it.
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
