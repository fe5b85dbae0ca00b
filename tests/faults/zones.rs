//! IPv6 zones and addresses, on interfaces in a network namespace.

use crate::child;
use crate::program::Bench;
use crate::support::*;
use std::net::{Ipv6Addr, SocketAddr, SocketAddrV6, UdpSocket};
use wirebench::engine::{Command, EventKind, Replies, Reply};
use wirebench::model::{ErrorKind, NetError, SessionConfig, SessionState, Target, UdpConfig, display_address};

fn ip(words: &str) {
    child::system("ip", &words.split(' ').collect::<Vec<_>>());
}

/// Two interfaces with the same link-local address; multicast without a zone uses the first.
fn two_interfaces() {
    ip("link set lo up");
    for name in ["lab1", "lab2"] {
        ip(&format!("link add {name} type veth peer name {name}far"));
        ip(&format!("link set {name} up"));
        ip(&format!("link set {name}far up"));
        ip(&format!("address add fe80::77/64 dev {name} nodad"));
    }
}

fn error(session: &mut Session) -> NetError {
    session.wait("an error", |session| {
        session.events().iter().find_map(|event| match event {
            EventKind::Error(error) => Some(error.clone()),
            _ => None,
        })
    })
}

/// The multicast groups of an interface, as the system lists them.
fn groups(interface: &str) -> Vec<String> {
    let table = std::fs::read_to_string("/proc/net/igmp6").expect("a table");
    let rows = table.lines().map(|line| line.split_ascii_whitespace().collect::<Vec<_>>());
    rows.filter(|row| row.get(1) == Some(&interface))
        .filter_map(|row| row.get(2).map(|group| (*group).to_owned()))
        .collect()
}

fn number_of(interface: &str) -> u32 {
    let text = std::fs::read_to_string(format!("/sys/class/net/{interface}/ifindex"));
    // A mount of the outer namespace's /sys does not show our interfaces.
    text.ok().and_then(|text| text.trim().parse().ok()).unwrap_or_else(|| {
        let output = std::process::Command::new("ip").args(["-o", "link", "show", interface]).output().expect("ip");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        text.split(':').next().and_then(|number| number.trim().parse().ok()).expect("a number")
    })
}

#[test]
#[ignore = "makes interfaces"]
fn child_that_joins_a_group_on_one_interface() {
    two_interfaces();
    const GROUP: &str = "ff020000000000000000000000001234";
    for (interface, other) in [("lab2", "lab1"), ("lab1", "lab2")] {
        let mut session = Session::open(udp(&format!("[ff02::1234%{interface}]:0")));
        let joined = groups(interface);
        assert!(joined.iter().any(|group| group == GROUP), "{interface}: {joined:?}");
        assert!(!groups(other).iter().any(|group| group == GROUP), "{other} has it");
        assert!(display_address(session.local()).contains(&format!("%{interface}]")), "{}", session.local());
        // A datagram to the group is received, and the reply goes to its sender, which is shown with its zone.
        let asker = UdpSocket::bind("[::]:0").expect("a port");
        asker.set_read_timeout(Some(DEADLINE)).expect("time-out");
        let group: Ipv6Addr = "ff02::1234".parse().expect("literal");
        let to = SocketAddrV6::new(group, session.local().port(), 0, number_of(interface));
        session.command(Command::SetReplies(Reply::Upper.into()));
        asker.send_to(b"hello", to).expect("sent");
        let mut buffer = [0; 64];
        let (count, _) = asker.recv_from(&mut buffer).expect("an answer");
        assert_eq!(&buffer[..count], b"HELLO");
        session.wait_peers(1);
        let peer = session.handle().peers().slice(0..1)[0].address;
        assert!(display_address(peer).contains(&format!("%{interface}]")), "{peer}");
        session.close();
    }
    // A remote group, also of a wider scope.
    let remote = "[ff05::1234%lab2]:9".parse().expect("an endpoint");
    let mut session = Session::open(SessionConfig::Udp(UdpConfig::new(None, Some(remote))));
    assert!(groups("lab2").iter().any(|group| group == "ff050000000000000000000000001234"));
    assert!(!groups("lab1").iter().any(|group| group == "ff050000000000000000000000001234"));
    session.close();
}

