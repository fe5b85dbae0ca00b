//! The open tabs of dock and drawer around the log of one session, and their sizes.

/// A tab of the dock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DockTab {
    /// Values of the selected bytes.
    Inspect,
    /// The quick commands.
    Sends,
    /// The replies.
    Replies,
    /// The facts of a connection.
    Facts,
    /// The editor of the framing rule, while it is open.
    Framing,
    /// The highlight rules, while they are open.
    Highlights,
}

/// A tab of the drawer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DrawerTab {
    /// The hit list of the search.
    Find,
    /// The comparison of two pieces of traffic.
    Compare,
    /// Rates and answer times.
    Plots,
    /// Files that are sent or saved.
    Transfers,
    /// Which rule answers each received frame, or why none does.
    Trace,
    /// The results of the steps of a talk file.
    Results,
}

/// The open tabs. There is one dock and one drawer, each with one active tab; opening another tab replaces it.
#[derive(Clone, Debug, Default)]
pub struct Places {
    dock: Option<DockTab>,
    last_dock: Option<DockTab>,
    /// The active tab before the current one was opened.
    dock_before: Option<DockTab>,
    /// Whether a selection opens the inspector: the user has opened it (true), or closed the dock (false).
    inspector: Option<bool>,
    /// Width of the dock in points, as dragged.
    pub dock_width: Option<f32>,
    /// The same for tabs wider than the inspector.
    pub wide_dock_width: Option<f32>,
    drawer: Option<DrawerTab>,
    last_drawer: Option<DrawerTab>,
    /// Height of the drawer in points, as dragged.
    pub drawer_height: Option<f32>,
    /// What covers the send area in a low window; set whenever the pane is drawn.
    pub over_composer: Option<Cover>,
}

/// A part of the pane that covers the send area.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cover {
    /// The dock.
    Dock,
    /// The drawer.
    Drawer,
}

impl Places {
    /// The active tab of the dock; `None` if closed.
    pub fn dock(&self) -> Option<DockTab> {
        self.dock
    }

    /// Opens the dock at `tab`.
    pub fn show_dock(&mut self, tab: DockTab) {
        if self.dock != Some(tab) {
            self.dock_before = self.dock;
        }
        (self.dock, self.last_dock) = (Some(tab), Some(tab));
        if tab == DockTab::Inspect {
            self.inspector = Some(true);
        }
    }

    /// `tab` is there no longer: what was open before it comes back.
    pub fn leave_dock(&mut self, tab: DockTab) {
        let before = self.dock_before.take().filter(|before| *before != tab);
        if self.dock == Some(tab) {
            self.dock = before;
        } else {
            self.dock_before = before;
        }
        if self.last_dock == Some(tab) {
            self.last_dock = self.dock;
        }
    }

    /// Opens the inspector for a selection, unless another tab is open or the user has closed the dock.
    pub fn offer_inspector(&mut self) {
        if self.dock.is_none() && self.inspector != Some(false) {
            (self.dock, self.inspector) = (Some(DockTab::Inspect), Some(true));
        }
    }

    /// Closes the dock.
    pub fn close_dock(&mut self) {
        (self.dock, self.inspector) = (None, Some(false));
    }

    /// Closes the dock, or opens it at its last tab.
    pub fn toggle_dock(&mut self) {
        match self.dock {
            Some(_) => self.close_dock(),
            None => self.show_dock(self.last_dock.unwrap_or(DockTab::Inspect)),
        }
    }

    /// The user's choice about the inspector; `None`: a selection opens it.
    pub fn inspector_choice(&self) -> Option<bool> {
        self.inspector
    }

    /// Restores what [`Places::inspector_choice`] returned.
    pub fn choose_inspector(&mut self, choice: Option<bool>) {
        self.dock = (choice == Some(true)).then_some(DockTab::Inspect);
        self.inspector = choice;
    }

    /// The active tab of the drawer; `None` if closed.
    pub fn drawer(&self) -> Option<DrawerTab> {
        self.drawer
    }

    /// Opens the drawer at `tab`.
    pub fn show_drawer(&mut self, tab: DrawerTab) {
        (self.drawer, self.last_drawer) = (Some(tab), Some(tab));
    }

    /// Closes the drawer.
    pub fn close_drawer(&mut self) {
        self.drawer = None;
    }

    /// Closes what covers the send area, which is about to get the focus.
    pub fn uncover_composer(&mut self) {
        match self.over_composer.take() {
            Some(Cover::Dock) => self.close_dock(),
            Some(Cover::Drawer) => self.close_drawer(),
            None => {}
        }
    }

    /// The active tab of the drawer, or the last one if it is closed.
    pub fn last_drawer(&self) -> Option<DrawerTab> {
        self.last_drawer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_dock_is_not_opened_by_a_selection() {
        let mut places = Places::default();
        assert_eq!(places.inspector_choice(), None);
        places.offer_inspector();
        assert_eq!((places.dock(), places.inspector_choice()), (Some(DockTab::Inspect), Some(true)));
        places.close_dock();
        places.offer_inspector();
        assert_eq!((places.dock(), places.inspector_choice()), (None, Some(false)));
        places.toggle_dock();
        assert_eq!(places.dock(), Some(DockTab::Inspect));
    }

    #[test]
    fn a_tab_that_goes_gives_way_to_the_one_before_it() {
        let mut places = Places::default();
        places.show_dock(DockTab::Inspect);
        places.show_dock(DockTab::Framing);
        places.show_dock(DockTab::Highlights);
        places.leave_dock(DockTab::Highlights);
        assert_eq!(places.dock(), Some(DockTab::Framing));
        places.leave_dock(DockTab::Framing);
        assert_eq!((places.dock(), places.inspector_choice()), (None, Some(true)));

        let mut places = Places::default();
        places.show_dock(DockTab::Framing);
        places.show_dock(DockTab::Inspect);
        places.leave_dock(DockTab::Framing);
        assert_eq!(places.dock(), Some(DockTab::Inspect), "it was not in front");

        let mut places = Places::default();
        places.close_dock();
        places.show_dock(DockTab::Framing);
        places.leave_dock(DockTab::Framing);
        assert_eq!((places.dock(), places.inspector_choice()), (None, Some(false)), "closed as before");
        places.toggle_dock();
        assert_eq!(places.dock(), Some(DockTab::Inspect), "what is gone does not come back");
    }

    #[test]
    fn the_choice_of_the_inspector_is_restored() {
        for choice in [None, Some(true), Some(false)] {
            let mut places = Places::default();
            places.choose_inspector(choice);
            assert_eq!(places.inspector_choice(), choice);
        }
    }
}
