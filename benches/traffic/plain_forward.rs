//! A plain epoll forwarder: passes on what it reads, and keeps nothing but what the other side does not take yet.

use mio::net::{TcpListener, TcpStream};
use mio::{Events, Interest, Poll, Token};
use std::collections::HashMap;
use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr};

const LISTENER: Token = Token(0);

/// One side of a pair, and what the other side has sent it.
struct Side {
    stream: TcpStream,
    pending: Vec<u8>,
    at: usize,
    is_at_end: bool,
}

impl Side {
    fn new(stream: TcpStream) -> Self {
        stream.set_nodelay(true).expect("nodelay");
        Self { stream, pending: Vec::new(), at: 0, is_at_end: false }
    }

    /// Writes what is pending; true: nothing is left.
    fn flush(&mut self) -> bool {
        while self.at < self.pending.len() {
            match self.stream.write(&self.pending[self.at..]) {
                Ok(count) => self.at += count,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return false,
                Err(_) => self.at = self.pending.len(),
            }
        }
        true
    }
}

/// Forwards to `target` until the process is killed.
pub fn forward(target: SocketAddr) {
    let mut listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).expect("bind");
    println!("{}", listener.local_addr().expect("address"));
    let mut poll = Poll::new().expect("poll");
    poll.registry().register(&mut listener, LISTENER, Interest::READABLE).expect("registered");
    let mut events = Events::with_capacity(1024);
    let mut sides: HashMap<usize, Side> = HashMap::new();
    let mut next = 2;
    loop {
        poll.poll(&mut events, None).expect("poll");
        for event in &events {
            if event.token() == LISTENER {
                while let Ok((client, _)) = listener.accept() {
                    let onward = std::net::TcpStream::connect(target).expect("the target");
                    onward.set_nonblocking(true).expect("nonblocking");
                    for (number, mut stream) in [(next, client), (next + 1, TcpStream::from_std(onward))] {
                        let both = Interest::READABLE | Interest::WRITABLE;
                        poll.registry().register(&mut stream, Token(number), both).expect("registered");
                        sides.insert(number, Side::new(stream));
                    }
                    next += 2;
                }
                continue;
            }
            // The other side of a pair differs in the last bit. Both directions: either event can have freed either one.
            let number = event.token().0;
            let ends = [(number, number ^ 1), (number ^ 1, number)].map(|(from, to)| pass(&mut sides, from, to));
            if ends == [true, true] {
                sides.remove(&number);
                sides.remove(&(number ^ 1));
            }
        }
    }
}

/// Passes on until one side has nothing or the other takes nothing; true: this direction is over.
fn pass(sides: &mut HashMap<usize, Side>, from: usize, to: usize) -> bool {
    let (Some(mut source), Some(mut sink)) = (sides.remove(&from), sides.remove(&to)) else { return false };
    while sink.flush() && !source.is_at_end {
        sink.pending.resize(65_536, 0);
        sink.at = 0;
        match source.stream.read(&mut sink.pending) {
            Ok(count) if count > 0 => sink.pending.truncate(count),
            Err(error) if error.kind() == ErrorKind::WouldBlock => {
                sink.pending.clear();
                break;
            }
            _ => {
                sink.pending.clear();
                source.is_at_end = true;
                sink.stream.shutdown(Shutdown::Write).ok(); // it may be gone
            }
        }
    }
    let is_over = source.is_at_end;
    sides.insert(from, source);
    sides.insert(to, sink);
    is_over
}
