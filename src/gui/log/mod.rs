//! The traffic view: the rows of one [`View`] painted by hand, with its own scroll position (a record and a row, so
//! that no history is too long), follow and hold, selection of bytes and records, copying, and each visible row exposed as text.

mod chosen;
mod columns;
mod copy;
mod cursor;
mod far;
mod folding;
mod following;
mod frame;
mod grounds;
pub mod hits;
mod input;
mod items;
mod line;
mod marks;
mod rows;
mod screen;
mod select;
mod side;
mod texts;
mod times;
mod tint;

use crate::capture::CaptureReader;
use crate::codec::Encoding;
use crate::gui::highlights::matcher::Highlighter;
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::paint;
use crate::lines::{BytePlace, Place, View, ViewConfig, ViewMode};
use crate::model::PeerId;
use crate::settings::ColumnSetup;
use crate::words::Lang;
use columns::{Columns, Room, Shape};
pub use copy::COPY_GROUPS;
use egui::accesskit::Role;
use egui::{Rect, Sense, Ui, UiBuilder, WidgetInfo, pos2};
pub use line::clock_here as clock;
use screen::Screen;
use select::{Selection, Spot};
pub use side::{CompareWish, Side};
use std::sync::Arc;

/// How a log is shown now; any change takes effect over the whole history at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogOptions {
    /// Language of events, column heads and menus.
    pub lang: Lang,
    /// Text, hex or dump.
    pub mode: ViewMode,
    /// Encoding of text.
    pub encoding: Encoding,
    /// The columns.
    pub columns: ColumnSetup,
    /// There may be several peers (server, UDP).
    pub show_peers: bool,
}

/// What the user asked of the window; the log has done the rest itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogAction {
    /// Put these bytes into the send box (hex where they are no text).
    FillSendBox {
        /// The bytes.
        bytes: Vec<u8>,
        /// They were chosen in the text column.
        as_text: bool,
    },
    /// Something was copied: so many bytes; `cut`: there was more than the cap.
    Copied {
        /// Payload bytes that were copied.
        bytes: u64,
        /// More was selected than is copied at once ([`LogView::COPY_CAP`]).
        cut: bool,
    },
    /// So many rows were copied as log lines; `cut`: there was more than the cap.
    CopiedLines {
        /// Lines of text.
        lines: usize,
        /// More was selected than is copied at once ([`LogView::COPY_CAP`]).
        cut: bool,
    },
    /// Nothing was copied: so many records can no longer be read.
    CopyFailed(u64),
    /// Tint these bytes wherever they come; more than a rule may have is cut to one byte more.
    Highlight {
        /// The bytes.
        bytes: Vec<u8>,
        /// They were chosen in the text column.
        as_text: bool,
    },
    /// The columns were chosen.
    Columns(ColumnSetup),
    /// Something is to be compared.
    Compare(CompareWish),
}

/// The chosen bytes of one record, for an inspector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelectedBytes {
    /// Number of the (first) record.
    pub record: u64,
    /// First and behind the last chosen byte within that record, or within the frame that begins in it.
    pub range: std::ops::Range<u32>,
    /// The bytes, at most 64.
    pub bytes: Vec<u8>,
    /// Whose.
    pub peer: PeerId,
    /// Records or frames in the selection.
    pub records: u64,
}

/// The traffic view of one session (keep one per session).
pub struct LogView {
    view: Option<View>,
    /// Top row, where it does not follow.
    top: Place,
    follow: bool,
    /// Records before this were on screen, or passed while following.
    seen_end: u64,
    selection: Option<Selection>,
    /// A drag over bytes or records is going on.
    dragging: bool,
    /// Where the scroll bar's handle is held.
    grabbed: Option<f32>,
    /// Part of a row left over from the wheel.
    wheel: f32,
    /// Whole rows of the last frame.
    rows_fit: usize,
    /// The keyboard focus came by a key: only then it is ringed.
    focus_by_key: bool,
    /// What a search has found, and where the user is in it.
    found: Option<hits::Shared>,
    current_hit: Option<(u64, u32)>,
    /// What else is tinted.
    highlighter: Option<Arc<Highlighter>>,
    /// What the columns need room for.
    room: Room,
    /// The row whose menu is open.
    menu_at: Option<Place>,
    /// What the menu offers to compare with.
    base: Option<std::sync::Arc<Side>>,
    screen: Option<Screen>,
    /// Where characters begin, looked for far back.
    far: far::Far,
    /// The index is not whole yet: what is there is shown from its begin, not its changing end.
    building: bool,
    /// A byte of a record that is to stand at the top once the index has come so far.
    anchor: Option<(u64, u32)>,
    lang: Lang,
    zone: jiff::tz::TimeZone,
}

