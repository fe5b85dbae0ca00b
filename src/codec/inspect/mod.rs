//! Interprets selected bytes as numbers in both byte orders, BCD, bits, LEB128, Unix times, text and checksums. Pure decoding; every
//! interpretation starts at the first byte.

#[cfg(test)]
mod tests;

use super::safe::is_hidden;
use super::{Checksum, Encoding, Piece, hex};
use jiff::Timestamp;
use md5::{Digest as _, Md5};

/// Maximum count of bytes interpreted as values; checksums cover all bytes.
pub const VALUE_BYTES: usize = 4096;
/// Maximum count of bytes listed as digits, bits and decimal values.
pub const LISTED_BYTES: usize = 16;
/// Maximum length of text in characters.
const TEXT_CHARS: usize = 120;
/// Placeholder for a byte or character that cannot be shown.
const DOT: char = '·';
/// Maximum length in characters of a number that fits a column of the table.
const NARROW: usize = 11;

/// Which byte is the most significant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ByteOrder {
    /// The first one (network byte order).
    Big,
    /// The last one.
    Little,
}

/// The first bytes as a type of number, in both byte orders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    /// `u16`, `i32`, `f64` …
    pub name: &'static str,
    /// Size in bytes.
    pub len: usize,
    /// Exact value, most significant byte first.
    pub big: String,
    /// Exact value, least significant byte first.
    pub little: String,
    /// [`Number::big`], rounded if too long for a column.
    pub big_short: String,
    /// [`Number::little`], rounded if too long for a column.
    pub little_short: String,
    /// The most likely interpretation of exactly this count of bytes.
    pub first_choice: bool,
}

/// The first bytes as a time since 1970-01-01 UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnixTime {
    /// The unit is milliseconds rather than seconds.
    pub is_ms: bool,
    /// Size in bytes: 4 (unsigned) or 8 (signed).
    pub len: usize,
    /// Byte order.
    pub order: ByteOrder,
    /// `None` if the year is not within -9999 to 9999.
    pub at: Option<Timestamp>,
}

/// A LEB128 number (DWARF 5 §7.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leb128 {
    /// Unsigned value; `None` if over 64 bits.
    pub unsigned: Option<u64>,
    /// Signed value; `None` if over 64 bits.
    pub signed: Option<i64>,
    /// Size in bytes.
    pub len: usize,
}

/// All interpretations that need no further choice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Readings {
    /// Integers and floating-point numbers that fit, narrow ones first.
    pub numbers: Vec<Number>,
    /// Unix times that fit.
    pub times: Vec<UnixTime>,
    /// Bits, two bytes per line, most significant bit first.
    pub bits: Vec<String>,
    /// Each byte as an unsigned decimal number, four per line.
    pub decimal: Vec<String>,
    /// Each byte as a signed decimal number; `None` if equal to [`Readings::decimal`].
    pub signed: Option<Vec<String>>,
    /// Packed BCD (two decimal digits per byte) in both byte orders; `None` if a digit is above 9 or there are too many bytes.
    pub bcd: Option<(String, String)>,
    /// The LEB128 number at the start; `None` if it does not end within ten bytes.
    pub leb128: Option<Leb128>,
}

impl Readings {
    /// Interprets the first [`VALUE_BYTES`] bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        let bytes = bytes.get(..VALUE_BYTES).unwrap_or(bytes);
        let listed = bytes.get(..LISTED_BYTES).unwrap_or(bytes);
        let is_cut = listed.len() < bytes.len();
        let decimal = in_lines(listed, is_cut, u8::to_string);
        let signed = in_lines(listed, is_cut, |byte| byte.cast_signed().to_string());
        let signed = (signed != decimal).then_some(signed);
        Self {
            numbers: numbers(bytes),
            times: times(bytes),
            bits: bits(bytes),
            decimal,
            signed,
            bcd: bcd(bytes),
            leb128: leb128(bytes),
        }
    }
}

/// Lists four bytes per line; `is_cut` means there are more.
fn in_lines(bytes: &[u8], is_cut: bool, write: impl Fn(&u8) -> String) -> Vec<String> {
    let mut lines: Vec<String> =
        bytes.chunks(4).map(|four| four.iter().map(&write).collect::<Vec<_>>().join(" ")).collect();
    if is_cut {
        lines.push("…".into());
    }
    lines
}

