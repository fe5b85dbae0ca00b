//! CSV (RFC 4180): a header row, then a row per record. `hex` contains the bytes with the prefix `0x`. `text` is for people:
//! controls are escaped, so that a row is a line, and text that a spreadsheet would misinterpret is prefixed with an apostrophe.
//!
//! Spreadsheets convert numbers in fields, quoted or not: `1e10`, `1e 10` (LibreOffice) and `05` would become 10000000000 and 5, and
//! the next save would lose the bytes. No spreadsheet converts `0x1e10`.
//!
//! If the capture has names of rules, steps or commands, the last column has that of what sent the record. If records are cut or verified, `kind` and `check` describe each row; they are empty for events.

use super::cut::Cut;
use super::form::Form;
use super::text::{Texts, hex_parts};
use super::walk::{Data, RecordHead, Sink};
use super::{ExportStyle, SaveError, Selection};
use crate::capture::json::{data_name, event_name};
use crate::capture::{CaptureReader, ReadError, RecordKind, SessionNote, time};
use crate::codec::safe::push_visible;
use crate::model::display_address;
use std::fmt::Write as _;
use std::io::Write;

/// The format.
pub(super) const FORM: Form = Form {
    name: "csv",
    extension: "csv",
    menu_place: 2,
    is_binary: false,
    has_text: true,
    usual_direction: None,
    sink: |reader, selection, style| Box::new(Csv::new(reader, selection, style)),
};

/// Byte order mark and header row, without its line end.
const HEAD: &str = "\u{FEFF}seq,time,event,peer,len,hex,text,message";
/// Longer text is not a number.
const NUMBER_LEN_MAX: usize = 40;
/// Count of digits that a spreadsheet keeps.
const NUMBER_DIGITS_MAX: usize = 15;

/// See the module documentation.
pub(super) struct Csv<'a> {
    texts: Texts<'a>,
    style: &'a ExportStyle<'a>,
    /// False if only one direction is selected: then there is only data.
    with_events: bool,
    /// Records are cut or verified.
    cuts: bool,
    /// The capture has names.
    names: Option<&'a CaptureReader>,
}

impl<'a> Csv<'a> {
    pub fn new(reader: &'a CaptureReader, selection: &Selection, style: &'a ExportStyle<'a>) -> Self {
        let texts = Texts::new(reader, style.encoding);
        Self {
            texts,
            style,
            with_events: selection.direction.is_none(),
            cuts: selection.cuts(),
            names: Some(reader).filter(|reader| reader.has_names()),
        }
    }
}

impl Csv<'_> {
    /// The last fields of every row.
    fn row_end(&self, head: &RecordHead<'_>) -> String {
        let cut = |text: Option<&str>| if self.cuts { format!(",{}", text.unwrap_or_default()) } else { String::new() };
        let (kind, check) = (head.cut.map(Cut::kind), head.cut.and_then(Cut::check));
        let name = self.names.map_or_else(String::new, |reader| {
            format!(",{}", reader.name(head.record).map_or_else(String::new, |name| quoted(&name)))
        });
        format!("{}{}{name}\r\n", cut(kind), cut(check))
    }
}

/// The first fields of every row.
fn head_fields(head: &RecordHead<'_>, name: &str) -> String {
    let time = time::utc(head.record.unix_ns);
    let peer = head.address.map_or_else(String::new, display_address);
    format!("{},{time},{name},{peer}", head.record.number)
}

/// Appends the content of a quoted field: quotes doubled, hidden characters escaped.
fn quoted_part(text: &str, field: &mut String) {
    for (index, part) in text.split('"').enumerate() {
        if index > 0 {
            field.push_str("\"\"");
        }
        push_visible(part, |_| false, field);
    }
}

/// Whether a spreadsheet would interpret text with this beginning as something else.
fn is_misread(start: &str) -> bool {
    if start.len() <= NUMBER_LEN_MAX && keeps_its_value(start.trim_end_matches(['\r', '\n'])) {
        return false;
    }
    start.starts_with(['=', '+', '-', '@']) || is_number_like(start)
}

/// Whether the text is a plain decimal number, which a spreadsheet leaves unchanged (if the decimal mark is a point).
fn keeps_its_value(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let is_plain =
        [whole, part].iter().all(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()));
    is_plain && (whole == "0" || !whole.starts_with('0')) && text.len() <= NUMBER_DIGITS_MAX
}

/// Whether the text looks like a number in another format, a date, a time, a fraction, a percentage or an amount of money, in any
/// locale (except names of months).
fn is_number_like(text: &str) -> bool {
    let is_part = |c: char| c.is_ascii_digit() || " +-.,:/%()'eE$€£¥￥年月日时分秒aApPmM".contains(c);
    let is_word = ["true", "false"].iter().any(|word| text.trim().eq_ignore_ascii_case(word));
    let has_digit = text.bytes().any(|byte| byte.is_ascii_digit());
    is_word || (text.len() <= NUMBER_LEN_MAX && has_digit && text.chars().all(is_part))
}

