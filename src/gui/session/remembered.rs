//! State kept in the settings besides the form: the state of the view.

use crate::gui::filter::form::FilterForm;
use crate::gui::frame::places::DrawerTab;
use crate::gui::session::Session;
use crate::settings::SessionSetup;

impl Session {
    /// The form and the state of the view.
    pub fn remembered(&self) -> SessionSetup {
        // A rule that is being edited is not applied yet.
        let mut setup = self.setup.clone();
        if let Some(editor) = &self.rule_editor {
            editor.revert(&mut setup);
        }
        SessionSetup {
            inspector: self.places.inspector_choice(),
            plots: self.places.drawer() == Some(DrawerTab::Plots),
            dock_width: self.places.dock_width,
            drawer_height: self.places.drawer_height,
            filter: self.sift.form.typed.clone(),
            ..setup
        }
    }

    /// Restores the state of the view from the form.
    pub fn recall(&mut self) {
        self.places.choose_inspector(self.setup.inspector);
        (self.places.dock_width, self.places.drawer_height) = (self.setup.dock_width, self.setup.drawer_height);
        if self.setup.plots {
            self.places.show_drawer(DrawerTab::Plots);
        }
        // A file of somebody else may have other rules by now.
        self.setup.replies &= crate::settings::is_own_talk(&self.setup.talk_file);
        self.sift.form = FilterForm::new(self.setup.filter.clone());
        // The strip below the log indicates an active filter.
        self.sift.form.typed.bar = false;
    }
}
