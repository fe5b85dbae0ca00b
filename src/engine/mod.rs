//! Sockets and their worker threads. One [`SessionHandle`] = one named worker with its own poll and capture:
//! [`Command`] in, [`Event`] out, bytes only through the capture.
//!
//! ```text
//! public face   command  event  handle  shared  peers
//!
//! worker        the loop: poll, timers, commands, one turn         lifecycle  begin and end of a run     phase  idle, resolving, open
//! net           sockets: tcp, udp, connecting, listening, names    connection  one TCP peer
//! respond       answers to received records
//! send          send plans: scheduler, jobs, queues, files
//! context       settings and services of a worker: capture (journal), events (outbox), timers, limits
//! platform      what differs between systems
//! ```
//!
//! Each line names only those below it, and the public face.

mod command;
mod context;
mod event;
mod handle;
mod net;
mod peers;
mod platform;
mod respond;
mod send;
mod shared;
mod worker;

pub use command::{Command, DATAGRAM_BYTES_MAX, Reply, SendItem, SendPlan};
pub use event::{Event, EventKind, PeerProgress, SendOutcome, SendProgress};
pub use handle::{SessionHandle, SessionOptions, Wake};
pub use net::{LocalAddress, free_port, know_interfaces, local_addresses, raise_descriptor_limit};
pub use peers::{PeerInfo, PeerTable};
pub use send::SHORTEST_INTERVAL;
