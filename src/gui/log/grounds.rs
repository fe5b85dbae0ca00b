//! The backgrounds behind the bytes of a row.

use crate::gui::log::columns::Columns;
use crate::gui::log::line::{Line, Standing};
use crate::gui::theme::{Tokens, measure};
use egui::{Color32, CornerRadius, Painter, Rect, pos2, vec2};
use std::ops::Range;

impl Line {
    /// Paints the backgrounds of bytes on top of each other: invalid or wrong, highlighted, selected, hits. Returns the areas
    /// of highlights and of hits.
    pub(super) fn byte_grounds(
        &self,
        painter: &Painter,
        columns: &Columns,
        t: &Tokens,
        standing: &Standing<'_>,
        is_selected: bool,
    ) -> [Vec<Range<f32>>; 2] {
        let rect = standing.rect;
        for (range, ground) in &self.grounds {
            byte_ground(painter, rect, range, *ground);
        }
        let mut tinted = Vec::new();
        for (within, colour) in &standing.tint.bytes {
            for range in self.ranges(columns, within) {
                byte_ground(painter, rect, &range, t.highlight(*colour));
                tinted.push(range);
            }
        }
        if let Some(selection) = standing.selection
            && !is_selected
        {
            let within = selection.within(self.row.place.record);
            for range in within.map_or_else(Vec::new, |within| self.ranges(columns, &within)) {
                byte_ground(painter, rect, &range, t.selection);
            }
        }
        let mut found = Vec::new();
        for (within, is_current) in standing.hits {
            for range in self.ranges(columns, within) {
                byte_ground(painter, rect, &range, t.hit);
                if *is_current {
                    byte_edge(painter, rect, &range, t.hit_edge);
                }
                found.push(range);
            }
        }
        [tinted, found]
    }
}

fn byte_rect(row: Rect, x: &Range<f32>) -> Rect {
    Rect::from_min_size(pos2(row.left() + x.start, row.top() + 1.0), vec2(x.end - x.start, row.height() - 2.0))
}

fn byte_ground(painter: &Painter, row: Rect, x: &Range<f32>, colour: Color32) {
    painter.rect_filled(byte_rect(row, x), CornerRadius::same(measure::RADIUS_BYTES), colour);
}

fn byte_edge(painter: &Painter, row: Rect, x: &Range<f32>, colour: Color32) {
    let stroke = egui::Stroke::new(2.0, colour);
    let corner = CornerRadius::same(measure::RADIUS_BYTES);
    painter.rect_stroke(byte_rect(row, x), corner, stroke, egui::StrokeKind::Middle);
}
