//! Navigation through a capture row by row.

mod cursor;

use super::block::{BLOCK_BYTES, Block};
use super::cache::Cache;
use super::decoders::Decoders;
use super::folds::{Folds, Run};
use super::items::Items;
use super::records::Records;
use super::render::{Item, Span};
use super::{BytePlace, FarLook, FarStates, Place, Row, ViewConfig};
use crate::capture::items::{ItemIndex, SourceKey};
use crate::capture::{CaptureReader, Record};
use cursor::Cursor;
use std::cell::OnceCell;
use std::ops::Range;
use std::sync::Arc;

/// Maximum size of cached decoded and laid-out blocks in bytes.
const BLOCK_CACHE_BYTES: usize = 16 << 20;
/// How often a request restarts if the part of the history it started in is evicted meanwhile.
const RESTARTS: u32 = 3;

/// A view of one capture. Holds caches of bounded size; cheap to create.
///
/// The cost of no operation depends on the length of the capture or of a record. The display of a record depends on the capture, the
/// settings and, for an unfinished character at the end of a stream's newest record, on whether the next record exists.
pub struct View {
    pub(super) records: Records,
    pub(super) items: Items,
    pub(super) decoders: Decoders,
    pub(super) folds: Folds,
    pub(super) blocks: Cache<(SourceKey, u32), Arc<Block>>,
    pub(super) config: ViewConfig,
    pub(super) from: u64,
    /// See [`View::set_brief`].
    pub(super) is_brief: bool,
    /// Whether record 0 is an `Opened` record; unset while there is no record.
    pub(super) begins_with_opened: OnceCell<bool>,
}

impl View {
    /// Creates a view of all records of `reader` from record `from` on.
    #[must_use]
    pub fn new(reader: CaptureReader, config: ViewConfig, from: u64) -> Self {
        let config = config.normalised();
        Self {
            records: Records::new(reader),
            items: Items::new(),
            decoders: Decoders::new(config.encoding),
            folds: Folds::default(),
            blocks: Cache::new(BLOCK_CACHE_BYTES),
            config,
            from,
            is_brief: false,
            begins_with_opened: OnceCell::new(),
        }
    }

    /// Shows the items of an index over the same capture, or the unmodified records (`None`). Invalidates places and selections.
    pub fn set_index(&mut self, index: Option<ItemIndex>) {
        self.items.set_index(index);
        self.blocks.clear();
    }

    /// Enables folding: runs of records of one action are shown as one row until they are unfolded (not with an index). Copies and
    /// selections still contain all records.
    pub fn set_folding(&mut self, is_on: bool) {
        self.folds.is_on = is_on;
    }

    /// Unfolds a run, or folds it again (`false`). `record` is any of its records.
    pub fn set_unfolded(&mut self, record: u64, unfolded: bool) {
        let span = self.span();
        if let Some(first) = self.run_at(&span, record).map(|run| run.first) {
            self.folds.set_unfolded(first, unfolded);
        }
    }

    /// A number that changes whenever a run is folded or unfolded.
    #[must_use]
    pub fn folds_version(&self) -> u64 {
        self.folds.version
    }

    /// The consecutive records that are shown in one row with this one.
    #[must_use]
    pub fn folded_with(&mut self, record: u64) -> Option<Range<u64>> {
        let span = self.span();
        self.folded(&span, record).filter(|together| together.contains(&record))
    }

    pub(super) fn run_at(&mut self, span: &Span, record: u64) -> Option<&Run> {
        if self.items.index().is_some() {
            return None;
        }
        let run = self.folds.run_of(&mut self.records, span.first, span.end, record)?;
        run.is_fold().then_some(run)
    }

    /// The first records of the run of a record, if it is folded: those that follow each other directly.
    fn folded(&mut self, span: &Span, record: u64) -> Option<Range<u64>> {
        let run = self.run_at(span, record)?;
        let range = run.first..run.together;
        let is_unfolded = self.folds.is_unfolded_at(range.start);
        (!is_unfolded).then_some(range)
    }

