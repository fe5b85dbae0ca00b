//! The list of connected peers. Draws only the visible rows.

use crate::engine::PeerInfo;
use crate::gui::action::{Action, SessionAction, ViewAction};
use crate::gui::context::Panels;
use crate::gui::icons;
use crate::gui::network::peer_list::{FILTER_FROM, PeerRow};
use crate::gui::send::state::TargetChoice;
use crate::gui::session::Session;
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::{self, Field, IconButton, MenuItem, menu_hairline, menu_rows, paint, popup_frame, tooltip};
use crate::model::{PeerId, Protocol, display_address};
use crate::words;
use crate::words::Text;
use egui::accesskit::Role;
use egui::scroll_area::ScrollBarVisibility;
use egui::{Rect, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};
use std::time::{Duration, Instant};

/// Maximum number of rows without a scroll bar.
const ROWS: f32 = 8.0;

/// Draws header and rows; nothing for a client or without peers.
pub fn show(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session) {
    if session.setup.protocol == Protocol::TcpClient || !session.state.is_open() {
        return;
    }
    let Some(peers) = session.peers() else { return };
    ui.spacing_mut().item_spacing.y = 0.0;
    head(ui, panels, session, peers.len());
    if let Some(again) = session.peer_list.changes_in(Instant::now()) {
        ui.ctx().request_repaint_after(again);
    }
    let rows = session.peer_list.rows(&peers);
    let count = rows.as_ref().map_or(peers.len(), Vec::len);
    // The scroll bar has its own column beside the byte counts.
    let scrolls = count as f32 > ROWS;
    ui.spacing_mut().scroll.floating_allocated_width = if scrolls { 10.0 } else { 0.0 };
    let list = ScrollArea::vertical().id_salt("peers").max_height(ROWS * measure::PEER_ROW).auto_shrink([false, true]);
    let bar = if scrolls { ScrollBarVisibility::AlwaysVisible } else { ScrollBarVisibility::VisibleWhenNeeded };
    list.scroll_bar_visibility(bar).show_rows(ui, measure::PEER_ROW, count, |ui, range| {
        let shown = match &rows {
            Some(rows) => rows.get(range.clone()).unwrap_or_default().to_vec(),
            None => peers.slice(range.clone()).into_iter().map(|peer| PeerRow { peer, gone: false }).collect(),
        };
        for (row, shown) in range.zip(shown) {
            peer_row(ui, panels, session, &shown, row);
        }
    });
    ui.spacing_mut().scroll.floating_allocated_width = 0.0;
    ui.spacing_mut().item_spacing.y = measure::FORM_PITCH - measure::CONTROL;
    ui.add_space(8.0);
}

/// Draws the number of peers, and for several a filter field.
fn head(ui: &mut Ui, panels: &Panels<'_>, session: &mut Session, count: usize) {
    let is_filterable = count >= FILTER_FROM;
    let t = theme::tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), measure::PEER_TITLE), Sense::hover());
    let (title, count) = (panels.text(Text::Peers), count.to_string());
    let y = rect.center().y;
    let font = theme::medium(measure::TEXT_LABEL);
    let words = paint::text(ui.painter(), pos2(rect.left(), y), paint::At::Left, title, font, t.text);
    let font = theme::ui_font(measure::TEXT_LABEL);
    paint::text(ui.painter(), pos2(words.right() + 8.0, y), paint::At::Left, &count, font, t.muted);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{title} {count}")));
    if is_filterable {
        let size = measure::PEER_FILTER;
        let place = Rect::from_center_size(pos2(rect.right() - size.x / 2.0, y), size);
        let name = panels.text(Text::FilterPeers);
        let field = Field::new(&mut session.peer_list.filter, name).hint(name).icon(icons::MAGNIFYING_GLASS);
        field.height(size.y).show_at(ui, place);
    }
}

