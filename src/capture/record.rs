//! Records: the units of a capture.

use super::disk;
use super::format::{self, Entry};
use super::{Cause, LocalId, Marks, PayloadForm};
use crate::model::{CloseReason, Direction, Facts, NetError, NextTry, PeerId, TlsStep, TransferError, WebSocketStep};
use serde::{Deserialize, Serialize};
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::sync::Arc;

/// The kind of a record, stored as one byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum RecordKind {
    /// Payload of one read, write or datagram. May be empty (an empty datagram).
    Data = 1,
    /// A run of the session started: payload = [`SessionNote::Opened`] as JSON.
    Opened = 2,
    /// The session ended: payload = [`SessionNote::Closed`].
    Closed = 3,
    /// A peer connected (TCP) or was first seen (UDP). Its address is in the peer table.
    PeerJoined = 4,
    /// A peer left: payload = [`SessionNote::PeerLeft`].
    PeerLeft = 5,
    /// The peer shut down its write side; ours remains open.
    HalfClosed = 6,
    /// An operation failed: payload = [`SessionNote::Error`].
    Error = 7,
    /// A condition that the user should know about: payload = [`SessionNote::Warning`].
    Warning = 8,
    /// The wall clock was set: it advanced by a different amount than the monotonic clock. First record of a new segment.
    ClockJump = 9,
    /// Progress of the session (connecting, listening, connected): payload = [`SessionNote::Connecting`],
    /// [`SessionNote::Resolved`], [`SessionNote::AttemptEnded`], [`SessionNote::Connected`], [`SessionNote::Listening`], [`SessionNote::Bound`], [`SessionNote::Joined`] or [`SessionNote::SendCancelled`].
    State = 10,
}

impl RecordKind {
    /// All kinds, ordered by code.
    const ALL: [Self; 10] = [
        Self::Data,
        Self::Opened,
        Self::Closed,
        Self::PeerJoined,
        Self::PeerLeft,
        Self::HalfClosed,
        Self::Error,
        Self::Warning,
        Self::ClockJump,
        Self::State,
    ];

    /// Returns the kind with this stored code.
    #[must_use]
    pub fn of_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| *kind as u8 == code)
    }
}

/// Payload of the records that are not data, stored as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "note", rename_all = "snake_case")]
pub enum SessionNote {
    /// A run started.
    Opened {
        /// Run number, counted from 1.
        run: u32,
        /// The configured endpoint (`tcp://…`), as shown to the user.
        endpoint: String,
    },
    /// Resolving a name or connecting.
    Connecting {
        /// The remote address.
        remote: String,
    },
    /// A host name has several addresses, which are tried in turn.
    Resolved {
        /// In the order of the look-up.
        addresses: Vec<SocketAddr>,
        /// Time for the look-up, in ms.
        took_ms: u64,
    },
    /// An attempt to connect to one of several addresses ended without a connection.
    AttemptEnded {
        /// The address.
        remote: SocketAddr,
        /// How long it took, in ms.
        took_ms: u64,
        /// Why; `None`: another address answered sooner.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        error: Option<NetError>,
    },
    /// A TCP client is connected.
    Connected {
        /// Local address.
        local: SocketAddr,
        /// Remote address.
        remote: SocketAddr,
        /// Time for name look-up and connect, in ms.
        took_ms: u64,
    },
    /// A TCP listener accepts connections.
    Listening {
        /// The bound address.
        local: SocketAddr,
    },
    /// A UDP socket is bound.
    Bound {
        /// The bound address.
        local: SocketAddr,
    },
    /// A UDP socket has joined a multicast group.
    Joined {
        /// The group.
        group: IpAddr,
        /// The names of the interfaces on which it was joined; empty: the one that the system chose.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        interfaces: Vec<String>,
        /// Only datagrams from this address are received.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        source: Option<IpAddr>,
    },
    /// A step of a WebSocket handshake.
    #[serde(rename = "websocket")]
    WebSocket {
        /// The step.
        step: WebSocketStep,
    },
    /// A step of a TLS handshake.
    Tls {
        /// The step.
        step: TlsStep,
    },
    /// A run ended.
    Closed {
        /// Why.
        reason: CloseReason,
        /// A client that connects again: the attempt that follows.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        next: Option<NextTry>,
    },
    /// The facts of a connection that ends, or of a UDP socket.
    Facts {
        /// What is known.
        facts: Box<Facts>,
    },
    /// A peer left.
    PeerLeft {
        /// Why.
        reason: CloseReason,
    },
    /// A failure.
    Error {
        /// What failed.
        error: NetError,
    },
    /// A problem that does not end the run or a connection.
    Warning {
        /// The problem.
        warning: NetError,
    },
    /// The user stopped a send before it was complete.
    SendCancelled {
        /// Payload bytes that the sockets had accepted.
        sent_bytes: u64,
        /// Total for all peers together; `None` if unknown.
        total_bytes: Option<u64>,
    },
    /// Sending a file that the user chose failed.
    SendFailed {
        /// Payload bytes that the sockets had accepted.
        sent_bytes: u64,
        /// Total for all peers together; `None` if unknown.
        total_bytes: Option<u64>,
        /// Why.
        error: NetError,
    },
    /// A file transfer failed, or a peer asked for one that is refused.
    TransferFailed {
        /// The name of the file, as the peer wrote it; empty if unknown.
        name: String,
        /// Why.
        error: TransferError,
    },
    /// The system dropped datagrams before they could be read.
    KernelDropped {
        /// Datagrams dropped since the last such note.
        records: u64,
        /// Size of the receive buffer that overflowed, in bytes; 0 if unknown.
        #[serde(default)]
        buffer_bytes: u64,
    },
    /// Reading resumed after the capture could not be written for a while.
    Resumed {
        /// Duration of the interruption, in ms.
        after_ms: u64,
    },
    /// The wall clock was set.
    ClockJump {
        /// New wall time minus the expected wall time, in ns.
        by_ns: i64,
    },
}

