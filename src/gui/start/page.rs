//! The page of a session that was never opened: where to connect to, what was used lately, and what to enter on a device.

use crate::gui::action::{Action, AppAction, SessionAction, StartAction};
use crate::gui::context::{Panels, within};
use crate::gui::icons;
use crate::gui::network::form;
use crate::gui::network::panel::field_id;
use crate::gui::session::Session;
use crate::gui::start::{lists, machine, typed};
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::{Button, Combo, Field, focus_later, paint};
use crate::model::{Protocol, Transport};
use crate::words::Text;
use egui::accesskit::Role;
use egui::{Align, Id, Key, Layout, Rect, Sense, Ui, WidgetInfo, pos2, vec2};

/// Below this width the lists are below each other.
const LISTS_BESIDE: f32 = 600.0;

/// The connect field of a tab.
fn connect_id(session: &Session) -> Id {
    Id::unique("connect field").with(session.id.0)
}

/// Draws the page in the middle of `ui`; it scrolls where it is too high. `focused`: the pane has the focus.
pub fn show(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session, focused: bool) {
    if focused && std::mem::take(&mut session.start.wants_focus) {
        let id = connect_id(session);
        // A new tab shows its ring with the first frame, unless a click opened it.
        if ui.input(|input| input.pointer.any_down() || input.pointer.any_released()) {
            focus_later(ui.ctx(), id);
        } else {
            ui.memory_mut(|memory| memory.request_focus(id));
        }
    }
    let room = ui.max_rect();
    let width = measure::START.min(room.width() - 32.0).floor();
    let beside = width >= LISTS_BESIDE;
    let rows = lists::rows(panels, session, beside);
    let height = 330.0 + if rows > 0 { 48.0 + rows as f32 * measure::START_ROW } else { 0.0 };
    let above = ((room.height() - height) / 2.0).floor().clamp(12.0, 160.0);
    let left = ((room.width() - width) / 2.0).floor();
    egui::ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        ui.add_space(above);
        let (rect, _) = ui.allocate_exact_size(vec2(0.0, 0.0), Sense::hover());
        let place = Rect::from_min_size(pos2(room.left() + left, rect.top()), vec2(width, f32::INFINITY));
        let builder = egui::UiBuilder::new().max_rect(place).layout(Layout::top_down(Align::Min)).id_salt("start");
        ui.scope_builder(builder, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            content(ui, panels, session, beside);
            ui.add_space(16.0);
        });
    });
}

fn content(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session, beside: bool) {
    let t = theme::tokens(ui);
    line(ui, 36.0, |painter, rect| {
        let at = pos2(rect.left(), rect.center().y - 2.0);
        let font = theme::medium(measure::TEXT_TITLE);
        paint::text(painter, at, paint::At::Left, panels.text(Text::ConnectTo), font, t.text);
    });
    connect(ui, panels, session);
    ui.add_space(6.0);
    cards(ui, panels, session);
    if !panels.side_shown {
        start(ui, panels, session);
    }
    ui.add_space(16.0);
    lists::show(ui, panels, session, beside);
    line(ui, 16.0, |painter, rect| paint::hairline_h(painter, rect.left()..=rect.right(), rect.top() + 6.0, t.soft));
    machine::this_machine(ui, panels, session);
    machine::no_device(ui, panels);
    machine::keys(ui, panels);
}

/// The field, what an address means without a scheme, the button, and the sentence below.
fn connect(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session) {
    const CHOICE: f32 = 88.0;
    const GO: f32 = 112.0;
    let height = measure::START_FIELD;
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    let go = Rect::from_min_max(pos2(rect.right() - GO, rect.top()), rect.max);
    let choice = Rect::from_min_size(pos2(go.left() - measure::GAP - CHOICE, rect.top()), vec2(CHOICE, height));
    let field = Rect::from_min_max(rect.min, pos2(choice.left() - measure::GAP, rect.bottom()));
    let id = connect_id(session);
    let wrong = session.start.wrong.as_ref().map(|_| "");
    let name = panels.text(Text::ConnectTo);
    let edit = Field::new(&mut session.start.text, name).hint(panels.text(Text::ConnectToHint)).tall().id(id);
    let response = edit.error(wrong).show_at(ui, field);
    if response.changed() {
        session.start.wrong = None;
    }
    let enter = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    within(ui, choice, "transport", Layout::left_to_right(Align::Center), |ui| {
        let items = [(Transport::Tcp, "TCP"), (Transport::Udp, "UDP")];
        let combo = Combo::new(panels.text(Text::Transport)).width(CHOICE).height(height);
        combo.show(ui, &mut session.start.transport, &items);
    });
    let listens = typed::parse(&session.start.text, session.start.transport).is_ok_and(|typed| typed.listens);
    let label = panels.text(if listens { Text::ListenShort } else { Text::ConnectShort });
    let clicked = within(ui, go, "go", Layout::left_to_right(Align::Center), |ui| {
        let button = Button::primary(label).name(panels.text(Text::OpenTyped)).size(GO, height);
        ui.add_enabled(session.start.is_typed(), button).clicked()
    });
    if clicked || enter && session.start.is_typed() {
        open_typed(ui, panels, session);
    }
    below_field(ui, panels, session);
}

fn open_typed(ui: &Ui, panels: &mut Panels<'_>, session: &mut Session) {
    match typed::parse(&session.start.text, session.start.transport) {
        Ok(typed) => {
            session.setup = typed::setup_of(&typed, session.setup.clone());
            session.start.transport = typed.endpoint.transport;
            session.start.text.clear();
            session.errors.clear_network();
            session.send.target = Default::default();
            panels.actions.push(Action::Start(StartAction::Open(session.id)));
        }
        Err(wrong) => {
            session.start.wrong = Some(wrong);
            focus_later(ui.ctx(), connect_id(session));
        }
    }
}

