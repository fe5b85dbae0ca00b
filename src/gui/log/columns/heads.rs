//! The column heads with their menus.

use super::list::{COLUMNS, Head};
use super::{Columns, menu};
use crate::gui::log::{LogAction, LogOptions};
use crate::gui::theme::{self, Tokens, measure};
use crate::gui::widgets::paint::{self, At};
use crate::lines::ViewMode;
use crate::settings::LogColumn;
use egui::{Rect, Ui, pos2};

/// Draws the heads at the top of `rect`. `has_summary`: a visible row has one.
pub(in crate::gui::log) fn heads(
    ui: &mut Ui,
    rect: Rect,
    columns: &Columns,
    options: &LogOptions,
    has_summary: bool,
    t: &Tokens,
) -> Vec<LogAction> {
    let mut actions = Vec::new();
    let y = rect.top() + measure::COLUMN_HEAD / 2.0;
    let font = theme::ui_font(measure::TEXT_SMALL);
    let menu = menu::columns(ui, rect, options, t, &mut actions);
    for column in &COLUMNS {
        let Some(span) = columns.span(column.id) else { continue };
        let x = rect.left() + if column.align == At::Right { span.right } else { span.left };
        match column.head {
            Head::Words(_) if column.id == LogColumn::Summary && !has_summary => {}
            Head::Words(words) => {
                let words = words(options, &columns.fit);
                let room = if column.align == At::Right { f32::INFINITY } else { menu.left() - 4.0 - x };
                let laid_out = |words: &str| paint::elided(ui.painter(), words, font.clone(), t.muted, room);
                let mut line = laid_out(&words);
                if line.elided && column.id == LogColumn::Text {
                    line = laid_out(options.encoding.label());
                }
                // A truncated label is useless.
                if line.elided {
                    continue;
                }
                paint::put(ui.painter(), pos2(x, y), column.align, measure::TEXT_SMALL, line, t.muted);
            }
            Head::DeltaMenu => menu::delta(ui, pos2(x, y), options, t, &mut actions),
            Head::Offsets if columns.mode != ViewMode::Text => {
                for index in 0..usize::from(columns.bytes()) {
                    let at = pos2(rect.left() + columns.byte_x(index) + 1.0, y);
                    let font = theme::mono(measure::TEXT_SMALL);
                    if at.x + 14.0 < menu.left() {
                        paint::text(ui.painter(), at, At::Left, &format!("{index:02X}"), font, t.time);
                    }
                }
            }
            Head::Offsets | Head::Nothing => {}
        }
    }
    let bottom = rect.top() + measure::COLUMN_HEAD - 1.0;
    paint::hairline_h(ui.painter(), rect.left()..=rect.right(), bottom, t.soft);
    actions
}
