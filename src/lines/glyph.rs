//! How a character is displayed: unchanged, or in a visible form that cannot hide or reorder other text.

use crate::codec::safe::is_hidden;
use unicode_general_category::{GeneralCategory, get_general_category};
use unicode_width::UnicodeWidthChar;

/// Display form of a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Shown unchanged, in this many half-width cells (1–3).
    Printable(u16),
    /// Combined with the previous character.
    Combining,
    /// A control, format, private-use or unassigned character, shown as [`escaped`].
    Escaped,
}

/// Determines how `c` is displayed.
pub(super) fn shape(c: char) -> Shape {
    if is_hidden(c) {
        return Shape::Escaped;
    }
    if c.is_ascii() {
        return Shape::Printable(1);
    }
    // Spaces of other widths are blank and harmless; all other separators end lines and are escaped below.
    if matches!(c, '\u{A0}' | '\u{1680}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}') {
        return Shape::Printable(1);
    }
    if c == '\u{3000}' {
        return Shape::Printable(2);
    }
    if !is_printable(c) {
        return Shape::Escaped;
    }
    match c.width() {
        None | Some(0) => Shape::Combining,
        Some(1) if is_drawn_wide(c) => Shape::Printable(2),
        Some(width) => Shape::Printable(u16::try_from(width).unwrap_or(2)),
    }
}

/// Whether a character of ambiguous width (UAX #11) is drawn a full em wide by the log's fonts, as in Chinese text: — ※ ℃ № Ⅷ ① ■.
/// Others of that class (Greek, Cyrillic, °, ±, most arrows) are drawn half an em wide.
fn is_drawn_wide(c: char) -> bool {
    const RANGES: [(u32, u32); 44] = [
        (0x2014, 0x2015),
        (0x2024, 0x2026),
        (0x2030, 0x2030),
        (0x203B, 0x203B),
        (0x2103, 0x2103),
        (0x2105, 0x2105),
        (0x2109, 0x2109),
        (0x2116, 0x2116),
        (0x2121, 0x2121),
        (0x2160, 0x216B),
        (0x2170, 0x2179),
        (0x2190, 0x2199),
        (0x21B8, 0x21B9),
        (0x21D2, 0x21D2),
        (0x21D4, 0x21D4),
        (0x21E7, 0x21E7),
        (0x220F, 0x220F),
        (0x2211, 0x2211),
        (0x221D, 0x221E),
        (0x2312, 0x2312),
        (0x2460, 0x249B),
        (0x25A0, 0x25A1),
        (0x25A3, 0x25A9),
        (0x25B2, 0x25B3),
        (0x25B6, 0x25B7),
        (0x25BC, 0x25BD),
        (0x25C0, 0x25C1),
        (0x25C6, 0x25C8),
        (0x25CB, 0x25CB),
        (0x25CE, 0x25D1),
        (0x25E2, 0x25E5),
        (0x25EF, 0x25EF),
        (0x2605, 0x2606),
        (0x2609, 0x2609),
        (0x2640, 0x2640),
        (0x2642, 0x2642),
        (0x266A, 0x266A),
        (0x266D, 0x266D),
        (0x266F, 0x266F),
        (0xFFA1, 0xFFBE),
        (0xFFC2, 0xFFC7),
        (0xFFCA, 0xFFCF),
        (0xFFD2, 0xFFD7),
        (0xFFDA, 0xFFDC),
    ];
    let code = u32::from(c);
    let behind = RANGES.partition_point(|(first, _)| *first <= code);
    behind.checked_sub(1).is_some_and(|index| code <= RANGES[index].1)
}

/// Excludes control, format, surrogate, private-use, unassigned and separator characters.
fn is_printable(c: char) -> bool {
    use GeneralCategory as Is;
    match get_general_category(c) {
        Is::Control | Is::Format | Is::Surrogate | Is::PrivateUse => false,
        Is::SpaceSeparator | Is::LineSeparator | Is::ParagraphSeparator => false,
        // The standard library may have tables of a newer version of Unicode. It searches them from their start, which is slow.
        Is::Unassigned => is_printable_in_std(c),
        _ => true,
    }
}

/// The same by the tables of the standard library: `escape_debug` leaves printable characters unchanged, and combining marks too if
/// they follow another character.
fn is_printable_in_std(c: char) -> bool {
    let mut utf8 = [0; 5];
    utf8[0] = b'x';
    let len = c.encode_utf8(&mut utf8[1..]).len();
    std::str::from_utf8(&utf8[..=len]).is_ok_and(|text| text.escape_debug().nth(1) == Some(c))
}

