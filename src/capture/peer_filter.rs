//! Selection of records by peer.

use crate::model::{HostPort, PeerId, foreign_zone, unmap_v4};
use std::net::{IpAddr, SocketAddr, SocketAddrV6};

/// One peer, or all peers with one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PeerFilter {
    /// One connection (TCP) or one address of a run (UDP).
    Id(PeerId),
    /// Every peer with this address and port. V4-mapped addresses equal their v4 form. An address without a zone matches any zone.
    Address(SocketAddr),
    /// Every peer with this address and any port.
    Host {
        /// The address, never v4-mapped.
        ip: IpAddr,
        /// Number of its zone; 0 for any.
        zone: u32,
    },
}

impl PeerFilter {
    /// Parses `#3`, `10.0.0.7:4000`, `[fe80::1%eth1]:4000`, and the same addresses without a port, with or without brackets. `None`
    /// if it is none of these.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if let Some(number) = text.strip_prefix('#') {
            return number.parse().ok().map(|number| Self::Id(PeerId(number)));
        }
        if let Ok(at) = text.parse::<HostPort>() {
            return address_of(&at).map(Self::Address);
        }
        let address = unmap_v4(address_of(&HostPort::new(text, 0).ok()?)?);
        Some(Self::Host { ip: address.ip(), zone: zone_of(address) })
    }

    /// Whether a peer matches. `address` is the peer's own, with v4-mapped addresses converted to v4.
    #[must_use]
    pub fn lets(self, peer: PeerId, address: Option<SocketAddr>) -> bool {
        let is_at = |ip: IpAddr, zone: u32, port: Option<u16>| {
            address.is_some_and(|address| {
                address.ip() == ip
                    && (zone == 0 || zone_of(address) == zone)
                    && port.is_none_or(|port| address.port() == port)
            })
        };
        match self {
            Self::Id(id) => id == peer,
            Self::Address(wanted) => {
                let wanted = unmap_v4(wanted);
                is_at(wanted.ip(), zone_of(wanted), Some(wanted.port()))
            }
            Self::Host { ip, zone } => is_at(ip, zone, None),
        }
    }
}

fn zone_of(address: SocketAddr) -> u32 {
    match address {
        SocketAddr::V6(v6) => v6.scope_id(),
        SocketAddr::V4(_) => 0,
    }
}

/// A zone unknown on this machine may occur in the capture: it gets the number that it has, or will have, there.
fn address_of(at: &HostPort) -> Option<SocketAddr> {
    match at.zoned() {
        None => at.literal(),
        Some((ip, zone)) => Some(SocketAddr::V6(SocketAddrV6::new(ip, at.port, 0, foreign_zone(zone)?))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peer_is_named_by_number_address_or_host() {
        let lets = |text: &str, address: &str| {
            let filter = PeerFilter::parse(text).unwrap_or_else(|| panic!("{text}"));
            filter.lets(
                PeerId(3),
                Some(PeerFilter::parse(address).map_or_else(
                    || panic!("{address}"),
                    |filter| match filter {
                        PeerFilter::Address(address) => address,
                        _ => panic!("{address}"),
                    },
                )),
            )
        };
        for (text, address, expected) in [
            ("#3", "1.2.3.4:5", true),
            ("#4", "1.2.3.4:5", false),
            ("1.2.3.4:5", "1.2.3.4:5", true),
            ("1.2.3.4:6", "1.2.3.4:5", false),
            ("[::ffff:1.2.3.4]:5", "1.2.3.4:5", true),
            ("1.2.3.4", "1.2.3.4:5", true),
            (" 1.2.3.4 ", "1.2.3.4:65535", true),
            ("1.2.3.5", "1.2.3.4:5", false),
            ("::ffff:1.2.3.4", "1.2.3.4:5", true),
            ("::1", "[::1]:5", true),
            ("[::1]", "[::1]:6", true),
            ("::2", "[::1]:5", false),
            // A zone is compared only if the filter names one.
            ("fe80::1", "[fe80::1%lab-a]:5", true),
            ("[fe80::1]:5", "[fe80::1%lab-a]:5", true),
            ("fe80::1%lab-a", "[fe80::1%lab-a]:5", true),
            ("fe80::1%lab-b", "[fe80::1%lab-a]:5", false),
            ("[fe80::1%lab-a]", "[fe80::1%lab-a]:5", true),
            ("[fe80::1%lab-b]:5", "[fe80::1%lab-a]:5", false),
        ] {
            assert_eq!(lets(text, address), expected, "{text} {address}");
        }
        assert!(!PeerFilter::Host { ip: IpAddr::from([1, 2, 3, 4]), zone: 0 }.lets(PeerId(3), None));
        for text in ["", "#", "#x", "localhost", "1.2.3", "1.2.3.4:", "1.2.3.4:70000", "fe80::1%", "a b"] {
            assert_eq!(PeerFilter::parse(text), None, "{text:?}");
        }
    }
}