fn peer_row(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session, shown: &PeerRow, row: usize) {
    let t = theme::tokens(ui);
    let PeerRow { peer, gone } = shown;
    if *gone {
        return gone_row(ui, peer);
    }
    let size = vec2(ui.available_width(), measure::PEER_ROW);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let id = ui.make_persistent_id(("peer", session.id.0, peer.id.0));
    let response = ui.interact(rect, id, Sense::click());
    let chosen = match session.send.target {
        TargetChoice::Peer(target) => target == peer.id,
        TargetChoice::Chosen => session.peer_list.is_chosen(peer.id),
        _ => false,
    };
    // The button keeps its row as it is while Tab is on it.
    let on_button = ui.memory(|memory| memory.has_focus(id.with("kick")));
    let hovered = ui.rect_contains_pointer(rect) || response.has_focus() || on_button;
    let painter = ui.painter();
    let ground = rect.expand2(vec2(8.0, 0.0));
    if chosen {
        painter.rect_filled(ground, f32::from(measure::RADIUS_CHECK), t.toggle_on);
    } else if hovered {
        painter.rect_filled(ground, f32::from(measure::RADIUS_CHECK), t.hover);
    }
    if response.has_focus() {
        paint::focus_ring_inside(painter, ground, measure::RADIUS_CHECK, t);
    }
    let y = rect.center().y;
    let number = format!("#{}", peer.id.0);
    let address = display_address(peer.address);
    let mono = theme::mono(measure::TEXT);
    let placed = paint::text(painter, pos2(rect.left(), y), paint::At::Left, &number, mono.clone(), t.peer(peer.id));
    let tcp = session.setup.protocol == Protocol::TcpServer;
    let kick = tcp && hovered;
    let bytes = words::size(peer.received_bytes.saturating_add(peer.sent_bytes));
    let end = if kick {
        rect.right() - 24.0
    } else {
        let font = theme::ui_font(measure::TEXT_SMALL);
        paint::text(painter, pos2(rect.right(), y), paint::At::Right, &bytes, font, t.muted).left()
    };
    let left = (placed.right() + 6.0).max(rect.left() + 24.0);
    paint::text_elided(painter, pos2(left, y), &address, mono, t.text, end - 6.0 - left);
    response.widget_info(|| WidgetInfo::selected(Role::ListItem, true, chosen, format!("{number} {address}")));
    let mut kick_hovered = false;
    if kick {
        let place = Rect::from_center_size(pos2(rect.right() - 10.0, y), vec2(20.0, 20.0));
        let button = IconButton::new(icons::X, panels.text(Text::DisconnectPeer)).small(measure::ICON_SMALL);
        let button = button.at(ui, place, id.with("kick"));
        kick_hovered = button.hovered();
        if button.clicked() {
            panels.actions.push(Action::Session(SessionAction::DisconnectPeer(session.id, peer.id)));
            session.peer_list.disconnected(*peer, row, Instant::now());
        }
    }
    if response.clicked() {
        choose(ui, panels, session, peer.id);
    }
    if hovered && !kick_hovered {
        let now = Instant::now();
        let rate = session.peer_list.rate(peer, now);
        let heard = peer.heard_at.map(|at| now.saturating_duration_since(at));
        let words = crate::gui::sentences::peer_counts(peer, heard, rate, panels.lang);
        tooltip(response.clone(), &words, None);
        ui.ctx().request_repaint_after(Duration::from_secs(1));
    }
    let menu = widgets::context_menu(&response, rect.left_bottom()).frame(popup_frame(t)).width(208.0);
    menu.show(|ui| menu_rows(ui, |ui| context_menu(ui, panels, session, peer, address, tcp)));
}

/// Handles a click on a peer: selects it alone; with Ctrl toggles it; with Shift selects the range up to it.
fn choose(ui: &Ui, panels: &mut Panels<'_>, session: &mut Session, peer: PeerId) {
    let modifiers = ui.input(|input| input.modifiers);
    let Some(peers) = session.peers().filter(|_| modifiers.command || modifiers.shift) else {
        session.peer_list.choose_one(Some(peer));
        panels.actions.push(Action::Session(SessionAction::TargetPeer(session.id, peer)));
        return;
    };
    match session.send.target {
        TargetChoice::Peer(alone) => session.peer_list.choose_one(Some(alone)),
        TargetChoice::Chosen => {}
        _ => session.peer_list.choose_one(None),
    }
    if modifiers.command {
        session.peer_list.toggle(peer);
    } else {
        let rows = match session.peer_list.rows(&peers) {
            Some(rows) => rows.into_iter().filter(|row| !row.gone).map(|row| row.peer.id).collect(),
            None => peers.slice(0..peers.len()).into_iter().map(|peer| peer.id).collect::<Vec<_>>(),
        };
        session.peer_list.choose_range(peer, &rows);
    }
    session.send.target = match session.peer_list.selected(&peers).as_slice() {
        [] => TargetChoice::Default,
        [only] => TargetChoice::Peer(*only),
        _ => TargetChoice::Chosen,
    };
}

/// Draws a peer that was just disconnected: its row stays for a moment and does not react.
fn gone_row(ui: &mut Ui, peer: &PeerInfo) {
    let t = theme::tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), measure::PEER_ROW), Sense::hover());
    let words = format!("#{} {}", peer.id.0, display_address(peer.address));
    let at = pos2(rect.left(), rect.center().y);
    paint::text_elided(ui.painter(), at, &words, theme::mono(measure::TEXT), t.faint, rect.width());
    response.widget_info(|| WidgetInfo::labeled(Role::ListItem, false, words.as_str()));
}

fn context_menu(ui: &mut Ui, panels: &mut Panels<'_>, session: &Session, peer: &PeerInfo, address: String, tcp: bool) {
    if ui.add(MenuItem::new(panels.text(Text::SendToPeer))).clicked() {
        panels.actions.push(Action::Session(SessionAction::TargetPeer(session.id, peer.id)));
    }
    if ui.add(MenuItem::new(panels.text(Text::OnlyThisPeer))).clicked() {
        panels.actions.push(Action::View(ViewAction::FilterPeer(session.id, peer.id)));
    }
    if ui.add(MenuItem::new(panels.text(Text::CopyAddress))).clicked() {
        panels.actions.push(Action::View(ViewAction::CopyText(address)));
    }
    if tcp {
        menu_hairline(ui);
        if ui.add(MenuItem::new(panels.text(Text::DisconnectPeer)).danger()).clicked() {
            panels.actions.push(Action::Session(SessionAction::DisconnectPeer(session.id, peer.id)));
        }
        if ui.add(MenuItem::new(panels.text(Text::ResetPeer)).danger()).clicked() {
            panels.actions.push(Action::Session(SessionAction::ResetPeer(session.id, peer.id)));
        }
    }
}
