//! ICMP refusals on a UDP socket that is not connected.

use std::io;
use std::net::SocketAddr;

/// The error reported for a datagram that we sent.
#[derive(Debug)]
pub(in crate::engine) struct Refusal {
    /// The destination of that datagram, where the system reports it.
    pub(in crate::engine) target: Option<SocketAddr>,
    /// The error.
    pub(in crate::engine) error: io::Error,
}

/// Asks the system to report them (ip(7), `IP_RECVERR`). Without this, Linux does not report them on unconnected sockets;
/// other systems always do, or never.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(in crate::engine) fn ask_for_refusals(socket: &socket2::Socket, v6: bool) {
    use nix::sys::socket::{setsockopt, sockopt};
    let v4 = setsockopt(socket, sockopt::Ipv4RecvErr, &true);
    let asked = if v6 { setsockopt(socket, sockopt::Ipv6RecvErr, &true) } else { v4 };
    if let Err(error) = asked {
        tracing::debug!(%error, "the system does not report refused datagrams");
    }
}

/// The next entry of the socket's error queue, `None` when it is empty.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(in crate::engine) fn next_refusal(socket: &impl std::os::fd::AsRawFd) -> Option<Refusal> {
    use nix::sys::socket::{ControlMessageOwned, MsgFlags, SockaddrStorage, recvmsg};
    let mut payload = [0_u8; 64];
    let mut parts = [io::IoSliceMut::new(&mut payload)];
    // Space for either kind, aligned as control messages require.
    let mut control = nix::cmsg_space!([u8; 256]);
    let flags = MsgFlags::MSG_ERRQUEUE | MsgFlags::MSG_DONTWAIT;
    let message = recvmsg::<SockaddrStorage>(socket.as_raw_fd(), &mut parts, Some(&mut control), flags).ok()?;
    let target = message.address.as_ref().and_then(socket_address);
    let code = message.cmsgs().ok()?.find_map(|part| match part {
        ControlMessageOwned::Ipv4RecvErr(error, _) | ControlMessageOwned::Ipv6RecvErr(error, _) => Some(error.ee_errno),
        _ => None,
    });
    let code = code.and_then(|code| i32::try_from(code).ok()).unwrap_or(0);
    Some(Refusal { target, error: io::Error::from_raw_os_error(code) })
}

#[cfg(any(target_os = "linux", target_os = "android"))]
pub(super) fn socket_address(address: &nix::sys::socket::SockaddrStorage) -> Option<SocketAddr> {
    if let Some(v4) = address.as_sockaddr_in() {
        return Some(SocketAddr::V4((*v4).into()));
    }
    address.as_sockaddr_in6().map(|v6| SocketAddr::V6((*v6).into()))
}

/// Nothing to set on this system.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(in crate::engine) fn ask_for_refusals(_socket: &socket2::Socket, _v6: bool) {}

/// This system has no error queue.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(in crate::engine) fn next_refusal<S>(_socket: &S) -> Option<Refusal> {
    None
}