    /// The consecutive records of a run around this one that are shown by a row further up, above other rows.
    fn hidden(&mut self, span: &Span, record: u64) -> Option<Range<u64>> {
        let first = self.folded(span, record)?;
        if first.contains(&record) { None } else { self.folds.part_of(record) }
    }

    /// The record whose row shows this one.
    fn shown_by(&mut self, span: &Span, record: u64) -> u64 {
        self.folded(span, record).map_or(record, |run| run.start)
    }

    /// The index whose items are shown.
    #[must_use]
    pub fn index(&self) -> Option<&ItemIndex> {
        self.items.index()
    }

    /// The far search needed because the last layout guessed a character boundary; a job runs it and passes the result to
    /// [`View::learn`]. Never returned by a patient view.
    pub fn far_look(&mut self) -> Option<FarLook> {
        self.decoders.wanted()
    }

    /// Adds the result of a far search. Returns true if rows may have changed.
    pub fn learn(&mut self, found: FarStates) -> bool {
        let is_new = self.decoders.learn(found);
        if is_new {
            self.blocks.clear();
        }
        is_new
    }

    /// Runs far searches immediately, at any cost, so that no boundary is guessed. For jobs and the command line.
    pub fn set_patient(&mut self) {
        self.decoders.set_patient(true);
    }

    /// Creates a view with the same settings, for a job.
    #[must_use]
    pub fn again(&self) -> Self {
        let mut view = Self::new(self.reader().clone(), self.config, self.from);
        view.set_index(self.index().cloned());
        view.is_brief = self.is_brief;
        view
    }

    /// Hides events that duplicate an adjacent row: the start of a run, a connect whose outcome is known, and the end of a run if the
    /// error above caused it. Record numbers do not change.
    pub fn set_brief(&mut self, is_brief: bool) {
        self.is_brief = is_brief;
    }

    /// Reads again what could not be read before.
    pub fn reread(&mut self) {
        self.blocks.clear();
        self.decoders = Decoders::new(self.config.encoding);
    }

    /// Changes the settings and discards stale caches.
    pub fn set_config(&mut self, config: ViewConfig) {
        let config = config.normalised();
        if config.encoding != self.config.encoding {
            let is_patient = self.decoders.is_patient();
            self.decoders = Decoders::new(config.encoding);
            self.decoders.set_patient(is_patient);
        }
        if config != self.config {
            self.blocks.clear();
        }
        self.config = config;
    }

    /// The current settings, with all values within their ranges.
    #[must_use]
    pub fn config(&self) -> ViewConfig {
        self.config
    }

    /// First record that "clear view" has not hidden.
    #[must_use]
    pub fn from(&self) -> u64 {
        self.from
    }

    /// Hides the records before this one ("clear view"); the capture keeps them.
    pub fn set_from(&mut self, record: u64) {
        self.from = record;
        self.folds.forget();
    }

    /// Whether frames are shown, each of which is decoded independently.
    pub(super) fn shows_frames(&self) -> bool {
        self.items.index().is_some_and(|index| index.rule().cuts())
    }

    /// The reader of the capture.
    #[must_use]
    pub fn reader(&self) -> &CaptureReader {
        self.records.reader()
    }

    /// Range of the items that can be shown now: records, or the items of the index. O(1).
    #[must_use]
    pub fn items(&self) -> Range<u64> {
        let Span { first, end, .. } = self.span();
        first..end
    }

    /// The records in view, excluding those hidden by "clear view".
    #[must_use]
    pub fn records(&self) -> Range<u64> {
        let published = self.reader().records();
        let hidden = u64::from(published.start == 0 && self.begins_with_opened());
        let first = published.start.max(self.from).max(hidden);
        first..published.end.max(first)
    }

    /// The record of an item's first byte.
    #[must_use]
    pub fn record_of(&mut self, item: u64) -> Option<Record> {
        let span = self.span();
        self.item(&span, item).record().copied()
    }

