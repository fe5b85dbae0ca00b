//! The limit of open descriptors.

/// Raises the soft limit to the hard one; the limit now, `None` where there is none to know.
#[cfg(unix)]
pub(in crate::engine) fn raise_descriptor_limit() -> Option<u64> {
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
