//! Two byte strings side by side: their sources, the number of differences, and the aligned bytes.

mod columns;
mod head;
mod row;

use crate::gui::action::{Action, ViewAction};
use crate::gui::compare::state::{Comparison, Outcome, Row};
use crate::gui::context::{Panels, within};
use crate::gui::frame::places::DrawerTab;
use crate::gui::log::CompareWish;
use crate::gui::session::Session;
use crate::gui::theme;
use crate::gui::theme::{Tokens, measure};
use crate::gui::widgets::paint;
use crate::words::Lang;
use crate::words::Text;
use columns::Columns;
use egui::accesskit::Role;
use egui::{
    Align, CornerRadius, EventFilter, Id, Key, Layout, Modifiers, Rect, Response, Sense, Ui, WidgetInfo, pos2, vec2,
};
use std::sync::Arc;

/// Starts a comparison requested in the log.
pub fn begin(panels: &mut Panels<'_>, session: &mut Session, wish: CompareWish) {
    let Some(log) = &mut session.log else { return };
    let sides = match wish {
        CompareWish::SetBase => {
            let base = log.chosen_side().map(|side| Action::View(ViewAction::SetCompareBase(Arc::new(side))));
            panels.actions.push(base.unwrap_or(Action::View(ViewAction::NothingToCompare)));
            return;
        }
        CompareWish::WithBase => {
            panels.compare_base.clone().and_then(|base| Some([base, Arc::new(log.chosen_side()?)]))
        }
        CompareWish::Two => log.chosen_two().map(|sides| sides.map(Arc::new)),
    };
    match sides {
        Some(sides) => {
            session.compare = Some(Comparison::new(sides));
            session.places.show_drawer(DrawerTab::Compare);
        }
        None => panels.actions.push(Action::View(ViewAction::NothingToCompare)),
    }
}

/// Draws the comparison into all of `ui`.
pub fn show(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session) {
    let Some(comparison) = &mut session.compare else { return };
    comparison.tick(session.setup.encoding, panels.wake);
    let rect = ui.max_rect();
    let columns = Columns::new(rect.width());
    let (top, body) = rect.split_top_bottom_at_y((rect.top() + head::height(comparison)).min(rest_least(rect)));
    // The same distance below the line as the rows of the log.
    let body = Rect::from_min_max(body.min + vec2(0.0, 2.0), body.max);
    let answer =
        within(ui, top, "head", Layout::top_down(Align::Min), |ui| head::show(ui, panels, comparison, &columns));
    let focus = body_of(ui, panels.lang, comparison, body, &columns);
    match answer {
        Some(head::Answer::Close) => return close(ui, session),
        Some(head::Answer::Step(forward)) => comparison.step(forward),
        Some(head::Answer::Swap) => comparison.swap(),
        Some(head::Answer::Folded) => {}
        None if focus.closes => return close(ui, session),
        None => return,
    }
    // Keys must still work after a button was clicked.
    ui.memory_mut(|memory| memory.request_focus(focus.id));
    ui.ctx().request_repaint();
}

/// Drops the comparison and closes the drawer.
fn close(ui: &Ui, session: &mut Session) {
    session.compare = None;
    session.places.close_drawer();
    ui.ctx().request_repaint();
}

/// Keeps at least one row of the body in a low pane.
fn rest_least(rect: Rect) -> f32 {
    (rect.bottom() - measure::LOG_ROW).max(rect.top())
}

/// The body as the widget with the keyboard focus.
struct Focus {
    id: Id,
    closes: bool,
}

fn body_of(ui: &mut Ui, lang: Lang, comparison: &mut Comparison, rect: Rect, columns: &Columns) -> Focus {
    let t = theme::tokens(ui);
    let id = ui.scope_id().with("comparison");
    let response = ui.interact(rect, id, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::ScrollView, true, Text::Comparison.of(lang)));
    if std::mem::take(&mut comparison.wants_focus) || response.clicked() {
        response.request_focus();
    }
    comparison.rows_fit = (rect.height().max(0.0) / measure::LOG_ROW).floor() as usize;
    let closes = keys(ui, &response, comparison);
    wheel(ui, rect, comparison);
    let half = columns.second(rect);
    paint::hairline_v(ui.painter(), half - 1.0, rect.top()..=rect.bottom(), t.soft);
    let (rows, count) = comparison.in_sight(columns.bytes);
    if let Some(outcome) = comparison.outcome() {
        rows_of(ui, lang, comparison, outcome, &rows, rect, columns);
    } else {
        let words = if comparison.is_running() { Text::Comparing } else { Text::ComparisonFailed };
        message(ui, rect, words.of(lang), t);
    }
    let track = Rect::from_min_max(pos2(rect.right() - 12.0, rect.top()), rect.max);
    scroll_bar(ui, track, id.with("scroll"), comparison, count, lang);
    Focus { id, closes }
}

