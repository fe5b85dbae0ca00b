//! What differs between systems, each behind one small function with a fallback.

mod buffer;
mod descriptors;
mod drops;
mod precise_timer;
mod refusals;
mod unanswered;

pub(super) use buffer::enlarge_receive_buffer;
pub(super) use descriptors::raise_descriptor_limit;
pub(super) use drops::DropCounter;
pub(super) use precise_timer::PreciseTimer;
pub(super) use refusals::{ask_for_refusals, next_refusal};
pub(super) use unanswered::{inode, limit_silence, unanswered};
