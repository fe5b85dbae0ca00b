//! A name with several addresses: which of them is taken, and what the capture says of the others.

use super::*;
use std::net::{Ipv4Addr, Ipv6Addr};

/// A listener whose backlog is full: a connect to it gets no answer.
struct Hole {
    _listener: socket2::Socket,
    _pending: Vec<socket2::Socket>,
    address: SocketAddr,
}

impl Hole {
    fn new() -> Self {
        let stream = || socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).unwrap();
        let listener = stream();
        listener.bind(&SocketAddr::from(([127, 0, 0, 3], 0)).into()).unwrap();
        listener.listen(0).unwrap();
        let address = listener.local_addr().unwrap().as_socket().unwrap();
        let pending = [(); 4].map(|()| {
            let socket = stream();
            socket.set_nonblocking(true).unwrap();
            // In progress, possibly for ever.
            socket.connect(&address.into()).ok();
            socket
        });
        Self { _listener: listener, _pending: pending.into(), address }
    }
}

/// An address at which nothing listens: its port belongs to a socket that only is bound.
fn refused(ip: std::net::IpAddr) -> Option<(socket2::Socket, SocketAddr)> {
    let at = SocketAddr::new(ip, 0);
    let socket = socket2::Socket::new(socket2::Domain::for_address(at), socket2::Type::STREAM, None).ok()?;
    socket.bind(&at.into()).ok()?;
    let address = socket.local_addr().ok()?.as_socket()?;
    Some((socket, address))
}

fn run(remotes: Vec<SocketAddr>, timeout: Duration) -> Run {
    let config = TcpClientConfig::new("name.test:1".parse().unwrap());
    let mut run = Run::new(TcpSockets::client(&config).unwrap());
    run.sockets.connect(plan(remotes, timeout), &mut run.context);
    run
}

fn remote(run: &Run) -> Option<SocketAddr> {
    run.sockets.handshakes.values().next().map(|handshake| handshake.remote)
}

/// The notes about the addresses, in order.
fn story(run: &mut Run) -> Vec<String> {
    run.context.journal.flush();
    let reader = run.reader();
    let notes = reader.records().filter_map(|number| reader.note(&reader.record(number).ok()?).ok());
    let line = |note| match note {
        SessionNote::Resolved { addresses, .. } => Some(format!("resolved {}", addresses.len())),
        SessionNote::Connecting { remote } => Some(format!("try {remote}")),
        SessionNote::AttemptEnded { remote, error: None, .. } => Some(format!("outrun {remote}")),
        SessionNote::AttemptEnded { remote, error: Some(error), .. } => Some(format!("{} {remote}", error.kind.name())),
        _ => None,
    };
    notes.filter_map(line).collect()
}

#[test]
fn after_a_refusal_the_next_address_is_tried_at_once() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = listener.local_addr().unwrap();
    let Some((_bound, refused)) = refused(Ipv6Addr::LOCALHOST.into()).or_else(|| refused(Ipv4Addr::LOCALHOST.into()))
    else {
        return;
    };
    let mut run = run(vec![refused, taken], DEADLINE);
    run.until("a connection", |run| remote(run) == Some(taken));
    let expected =
        ["resolved 2".into(), format!("try {refused}"), format!("refused {refused}"), format!("try {taken}")];
    assert_eq!(story(&mut run), expected);
    assert!(run.sockets.connects.is_empty());
}

#[test]
fn an_address_that_is_silent_is_outrun_by_the_next_one() {
    let hole = Hole::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = listener.local_addr().unwrap();
    let started = Instant::now();
    let mut run = run(vec![hole.address, taken], DEADLINE);
    run.until("a connection", |run| remote(run) == Some(taken));
    assert!(started.elapsed() >= Duration::from_millis(250), "the first address has a head start");
    let hole = hole.address;
    let expected = ["resolved 2".into(), format!("try {hole}"), format!("try {taken}"), format!("outrun {hole}")];
    assert_eq!(story(&mut run), expected);
}

#[test]
fn the_time_limit_ends_all_attempts() {
    let (one, other) = (Hole::new(), Hole::new());
    let mut run = run(vec![one.address, other.address], Duration::from_millis(600));
    run.until("the end", |run| run.context.ended.is_some());
    assert_eq!(run.context.ended, Some(CloseReason::Timeout));
    let (one, other) = (one.address, other.address);
    let expected = [
        "resolved 2".into(),
        format!("try {one}"),
        format!("try {other}"),
        format!("timeout {one}"),
        format!("timeout {other}"),
    ];
    assert_eq!(story(&mut run), expected);
}

#[test]
fn a_close_ends_all_attempts_at_once() {
    let (one, other) = (Hole::new(), Hole::new());
    let mut run = run(vec![one.address, other.address], DEADLINE);
    run.until("two attempts", |run| run.sockets.connects.values().next().is_some_and(|connect| connect.count() == 2));
    assert!(!run.sockets.begin_close(&mut run.context), "nothing was connected");
    run.sockets.abandon_connects(&mut run.context);
    assert!(!run.sockets.is_connecting());
}

#[test]
fn one_address_alone_makes_no_race() {
    let Some((_bound, refused)) = refused(Ipv4Addr::LOCALHOST.into()) else { return };
    let mut run = run(vec![refused, refused], DEADLINE);
    run.until("the refusal", |run| run.context.ended.is_some());
    assert_eq!(story(&mut run), [""; 0]);
    assert_eq!(run.problems(), [(Operation::Connect, ErrorKind::Refused)]);
}