fn quoted(text: &str) -> String {
    let mut field = String::from("\"");
    if is_misread(text) {
        field.push('\'');
    }
    quoted_part(text, &mut field);
    field.push('"');
    field
}

impl Sink for Csv<'_> {
    fn begin(&mut self, out: &mut dyn Write) -> Result<(), SaveError> {
        let columns = if self.cuts { ",kind,check" } else { "" };
        let name = if self.names.is_some() { ",name" } else { "" };
        Ok(write!(out, "{HEAD}{columns}{name}\r\n")?)
    }

    fn data(&mut self, data: &Data<'_>, out: &mut dyn Write) -> Result<bool, SaveError> {
        write!(out, "{},{},", head_fields(&data.head, data_name(data.direction)), data.head.record.len)?;
        let mut mark = "0x";
        hex_parts(data, &mut |part| {
            if !part.is_empty() {
                out.write_all(std::mem::take(&mut mark).as_bytes())?;
            }
            Ok(out.write_all(part.as_bytes())?)
        })?;
        out.write_all(b",\"")?;
        let mut field = String::new();
        let mut at_start = true;
        self.texts.parts(data, &mut |part| {
            field.clear();
            if at_start && is_misread(part) {
                field.push('\'');
            }
            at_start &= part.is_empty();
            quoted_part(part, &mut field);
            Ok(out.write_all(field.as_bytes())?)
        })?;
        let form = data.head.record.form().name().unwrap_or_default();
        write!(out, "\",{form}{}", self.row_end(&data.head))?;
        Ok(true)
    }

    fn unavailable(&mut self, head: &RecordHead<'_>, why: &ReadError, out: &mut dyn Write) -> Result<(), SaveError> {
        let Some(direction) = head.record.direction else { return Ok(()) };
        let start = head_fields(head, data_name(direction));
        let (why, end) = (quoted(&(self.style.unreadable)(why)), self.row_end(head));
        Ok(write!(out, "{start},{},,,{why}{end}", head.record.len)?)
    }

    fn event(
        &mut self,
        head: &RecordHead<'_>,
        note: Option<&SessionNote>,
        out: &mut dyn Write,
    ) -> Result<bool, SaveError> {
        let tails = (head.record.kind == RecordKind::PeerLeft).then(|| self.texts.end(head.record.peer));
        let Some(name) = event_name(head.record.kind, note).filter(|_| self.with_events) else { return Ok(false) };
        let mut message = (self.style.sentence)(head.record, note, head.address);
        let tails = tails.unwrap_or_default();
        for (mark, tail) in [("<-", tails.received), ("->", tails.sent)] {
            if !tail.is_empty() {
                // Writing to a String cannot fail.
                write!(message, " ({mark} {tail})").ok();
            }
        }
        write!(out, "{},,,,{}{}", head_fields(head, name), quoted(&message), self.row_end(head))?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_hold_no_line_ends_no_controls_and_no_formulas() {
        for (text, field) in [
            ("a,b", "\"a,b\""),
            ("say \"hi\"\r\n", "\"say \"\"hi\"\"\\r\\n\""),
            ("\0\x1b[0m\u{85}", "\"\\x00\\x1B[0m\\u{85}\""),
            ("=1+1", "\"'=1+1\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("-5.25\r\n", "\"-5.25\\r\\n\""),
            ("-cmd", "\"'-cmd\""),
            ("你好", "\"你好\""),
            ("", "\"\""),
        ] {
            assert_eq!(quoted(text), field, "{text:?}");
        }
    }

    #[test]
    fn text_that_a_spreadsheet_would_read_otherwise_is_marked_as_text() {
        for text in [
            "1e10",
            "+1e3",
            "0010",
            "05",
            "12345678901234567",
            ".5",
            "5.",
            " 5",
            "5 ",
            "1,234",
            "1/2",
            "1 1/2",
            "12:30",
            "5 PM",
            "2019-07-12 16:05:41",
            "3月4日",
            "50%",
            "$5",
            "(5)",
            "TRUE",
            "False",
            "-0010",
            "+5",
        ] {
            assert_eq!(quoted(text), format!("\"'{text}\""), "{text:?}");
        }
        for text in [
            "0",
            "5",
            "-5",
            "23.50",
            "0.05",
            "123456789012345",
            "OK",
            "e",
            "1e10 x",
            "12:30:45 t=5",
            "0x1e10",
            "am",
            "%",
        ] {
            assert_eq!(quoted(text), format!("\"{text}\""), "{text:?}");
        }
    }
}
