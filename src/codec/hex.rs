//! Hexadecimal text: tolerant parsing, strict formatting.

use std::str::Chars;

/// Why a text is not hex.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HexError {
    /// A character that is neither a digit nor a separator.
    #[error("{character:?} at character {position} is no hex digit")]
    BadDigit {
        /// The character.
        character: char,
        /// Position in characters, counted from 0.
        position: usize,
    },
}

/// Parses hex as it is commonly pasted: with spaces, tabs, line breaks, commas, semicolons, colons, dashes, the marks `0x`, `0X`,
/// `\x`, `$` and `h`, and full-width digits and separators. A run of digits of any length is a sequence of bytes. A mark starts or
/// (`h`) ends a run.
///
/// An odd digit is a byte of its own, as in common tools: a single digit (`1 2 A` = 01 02 0A), or the last one of a run (`414` = 41
/// 04). After a mark the run is a number, so its first digit is the odd one (`0x123` = 01 23).
///
/// # Errors
/// The first invalid character, with its position. A mark without digits is invalid.
pub fn parse(text: &str) -> Result<Vec<u8>, HexError> {
    let mut bytes = Vec::with_capacity(text.len() / 2);
    let digit = |character: char| character.to_digit(16).map(|digit| digit as u8);
    read(text, digit, |_| 0, |high, low| bytes.push(high << 4 | low))?;
    Ok(bytes)
}

/// The last odd digit of `text`, which becomes a byte of its own; `None` if there is none or the text is not hex.
#[must_use]
pub fn odd_digit(text: &str) -> Option<char> {
    let odd = std::cell::Cell::new(None);
    let partner = |digit: char| {
        odd.set(Some(digit));
        '0'
    };
    read(text, |character| character.is_ascii_hexdigit().then(|| character.to_ascii_uppercase()), partner, |_, _| {})
        .ok()?;
    odd.get()
}

/// Passes the bytes of `text` as pairs of digits to a callback. `digit` parses a (half-width) character, and `partner` supplies the
/// first half for an odd digit.
pub(super) fn read<D: Copy>(
    text: &str,
    digit: impl Fn(char) -> Option<D>,
    partner: impl Fn(D) -> D,
    mut byte: impl FnMut(D, D),
) -> Result<(), HexError> {
    let mut run = Run { digits: Vec::new(), is_number: false };
    let mut end = |run: &mut Run<D>| run.end(&partner, &mut byte);
    let mut rest = text.chars();
    let mut position = 0;
    while let Some(character) = rest.next() {
        match narrow(character) {
            mark @ ('0' | '\\') if next_is_x(&rest) => {
                let x = rest.next().unwrap_or('x');
                if !digit_follows(&rest, &digit) {
                    let bad = if mark == '0' { (x, position + 1) } else { (character, position) };
                    return Err(HexError::BadDigit { character: bad.0, position: bad.1 });
                }
                end(&mut run);
                run.is_number = true;
                position += 1;
            }
            '$' if digit_follows(&rest, &digit) => {
                end(&mut run);
                run.is_number = true;
            }
            'h' | 'H' if !run.digits.is_empty() => {
                run.is_number = true;
                end(&mut run);
            }
            ',' | ';' | ':' | '-' | '、' | '\u{FEFF}' => end(&mut run),
            space if space.is_whitespace() => end(&mut run),
            other => match digit(other) {
                Some(digit) => run.digits.push(digit),
                None => return Err(HexError::BadDigit { character, position }),
            },
        }
        position += 1;
    }
    end(&mut run);
    Ok(())
}

fn next_is_x(rest: &Chars<'_>) -> bool {
    matches!(rest.clone().next().map(narrow), Some('x' | 'X'))
}

/// Whether the next character is a digit and not the `0` of a mark.
fn digit_follows<D>(rest: &Chars<'_>, digit: impl Fn(char) -> Option<D>) -> bool {
    let mut after = rest.clone();
    after.next().map(narrow).is_some_and(|c| digit(c).is_some() && !(c == '0' && next_is_x(&after)))
}

/// Converts full-width forms of ASCII (U+FF01–FF5E) to ASCII.
fn narrow(character: char) -> char {
    match u32::from(character) {
        code @ 0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0).unwrap_or(character),
        _ => character,
    }
}

/// A run of digits.
struct Run<D> {
    digits: Vec<D>,
    /// The run has a mark, so it is a number.
    is_number: bool,
}

impl<D: Copy> Run<D> {
    fn end(&mut self, partner: impl Fn(D) -> D, byte: &mut impl FnMut(D, D)) {
        let is_number = std::mem::take(&mut self.is_number);
        if !self.digits.len().is_multiple_of(2) {
            let at = if is_number { 0 } else { self.digits.len() - 1 };
            let odd = self.digits[at];
            self.digits.insert(at, partner(odd));
        }
        self.digits.as_chunks::<2>().0.iter().for_each(|&[high, low]| byte(high, low));
        self.digits.clear();
    }
}

const LOWER: &[u8; 16] = b"0123456789abcdef";
const UPPER: &[u8; 16] = b"0123456789ABCDEF";

fn write(bytes: &[u8], digits: &[u8; 16], spaced: bool) -> String {
    let mut text = String::with_capacity(bytes.len() * if spaced { 3 } else { 2 });
    for (index, byte) in bytes.iter().enumerate() {
        if spaced && index > 0 {
            text.push(' ');
        }
        text.push(char::from(digits[usize::from(byte >> 4)]));
        text.push(char::from(digits[usize::from(byte & 15)]));
    }
    text
}

