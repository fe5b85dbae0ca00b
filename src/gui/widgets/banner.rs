//! A banner above the log: one sentence and the useful actions.

use super::{Button, IconButton, paint};
use crate::gui::{icons, theme, theme::measure};
use egui::accesskit::Role;
use egui::{Align, Layout, Rect, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};

/// How grave it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BannerKind {
    /// Red.
    Error,
    /// Amber.
    Warning,
    /// Neutral.
    Info,
}

/// What the user did with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BannerAnswer {
    /// The action with this index.
    Action(usize),
    /// ×.
    Closed,
}

/// 40 points high over the whole width.
#[must_use = "call show"]
pub struct Banner<'a> {
    /// How grave it is.
    pub kind: BannerKind,
    /// What and where.
    pub title: &'a str,
    /// Why.
    pub cause: &'a str,
    /// Words of the actions, from left to right.
    pub actions: &'a [&'a str],
    /// Accessible name of ×.
    pub close_name: &'a str,
}

impl Banner<'_> {
    /// Draws it.
    pub fn show(self, ui: &mut Ui) -> Option<BannerAnswer> {
        let t = theme::tokens(ui);
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), measure::BANNER), Sense::hover());
        let (ground, colour, icon) = match self.kind {
            BannerKind::Error => (t.error_ground, t.error, icons::WARNING_CIRCLE),
            BannerKind::Warning => (t.warning_ground, t.warning, icons::WARNING),
            BannerKind::Info => (t.hover, t.accent, icons::INFO),
        };
        ui.painter().rect_filled(rect, 0.0, ground);
        let answer = self.buttons(ui, rect, response.id);
        let painter = ui.painter();
        let y = rect.center().y;
        paint::icon_fill(painter, pos2(rect.left() + 25.0, y), icon, 18.0, colour);
        let end = answer.1 - 12.0;
        let left = rect.left() + 44.0;
        let title = paint::text_elided(
            painter,
            pos2(left, y),
            self.title,
            theme::medium(measure::TEXT_LABEL),
            t.text,
            end - left,
        );
        let cause_left = title.right() + 12.0;
        if end - cause_left > 24.0 {
            let font = theme::ui_font(measure::TEXT_LABEL);
            paint::text_elided(painter, pos2(cause_left, y), self.cause, font, t.text, end - cause_left);
        }
        let sentence = format!("{} {}", self.title, self.cause);
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, sentence.trim_end()));
        let cut = title.right() >= end - 1.0 || cause_left + 24.0 > end;
        if cut {
            super::tooltip(response, &sentence, None);
        }
        answer.0
    }

    /// The buttons at the right; returns the answer and where they begin.
    fn buttons(&self, ui: &mut Ui, rect: Rect, id: egui::Id) -> (Option<BannerAnswer>, f32) {
        let mut answer = None;
        let inner = rect.shrink2(vec2(8.0, 0.0));
        let builder = UiBuilder::new().max_rect(inner).layout(Layout::right_to_left(Align::Center)).id_salt(id);
        let begin = ui
            .scope_builder(builder, |ui| {
                if ui.add(IconButton::new(icons::X, self.close_name).icon_size(measure::ICON_ROW)).clicked() {
                    answer = Some(BannerAnswer::Closed);
                }
                for (index, words) in self.actions.iter().enumerate().rev() {
                    if ui.add(Button::plain(words).size(64.0, measure::CONTROL)).clicked() {
                        answer = Some(BannerAnswer::Action(index));
                    }
                }
                ui.min_rect().left()
            })
            .inner;
        (answer, begin)
    }
}
