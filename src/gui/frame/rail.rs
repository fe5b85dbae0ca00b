//! The rail in place of the hidden left column: lamp, port, start and stop, number of peers.

use crate::gui::action::{Action, AppAction};
use crate::gui::context::{Panels, within};
use crate::gui::frame::left::Folds;
use crate::gui::keys::Command;
use crate::gui::network::{card, form, opening};
use crate::gui::session::Session;
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::{IconButton, paint, tooltip};
use crate::gui::{icons, sentences};
use crate::model::Protocol;
use crate::words::Text;
use egui::accesskit::Role;
use egui::{Align, Layout, Rect, Response, Sense, Ui, WidgetInfo, pos2, vec2};

/// Draws the rail into all of `ui`.
pub fn show(ui: &mut Ui, panels: &mut Panels<'_>, session: &Session, folds: &mut Folds) {
    let t = theme::tokens(ui);
    let rect = ui.max_rect();
    let (x, top) = (rect.center().x, rect.top());
    let logo = pos2(x, top + measure::TAB_BAR / 2.0);
    paint::icon_fill(ui.painter(), logo, icons::PLUGS_CONNECTED, 20.0, t.accent);
    paint::hairline_h(ui.painter(), rect.left()..=rect.right(), top + measure::TAB_BAR, t.line);
    let expand =
        IconButton::new(icons::SIDEBAR_SIMPLE, panels.text(Text::ShowSide)).shortcut(panels.key(Command::Left));
    if put(ui, pos2(x, top + 60.0), "expand", expand).clicked() {
        panels.actions.push(Action::App(AppAction::ToggleSide));
    }
    divider(ui, rect, top + 80.0);
    let mut next = top + 90.0;
    if session.archive.is_none() {
        state(ui, panels, session, Rect::from_min_size(pos2(rect.left(), next), vec2(rect.width() - 1.0, 40.0)));
        next += 44.0;
        // The page of a new session has its own start button.
        if !session.is_blank() {
            start_or_stop(ui, panels, session, Rect::from_center_size(pos2(x, next + 14.0), vec2(28.0, 28.0)));
            next += 42.0;
        }
        divider(ui, rect, next);
        next += 6.0;
        if let Some(count) = peer_count(session) {
            let place = Rect::from_min_size(pos2(x - 14.0, next), vec2(28.0, 40.0));
            if peers(ui, panels, place, count).clicked() {
                folds.network = true;
                panels.actions.push(Action::App(AppAction::ToggleSide));
            }
            next += 46.0;
        }
    }
    let receive = IconButton::new(icons::SLIDERS_HORIZONTAL, panels.text(Text::ReceiveName));
    if put(ui, pos2(x, next + 14.0), "receive", receive).clicked() {
        folds.receive = true;
        panels.actions.push(Action::App(AppAction::ToggleSide));
    }
}

fn put(ui: &mut Ui, centre: egui::Pos2, salt: &str, button: IconButton<'_>) -> Response {
    let place = Rect::from_center_size(centre, vec2(measure::CONTROL, measure::CONTROL));
    within(ui, place, salt, Layout::top_down(Align::Min), |ui| ui.add(button))
}

fn divider(ui: &Ui, rect: Rect, y: f32) {
    paint::hairline_h(ui.painter(), rect.left() + 8.0..=rect.right() - 8.0, y, theme::tokens(ui).soft);
}

/// Draws the lamp above the port.
fn state(ui: &Ui, panels: &Panels<'_>, session: &Session, rect: Rect) {
    let t = theme::tokens(ui);
    session.lamp().paint(ui.painter(), pos2(rect.center().x, rect.top() + 10.0), t);
    let address = card::address(session);
    let port = address.rsplit(':').next().unwrap_or_default();
    let port = paint::elided(ui.painter(), port, theme::ui_font(measure::TEXT_RAIL), t.muted, rect.width() - 2.0);
    let at = pos2(rect.center().x, rect.top() + 29.0);
    paint::put(ui.painter(), at, paint::At::Centre, measure::TEXT_RAIL, port, t.muted);
    let line = sentences::local_line(&session.state, panels.lang).unwrap_or(address);
    let response = ui.interact(rect, ui.scope_id().with("state"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, line.as_str()));
    tooltip(response, &line, None);
}

fn start_or_stop(ui: &mut Ui, panels: &mut Panels<'_>, session: &Session, rect: Rect) {
    let t = theme::tokens(ui);
    let opening = opening::of(session);
    let response =
        ui.add_enabled_ui(opening.enabled, |ui| ui.interact(rect, ui.scope_id().with("open"), Sense::click()));
    let response = response.inner;
    let over = response.hovered() || response.is_pointer_button_down_on();
    let (fill, edge, sign, icon) = match (opening.ends, opening.enabled) {
        (true, true) if over => (t.error_ground, t.error, t.error, icons::STOP),
        (true, true) => (t.canvas, t.error_line, t.error, icons::STOP),
        (true, false) => (t.chrome, t.soft, t.faint, icons::STOP),
        (false, _) if over => (t.fill_hover, t.fill_hover, t.on_fill, icons::PLAY),
        (false, _) => (t.fill, t.fill, t.on_fill, icons::PLAY),
    };
    paint::plate(ui.painter(), rect, measure::RADIUS, fill, edge);
    paint::icon_fill(ui.painter(), rect.center(), icon, measure::ICON_ROW, sign);
    if response.has_focus() {
        paint::focus_ring(ui.painter(), rect, measure::RADIUS, t);
    }
    let name = panels.text(opening.label);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, opening.enabled, name));
    if tooltip(response, name, None).clicked() {
        // Errors are shown at their fields.
        if !opening.ends && form::config(&session.setup).is_err() {
            panels.actions.push(Action::App(AppAction::ToggleSide));
        }
        panels.actions.push(opening.action);
    }
}

/// Number of connected peers; `None` for a client or a closed session.
fn peer_count(session: &Session) -> Option<usize> {
    let has_peers = session.setup.protocol != Protocol::TcpClient && session.state.is_open();
    session.peers().filter(|_| has_peers).map(|peers| peers.len())
}

/// Draws an icon above the number of peers.
fn peers(ui: &Ui, panels: &Panels<'_>, rect: Rect, count: usize) -> Response {
    let t = theme::tokens(ui);
    let (name, count) = (panels.text(Text::Peers), count.to_string());
    let response = ui.interact(rect, ui.scope_id().with("peers"), Sense::click());
    if response.hovered() {
        paint::plate(ui.painter(), rect, measure::RADIUS, t.hover, t.hover);
    }
    let x = rect.center().x;
    paint::icon(ui.painter(), pos2(x, rect.top() + 12.0), icons::USERS, measure::ICON, t.muted);
    let font = theme::medium(measure::TEXT_SMALL);
    let number = paint::elided(ui.painter(), &count, font, t.text, rect.width() + 8.0);
    paint::put(ui.painter(), pos2(x, rect.top() + 29.0), paint::At::Centre, measure::TEXT_SMALL, number, t.text);
    if response.has_focus() {
        paint::focus_ring_inside(ui.painter(), rect, measure::RADIUS, t);
    }
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::Button, true, name);
        info.current_text_value = Some(count.clone());
        info
    });
    tooltip(response, &format!("{name} {count}"), None)
}
