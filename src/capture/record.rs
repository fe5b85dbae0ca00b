//! What a record is.

use super::disk;
use super::format::{self, Entry};
use super::{Cause, LocalId, Marks};
use crate::model::{CloseReason, Direction, NetError, PeerId};
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

/// The kind of a record, as stored (one byte).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum RecordKind {
    /// Payload of one read, write or datagram; 0 bytes are possible (an empty datagram).
    Data = 1,
    /// A run of the session began: payload = [`SessionNote::Opened`] as JSON.
    Opened = 2,
    /// The session ended: payload = [`SessionNote::Closed`].
    Closed = 3,
    /// A peer connected (TCP) or was first seen (UDP). Its address is in the peer table.
    PeerJoined = 4,
    /// A peer is gone: payload = [`SessionNote::PeerLeft`].
    PeerLeft = 5,
    /// The peer shut down its write side and we keep ours open.
    HalfClosed = 6,
    /// Something failed: payload = [`SessionNote::Error`].
    Error = 7,
    /// Something the user should know: payload = [`SessionNote::Warning`].
    Warning = 8,
    /// The wall clock was set: the times before and after differ by more than the time that passed. First record of a new segment.
    ClockJump = 9,
    /// Progress of the session that is worth a line: connecting, listening, connected: payload = [`SessionNote::Connecting`], [`SessionNote::Connected`],
    /// [`SessionNote::Listening`], [`SessionNote::Bound`] or [`SessionNote::SendCancelled`].
    State = 10,
}

impl RecordKind {
    /// All kinds, by code.
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

    /// The kind with this stored code.
    #[must_use]
    pub fn of_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| *kind as u8 == code)
    }
}

/// Payload of the records that are not data, as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "note", rename_all = "snake_case")]
pub enum SessionNote {
    /// A run began.
    Opened {
        /// Run number from 1.
        run: u32,
        /// What was asked (`tcp://…`), as shown to the user.
        endpoint: String,
    },
    /// Connecting to / resolving.
    Connecting {
        /// The address.
        remote: String,
    },
    /// A TCP client is connected.
    Connected {
        /// Our end.
        local: SocketAddr,
        /// Their end.
        remote: SocketAddr,
        /// How long name look-up and connect took, in ms.
        took_ms: u64,
    },
    /// A TCP listener accepts.
    Listening {
        /// The bound address.
        local: SocketAddr,
    },
    /// A UDP socket is bound.
    Bound {
        /// The bound address.
        local: SocketAddr,
    },
    /// A run ended.
    Closed {
        /// Why.
        reason: CloseReason,
    },
    /// A peer is gone.
    PeerLeft {
        /// Why.
        reason: CloseReason,
    },
    /// A failure.
    Error {
        /// What failed.
        error: NetError,
    },
    /// A warning: something failed that does not end anything.
    Warning {
        /// What was found.
        warning: NetError,
    },
    /// The user stopped a send before it was complete.
    SendCancelled {
        /// Bytes that the sockets had taken.
        sent_bytes: u64,
        /// Of how many, all peers together; `None` = not known.
        total_bytes: Option<u64>,
    },
    /// A file that was sent on the user's word did not get through.
    SendFailed {
        /// Bytes that the sockets had taken.
        sent_bytes: u64,
        /// Of how many, all peers together; `None` = not known.
        total_bytes: Option<u64>,
        /// Why.
        error: NetError,
    },
    /// The system dropped datagrams before we could read them.
    KernelDropped {
        /// New since the last such note.
        records: u64,
        /// The receive buffer that was full, bytes; 0 = not known.
        #[serde(default)]
        buffer_bytes: u64,
    },
    /// The capture could not be written for a while and reading had stopped; it goes on.
    Resumed {
        /// How long it stood, ms.
        after_ms: u64,
    },
    /// The clock was set.
    ClockJump {
        /// New wall time less the expected one, ns.
        by_ns: i64,
    },
}

impl SessionNote {
    /// The kind of record that carries it.
    #[must_use]
    pub fn kind(&self) -> RecordKind {
        match self {
            Self::Opened { .. } => RecordKind::Opened,
            Self::Connecting { .. }
            | Self::Connected { .. }
            | Self::Listening { .. }
            | Self::Bound { .. }
            | Self::SendCancelled { .. } => RecordKind::State,
            Self::Closed { .. } => RecordKind::Closed,
            Self::PeerLeft { .. } => RecordKind::PeerLeft,
            Self::Error { .. } => RecordKind::Error,
            Self::Warning { .. } | Self::SendFailed { .. } | Self::KernelDropped { .. } | Self::Resumed { .. } => {
                RecordKind::Warning
            }
            Self::ClockJump { .. } => RecordKind::ClockJump,
        }
    }
}

/// A record to append.
#[derive(Debug)]
pub struct NewRecord<'a> {
    /// The kind.
    pub kind: RecordKind,
    /// For data only.
    pub direction: Option<Direction>,
    /// Whose, or [`PeerId::NONE`].
    pub peer: PeerId,
    /// The bytes.
    pub payload: Payload<'a>,
    /// Data: what it says besides.
    pub marks: Marks,
}

impl<'a> NewRecord<'a> {
    /// Bytes that came from or went to `peer`.
    #[must_use]
    pub fn data(direction: Direction, peer: PeerId, payload: Payload<'a>) -> Self {
        Self { kind: RecordKind::Data, direction: Some(direction), peer, payload, marks: Marks::default() }
    }

