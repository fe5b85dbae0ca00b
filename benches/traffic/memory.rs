//! Resident memory during heavy traffic.

use super::program::{Program, count};
use std::io::Write;
use std::net::{SocketAddr, TcpStream, UdpSocket};
use std::time::{Duration, Instant};

/// Sampling interval of the memory.
const LOOK: Duration = Duration::from_millis(200);

/// Sends one stream of `mib` MiB, then `datagrams` datagrams of 8 bytes, with a capture limit of 1 GiB.
pub fn memory(mib: u64, datagrams: u64) {
    println!("memory: resident set of the process, capture limit 1 GiB");
    let mut program = Program::start(&["listen", "tcp://127.0.0.1:0", "--show", "none", "--capture-limit", "1GiB"]);
    let to = program.local();
    let watched = watch(&program, move || stream(to, mib << 20));
    let summary = settled(program);
    assert_eq!(count(&summary, "received_bytes"), mib << 20);
    println!("  {mib} MiB over TCP: {watched}; evicted {} MiB", count(&summary, "evicted_bytes") >> 20);

    let mut program = Program::start(&["listen", "udp://127.0.0.1:0", "--show", "none", "--capture-limit", "1GiB"]);
    let to = program.local();
    let watched = watch(&program, move || small(to, datagrams));
    let summary = settled(program);
    let (received, dropped) = (count(&summary, "received_records"), count(&summary, "kernel_dropped_records"));
    assert_eq!(received + dropped, datagrams);
    println!(
        "  {received} records of 8 bytes over UDP ({dropped} dropped by the system): {watched}; evicted {} records",
        count(&summary, "evicted_records")
    );
}

fn settled(program: Program) -> serde_json::Value {
    std::thread::sleep(Duration::from_millis(500));
    program.ended()
}

/// The resident set before, at its maximum, and after some work.
fn watch(program: &Program, work: impl FnOnce() + Send + 'static) -> String {
    let before = program.resident_kib();
    let mut most = before;
    let begin = Instant::now();
    let worker = wirebench::jobs::thread::spawn_named("work", work).expect("a thread");
    while !worker.is_finished() {
        most = most.max(program.resident_kib());
        std::thread::sleep(LOOK);
    }
    worker.join().expect("done");
    let after = program.resident_kib();
    let mib = |kib: u64| kib as f64 / 1024.0;
    format!(
        "{:.1} MiB before, {:.1} at most, {:.1} after: growth {:.1} MiB in {:.1} s",
        mib(before),
        mib(most),
        mib(after),
        mib(most - before),
        begin.elapsed().as_secs_f64()
    )
}

fn stream(to: SocketAddr, bytes: u64) {
    let mut stream = TcpStream::connect(to).expect("connect");
    let block = vec![b'm'; 262_144];
    for _ in 0..bytes / block.len() as u64 {
        stream.write_all(&block).expect("written");
    }
}

fn small(to: SocketAddr, datagrams: u64) {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("bind");
    socket.connect(to).expect("an address");
    for number in 0..datagrams {
        socket.send(&number.to_be_bytes()).expect("sent");
    }
}
