//! What is typed into the connect field: an address to connect to, or a port to listen on.

use crate::model::{Endpoint, EndpointError, HostPort, Layers, Protocol, Transport, UNIX_SCHEME};
use crate::settings::SessionSetup;
use crate::words::{self, Lang};

/// What the user asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    /// The address.
    pub endpoint: Endpoint,
    /// Listen there instead of connecting.
    pub listens: bool,
}

/// Why a text asks for nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// It is no endpoint.
    Endpoint(EndpointError),
    /// A host without a port.
    NoPort(String),
    /// Nothing can connect to port 0.
    PortZero,
}

impl Wrong {
    /// The sentence below the field.
    pub fn words(&self, lang: Lang) -> String {
        match self {
            Self::Endpoint(error) => words::endpoint_error(error, lang),
            Self::NoPort(host) => lang.texts().needs_port(&words::harmless(host)),
            Self::PortZero => lang.texts().connect_port_zero().to_owned(),
        }
    }
}

/// Reads `192.168.1.50:5025`, `[::1]:80`, `host:port`, `udp://host:port`; `:8080`, `8080` and an unspecified address mean listening.
/// Spaces around the parts and a slash at the end are accepted, since addresses are pasted; so are `host port`, and `udp :9000`
/// as in the command palette.
///
/// # Errors
/// Why it asks for nothing.
pub fn parse(text: &str, transport: Transport) -> Result<Typed, Wrong> {
    if text.trim().get(..UNIX_SCHEME.len()).is_some_and(|scheme| scheme.eq_ignore_ascii_case(UNIX_SCHEME)) {
        let at = text.parse().map_err(Wrong::Endpoint)?;
        return Ok(Typed { endpoint: Endpoint::new(Transport::Tcp, at), listens: false });
    }
    let text = narrow(text);
    let is_tls = text.get(..6).is_some_and(|scheme| scheme.eq_ignore_ascii_case("tls://"));
    let layers = Layers { tls: is_tls, websocket: false };
    let text = if is_tls { format!("tcp{}", &text[3..]) } else { text };
    let (transport, rest) = match text.split_once("://") {
        None => in_words(&text).unwrap_or((transport, &text)),
        Some((scheme, rest)) => match scheme.trim().to_ascii_lowercase().as_str() {
            "tcp" => (Transport::Tcp, rest),
            "udp" => (Transport::Udp, rest),
            other => return Err(Wrong::Endpoint(EndpointError::Scheme(other.to_owned()))),
        },
    };
    let rest = joined(rest.trim().trim_end_matches('/'));
    let is_port = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let port_alone = rest.strip_prefix(':').or(Some(&*rest).filter(|rest| is_port(rest)));
    if let Some(port) = port_alone.filter(|port| !port.contains(':')) {
        let at = HostPort::from_fields("0.0.0.0", port).map_err(Wrong::Endpoint)?;
        return Ok(Typed { endpoint: Endpoint { transport, layers, at, path: String::new() }, listens: true });
    }
    let at = rest.parse::<HostPort>().map_err(|error| match error {
        EndpointError::NoPort if HostPort::new(rest.trim_end_matches(':'), 1).is_ok() => {
            Wrong::NoPort(rest.trim_end_matches(':').to_owned())
        }
        EndpointError::V6(_) if HostPort::new(&rest, 1).is_ok() => Wrong::NoPort(format!("[{rest}]")),
        error => Wrong::Endpoint(error),
    })?;
    let listens = at.literal().is_some_and(|address| address.ip().is_unspecified());
    if at.port == 0 && !listens && at.unix_path().is_none() {
        return Err(Wrong::PortZero);
    }
    Ok(Typed { endpoint: Endpoint { transport, layers, at, path: String::new() }, listens })
}

/// The transport as a word before the address.
fn in_words(text: &str) -> Option<(Transport, &str)> {
    let (word, rest) = text.split_once(char::is_whitespace)?;
    match word.to_ascii_lowercase().as_str() {
        "tcp" => Some((Transport::Tcp, rest)),
        "udp" => Some((Transport::Udp, rest)),
        _ => None,
    }
}

/// Full-width characters of a Chinese input method as ASCII.
fn narrow(text: &str) -> String {
    let of = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3002}' | '\u{ff61}' => '.',
        '\u{3010}' => '[',
        '\u{3011}' => ']',
        other => other,
    };
    text.chars().map(of).collect::<String>().trim().to_owned()
}

/// The parts without the spaces between them; `host port` with a colon.
fn joined(text: &str) -> String {
    let parts: Vec<&str> = text.split_whitespace().collect();
    match parts[..] {
        [host, port] if !host.ends_with(':') && !port.starts_with(':') && port.bytes().all(|b| b.is_ascii_digit()) => {
            format!("{host}:{port}")
        }
        _ => text.split(':').map(str::trim).collect::<Vec<_>>().join(":"),
    }
}

