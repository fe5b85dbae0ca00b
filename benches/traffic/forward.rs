//! Forwarding, beside `socat` (throughput) and a plain epoll forwarder (throughput and latency). Ours stores both directions.

use super::beside::{Rounds, alternate};
use super::echo::trip;
use super::plain::Plain;
use super::program::Program;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A running `socat` that forwards. Killed when dropped; its children end with their connections.
struct Socat {
    child: Child,
    local: SocketAddr,
}

impl Socat {
    /// Starts it, and waits until it accepts: the target sees one connection that ends at once. `None`: there is no `socat` here.
    fn start(target: SocketAddr) -> Option<Self> {
        let local = TcpListener::bind("127.0.0.1:0").expect("bind").local_addr().expect("address");
        let child = Command::new("socat")
            .args(["-b", "65536"])
            .arg(format!("TCP-LISTEN:{},bind=127.0.0.1,reuseaddr,fork,backlog=1024,nodelay", local.port()))
            .arg(format!("TCP:{target},nodelay"))
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        let socat = Self { child, local };
        let begin = Instant::now();
        while TcpStream::connect(local).is_err() {
            assert!(begin.elapsed() < Duration::from_secs(10), "socat does not listen");
            std::thread::sleep(Duration::from_millis(10));
        }
        Some(socat)
    }
}

impl Drop for Socat {
    fn drop(&mut self) {
        // It may have stopped already.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn ours(target: SocketAddr) -> Program {
    Program::start(&["forward", "tcp://127.0.0.1:0", "to", &format!("tcp://{target}"), "--show", "none"])
}

/// Throughput of one stream of `mib` MiB, and the median round trip of 64 bytes.
pub fn forward(mib: u64, rounds: u64, trips: u64) {
    let mut sink = Plain::start("discard", &[]);
    let target = sink.local();
    let mut plain = Plain::start("forward", &[target.to_string()]);
    let mut program = ours(target);
    let (to_plain, to_ours) = (plain.local(), program.local());
    let socat = Socat::start(target);
    if socat.is_some() {
        assert_eq!(sink.says(), "0", "the connection of the start");
    }
    let to_socat = socat.as_ref().map_or(to_plain, |socat| socat.local);
    let sink = std::cell::RefCell::new(sink);
    let timed = |to| stream(to, mib, &mut sink.borrow_mut());
    let [through_socat, through_plain, through_ours] =
        alternate(rounds, [&mut || timed(to_socat), &mut || timed(to_plain), &mut || timed(to_ours)]);
    let rate = |rounds: &Rounds| rounds.rate(mib as f64, "MiB");
    println!("forward: one stream of {mib} MiB, {rounds} rounds, median (spread)");
    if socat.is_some() {
        println!("  socat -b 65536    {}", rate(&through_socat));
    }
    println!("  plain epoll       {}", rate(&through_plain));
    println!("  forward           {}", rate(&through_ours));
    if socat.is_some() {
        println!("  ours / socat {:.2}", through_ours.ratio_to(&through_socat));
    }
    println!("  ours / plain {:.2}", through_ours.ratio_to(&through_plain));
    latency(rounds, trips);
}

fn latency(rounds: u64, trips: u64) {
    let mut echo = Plain::start("echo", &[]);
    let target = echo.local();
    let mut plain = Plain::start("forward", &[target.to_string()]);
    let mut program = ours(target);
    let (to_plain, to_ours) = (plain.local(), program.local());
    let [direct, plain, ours] =
        alternate(rounds, [&mut || trip(target, trips), &mut || trip(to_plain, trips), &mut || trip(to_ours, trips)]);
    println!("forward: p50 of {trips} round trips of 64 bytes, {rounds} rounds, median (spread)");
    println!("  without forwarder {direct}");
    println!("  plain epoll       {plain}");
    println!("  forward           {ours}");
    let added = |through: f64| through - direct.median();
    println!("  added by ours / added by plain {:.2}", added(ours.median()) / added(plain.median()));
}

/// Seconds from the connect until the target has read everything.
fn stream(to: SocketAddr, mib: u64, sink: &mut Plain) -> f64 {
    let chunk = vec![7; 262_144];
    let begin = Instant::now();
    let mut stream = TcpStream::connect(to).expect("connect");
    for _ in 0..mib * 4 {
        stream.write_all(&chunk).expect("written");
    }
    stream.shutdown(std::net::Shutdown::Write).expect("shut down");
    let total: u64 = sink.says().parse().expect("a count");
    let taken = begin.elapsed().as_secs_f64();
    assert_eq!(total, mib << 20, "bytes are missing");
    // The end of the target's side comes back.
    stream.read_to_end(&mut Vec::new()).expect("the end");
    taken
}
