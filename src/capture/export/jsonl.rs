//! JSON lines with the names and fields of the command line's `--json`. Where records are cut or verified, a line of payload is an
//! item and has `kind` and `check`.

use super::cut::Cut;
use super::form::Form;
use super::text::{Texts, hex_parts};
use super::walk::{Data, Head, Sink};
use super::{ExportStyle, SaveError, Selection, time};
use crate::capture::{CaptureReader, ReadError, RecordKind, SessionNote};
use crate::codec::safe::{json_inside, json_line};
use crate::model::{Direction, display_address};
use serde_json::{Map, Value, json};
use std::io::Write;

/// The form.
pub(super) const FORM: Form = Form {
    name: "jsonl",
    extension: "jsonl",
    is_binary: false,
    has_text: true,
    usual_direction: None,
    sink: |reader, selection, style| Box::new(JsonLines::new(reader, selection, style)),
};

/// See the module.
pub(super) struct JsonLines<'a> {
    texts: Texts<'a>,
    style: &'a ExportStyle<'a>,
    capture: &'a str,
    /// Not where one direction was asked for: then there is data only.
    with_events: bool,
}

impl<'a> JsonLines<'a> {
    pub fn new(reader: &'a CaptureReader, selection: &Selection, style: &'a ExportStyle<'a>) -> Self {
        let texts = Texts::new(reader, style.encoding);
        Self { texts, style, capture: reader.id(), with_events: selection.direction.is_none() }
    }
}

/// The name of a direction's records.
pub(super) fn data_name(direction: Direction) -> &'static str {
    match direction {
        Direction::Received => "received",
        Direction::Sent => "sent",
    }
}

/// The head of a data line, open at its end.
fn data_head(head: &Head<'_>, direction: Direction) -> String {
    let peer = head.address.map_or(Value::Null, |address| Value::String(display_address(address)));
    let mut cut = head.cut.map(|cut| format!(r#","kind":"{}""#, cut.kind())).unwrap_or_default();
    if let Some(check) = head.cut.and_then(Cut::check) {
        cut += &format!(r#","check":"{check}""#);
    }
    format!(
        r#"{{"event":"{}","seq":{},"time":"{}","peer":{peer},"len":{}{cut},"hex":""#,
        data_name(direction),
        head.record.number,
        time::utc(head.record.unix_ns),
        head.record.len,
    )
}

/// The name of an event on the command line; `None` = it is none there.
pub(super) fn event_name(kind: RecordKind, note: Option<&SessionNote>) -> Option<&'static str> {
    Some(match (kind, note) {
        (RecordKind::PeerJoined, _) => "peer_joined",
        (RecordKind::PeerLeft, _) => "peer_left",
        (RecordKind::HalfClosed, _) => "half_closed",
        (RecordKind::Error, _) => "error",
        (RecordKind::Warning | RecordKind::ClockJump, _) => "warning",
        (RecordKind::Closed, _) => "closed",
        (_, Some(SessionNote::Listening { .. } | SessionNote::Bound { .. })) => "listening",
        (_, Some(SessionNote::Connected { .. })) => "connected",
        _ => return None,
    })
}

impl Sink for JsonLines<'_> {
    fn data(&mut self, data: &Data<'_>, out: &mut dyn Write) -> Result<bool, SaveError> {
        out.write_all(data_head(&data.head, data.direction).as_bytes())?;
        hex_parts(data, &mut |part| Ok(out.write_all(part.as_bytes())?))?;
        out.write_all(br#"","text":""#)?;
        self.texts.parts(data, &mut |part| Ok(out.write_all(json_inside(part).as_bytes())?))?;
        out.write_all(b"\"}\n")?;
        Ok(true)
    }

    fn unavailable(&mut self, head: &Head<'_>, why: &ReadError, out: &mut dyn Write) -> Result<(), SaveError> {
        let Some(direction) = head.record.direction else { return Ok(()) };
        let line = data_head(head, direction);
        Ok(writeln!(out, r#"{line}","unavailable":{}}}"#, json_line(&(self.style.unreadable)(why)))?)
    }

    fn event(&mut self, head: &Head<'_>, note: Option<&SessionNote>, out: &mut dyn Write) -> Result<bool, SaveError> {
        let tails = (head.record.kind == RecordKind::PeerLeft).then(|| self.texts.end(head.record.peer));
        let Some(name) = event_name(head.record.kind, note).filter(|_| self.with_events) else { return Ok(false) };
        let mut fields = Map::new();
        let mut put = |name: &str, value: Value| fields.insert(name.to_owned(), value);
        match note {
            Some(SessionNote::Listening { local } | SessionNote::Bound { local }) => {
                put("local", display_address(*local).into());
                put("capture", self.capture.into());
            }
            Some(SessionNote::Connected { local, remote, .. }) => {
                put("local", display_address(*local).into());
                put("remote", display_address(*remote).into());
                put("capture", self.capture.into());
            }
            Some(SessionNote::Closed { reason } | SessionNote::PeerLeft { reason }) => {
                put("reason", reason.name().into());
            }
            Some(SessionNote::Error { error } | SessionNote::Warning { warning: error }) => {
                put("kind", error.kind.name().into());
                put("operation", error.operation.name().into());
                put("address", bare_address(&error.address).into());
            }
            _ => {}
        }
        if matches!(head.record.kind, RecordKind::PeerJoined | RecordKind::PeerLeft | RecordKind::HalfClosed) {
            put("peer", head.address.map_or(Value::Null, |address| display_address(address).into()));
        }
        if matches!(name, "error" | "warning") {
            put("message", (self.style.sentence)(head.record, note, head.address).into());
        }
        let tails = tails.unwrap_or_default();
        for (name, tail) in [("tail", tails.received), ("sent_tail", tails.sent)] {
            if !tail.is_empty() {
                put(name, tail.into());
            }
        }
        let mut line = json!({ "event": name, "seq": head.record.number, "time": time::utc(head.record.unix_ns) });
        if let Value::Object(line) = &mut line {
            line.extend(fields);
        }
        writeln!(out, "{}", json_line(&line))?;
        Ok(true)
    }
}

/// Without its scheme.
fn bare_address(address: &str) -> &str {
    address.strip_prefix("tcp://").or_else(|| address.strip_prefix("udp://")).unwrap_or(address)
}
