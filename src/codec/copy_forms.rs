//! Formats in which bytes can be copied.

use super::hex;
use std::fmt::Write;

/// A format to copy bytes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CopyForm {
    /// Upper case hex with spaces.
    Hex,
    /// Text in the encoding of the view, produced where that is known.
    Text,
    /// A C array.
    CArray,
    /// A Rust array.
    Rust,
    /// A Python `bytes` literal.
    Python,
    /// Base64 (RFC 4648 §4), one line, padded.
    Base64,
    /// As written by `hexdump -C`: offset, sixteen bytes, their ASCII characters.
    Hexdump,
    /// Each byte as the character with that number (U+0000–U+00FF): nothing is decoded, escaped or lost.
    Raw,
}

impl CopyForm {
    /// All formats, in menu order.
    pub const ALL: [Self; 8] =
        [Self::Hex, Self::Text, Self::CArray, Self::Rust, Self::Python, Self::Base64, Self::Hexdump, Self::Raw];

    /// Formats the bytes. [`CopyForm::Text`] needs an encoding; here it equals [`CopyForm::Raw`].
    #[must_use]
    pub fn write(self, bytes: &[u8]) -> String {
        match self {
            Self::Hex => hex::spaced_upper(bytes),
            Self::CArray => array(&format!("const unsigned char data[{}] = {{\n", bytes.len()), bytes, "};\n"),
            Self::Rust => array(&format!("const DATA: [u8; {}] = [\n", bytes.len()), bytes, "];\n"),
            Self::Python => python(bytes),
            Self::Base64 => base64(bytes),
            Self::Hexdump => hexdump(bytes),
            Self::Text | Self::Raw => bytes.iter().copied().map(char::from).collect(),
        }
    }
}

/// An array with twelve bytes per line.
fn array(head: &str, bytes: &[u8], foot: &str) -> String {
    let mut text = String::with_capacity(head.len() + bytes.len() * 6 + bytes.len() / 2 + foot.len());
    text.push_str(head);
    for line in bytes.chunks(12) {
        text.push_str("   ");
        for byte in line {
            // Writing to a String cannot fail, here and below.
            write!(text, " 0x{byte:02X},").ok();
        }
        text.push('\n');
    }
    text.push_str(foot);
    text
}

/// `b"\x01A\r\n"`: one line, as `repr` writes it, but always in double quotes.
fn python(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 4 + 3);
    text.push_str("b\"");
    for &byte in bytes {
        match byte {
            b'\\' => text.push_str("\\\\"),
            b'"' => text.push_str("\\\""),
            b'\n' => text.push_str("\\n"),
            b'\r' => text.push_str("\\r"),
            b'\t' => text.push_str("\\t"),
            0x20..=0x7E => text.push(char::from(byte)),
            _ => {
                write!(text, "\\x{byte:02x}").ok();
            }
        }
    }
    text.push('"');
    text
}

const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn base64(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let byte = |index: usize| u32::from(group.get(index).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for index in 0..4 {
            if index > group.len() {
                text.push('=');
            } else {
                let digit = bits >> (18 - 6 * index) & 0x3F;
                text.push(char::from(BASE64[digit as usize]));
            }
        }
    }
    text
}

fn hexdump(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(16) * 79 + 9);
    for (line, offset) in bytes.chunks(16).zip((0_usize..).step_by(16)) {
        write!(text, "{offset:08x} ").ok();
        for index in 0..16 {
            if index == 8 {
                text.push(' ');
            }
            match line.get(index) {
                Some(byte) => write!(text, " {byte:02x}").ok(),
                None => write!(text, "   ").ok(),
            };
        }
        let ascii: String =
            line.iter().map(|&byte| if (0x20..0x7F).contains(&byte) { char::from(byte) } else { '.' }).collect();
        writeln!(text, "  |{ascii}|").ok();
    }
    writeln!(text, "{:08x}", bytes.len()).ok();
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn forms_are_what_their_readers_take() {
        let bytes = [0x00, 0x41, b'"', b'\\', b'\n', 0xFF];
        for (form, text) in [
            (CopyForm::Hex, "00 41 22 5C 0A FF"),
            (CopyForm::CArray, "const unsigned char data[6] = {\n    0x00, 0x41, 0x22, 0x5C, 0x0A, 0xFF,\n};\n"),
            (CopyForm::Rust, "const DATA: [u8; 6] = [\n    0x00, 0x41, 0x22, 0x5C, 0x0A, 0xFF,\n];\n"),
            (CopyForm::Python, r#"b"\x00A\"\\\n\xff""#),
            (CopyForm::Base64, "AEEiXAr/"),
            (CopyForm::Hexdump, "00000000  00 41 22 5c 0a ff                                 |.A\"\\..|\n00000006\n"),
            (CopyForm::Raw, "\0A\"\\\n\u{FF}"),
        ] {
            assert_eq!(form.write(&bytes), text, "{form:?}");
        }
    }

    #[test]
    fn arrays_have_twelve_bytes_a_line() {
        assert_eq!(CopyForm::CArray.write(&[0; 13]).lines().count(), 4);
        assert_eq!(CopyForm::Rust.write(&[0; 12]).lines().count(), 3);
    }

    #[test]
    fn base64_is_that_of_the_rfc() {
        // RFC 4648 §10.
        for (plain, coded) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(CopyForm::Base64.write(plain.as_bytes()), coded);
        }
    }

    #[test]
    fn a_hexdump_line_holds_sixteen_bytes() {
        let text = CopyForm::Hexdump.write(b"0123456789ABCDEFG");
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "00000000  30 31 32 33 34 35 36 37  38 39 41 42 43 44 45 46  |0123456789ABCDEF|");
        assert!(lines[1].starts_with("00000010  47 ") && lines[1].ends_with("  |G|"), "{}", lines[1]);
        assert_eq!(lines[2], "00000011");
    }

    proptest! {
        #[test]
        fn raw_loses_nothing(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let text = CopyForm::Raw.write(&bytes);
            let back: Option<Vec<u8>> = text.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
            prop_assert_eq!(back, Some(bytes));
        }

        #[test]
        fn hex_arrays_and_dumps_are_read_back(bytes in proptest::collection::vec(any::<u8>(), 1..200)) {
            for form in [CopyForm::CArray, CopyForm::Rust] {
                let text = form.write(&bytes);
                let inner = text.split_once('\n').and_then(|(_, rest)| rest.rsplit_once('\n')).unwrap().0;
                let inner = inner.rsplit_once('\n').map_or(inner, |(body, _)| body);
                prop_assert_eq!(hex::parse(inner).unwrap(), bytes.clone());
            }
            let dump = CopyForm::Hexdump.write(&bytes);
            prop_assert_eq!(crate::codec::hexdump::dump(&dump), Some(bytes));
        }
    }
}
