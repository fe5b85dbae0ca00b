//! Interfaces and addresses of this machine.

use crate::engine::platform;
use crate::model::know_zone;
use std::net::{IpAddr, Ipv6Addr};

/// One address of an interface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalAddress {
    /// The address.
    pub ip: IpAddr,
    /// The interface's name.
    pub interface: String,
    /// It is a loopback address.
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

fn is_link_local(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_link_local(),
        IpAddr::V6(ip) => ip.is_unicast_link_local(),
    }
}

/// The addresses of this machine: IPv4 first, link-local after the others, loopback last; empty where the system lists none.
/// Fast (a system call), but call it from a job, not from the UI thread.
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
    // Link-local addresses are needed less often.
    let place = |a: &LocalAddress| (a.loopback, is_link_local(a.ip), a.ip.is_ipv6(), a.interface.clone());
    addresses.sort_by_key(place);
    addresses.dedup();
    addresses
}

/// Updates the table of interface names, so that zones are shown and read by name
/// ([`display_address`](crate::model::display_address)). Fast (a system call).
pub fn know_interfaces() {
    for (number, name) in platform::interfaces() {
        know_zone(number, &name);
    }
}

/// An interface of this machine has this name or number.
pub(in crate::engine) fn has_interface(zone: &str) -> bool {
    platform::interfaces().into_iter().any(|(number, name)| name == zone || zone.parse() == Ok(number))
}

/// The names of this machine's interfaces.
pub(in crate::engine) fn interface_names() -> Vec<String> {
    platform::interfaces().into_iter().map(|(_, name)| name).collect()
}

/// A link-local address with each possible zone: the interfaces that have this address, else those that have any link-local one.
pub(in crate::engine) fn zones_for(ip: Ipv6Addr) -> Vec<String> {
    let mut zones: Vec<_> = local_addresses()
        .into_iter()
        .filter_map(|found| match found.ip {
            IpAddr::V6(own) if own.is_unicast_link_local() => Some((own == ip, format!("{ip}%{}", found.interface))),
            _ => None,
        })
        .collect();
    if zones.iter().any(|(is_its, _)| *is_its) {
        zones.retain(|(is_its, _)| *is_its);
    }
    let mut zones: Vec<_> = zones.into_iter().map(|(_, text)| text).collect();
    if zones.is_empty() {
        // No interface has such an address; the placeholder still shows the form.
        zones.extend(interface_names().into_iter().map(|name| format!("{ip}%{name}")));
    }
    zones.dedup();
    zones
}

/// It is no single host: a multicast address, the broadcast address, or that of a network of ours.
pub(in crate::engine) fn is_for_many(ip: IpAddr) -> bool {
    let IpAddr::V4(ip) = ip else { return ip.is_multicast() };
    if ip.is_multicast() || ip.is_broadcast() {
        return true;
    }
    let interfaces = if_addrs::get_if_addrs().unwrap_or_default();
    interfaces.iter().any(|found| match &found.addr {
        if_addrs::IfAddr::V4(own) => {
            let mask = u32::from(own.netmask);
            // Networks of one or two addresses have no broadcast address (RFC 3021).
            mask.count_zeros() > 1 && u32::from(ip) == u32::from(own.ip) | !mask
        }
        if_addrs::IfAddr::V6(_) => false,
    })
}

/// Why the interface with this local address cannot receive, in English; `None`: it is up, or its state is unknown.
/// A connection over such an interface times out as if its peer had vanished.
pub(in crate::engine) fn lost_interface(ip: IpAddr) -> Option<String> {
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
