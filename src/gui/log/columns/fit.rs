//! What fits into a width: bytes per row, ports of peers, elapsed times, and the summary.

use super::{CELL, Columns, SUMMARY};
use crate::lines::ViewMode;
use crate::settings::{ColumnSetup, LogColumn};

/// Minimum width of the text column.
const TEXT_LEAST: f32 = 28.0 * CELL;
/// With a narrower text column, the ports of peers are hidden.
const TEXT_WIDE: f32 = 72.0 * CELL;
/// Minimum width of a log with both text and summary.
const BOTH_FROM: f32 = 900.0;
/// Space to the right of the last column.
const RIGHT: f32 = 11.0;

/// Widths that depend on what was visible so far. They only grow, so that columns do not move back and forth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::gui::log) struct Room {
    /// Digits of the longest peer number.
    pub(in crate::gui::log) peer_digits: u8,
    /// Characters of the longest length.
    pub(in crate::gui::log) length_cells: u8,
    /// Digits of the longest offset.
    pub(in crate::gui::log) offset_digits: u8,
}

impl Room {
    /// The minimum widths.
    pub(in crate::gui::log) const LEAST: Self = Self { peer_digits: 2, length_cells: 5, offset_digits: 4 };
}

/// The inputs of the layout.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::gui::log) struct Shape {
    /// Width of the log.
    pub(in crate::gui::log) width: f32,
    /// Mode.
    pub(in crate::gui::log) mode: ViewMode,
    /// The columns selected by the user.
    pub(in crate::gui::log) setup: ColumnSetup,
    /// There may be several peers.
    pub(in crate::gui::log) has_peers: bool,
    /// Records may have a summary.
    pub(in crate::gui::log) has_summary: bool,
    /// Widths that depend on what was visible.
    pub(in crate::gui::log) room: Room,
}

impl Shape {
    /// The user has not hidden the column.
    pub(super) fn shows(&self, column: LogColumn) -> bool {
        self.setup.shows(column)
    }

    /// The peer column is shown.
    pub(super) fn shows_peers(&self) -> bool {
        self.has_peers && self.shows(LogColumn::Peer)
    }
}

/// The result of the fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::gui::log) struct Fit {
    /// Elapsed times are shown.
    pub(in crate::gui::log) delta: bool,
    /// Peers are shown with ports.
    pub(in crate::gui::log) has_port: bool,
    /// The summary column is shown.
    pub(in crate::gui::log) summary: bool,
    /// Bytes per row.
    pub(in crate::gui::log) bytes: u16,
}

impl Fit {
    /// The first candidate that fits, or else the narrowest one.
    pub(super) fn widest(shape: &Shape) -> Self {
        let has_room = shape.mode == ViewMode::Hex || shape.width >= BOTH_FROM;
        let wants_summary = has_room && shape.has_summary && shape.shows(LogColumn::Summary);
        let fits = candidates(shape);
        // Only ports and bytes beyond 16 are dropped for the summary.
        let is_needed = |fit: &Self| !fit.has_port && fit.bytes <= 16;
        let with_summary = |fit: &Self| Self { summary: wants_summary, ..*fit };
        let narrowest = Self { delta: false, has_port: false, summary: false, bytes: 8 };
        let mut fits = fits.iter().filter(|fit| fit.is_possible(shape));
        let found = fits.find(|fit| is_needed(fit) || with_summary(fit).is_possible(shape)).unwrap_or(&narrowest);
        if with_summary(found).is_possible(shape) { with_summary(found) } else { *found }
    }

    fn is_possible(self, shape: &Shape) -> bool {
        let columns = Columns::placed(shape, self);
        let text = columns.width_of(LogColumn::Text);
        match shape.mode {
            ViewMode::Text if self.has_port => text >= TEXT_WIDE,
            ViewMode::Text => text >= TEXT_LEAST,
            ViewMode::Hex | ViewMode::Dump if self.summary => columns.width_of(LogColumn::Summary) >= SUMMARY,
            ViewMode::Hex | ViewMode::Dump => columns.end() + RIGHT <= shape.width,
        }
    }
}

/// The candidates in order of preference. Ports are dropped before bytes, unless more than 16 bytes would fit only without
/// ports.
fn candidates(shape: &Shape) -> Vec<Fit> {
    let most = shape.setup.bytes;
    let mut fits = Vec::new();
    for bytes in [32, 24, 16, 12, 8] {
        if most != 0 && bytes > most {
            continue;
        }
        let is_chosen = bytes == most;
        for (delta, has_port, is_wanted) in [
            (true, true, bytes >= 16 || is_chosen),
            (true, false, bytes <= 16 || is_chosen),
            (false, false, bytes == 8 || is_chosen),
        ] {
            let delta = delta && shape.shows(LogColumn::Delta);
            if is_wanted {
                fits.push(Fit { delta, has_port, summary: false, bytes });
            }
        }
    }
    fits
}
