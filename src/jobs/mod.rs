//! Named background work with progress and cancel, and the one place that starts threads.

mod job;
pub mod thread;

pub use job::{Job, JobControl, JobPoll, Wake};
