//! What a session shows of its capture: the framing rule and the filter, the index built from them, and the job that builds it.

use crate::capture::CaptureReader;
use crate::capture::items::{Indexer, ItemCounts, ItemIndex, ItemRule};
use crate::capture::search::Pass;
use crate::codec::{Encoding, FramingRule, PatternError};
use crate::gui::filter::form::FilterForm;
use crate::gui::log::LogView;
use crate::gui::passes::Passes;
use crate::jobs::Wake;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Minimum interval between two passes over new records.
const PASS_EVERY: Duration = Duration::from_millis(100);
/// An index that takes longer is shown, with its progress, before it is complete.
const SHOW_AFTER: Duration = Duration::from_millis(200);

/// Why there is no index.
#[derive(Debug)]
pub enum SiftError {
    /// The pattern of the filter is not valid.
    Pattern(PatternError),
    /// The index cannot be written.
    Write(io::Error),
}

type Outcome = Result<(Box<Indexer>, Pass), SiftError>;
/// The job stores the index here as soon as it exists.
type Slot = Arc<Mutex<Option<ItemIndex>>>;

/// See the module.
#[derive(Default)]
pub struct Sift {
    /// The filter as typed.
    pub form: FilterForm,
    /// Focus the contents field.
    pub wants_focus: bool,
    /// The rule of the index and the capture it belongs to.
    wanted: Option<(ItemRule, String)>,
    slot: Slot,
    passes: Passes<Outcome>,
    /// The indexer between two passes.
    resting: Option<Box<Indexer>>,
    /// The log shows the index.
    shown: bool,
    /// The first pass is complete.
    whole: bool,
    /// The user cancelled the pass.
    stopped: bool,
    error: Option<SiftError>,
}

impl Sift {
    /// Resets the state for another capture, so that the log shows the records as received.
    pub fn forget(&mut self) {
        *self = Self { form: std::mem::take(&mut self.form), ..Self::default() };
    }

    /// The log shows, or is about to show, something other than the records as received.
    pub fn is_active(&self) -> bool {
        self.wanted.is_some()
    }

    /// Records are split or verified.
    pub fn cuts(&self) -> bool {
        self.wanted.as_ref().is_some_and(|(rule, _)| rule.cuts())
    }

    /// A checksum is verified.
    pub fn verifies(&self) -> bool {
        self.wanted.as_ref().is_some_and(|(rule, _)| rule.framing.check.is_some())
    }

    /// The filter hides something.
    pub fn filters(&self) -> bool {
        self.wanted.as_ref().is_some_and(|(rule, _)| !rule.filter.is_empty())
    }

    /// The number of items found so far and of those shown.
    pub fn counts(&self) -> Option<(ItemCounts, u64)> {
        let slot = lock(&self.slot);
        let index = slot.as_ref()?;
        let items = index.items();
        Some((index.counts(), items.end - items.start))
    }

    /// The error, if there is no index.
    pub fn error(&self) -> Option<&SiftError> {
        self.error.as_ref()
    }

    /// Progress of the first pass (0–1) if it takes noticeably long.
    pub fn progress(&self) -> Option<f32> {
        self.passes.progress(SHOW_AFTER).filter(|_| !self.whole)
    }

    /// All records have been processed.
    pub fn is_whole(&self) -> bool {
        self.whole && !self.passes.is_running()
    }

    /// Cancels the pass, or resumes it.
    pub fn set_stopped(&mut self, stopped: bool) {
        self.stopped = stopped;
        if stopped {
            self.passes.cancel();
        }
    }

    /// The pass was cancelled before it was complete.
    pub fn is_stopped(&self) -> bool {
        self.stopped && self.is_active()
    }

    /// Starts and continues the job, takes its results, and hands the index to the log. Returns the delay until the next call.
    pub fn tick(
        &mut self,
        framing: FramingRule,
        encoding: Encoding,
        log: &mut LogView,
        wake: &Wake,
    ) -> Option<Duration> {
        let filter = self.form.filter(encoding, log.reader()?.created_unix_ns());
        self.begin(ItemRule { framing: framing.in_encoding(encoding), filter }, log, wake);
        self.poll();
        self.show(log);
        if self.passes.is_running() && !self.shown {
            return Some(SHOW_AFTER);
        }
        self.go_on(log.reader()?, wake)
    }

    /// Starts a new index if the rule, the filter or the capture changed.
    fn begin(&mut self, rule: ItemRule, log: &mut LogView, wake: &Wake) {
        let Some(reader) = log.reader() else { return };
        let wanted = (!rule.is_plain()).then(|| (rule, reader.id().to_owned()));
        if wanted == self.wanted {
            return;
        }
        (self.passes, self.resting, self.error) = (Passes::default(), None, None);
        (self.shown, self.whole, self.stopped) = (false, false, false);
        self.slot = Slot::default();
        self.wanted.clone_from(&wanted);
        let Some((rule, _)) = wanted else {
            log.set_index(None, false);
            return;
        };
        let (reader, slot) = (reader.clone(), self.slot.clone());
        // Compiled in the job, because a large expression takes time.
        self.start(wake, move || {
            let indexer = Indexer::new(reader, rule).map_err(SiftError::Pattern)?;
            *lock(&slot) = Some(indexer.index().clone());
            Ok(Box::new(indexer))
        });
    }

    fn start(&mut self, wake: &Wake, make: impl FnOnce() -> Result<Box<Indexer>, SiftError> + Send + 'static) {
        let begun = self.passes.start("index", wake, move |go_on| {
            let mut indexer = make()?;
            let pass = indexer.run(go_on).map_err(SiftError::Write)?;
            Ok((indexer, pass))
        });
        if let Err(error) = begun {
            self.error = Some(SiftError::Write(error));
        }
    }

    fn poll(&mut self) {
        match self.passes.poll() {
            Some(Ok((indexer, pass))) => {
                self.whole |= pass == Pass::CaughtUp;
                self.resting = Some(indexer);
            }
            Some(Err(error)) => self.error = Some(error),
            None => {}
        }
    }

    /// Keeps the old view until the new index has its first screen, or until [`SHOW_AFTER`].
    fn show(&mut self, log: &mut LogView) {
        let building = !self.whole && self.passes.is_running();
        if self.shown {
            log.set_building(building);
            return;
        }
        let is_due = !building || self.passes.is_older_than(SHOW_AFTER);
        if let Some(index) = lock(&self.slot).clone().filter(|_| is_due && self.is_active()) {
            self.shown = true;
            log.set_index(Some(index), building);
        }
    }

    /// Starts another pass if more was recorded or a gap has elapsed.
    fn go_on(&mut self, reader: &CaptureReader, wake: &Wake) -> Option<Duration> {
        let indexer = self.resting.as_ref().filter(|_| !self.stopped)?;
        let rest = self.passes.rest(PASS_EVERY);
        let due = if indexer.next_record() < reader.records().end { Some(rest) } else { indexer.next_quiet() }?;
        let wait = due.max(rest);
        if !wait.is_zero() {
            return Some(wait);
        }
        let indexer = self.resting.take()?;
        self.start(wake, move || Ok(indexer));
        None
    }
}

fn lock(slot: &Mutex<Option<ItemIndex>>) -> std::sync::MutexGuard<'_, Option<ItemIndex>> {
    slot.lock().unwrap_or_else(PoisonError::into_inner)
}
