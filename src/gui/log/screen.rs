//! The visible rows, prepared once and cached until one of their inputs changes.

use crate::gui::log::columns::Columns;
use crate::gui::log::line::cells::short_len;
use crate::gui::log::line::{Line, Maker};
use crate::gui::log::tint::Tint;
use crate::gui::log::{LogOptions, LogView, times};
use crate::gui::theme::Tokens;
use crate::lines::{Place, RowKind, ViewConfig, ViewMode};
use std::ops::Range;

/// The inputs of the visible rows.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Inputs {
    options: LogOptions,
    pub(super) columns: Columns,
    dark: bool,
    count: usize,
    records: Range<u64>,
    /// Version of the index: its open end may change with the next one.
    version: u64,
    evicted: (u64, u64),
    folds: u64,
    /// The requested top row; `None`: the newest rows.
    top: Option<Place>,
}

/// The visible rows.
pub(super) struct Screen {
    pub(super) inputs: Inputs,
    pub(super) lines: Vec<Line>,
    /// The matches of the highlight rules; `None`: not searched yet.
    pub(super) tints: Option<Vec<Tint>>,
    /// Position of the view in the history: top row, after the last row, and top row of the last screen (0–1 each).
    pub(super) top_at: f64,
    pub(super) end_at: f64,
    pub(super) last_top_at: f64,
    /// The top row of the last screen.
    pub(super) last_top: Place,
}

impl Screen {
    /// The history is longer than the screen.
    pub(super) fn can_scroll(&self) -> bool {
        self.last_top_at > 0.0
    }
}

impl LogView {
    /// Updates `self.screen`. `count`: number of whole rows that fit.
    pub(super) fn prepare(&mut self, options: &LogOptions, columns: Columns, count: usize, tokens: &Tokens) {
        self.configure(options, &columns);
        self.go_to_anchor();
        let scrolls = self.scrolls();
        let Some(view) = &mut self.view else {
            self.screen = None;
            return;
        };
        let inputs = Inputs {
            options: *options,
            columns,
            dark: tokens.dark,
            count,
            records: view.items(),
            version: view.index().map_or(0, crate::capture::items::ItemIndex::version),
            evicted: view.reader().evicted(),
            folds: view.folds_version(),
            top: (!scrolls || self.building).then_some(self.top),
        };
        if self.screen.as_ref().is_some_and(|screen| screen.inputs == inputs) {
            return;
        }
        let last_top = view.tail(count);
        // Whole screens only, so that no space is left below the last row.
        self.top = match scrolls {
            true if self.building => view.start(),
            true => last_top,
            false => self.top.clamp(view.start(), last_top.max(view.start())),
        };
        let rows = view.rows(self.top, count);
        let maker = Maker { columns: &inputs.columns, tokens, lang: options.lang };
        let times = times::of(view, &rows, options.columns.delta, &self.zone);
        let rows_with_times = rows.iter().zip(&times).enumerate();
        let mut lines: Vec<Line> =
            rows_with_times.map(|(index, (row, time))| maker.line(row, time.as_ref(), index == 0)).collect();
        for line in &mut lines {
            line.find_origins(view);
        }
        let behind = lines.last().map(|line| line.row.place);
        let end_at = match behind {
            Some(last) if view.moved(last, 1) != last => {
                let next = view.moved(last, 1);
                view.fraction(next)
            }
            _ => 1.0,
        };
        // Records without a row may precede the first row; they give nothing to scroll to.
        let has_rows_above = view.moved(last_top, -1) != last_top;
        let mut part_at = |place| if has_rows_above { view.fraction(place) } else { 0.0 };
        let (top_at, last_top_at) = (part_at(self.top), part_at(last_top));
        let inputs = Inputs { top: (!scrolls || self.building).then_some(self.top), ..inputs };
        self.far.want(view.far_look());
        self.screen = Some(Screen { inputs, lines, tints: None, top_at, end_at, last_top_at, last_top });
    }

    /// Applies mode, encoding and width, and keeps the top row in place.
    fn configure(&mut self, options: &LogOptions, columns: &Columns) {
        let Some(view) = &mut self.view else { return };
        let config = ViewConfig {
            mode: options.mode,
            encoding: options.encoding,
            bytes_per_row: columns.bytes(),
            text_cells: columns.cells,
        };
        let now = view.config();
        // In text mode the width in bytes is irrelevant, and vice versa; a change would only clear caches.
        let same_width = match config.mode {
            ViewMode::Text => now.text_cells == config.text_cells,
            ViewMode::Hex | ViewMode::Dump => now.bytes_per_row == config.bytes_per_row,
        };
        if same_width && (now.mode, now.encoding) == (config.mode, config.encoding) {
            return;
        }
        let top = match view.rows(self.top, 1).into_iter().next() {
            Some(row) => match row.kind {
                RowKind::Data { offset, .. } => Some((row.place.record, offset)),
                _ => Some((row.place.record, 0)),
            },
            None => None,
        };
        view.set_config(config);
        self.screen = None;
        if let Some((record, offset)) = top {
            self.top = view.place_of(record, offset);
        }
    }

    /// Scrolls by `rows` (negative = up). Reaching the end follows again; scrolling up stops following.
    pub(super) fn scroll_by(&mut self, rows: i64) {
        let (Some(view), Some(screen)) = (&mut self.view, &self.screen) else { return };
        if !screen.can_scroll() || rows == 0 {
            return;
        }
        let to = view.moved(self.top, rows);
        let last_top = screen.last_top;
        self.scroll_to(to, last_top, rows > 0);
    }

    /// Scrolls to a position between 0 (first screen) and 1 (last screen).
    pub(super) fn scroll_to_part(&mut self, part: f64) {
        let (Some(view), Some(screen)) = (&mut self.view, &self.screen) else { return };
        if !screen.can_scroll() {
            return;
        }
        let to = if part >= 1.0 { screen.last_top } else { view.at(part.max(0.0) * screen.last_top_at) };
        let last_top = screen.last_top;
        self.scroll_to(to, last_top, true);
    }

    /// Handles Home and End.
    pub(super) fn scroll_to_end(&mut self, newest: bool) {
        if newest {
            self.set_follow(true);
        } else {
            self.scroll_to_part(0.0);
        }
    }

    fn scroll_to(&mut self, to: Place, last_top: Place, may_follow: bool) {
        self.top = to;
        self.follow = may_follow && to >= last_top;
    }

    /// Widens the columns for the visible numbers. They never become narrower.
    pub(super) fn note_room(&mut self, ctx: &egui::Context) {
        let Some(screen) = &self.screen else { return };
        let mut room = self.room;
        for row in screen.lines.iter().map(|line| &line.row) {
            let digits = row.peer.0.checked_ilog10().unwrap_or(0) + 1;
            room.peer_digits = room.peer_digits.max(digits as u8);
            room.length_cells = room.length_cells.max(short_len(row.len).len() as u8);
            if !(row.first && row.last) {
                let digits = row.len.saturating_sub(1).checked_ilog2().unwrap_or(0) / 4 + 1;
                room.offset_digits = room.offset_digits.max(digits as u8);
            }
        }
        if room != self.room {
            self.room = room;
            ctx.request_repaint();
        }
    }

    /// Updates the count of records that arrived since the view stopped.
    pub(super) fn note_seen(&mut self) {
        let Some(view) = &self.view else { return };
        let shown = view.items().end;
        let in_sight = self.screen.as_ref().and_then(|s| s.lines.last()).map_or(0, |line| line.row.stands_for().end);
        self.seen_end = if self.follow { shown } else { self.seen_end.max(in_sight).min(shown) };
    }
}