    /// Payload length of an item in bytes.
    #[must_use]
    pub fn len_of(&mut self, item: u64) -> u32 {
        let span = self.span();
        self.item(&span, item).payload().map_or(0, |source| source.len)
    }

    /// The records that contain bytes of an item, each with its byte range, in order.
    #[must_use]
    pub fn lies_in(&mut self, item: u64, bytes: Range<u32>) -> Vec<(Record, Range<u32>)> {
        let span = self.span();
        self.item(&span, item).payload().map_or_else(Vec::new, |source| source.lies_in(bytes))
    }

    /// The item that shows a byte of a record, and the byte's offset in it. If the byte is hidden, the next item.
    #[must_use]
    pub fn locate(&self, record: u64, offset: u32) -> BytePlace {
        let (record, offset) = self.index().map_or((record, offset), |index| index.find(record, offset));
        BytePlace { record, offset }
    }

    /// The first place. After eviction, row 0 of the first record is the `Evicted` row.
    #[must_use]
    pub fn start(&self) -> Place {
        Place { record: self.span().first, row: 0 }
    }

    /// The place `rows` rows above the end, clipped to the start: the top row of a screen that follows the tail. `rows(tail(n), n)`
    /// are the last `n` rows.
    pub fn tail(&mut self, rows: usize) -> Place {
        self.decoders.begin_screen();
        let span = self.span();
        let Some(mut cursor) = self.last(&span) else { return self.start() };
        self.go_up(&span, &mut cursor, u64::try_from(rows).unwrap_or(u64::MAX).saturating_sub(1));
        self.place(&cursor)
    }

    /// Up to `count` rows from `place` on. A place in an evicted record is replaced by the start, one after the end by the last row.
    /// Time and memory grow with `count`, not with the length of the capture or record.
    pub fn rows(&mut self, place: Place, count: usize) -> Vec<Row> {
        self.decoders.begin_screen();
        let mut rows = Vec::new();
        let mut restarts = 0;
        let mut span = self.span();
        let Some(mut cursor) = self.cursor(&span, place) else { return rows };
        while rows.len() < count {
            if cursor.item.evicted && restarts < RESTARTS {
                restarts += 1;
                rows.clear();
                span = self.span();
                match self.first(&span) {
                    Some(first) => cursor = first,
                    None => break,
                }
                continue;
            }
            let wanted = u64::try_from(count - rows.len()).unwrap_or(u64::MAX);
            let end = self.part_rows(&cursor.item, cursor.part).min(cursor.index.saturating_add(wanted));
            self.render(&cursor.item, cursor.part, cursor.index..end, &mut rows);
            if !self.advance(&span, &mut cursor) {
                break;
            }
        }
        rows.truncate(count);
        rows
    }

    /// `place` moved by `rows` (negative = up), clipped to the first and last row. Intended for wheel and page keys (up to some
    /// thousand rows); use [`View::at`] for larger jumps.
    pub fn moved(&mut self, place: Place, rows: i64) -> Place {
        self.decoders.begin_screen();
        let span = self.span();
        let Some(mut cursor) = self.cursor(&span, place) else { return self.start() };
        if rows < 0 {
            self.go_up(&span, &mut cursor, rows.unsigned_abs());
        } else {
            self.go_down(&span, &mut cursor, rows.unsigned_abs());
        }
        self.place(&cursor)
    }

    /// The place at `fraction` (0–1) of the history: by record number, and by row within a long record.
    pub fn at(&mut self, fraction: f64) -> Place {
        self.decoders.begin_screen();
        let span = self.span();
        if span.first >= span.end {
            return self.start();
        }
        let number = as_f64(span.end - span.first);
        let fraction = if fraction.is_nan() { 0.0 } else { fraction.clamp(0.0, 1.0) };
        // Compensates for rounding, so that a place obtained from `fraction` maps back to itself.
        let slack = (number + 1.0) * f64::EPSILON * 4.0;
        let record = (fraction * number + slack).floor().min(number - 1.0);
        let within = (fraction * number - record).clamp(0.0, 1.0);
        let Some(item) = self.shown_from(&span, span.first + as_u64(record)) else {
            return self.last(&span).map_or_else(|| self.start(), |cursor| self.place(&cursor));
        };
        let parts = f64::from(item.parts(&self.config));
        let part = (within * parts + parts * slack).floor().min(parts - 1.0);
        let within = (within * parts - part).clamp(0.0, 1.0);
        let part = u32::try_from(as_u64(part)).unwrap_or(0);
        let rows = as_f64(self.part_rows(&item, part));
        let index = (within * rows + (rows * parts * slack * 4.0).min(0.4)).floor().min(rows - 1.0);
        let index = as_u64(index);
        self.place(&Cursor { item, part, index })
    }

