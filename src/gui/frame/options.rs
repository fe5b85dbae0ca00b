//! Receive settings: how bytes are shown. They can be changed while the session is open.

use crate::codec::Encoding;
use crate::gui::context::Panels;
use crate::gui::session::Session;
use crate::gui::widgets::{Combo, Segmented, form_row as row};
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
}
