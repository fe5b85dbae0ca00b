//! Toasts: short messages that disappear on their own ("copied", "saved to …"). Use a banner or a record for anything that
//! the user must not miss.

use crate::gui::theme::measure;
use crate::gui::widgets::paint;
use crate::gui::{icons, theme};
use egui::accesskit::Role;
use egui::{Area, Context, CornerRadius, Id, Order, Pos2, Rect, Sense, Ui, WidgetInfo, pos2, vec2};
use std::time::Duration;

/// Tone of a toast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Success.
    Good,
    /// Information.
    Info,
    /// Failure.
    Bad,
}

struct Toast<U> {
    words: String,
    tone: Tone,
    until: f64,
    undo: Option<Undo<U>>,
}

/// The button of a toast.
struct Undo<U> {
    label: String,
    /// Identifies what is undone: it may come back in another way.
    key: Option<u64>,
    what: U,
}

/// The toasts on screen, newest below, at most three. `U`: what undoes an act.
pub struct Toasts<U = ()> {
    shown: Vec<Toast<U>>,
}

impl<U> Default for Toasts<U> {
    fn default() -> Self {
        Self { shown: Vec::new() }
    }
}

impl<U: Clone> Toasts<U> {
    const SECONDS: f64 = 4.0;
    const HEIGHT: f32 = 36.0;

    /// Shows a toast for four seconds (failures: eight). A repeated text extends the toast on screen instead of adding another.
    pub fn add(&mut self, ctx: &Context, tone: Tone, words: impl Into<String>) {
        let seconds = if tone == Tone::Bad { 2.0 * Self::SECONDS } else { Self::SECONDS };
        self.push(ctx, Toast { words: words.into(), tone, until: seconds, undo: None });
    }

    /// Shows a toast for eight seconds.
    pub fn add_longer(&mut self, ctx: &Context, tone: Tone, words: impl Into<String>) {
        self.push(ctx, Toast { words: words.into(), tone, until: 2.0 * Self::SECONDS, undo: None });
    }

    /// Shows a toast with a button for eight seconds; [`Toasts::show`] returns `what` when it is clicked. `key`: for
    /// [`Toasts::drop_undo`].
    pub fn add_undo(&mut self, ctx: &Context, words: impl Into<String>, label: &str, key: Option<u64>, what: U) {
        let undo = Some(Undo { label: label.to_owned(), key, what });
        self.push(ctx, Toast { words: words.into(), tone: Tone::Info, until: 2.0 * Self::SECONDS, undo });
    }

    /// What has this key was undone in another way.
    pub fn drop_undo(&mut self, key: u64) {
        self.shown.retain(|toast| toast.undo.as_ref().is_none_or(|undo| undo.key != Some(key)));
    }

    /// Adds a toast; `toast.until` holds seconds from now.
    fn push(&mut self, ctx: &Context, toast: Toast<U>) {
        let until = ctx.input(|i| i.time) + toast.until;
        let key = |toast: &Toast<U>| toast.undo.as_ref().map(|undo| undo.key);
        // Acts without a key are undone one by one.
        let same = |old: &Toast<U>| (old.tone, &old.words, key(old)) == (toast.tone, &toast.words, key(&toast));
        self.shown.retain(|old| !same(old) || key(old) == Some(None));
        self.shown.push(Toast { until, ..toast });
        if self.shown.len() > 3 {
            self.shown.remove(0);
        }
    }

    /// Draws the toasts centred above `bottom` (points from the top of the window), each with its words as accessible text; not over
    /// an open menu. Returns what undoes the act of the one whose button was clicked.
    pub fn show(&mut self, ctx: &Context, centre_x: f32, bottom: f32) -> Option<U> {
        let now = ctx.input(|i| i.time);
        self.shown.retain(|toast| toast.until > now);
        let next = self.shown.iter().map(|t| t.until).min_by(f64::total_cmp)?;
        ctx.request_repaint_after(Duration::from_secs_f64((next - now).max(0.01)));
        if egui::Popup::is_any_open(ctx) {
            return None;
        }
        let mut undone = None;
        for (index, toast) in self.shown.iter().rev().enumerate() {
            let id = Id::unique("wirebench toast").with(index);
            let y = bottom - (index as f32 + 1.0) * (Self::HEIGHT + 8.0);
            let area = Area::new(id).order(Order::Tooltip).fixed_pos(pos2(0.0, y)).constrain(false);
            area.interactable(toast.undo.is_some()).show(ctx, |ui| {
                if toast.show(ui, pos2(centre_x, y), Self::HEIGHT, id) {
                    undone = Some(self.shown.len() - 1 - index);
                }
            });
        }
        undone.and_then(|place| self.shown.remove(place).undo).map(|undo| undo.what)
    }
}

impl<U> Toast<U> {
    /// Draws the toast below `top`. Returns true if its button was clicked.
    fn show(&self, ui: &mut Ui, top: Pos2, height: f32, id: Id) -> bool {
        let t = theme::tokens(ui);
        let font = theme::ui_font(measure::TEXT_LABEL);
        let galley = paint::line(ui.painter(), &self.words, font, t.tooltip_text);
        let medium = theme::medium(measure::TEXT_LABEL);
        let label = self.undo.as_ref().map(|undo| paint::line(ui.painter(), &undo.label, medium, theme::DARK.accent));
        let label_width = label.as_ref().map_or(0.0, |label| label.size().x + 20.0);
        let width = galley.size().x + 52.0 + label_width;
        let rect = Rect::from_min_size(pos2(top.x - width / 2.0, top.y), vec2(width, height));
        let words_end = rect.right() - label_width;
        let response = ui.interact(rect.with_max_x(words_end), id.with("words"), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &self.words));
        let painter = ui.painter();
        painter.rect_filled(rect, CornerRadius::same(measure::RADIUS_POPUP), t.tooltip);
        let (icon, colour) = match self.tone {
            Tone::Good => (icons::CHECK_CIRCLE, theme::DARK.received),
            Tone::Info => (icons::INFO, theme::DARK.accent),
            Tone::Bad => (icons::WARNING_CIRCLE, theme::DARK.error),
        };
        let middle = rect.center().y;
        paint::icon_fill(painter, pos2(rect.left() + 22.0, middle), icon, measure::ICON, colour);
        let at = pos2(rect.left() + 38.0, middle);
        paint::put(painter, at, paint::At::Left, measure::TEXT_LABEL, galley, t.tooltip_text);
        let (Some(label), Some(undo)) = (label, &self.undo) else { return false };
        let button = ui.interact(rect.with_min_x(words_end), id.with("undo"), Sense::click());
        button.widget_info(|| WidgetInfo::labeled(Role::Button, true, &undo.label));
        let at = pos2(words_end + 6.0, middle);
        paint::put(ui.painter(), at, paint::At::Left, measure::TEXT_LABEL, label, theme::DARK.accent);
        button.clicked()
    }
}
