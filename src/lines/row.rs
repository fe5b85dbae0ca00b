//! One display row as plain values.

use super::ViewMode;
use crate::capture::SessionNote;
use crate::capture::items::FrameNote;
use crate::codec::hex;
use crate::model::{Direction, PeerId};

/// How a cell is to be painted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CellStyle {
    /// An ordinary character.
    Normal,
    /// A line end (`\r\n`), another control character, or a byte that is not printable: faint.
    Faint,
    /// A byte that is no character in this encoding: `\xB0`, amber.
    Invalid,
}

/// A piece of text at a column, in half-width cells: wide characters take two. Painted at `column`, never padded with spaces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// First column of the content area (text mode: from the row's left edge; dump: from the text column's left edge, one byte = one cell).
    pub column: u16,
    /// Columns it takes.
    pub width: u16,
    /// What to paint; bidi overrides and controls are already made visible.
    pub text: String,
    /// How.
    pub style: CellStyle,
    /// Bytes of the record's payload it stands for (offsets within the record; for a character begun in an earlier record only its bytes here).
    pub bytes: std::ops::Range<u32>,
}

/// The icon of an event row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EventIcon {
    /// A circled i.
    Info,
    /// A peer came.
    Joined,
    /// A peer went.
    Left,
    /// A failure (red).
    Error,
    /// A warning (amber).
    Warning,
}

/// What the bytes of a frame are; places within the frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrameParts {
    /// What it carries; the rest is header, delimiter, markers.
    pub payload: std::ops::Range<u32>,
    /// The value of its check, where that is wrong.
    pub wrong: Option<std::ops::Range<u32>>,
}

/// Records of one action that stand together and can be shown as one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fold {
    /// How many.
    pub records: u64,
    /// Peers they went to.
    pub peers: usize,
    /// Payload bytes of all of them.
    pub bytes: u64,
    /// All are shown; else this row stands for them.
    pub is_open: bool,
}

/// What kind of row it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowKind {
    /// Payload.
    Data {
        /// Which way.
        direction: Direction,
        /// Offset of this row's first byte in the record.
        offset: u32,
        /// The payload bytes of this row (hex and dump: at most `bytes_per_row`; text: those whose characters end in this row,
        /// and in a record's last row also those that wait for the next record). All data rows of a record together give its
        /// payload, each byte once.
        bytes: Vec<u8>,
        /// Per byte of `bytes`: it is part of an invalid sequence (dump mode; empty = none is).
        invalid: Vec<bool>,
        /// Text cells (text mode, and the text column of a dump; empty in hex mode).
        cells: Vec<Cell>,
        /// Of a frame: what its bytes are.
        frame: Option<FrameParts>,
    },
    /// An empty datagram.
    Empty {
        /// Which way.
        direction: Direction,
    },
    /// What is wrong with the frame above, or that its bytes are none.
    FrameNote(FrameNote),
    /// A record that is not data.
    Event {
        /// Its icon.
        icon: EventIcon,
        /// What happened; the sentence is made by `words`.
        note: Option<SessionNote>,
        /// `PeerJoined` and `HalfClosed` have no note: true for them.
        kind: crate::capture::RecordKind,
        /// A peer that was first heard of by a datagram: it is not connected.
        alone: bool,
    },
    /// A part of a file or all of it, sent: the row stands for its records.
    FileSent {
        /// Its name, where the capture has it.
        name: Option<String>,
        /// Its bytes, for all peers together, where they are known.
        total: Option<u64>,
        /// Why what was sent cannot be shown any more.
        missing: Option<crate::capture::ReadError>,
    },
    /// Bytes that cannot be shown: the sent file has changed, or the capture cannot be read.
    Unavailable {
        /// Which way.
        direction: Direction,
        /// Why.
        why: crate::capture::ReadError,
    },
    /// History begins here: so much was evicted before.
    Evicted {
        /// Records.
        records: u64,
        /// Payload bytes.
        bytes: u64,
    },
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Where it is; its `record` is the number of an item where the view has an index.
    pub place: super::Place,
    /// The record with the item's first byte; without an index `place.record`.
    pub origin: u64,
    /// The mode it was made for.
    pub mode: ViewMode,
    /// First row of its record: time, arrow, peer and length are shown here.
    pub first: bool,
    /// Last row of its record: the bar has its gap below. The last data row has it even when a `FrameNote` follows.
    pub last: bool,
    /// Wall time of the record, ns since 1970 UTC.
    pub unix_ns: i64,
    /// Monotonic time of the record since the capture was created, ns.
    pub mono_ns: u64,
    /// Whose.
    pub peer: PeerId,
    /// Address of that peer.
    pub address: Option<std::net::SocketAddr>,
    /// Payload length of the record.
    pub len: u32,
    /// First row of a run of records: what they have in common.
    pub fold: Option<Fold>,
    /// What it shows.
    pub kind: RowKind,
}

impl Row {
    /// The items it stands for: its own, or those of a run that is shown as one row.
    #[must_use]
    pub fn stands_for(&self) -> std::ops::Range<u64> {
        let records = self.fold.as_ref().filter(|fold| !fold.is_open).map_or(1, |fold| fold.records);
        self.place.record..self.place.record.saturating_add(records)
    }

    /// Which way its payload went; `None`: it is about something else.
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

    /// The row as one line of text, as a screen reader says it and a user copies it with the columns: content only.
    /// Hex: `48 65 6C`; dump: `0000  48 65 6C  Hel`; text: as shown, with controls and invalid bytes in their visible form.
    /// Rows whose sentence is made by `words` (events, notes, evicted and empty records) give an empty string.
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

/// `0000  48 65 6C  Hel`; the hex part takes the room of at least `bytes_per_row` bytes.
pub(super) fn dump_line(offset: u32, bytes: &[u8], cells: &[Cell], bytes_per_row: usize) -> String {
    let width = bytes_per_row.saturating_mul(3).saturating_sub(1);
    format!("{offset:04X}  {:width$}  {}", hex::spaced_upper(bytes), shown_text(cells)).trim_end().to_owned()
}

/// The cells as one text, with spaces where columns are blank between them.
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
