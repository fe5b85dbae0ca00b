//! Single-line text fields.

use crate::gui::theme::measure;
use crate::gui::widgets::paint;
use crate::gui::{icons, theme};
use egui::text::LayoutJob;
use egui::{Align2, FontId, Frame, Galley, Id, Margin, Rect, Response, TextEdit, Ui, pos2, vec2};
use std::sync::Arc;

/// A text field, 28 points high. A field with an error has a red border and an icon, and the message below it.
#[must_use = "call show"]
pub struct Field<'a> {
    text: &'a mut String,
    name: &'a str,
    hint: &'a str,
    width: f32,
    height: f32,
    error: Option<&'a str>,
    wrong: bool,
    icon: Option<char>,
    room_right: f32,
    font: FontId,
    id: Option<Id>,
}

impl<'a> Field<'a> {
    /// Height of the message below a field with an error.
    pub const ERROR_HEIGHT: f32 = 20.0;
    /// Height of the second line of a message.
    const ERROR_LINE: f32 = 16.0;

    /// Height of the message below a field of this width, which takes one line or two.
    pub(super) fn error_height(ui: &Ui, error: Option<&str>, width: f32) -> f32 {
        let Some(words) = error.filter(|words| !words.is_empty()) else { return 0.0 };
        let lines = error_lines(ui, words, width).rows.len();
        Self::ERROR_HEIGHT + if lines > 1 { Self::ERROR_LINE } else { 0.0 }
    }

    /// A field bound to `text`; `name` is its accessible name.
    pub fn new(text: &'a mut String, name: &'a str) -> Self {
        Self {
            text,
            name,
            hint: "",
            width: 167.0,
            height: measure::CONTROL,
            error: None,
            wrong: false,
            icon: None,
            room_right: 0.0,
            font: theme::ui_font(measure::TEXT),
            id: None,
        }
    }

    /// Sets the width. Default: 167.
    pub fn width(mut self, width: f32) -> Self {
        self.width = width;
        self
    }

    /// Sets a height other than 28.
    pub fn height(mut self, height: f32) -> Self {
        self.height = height;
        self
    }

    /// Makes it higher, with a larger font: the main field of a page.
    pub fn tall(mut self) -> Self {
        self.height = measure::START_FIELD;
        self.font = theme::ui_font(measure::TEXT_TALL);
        self
    }

    /// Sets the placeholder.
    pub fn hint(mut self, hint: &'a str) -> Self {
        self.hint = hint;
        self
    }

    /// Sets the error. The message is drawn below the field and takes [`Self::ERROR_HEIGHT`] more. An empty message: only border
    /// and icon.
    pub fn error(mut self, error: Option<&'a str>) -> Self {
        self.wrong = error.is_some();
        self.error = error.filter(|words| !words.is_empty());
        self
    }

    /// Adds an icon at the left end (for a search field).
    pub fn icon(mut self, icon: char) -> Self {
        self.icon = Some(icon);
        self
    }

    /// Uses the font of the log.
    pub fn mono(mut self) -> Self {
        self.font = theme::mono(measure::TEXT);
        self
    }

    /// Sets the id, so that other code can focus the field.
    pub fn id(mut self, id: Id) -> Self {
        self.id = Some(id);
        self
    }

    /// Reserves space at the right end for controls inside the field.
    pub fn room_right(mut self, room: f32) -> Self {
        self.room_right = room;
        self
    }

    /// Draws the field. Returns the response of the text edit: `changed()`, `lost_focus()`, `gained_focus()`.
    pub fn show(self, ui: &mut Ui) -> Response {
        let below = Self::error_height(ui, self.error, self.width);
        let (whole, _) = ui.allocate_exact_size(vec2(self.width, self.height + below), egui::Sense::hover());
        self.show_at(ui, whole)
    }

