//! The page of a session that was never opened: what it can be, and what to do next.

use crate::gui::action::{Action, AppAction, CaptureAction, SessionAction};
use crate::gui::context::{Panels, within};
use crate::gui::network::form;
use crate::gui::session::Session;
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::{Button, paint};
use crate::gui::{icons, sentences};
use crate::model::Protocol;
use crate::words::Text;
use egui::accesskit::Role;
use egui::{Align, Layout, Rect, Sense, Ui, WidgetInfo, pos2, vec2};

const WIDTH: f32 = 424.0;
const HEIGHT: f32 = 354.0;

/// Draws it in the middle of `ui`.
pub fn show(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session) {
    let room = ui.max_rect();
    let width = WIDTH.min(room.width() - 32.0);
    let top = (room.center().y - HEIGHT / 2.0).max(room.top() + 8.0);
    let left = (room.center().x - width / 2.0).round();
    let rect = Rect::from_min_max(pos2(left, top.round()), pos2(left + width, room.bottom()));
    within(ui, rect, "choices", Layout::top_down(Align::Min), |ui| page(ui, panels, session));
}

fn page(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session) {
    ui.spacing_mut().item_spacing.y = 4.0;
    let t = theme::tokens(ui);
    line(ui, 36.0, |painter, rect| {
        let at = pos2(rect.left(), rect.center().y - 2.0);
        let font = theme::medium(measure::TEXT_TITLE);
        paint::text(painter, at, paint::At::Left, panels.text(Text::ChooseMode), font, t.text);
    });
    for (protocol, icon, name, what) in [
        (Protocol::TcpServer, icons::HARD_DRIVES, Text::TcpServer, Text::ServerWhat),
        (Protocol::TcpClient, icons::PLUGS_CONNECTED, Text::TcpClient, Text::ClientWhat),
        (Protocol::Udp, icons::BROADCAST, Text::Udp, Text::UdpWhat),
    ] {
        let chosen = session.setup.protocol == protocol;
        if choice(ui, icon, panels.text(name), panels.text(what), chosen) {
            session.setup.protocol = protocol;
            session.errors.clear_network();
        }
    }
    let then = match session.setup.protocol {
        Protocol::TcpServer => Text::ThenListen,
        Protocol::TcpClient => Text::ThenConnect,
        Protocol::Udp => Text::ThenOpen,
    };
    if !panels.side_shown {
        start(ui, panels, session);
    } else {
        line(ui, 56.0, |painter, rect| {
            let y = rect.center().y + 2.0;
            paint::icon(painter, pos2(rect.left() + 8.0, y), icons::ARROW_LEFT, measure::ICON, t.accent);
            let at = pos2(rect.left() + 28.0, y);
            paint::text_elided(
                painter,
                at,
                panels.text(then),
                theme::ui_font(measure::TEXT),
                t.text,
                rect.width() - 28.0,
            );
        });
    }
    line(ui, 12.0, |painter, rect| paint::hairline_h(painter, rect.left()..=rect.right(), rect.top() + 2.0, t.soft));
    this_machine(ui, panels, session);
    last_capture(ui, panels, session);
    no_device(ui, panels);
}

/// What was recorded here last, or, where nothing was, at all: one click away.
fn last_capture(ui: &mut Ui, panels: &mut Panels<'_>, session: &Session) {
    let endpoint = form::config(&session.setup).ok().map(|config| config.endpoint().to_string());
    let here = panels.recent.iter().find(|info| Some(&info.endpoint) == endpoint.as_ref());
    let Some(info) = here.or(panels.recent.first()) else { return };
    let t = theme::tokens(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 24.0), Sense::hover());
    let y = rect.center().y;
    let font = theme::ui_font(measure::TEXT_LABEL);
    let label = panels.text(Text::LastCapture);
    paint::text(ui.painter(), pos2(rect.left(), y), paint::At::Left, label, font.clone(), t.muted);
    let words = sentences::capture_in_short(info);
    let left = rect.left() + 72.0;
    let end = paint::text_elided(ui.painter(), pos2(left, y), &words, font, t.text, rect.right() - left - 56.0).right();
    let place = Rect::from_min_max(pos2(left, rect.top()), pos2(end, rect.bottom()));
    let response = ui.interact(place, ui.scope_id().with("last capture"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{label} {words}")));
    let link = Rect::from_min_max(pos2(end + 12.0, rect.top() - 2.0), rect.max);
    within(ui, link, "open last", Layout::left_to_right(Align::Center), |ui| {
        let open = panels.text(Text::OpenCapture);
        if ui.add(Button::link(open).name(panels.text(Text::OpenLastCapture))).clicked() {
            panels.actions.push(Action::Capture(CaptureAction::Open(info.clone())));
        }
    });
}

/// Without the left column: the button that would be there, and what it is about. A form that is not complete brings it back.
fn start(ui: &mut Ui, panels: &mut Panels<'_>, session: &Session) {
    let (name, host, port) = match session.setup.protocol {
        Protocol::TcpServer => (Text::Listen, &session.setup.local_address, &session.setup.local_port),
        Protocol::TcpClient => (Text::Connect, &session.setup.remote_address, &session.setup.remote_port),
        Protocol::Udp => (Text::Open, &session.setup.local_address, &session.setup.local_port),
    };
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 56.0), Sense::hover());
    within(ui, rect, "start", Layout::left_to_right(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = measure::GAP;
        if ui.add(Button::primary(panels.text(name)).size(104.0, measure::CONTROL)).clicked() {
            if form::config(&session.setup).is_err() {
                panels.actions.push(Action::App(AppAction::ToggleSide));
            }
            panels.actions.push(Action::Session(SessionAction::Open(session.id)));
        }
        let change = panels.text(Text::EditNetwork);
        if ui.add(Button::ghost(&format!("{}:{}", host.trim(), port.trim())).name(change)).clicked() {
            panels.actions.push(Action::App(AppAction::ToggleSide));
        }
    });
}