/// The setup for an endpoint; everything but protocol and addresses is that of `base`.
pub fn setup_of(Typed { endpoint, listens }: &Typed, base: SessionSetup) -> SessionSetup {
    let (host, port) = (endpoint.at.host.clone(), endpoint.at.port.to_string());
    let mut base = base;
    base.tls.is_on = endpoint.layers.tls;
    match (endpoint.transport, listens) {
        (Transport::Tcp, true) => {
            SessionSetup { protocol: Protocol::TcpServer, local_address: host, local_port: port, ..base }
        }
        (Transport::Tcp, false) => SessionSetup {
            protocol: Protocol::TcpClient,
            bind_local: false,
            remote_address: host,
            remote_port: port,
            ..base
        },
        (Transport::Udp, true) => SessionSetup {
            protocol: Protocol::Udp,
            local_address: host,
            local_port: port,
            target_address: String::new(),
            target_port: String::new(),
            ..base
        },
        (Transport::Udp, false) => SessionSetup {
            protocol: Protocol::Udp,
            local_address: String::new(),
            local_port: String::new(),
            target_address: host,
            target_port: port,
            ..base
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str) -> Result<(String, bool), Wrong> {
        parse(text, Transport::Tcp).map(|typed| (typed.endpoint.to_string(), typed.listens))
    }

    #[test]
    fn addresses_connect_and_ports_listen() {
        for (text, endpoint, listens) in [
            ("192.168.1.50:5025", "tcp://192.168.1.50:5025", false),
            ("[::1]:80", "tcp://[::1]:80", false),
            ("plc.local:502", "tcp://plc.local:502", false),
            (":8080", "tcp://0.0.0.0:8080", true),
            ("8080", "tcp://0.0.0.0:8080", true),
            ("0.0.0.0:8080", "tcp://0.0.0.0:8080", true),
            ("[::]:8080", "tcp://[::]:8080", true),
            (":0", "tcp://0.0.0.0:0", true),
            ("udp://239.1.1.1:5000", "udp://239.1.1.1:5000", false),
            ("UDP://:9000", "udp://0.0.0.0:9000", true),
            ("udp :9000", "udp://0.0.0.0:9000", true),
            ("UDP  9000", "udp://0.0.0.0:9000", true),
            ("tcp 10.0.0.5:502", "tcp://10.0.0.5:502", false),
            ("tcp://10.0.0.5:502/", "tcp://10.0.0.5:502", false),
            ("  192.168.1.50 : 5025\n", "tcp://192.168.1.50:5025", false),
            ("192.168.1.50 5025", "tcp://192.168.1.50:5025", false),
            ("[fe80::1%7]:502", "tcp://[fe80::1%7]:502", false),
            ("192\u{3002}168\u{3002}1\u{3002}50\u{ff1a}\u{ff15}\u{ff10}", "tcp://192.168.1.50:50", false),
            ("\u{ff1a}8080", "tcp://0.0.0.0:8080", true),
        ] {
            assert_eq!(typed(text), Ok((endpoint.to_owned(), listens)), "{text}");
        }
        let typed = parse(":9000", Transport::Udp).expect("a port");
        assert_eq!((typed.endpoint.transport, typed.listens), (Transport::Udp, true));
    }

    #[test]
    fn what_asks_for_nothing_says_why() {
        let endpoint = |error| Err(Wrong::Endpoint(error));
        for (text, expected) in [
            ("", endpoint(EndpointError::Empty)),
            ("192.168.1.50", Err(Wrong::NoPort("192.168.1.50".into()))),
            ("plc.local:", Err(Wrong::NoPort("plc.local".into()))),
            ("fe80::1", Err(Wrong::NoPort("[fe80::1]".into()))),
            ("[::1]", Err(Wrong::NoPort("[::1]".into()))),
            (":", endpoint(EndpointError::NoPort)),
            (":70000", endpoint(EndpointError::Port("70000".into()))),
            ("70000", endpoint(EndpointError::Port("70000".into()))),
            ("a:b", endpoint(EndpointError::Port("b".into()))),
            ("192.168.1.50:0", Err(Wrong::PortZero)),
            ("192.168.1.500:80", endpoint(EndpointError::V4("192.168.1.500".into()))),
            ("bad host!:80", endpoint(EndpointError::Host("bad host!".into()))),
            ("http://a:80", endpoint(EndpointError::Scheme("http".into()))),
        ] {
            assert_eq!(typed(text), expected, "{text}");
            if let Err(wrong) = expected {
                assert!(Lang::ALL.into_iter().all(|lang| !wrong.words(lang).is_empty()), "{text}");
            }
        }
    }

    #[test]
    fn the_setup_keeps_everything_but_protocol_and_addresses() {
        let base = SessionSetup { send_hex: true, draft: "AT".into(), bind_local: true, ..SessionSetup::default() };
        for (text, protocol, local, remote) in [
            ("127.0.0.1:80", Protocol::TcpClient, None, Some(("127.0.0.1", "80"))),
            (":80", Protocol::TcpServer, Some(("0.0.0.0", "80")), None),
            ("udp://:80", Protocol::Udp, Some(("0.0.0.0", "80")), Some(("", ""))),
            ("udp://[::1]:80", Protocol::Udp, Some(("", "")), Some(("::1", "80"))),
        ] {
            let setup = setup_of(&parse(text, Transport::Tcp).expect(text), base.clone());
            assert_eq!((setup.protocol, setup.send_hex, setup.draft.as_str()), (protocol, true, "AT"));
            if let Some(local) = local {
                assert_eq!((setup.local_address.as_str(), setup.local_port.as_str()), local, "{text}");
            }
            if let Some(remote) = remote {
                assert_eq!(crate::gui::network::form::remote_fields(&setup), remote, "{text}");
            }
        }
    }
}
