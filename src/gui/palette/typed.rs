//! Addresses typed into the palette.

use crate::gui::icons;
use crate::gui::palette::{Entry, Heading, What};
use crate::model::{Endpoint, HostPort, Transport};
use crate::words::Lang;

/// What a text means as an address: where to listen or connect.
fn endpoint(text: &str) -> Option<(Endpoint, bool)> {
    let text = text.trim();
    let (verb, rest) = text.split_once(char::is_whitespace).unwrap_or(("", text));
    let rest = rest.trim();
    let (transport, listens) = match verb.to_lowercase().as_str() {
        "" => (Transport::Tcp, None),
        "tcp" => (Transport::Tcp, None),
        "udp" => (Transport::Udp, None),
        verb if is_verb(verb, "listen") => (Transport::Tcp, Some(true)),
        verb if is_verb(verb, "connect") => (Transport::Tcp, Some(false)),
        _ => return None,
    };
    let (transport, rest) = match rest.split_once("://") {
        Some((scheme, rest)) => match scheme.to_lowercase().as_str() {
            "tcp" => (Transport::Tcp, rest),
            "udp" => (Transport::Udp, rest),
            _ => return None,
        },
        None => (transport, rest),
    };
    // A port alone, or with a colon before it, is one of this machine.
    let port = rest.strip_prefix([':', '\u{FF1A}']).unwrap_or(rest);
    let has_sign = port.len() < rest.len() || !verb.is_empty();
    let is_port = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    if is_port && has_sign {
        let port = port.parse().ok()?;
        let at = HostPort { host: "0.0.0.0".to_owned(), port };
        return (listens != Some(false)).then_some((Endpoint::new(transport, at), true));
    }
    let at: HostPort = rest.parse().ok()?;
    Some((Endpoint::new(transport, at), listens == Some(true)))
}

/// Whether it is this verb in any language.
fn is_verb(typed: &str, id: &str) -> bool {
    Lang::ALL.iter().any(|lang| lang.texts().palette_verb(id) == typed)
}

/// The row for a text that is an address.
pub fn entry(text: &str, lang: Lang) -> Option<Entry> {
    let (endpoint, listens) = endpoint(text)?;
    Some(Entry {
        id: format!("open:{text}"),
        name: text.to_owned(),
        detail: lang.texts().palette_open(endpoint.transport == Transport::Udp, listens, &endpoint.at.to_string()),
        more: String::new(),
        icon: icons::TERMINAL,
        heading: Heading::Typed,
        keys: String::new(),
        what: What::Open(endpoint, listens),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        endpoint(text).map(|(endpoint, listens)| format!("{endpoint} {listens}"))
    }

    #[test]
    fn addresses_are_read() {
        for (text, expected) in [
            ("listen 9000", "tcp://0.0.0.0:9000 true"),
            ("listen 127.0.0.1:9000", "tcp://127.0.0.1:9000 true"),
            ("Listen udp://127.0.0.1:9", "udp://127.0.0.1:9 true"),
            ("监听 9000", "tcp://0.0.0.0:9000 true"),
            ("tcp 10.0.0.5:502", "tcp://10.0.0.5:502 false"),
            ("TCP  10.0.0.5:502 ", "tcp://10.0.0.5:502 false"),
            ("tcp://[::1]:502", "tcp://[::1]:502 false"),
            ("udp :9000", "udp://0.0.0.0:9000 true"),
            ("udp 9000", "udp://0.0.0.0:9000 true"),
            ("udp plc.local:9000", "udp://plc.local:9000 false"),
            (":8080", "tcp://0.0.0.0:8080 true"),
            ("：8080", "tcp://0.0.0.0:8080 true"),
            ("连接 １０.0.0.5：502", "tcp://10.0.0.5:502 false"),
        ] {
            assert_eq!(read(text).as_deref(), Some(expected), "{text}");
        }
        for text in ["", "listen", "listen x", "9000", "gbk", "tcp 70000", "connect 80", "ftp://a:1", "tcp a b:1", ":"]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
