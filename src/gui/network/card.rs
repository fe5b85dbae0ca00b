//! The network settings of an open session on a card: protocol, address and open time instead of the locked fields.

use crate::gui::context::Panels;
use crate::gui::session::Session;
use crate::gui::theme::measure;
use crate::gui::widgets::{IconButton, paint, tooltip};
use crate::gui::{icons, sentences, theme};
use crate::model::{Protocol, SessionState, UNIX_SCHEME, display_address};
use crate::words;
use crate::words::Text;
use egui::accesskit::Role;
use egui::{Id, Rect, Response, Sense, Ui, WidgetInfo, pos2, vec2};
use std::time::Instant;

/// Left edge of the text, relative to that of the card.
const WORDS_X: f32 = 28.0;

/// The session is open, or reopens automatically, so that its fields are locked for longer than a moment.
pub fn stands_in(state: &SessionState) -> bool {
    state.is_open() || matches!(state, SessionState::Waiting { .. } | SessionState::Closing)
}

/// Draws the card; a click expands the fields.
pub fn show(ui: &mut Ui, panels: &Panels<'_>, session: &mut Session) {
    let t = theme::tokens(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), measure::CARD), Sense::hover());
    let response = ui.interact(rect, id(ui, session), Sense::click());
    let over = response.contains_pointer();
    let painter = ui.painter();
    paint::plate(painter, rect, measure::RADIUS, t.canvas, if over { t.line_hover } else { t.line });
    if response.has_focus() {
        paint::focus_ring_inside(painter, rect, measure::RADIUS, t);
    }
    let (upper, lower) = (rect.top() + 17.0, rect.top() + 36.0);
    session.lamp().paint(painter, pos2(rect.left() + 15.0, upper), t);
    let beside = beside(session, panels);
    let font = theme::ui_font(measure::TEXT_SMALL);
    let at = pos2(rect.right() - 12.0, upper);
    let end = paint::text(painter, at, paint::At::Right, &beside, font, t.muted).left();
    let left = rect.left() + WORDS_X;
    let protocol = panels.text(match session.setup.protocol {
        Protocol::TcpServer => Text::TcpServer,
        Protocol::TcpClient => Text::TcpClient,
        Protocol::Udp => Text::Udp,
    });
    let is_tls = session.setup.tls.is_on && session.setup.protocol != Protocol::Udp;
    let protocol = if is_tls { format!("{protocol} · TLS") } else { protocol.to_owned() };
    paint::text_elided(painter, pos2(left, upper), &protocol, theme::ui_font(measure::TEXT), t.text, end - 8.0 - left);
    let pencil = pos2(rect.right() - 19.0, lower);
    paint::icon(painter, pencil, icons::PENCIL_SIMPLE, measure::ICON_ROW, if over { t.text } else { t.muted });
    let address = address(session);
    let room = pencil.x - 12.0 - left;
    paint::text_elided(painter, pos2(left, lower), &address, theme::mono(measure::TEXT), t.text, room);
    let name = panels.text(Text::EditNetwork);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    if response.clicked() {
        session.network_unfolded = true;
    }
    if let Some(line) = sentences::local_line(&session.state, panels.lang) {
        let words = Rect::from_min_max(pos2(left, upper - 8.0), rect.max);
        let label = ui.interact(words, response.id.with("state"), Sense::hover());
        label.widget_info(|| WidgetInfo::labeled(Role::Label, true, line.as_str()));
        tooltip(response, &format!("{line}\n{name}"), None);
    }
}

/// Draws the button that collapses expanded fields. It has the id of the card, so that the focus stays on it.
pub fn fold_button(ui: &Ui, panels: &Panels<'_>, session: &mut Session, rect: Rect) -> Response {
    let button = IconButton::new(icons::CARET_UP, panels.text(Text::FoldNetwork)).small(measure::ICON_SMALL);
    let response = button.at(ui, rect, id(ui, session));
    if response.clicked() {
        session.network_unfolded = false;
    }
    response
}

fn id(ui: &Ui, session: &Session) -> Id {
    ui.make_persistent_id(("network card", session.id.0))
}

/// The text at the right: how long the session has been open, or what it waits for.
fn beside(session: &Session, panels: &Panels<'_>) -> String {
    match session.open_since {
        Some(since) if session.state.is_open() => {
            let elapsed = Instant::now().saturating_duration_since(since);
            sentences::open_for(elapsed, panels.lang).unwrap_or_default()
        }
        _ if session.waits_until.is_some() => sentences::waiting_in_short(session, panels.lang).unwrap_or_default(),
        _ => words::session_state(&session.state, panels.lang),
    }
}

/// The actual address of the socket; for a client the address it is connected to.
pub fn address(session: &Session) -> String {
    match &session.state {
        SessionState::Listening { local } | SessionState::Bound { local } => display_address(*local),
        SessionState::Connected { remote, .. } => display_address(*remote),
        _ => {
            let setup = &session.setup;
            let (address, port) = match setup.protocol {
                Protocol::TcpClient => (&setup.remote_address, &setup.remote_port),
                Protocol::TcpServer | Protocol::Udp => (&setup.local_address, &setup.local_port),
            };
            if address.trim().starts_with(UNIX_SCHEME) {
                return address.trim().to_owned();
            }
            format!("{}:{}", address.trim(), port.trim())
        }
    }
}
