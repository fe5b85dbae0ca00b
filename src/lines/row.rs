//! A display row as plain values.

use super::ViewMode;
use crate::capture::Cause;
use crate::capture::SessionNote;
use crate::capture::items::{Checked, FrameNote};
use crate::codec::hex;
use crate::model::{Direction, PeerId};
use std::sync::Arc;

/// Style of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CellStyle {
    /// An ordinary character.
    Normal,
    /// A line end (`\r\n`), another control character, or an unprintable byte: faint.
    Faint,
    /// An invalid byte in this encoding: `\xB0`, amber.
    Invalid,
}

/// A piece of text at a column, counted in half-width cells: wide characters take two. Painted at `column`, never padded with
/// spaces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// First column (text mode: from the row's left edge; dump: from the left edge of the text column, one cell per byte).
    pub column: u16,
    /// Width in columns.
    pub width: u16,
    /// Text to paint. Bidirectional overrides and controls are already in their visible form.
    pub text: String,
    /// Style of the text.
    pub style: CellStyle,
    /// The bytes of the record's payload that it shows, as offsets in the record. For a character that started in an earlier record,
    /// only its bytes in this one.
    pub bytes: std::ops::Range<u32>,
}

/// Icon of an event row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EventIcon {
    /// A circled i.
    Info,
    /// A peer joined.
    Joined,
    /// A peer left.
    Left,
    /// A failure (red).
    Error,
    /// A warning (amber).
    Warning,
}

/// The parts of a frame, as byte ranges within it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrameParts {
    /// The payload; the rest is header, delimiter or markers.
    pub payload: std::ops::Range<u32>,
    /// The value of a failed check.
    pub wrong: Option<std::ops::Range<u32>>,
}

/// Records of one action that can be shown as one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fold {
    /// Count of records.
    pub records: u64,
    /// Count of those that follow each other directly, from the first one on. Other rows, such as answers, lie between the others.
    pub together: u64,
    /// Rounds of a repeat, or failed attempts to connect; 1 for others.
    pub rounds: u64,
    /// Count of peers they were sent to.
    pub peers: usize,
    /// Sum of their payload bytes.
    pub bytes: u64,
    /// Unfolded: all records are shown. Otherwise this row represents them.
    pub is_open: bool,
}

/// Content of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowKind {
    /// Payload.
    Data {
        /// The direction.
        direction: Direction,
        /// Offset of the row's first byte in the record.
        offset: u32,
        /// The payload bytes of the row. Hex and dump mode: at most `bytes_per_row`. Text mode: those whose characters end in this
        /// row; the last row of a record also has those that wait for the next record. All data rows of a record together contain
        /// its payload, each byte once.
        bytes: Vec<u8>,
        /// For each of `bytes`, whether it belongs to an invalid sequence. Only in dump mode; empty if none does.
        invalid: Vec<bool>,
        /// Text cells (text mode, and the text column of a dump; empty in hex mode).
        cells: Vec<Cell>,
        /// For a frame, its parts.
        frame: Option<FrameParts>,
    },
    /// An empty datagram.
    Empty {
        /// The direction.
        direction: Direction,
    },
    /// A problem of the frame above.
    FrameNote(FrameNote),
    /// A record that is not data.
    Event {
        /// Its icon.
        icon: EventIcon,
        /// The event's details; `words` turns them into a sentence.
        note: Option<SessionNote>,
        /// The kind of the record; `PeerJoined` and `HalfClosed` have no note.
        kind: crate::capture::RecordKind,
        /// The peer became known by a datagram and is not connected.
        alone: bool,
    },
    /// A sent file, or part of it. The row represents all its records.
    FileSent {
        /// Name of the file, if recorded.
        name: Option<String>,
        /// Size in bytes for all peers together, if known.
        total: Option<u64>,
        /// Why the contents can no longer be shown.
        missing: Option<crate::capture::ReadError>,
    },
    /// Bytes that cannot be shown: the sent file has changed, or the capture cannot be read.
    Unavailable {
        /// The direction.
        direction: Direction,
        /// The reason.
        why: crate::capture::ReadError,
    },
    /// The start of the history after eviction.
    Evicted {
        /// Count of evicted records.
        records: u64,
        /// Count of evicted payload bytes.
        bytes: u64,
    },
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Position of the row. If the view has an index, `record` is an item number.
    pub place: super::Place,
    /// The record of the item's first byte; without an index equal to `place.record`.
    pub origin: u64,
    /// The mode it was laid out for.
    pub mode: ViewMode,
    /// First row of its record, which shows time, arrow, peer and length.
    pub first: bool,
    /// Last row of its record, after which the bar has a gap. The last data row has it even if a `FrameNote` follows.
    pub last: bool,
    /// Wall time of the record, ns since 1970 UTC.
    pub unix_ns: i64,
    /// Monotonic time of the record in ns since the capture was created.
    pub mono_ns: u64,
    /// The peer.
    pub peer: PeerId,
    /// Address of that peer.
    pub address: Option<std::net::SocketAddr>,
    /// Payload length of the record in bytes.
    pub len: u32,
    /// For a frame, the result of its check.
    pub checked: Checked,
    /// The rule, step or command that sent the record, and how.
    pub sender: Option<(Cause, Arc<str>)>,
    /// Set for the first row of a run of records.
    pub fold: Option<Fold>,
    /// Content of the row.
    pub kind: RowKind,
}

