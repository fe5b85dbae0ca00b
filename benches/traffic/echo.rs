//! Round trip of a small message.

use super::beside::alternate;
use super::plain::Plain;
use super::program::Program;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Instant;

/// Median round trip beside a plain epoll echo. The program stores records before it replies.
pub fn echo(trips: u64, rounds: u64) {
    let mut plain_echo = Plain::start("echo", &[]);
    let mut program = Program::start(&["listen", "tcp://127.0.0.1:0", "--show", "none", "--echo"]);
    let (to_plain, to_ours) = (plain_echo.local(), program.local());
    let [plain, ours] = alternate(rounds, [&mut || trip(to_plain, trips), &mut || trip(to_ours, trips)]);
    println!("echo: p50 of {trips} round trips of 64 bytes, {rounds} rounds, median (spread)");
    println!("  plain epoll echo  {plain}");
    println!("  listen --echo     {ours}");
    println!("  ours / plain {:.2}", ours.median() / plain.median());
}

/// The median of `trips` round trips in seconds.
pub fn trip(to: SocketAddr, trips: u64) -> f64 {
    let mut stream = TcpStream::connect(to).expect("connect");
    stream.set_nodelay(true).expect("nodelay");
    let (message, mut answer) = ([7; 64], [0; 64]);
    let mut taken: Vec<f64> = (0..trips)
        .map(|_| {
            let begin = Instant::now();
            stream.write_all(&message).expect("written");
            stream.read_exact(&mut answer).expect("the echo");
            begin.elapsed().as_secs_f64()
        })
        .collect();
    taken.sort_by(f64::total_cmp);
    taken[taken.len() / 2]
}
