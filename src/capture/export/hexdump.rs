//! The dump format of `text2pcap -D -t ISO`: a line with direction and time, then rows of offset and bytes. Everything else is in
//! comment lines, which start with `#`.

use super::form::Form;
use super::walk::{Data, RecordHead, Sink};
use super::{ExportStyle, SaveError};
use crate::capture::{ReadError, time};
use crate::codec::safe::visible;
use crate::model::Direction;
use std::fmt::Write as _;
use std::io::Write;

/// The format.
pub(super) const FORM: Form = Form {
    name: "hexdump",
    extension: "txt",
    menu_place: 5,
    is_binary: false,
    has_text: false,
    usual_direction: None,
    sink: |_, _, style| Box::new(Hexdump { style }),
};

/// Bytes per row.
const ROW_BYTES: usize = 16;
/// A packet of text2pcap with synthetic headers cannot exceed an IP packet (65,535 bytes): longer stream records are split into
/// packets of this length. A multiple of [`ROW_BYTES`].
const PACKET_BYTES: usize = 0xF000;

/// See the module documentation.
pub(super) struct Hexdump<'a> {
    pub style: &'a ExportStyle<'a>,
}

/// `I 2026-11-21T08:05:48.900000000Z`
fn packet_line(data: &Data<'_>) -> String {
    let mark = match data.direction {
        Direction::Received => 'I',
        Direction::Sent => 'O',
    };
    format!("{mark} {}\n", time::utc(data.head.record.unix_ns))
}

fn remark(head: &RecordHead<'_>) -> String {
    let address = head.address.map_or_else(|| "?".to_owned(), |address| address.to_string());
    let cut = head.cut.map(|cut| format!(", {}", cut.words())).unwrap_or_default();
    let bytes = if head.record.len == 1 { "byte" } else { "bytes" };
    format!("# record {}, {address}, {} {bytes}{cut}", head.record.number, head.record.len)
}

fn row(offset: usize, bytes: &[u8], text: &mut String) {
    // Writing to a String cannot fail.
    write!(text, "{offset:06x} ").ok();
    for byte in bytes {
        write!(text, " {byte:02x}").ok();
    }
    text.push('\n');
}

impl Sink for Hexdump<'_> {
    fn begin(&mut self, out: &mut dyn Write) -> Result<(), SaveError> {
        Ok(out.write_all(b"# text2pcap -D -t ISO\n")?)
    }

    fn data(&mut self, data: &Data<'_>, out: &mut dyn Write) -> Result<bool, SaveError> {
        let head = packet_line(data);
        writeln!(out, "\n{}", remark(&data.head))?;
        out.write_all(head.as_bytes())?;
        let is_message = data.head.record.is_message();
        let mut offset = 0;
        let mut text = String::new();
        data.parts(&mut |part| {
            text.clear();
            for bytes in part.chunks(ROW_BYTES) {
                if offset == PACKET_BYTES && !is_message {
                    // The text before offset 0 of a packet is its time, and ends the previous packet.
                    text.push_str(&head);
                    offset = 0;
                }
                row(offset, bytes, &mut text);
                offset += bytes.len();
            }
            Ok(out.write_all(text.as_bytes())?)
        })?;
        // States the length of the packet, and creates an empty one.
        text.clear();
        row(offset, &[], &mut text);
        out.write_all(text.as_bytes())?;
        Ok(true)
    }

    fn unavailable(&mut self, head: &RecordHead<'_>, why: &ReadError, out: &mut dyn Write) -> Result<(), SaveError> {
        let why = visible(&(self.style.unreadable)(why), |_| false);
        Ok(writeln!(out, "\n{}: {why}", remark(head))?)
    }
}