impl SessionNote {
    /// The kind of record that carries this note.
    #[must_use]
    pub fn kind(&self) -> RecordKind {
        match self {
            Self::Opened { .. } => RecordKind::Opened,
            Self::Connecting { .. }
            | Self::Resolved { .. }
            | Self::AttemptEnded { .. }
            | Self::Facts { .. }
            | Self::Connected { .. }
            | Self::Listening { .. }
            | Self::Bound { .. }
            | Self::Joined { .. }
            | Self::Tls { .. }
            | Self::WebSocket { .. }
            | Self::SendCancelled { .. } => RecordKind::State,
            Self::Closed { .. } => RecordKind::Closed,
            Self::PeerLeft { .. } => RecordKind::PeerLeft,
            Self::Error { .. } => RecordKind::Error,
            Self::Warning { .. }
            | Self::SendFailed { .. }
            | Self::TransferFailed { .. }
            | Self::KernelDropped { .. }
            | Self::Resumed { .. } => RecordKind::Warning,
            Self::ClockJump { .. } => RecordKind::ClockJump,
        }
    }
}

/// A record to append.
#[derive(Debug)]
pub struct NewRecord<'a> {
    /// The kind.
    pub kind: RecordKind,
    /// For data records only.
    pub direction: Option<Direction>,
    /// The peer, or [`PeerId::NONE`].
    pub peer: PeerId,
    /// The bytes.
    pub payload: Payload<'a>,
    /// Attributes of a data record.
    pub marks: Marks,
}

impl<'a> NewRecord<'a> {
    /// Data received from or sent to `peer`.
    #[must_use]
    pub fn data(direction: Direction, peer: PeerId, payload: Payload<'a>) -> Self {
        Self { kind: RecordKind::Data, direction: Some(direction), peer, payload, marks: Marks::default() }
    }

    /// Returns the record with these marks.
    #[must_use]
    pub fn marked(self, marks: Marks) -> Self {
        Self { marks, ..self }
    }

    /// Builds a note. Its JSON is written to `json`, replacing the previous content.
    #[must_use]
    pub fn note(peer: PeerId, note: &SessionNote, json: &'a mut Vec<u8>) -> Self {
        json.clear();
        if serde_json::to_writer(&mut *json, note).is_err() {
            json.clear(); // Unreachable: notes are plain values and a `Vec` accepts any length. An empty note is still a valid record.
        }
        Self { kind: note.kind(), direction: None, peer, payload: Payload::Bytes(json), marks: Marks::default() }
    }

    /// Builds a record of a kind without payload: [`RecordKind::PeerJoined`] or [`RecordKind::HalfClosed`].
    #[must_use]
    pub fn bare(kind: RecordKind, peer: PeerId) -> Self {
        Self { kind, direction: None, peer, payload: Payload::Bytes(&[]), marks: Marks::default() }
    }
}

/// Size and modification time (unix ns; 0 if unknown) by which [`Payload::File`] detects a changed file.
#[must_use]
pub fn file_stamp(metadata: &std::fs::Metadata) -> (u64, i64) {
    (metadata.len(), metadata.modified().map_or(0, disk::unix_ns))
}

/// Source of a record's bytes.
#[derive(Debug)]
pub enum Payload<'a> {
    /// Copied into the capture.
    Bytes(&'a [u8]),
    /// Stored once per segment, however often the same `Arc` is appended (repeats, several peers). `start..end` is the part that was
    /// sent.
    Shared {
        /// The whole payload.
        bytes: &'a Arc<[u8]>,
        /// Offset of the first byte sent.
        start: usize,
        /// Offset after the last byte sent.
        end: usize,
    },
    /// The same bytes as the record with this number (an echo). They are copied only if that record lies in another segment. If its
    /// bytes were evicted meanwhile, the new record keeps the length and reads as [`super::ReadError::Evicted`].
    SameAs(u64),
    /// Part of a file that was sent. Only the reference is stored.
    File {
        /// Absolute path.
        path: &'a Path,
        /// Offset in the file.
        offset: u64,
        /// Length of the part, in bytes.
        len: u32,
        /// Size of the file when the send started, in bytes, to detect a change.
        size: u64,
        /// Modification time (unix ns) when the send started.
        modified_ns: i64,
        /// [`super::part_hash`] of the bytes; 0 if unknown.
        hash: u64,
    },
}

