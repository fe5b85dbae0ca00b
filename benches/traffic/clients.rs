//! Many clients at once.

use super::beside::{alternate, seconds};
use super::plain::Plain;
use super::program::Program;
use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};
use std::io::{ErrorKind, Read, Write};
use std::net::SocketAddr;
use std::time::Duration;

/// Count of connects in progress at once: fewer than any backlog.
const AT_ONCE: usize = 256;
const MESSAGE: [u8; 64] = *b"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// 1, 10, 100 … clients connect, send, receive their echo, and stay connected until all have theirs.
pub fn clients(most: u64, rounds: u64) {
    println!("clients: connect, send 64 bytes, get the echo, stay; {rounds} rounds, median (spread)");
    for number in (0..).map(|power| 10_u64.pow(power)).take_while(|n| *n < most).chain([most]) {
        let [plain, ours] = alternate(
            rounds,
            [&mut || crowd(Plain::start("echo", &[]).local(), number as usize).0, &mut || {
                let mut program = Program::start(&["listen", "tcp://127.0.0.1:0", "--show", "none", "--echo"]);
                crowd(program.local(), number as usize).0
            }],
        );
        println!("  {number:6} clients, plain epoll server {}", plain.rate(number as f64, "clients"));
        println!("  {number:6} clients, listen --echo      {}", ours.rate(number as f64, "clients"));
        println!("  ratio {:.2}", ours.ratio_to(&plain));
    }
}

/// The seconds until all echoes have arrived, and the clients, still connected.
pub fn crowd(to: SocketAddr, number: usize) -> (f64, Vec<TcpStream>) {
    let mut poll = Poll::new().expect("poll");
    let mut events = Events::with_capacity(1024);
    let mut clients: Vec<TcpStream> = Vec::with_capacity(number);
    let mut got = vec![0_usize; number];
    let mut greeted = vec![false; number];
    let (mut answered, mut under_way) = (0, 0);
    let taken = seconds(|| {
        while answered < number {
            while clients.len() < number && under_way < AT_ONCE {
                let mut client = TcpStream::connect(to).expect("a socket");
                let both = Interest::READABLE | Interest::WRITABLE;
                poll.registry().register(&mut client, Token(clients.len()), both).expect("registered");
                clients.push(client);
                under_way += 1;
            }
            poll.poll(&mut events, Some(Duration::from_secs(30))).expect("poll");
            assert!(!events.is_empty(), "{answered} of {number} were answered");
            for event in &events {
                let at = event.token().0;
                let client = &mut clients[at];
                if event.is_writable() && !greeted[at] {
                    assert!(client.take_error().expect("asked").is_none(), "client {at} is refused");
                    client.write_all(&MESSAGE).expect("64 bytes fit");
                    greeted[at] = true;
                }
                let mut buffer = [0; 128];
                loop {
                    match client.read(&mut buffer) {
                        Ok(0) => panic!("client {at} was disconnected"),
                        Ok(count) => got[at] += count,
                        Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                        Err(error) if error.kind() == ErrorKind::NotConnected => break,
                        Err(error) => panic!("client {at}: {error}"),
                    }
                    if got[at] == MESSAGE.len() {
                        answered += 1;
                        under_way -= 1;
                    }
                }
            }
        }
    });
    assert!(got.iter().all(|count| *count == MESSAGE.len()), "each must get its echo once");
    (taken, clients)
}
