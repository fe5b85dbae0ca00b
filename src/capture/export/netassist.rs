//! The log format of NetAssist, which other programs can parse:
//!
//! ```text
//! [2019-07-12 16:05:41.240]# Log of Wirebench.
//! [2019-07-12 16:05:41.240]# Client 192.168.56.1:4089 gets online.
//! [2019-07-12 16:05:48.417]# RECV ASCII FROM 192.168.56.1 :4089>
//! hello
//! [2019-07-12 16:06:10.202]# SEND HEX TO 192.168.56.1 :4089>
//! 01 03 00 0A
//! [2019-07-12 16:06:16.208]# Client 192.168.56.1:4089 gets offline.
//! ```
//!
//! Lines end with CR LF. Payload is written as its own bytes if they are text in the encoding without controls other than TAB and
//! line ends, and without a line that looks like a head line; otherwise as hex. So it can be imported exactly. Times are local.
//! Errors and warnings cannot be expressed. The first line names the program: NetAssist itself may add an empty line after every
//! entry, and such a log would look like one in which every payload ends with a line end. A problem of a frame is written in a
//! separate head line before it, such as `[2019-07-12 16:05:48.417]# Frame: bad check.`; the import skips it.

use super::cut::{self, Cut};
use super::form::Form;
use super::walk::{Data, RecordHead, Sink};
use super::{ExportStyle, SaveError};
use crate::capture::{RecordKind, SessionNote, time};
use crate::codec::{Encoding, Piece, StreamDecoder, hex};
use crate::model::{Direction, display_address, zone_name};
use jiff::tz::TimeZone;
use std::io::{self, Write};
use std::net::SocketAddr;

/// The format.
pub(super) const FORM: Form = Form {
    name: "netassist",
    extension: "txt",
    menu_place: 4,
    is_binary: false,
    has_text: true,
    usual_direction: None,
    sink: |_, _, style| Box::new(NetAssist::new(style)),
};

/// Identifies the program that wrote the log.
pub(in crate::capture) const MARK: &str = "Log of Wirebench.";

/// Prefix of lines about a problem of the frame in the next entry.
const FRAME: &str = "Frame: ";

/// Whether the text after a time is such a line.
pub(in crate::capture) fn is_frame_note(text: &str) -> bool {
    let fault = text.strip_prefix(FRAME).and_then(|text| text.strip_suffix('.'));
    fault.is_some_and(|fault| cut::FAULTS.contains(&fault))
}

/// See the module documentation.
pub(super) struct NetAssist {
    encoding: Encoding,
    zone: TimeZone,
    is_marked: bool,
}

impl NetAssist {
    pub fn new(style: &ExportStyle<'_>) -> Self {
        Self { encoding: style.encoding, zone: TimeZone::system(), is_marked: false }
    }

    /// The start of a head line.
    fn stamp(&self, head: &RecordHead<'_>) -> String {
        format!("[{}]#", time::local_ms(head.record.unix_ns, &self.zone))
    }

    /// Writes the identification before the first line.
    fn mark(&mut self, head: &RecordHead<'_>, out: &mut dyn Write) -> io::Result<()> {
        if std::mem::replace(&mut self.is_marked, true) {
            return Ok(());
        }
        write!(out, "{} {MARK}\r\n", self.stamp(head))
    }
}

/// Checks whether payload can be written as text and distinguished from the lines around it.
struct TextCheck {
    decoder: StreamDecoder,
    is_text: bool,
    after_cr: bool,
    /// Count of characters of this line that match a head line; `None` if it is none.
    head_len: Option<usize>,
}

/// The start of a head line: `[2019-`.
const HEAD_START: [fn(char) -> bool; 6] = [
    |c| c == '[',
    |c| c.is_ascii_digit(),
    |c| c.is_ascii_digit(),
    |c| c.is_ascii_digit(),
    |c| c.is_ascii_digit(),
    |c| c == '-',
];

impl TextCheck {
    fn new(encoding: Encoding) -> Self {
        // A line end of the file is the byte 0A, so it must be a line end in the encoding too.
        let is_text = ![Encoding::UTF_16LE, Encoding::UTF_16BE].contains(&encoding);
        Self { decoder: StreamDecoder::new(encoding), is_text, after_cr: false, head_len: Some(0) }
    }

    fn feed(&mut self, bytes: &[u8]) {
        let Self { decoder, is_text, after_cr, head_len } = self;
        decoder.feed(bytes, &mut |piece| {
            let character = match piece {
                Piece::Char(character, _) => character,
                Piece::Invalid(_) => '\0',
            };
            let fits = match character {
                '\n' => true,
                // A single CR would be taken for part of the line end after it.
                _ if *after_cr => false,
                '\t' | '\r' => true,
                _ => !character.is_control(),
            };
            *is_text &= fits;
            *after_cr = character == '\r';
            *head_len = match *head_len {
                _ if character == '\n' => Some(0),
                Some(len) if HEAD_START.get(len).is_some_and(|fits| fits(character)) => Some(len + 1),
                _ => None,
            };
            *is_text &= *head_len != Some(HEAD_START.len());
        });
    }

    fn passed(&self) -> bool {
        self.is_text && !self.after_cr && self.decoder.pending().is_empty()
    }
}

impl Sink for NetAssist {
    fn data(&mut self, data: &Data<'_>, out: &mut dyn Write) -> Result<bool, SaveError> {
        let mut check = TextCheck::new(self.encoding);
        data.parts(&mut |part| {
            check.feed(part);
            Ok(())
        })?;
        let as_text = check.passed();
        let form = if as_text { "ASCII" } else { "HEX" };
        let (verb, preposition) = match data.direction {
            Direction::Received => ("RECV", "FROM"),
            Direction::Sent => ("SEND", "TO"),
        };
        self.mark(&data.head, out)?;
        if let Some(fault) = data.head.cut.and_then(Cut::fault) {
            write!(out, "{} {FRAME}{fault}.\r\n", self.stamp(&data.head))?;
        }
        let place = data.head.address.map_or_else(|| "?".to_owned(), spaced_address);
        write!(out, "{} {verb} {form} {preposition} {place}>\r\n", self.stamp(&data.head))?;
        let mut is_first = true;
        data.parts(&mut |part| {
            if as_text {
                return Ok(out.write_all(part)?);
            }
            if !std::mem::replace(&mut is_first, false) {
                out.write_all(b" ")?;
            }
            Ok(out.write_all(hex::spaced_upper(part).as_bytes())?)
        })?;
        out.write_all(b"\r\n")?;
        Ok(true)
    }

    fn event(
        &mut self,
        head: &RecordHead<'_>,
        note: Option<&SessionNote>,
        out: &mut dyn Write,
    ) -> Result<bool, SaveError> {
        let came = match (head.record.kind, note) {
            _ if head.record.is_message() => return Ok(false),
            (RecordKind::PeerJoined, _) | (_, Some(SessionNote::Connected { .. })) => "online",
            (RecordKind::PeerLeft, _) => "offline",
            _ => return Ok(false),
        };
        let Some(address) = head.address else { return Ok(false) };
        self.mark(head, out)?;
        write!(out, "{} Client {} gets {came}.\r\n", self.stamp(head), display_address(address))?;
        Ok(true)
    }
}

/// Formats an address with the space that NetAssist puts before the colon.
fn spaced_address(address: SocketAddr) -> String {
    let zone = match address {
        SocketAddr::V6(v6) => zone_name(v6.scope_id()).map(|zone| format!("%{zone}")),
        SocketAddr::V4(_) => None,
    };
    format!("{}{} :{}", address.ip(), zone.unwrap_or_default(), address.port())
}
