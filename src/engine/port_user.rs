//! Which program uses a local port.

use crate::engine::platform;
use crate::model::{HostPort, Protocol, Transport};
use std::net::SocketAddr;

/// A program that holds a port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortUser {
    /// The name of the process, as reported by the system: at most [`Self::MAX_NAME_CHARS`] characters, without control characters.
    pub name: String,
    /// The number of the process.
    pub pid: u32,
}

impl PortUser {
    /// Maximum length of the name in characters.
    pub const MAX_NAME_CHARS: usize = 64;

    /// The name from the system's bytes. A process can choose its name, so nothing in it may act. `None` if nothing remains.
    #[cfg(any(test, target_os = "linux", windows, target_os = "macos"))]
    pub(in crate::engine) fn shown_name(name: &[u8]) -> Option<String> {
        let text = String::from_utf8_lossy(name);
        let visible = crate::codec::safe::visible(text.trim(), |_| false);
        let name: String = visible.chars().take(Self::MAX_NAME_CHARS).collect();
        (!name.is_empty()).then_some(name)
    }

    /// Whether it is this process.
    #[must_use]
    pub fn is_this_program(&self) -> bool {
        self.pid == std::process::id()
    }
}

/// A socket of this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalSocket {
    /// TCP or UDP.
    pub transport: Transport,
    /// Its own address.
    pub local: SocketAddr,
    /// The other side of a connection.
    pub remote: Option<SocketAddr>,
    /// The state of TCP by its name in RFC 9293, in lower case with `_`; `bound` for UDP.
    pub state: &'static str,
    /// The program that holds it, if the system says so.
    pub user: Option<PortUser>,
}

/// The listening sockets and the connections of this machine, ordered by address. Empty where the system does not say.
///
/// Takes up to two seconds on a machine with many processes: call it from a job, not from the UI thread.
#[must_use]
pub fn local_sockets() -> Vec<LocalSocket> {
    let mut all = platform::local_sockets();
    all.sort_by_key(|socket| {
        let rank = if matches!(socket.state, "listen" | "bound") { 0 } else { 1 };
        (rank, socket.transport.scheme(), socket.local.port(), socket.local, socket.remote)
    });
    all
}

/// The program whose socket keeps a server or a UDP socket from binding `port` at `host`. `None` if the system does not say, for
/// example because the program belongs to another user, or if `host` is a name.
///
/// Takes up to two seconds on a machine with many processes: call it from a job, not from the UI thread. The port can change hands at
/// any time.
#[must_use]
pub fn port_user(protocol: Protocol, host: &str, port: u16) -> Option<PortUser> {
    let at = HostPort::new(host, port).ok()?.literal()?;
    platform::port_user(at, protocol == Protocol::Udp)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_processes_are_harmless_and_short() {
        let name = |bytes: &[u8]| PortUser::shown_name(bytes);
        assert_eq!(name(b"python3\n"), Some("python3".into()));
        assert_eq!(name("网络\n".as_bytes()), Some("网络".into()));
        assert_eq!(name(b" \n"), None);
        let wild = name(b"a\x1b[31m\xff\xe2\x80\xaeb").expect("a name");
        assert!(wild.starts_with('a') && wild.chars().all(|c| !c.is_control() && c != '\u{202e}'), "{wild}");
        assert_eq!(name(&[b'x'; 300]).map(|name| name.len()), Some(PortUser::MAX_NAME_CHARS));
    }

    #[test]
    fn a_host_name_is_not_looked_up() {
        assert_eq!(port_user(Protocol::TcpServer, "no.such.host.invalid", 80), None);
        assert_eq!(port_user(Protocol::TcpServer, "not a host", 80), None);
    }
}
