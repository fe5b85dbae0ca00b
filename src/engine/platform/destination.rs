//! The address of ours that a datagram was sent to, and answers that leave from it.
//!
//! A socket that is bound to no address hears all of them. The system lets its datagrams leave from the address that the way
//! to their target begins with, which need not be the one that was asked: a program that connected its socket does not hear
//! such an answer, and a firewall lets none through. ip(7) and ipv6(7): `IP_PKTINFO`, `IPV6_RECVPKTINFO`, `IPV6_PKTINFO`.

use std::io;
use std::net::IpAddr;
#[cfg(not(any(target_os = "linux", target_os = "android")))]
use std::net::SocketAddr;

/// An address of ours that datagrams are to leave from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engine) struct Source {
    /// The address, IPv4 as such on every socket.
    ip: IpAddr,
    /// The number of its interface, where the address alone does not name it (link-local); else 0.
    interface: u32,
}

/// Where a datagram was sent to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engine) struct Destination {
    /// The address in its header: ours, that of a group, or one for everybody.
    pub(in crate::engine) ip: IpAddr,
    /// The number of the interface that it came by.
    pub(in crate::engine) interface: u32,
    /// What an answer is to leave from; `None` = the system knows best.
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

    /// Asks the system to tell of each datagram where it was sent to.
    pub(in crate::engine) fn ask_for_destinations(socket: &socket2::Socket, v6: bool) {
        // An IPv6 socket hears IPv4 too, where it is let.
        let v4 = setsockopt(socket, sockopt::Ipv4PacketInfo, &true);
        let asked = if v6 { setsockopt(socket, sockopt::Ipv6RecvPacketInfo, &true) } else { v4 };
        if let Err(error) = asked {
            tracing::debug!(%error, "the system does not tell where datagrams were sent to");
        }
    }

    /// One datagram: its length, its sender, and where it was sent to if the system was asked.
    ///
    /// # Errors
    /// Those of recvmsg(2).
    pub(in crate::engine) fn receive_from(
        socket: &UdpSocket,
        buffer: &mut [u8],
    ) -> io::Result<(usize, SocketAddr, Option<Destination>)> {
        let mut parts = [IoSliceMut::new(buffer)];
        // Both kinds come for IPv4 on an IPv6 socket.
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

    /// Enough for an `in_pktinfo`, an `in6_pktinfo` and their heads on every machine.
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

    /// Sends a datagram that leaves from `source`.
    ///
    /// # Errors
    /// Those of sendmsg(2); [`super::is_about_the_source`] tells those that another source would not meet.
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

/// Elsewhere the system is not asked, and answers leave from the address that it chooses.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(in crate::engine) fn ask_for_destinations(_socket: &socket2::Socket, _v6: bool) {}

/// One datagram: its length and its sender.
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

/// The datagram may go out from another address: this one is ours no more, or it was never one to send from.
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
