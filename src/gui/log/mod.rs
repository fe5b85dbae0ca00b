//! The traffic view: the rows of one [`View`], painted by hand. It has its own scroll position (a record and a row, so that no
//! history is too long), follows or pauses, selects and copies bytes and records, and exposes each visible row as text.

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
mod tinting;

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
use screen::Screen;
use select::{Selection, Spot};
pub use side::{CompareWish, Side};
use std::sync::Arc;
pub use times::clock_here as clock;

/// Display options of a log. A change takes effect on the whole history at once.
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

/// A request to the window. The log handles everything else itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LogAction {
    /// Put these bytes into the send box (as hex if they are not text).
    FillSendBox {
        /// The bytes.
        bytes: Vec<u8>,
        /// They were selected in the text column.
        as_text: bool,
    },
    /// This many bytes were copied.
    Copied {
        /// Payload bytes that were copied.
        bytes: u64,
        /// More was selected than can be copied at once ([`LogView::COPY_CAP`]).
        cut: bool,
    },
    /// This many rows were copied as log lines.
    CopiedLines {
        /// Lines of text.
        lines: usize,
        /// More was selected than can be copied at once ([`LogView::COPY_CAP`]).
        cut: bool,
    },
    /// Copying failed: this many records can no longer be read.
    CopyFailed(u64),
    /// Make a quick command of these bytes.
    KeepCommand {
        /// The bytes.
        bytes: Vec<u8>,
        /// They were selected in the text column.
        as_text: bool,
    },
    /// Make a reply rule on these bytes.
    CreateReply {
        /// The bytes.
        bytes: Vec<u8>,
        /// They were selected in the text column.
        as_text: bool,
    },
    /// Add a highlight rule for these bytes. Longer selections are cut to one byte more than a rule may have.
    Highlight {
        /// The bytes.
        bytes: Vec<u8>,
        /// They were selected in the text column.
        as_text: bool,
    },
    /// The selection of columns was changed.
    Columns(ColumnSetup),
    /// Start a comparison.
    Compare(CompareWish),
}

/// The selected bytes of one record, for the inspector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelectedBytes {
    /// Number of the (first) record.
    pub record: u64,
    /// First selected byte and the byte after the last, as offsets in that record or in the frame that starts in it.
    pub range: std::ops::Range<u32>,
    /// The bytes, at most 64.
    pub bytes: Vec<u8>,
    /// The peer.
    pub peer: PeerId,
    /// Records or frames in the selection.
    pub records: u64,
}

/// The traffic view of one session. Keep one per session.
pub struct LogView {
    view: Option<View>,
    /// Top row while not following.
    top: Place,
    follow: bool,
    /// The end of the records that were visible, or that passed while following.
    seen_end: u64,
    selection: Option<Selection>,
    /// A drag over bytes or records is in progress.
    dragging: bool,
    /// Where the scroll bar's handle was grabbed.
    grabbed: Option<f32>,
    /// Fraction of a row left over from the wheel.
    wheel: f32,
    /// Number of whole rows in the last frame.
    rows_fit: usize,
    /// The focus was set by keyboard: only then the focus ring is drawn.
    focus_by_key: bool,
    /// The hits of the search, and the current one.
    found: Option<hits::Shared>,
    current_hit: Option<(u64, u32)>,
    /// The highlight rules.
    highlighter: Option<Arc<Highlighter>>,
    /// The minimum widths of the columns.
    room: Room,
    /// The row whose menu is open.
    menu_at: Option<Place>,
    /// The base for comparisons, offered in the menu.
    base: Option<std::sync::Arc<Side>>,
    screen: Option<Screen>,
    /// Character boundaries that a job looks for far back.
    far: far::Far,
    /// The index is not complete yet, so the view shows its start instead of its changing end.
    building: bool,
    /// The byte to show at the top as soon as the index contains it.
    anchor: Option<(u64, u32)>,
    lang: Lang,
    zone: jiff::tz::TimeZone,
}

impl LogView {
    /// Maximum number of payload bytes copied at once.
    pub const COPY_CAP: u64 = 4 << 20;
    /// Longest quick command that is made of selected bytes; of more, one byte more is taken.
    pub const COMMAND_CAP: usize = 16 << 10;

    /// An empty log that follows.
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

    /// Shows another capture (`None`: nothing), from its start, following.
    pub fn set_capture(&mut self, reader: Option<CaptureReader>) {
        // The actual widths are known in the first frame.
        let config = ViewConfig { mode: ViewMode::Text, encoding: Encoding::UTF_8, bytes_per_row: 16, text_cells: 80 };
        let view = reader.map(|reader| {
            let mut view = View::new(reader, config, 0);
            view.set_folding(true);
            view.set_brief(true);
            view
        });
        *self = Self { view, ..Self::new() };
    }

    /// Draws column heads, rows, scroll bar and strip into all of the available space. `salt` distinguishes several logs.
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
            has_summary: self.index().is_some_and(|index| index.rule().framing.check.is_some())
                || self.reader().is_some_and(CaptureReader::has_names),
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
        // Prepare again, so that rows scrolled just now are painted in this frame.
        self.prepare(options, columns, self.rows_fit, t);
        self.tint();
        if self.far.is_due() {
            // The tick before the next frame starts the job.
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
            // It appears in the next frame; do not wait for the pointer to move.
            ui.ctx().request_repaint();
        }
        if response.has_focus() && self.focus_by_key {
            paint::focus_ring_inside(ui.painter(), rect, 0, t);
        }
        actions
    }

    /// Scrolls a byte of a record into view and keeps it there. Does nothing if it is visible already.
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

    /// Goes to a byte of a record and selects `len` bytes from there (0: the record).
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

    /// Scrolls this row to the middle. Ends following if that moves the newest row off the screen.
    fn centre(&mut self, place: Place) {
        let Some(view) = &mut self.view else { return };
        let above = i64::try_from(self.rows_fit / 2).unwrap_or(0);
        self.top = view.moved(place, -above);
        self.follow &= self.top >= view.tail(self.rows_fit);
        (self.screen, self.anchor) = (None, None);
    }

    /// The selection; `None` = nothing. Reads at most 64 bytes of the capture.
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

    /// Selects everything that can be shown.
    pub fn select_all(&mut self) {
        let Some(items) = self.view.as_ref().map(View::items).filter(|items| !items.is_empty()) else { return };
        let mut selection = Selection::of_record(items.start);
        selection.head.record = items.end - 1;
        self.select(selection);
    }

    /// Clears the selection.
    pub fn clear_selection(&mut self) {
        self.selection = None;
        self.dragging = false;
    }

    /// The visible range of records: not those before "clear view".
    #[must_use]
    pub fn shown_records(&self) -> std::ops::Range<u64> {
        self.view.as_ref().map_or(0..0, View::records)
    }

    /// The (first) record of the top row.
    #[must_use]
    pub fn top_record(&self) -> u64 {
        self.screen.as_ref().and_then(|screen| screen.lines.first()).map_or(0, |line| line.row.origin)
    }

    /// The records, or items of an index, that can be scrolled to: not those before "clear view".
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
