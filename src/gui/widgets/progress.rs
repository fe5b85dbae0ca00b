//! A progress bar, and a chip for an attachment (a pasted block, a selected file).

use crate::gui::theme::measure;
use crate::gui::widgets::{IconButton, paint};
use crate::gui::{icons, theme};
use egui::accesskit::Role;
use egui::{CornerRadius, Rect, Response, Sense, Ui, Widget, WidgetInfo, pos2, vec2};

/// A thin progress bar; `name` is its accessible name.
#[must_use = "add it to a Ui"]
pub struct ProgressBar<'a> {
    name: &'a str,
    fraction: Option<f32>,
    width: f32,
}

impl<'a> ProgressBar<'a> {
    /// `fraction` is 0–1, or `None` if the total is unknown.
    pub fn new(name: &'a str, fraction: Option<f32>) -> Self {
        Self { name, fraction, width: 160.0 }
    }

    /// Sets a width other than 160.
    pub fn width(mut self, width: f32) -> Self {
        self.width = width;
        self
    }
}

impl Widget for ProgressBar<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        let t = theme::tokens(ui);
        let (rect, response) = ui.allocate_exact_size(vec2(self.width, 16.0), Sense::hover());
        let track = Rect::from_center_size(rect.center(), vec2(rect.width(), 6.0));
        let painter = ui.painter();
        painter.rect_filled(track, CornerRadius::same(3), t.toggle_on);
        let part = match self.fraction {
            Some(fraction) => {
                Rect::from_min_size(track.min, vec2(track.width() * fraction.clamp(0.0, 1.0), track.height()))
            }
            None => {
                // Four steps a second show that the job is alive without a repaint per frame.
                ui.ctx().request_repaint_after(std::time::Duration::from_millis(250));
                let phase = ui.input(|i| (i.time * 4.0).floor() % 8.0) as f32 / 8.0;
                let width = track.width() / 4.0;
                let left = track.left() + (track.width() - width) * phase;
                Rect::from_min_size(pos2(left, track.top()), vec2(width, track.height()))
            }
        };
        painter.rect_filled(part, CornerRadius::same(3), t.fill);
        response.widget_info(|| {
            let mut info = WidgetInfo::labeled(Role::ProgressIndicator, true, self.name);
            info.value = self.fraction.map(|f| f64::from(f) * 100.0);
            info
        });
        response
    }
}

/// An attachment: an icon, a text, ×.
#[must_use = "call show"]
pub struct Chip<'a> {
    /// Icon.
    pub icon: char,
    /// Title (`剪贴板 1.2 MiB`).
    pub title: &'a str,
    /// Details, drawn faint in the font of the log (the first bytes).
    pub detail: &'a str,
    /// Accessible name of ×.
    pub remove_name: &'a str,
}

impl Chip<'_> {
    /// Draws the chip within the available width. Returns `true` when × was clicked.
    pub fn show(self, ui: &mut Ui) -> bool {
        let t = theme::tokens(ui);
        let painter = ui.painter();
        let title = paint::line(painter, self.title, theme::ui_font(measure::TEXT_LABEL), t.text);
        let fixed = 32.0 + title.size().x + 12.0 + 28.0;
        let detail_room = (ui.available_width() - fixed).max(0.0);
        let detail = paint::elided(painter, self.detail, theme::mono(measure::TEXT_LABEL), t.faint, detail_room);
        let detail_width = if detail_room > 24.0 { detail.size().x } else { 0.0 };
        let (rect, response) = ui.allocate_exact_size(vec2(fixed + detail_width, measure::CONTROL), Sense::hover());
        let painter = ui.painter();
        paint::plate(painter, rect, measure::RADIUS, t.chrome, t.line);
        let y = rect.center().y;
        paint::icon(painter, pos2(rect.left() + 17.0, y), self.icon, measure::ICON, t.muted);
        let words =
            paint::put(painter, pos2(rect.left() + 32.0, y), paint::At::Left, measure::TEXT_LABEL, title, t.text);
        if detail_width > 0.0 {
            let at = pos2(words.right() + 8.0, y);
            paint::put(painter, at, paint::At::Left, measure::TEXT_LABEL, detail, t.faint);
        }
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{} {}", self.title, self.detail)));
        let close = Rect::from_center_size(pos2(rect.right() - 14.0, y), vec2(20.0, 20.0));
        IconButton::new(icons::X, self.remove_name)
            .small(measure::ICON_SMALL)
            .at(ui, close, response.id.with("x"))
            .clicked()
    }
}
