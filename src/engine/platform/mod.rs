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

/// A read of a stream socket that gives less than it was asked for has taken all there was, and the poll will tell of what comes
/// after (epoll(7), kqueue(2) with `EV_CLEAR`). Elsewhere only a refused read says so.
pub(super) const SHORT_READ_DRAINS: bool = cfg!(unix);

/// An accepted connection has the options of its listener: TCP_NODELAY and keep-alive (Linux copies the whole socket).
pub(super) const ACCEPTED_INHERIT: bool = cfg!(any(target_os = "linux", target_os = "android"));
