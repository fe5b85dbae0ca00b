//! Network settings: addresses or the card of an open session, the open button, options, the peers.

use crate::gui::action::{Action, AppAction, SessionAction, StartAction};
use crate::gui::context::Panels;
use crate::gui::icons;
use crate::gui::keys::place::{Place, mark};
use crate::gui::network::form;
use crate::gui::network::form::Field as At;
use crate::gui::network::{card, opening, peers, reconnect, tls};
use crate::gui::sentences;
use crate::gui::session::Session;
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::{Button, Checkbox, Combo, EditableCombo, Field, form_row as row, paint};
use crate::model::{Protocol, SessionId};
use crate::words;
use crate::words::Text;
use egui::accesskit::Role;
use egui::text::{CCursor, CCursorRange};
use egui::text_edit::TextEditState;
use egui::{Id, Key, Rect, Response, Sense, Ui, WidgetInfo, pos2, vec2};

/// A text field of the form: what it edits, its name, and whether addresses of this computer are suggested.
struct Entry {
    field: At,
    label: Text,
    name: Text,
    local: bool,
    hint: Option<Text>,
    /// It has just appeared and gets the focus.
    appears: bool,
}

/// The text field of a session's form.
pub fn field_id(session: SessionId, field: At) -> Id {
    Id::unique("network field").with((session.0, field as u8))
}

/// The fields of each mode, in order.
fn entries(protocol: Protocol) -> Vec<Entry> {
    let entry =
        |field, label, name| Entry { field, label, name, local: field == At::LocalAddress, hint: None, appears: false };
    match protocol {
        Protocol::TcpServer => vec![
            entry(At::LocalAddress, Text::LocalShort, Text::LocalAddress),
            entry(At::LocalPort, Text::LocalPortShort, Text::LocalPort),
        ],
        Protocol::TcpClient => vec![
            entry(At::RemoteAddress, Text::RemoteShort, Text::RemoteAddress),
            entry(At::RemotePort, Text::RemotePortShort, Text::RemotePort),
        ],
        Protocol::Udp => vec![
            entry(At::LocalAddress, Text::LocalShort, Text::LocalAddress),
            entry(At::LocalPort, Text::LocalPortShort, Text::LocalPort),
            Entry { hint: Some(Text::Optional), ..entry(At::RemoteAddress, Text::RemoteShort, Text::RemoteAddress) },
            Entry { hint: Some(Text::Optional), ..entry(At::RemotePort, Text::RemotePortShort, Text::RemotePort) },
        ],
    }
}

/// Draws the group's rows.
pub fn show(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session, more: &mut bool) {
    let locked = session.state.is_active();
    let udp = session.setup.protocol == Protocol::Udp;
    let top = ui.cursor().min;
    let stands_in = card::stands_in(&session.state);
    session.network_unfolded &= stands_in;
    let on_card = stands_in && !session.network_unfolded;
    if on_card {
        card::show(ui, panels, session);
    } else {
        ui.add_enabled_ui(!locked, |ui| {
            row(ui, panels.text(Text::Protocol), |ui, width| protocol(ui, panels, session, width));
        });
    }
    for entry in entries(session.setup.protocol) {
        // The target can be changed at any time.
        let is_target = udp && matches!(entry.field, At::RemoteAddress | At::RemotePort);
        if is_target || !on_card {
            ui.add_enabled_ui(!locked || is_target, |ui| text_row(ui, panels, session, &entry));
        }
    }
    open_button(ui, panels, session);
    mark(ui.ctx(), Place::Network, Rect::from_min_max(top, ui.min_rect().max));
    let line = sentences::local_line(&session.state, panels.lang).filter(|_| !on_card);
    if let Some(line) = &line {
        state_line(ui, panels, session, line);
    }
    let own = panels.addresses.first();
    if let Some(words) = sentences::reach_line(&session.state, own.as_deref(), panels.lang) {
        reach_line(ui, &words, line.is_some());
    }
    if !udp {
        more_options(ui, panels, session, more, locked);
    }
    peers::show(ui, panels, session);
}

fn protocol(ui: &mut Ui, panels: &Panels<'_>, session: &mut Session, width: f32) {
    let items = [
        (Protocol::TcpServer, panels.text(Text::TcpServer)),
        (Protocol::TcpClient, panels.text(Text::TcpClient)),
        (Protocol::Udp, panels.text(Text::Udp)),
    ];
    let combo = Combo::new(panels.text(Text::Protocol)).width(width);
    if combo.show(ui, &mut session.setup.protocol, &items).changed() {
        session.errors.clear_network();
        session.failures.clear();
        session.send.target = Default::default();
    }
}

