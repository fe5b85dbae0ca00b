//! Addresses as users write them: `tcp://HOST:PORT`, `udp://[v6]:PORT`, `HOST:PORT`.

use super::unix::is_unix_name;
use super::{UNIX_SCHEME, UnixEnd, zone_name, zone_number};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV6};
use std::str::FromStr;

/// The transport protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Transport {
    /// RFC 9293.
    Tcp,
    /// RFC 768.
    Udp,
}

impl Transport {
    /// The scheme of an endpoint, without `://`.
    #[must_use]
    pub fn scheme(self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Udp => "udp",
        }
    }
}

/// What lies between TCP and the payload.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Layers {
    /// RFC 8446, RFC 5246.
    pub tls: bool,
    /// RFC 6455, over TLS if both are set.
    #[serde(default)]
    pub websocket: bool,
}

impl Layers {
    /// Nothing: the payload is what TCP carries.
    pub const NONE: Self = Self { tls: false, websocket: false };
}

/// A host (name, IPv4 or IPv6 address without brackets, zone allowed) and a port; or `unix:` and the path of a Unix socket, without a
/// port.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct HostPort {
    /// Host name or address, never empty, no brackets.
    pub host: String,
    /// Port; 0 for any port (listening only).
    pub port: u16,
}

impl fmt::Display for HostPort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.unix_path().is_some() {
            f.write_str(&self.host)
        } else if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}

/// Transport, host and port.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Endpoint {
    /// TCP or UDP.
    pub transport: Transport,
    /// What lies over TCP.
    #[serde(default)]
    pub layers: Layers,
    /// Host and port.
    pub at: HostPort,
    /// WebSocket: path and query, with `/` first; empty if there is none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub path: String,
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.at.unix_path() {
            Some(_) if self.layers == Layers::NONE => write!(f, "{}", self.at),
            _ => write!(f, "{}://{}{}", self.scheme(), self.at, self.path),
        }
    }
}

impl Endpoint {
    /// An endpoint without layers.
    #[must_use]
    pub fn new(transport: Transport, at: HostPort) -> Self {
        Self { transport, layers: Layers::NONE, at, path: String::new() }
    }

    /// The scheme, without `://`.
    #[must_use]
    pub fn scheme(&self) -> &'static str {
        match (self.transport, self.layers) {
            (Transport::Tcp, Layers { tls: false, websocket: true }) => "ws",
            (Transport::Tcp, Layers { tls: true, websocket: true }) => "wss",
            (Transport::Tcp, Layers { tls: true, .. }) => "tls",
            _ => self.transport.scheme(),
        }
    }
}

/// Why a text is not an endpoint.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// The text is empty.
    #[error("empty endpoint")]
    Empty,
    /// The scheme is none of `tcp`, `tls`, `ws`, `wss` and `udp`.
    #[error("unknown scheme {0:?}")]
    Scheme(String),
    /// The host is missing.
    #[error("no host")]
    NoHost,
    /// `:PORT` is missing.
    #[error("no port")]
    NoPort,
    /// The port is not a number from 0 to 65535.
    #[error("bad port {0:?}")]
    Port(String),
    /// A bracket is missing, the brackets contain no IPv6 address, or an IPv6 address lacks brackets.
    #[error("bad IPv6 address {0:?}")]
    V6(String),
    /// The host looks like an IPv4 address but is invalid.
    #[error("bad IPv4 address {0:?}")]
    V4(String),
    /// A port follows the host in a field for the host only, and cannot be split off.
    #[error("host with a port {0:?}")]
    HostWithPort(String),
    /// The path of a Unix socket is empty, too long, or has a NUL.
    #[error("bad path of a Unix socket {0:?}")]
    UnixPath(String),
    /// The host contains a character that no host name has.
    #[error("bad host {0:?}")]
    Host(String),
}

impl FromStr for HostPort {
    type Err = EndpointError;

    fn from_str(text: &str) -> Result<Self, EndpointError> {
        if let Some(path) = unix_path(text) {
            return Self::unix(path);
        }
        let narrow = narrow(text);
        let text = narrow.trim();
        if text.is_empty() {
            return Err(EndpointError::Empty);
        }
        let (host, port) = if let Some(rest) = text.strip_prefix('[') {
            let (host, after) = rest.split_once(']').ok_or_else(|| EndpointError::V6(text.into()))?;
            let address = host.split_once('%').map_or(host, |(address, _)| address);
            if address.parse::<Ipv6Addr>().is_err() {
                return Err(EndpointError::V6(host.into()));
            }
            (host, after.strip_prefix(':').ok_or(EndpointError::NoPort)?)
        } else {
            let (host, port) = text.rsplit_once(':').ok_or(EndpointError::NoPort)?;
            if host.contains(':') {
                return Err(EndpointError::V6(text.into()));
            }
            (host, port)
        };
        if port.is_empty() {
            return Err(EndpointError::NoPort);
        }
        Self::new(host, parse_port(port)?)
    }
}