/// What can be typed, or what is wrong with what was.
fn below_field(ui: &mut Ui, panels: &Panels<'_>, session: &Session) {
    let t = theme::tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 30.0), Sense::hover());
    let y = rect.top() + 17.0;
    let wrong = session.start.wrong.as_ref().map(|wrong| wrong.words(panels.lang));
    let (words, colour) = match &wrong {
        Some(words) => (words.as_str(), t.error),
        None => (panels.text(Text::ConnectToHelp), t.muted),
    };
    let font = theme::ui_font(measure::TEXT_SMALL);
    let key = paint::text(ui.painter(), pos2(rect.right(), y), paint::At::Right, "Enter", font.clone(), t.faint);
    let room = key.left() - rect.left() - 16.0;
    let galley = paint::elided(ui.painter(), words, font, colour, room);
    let is_cut = galley.elided;
    paint::put(ui.painter(), pos2(rect.left(), y), paint::At::Left, measure::TEXT_SMALL, galley, colour);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
    if is_cut {
        crate::gui::widgets::tooltip(response, words, None);
    }
}

/// The kinds of sessions. A card chooses one and puts the focus where its address is typed.
fn cards(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session) {
    const GAP: f32 = 12.0;
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), measure::START_CARD), Sense::hover());
    let width = ((rect.width() - 2.0 * GAP) / 3.0).floor();
    let kinds = [
        (Protocol::TcpServer, icons::HARD_DRIVES, Text::TcpServer, Text::ServerWhat),
        (Protocol::TcpClient, icons::PLUGS_CONNECTED, Text::TcpClient, Text::ClientWhat),
        (Protocol::Udp, icons::BROADCAST, Text::Udp, Text::UdpWhat),
    ];
    for (index, (protocol, icon, name, what)) in kinds.into_iter().enumerate() {
        let at = pos2(rect.left() + index as f32 * (width + GAP), rect.top());
        let place = Rect::from_min_size(at, vec2(width, rect.height()));
        let chosen = session.setup.protocol == protocol;
        if card(ui, place, icon, panels.text(name), panels.text(what), chosen) {
            choose(ui, panels, session, protocol);
        }
    }
}

fn choose(ui: &Ui, panels: &Panels<'_>, session: &mut Session, protocol: Protocol) {
    if session.setup.protocol != protocol {
        session.setup.protocol = protocol;
        session.errors.clear_network();
        session.failures.clear();
        session.send.target = Default::default();
    }
    session.start.transport = if protocol == Protocol::Udp { Transport::Udp } else { Transport::Tcp };
    let field = if protocol == Protocol::TcpClient { form::Field::RemoteAddress } else { form::Field::LocalPort };
    let id = if panels.side_shown { field_id(session.id, field) } else { connect_id(session) };
    focus_later(ui.ctx(), id);
}

fn card(ui: &Ui, rect: Rect, icon: char, name: &str, what: &str, chosen: bool) -> bool {
    let t = theme::tokens(ui);
    let response = ui.interact(rect, ui.scope_id().with(("card", name)), Sense::click());
    let painter = ui.painter();
    let (fill, edge) = match (response.is_pointer_button_down_on(), response.hovered()) {
        (true, _) => (t.toggle_on, t.line_hover),
        (false, true) => (t.hover, t.line_hover),
        (false, false) => (t.canvas, t.line),
    };
    paint::plate(painter, rect, measure::RADIUS_POPUP, fill, edge);
    let (first, second) = (rect.top() + 26.0, rect.top() + 53.0);
    let narrow = rect.width() < 150.0;
    let left = rect.left() + if narrow { 10.0 } else { 16.0 };
    paint::icon(painter, pos2(left + 10.0, first), icon, 20.0, t.accent);
    let room = rect.right() - 8.0 - left;
    paint::text_elided(painter, pos2(left + 30.0, first), name, theme::medium(measure::TEXT), t.text, room - 30.0);
    let font = theme::ui_font(measure::TEXT_SMALL);
    let galley = paint::elided(painter, what, font, t.muted, room);
    let is_cut = galley.elided;
    if !is_cut {
        paint::put(painter, pos2(left, second), paint::At::Left, measure::TEXT_SMALL, galley, t.muted);
    }
    if response.has_focus() {
        paint::focus_ring_inside(painter, rect, measure::RADIUS_POPUP, t);
    }
    response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, chosen, format!("{name} {what}")));
    let clicked = response.clicked();
    if is_cut {
        crate::gui::widgets::tooltip(response, what, None);
    }
    clicked
}

/// Without the left column: the button that would be there, and the addresses. An incomplete form brings the column back.
fn start(ui: &mut Ui, panels: &mut Panels<'_>, session: &Session) {
    let (name, host, port) = match session.setup.protocol {
        Protocol::TcpServer => (Text::Listen, &session.setup.local_address, &session.setup.local_port),
        Protocol::TcpClient => (Text::Connect, &session.setup.remote_address, &session.setup.remote_port),
        Protocol::Udp => (Text::Open, &session.setup.local_address, &session.setup.local_port),
    };
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 52.0), Sense::hover());
    within(ui, rect, "start", Layout::left_to_right(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = measure::GAP;
        let label = panels.text(name);
        let button = if session.start.is_typed() { Button::plain(label) } else { Button::primary(label) };
        if ui.add(button.size(104.0, measure::CONTROL)).clicked() {
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

/// Draws into a line of this height over the whole width.
fn line(ui: &mut Ui, height: f32, draw: impl FnOnce(&egui::Painter, Rect)) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    draw(ui.painter(), rect);
}
