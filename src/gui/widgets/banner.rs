//! A banner above the log: one sentence and its actions.

use crate::gui::theme::measure;
use crate::gui::widgets::paint;
use crate::gui::widgets::paint::At;
use crate::gui::widgets::{Button, IconButton};
use crate::gui::{icons, theme};
use egui::accesskit::Role;
use egui::{Align, Color32, Layout, Painter, Rect, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};

/// Severity of a banner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BannerKind {
    /// Red.
    Error,
    /// Amber.
    Warning,
    /// Neutral.
    Info,
}

/// The user's response to a banner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BannerAnswer {
    /// Clicked the action with this index.
    Action(usize),
    /// Closed the banner with ×.
    Closed,
}

/// A banner, 40 points high and as wide as its parent.
#[must_use = "call show"]
pub struct Banner<'a> {
    /// Severity.
    pub kind: BannerKind,
    /// The problem and where it occurred.
    pub title: &'a str,
    /// The cause.
    pub cause: &'a str,
    /// Labels of the actions, from left to right.
    pub actions: &'a [&'a str],
    /// Accessible name of ×.
    pub close_name: &'a str,
}

impl Banner<'_> {
    /// Draws the banner.
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
        let words = Rect::from_min_max(pos2(rect.left() + 44.0, rect.top()), pos2(answer.1 - 12.0, rect.bottom()));
        let is_cut = self.words(painter, words, t.text);
        let sentence = format!("{} {}", self.title, self.cause);
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, sentence.trim_end()));
        if is_cut {
            crate::gui::widgets::tooltip(response, &sentence, None);
        }
        answer.0
    }

    /// Draws the text on one or two lines. Returns true if it was truncated.
    fn words(&self, painter: &Painter, room: Rect, colour: Color32) -> bool {
        const GAP: f32 = 12.0;
        const LINE: f32 = 9.0;
        let (medium, plain) = (theme::medium(measure::TEXT_LABEL), theme::ui_font(measure::TEXT_LABEL));
        let title = paint::elided(painter, self.title, medium, colour, room.width());
        let cause = paint::elided(painter, self.cause, plain, colour, room.width());
        let is_cut = title.elided || cause.elided;
        let fits = title.size().x + GAP + cause.size().x <= room.width();
        let y = room.center().y;
        let cause_at = if fits { pos2(room.left() + title.size().x + GAP, y) } else { pos2(room.left(), y + LINE) };
        let y = if fits || self.cause.is_empty() { y } else { y - LINE };
        paint::put(painter, pos2(room.left(), y), At::Left, measure::TEXT_LABEL, title, colour);
        paint::put(painter, cause_at, At::Left, measure::TEXT_LABEL, cause, colour);
        is_cut
    }

    /// Draws the buttons at the right. Returns the response and the x coordinate where the buttons start.
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
