//! The send area: to whom, what exactly, and the big button.

mod editor;
pub use editor::id as editor_id;
mod target;

use crate::gui::action::{Action, FileAction, SessionAction};
use crate::gui::context::{Panels, within};
use crate::gui::files::state::FileTask;
use crate::gui::icons;
use crate::gui::send::state::{ActiveSend, Composed, take_up};
use crate::gui::session::Session;
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::{Button, IconButton, MenuItem, focus_later, paint, popup_frame};
use crate::model::Protocol;
use crate::words::Text;
use egui::{Align, Layout, Popup, Rect, Response, Ui, pos2, vec2};
use std::time::Duration;

/// A send that takes longer than this can be stopped by the button; shorter ones would only make it flicker.
const LONG: Duration = Duration::from_millis(400);
/// A strip narrower than this has icons without words, which leave the target its room.
const STRIP_IN_WORDS: f32 = 400.0;

/// Draws it into all of `ui`.
pub fn show(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session, focused: bool, split: bool) {
    let t = theme::tokens(ui);
    let rect = ui.max_rect();
    paint::hairline_h(ui.painter(), rect.left()..=rect.right(), rect.top(), t.line);
    let inner = rect.shrink2(vec2(measure::MARGIN, 0.0));
    let (strip_rect, below) = inner.split_top_bottom_at_y(inner.top() + measure::SEND_STRIP);
    strip(ui, panels, session, strip_rect, split || strip_rect.width() < STRIP_IN_WORDS);

    let width = if split { measure::SEND_BUTTON_SPLIT } else { measure::SEND_BUTTON.x };
    let below = below.with_max_y(below.bottom() - measure::MARGIN);
    let (box_rect, button_rect) = below.split_left_right_at_x(below.right() - width - measure::GAP);
    let can_go = editor::show(ui, panels, session, box_rect);
    let button_rect = button_rect.with_min_x(button_rect.left() + measure::GAP);
    button(ui, panels, session, button_rect, can_go, focused || !split);
}

fn strip(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session, rect: Rect, narrow: bool) {
    within(ui, rect, "strip-left", Layout::left_to_right(Align::Center), |ui| target::show(ui, panels, session));
    within(ui, rect, "strip-right", Layout::right_to_left(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        let file =
            ghost(ui, narrow, icons::FILE_ARROW_UP, panels.text(Text::SendFileShort), panels.text(Text::SendFile));
        if file.clicked() {
            panels.actions.push(Action::File(FileAction::Show(session.id, FileTask::Send)));
        }
        let name = panels.text(Text::History);
        let icon = icons::CLOCK_COUNTER_CLOCKWISE;
        let history = ghost(ui, narrow, icon, panels.text(Text::HistoryShort), name);
        let popup = Popup::menu(&history).frame(popup_frame(theme::tokens(ui))).gap(2.0).width(320.0);
        popup.show(|ui| entries(ui, panels, session));
    });
}

fn ghost(ui: &mut Ui, narrow: bool, icon: char, label: &str, name: &str) -> Response {
    if narrow { ui.add(IconButton::new(icon, name)) } else { ui.add(Button::ghost(label).icon(icon).name(name)) }
}

/// The texts that were sent; a click puts one into the box.
fn entries(ui: &mut Ui, panels: &Panels<'_>, session: &mut Session) {
    ui.spacing_mut().item_spacing.y = 0.0;
    if session.setup.history.is_empty() {
        ui.add_enabled(false, MenuItem::new(panels.text(Text::HistoryEmpty)));
        return;
    }
    let mut chosen = None;
    egui::ScrollArea::vertical().max_height(320.0).show(ui, |ui| {
        for (index, sent) in session.setup.history.iter().enumerate() {
            let message = &sent.message;
            let head: String =
                message.text.chars().take(40).map(|c| if crate::codec::safe::is_hidden(c) { ' ' } else { c }).collect();
            let more = if message.text.chars().nth(40).is_some() { "…" } else { "" };
            let label = format!("{head}{more}");
            let kind = panels.text(if message.hex { Text::FormatOfHex } else { Text::PlainFormat });
            if ui.add(MenuItem::new(&label).shortcut(kind)).clicked() {
                chosen = Some(index);
            }
        }
    });
    if let Some(sent) = chosen.and_then(|index| session.setup.history.get(index)).cloned() {
        session.send.remove_chip();
        take_up(&mut session.setup, sent.message);
        focus_later(ui.ctx(), editor_id(session.id));
    }
}

/// The big button and the line below it.
fn button(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session, rect: Rect, can_go: bool, filled: bool) {
    let t = theme::tokens(ui);
    let size = vec2(rect.width(), measure::SEND_BUTTON.y);
    let place = Rect::from_min_size(rect.min, size);
    let stoppable = session.send.active.as_ref().filter(|active| active.repeats || active.since.elapsed() > LONG);
    let below = match stoppable {
        Some(active) => below_stop(active, panels),
        None => panels.text(Text::SendKeys).to_owned(),
    };
    let stops = stoppable.is_some();
    within(ui, place, "send", Layout::top_down(Align::Min), |ui| {
        if stops {
            let stop = Button::danger(panels.text(Text::Stop)).icon(icons::STOP).size(size.x, size.y);
            if ui.add(stop).clicked() {
                panels.actions.push(Action::Session(SessionAction::StopSend(session.id)));
            }
            return;
        }
        let label = panels.text(Text::Send);
        let send = if filled { Button::primary(label) } else { Button::plain(label) };
        let send = send.icon_filled(icons::PAPER_PLANE_RIGHT).size(size.x, size.y);
        if ui.add_enabled(can_go, send).clicked() {
            panels.actions.push(Action::Session(SessionAction::Send(session.id)));
        }
    });
    let at = pos2(rect.center().x, (place.bottom() + rect.bottom()) / 2.0 + 2.0);
    paint::text(ui.painter(), at, paint::At::Centre, &below, theme::ui_font(measure::TEXT_SMALL), t.muted);
    if stops {
        let id = ui.make_persistent_id(("rounds", session.id.0));
        let line = ui.interact(Rect::from_min_max(place.left_bottom(), rect.max), id, egui::Sense::hover());
        line.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Label, true, below.as_str()));
    }
}

fn below_stop(active: &ActiveSend, panels: &Panels<'_>) -> String {
    if active.repeats {
        return panels.lang.texts().rounds(active.rounds);
    }
    crate::words::size_of(active.sent_bytes, active.total_bytes)
}

/// The payload can go now.
fn is_ready(session: &mut Session, wake: &crate::jobs::Wake) -> bool {
    let udp = session.setup.protocol == Protocol::Udp;
    let empty = session.send.is_empty(&session.setup);
    let composed = session.send.composed(&session.setup, wake);
    // An empty TCP send would do nothing; an empty datagram is something.
    matches!(composed, Composed::Ready(payload) if udp || !payload.bytes.is_empty()) && (udp || !empty)
}
