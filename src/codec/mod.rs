//! Bytes <-> text as pure functions: encodings, hex, escapes, checksums, framing, patterns, readings of chosen bytes and forms to
//! copy them in. No I/O, no state beyond the bytes a decoder or framer waits with.
//!
//! ```
//! use wirebench::codec::{ChecksumKind, Encoding, Framer, FramingRule, StreamDecoder};
//!
//! // A character that two reads have cut is whole.
//! let gbk = Encoding::by_name("gbk").expect("a known encoding");
//! let bytes = gbk.encode("你好").expect("GBK has both");
//! assert_eq!(bytes, [0xC4, 0xE3, 0xBA, 0xC3]);
//! let (mut decoder, mut text) = (StreamDecoder::new(gbk), String::new());
//! decoder.feed_text(&bytes[..1], &mut text);
//! decoder.feed_text(&bytes[1..], &mut text);
//! assert_eq!(text, "你好");
//!
//! let crc = ChecksumKind::by_name("CRC-16/MODBUS").expect("a known checksum").calculator();
//! assert_eq!(crc.compute(b"123456789"), 0x4B37);
//!
//! // Frames of a stream, wherever it is cut.
//! let rule: FramingRule = "line".parse().expect("a rule");
//! let (mut framer, mut frames) = (Framer::new(&rule, 0), Vec::new());
//! for part in [&b"on"[..], b"e\r\ntwo\n"] {
//!     framer.feed(part, 0, &mut |frame, bytes| frames.push((frame.kind, bytes[frame.payload_within()].to_vec())));
//! }
//! assert_eq!(frames.len(), 2);
//! assert_eq!(frames[0].1, b"one");
//! ```

pub mod checksum;
pub mod copy_forms;
pub mod diff;
pub mod encoding;
pub mod escape;
pub mod fields;
pub mod framing;
pub mod hex;
pub mod hexdump;
pub mod inspect;
pub(crate) mod options;
pub mod pattern;
pub mod safe;
pub mod sequence;
pub mod tls;
pub mod websocket;
pub mod wrap;

pub use checksum::{Check, Checksum, ChecksumKind, Endian, Verdict};
pub use copy_forms::CopyForm;
pub use diff::Diff;
pub use encoding::{EncodeError, Encoding, FAMILIES, OPEN_MAX, Piece, StreamDecoder};
pub use framing::{BuildError, Built, Frame, FrameKind, Framer, FramingRule};
pub use hex::HexError;
pub use options::{Expected, Misuse, RuleError, choice_words};
pub use pattern::{Pattern, PatternError, PatternSource, Scan};
pub use sequence::{Sequence, SequenceCounts, SequenceField};
pub use wrap::{Wrap, WrapError, Wrapped};
