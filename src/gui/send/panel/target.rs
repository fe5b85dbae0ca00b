//! The target: no choice for a client; one, several or all peers for a server; any address for UDP.

use super::widths::words_width;
use crate::gui::context::Panels;
use crate::gui::network::form;
use crate::gui::network::form::Field as At;
use crate::gui::send::state::TargetChoice;
use crate::gui::session::Session;
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::{
    Combo, Field, LIST_BUTTON, MenuItem, focus_later, list_button as caret, list_height, paint, popup_frame,
};
use crate::model::{PeerId, Protocol, SessionId, SessionState, display_address};
use crate::words::Text;
use egui::accesskit::Role;
use egui::{Id, Popup, Rect, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};

/// Maximum number of peers in the list; the left column shows all.
const LISTED: usize = 200;
/// Gap between label and control.
const GAP: f32 = 8.0;

/// Widths of the label and of the control, and minimum width of the control.
pub fn widths(ui: &Ui, panels: &Panels<'_>, session: &Session) -> (f32, f32, f32) {
    let label = words_width(ui, panels.text(Text::SendToShort), measure::TEXT_LABEL) + GAP;
    match session.setup.protocol {
        Protocol::TcpServer => (label, 132.0, 128.0),
        Protocol::Udp => (label, 240.0, 128.0),
        Protocol::TcpClient => {
            let width = words_width(ui, &client_words(panels, session), measure::TEXT_LABEL);
            (0.0, width.min(220.0), width.min(100.0))
        }
    }
}

/// Draws the target from left to right.
pub fn show(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session, has_label: bool, width: f32) {
    if session.setup.protocol == Protocol::TcpClient {
        return client(ui, panels, session, width);
    }
    if has_label {
        label(ui, panels.text(Text::SendToShort));
    }
    match session.setup.protocol {
        Protocol::Udp => udp(ui, panels, session, width),
        _ => server(ui, panels, session, width),
    }
}

fn label(ui: &mut Ui, words: &str) {
    let t = theme::tokens(ui);
    let galley = paint::line(ui.painter(), words, theme::ui_font(measure::TEXT_LABEL), t.muted);
    let (rect, _) = ui.allocate_exact_size(vec2(galley.size().x, measure::CONTROL), Sense::hover());
    let at = pos2(rect.left(), rect.center().y);
    paint::put(ui.painter(), at, paint::At::Left, measure::TEXT_LABEL, galley, t.muted);
    ui.add_space(GAP - ui.spacing().item_spacing.x);
}

fn client_words(panels: &Panels<'_>, session: &Session) -> String {
    match &session.state {
        SessionState::Connected { remote, .. } => {
            format!("{} {}", panels.text(Text::SendToShort), display_address(*remote))
        }
        _ => panels.text(Text::NotConnected).to_owned(),
    }
}

fn client(ui: &mut Ui, panels: &Panels<'_>, session: &Session, width: f32) {
    let t = theme::tokens(ui);
    let words = client_words(panels, session);
    let (rect, response) = ui.allocate_exact_size(vec2(width, measure::CONTROL), Sense::hover());
    let at = pos2(rect.left(), rect.center().y);
    paint::text_elided(ui.painter(), at, &words, theme::ui_font(measure::TEXT_LABEL), t.muted, rect.width() + 1.0);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words.as_str()));
}

/// The items, the selected one, and its label.
struct Listed {
    choices: Vec<(TargetChoice, String)>,
    checked: Option<usize>,
    words: String,
}

impl Listed {
    fn of(panels: &Panels<'_>, session: &Session) -> Self {
        let choices = choices(panels, session);
        let current = session.send.target;
        let position = |wanted| choices.iter().position(|(choice, _)| *choice == wanted);
        // Without a target in the form the two are the same.
        let is_default = current == TargetChoice::LastSender;
        let checked = position(current).or_else(|| position(TargetChoice::Default).filter(|_| is_default));
        let words = match (checked, current) {
            (Some(at), _) => choices[at].1.clone(),
            (None, TargetChoice::Peer(peer)) => peer_words(session, peer, panels),
            (None, _) => panels.text(Text::NoPeer).to_owned(),
        };
        // A repeat keeps its target.
        let repeated = session.send.active.as_ref().filter(|active| active.repeats);
        let words = repeated.and_then(|active| active.target.clone()).unwrap_or(words);
        Self { choices, checked, words }
    }

    fn is_enabled(&self, session: &Session) -> bool {
        let is_repeating = session.send.active.as_ref().is_some_and(|active| active.repeats);
        session.state.is_open() && !self.choices.is_empty() && !is_repeating
    }

    fn take(&self, ui: &Ui, session: &mut Session, index: usize) {
        let Some((choice, _)) = self.choices.get(index) else { return };
        session.send.target = *choice;
        session.send.failure = None;
        session.errors.clear(At::TargetAddress);
        if *choice == TargetChoice::Address {
            session.send.target_text.clear();
            focus_later(ui.ctx(), address_id(session.id));
        }
    }
}

fn server(ui: &mut Ui, panels: &Panels<'_>, session: &mut Session, width: f32) {
    let listed = Listed::of(panels, session);
    let combo = Combo::new(panels.text(Text::SendTo)).width(width);
    let row = |index: usize| listed.choices[index].1.as_str();
    let count = listed.choices.len();
    let draw = |ui: &mut Ui| combo.show_words(ui, &listed.words, listed.checked, count, row).1;
    if let Some(index) = ui.add_enabled_ui(listed.is_enabled(session), draw).inner {
        listed.take(ui, session, index);
    }
}

