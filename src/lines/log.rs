//! Formats rows as lines of a log file: time, direction, peer, content.

use super::row::{dump_line, shown_text};
use super::{Row, RowKind, View, ViewMode};
use crate::capture::RecordKind;
use crate::codec::hex;
use crate::model::{Direction, PeerId, display_address};
use crate::words::{self, Lang};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// Format of log lines: `2026-11-21T16:05:48.900+08:00 <- #2 192.168.1.31:49730  7B 22 69 64`, with `<-` for received, `->` for sent
/// and `--` for events, and `-` for no peer.
#[derive(Clone, Debug)]
pub struct LogForm {
    lang: Lang,
    zone: TimeZone,
}

impl LogForm {
    /// Describes events in this language and uses the system's time zone.
    #[must_use]
    pub fn new(lang: Lang) -> Self {
        Self { lang, zone: TimeZone::system() }
    }

    /// Uses this time zone.
    #[must_use]
    pub fn with_zone(self, zone: TimeZone) -> Self {
        Self { zone, ..self }
    }

    /// Formats one row of `view` as one line without a line end. Data from peers is in its visible form, so that no control
    /// characters get into the log.
    #[must_use]
    pub fn line(&self, row: &Row, view: &View) -> String {
        let time = self.time(row.unix_ns);
        let mark = match &row.kind {
            RowKind::Data { direction, .. } | RowKind::Empty { direction } => arrow(*direction),
            _ => "--",
        };
        let peer = match (row.peer, row.address) {
            (PeerId::NONE, _) => "-".to_owned(),
            (peer, Some(address)) => format!("#{} {}", peer.0, display_address(address)),
            (peer, None) => format!("#{}", peer.0),
        };
        let content = self.content(row, view);
        format!("{time} {mark} {peer}  {content}").trim_end().to_owned()
    }

    /// Local time with milliseconds and offset (RFC 3339).
    fn time(&self, unix_ns: i64) -> String {
        Timestamp::from_nanosecond(i128::from(unix_ns)).map_or_else(
            |_| format!("{unix_ns} ns"),
            |time| time.to_zoned(self.zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string(),
        )
    }

    fn content(&self, row: &Row, view: &View) -> String {
        let config = view.config();
        match &row.kind {
            RowKind::Data { offset, bytes, cells, .. } => match row.mode {
                ViewMode::Text => shown_text(cells),
                ViewMode::Hex => hex::spaced_upper(bytes),
                ViewMode::Dump => dump_line(*offset, bytes, cells, usize::from(config.bytes_per_row)),
            },
            RowKind::Empty { .. } => words::empty_datagram(self.lang).to_owned(),
            RowKind::FileSent { name, total, .. } => {
                let bytes = row.fold.as_ref().map_or(row.len.into(), |fold| fold.bytes);
                words::file_sent(name.as_deref(), bytes, *total, self.lang)
            }
            RowKind::FrameNote(note) => words::frame_note(note, self.lang),
            RowKind::Event { kind: RecordKind::PeerJoined, alone: true, .. } => {
                words::first_heard_sentence(row.address, self.lang)
            }
            RowKind::Event { note, kind, .. } => words::event_sentence(*kind, note.as_ref(), row.address, self.lang),
            RowKind::Unavailable { why, .. } => words::read_error(why, self.lang),
            RowKind::Evicted { records, bytes } => words::evicted_sentence(*records, *bytes, self.lang),
        }
    }
}

fn arrow(direction: Direction) -> &'static str {
    match direction {
        Direction::Received => "<-",
        Direction::Sent => "->",
    }
}
