//! Multicast groups and the options that go with them: TTL, loopback, the interface of what is sent.

use super::bind::bind_error;
use crate::engine::net::interfaces::{interface_names, know_interfaces};
use crate::engine::platform;
use crate::model::{CastOptions, ErrorKind, Group, GroupInterface, NetError, Operation, zone_name};
use socket2::{InterfaceIndexOrAddress, Socket};
use std::collections::BTreeMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// A group that the socket has joined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Joined {
    pub group: IpAddr,
    /// Names of the interfaces; empty: the one that the system chose.
    pub interfaces: Vec<String>,
    pub source: Option<IpAddr>,
}

/// An interface that can take a group.
#[derive(Clone, Debug)]
struct Place {
    /// 0: the system chooses.
    index: u32,
    name: String,
    /// An IPv4 address of it; unspecified if it has none or the system chooses.
    v4: Ipv4Addr,
}

impl Place {
    const SYSTEM: Self = Self { index: 0, name: String::new(), v4: Ipv4Addr::UNSPECIFIED };
}

fn failed(group: &Group, kind: ErrorKind, detail: impl Into<String>) -> NetError {
    NetError::new(Operation::Join, kind, group.to_string(), detail)
}

/// The interface of this name or number.
fn named(name: &str) -> Option<Place> {
    let all = platform::interfaces();
    let (index, name) = all.into_iter().find(|(number, known)| known == name || name.parse() == Ok(*number))?;
    let addresses = if_addrs::get_if_addrs().unwrap_or_default();
    let v4 = addresses.iter().filter(|found| found.name == name).find_map(|found| match found.ip() {
        IpAddr::V4(ip) => Some(ip),
        IpAddr::V6(_) => None,
    });
    Some(Place { index, name, v4: v4.unwrap_or(Ipv4Addr::UNSPECIFIED) })
}

/// The interfaces that are up and have an address of the family.
fn all_places(v4: bool) -> Vec<Place> {
    let mut places: BTreeMap<u32, Place> = BTreeMap::new();
    for found in if_addrs::get_if_addrs().unwrap_or_default() {
        let (Some(index), true) = (found.index, found.is_loopback() || found.is_oper_up()) else { continue };
        let address = match found.ip() {
            IpAddr::V4(ip) if v4 => ip,
            IpAddr::V6(_) if !v4 => Ipv4Addr::UNSPECIFIED,
            _ => continue,
        };
        places.entry(index).or_insert(Place { index, name: found.name, v4: address });
    }
    places.into_values().collect()
}

/// Joins one group at one place. Joining it twice is no error.
fn join_at(socket: &Socket, group: &Group, place: &Place) -> io::Result<()> {
    let joined = match (group.address, group.source) {
        (IpAddr::V4(address), Some(IpAddr::V4(source))) => socket.join_ssm_v4(&source, &address, &place.v4),
        (IpAddr::V4(address), _) if place.index == 0 => socket.join_multicast_v4(&address, &Ipv4Addr::UNSPECIFIED),
        (IpAddr::V4(address), _) => socket.join_multicast_v4_n(&address, &InterfaceIndexOrAddress::Index(place.index)),
        (IpAddr::V6(address), _) => socket.join_multicast_v6(&address, place.index),
    };
    match joined {
        Err(error) if matches!(error.kind(), io::ErrorKind::AddrInUse) => Ok(()),
        joined => joined,
    }
}

fn join_error(group: &Group, error: &io::Error) -> NetError {
    let kind = match platform::join_problem(error) {
        Some(kind) => kind,
        None => ErrorKind::of(error),
    };
    NetError { kind, ..NetError::from_io(Operation::Join, group.to_string(), error) }
}

/// Joins one group wherever it is wanted.
fn join(socket: &Socket, local: SocketAddr, group: &Group) -> Result<Joined, NetError> {
    let takes_v4 = local.is_ipv4() || local.ip().is_unspecified() || cfg!(windows);
    if (group.address.is_ipv4() && !takes_v4) || (group.address.is_ipv6() && local.is_ipv4()) {
        return Err(failed(group, ErrorKind::OtherFamily, ""));
    }
    if group.source.is_some() && group.address.is_ipv6() {
        return Err(failed(group, ErrorKind::NoSourceFilter, ""));
    }
    let (places, is_all) = match &group.interface {
        GroupInterface::System => (vec![Place::SYSTEM], false),
        GroupInterface::All => (all_places(group.address.is_ipv4()), true),
        GroupInterface::Named(name) => match named(name) {
            Some(place) => (vec![place], false),
            None => return Err(failed(group, ErrorKind::NoSuchInterface, interface_names().join(", "))),
        },
    };
    let mut joined = Joined { group: group.address, interfaces: Vec::new(), source: group.source };
    let mut first_error = None;
    let is_done = |joined: &Joined| !joined.interfaces.is_empty();
    for place in places {
        // The address names the interface of a source filter.
        if group.source.is_some() && place.index != 0 && place.v4.is_unspecified() {
            first_error.get_or_insert_with(|| failed(group, ErrorKind::NoMulticast, ""));
            continue;
        }
        match join_at(socket, group, &place) {
            Ok(()) if place.index == 0 => return Ok(joined),
            Ok(()) => joined.interfaces.push(place.name),
            Err(error) => {
                let error = join_error(group, &error);
                // Of all interfaces, some take no groups; but a limit leaves some out that could.
                if !is_all || error.kind == ErrorKind::TooManyGroups {
                    return Err(error);
                }
                tracing::debug!(%error, interface = place.name, "not joined here");
                first_error.get_or_insert(error);
            }
        }
    }
    if is_done(&joined) {
        return Ok(joined);
    }
    Err(first_error.unwrap_or_else(|| failed(group, ErrorKind::NoMulticast, "")))
}

