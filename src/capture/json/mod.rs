//! The lines of the command line's `--json` and of the export format `jsonl`: one JSON object each, named by `event`. A stable
//! interface, described in `docs/JSON.md`; readers must ignore unknown fields.

#[cfg(test)]
mod tests;
mod tls;
mod transfer;

pub use super::time::utc as time;
pub use transfer::{AnswerLine, TransferLine, TransferState};

use super::{Record, RecordKind, SessionNote, Tails};
use crate::codec::safe::json_line;
use crate::codec::{Frame, FrameKind, SequenceCounts};
use crate::model::{CounterValues, Direction, Facts, NetError, Transport, WebSocketStep, display_address};
use serde::Serialize;
use std::borrow::Cow;
use std::net::{IpAddr, SocketAddr};

/// One line.
#[derive(Debug, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Line<'a> {
    /// A listener accepts connections, or a UDP socket is bound.
    Listening {
        /// Local address.
        local: String,
        /// Id of the capture.
        capture: &'a str,
        /// Only in an export.
        #[serde(flatten)]
        at: Option<Place>,
    },
    /// A UDP socket has joined a multicast group.
    Joined {
        /// The group.
        group: IpAddr,
        /// The interfaces on which it was joined; empty: the one that the system chose.
        interfaces: Vec<String>,
        /// Only datagrams from this address are received.
        #[serde(skip_serializing_if = "Option::is_none")]
        source: Option<IpAddr>,
        /// Its record.
        #[serde(flatten)]
        at: Place,
    },
    /// A TCP client is connected.
    Connected {
        /// Local address.
        local: String,
        /// Remote address.
        remote: String,
        /// Id of the capture.
        capture: &'a str,
        /// Only in an export.
        #[serde(flatten)]
        at: Option<Place>,
    },
    /// A step of a WebSocket handshake.
    #[serde(rename = "websocket")]
    WebSocket {
        /// The address of the peer; `None` if the handshake failed.
        #[serde(skip_serializing_if = "Option::is_none")]
        peer: Option<String>,
        /// Its facts.
        #[serde(flatten)]
        step: WebSocketStep,
        /// The message in the user's language.
        message: String,
        /// Its record.
        #[serde(flatten)]
        at: Place,
    },
    /// A step of a TLS handshake.
    Tls {
        /// The address of the peer; `None` if the handshake failed.
        #[serde(skip_serializing_if = "Option::is_none")]
        peer: Option<String>,
        /// Its facts, with their names.
        #[serde(flatten)]
        step: tls::Step,
        /// The message in the user's language.
        message: String,
        /// Its record.
        #[serde(flatten)]
        at: Place,
    },
    /// Received payload.
    Received(Data<'a>),
    /// Sent payload.
    Sent(Data<'a>),
    /// A frame, or bytes that fit none.
    Frame(Framed<'a>),
    /// Counts of frames.
    Frames(FrameCounts),
    /// A peer connected, or became known by a datagram (UDP).
    PeerJoined {
        /// Its address.
        peer: Option<String>,
        /// Its record.
        #[serde(flatten)]
        at: Place,
    },
    /// A peer shut down its write side; ours remains open.
    HalfClosed {
        /// Its address.
        peer: Option<String>,
        /// Its record.
        #[serde(flatten)]
        at: Place,
    },
    /// A host name has several addresses, which are tried in turn.
    Resolved {
        /// In the order of the look-up.
        addresses: Vec<String>,
        /// Time of the look-up.
        ms: u64,
        /// Its record.
        #[serde(flatten)]
        at: Place,
    },
    /// An attempt to connect to one of several addresses ended without a connection.
    AttemptEnded {
        /// The address.
        remote: String,
        /// How long it took.
        ms: u64,
        /// Why; without it, another address answered first.
        #[serde(skip_serializing_if = "Option::is_none")]
        kind: Option<&'static str>,
        /// The message in the user's language.
        message: String,
        /// Its record.
        #[serde(flatten)]
        at: Place,
    },
    /// The facts of a connection that ends, or of a UDP socket.
    Facts {
        /// Address of the peer.
        #[serde(skip_serializing_if = "Option::is_none")]
        peer: Option<String>,
        /// What is known.
        #[serde(flatten)]
        facts: &'a Facts,
        /// Its record.
        #[serde(flatten)]
        at: Place,
    },
    /// A peer left.
    PeerLeft {
        /// Its address.
        peer: Option<String>,
        /// The reason; `None` if the record is damaged.
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<&'static str>,
        /// Incomplete characters of its streams.
        #[serde(flatten)]
        tails: TailFields,
        /// Its record.
        #[serde(flatten)]
        at: Place,
    },
    /// A problem that does not end the run or a connection.
    Warning {
        /// The message in the user's language.
        message: String,
        /// The error, if there is one.
        #[serde(flatten)]
        cause: Option<Cause>,
        /// Its record, if there is one.
        #[serde(flatten)]
        at: Option<Place>,
    },
    /// An error.
    Error {
        /// The error; `None` if the record is damaged.
        #[serde(flatten)]
        cause: Option<Cause>,
        /// The message in the user's language.
        message: String,
        /// Its record, if there is one.
        #[serde(flatten)]
        at: Option<Place>,
    },
    /// A run of the session ended.
    Closed {
        /// The reason; `None` if the record is damaged.
        #[serde(skip_serializing_if = "Option::is_none")]
        reason: Option<&'static str>,
        /// The attempt to connect again that follows, if there is one.
        #[serde(flatten)]
        next: Option<Next>,
        /// Incomplete characters of the streams.
        #[serde(flatten)]
        tails: TailFields,
        /// Its record, if there is one.
        #[serde(flatten)]
        at: Option<Place>,
    },
    /// A file transfer began, goes on, or ended.
    Transfer(TransferLine<'a>),
    /// The answer to a remote command.
    Answer(AnswerLine<'a>),
    /// What the sequence numbers of one sender show.
    Sequence(SequenceLine),
    /// The counters of a session; the last line.
    Summary(Summary<'a>),
}

/// What the sequence numbers of one sender show; see [`SequenceCounts`].
#[derive(Debug, Serialize)]
pub struct SequenceLine {
    /// Its address.
    pub peer: Option<String>,
    /// Messages with a number.
    pub received: u64,
    /// Numbers that never arrived.
    pub lost: u64,
    /// Messages whose number had arrived before.
    pub duplicated: u64,
    /// Messages that arrived after a higher number.
    pub reordered: u64,
    /// Jumps too far to be a loss.
    pub restarted: u64,
    /// Messages too short for the number.
    pub short: u64,
    /// Smoothed deviation of the arrivals from an even pace.
    pub jitter_us: u64,
}

impl SequenceLine {
    /// The line of a sender.
    #[must_use]
    pub fn new(peer: Option<String>, counts: &SequenceCounts) -> Self {
        let SequenceCounts { received, lost, duplicated, reordered, restarted, short, .. } = *counts;
        Self { peer, received, lost, duplicated, reordered, restarted, short, jitter_us: counts.jitter_us() }
    }
}

/// The next attempt of a client that connects again.
#[derive(Debug, Serialize)]
pub struct Next {
    /// Its number since there was a connection, from 1.
    pub attempt: u32,
    /// The number of the last attempt, if they are limited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempts: Option<u32>,
    /// The wait before it.
    pub wait_ms: u64,
}

/// Number and time of a line's record.
#[derive(Debug, Serialize)]
pub struct Place {
    /// The record's number.
    pub seq: u64,
    /// Time of the record.
    pub time: String,
}

impl Place {
    /// Number and time of a record.
    #[must_use]
    pub fn of(record: &Record) -> Self {
        Self { seq: record.number, time: time(record.unix_ns) }
    }
}

/// Payload.
#[derive(Debug, Serialize)]
pub struct Data<'a> {
    /// Its record.
    #[serde(flatten)]
    pub at: Place,
    /// Address of the peer.
    pub peer: Option<String>,
    /// For received datagrams: the local address it was sent to, if known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub local: Option<String>,
    /// For received datagrams: the interface it arrived on, if known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interface: Option<String>,
    /// Of a forward: the pair of connections or addresses that it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pair: Option<u32>,
    /// Count of payload bytes.
    pub len: u32,
    /// The form of the message, of a layer that has messages: `text`, `binary`, `ping`, `pong`, `close`, `opcode N`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub form: Option<Cow<'static, str>>,
    /// The message goes on in the next line of this peer and direction.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub goes_on: bool,
    /// In an export that is cut or verified: the kind of the item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<&'static str>,
    /// In such an export: the result of the check.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check: Option<&'static str>,
    /// Sent payload: the rule, step or command that sent it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The bytes as hex.
    pub hex: String,
    /// The text that they complete.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<&'a str>,
    /// Why the bytes are missing (a sent file that has changed).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unavailable: Option<&'a str>,
}

/// A frame, or bytes that fit none.
#[derive(Debug, Serialize)]
pub struct Framed<'a> {
    /// The record that contains the first byte.
    pub seq_first: u64,
    /// The record that contains the last byte.
    pub seq_last: u64,
    /// Time of the first record.
    pub time: String,
    /// Address of the peer.
    pub peer: Option<String>,
    /// `received` or `sent`.
    pub direction: &'static str,
    /// `frame`, `junk`, `incomplete` or `separator`.
    pub kind: &'static str,
    /// Offset of the first byte in the stream of this peer and direction.
    pub offset: u64,
    /// Count of all bytes, which are in `hex`.
    pub len: u64,
    /// The bytes as hex.
    pub hex: String,
    /// The payload without delimiters, header and escapes, as hex.
    pub payload: String,
    /// The payload as text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<&'a str>,
    /// A sent frame: the rule, step or command that sent its first byte.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Result of the check.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check: Option<&'static str>,
    /// For a failed check: the expected value as a number in hexadecimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub computed: Option<String>,
    /// The value found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found: Option<String>,
    /// Both values as in the frame: bytes in order, or the digits of its text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub computed_wire: Option<String>,
    /// See `computed_wire`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found_wire: Option<String>,
}

/// Counts of frames that were printed. Without `sent_`: of received frames.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct FrameCounts {
    /// Complete frames.
    pub frames: u64,
    /// Frames whose check failed.
    pub bad: u64,
    /// Bytes that fit no frame.
    pub junk_bytes: u64,
    /// Frames that never ended.
    pub incomplete: u64,
    /// The part of `junk_bytes` from frames that were given up because all streams together held too much.
    #[serde(skip_serializing_if = "is_zero")]
    pub given_up_bytes: u64,
    /// Complete frames that were sent.
    #[serde(skip_serializing_if = "is_zero")]
    pub sent_frames: u64,
    /// Sent frames whose check failed.
    #[serde(skip_serializing_if = "is_zero")]
    pub sent_bad: u64,
    /// Sent bytes that fit no frame.
    #[serde(skip_serializing_if = "is_zero")]
    pub sent_junk_bytes: u64,
    /// Sent frames that never ended.
    #[serde(skip_serializing_if = "is_zero")]
    pub sent_incomplete: u64,
}

impl FrameCounts {
    /// Counts a frame of this direction.
    pub fn add(&mut self, frame: &Frame, direction: Direction) {
        let (frames, bad, junk_bytes, incomplete) = match direction {
            Direction::Received => (&mut self.frames, &mut self.bad, &mut self.junk_bytes, &mut self.incomplete),
            Direction::Sent => {
                (&mut self.sent_frames, &mut self.sent_bad, &mut self.sent_junk_bytes, &mut self.sent_incomplete)
            }
        };
        match frame.kind {
            FrameKind::Frame => *frames += 1,
            FrameKind::Junk => *junk_bytes += frame.len(),
            FrameKind::Incomplete => *incomplete += 1,
            FrameKind::Separator => {}
        }
        *bad += u64::from(frame.verdict.is_some_and(|verdict| !verdict.is_ok()));
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// Incomplete characters at the end of the streams, if any.
#[derive(Debug, Default, Serialize)]
pub struct TailFields {
    /// Received.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub tail: String,
    /// Sent.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub sent_tail: String,
}

impl From<Tails> for TailFields {
    fn from(tails: Tails) -> Self {
        Self { tail: tails.received, sent_tail: tails.sent }
    }
}

/// The fields of an error without its sentence.
#[derive(Debug, Serialize)]
pub struct Cause {
    /// Its kind, such as `refused`.
    pub kind: &'static str,
    /// Why TLS failed, such as `expired`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tls: Option<&'static str>,
    /// What was wrong with WebSocket, such as `wrong_accept`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub websocket: Option<&'static str>,
    /// The operation that failed, such as `connect`.
    pub operation: &'static str,
    /// An address or a path.
    pub address: String,
}

impl Cause {
    /// Fields of an error; its address without the scheme.
    #[must_use]
    pub fn of(error: &NetError) -> Self {
        Self {
            kind: error.kind.name(),
            tls: error.tls.as_ref().map(|fault| fault.name()),
            websocket: error.websocket.as_ref().map(|fault| fault.name()),
            operation: error.operation.name(),
            address: bare_address(&error.address),
        }
    }
}

/// Converts `tcp://IP:PORT` to `IP:PORT`, with v4-mapped addresses as v4; paths are unchanged.
fn bare_address(address: &str) -> String {
    let bare = ["tcp://", "tls://", "ws://", "wss://", "udp://"]
        .iter()
        .find_map(|scheme| address.strip_prefix(scheme))
        .unwrap_or(address);
    bare.parse::<SocketAddr>().map_or_else(|_| bare.to_owned(), display_address)
}

/// The last line.
#[derive(Debug, Serialize)]
pub struct Summary<'a> {
    received_bytes: u64,
    received_records: u64,
    stored_bytes: u64,
    stored_records: u64,
    dropped_bytes: u64,
    dropped_records: u64,
    kernel_dropped_records: Option<u64>,
    evicted_bytes: u64,
    evicted_records: u64,
    sent_bytes: u64,
    sent_records: u64,
    capture: Option<&'a str>,
    /// Conditions that were not met, by option name: `until_bytes`; each once.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unmet: Vec<String>,
    /// Each of them with its value.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unmet_detail: Vec<Unmet>,
}

/// A condition that was not met.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unmet {
    /// Such as `--expect`.
    pub option: &'static str,
    /// The value as typed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

impl<'a> Summary<'a> {
    /// Builds the summary from a session's counters.
    ///
    /// For TCP the system drops no datagrams; for UDP it does not report them on every system (`None`).
    #[must_use]
    pub fn new(counters: &CounterValues, transport: Transport, capture: Option<&'a str>) -> Self {
        let no_datagrams = (transport == Transport::Tcp).then_some(0);
        Self {
            received_bytes: counters.received_bytes,
            received_records: counters.received_records,
            stored_bytes: counters.stored_bytes,
            stored_records: counters.stored_records,
            dropped_bytes: counters.dropped_bytes,
            dropped_records: counters.dropped_records,
            kernel_dropped_records: counters.kernel_dropped_records.or(no_datagrams),
            evicted_bytes: counters.evicted_bytes,
            evicted_records: counters.evicted_records,
            sent_bytes: counters.sent_bytes,
            sent_records: counters.sent_records,
            capture,
            unmet: Vec::new(),
            unmet_detail: Vec::new(),
        }
    }

    /// Adds the conditions that were not met.
    #[must_use]
    pub fn unmet(self, unmet_detail: Vec<Unmet>) -> Self {
        let name = |unmet: &Unmet| unmet.option.trim_start_matches('-').replace('-', "_");
        let mut unmet: Vec<_> = unmet_detail.iter().map(name).collect();
        unmet.dedup();
        Self { unmet, unmet_detail, ..self }
    }
}

/// The event name of a direction's payload, also used by other export formats.
#[must_use]
pub fn data_name(direction: Direction) -> &'static str {
    match direction {
        Direction::Received => "received",
        Direction::Sent => "sent",
    }
}

/// The event name of a record that is not payload; `None` if it has no line.
#[must_use]
pub fn event_name(kind: RecordKind, note: Option<&SessionNote>) -> Option<&'static str> {
    Some(match (kind, note) {
        (RecordKind::PeerJoined, _) => "peer_joined",
        (RecordKind::PeerLeft, _) => "peer_left",
        (RecordKind::HalfClosed, _) => "half_closed",
        (RecordKind::Error, _) => "error",
        (RecordKind::Warning | RecordKind::ClockJump, _) => "warning",
        (RecordKind::Closed, _) => "closed",
        (RecordKind::State, Some(SessionNote::Listening { .. } | SessionNote::Bound { .. })) => "listening",
        (RecordKind::State, Some(SessionNote::Connected { .. })) => "connected",
        (RecordKind::State, Some(SessionNote::Joined { .. })) => "joined",
        (RecordKind::State, Some(SessionNote::Resolved { .. })) => "resolved",
        (RecordKind::State, Some(SessionNote::AttemptEnded { .. })) => "attempt_ended",
        (RecordKind::State, Some(SessionNote::Facts { .. })) => "facts",
        (RecordKind::State, Some(SessionNote::Tls { .. })) => "tls",
        (RecordKind::State, Some(SessionNote::WebSocket { .. })) => "websocket",
        (RecordKind::State | RecordKind::Data | RecordKind::Opened, _) => return None,
    })
}

/// Contents of an event's line besides its record and note.
#[derive(Debug)]
pub struct Beside<'a> {
    /// The peer's address.
    pub peer: Option<SocketAddr>,
    /// Id of the capture.
    pub capture: &'a str,
    /// Incomplete characters of streams that end here.
    pub tails: TailFields,
    /// The sentence that describes the event.
    pub message: String,
}

