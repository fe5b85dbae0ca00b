//! The rule editor's place in the application: opening it, and what its buttons do.

use crate::gui::app::App;
use crate::gui::frame::places::DockTab;
use crate::gui::framing::state::{RuleEditor, RulePart};
use crate::gui::session::Session;
use crate::gui::widgets::Tone;
use crate::model::SessionId;
use crate::settings::{Preferences, SaveRefusal};
use crate::words::Text;

impl App {
    /// Opens the rule editor on the rule of the session, or shows the one that is open.
    pub fn edit_rule(&mut self, id: SessionId, part: RulePart) {
        let Some(session) = self.sessions.get_mut(&id) else { return };
        if let Some(editor) = &mut session.rule_editor {
            editor.opens_at = Some(part);
        } else {
            let chosen = session.log.as_ref().and_then(|log| log.selected()).map(|selected| selected.record);
            let mut editor = RuleEditor::new(&session.setup, &self.preferences.rules, part, chosen);
            editor.focus_before = self.focus_before;
            session.rule_editor = Some(editor);
        }
        session.places.show_dock(DockTab::Framing);
    }

    /// Closes the editor; the session keeps the edited rule, which its log shows already.
    pub fn apply_rule(&mut self, id: SessionId) {
        let Some(session) = self.sessions.get_mut(&id) else { return };
        if let Some(editor) = session.rule_editor.as_mut().filter(|editor| editor.rule().is_some()) {
            editor.follow(&mut session.setup, &self.preferences.rules);
            self.leave_rule_editor(id);
        }
    }

    /// Closes the editor; the session has the rule it had before.
    pub fn cancel_rule(&mut self, id: SessionId) {
        let Some(Session { rule_editor: Some(editor), setup, .. }) = self.sessions.get_mut(&id) else { return };
        editor.revert(setup);
        self.leave_rule_editor(id);
    }

    fn leave_rule_editor(&mut self, id: SessionId) {
        let Some(session) = self.sessions.get_mut(&id) else { return };
        let before = session.rule_editor.take().and_then(|editor| editor.focus_before);
        session.places.leave_dock(DockTab::Framing);
        self.focus_again(id, before);
    }

    /// Saves the edited rule under `name`.
    pub fn save_rule(&mut self, id: SessionId, name: &str) {
        let Some(editor) = self.sessions.get_mut(&id).and_then(|session| session.rule_editor.as_mut()) else { return };
        let Some(rule) = editor.rule().cloned() else { return };
        let refused = match self.preferences.save_rule(name, rule) {
            Ok(()) => {
                let name = name.trim().to_owned();
                self.toasts.add(&self.ctx, Tone::Good, self.lang.texts().rule_saved(&name));
                editor.saved = Some(name);
                editor.naming = None;
                return;
            }
            Err(SaveRefusal::Name) => Text::RuleNameBad.of(self.lang).to_owned(),
            Err(SaveRefusal::Full) => self.lang.texts().rules_full(Preferences::MAX_RULES),
        };
        self.toasts.add(&self.ctx, Tone::Bad, refused);
    }

    /// Deletes the saved rule that the editor shows.
    pub fn delete_rule(&mut self, id: SessionId) {
        let Some(editor) = self.sessions.get_mut(&id).and_then(|session| session.rule_editor.as_mut()) else { return };
        let Some(name) = editor.saved.take() else { return };
        editor.delete_warned = false;
        self.preferences.rules.retain(|saved| saved.name != name);
        self.toasts.add(&self.ctx, Tone::Good, self.lang.texts().rule_deleted(&name));
    }
}
