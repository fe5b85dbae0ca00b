//! The columns of the log in their order. An entry contains everything about its column: width, head, and cell contents.

use super::fit::{Fit, Shape};
use super::{CELL, SUMMARY, hex_width};
use crate::gui::log::line::cells::{self, Ink};
use crate::gui::log::{LogOptions, texts};
use crate::gui::widgets::paint::At;
use crate::lines::ViewMode;
use crate::settings::LogColumn;

/// Space at the right of the text for the scroll bar; `\r\n` may extend into it.
const TEXT_MARGIN: f32 = 20.0;

/// The rows in which a column has contents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::gui::log) enum Of {
    /// The first row of every record.
    Every,
    /// The first row of every data record.
    Record,
    /// Each row of bytes.
    Bytes,
}

/// The head of a column.
#[derive(Clone, Copy)]
pub(in crate::gui::log) enum Head {
    /// None.
    Nothing,
    /// A label.
    Words(fn(&LogOptions, &Fit) -> String),
    /// A menu that selects the reference of elapsed times.
    DeltaMenu,
    /// The offset of each byte in the row.
    Offsets,
}

/// A column.
pub(in crate::gui::log) struct Column {
    /// Its id.
    pub(in crate::gui::log) id: LogColumn,
    /// Gap to the previous column, and width; `None`: hidden. The last argument is the right edge of the previous column.
    pub(super) room: fn(&Shape, &Fit, f32) -> Option<(f32, f32)>,
    /// The alignment of its head and cells.
    pub(in crate::gui::log) align: At,
    /// Its head.
    pub(in crate::gui::log) head: Head,
    /// The rows in which it has contents.
    pub(in crate::gui::log) of: Of,
    /// Draws its cell in a row.
    pub(in crate::gui::log) cell: fn(&mut Ink<'_>),
}

/// All columns, from left to right.
pub(in crate::gui::log) const COLUMNS: [Column; LogColumn::COUNT] = [
    Column {
        id: LogColumn::Time,
        room: |shape, _, _| shape.shows(LogColumn::Time).then_some((0.0, 12.0 * CELL)),
        align: At::Left,
        head: Head::Words(|options, _| options.lang.texts().time_head().into()),
        of: Of::Every,
        cell: cells::time,
    },
    Column {
        id: LogColumn::Delta,
        room: |_, fit, _| fit.delta.then_some((3.0, 7.0 * CELL)),
        align: At::Right,
        head: Head::DeltaMenu,
        of: Of::Every,
        cell: cells::delta,
    },
    Column {
        id: LogColumn::Arrow,
        room: |_, _, _| Some((5.0, 14.0)),
        align: At::Centre,
        head: Head::Nothing,
        of: Of::Record,
        cell: cells::arrow,
    },
    Column {
        id: LogColumn::Peer,
        room: |shape, fit, _| {
            let number = f32::from(shape.room.peer_digits) + 1.0;
            let port = if fit.has_port { 6.0 } else { 0.0 };
            shape.shows_peers().then_some((7.0, (number + port) * CELL))
        },
        align: At::Left,
        head: Head::Words(|options, fit| texts::peer(options.lang, !fit.has_port).into()),
        of: Of::Record,
        cell: cells::peer,
    },
    Column {
        id: LogColumn::Length,
        room: |shape, _, _| {
            let gap = if shape.shows_peers() { 8.0 } else { 2.0 };
            shape.shows(LogColumn::Length).then_some((gap, f32::from(shape.room.length_cells) * CELL))
        },
        align: At::Right,
        head: Head::Words(|options, _| options.lang.texts().length_head().into()),
        of: Of::Record,
        cell: cells::length,
    },
    Column {
        id: LogColumn::Offset,
        room: |shape, _, _| {
            (shape.mode != ViewMode::Text).then_some((11.0, f32::from(shape.room.offset_digits) * CELL))
        },
        align: At::Right,
        head: Head::Nothing,
        of: Of::Bytes,
        cell: cells::offset,
    },
    Column {
        id: LogColumn::Hex,
        room: |shape, fit, _| (shape.mode != ViewMode::Text).then(|| (10.0, hex_width(fit.bytes))),
        align: At::Left,
        head: Head::Offsets,
        of: Of::Bytes,
        cell: cells::hex,
    },
    Column {
        id: LogColumn::Text,
        room: |shape, fit, end| match shape.mode {
            ViewMode::Hex => None,
            ViewMode::Dump => Some((behind_hex(fit), f32::from(fit.bytes) * CELL)),
            ViewMode::Text => {
                let summary = if fit.summary { 16.0 + SUMMARY } else { 0.0 };
                Some((17.0, shape.width - end - 17.0 - TEXT_MARGIN - summary))
            }
        },
        align: At::Left,
        head: Head::Words(|options, _| texts::content(options.mode, options.encoding, options.lang)),
        of: Of::Bytes,
        cell: cells::text,
    },
    Column {
        id: LogColumn::Summary,
        room: |shape, fit, end| {
            let gap = if shape.mode == ViewMode::Hex { behind_hex(fit) } else { 16.0 };
            fit.summary.then(|| (gap, (shape.width - end - gap - TEXT_MARGIN).max(0.0)))
        },
        align: At::Left,
        head: Head::Words(|options, _| options.lang.texts().summary_head().into()),
        of: Of::Record,
        cell: cells::summary,
    },
];

fn behind_hex(fit: &Fit) -> f32 {
    if fit.bytes == 8 { 20.0 } else { 16.0 }
}
