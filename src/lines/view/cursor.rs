//! Moves from row to row, over items without rows.

use super::View;
use crate::lines::Place;
use crate::lines::render::{Item, Span};

/// Maximum count of consecutive items to leave out; any more are shown, which bounds the cost of malicious captures. Records that
/// a row further up represents are skipped part by part; a run bounds their count.
const LEFT_OUT_MAX: usize = 256;

/// An existing row during navigation.
pub(super) struct Cursor {
    pub(super) item: Item,
    pub(super) part: u32,
    pub(super) index: u64,
}

impl View {
    pub(super) fn place(&self, cursor: &Cursor) -> Place {
        Place::new(self.config.mode, cursor.item.number, cursor.part, cursor.index)
    }

    pub(super) fn first(&mut self, span: &Span) -> Option<Cursor> {
        self.shown_from(span, span.first).map(|item| Cursor { item, part: 0, index: 0 })
    }

    pub(super) fn last(&mut self, span: &Span) -> Option<Cursor> {
        self.shown_before(span, span.end).map(|item| self.end_of(item))
    }

    /// The first item from `number` on that has rows. If `number` is folded into an earlier item, that item.
    pub(super) fn shown_from(&mut self, span: &Span, number: u64) -> Option<Item> {
        let mut next = number;
        let mut left_out = 0;
        loop {
            if next >= span.end {
                return None;
            }
            if let Some(part) = self.hidden(span, next) {
                next = part.end;
                continue;
            }
            let shown = self.shown_by(span, next);
            let item = self.item(span, shown);
            if left_out == LEFT_OUT_MAX || !self.is_left_out(&item) {
                return Some(item);
            }
            next = item.next();
            left_out += 1;
        }
    }

    /// The last item before `end` that has rows.
    pub(super) fn shown_before(&mut self, span: &Span, end: u64) -> Option<Item> {
        let mut end = end;
        let mut left_out = 0;
        loop {
            if end <= span.first {
                return None;
            }
            if let Some(part) = self.hidden(span, end - 1) {
                end = part.start;
                continue;
            }
            let shown = self.shown_by(span, end - 1);
            let item = self.item(span, shown);
            if left_out == LEFT_OUT_MAX || !self.is_left_out(&item) {
                return Some(item);
            }
            end = item.number;
            left_out += 1;
        }
    }

    /// The last row of a record.
    pub(super) fn end_of(&mut self, item: Item) -> Cursor {
        let part = item.parts(&self.config) - 1;
        let index = self.part_rows(&item, part).saturating_sub(1);
        Cursor { item, part, index }
    }

    /// The row at `place`, or the nearest existing one.
    pub(super) fn cursor(&mut self, span: &Span, place: Place) -> Option<Cursor> {
        if place.record < span.first {
            return self.first(span);
        }
        let Some(item) = self.shown_from(span, place.record) else { return self.last(span) };
        if item.number != place.record {
            return Some(Cursor { item, part: 0, index: 0 });
        }
        let (part, index) = place.split(self.config.mode);
        if part >= item.parts(&self.config) {
            return Some(self.end_of(item));
        }
        let index = index.min(self.part_rows(&item, part).saturating_sub(1));
        Some(Cursor { item, part, index })
    }

    pub(super) fn go_down(&mut self, span: &Span, cursor: &mut Cursor, mut rows: u64) {
        loop {
            let last = self.part_rows(&cursor.item, cursor.part).saturating_sub(1);
            let room = last.saturating_sub(cursor.index);
            if rows <= room {
                cursor.index += rows;
                return;
            }
            rows -= room + 1;
            if !self.advance(span, cursor) {
                cursor.index = last;
                return;
            }
        }
    }

    pub(super) fn go_up(&mut self, span: &Span, cursor: &mut Cursor, mut rows: u64) {
        loop {
            if rows <= cursor.index {
                cursor.index -= rows;
                return;
            }
            rows -= cursor.index + 1;
            if cursor.part > 0 {
                cursor.part -= 1;
                cursor.index = self.part_rows(&cursor.item, cursor.part).saturating_sub(1);
            } else if let Some(item) = self.shown_before(span, cursor.item.number) {
                *cursor = self.end_of(item);
            } else {
                cursor.index = 0;
                return;
            }
        }
    }

    /// Moves to the first row of the next part or record. False at the end.
    pub(super) fn advance(&mut self, span: &Span, cursor: &mut Cursor) -> bool {
        if cursor.part + 1 < cursor.item.parts(&self.config) {
            cursor.part += 1;
        } else if let Some(item) = self.shown_from(span, cursor.item.next()) {
            cursor.item = item;
            cursor.part = 0;
        } else {
            return false;
        }
        cursor.index = 0;
        true
    }
}
