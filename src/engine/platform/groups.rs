//! Multicast options that differ between systems.

use crate::model::ErrorKind;
use socket2::Socket;
use std::io;
use std::net::Ipv4Addr;

/// The kind of an error of joining a group; `None`: as for any other error.
#[cfg(unix)]
pub(in crate::engine) fn join_problem(error: &io::Error) -> Option<ErrorKind> {
    use rustix::io::Errno;
    match Errno::from_raw_os_error(error.raw_os_error()?) {
        Errno::NOBUFS | Errno::TOOMANYREFS | Errno::NOMEM => Some(ErrorKind::TooManyGroups),
        Errno::NODEV | Errno::ADDRNOTAVAIL | Errno::NXIO | Errno::OPNOTSUPP => Some(ErrorKind::NoMulticast),
        // An IPv4 group on an IPv6 socket, where the system has no such thing.
        Errno::NOPROTOOPT => Some(ErrorKind::OtherFamily),
        _ => None,
    }
}

/// The same for Windows: WSAENOBUFS, WSAEADDRNOTAVAIL, WSAENOPROTOOPT.
#[cfg(not(unix))]
pub(in crate::engine) fn join_problem(error: &io::Error) -> Option<ErrorKind> {
    match error.raw_os_error()? {
        10_055 => Some(ErrorKind::TooManyGroups),
        10_049 => Some(ErrorKind::NoMulticast),
        10_042 => Some(ErrorKind::OtherFamily),
        _ => None,
    }
}

/// Datagrams to IPv4 groups leave from this interface.
///
/// # Errors
/// The system refuses it.
#[cfg(any(target_os = "linux", target_os = "android", target_os = "freebsd"))]
pub(in crate::engine) fn send_groups_from(socket: &Socket, index: u32, _address: Ipv4Addr) -> io::Result<()> {
    let any = Ipv4Addr::UNSPECIFIED;
    Ok(rustix::net::sockopt::set_ip_multicast_if_with_ifindex(socket, &any, &any, index)?)
}

/// Other systems name the interface by its address.
///
/// # Errors
/// The interface has no IPv4 address, or the system refuses it.
#[cfg(not(any(target_os = "linux", target_os = "android", target_os = "freebsd")))]
pub(in crate::engine) fn send_groups_from(socket: &Socket, _index: u32, address: Ipv4Addr) -> io::Result<()> {
    if address.is_unspecified() {
        return Err(io::ErrorKind::AddrNotAvailable.into());
    }
    socket.set_multicast_if_v4(&address)
}

/// The socket receives the groups that it joined, and not those that other programs joined (ip(7), `IP_MULTICAST_ALL`).
#[cfg(target_os = "linux")]
pub(in crate::engine) fn receive_own_groups_only(socket: &Socket, v6: bool) {
    let v4 = socket.set_multicast_all_v4(false);
    let done = if v6 { socket.set_multicast_all_v6(false) } else { v4 };
    if let Err(error) = done {
        tracing::debug!(%error, "groups of other programs are received, too");
    }
}

/// Other systems have no such option: most deliver only what the socket joined.
#[cfg(not(target_os = "linux"))]
pub(in crate::engine) fn receive_own_groups_only(_socket: &Socket, _v6: bool) {}

/// Several programs may receive on the port. BSD and macOS deliver a group to all of them only with this option.
///
/// # Errors
/// The system refuses it.
pub(in crate::engine) fn share_port(socket: &Socket) -> io::Result<()> {
    socket.set_reuse_address(true)?;
    #[cfg(all(
        unix,
        not(any(target_os = "linux", target_os = "android", target_os = "solaris", target_os = "illumos"))
    ))]
    socket.set_reuse_port(true)?;
    Ok(())
}