impl<'a> Line<'a> {
    /// The line of a record that is not payload; `None` if it has none.
    #[must_use]
    pub fn of_event(record: &Record, note: Option<&'a SessionNote>, beside: Beside<'a>) -> Option<Self> {
        let Beside { peer, capture, tails, message } = beside;
        let (at, peer) = (Place::of(record), peer.map(display_address));
        Some(match (record.kind, note) {
            (RecordKind::State, Some(SessionNote::Listening { local } | SessionNote::Bound { local })) => {
                Self::Listening { local: display_address(*local), capture, at: Some(at) }
            }
            (RecordKind::State, Some(SessionNote::Connected { local, remote, .. })) => {
                let (local, remote) = (display_address(*local), display_address(*remote));
                Self::Connected { local, remote, capture, at: Some(at) }
            }
            (RecordKind::State, Some(SessionNote::Joined { group, interfaces, source })) => {
                Self::Joined { group: *group, interfaces: interfaces.clone(), source: *source, at }
            }
            (RecordKind::State, Some(SessionNote::Resolved { addresses, took_ms })) => {
                let addresses = addresses.iter().map(|address| display_address(*address)).collect();
                Self::Resolved { addresses, ms: *took_ms, at }
            }
            (RecordKind::State, Some(SessionNote::AttemptEnded { remote, took_ms, error })) => {
                let kind = error.as_ref().map(|error| error.kind.name());
                Self::AttemptEnded { remote: display_address(*remote), ms: *took_ms, kind, message, at }
            }
            (RecordKind::State, Some(SessionNote::Facts { facts })) => Self::Facts { peer, facts, at },
            (RecordKind::State, Some(SessionNote::WebSocket { step })) => {
                Self::WebSocket { peer, step: step.clone(), message, at }
            }
            (RecordKind::State, Some(SessionNote::Tls { step })) => {
                Self::Tls { peer, step: tls::Step::of(step), message, at }
            }
            (RecordKind::PeerJoined, _) => Self::PeerJoined { peer, at },
            (RecordKind::HalfClosed, _) => Self::HalfClosed { peer, at },
            (RecordKind::PeerLeft, note) => {
                let reason = match note {
                    Some(SessionNote::PeerLeft { reason }) => Some(reason.name()),
                    _ => None,
                };
                Self::PeerLeft { peer, reason, tails, at }
            }
            (RecordKind::Closed, note) => {
                let (reason, next) = match note {
                    Some(SessionNote::Closed { reason, next }) => (Some(reason.name()), *next),
                    _ => (None, None),
                };
                let next = next.map(|next| Next { attempt: next.number, attempts: next.of, wait_ms: next.wait_ms });
                Self::Closed { reason, next, tails, at: Some(at) }
            }
            (RecordKind::Error, note) => {
                let cause = match note {
                    Some(SessionNote::Error { error }) => Some(Cause::of(error)),
                    _ => None,
                };
                Self::Error { cause, message, at: Some(at) }
            }
            (RecordKind::Warning | RecordKind::ClockJump, note) => {
                let cause = match note {
                    Some(SessionNote::Warning { warning: error } | SessionNote::SendFailed { error, .. }) => {
                        Some(Cause::of(error))
                    }
                    _ => None,
                };
                Self::Warning { message, cause, at: Some(at) }
            }
            (RecordKind::State | RecordKind::Data | RecordKind::Opened, _) => return None,
        })
    }

