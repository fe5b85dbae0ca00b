//! The plain programs: each does the minimum that the task needs, keeps nothing, and stops when its standard input is closed.
//!
//! They are this benchmark itself, started with a role. The first line that they print is their address.

use mio::net::{TcpListener, TcpStream};
use mio::{Events, Interest, Poll, Token};
use std::collections::HashMap;
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::SocketAddr;
use std::process::{Child, ChildStdout, Command, Stdio};

/// Argument that makes this process a plain program.
pub const ROLE: &str = "--plain";

/// A running plain program.
pub struct Plain {
    child: Child,
    lines: std::io::Lines<BufReader<ChildStdout>>,
}

impl Plain {
    pub fn start(role: &str, arguments: &[String]) -> Self {
        let mut child = Command::new(std::env::current_exe().expect("this program"))
            .args([ROLE, role])
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        let lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        Self { child, lines }
    }

    /// The next line of its output.
    pub fn says(&mut self) -> String {
        self.lines.next().expect("it prints a line").expect("read")
    }

    pub fn local(&mut self) -> SocketAddr {
        self.says().parse().expect("an address")
    }

    /// Resident memory in KiB.
    pub fn resident_kib(&self) -> u64 {
        super::program::resident_kib(self.child.id())
    }

    /// Makes the program stop.
    pub fn end(&mut self) {
        drop(self.child.stdin.take());
    }
}

impl Drop for Plain {
    fn drop(&mut self) {
        // It may have stopped already.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Runs as the plain program.
pub fn run(arguments: &[String]) {
    let number = |at: usize| arguments[at].parse::<u64>().expect("a number");
    match arguments[0].as_str() {
        "discard" => read(65_536, false),
        "discard-tls" => super::tls::discard(&arguments[1], &arguments[2]),
        "write" => read(262_144, true),
        "echo" => echo(),
        "send" => send(arguments[1].parse().expect("an address"), std::path::Path::new(&arguments[2])),
        "repeat" => repeat(arguments[1].parse().expect("an address"), number(2), number(3)),
        "forward" => super::plain_forward::forward(arguments[1].parse().expect("an address")),
        "datagrams" => datagrams(),
        other => panic!("no plain program `{other}`"),
    }
}

/// Accepts one connection after the other, reads each to its end and prints the byte count. Each is written to its own file, which
/// is deleted afterwards like our captures, so that pending disk writes do not delay the next round.
fn read(buffer_len: usize, keeps: bool) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("bind");
    println!("{}", listener.local_addr().expect("address"));
    let mut buffer = vec![0; buffer_len];
    loop {
        let (mut stream, _) = listener.accept().expect("accept");
        let mut total = 0;
        let mut keep = keeps.then(|| tempfile::tempfile().expect("a file"));
        loop {
            let count = stream.read(&mut buffer).expect("read");
            if count == 0 {
                break;
            }
            total += count;
            if let Some(file) = &mut keep {
                file.write_all(&buffer[..count]).expect("written");
            }
        }
        println!("{total}");
    }
}

/// An epoll server that echoes what it reads.
fn echo() {
    const LISTENER: Token = Token(0);
    wirebench::engine::raise_descriptor_limit();
    let socket = socket2::Socket::new(socket2::Domain::IPV4, socket2::Type::STREAM, None).expect("socket");
    socket.set_nonblocking(true).expect("nonblocking");
    socket.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into()).expect("bind");
    socket.listen(4096).expect("listen");
    let mut listener = TcpListener::from_std(socket.into());
    println!("{}", listener.local_addr().expect("address"));
    let mut poll = Poll::new().expect("poll");
    poll.registry().register(&mut listener, LISTENER, Interest::READABLE).expect("registered");
    let mut events = Events::with_capacity(1024);
    let mut peers: HashMap<Token, TcpStream> = HashMap::new();
    let mut buffer = vec![0; 65_536];
    let mut next = 1;
    loop {
        poll.poll(&mut events, None).expect("poll");
        for event in &events {
            if event.token() == LISTENER {
                while let Ok((mut stream, _)) = listener.accept() {
                    stream.set_nodelay(true).expect("nodelay");
                    poll.registry().register(&mut stream, Token(next), Interest::READABLE).expect("registered");
                    peers.insert(Token(next), stream);
                    next += 1;
                }
                continue;
            }
            let Some(peer) = peers.get_mut(&event.token()) else { continue };
            let over = loop {
                match peer.read(&mut buffer) {
                    Ok(0) => break true,
                    Ok(count) => peer.write_all(&buffer[..count]).expect("the small reply fits the buffer"),
                    Err(error) => break error.kind() != ErrorKind::WouldBlock,
                }
            };
            if over {
                peers.remove(&event.token());
            }
        }
    }
}

/// Sends a file.
fn send(to: SocketAddr, path: &std::path::Path) {
    let mut stream = std::net::TcpStream::connect(to).expect("connect");
    let mut file = std::fs::File::open(path).expect("the file");
    let mut buffer = vec![0; 262_144];
    loop {
        let count = file.read(&mut buffer).expect("read");
        if count == 0 {
            return;
        }
        stream.write_all(&buffer[..count]).expect("written");
    }
}

/// Sends a small payload every `every_us` microseconds, `times` times.
fn repeat(to: SocketAddr, every_us: u64, times: u64) {
    let mut stream = std::net::TcpStream::connect(to).expect("connect");
    stream.set_nodelay(true).expect("nodelay");
    let begin = std::time::Instant::now();
    for round in 0..times {
        let at = begin + std::time::Duration::from_micros(every_us * round);
        std::thread::sleep(at.saturating_duration_since(std::time::Instant::now()));
        stream.write_all(b"tick").expect("written");
    }
}

/// Counts datagrams until its input is closed, and then prints the count.
fn datagrams() {
    let socket = std::net::UdpSocket::bind("127.0.0.1:0").expect("bind");
    socket2::SockRef::from(&socket).set_recv_buffer_size(8 << 20).expect("a buffer");
    println!("{}", socket.local_addr().expect("address"));
    socket.set_read_timeout(Some(std::time::Duration::from_millis(300))).expect("a time-out");
    let mut buffer = vec![0; 65_536];
    let mut count = 0_u64;
    let mut idle = false;
    let ended = wirebench::jobs::thread::spawn_named("input", || {
        std::io::copy(&mut std::io::stdin(), &mut std::io::sink()).ok();
    })
    .expect("a thread");
    while !(idle && ended.is_finished()) {
        idle = socket.recv(&mut buffer).is_err();
        count += u64::from(!idle);
    }
    println!("{count}");
}
