//! Parses pasted hexdumps: extracts the bytes without offsets and text columns.
//!
//! ```text
//! 00000000: 4865 6c6c 6f20 776f 726c 640a            Hello world.       xxd
//! 00000000  48 65 6c 6c 6f 20 77 6f  72 6c 64 0a     |Hello world.|     hexdump -C
//! 0000   48 65 6c 6c 6f 20 77 6f 72 6c 64 0a   Hello world.             Wireshark
//!     0x0000:  4865 6c6c 6f20 776f 726c 640a       Hello.world.         tcpdump -X
//! 0000000 48 65 6c 6c 6f 20 77 6f 72 6c 64 0a                           od -t x1, with octal offsets
//! 0000000 6548 6c6c 206f 6f77 6c72 0a64                                 hexdump, od -x: words of the machine
//! ```
//!
//! Plain hex must never be mistaken for a dump. So the offsets must count exactly the bytes of each line, and a text column must
//! match the bytes beside it. Stricter rules apply to a single line and to dumps without other marks.

use super::hex::{self, HexError};

/// Limit for expanding repeated lines (`*`): their count is derived from an offset.
const REPEATED_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Shorter offsets are treated as bytes.
const OFFSET_DIGITS_LEAST: usize = 4;
/// Length of the offsets of `hexdump` and `od`.
const OD_DIGITS: usize = 7;
/// A line of a dump has no more groups.
const GROUPS_MAX: usize = 256;
/// Minimum count of spaces before a text column.
const TEXT_GAP: usize = 2;
/// Count of characters before the space that some programs put in the middle of a text column.
const HALF: usize = 8;
/// Count of spaces that are not typed between bytes.
const WIDE_GAP: usize = 3;
/// A text column of this length does not match the bytes by chance.
const TEXT_LEN_SURE: usize = 4;
/// Minimum count of bytes per line of a dump without any mark.
const BARE_WIDTH_LEAST: usize = 8;

/// Parsed hex input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// The input was a hexdump, whose offsets and text columns were removed.
    pub is_dump: bool,
}

/// Parses hex like [`hex::parse`], and also hexdumps.
///
/// # Errors
/// Those of [`hex::parse`] for input that is not a hexdump.
pub fn parse(text: &str) -> Result<Typed, HexError> {
    if let Some(bytes) = dump(text) {
        return Ok(Typed { bytes, is_dump: true });
    }
    Ok(Typed { bytes: hex::parse(text)?, is_dump: false })
}

/// The bytes of `text` if it is a hexdump.
#[must_use]
pub fn dump(text: &str) -> Option<Vec<u8>> {
    let lines = lines(text)?;
    let is_hex_too = lines.len() == 1 && hex::parse(text).is_ok();
    [16, 8, 10].into_iter().find_map(|radix| Dump::new(&lines, radix)?.read(is_hex_too))
}

/// A line of a dump.
struct Line<'a> {
    /// The digits of the offset; empty for `*`, which repeats the previous line.
    offset: &'a str,
    /// The offset has the prefix `0x` or is followed by a colon.
    is_marked: bool,
    /// The text after the offset and its colon.
    rest: &'a str,
}

/// A group of digits after the offset.
struct Group<'a> {
    digits: &'a str,
    /// End of the group in the rest of the line.
    end: usize,
}

/// Splits the text into lines. `None` if a line does not belong to a dump, or offsets do not increase. Almost any other text fails
/// at its first lines.
fn lines(text: &str) -> Option<Vec<Line<'_>>> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let mut last = None;
    let mut lines = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let line = Line::new(line)?;
        if !line.repeats() {
            // In another radix they have the same order.
            let offset = u64::from_str_radix(line.offset, 16).ok()?;
            if last.replace(offset).is_some_and(|last| offset <= last) {
                return None;
            }
        }
        lines.push(line);
    }
    Some(lines)
}

impl<'a> Line<'a> {
    fn new(line: &'a str) -> Option<Self> {
        let line = line.trim_start();
        if line.trim_end() == "*" {
            return Some(Self { offset: "", is_marked: false, rest: "" });
        }
        let bare = line.strip_prefix("0x").unwrap_or(line);
        let digits = bare.bytes().take_while(u8::is_ascii_hexdigit).count();
        let (offset, rest) = bare.split_at(digits);
        let behind = rest.strip_prefix(':').unwrap_or(rest);
        let is_marked = behind.len() != rest.len();
        let has_end = behind.is_empty() || behind.starts_with([' ', '\t']);
        if !(OFFSET_DIGITS_LEAST..=16).contains(&digits) || !has_end || (bare.len() != line.len() && !is_marked) {
            return None;
        }
        Some(Self { offset, is_marked, rest: behind })
    }

