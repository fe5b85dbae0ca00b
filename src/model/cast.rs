//! Broadcast and multicast options of a UDP socket, and groups as users write them: `239.1.1.1%eth0,from=10.0.0.9`.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::str::FromStr;

/// Maximum count of groups of one socket. Linux allows 20 IPv4 memberships per socket by default.
pub const GROUPS_MAX: usize = 64;

/// The interfaces on which a group is joined.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupInterface {
    /// Each interface that is up and takes the group.
    #[default]
    All,
    /// The interface that the system chooses by its routes.
    System,
    /// The interface with this name or number.
    Named(String),
}

/// A multicast group to join.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Group {
    /// The multicast address.
    pub address: IpAddr,
    /// Where it is joined.
    #[serde(default)]
    pub interface: GroupInterface,
    /// Only datagrams from this address are received (source-specific multicast, RFC 4607).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<IpAddr>,
}

/// Why a text is not a group.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GroupError {
    /// It is not an address.
    #[error("no address {0:?}")]
    Address(String),
    /// The address is not a multicast address.
    #[error("no multicast address {0}")]
    NotMulticast(IpAddr),
    /// The interface is empty.
    #[error("no interface")]
    NoInterface,
    /// The part after the comma is not `from=ADDRESS`.
    #[error("unknown part {0:?}")]
    Part(String),
    /// The source is not the address of one host of the family of the group.
    #[error("bad source {0:?}")]
    Source(String),
}

impl Group {
    /// Joins `address` on every interface, from any source.
    #[must_use]
    pub fn new(address: IpAddr) -> Self {
        Self { address, interface: GroupInterface::All, source: None }
    }

    /// The group of a local or remote address in the configuration: on the interface of its zone, otherwise the system's.
    #[must_use]
    pub fn of_address(address: SocketAddr) -> Option<Self> {
        let interface = match address {
            SocketAddr::V6(v6) if v6.scope_id() != 0 => GroupInterface::Named(v6.scope_id().to_string()),
            _ => GroupInterface::System,
        };
        address.ip().is_multicast().then(|| Self { interface, ..Self::new(address.ip()) })
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.address)?;
        match &self.interface {
            GroupInterface::All => {}
            GroupInterface::System => f.write_str("%default")?,
            GroupInterface::Named(name) => write!(f, "%{name}")?,
        }
        match self.source {
            Some(source) => write!(f, ",from={source}"),
            None => Ok(()),
        }
    }
}

impl FromStr for Group {
    type Err = GroupError;

    /// `ADDRESS[%INTERFACE][,from=SOURCE]`; the interfaces `all` and `*` are all of them, `default` is the system's choice.
    fn from_str(text: &str) -> Result<Self, GroupError> {
        let (target, part) = match text.split_once(',') {
            Some((target, part)) => (target.trim(), Some(part.trim())),
            None => (text.trim(), None),
        };
        let (address, interface) = match target.split_once('%') {
            Some((address, interface)) => (address, Some(interface)),
            None => (target, None),
        };
        let bare = address.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(address);
        let address: IpAddr = bare.parse().map_err(|_| GroupError::Address(address.into()))?;
        if !address.is_multicast() {
            return Err(GroupError::NotMulticast(address));
        }
        let interface = match interface {
            None | Some("*" | "all") => GroupInterface::All,
            Some("default") => GroupInterface::System,
            Some(name) if is_interface_name(name) => GroupInterface::Named(name.into()),
            Some(_) => return Err(GroupError::NoInterface),
        };
        let source = part.map(|part| source(part, address)).transpose()?;
        Ok(Self { address, interface, source })
    }
}

/// A name that an interface can have.
#[must_use]
pub fn is_interface_name(name: &str) -> bool {
    (1..=64).contains(&name.chars().count()) && !name.contains(|c: char| c.is_control() || ",%/".contains(c))
}

fn source(part: &str, group: IpAddr) -> Result<IpAddr, GroupError> {
    let text = part.strip_prefix("from=").ok_or_else(|| GroupError::Part(part.into()))?;
    let wrong = || GroupError::Source(text.into());
    let source: IpAddr = text.parse().map_err(|_| wrong())?;
    let is_host = !source.is_multicast() && !source.is_unspecified() && source != IpAddr::V4(Ipv4Addr::BROADCAST);
    if source.is_ipv4() == group.is_ipv4() && is_host { Ok(source) } else { Err(wrong()) }
}

/// How a UDP socket sends to many hosts, and which groups it receives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CastOptions {
    /// The groups to join.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<Group>,
    /// Datagrams to broadcast addresses may be sent.
    pub broadcast: bool,
    /// Time to live or hop limit of what is sent, to one host or to a group; `None`: the system's (1 for groups).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ttl: Option<u8>,
    /// Members on this machine receive what this socket sends to a group.
    pub loopback: bool,
    /// The interface from which datagrams to groups are sent; `None`: the system's choice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interface: Option<String>,
}

impl Default for CastOptions {
    fn default() -> Self {
        Self { groups: Vec::new(), broadcast: true, ttl: None, loopback: true, interface: None }
    }
}

impl CastOptions {
    /// Nothing differs from a plain UDP socket.
    #[must_use]
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn groups_as_users_write_them() {
        for (text, shown) in [
            ("239.1.1.1", "239.1.1.1"),
            (" 239.1.1.1%eth0 ", "239.1.1.1%eth0"),
            ("239.1.1.1%*", "239.1.1.1"),
            ("239.1.1.1%all", "239.1.1.1"),
            ("239.1.1.1%default", "239.1.1.1%default"),
            ("232.1.1.1%eth0,from=10.0.0.9", "232.1.1.1%eth0,from=10.0.0.9"),
            ("232.1.1.1, from=10.0.0.9", "232.1.1.1,from=10.0.0.9"),
            ("ff02::fb%Ethernet 2", "ff02::fb%Ethernet 2"),
            ("[ff02::fb]", "ff02::fb"),
        ] {
            assert_eq!(text.parse::<Group>().map(|group| group.to_string()), Ok(shown.to_owned()), "{text}");
        }
        for (text, error) in [
            ("", GroupError::Address(String::new())),
            ("eth0", GroupError::Address("eth0".into())),
            ("10.0.0.1", GroupError::NotMulticast([10, 0, 0, 1].into())),
            ("239.1.1.1%", GroupError::NoInterface),
            ("239.1.1.1,to=1.2.3.4", GroupError::Part("to=1.2.3.4".into())),
            ("239.1.1.1,from=fe80::1", GroupError::Source("fe80::1".into())),
            ("239.1.1.1,from=239.1.1.2", GroupError::Source("239.1.1.2".into())),
            ("239.1.1.1,from=0.0.0.0", GroupError::Source("0.0.0.0".into())),
        ] {
            assert_eq!(text.parse::<Group>(), Err(error), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_group_that_reads_back_or_is_refused(
            text in "\\PC{0,20}|(22[0-9]|23[0-9])(\\.[0-9]{1,3}){3}(%[a-z0-9*]{0,6})?(,from=[0-9.]{0,12})?|ff0[0-9]::[0-9]%?[a-z]{0,3}"
        ) {
            if let Ok(group) = text.parse::<Group>() {
                prop_assert_eq!(group.to_string().parse(), Ok(group));
            }
        }
    }
}
