//! The lines of `--json`: one object each, named by `event`. A stable contract; readers ignore what they do not know.

use crate::codec::safe::json_line;
use crate::model::{CounterValues, NetError, Transport, display_address};
use crate::words::{self, Lang};
use serde::Serialize;
use std::net::SocketAddr;

/// One line.
#[derive(Debug, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(super) enum Line<'a> {
    Listening {
        local: String,
        capture: &'a str,
    },
    Connected {
        local: String,
        remote: String,
        capture: &'a str,
    },
    Received(Data<'a>),
    Sent(Data<'a>),
    Frame(Framed<'a>),
    Frames(FrameCounts),
    PeerJoined {
        peer: Option<String>,
        #[serde(flatten)]
        at: Place,
    },
    HalfClosed {
        peer: Option<String>,
        #[serde(flatten)]
        at: Place,
    },
    PeerLeft {
        peer: Option<String>,
        reason: &'static str,
        #[serde(flatten)]
        tails: TailFields,
        #[serde(flatten)]
        at: Place,
    },
    Warning {
        message: String,
        #[serde(flatten)]
        cause: Option<Cause>,
        #[serde(flatten)]
        at: Option<Place>,
    },
    Error {
        #[serde(flatten)]
        cause: Cause,
        message: String,
        #[serde(flatten)]
        at: Option<Place>,
    },
    Closed {
        reason: &'static str,
        #[serde(flatten)]
        tails: TailFields,
        #[serde(flatten)]
        at: Option<Place>,
    },
    Summary(Summary<'a>),
}

/// Number and time of the record a line is about.
#[derive(Debug, Serialize)]
pub(super) struct Place {
    pub seq: u64,
    pub time: String,
}

/// Payload.
#[derive(Debug, Serialize)]
pub(super) struct Data<'a> {
    #[serde(flatten)]
    pub at: Place,
    pub peer: Option<String>,
    /// Received datagrams: the address of ours that it was sent to, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub local: Option<String>,
    pub len: u32,
    pub hex: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<&'a str>,
    /// Why the bytes are not there (a sent file that has changed since).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unavailable: Option<&'a str>,
}

/// A frame, or bytes that fit none.
#[derive(Debug, Serialize)]
pub(super) struct Framed<'a> {
    /// Record that holds the first byte.
    pub seq_first: u64,
    /// Record that holds the last byte.
    pub seq_last: u64,
    /// Of the first record.
    pub time: String,
    pub peer: Option<String>,
    pub direction: &'static str,
    pub kind: &'static str,
    /// Offset of the first byte in the stream of this peer and direction.
    pub offset: u64,
    /// Of all bytes, which `hex` holds.
    pub len: u64,
    pub hex: String,
    /// Without delimiters, header and escapes.
    pub payload: String,
    /// The payload's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check: Option<&'static str>,
    /// Where the check is bad: what the value should be, as a number in hexadecimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub computed: Option<String>,
    /// And what stands there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found: Option<String>,
    /// The same two as they stand in the frame: bytes in their order, or the digits of its text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub computed_wire: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found_wire: Option<String>,
}

/// Counts of what was told as frames.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct FrameCounts {
    pub frames: u64,
    /// Whose check was wrong.
    pub bad: u64,
    /// Bytes that fit no frame.
    pub junk_bytes: u64,
    /// Frames whose end never came.
    pub incomplete: u64,
    /// Of the bytes that fit no frame: of frames that were given up because all streams together held too much.
    #[serde(skip_serializing_if = "is_zero")]
    pub given_up_bytes: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// What was unfinished at the end of the streams, where something was.
#[derive(Debug, Default, Serialize)]
pub(super) struct TailFields {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub tail: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub sent_tail: String,
}

/// A failure without its sentence.
#[derive(Debug, Serialize)]
pub(super) struct Cause {
    pub kind: &'static str,
    pub operation: &'static str,
    pub address: String,
}

impl Cause {
    /// Of an error; its address without the scheme.
    pub fn of(error: &NetError) -> Self {
        Self { kind: error.kind.name(), operation: error.operation.name(), address: bare_address(&error.address) }
    }
}

/// `IP:PORT` of `tcp://IP:PORT`, v4-mapped addresses as v4; paths stay as they are.
fn bare_address(address: &str) -> String {
    let bare = address.strip_prefix("tcp://").or_else(|| address.strip_prefix("udp://")).unwrap_or(address);
    bare.parse::<SocketAddr>().map_or_else(|_| bare.to_owned(), display_address)
}

/// The last line.
#[derive(Debug, Serialize)]
pub(super) struct Summary<'a> {
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
    /// Conditions that were not met, by their options: `until_bytes`; each once.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unmet: Vec<String>,
    /// Each of them with its value.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unmet_detail: Vec<Unmet>,
}

