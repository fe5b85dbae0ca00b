//! The send area: target, payload and send button.

mod checks;
mod editor;
mod editor_id;
pub use editor_id::id as editor_id;
mod foot;
mod history;
mod preview;
mod repeat;
mod strip;
mod target;
mod variables;
mod widths;
mod wrap;
mod wrap_row;

use crate::gui::action::{Action, SessionAction};
use crate::gui::context::{Panels, within};
use crate::gui::icons;
use crate::gui::keys::Command;
use crate::gui::send::state::{ActiveSend, Composed};
use crate::gui::session::Session;
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::{Button, paint};
use crate::model::Protocol;
use crate::words::Text;
use egui::{Align, Layout, Rect, Ui, pos2, vec2};
use std::time::Duration;

/// A send that takes longer can be stopped with the button. Shorter sends would only make the button flicker.
const LONG: Duration = Duration::from_millis(400);

/// Height of the send area in a pane of `room` points.
pub fn height(session: &Session, room: f32) -> f32 {
    let wanted = session.setup.composer_height.unwrap_or(measure::SEND_AREA);
    wanted.clamp(measure::SEND_AREA_LEAST, (room - measure::SEND_AREA_LEAVES).max(measure::SEND_AREA))
}

/// Called when its edge was dragged.
pub fn set_height(session: &mut Session, height: f32, room: f32) {
    session.setup.composer_height = Some(height);
    session.setup.composer_height = Some(self::height(session, room).round());
}

/// Draws the send area into all of `ui`.
pub fn show(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session, focused: bool, split: bool) {
    let t = theme::tokens(ui);
    let rect = ui.max_rect();
    paint::hairline_h(ui.painter(), rect.left()..=rect.right(), rect.top(), t.line);
    let inner = rect.shrink2(vec2(measure::MARGIN, 0.0));
    let (strip_rect, below) = inner.split_top_bottom_at_y(inner.top() + measure::SEND_STRIP);
    strip::show(ui, panels, session, strip_rect);

    let width = if split { measure::SEND_BUTTON_SPLIT } else { measure::SEND_BUTTON.x };
    let below = below.with_max_y(below.bottom() - measure::MARGIN);
    let (box_rect, button_rect) = below.split_left_right_at_x(below.right() - width - measure::GAP);
    let can_go = editor::show(ui, panels, session, box_rect);
    let button_rect = button_rect.with_min_x(button_rect.left() + measure::GAP);
    button(ui, panels, session, button_rect, can_go, focused || !split);
}

/// Draws the send button and the line below it.
fn button(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session, rect: Rect, can_go: bool, filled: bool) {
    let t = theme::tokens(ui);
    let size = vec2(rect.width(), measure::SEND_BUTTON.y);
    let place = Rect::from_min_size(rect.min, size);
    let stoppable = session.send.active.as_ref().filter(|active| active.repeats || active.since.elapsed() > LONG);
    let below = match stoppable {
        Some(active) => below_stop(active, panels),
        None => panels.key(Command::Send).to_owned(),
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
        let reason = repeat::reason(session, panels.lang).filter(|_| can_go);
        let send = match &reason {
            Some(reason) => send.hint(reason),
            None => send,
        };
        if ui.add_enabled(can_go && reason.is_none(), send).clicked() {
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
        return match active.all_rounds {
            Some(all) => panels.lang.texts().rounds_of(active.rounds, all),
            None => panels.lang.texts().rounds(active.rounds),
        };
    }
    crate::words::size_of(active.sent_bytes, active.total_bytes)
}

/// The payload can be sent now.
fn is_ready(session: &mut Session, wake: &crate::jobs::Wake) -> bool {
    let udp = session.setup.protocol == Protocol::Udp;
    let composed = session.send.composed(&session.setup, wake);
    // No bytes over TCP would do nothing; an empty datagram is valid. The wrap of an empty text is sent alone, such as a line end.
    matches!(composed, Composed::Ready(payload) if udp || !payload.bytes.is_empty())
}
