//! Distinguishes peers that reset, peers that disappear, peers that do not read, and interfaces that go down.

use crate::child;
use crate::program::Process;
use crate::support::*;
use std::io::Write;
use std::net::SocketAddr;
use std::process::{Command as System, Stdio};
use std::time::{Duration, Instant};
use wirebench::engine::{Command, EventKind};
use wirebench::model::{CloseReason, Direction, ErrorKind, NetError, Operation, PeerId, SessionState, Target};

/// The minimum keep-alive time.
const PATIENCE: Duration = Duration::from_secs(6);

/// Another machine: a program in its own network namespace at the other end of a virtual cable, controlled by standard input. It and
/// the cable are destroyed with the test.
struct Machine {
    program: Process,
    /// Its process id, which identifies its network namespace.
    process: u32,
    commands: usize,
}

/// `connect HOST PORT`, `connect HOST PORT deaf` (a small buffer that is never read), `reset N`, `fin N`.
const SCRIPT: &str = r#"
import os, socket, struct, sys
peers = []
print("process", os.getpid(), flush=True)
for number, line in enumerate(sys.stdin, 1):
    words = line.split()
    if words[0] == "connect":
        peer = socket.socket()
        if words[3:] == ["deaf"]:
            peer.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        peer.connect((words[1], int(words[2])))
        peer.sendall(b"hi")
        peers.append(peer)
    elif words[0] == "reset":
        peers[int(words[1])].setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        peers[int(words[1])].close()
    elif words[0] == "fin":
        peers[int(words[1])].close()
    print("done", number, flush=True)
"#;

/// Our address on the cable.
const NEAR: &str = "10.98.0.1";
/// Its address on the cable.
const FAR: &str = "10.98.0.2";

fn ip(words: &str) {
    child::system("ip", &words.split(' ').collect::<Vec<_>>());
}

impl Machine {
    fn start() -> Self {
        let mut command = System::new("unshare");
        command.args(["--net", "--", "python3", "-u", "-c", SCRIPT]).stdin(Stdio::piped());
        let mut program = Process::start(command);
        let process = program.first_line().split(' ').nth(1).and_then(|id| id.parse().ok()).expect("its number");
        let machine = Self { program, process, commands: 0 };
        ip("link set lo up");
        ip(&format!("link add near type veth peer name far netns {process}"));
        ip(&format!("address add {NEAR}/24 dev near"));
        ip("link set near up");
        machine.ip(&format!("address add {FAR}/24 dev far"));
        machine.ip("link set far up");
        machine
    }

    /// Runs `ip` on the other machine.
    fn ip(&self, words: &str) {
        let network = format!("--net=/proc/{}/ns/net", self.process);
        let mut all = vec![network.as_str(), "ip"];
        all.extend(words.split(' '));
        child::system("nsenter", &all);
    }

    fn run(&mut self, words: &str) {
        self.commands += 1;
        self.program.write_stdin(format!("{words}\n"));
        self.program.stdout_with(format!("done {}\n", self.commands));
    }

    /// Stops answering, even by ARP, as when unplugged behind a switch. Our interface remains up.
    fn vanishes(&self) {
        self.ip(&format!("address del {FAR}/24 dev far"));
    }

    /// Stops answering as behind a router, where ARP does not detect it.
    fn vanishes_behind_a_router(&self) {
        let neighbours = System::new("ip").args(["neighbour", "show", FAR]).output().expect("ip");
        let text = String::from_utf8_lossy(&neighbours.stdout).into_owned();
        let mac = text.split(' ').skip_while(|word| *word != "lladdr").nth(1).expect("it was heard of");
        ip(&format!("neighbour replace {FAR} lladdr {mac} nud permanent dev near"));
        self.vanishes();
    }

    fn comes_back(&self) {
        self.ip(&format!("address add {FAR}/24 dev far"));
    }
}

/// A server on our end of the cable with the minimum keep-alive time.
fn server_on_the_cable() -> (Session, SocketAddr) {
    let mut session = Session::new();
    session.command(Command::SetPatience(PATIENCE));
    session.command(Command::Open(server(&format!("{NEAR}:0"))));
    session.wait_state("listening", SessionState::is_open);
    let local = session.local();
    (session, local)
}

