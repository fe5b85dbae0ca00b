//! Multicast groups and broadcast of UDP sessions, on the loopback interface.

#![cfg(target_os = "linux")]

use crate::support::*;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use wirebench::engine::{Command, EventKind, SendOutcome};
use wirebench::model::{CastOptions, ErrorKind, NetError, Operation, SessionConfig, SessionState, Target, UdpConfig};

fn cast(groups: &[&str]) -> CastOptions {
    let groups = groups.iter().map(|group| group.parse().expect("a group")).collect();
    CastOptions { groups, interface: Some("lo".into()), ..CastOptions::default() }
}

fn config(local: &str, cast: CastOptions) -> SessionConfig {
    SessionConfig::Udp(UdpConfig { cast, ..UdpConfig::new(Some(host(local)), None) })
}

/// Sends to a group over the loopback interface.
fn send(group: &str, port: u16, bytes: &[u8]) {
    let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::DGRAM, None).expect("a socket");
    socket.set_multicast_if_v4(&Ipv4Addr::LOCALHOST).expect("the interface");
    let to: SocketAddr = format!("{group}:{port}").parse().expect("an address");
    socket.send_to(bytes, &to.into()).expect("sent");
}

fn refused(config: SessionConfig) -> NetError {
    let mut session = Session::new();
    session.command(Command::Open(config));
    session.wait("an error", |session| {
        session.events().iter().find_map(|event| match event {
            EventKind::Error(error) => Some(error.clone()),
            _ => None,
        })
    })
}

#[test]
fn several_groups_are_received_on_one_port_and_no_others() {
    let mut session = Session::open(config("0.0.0.0:0", cast(&["239.77.1.1%lo", "239.77.1.2%lo"])));
    let port = session.local().port();
    // Another program of this machine joins a third group on this port.
    let other = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::DGRAM, None).expect("a socket");
    other.set_reuse_address(true).expect("shared");
    other.bind(&SocketAddr::from(([0, 0, 0, 0], port)).into()).expect("the port is shared");
    other.join_multicast_v4(&Ipv4Addr::new(239, 77, 1, 3), &Ipv4Addr::LOCALHOST).expect("joined");
    for (group, text) in [("239.77.1.1", "one"), ("239.77.1.3", "three"), ("239.77.1.2", "two")] {
        send(group, port, text.as_bytes());
    }
    session.wait_story("received 2 two");
    let story = session.story();
    assert_eq!(story[2..4], ["group 239.77.1.1 lo", "group 239.77.1.2 lo"], "{story:?}");
    let heard: Vec<_> = story.iter().filter(|line| line.starts_with("received")).collect();
    assert_eq!(heard, ["received 1 one", "received 2 two"].map(String::from).iter().collect::<Vec<_>>());
}

#[test]
fn the_group_and_the_interface_of_a_datagram_are_recorded() {
    let mut session = Session::open(config("0.0.0.0:0", cast(&["239.77.2.1%lo"])));
    let port = session.local().port();
    send("239.77.2.1", port, b"to the group");
    session.wait_story("received 1 to the group");
    let asker = UdpSocket::bind("127.0.0.1:0").expect("a port");
    asker.send_to(b"to us", ("127.0.0.1", port)).expect("sent");
    session.wait_story("received 2 to us");
    let reader = session.reader();
    let places: Vec<_> = records(&reader)
        .iter()
        .filter_map(|record| {
            let local = record.destination()?;
            let interface = reader.local_interface(local).and_then(wirebench::model::zone_name);
            Some((reader.local_address(local)?.to_string(), interface))
        })
        .collect();
    let lo = Some("lo".to_owned());
    assert_eq!(places, [(format!("239.77.2.1:{port}"), lo.clone()), (format!("127.0.0.1:{port}"), lo)]);
}