/// Joins the groups and sets what concerns groups. `implied` are the groups of the local and remote address.
///
/// # Errors
/// A group cannot be joined, or an option is refused.
pub(super) fn set_up(
    socket: &Socket,
    local: SocketAddr,
    implied: &[SocketAddr],
    cast: &CastOptions,
) -> Result<Vec<Joined>, NetError> {
    know_interfaces();
    let mut groups: Vec<Group> = cast.groups.clone();
    for group in implied.iter().filter_map(|address| Group::of_address(*address)) {
        // The user has chosen the interface of this group.
        if groups.iter().any(|known| known.address == group.address) {
            continue;
        }
        let interface = match (group.interface, &cast.interface) {
            (GroupInterface::System, Some(name)) => GroupInterface::Named(name.clone()),
            (interface, _) => interface,
        };
        groups.push(Group { interface, ..group });
    }
    let joined = groups.iter().map(|group| join(socket, local, group)).collect::<Result<Vec<_>, _>>()?;
    if !cast.groups.is_empty() {
        // The groups of other programs do not belong to what the user has joined.
        platform::receive_own_groups_only(socket, local.is_ipv6());
    }
    set_ttl(socket, local, cast).map_err(bind_error(local))?;
    if !cast.loopback {
        let both = local.is_ipv6() && local.ip().is_unspecified();
        let v6 = if local.is_ipv6() { socket.set_multicast_loop_v6(false) } else { Ok(()) };
        let v4 = if local.is_ipv4() || both { socket.set_multicast_loop_v4(false) } else { Ok(()) };
        // A dual-stack socket of some systems has no options of IPv4.
        v6.and(if both { v4.or(Ok(())) } else { v4 }).map_err(bind_error(local))?;
    }
    // Datagrams to a group with a wider scope leave from the interface of the address, too.
    let of_zone = implied.iter().find_map(|address| match address {
        SocketAddr::V6(v6) if v6.scope_id() != 0 => Some(v6.scope_id().to_string()),
        _ => None,
    });
    if let Some(name) = cast.interface.as_ref().or(of_zone.as_ref()) {
        send_from(socket, local, name)?;
    }
    Ok(joined)
}

fn set_ttl(socket: &Socket, local: SocketAddr, cast: &CastOptions) -> io::Result<()> {
    let Some(ttl) = cast.ttl.map(u32::from) else { return Ok(()) };
    let v4 = || socket.set_ttl_v4(ttl).and_then(|()| socket.set_multicast_ttl_v4(ttl));
    if local.is_ipv4() {
        return v4();
    }
    socket.set_unicast_hops_v6(ttl)?;
    socket.set_multicast_hops_v6(ttl)?;
    if local.ip().is_unspecified()
        && let Err(error) = v4()
    {
        tracing::debug!(%error, "no TTL for IPv4 on this socket");
    }
    Ok(())
}

/// Datagrams to groups are sent from this interface.
fn send_from(socket: &Socket, local: SocketAddr, name: &str) -> Result<(), NetError> {
    let at = || zone_name(name.parse().unwrap_or(0)).unwrap_or_else(|| name.to_owned());
    let Some(place) = named(name) else {
        let all = interface_names().join(", ");
        return Err(NetError::new(Operation::Bind, ErrorKind::NoSuchInterface, at(), all));
    };
    let refused = |error: io::Error| NetError::from_io(Operation::Bind, at(), &error);
    if local.is_ipv6() {
        socket.set_multicast_if_v6(place.index).map_err(refused)?;
        if local.ip().is_unspecified()
            && let Err(error) = platform::send_groups_from(socket, place.index, place.v4)
        {
            tracing::debug!(%error, "no interface for IPv4 groups on this socket");
        }
        return Ok(());
    }
    platform::send_groups_from(socket, place.index, place.v4).map_err(refused)
}

/// An unspecified address of the family of the first group, for a socket without a local address.
pub(super) fn any_for(groups: &[Group]) -> Option<SocketAddr> {
    let ip = match groups.first()?.address {
        IpAddr::V4(_) => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        IpAddr::V6(_) => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
    };
    Some(SocketAddr::new(ip, 0))
}
