//! Makes text safe to show: one rule for terminals, windows, text files and JSON.
//!
//! Characters that are invisible but change the display are *hidden*: controls, which a terminal obeys; format characters, which
//! hide or reorder other text; separators, which end lines. They are shown in a visible form that depends on the output: [`visible`]
//! for plain text, [`json_line`] for JSON.

use serde::Serialize;
use serde_json::ser::{CharEscape, CompactFormatter, Formatter, Serializer};
use std::fmt::Write as _;
use std::io;
use unicode_general_category::{GeneralCategory, get_general_category};

/// Whether a character is hidden: a control (C0, DEL, C1), a format character (bidi controls, zero-width characters, tags, soft
/// hyphen), a line or paragraph separator, or a noncharacter (which some programs write for a lone surrogate).
#[must_use]
pub fn is_hidden(c: char) -> bool {
    use GeneralCategory::{Control, Format, LineSeparator, ParagraphSeparator, Surrogate};
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    let code = u32::from(c);
    let is_no_character = code & 0xFFFE == 0xFFFE || (0xFDD0..=0xFDEF).contains(&code);
    is_no_character
        || matches!(get_general_category(c), Control | Format | LineSeparator | ParagraphSeparator | Surrogate)
}

/// Replaces hidden characters: TAB, LF and CR by `\t \n \r`, other ASCII controls by `\xNN`, all others by `\u{N}`. Characters for
/// which `keeps` returns true are left unchanged.
#[must_use]
pub fn visible(text: &str, keeps: impl Fn(char) -> bool) -> String {
    let mut shown = String::with_capacity(text.len());
    push_visible(text, keeps, &mut shown);
    shown
}

/// Appends the result of [`visible`].
pub fn push_visible(text: &str, keeps: impl Fn(char) -> bool, shown: &mut String) {
    for c in text.chars() {
        if keeps(c) || !is_hidden(c) {
            shown.push(c);
        } else {
            push_escaped(c, shown);
        }
    }
}

/// Appends the visible form of a hidden character.
pub fn push_escaped(c: char, shown: &mut String) {
    let written = match c {
        '\t' | '\n' | '\r' => write!(shown, "{}", c.escape_default()),
        _ if c.is_ascii() => write!(shown, "\\x{:02X}", u32::from(c)),
        _ => write!(shown, "\\u{{{:X}}}", u32::from(c)),
    };
    debug_assert!(written.is_ok(), "a String accepts any text");
}

/// Serialises a value as one line of JSON in which hidden characters of strings are escaped (`\u009b`). It parses to the same value.
#[must_use]
pub fn json_line(value: &impl Serialize) -> String {
    let mut line = Vec::with_capacity(128);
    let written = value.serialize(&mut Serializer::with_formatter(&mut line, SafeFormatter));
    debug_assert!(written.is_ok(), "the value cannot be serialised as JSON: {written:?}");
    let text = if written.is_ok() { String::from_utf8(line).ok() } else { None };
    text.unwrap_or_else(|| String::from("{}"))
}

/// The content of a JSON string as [`json_line`] writes it, without the quotation marks.
#[must_use]
pub fn json_inside(text: &str) -> String {
    let quoted = json_line(&text);
    quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default().to_owned()
}

/// Formats compact JSON without hidden characters.
struct SafeFormatter;

impl Formatter for SafeFormatter {
    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut clean = 0;
        for (place, c) in fragment.char_indices().filter(|(_, c)| is_hidden(*c)) {
            writer.write_all(&fragment.as_bytes()[clean..place])?;
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            clean = place + c.len_utf8();
        }
        writer.write_all(&fragment.as_bytes()[clean..])
    }

    fn write_char_escape<W: ?Sized + io::Write>(&mut self, writer: &mut W, escape: CharEscape) -> io::Result<()> {
        CompactFormatter.write_char_escape(writer, escape)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Unicode's Bidi_Control, C0, C1, and characters that end a line or are invisible.
    const NEVER_SHOWN: [char; 31] = [
        '\0',
        '\u{7}',
        '\u{8}',
        '\t',
        '\n',
        '\u{B}',
        '\u{C}',
        '\r',
        '\u{1B}',
        '\u{7F}',
        '\u{80}',
        '\u{85}',
        '\u{9B}',
        '\u{9F}',
        '\u{AD}',
        '\u{61C}',
        '\u{200B}',
        '\u{200D}',
        '\u{200E}',
        '\u{200F}',
        '\u{2028}',
        '\u{2029}',
        '\u{202A}',
        '\u{202E}',
        '\u{2066}',
        '\u{2069}',
        '\u{FEFF}',
        '\u{FFF9}',
        '\u{FDD0}',
        '\u{E0041}',
        '\u{10FFFF}',
    ];

    #[test]
    fn what_changes_what_is_seen_is_hidden_and_letters_are_not() {
        for c in NEVER_SHOWN {
            assert!(is_hidden(c), "U+{:04X}", u32::from(c));
        }
        for c in " ~é你　\u{A0}\u{301}\u{FE0F}😀\u{E000}\u{FFFD}اﷺ\u{2014}".chars() {
            assert!(!is_hidden(c), "U+{:04X}", u32::from(c));
        }
    }

    #[test]
    fn nothing_is_hidden_that_the_standard_library_prints() {
        for c in (0..=0x10_FFFF).filter_map(char::from_u32).filter(|c| is_hidden(*c)) {
            assert!(c.escape_debug().count() > 1, "U+{:04X} is printed", u32::from(c));
        }
    }

    #[test]
    fn forms_of_hidden_characters() {
        assert_eq!(visible("a\tb\r\n\u{1b}[31m\u{9b}\u{202e}你", |_| false), "a\\tb\\r\\n\\x1B[31m\\u{9B}\\u{202E}你");
        assert_eq!(visible("a\tb\r\n\0", |c| matches!(c, '\t' | '\r' | '\n')), "a\tb\r\n\\x00");
        assert_eq!(
            json_line(&"\u{9b}31m\u{202e}\u{2028}\u{7f}\u{e0041}\"\\\n你"),
            "\"\\u009b31m\\u202e\\u2028\\u007f\\udb40\\udc41\\\"\\\\\\n你\""
        );
        assert_eq!(json_inside("a\u{9b}\""), "a\\u009b\\\"");
        assert_eq!(
            json_line(&serde_json::json!({"k\u{202e}": [1, "\u{85}", null]})),
            r#"{"k\u202e":[1,"\u0085",null]}"#
        );
    }

    proptest! {
        #[test]
        fn nothing_hidden_is_left_in_any_form_and_json_reads_back(
            text in proptest::collection::vec(
                prop_oneof![4 => any::<char>(), 4 => prop::sample::select(NEVER_SHOWN.to_vec()), 1 => Just('\\')], 0..40),
        ) {
            let text: String = text.into_iter().collect();
            prop_assert!(!visible(&text, |_| false).chars().any(is_hidden));
            let line = json_line(&text);
            prop_assert!(!line.chars().any(is_hidden), "{}", line);
            prop_assert_eq!(serde_json::from_str::<String>(&line).ok(), Some(text.clone()));
            prop_assert_eq!(format!("\"{}\"", json_inside(&text)), line);
        }
    }
}
