//! Repeated sends: the switch, the interval and the number of rounds.

use super::widths::words_width;
use crate::gui::context::Panels;
use crate::gui::network::form;
use crate::gui::network::form::{Field as At, FieldError};
use crate::gui::session::Session;
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::{Button, Checkbox, Field, paint, popup_frame};
use crate::words::{Lang, Text};
use egui::{Popup, PopupCloseBehavior, RectAlign, Sense, Ui, pos2, vec2};

const PERIOD: f32 = 58.0;
const TIMES: f32 = 44.0;
const GAP: f32 = 6.0;
/// Between the fields: the unit and the multiplication sign.
const UNIT: &str = "ms ×";

/// The width of [`show`].
pub fn width(ui: &Ui, panels: &Panels<'_>, is_folded: bool) -> f32 {
    let words = panels.text(Text::Repeat);
    if is_folded {
        return words_width(ui, words, measure::TEXT_LABEL) + 22.0 + 16.0;
    }
    let unit = words_width(ui, UNIT, measure::TEXT_LABEL);
    16.0 + 8.0 + words_width(ui, words, measure::TEXT) + PERIOD + unit + TIMES + 3.0 * GAP
}

/// Draws switch and numbers, or, if they do not fit, a button that opens them.
pub fn show(ui: &mut Ui, panels: &Panels<'_>, session: &mut Session, is_folded: bool) {
    if !is_folded {
        ui.scope(|ui| {
            ui.spacing_mut().item_spacing.x = GAP;
            controls(ui, panels, session);
        });
        return;
    }
    let is_on = session.send.repeat;
    let name = panels.text(Text::RepeatOptions);
    let button = ui.add(Button::ghost(panels.text(Text::Repeat)).caret().name(name).on(is_on));
    let popup = Popup::menu(&button).frame(popup_frame(theme::tokens(ui)).inner_margin(12));
    let popup = popup.align(RectAlign::TOP_START).gap(4.0);
    popup.close_behavior(PopupCloseBehavior::CloseOnClickOutside).show(|ui| {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = GAP;
            controls(ui, panels, session);
        });
    });
}

fn controls(ui: &mut Ui, panels: &Panels<'_>, session: &mut Session) {
    let t = theme::tokens(ui);
    let mut edited = ui.add(Checkbox::new(&mut session.send.repeat, panels.text(Text::Repeat))).changed();
    let is_running = session.send.active.as_ref().is_some_and(|active| active.repeats);
    let errors = wrong(session);
    let is_wrong = |at| errors.iter().any(|(field, _)| *field == at).then_some("");
    let (period_wrong, times_wrong) = (is_wrong(At::Interval), is_wrong(At::Times));
    ui.add_enabled_ui(session.send.repeat && !is_running, |ui| {
        let period = Field::new(&mut session.setup.interval_ms, panels.text(Text::Period)).width(PERIOD);
        edited |= period.error(period_wrong).show(ui).changed();
        let unit = paint::line(ui.painter(), UNIT, theme::ui_font(measure::TEXT_LABEL), t.muted);
        let (rect, _) = ui.allocate_exact_size(vec2(unit.size().x, measure::CONTROL), Sense::hover());
        let at = pos2(rect.left(), rect.center().y);
        paint::put(ui.painter(), at, paint::At::Left, measure::TEXT_LABEL, unit, t.muted);
        let times = Field::new(&mut session.setup.repeat_times, panels.text(Text::Times)).hint("∞").width(TIMES);
        edited |= times.error(times_wrong).show(ui).changed();
    });
    if edited {
        session.errors.clear(At::Interval);
        session.errors.clear(At::Times);
        for (at, error) in wrong(session) {
            session.errors.set(at, error);
        }
    }
}

/// The numbers of the repeat that are not valid. Without a repeat they are not checked.
pub fn wrong(session: &Session) -> Vec<(At, FieldError)> {
    if !session.send.repeat {
        return Vec::new();
    }
    let interval = form::interval(&session.setup.interval_ms).err().map(|error| (At::Interval, error));
    let times = form::times(&session.setup.repeat_times).err().map(|error| (At::Times, error));
    interval.into_iter().chain(times).collect()
}

/// Why the repeat cannot begin; `None`: it can, or none is selected.
pub fn reason(session: &Session, lang: Lang) -> Option<String> {
    let (at, error) = wrong(session).into_iter().next()?;
    let name = if at == At::Interval { Text::Period } else { Text::Times };
    Some(lang.texts().wrong_field(name.of(lang), &error.words(lang)))
}
