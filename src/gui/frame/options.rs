//! Receive settings: how bytes are shown. They can be changed while the session is open.

use crate::codec::Encoding;
use crate::gui::action::{Action, FileAction};
use crate::gui::context::Panels;
use crate::gui::files;
use crate::gui::files::form::{Anchor, FileTask};
use crate::gui::session::Session;
use crate::gui::widgets::{Checkbox, Combo, Segmented, Side, form_row as row};
use crate::lines::ViewMode;
use crate::settings::SavedRule;
use crate::words::Text;
use egui::Ui;

/// Draws the receive settings.
pub fn receive(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session, rules: &[SavedRule]) {
    let setup = &mut session.setup;
    row(ui, panels.text(Text::View), |ui, width| {
        let items = [
            (ViewMode::Text, panels.text(Text::Plain)),
            (ViewMode::Hex, panels.text(Text::AsHex)),
            (ViewMode::Dump, panels.text(Text::AsDump)),
        ];
        Segmented::new(panels.text(Text::View), &items).width(width).show(ui, &mut setup.view);
    });
    row(ui, panels.text(Text::Encoding), |ui, width| {
        let items: Vec<(Encoding, &str)> = Encoding::all().iter().map(|e| (*e, e.label())).collect();
        Combo::new(panels.text(Text::Encoding)).width(width).show(ui, &mut setup.encoding, &items);
    });
    crate::gui::framing::choices::show(ui, panels, session, rules);
    receive_to_file(ui, panels, session);
}

/// Draws the tick that writes to a file what is received.
fn receive_to_file(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session) {
    if session.archive.is_some() {
        return;
    }
    let mut is_on = session.transfers.is_receiving();
    let tick = ui.add(Checkbox::new(&mut is_on, panels.text(Text::ReceiveToFile)));
    if tick.clicked() {
        let action = match is_on {
            true => FileAction::ShowAt(session.id, FileTask::Receive, Anchor::Left),
            false => FileAction::StopReceiving(session.id),
        };
        panels.actions.push(Action::File(action));
    }
    files::popover::show(panels, session, &tick, Anchor::Left, Side::Above);
}
