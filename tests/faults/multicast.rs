//! Multicast between two machines: network namespaces that two virtual cables join.

use crate::child;
use crate::program::Process;
use crate::support::*;
use std::process::{Command as System, Stdio};
use wirebench::model::{CastOptions, SessionConfig, Target, UdpConfig};

/// The other machine: joins a group on each of its interfaces, prints what it hears with its TTL, and sends what it is asked to.
const SCRIPT: &str = r#"
import os, socket, struct, sys, threading, time
print("process", os.getpid(), flush=True)
words = sys.stdin.readline().split()
hears = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
hears.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
hears.setsockopt(socket.IPPROTO_IP, 12, 1)
# 12: IP_RECVTTL, which older Pythons do not name.
hears.bind(("0.0.0.0", 7878))
for name in ("far1", "far2"):
    request = struct.pack("=4s4si", socket.inet_aton("239.88.1.9"), bytes(4), socket.if_nametoindex(name))
    hears.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, request)
def listen():
    while True:
        data, control, _, _ = hears.recvmsg(100, 100)
        print("heard", data.decode(), *(struct.unpack("=i", c[2])[0] for c in control), flush=True)
threading.Thread(target=listen, daemon=True).start()
print("ready", flush=True)
for line in sys.stdin:
    name, source, group, port, text = line.split()
    family = socket.AF_INET6 if ":" in group else socket.AF_INET
    sends = socket.socket(family, socket.SOCK_DGRAM)
    index = socket.if_nametoindex(name)
    if family == socket.AF_INET6:
        sends.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, index)
        # The routes of IPv6 appear a moment after the cable.
        deadline = time.monotonic() + 10
        while True:
            try:
                sends.sendto(text.encode(), (group, int(port), 0, index))
                break
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.02)
    else:
        sends.bind((source, 0))
        sends.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, struct.pack("=4s4si", bytes(4), bytes(4), index))
        sends.sendto(text.encode(), (group, int(port)))
    print("sent", text, flush=True)
"#;

fn ip(words: &str) {
    child::system("ip", &words.split(' ').collect::<Vec<_>>());
}

/// Starts the other machine at the end of two cables: `near1`/`far1` and `near2`/`far2`.
fn machine() -> Process {
    let mut command = System::new("unshare");
    command.args(["--net", "--", "python3", "-u", "-c", SCRIPT]).stdin(Stdio::piped());
    let mut program = Process::start(command);
    let process: u32 = program.first_line().split(' ').nth(1).and_then(|id| id.parse().ok()).expect("its number");
    let there = |words: &str| {
        let network = format!("--net=/proc/{process}/ns/net");
        let mut all = vec![network.as_str(), "ip"];
        all.extend(words.split(' '));
        child::system("nsenter", &all);
    };
    ip("link set lo up");
    for n in [1, 2] {
        ip(&format!("link add near{n} type veth peer name far{n} netns {process}"));
        ip(&format!("address add 10.88.{n}.1/24 dev near{n}"));
        ip(&format!("address add fd88:{n}::1/64 dev near{n} nodad"));
        ip(&format!("link set near{n} up"));
        there(&format!("address add 10.88.{n}.2/24 dev far{n}"));
        there(&format!("address add 10.88.{n}.3/24 dev far{n}"));
        there(&format!("address add fd88:{n}::2/64 dev far{n} nodad"));
        there(&format!("link set far{n} up"));
    }
    program.write_stdin("start\n");
    program.stdout_with("ready\n");
    program
}

fn open(local: &str, cast: CastOptions) -> Session {
    Session::open(SessionConfig::Udp(UdpConfig { cast, ..UdpConfig::new(Some(host(local)), None) }))
}

fn groups(groups: &[&str]) -> CastOptions {
    let groups = groups.iter().map(|group| group.parse().expect("a group")).collect();
    CastOptions { groups, ..CastOptions::default() }
}

/// Texts of the received records, each with the interface that it arrived on.
fn heard(session: &Session) -> Vec<String> {
    let reader = session.reader();
    let all = records(&reader);
    let received = all.iter().filter(|record| record.direction == Some(wirebench::model::Direction::Received));
    received
        .map(|record| {
            let mut bytes = Vec::new();
            reader.payload(record, 0..record.len, &mut bytes).expect("readable");
            let interface = record.destination().and_then(|local| reader.local_interface(local));
            let interface = interface.and_then(wirebench::model::zone_name).unwrap_or_default();
            format!("{} {interface}", String::from_utf8_lossy(&bytes))
        })
        .collect()
}

fn wait_heard(session: &mut Session, wanted: &[&str]) {
    session.wait("the last datagram", |session| (heard(session).len() >= wanted.len()).then_some(()));
    let mut heard = heard(session);
    heard.sort();
    assert_eq!(heard, wanted);
}

#[test]
#[ignore = "makes network interfaces"]
fn child_with_two_cables() {
    let mut far = machine();
    // A group on all interfaces, on one of them, from one source; of both families; several sessions on one port.
    let mut all = open("0.0.0.0:7879", groups(&["239.88.1.1"]));
    let mut one = open("0.0.0.0:7879", groups(&["239.88.1.1%near2"]));
    let mut chosen = open("0.0.0.0:7879", groups(&["239.88.1.1%near1,from=10.88.1.3"]));
    let mut six = open("[::]:7880", groups(&["ff05::88%near2"]));
    for (name, source, text) in
        [("far1", "10.88.1.2", "a"), ("far1", "10.88.1.3", "b"), ("far2", "10.88.2.2", "c"), ("far2", "10.88.2.3", "d")]
    {
        far.write_stdin(format!("{name} {source} 239.88.1.1 7879 {text}\n"));
        far.stdout_with(format!("sent {text}\n"));
    }
    for name in ["far1", "far2"] {
        far.write_stdin(format!("{name} - ff05::88 7880 {name}\n"));
        far.stdout_with(format!("sent {name}\n"));
    }
    wait_heard(&mut all, &["a near1", "b near1", "c near2", "d near2"]);
    wait_heard(&mut one, &["c near2", "d near2"]);
    wait_heard(&mut chosen, &["b near1"]);
    wait_heard(&mut six, &["far2 near2"]);
    // What is sent: the interface, the TTL, and the loop.
    let to = Target::Address("239.88.1.9:7878".parse().expect("an address"));
    for (interface, ttl) in [("near1", 1), ("near2", 7)] {
        let cast = CastOptions { interface: Some(interface.into()), ttl: Some(ttl), ..CastOptions::default() };
        let mut sender = open("0.0.0.0:0", cast);
        sender.send_and_wait(1, to, bytes(interface.as_bytes()));
        far.stdout_with(format!("heard {interface} {ttl}\n"));
    }
    for loopback in [false, true] {
        let options = groups(&["239.88.1.9%near1"]);
        let mut own = open("0.0.0.0:7878", CastOptions { loopback, interface: Some("near1".into()), ..options });
        own.send_and_wait(1, to, bytes(format!("loop-{loopback}").as_bytes()));
        far.stdout_with(format!("heard loop-{loopback} 1\n"));
        // A datagram to the socket itself arrives after one that came back.
        own.send_and_wait(2, Target::Address("127.0.0.1:7878".parse().expect("an address")), bytes(b"end"));
        let came_back = if loopback { &["end lo", "loop-true near1"][..] } else { &["end lo"] };
        wait_heard(&mut own, came_back);
    }
}

#[test]
fn groups_are_joined_and_sent_to_where_the_user_says() {
    child::in_namespaces("multicast::child_with_two_cables", &[]);
}
