//! Measures the program under traffic, beside plain programs that do the same without storing anything. Both run as processes on
//! loopback, alternating.
//!
//! `cargo bench --bench traffic -- [PART] [NUMBER…]`; parts and their numbers (defaults in brackets):
//!
//! ```text
//! receive   MIB [512] ROUNDS [5]     one TCP stream into `listen --show none`
//! tls       MIB [512] ROUNDS [5]     one TLS stream into `listen tls:// --show none`
//! curve     MIB [1024] ROUNDS [3]    cost per byte from 1 MiB up to MIB
//! udp       DATAGRAMS [300000] BYTES [1024] ROUNDS [3]    as fast as one sender can
//! clients   MOST [10000] ROUNDS [5]  connect, 64 bytes, echo, stay; 1, 10, 100 … MOST clients
//! echo      TRIPS [20000] ROUNDS [5] round trip of 64 bytes
//! repeat    ROUNDS [200]             the intervals of a repeat of 1, 10 and 100 ms
//! list      SENDS [200] ROUNDS [5]   the intervals of `repeat every` of 1, 10 and 100 ms in a talk file
//! rule      TRIPS [20000] ROUNDS [5] from a request of 64 bytes to the answer of a rule
//! devices   CLIENTS [10000] ROUNDS [5]   clients with state of their own in the rules, all answered; memory for each
//! forward   MIB [512] ROUNDS [5] TRIPS [20000]   one stream through `forward`, and the round trip of 64 bytes
//! file      MIB [512] ROUNDS [5]     a file to a peer that discards it
//! memory    MIB [10240] DATAGRAMS [2000000]   resident memory during that traffic, capture limit 1 GiB
//! ```
//!
//! Without a part: all of them with their defaults, but shorter `memory` and `curve`.
#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a benchmark prints, and stops on any error"
)]

#[path = "../beside/mod.rs"]
mod beside;
mod clients;
mod echo;
mod forward;
mod memory;
mod plain;
mod plain_forward;
mod program;
mod receive;
mod repeat;
mod talk;
mod tls;
mod udp;

use beside::number;

fn main() {
    // Must be first: this process may be a plain program started by ourselves.
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(at) = arguments.iter().position(|argument| argument == plain::ROLE) {
        return plain::run(&arguments[at + 1..]);
    }
    wirebench::engine::raise_descriptor_limit();
    let part = arguments.iter().skip(1).find(|argument| argument.chars().all(char::is_alphabetic));
    match part.map(String::as_str) {
        None => all(),
        Some("receive") => receive::receive(number(0, 512), number(1, 5)),
        Some("tls") => tls::receive(number(0, 512), number(1, 5)),
        Some("curve") => receive::curve(number(0, 1024), number(1, 3)),
        Some("udp") => udp::udp(number(0, 300_000), number(1, 1024), number(2, 3)),
        Some("clients") => clients::clients(number(0, 10_000), number(1, 5)),
        Some("echo") => echo::echo(number(0, 20_000), number(1, 5)),
        Some("repeat") => repeat::repeat(number(0, 200)),
        Some("list") => talk::list(number(0, 200), number(1, 5)),
        Some("rule") => talk::rule(number(0, 20_000), number(1, 5)),
        Some("devices") => talk::devices(number(0, 10_000), number(1, 5)),
        Some("forward") => forward::forward(number(0, 512), number(1, 5), number(2, 20_000)),
        Some("file") => receive::file(number(0, 512), number(1, 5)),
        Some("memory") => memory::memory(number(0, 10_240), number(1, 2_000_000)),
        Some(other) => panic!("there is no part `{other}`"),
    }
}

fn all() {
    receive::receive(512, 5);
    tls::receive(512, 5);
    receive::curve(1024, 3);
    udp::udp(300_000, 1024, 3);
    udp::udp(100_000, 64, 3);
    clients::clients(10_000, 5);
    echo::echo(20_000, 5);
    repeat::repeat(200);
    talk::list(200, 5);
    talk::rule(20_000, 5);
    talk::devices(10_000, 5);
    forward::forward(512, 5, 20_000);
    receive::file(512, 5);
    memory::memory(2048, 2_000_000);
}