#[test]
fn a_group_with_a_zone_is_joined_on_that_interface() {
    child::in_namespaces("zones::child_that_joins_a_group_on_one_interface", &[]);
}

#[test]
#[ignore = "makes interfaces"]
fn child_that_answers_from_each_of_its_addresses() {
    two_interfaces();
    for address in ["fd00::1", "fd00::2", "10.97.0.1", "10.97.0.2"] {
        let words =
            if address.contains(':') { format!("{address}/128 dev lo nodad") } else { format!("{address}/32 dev lo") };
        ip(&format!("address add {words}"));
    }
    let mut session = Session::open(udp("[::]:0"));
    session.command(Command::SetReplies(Reply::Echo.into()));
    let port = session.local().port();
    let ask = |from: &str, to: SocketAddr| {
        let asker = UdpSocket::bind(from).expect("a port");
        asker.set_read_timeout(Some(DEADLINE)).expect("time-out");
        asker.connect(to).expect("connected");
        asker.send(b"who?").expect("sent");
        let mut buffer = [0; 64];
        let count = asker.recv(&mut buffer).unwrap_or_else(|error| panic!("{from} asks {to}: {error}"));
        assert_eq!(&buffer[..count], b"who?");
        asker
    };
    for (from, to) in [
        ("[::1]:0", "fd00::2"),
        ("[fd00::1]:0", "fd00::2"),
        ("127.0.0.1:0", "10.97.0.2"),
        ("10.97.0.1:0", "10.97.0.2"),
        ("[::]:0", "::1"),
    ] {
        ask(from, SocketAddr::new(to.parse().expect("literal"), port));
    }
    // If two interfaces have the same address, the zone determines which one replies.
    let link_local: Ipv6Addr = "fe80::77".parse().expect("literal");
    ask("[::]:0", SocketAddrV6::new(link_local, port, 0, number_of("lab2")).into());
    // The record contains the destination.
    let reported: Vec<_> = records(&session.reader())
        .iter()
        .filter_map(|record| session.reader().local_address(record.destination()?).map(display_address))
        .collect();
    let wanted = ["[fd00::2]", "[fd00::2]", "10.97.0.2", "10.97.0.2", "[::1]", "[fe80::77%lab2]"];
    assert_eq!(reported, wanted.map(|ip| format!("{ip}:{port}")));
    // The address was removed meanwhile: the reply leaves from another one.
    let gone = UdpSocket::bind("[fd00::1]:0").expect("a port");
    gone.set_read_timeout(Some(DEADLINE)).expect("time-out");
    session.command(Command::SetReplies(Replies::default().into()));
    gone.send_to(b"last", SocketAddr::new("fd00::2".parse().expect("literal"), port)).expect("sent");
    session.wait("the question", |session| (session.counters().received_records == 7).then_some(()));
    ip("address del fd00::2/128 dev lo");
    session.send_and_wait(1, Target::Remote, bytes(b"answer"));
    let mut buffer = [0; 64];
    let (count, from) = gone.recv_from(&mut buffer).expect("an answer");
    assert_eq!(
        (&buffer[..count], from.ip() == "fd00::2".parse::<std::net::IpAddr>().expect("literal")),
        (&b"answer"[..], false)
    );
}

#[test]
fn answers_leave_from_the_ipv6_address_that_was_asked() {
    child::in_namespaces("zones::child_that_answers_from_each_of_its_addresses", &[]);
}

