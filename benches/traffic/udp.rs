//! Datagrams sent as fast as a single sender can.

use super::beside::seconds;
use super::plain::Plain;
use super::program::{Program, count};
use std::net::{SocketAddr, UdpSocket};
use std::time::Duration;

/// Counts of received and lost datagrams.
pub fn udp(datagrams: u64, bytes: u64, rounds: u64) {
    println!("udp: {datagrams} datagrams of {bytes} bytes as fast as one sender can, {rounds} rounds");
    for round in 1..=rounds {
        let mut plain = Plain::start("datagrams", &[]);
        let taken = blast(plain.local(), datagrams, bytes);
        plain.end();
        let received: u64 = plain.says().parse().expect("a count");
        println!("  {round}: plain receiver, {:.0} a second: {} lost", datagrams as f64 / taken, datagrams - received);

        let mut program = Program::start(&["listen", "udp://127.0.0.1:0", "--show", "none"]);
        let taken = blast(program.local(), datagrams, bytes);
        // Reading the rest of the socket's buffer does not take longer.
        std::thread::sleep(Duration::from_millis(500));
        let summary = program.ended();
        let (received, dropped) = (count(&summary, "received_records"), count(&summary, "kernel_dropped_records"));
        assert_eq!(count(&summary, "stored_bytes"), received * bytes);
        let lost = datagrams - received;
        println!(
            "  {round}: listen --show none, {:.0} a second: {lost} lost, {dropped} counted as dropped by the system",
            datagrams as f64 / taken
        );
        assert_eq!(lost, dropped, "all losses must be counted");
    }
}

/// Sends datagrams and returns the duration in seconds.
fn blast(to: SocketAddr, datagrams: u64, bytes: u64) -> f64 {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("bind");
    socket.connect(to).expect("an address");
    let mut datagram = vec![0; bytes as usize];
    seconds(|| {
        for number in 0..datagrams {
            let len = datagram.len().min(8);
            datagram[..len].copy_from_slice(&number.to_be_bytes()[..len]);
            socket.send(&datagram).expect("sent");
        }
    })
}
