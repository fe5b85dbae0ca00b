//! Addresses of Unix sockets (unix(7)): a path, a name of the abstract namespace, or the process at the other end.
//!
//! Peers, states and captures hold socket addresses. A Unix socket gets one of the prefix 100::/64, to which the Internet sends
//! nothing (RFC 6666), so that everything that works with addresses works with it. The address holds the process and its user; its
//! port is the number of the name in a process-wide table. [`display_address`](super::display_address) shows what it means.

use std::collections::BTreeMap;
use std::net::{Ipv6Addr, SocketAddr, SocketAddrV6};
use std::sync::{PoisonError, RwLock};

/// The scheme of stream sockets, with its colon.
pub const UNIX_SCHEME: &str = "unix:";
/// Maximum length of a path in bytes; `sun_path` of Linux has 108 with the final NUL, that of macOS 104.
pub const UNIX_PATH_MAX: usize = if cfg!(any(target_os = "linux", target_os = "android")) { 107 } else { 103 };
/// Maximum count of names, since they may come from a malicious file.
const NAMES_MAX: usize = 4096;

static NAMES: RwLock<BTreeMap<u16, String>> = RwLock::new(BTreeMap::new());

/// One end of a Unix socket.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnixEnd {
    /// Its path, or `@` and its name in the abstract namespace; `None`: it has none.
    pub name: Option<String>,
    /// Its process, where the system says it.
    pub process: Option<u32>,
    /// The user of that process.
    pub user: Option<u32>,
}

impl UnixEnd {
    /// The end with this name.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self { name: Some(name.to_owned()), ..Self::default() }
    }

    /// Its address. A name is registered; beyond 4,096 of them it is lost.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        let number = self.name.as_deref().and_then(unix_name_number).unwrap_or(0);
        // A user 0 exists, and the highest number is nobody's.
        let user = self.user.map_or(0, |user| user.wrapping_add(1));
        let bits = 0x0100_u128 << 112 | u128::from(self.process.unwrap_or(0)) << 32 | u128::from(user);
        SocketAddrV6::new(Ipv6Addr::from_bits(bits), number, 0, 0).into()
    }

    /// The end with this address; `None`: it is an Internet address.
    #[must_use]
    pub fn of(address: SocketAddr) -> Option<Self> {
        let SocketAddr::V6(v6) = address else { return None };
        let bits = v6.ip().to_bits();
        if bits >> 64 != 0x0100_u128 << 48 {
            return None;
        }
        let low = |bits: u128| (bits & u128::from(u32::MAX)) as u32;
        let (process, user) = (low(bits >> 32), low(bits));
        Some(Self {
            name: unix_name(v6.port()),
            process: (process != 0).then_some(process),
            user: (user != 0).then(|| user.wrapping_sub(1)),
        })
    }

    /// As shown to users: `unix:/run/x.sock pid 4711 uid 1000`.
    pub(super) fn shown(&self) -> String {
        let mut text = UNIX_SCHEME.to_owned();
        for c in self.name.as_deref().unwrap_or_default().chars() {
            // A path may contain any byte, and must be harmless on a terminal.
            if is_visible(c) {
                text.push(c);
            } else {
                text.extend(c.escape_unicode());
            }
        }
        let mut has_part = self.name.is_some();
        for (word, number) in [("pid", self.process), ("uid", self.user)] {
            if let Some(number) = number {
                let space = if has_part { " " } else { "" };
                text.push_str(&format!("{space}{word} {number}"));
                has_part = true;
            }
        }
        if !has_part {
            text.push('?');
        }
        text
    }
}

/// Neither a control character, nor invisible, nor one that changes the direction of the text.
fn is_visible(c: char) -> bool {
    let hides = matches!(
        c,
        '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}'
    );
    !c.is_control() && !hides
}

/// The name with this number.
#[must_use]
pub fn unix_name(number: u16) -> Option<String> {
    NAMES.read().unwrap_or_else(PoisonError::into_inner).get(&number).cloned()
}

/// The number of a name, new or known. `None`: it is too long, or there are too many.
pub fn unix_name_number(name: &str) -> Option<u16> {
    if !(1..=UNIX_PATH_MAX + 1).contains(&name.len()) {
        return None;
    }
    let mut names = NAMES.write().unwrap_or_else(PoisonError::into_inner);
    if let Some((number, _)) = names.iter().find(|(_, known)| *known == name) {
        return Some(*number);
    }
    if names.len() >= NAMES_MAX {
        return None;
    }
    let number = names.last_key_value().map_or(1, |(last, _)| last + 1);
    names.insert(number, name.to_owned());
    Some(number)
}

/// All names by number.
#[must_use]
pub fn unix_names() -> BTreeMap<u16, String> {
    NAMES.read().unwrap_or_else(PoisonError::into_inner).clone()
}

/// A path, or `@` and a name, that a socket can have.
pub(super) fn is_unix_name(name: &str) -> bool {
    (1..=UNIX_PATH_MAX).contains(&name.len()) && name != "@" && !name.contains('\0')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Endpoint, EndpointError, HostPort, Transport, display_address};
    use proptest::prelude::*;

    #[test]
    fn endpoints_are_written_and_read_back() {
        for (text, host) in [
            ("unix:/run/x.sock", "unix:/run/x.sock"),
            (" unix:x.sock ", "unix:x.sock"),
            ("UNIX:@name", "unix:@name"),
            ("unix:/run/仪器 1：a.sock", "unix:/run/仪器 1：a.sock"),
        ] {
            let endpoint: Endpoint = text.parse().expect(text);
            assert_eq!((endpoint.transport, endpoint.at.host.as_str(), endpoint.at.port), (Transport::Tcp, host, 0));
            assert_eq!(endpoint.to_string(), host);
            assert_eq!(endpoint.to_string().parse(), Ok(endpoint.clone()));
            assert_eq!(HostPort::new(host, 8080), Ok(endpoint.at.clone()), "a port means nothing");
            let address = endpoint.at.literal().expect("an address");
            assert_eq!(display_address(address), host);
        }
        for text in ["unix:", "unix:@", "unix:a\0b", &format!("unix:/{}", "x".repeat(108))] {
            assert!(matches!(text.parse::<Endpoint>(), Err(EndpointError::UnixPath(_))), "{text:?}");
        }
    }

    #[test]
    fn an_end_says_what_is_known_of_it() {
        let shown = |end: &UnixEnd| display_address(end.address());
        let end = UnixEnd { name: Some("/run/a".into()), process: Some(4711), user: Some(0) };
        assert_eq!(shown(&end), "unix:/run/a pid 4711 uid 0");
        assert_eq!(shown(&UnixEnd { name: None, ..end }), "unix:pid 4711 uid 0");
        assert_eq!(shown(&UnixEnd::default()), "unix:?");
        assert_eq!(shown(&UnixEnd::named("/run/\u{1b}[2J\u{202e}")), "unix:/run/\\u{1b}[2J\\u{202e}");
        assert_eq!(UnixEnd::of("[100:0:0:1::]:1".parse().expect("an address")), None);
        assert_eq!(UnixEnd::of("127.0.0.1:1".parse().expect("an address")), None);
    }

    proptest! {
        #[test]
        fn ends_have_addresses_of_their_own(name in "[a-c]{1,3}", process in 1..u32::MAX, user in 0..u32::MAX) {
            let end = UnixEnd { name: Some(name), process: Some(process), user: Some(user) };
            prop_assert_eq!(UnixEnd::of(end.address()), Some(end));
        }
    }
}
