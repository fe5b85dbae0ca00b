//! A pcapng file (draft-ietf-opsawg-pcapng) with one interface. Packet headers are synthetic: the capture contains what passed
//! through the socket, not what was on the wire. Events that are not packets become comments of the previous packet.

use super::conversation::{Conversations, Emit};
use super::cut::Cut;
use super::form::Form;
use super::packet::{self, Way};
use super::walk::{Data, RecordHead, Sink};
use super::{ExportStyle, SaveError, Selection};
use crate::capture::{CaptureReader, Cause, ReadError, RecordKind, SessionNote, time};
use crate::model::{CloseReason, Direction, unmap_v4};
use std::io::{self, Write};
use std::net::SocketAddr;

/// The format.
pub(super) const FORM: Form = Form {
    name: "pcapng",
    extension: "pcapng",
    menu_place: 1,
    is_binary: true,
    has_text: false,
    usual_direction: None,
    sink: |reader, selection, style| Box::new(Pcapng::new(reader, selection, style)),
};

const SECTION_HEADER: u32 = 0x0A0D_0D0A;
const INTERFACE_DESCRIPTION: u32 = 1;
const INTERFACE_STATISTICS: u32 = 5;
const ENHANCED_PACKET: u32 = 6;
/// Written in the byte order of the file.
const BYTE_ORDER_MAGIC: u32 = 0x1A2B_3C4D;
const LINKTYPE_ETHERNET: u16 = 1;
/// Options: code.
mod option {
    pub const END: u16 = 0;
    pub const COMMENT: u16 = 1;
    pub const IF_NAME: u16 = 2;
    pub const IF_DESCRIPTION: u16 = 3;
    pub const SHB_USER_APPLICATION: u16 = 4;
    pub const ISB_OS_DROP: u16 = 7;
    pub const IF_TIME_RESOLUTION: u16 = 9;
    pub const EPB_FLAGS: u16 = 2;
}
/// Maximum length of the comments of a packet in bytes; further ones are only counted.
const COMMENTS_LEN_MAX: usize = 16 * 1024;
/// Maximum length of an option value, cut at a character boundary.
const OPTION_LEN_MAX: usize = 0xFF00;

/// See the module documentation.
pub(super) struct Pcapng<'a> {
    style: &'a ExportStyle<'a>,
    reader: &'a CaptureReader,
    conversations: Conversations,
    packets: Packets,
    kernel_dropped: u64,
}

impl<'a> Pcapng<'a> {
    pub fn new(reader: &'a CaptureReader, selection: &Selection, style: &'a ExportStyle<'a>) -> Self {
        let start = selection.records.start.max(reader.records().start);
        Self {
            style,
            reader,
            conversations: Conversations::new(reader, start),
            packets: Packets::default(),
            kernel_dropped: 0,
        }
    }
}

/// Appends an option.
fn put_option(code: u16, value: &[u8], options: &mut Vec<u8>) {
    let value = &value[..value.len().min(OPTION_LEN_MAX)];
    options.extend_from_slice(&code.to_le_bytes());
    options.extend_from_slice(&u16::try_from(value.len()).unwrap_or(0).to_le_bytes());
    options.extend_from_slice(value);
    options.resize(options.len().next_multiple_of(4), 0);
}

/// Appends a text option, cut to the maximum length.
fn put_text(code: u16, text: &str, options: &mut Vec<u8>) {
    put_option(code, &text.as_bytes()[..text.floor_char_boundary(OPTION_LEN_MAX)], options);
}

/// Writes a block.
fn put_block(kind: u32, body: &[u8], options: &[u8], out: &mut dyn Write) -> io::Result<()> {
    let mut block = Vec::with_capacity(body.len() + options.len() + 20);
    block.extend_from_slice(&kind.to_le_bytes());
    block.extend_from_slice(&[0; 4]);
    block.extend_from_slice(body);
    block.resize(block.len().next_multiple_of(4), 0);
    if !options.is_empty() {
        block.extend_from_slice(options);
        block.extend_from_slice(&option::END.to_le_bytes());
        block.extend_from_slice(&[0; 2]);
    }
    let len = u32::try_from(block.len() + 4).map_err(|_| io::Error::from(io::ErrorKind::InvalidInput))?;
    block[4..8].copy_from_slice(&len.to_le_bytes());
    block.extend_from_slice(&len.to_le_bytes());
    out.write_all(&block)
}