fn line(ui: &mut Ui, height: f32, draw: impl FnOnce(&egui::Painter, Rect)) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    draw(ui.painter(), rect);
}

fn choice(ui: &mut Ui, icon: char, name: &str, what: &str, chosen: bool) -> bool {
    let t = theme::tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 48.0), Sense::click());
    let painter = ui.painter();
    if chosen || response.hovered() {
        painter.rect_filled(rect, f32::from(measure::RADIUS), t.hover);
    }
    let y = rect.center().y;
    let colour = if chosen { t.accent } else { t.muted };
    paint::icon(painter, pos2(rect.left() + 26.0, y), icon, 20.0, colour);
    let font = theme::medium(measure::TEXT);
    let words = paint::text(painter, pos2(rect.left() + 56.0, y), paint::At::Left, name, font, t.text);
    let left = (words.right() + 16.0).max(rect.left() + 152.0);
    let font = theme::ui_font(measure::TEXT);
    paint::text_elided(painter, pos2(left, y), what, font, t.muted, rect.right() - 40.0 - left);
    if chosen {
        paint::icon(painter, pos2(rect.right() - 22.0, y), icons::CHECK, measure::ICON, t.accent);
    }
    if response.has_focus() {
        paint::focus_ring_inside(painter, rect, measure::RADIUS, t);
    }
    response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, chosen, format!("{name} {what}")));
    response.clicked()
}

/// What a device has to be told, in words.
fn this_machine(ui: &mut Ui, panels: &Panels<'_>, session: &Session) {
    let t = theme::tokens(ui);
    let label = panels.text(Text::ThisMachine);
    let wrong = (session.setup.protocol != Protocol::TcpClient).then(|| form::wrong_local(&session.setup)).flatten();
    let own = panels.addresses.first();
    let asked = session.setup.local_address.trim();
    let any = asked.is_empty() || asked == "0.0.0.0" || asked == "::";
    let address = if any || session.setup.protocol == Protocol::TcpClient { own } else { Some(asked.to_owned()) };
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 24.0), Sense::hover());
    let painter = ui.painter();
    let y = rect.center().y;
    let font = theme::ui_font(measure::TEXT_LABEL);
    paint::text(painter, pos2(rect.left(), y), paint::At::Left, label, font.clone(), t.muted);
    let left = rect.left() + 72.0;
    let sentence = match (&address, wrong) {
        (_, Some(error)) => {
            let words = sentences::wrong_local(&error, panels.lang);
            paint::text_elided(painter, pos2(left, y), &words, font, t.error, rect.right() - left);
            words
        }
        (None, None) => {
            let words = panels.text(Text::NoNetwork);
            paint::text_elided(painter, pos2(left, y), words, font, t.muted, rect.right() - left);
            words.to_owned()
        }
        (Some(address), None) => {
            let place =
                paint::text(painter, pos2(left, y), paint::At::Left, address, theme::mono(measure::TEXT), t.text);
            let words = if session.setup.protocol == Protocol::TcpClient {
                String::new()
            } else if address.starts_with("127.") || address == "::1" {
                panels.text(Text::OnlyHere).to_owned()
            } else if let Some(port) = form::own_port(&session.setup) {
                panels.lang.texts().device_fills(address, port)
            } else {
                panels.lang.texts().device_fills_later(address)
            };
            let at = pos2(place.right() + 16.0, y);
            paint::text_elided(painter, at, &words, font, t.muted, rect.right() - at.x);
            format!("{label} {address} {words}")
        }
    };
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, sentence.trim_end()));
}

fn no_device(ui: &mut Ui, panels: &mut Panels<'_>) {
    let t = theme::tokens(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 24.0), Sense::hover());
    // The link's words stand a little lower than the middle of its row.
    let at = pos2(rect.left(), rect.center().y + 2.0);
    let font = theme::ui_font(measure::TEXT_LABEL);
    paint::text(ui.painter(), at, paint::At::Left, panels.text(Text::NoDevice), font, t.muted);
    let link = Rect::from_min_max(pos2(rect.left() + 72.0, rect.top()), rect.max);
    within(ui, link, "demo", Layout::left_to_right(Align::Center), |ui| {
        if ui.add(Button::link(panels.text(Text::OpenDemo))).clicked() {
            panels.actions.push(Action::App(AppAction::Demo));
        }
    });
}
