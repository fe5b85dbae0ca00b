//! The chip of the status line while files are under way.

use crate::gui::action::{Action, FileAction, ViewAction};
use crate::gui::context::Panels;
use crate::gui::frame::places::DrawerTab;
use crate::gui::session::Session;
use crate::gui::widgets::{Clicked, StatusChip};
use crate::words::Text;
use egui::{Rect, Ui};

/// Draws the chip at the left of `room`. Its words open the list, its cross cancels what runs. Returns its right edge.
pub fn show(ui: &Ui, panels: &mut Panels<'_>, session: &Session, room: Rect) -> f32 {
    let active = session.transfers.active();
    if active == 0 {
        return room.left();
    }
    let words = panels.lang.texts().transfers_running(active);
    let id = ui.scope_id().with("transfers");
    let (end, clicked) =
        StatusChip { id, words: &words, end: panels.text(Text::CancelTransfers), colours: None }.show(ui, room);
    match clicked {
        Some(Clicked::Words) => {
            panels.actions.push(Action::View(ViewAction::ShowDrawer(session.id, DrawerTab::Transfers)));
        }
        Some(Clicked::Cross) => panels.actions.push(Action::File(FileAction::CancelAll(session.id))),
        None => {}
    }
    end
}
