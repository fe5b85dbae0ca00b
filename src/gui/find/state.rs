//! The search of one session: the typed pattern, the background job, its hits, and the current hit.

use crate::capture::search::{Found, Hit, Pass, Scope, Search};
use crate::codec::{Encoding, Pattern, PatternError, PatternSource};
use crate::gui::find::hits::{At, HitList};
use crate::gui::log::LogView;
use crate::gui::log::hits::Shared;
use crate::gui::passes::Passes;
use crate::jobs::Wake;
pub use crate::settings::FindMode;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Delay after the last keystroke before a search starts. Without it each letter would start a search.
const TYPING_REST: Duration = Duration::from_millis(150);
/// Minimum interval between two passes over new records.
const PASS_EVERY: Duration = Duration::from_millis(200);
/// A pass that takes longer shows its progress.
const SHOW_PROGRESS_AFTER: Duration = Duration::from_millis(300);

/// The inputs of a search. If they change, a new search starts.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Query {
    source: PatternSource,
    capture: String,
    /// First record that is shown.
    from: u64,
}

type Outcome = Result<Box<Search>, PatternError>;

/// See the module.
#[derive(Default)]
pub struct Find {
    /// The pattern as typed.
    pub text: String,
    /// How the pattern is interpreted.
    pub mode: FindMode,
    /// Case-sensitive.
    pub match_case: bool,
    /// Focus the box in the next frame.
    pub wants_focus: bool,
    /// The search box has the keyboard focus.
    pub has_focus: bool,
    /// The hit list.
    pub list: HitList,
    /// Error in the pattern.
    pub error: Option<PatternError>,
    query: Option<Query>,
    /// When the search for `query` starts; `None` if it has started.
    begins: Option<Instant>,
    passes: Passes<Outcome>,
    /// The search between two passes.
    resting: Option<Box<Search>>,
    found: Shared,
    current: Option<At>,
    /// The filter hides the current hit.
    is_hidden: bool,
    /// The log was following until the user visited a hit.
    left_newest: bool,
    /// A step to make as soon as a hit is found: forward (true) or back.
    wish: Option<bool>,
}

impl Find {
    /// There is a pattern, or the user is about to type one.
    pub fn is_in_use(&self) -> bool {
        self.has_focus || self.wants_focus || !self.text.is_empty()
    }

    /// There is a pattern to search for.
    pub fn is_active(&self) -> bool {
        self.query.is_some() && self.error.is_none()
    }

    /// Clears the search and its hit list. Returns true if the log was following before a hit was visited.
    pub fn clear(&mut self) -> bool {
        self.text.clear();
        self.wish = None;
        self.list.close();
        std::mem::take(&mut self.left_newest)
    }

    /// Requests the next or the previous hit.
    pub fn step(&mut self, forward: bool) {
        if !self.text.is_empty() {
            self.wish = Some(forward);
        }
    }

    /// Index of the current hit in the list, from 0, and the number of hits.
    pub fn standing(&self) -> (Option<usize>, u64) {
        let found = lock(&self.found);
        (self.current.and_then(|(record, offset)| found.position(record, offset)), found.count())
    }

    /// The hits, to which a job may still be adding; `None` without a search.
    pub fn found(&self) -> Option<Shared> {
        self.is_active().then(|| self.found.clone())
    }

    /// The current hit.
    pub fn current(&self) -> Option<At> {
        self.current
    }

    /// Makes this hit the current one and shows it in the log.
    pub fn go_to(&mut self, at: At, log: &mut LogView) {
        self.wish = None;
        self.left_newest |= log.follows();
        self.current = Some(at);
        log.reveal(at.0, at.1);
        self.is_hidden = log.index().is_some_and(|index| index.showing(at.0, at.1).is_none());
        log.set_hits(self.found(), self.current);
    }

    /// The filter hides the current hit, so the log shows what follows it.
    pub fn is_hidden(&self) -> bool {
        self.is_hidden && self.current.is_some()
    }

    /// All hits are in the list; otherwise only the first [`Found::LISTED_MAX`].
    pub fn is_whole(&self) -> bool {
        lock(&self.found).is_whole()
    }

    /// A pass is running or about to start.
    pub fn is_running(&self) -> bool {
        self.passes.is_running() || self.begins.is_some()
    }

    /// Progress of the search (0–1) if it takes noticeably long.
    pub fn progress(&self) -> Option<f32> {
        self.passes.progress(SHOW_PROGRESS_AFTER)
    }