/// The path behind `unix:`, as typed.
fn unix_path(text: &str) -> Option<&str> {
    let text = text.trim();
    let (scheme, path) = text.split_at_checked(UNIX_SCHEME.len())?;
    scheme.eq_ignore_ascii_case(UNIX_SCHEME).then_some(path)
}

/// Converts an address typed with a Chinese input method to ASCII: full-width letters, digits and punctuation, and the ideographic
/// full stop.
fn narrow(text: &str) -> String {
    let of = |c: char| match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '。' | '｡' => '.',
        '【' => '[',
        '】' => ']',
        other => other,
    };
    text.chars().map(of).collect()
}

fn parse_port(text: &str) -> Result<u16, EndpointError> {
    if text.bytes().all(|b| b.is_ascii_digit()) { text.parse().ok() } else { None }
        .ok_or_else(|| EndpointError::Port(text.into()))
}

/// Whether the host consists of numbers with three or more dots. No host name has this form (RFC 3696 section 2); the system would
/// query the network for it or read a leading zero as octal.
fn is_meant_as_v4(host: &str) -> bool {
    host.bytes().filter(|byte| *byte == b'.').count() >= 3 && host.bytes().all(|b| b == b'.' || b.is_ascii_digit())
}

impl HostPort {
    /// Creates it from a host and port. Brackets around an IPv6 address are accepted.
    ///
    /// # Errors
    /// The host is empty, contains characters that no host name or address has, or consists of four or more numbers that are not an
    /// IPv4 address.
    pub fn new(host: &str, port: u16) -> Result<Self, EndpointError> {
        if let Some(path) = unix_path(host) {
            return Self::unix(path);
        }
        let narrow = narrow(host);
        let host = narrow.trim();
        let host = host.strip_prefix('[').and_then(|h| h.strip_suffix(']')).unwrap_or(host);
        if host.is_empty() {
            return Err(EndpointError::NoHost);
        }
        let never = |c: char| c.is_whitespace() || c.is_control() || "/@[]?#\\".contains(c);
        // An IPv6 address has at least two colons.
        if host.bytes().filter(|byte| *byte == b':').count() == 1 {
            return Err(EndpointError::HostWithPort(host.into()));
        }
        if host.contains(':') {
            let (address, zone) = host.split_once('%').unwrap_or((host, "any"));
            if address.parse::<Ipv6Addr>().is_err() || zone.is_empty() || zone.contains(never) {
                return Err(EndpointError::V6(host.into()));
            }
        } else if host.contains(never) {
            return Err(EndpointError::Host(host.into()));
        } else if is_meant_as_v4(host) && host.parse::<Ipv4Addr>().is_err() {
            return Err(EndpointError::V4(host.into()));
        }
        Ok(Self { host: host.into(), port })
    }

    /// A Unix socket: its path, or `@` and its name in the abstract namespace.
    ///
    /// # Errors
    /// The path is empty, too long for a socket, or has a NUL.
    pub fn unix(path: &str) -> Result<Self, EndpointError> {
        if !is_unix_name(path) {
            return Err(EndpointError::UnixPath(path.into()));
        }
        Ok(Self { host: format!("{UNIX_SCHEME}{path}"), port: 0 })
    }

    /// The path of a Unix socket, or `@` and its name; `None`: it is a host.
    #[must_use]
    pub fn unix_path(&self) -> Option<&str> {
        self.host.strip_prefix(UNIX_SCHEME)
    }

    /// Creates it from two text fields.
    ///
    /// # Errors
    /// As for [`HostPort::new`]; also if the port is empty or not in 0–65535.
    pub fn from_fields(host: &str, port: &str) -> Result<Self, EndpointError> {
        if let Some(path) = unix_path(host) {
            return Self::unix(path);
        }
        let narrow = narrow(port);
        let port = narrow.trim();
        if port.is_empty() {
            return Err(EndpointError::NoPort);
        }
        Self::new(host, parse_port(port)?)
    }