/// Appends the two halves of a time, high half first.
fn put_time(unix_ns: i64, body: &mut Vec<u8>) {
    let unix_ns = u64::try_from(unix_ns).unwrap_or(0);
    body.extend_from_slice(&((unix_ns >> 32) as u32).to_le_bytes());
    body.extend_from_slice(&(unix_ns as u32).to_le_bytes());
}

/// Writes packets. The newest one is held back, because comments may follow.
#[derive(Default)]
struct Packets {
    held: Option<(Vec<u8>, bool)>,
    comments: Vec<String>,
    comments_len: usize,
    uncounted: u64,
    last_ns: i64,
    /// Comment for the next packet.
    ahead: Option<String>,
}

impl Packets {
    fn packet(&mut self, unix_ns: i64, frame: &[u8], outward: bool, out: &mut dyn Write) -> io::Result<()> {
        if self.held.is_some() {
            self.write_held(out)?;
        }
        let mut body = Vec::with_capacity(frame.len() + 24);
        body.extend_from_slice(&[0; 4]); // the only interface
        put_time(unix_ns, &mut body);
        let len = u32::try_from(frame.len()).unwrap_or(0);
        body.extend_from_slice(&len.to_le_bytes());
        body.extend_from_slice(&len.to_le_bytes());
        body.extend_from_slice(frame);
        self.held = Some((body, outward));
        self.last_ns = unix_ns;
        if let Some(text) = self.ahead.take() {
            self.comment(text);
        }
        Ok(())
    }

    /// Adds a comment to the previous packet, or to the first one.
    fn comment(&mut self, text: String) {
        if self.comments_len + text.len() > COMMENTS_LEN_MAX {
            self.uncounted += 1;
            return;
        }
        self.comments_len += text.len();
        self.comments.push(text);
    }

    fn take_comments(&mut self, options: &mut Vec<u8>) {
        for text in std::mem::take(&mut self.comments) {
            put_text(option::COMMENT, &text, options);
        }
        if self.uncounted > 0 {
            put_text(option::COMMENT, &format!("+ {}", self.uncounted), options);
        }
        self.comments_len = 0;
        self.uncounted = 0;
    }

    fn write_held(&mut self, out: &mut dyn Write) -> io::Result<()> {
        let Some((body, outward)) = self.held.take() else { return Ok(()) };
        let mut options = Vec::new();
        self.take_comments(&mut options);
        let direction: u32 = if outward { 2 } else { 1 };
        put_option(option::EPB_FLAGS, &direction.to_le_bytes(), &mut options);
        put_block(ENHANCED_PACKET, &body, &options, out)
    }
}

/// Writes the segments of a record.
fn with_segments<T>(
    packets: &mut Packets,
    unix_ns: i64,
    out: &mut dyn Write,
    make: impl FnOnce(&mut Emit<'_>) -> Result<T, SaveError>,
) -> Result<T, SaveError> {
    let mut frame = Vec::new();
    make(&mut |way, segment, payload| {
        frame.clear();
        if packet::tcp(way, segment, payload, &mut frame) {
            packets.packet(unix_ns, &frame, way.outward, out)?;
        }
        Ok(())
    })
}

impl Pcapng<'_> {
    fn datagram(&mut self, data: &Data<'_>, remote: SocketAddr, out: &mut dyn Write) -> Result<bool, SaveError> {
        let record = data.head.record;
        let known = record.destination().and_then(|local| self.reader.local_address(local)).map(unmap_v4);
        let local = known.unwrap_or_else(|| self.conversations.local.towards(remote, record.peer));
        let outward = data.direction == Direction::Sent;
        let (from, to) = if outward { (local, remote) } else { (remote, local) };
        let mut frame = Vec::new();
        let way = Way { from, to, peer: record.peer, outward };
        let fits = data.whole().is_some_and(|payload| packet::udp(&way, payload, &mut frame));
        if fits {
            self.packets.packet(record.unix_ns, &frame, outward, out)?;
        }
        Ok(fits)
    }

    /// Adds a comment for a record that is not (only) a packet.
    fn remark(&mut self, head: &RecordHead<'_>, what: &str) {
        self.packets.comment(format!("{} {what}", time::utc(head.record.unix_ns)));
    }
}

/// Whether a record contains information that packets cannot express.
fn is_remarkable(kind: RecordKind, note: Option<&SessionNote>) -> bool {
    match note {
        Some(SessionNote::PeerLeft { reason }) => matches!(reason, CloseReason::Timeout | CloseReason::Error),
        _ => matches!(kind, RecordKind::Error | RecordKind::Warning | RecordKind::ClockJump),
    }
}

