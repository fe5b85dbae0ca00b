//! Facts about this machine.

use super::platform;
use std::net::IpAddr;

/// One address of an interface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalAddress {
    /// The address.
    pub ip: IpAddr,
    /// The interface's name.
    pub interface: String,
    /// Loopback.
    pub loopback: bool,
}

impl LocalAddress {
    /// As a user types it: an IPv6 link-local address with its zone (`fe80::1%eth0`, RFC 4007 §11).
    #[must_use]
    pub fn text(&self) -> String {
        match self.ip {
            IpAddr::V6(ip) if ip.is_unicast_link_local() => format!("{ip}%{}", self.interface),
            ip => ip.to_string(),
        }
    }
}

/// The addresses of this machine, IPv4 first, loopback last; empty where the system does not say.
/// Quick (a system call), but to be called from a job, not the UI thread.
#[must_use]
pub fn local_addresses() -> Vec<LocalAddress> {
    let interfaces = if_addrs::get_if_addrs().unwrap_or_else(|error| {
        tracing::warn!(%error, "the system does not list its addresses");
        Vec::new()
    });
    let mut addresses: Vec<_> = interfaces
        .into_iter()
        .map(|found| LocalAddress { ip: found.ip(), loopback: found.is_loopback(), interface: found.name })
        .collect();
    addresses
        .sort_by(|a, b| (a.loopback, a.ip.is_ipv6(), &a.interface).cmp(&(b.loopback, b.ip.is_ipv6(), &b.interface)));
    addresses.dedup();
    addresses
}

/// Raises the soft descriptor limit to the hard one; returns the limit now, `None` where unknown.
#[expect(clippy::must_use_candidate, reason = "called for its effect")]
pub fn raise_descriptor_limit() -> Option<u64> {
    platform::raise_descriptor_limit()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_is_listed_last() {
        let addresses = local_addresses();
        assert!(addresses.iter().any(|a| a.loopback), "{addresses:?}");
        assert!(addresses.is_sorted_by_key(|a| a.loopback), "{addresses:?}");
    }

    #[test]
    fn a_link_local_address_is_shown_with_its_zone() {
        let text = |ip: &str| {
            let ip = ip.parse().expect("literal");
            LocalAddress { ip, interface: "eth0".into(), loopback: false }.text()
        };
        assert_eq!(text("fe80::1"), "fe80::1%eth0");
        assert_eq!((text("2001:db8::1"), text("10.0.0.1")), ("2001:db8::1".into(), "10.0.0.1".into()));
    }

    #[cfg(unix)]
    #[test]
    fn the_descriptor_limit_is_known_and_not_small() {
        assert!(raise_descriptor_limit().is_none_or(|limit| limit >= 256));
    }
}