/// Reads the first `N` bytes in both byte orders.
fn both<const N: usize>(bytes: &[u8]) -> Option<([u8; N], [u8; N])> {
    let big: [u8; N] = *bytes.first_chunk()?;
    let mut little = big;
    little.reverse();
    Some((big, little))
}

/// Every type of number that fits. One-byte types are shown only for a single byte: [`Readings::decimal`] lists the bytes of longer
/// input.
fn numbers(bytes: &[u8]) -> Vec<Number> {
    let mut numbers = Vec::new();
    let mut add = |name, len, texts: [String; 4]| {
        let [big, little, big_short, little_short] = texts;
        // Four bytes from a device are usually a float; other lengths give no hint.
        let first_choice = name == "f32" && bytes.len() == 4;
        numbers.push(Number { name, len, big, little, big_short, little_short, first_choice });
    };
    macro_rules! integers {
        ($($name:literal, $kind:ty, $len:literal;)*) => {$(
            if let Some((big, little)) = both::<$len>(bytes)
                && ($len > 1 || bytes.len() == 1)
            {
                let (big, little) = (<$kind>::from_be_bytes(big).to_string(), <$kind>::from_be_bytes(little).to_string());
                add($name, $len, [big.clone(), little.clone(), big, little]);
            }
        )*};
    }
    let floats = |values: [f64; 2], exact: [String; 2]| {
        let [big, little] = exact;
        let short = |exact: &str, value: f64| if exact.len() <= NARROW { exact.to_owned() } else { rounded(value) };
        let (big_short, little_short) = (short(&big, values[0]), short(&little, values[1]));
        [big, little, big_short, little_short]
    };
    integers! { "u8", u8, 1; "i8", i8, 1; "u16", u16, 2; "i16", i16, 2; }
    if let Some((big, little)) = both::<2>(bytes)
        && bytes.len() < 4
    {
        let values = [big, little].map(|bytes| half(u16::from_be_bytes(bytes)));
        add("f16", 2, floats(values.map(f64::from), values.map(single)));
    }
    integers! { "u32", u32, 4; "i32", i32, 4; }
    if let Some((big, little)) = both::<4>(bytes) {
        let values = [big, little].map(f32::from_be_bytes);
        add("f32", 4, floats(values.map(f64::from), values.map(single)));
    }
    integers! { "u64", u64, 8; "i64", i64, 8; }
    if let Some((big, little)) = both::<8>(bytes) {
        let values = [big, little].map(f64::from_be_bytes);
        add("f64", 8, floats(values, values.map(double)));
    }
    numbers
}

/// Converts a half-precision number (IEEE 754 binary16), which single precision represents exactly.
#[must_use]
pub fn half(bits: u16) -> f32 {
    let sign = u32::from(bits >> 15) << 31;
    let exponent = u32::from(bits >> 10 & 0x1F);
    let fraction = u32::from(bits & 0x3FF);
    match exponent {
        0 => f32::from_bits(sign | (f32::from(bits & 0x3FF) / 16_777_216.0).to_bits()),
        0x1F => f32::from_bits(sign | 0x7F80_0000 | fraction << 13),
        _ => f32::from_bits(sign | (exponent + 112) << 23 | fraction << 13),
    }
}

/// The shortest text that parses to the same number: plain if legible, otherwise with an exponent.
fn single(value: f32) -> String {
    if is_legible(f64::from(value)) { value.to_string() } else { format!("{value:e}") }
}

/// Like [`single`].
fn double(value: f64) -> String {
    if is_legible(value) { value.to_string() } else { format!("{value:e}") }
}

fn is_legible(value: f64) -> bool {
    value == 0.0 || !value.is_finite() || (1e-4..1e9).contains(&value.abs())
}

/// Rounds to as many digits as fit a column.
fn rounded(value: f64) -> String {
    let is_plain = (0.1..1e9).contains(&value.abs());
    let with = |digits: usize| if is_plain { format!("{value:.digits$}") } else { format!("{value:.digits$e}") };
    (0..=8).rev().map(with).find(|text| text.len() <= NARROW).unwrap_or_else(|| with(0))
}

