//! JSON heads with a length before them: `[i32, little-endian][JSON]`, as Python's `struct.pack('i', n)` writes the length.

use crate::codec::Encoding;
use crate::model::TransferError;
use serde_json::{Map, Value};
use std::fmt::Write as _;

/// The longest head. A peer cannot make the program keep more.
pub(super) const HEAD_BYTES_MAX: usize = 64 << 10;
/// Bytes of the length.
pub(super) const LENGTH_BYTES: usize = 4;

/// Checks the length before a head.
///
/// # Errors
/// It is negative, zero, or too large.
pub(super) fn length(bytes: [u8; LENGTH_BYTES]) -> Result<usize, TransferError> {
    let len = i32::from_le_bytes(bytes);
    let most = HEAD_BYTES_MAX as u64;
    let fits = usize::try_from(len).ok().filter(|len| (1..=HEAD_BYTES_MAX).contains(len));
    fits.ok_or(TransferError::HeadLength { len: len.into(), most })
}

/// The bytes with their length before them.
pub(super) fn with_length(bytes: &[u8]) -> Vec<u8> {
    let len = i32::try_from(bytes.len()).unwrap_or(i32::MAX);
    [&len.to_le_bytes(), bytes].concat()
}

/// A head that is collected from pieces of a stream.
#[derive(Debug, Default)]
pub(super) struct Collector {
    bytes: Vec<u8>,
}

impl Collector {
    /// Takes bytes from the front of `input`. Returns the JSON once it is complete.
    ///
    /// # Errors
    /// The length is out of range.
    pub(super) fn take(&mut self, input: &mut &[u8]) -> Result<Option<Vec<u8>>, TransferError> {
        self.fill(LENGTH_BYTES, input);
        let Some((len, _)) = self.bytes.split_first_chunk() else { return Ok(None) };
        let all = LENGTH_BYTES + length(*len)?;
        self.fill(all, input);
        if self.bytes.len() < all {
            return Ok(None);
        }
        let mut bytes = std::mem::take(&mut self.bytes);
        bytes.drain(..LENGTH_BYTES);
        Ok(Some(bytes))
    }

    fn fill(&mut self, until: usize, input: &mut &[u8]) {
        let count = until.saturating_sub(self.bytes.len()).min(input.len());
        let (taken, rest) = input.split_at(count);
        self.bytes.extend_from_slice(taken);
        *input = rest;
    }

    /// Bytes so far.
    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }
}

/// Finds the end of a JSON object in a stream.
#[derive(Debug, Default)]
pub(super) struct ObjectEnd {
    depth: usize,
    in_string: bool,
    escaped: bool,
}

impl ObjectEnd {
    /// Whether the object ends with this byte.
    pub(super) fn ends_with(&mut self, byte: u8) -> bool {
        if self.in_string {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => self.in_string = false,
                _ => {}
            }
            return false;
        }
        match byte {
            b'"' => self.in_string = true,
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        self.depth == 0 && byte == b'}'
    }
}

/// A parsed head.
#[derive(Debug)]
pub(super) struct Head(Map<String, Value>);

impl Head {
    /// Parses a head in UTF-8, or else in the encoding of the peer.
    ///
    /// # Errors
    /// It is no JSON object.
    pub(super) fn parse(bytes: &[u8], encoding: Encoding) -> Result<Self, TransferError> {
        let text = std::str::from_utf8(bytes).map_or_else(|_| encoding.decode(bytes), str::to_owned);
        match serde_json::from_str(text.trim_end_matches('\0')) {
            Ok(Value::Object(fields)) => Ok(Self(fields)),
            _ => Err(TransferError::HeadNotJson),
        }
    }

    /// An object without fields.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn wrong(field: &str) -> TransferError {
        TransferError::HeadField { field: field.to_owned() }
    }

    /// A text.
    ///
    /// # Errors
    /// It is missing or no text.
    pub(super) fn text(&self, field: &str) -> Result<&str, TransferError> {
        self.0.get(field).and_then(Value::as_str).ok_or_else(|| Self::wrong(field))
    }

    /// A number of bytes.
    ///
    /// # Errors
    /// It is missing, negative or no whole number.
    pub(super) fn size(&self, field: &str) -> Result<u64, TransferError> {
        self.0.get(field).and_then(Value::as_u64).ok_or_else(|| Self::wrong(field))
    }

    /// An MD5 in hexadecimal, in lower case.
    ///
    /// # Errors
    /// It is missing or not 32 digits.
    pub(super) fn md5(&self, field: &str) -> Result<String, TransferError> {
        let text = self.text(field)?.to_ascii_lowercase();
        if is_md5(text.as_bytes()) { Ok(text) } else { Err(Self::wrong(field)) }
    }

    /// Whether a field exists.
    pub(super) fn has(&self, field: &str) -> bool {
        self.0.contains_key(field)
    }
}

