//! What outlives the program besides the form: the state of the view.

use super::Session;
use super::filter_form::FilterForm;
use crate::settings::{FilterSetup, SessionSetup};

impl Session {
    /// The form and the state of the view.
    pub fn remembered(&self) -> SessionSetup {
        SessionSetup {
            inspector: self.inspector.choice(),
            plots: self.timing.shown,
            filter: FilterSetup { bar: self.sift.bar, ..self.sift.form.remembered() },
            ..self.setup.clone()
        }
    }

    /// The view is again as the form says it was.
    pub fn recall(&mut self) {
        self.inspector.choose(self.setup.inspector);
        self.timing.shown = self.setup.plots;
        self.sift.form = FilterForm::recalled(&self.setup.filter);
        // Nothing is hidden by a filter that nobody sees.
        self.sift.bar = self.setup.filter.bar || !self.sift.form.is_empty();
    }
}
