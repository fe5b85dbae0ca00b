//! The interfaces of this machine.

/// Index and name of each interface, with or without addresses; empty where the system lists none.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(in crate::engine) fn interfaces() -> Vec<(u32, String)> {
    match nix::net::if_::if_nameindex() {
        Ok(found) => found.iter().map(|one| (one.index(), one.name().to_string_lossy().into_owned())).collect(),
        Err(error) => {
            tracing::warn!(%error, "the system does not list its interfaces");
            Vec::new()
        }
    }
}

/// Interfaces that have an address.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(in crate::engine) fn interfaces() -> Vec<(u32, String)> {
    let found = if_addrs::get_if_addrs().unwrap_or_default();
    let mut all: Vec<_> = found.into_iter().filter_map(|one| Some((one.index?, one.name))).collect();
    all.sort_unstable();
    all.dedup();
    all
}
