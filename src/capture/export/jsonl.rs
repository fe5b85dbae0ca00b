//! JSON lines with the names and fields of the command line's `--json`. If records are cut or verified, a line of payload is an item
//! with `kind` and `check`.

use super::cut::Cut;
use super::form::Form;
use super::text::{Texts, hex_parts};
use super::walk::{Data, RecordHead, Sink};
use super::{ExportStyle, SaveError, Selection};
use crate::capture::json::{self, Beside, Line, Place};
use crate::capture::{CaptureReader, ReadError, RecordKind, SessionNote, Tails};
use crate::codec::safe::json_inside;
use crate::model::{Direction, display_address};
use std::io::Write;

/// The format.
pub(super) const FORM: Form = Form {
    name: "jsonl",
    extension: "jsonl",
    menu_place: 3,
    is_binary: false,
    has_text: true,
    usual_direction: None,
    sink: |reader, selection, style| Box::new(JsonLines::new(reader, selection, style)),
};

/// See the module documentation.
pub(super) struct JsonLines<'a> {
    texts: Texts<'a>,
    style: &'a ExportStyle<'a>,
    reader: &'a CaptureReader,
    /// False if only one direction is selected: then there is only data.
    with_events: bool,
}

impl<'a> JsonLines<'a> {
    pub fn new(reader: &'a CaptureReader, selection: &Selection, style: &'a ExportStyle<'a>) -> Self {
        let texts = Texts::new(reader, style.encoding);
        Self { texts, style, reader, with_events: selection.direction.is_none() }
    }
}

impl JsonLines<'_> {
    /// A line of payload with empty `hex` and `text`.
    fn line<'b>(&self, head: &RecordHead<'_>, direction: Direction, unavailable: Option<&'b str>) -> Line<'b> {
        let data = json::Data {
            at: Place::of(head.record),
            peer: head.address.map(display_address),
            local: None,
            interface: None,
            pair: head.record.pair(),
            len: head.record.len,
            form: head.record.form().name(),
            goes_on: head.record.goes_on(),
            kind: head.cut.map(Cut::kind),
            check: head.cut.and_then(Cut::check),
            name: self.reader.name(head.record).map(|name| name.to_string()),
            hex: String::new(),
            text: unavailable.is_none().then_some(""),
            unavailable,
        };
        Line::data(direction, data)
    }
}

impl Sink for JsonLines<'_> {
    fn data(&mut self, data: &Data<'_>, out: &mut dyn Write) -> Result<bool, SaveError> {
        let [head, between, end] = self.line(&data.head, data.direction, None).around_payload();
        out.write_all(head.as_bytes())?;
        hex_parts(data, &mut |part| Ok(out.write_all(part.as_bytes())?))?;
        out.write_all(between.as_bytes())?;
        self.texts.parts(data, &mut |part| Ok(out.write_all(json_inside(part).as_bytes())?))?;
        writeln!(out, "{end}")?;
        Ok(true)
    }

    fn unavailable(&mut self, head: &RecordHead<'_>, why: &ReadError, out: &mut dyn Write) -> Result<(), SaveError> {
        let Some(direction) = head.record.direction else { return Ok(()) };
        let why = (self.style.unreadable)(why);
        Ok(writeln!(out, "{}", self.line(head, direction, Some(&why)).to_text())?)
    }

    fn event(
        &mut self,
        head: &RecordHead<'_>,
        note: Option<&SessionNote>,
        out: &mut dyn Write,
    ) -> Result<bool, SaveError> {
        let tails = match head.record.kind {
            RecordKind::PeerLeft => self.texts.end(head.record.peer),
            _ => Tails::default(),
        };
        let beside = Beside {
            peer: head.address,
            capture: self.reader.id(),
            tails: tails.into(),
            message: (self.style.sentence)(head.record, note, head.address),
        };
        let Some(line) = Line::of_event(head.record, note, beside).filter(|_| self.with_events) else {
            return Ok(false);
        };
        writeln!(out, "{}", line.to_sorted_text())?;
        Ok(true)
    }
}