/// Whether these are the 32 digits of an MD5.
pub(super) fn is_md5(digits: &[u8]) -> bool {
    digits.len() == 32 && digits.iter().all(u8::is_ascii_hexdigit)
}

/// The head before a file that is served.
pub(super) fn served(len: u64, md5: &str) -> Vec<u8> {
    // A size for people, rounded.
    #[expect(clippy::cast_precision_loss, reason = "rounded to two digits anyway")]
    let mib = len as f64 / f64::from(1 << 20);
    with_length(format!(r#"{{"lenth": {len}, "md5": "{md5}", "size(MB)": {mib:.2}}}"#).as_bytes())
}

/// The answer to the name of a file that does not exist.
pub(super) fn no_such_file() -> Vec<u8> {
    with_length(b"{}")
}

/// The head of an upload, in ASCII, so that a server of any encoding can read it.
pub(super) fn upload(name: &str, len: u64) -> String {
    format!(r#"{{"action": "put", "filename": {}, "filesize": {len}}}"#, ascii_string(name))
}

/// A JSON string in which every other character is escaped, as Python's `json.dumps` does.
fn ascii_string(text: &str) -> String {
    let quoted = Value::from(text).to_string();
    let mut ascii = String::with_capacity(quoted.len());
    for c in quoted.chars() {
        if c.is_ascii() {
            ascii.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let written = write!(ascii, "\\u{unit:04x}");
                debug_assert!(written.is_ok(), "a String accepts any text");
            }
        }
    }
    ascii
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_out_of_range_are_refused() {
        for len in [0, -1, i32::MIN, i32::MAX, 65_537] {
            assert_eq!(
                length(len.to_le_bytes()),
                Err(TransferError::HeadLength { len: len.into(), most: 65_536 }),
                "{len}"
            );
        }
        assert_eq!((length([1, 0, 0, 0]), length([0, 0, 1, 0])), (Ok(1), Ok(65_536)));
    }

    #[test]
    fn the_end_of_an_object_is_found_behind_strings_and_nested_objects() {
        for text in ["{}", r#"{"a}": "\"}\\", "b": [{}, {"c": 1}]}"#, "{ }"] {
            let mut end = ObjectEnd::default();
            let ends: Vec<usize> =
                text.bytes().enumerate().filter_map(|(at, byte)| end.ends_with(byte).then_some(at)).collect();
            assert_eq!(ends, [text.len() - 1], "{text}");
        }
    }

    #[test]
    fn heads_are_written_as_python_writes_them() {
        assert_eq!(
            upload("报告😀\".txt", 7),
            r#"{"action": "put", "filename": "\u62a5\u544a\ud83d\ude00\".txt", "filesize": 7}"#
        );
        let head = served(3 << 20, &"0".repeat(32));
        assert_eq!(&head[..4], &[79, 0, 0, 0]);
        assert_eq!(&head[4..], br#"{"lenth": 3145728, "md5": "00000000000000000000000000000000", "size(MB)": 3.00}"#);
        assert_eq!(no_such_file(), b"\x02\0\0\0{}");
    }

    #[test]
    fn wrong_fields_are_named() {
        let head = Head::parse(br#"{"a": -1, "b": 1.5, "c": "x", "md5": "zz"}"#, Encoding::UTF_8).expect("an object");
        let wrong = |field: &str| TransferError::HeadField { field: field.to_owned() };
        assert_eq!(head.size("a"), Err(wrong("a")));
        assert_eq!(head.size("b"), Err(wrong("b")));
        assert_eq!(head.size("c"), Err(wrong("c")));
        assert_eq!(head.text("d"), Err(wrong("d")));
        assert_eq!(head.md5("md5"), Err(wrong("md5")));
        for bytes in [&b"[]"[..], b"1", b"{", b"\xFF", b""] {
            assert_eq!(Head::parse(bytes, Encoding::UTF_8).map(drop), Err(TransferError::HeadNotJson));
        }
        assert!(Head::parse(&b"[".repeat(60_000), Encoding::UTF_8).is_err());
    }
}
