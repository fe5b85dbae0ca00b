//! Creates the UDP socket: its address and options.

use crate::engine::net::options::{self, Kind};
use crate::engine::platform;
use crate::model::{ErrorKind, NetError, Operation, SocketOptions, display_address};
use socket2::{Domain, Protocol, Socket, Type};
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// The error for an address that cannot be bound.
pub(super) fn bind_error(address: SocketAddr) -> impl Fn(io::Error) -> NetError {
    move |error| NetError::from_io(Operation::Bind, format!("udp://{}", display_address(address)), &error)
}

/// The address to bind if none is configured: unspecified, of the family of the remote.
fn any_like(remote: Option<SocketAddr>) -> SocketAddr {
    let ip = match remote {
        Some(SocketAddr::V6(_)) => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
        _ => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
    };
    SocketAddr::new(ip, 0)
}

/// The first pair of addresses that can communicate. An unspecified IPv6 address also supports IPv4.
///
/// # Errors
/// There is no such pair.
pub(super) fn choose(
    locals: &[SocketAddr],
    remotes: &[SocketAddr],
) -> Result<(SocketAddr, Option<SocketAddr>), NetError> {
    if remotes.is_empty() {
        return Ok((locals.first().copied().unwrap_or_else(|| any_like(None)), None));
    }
    for remote in remotes {
        if locals.is_empty() {
            return Ok((any_like(Some(*remote)), Some(*remote)));
        }
        let fits = |local: &&SocketAddr| {
            local.is_ipv4() == remote.is_ipv4() || (local.is_ipv6() && local.ip().is_unspecified())
        };
        if let Some(local) = locals.iter().find(fits) {
            return Ok((*local, Some(*remote)));
        }
    }
    let detail = format!("the remote address {} is of the other family", display_address(remotes[0]));
    let local = locals.first().map(|local| format!("udp://{}", display_address(*local))).unwrap_or_default();
    Err(NetError::new(Operation::Bind, ErrorKind::Invalid, local, detail))
}

/// Creates a non-blocking socket that is bound. `shared`: other programs may use the port, too.
///
/// # Errors
/// The system refuses the address or an option.
pub(in crate::engine::net) fn make_socket(
    local: SocketAddr,
    shared: bool,
    broadcast: bool,
    options: &SocketOptions,
) -> Result<Socket, NetError> {
    let failed = bind_error(local);
    let socket = Socket::new(Domain::for_address(local), Type::DGRAM, Some(Protocol::UDP)).map_err(&failed)?;
    socket.set_nonblocking(true).map_err(&failed)?;
    socket.set_broadcast(broadcast).map_err(&failed)?;
    if local.is_ipv6()
        && local.ip().is_unspecified()
        && let Err(error) = socket.set_only_v6(false)
    {
        tracing::debug!(%error, "no dual-stack sockets here");
    }
    // Several programs can listen to one group. Any other port is exclusive, so that the user gets an error if it is in use.
    if shared {
        platform::share_port(&socket).map_err(&failed)?;
    }
    options::apply(&socket, options, Kind::Datagrams, local)?;
    // Windows does not bind a group address, only its port.
    let bound = if cfg!(windows) && local.ip().is_multicast() {
        let any = any_like(Some(local));
        SocketAddr::new(any.ip(), local.port())
    } else {
        local
    };
    socket.bind(&bound.into()).map_err(&failed)?;
    Ok(socket)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_families_of_both_ends_must_fit() {
        let a = |text: &str| text.parse::<SocketAddr>().expect("literal");
        let cases = [
            (vec![], vec![], Some(("0.0.0.0:0", None))),
            (vec![], vec!["[::1]:5"], Some(("[::]:0", Some("[::1]:5")))),
            (vec!["127.0.0.1:0"], vec!["[::1]:5", "127.0.0.1:5"], Some(("127.0.0.1:0", Some("127.0.0.1:5")))),
            (vec!["[::]:0"], vec!["127.0.0.1:5"], Some(("[::]:0", Some("127.0.0.1:5")))),
            (vec!["[::1]:0"], vec!["127.0.0.1:5"], None),
            (vec!["127.0.0.1:0"], vec!["[::1]:5"], None),
        ];
        for (locals, remotes, wanted) in cases {
            let locals: Vec<_> = locals.into_iter().map(a).collect();
            let remotes: Vec<_> = remotes.into_iter().map(a).collect();
            let chosen = choose(&locals, &remotes).map_err(|error| error.kind);
            let wanted = wanted.map(|(local, remote)| (a(local), remote.map(a))).ok_or(ErrorKind::Invalid);
            assert_eq!(chosen, wanted, "{locals:?} {remotes:?}");
        }
    }
}
