//! Sets the options of a session on its sockets, and reads what the system has made of them.

use crate::model::{ErrorKind, KeepAlive, NetError, Operation, OptionName, Probing, SocketOptions, display_address};
use socket2::{Socket, TcpKeepalive};
use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;

/// What the socket is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Connection,
    Listener,
    Datagrams,
}

/// Sets all options that are given, on a socket that is not bound yet.
///
/// # Errors
/// The system refuses one. The error names the option, its value and the address.
pub(super) fn apply(socket: &Socket, options: &SocketOptions, kind: Kind, address: SocketAddr) -> Result<(), NetError> {
    for (option, value) in options.given() {
        let scheme = if kind == Kind::Datagrams { "udp" } else { "tcp" };
        let at = || format!("{scheme}://{} ({}={value})", display_address(address), option.name());
        if option == OptionName::OnlyV6 && address.is_ipv4() {
            let detail = "the address is IPv4";
            return Err(NetError::new(Operation::SetOption, ErrorKind::Invalid, at(), detail));
        }
        if !option.is_available() {
            let detail = "this system has no such option";
            return Err(NetError::new(Operation::SetOption, ErrorKind::Invalid, at(), detail));
        }
        set(socket, option, options, kind, address.is_ipv6()).map_err(|error| match option {
            OptionName::Interface if is_no_device(&error) => {
                let names = super::interfaces::interface_names().join(", ");
                NetError::new(Operation::SetOption, ErrorKind::NoSuchInterface, at(), names)
            }
            _ => NetError::from_io(Operation::SetOption, at(), &error),
        })?;
    }
    Ok(())
}

#[cfg(unix)]
fn is_no_device(error: &io::Error) -> bool {
    error.raw_os_error() == Some(rustix::io::Errno::NODEV.raw_os_error())
}

#[cfg(not(unix))]
fn is_no_device(_error: &io::Error) -> bool {
    false
}

fn set(socket: &Socket, option: OptionName, options: &SocketOptions, kind: Kind, is_v6: bool) -> io::Result<()> {
    let bytes = |bytes: Option<u32>| bytes.map_or(0, |bytes| bytes as usize);
    match option {
        OptionName::ReuseAddress => socket.set_reuse_address(options.reuse_address == Some(true)),
        OptionName::NoDelay if kind == Kind::Datagrams => Ok(()),
        OptionName::NoDelay => socket.set_tcp_nodelay(options.no_delay == Some(true)),
        OptionName::KeepAlive if kind == Kind::Datagrams => Ok(()),
        OptionName::KeepAlive => keep_alive(socket, options.keep_alive),
        OptionName::SendBuffer => socket.set_send_buffer_size(bytes(options.send_buffer)),
        OptionName::ReceiveBuffer => socket.set_recv_buffer_size(bytes(options.receive_buffer)),
        OptionName::Ttl => ttl(socket, u32::from(options.ttl.unwrap_or(64)), kind, is_v6),
        OptionName::Tos => tos(socket, u32::from(options.tos.unwrap_or(0)), is_v6),
        OptionName::ResetOnClose if kind == Kind::Datagrams => Ok(()),
        OptionName::ResetOnClose => {
            socket.set_linger(options.reset_on_close.filter(|on| *on).map(|_| std::time::Duration::ZERO))
        }
        // The backlog belongs to listen(2), and a client has neither of the two.
        OptionName::Backlog => Ok(()),
        OptionName::OnlyV6 if kind == Kind::Connection => Ok(()),
        OptionName::OnlyV6 => socket.set_only_v6(options.only_v6 == Some(true)),
        OptionName::Interface => interface(socket, options.interface.as_deref()),
    }
}