impl LogView {
    /// Payload bytes that are copied at once at most.
    pub const COPY_CAP: u64 = 4 << 20;

    /// Empty, following.
    #[must_use]
    pub fn new() -> Self {
        Self {
            view: None,
            top: Place::default(),
            follow: true,
            seen_end: 0,
            selection: None,
            dragging: false,
            grabbed: None,
            wheel: 0.0,
            rows_fit: 0,
            focus_by_key: false,
            found: None,
            current_hit: None,
            highlighter: None,
            room: Room::LEAST,
            menu_at: None,
            base: None,
            screen: None,
            far: far::Far::default(),
            building: false,
            anchor: None,
            lang: Lang::FALLBACK,
            zone: jiff::tz::TimeZone::system(),
        }
    }

    /// Shows another capture (`None`: nothing), from its beginning, following.
    pub fn set_capture(&mut self, reader: Option<CaptureReader>) {
        // The real widths come with the first frame.
        let config = ViewConfig { mode: ViewMode::Text, encoding: Encoding::UTF_8, bytes_per_row: 16, text_cells: 80 };
        let view = reader.map(|reader| {
            let mut view = View::new(reader, config, 0);
            view.set_folding(true);
            view.set_brief(true);
            view
        });
        *self = Self { view, ..Self::new() };
    }

    /// Draws column heads, rows, scroll bar and the strip below into all of the available room. `salt` tells several logs apart.
    pub fn show(&mut self, ui: &mut Ui, salt: u64, options: &LogOptions) -> Vec<LogAction> {
        let t = theme::tokens(ui);
        self.lang = options.lang;
        let rect = ui.available_rect_before_wrap();
        ui.advance_cursor_after_rect(rect);
        let builder = UiBuilder::new().max_rect(rect).id_salt(("traffic", salt));
        let mut ui = ui.new_child(builder);
        ui.shrink_clip_rect(rect);
        let id = ui.scope_id();
        let shape = Shape {
            width: rect.width(),
            mode: options.mode,
            setup: options.columns,
            has_peers: options.show_peers,
            has_summary: self.index().is_some_and(|index| index.rule().framing.check.is_some()),
            room: self.room,
        };
        let columns = Columns::new(&shape);

        let has_strip = self.shows_strip();
        let bottom = rect.bottom() - if has_strip { measure::HELD_STRIP } else { 0.0 };
        let top = rect.top() + measure::COLUMN_HEAD + 2.0;
        let rows = Rect::from_min_max(pos2(rect.left(), top), pos2(rect.right(), bottom));
        self.rows_fit = (rows.height().max(0.0) / measure::LOG_ROW).floor() as usize;
        self.prepare(options, columns, self.rows_fit, t);

        let has_summary = self.screen.as_ref().is_some_and(|screen| screen.lines.iter().any(|line| line.has_summary));
        let mut actions = columns::heads(&mut ui, rect, &columns, options, has_summary, t);
        let response = ui.interact(rows, id.with("rows"), Sense::click_and_drag());
        response.widget_info(|| WidgetInfo::labeled(Role::ScrollView, true, options.lang.texts().log_name()));
        self.pointer(&ui, rows, &response, &columns);
        self.keys(&ui, &response, &mut actions);
        // What was scrolled just now is painted now.
        self.prepare(options, columns, self.rows_fit, t);
        self.tint();
        if self.far.is_due() {
            // The tick before the next frame starts it.
            ui.ctx().request_repaint();
        }
        self.note_seen();
        self.note_room(ui.ctx());
        self.rows(&mut ui, rows, &columns, t, &mut actions);
        self.menu(&ui, &response, t, &mut actions);
        let track = Rect::from_min_max(pos2(rows.right() - 12.0, rows.top()), rows.max);
        self.scroll_bar(&ui, track, id.with("scroll"), t);
        if has_strip {
            let strip = Rect::from_min_max(pos2(rect.left(), bottom), rect.max);
            self.strip(&ui, strip, id.with("strip"), options, t);
        } else if self.shows_strip() {
            // It appears with the next frame; do not wait for the pointer to move.
            ui.ctx().request_repaint();
        }
        if response.has_focus() && self.focus_by_key {
            paint::focus_ring_inside(ui.painter(), rect, 0, t);
        }
        actions
    }