fn times(bytes: &[u8]) -> Vec<UnixTime> {
    let mut times = Vec::new();
    let orders = [ByteOrder::Big, ByteOrder::Little];
    if let Some((big, little)) = both::<4>(bytes) {
        for (order, bytes) in orders.into_iter().zip([big, little]) {
            let at = Timestamp::from_second(i64::from(u32::from_be_bytes(bytes))).ok();
            times.push(UnixTime { is_ms: false, len: 4, order, at });
        }
    }
    if let Some((big, little)) = both::<8>(bytes) {
        for is_ms in [false, true] {
            for (order, bytes) in orders.into_iter().zip([big, little]) {
                let value = i64::from_be_bytes(bytes);
                let at = if is_ms { Timestamp::from_millisecond(value) } else { Timestamp::from_second(value) };
                times.push(UnixTime { is_ms, len: 8, order, at: at.ok() });
            }
        }
    }
    times
}

fn bits(bytes: &[u8]) -> Vec<String> {
    let listed = bytes.get(..LISTED_BYTES / 2).unwrap_or(bytes);
    let mut lines: Vec<String> = listed
        .chunks(2)
        .map(|pair| pair.iter().map(|byte| format!("{byte:08b}")).collect::<Vec<_>>().join(" "))
        .collect();
    if listed.len() < bytes.len() {
        lines.push("…".into());
    }
    lines
}

fn bcd(bytes: &[u8]) -> Option<(String, String)> {
    let is_digits = |byte: &u8| byte >> 4 <= 9 && byte & 15 <= 9;
    if bytes.is_empty() || bytes.len() > LISTED_BYTES || !bytes.iter().all(is_digits) {
        return None;
    }
    let reversed: Vec<u8> = bytes.iter().rev().copied().collect();
    Some((hex::lower(bytes), hex::lower(&reversed)))
}

fn leb128(bytes: &[u8]) -> Option<Leb128> {
    let len = bytes.iter().take(10).position(|byte| byte & 0x80 == 0)? + 1;
    let groups = || bytes[..len].iter().map(|byte| byte & 0x7F);
    let value = groups().rev().fold(0_u128, |value, group| value << 7 | u128::from(group));
    let width = 7 * len;
    let is_negative = value >> (width - 1) & 1 == 1;
    let extended = value.cast_signed() - if is_negative { 1_i128 << width } else { 0 };
    Some(Leb128 { unsigned: u64::try_from(value).ok(), signed: i64::try_from(extended).ok(), len })
}

/// The bytes as text on one line, with a dot for each invalid byte and each invisible character.
#[must_use]
pub fn text(bytes: &[u8], encoding: Encoding) -> String {
    decoded(bytes, encoding).0
}

/// [`text`], but only if every byte belongs to a visible character.
#[must_use]
pub fn whole_text(bytes: &[u8], encoding: Encoding) -> Option<String> {
    let (text, is_whole) = decoded(bytes, encoding);
    (is_whole && !text.is_empty()).then_some(text)
}

fn decoded(bytes: &[u8], encoding: Encoding) -> (String, bool) {
    let (mut text, mut count, mut is_whole) = (String::new(), 0, true);
    encoding.decode_pieces(bytes.get(..VALUE_BYTES).unwrap_or(bytes), &mut |piece| {
        let visible = match piece {
            Piece::Char(c, _) if is_visible(c) => Some(c),
            Piece::Char(..) | Piece::Invalid(_) => None,
        };
        is_whole &= visible.is_some();
        count += 1;
        if count <= TEXT_CHARS {
            text.push(visible.unwrap_or(DOT));
        }
    });
    if count > TEXT_CHARS {
        text.push('…');
    }
    (text, is_whole)
}

/// Whether a character is visible. Spaces are; hidden, unassigned and private-use characters are not. The tables of the standard
/// library (through `escape_debug`) identify the last two.
fn is_visible(c: char) -> bool {
    !is_hidden(c) && (c.escape_debug().count() == 1 || matches!(c, '\'' | '"' | '\\'))
}

/// Name and value of every checksum over `bytes`, with the value in transmission order; MD5 last, in its usual notation.
#[must_use]
pub fn digests(bytes: &[u8]) -> Vec<(&'static str, String)> {
    let mut digests: Vec<(&str, String)> =
        Checksum::ALL.iter().map(|checksum| (checksum.name(), hex::spaced_upper(&checksum.compute(bytes)))).collect();
    digests.push(("MD5", hex::lower(&Md5::digest(bytes))));
    digests
}
