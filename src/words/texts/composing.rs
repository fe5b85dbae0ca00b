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

    // Variables
    /// The chip of a text with variables.
    fn variables(&self) -> &'static str;
    /// The × of the chip.
    fn turn_variables_off(&self) -> &'static str;
    /// The button that replaces variables which are sent as typed.
    fn use_variables(&self) -> &'static str;
    /// The menu of variables.
    fn insert_variable(&self) -> &'static str;
    /// Beside a variable that is sent as typed.
    fn variable_as_typed(&self, field: &str) -> String;
    /// The counter.
    fn counter(&self) -> &'static str;
    /// The counter with leading zeros.
    fn counter_padded(&self) -> &'static str;
    /// The counter with the low byte first.
    fn counter_little(&self) -> &'static str;
    /// Seconds since 1970.
    fn unix_seconds(&self) -> &'static str;
    /// Milliseconds since 1970.
    fn unix_milliseconds(&self) -> &'static str;
    /// Date and time.
    fn date_and_time(&self) -> &'static str;
    /// A random number.
    fn random_number(&self) -> &'static str;
    /// Random bytes.
    fn random_bytes(&self) -> &'static str;
    /// A random UUID.
    fn random_uuid(&self) -> &'static str;
    /// A repeat still sends this text. `text`: its beginning.
    fn still_repeating_text(&self, text: &str) -> String;
    /// The button that takes a check away.
    fn remove_check(&self, name: &str) -> String;
}
