//! Draws the facts of the chosen peer, and asks the worker for newer ones while they are visible.

use crate::engine::Command;
use crate::gui::context::{Panels, within};
use crate::gui::facts::state::EVERY;
use crate::gui::session::Session;
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::paint;
use crate::model::{PeerId, Protocol};
use crate::words::{self, Text};
use egui::accesskit::Role;
use egui::{Align, Label, Layout, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};
use std::time::Instant;

/// Padding at both sides.
const PADDING: f32 = 16.0;
/// Space between a label and its value.
const BETWEEN: f32 = 10.0;

/// Draws the tab into all of `ui`.
pub fn show(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session) {
    let is_open = session.state.is_open();
    let peer = chosen(session).filter(|_| is_open);
    if let Some(peer) = peer
        && session.facts_state.is_due(peer, Instant::now())
    {
        // What comes back is drawn in the next frame; the worker is not waited for.
        session.try_command(Command::AskFacts(peer));
    }
    if is_open {
        ui.ctx().request_repaint_after(EVERY);
    }
    // After the end of a connection its last facts stay.
    let wanted = peer.or(session.facts_state.shown);
    let facts = session.facts().filter(|(of, _)| Some(*of) == wanted);
    let rect = ui.max_rect();
    within(ui, rect, "facts", Layout::top_down(Align::Min), |ui| {
        ui.set_clip_rect(rect.intersect(ui.clip_rect()));
        ui.spacing_mut().item_spacing = egui::Vec2::ZERO;
        ui.add_space(8.0);
        let Some((_, facts)) = facts else {
            nothing(ui, panels.text(Text::FactsChoosePeer));
            return;
        };
        ScrollArea::vertical().auto_shrink(false).id_salt("facts").show(ui, |ui| {
            for (label, value) in words::facts_rows(&facts, panels.lang) {
                row(ui, label, &value);
            }
            ui.add_space(12.0);
        });
    });
}

/// The selected peer, or the only one. UDP has one socket for all of them.
fn chosen(session: &Session) -> Option<PeerId> {
    if session.setup.protocol == Protocol::Udp {
        return Some(PeerId::NONE);
    }
    let peers = session.peers()?;
    if let Some(peer) = session.peer_list.selected(&peers).last() {
        return Some(*peer);
    }
    match peers.slice(0..2).as_slice() {
        [only] => Some(only.id),
        _ => None,
    }
}

fn nothing(ui: &mut Ui, text: &str) {
    let t = theme::tokens(ui);
    ui.horizontal(|ui| {
        ui.add_space(PADDING);
        let text = egui::RichText::new(text).font(theme::ui_font(measure::TEXT_LABEL)).color(t.muted);
        ui.add(Label::new(text).wrap());
    });
}

/// A label at the left and its value at the right; a long value takes a line of its own.
fn row(ui: &mut Ui, label: &str, value: &str) {
    let t = theme::tokens(ui);
    let font = theme::ui_font(measure::TEXT_LABEL);
    let width = (ui.available_width() - 2.0 * PADDING).max(1.0);
    let head = paint::line(ui.painter(), label, font.clone(), t.muted);
    let galley = ui.painter().layout(value.to_owned(), font.clone(), t.text, width);
    let is_beside = galley.rows.len() == 1 && head.size().x + BETWEEN + galley.size().x <= width;
    let below = if is_beside { 0.0 } else { galley.size().y + 4.0 };
    let size = vec2(ui.available_width(), measure::FACT_ROW + below);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    let y = rect.top() + measure::FACT_ROW / 2.0;
    paint::put(ui.painter(), pos2(rect.left() + PADDING, y), paint::At::Left, font.size, head, t.muted);
    if is_beside {
        let at = pos2(rect.right() - PADDING, y);
        paint::put(ui.painter(), at, paint::At::Right, font.size, galley, t.text);
    } else {
        let at = pos2(rect.left() + PADDING, rect.top() + measure::FACT_ROW - 2.0);
        ui.painter().galley(at, galley, t.text);
    }
    let spoken = format!("{label} {value}");
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
}
