//! What TCP knows of a connection: round-trip times, retransmissions, windows, queues.
//!
//! `getsockopt(TCP_INFO)` fills a C structure, which no crate wraps in a safe interface. Linux gives the same structure as the bytes
//! of a netlink message (sock_diag(7)), which are read here without any cast.

use crate::model::{Queues, TcpFacts};
use std::net::SocketAddr;

/// What the system says about the TCP connection between these addresses, as its socket has them; `None`: nothing.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(in crate::engine) fn tcp_facts(local: SocketAddr, remote: SocketAddr) -> Option<(Queues, TcpFacts)> {
    let answer = ask(&request(local, remote)).inspect_err(|error| tracing::debug!(%error, "sock_diag")).ok()?;
    parse(&answer)
}

/// Unknown on this system.
#[cfg(not(any(target_os = "linux", target_os = "android")))]
pub(in crate::engine) fn tcp_facts(_local: SocketAddr, _remote: SocketAddr) -> Option<(Queues, TcpFacts)> {
    None
}

/// Bytes that have arrived at a socket and are not read yet (`FIONREAD`); of UDP, those of the next datagram.
#[cfg(unix)]
pub(in crate::engine) fn unread(socket: &socket2::SockRef<'_>) -> Option<u64> {
    rustix::io::ioctl_fionread(&**socket).ok()
}

/// Unknown on this system.
#[cfg(not(unix))]
pub(in crate::engine) fn unread(_socket: &socket2::SockRef<'_>) -> Option<u64> {
    None
}

/// `SOCK_DIAG_BY_FAMILY` (linux/sock_diag.h).
#[cfg(any(target_os = "linux", target_os = "android"))]
const BY_FAMILY: u16 = 20;
/// `INET_DIAG_INFO` (linux/inet_diag.h): the attribute with `struct tcp_info`.
#[cfg(any(target_os = "linux", target_os = "android"))]
const INFO: u16 = 2;
/// Size of `struct nlmsghdr` and of `struct inet_diag_msg`.
#[cfg(any(target_os = "linux", target_os = "android"))]
const HEAD: usize = 16;
#[cfg(any(target_os = "linux", target_os = "android"))]
const MESSAGE: usize = 72;

/// `struct nlmsghdr`, `struct inet_diag_req_v2` with its `struct inet_diag_sockid`.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn request(local: SocketAddr, remote: SocketAddr) -> Vec<u8> {
    const TCP: u8 = 6;
    const REQUEST: u16 = 1;
    let length = HEAD + 56;
    let mut out = Vec::with_capacity(length);
    out.extend(u32::try_from(length).unwrap_or(0).to_ne_bytes());
    out.extend(BY_FAMILY.to_ne_bytes());
    out.extend(REQUEST.to_ne_bytes());
    out.extend([0; 8]); // sequence number and port
    let family = if local.is_ipv6() { 10 } else { 2 };
    out.extend([family, TCP, 1 << (INFO - 1), 0]);
    out.extend(u32::MAX.to_ne_bytes()); // all states
    out.extend(local.port().to_be_bytes());
    out.extend(remote.port().to_be_bytes());
    for address in [local, remote] {
        let mut words = [0; 16];
        match address.ip() {
            std::net::IpAddr::V4(ip) => words[..4].copy_from_slice(&ip.octets()),
            std::net::IpAddr::V6(ip) => words.copy_from_slice(&ip.octets()),
        }
        out.extend(words);
    }
    let scope = |address: SocketAddr| if let SocketAddr::V6(v6) = address { v6.scope_id() } else { 0 };
    out.extend(scope(local).max(scope(remote)).to_ne_bytes());
    out.extend([0xFF; 8]); // INET_DIAG_NOCOOKIE
    out
}

#[cfg(any(target_os = "linux", target_os = "android"))]
fn ask(request: &[u8]) -> std::io::Result<Vec<u8>> {
    use rustix::net::{self, AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType};
    let flags = SocketFlags::CLOEXEC | SocketFlags::NONBLOCK;
    let socket = net::socket_with(AddressFamily::NETLINK, SocketType::DGRAM, flags, Some(net::netlink::SOCK_DIAG))?;
    // The kernel answers while the request is sent, so the answer is there when the call returns.
    net::send(&socket, request, SendFlags::empty())?;
    let mut answer = vec![0; 4096];
    let (count, _) = net::recv(&socket, &mut answer[..], RecvFlags::empty())?;
    answer.truncate(count);
    Ok(answer)
}

