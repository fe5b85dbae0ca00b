//! CSV (RFC 4180): a head row, then a row for each record. `hex` holds the bytes; `text` is for people: in it controls stand as
//! escapes, so that a row is a line, and what a spreadsheet would take for a formula begins with an apostrophe.

use super::jsonl::{data_name, event_name};
use super::text::{Texts, hex_parts};
use super::walk::{Data, Head, Sink};
use super::{ExportStyle, SaveError, Selection, time};
use crate::capture::{CaptureReader, ReadError, RecordKind, SessionNote};
use crate::codec::safe::push_visible;
use crate::model::display_address;
use std::fmt::Write as _;
use std::io::Write;

/// Byte order mark and head row.
const HEAD: &str = "\u{FEFF}seq,time,event,peer,len,hex,text,message\r\n";
/// Longer texts are no number.
const NUMBER_LEN_MAX: usize = 40;

/// See the module.
pub(super) struct Csv<'a> {
    texts: Texts<'a>,
    style: &'a ExportStyle<'a>,
    /// Not where one direction was asked for: then there is data only.
    with_events: bool,
}

impl<'a> Csv<'a> {
    pub fn new(reader: &'a CaptureReader, selection: &Selection, style: &'a ExportStyle<'a>) -> Self {
        let texts = Texts::new(reader, style.encoding);
        Self { texts, style, with_events: selection.direction.is_none() }
    }
}

/// The fields every row begins with.
fn head_fields(head: &Head<'_>, name: &str) -> String {
    let time = time::utc(head.record.unix_ns);
    let peer = head.address.map_or_else(String::new, display_address);
    format!("{},{time},{name},{peer}", head.record.number)
}

/// The inside of a quoted field: quotes doubled, hidden characters as escapes.
fn quoted_part(text: &str, field: &mut String) {
    for (index, part) in text.split('"').enumerate() {
        if index > 0 {
            field.push_str("\"\"");
        }
        push_visible(part, |_| false, field);
    }
}

/// A spreadsheet would work out what this begins.
fn is_formula(start: &str) -> bool {
    let number = start.len() <= NUMBER_LEN_MAX && start.trim_end().parse::<f64>().is_ok();
    start.starts_with(['=', '+', '-', '@']) && !number
}

fn quoted(text: &str) -> String {
    let mut field = String::from("\"");
    if is_formula(text) {
        field.push('\'');
    }
    quoted_part(text, &mut field);
    field.push('"');
    field
}

impl Sink for Csv<'_> {
    fn begin(&mut self, out: &mut dyn Write) -> Result<(), SaveError> {
        Ok(out.write_all(HEAD.as_bytes())?)
    }

    fn data(&mut self, data: &Data<'_>, out: &mut dyn Write) -> Result<bool, SaveError> {
        write!(out, "{},{},", head_fields(&data.head, data_name(data.direction)), data.head.record.len)?;
        hex_parts(data, &mut |part| Ok(out.write_all(part.as_bytes())?))?;
        out.write_all(b",\"")?;
        let mut field = String::new();
        let mut at_start = true;
        self.texts.parts(data, &mut |part| {
            field.clear();
            if at_start && is_formula(part) {
                field.push('\'');
            }
            at_start &= part.is_empty();
            quoted_part(part, &mut field);
            Ok(out.write_all(field.as_bytes())?)
        })?;
        out.write_all(b"\",\r\n")?;
        Ok(true)
    }

    fn unavailable(&mut self, head: &Head<'_>, why: &ReadError, out: &mut dyn Write) -> Result<(), SaveError> {
        let Some(direction) = head.record.direction else { return Ok(()) };
        let start = head_fields(head, data_name(direction));
        Ok(write!(out, "{start},{},,,{}\r\n", head.record.len, quoted(&why.to_string()))?)
    }

    fn event(&mut self, head: &Head<'_>, note: Option<&SessionNote>, out: &mut dyn Write) -> Result<bool, SaveError> {
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
        write!(out, "{},,,,{}\r\n", head_fields(head, name), quoted(&message))?;
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
            ("+1e3", "\"+1e3\""),
            ("-cmd", "\"'-cmd\""),
            ("你好", "\"你好\""),
            ("", "\"\""),
        ] {
            assert_eq!(quoted(text), field, "{text:?}");
        }
    }
}
