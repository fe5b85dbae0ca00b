//! The chip of the status line while steps run.

use crate::gui::action::{Action, RunAction, ViewAction};
use crate::gui::context::Panels;
use crate::gui::frame::places::DockTab;
use crate::gui::session::Session;
use crate::gui::widgets::{Clicked, StatusChip};
use egui::{Rect, Ui};

/// Draws the chip at the left of `room`. Its words open the steps, its cross stops the run. Returns its right edge.
pub fn show(ui: &Ui, panels: &mut Panels<'_>, session: &Session, room: Rect) -> f32 {
    if !session.runs.is_running() {
        return room.left();
    }
    let texts = panels.lang.texts();
    let at = session.runs.current.map_or(0, |(index, _)| index + 1);
    let words = texts.run_chip(at, session.runs.steps().len());
    let chip = StatusChip {
        id: ui.scope_id().with("run chip"),
        words: &words,
        end: texts.run_view("stop-run"),
        colours: None,
    };
    let (end, clicked) = chip.show(ui, room);
    match clicked {
        Some(Clicked::Words) => {
            panels.actions.push(Action::Run(RunAction::Show(session.id)));
            panels.actions.push(Action::View(ViewAction::ShowDock(session.id, DockTab::Sends)));
        }
        Some(Clicked::Cross) => panels.actions.push(Action::Run(RunAction::Stop(session.id))),
        None => {}
    }
    end
}