impl Row {
    /// The consecutive items that the row represents: its own, or the first ones of a folded run.
    #[must_use]
    pub fn stands_for(&self) -> std::ops::Range<u64> {
        let records = self.fold.as_ref().filter(|fold| !fold.is_open).map_or(1, |fold| fold.together);
        self.place.record..self.place.record.saturating_add(records)
    }

    /// Direction of its payload; `None` if it shows none.
    #[must_use]
    pub fn direction(&self) -> Option<Direction> {
        match &self.kind {
            RowKind::Data { direction, .. } | RowKind::Empty { direction } | RowKind::Unavailable { direction, .. } => {
                Some(*direction)
            }
            RowKind::FileSent { .. } => Some(Direction::Sent),
            RowKind::FrameNote(_) | RowKind::Event { .. } | RowKind::Evicted { .. } => None,
        }
    }

    /// The content of the row as one line of text, as a screen reader speaks it and copying with columns uses it. Hex: `48 65 6C`;
    /// dump: `0000  48 65 6C  Hel`; text: as shown, with controls and invalid bytes in their visible form. Empty for rows described
    /// by `words` (events, notes, evicted and empty records).
    #[must_use]
    pub fn content_text(&self) -> String {
        match &self.kind {
            RowKind::Data { offset, bytes, cells, .. } => match self.mode {
                ViewMode::Text => shown_text(cells),
                ViewMode::Hex => hex::spaced_upper(bytes),
                ViewMode::Dump => dump_line(*offset, bytes, cells, 0),
            },
            RowKind::Unavailable { why, .. } => why.to_string(),
            RowKind::Empty { .. }
            | RowKind::FrameNote(_)
            | RowKind::Event { .. }
            | RowKind::Evicted { .. }
            | RowKind::FileSent { .. } => String::new(),
        }
    }
}

/// Formats `0000  48 65 6C  Hel`; the hex part is at least as wide as `bytes_per_row` bytes.
pub(super) fn dump_line(offset: u32, bytes: &[u8], cells: &[Cell], bytes_per_row: usize) -> String {
    let width = bytes_per_row.saturating_mul(3).saturating_sub(1);
    format!("{offset:04X}  {:width$}  {}", hex::spaced_upper(bytes), shown_text(cells)).trim_end().to_owned()
}

/// Joins cells to one text, with spaces for blank columns.
pub(super) fn shown_text(cells: &[Cell]) -> String {
    let mut text = String::new();
    let mut column = 0;
    for cell in cells {
        text.extend(std::iter::repeat_n(' ', usize::from(cell.column.saturating_sub(column))));
        text.push_str(&cell.text);
        column = cell.column + cell.width;
    }
    text
}