    /// Starts and continues the search, takes its results, and moves the log to the requested hit. Returns the delay until the
    /// next call.
    pub fn tick(&mut self, encoding: Encoding, log: &mut LogView, wake: &Wake) -> Option<Duration> {
        let rest = self.begin(encoding, log, wake);
        self.poll();
        let shown = log.shown_records();
        lock(&self.found).forget_before(shown.start);
        let again = self.go_on(shown.end, wake);
        if let Some(hit) = self.wish.and_then(|forward| self.next(forward, log.top_record())) {
            self.go_to((hit.record, hit.offset), log);
        } else if !self.is_running() {
            // No hits: cancel the step, so that a later hit does not move the view unexpectedly.
            self.wish = None;
        }
        log.set_hits(self.found(), self.current);
        rest.or(again)
    }

    /// Restarts the search if its inputs changed, after the typing delay or when the user requests a hit. Returns the remaining
    /// delay.
    fn begin(&mut self, encoding: Encoding, log: &LogView, wake: &Wake) -> Option<Duration> {
        let (reader, from) = (log.reader()?, log.from());
        let query = self.source(encoding).map(|source| Query { source, capture: reader.id().to_owned(), from });
        if query != self.query {
            (self.passes, self.resting) = (Passes::default(), None);
            (self.current, self.error) = (None, None);
            self.found = Shared::default();
            self.begins = query.is_some().then(|| Instant::now() + TYPING_REST);
            if query.is_none() {
                self.wish = None;
            }
            self.query.clone_from(&query);
        }
        let rest = self.begins?.saturating_duration_since(Instant::now());
        if !rest.is_zero() && self.wish.is_none() {
            return Some(rest);
        }
        self.begins = None;
        let source = query?.source;
        let (reader, shown) = (reader.clone(), log.shown_records());
        self.start(wake, move || {
            // Compiled in the job, because a large expression takes time.
            let mut search = Search::new(reader, Pattern::new(&source)?, Scope::default());
            search.set_start(shown.start);
            search.set_end(shown.end);
            Ok(Box::new(search))
        });
        None
    }

    fn source(&self, encoding: Encoding) -> Option<PatternSource> {
        if self.text.is_empty() {
            return None;
        }
        let text = self.text.clone();
        Some(match self.mode {
            FindMode::Text => PatternSource::Text { text, encoding, ignore_case: !self.match_case },
            FindMode::Hex => PatternSource::Hex(text),
            FindMode::Regex => PatternSource::Regex(text),
        })
    }

    fn start(&mut self, wake: &Wake, make: impl FnOnce() -> Outcome + Send + 'static) {
        let found = self.found.clone();
        let begun = self.passes.start("find", wake, move |go_on| {
            let mut search = make()?;
            if search.run(go_on, &mut |hit| lock(&found).add(hit)) == Pass::CaughtUp {
                let open = search.open_hits();
                lock(&found).set_open(open);
            }
            Ok(search)
        });
        // The thread could not be started: the next keystroke tries again.
        begun.ok();
    }

    fn poll(&mut self) {
        match self.passes.poll() {
            Some(Ok(search)) => self.resting = Some(search),
            Some(Err(error)) => self.error = Some(error),
            None => {}
        }
    }

    /// Starts another pass if more was recorded.
    fn go_on(&mut self, end: u64, wake: &Wake) -> Option<Duration> {
        let wait = self.passes.rest(PASS_EVERY);
        let mut search = self.resting.take_if(|search| search.next_record() < end)?;
        if !wait.is_zero() {
            self.resting = Some(search);
            return Some(wait);
        }
        search.set_end(end);
        self.start(wake, move || Ok(search));
        None
    }

    /// The hit to go to, once it is known: the first one at or after the top of the view, or the neighbour of the current one.
    /// Wraps around when all records have been searched.
    fn next(&self, forward: bool, top: u64) -> Option<Hit> {
        let found = lock(&self.found);
        let hits = found.hits();
        let at = match self.current {
            Some((record, offset)) => found.at_or_after(record, offset),
            None => found.at_or_after(top, 0),
        };
        let is_there = self.current.is_some() && found.position(self.current?.0, self.current?.1).is_some();
        let index = if forward { Some(at + usize::from(is_there)) } else { at.checked_sub(1) };
        match index.and_then(|index| hits.get(index)) {
            Some(hit) => Some(*hit),
            None if self.is_running() => None,
            None if forward => hits.first().copied(),
            None => hits.last().copied(),
        }
    }
}

fn lock(found: &Mutex<Found>) -> MutexGuard<'_, Found> {
    // The list stays valid if the job panics while it adds a hit.
    found.lock().unwrap_or_else(PoisonError::into_inner)
}
