//! The rule editor's place in the application: opening it, and what its buttons do.

use crate::gui::action::Action;
use crate::gui::app::App;
use crate::gui::context::Panels;
use crate::gui::framing::choice as rule_choice;
use crate::gui::framing::editor as rule_editor;
use crate::gui::framing::state::{RuleEditor, RulePart, as_setup};
use crate::gui::widgets::Tone;
use crate::jobs::Wake;
use crate::model::SessionId;
use crate::settings::{Preferences, SaveRefusal};
use crate::words::Text;

impl App {
    /// Opens the rule editor on the rule of the session.
    pub fn edit_rule(&mut self, id: SessionId, part: RulePart) {
        let Some(session) = self.sessions.get(&id) else { return };
        let chosen = session.log.as_ref().and_then(|log| log.selected()).map(|selected| selected.record);
        self.rule_editor = Some(RuleEditor::new(id, session.setup.rule(), &self.preferences.rules, part, chosen));
    }

    /// Sets the edited rule in its session.
    pub fn apply_rule(&mut self) {
        let Some(editor) = self.rule_editor.as_ref() else { return };
        let Some(rule) = editor.rule().cloned() else { return };
        if let Some(session) = self.sessions.get_mut(&editor.session) {
            let (framing, verify) = as_setup(&rule, rule_choice::named_rules(&self.preferences.rules));
            session.setup.framing = framing;
            session.setup.verify = verify;
        }
        self.rule_editor = None;
    }

    /// Saves the edited rule under `name`.
    pub fn save_rule(&mut self, name: &str) {
        let Some(editor) = &mut self.rule_editor else { return };
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
    pub fn delete_rule(&mut self) {
        let Some(editor) = &mut self.rule_editor else { return };
        let Some(name) = editor.saved.take() else { return };
        editor.delete_warned = false;
        self.preferences.rules.retain(|saved| saved.name != name);
        self.toasts.add(&self.ctx, Tone::Good, self.lang.texts().rule_deleted(&name));
    }

    /// Draws the rule editor if it is open.
    pub fn draw_rule_editor(&mut self, ctx: &egui::Context, actions: &mut Vec<Action>, wake: &Wake) {
        let Some(editor) = &mut self.rule_editor else { return };
        let Some(session) = self.sessions.get(&editor.session) else {
            self.rule_editor = None;
            return;
        };
        let rule = editor.last_rule().clone();
        if let Some(again) = editor.preview.tick(session.reader.as_ref(), &rule, wake) {
            ctx.request_repaint_after(again);
        }
        let mut panels = Panels::of_dialog(ctx, self.lang, actions, &self.addresses, wake, &self.keys);
        let shown = rule_editor::Shown { editor, saved: &self.preferences.rules, encoding: session.setup.encoding };
        rule_editor::show(ctx, &mut panels, shown);
    }
}
