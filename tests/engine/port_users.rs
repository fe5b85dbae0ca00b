//! The program that holds a port is found by its name and number.
#![cfg(target_os = "linux")]

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use wirebench::engine::port_user;
use wirebench::model::Protocol;

/// A Python program that holds a port until it is dropped.
struct Holder {
    process: Child,
    port: u16,
}

impl Holder {
    /// `None` if this machine has no such address.
    fn new(kind: &str, host: &str) -> Option<Self> {
        let family = if host.contains(':') { "AF_INET6" } else { "AF_INET" };
        let listen = if kind == "SOCK_STREAM" { "s.listen()" } else { "" };
        let program = format!(
            "import socket,sys\ns=socket.socket(socket.{family},socket.{kind})\ntry: s.bind(('{host}',0))\n\
             except OSError: print(0,flush=True); sys.exit()\n{listen}\nprint(s.getsockname()[1],flush=True)\nsys.stdin.read()"
        );
        let mut process = Command::new("python3")
            .args(["-c", &program])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3");
        let mut line = String::new();
        BufReader::new(process.stdout.take().expect("its output")).read_line(&mut line).expect("a port");
        let port = line.trim().parse().expect("a number");
        let holder = Self { process, port };
        (port != 0).then_some(holder)
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        self.process.kill().expect("still there");
        self.process.wait().expect("its end");
    }
}

#[test]
fn another_program_that_holds_a_port_is_named() {
    for (kind, protocol) in [("SOCK_STREAM", Protocol::TcpServer), ("SOCK_DGRAM", Protocol::Udp)] {
        for (held, wanted) in [
            ("127.0.0.1", "127.0.0.1"),
            ("127.0.0.1", "0.0.0.0"),
            ("0.0.0.0", "127.0.0.1"),
            ("::1", "::1"),
            ("::", "127.0.0.1"),
        ] {
            let Some(holder) = Holder::new(kind, held) else { continue };
            let user = port_user(protocol, wanted, holder.port).expect("a program");
            assert_eq!((user.pid, user.is_this_program()), (holder.process.id(), false), "{kind} {held} {wanted}");
            assert!(user.name.starts_with("python3"), "{}", user.name);
        }
    }
}

#[test]
fn a_port_of_another_protocol_or_address_has_another_user() {
    let tcp = Holder::new("SOCK_STREAM", "127.0.0.1").expect("this machine's address");
    let other_than =
        |protocol, host| port_user(protocol, host, tcp.port).is_none_or(|user| user.pid != tcp.process.id());
    assert!(other_than(Protocol::Udp, "127.0.0.1") && other_than(Protocol::TcpServer, "127.0.0.2"));
}

#[test]
fn a_port_of_this_program_is_told_apart() {
    let socket = std::net::TcpListener::bind("127.0.0.1:0").expect("bind");
    let port = socket.local_addr().expect("address").port();
    assert!(port_user(Protocol::TcpServer, "127.0.0.1", port).expect("this program").is_this_program());
}

/// Look-ups at once walk the same tables while sockets come and go: each finds the holder of its own port.
#[test]
fn several_look_ups_at_once_find_their_own_holders() {
    for threads in [1, 2, 4, 8, 16] {
        let (sender, found) = crossbeam_channel::bounded(3 * threads);
        for _ in 0..threads {
            let sender = sender.clone();
            let look_up = move || {
                for _ in 0..3 {
                    let socket = std::net::TcpListener::bind("127.0.0.1:0").expect("bind");
                    let port = socket.local_addr().expect("address").port();
                    let user = port_user(Protocol::TcpServer, "127.0.0.1", port);
                    sender.send(user.is_some_and(|user| user.is_this_program())).ok();
                }
            };
            wirebench::jobs::thread::spawn_named("look-up", look_up).expect("a thread");
        }
        for number in 0..3 * threads {
            let is_found = found.recv_timeout(Duration::from_secs(60)).expect("a look-up hangs");
            assert!(is_found, "look-up {number} with {threads} threads");
        }
    }
}