fn message(ui: &Ui, rect: Rect, words: &str, t: &Tokens) {
    let at = pos2(rect.left() + measure::MARGIN, rect.top() + measure::LOG_ROW / 2.0);
    let said = paint::text(ui.painter(), at, paint::At::Left, words, theme::ui_font(measure::TEXT_LABEL), t.muted);
    let label = ui.interact(said, ui.scope_id().with("message"), Sense::hover());
    label.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
}

fn rows_of(
    ui: &Ui,
    lang: Lang,
    comparison: &Comparison,
    outcome: &Outcome,
    rows: &[Row],
    rect: Rect,
    columns: &Columns,
) {
    let current = comparison.current.and_then(|at| outcome.table.differences().get(at)).cloned();
    let looks = row::Looks { columns, sides: &comparison.sides, outcome, current, lang };
    for (index, row) in rows.iter().enumerate() {
        let top = rect.top() + index as f32 * measure::LOG_ROW;
        let place = Rect::from_min_size(pos2(rect.left(), top), vec2(rect.width(), measure::LOG_ROW));
        let spoken = looks.paint(ui, place, row);
        let response = ui.interact(place, ui.scope_id().with(("row", index)), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, spoken.as_str()));
    }
}

/// Handles the keys of the focused view. Returns true to close it.
fn keys(ui: &Ui, response: &Response, comparison: &mut Comparison) -> bool {
    if !response.has_focus() {
        return false;
    }
    let filter = EventFilter { vertical_arrows: true, escape: true, ..Default::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
    let page = i64::try_from(comparison.rows_fit.saturating_sub(1).max(1)).unwrap_or(1);
    let pressed = |key: Key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    let moves = [
        (Key::ArrowUp, -1),
        (Key::ArrowDown, 1),
        (Key::PageUp, -page),
        (Key::PageDown, page),
        (Key::Home, i64::MIN),
        (Key::End, i64::MAX),
    ];
    for (key, rows) in moves {
        if pressed(key) {
            // egui would also move the focus with the key if the view received the focus only one frame ago.
            ui.memory_mut(|memory| memory.move_focus(egui::FocusDirection::None));
            comparison.scroll_by(rows);
        }
    }
    !egui::Popup::is_any_open(ui.ctx()) && pressed(Key::Escape)
}

fn wheel(ui: &Ui, rect: Rect, comparison: &mut Comparison) {
    if ui.rect_contains_pointer(rect) {
        comparison.wheel += ui.input_mut(|i| std::mem::take(&mut i.smooth_scroll_delta.y)) / -measure::LOG_ROW;
        let whole = comparison.wheel.trunc();
        comparison.wheel -= whole;
        comparison.scroll_by(whole as i64);
    }
}

/// Draws the scroll bar in `track`, like that of the log; `count`: number of all rows.
fn scroll_bar(ui: &Ui, track: Rect, id: Id, comparison: &mut Comparison, count: usize, lang: Lang) {
    let last = count.saturating_sub(comparison.rows_fit);
    if last == 0 {
        return;
    }
    let t = theme::tokens(ui);
    let length = (track.height() * comparison.rows_fit as f32 / count as f32)
        .clamp(24.0_f32.min(track.height()), track.height());
    let room = track.height() - length;
    let part = comparison.top as f32 / last as f32;
    let handle = Rect::from_min_size(pos2(track.left(), track.top() + room * part), vec2(track.width(), length));
    let response = ui.interact(track, id, Sense::click_and_drag());
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::ScrollBar, true, Text::ComparisonScroll.of(lang));
        info.value = Some(f64::from(part));
        info
    });
    let is_active = response.hovered() || response.dragged();
    let (colour, width) = if is_active { (t.muted, 6.0) } else { (t.scroll, 4.0) };
    let bar =
        Rect::from_min_max(pos2(track.right() - 2.0 - width, handle.top()), pos2(track.right() - 2.0, handle.bottom()));
    ui.painter().rect_filled(bar, CornerRadius::same(3), colour);
    let Some(pointer) = response.interact_pointer_pos() else { return };
    if response.drag_started() {
        let origin = ui.input(|i| i.pointer.press_origin()).unwrap_or(pointer);
        // Grabbed beside the handle: centre the handle under the pointer.
        comparison.grabbed = Some(if handle.contains(origin) { origin.y - handle.top() } else { length / 2.0 });
    }
    if response.dragged() {
        if let Some(grab) = comparison.grabbed.filter(|_| room > 0.0) {
            let part = ((pointer.y - grab - track.top()) / room).clamp(0.0, 1.0);
            comparison.top = (part * last as f32).round() as usize;
            ui.ctx().request_repaint();
        }
    } else if response.clicked() && !handle.contains(pointer) {
        let page = i64::try_from(comparison.rows_fit.saturating_sub(1).max(1)).unwrap_or(1);
        comparison.scroll_by(if pointer.y < handle.top() { -page } else { page });
        ui.ctx().request_repaint();
    }
    if response.drag_stopped() {
        comparison.grabbed = None;
    }
}
