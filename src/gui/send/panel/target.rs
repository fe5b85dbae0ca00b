//! To whom: nothing to choose for a client, one or all for a server, any address for UDP.

use crate::gui::context::Panels;
use crate::gui::network::form;
use crate::gui::network::form::Field as At;
use crate::gui::send::state::TargetChoice;
use crate::gui::session::Session;
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::{Combo, Field, focus_later, paint};
use crate::model::{PeerId, Protocol, SessionId, display_address};
use crate::words::Text;
use egui::accesskit::Role;
use egui::{Id, Sense, Ui, WidgetInfo, pos2, vec2};

/// Peers in the list; the left column has them all.
const LISTED: usize = 200;

/// Draws it, from left to right.
pub fn show(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session) {
    ui.spacing_mut().item_spacing.x = measure::GAP;
    match session.setup.protocol {
        Protocol::TcpClient => client(ui, panels, session),
        _ => choose(ui, panels, session),
    }
}

fn client(ui: &mut Ui, panels: &Panels<'_>, session: &Session) {
    let t = theme::tokens(ui);
    let words = match &session.state {
        crate::model::SessionState::Connected { remote, .. } => {
            format!("{} {}", panels.text(Text::SendToShort), display_address(*remote))
        }
        _ => panels.text(Text::NotConnected).to_owned(),
    };
    let (rect, response) =
        ui.allocate_exact_size(vec2(320.0_f32.min(ui.available_width() - 160.0).max(80.0), 28.0), Sense::hover());
    let at = pos2(rect.left(), rect.center().y);
    paint::text_elided(ui.painter(), at, &words, theme::ui_font(measure::TEXT_LABEL), t.muted, rect.width());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words.as_str()));
}

fn choose(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session) {
    let t = theme::tokens(ui);
    let label = panels.text(Text::SendToShort);
    let font = theme::ui_font(measure::TEXT_LABEL);
    let galley = paint::line(ui.painter(), label, font, t.muted);
    let (rect, _) = ui.allocate_exact_size(vec2(galley.size().x, 28.0), Sense::hover());
    let at = pos2(rect.left(), rect.center().y);
    paint::put(ui.painter(), at, paint::At::Left, measure::TEXT_LABEL, galley, t.muted);

    let choices = choices(panels, session);
    let current = session.send.target;
    let position = |wanted| choices.iter().position(|(choice, _)| *choice == wanted);
    // Without a target in the form the two are one.
    let is_default = current == TargetChoice::LastSender;
    let checked = position(current).or_else(|| position(TargetChoice::Default).filter(|_| is_default));
    let words = match (checked, current) {
        (Some(at), _) => choices[at].1.clone(),
        (None, TargetChoice::Peer(peer)) => peer_words(session, peer, panels),
        (None, _) => panels.text(Text::NoPeer).to_owned(),
    };
    let most = if session.setup.protocol == Protocol::Udp { 288.0_f32 } else { 176.0 };
    let width = most.min(ui.available_width() - 150.0).max(96.0);
    let combo = Combo::new(panels.text(Text::SendTo)).width(width);
    let row = |index: usize| choices[index].1.as_str();
    // A repeat keeps its target.
    let repeated = session.send.active.as_ref().filter(|active| active.repeats);
    let words = repeated.and_then(|active| active.target.clone()).unwrap_or(words);
    let enabled = session.state.is_open() && !choices.is_empty() && repeated.is_none();
    let chosen = ui.add_enabled_ui(enabled, |ui| combo.show_words(ui, &words, checked, choices.len(), row).1).inner;
    if let Some((choice, _)) = chosen.and_then(|index| choices.get(index)) {
        session.send.target = *choice;
        if *choice == TargetChoice::Address {
            focus_later(ui.ctx(), address_id(session.id));
        }
        session.send.failure = None;
    }
    if session.send.target == TargetChoice::Address && session.setup.protocol == Protocol::Udp {
        let wrong = session.errors.get(At::TargetAddress).map(|_| "");
        let width = 168.0_f32.min(ui.available_width() - 150.0).max(96.0);
        let field = Field::new(&mut session.send.target_text, panels.text(Text::TargetAddress));
        let field = field.id(address_id(session.id));
        if field.hint("192.168.1.20:9000").mono().width(width).error(wrong).show(ui).changed() {
            session.errors.clear(At::TargetAddress);
        }
    }
}

/// The field of an address that is none of those listed.
fn address_id(id: SessionId) -> Id {
    Id::unique("target address").with(id.0)
}

/// A chosen peer that is not in the list: far down in it, or gone.
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