    /// The same with these marks.
    #[must_use]
    pub fn marked(self, marks: Marks) -> Self {
        Self { marks, ..self }
    }

    /// A note; its JSON is written to `json`, whose earlier content goes.
    #[must_use]
    pub fn note(peer: PeerId, note: &SessionNote, json: &'a mut Vec<u8>) -> Self {
        json.clear();
        if serde_json::to_writer(&mut *json, note).is_err() {
            json.clear(); // notes are plain values and a Vec takes all: cannot happen, and an empty note is still a record
        }
        Self { kind: note.kind(), direction: None, peer, payload: Payload::Bytes(json), marks: Marks::default() }
    }

    /// A record of a kind that has no payload: [`RecordKind::PeerJoined`], [`RecordKind::HalfClosed`].
    #[must_use]
    pub fn bare(kind: RecordKind, peer: PeerId) -> Self {
        Self { kind, direction: None, peer, payload: Payload::Bytes(&[]), marks: Marks::default() }
    }
}

/// The size and modification time (unix ns; 0 where the system knows none) by which [`Payload::File`] notices a change.
#[must_use]
pub fn file_stamp(metadata: &std::fs::Metadata) -> (u64, i64) {
    (metadata.len(), metadata.modified().map_or(0, disk::unix_ns))
}

/// Where a record's bytes come from.
#[derive(Debug)]
pub enum Payload<'a> {
    /// Copied into the capture.
    Bytes(&'a [u8]),
    /// Stored once a segment, however often the same `Arc` is appended (repeat, all peers). `start..end` = the part that was sent.
    Shared {
        /// The whole payload.
        bytes: &'a Arc<[u8]>,
        /// First byte sent.
        start: usize,
        /// Behind the last byte sent.
        end: usize,
    },
    /// The same bytes as the record with this number (an echo); copied only where that record is in another segment.
    /// Where its bytes were evicted meanwhile, the new record has its length and reads as [`super::ReadError::Evicted`].
    SameAs(u64),
    /// A part of a file that was sent: only the reference is stored.
    File {
        /// Absolute path.
        path: &'a Path,
        /// Offset in the file.
        offset: u64,
        /// Bytes sent from there.
        len: u32,
        /// Size and modification time (unix ns) of the file when the send began, to notice a change.
        size: u64,
        /// See `size`.
        modified_ns: i64,
        /// [`super::part_hash`] of the bytes; 0 = not known.
        hash: u64,
    },
}

/// A stored record without its payload (which is read separately, in parts if it is big).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record {
    /// Number from 0, never reused.
    pub number: u64,
    /// Kind.
    pub kind: RecordKind,
    /// For data.
    pub direction: Option<Direction>,
    /// Whose.
    pub peer: PeerId,
    /// Payload bytes.
    pub len: u32,
    /// Wall time, ns since 1970-01-01 UTC.
    pub unix_ns: i64,
    /// Monotonic time since the capture was created, ns.
    pub mono_ns: u64,
    /// Data only: offset of the first byte in the stream of this peer and direction.
    pub stream_offset: u64,
    /// Data only: number of the previous data record of the same peer and direction (may be evicted). `None` = the first,
    /// or (`stream_offset` > 0) more than 4,294,967,294 records back.
    pub previous: Option<u64>,
    /// The payload is a reference to a file that was sent.
    pub from_file: bool,
    /// What it says besides.
    pub(super) marks: Marks,
    /// Where the payload lies (private to the room).
    pub(super) data_offset: u64,
    /// Bytes there (private to the room).
    pub(super) stored: u32,
    /// `format::FLAGS_STORED` of its entry (private to the room).
    pub(super) flags: u16,
}

impl Record {
    /// Data: a datagram or message, a whole of its own. Otherwise the data records of one peer and direction are one stream.
    /// A peer that joined: it was first heard of by a message, and is not connected.
    #[must_use]
    pub fn stands_alone(&self) -> bool {
        self.marks.stands_alone
    }

    /// Sent by the program by itself, see [`Record::cause`].
    #[must_use]
    pub fn is_automatic(&self) -> bool {
        self.marks.is_automatic
    }

    /// Why it was sent.
    #[must_use]
    pub fn cause(&self) -> Cause {
        self.marks.cause
    }

    /// The action it belongs to, with the other records of the same number.
    #[must_use]
    pub fn action(&self) -> Option<u32> {
        Some(self.marks.action).filter(|action| *action != 0)
    }

    /// Which of our own addresses it came to or went from: [`super::CaptureReader::local_address`].
    #[must_use]
    pub fn destination(&self) -> Option<LocalId> {
        Some(self.marks.local).filter(|local| *local != LocalId::UNKNOWN)
    }

    /// Its bytes are those of the other record, stored once for both.
    #[must_use]
    pub fn shares_payload(&self, other: &Self) -> bool {
        let place = |record: &Self| (record.len, record.data_offset, record.stored, record.flags);
        self.len == 0 && other.len == 0 || place(self) == place(other)
    }

    /// All that it says besides its bytes.
    #[must_use]
    pub fn marks(&self) -> Marks {
        self.marks
    }

    /// From its entry; `None` = no entry a writer makes.
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