/// Draws a field for any address, with a list of known ones.
fn udp(ui: &mut Ui, panels: &Panels<'_>, session: &mut Session, width: f32) {
    let listed = Listed::of(panels, session);
    let enabled = listed.is_enabled(session);
    let (rect, _) = ui.allocate_exact_size(vec2(width, measure::CONTROL), Sense::hover());
    let id = address_id(session.id);
    let is_typing = session.send.target == TargetChoice::Address;
    let has_focus = ui.memory(|memory| memory.has_focus(id));
    if !is_typing && !has_focus {
        session.send.target_text.clone_from(&listed.words);
    }
    let is_wrong = session.errors.get(At::TargetAddress).map(|_| "");
    let chosen = ui
        .add_enabled_ui(enabled, |ui| {
            let field = Field::new(&mut session.send.target_text, panels.text(Text::TargetAddress)).id(id);
            let field = field.hint("192.168.1.20:9000").room_right(LIST_BUTTON).error(is_wrong);
            let field = field.show_at(ui, rect);
            if field.gained_focus() && !is_typing {
                select_all(ui, id, &session.send.target_text);
            }
            if field.changed() {
                session.errors.clear(At::TargetAddress);
                let is_empty = session.send.target_text.is_empty();
                session.send.target = if is_empty { TargetChoice::Default } else { TargetChoice::Address };
            }
            list_button(ui, panels, &listed, rect, id)
        })
        .inner;
    if let Some(index) = chosen {
        listed.take(ui, session, index);
        ui.memory_mut(|memory| memory.surrender_focus(id));
    }
}

/// Selects the present text, so that typing replaces it.
fn select_all(ui: &Ui, id: Id, text: &str) {
    use egui::text::{CCursor, CCursorRange};
    let Some(mut state) = egui::text_edit::TextEditState::load(ui.ctx(), id) else { return };
    let all = CCursorRange::two(CCursor::new(0), CCursor::new(text.chars().count()));
    state.cursor.set_char_range(Some(all));
    state.store(ui.ctx(), id);
}

fn list_button(ui: &Ui, panels: &Panels<'_>, listed: &Listed, field: Rect, id: Id) -> Option<usize> {
    let t = theme::tokens(ui);
    let button = caret(ui, field, id.with("list"));
    button.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::ComboBox, button.enabled(), panels.text(Text::SendTo));
        info.current_text_value = Some(listed.words.clone());
        info
    });
    let popup = Popup::menu(&button).anchor(field).frame(popup_frame(t)).gap(2.0).width(field.width());
    let rows = |ui: &mut Ui| {
        ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
        let mut chosen = None;
        ScrollArea::vertical().max_height(list_height(ui, 320.0)).show(ui, |ui| {
            for (index, (_, words)) in listed.choices.iter().enumerate() {
                if ui.add(MenuItem::new(words).checked(listed.checked == Some(index))).clicked() {
                    chosen = Some(index);
                }
            }
        });
        chosen
    };
    popup.show(rows).and_then(|list| list.inner)
}

/// The id of the field for an address that is not in the list.
fn address_id(id: SessionId) -> Id {
    Id::unique("target address").with(id.0)
}

/// The label of a selected peer that is not in the list: beyond the limit, or disconnected.
fn peer_words(session: &Session, peer: PeerId, panels: &Panels<'_>) -> String {
    match session.peers().and_then(|peers| peers.get(peer)) {
        Some(info) => format!("#{} {}", peer.0, display_address(info.address)),
        None => panels.lang.texts().peer_gone(peer.0),
    }
}

fn choices(panels: &Panels<'_>, session: &Session) -> Vec<(TargetChoice, String)> {
    let Some(peers) = session.peers().filter(|_| session.state.is_open()) else { return Vec::new() };
    let count = u64::try_from(peers.len()).unwrap_or(u64::MAX);
    let mut choices = Vec::new();
    if session.setup.protocol == Protocol::Udp {
        let last = match session.last_sender() {
            Some(peer) => format!("{} {}", panels.text(Text::LastSender), display_address(peer.address)),
            None => panels.text(Text::LastSender).to_owned(),
        };
        match form::udp_target(&session.setup) {
            Ok(None) => choices.push((TargetChoice::Default, last)),
            named => {
                let (address, port) = form::remote_fields(&session.setup);
                let typed = || format!("{}:{}", address.trim(), port.trim());
                let named = named.ok().flatten().map_or_else(typed, |at| at.to_string());
                choices.push((TargetChoice::Default, named));
                choices.push((TargetChoice::LastSender, last));
            }
        }
        choices.push((TargetChoice::All, panels.lang.texts().all_peers(count)));
        choices.push((TargetChoice::Address, panels.text(Text::SendToAddress).to_owned()));
    } else if !peers.is_empty() {
        choices.push((TargetChoice::Default, panels.lang.texts().all_peers(count)));
    }
    if session.send.target == TargetChoice::Chosen {
        let chosen = session.peer_list.selected(&peers).len();
        let words = panels.lang.texts().chosen_peers(u64::try_from(chosen).unwrap_or(u64::MAX));
        choices.push((TargetChoice::Chosen, words));
    }
    let listed = peers.slice(0..LISTED);
    choices.extend(
        listed
            .iter()
            .map(|peer| (TargetChoice::Peer(peer.id), format!("#{} {}", peer.id.0, display_address(peer.address)))),
    );
    choices
}