fn text_row(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session, entry: &Entry) {
    let error = session.errors.get(entry.field).map(|error| error.words(panels.lang));
    let name = panels.text(entry.name);
    let hint = entry.hint.map_or("", |hint| panels.text(hint));
    let setup = &mut session.setup;
    let text = match (entry.field, setup.protocol) {
        (At::SocketOptions, _) => &mut setup.socket_options,
        (At::LocalPort, _) => &mut setup.local_port,
        (At::RemoteAddress, Protocol::Udp) => &mut setup.target_address,
        (At::RemotePort, Protocol::Udp) => &mut setup.target_port,
        (At::RemoteAddress, _) => &mut setup.remote_address,
        (At::RemotePort, _) => &mut setup.remote_port,
        _ => &mut setup.local_address,
    };
    let (mut changed, mut left, mut focus) = (false, false, None);
    let id = field_id(session.id, entry.field);
    row(ui, panels.text(entry.label), |ui, width| {
        let response = if entry.local {
            let list = panels.text(Text::ChooseAddress);
            let proposals = panels.addresses.proposals();
            EditableCombo::new(text, name, list, proposals).width(width).error(error.as_deref()).show(ui)
        } else {
            Field::new(text, name).hint(hint).width(width).error(error.as_deref()).id(id).show(ui)
        };
        (changed, left, focus) = (response.changed(), response.lost_focus(), Some(response.id));
        if response.gained_focus() && !ui.input(|input| input.pointer.any_pressed() || input.pointer.any_down()) {
            select_all(ui, &response);
        }
        if entry.appears {
            response.request_focus();
        }
        if entry.local && (response.gained_focus() || response.hovered()) {
            panels.actions.push(Action::App(AppAction::RefreshAddresses));
        }
    });
    // While the user types, `fe80:1` may become an IPv6 address.
    if left || changed && ui.input(|input| input.events.iter().any(|event| matches!(event, egui::Event::Paste(_)))) {
        let before = session.setup.clone();
        form::split_fields(&mut session.setup);
        if session.setup != before {
            session.errors.clear_network();
        }
    }
    if changed {
        session.errors.clear(entry.field);
        session.send.failure = None;
    }
    if left && !session.state.is_active() && ui.input(|input| input.key_pressed(Key::Enter)) {
        match (form::config(&session.setup), focus) {
            // What is wrong can be corrected at once.
            (Err(_), Some(id)) => {
                panels.actions.push(Action::Session(SessionAction::Open(session.id)));
                ui.memory_mut(|memory| memory.request_focus(id));
            }
            _ => panels.actions.push(Action::Start(StartAction::Open(session.id))),
        }
    }
}

/// What is typed next replaces the content of a field that got the focus without the pointer.
fn select_all(ui: &Ui, response: &Response) {
    if let Some(mut state) = TextEditState::load(ui.ctx(), response.id) {
        let all = CCursorRange::two(CCursor::new(0), CCursor::new(usize::MAX));
        state.cursor.set_char_range(Some(all));
        state.store(ui.ctx(), response.id);
    }
}

fn open_button(ui: &mut Ui, panels: &mut Panels<'_>, session: &Session) {
    let size = (ui.available_width(), measure::OPEN_BUTTON);
    let opening = opening::of(session);
    let words = panels.text(opening.label);
    // One filled button: what is typed on the start page is opened there.
    let typed = session.is_blank() && session.start.is_typed();
    let button = match (opening.ends, typed) {
        (true, _) => Button::danger(words),
        (false, true) => Button::plain(words),
        (false, false) => Button::primary(words),
    };
    if ui.add_enabled(opening.enabled, button.size(size.0, size.1)).clicked() {
        panels.actions.push(opening.action);
    }
}

fn state_line(ui: &mut Ui, panels: &Panels<'_>, session: &mut Session, line: &str) {
    let t = theme::tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 20.0), Sense::hover());
    let painter = ui.painter();
    session.lamp().paint(painter, pos2(rect.left() + 8.0, rect.center().y), t);
    let at = pos2(rect.left() + 24.0, rect.center().y);
    let room = rect.width() - if session.network_unfolded { 48.0 } else { 24.0 };
    paint::text_elided(painter, at, line, theme::ui_font(measure::TEXT_LABEL), t.text, room);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, line));
    if session.network_unfolded {
        let place = Rect::from_center_size(pos2(rect.right() - 8.0, rect.center().y), vec2(20.0, 20.0));
        card::fold_button(ui, panels, session, place);
    }
}

/// Draws who else can reach this socket, close below the state if the state is above it.
fn reach_line(ui: &mut Ui, line: &str, below_state: bool) {
    let t = theme::tokens(ui);
    let indent = if below_state { 24.0 } else { 0.0 };
    if below_state {
        ui.add_space(-ui.spacing().item_spacing.y);
    }
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 16.0), Sense::hover());
    let at = pos2(rect.left() + indent, rect.center().y);
    paint::text_elided(ui.painter(), at, line, theme::ui_font(measure::TEXT_SMALL), t.muted, rect.width() - indent);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, line));
}