/// Keep-alive as the user wants it.
fn keep_alive(socket: &Socket, probing: Option<Probing>) -> io::Result<()> {
    let Some(Probing::On(KeepAlive { idle, interval, count })) = probing else {
        return socket.set_keepalive(false);
    };
    let mut times = TcpKeepalive::new().with_time(idle);
    if let Some(interval) = interval {
        times = times.with_interval(interval);
    }
    #[cfg(not(windows))]
    if let Some(count) = count {
        times = times.with_retries(count);
    }
    #[cfg(windows)]
    let _ = count; // Windows has a fixed count.
    socket.set_tcp_keepalive(&times)
}

/// A socket of both families has a value for each of them.
fn ttl(socket: &Socket, ttl: u32, kind: Kind, is_v6: bool) -> io::Result<()> {
    let is_udp = kind == Kind::Datagrams;
    let of_v4 = socket.set_ttl_v4(ttl).and_then(|()| if is_udp { socket.set_multicast_ttl_v4(ttl) } else { Ok(()) });
    if !is_v6 {
        return of_v4;
    }
    socket.set_unicast_hops_v6(ttl)?;
    if is_udp { socket.set_multicast_hops_v6(ttl) } else { Ok(()) }
}

#[cfg(any(target_os = "linux", target_os = "android", target_os = "macos"))]
fn tos(socket: &Socket, tos: u32, is_v6: bool) -> io::Result<()> {
    let of_v4 = socket.set_tos_v4(tos);
    if is_v6 { socket.set_tclass_v6(tos) } else { of_v4 }
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_os = "macos")))]
fn tos(_socket: &Socket, _tos: u32, _is_v6: bool) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(any(target_os = "linux", target_os = "android"))]
fn interface(socket: &Socket, name: Option<&str>) -> io::Result<()> {
    socket.bind_device(name.map(str::as_bytes))
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn interface(_socket: &Socket, _name: Option<&str>) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// The options of a socket as the system has them. What the system does not say is left out.
pub(super) fn read(socket: &socket2::SockRef<'_>, kind: Kind, is_v6: bool) -> BTreeMap<String, String> {
    let value = |option: OptionName| -> Option<String> {
        if !option.is_available() {
            return None;
        }
        let switch = |on: io::Result<bool>| on.ok().map(|on| if on { "on" } else { "off" }.to_owned());
        let number = |number: io::Result<u32>| number.ok().map(|number| number.to_string());
        match option {
            OptionName::NoDelay => switch(socket.tcp_nodelay()),
            OptionName::KeepAlive if matches!(socket.keepalive(), Ok(false)) => Some("off".to_owned()),
            OptionName::KeepAlive => probes(socket),
            OptionName::SendBuffer => socket.send_buffer_size().ok().map(|bytes| bytes.to_string()),
            OptionName::ReceiveBuffer => socket.recv_buffer_size().ok().map(|bytes| bytes.to_string()),
            OptionName::ResetOnClose => switch(socket.linger().map(|time| time == Some(std::time::Duration::ZERO))),
            OptionName::ReuseAddress => switch(socket.reuse_address()),
            OptionName::OnlyV6 => is_v6.then(|| switch(socket.only_v6())).flatten(),
            OptionName::Ttl if is_v6 => number(socket.unicast_hops_v6()),
            OptionName::Ttl => number(socket.ttl_v4()),
            OptionName::Tos => read_tos(socket, is_v6),
            OptionName::Interface => device(socket),
            OptionName::Backlog => None,
        }
    };
    let fits = |option: &OptionName| {
        let of_streams = matches!(option, OptionName::NoDelay | OptionName::KeepAlive | OptionName::ResetOnClose);
        !(of_streams && kind == Kind::Datagrams)
    };
    let all = OptionName::ALL.into_iter().filter(fits);
    all.filter_map(|option| Some((option.name().to_owned(), value(option)?))).collect()
}

#[cfg(not(windows))]
fn probes(socket: &socket2::SockRef<'_>) -> Option<String> {
    let idle = socket.tcp_keepalive_time().ok()?;
    let (interval, count) = (socket.tcp_keepalive_interval().ok(), socket.tcp_keepalive_retries().ok());
    Some(Probing::On(KeepAlive { idle, interval, count }).to_string())
}

#[cfg(windows)]
fn probes(_socket: &socket2::SockRef<'_>) -> Option<String> {
    None
}

#[cfg(any(target_os = "linux", target_os = "android", target_os = "macos"))]
fn read_tos(socket: &socket2::SockRef<'_>, is_v6: bool) -> Option<String> {
    let tos = if is_v6 { socket.tclass_v6() } else { socket.tos_v4() };
    tos.ok().map(|tos| tos.to_string())
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_os = "macos")))]
fn read_tos(_socket: &socket2::SockRef<'_>, _is_v6: bool) -> Option<String> {
    None
}

