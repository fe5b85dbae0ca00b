//! Sockets and their worker threads. One [`SessionHandle`] = one named worker with its own poll and capture:
//! [`Command`] in, [`Event`] out, bytes only through the capture.
//!
//! ```text
//! handle   the front end's end        worker   the loop: poll, timers, commands, one turn
//! shared   what both ends see         run      what an open run is made of      open  its beginning and end
//! core     what every part of a worker needs: journal, outbox, timers, settings
//! journal  the capture with its counters and the full disk     outbox  events that never block
//! resolve  names, on a helper thread  tcp_client  connecting   tcp_server  listening, accepting
//! tcp      the TCP peers of a run     stream   one TCP peer     udp  the UDP socket (udp_bind: its making)
//! queue    what waits to be written   file     a file being sent
//! sender   send plans: intervals, tickets    job  one send      reply  answers to records
//! timers   deadlines                  patience with peers that answer nothing     platform what differs between systems
//! ```

mod command;
mod core;
mod event;
mod file;
mod handle;
mod job;
mod journal;
mod local;
mod open;
mod outbox;
mod patience;
mod peers;
mod platform;
mod queue;
mod reply;
mod resolve;
mod run;
mod sender;
mod shared;
mod stream;
mod tcp;
mod tcp_client;
mod tcp_server;
mod timers;
mod udp;
mod udp_bind;
mod worker;

pub use command::{Command, DATAGRAM_BYTES_MAX, Reply, SendItem, SendPlan};
pub use event::{Event, EventKind, SendOutcome};
pub use handle::{SessionHandle, SessionOptions, Wake};
pub use job::SHORTEST_INTERVAL;
pub use local::{LocalAddress, know_interfaces, local_addresses, raise_descriptor_limit};
pub use peers::{PeerInfo, PeerTable};
