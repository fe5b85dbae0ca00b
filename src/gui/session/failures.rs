//! The errors of one tab. Each is held once; banner, lamp and status line read it here.

use crate::model::{NetError, Operation};

/// See the module.
#[derive(Default)]
pub struct Failures {
    /// The error of the last run: the red lamp and the status line.
    run: Option<NetError>,
    /// A newer error that no run ended with: a warning, or a command that the worker refused.
    other: Option<NetError>,
    /// The user dismissed the banner of `run`.
    is_dismissed: bool,
}

impl Failures {
    /// The newest error that was not dismissed, for the banner.
    pub fn banner(&self) -> Option<&NetError> {
        self.other.as_ref().or(self.run.as_ref().filter(|_| !self.is_dismissed))
    }

    /// The error of the last run.
    pub fn of_run(&self) -> Option<&NetError> {
        self.run.as_ref()
    }

    /// Takes the error of a run. Its banner stays dismissed while a client that connects again meets the same error.
    pub(super) fn end_run(&mut self, error: NetError) {
        let is_dismissed = self.is_dismissed && self.run.as_ref() == Some(&error);
        *self = Self { run: Some(error), is_dismissed, ..Self::default() };
    }

    /// Takes an error that concerns no run, or does not end it.
    pub(super) fn warn(&mut self, error: NetError) {
        self.other = Some(error);
    }

    /// Hides the banner. Lamp and status line keep the error of the last run.
    pub fn dismiss(&mut self) {
        (self.other, self.is_dismissed) = (None, true);
    }

    /// Forgets all errors.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// The capture takes records again.
    pub(super) fn store_again(&mut self) {
        let is_of_store = |error: &mut NetError| error.operation == Operation::Store;
        self.other.take_if(is_of_store);
        self.run.take_if(is_of_store);
    }

    /// The user closed the run: the lamp is off, the banner stays until it is dismissed.
    pub(super) fn close_run(&mut self) {
        let run = self.run.take().filter(|_| !self.is_dismissed);
        self.other = self.other.take().or(run);
        self.is_dismissed = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ErrorKind;

    fn error(operation: Operation) -> NetError {
        NetError::new(operation, ErrorKind::DiskFull, "", "")
    }

    fn operations(failures: &Failures) -> [Option<Operation>; 2] {
        [failures.banner(), failures.of_run()].map(|error| error.map(|error| error.operation))
    }

    #[test]
    fn the_banner_shows_the_newest_error_and_the_lamp_that_of_the_run() {
        let mut failures = Failures::default();
        failures.warn(error(Operation::Store));
        assert_eq!(operations(&failures), [Some(Operation::Store), None]);
        failures.end_run(error(Operation::Bind));
        assert_eq!(operations(&failures), [Some(Operation::Bind), Some(Operation::Bind)]);
        failures.warn(error(Operation::Send));
        assert_eq!(operations(&failures), [Some(Operation::Send), Some(Operation::Bind)]);
        failures.dismiss();
        assert_eq!(operations(&failures), [None, Some(Operation::Bind)]);
        failures.warn(error(Operation::Store));
        failures.store_again();
        assert_eq!(operations(&failures), [None, Some(Operation::Bind)]);
        failures.end_run(error(Operation::Store));
        assert_eq!(operations(&failures), [Some(Operation::Store), Some(Operation::Store)]);
        failures.store_again();
        assert_eq!(operations(&failures), [None, None]);
    }

    #[test]
    fn the_banner_of_an_error_that_repeats_stays_dismissed() {
        let mut failures = Failures::default();
        failures.end_run(error(Operation::Connect));
        failures.dismiss();
        failures.end_run(error(Operation::Connect));
        assert_eq!(operations(&failures), [None, Some(Operation::Connect)]);
        failures.end_run(error(Operation::Resolve));
        assert_eq!(operations(&failures), [Some(Operation::Resolve), Some(Operation::Resolve)]);
    }

    #[test]
    fn closing_the_run_keeps_only_what_was_not_dismissed() {
        for (is_dismissed, banner) in [(false, Some(Operation::Bind)), (true, None)] {
            let mut failures = Failures::default();
            failures.end_run(error(Operation::Bind));
            if is_dismissed {
                failures.dismiss();
            }
            failures.close_run();
            assert_eq!(operations(&failures), [banner, None]);
            failures.dismiss();
            assert_eq!(operations(&failures), [None, None]);
        }
    }
}
