//! Sends: plans, the queue of each socket, files.

mod file;
mod job;
pub(in crate::engine) mod outlet;
pub(in crate::engine) mod queue;
pub(in crate::engine) mod scheduler;

pub use job::SHORTEST_INTERVAL;