    /// A line for an error without a record.
    #[must_use]
    pub fn error(error: &NetError, message: String) -> Self {
        Self::Error { cause: Some(Cause::of(error)), message, at: None }
    }

    /// The form printed by a session, where the opening lines have no record.
    #[must_use]
    pub fn of_session(mut self) -> Self {
        if let Self::Listening { at, .. } | Self::Connected { at, .. } = &mut self {
            *at = None;
        }
        self
    }

    /// A line of payload.
    #[must_use]
    pub fn data(direction: Direction, data: Data<'a>) -> Self {
        match direction {
            Direction::Received => Self::Received(data),
            Direction::Sent => Self::Sent(data),
        }
    }

    /// The line, without a line end.
    #[must_use]
    pub fn to_text(&self) -> String {
        json_line(self)
    }

    /// The line with its fields sorted by name, as used for events in an export.
    #[must_use]
    pub fn to_sorted_text(&self) -> String {
        // A map of JSON is sorted.
        serde_json::to_value(self).map_or_else(|_| self.to_text(), |fields| json_line(&fields))
    }

    /// The parts of a payload's line around `hex` and `text`, which are written separately because they are long: the text before
    /// the first digit, between both, and after the text.
    #[must_use]
    pub fn around_payload(&self) -> [String; 3] {
        let (between, end) = (r#"","text":""#, r#""}"#);
        let line = self.to_text();
        let head = line.strip_suffix(&format!("{between}{end}")).unwrap_or(&line).to_owned();
        [head, between.to_owned(), end.to_owned()]
    }
}
