//! The sent messages: a list with a filter. A click puts one into the box. Pinned messages are first and are never dropped.

use super::editor_id;
use crate::codec::safe::is_hidden;
use crate::gui::action::{Action, QuickAction, ViewAction};
use crate::gui::context::Panels;
use crate::gui::icons;
use crate::gui::send::state::{message, take_up};
use crate::gui::session::Session;
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::{Field, IconButton, MenuItem, focus_later, list_height, popup_frame};
use crate::settings::SentMessage;
use crate::words;
use crate::words::Text;
use egui::{Popup, PopupCloseBehavior, RectAlign, Response, ScrollArea, Ui, vec2};

const WIDTH: f32 = 420.0;
/// Maximum number of characters shown of a message.
const SHOWN: usize = 40;

/// Shows the list below `button`.
pub fn popup(button: &Response, panels: &mut Panels<'_>, session: &mut Session) {
    let t = theme::tokens_of(&button.ctx);
    let popup = Popup::menu(button).frame(popup_frame(t)).align(RectAlign::TOP_END).gap(4.0).width(WIDTH);
    let popup = popup.accessible_name(panels.text(Text::History));
    popup.close_behavior(PopupCloseBehavior::CloseOnClickOutside).show(|ui| entries(ui, panels, session));
}

fn entries(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session) {
    ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
    if session.setup.history.is_empty() {
        ui.add_enabled(false, MenuItem::new(panels.text(Text::HistoryEmpty)));
        return;
    }
    let name = panels.text(Text::FindInHistory);
    let width = ui.available_width();
    let field = Field::new(&mut session.send.history_filter, name).hint(name).icon(icons::MAGNIFYING_GLASS);
    field.width(width).show(ui);
    ui.add_space(4.0);
    let wanted = session.send.history_filter.trim().to_lowercase();
    let history = &session.setup.history;
    let fits = |at: &usize| history[*at].message.text.to_lowercase().contains(&wanted);
    let mut shown: Vec<usize> = (0..history.len()).filter(fits).collect();
    shown.sort_by_key(|at| !history[*at].is_pinned);
    if shown.is_empty() {
        ui.add_enabled(false, MenuItem::new(panels.text(Text::FindNone)));
    }
    let (mut chosen, mut pinned, mut kept) = (None, None, None);
    ScrollArea::vertical().max_height(list_height(ui, 320.0)).show(ui, |ui| {
        for at in shown {
            if let Some(sent) = session.setup.history.get(at) {
                ui.horizontal(|ui| {
                    let clicked = row(ui, panels, sent, at);
                    chosen = clicked.message.then_some(at).or(chosen);
                    pinned = clicked.pin.then_some(at).or(pinned);
                    kept = clicked.keep.then_some(at).or(kept);
                });
            }
        }
    });
    if let Some(sent) = kept.and_then(|at| session.setup.history.get(at)) {
        let keep = QuickAction::KeepMessage(session.id, Box::new(sent.message.clone()));
        panels.actions.push(Action::Quick(keep));
    }
    if let Some(sent) = pinned.and_then(|at| session.setup.history.get_mut(at)) {
        sent.is_pinned = !sent.is_pinned;
    }
    if let Some(sent) = chosen.and_then(|at| session.setup.history.get(at)).cloned() {
        let before = message(&session.setup);
        session.send.remove_chip();
        take_up(&mut session.setup, sent.message);
        if !before.text.is_empty() && before.text != session.setup.draft {
            panels.actions.push(Action::View(ViewAction::DraftReplaced(session.id, before.into())));
        }
        session.send.history_filter.clear();
        focus_later(ui.ctx(), editor_id(session.id));
    }
}

/// What was clicked in a row.
struct Clicked {
    message: bool,
    pin: bool,
    /// Make a quick command of it.
    keep: bool,
}

/// Draws a message.
fn row(ui: &mut Ui, panels: &Panels<'_>, sent: &SentMessage, at: usize) -> Clicked {
    let message = &sent.message;
    let mut label: String = message.text.chars().take(SHOWN).map(|c| if is_hidden(c) { ' ' } else { c }).collect();
    if message.text.chars().nth(SHOWN).is_some() {
        label.push('…');
    }
    let kind = panels.text(if message.hex { Text::FormatOfHex } else { Text::PlainFormat });
    let mut aside = kind.to_owned();
    if !message.wrap.is_empty() {
        let summary = words::wrap_summary(&message.wrap, panels.lang);
        let short: String = summary.chars().take(24).collect();
        aside = format!("{short} · {kind}");
    }
    let name = panels.lang.texts().pin_message(sent.is_pinned, &label);
    let t = theme::tokens(ui);
    let icon = if sent.is_pinned { icons::PUSH_PIN_SLASH } else { icons::PUSH_PIN };
    let mut pin = IconButton::new(icon, &name).small(measure::ICON_ROW);
    if sent.is_pinned {
        pin = pin.colour(t.pin);
    }
    let keep_name = panels.lang.texts().keep_message(&label);
    let keep = IconButton::new(icons::LIGHTNING, &keep_name).small(measure::ICON_ROW);
    let (pin, keep) = ui.push_id(at, |ui| (ui.add(pin).clicked(), ui.add(keep).clicked())).inner;
    let item = MenuItem::new(&label).mono().shortcut(&aside);
    Clicked { message: ui.add(item).clicked(), pin, keep }
}