#[test]
fn a_chosen_source_alone_is_heard() {
    let mut session = Session::open(config("0.0.0.0:0", cast(&["232.77.3.1%lo,from=127.0.0.2"])));
    let port = session.local().port();
    for (from, text) in [("127.0.0.3:0", "other"), ("127.0.0.2:0", "chosen")] {
        let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::DGRAM, None).expect("a socket");
        socket.bind(&from.parse::<SocketAddr>().expect("an address").into()).expect("bound");
        socket.set_multicast_if_v4(&Ipv4Addr::LOCALHOST).expect("the interface");
        let to: SocketAddr = format!("232.77.3.1:{port}").parse().expect("an address");
        socket.send_to(text.as_bytes(), &to.into()).expect("sent");
    }
    session.wait_story("received 1 chosen");
    let story = session.story();
    assert!(story.contains(&"group 232.77.3.1 lo from 127.0.0.2".to_owned()), "{story:?}");
    assert!(!story.iter().any(|line| line.ends_with("other")), "{story:?}");
}

#[test]
fn what_is_sent_to_a_group_comes_back() {
    let mut session = Session::open(config("0.0.0.0:0", CastOptions { ttl: Some(3), ..cast(&["239.77.4.1%lo"]) }));
    let own: SocketAddr = format!("239.77.4.1:{}", session.local().port()).parse().expect("an address");
    session.send_and_wait(1, Target::Address(own), bytes(b"hello"));
    session.wait_story("received 2 hello");
}

#[test]
fn without_a_local_address_the_family_of_the_groups_is_bound() {
    for (group, any) in [("239.77.5.1%lo", "0.0.0.0"), ("ff02::77%lo", "[::]")] {
        let mut session = Session::new();
        let cast = CastOptions { groups: vec![group.parse().expect("a group")], ..CastOptions::default() };
        session.command(Command::Open(SessionConfig::Udp(UdpConfig { cast, ..UdpConfig::new(None, None) })));
        session.wait_state("bound", SessionState::is_open);
        assert!(session.local().to_string().starts_with(any), "{}", session.local());
    }
}

#[test]
fn groups_of_both_families_are_joined_on_one_socket() {
    let mut session = Session::open(config("[::]:0", cast(&["239.77.6.1%lo", "ff01::77%lo"])));
    send("239.77.6.1", session.local().port(), b"four");
    session.wait_story("received 1 four");
    assert!(session.story().contains(&"group ff01::77 lo".to_owned()), "{:?}", session.story());
}

#[test]
fn what_cannot_be_joined_is_an_error() {
    for (local, group, kind) in [
        ("0.0.0.0:0", "239.77.7.1%nothere0", ErrorKind::NoSuchInterface),
        ("0.0.0.0:0", "ff02::1", ErrorKind::OtherFamily),
        ("[::1]:0", "239.77.7.1", ErrorKind::OtherFamily),
        ("[::]:0", "ff02::1%lo,from=fe80::1", ErrorKind::NoSourceFilter),
    ] {
        let error = refused(config(local, cast(&[group])));
        assert_eq!((error.operation, error.kind), (Operation::Join, kind), "{group}: {error}");
        assert_eq!(error.address, group);
    }
    let error = refused(config("0.0.0.0:0", CastOptions { interface: Some("nothere0".into()), ..cast(&[]) }));
    assert_eq!((error.operation, error.kind), (Operation::Bind, ErrorKind::NoSuchInterface), "{error}");
    assert_eq!(error.address, "nothere0");
}

#[test]
fn a_socket_without_broadcast_sends_to_no_broadcast_address() {
    let mut session = Session::open(config("0.0.0.0:0", CastOptions { broadcast: false, ..CastOptions::default() }));
    let to = SocketAddr::from(([255, 255, 255, 255], 9));
    session.send(1, Target::Address(to), plan(vec![bytes(b"x")]));
    let outcome: SendOutcome = session.outcome(1);
    assert_eq!(outcome.sent_bytes, 0);
    assert_eq!(outcome.result.map_err(|error| error.kind), Err(ErrorKind::Permission));
}
