//! Scrolling with wheel and scroll bar.

use crate::gui::find::hits::{HitList, ROW, Sight};
use crate::gui::theme::{Tokens, measure};
use crate::words::Lang;
use egui::accesskit::Role;
use egui::{CornerRadius, Id, Rect, Sense, Ui, WidgetInfo, pos2, vec2};
use std::sync::PoisonError;

impl HitList {
    /// Handles the wheel over the rows in `rect`.
    pub fn wheel(&mut self, ui: &Ui, rect: Rect, sight: Sight) {
        if !ui.rect_contains_pointer(rect) {
            return;
        }
        let rows = ui.input_mut(|i| std::mem::take(&mut i.smooth_scroll_delta.y)) / -ROW;
        self.wheel += rows;
        let whole = self.wheel.trunc();
        self.wheel -= whole;
        if whole != 0.0 {
            self.scroll_to(sight.first.saturating_add_signed(whole as isize), sight);
            ui.ctx().request_repaint();
        }
    }

    fn scroll_to(&mut self, first: usize, sight: Sight) {
        let Some(found) = self.found.clone() else { return };
        let found = found.lock().unwrap_or_else(PoisonError::into_inner);
        let last = found.hits().len().saturating_sub(sight.fit);
        self.set_first(&found, first.min(last));
    }

    /// Draws the scroll bar in `track` and handles it.
    pub fn scroll_bar(&mut self, ui: &Ui, track: Rect, id: Id, sight: Sight, lang: Lang, t: &Tokens) {
        let last = sight.listed.saturating_sub(sight.fit);
        if last == 0 {
            return;
        }
        let length = track.height() * sight.fit as f32 / sight.listed as f32;
        let length = length.clamp(24.0_f32.min(track.height()), track.height());
        let room = track.height() - length;
        let part = (sight.first as f64 / last as f64).clamp(0.0, 1.0);
        let top = track.top() + room * part as f32;
        let handle = Rect::from_min_size(pos2(track.left(), top), vec2(track.width(), length));
        let response = ui.interact(track, id, Sense::click_and_drag());
        response.widget_info(|| {
            let mut info = WidgetInfo::labeled(Role::ScrollBar, true, lang.texts().hits_scroll_bar());
            info.value = Some(part);
            info
        });
        let active = response.hovered() || response.dragged();
        let (width, colour) = if active { (6.0, t.muted) } else { (4.0, t.scroll) };
        let bar =
            Rect::from_min_max(pos2(track.right() - 2.0 - width, top), pos2(track.right() - 2.0, handle.bottom()));
        ui.painter().rect_filled(bar, CornerRadius::same(measure::RADIUS_BYTES), colour);
        let Some(pointer) = response.interact_pointer_pos() else { return };
        if response.drag_started() {
            let origin = ui.input(|i| i.pointer.press_origin()).unwrap_or(pointer);
            // Grabbed beside the handle: centre the handle under the pointer.
            self.grabbed = Some(if handle.contains(origin) { origin.y - top } else { length / 2.0 });
        }
        if let (true, Some(grab), true) = (response.dragged(), self.grabbed, room > 0.0) {
            let part = f64::from(((pointer.y - grab - track.top()) / room).clamp(0.0, 1.0));
            self.scroll_to((part * last as f64).round() as usize, sight);
            ui.ctx().request_repaint();
        } else if response.clicked() && !handle.contains(pointer) {
            let page = sight.fit.saturating_sub(1).max(1).cast_signed();
            let by = if pointer.y < top { -page } else { page };
            self.scroll_to(sight.first.saturating_add_signed(by), sight);
            ui.ctx().request_repaint();
        }
        if response.drag_stopped() {
            self.grabbed = None;
        }
    }
}
