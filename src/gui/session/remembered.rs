//! What outlives the program besides the form: the state of the view.

use crate::gui::filter::form::FilterForm;
use crate::gui::session::Session;
use crate::settings::SessionSetup;

impl Session {
    /// The form and the state of the view.
    pub fn remembered(&self) -> SessionSetup {
        SessionSetup {
            inspector: self.inspector.choice(),
            plots: self.timing.shown,
            filter: self.sift.form.typed.clone(),
            ..self.setup.clone()
        }
    }

    /// The view is again as the form says it was.
    pub fn recall(&mut self) {
        self.inspector.choose(self.setup.inspector);
        self.timing.shown = self.setup.plots;
        self.sift.form = FilterForm::new(self.setup.filter.clone());
        // Nothing is hidden by a filter that nobody sees.
        self.sift.form.typed.bar |= !self.sift.form.is_empty();
    }
}