    /// Moves so that a byte of a record is in sight, unless it is already; it stays there.
    pub fn reveal(&mut self, record: u64, offset: u32) {
        self.anchor = None;
        let Some(view) = &mut self.view else { return };
        let byte = view.locate(record, offset);
        let shows = |line: &line::Line| {
            line.row.place.record == byte.record && line.bytes().is_some_and(|(_, bytes)| bytes.contains(&byte.offset))
        };
        if self.screen.as_ref().is_some_and(|screen| screen.lines.iter().any(shows)) {
            return;
        }
        view.set_unfolded(byte.record, true);
        let place = view.place_of(byte.record, byte.offset);
        self.centre(place);
    }

    /// Moves to a byte of a record and selects `len` bytes from there (0: the record).
    pub fn go_to(&mut self, record: u64, offset: u32, len: u32) {
        let Some(view) = &mut self.view else { return };
        let BytePlace { record, offset } = view.locate(record, offset);
        view.set_unfolded(record, true);
        let place = view.place_of(record, offset);
        self.centre(place);
        let Some(view) = &self.view else { return };
        let selection = if len == 0 {
            Selection::of_record(record)
        } else {
            let column = if view.config().mode == ViewMode::Text { select::Column::Text } else { select::Column::Hex };
            let spot = Spot { record, bytes: offset..offset.saturating_add(len) };
            Selection { column, anchor: spot.clone(), head: spot }
        };
        self.select(selection);
    }

    /// Moves so that this row stands in the middle. Following ends where that puts the newest row off the screen.
    fn centre(&mut self, place: Place) {
        let Some(view) = &mut self.view else { return };
        let above = i64::try_from(self.rows_fit / 2).unwrap_or(0);
        self.top = view.moved(place, -above);
        self.follow &= self.top >= view.tail(self.rows_fit);
        (self.screen, self.anchor) = (None, None);
    }

    /// What is selected; `None` = nothing. Reads at most 64 bytes of the capture.
    #[must_use]
    pub fn selected(&self) -> Option<SelectedBytes> {
        const MOST: u32 = 64;
        let (selection, mut view) = (self.selection.as_ref()?, self.view.as_ref()?.again());
        let item = *selection.records().start();
        let record = view.record_of(item)?;
        let within = selection.within(item)?;
        let len = view.len_of(item);
        let range = within.start.min(len)..within.end.min(len);
        let place = |offset| BytePlace { record: item, offset };
        let most = range.end.min(range.start.saturating_add(MOST));
        let bytes = view.copy_bytes(place(range.start)..place(most), MOST as usize).content;
        let records = selection.records().end().saturating_sub(item).saturating_add(1);
        Some(SelectedBytes { record: record.number, range, bytes, peer: record.peer, records })
    }

    /// Selects all that can be shown.
    pub fn select_all(&mut self) {
        let Some(items) = self.view.as_ref().map(View::items).filter(|items| !items.is_empty()) else { return };
        let mut selection = Selection::of_record(items.start);
        selection.head.record = items.end - 1;
        self.select(selection);
    }

    /// Selects nothing.
    pub fn clear_selection(&mut self) {
        self.selection = None;
        self.dragging = false;
    }

    /// The records that are looked at: not those before "clear view".
    #[must_use]
    pub fn shown_records(&self) -> std::ops::Range<u64> {
        self.view.as_ref().map_or(0..0, View::records)
    }

    /// The row at the top: its (first) record.
    #[must_use]
    pub fn top_record(&self) -> u64 {
        self.screen.as_ref().and_then(|screen| screen.lines.first()).map_or(0, |line| line.row.origin)
    }

    /// Records, or items of an index, that can be scrolled to: not those before "clear view".
    #[must_use]
    pub fn item_count(&self) -> u64 {
        self.view.as_ref().map(View::items).map_or(0, |items| items.end - items.start)
    }
}

impl Default for LogView {
    fn default() -> Self {
        Self::new()
    }
}
