//! The composer: what is put around a payload.

/// The composer: what is put around a payload.
pub trait Composing {
    /// Nothing is put around the payload.
    fn wrap_none(&self) -> &'static str;
    /// A length field of so many bytes, in a summary.
    fn length_field_head(&self, bytes: usize) -> String;
    /// The payload is too long for its length field. `most`: the largest length.
    fn too_long_for_length(&self, len: u64, bytes: usize, most: u64) -> String;
}
