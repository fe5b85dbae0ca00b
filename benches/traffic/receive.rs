//! One TCP stream in, one file out.

use super::beside::{alternate, seconds};
use super::plain::Plain;
use super::program::{Program, count};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};

/// Receives and stores, beside reading and discarding, and beside reading and writing to a file.
pub fn receive(mib: u64, rounds: u64) {
    let bytes = mib << 20;
    let mut discard = Plain::start("discard", &[]);
    let mut write = Plain::start("write", &[]);
    let (to_discard, to_write) = (discard.local(), write.local());
    let [discarded, written, stored] = alternate(
        rounds,
        [&mut || plain(&mut discard, to_discard, bytes), &mut || plain(&mut write, to_write, bytes), &mut || {
            ours(bytes)
        }],
    );
    println!("receive: {mib} MiB over one TCP stream, {rounds} rounds, median (spread)");
    println!("  read 64 KiB, discard        {}", discarded.rate(mib as f64, "MiB"));
    println!("  read 256 KiB, write to file {}", written.rate(mib as f64, "MiB"));
    println!("  listen --show none          {}", stored.rate(mib as f64, "MiB"));
    println!("  ratio to discarding {:.2}, to writing {:.2}", stored.ratio_to(&discarded), stored.ratio_to(&written));
}

fn plain(plain: &mut Plain, to: SocketAddr, bytes: u64) -> f64 {
    seconds(|| {
        send(to, bytes);
        assert_eq!(plain.says().parse(), Ok(bytes));
    })
}

/// From the connect until the program has printed its summary and stopped.
fn ours(bytes: u64) -> f64 {
    let mut program = Program::start(&[
        "listen",
        "tcp://127.0.0.1:0",
        "--show",
        "none",
        "--until-bytes",
        &bytes.to_string(),
        "--timeout",
        "10m",
        "--capture-limit",
        "4GiB",
    ]);
    let to = program.local();
    seconds(|| {
        send(to, bytes);
        let summary = program.summary();
        assert_eq!(count(&summary, "stored_bytes"), bytes);
    })
}

/// Sends in blocks of 256 KiB and closes.
fn send(to: SocketAddr, bytes: u64) {
    let mut stream = TcpStream::connect(to).expect("connect");
    let block: Vec<u8> = (0..262_144_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let mut left = bytes;
    while left > 0 {
        let part = left.min(block.len() as u64) as usize;
        stream.write_all(&block[..part]).expect("written");
        left -= part as u64;
    }
}

/// Cost per byte for small to large amounts.
pub fn curve(most_mib: u64, rounds: u64) {
    let mut discard = Plain::start("discard", &[]);
    let to = discard.local();
    // The time that a program takes to stop is not part of the cost per byte.
    let [end] = alternate(rounds, [&mut || ours(1)]);
    println!("curve: one TCP stream of growing length, {rounds} rounds, median; less the {end} of one byte");
    let sizes = (0..).map(|step| 1_u64 << (2 * step)).take_while(|mib| *mib < most_mib).chain([most_mib]);
    for mib in sizes {
        let bytes = mib << 20;
        let [discarded, stored] = alternate(rounds, [&mut || plain(&mut discard, to, bytes), &mut || ours(bytes)]);
        let per_gib = |seconds: f64| seconds * 1024.0 / mib as f64;
        let (ours, plain) = (per_gib((stored.median() - end.median()).max(0.0)), per_gib(discarded.median()));
        println!("  {mib:6} MiB: {ours:.3} s/GiB, discarding {plain:.3} s/GiB, ratio {:.2}", plain / ours);
    }
}

/// Sends a file to a peer that discards it.
pub fn file(mib: u64, rounds: u64) {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    let block: Vec<u8> = (0..1_u32 << 20).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    for _ in 0..mib {
        file.write_all(&block).expect("written");
    }
    let path = file.path().to_str().expect("a plain name").to_owned();
    let listener = TcpListener::bind("127.0.0.1:0").expect("bind");
    let address = listener.local_addr().expect("address").to_string();
    let bytes = mib << 20;
    let [plain, ours] = alternate(
        rounds,
        [
            &mut || {
                let _sender = Plain::start("send", &[address.clone(), path.clone()]);
                sink(&listener, bytes)
            },
            &mut || {
                let mut program = Program::start(&["connect", &address, "--show", "none", "--send-file", &path]);
                let taken = sink(&listener, bytes);
                assert_eq!(count(&program.summary(), "sent_bytes"), bytes);
                taken
            },
        ],
    );
    println!("file: {mib} MiB to a peer that discards, {rounds} rounds, median (spread)");
    println!("  plain sender       {}", plain.rate(mib as f64, "MiB"));
    println!("  connect --send-file{}", ours.rate(mib as f64, "MiB"));
    println!("  ratio {:.2}", ours.ratio_to(&plain));
}

/// From the accept until the end of the connection.
fn sink(listener: &TcpListener, bytes: u64) -> f64 {
    let (mut stream, _) = listener.accept().expect("accept");
    let mut buffer = vec![0; 65_536];
    let mut total = 0;
    let taken = seconds(|| {
        loop {
            match stream.read(&mut buffer).expect("read") {
                0 => break,
                count => total += count as u64,
            }
        }
    });
    assert_eq!(total, bytes);
    taken
}
