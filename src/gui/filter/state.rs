//! What of its capture a session shows: the framing rule and the filter, the index behind them, and the job that fills it.

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

/// New records are looked at at most so often.
const PASS_EVERY: Duration = Duration::from_millis(100);
/// An index that takes longer is shown before it is whole, with how far it is.
const SHOW_AFTER: Duration = Duration::from_millis(200);

/// Why there is no index.
#[derive(Debug)]
pub enum SiftError {
    /// What the filter looks for.
    Pattern(PatternError),
    /// The index cannot be written.
    Write(io::Error),
}

type Outcome = Result<(Box<Indexer>, Pass), SiftError>;
/// Where the job puts the index as soon as there is one.
type Slot = Arc<Mutex<Option<ItemIndex>>>;

/// See the module.
#[derive(Default)]
pub struct Sift {
    /// What is shown, as typed.
    pub form: FilterForm,
    /// Its field of contents is to get the focus.
    pub wants_focus: bool,
    /// What the index is made by, and of which capture.
    wanted: Option<(ItemRule, String)>,
    slot: Slot,
    passes: Passes<Outcome>,
    /// Between two passes.
    resting: Option<Box<Indexer>>,
    /// The log shows the index.
    shown: bool,
    /// The first pass has come to the end.
    whole: bool,
    /// The user has called it off.
    stopped: bool,
    error: Option<SiftError>,
}

impl Sift {
    /// Another log: it shows the records as they came.
    pub fn forget(&mut self) {
        *self = Self { form: std::mem::take(&mut self.form), ..Self::default() };
    }

    /// Something else than the records as they came is shown, or is to be.
    pub fn is_active(&self) -> bool {
        self.wanted.is_some()
    }

    /// Records are cut or verified.
    pub fn cuts(&self) -> bool {
        self.wanted.as_ref().is_some_and(|(rule, _)| rule.cuts())
    }

    /// A check is made.
    pub fn verifies(&self) -> bool {
        self.wanted.as_ref().is_some_and(|(rule, _)| rule.framing.check.is_some())
    }

    /// A filter hides something.
    pub fn filters(&self) -> bool {
        self.wanted.as_ref().is_some_and(|(rule, _)| !rule.filter.is_empty())
    }

    /// What was found so far, and how many items are shown of it.
    pub fn counts(&self) -> Option<(ItemCounts, u64)> {
        let slot = lock(&self.slot);
        let index = slot.as_ref()?;
        let items = index.items();
        Some((index.counts(), items.end - items.start))
    }

    /// Why there is nothing.
    pub fn error(&self) -> Option<&SiftError> {
        self.error.as_ref()
    }

    /// How much of the history was looked at (0–1), while the first pass goes on and takes a while.
    pub fn progress(&self) -> Option<f32> {
        self.passes.progress(SHOW_AFTER).filter(|_| !self.whole)
    }

    /// All there is was looked at.
    pub fn is_whole(&self) -> bool {
        self.whole && !self.passes.is_running()
    }

    /// The user has called it off, or asks to go on.
    pub fn set_stopped(&mut self, stopped: bool) {
        self.stopped = stopped;
        if stopped {
            self.passes.cancel();
        }
    }

    /// It was called off before all was looked at.
    pub fn is_stopped(&self) -> bool {
        self.stopped && self.is_active()
    }

    /// Starts, goes on, takes results, and hands the index to the log. Gives when to look again.
    pub fn tick(
        &mut self,
        reader: &CaptureReader,
        framing: FramingRule,
        encoding: Encoding,
        log: &mut LogView,
        wake: &Wake,
    ) -> Option<Duration> {
        let filter = self.form.filter(encoding, reader.created_unix_ns());
        self.begin(reader, ItemRule { framing: framing.in_encoding(encoding), filter }, log, wake);
        self.poll();
        self.show(log);
        if self.passes.is_running() && !self.shown {
            return Some(SHOW_AFTER);
        }
        self.go_on(reader, wake)
    }

    /// Begins anew where something else is to be shown.
    fn begin(&mut self, reader: &CaptureReader, rule: ItemRule, log: &mut LogView, wake: &Wake) {
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
        // Here, since a large expression takes its time.
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

    /// The old view stays until the new one is there, but not for long: its first screen comes at once.
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

    /// Another pass where more was recorded, or a gap is over.
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
