//! The strip below the rows, and the scroll bar.

use crate::gui::icons;
use crate::gui::log::{LogOptions, LogView};
use crate::gui::theme::{self, Tokens, measure};
use crate::gui::widgets::paint::{self, At};
use egui::accesskit::Role;
use egui::{CornerRadius, Id, Rect, Sense, Ui, WidgetInfo, pos2, vec2};

impl LogView {
    /// Draws the strip of a view that does not follow.
    pub(super) fn strip(&mut self, ui: &Ui, rect: Rect, id: Id, options: &LogOptions, t: &Tokens) {
        let painter = ui.painter();
        painter.rect_filled(rect, 0.0, t.hover);
        paint::hairline_h(painter, rect.left()..=rect.right(), rect.top(), t.soft);
        let y = rect.center().y;
        let words = options.lang.texts().not_following(self.unseen());
        let back = options.lang.texts().back_to_newest();
        let galley = paint::line(painter, back, theme::medium(measure::TEXT_LABEL), t.accent);
        let width = galley.size().x + 18.0;
        let button = Rect::from_min_max(pos2(rect.right() - 24.0 - width, rect.top() + 2.0), rect.max - vec2(8.0, 2.0));
        let room = button.left() - rect.left() - measure::MARGIN - 8.0;
        let at = pos2(rect.left() + measure::MARGIN, y);
        let said = paint::text_elided(painter, at, &words, theme::ui_font(measure::TEXT_SMALL), t.muted, room);
        let label = ui.interact(said, id.with("words"), Sense::hover());
        label.widget_info(|| WidgetInfo::labeled(Role::Label, true, &words));

        let response = ui.interact(button, id.with("back"), Sense::click());
        if response.hovered() {
            painter.rect_filled(button, CornerRadius::same(measure::RADIUS), t.soft);
        }
        let left = rect.right() - 16.0 - galley.size().x;
        paint::put(painter, pos2(left, y), At::Left, measure::TEXT_LABEL, galley, t.accent);
        paint::icon(painter, pos2(left - 12.0, y), icons::ARROW_DOWN, measure::ICON_ROW, t.accent);
        if response.has_focus() {
            paint::focus_ring_inside(painter, button, measure::RADIUS, t);
        }
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, back));
        if response.clicked() {
            self.set_follow(true);
            ui.ctx().request_repaint();
        }
    }

    /// Draws the scroll bar in `track` (from edge to edge; the bar itself is 4 points wide).
    pub(super) fn scroll_bar(&mut self, ui: &Ui, track: Rect, id: Id, t: &Tokens) {
        let Some(screen) = self.screen.as_ref().filter(|screen| screen.can_scroll()) else { return };
        let sight = (screen.end_at - screen.top_at).clamp(0.0, 1.0) as f32;
        let length = (track.height() * sight).clamp(24.0_f32.min(track.height()), track.height());
        let room = track.height() - length;
        let part = (screen.top_at / screen.last_top_at).clamp(0.0, 1.0) as f32;
        let handle = Rect::from_min_size(pos2(track.left(), track.top() + room * part), vec2(track.width(), length));

        let response = ui.interact(track, id, Sense::click_and_drag());
        response.widget_info(|| {
            let mut info = WidgetInfo::labeled(Role::ScrollBar, true, self.lang.texts().log_scroll_bar());
            info.value = Some(f64::from(part));
            info
        });
        let active = response.hovered() || response.dragged();
        let colour = if active { t.muted } else { t.scroll };
        let width = if active { 6.0 } else { 4.0 };
        let bar = Rect::from_min_max(
            pos2(track.right() - 2.0 - width, handle.top()),
            pos2(track.right() - 2.0, handle.bottom()),
        );
        ui.painter().rect_filled(bar, CornerRadius::same(3), colour);

        let Some(pointer) = response.interact_pointer_pos() else { return };
        if response.drag_started() {
            let origin = ui.input(|i| i.pointer.press_origin()).unwrap_or(pointer);
            // Grabbed beside the handle: centre the handle under the pointer.
            let grab = if handle.contains(origin) { origin.y - handle.top() } else { length / 2.0 };
            self.grabbed = Some(grab);
        }
        if response.dragged() {
            if let Some(grab) = self.grabbed
                && room > 0.0
            {
                self.scroll_to_part(f64::from((pointer.y - grab - track.top()) / room));
            }
        } else if response.clicked() && !handle.contains(pointer) {
            let page = i64::try_from(self.rows_fit.saturating_sub(1).max(1)).unwrap_or(1);
            self.scroll_by(if pointer.y < handle.top() { -page } else { page });
        }
        if response.drag_stopped() {
            self.grabbed = None;
        }
    }
}
