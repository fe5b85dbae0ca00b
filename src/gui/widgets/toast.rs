//! Short notes that go by themselves: "copied", "saved to …". What must not be missed is a banner or a record instead.

use super::paint;
use crate::gui::{icons, theme, theme::measure};
use egui::accesskit::Role;
use egui::{Area, Context, CornerRadius, Id, Order, Rect, Sense, WidgetInfo, pos2, vec2};
use std::time::Duration;

/// How a toast is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Done.
    Good,
    /// Something to know.
    Info,
    /// It did not work.
    Bad,
}

struct Toast {
    words: String,
    tone: Tone,
    until: f64,
}

/// The toasts on screen, newest below, at most three.
#[derive(Default)]
pub struct Toasts {
    shown: Vec<Toast>,
}

impl Toasts {
    const SECONDS: f64 = 4.0;
    const HEIGHT: f32 = 36.0;

    /// Shows one for four seconds (failures eight).
    pub fn add(&mut self, ctx: &Context, tone: Tone, words: impl Into<String>) {
        let seconds = if tone == Tone::Bad { 2.0 * Self::SECONDS } else { Self::SECONDS };
        let until = ctx.input(|i| i.time) + seconds;
        self.shown.push(Toast { words: words.into(), tone, until });
        if self.shown.len() > 3 {
            self.shown.remove(0);
        }
    }

    /// Draws them centred above `bottom` (points from the top of the window), each with its words as accessible text.
    pub fn show(&mut self, ctx: &Context, centre_x: f32, bottom: f32) {
        let now = ctx.input(|i| i.time);
        self.shown.retain(|toast| toast.until > now);
        let Some(next) = self.shown.iter().map(|t| t.until).min_by(f64::total_cmp) else { return };
        ctx.request_repaint_after(Duration::from_secs_f64((next - now).max(0.01)));
        let t = theme::tokens_of(ctx);
        for (index, toast) in self.shown.iter().rev().enumerate() {
            let id = Id::unique("wirebench toast").with(index);
            let y = bottom - (index as f32 + 1.0) * (Self::HEIGHT + 8.0);
            Area::new(id).order(Order::Tooltip).fixed_pos(pos2(0.0, y)).constrain(false).interactable(false).show(
                ctx,
                |ui| {
                    let galley =
                        paint::line(ui.painter(), &toast.words, theme::ui_font(measure::TEXT_LABEL), t.tooltip_text);
                    let width = galley.size().x + 52.0;
                    let rect = Rect::from_min_size(pos2(centre_x - width / 2.0, y), vec2(width, Self::HEIGHT));
                    let response = ui.interact(rect, id.with("words"), Sense::hover());
                    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &toast.words));
                    let painter = ui.painter();
                    painter.rect_filled(rect, CornerRadius::same(measure::RADIUS_POPUP), t.tooltip);
                    let (icon, colour) = match toast.tone {
                        Tone::Good => (icons::CHECK_CIRCLE, theme::DARK.received),
                        Tone::Info => (icons::INFO, theme::DARK.accent),
                        Tone::Bad => (icons::WARNING_CIRCLE, theme::DARK.error),
                    };
                    let middle = rect.center().y;
                    paint::icon_fill(painter, pos2(rect.left() + 22.0, middle), icon, measure::ICON, colour);
                    let at = pos2(rect.left() + 38.0, middle);
                    paint::put(painter, at, paint::At::Left, measure::TEXT_LABEL, galley, t.tooltip_text);
                },
            );
        }
    }
}
