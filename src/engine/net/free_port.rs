//! Looks for a free local port.

use super::{tcp, udp};
use crate::model::{ErrorKind, HostPort, Protocol, SocketOptions};
use std::net::SocketAddr;

/// At most this many ports are tried.
const TRIES: usize = 2000;

/// The first port from `from` on that is not in `taken` and that a server or a UDP socket can bind at `host`.
/// A port that the system refuses for another reason counts as free: opening it reports the reason. For a host name, only
/// `taken` is checked, because names would have to be resolved. `None`: no port was found.
///
/// Fast (a few system calls per port), but call it from a job, not from the UI thread. Another program can take the port
/// at any time.
#[must_use]
pub fn free_port(protocol: Protocol, host: &str, from: u16, taken: &[u16]) -> Option<u16> {
    let candidates = (from.max(1)..=u16::MAX).filter(|port| !taken.contains(port)).take(TRIES);
    let at = |port| HostPort::new(host, port).ok().and_then(|at| at.literal());
    candidates.into_iter().find(|port| at(*port).is_none_or(|address| !is_in_use(protocol, address)))
}

fn is_in_use(protocol: Protocol, address: SocketAddr) -> bool {
    let refused = match protocol {
        Protocol::Udp if address.ip().is_multicast() => return false,
        Protocol::Udp => {
            udp::make_socket(address, false, true, &SocketOptions::default()).err().map(|error| error.kind)
        }
        Protocol::TcpServer | Protocol::TcpClient => tcp::bind(address).err().map(|error| ErrorKind::of(&error)),
    };
    refused == Some(ErrorKind::AddressInUse)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{TcpListener, UdpSocket};

    #[test]
    fn a_port_of_another_program_is_not_free() {
        for host in ["127.0.0.1", "::1", "0.0.0.0"] {
            let Ok(tcp) = TcpListener::bind((host, 0)) else { continue };
            let port = tcp.local_addr().expect("address").port();
            let found = free_port(Protocol::TcpServer, host, port, &[]);
            assert!(found.is_none_or(|found| found > port), "{host}: {found:?}");
            let Ok(udp) = UdpSocket::bind((host, 0)) else { continue };
            let port = udp.local_addr().expect("address").port();
            let found = free_port(Protocol::Udp, host, port, &[]);
            assert!(found.is_none_or(|found| found > port), "{host}: {found:?}");
        }
    }

    #[test]
    fn a_free_port_is_kept_and_one_of_our_own_is_not() {
        let tcp = TcpListener::bind("127.0.0.1:0").expect("bind");
        let port = tcp.local_addr().expect("address").port();
        // On another address of this machine it is free, unless another program took it meanwhile.
        assert_eq!(free_port(Protocol::TcpServer, "127.0.0.77", port, &[]), Some(port));
        let others: Vec<u16> = (port..=u16::MAX).take(3).collect();
        let found = free_port(Protocol::TcpServer, "127.0.0.77", port, &others);
        assert!(found.is_none_or(|found| found > port && !others.contains(&found)), "{found:?}");
        // A name is not looked up, and the end of the numbers is one.
        assert_eq!(free_port(Protocol::TcpServer, "no.such.host.invalid", 9000, &[9000]), Some(9001));
        assert_eq!(free_port(Protocol::TcpServer, "127.0.0.77", u16::MAX, &[u16::MAX]), None);
    }
}
