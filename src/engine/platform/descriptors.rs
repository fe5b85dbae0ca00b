//! The limit of open descriptors.

/// Descriptors that the process's table is made for at once: more than most limits let in, and 128 KiB.
#[cfg(unix)]
const TABLE: u64 = 16_384;

/// Raises the soft limit to the hard one; the limit now, `None` where there is none to know.
#[cfg(unix)]
pub(in crate::engine) fn raise_descriptor_limit() -> Option<u64> {
    let limit = raised_limit();
    widen_table(limit.map_or(TABLE, |limit| limit.min(TABLE)));
    limit
}

/// Lets the system make its table of our descriptors for so many. Once there are threads, Linux waits some 10 ms each time that it
/// has to double the table (`expand_fdtable`), which would hold up a server at its 256th, 512th, 1,024th … client.
#[cfg(unix)]
fn widen_table(descriptors: u64) {
    let last = i32::try_from(descriptors.saturating_sub(1)).unwrap_or(i32::MAX);
    // Whatever is in the way costs only that time.
    drop(rustix::io::fcntl_dupfd_cloexec(std::io::stderr(), last));
}

#[cfg(unix)]
fn raised_limit() -> Option<u64> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let now = getrlimit(Resource::Nofile);
    if now.current == now.maximum {
        return now.current;
    }
    // macOS gives "unlimited" as the hard limit and refuses it as a soft one: OPEN_MAX is what it takes.
    for wanted in [now.maximum, Some(10_240)] {
        let grows = match (wanted, now.current) {
            (Some(wanted), Some(current)) => wanted > current,
            (None, current) => current.is_some(),
            (Some(_), None) => false,
        };
        if grows && setrlimit(Resource::Nofile, Rlimit { current: wanted, maximum: now.maximum }).is_ok() {
            return getrlimit(Resource::Nofile).current;
        }
    }
    tracing::debug!(limit = ?now.current, "the descriptor limit could not be raised");
    now.current
}

/// Windows has no such limit for sockets.
#[cfg(not(unix))]
pub(in crate::engine) fn raise_descriptor_limit() -> Option<u64> {
    None
}
