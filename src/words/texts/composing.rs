//! The composer: what is put around a payload.

use crate::codec::framing::BuildError;

/// The composer: what is put around a payload.
pub trait Composing {
    /// Nothing is put around the payload.
    fn wrap_none(&self) -> &'static str;
    /// A length field of so many bytes, in a summary.
    fn length_field_head(&self, bytes: usize) -> String;
    /// The payload is too long for its length field. `most`: the largest length.
    fn too_long_for_length(&self, len: u64, bytes: usize, most: u64) -> String;
    /// The check covers bytes outside of the `len` bytes before it.
    fn range_outside(&self, len: usize) -> String;
    /// Why a framing rule has no frame with a content.
    fn build_error(&self, error: &BuildError) -> String;
    /// The user's own bytes are too many.
    fn own_bytes_too_long(&self, most: usize) -> String;
    /// The size of a head, in a sum.
    fn head_size(&self, is_length: bool, bytes: usize) -> String;
    /// The size of a tail, in a sum.
    fn tail_size(&self, bytes: usize) -> String;
    /// Behind a sum: for so many peers, and the bytes for all of them.
    fn times_peers(&self, peers: u64, bytes: u64) -> String;
    /// The button that pins a sent message, or releases it.
    fn pin_message(&self, is_pinned: bool, message: &str) -> String;
    /// Rounds of a repeat that are done, of so many.
    fn rounds_of(&self, count: u64, all: u64) -> String;
}
