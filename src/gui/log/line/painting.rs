//! Painting a row, and the positions of its bytes.

use crate::gui::log::columns::Columns;
use crate::gui::log::line::{Line, Origin, Piece, Standing};
use crate::gui::log::tint;
use crate::gui::theme::{Tokens, measure};
use crate::gui::widgets::paint;
use crate::gui::widgets::paint::At;
use crate::lines::{RowKind, View, ViewMode};
use crate::model::Direction;
use crate::settings::LogColumn;
use egui::text::LayoutJob;
use egui::{Painter, Rect, pos2};
use std::ops::Range;

impl Line {
    /// Paints the row. Returns whether its text was truncated at the right edge.
    pub(in crate::gui::log) fn paint(
        &self,
        painter: &Painter,
        columns: &Columns,
        t: &Tokens,
        standing: &Standing<'_>,
    ) -> bool {
        let rect = standing.rect;
        let is_selected = standing.selection.is_some_and(|s| s.has_record(self.row.place.record));
        let ground = if is_selected {
            Some(t.selection)
        } else if standing.hovered {
            Some(t.hover)
        } else if let Some(colour) = standing.tint.row {
            Some(t.highlight_row(colour))
        } else {
            (self.row.direction() == Some(Direction::Sent)).then_some(t.sent_row)
        };
        if let Some(ground) = ground {
            painter.rect_filled(rect, 0.0, ground);
        }
        let is_note = matches!(self.row.kind, RowKind::FrameNote(_));
        let top = rect.top() + if self.row.first || is_note { 1.0 } else { 0.0 };
        let bottom = rect.bottom() - if self.row.last || is_note { 1.0 } else { 0.0 };
        painter.rect_filled(Rect::from_min_max(pos2(rect.left(), top), pos2(rect.left() + 3.0, bottom)), 0.0, self.bar);
        let grounds = self.byte_grounds(painter, columns, t, standing, is_selected);
        self.words_and_icons(painter, rect, &grounds, t) || self.is_cut
    }

    /// Paints text and icons. Returns true if text was truncated.
    fn words_and_icons(&self, painter: &Painter, rect: Rect, grounds: &[Vec<Range<f32>>; 2], t: &Tokens) -> bool {
        let mut is_cut = false;
        for piece in &self.pieces {
            match piece {
                Piece::Words { x, anchor, size, job, room } => {
                    let mut job = job.clone();
                    if *anchor == At::Left {
                        tint::make_readable(&mut job, *x, grounds, t);
                    }
                    let mut galley = painter.layout_job(job.clone());
                    if let Some(room) = room
                        && galley.size().x > room + 0.5
                    {
                        galley = painter.layout_job(shrunk(&job, room / galley.size().x));
                    }
                    is_cut |= galley.elided;
                    paint::put(painter, pos2(rect.left() + x, rect.center().y), *anchor, *size, galley, t.text);
                }
                Piece::Icon { x, icon, filled, colour } => {
                    let centre = pos2(rect.left() + x, rect.center().y);
                    let paint = if *filled { paint::icon_fill } else { paint::icon };
                    paint(painter, centre, *icon, measure::ICON_ROW, *colour);
                }
            }
        }
        is_cut
    }

    /// Finds the records of the row's bytes.
    pub(in crate::gui::log) fn find_origins(&mut self, view: &mut View) {
        let Some((_, shown)) = self.bytes() else { return };
        let mut at = shown.start;
        for (record, bytes) in view.lies_in(self.row.place.record, shown) {
            let len = bytes.end - bytes.start;
            self.origins.push(Origin { record: record.number, bytes, at });
            at += len;
        }
    }

    /// The bytes of the row's item.
    pub(in crate::gui::log) fn bytes(&self) -> Option<(Direction, Range<u32>)> {
        let RowKind::Data { direction, offset, bytes, .. } = &self.row.kind else { return None };
        Some((*direction, *offset..offset.saturating_add(u32::try_from(bytes.len()).unwrap_or(u32::MAX))))
    }

    /// Right edge of the row's contents.
    pub(in crate::gui::log) fn end(&self, c: &Columns) -> f32 {
        let RowKind::Data { bytes, cells, .. } = &self.row.kind else { return 0.0 };
        let hex = bytes.len().checked_sub(1).filter(|_| c.mode != ViewMode::Text).map(|last| c.byte_x(last) + 14.0);
        let text = cells.last().map(|cell| c.cell_x(cell.column + cell.width));
        let summary = c.span(LogColumn::Summary).filter(|_| self.has_summary).map(|span| span.left + 98.0);
        [hex, text, summary].into_iter().flatten().fold(0.0, f32::max)
    }

    /// The x ranges of a record's bytes in this row, in both columns.
    pub(in crate::gui::log) fn ranges(&self, c: &Columns, within: &Range<u32>) -> Vec<Range<f32>> {
        let RowKind::Data { offset, bytes, cells, .. } = &self.row.kind else { return Vec::new() };
        let mut ranges: Vec<Range<f32>> = Vec::new();
        let start = within.start.max(*offset);
        let end = within.end.min(offset.saturating_add(u32::try_from(bytes.len()).unwrap_or(u32::MAX)));
        if c.mode != ViewMode::Text && start < end {
            let x = |at: u32| c.byte_x((at - offset) as usize);
            ranges.push(x(start) - 3.0..x(end - 1) + 17.0);
        }
        let mut text: Option<Range<f32>> = None;
        for cell in cells.iter().filter(|cell| cell.bytes.start < within.end && cell.bytes.end > within.start) {
            let (left, right) = (c.cell_x(cell.column), c.cell_x(cell.column + cell.width));
            text = Some(text.map_or(left..right, |range| range.start.min(left)..range.end.max(right)));
        }
        if let Some(text) = text {
            // An unwrapped line continues beyond the column.
            let end = c.span(LogColumn::Text).map_or(f32::INFINITY, |span| span.right + 28.0);
            ranges.extend(Some(text.start..text.end.min(end)).filter(|text| text.start < end));
        }
        ranges
    }
}

/// The same text, scaled by `factor`.
fn shrunk(job: &LayoutJob, factor: f32) -> LayoutJob {
    let mut job = job.clone();
    for section in &mut job.sections {
        section.format.font_id.size *= factor;
    }
    job
}
