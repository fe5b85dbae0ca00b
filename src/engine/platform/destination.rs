//! The local address to which a datagram was sent, and answers sent from it.
//!
//! A socket bound to the unspecified address receives on all local addresses. The system sends its datagrams from the address that
//! the route to the target prefers, which need not be the address that was asked: a client with a connected socket does not receive
//! such an answer, and a firewall drops it. See ip(7) and ipv6(7): `IP_PKTINFO`, `IPV6_RECVPKTINFO`, `IPV6_PKTINFO`.

use std::io;
use std::net::IpAddr;
#[cfg(not(any(target_os = "linux", target_os = "android")))]
use std::net::SocketAddr;

/// A local address to send datagrams from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engine) struct Source {
    /// The address; IPv4 is never mapped.
    ip: IpAddr,
    /// The index of its interface for link-local addresses; otherwise 0.
    interface: u32,
}

/// Where a datagram was sent to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engine) struct Destination {
    /// The destination address: unicast, multicast or broadcast.
    pub(in crate::engine) ip: IpAddr,
    /// The index of the receiving interface.
    pub(in crate::engine) interface: u32,
    /// The address to answer from; `None`: the system chooses.
    pub(in crate::engine) source: Option<Source>,
}

#[cfg(any(target_os = "linux", target_os = "android"))]
mod linux {
    use super::{Destination, Source};
    use mio::net::UdpSocket;
    use nix::libc;
    use nix::sys::socket::{
        ControlMessage, ControlMessageOwned, MsgFlags, SockaddrStorage, recvmsg, sendmsg, setsockopt, sockopt,
    };
    use std::io::{self, IoSlice, IoSliceMut};
    use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
    use std::os::fd::AsRawFd;

    /// Asks the system to report the destination of each datagram.
    pub(in crate::engine) fn ask_for_destinations(socket: &socket2::Socket, v6: bool) {
        // A dual-stack IPv6 socket receives IPv4 too.
        let v4 = setsockopt(socket, sockopt::Ipv4PacketInfo, &true);
        let asked = if v6 { setsockopt(socket, sockopt::Ipv6RecvPacketInfo, &true) } else { v4 };
        if let Err(error) = asked {
            tracing::debug!(%error, "the system does not report the destination of datagrams");
        }
    }

    /// Receives a datagram: its length, its sender, and its destination if the system was asked for it.
    ///
    /// # Errors
    /// Those of recvmsg(2).
    pub(in crate::engine) fn receive_from(
        socket: &UdpSocket,
        buffer: &mut [u8],
    ) -> io::Result<(usize, SocketAddr, Option<Destination>)> {
        let mut parts = [IoSliceMut::new(buffer)];
        // IPv4 on an IPv6 socket brings both kinds of control message.
        let mut control = [0_u8; CONTROL_BYTES];
        let message =
            recvmsg::<SockaddrStorage>(socket.as_raw_fd(), &mut parts, Some(&mut control), MsgFlags::empty())?;
        let from = message.address.as_ref().and_then(super::super::refusals::socket_address);
        let from = from.ok_or_else(|| io::Error::other("a datagram from no internet address"))?;
        let mut found = None;
        for part in message.cmsgs().into_iter().flatten() {
            match part {
                ControlMessageOwned::Ipv4PacketInfo(info) => found = Some(of_v4(info)),
                ControlMessageOwned::Ipv6PacketInfo(info) => found = found.or_else(|| Some(of_v6(info))),
                _ => {}
            }
        }
        Ok((message.bytes, from, found))
    }

    /// Enough for an `in_pktinfo`, an `in6_pktinfo` and their headers on every machine.
    const CONTROL_BYTES: usize = 128;

    fn of_v4(info: libc::in_pktinfo) -> Destination {
        let address = |raw: libc::in_addr| Ipv4Addr::from(raw.s_addr.to_ne_bytes());
        let source = address(info.ipi_spec_dst);
        Destination {
            ip: IpAddr::V4(address(info.ipi_addr)),
            interface: u32::try_from(info.ipi_ifindex).unwrap_or(0),
            source: (!source.is_unspecified()).then_some(Source { ip: IpAddr::V4(source), interface: 0 }),
        }
    }

    fn of_v6(info: libc::in6_pktinfo) -> Destination {
        let ip = Ipv6Addr::from(info.ipi6_addr.s6_addr);
        let interface = info.ipi6_ifindex;
        let source = (!ip.is_multicast()).then_some(Source {
            ip: ip.to_canonical(),
            interface: if ip.is_unicast_link_local() { interface } else { 0 },
        });
        Destination { ip: ip.to_canonical(), interface, source }
    }

    /// Sends a datagram from `source`.
    ///
    /// # Errors
    /// Those of sendmsg(2); [`super::is_about_the_source`] recognises errors that another source address avoids.
    pub(in crate::engine) fn send_from(
        socket: &UdpSocket,
        bytes: &[u8],
        to: SocketAddr,
        source: Option<Source>,
    ) -> io::Result<usize> {
        let Some(source) = source else { return socket.send_to(bytes, to) };
        let parts = [IoSlice::new(bytes)];
        let target = SockaddrStorage::from(to);
        let sent = match source.ip {
            IpAddr::V4(ip) => {
                let info = libc::in_pktinfo {
                    ipi_ifindex: 0,
                    ipi_spec_dst: libc::in_addr { s_addr: u32::from_ne_bytes(ip.octets()) },
                    ipi_addr: libc::in_addr { s_addr: 0 },
                };
                let control = [ControlMessage::Ipv4PacketInfo(&info)];
                sendmsg(socket.as_raw_fd(), &parts, &control, MsgFlags::empty(), Some(&target))
            }
            IpAddr::V6(ip) => {
                let info = libc::in6_pktinfo {
                    ipi6_addr: libc::in6_addr { s6_addr: ip.octets() },
                    ipi6_ifindex: source.interface,
                };
                let control = [ControlMessage::Ipv6PacketInfo(&info)];
                sendmsg(socket.as_raw_fd(), &parts, &control, MsgFlags::empty(), Some(&target))
            }
        };
        Ok(sent?)
    }
}

#[cfg(any(target_os = "linux", target_os = "android"))]
pub(in crate::engine) use linux::{ask_for_destinations, receive_from, send_from};

/// On other systems the destination is not asked for, and the system chooses the source address.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(in crate::engine) fn ask_for_destinations(_socket: &socket2::Socket, _v6: bool) {}

/// Receives a datagram: its length and its sender.
///
/// # Errors
/// Those of the system.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(in crate::engine) fn receive_from(
    socket: &mio::net::UdpSocket,
    buffer: &mut [u8],
) -> io::Result<(usize, SocketAddr, Option<Destination>)> {
    socket.recv_from(buffer).map(|(count, from)| (count, from, None))
}

/// Sends a datagram from the address that the system chooses.
///
/// # Errors
/// Those of the system.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(in crate::engine) fn send_from(
    socket: &mio::net::UdpSocket,
    bytes: &[u8],
    to: SocketAddr,
    _source: Option<Source>,
) -> io::Result<usize> {
    socket.send_to(bytes, to)
}

/// The source address is the cause of the error: it is no longer ours, or cannot be sent from.
pub(in crate::engine) fn is_about_the_source(error: &io::Error) -> bool {
    if matches!(error.kind(), io::ErrorKind::AddrNotAvailable | io::ErrorKind::InvalidInput) {
        return true;
    }
    #[cfg(unix)]
    if error.raw_os_error() == Some(rustix::io::Errno::NODEV.raw_os_error()) {
        return true;
    }
    false
}
