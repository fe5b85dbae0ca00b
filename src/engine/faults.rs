//! What a session does on purpose to the payload that it sends, to try out the other end.

use std::num::{NonZeroU64, NonZeroUsize};

/// How a session spoils what its TCP connections send. The engine applies it where bytes pass from a send queue to a connection;
/// records still say what was sent. Front ends have no control for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// At most this many bytes a write, so that a message arrives in pieces. Each piece is a record.
    pub piece_bytes: Option<NonZeroUsize>,
    /// As slow as this, each connection on its own.
    pub bytes_per_second: Option<NonZeroU64>,
}
