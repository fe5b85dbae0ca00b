//! The program that holds a local port.

#[cfg(not(target_os = "linux"))]
use crate::engine::{LocalSocket, PortUser};
#[cfg(any(windows, target_os = "macos"))]
use crate::model::Transport;
#[cfg(any(test, target_os = "linux", windows, target_os = "macos"))]
use std::net::IpAddr;
use std::net::SocketAddr;

#[cfg(target_os = "linux")]
mod proc_tables;

#[cfg(target_os = "linux")]
pub(in crate::engine) use proc_tables::{local_sockets, port_user};

/// Asks the system for its table of listening sockets; `None` if it names no program for the address.
#[cfg(any(windows, target_os = "macos"))]
pub(in crate::engine) fn port_user(wanted: SocketAddr, is_udp: bool) -> Option<PortUser> {
    let protocol = if is_udp { listeners::Protocol::UDP } else { listeners::Protocol::TCP };
    let found =
        listeners::get_all().inspect_err(|error| tracing::debug!(%error, "the table of listening sockets")).ok()?;
    let mut users: Vec<_> =
        found.into_iter().filter(|one| one.protocol == protocol && conflicts(one.socket, wanted)).collect();
    users.sort_by_key(|one| (one.state != listeners::SocketState::Listen, one.process.pid));
    let process = users.into_iter().next()?.process;
    Some(PortUser { name: PortUser::shown_name(process.name.as_bytes())?, pid: process.pid })
}

/// The listening sockets; this system's table names no connections.
#[cfg(any(windows, target_os = "macos"))]
pub(in crate::engine) fn local_sockets() -> Vec<LocalSocket> {
    let found = listeners::get_all().inspect_err(|error| tracing::debug!(%error, "the table of listening sockets"));
    let socket = |one: listeners::Listener| {
        let is_udp = one.protocol == listeners::Protocol::UDP;
        let name = PortUser::shown_name(one.process.name.as_bytes());
        LocalSocket {
            transport: if is_udp { Transport::Udp } else { Transport::Tcp },
            local: one.socket,
            remote: None,
            state: if is_udp { "bound" } else { "listen" },
            user: name.map(|name| PortUser { name, pid: one.process.pid }),
        }
    };
    let listens = |one: &listeners::Listener| {
        one.protocol == listeners::Protocol::UDP || one.state == listeners::SocketState::Listen
    };
    found.unwrap_or_default().into_iter().filter(listens).map(socket).collect()
}

/// Unknown on this system.
#[cfg(not(any(target_os = "linux", windows, target_os = "macos")))]
pub(in crate::engine) fn local_sockets() -> Vec<LocalSocket> {
    Vec::new()
}

/// Unknown on this system.
#[cfg(not(any(target_os = "linux", windows, target_os = "macos")))]
pub(in crate::engine) fn port_user(_wanted: SocketAddr, _is_udp: bool) -> Option<PortUser> {
    None
}

/// Whether a socket bound to `held` can keep another one from binding `wanted`.
#[cfg(any(test, target_os = "linux", windows, target_os = "macos"))]
fn conflicts(held: SocketAddr, wanted: SocketAddr) -> bool {
    // A socket on `::` usually receives IPv4 too.
    let covers = |wide: IpAddr, other: IpAddr| wide.is_unspecified() && (wide.is_ipv6() || other.is_ipv4());
    let (one, other) = (held.ip().to_canonical(), wanted.ip().to_canonical());
    held.port() == wanted.port() && (one == other || covers(one, other) || covers(other, one))
}

#[cfg(test)]
mod tests {
    use super::conflicts;

    #[test]
    fn a_wide_address_conflicts_with_those_it_covers() {
        for (held, wanted, expected) in [
            ("127.0.0.1:80", "127.0.0.1:80", true),
            ("127.0.0.1:80", "127.0.0.1:81", false),
            ("127.0.0.1:80", "127.0.0.2:80", false),
            ("0.0.0.0:80", "127.0.0.2:80", true),
            ("127.0.0.1:80", "0.0.0.0:80", true),
            ("[::]:80", "127.0.0.2:80", true),
            ("127.0.0.2:80", "[::]:80", true),
            ("[::]:80", "0.0.0.0:80", true),
            ("0.0.0.0:80", "[::1]:80", false),
            ("[::1]:80", "0.0.0.0:80", false),
            ("[::ffff:127.0.0.1]:80", "127.0.0.1:80", true),
            ("[::1]:80", "[::1]:80", true),
        ] {
            let (held_at, wanted_at) = (held.parse().unwrap(), wanted.parse().unwrap());
            assert_eq!(conflicts(held_at, wanted_at), expected, "{held} {wanted}");
        }
    }
}
