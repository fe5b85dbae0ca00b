//! The chip of the status line while the session replies by itself.

use crate::gui::action::{Action, ReplyAction, ViewAction};
use crate::gui::context::Panels;
use crate::gui::frame::places::DockTab;
use crate::gui::replies::list::count_on;
use crate::gui::session::Session;
use crate::gui::theme;
use crate::gui::widgets::{Clicked, StatusChip};
use egui::{Rect, Ui};

/// Draws the chip at the left of `room`. Its words open the rules, its cross turns replies off. Returns its right edge.
pub fn show(ui: &Ui, panels: &mut Panels<'_>, session: &Session, room: Rect) -> f32 {
    if session.archive.is_some() || !session.replies.acts(session.setup.replies) {
        return room.left();
    }
    let t = theme::tokens(ui);
    let texts = panels.lang.texts();
    let faults = session.replies.faults().map_or(0, |(faults, _)| faults);
    let words = texts.replies_on(count_on(&session.replies.listed()), faults);
    let id = ui.scope_id().with("replies");
    let colours = if faults > 0 { (t.warning, t.warning_ground) } else { (t.wrap_head, t.wrap_head_ground) };
    let chip = StatusChip { id, words: &words, end: texts.reply("turn-off"), colours: Some(colours) };
    let (end, clicked) = chip.show(ui, room);
    match clicked {
        Some(Clicked::Words) => panels.actions.push(Action::View(ViewAction::ShowDock(session.id, DockTab::Replies))),
        Some(Clicked::Cross) => panels.actions.push(Action::Reply(ReplyAction::TurnOn(session.id, false))),
        None => {}
    }
    end
}