#[cfg(any(target_os = "linux", target_os = "android"))]
fn device(socket: &socket2::SockRef<'_>) -> Option<String> {
    let name = socket.device().ok()??;
    let name = String::from_utf8_lossy(&name).into_owned();
    (!name.is_empty()).then_some(name)
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn device(_socket: &socket2::SockRef<'_>) -> Option<String> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use socket2::{Domain, SockRef, Type};

    fn options(given: &[(OptionName, &str)]) -> SocketOptions {
        let mut options = SocketOptions::default();
        for (option, value) in given {
            options.set(*option, value).unwrap();
        }
        options
    }

    fn value(read: &BTreeMap<String, String>, option: OptionName) -> Option<&str> {
        read.get(option.name()).map(String::as_str)
    }

    #[test]
    fn the_system_has_what_was_set() {
        for address in ["127.0.0.1:0", "[::1]:0"] {
            let address: SocketAddr = address.parse().unwrap();
            let Ok(socket) = Socket::new(Domain::for_address(address), Type::STREAM, None) else { continue };
            let wanted = options(&[
                (OptionName::NoDelay, "on"),
                (OptionName::SendBuffer, "32k"),
                (OptionName::ReceiveBuffer, "32k"),
                (OptionName::Ttl, "7"),
                (OptionName::ReuseAddress, "on"),
                (OptionName::ResetOnClose, "on"),
                (OptionName::KeepAlive, "9s,3s,2"),
            ]);
            apply(&socket, &wanted, Kind::Connection, address).unwrap();
            let read = read(&SockRef::from(&socket), Kind::Connection, address.is_ipv6());
            for option in [OptionName::NoDelay, OptionName::Ttl, OptionName::ReuseAddress, OptionName::ResetOnClose] {
                assert_eq!(value(&read, option), wanted.get(option).as_deref(), "{}", option.name());
            }
            #[cfg(not(windows))]
            assert_eq!(value(&read, OptionName::KeepAlive), Some("9s,3s,2"));
            // Linux doubles the value.
            let bytes: u32 = value(&read, OptionName::ReceiveBuffer).unwrap().parse().unwrap();
            assert!(bytes >= 32 << 10, "{bytes}");
        }
    }

    #[test]
    fn a_refusal_names_the_option_its_value_and_the_address() {
        let address: SocketAddr = "127.0.0.1:80".parse().unwrap();
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
        let only_v6 = options(&[(OptionName::OnlyV6, "on")]);
        let error = apply(&socket, &only_v6, Kind::Listener, address).unwrap_err();
        assert_eq!((error.operation, error.kind), (Operation::SetOption, ErrorKind::Invalid));
        assert_eq!(error.address, "tcp://127.0.0.1:80 (only-v6=on)");
        let interface = options(&[(OptionName::Interface, "no-such-one")]);
        let error = apply(&socket, &interface, Kind::Datagrams, address).unwrap_err();
        let kind = if OptionName::Interface.is_available() { ErrorKind::NoSuchInterface } else { ErrorKind::Invalid };
        // Without rights the system does not look at the name.
        assert!(error.kind == kind || error.kind == ErrorKind::Permission, "{error}");
        assert_eq!(error.address, "udp://127.0.0.1:80 (interface=no-such-one)");
    }
}