/// Formats in lower case without spaces.
#[must_use]
pub fn lower(bytes: &[u8]) -> String {
    write(bytes, LOWER, false)
}

/// Formats in upper case with a space between bytes.
#[must_use]
pub fn spaced_upper(bytes: &[u8]) -> String {
    write(bytes, UPPER, true)
}

/// Formats in lower case with a space between bytes.
#[must_use]
pub fn spaced_lower(bytes: &[u8]) -> String {
    write(bytes, LOWER, true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn hex_as_people_paste_it() {
        let cases: [(&str, &[u8]); 32] = [
            ("", b""),
            (" \r\n\t", b""),
            ("010300", &[1, 3, 0]),
            ("01 03 00", &[1, 3, 0]),
            ("1 2 A", &[1, 2, 10]),
            ("a", &[10]),
            ("0x01, 0X02,0xff", &[1, 2, 255]),
            ("0x010x02", &[1, 2]),
            ("0x0102 0x3", &[1, 2, 3]),
            ("\\x48\\x65\\X6c", b"Hel"),
            ("$48 $65", b"He"),
            ("$48$65", b"He"),
            ("48h,65H 6ch", b"Hel"),
            ("48h65h", b"He"),
            ("00:1A:2b", &[0, 0x1A, 0x2B]),
            ("00-1A-2b", &[0, 0x1A, 0x2B]),
            ("48;65", b"He"),
            ("48\r\n65\n", b"He"),
            ("\u{FEFF}48 65", b"He"),
            ("48\u{A0}65\u{3000}6C", b"Hel"),
            ("４８　６５，６Ｃ；６ｃ：０１", &[0x48, 0x65, 0x6C, 0x6C, 1]),
            ("０ｘ４８", b"H"),
            ("48、65", b"He"),
            ("{0x01}".trim_matches(['{', '}']), &[1]),
            ("0", &[0]),
            ("00", &[0]),
            ("dead BEEF", &[0xDE, 0xAD, 0xBE, 0xEF]),
            ("123", &[0x12, 0x03]),
            ("01 12345 45", &[0x01, 0x12, 0x34, 0x05, 0x45]),
            ("０１２ 01", &[0x01, 0x02, 0x01]),
            ("0x123", &[0x01, 0x23]),
            ("0x12345,$6,1FFh", &[0x01, 0x23, 0x45, 0x06, 0x01, 0xFF]),
        ];
        for (text, bytes) in cases {
            assert_eq!(parse(text).as_deref(), Ok(bytes), "{text:?}");
        }
    }

    #[test]
    fn an_odd_digit_is_known() {
        for (text, digit) in [
            ("01 03 0", Some('0')),
            ("414", Some('4')),
            ("0x123", Some('1')),
            ("1 02 a", Some('A')),
            ("01 03", None),
            ("0G 1", None),
            ("", None),
        ] {
            assert_eq!(odd_digit(text), digit, "{text}");
        }
    }

    #[test]
    fn what_is_no_hex_is_pointed_at() {
        let bad = |character, position| HexError::BadDigit { character, position };
        for (text, error) in [
            ("01 0g", bad('g', 4)),
            ("你好", bad('你', 0)),
            ("01 好", bad('好', 3)),
            ("0x", bad('x', 1)),
            ("0X", bad('X', 1)),
            ("0x 01", bad('x', 1)),
            ("0x0x01", bad('x', 1)),
            ("01 \\x", bad('\\', 3)),
            ("01 \\n", bad('\\', 3)),
            ("$", bad('$', 0)),
            ("h", bad('h', 0)),
            ("01 hh", bad('h', 3)),
            ("x01", bad('x', 0)),
            ("1.5", bad('.', 1)),
            ("全12345", bad('全', 0)),
            ("123g", bad('g', 3)),
            ("123 g", bad('g', 4)),
            ("\u{202E}01", bad('\u{202E}', 0)),
        ] {
            assert_eq!(parse(text), Err(error), "{text:?}");
        }
    }

    #[test]
    fn a_mebibyte_of_pasted_hex_is_read_whole() {
        let bytes: Vec<u8> = (0..1_u32 << 20).map(|i| ((i * 31) >> 3) as u8).collect();
        let started = std::time::Instant::now();
        assert_eq!(parse(&spaced_upper(&bytes)).as_ref(), Ok(&bytes));
        assert_eq!(parse(&lower(&bytes)).as_ref(), Ok(&bytes), "one run of two million digits");
        assert!(started.elapsed() < std::time::Duration::from_secs(20), "linear, even unoptimised on a busy machine");
    }

    #[test]
    fn writing_is_strict() {
        assert_eq!(lower(&[0, 0xAB, 0x7F]), "00ab7f");
        assert_eq!(spaced_lower(&[0, 0xAB, 0x7F]), "00 ab 7f");
        assert_eq!(spaced_upper(&[0, 0xAB, 0x7F]), "00 AB 7F");
        assert_eq!(spaced_upper(&[]), "");
    }

    proptest! {
        #[test]
        fn what_was_written_is_read_back(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            for text in [lower(&bytes), spaced_lower(&bytes), spaced_upper(&bytes)] {
                prop_assert_eq!(parse(&text), Ok(bytes.clone()));
            }
        }

        #[test]
        fn any_text_is_read_or_refused_with_a_place_in_it(text in "\\PC{0,40}|[0-9a-fxh$\\\\, ]{0,40}") {
            match parse(&text) {
                Ok(_) => {}
                Err(HexError::BadDigit { character, position }) => {
                    prop_assert_eq!(text.chars().nth(position).map(narrow), Some(narrow(character)));
                }
            }
        }
    }
}