/// Draws rarely used options, collapsed by default.
fn more_options(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session, more: &mut bool, locked: bool) {
    fold_row(ui, panels.text(Text::MoreOptions), more);
    // An error must not be hidden in a collapsed part.
    let hidden_error = session.setup.protocol == Protocol::TcpClient
        && (session.errors.get(At::LocalAddress).is_some()
            || session.errors.get(At::LocalPort).is_some()
            || reconnect::is_wrong(session))
        || tls::is_wrong(session)
        || session.errors.get(At::SocketOptions).is_some();
    if !*more && !hidden_error {
        return;
    }
    if session.setup.protocol == Protocol::TcpClient {
        reconnect::options(ui, panels, session);
    }
    ui.add_enabled_ui(!locked, |ui| tls::options(ui, panels, session));
    ui.add_enabled_ui(!locked, |ui| {
        let pitch = std::mem::replace(&mut ui.spacing_mut().item_spacing.y, 0.0);
        if session.setup.protocol == Protocol::TcpClient {
            let binds = ui.add(Checkbox::new(&mut session.setup.bind_local, panels.text(Text::BindFrom)));
            if session.setup.bind_local {
                ui.spacing_mut().item_spacing.y = pitch;
                let address = Entry {
                    field: At::LocalAddress,
                    label: Text::LocalShort,
                    name: Text::LocalAddress,
                    local: true,
                    hint: None,
                    appears: binds.changed(),
                };
                text_row(ui, panels, session, &address);
                let port = Entry {
                    field: At::LocalPort,
                    label: Text::LocalPortShort,
                    name: Text::LocalPort,
                    local: false,
                    hint: Some(Text::LocalAny),
                    appears: false,
                };
                text_row(ui, panels, session, &port);
            }
        }
        ui.add(Checkbox::new(&mut session.setup.keep_half_open, panels.text(Text::HalfOpen)));
        ui.spacing_mut().item_spacing.y = pitch;
        let options = Entry {
            field: At::SocketOptions,
            label: Text::SocketOptionsShort,
            name: Text::SocketOptions,
            local: false,
            hint: Some(Text::SocketOptionsHint),
            appears: false,
        };
        text_row(ui, panels, session, &options);
    });
}

/// Draws a caret and a label that show or hide the rows below.
fn fold_row(ui: &mut Ui, words: &str, open: &mut bool) {
    let t = theme::tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 20.0), Sense::click());
    if response.clicked() {
        *open = !*open;
    }
    let icon = if *open { icons::CARET_DOWN } else { icons::CARET_RIGHT };
    let colour = if response.hovered() { t.text } else { t.muted };
    let y = rect.center().y;
    paint::icon(ui.painter(), pos2(rect.left() + 6.0, y), icon, measure::ICON_SMALL, colour);
    let font = theme::ui_font(measure::TEXT_LABEL);
    paint::text(ui.painter(), pos2(rect.left() + 24.0, y), paint::At::Left, words, font, colour);
    if response.has_focus() {
        paint::focus_ring_inside(ui.painter(), rect.expand2(vec2(4.0, 2.0)), measure::RADIUS_CHECK, t);
    }
    let open = *open;
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, open, words));
}

/// Draws the details of a stored capture.
pub fn archive(ui: &mut Ui, panels: &Panels<'_>, session: &Session) {
    let Some(info) = &session.archive else { return };
    let t = theme::tokens(ui);
    ui.add_space(8.0);
    let records = format!("{} {}, {}", info.records, panels.text(Text::Records), words::size(info.bytes));
    let rows = [
        (Text::Source, info.endpoint.clone()),
        (Text::Created, sentences::local_time(info.created_unix_ns)),
        (Text::Capture, info.id.clone()),
        (Text::Content, records),
    ];
    for (label, value) in rows {
        row(ui, panels.text(label), |ui, width| {
            let (rect, response) = ui.allocate_exact_size(vec2(width, measure::CONTROL), Sense::hover());
            let at = pos2(rect.left(), rect.center().y);
            paint::text_elided(ui.painter(), at, &value, theme::ui_font(measure::TEXT_LABEL), t.text, width);
            response.widget_info(|| WidgetInfo::labeled(Role::Label, true, value.as_str()));
        });
    }
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 24.0), Sense::hover());
    let words = panels.text(Text::ReadOnly);
    let at = pos2(rect.left(), rect.center().y);
    paint::text_elided(ui.painter(), at, words, theme::ui_font(measure::TEXT_SMALL), t.muted, rect.width());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
}
