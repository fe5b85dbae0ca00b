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

/// Why nothing can come through the interface with this address of ours, in English; `None` = it is up, or the system does not
/// say. A connection over it that gets no answer ends by a time-out, as if its peer had vanished.
pub(super) fn lost_interface(ip: IpAddr) -> Option<String> {
    let interfaces = if_addrs::get_if_addrs().ok()?;
    let ours: Vec<_> = interfaces.iter().filter(|found| found.ip() == ip).collect();
    let Some(first) = ours.first() else {
        return Some(format!("no interface of this machine has {ip} any more"));
    };
    let up = ours.iter().any(|found| found.is_loopback() || found.is_oper_up());
    (!up).then(|| format!("the interface {} with {ip} is down or has no link", first.name))
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
    fn an_address_that_is_not_ours_has_no_interface() {
        assert_eq!(lost_interface(IpAddr::from([127, 0, 0, 1])), None);
        let foreign = lost_interface(IpAddr::from([203, 0, 113, 7]));
        assert!(foreign.is_some_and(|why| why.contains("203.0.113.7")));
    }

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