#[test]
#[ignore = "makes interfaces"]
fn child_that_names_what_is_wrong_with_a_zone() {
    two_interfaces();
    let opens: [fn(&str) -> SessionConfig; 3] = [server, udp, |at| {
        let remote = format!("[{}]:9", at.trim_start_matches('[').split(']').next().unwrap_or_default());
        SessionConfig::Udp(UdpConfig::new(None, Some(remote.parse().expect("an endpoint"))))
    }];
    for open in opens {
        let mut session = Session::new();
        session.command(Command::Open(open("[fe80::77]:0")));
        let reported = error(&mut session);
        assert_eq!(reported.kind, ErrorKind::ZoneMissing, "{reported}");
        assert_eq!(reported.detail, "fe80::77%lab1, fe80::77%lab2", "{reported}");

        let mut session = Session::new();
        session.command(Command::Open(open("[fe80::77%nosuch]:0")));
        let reported = error(&mut session);
        assert_eq!(reported.kind, ErrorKind::NoSuchInterface, "{reported}");
        assert!(reported.detail.contains("lab1") && reported.detail.contains("lab2"), "{reported}");
        let mut session = Session::new();
        session.command(Command::Open(open("[fe80::77%4711]:0")));
        assert_eq!(error(&mut session).kind, ErrorKind::NoSuchInterface);
    }
    // Likewise for a target given later.
    let mut session = Session::open(udp("[::]:0"));
    session.send(1, Target::Address("[fe80::78]:9".parse().expect("literal")), plan(vec![bytes(b"x")]));
    let reported = session.outcome(1).result.expect_err("refused");
    assert_eq!(reported.kind, ErrorKind::ZoneMissing, "{reported}");
    let zones: Vec<_> = reported.detail.split(", ").collect();
    assert!(zones.contains(&"fe80::78%lab1") && zones.contains(&"fe80::78%lab2"), "{reported}");
    assert!(!zones.contains(&"fe80::78%lo"), "{reported}");
}

#[test]
fn a_missing_or_unknown_zone_is_named_with_the_interfaces_there_are() {
    child::in_namespaces("zones::child_that_names_what_is_wrong_with_a_zone", &[]);
}

#[test]
#[ignore = "makes interfaces"]
fn child_that_shows_zones_by_name() {
    two_interfaces();
    let mut session = Session::new();
    session.command(Command::Open(server("[fe80::77%lab2]:0")));
    session.wait_state("listening", SessionState::is_open);
    assert!(display_address(session.local()).starts_with("[fe80::77%lab2]:"), "{}", session.local());
    session.close();

    let bench = Bench::new();
    let mut listen = bench.json(&["listen", "[fe80::77%lab2]:0", "--until-closed"]);
    let first = listen.event("listening");
    let local = first["local"].as_str().expect("an address").to_owned();
    assert!(local.starts_with("[fe80::77%lab2]:"), "{local}");
    bench.plain(&["connect", &local, "--send", "hello"]).end().exits(0);
    let ended = listen.end().exits(0);
    let received = ended.all("received");
    let peer = received[0]["peer"].as_str().expect("an address").to_owned();
    assert!(peer.starts_with("[fe80::77%lab2]:"), "{peer}");
    let capture = first["capture"].as_str().expect("a capture").to_owned();
    let show = |filter: &str| {
        bench.plain(&["captures", "show", &capture, "--show", "text", "--filter", filter]).end().exits(0).stdout
    };
    assert_eq!(show(&format!("peer={peer}")), b"hello");
    assert_eq!(show(&format!("peer={}", peer.replace("lab2", "lab1"))), b"");
    let log = bench.path("log.txt");
    let log = log.to_str().expect("a path");
    let export = ["captures", "export", &capture, "--format", "netassist", "--out", log];
    bench.plain(&export).end().exits(0);
    let text = std::fs::read_to_string(log).expect("written");
    assert!(text.contains(&format!("Client {peer} gets online.")), "{text}");
    assert!(text.contains("FROM fe80::77%lab2 :"), "{text}");
}

#[test]
fn zones_are_shown_by_name_and_taken_by_filters() {
    child::in_namespaces("zones::child_that_shows_zones_by_name", &[]);
}