/// A condition that was not met.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Unmet {
    /// Such as `--expect`.
    pub option: &'static str,
    /// As it was typed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

impl<'a> Summary<'a> {
    /// Of a session's counters.
    ///
    /// Of TCP the system drops no datagrams; of UDP it does not say so everywhere (`None`).
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

    /// With the conditions that were not met.
    pub fn unmet(self, unmet_detail: Vec<Unmet>) -> Self {
        let name = |unmet: &Unmet| unmet.option.trim_start_matches('-').replace('-', "_");
        let mut unmet: Vec<_> = unmet_detail.iter().map(name).collect();
        unmet.dedup();
        Self { unmet, unmet_detail, ..self }
    }
}

impl Line<'_> {
    /// An error that is no record.
    pub fn error(error: &NetError, lang: Lang) -> Self {
        Self::Error { cause: Cause::of(error), message: words::error_sentence(error, lang), at: None }
    }

    /// The line, without a line end.
    pub fn to_text(&self) -> String {
        json_line(self)
    }
}

/// RFC 3339 in UTC with all nine digits of the nanoseconds.
pub(super) fn time(unix_ns: i64) -> String {
    jiff::Timestamp::from_nanosecond(i128::from(unix_ns)).map_or_else(|_| String::new(), |time| format!("{time:.9}"))
}

/// In the system's time zone, in a form of jiff's `strftime`.
pub(super) fn local_time(unix_ns: i64, form: &str) -> String {
    jiff::Timestamp::from_nanosecond(i128::from(unix_ns))
        .map_or_else(|_| String::new(), |time| time.to_zoned(jiff::tz::TimeZone::system()).strftime(form).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ErrorKind, Operation};

    #[test]
    fn times_have_nine_digits() {
        assert_eq!(time(0), "1970-01-01T00:00:00.000000000Z");
        assert_eq!(time(1_790_000_000_000_000_001), "2026-09-21T14:13:20.000000001Z");
        assert_eq!(time(1_790_000_000_500_000_000), "2026-09-21T14:13:20.500000000Z");
    }

    #[test]
    fn addresses_have_no_scheme() {
        for (address, bare) in [
            ("tcp://127.0.0.1:80", "127.0.0.1:80"),
            ("udp://[::ffff:10.0.0.1]:5", "10.0.0.1:5"),
            ("tcp://[::1]:80", "[::1]:80"),
            ("tcp://nowhere.invalid:80", "nowhere.invalid:80"),
            ("/a/b", "/a/b"),
        ] {
            assert_eq!(bare_address(address), bare);
        }
    }

    #[test]
    fn a_line_names_its_event_first() {
        let place = || Place { seq: 3, time: time(0) };
        let data = Data {
            at: place(),
            peer: Some("1.2.3.4:5".into()),
            local: None,
            len: 1,
            hex: "61".into(),
            text: Some("a"),
            unavailable: None,
        };
        assert_eq!(
            Line::Received(data).to_text(),
            r#"{"event":"received","seq":3,"time":"1970-01-01T00:00:00.000000000Z","peer":"1.2.3.4:5","len":1,"hex":"61","text":"a"}"#
        );
        let left = Line::PeerLeft { peer: None, reason: "reset", tails: TailFields::default(), at: place() };
        assert_eq!(
            left.to_text(),
            r#"{"event":"peer_left","peer":null,"reason":"reset","seq":3,"time":"1970-01-01T00:00:00.000000000Z"}"#
        );
        let error = NetError::new(Operation::Connect, ErrorKind::Refused, "tcp://127.0.0.1:1", "");
        let line = Line::Warning { message: "m".into(), cause: Some(Cause::of(&error)), at: None };
        assert_eq!(
            line.to_text(),
            r#"{"event":"warning","message":"m","kind":"refused","operation":"connect","address":"127.0.0.1:1"}"#
        );
    }
}
