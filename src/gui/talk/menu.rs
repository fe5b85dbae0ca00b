//! The menu rows of a talk file, which the lists of its commands and of its rules share.

use crate::gui::action::{Action, FileAction, TalkAction, ViewAction};
use crate::gui::session::Session;
use crate::gui::widgets::MenuItem;
use crate::words::Lang;
use egui::Ui;

/// Draws the row that chooses another file.
pub fn open_row(ui: &mut Ui, lang: Lang, session: &Session) -> Option<Action> {
    let row = MenuItem::new(lang.texts().quick("open-file"));
    ui.add(row).clicked().then_some(Action::Talk(TalkAction::Pick(session.id)))
}

/// Draws the row that returns to the file of the session, unless it is in use.
pub fn own_row(ui: &mut Ui, lang: Lang, session: &Session) -> Option<Action> {
    let row = MenuItem::new(lang.texts().quick("own-file"));
    (!session.has_own_talk() && ui.add(row).clicked()).then_some(Action::Talk(TalkAction::UseOwn(session.id)))
}

/// Draws the rows that show the file in its folder and copy its text.
pub fn file_rows(ui: &mut Ui, lang: Lang, session: &Session) -> Option<Action> {
    let (texts, source) = (lang.texts(), session.talk.document().source());
    let path = session.talk.path().filter(|_| crate::engine::can_show_in_folder());
    let mut action = None;
    if ui.add_enabled(path.is_some(), MenuItem::new(texts.quick("show-folder"))).clicked() {
        action = path.map(|path| Action::File(FileAction::ShowInFolder(path.to_owned())));
    }
    if ui.add_enabled(!source.is_empty(), MenuItem::new(texts.quick("copy-all"))).clicked() {
        action = Some(Action::View(ViewAction::CopyText(source.to_owned())));
    }
    action
}
