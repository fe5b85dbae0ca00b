//! The peers there are now, as a list that draws only the rows in sight.

use crate::engine::PeerInfo;
use crate::gui::action::{Action, SessionAction, ViewAction};
use crate::gui::context::Panels;
use crate::gui::icons;
use crate::gui::network::peer_list::{FILTER_FROM, PeerRow};
use crate::gui::send::state::TargetChoice;
use crate::gui::session::Session;
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::{Field, IconButton, MenuItem, menu_hairline, paint, popup_frame, tooltip};
use crate::model::{Protocol, display_address};
use crate::words;
use crate::words::Text;
use egui::accesskit::Role;
use egui::scroll_area::ScrollBarVisibility;
use egui::{Popup, Rect, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};
use std::time::Instant;

/// Rows before the list scrolls by itself.
const ROWS: f32 = 8.0;

/// Draws head and rows; nothing for a client, or before there are peers to be had.
pub fn show(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session) {
    if session.setup.protocol == Protocol::TcpClient || !session.state.is_open() {
        return;
    }
    let Some(peers) = session.peers() else { return };
    let t = theme::tokens(ui);
    let title = panels.text(Text::Peers);
    ui.spacing_mut().item_spacing.y = 0.0;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), measure::PEER_ROW), Sense::hover());
    let font = theme::ui_font(measure::TEXT_LABEL);
    let y = rect.center().y;
    paint::text(ui.painter(), pos2(rect.left(), y), paint::At::Left, title, font, t.muted);
    let count = peers.len().to_string();
    let font = theme::mono(measure::TEXT_LABEL);
    paint::text(ui.painter(), pos2(rect.right(), y), paint::At::Right, &count, font, t.text);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{title} {count}")));

    if peers.len() >= FILTER_FROM {
        let name = panels.text(Text::FilterPeers);
        let width = ui.available_width();
        Field::new(&mut session.peer_list.filter, name).hint(name).icon(icons::FUNNEL_SIMPLE).width(width).show(ui);
        ui.add_space(4.0);
    }
    if let Some(again) = session.peer_list.changes_in(Instant::now()) {
        ui.ctx().request_repaint_after(again);
    }
    let rows = session.peer_list.rows(&peers);
    let count = rows.as_ref().map_or(peers.len(), Vec::len);
    // A bar has a place of its own beside the numbers of bytes.
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
    let chosen = session.send.target == TargetChoice::Peer(peer.id);
    let hovered = ui.rect_contains_pointer(rect) || response.has_focus();
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
    if kick {
        let place = Rect::from_center_size(pos2(rect.right() - 10.0, y), vec2(20.0, 20.0));
        let button = IconButton::new(icons::X, panels.text(Text::DisconnectPeer)).small(measure::ICON_SMALL);
        if button.at(ui, place, id.with("kick")).clicked() {
            panels.actions.push(Action::Session(SessionAction::DisconnectPeer(session.id, peer.id)));
            session.peer_list.disconnected(*peer, row, Instant::now());
        }
    }
    if response.clicked() {
        panels.actions.push(Action::Session(SessionAction::TargetPeer(session.id, peer.id)));
    }
    if !kick {
        tooltip(response.clone(), &crate::gui::sentences::peer_counts(peer, panels.lang), None);
    }
    let menu = Popup::context_menu(&response).frame(popup_frame(t)).width(208.0);
    menu.show(|ui| context_menu(ui, panels, session, peer, address, tcp));
}

/// A peer that was just disconnected: its row stays for a moment, and nothing happens in it.
fn gone_row(ui: &mut Ui, peer: &PeerInfo) {
    let t = theme::tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), measure::PEER_ROW), Sense::hover());
    let words = format!("#{} {}", peer.id.0, display_address(peer.address));
    let at = pos2(rect.left(), rect.center().y);
    paint::text_elided(ui.painter(), at, &words, theme::mono(measure::TEXT), t.faint, rect.width());
    response.widget_info(|| WidgetInfo::labeled(Role::ListItem, false, words.as_str()));
}

fn context_menu(ui: &mut Ui, panels: &mut Panels<'_>, session: &Session, peer: &PeerInfo, address: String, tcp: bool) {
    ui.spacing_mut().item_spacing.y = 0.0;
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
