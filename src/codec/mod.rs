//! Bytes <-> text as pure functions: encodings, hex, escapes, checksums, framing, patterns, readings of chosen bytes and forms to
//! copy them in. No I/O, no state beyond the bytes a decoder or framer waits with.

pub mod checksum;
pub mod copy_forms;
pub mod diff;
pub mod encoding;
pub mod escape;
pub mod framing;
pub mod hex;
pub mod hexdump;
pub mod inspect;
pub(crate) mod options;
pub mod pattern;
pub mod safe;

pub use checksum::{Check, Checksum, ChecksumKind, Endian, Verdict};
pub use copy_forms::CopyForm;
pub use diff::Diff;
pub use encoding::{EncodeError, Encoding, FAMILIES, OPEN_MAX, Piece, StreamDecoder};
pub use framing::{Frame, FrameKind, Framer, FramingRule};
pub use hex::HexError;
pub use options::{Expected, RuleError};
pub use pattern::{Pattern, PatternError, PatternSource, Scan};
