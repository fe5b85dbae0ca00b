//! What is open around the log of one tab: a tab of the dock at its right, a tab of the drawer below it, and their sizes.

/// A tab of the dock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DockTab {
    /// What the chosen bytes mean.
    Inspect,
}

/// A tab of the drawer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DrawerTab {
    /// The hits of the search.
    Find,
    /// Two pieces of traffic side by side.
    Compare,
    /// Rates and answer times.
    Plots,
}

/// What is open. There is one dock and one drawer, each with one tab in front; opening another replaces it.
#[derive(Clone, Debug, Default)]
pub struct Places {
    dock: Option<DockTab>,
    last_dock: Option<DockTab>,
    /// The user has closed the dock: a selection does not open it any more.
    dismissed: bool,
    /// Width of the dock in points, as dragged.
    pub dock_width: Option<f32>,
    drawer: Option<DrawerTab>,
    last_drawer: Option<DrawerTab>,
    /// Height of the drawer in points, as dragged.
    pub drawer_height: Option<f32>,
}

impl Places {
    /// The tab of the dock in front; `None`: it is closed.
    pub fn dock(&self) -> Option<DockTab> {
        self.dock
    }

    /// Opens the dock at `tab`.
    pub fn show_dock(&mut self, tab: DockTab) {
        (self.dock, self.last_dock, self.dismissed) = (Some(tab), Some(tab), false);
    }

    /// Opens the inspector for a selection, unless another tab is open or the user has closed the dock.
    pub fn offer_inspector(&mut self) {
        if self.dock.is_none() && !self.dismissed {
            self.dock = Some(DockTab::Inspect);
        }
    }

    /// Closes the dock.
    pub fn close_dock(&mut self) {
        (self.dock, self.dismissed) = (None, true);
    }

    /// Closes the dock, or opens it at its last tab.
    pub fn toggle_dock(&mut self) {
        match self.dock {
            Some(_) => self.close_dock(),
            None => self.show_dock(self.last_dock.unwrap_or(DockTab::Inspect)),
        }
    }

    /// Whether the user wants the inspector; `None`: a selection opens it.
    pub fn inspector_choice(&self) -> Option<bool> {
        (self.dock.is_some() || self.dismissed).then_some(self.dock == Some(DockTab::Inspect))
    }

    /// Restores what [`Places::inspector_choice`] returned.
    pub fn choose_inspector(&mut self, choice: Option<bool>) {
        self.dock = (choice == Some(true)).then_some(DockTab::Inspect);
        self.dismissed = choice == Some(false);
    }

    /// The tab of the drawer in front; `None`: it is closed.
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

    /// The tab that the drawer had in front last, or has now.
    pub fn last_drawer(&self) -> Option<DrawerTab> {
        self.last_drawer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dock_that_was_closed_stays_closed_for_selections() {
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
    fn the_choice_of_the_inspector_comes_back() {
        for choice in [None, Some(true), Some(false)] {
            let mut places = Places::default();
            places.choose_inspector(choice);
            assert_eq!(places.inspector_choice(), choice);
        }
    }
}