/// A stored record without its payload, which is read separately (in parts if it is large).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record {
    /// Record number, counted from 0 and never reused.
    pub number: u64,
    /// Kind.
    pub kind: RecordKind,
    /// For data records.
    pub direction: Option<Direction>,
    /// The peer.
    pub peer: PeerId,
    /// Payload length in bytes.
    pub len: u32,
    /// Wall time, ns since 1970-01-01 UTC.
    pub unix_ns: i64,
    /// Monotonic time since the capture was created, in ns.
    pub mono_ns: u64,
    /// Data only: offset of the first byte within the stream of this peer and direction.
    pub stream_offset: u64,
    /// Data only: number of the previous data record of the same peer and direction (which may be evicted). `None` for the first
    /// record of the stream, or if `stream_offset` > 0 and the distance exceeds 4,294,967,294 records.
    pub previous: Option<u64>,
    /// The payload is a reference to part of a file that was sent.
    pub from_file: bool,
    /// Attributes of the record.
    pub(super) marks: Marks,
    /// Offset of the stored bytes in the data file.
    pub(super) data_offset: u64,
    /// Number of stored bytes.
    pub(super) stored: u32,
    /// `format::FLAGS_STORED` of the index entry.
    pub(super) flags: u16,
}

impl Record {
    /// Data: the record is one complete datagram or message. Otherwise it is part of the stream of its peer and direction.
    /// For a peer that joined: it became known by a datagram, not by a connection.
    #[must_use]
    pub fn is_message(&self) -> bool {
        self.marks.is_message
    }

    /// Sent automatically by the program; see [`Record::cause`].
    #[must_use]
    pub fn is_automatic(&self) -> bool {
        self.marks.is_automatic
    }

    /// Why it was sent.
    #[must_use]
    pub fn cause(&self) -> Cause {
        self.marks.cause
    }

    /// The action that the record belongs to, shared by all records of that action. Of records without payload: the failed attempts in
    /// a row of one client, with the same cause.
    #[must_use]
    pub fn action(&self) -> Option<u32> {
        Some(self.marks.action).filter(|action| *action != 0)
    }

    /// The local address it arrived at or left from; see [`super::CaptureReader::local_address`].
    #[must_use]
    pub fn destination(&self) -> Option<LocalId> {
        Some(self.marks.local).filter(|local| *local != LocalId::UNKNOWN)
    }

    /// The pair of a forward that it belongs to.
    #[must_use]
    pub fn pair(&self) -> Option<u32> {
        Some(self.marks.pair).filter(|pair| *pair > 0)
    }

    /// What its payload is in the layer that carried it.
    #[must_use]
    pub fn form(&self) -> PayloadForm {
        self.marks.form
    }

    /// A datagram of a socket that has no connection, not a message of a layer over a connection.
    #[must_use]
    pub fn is_datagram(&self) -> bool {
        self.is_message() && self.form() == PayloadForm::PLAIN
    }

    /// Its message goes on in the next record of this peer and direction.
    #[must_use]
    pub fn goes_on(&self) -> bool {
        self.marks.goes_on
    }

    /// Whether both records refer to the same stored bytes.
    #[must_use]
    pub fn shares_payload(&self, other: &Self) -> bool {
        let place = |record: &Self| (record.len, record.data_offset, record.stored, record.flags);
        self.len == 0 && other.len == 0 || place(self) == place(other)
    }

    /// All attributes of the record.
    #[must_use]
    pub fn marks(&self) -> Marks {
        self.marks
    }

    /// Decodes an index entry. `None` if no writer produces such an entry.
    pub(super) fn from_entry(number: u64, entry: &Entry, anchor_unix_ns: i64) -> Option<Self> {
        let kind = RecordKind::of_code(entry.kind)?;
        let direction = format::direction_of(entry.direction)?;
        let plain = entry.flags & format::FLAGS_STORED == 0;
        let sound = (kind == RecordKind::Data) == direction.is_some()
            && (!plain || entry.stored == entry.len)
            && entry.stream_offset <= format::NUMBER_MAX;
        sound.then(|| Self {
            number,
            kind,
            direction,
            peer: PeerId(entry.peer),
            len: entry.len,
            unix_ns: anchor_unix_ns.saturating_add_unsigned(entry.mono_ns),
            mono_ns: entry.mono_ns,
            stream_offset: entry.stream_offset,
            previous: match entry.distance {
                0 | format::DISTANCE_FAR => None,
                distance => number.checked_sub(u64::from(distance)),
            },
            from_file: entry.flags & format::FLAG_FROM_FILE != 0,
            marks: Marks::of(entry),
            data_offset: entry.data_offset,
            stored: entry.stored,
            flags: entry.flags & format::FLAGS_STORED,
        })
    }
}