/// Reads `struct inet_diag_msg` and its attributes. A shorter `struct tcp_info` of an older system has zeros at its end.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn parse(answer: &[u8]) -> Option<(Queues, TcpFacts)> {
    let u32_at = |bytes: &[u8], at: usize| bytes.get(at..at + 4)?.try_into().ok().map(u32::from_ne_bytes);
    let u16_at = |bytes: &[u8], at: usize| bytes.get(at..at + 2)?.try_into().ok().map(u16::from_ne_bytes);
    let length = usize::try_from(u32_at(answer, 0)?).ok()?;
    let answer = answer.get(..length)?;
    if u16_at(answer, 4)? != BY_FAMILY {
        return None;
    }
    let queue = |at: usize| u32_at(answer, HEAD + at).map(u64::from);
    let queues = Queues { received: queue(56), unsent: queue(60), waiting: 0 };
    let mut attributes = answer.get(HEAD + MESSAGE..)?;
    while let (Some(length), Some(kind)) = (u16_at(attributes, 0), u16_at(attributes, 2)) {
        let length = usize::from(length);
        if kind == INFO {
            return Some((queues, tcp_info(attributes.get(4..length)?)));
        }
        attributes = attributes.get(length.max(4).next_multiple_of(4)..)?;
    }
    None
}

/// `struct tcp_info` (linux/tcp.h), of which every system version has the beginning.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn tcp_info(info: &[u8]) -> TcpFacts {
    let at = |at: usize| info.get(at..at + 4).and_then(|word| word.try_into().ok()).map_or(0, u32::from_ne_bytes);
    // The kernel's value for "no sample yet".
    let min_rtt_us = if at(148) == u32::MAX { 0 } else { at(148) };
    TcpFacts {
        timeout_us: at(8),
        segment_bytes: at(16),
        unacked: at(24),
        lost: at(32),
        received_ago_ms: at(52),
        path_bytes: at(60),
        rtt_us: at(68),
        rtt_var_us: at(72),
        congestion_window: at(80),
        retransmits: at(100),
        min_rtt_us,
        send_window: at(228),
        receive_window: at(232),
    }
}

#[cfg(all(test, any(target_os = "linux", target_os = "android")))]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::net::{TcpListener, TcpStream};

    #[test]
    fn a_connection_of_each_family_has_facts() {
        for host in ["127.0.0.1:0", "[::1]:0"] {
            let Ok(listener) = TcpListener::bind(host) else { continue };
            let mut client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
            let (mut server, _) = listener.accept().unwrap();
            client.write_all(&[7; 5000]).unwrap();
            server.peek(&mut [0; 1]).unwrap();
            let of = |socket: &TcpStream| tcp_facts(socket.local_addr().unwrap(), socket.peer_addr().unwrap());
            // A sandbox may have no netlink.
            let Some((queues, facts)) = of(&server) else { continue };
            assert_eq!(queues.received, Some(5000));
            assert!(facts.segment_bytes > 0 && facts.congestion_window > 0, "{facts:?}");
            server.read_exact(&mut [0; 5000]).unwrap();
            assert_eq!(of(&server).unwrap().0.received, Some(0));
            let (_, facts) = of(&client).unwrap();
            assert!(facts.rtt_us > 0 && facts.retransmits == 0, "{facts:?}");
        }
    }

    #[test]
    fn no_connection_has_no_facts_and_broken_answers_are_refused() {
        let nobody = "127.0.0.1:1".parse().unwrap();
        assert_eq!(tcp_facts(nobody, nobody), None);
        let mut answer = vec![0; HEAD + MESSAGE + 4];
        let length = u32::try_from(answer.len()).unwrap();
        answer[..4].copy_from_slice(&length.to_ne_bytes());
        answer[4..6].copy_from_slice(&BY_FAMILY.to_ne_bytes());
        // An attribute whose length is 0, and one that is longer than the message.
        for length in [0_u16, 3, 400] {
            answer[HEAD + MESSAGE..][..2].copy_from_slice(&length.to_ne_bytes());
            for kind in [0_u16, INFO] {
                answer[HEAD + MESSAGE + 2..][..2].copy_from_slice(&kind.to_ne_bytes());
                assert_eq!(parse(&answer), None, "{length} {kind}");
            }
        }
        for cut in 0..answer.len() {
            assert_eq!(parse(&answer[..cut]), None);
        }
    }
}
