//! Bytes <-> text as pure functions: encodings, hex, escapes, checksums. No I/O, no state beyond a decoder's pending bytes.

pub mod checksum;
pub mod encoding;
pub mod escape;
pub mod hex;

pub use checksum::Checksum;
pub use encoding::{EncodeError, Encoding, Piece, StreamDecoder};
pub use hex::HexError;