    fn repeats(&self) -> bool {
        self.offset.is_empty()
    }
}

/// Groups of hex digits, each preceded by a space.
fn groups(rest: &str) -> Vec<Group<'_>> {
    let mut groups = Vec::new();
    let mut at = 0;
    loop {
        let spaces = rest[at..].bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let start = at + spaces;
        let len = rest[start..].bytes().take_while(u8::is_ascii_hexdigit).count();
        let end = start + len;
        let ends = rest[end..].is_empty() || rest[end..].starts_with([' ', '\t']);
        if spaces == 0 || len == 0 || groups.len() == GROUPS_MAX || !len.is_multiple_of(2) || !ends {
            return groups;
        }
        groups.push(Group { digits: &rest[start..end], end });
        at = end;
    }
}

/// Lines with their offsets.
struct Dump<'a> {
    lines: &'a [Line<'a>],
    /// For `*`, the offset of the line it repeats.
    offsets: Vec<u64>,
    /// Groups are words with the least significant byte first.
    swaps: bool,
}

impl<'a> Dump<'a> {
    /// `None` if a text is not an offset, or offsets do not increase.
    fn new(lines: &'a [Line<'a>], radix: u32) -> Option<Self> {
        let first = lines.first()?;
        let digits = first.offset.len();
        // Only `od` writes offsets that are not hex.
        if radix != 16 && digits != OD_DIGITS {
            return None;
        }
        let mut offsets: Vec<u64> = Vec::with_capacity(lines.len());
        for line in lines {
            let before = offsets.last().copied();
            if line.repeats() {
                offsets.push(before?);
                continue;
            }
            let offset = u64::from_str_radix(line.offset, radix).ok()?;
            let is_like_the_first = line.offset.len() == digits && line.is_marked == first.is_marked;
            if !is_like_the_first || before.is_some_and(|before| offset <= before) {
                return None;
            }
            offsets.push(offset);
        }
        let of_words = |line: &Line<'_>| groups(line.rest).iter().all(|group| group.digits.len() == 4);
        let swaps = !first.is_marked && matches!(digits, 6 | OD_DIGITS) && lines.iter().all(of_words);
        Some(Self { lines, offsets, swaps })
    }

    fn read(&self, is_hex_too: bool) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        let mut last = Vec::new();
        let mut found = Found { width: usize::MAX, data_lines: 0, ends_with_offset: false, text: Text::Sure };
        let end = self.lines.len() - 1;
        for (at, line) in self.lines.iter().enumerate() {
            let next = self.offsets.get(at + 1).map(|next| next - self.offsets[at]);
            if line.repeats() {
                let missing = usize::try_from(next?).ok()?.checked_sub(last.len())?;
                repeat(&last, missing, &mut bytes)?;
                continue;
            }
            if at == end && at > 0 && line.rest.trim().is_empty() {
                found.ends_with_offset = true;
                continue;
            }
            // A repeated line is complete.
            let is_repeated = next == Some(0);
            let len = next.filter(|_| !is_repeated).map(usize::try_from).transpose().ok()?;
            let (line_bytes, text) = self.line(line, len, found.width, is_hex_too)?;
            let is_last = at == end || (at + 1 == end && self.lines[end].rest.trim().is_empty());
            if found.data_lines > 0 && !is_last && line_bytes.len() != found.width {
                return None;
            }
            // Text that does not match the bytes may itself look like bytes. A text column of spaces may have been lost.
            let is_blank = line_bytes.iter().all(|byte| *byte == b' ');
            if found.data_lines > 0 && found.text == Text::Sure && text == Text::None && !is_blank {
                return None;
            }
            if found.data_lines == 0 {
                found.width = line_bytes.len();
            }
            found.data_lines += 1;
            found.text = found.text.min(text);
            bytes.extend_from_slice(&line_bytes);
            last = line_bytes;
        }
        found.suffices(&self.lines[0]).then_some(bytes)
    }

    /// The bytes of a line and the match of its text column: `len` bytes if known, otherwise at most `most`.
    fn line(&self, line: &Line<'_>, len: Option<usize>, most: usize, is_hex_too: bool) -> Option<(Vec<u8>, Text)> {
        let mut bytes = Vec::new();
        let mut best: Option<(Text, usize)> = None;
        for group in groups(line.rest) {
            let before = bytes.len();
            let pairs =
                group.digits.as_bytes().as_chunks::<2>().0.iter().map(|&[high, low]| digit(high) << 4 | digit(low));
            bytes.extend(pairs);
            if self.swaps {
                bytes[before..].reverse();
            }
            // An incomplete last word is padded.
            let here = len.filter(|len| self.swaps && len + 1 == bytes.len()).unwrap_or(bytes.len());
            if here > most || len.is_some_and(|len| len != here) {
                continue;
            }
            let text = text_column(&line.rest[group.end..], &bytes[..here], is_hex_too);
            best = best.max(text.map(|text| (text, here)));
        }
        let (text, len) = best?;
        bytes.truncate(len);
        Some((bytes, text))
    }
}

