//! Parses head lines and converts their local times.
//!
//! ```text
//! [2019-07-12 16:05:48.417]# RECV ASCII FROM 192.168.56.1 :4089>
//! [2019-07-12 16:05:48.417]# RECV HEX>
//! [2025-02-21 10:37:01.615]# RECV ASCII/30 from 192.168.1.253 :49153 <<<
//! [2025-02-21 10:37:02.188]# SEND ASCII/26 >>>
//! [2025-01-13 14:12:56.584]# SEND ASCII(4)>
//! [2025-01-13 14:12:56.616]# RECV ASCII 19B>
//! ```
//!
//! The number is the length of the payload. Payload may start after the head on the same line.

use super::super::export::{NETASSIST_MARK, is_netassist_frame_note};
use crate::model::{Direction, foreign_zone};
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone};
use std::net::{SocketAddr, SocketAddrV6};

/// `[2019-07-12 16:05:41.240]# `
const STAMP_LEN: usize = 27;

/// A head line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct HeadLine {
    pub unix_ns: i64,
    pub what: What,
    /// Offset of the payload in the line; `None` if it starts on the next line.
    pub payload_at: Option<usize>,
}

/// Content of a head line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    Online(SocketAddr),
    Offline(SocketAddr),
    Data {
        direction: Direction,
        is_hex: bool,
        /// `None` if sent to all peers, or no peer is named.
        peer: Option<SocketAddr>,
        /// Length of the payload in bytes, if given.
        len: Option<usize>,
    },
    /// This program wrote the log.
    Mark,
    /// A problem of the frame in the next entry. The import ignores it: framing the capture finds it again.
    FrameNote,
    Other,
}

/// Converts local times to instants. If the clock was set back, some times exist twice: the earlier one is used, unless only the
/// later one keeps the entries in order.
#[derive(Debug)]
pub(super) struct Clock<'a> {
    zone: &'a TimeZone,
    previous: Option<i64>,
    /// Count of times that existed twice.
    pub ambiguous: u64,
    /// Count of times that the clock skipped.
    pub skipped: u64,
}

impl<'a> Clock<'a> {
    pub fn new(zone: &'a TimeZone) -> Self {
        Self { zone, previous: None, ambiguous: 0, skipped: 0 }
    }

    /// Parses a line as a head line; `None` if it is none.
    pub fn head(&mut self, line: &[u8]) -> Option<HeadLine> {
        let stamp = line.get(..STAMP_LEN)?;
        let time = stamp.strip_prefix(b"[")?.strip_suffix(b"]# ")?;
        let unix_ns = self.instant(std::str::from_utf8(time).ok()?.replace(' ', "T").parse().ok()?)?;
        let rest = &line[STAMP_LEN..];
        let rest = rest.strip_suffix(b"\n").unwrap_or(rest);
        let rest = rest.strip_suffix(b"\r").unwrap_or(rest);
        let (what, payload_at) = data(rest).unwrap_or_else(|| (event(rest).unwrap_or(What::Other), None));
        Some(HeadLine { unix_ns, what, payload_at: payload_at.map(|at| STAMP_LEN + at) })
    }

    fn instant(&mut self, time: DateTime) -> Option<i64> {
        let zoned = self.zone.to_ambiguous_zoned(time);
        let offset = zoned.offset();
        let unix_ns =
            |zoned: Result<jiff::Zoned, jiff::Error>| i64::try_from(zoned.ok()?.timestamp().as_nanosecond()).ok();
        let instant = match offset {
            AmbiguousOffset::Fold { .. } => {
                let (earlier, later) = (unix_ns(zoned.clone().earlier())?, unix_ns(zoned.later())?);
                let only_later = self.previous.is_some_and(|previous| earlier < previous && later >= previous);
                if only_later { later } else { earlier }
            }
            _ => unix_ns(zoned.compatible())?,
        };
        self.ambiguous += u64::from(matches!(offset, AmbiguousOffset::Fold { .. }));
        self.skipped += u64::from(matches!(offset, AmbiguousOffset::Gap { .. }));
        self.previous = Some(instant);
        Some(instant)
    }
}

fn event(rest: &[u8]) -> Option<What> {
    let rest = std::str::from_utf8(rest).ok()?.trim_end();
    if rest == NETASSIST_MARK {
        return Some(What::Mark);
    }
    if is_netassist_frame_note(rest) {
        return Some(What::FrameNote);
    }
    let client = rest.strip_prefix("Client ")?;
    let (address, is_online) = match client.strip_suffix(" gets online.") {
        Some(address) => (address, true),
        None => (client.strip_suffix(" gets offline.")?, false),
    };
    let address = spaced_address(address)?;
    Some(if is_online { What::Online(address) } else { What::Offline(address) })
}

/// Parses the head of a payload entry and the offset of the payload after it.
fn data(rest: &[u8]) -> Option<(What, Option<usize>)> {
    let end = rest.iter().position(|byte| matches!(byte, b'>' | b'<'))?;
    let text = std::str::from_utf8(&rest[..end]).ok()?;
    let behind = match &rest[end..] {
        [b'>', b'>', b'>', ..] | [b'<', b'<', b'<', ..] if text.ends_with(' ') => end + 3,
        [b'>', ..] => end + 1,
        _ => return None,
    };
    let (verb, text) = text.split_once(' ')?;
    let direction = match verb {
        "RECV" => Direction::Received,
        "SEND" => Direction::Sent,
        _ => return None,
    };
    let (is_hex, text) = match text.strip_prefix("HEX") {
        Some(text) => (true, text),
        None => (false, text.strip_prefix("ASCII")?),
    };
    let (len, place) = length(text)?;
    let what = What::Data { direction, is_hex, peer: spaced_address(without_preposition(place)), len };
    Some((what, (behind < rest.len()).then_some(behind)))
}

/// Parses `/30`, `(4)` or ` 19B` before the address; `None` if it is anything else.
fn length(text: &str) -> Option<(Option<usize>, &str)> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let cut = |start: &str, end: &str| {
        let number = text.strip_prefix(start)?;
        let (number, rest) = number.split_at(digits(number));
        Some((number.parse().ok()?, rest.strip_prefix(end)?))
    };
    if let Some((len, rest)) = cut("/", "").or_else(|| cut("(", ")")).or_else(|| cut(" ", "B")) {
        return (rest.is_empty() || rest.starts_with(' ')).then_some((Some(len), rest.trim()));
    }
    (text.is_empty() || text.starts_with(' ')).then_some((None, text.trim()))
}

fn without_preposition(place: &str) -> &str {
    let (first, rest) = place.split_once(' ').unwrap_or((place, ""));
    if first.eq_ignore_ascii_case("from") || first.eq_ignore_ascii_case("to") { rest } else { place }
}

/// Parses `192.168.56.1 :4089`, also without the space, and with an IPv6 address without brackets.
fn spaced_address(text: &str) -> Option<SocketAddr> {
    if let Ok(address) = text.parse() {
        return Some(address);
    }
    let (ip, port) = text.rsplit_once(':')?;
    let (ip, port) = (ip.trim().trim_matches(['[', ']']), port.trim().parse().ok()?);
    match ip.split_once('%') {
        None => Some(SocketAddr::new(ip.parse().ok()?, port)),
        // The log may come from another machine.
        Some((ip, zone)) => Some(SocketAddrV6::new(ip.parse().ok()?, port, 0, foreign_zone(zone)?).into()),
    }
}