    /// Draws the field in a given rectangle, without allocating space in the layout.
    pub fn show_at(self, ui: &mut Ui, whole: Rect) -> Response {
        let t = theme::tokens(ui);
        let rect = Rect::from_min_size(whole.min, vec2(whole.width(), self.height));
        let enabled = ui.is_enabled();
        let fill = if enabled { t.canvas } else { t.chrome };
        let ground = ui.painter().add(egui::Shape::Noop);
        let left = if self.icon.is_some() { 30.0 } else { 10.0 };
        let right = self.room_right.max(10.0) + if self.wrong { 20.0 } else { 0.0 };
        // One point higher, the text is on the same baseline as the hand-painted controls.
        let (top, bottom) = (rect.top() - 1.0, rect.bottom() - 1.0);
        let inner = Rect::from_min_max(pos2(rect.left() + left, top), pos2(rect.right() - right, bottom));

        let words = if enabled { t.text } else { t.muted };
        let mut edit = TextEdit::singleline(self.text)
            .font(self.font)
            .text_color(words)
            .frame(Frame::NONE)
            .margin(Margin::ZERO)
            .align(Align2::LEFT_CENTER)
            .desired_width(inner.width())
            .min_size(inner.size())
            .hint_text(egui::RichText::new(self.hint).color(t.faint));
        if let Some(id) = self.id {
            edit = edit.id(id);
        }
        let response = ui.place(inner, edit).accessible_name(self.name);
        crate::gui::widgets::take_focus(&response);
        // A click on the padding also focuses the field.
        let around = ui.interact(rect, response.id.with("around"), egui::Sense::hover());
        if enabled
            && around.contains_pointer()
            && !response.contains_pointer()
            && ui.input(|i| i.pointer.primary_pressed())
        {
            let over_room =
                ui.input(|i| i.pointer.interact_pos()).is_some_and(|p| p.x > rect.right() - self.room_right);
            if !over_room {
                response.request_focus();
            }
        }

        let hovered = response.hovered() || around.contains_pointer();
        let edge = match (enabled, self.wrong, hovered) {
            (false, ..) => t.soft,
            (true, true, _) => t.error,
            (true, false, true) => t.line_hover,
            (true, false, false) => t.line,
        };
        let focused = response.has_focus();
        let (width, edge) = if focused && !self.wrong { (1.5, t.accent) } else { (1.0, edge) };
        ui.painter().set(
            ground,
            egui::epaint::RectShape::new(
                rect,
                egui::CornerRadius::same(measure::RADIUS),
                fill,
                egui::Stroke::new(width, edge),
                egui::StrokeKind::Inside,
            ),
        );
        let painter = ui.painter();
        if let Some(icon) = self.icon {
            paint::icon(painter, pos2(rect.left() + 16.0, rect.center().y), icon, measure::ICON_ROW, t.muted);
        }
        if self.wrong {
            let at = pos2(rect.right() - 18.0 - self.room_right, rect.center().y);
            paint::icon_fill(painter, at, icons::WARNING_CIRCLE, 16.0, t.error);
        }
        if let Some(error) = self.error {
            let galley = error_lines(ui, error, whole.width());
            let (height, is_cut) = (galley.size().y, galley.elided);
            painter.galley(pos2(rect.left(), rect.bottom() + 4.0), galley, t.error);
            let label = ui.interact(
                Rect::from_min_size(pos2(rect.left(), rect.bottom()), vec2(rect.width(), height + 4.0)),
                response.id.with("error"),
                egui::Sense::hover(),
            );
            label.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Label, true, error));
            if is_cut {
                crate::gui::widgets::tooltip(label, error, None);
            }
        }
        response
    }
}

/// Lays out the message below a field, on at most two lines.
fn error_lines(ui: &Ui, words: &str, width: f32) -> Arc<Galley> {
    let font = theme::ui_font(measure::TEXT_LABEL);
    let mut job = LayoutJob::simple(words.to_owned(), font, theme::tokens(ui).error, width);
    (job.wrap.max_rows, job.wrap.break_anywhere) = (2, false);
    ui.painter().layout_job(job)
}