impl Sink for Pcapng<'_> {
    fn begin(&mut self, out: &mut dyn Write) -> Result<(), SaveError> {
        let mut body = Vec::new();
        body.extend_from_slice(&BYTE_ORDER_MAGIC.to_le_bytes());
        body.extend_from_slice(&[1, 0, 0, 0]); // version 1.0
        body.extend_from_slice(&(-1_i64).to_le_bytes()); // length of the section: unspecified
        let mut options = Vec::new();
        put_text(option::COMMENT, self.style.remark, &mut options);
        put_text(option::SHB_USER_APPLICATION, concat!("Wirebench ", env!("CARGO_PKG_VERSION")), &mut options);
        put_block(SECTION_HEADER, &body, &options, out)?;
        let [low, high] = LINKTYPE_ETHERNET.to_le_bytes();
        options.clear();
        put_text(option::IF_NAME, "wirebench", &mut options);
        put_text(option::IF_DESCRIPTION, self.reader.endpoint(), &mut options);
        put_option(option::IF_TIME_RESOLUTION, &[9], &mut options);
        Ok(put_block(INTERFACE_DESCRIPTION, &[low, high, 0, 0, 0, 0, 0, 0], &options, out)?)
    }

    fn data(&mut self, data: &Data<'_>, out: &mut dyn Write) -> Result<bool, SaveError> {
        let record = data.head.record;
        let Some(remote) = data.head.address else { return Ok(false) };
        // Added to the first packet of the frame.
        let fault = data.head.cut.and_then(Cut::fault).map(|fault| format!("frame: {fault}"));
        let sender = self.reader.name(record).map(|name| match record.cause() {
            Cause::Reply => format!("reply rule: {name}"),
            _ => format!("sent by: {name}"),
        });
        let form = record.form().name().map(|form| format!("WebSocket {form}"));
        let said: Vec<String> = form.into_iter().chain(fault).chain(sender).collect();
        let time = time::utc(record.unix_ns);
        self.packets.ahead = (!said.is_empty()).then(|| format!("{time} {}", said.join("; ")));
        if record.is_datagram() {
            return self.datagram(data, remote, out);
        }
        let (conversations, packets) = (&mut self.conversations, &mut self.packets);
        conversations.record(record, data.direction, remote);
        data.parts(&mut |part| {
            with_segments(packets, record.unix_ns, out, |emit| {
                conversations.bytes(record.peer, data.direction, part, emit)
            })
        })?;
        Ok(true)
    }

    fn unavailable(&mut self, head: &RecordHead<'_>, why: &ReadError, _out: &mut dyn Write) -> Result<(), SaveError> {
        if let (Some(remote), Some(direction), false) = (head.address, head.record.direction, head.record.is_datagram())
        {
            self.conversations.record(head.record, direction, remote);
            self.conversations.skip(head.record);
        }
        let why = (self.style.unreadable)(why);
        self.remark(head, &why);
        Ok(())
    }

    fn event(
        &mut self,
        head: &RecordHead<'_>,
        note: Option<&SessionNote>,
        out: &mut dyn Write,
    ) -> Result<bool, SaveError> {
        if let Some(SessionNote::KernelDropped { records, .. }) = note {
            self.kernel_dropped += records;
        }
        // A peer that became known by a datagram opens no connection.
        if !head.record.is_message() {
            let accepted_on = head.record.destination().and_then(|local| self.reader.local_address(local));
            if let (RecordKind::PeerJoined, Some(local), Some(remote)) = (head.record.kind, accepted_on, head.address) {
                self.conversations.accepted(local, remote, head.record.peer);
            }
            let (conversations, packets) = (&mut self.conversations, &mut self.packets);
            with_segments(packets, head.record.unix_ns, out, |emit| {
                conversations.event(head.record, note, head.address, emit)
            })?;
        }
        let remarkable = is_remarkable(head.record.kind, note);
        if remarkable {
            let sentence = (self.style.sentence)(head.record, note, head.address);
            self.remark(head, &sentence);
        }
        Ok(remarkable)
    }

    fn end(&mut self, out: &mut dyn Write) -> Result<(), SaveError> {
        self.packets.write_held(out)?;
        // If there was no packet, the comments are written here.
        let mut body = vec![0; 4];
        put_time(self.packets.last_ns, &mut body);
        let mut options = Vec::new();
        self.packets.take_comments(&mut options);
        if self.kernel_dropped > 0 {
            put_option(option::ISB_OS_DROP, &self.kernel_dropped.to_le_bytes(), &mut options);
        }
        if !options.is_empty() {
            put_block(INTERFACE_STATISTICS, &body, &options, out)?;
        }
        Ok(())
    }
}