    /// The socket address if the host is an address rather than a name. `None` also if its zone is unknown
    /// ([`zone_number`](super::zone_number)).
    #[must_use]
    pub fn literal(&self) -> Option<SocketAddr> {
        if let Some(path) = self.unix_path() {
            return Some(UnixEnd::named(path).address());
        }
        match self.zoned() {
            None => self.host.parse::<IpAddr>().ok().map(|ip| SocketAddr::new(ip, self.port)),
            Some((ip, zone)) => {
                zone_number(zone).map(|number| SocketAddr::V6(SocketAddrV6::new(ip, self.port, 0, number)))
            }
        }
    }

    /// The address and zone of `fe80::1%eth0`.
    #[must_use]
    pub fn zoned(&self) -> Option<(Ipv6Addr, &str)> {
        let (ip, zone) = self.host.split_once('%')?;
        Some((ip.parse().ok()?, zone))
    }
}

/// A path as a request has it: with `/` first, without a fragment, other characters than those of URLs as `%XX`.
fn encoded_path(path: &str) -> String {
    let path = path.split_once('#').map_or(path, |(path, _)| path);
    let mut encoded = String::from(if path.starts_with('?') { "/" } else { "" });
    for byte in path.bytes() {
        match byte {
            b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}' => encoded.push_str(&format!("%{byte:02X}")),
            b'!'..=b'~' => encoded.push(byte.into()),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

impl FromStr for Endpoint {
    type Err = EndpointError;

    fn from_str(text: &str) -> Result<Self, EndpointError> {
        if let Some(path) = unix_path(text) {
            return Ok(Self::new(Transport::Tcp, HostPort::unix(path)?));
        }
        let narrow = narrow(text);
        let text = narrow.trim();
        let (scheme, rest) = text.split_once("://").unwrap_or(("tcp", text));
        let (transport, layers) = match scheme.to_ascii_lowercase().as_str() {
            "tcp" => (Transport::Tcp, Layers::NONE),
            "tls" => (Transport::Tcp, Layers { tls: true, websocket: false }),
            "ws" => (Transport::Tcp, Layers { tls: false, websocket: true }),
            "wss" => (Transport::Tcp, Layers { tls: true, websocket: true }),
            "udp" => (Transport::Udp, Layers::NONE),
            _ => return Err(EndpointError::Scheme(scheme.into())),
        };
        if !layers.websocket {
            let at: HostPort = rest.parse()?;
            if transport == Transport::Udp && at.unix_path().is_some() {
                return Err(EndpointError::Host(at.host));
            }
            return Ok(Self { transport, layers, at, path: String::new() });
        }
        let (place, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let at = match place.parse() {
            Err(EndpointError::NoPort) => HostPort::new(place, if layers.tls { 443 } else { 80 })?,
            parsed => parsed?,
        };
        Ok(Self { transport, layers, at, path: encoded_path(path) })
    }
}

/// Converts an IPv4-mapped IPv6 address (RFC 4291 §2.5.5.2) to the IPv4 address.
#[must_use]
pub fn unmap_v4(address: SocketAddr) -> SocketAddr {
    match address {
        SocketAddr::V6(v6) => match v6.ip().to_ipv4_mapped() {
            Some(v4) => SocketAddr::new(IpAddr::V4(v4), v6.port()),
            None => address,
        },
        SocketAddr::V4(_) => address,
    }
}

/// Formats as `IP:PORT` or `[v6]:PORT`, with v4-mapped addresses as IPv4 and zones by name.
#[must_use]
pub fn display_address(address: SocketAddr) -> String {
    if let Some(end) = UnixEnd::of(address) {
        return end.shown();
    }
    match unmap_v4(address) {
        SocketAddr::V6(v6) if v6.scope_id() != 0 => match zone_name(v6.scope_id()) {
            Some(zone) => format!("[{}%{zone}]:{}", v6.ip(), v6.port()),
            None => v6.to_string(),
        },
        address => address.to_string(),
    }
}

/// Parses the output of [`display_address`]. `None` also if the zone is unknown.
#[must_use]
pub fn parse_address(text: &str) -> Option<SocketAddr> {
    text.parse().ok().or_else(|| text.parse::<HostPort>().ok().filter(|at| at.zoned().is_some())?.literal())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn endpoints_as_users_write_them() {
        let cases = [
            ("tcp://127.0.0.1:80", "tcp://127.0.0.1:80"),
            ("127.0.0.1:80", "tcp://127.0.0.1:80"),
            ("TLS://device.local:443", "tls://device.local:443"),
            ("UDP://[::1]:0", "udp://[::1]:0"),
            ("ws://127.0.0.1:80", "ws://127.0.0.1:80"),
            ("wss://a.example/chat?x=1#y", "wss://a.example:443/chat?x=1"),
            ("WS://[::1]:9?a b", "ws://[::1]:9/?a%20b"),
            ("ws://a/你", "ws://a:80/%E4%BD%A0"),
            ("[fe80::1%eth0]:9", "tcp://[fe80::1%eth0]:9"),
            (" localhost:65535 ", "tcp://localhost:65535"),
            ("127.0.0.1：8080", "tcp://127.0.0.1:8080"),
            ("udp：／／１２７。０．０．１：８０", "udp://127.0.0.1:80"),
            ("【：：1】：80", "tcp://[::1]:80"),
        ];
        for (text, shown) in cases {
            assert_eq!(text.parse::<Endpoint>().map(|e| e.to_string()), Ok(shown.to_owned()), "{text}");
        }
        for (text, error) in [
            ("", EndpointError::Empty),
            ("http://a:1", EndpointError::Scheme("http".into())),
            ("tcp://:80", EndpointError::NoHost),
            ("tcp://a", EndpointError::NoPort),
            ("tcp://a:", EndpointError::NoPort),
            ("a:65536", EndpointError::Port("65536".into())),
            ("a:+1", EndpointError::Port("+1".into())),
            ("::1:80", EndpointError::V6("::1:80".into())),
            ("[::g]:80", EndpointError::V6("::g".into())),
            ("[fe80::1%]:80", EndpointError::V6("fe80::1%".into())),
            ("[fe80::1%a\u{1B}b]:80", EndpointError::V6("fe80::1%a\u{1B}b".into())),
            ("a b:80", EndpointError::Host("a b".into())),
            ("300.1.1.1:80", EndpointError::V4("300.1.1.1".into())),
            ("10.0.0.1.5:80", EndpointError::V4("10.0.0.1.5".into())),
            ("10.0.0.010:80", EndpointError::V4("10.0.0.010".into())),
        ] {
            assert_eq!(text.parse::<Endpoint>(), Err(error), "{text}");
        }
    }

    #[test]
    fn a_zone_has_nothing_that_would_read_otherwise() {
        for host in ["fe80::1%a]b", "fe80::1%a b", "fe80::1%", "[fe80::1%e/0]"] {
            let bare = host.trim_matches(['[', ']']).to_owned();
            assert_eq!(HostPort::new(host, 80), Err(EndpointError::V6(bare)), "{host}");
        }
        assert!(HostPort::new("[fe80::1%eth0]", 80).is_ok());
    }

    #[test]
    fn mapped_addresses_are_shown_as_v4() {
        let mapped: SocketAddr = "[::ffff:10.0.0.1]:5".parse().expect("literal");
        assert_eq!(display_address(mapped), "10.0.0.1:5");
    }

    fn hosts() -> impl Strategy<Value = String> {
        prop_oneof![
            any::<Ipv4Addr>().prop_map(|ip| ip.to_string()),
            any::<Ipv6Addr>().prop_map(|ip| ip.to_string()),
            (any::<Ipv6Addr>(), "[a-z0-9.]{1,8}").prop_map(|(ip, zone)| format!("{ip}%{zone}")),
            "[a-z][a-z0-9-]{0,10}(\\.[a-z][a-z0-9_-]{0,6}){0,3}",
            // Full-width forms are converted to ASCII, so no host contains them.
            "[\\PC&&[^\\s:/@\\[\\]?#\\\\.\\x{FF01}-\\x{FF5E}。｡【】]]{1,12}",
        ]
    }

    proptest! {
        #[test]
        fn endpoints_are_written_and_read_back(host in hosts(), port: u16, udp: bool) {
            let transport = if udp { Transport::Udp } else { Transport::Tcp };
            let endpoint = Endpoint::new(transport, HostPort { host, port });
            prop_assert_eq!(endpoint.to_string().parse(), Ok(endpoint.clone()));
            prop_assert_eq!(endpoint.at.to_string().parse(), Ok(endpoint.at.clone()));
            prop_assert_eq!(HostPort::from_fields(&endpoint.at.host, &port.to_string()), Ok(endpoint.at));
        }

        #[test]
        fn any_text_is_an_endpoint_or_refused(text in "\\PC{0,30}|(tcp://|udp://)?[0-9a-f:.%\\[\\] ]{0,24}:[0-9]{0,5}") {
            if let Ok(endpoint) = text.parse::<Endpoint>() {
                prop_assert_eq!(endpoint.to_string().parse(), Ok(endpoint));
            }
        }
    }
}