    /// The position of `place` in the history, 0–1: the inverse of [`View::at`] (`at(fraction(p)) == p` up to about 10^12 rows). The
    /// first row is at 0; the last one slightly below 1.
    pub fn fraction(&mut self, place: Place) -> f64 {
        let span = self.span();
        let Some(cursor) = self.cursor(&span, place) else { return 0.0 };
        let rows = self.part_rows(&cursor.item, cursor.part).max(1);
        let parts = f64::from(cursor.item.parts(&self.config));
        let within = (f64::from(cursor.part) + as_f64(cursor.index) / as_f64(rows)) / parts;
        (as_f64(cursor.item.number - span.first) + within) / as_f64(span.end - span.first)
    }

    /// Count of rows of a record in this view, including rows above and below its data; 0 if it cannot be shown. Exact in hex and
    /// dump mode and for text up to 64 KiB; an estimate from the first and last block for longer text.
    pub fn row_count(&mut self, record: u64) -> u64 {
        let span = self.span();
        if !(span.first..span.end).contains(&record) {
            return 0;
        }
        let item = self.item(&span, record);
        if self.is_left_out(&item) {
            return 0;
        }
        let parts = item.parts(&self.config);
        let first = self.part_rows(&item, 0);
        if parts == 1 {
            return first;
        }
        let last = self.part_rows(&item, parts - 1);
        first.saturating_mul(u64::from(parts - 1)).saturating_add(last)
    }

    /// The row that shows byte `offset` of an item, clipped to its length.
    pub fn place_of(&mut self, record: u64, offset: u32) -> Place {
        self.decoders.begin_screen();
        let span = self.span();
        // A record before the first one is shown by the first row.
        let record = record.max(span.first);
        let record = self.shown_by(&span, record);
        let Some(mut cursor) = self.cursor(&span, Place { record, row: 0 }) else { return self.start() };
        if cursor.item.number == record {
            (cursor.part, cursor.index) = self.part_of(&cursor.item, offset);
        }
        self.place(&cursor)
    }

    /// The part and row of a byte.
    fn part_of(&mut self, item: &Item, offset: u32) -> (u32, u64) {
        let above = u64::from(item.cut);
        let Some(source) = item.laid_out() else { return (0, above) };
        let offset = offset.min(source.len.saturating_sub(1));
        if item.parts(&self.config) == 1 && self.config.mode != super::ViewMode::Text {
            return (0, above + u64::from(offset / u32::from(self.config.bytes_per_row)));
        }
        let mut part = offset / BLOCK_BYTES;
        let Ok(mut block) = self.block(&source, part) else { return (part, 0) };
        if offset >= block.end && part + 1 < Block::count(source.len) {
            part += 1;
            match self.block(&source, part) {
                Ok(next) => block = next,
                Err(_) => return (part, 0),
            }
        }
        let row = block.rows.partition_point(|row| row.offset <= offset).saturating_sub(1);
        let above = if part == 0 { above } else { 0 };
        (part, above + u64::try_from(row).unwrap_or(0))
    }
}

/// Exact up to 2^53, which is also the resolution of a fraction.
#[expect(clippy::cast_precision_loss, reason = "a position on a scroll bar")]
fn as_f64(number: u64) -> f64 {
    number as f64
}

/// Converts a non-negative integral value.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clipped to its range by the callers")]
fn as_u64(number: f64) -> u64 {
    number as u64
}
