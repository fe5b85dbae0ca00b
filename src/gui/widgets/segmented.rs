//! A segmented control: one of a few choices side by side.

use crate::gui::theme;
use crate::gui::theme::{Tokens, measure};
use crate::gui::widgets::paint;
use egui::accesskit::Role;
use egui::{Color32, Id, Key, Rect, Response, Sense, Ui, WidgetInfo, pos2, vec2};

/// A track with segments. The track is a radio group named after the setting; each segment is a radio button named by its label.
#[must_use = "call show"]
pub struct Segmented<'a, T> {
    name: &'a str,
    items: &'a [(T, &'a str)],
    width: Option<f32>,
}

impl<'a, T: Copy + PartialEq> Segmented<'a, T> {
    /// A group with the accessible name `name`, which is not visible.
    pub fn new(name: &'a str, items: &'a [(T, &'a str)]) -> Self {
        Self { name, items, width: None }
    }

    /// Sets the total width, shared equally by the segments. Default: as wide as the labels need.
    pub fn width(mut self, width: f32) -> Self {
        self.width = Some(width);
        self
    }

    /// Draws it; `changed()` of the response is true if another value was selected by pointer, arrow keys, Enter or a screen
    /// reader.
    pub fn show(self, ui: &mut Ui, value: &mut T) -> Response {
        let t = theme::tokens(ui);
        let widths = self.widths(ui);
        let total = widths.iter().sum::<f32>();
        let (track, mut group) = ui.allocate_exact_size(vec2(total, measure::CONTROL), Sense::hover());
        let enabled = ui.is_enabled();
        paint::plate(ui.painter(), track, measure::RADIUS, t.segment_track, t.segment_track_line);
        group.widget_info(|| WidgetInfo::labeled(Role::RadioGroup, enabled, self.name));

        let ids: Vec<Id> = (0..self.items.len()).map(|index| group.id.with(index)).collect();
        let mut left = track.left();
        let mut chosen = None;
        for (index, ((item, words), width)) in self.items.iter().zip(widths).enumerate() {
            let rect = Rect::from_min_size(pos2(left, track.top()), vec2(width, track.height()));
            left += width;
            let on = item == value;
            // Tab stops once in the group; the arrow keys move in it.
            let is_stop = on || index == 0 && self.items.iter().all(|(item, _)| item != value);
            let sense = if is_stop || ui.memory(|m| m.has_focus(ids[index])) { Sense::click() } else { Sense::CLICK };
            let response = ui.interact(rect, ids[index], sense);
            response.widget_info(|| WidgetInfo::selected(Role::RadioButton, enabled, on, *words));
            if response.clicked() {
                chosen = Some(index);
            }
            if response.has_focus() {
                let step = ui.input_mut(|i| {
                    i64::from(i.consume_key(egui::Modifiers::NONE, Key::ArrowRight))
                        - i64::from(i.consume_key(egui::Modifiers::NONE, Key::ArrowLeft))
                });
                ui.memory_mut(|m| {
                    let arrows = egui::EventFilter { horizontal_arrows: true, ..Default::default() };
                    m.set_focus_lock_filter(ids[index], arrows);
                });
                if step != 0 {
                    let count = self.items.len() as i64;
                    let next = (index as i64 + step).rem_euclid(count) as usize;
                    ui.memory_mut(|m| {
                        // egui would also move the focus with the key if the control received the focus only one frame ago.
                        m.move_focus(egui::FocusDirection::None);
                        m.request_focus(ids[next]);
                    });
                    chosen = Some(next);
                }
            }
            segment(ui, rect, words, on, &response, t);
        }
        if let Some((item, _)) = chosen.and_then(|index| self.items.get(index))
            && item != value
        {
            *value = *item;
            group.mark_changed();
        }
        group
    }

    fn widths(&self, ui: &Ui) -> Vec<f32> {
        if let Some(width) = self.width {
            return vec![width / self.items.len().max(1) as f32; self.items.len()];
        }
        self.items
            .iter()
            .map(|(_, words)| {
                let galley =
                    paint::line(ui.painter(), *words, theme::medium(measure::TEXT_LABEL), Color32::PLACEHOLDER);
                (galley.size().x + 24.0).ceil()
            })
            .collect()
    }
}

fn segment(ui: &Ui, rect: Rect, words: &str, on: bool, response: &Response, t: &Tokens) {
    let painter = ui.painter();
    let enabled = response.enabled();
    let inner = rect.shrink(if t.dark { 1.0 } else { 2.0 });
    if on {
        let (fill, edge) = if enabled { (t.segment_on, t.line) } else { (t.chrome, t.line) };
        paint::plate(painter, inner, measure::RADIUS_SEGMENT, fill, edge);
    }
    let colour = match (enabled, on || response.hovered()) {
        (false, _) => t.muted,
        (true, true) => t.text,
        (true, false) => t.muted,
    };
    let font = if on { theme::medium(measure::TEXT_LABEL) } else { theme::ui_font(measure::TEXT_LABEL) };
    paint::text(painter, rect.center(), paint::At::Centre, words, font, colour);
    if response.has_focus() {
        paint::focus_ring_inside(painter, inner, measure::RADIUS_SEGMENT, t);
    }
}
