//! Sockets and their worker threads. One [`SessionHandle`] = one named worker with its own poll and capture:
//! [`Command`] in, [`Event`] out, bytes only through the capture.
//!
//! ```text
//! public face   certificates  command  event  handle  faults  shared  peers  port_user  folder
//!
//! worker        the loop: poll, timers, commands, one turn         lifecycle  begin and end of a run     phase  idle, resolving, open, waiting
//! net           sockets: tcp, udp, connecting, listening, names    connection  one TCP peer
//! respond       answers to received records
//! send          send plans: scheduler, jobs, queues, files
//! context       settings and services of a worker: capture (journal), events (outbox), timers, limits
//! platform      what differs between systems
//! ```
//!
//! Each line names only those below it, and the public face.
//!
//! A server that answers each record with the same bytes:
//!
//! ```
//! use std::io::{Read, Write};
//! use std::{net::TcpStream, sync::Arc, time::Duration};
//! use wirebench::capture::{CaptureOptions, RecordKind};
//! use wirebench::engine::{Command, EventKind, Reply, SessionHandle, SessionOptions};
//! use wirebench::model::{SessionConfig, SessionId, SessionState, TcpServerConfig};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let folder = tempfile::tempdir()?;
//! let session = SessionHandle::spawn(SessionOptions {
//!     id: SessionId(1),
//!     captures_dir: folder.path().to_owned(),
//!     capture: CaptureOptions::default(),
//!     queue_limit_bytes: 8 << 20,
//!     wake: Arc::new(|| {}),
//! })?;
//! session.send(Command::SetReplies(Reply::Echo.into())).expect("room for a command");
//! let config = TcpServerConfig::new("127.0.0.1:0".parse()?);
//! session.send(Command::Open(SessionConfig::TcpServer(config))).expect("room for a command");
//!
//! let address = loop {
//!     match session.events().recv_timeout(Duration::from_secs(20))?.kind {
//!         EventKind::State(SessionState::Listening { local }) => break local,
//!         EventKind::Error(error) => return Err(error.to_string().into()),
//!         _ => {}
//!     }
//! };
//! let mut client = TcpStream::connect(address)?;
//! client.write_all(b"ping")?;
//! let mut answer = [0; 4];
//! client.read_exact(&mut answer)?;
//! assert_eq!(&answer, b"ping");
//!
//! // Whatever passed is in the capture: the record was stored before it was answered.
//! let capture = session.capture().expect("a capture");
//! let received = capture.records().filter_map(|number| capture.record(number).ok());
//! assert!(received.into_iter().any(|record| record.kind == RecordKind::Data && record.len == 4));
//! # Ok(())
//! # }
//! ```

pub mod certificates;
mod command;
mod context;
mod event;
mod faults;
mod folder;
mod handle;
mod net;
mod peers;
mod platform;
mod port_user;
mod respond;
mod send;
mod shared;
mod worker;

pub use command::Command;
pub use event::{Event, EventKind, PeerProgress, SendOutcome, SendProgress};
pub use faults::Faults;
pub use folder::{can_show_in_folder, show_in_folder};
pub use handle::{CommandSender, SessionHandle, SessionOptions, Wake};
pub use net::{
    LocalAddress, LookUp, addresses_of, free_port, know_interfaces, local_addresses, look_up, ping,
    raise_descriptor_limit,
};
pub use peers::{PeerInfo, PeerTable};
pub use port_user::{LocalSocket, PortUser, local_sockets, port_user};
pub use respond::{
    FrameNumber, FrameNumbers, Replies, Reply, ReplyRule, RuleSurroundings, RuleVerdict, RuleVerdicts, TalkRules, When,
};
pub use send::{
    DATAGRAM_BYTES_MAX, Make, Maker, OpenedFile, PIECE_BYTES_MAX, SHORTEST_INTERVAL, SendContent, SendItem, SendPace,
    SendPlan, Unmade,
};
