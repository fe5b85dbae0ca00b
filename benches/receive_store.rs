//! Receive and store: a listening session takes a stream and keeps it, beside two plain loops, one that reads 64 KiB at a time
//! and throws it away, one that reads 256 KiB at a time and writes it to a file. Rounds alternate in one run after a warm-up;
//! the figures are the ratios of the medians.
//!
//! `cargo bench --bench receive_store [-- MIB [ROUNDS]]`, 256 MiB and 5 rounds by default.
#![allow(clippy::print_stdout, clippy::expect_used, clippy::unwrap_used, clippy::panic, missing_docs)]

use std::fs::File;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

use wirebench::capture::CaptureOptions;
use wirebench::engine::{Command, SessionHandle, SessionOptions};
use wirebench::jobs::thread::spawn_named;
use wirebench::model::{HostPort, SessionConfig, SessionId, TcpServerConfig};

const DEADLINE: Duration = Duration::from_secs(120);

fn main() {
    let mut numbers = std::env::args().skip(1).filter_map(|argument| argument.parse::<u64>().ok());
    let mib = numbers.next().unwrap_or(256);
    let rounds = numbers.next().unwrap_or(5).max(1);
    let bytes = mib << 20;
    let (mut discarded, mut copied, mut stored) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..=rounds {
        let seconds = (read(bytes, 65_536, None), read_and_write(bytes), receive_and_store(bytes));
        if round > 0 {
            discarded.push(seconds.0);
            copied.push(seconds.1);
            stored.push(seconds.2);
        }
    }
    let (discarded, copied, stored) = (Figures::of(discarded), Figures::of(copied), Figures::of(stored));
    println!("{mib} MiB over one loopback TCP stream, {rounds} rounds");
    println!("read and discard         {}", discarded.text(bytes));
    println!("read and write to a file {}", copied.text(bytes));
    println!("receive and store        {}", stored.text(bytes));
    println!("ratio to discarding      {:.2}", discarded.median / stored.median);
    println!("ratio to writing         {:.2}", copied.median / stored.median);
}

struct Figures {
    median: f64,
    fastest: f64,
    slowest: f64,
}

impl Figures {
    fn of(mut seconds: Vec<f64>) -> Self {
        seconds.sort_by(f64::total_cmp);
        Self { median: seconds[seconds.len() / 2], fastest: seconds[0], slowest: seconds[seconds.len() - 1] }
    }

    fn text(&self, bytes: u64) -> String {
        let rate = |seconds: f64| bytes as f64 / seconds / (1u64 << 20) as f64;
        format!("{:7.0} MiB/s  (from {:.0} to {:.0})", rate(self.median), rate(self.slowest), rate(self.fastest))
    }
}

fn sender(to: SocketAddr, bytes: u64) -> std::thread::JoinHandle<()> {
    spawn_named("sender", move || {
        let mut stream = TcpStream::connect(to).expect("connect");
        let block: Vec<u8> = (0..262_144u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        let mut left = bytes;
        while left > 0 {
            let part = left.min(block.len() as u64) as usize;
            stream.write_all(&block[..part]).expect("write");
            left -= part as u64;
        }
    })
    .expect("thread")
}

fn read_and_write(bytes: u64) -> f64 {
    let mut file = tempfile::tempfile().expect("file");
    read(bytes, 262_144, Some(&mut file))
}

fn read(bytes: u64, buffer_len: usize, mut keep: Option<&mut File>) -> f64 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("bind");
    let begin = Instant::now();
    let sender = sender(listener.local_addr().expect("address"), bytes);
    let (mut stream, _) = listener.accept().expect("accept");
    let mut buffer = vec![0; buffer_len];
    let mut total = 0;
    loop {
        let count = stream.read(&mut buffer).expect("read");
        if count == 0 {
            break;
        }
        total += count as u64;
        if let Some(file) = &mut keep {
            file.write_all(&buffer[..count]).expect("write");
        }
    }
    let seconds = begin.elapsed().as_secs_f64();
    sender.join().expect("sender");
    assert_eq!(total, bytes);
    seconds
}

fn receive_and_store(bytes: u64) -> f64 {
    let folder = tempfile::tempdir().expect("folder");
    let handle = SessionHandle::spawn(SessionOptions {
        id: SessionId(1),
        captures_dir: folder.path().to_path_buf(),
        capture: CaptureOptions { limit_bytes: 4 << 30, delete_on_close: true },
        queue_limit_bytes: 8 << 20,
        wake: Arc::new(|| {}),
    })
    .expect("session");
    let local = HostPort { host: "127.0.0.1".into(), port: 0 };
    handle
        .send(Command::Open(SessionConfig::TcpServer(TcpServerConfig { local, keep_half_open: false })))
        .expect("open");
    let limit = Instant::now() + DEADLINE;
    let local = loop {
        if let Some(local) = handle.state().local() {
            break local;
        }
        assert!(Instant::now() < limit, "the session did not listen: {:?}", handle.state());
        std::thread::sleep(Duration::from_millis(1));
    };
    let begin = Instant::now();
    let sender = sender(local, bytes);
    while handle.counters().stored_bytes < bytes {
        assert!(Instant::now() < limit, "the session did not store all: {:?}", handle.counters());
        // Published counters, not bytes, are polled: a millisecond against a round of a tenth of a second or more.
        handle.events().recv_timeout(Duration::from_millis(1)).ok();
    }
    let seconds = begin.elapsed().as_secs_f64();
    sender.join().expect("sender");
    assert!(handle.finish(Duration::from_secs(10)), "the session did not end");
    seconds
}
