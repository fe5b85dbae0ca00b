//! Named background jobs with progress and cancellation, and the only place that starts threads.

mod file_size;
mod job;
pub mod thread;

pub use file_size::outlive_file_size_limit;
pub use job::{Job, JobControl, JobPoll, Wake};
