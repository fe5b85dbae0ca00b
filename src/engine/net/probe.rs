//! Questions to the network without a session: how fast a TCP port answers, and which addresses a name has. Both block; call them from
//! a job or from the command line.

use crate::model::{Endpoint, ErrorKind, HostPort, NetError, Operation, Transport, display_address};
use std::net::{IpAddr, SocketAddr, TcpStream, ToSocketAddrs};
use std::time::{Duration, Instant};

/// The addresses of a name, in the order of the system, each once; and how long the look-up took.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookUp {
    /// Both families.
    pub addresses: Vec<IpAddr>,
    /// Time of the look-up.
    pub took: Duration,
}

/// Looks a name up.
///
/// # Errors
/// The name has no address, or the system cannot look it up.
pub fn look_up(name: &str) -> Result<LookUp, NetError> {
    let started = Instant::now();
    let found = (name, 0).to_socket_addrs().map_err(|error| NetError {
        kind: ErrorKind::Resolve,
        ..NetError::from_io(Operation::Resolve, name, &error)
    })?;
    let mut addresses = Vec::new();
    for address in found {
        if !addresses.contains(&address.ip()) {
            addresses.push(address.ip());
        }
    }
    if addresses.is_empty() {
        return Err(NetError::new(Operation::Resolve, ErrorKind::Resolve, name, "the name has no address"));
    }
    Ok(LookUp { addresses, took: started.elapsed() })
}

/// The addresses of a TCP endpoint.
///
/// # Errors
/// The host cannot be looked up.
pub fn addresses_of(host: &HostPort) -> Result<Vec<SocketAddr>, NetError> {
    if let Some(address) = host.literal() {
        return Ok(vec![address]);
    }
    let found = look_up(&host.host).map_err(|error| {
        let endpoint = Endpoint::new(Transport::Tcp, host.clone());
        NetError { address: endpoint.to_string(), ..error }
    })?;
    Ok(found.addresses.into_iter().map(|ip| SocketAddr::new(ip, host.port)).collect())
}

/// Connects once, closes the connection at once, and says how long the connect took.
///
/// # Errors
/// The connect failed, or took longer than `limit`.
pub fn ping(address: SocketAddr, limit: Duration) -> Result<Duration, NetError> {
    let started = Instant::now();
    match TcpStream::connect_timeout(&address, limit) {
        Ok(_) => Ok(started.elapsed()),
        Err(error) => {
            let at = format!("tcp://{}", display_address(address));
            Err(NetError::from_io(Operation::Connect, at, &error))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    #[test]
    fn a_listener_answers_and_a_closed_port_refuses() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        assert!(ping(address, Duration::from_secs(10)).is_ok());
        let bound = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
        bound.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into()).unwrap();
        let closed = bound.local_addr().unwrap().as_socket().unwrap();
        let refused = ping(closed, Duration::from_secs(10)).map_err(|error| error.kind);
        assert_eq!(refused, Err(ErrorKind::Refused));
    }

    #[test]
    fn names_and_literals_have_addresses() {
        assert_eq!(look_up("127.0.0.1").unwrap().addresses, [IpAddr::from([127, 0, 0, 1])]);
        let host: HostPort = "[::1]:80".parse().unwrap();
        assert_eq!(addresses_of(&host).unwrap(), ["[::1]:80".parse().unwrap()]);
        let missing = look_up("no.such.host.invalid").map_err(|error| error.kind);
        assert_eq!(missing, Err(ErrorKind::Resolve));
    }
}