fn errors(session: &mut Session) -> Vec<NetError> {
    let errors = session.events().iter().filter_map(|event| match event {
        EventKind::Error(error) => Some(error.clone()),
        _ => None,
    });
    errors.collect()
}

#[test]
#[ignore = "makes network interfaces"]
fn child_whose_peers_vanish() {
    let mut machine = Machine::start();
    let (mut session, local) = server_on_the_cable();
    let connect = format!("connect {} {}", local.ip(), local.port());
    for number in 1..=6 {
        machine.run(&if number == 3 { format!("{connect} deaf") } else { connect.clone() });
        session.wait_peers(number);
    }
    session.wait_received(12);
    machine.run("reset 3");
    session.wait_story("left 4 reset");
    machine.run("fin 4");
    session.wait_story("left 5 peer_fin");
    // A healthy peer that does not read is never considered lost.
    session.send(1, Target::Peer(PeerId(3)), plan(vec![bytes(&pattern(8_000_000))]));
    session.wait("a closed window", |session| (session.counters().queued_bytes > 1_000_000).then_some(()));
    let until = Instant::now() + PATIENCE * 3 / 2;
    while Instant::now() < until {
        session.events();
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(session.handle().peers().len(), 4, "{:?}", session.story());

    // Peer 1 is idle, peer 2 is being sent to, the window of peer 3 is closed.
    machine.vanishes_behind_a_router();
    session.send(2, Target::Peer(PeerId(2)), plan(vec![bytes(b"are you there?")]));
    assert_eq!(session.outcome(2).result, Ok(()), "the system accepts it and retransmits");
    let vanished = Instant::now();
    session.wait_story("left 1 timeout");
    eprintln!("the idle peer is lost after {:.1?}", vanished.elapsed());
    session.wait_story("left 2 timeout");
    eprintln!("the peer being sent to is lost after {:.1?}", vanished.elapsed());
    session.wait_story("left 6 timeout");
    assert_eq!(errors(&mut session), [], "a time-out is a reason, not an error");
    let counters = session.counters();
    assert_eq!((counters.received_bytes, counters.stored_bytes), (12, 12));
    // The session continues to serve other peers.
    assert!(session.handle().state().is_open());
    machine.comes_back();
    machine.run(&connect);
    session.wait_story("received 7 hi");
}

#[test]
#[ignore = "makes network interfaces"]
fn child_whose_peers_vanish_from_its_own_network() {
    let mut machine = Machine::start();
    let (mut session, local) = server_on_the_cable();
    for number in 1..=2 {
        machine.run(&format!("connect {} {}", local.ip(), local.port()));
        session.wait_peers(number);
    }
    session.wait_received(4);
    machine.vanishes();
    session.send(1, Target::Peer(PeerId(1)), plan(vec![bytes(b"are you there?")]));
    session.wait_story("left 1 timeout");
    session.wait_story("left 2 timeout");
    assert_eq!(errors(&mut session), []);
}

/// Checks that the error for peers 1 and 2 names the interface.
fn assert_interface_named(session: &mut Session) {
    let story = session.story();
    for peer in 1..=2 {
        assert!(story.contains(&format!("left {peer} error")), "{story:?}");
    }
    let errors = self::errors(session);
    assert_eq!(errors.len(), 2, "{errors:?}");
    for error in &errors {
        assert_eq!((error.operation, error.kind), (Operation::Receive, ErrorKind::Unreachable), "{error}");
        assert!(error.address.starts_with(&format!("tcp://{FAR}:")), "{error}");
        assert!(error.detail.contains("near") && error.detail.contains(NEAR), "must name the interface: {error}");
    }
    assert!(session.handle().state().is_open());
}

/// A session with two peers on the other machine, and the command that connects another one.
fn two_on_the_cable() -> (Machine, Session, String) {
    let mut machine = Machine::start();
    let (mut session, local) = server_on_the_cable();
    let connect = format!("connect {} {}", local.ip(), local.port());
    for number in 1..=2 {
        machine.run(&connect);
        session.wait_peers(number);
    }
    session.wait_received(4);
    (machine, session, connect)
}

/// After the cable is cut, the peer being sent to and the idle one are lost, and the errors name the interface.
fn assert_both_given_up(session: &mut Session) {
    let down = Instant::now();
    session.send(1, Target::Peer(PeerId(1)), plan(vec![bytes(b"are you there?")]));
    session.wait_peers(0);
    eprintln!("both are lost after {:.1?}", down.elapsed());
    assert_interface_named(session);
}

#[test]
#[ignore = "makes network interfaces"]
fn child_whose_interface_goes_down() {
    let (mut machine, mut session, connect) = two_on_the_cable();
    ip("link set near down");
    assert_both_given_up(&mut session);
    ip("link set near up");
    machine.run(&connect);
    session.wait_story("received 3 hi");
}

#[test]
#[ignore = "makes network interfaces"]
fn child_whose_peer_is_unplugged() {
    let (machine, mut session, _) = two_on_the_cable();
    machine.ip("link set far down");
    assert_both_given_up(&mut session);
}

/// In parallel, since they mostly wait.
#[test]
fn peers_that_vanish_or_do_not_read_and_interfaces_that_go_down_are_distinguished() {
    let children = [
        "network::child_whose_peers_vanish",
        "network::child_whose_peers_vanish_from_its_own_network",
        "network::child_whose_interface_goes_down",
        "network::child_whose_peer_is_unplugged",
    ];
    std::thread::scope(|scope| {
        let running = children.map(|name| (name, scope.spawn(move || child::in_namespaces(name, &[]))));
        for (name, child) in running {
            assert!(child.join().is_ok(), "{name}");
        }
    });
}

/// Connections reset during a flood: what was read of each is a prefix of what was sent; other connections continue.
#[test]
fn a_reset_in_the_middle_of_a_flood_costs_nothing_that_was_read() {
    let (mut session, local) = listening();
    let content = pattern(30_000_000);
    let mut steady = Peer::connect(local);
    session.wait_peers(1);
    std::thread::scope(|scope| {
        let steady = scope.spawn(|| steady.send(&content));
        let broken: Vec<_> = (1..=4_usize)
            .map(|part| {
                let content = &content[..part * 5_000_000];
                scope.spawn(move || {
                    let mut peer = Peer::connect(local);
                    peer.0.write_all(content).expect("it reads");
                    peer.reset();
                })
            })
            .collect();
        for peer in broken {
            peer.join().expect("no panic");
        }
        steady.join().expect("no panic");
    });
    session.wait_peers(1);
    session.wait("the steady one", |session| {
        let peer = session.handle().peers().get(PeerId(1))?;
        (peer.received_bytes == 30_000_000).then_some(())
    });
    session.close();
    let story = session.story();
    let mut all = 0;
    for peer in 1..=5 {
        let stored = payload(&session.reader(), Direction::Received, Some(PeerId(peer)));
        assert!(content.starts_with(&stored), "peer {peer}");
        assert_eq!(story.contains(&format!("left {peer} reset")), peer > 1, "peer {peer}");
        all += stored.len() as u64;
    }
    let counters = session.counters();
    assert_eq!((counters.received_bytes, counters.stored_bytes, counters.dropped_bytes), (all, all, 0));
}

/// A client whose server resets the connection ends with the reason and can connect again.
#[test]
fn a_client_that_is_reset_in_a_flood_can_connect_again() {
    let (listener, address) = listener();
    let mut session = Session::open(client(address));
    let content = pattern(5_000_000);
    for run in 1..=2 {
        let mut peer = Peer::of(listener.accept().expect("a connection").0);
        peer.send(&content);
        peer.reset();
        assert_eq!(session.wait_closed(), SessionState::Closed(CloseReason::Reset));
        let stored = payload(&session.reader(), Direction::Received, Some(PeerId(run)));
        assert!(content.starts_with(&stored));
        assert!(errors(&mut session).is_empty(), "a reset is a reason, not an error");
        session.command(Command::Open(client(address)));
        session.wait_state("connected", SessionState::is_open);
    }
}