/// The visible form of a character that is not shown unchanged. `single_byte`: it was decoded from one byte.
pub(super) fn escaped(c: char, single_byte: bool) -> String {
    match c {
        '\n' => "\\n".into(),
        '\r' => "\\r".into(),
        '\t' => "\\t".into(),
        c if c.is_ascii_control() || (single_byte && c.is_control()) => format!("\\x{:02X}", u32::from(c)),
        c => format!("\\u{{{:X}}}", u32::from(c)),
    }
}

/// Length of [`escaped`] in characters, computed without allocation.
pub(super) fn escaped_width(c: char, single_byte: bool) -> u16 {
    match u32::from(c) {
        0x09 | 0x0A | 0x0D => 2,
        code if code < 0x20 || code == 0x7F || (single_byte && code < 0xA0) => 4,
        code => {
            let digits = (32 - code.leading_zeros()).div_ceil(4).max(1);
            4 + u16::try_from(digits).unwrap_or(6)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes() {
        use Shape::{Combining, Escaped, Printable};
        let cases = [
            ('a', Printable(1)),
            (' ', Printable(1)),
            ('~', Printable(1)),
            ('\0', Escaped),
            ('\t', Escaped),
            ('\u{1B}', Escaped),
            ('\u{7F}', Escaped),
            ('\u{85}', Escaped),
            ('\u{A0}', Printable(1)),
            ('\u{AD}', Escaped),
            ('é', Printable(1)),
            ('\u{301}', Combining),
            ('\u{FE0F}', Combining),
            ('你', Printable(2)),
            ('，', Printable(2)),
            ('\u{3000}', Printable(2)),
            ('ｱ', Printable(1)),
            ('℃', Printable(2)),
            ('①', Printable(2)),
            ('°', Printable(1)),
            ('α', Printable(1)),
            ('😀', Printable(2)),
            ('\u{200B}', Escaped),
            ('\u{200D}', Escaped),
            ('\u{200E}', Escaped),
            ('\u{200F}', Escaped),
            ('\u{2028}', Escaped),
            ('\u{2029}', Escaped),
            ('\u{202A}', Escaped),
            ('\u{202E}', Escaped),
            ('\u{2066}', Escaped),
            ('\u{2069}', Escaped),
            ('\u{61C}', Escaped),
            ('\u{FEFF}', Escaped),
            ('\u{E000}', Escaped),
            ('\u{F0000}', Escaped),
            ('\u{378}', Escaped),
            ('\u{FFFF}', Escaped),
            ('\u{FFFD}', Printable(1)),
        ];
        for (c, expected) in cases {
            assert_eq!(shape(c), expected, "U+{:04X}", u32::from(c));
        }
    }

    #[test]
    fn the_tables_of_categories_agree_with_those_of_the_standard_library() {
        // Backslash and quotation marks are escaped there, but printable.
        let differs = |c: &char| !c.is_ascii() && is_printable(*c) != is_printable_in_std(*c);
        assert_eq!(('\0'..=char::MAX).find(differs), None);
    }

    #[test]
    fn escaped_forms_and_their_widths() {
        let cases = [
            ('\n', true, "\\n"),
            ('\r', true, "\\r"),
            ('\t', false, "\\t"),
            ('\0', true, "\\x00"),
            ('\u{1B}', true, "\\x1B"),
            ('\u{1B}', false, "\\x1B"),
            ('\u{7F}', true, "\\x7F"),
            ('\u{85}', true, "\\x85"),
            ('\u{85}', false, "\\u{85}"),
            ('\u{202E}', false, "\\u{202E}"),
            ('\u{10FFFF}', false, "\\u{10FFFF}"),
        ];
        for (c, single_byte, expected) in cases {
            assert_eq!(escaped(c, single_byte), expected);
        }
        for code in 0..=0x10_FFFF {
            let Some(c) = char::from_u32(code) else { continue };
            if matches!(shape(c), Shape::Printable(_)) {
                continue;
            }
            for single_byte in [false, true] {
                assert_eq!(escaped(c, single_byte).len(), usize::from(escaped_width(c, single_byte)), "U+{code:04X}");
            }
        }
    }
}