fn digit(character: u8) -> u8 {
    char::from(character).to_digit(16).map_or(0, |digit| digit as u8)
}

/// Repeats `line` until `missing` bytes are written.
fn repeat(line: &[u8], missing: usize, bytes: &mut Vec<u8>) -> Option<()> {
    if line.is_empty() || !missing.is_multiple_of(line.len()) || bytes.len().checked_add(missing)? > REPEATED_BYTES_MAX
    {
        return None;
    }
    bytes.extend(line.iter().cycle().take(missing));
    Some(())
}

/// Match of the text after the bytes of a line.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Text {
    /// There is no text.
    None,
    /// Possibly the text of the bytes in some encoding.
    Doubtful,
    /// The text of the bytes.
    Sure,
}

/// Compares `rest` with `bytes`; `None` if it is not their text. `is_hex_too`: the input could also be plain hex.
fn text_column(rest: &str, bytes: &[u8], is_hex_too: bool) -> Option<Text> {
    let rest = rest.trim_end_matches(['\r', '\n']);
    let gap = rest.bytes().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let text = &rest[gap..];
    if text.is_empty() {
        return Some(if bytes.iter().all(|byte| *byte == b' ') && gap > TEXT_GAP { Text::Sure } else { Text::None });
    }
    if gap < TEXT_GAP {
        return None;
    }
    let framed = |start, end| text.trim_end().strip_prefix(start).and_then(|text| text.strip_suffix(end));
    let is_framed = [framed('|', '|'), framed('>', '<')].into_iter().flatten().any(|text| says(text, bytes));
    // The text may start with spaces.
    let says_it = is_framed || (TEXT_GAP..=gap).rev().take(bytes.len() + 1).any(|start| says(&rest[start..], bytes));
    if says_it && (!is_hex_too || is_framed || gap >= WIDE_GAP || bytes.len() >= TEXT_LEN_SURE) {
        return Some(Text::Sure);
    }
    (says_it || !text.is_ascii()).then_some(Text::Doubtful)
}

/// Whether `text` is what dumps show for `bytes`, possibly with a space in the middle.
fn says(text: &str, bytes: &[u8]) -> bool {
    let halves = text.char_indices().nth(HALF).and_then(|(at, _)| text.split_at_checked(at));
    let joined = halves.and_then(|(left, right)| Some(format!("{left}{}", right.strip_prefix(' ')?)));
    says_all(text, bytes) || joined.is_some_and(|text| says_all(&text, bytes))
}

/// Compares all bytes. Spaces at the end of `text` may be lost.
fn says_all(text: &str, bytes: &[u8]) -> bool {
    let mut left = text.trim_end_matches(' ').chars();
    let fits = bytes.iter().all(|byte| match (byte, left.next()) {
        (b' ', character) => matches!(character, None | Some(' ' | '.')),
        (0x21..=0x7E, character) => character == Some(char::from(*byte)),
        (_, Some(character)) => matches!(character, '.' | ' ') || !character.is_ascii(),
        (_, None) => false,
    });
    fits && left.next().is_none()
}

/// Properties of a text whose offsets count its bytes.
struct Found {
    /// Bytes per line, except the last.
    width: usize,
    data_lines: usize,
    /// The last line is only an offset.
    ends_with_offset: bool,
    /// The weakest match of all text columns.
    text: Text,
}

impl Found {
    /// Whether the text cannot be plain hex.
    fn suffices(&self, first: &Line<'_>) -> bool {
        if self.data_lines < 2 && !self.ends_with_offset {
            return self.text == Text::Sure;
        }
        if self.text > Text::None || first.is_marked {
            return true;
        }
        // The groups of plain hex all have the same length.
        let stands_out = groups(first.rest).first().is_some_and(|group| group.digits.len() < first.offset.len());
        let is_long = first.offset.len() > OFFSET_DIGITS_LEAST || self.width >= BARE_WIDTH_LEAST || self.data_lines > 2;
        stands_out && is_long
    }
}

#[cfg(test)]
mod tests;
