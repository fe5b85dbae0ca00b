//! Sends: plans, the queue of each socket, files.

mod file;
mod job;
mod lane;
mod made;
pub(in crate::engine) mod outlet;
mod pace;
mod plan;
pub(in crate::engine) mod queue;
pub(in crate::engine) mod scheduler;

pub use job::SHORTEST_INTERVAL;
pub use made::{Make, Maker, Unmade};
pub use pace::{PIECE_BYTES_MAX, SendPace};
pub use plan::{DATAGRAM_BYTES_MAX, OpenedFile, SendContent, SendItem, SendPlan};
