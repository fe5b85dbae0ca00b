//! The plots of one session: the visible time range, and the jobs that keep the sums up to date.

use crate::capture::CaptureReader;
use crate::capture::timeline::{Sums, Timeline, nearest};
use crate::gui::log::LogView;
use crate::gui::passes::Passes;
use crate::jobs::Wake;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

/// Minimum interval between two passes over new records, and between two changes of the summed range.
const PASS_EVERY: Duration = Duration::from_millis(200);
/// A pass that takes longer shows its progress.
const SHOW_PROGRESS_AFTER: Duration = Duration::from_millis(300);
/// Number of buckets across the width of a plot.
const BUCKETS: u64 = 600;
/// Minimum time across the width of a plot, ns.
const SHORTEST_NS: u64 = 10_000_000;
/// Minimum width of the plots of a new capture, ns.
const FIRST_NS: u64 = 1_000_000_000;

/// The plot that a narrow pane shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Plotted {
    /// Bytes per second.
    #[default]
    Rates,
    /// Answer times.
    Answers,
}

/// See the module.
#[derive(Default)]
pub struct Timing {
    /// Selection in a narrow pane.
    pub plotted: Plotted,
    /// The user's choice of whose answers to show.
    choice: Option<Whose>,
    /// Visible range, monotonic ns; `None`: everything, up to the newest record.
    window: Option<Range<u64>>,
    /// The plots were drawn since the last tick. Sums that are not visible are not computed.
    drawn: bool,
    whole: Scan,
    part: Scan,
    /// The log was following before a click that may become a double click.
    log_followed: bool,
}

/// Whose answers to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    /// Sent, then received: we waited.
    Theirs,
    /// Received, then sent: the peer waited.
    Ours,
}

/// The inputs of the sums. If they change, new sums are started.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Query {
    capture: String,
    /// First record that is shown.
    from: u64,
    /// Monotonic ns; `None` = all.
    range: Option<Range<u64>>,
}

/// Sums, and the job that keeps them up to date.
#[derive(Default)]
struct Scan {
    query: Option<Query>,
    passes: Passes<Box<Timeline>>,
    /// The sums between two passes.
    resting: Option<Box<Timeline>>,
    sums: Option<Arc<Sums>>,
}

impl Timing {
    /// Called in each frame that shows the plots.
    pub fn draw(&mut self) {
        self.drawn = true;
    }

    /// The sums to draw, once they exist.
    pub fn sums(&self) -> Option<Arc<Sums>> {
        let part = self.part.sums.as_ref().filter(|_| self.window.is_some());
        part.or(self.whole.sums.as_ref()).cloned()
    }

    /// The visible range, monotonic ns.
    pub fn window(&self) -> Option<Range<u64>> {
        self.window.clone().or_else(|| self.everything())
    }

    /// The range of all records, at least one second.
    fn everything(&self) -> Option<Range<u64>> {
        let span = self.whole.sums.as_ref()?.span()?;
        Some(span.start..span.end.max(span.start.saturating_add(FIRST_NS)))
    }

    /// The plots show everything and follow the newest record.
    pub fn follows(&self) -> bool {
        self.window.is_none()
    }

    /// Shows everything and follows the newest record.
    pub fn follow(&mut self) {
        self.window = None;
        self.part = Scan::default();
    }

    /// Changes the visible range to `factor` times its length; `at_ns` keeps its position.
    pub fn zoom(&mut self, at_ns: u64, factor: f64) {
        let (Some(now), Some(all)) = (self.window(), self.everything()) else { return };
        let (len, whole) = (length(&now), length(&all));
        let wanted = (len * factor).max(SHORTEST_NS as f64);
        if wanted >= whole {
            self.follow();
            return;
        }
        let before = (at_ns.saturating_sub(now.start) as f64 / len).clamp(0.0, 1.0) * wanted;
        self.show_from(at_ns.saturating_sub(before as u64), wanted as u64, &all);
    }

    /// Moves the visible range by a fraction of its length (positive: to later times).
    pub fn pan(&mut self, part: f64) {
        let (Some(now), Some(all)) = (self.window.clone(), self.everything()) else { return };
        let len = now.end.saturating_sub(now.start);
        let by = length(&now) * part;
        let start = if by < 0.0 { now.start.saturating_sub(-by as u64) } else { now.start.saturating_add(by as u64) };
        self.show_from(start, len, &all);
    }

    /// Sets the visible range, clamped to the range of all records.
    fn show_from(&mut self, start: u64, len: u64, all: &Range<u64>) {
        let start = start.min(all.end.saturating_sub(len)).max(all.start);
        self.window = Some(start..start.saturating_add(len));
    }

    /// Whose answers to show: the user's choice; else ours if clients wait for our answers, else theirs.
    pub fn whose(&self) -> Whose {
        let are_served = || self.whole.sums.as_ref().is_some_and(|sums| sums.has_joined());
        self.choice.unwrap_or_else(|| if are_served() { Whose::Ours } else { Whose::Theirs })
    }

    /// Sets the user's choice.
    pub fn choose(&mut self, whose: Whose) {
        self.choice = Some(whose);
    }

    /// Progress of the pass (0–1) if it takes noticeably long.
    pub fn progress(&self) -> Option<f32> {
        let scan = if self.window.is_some() { &self.part } else { &self.whole };
        scan.progress()
    }

    /// Scrolls the log to the records of this time.
    pub fn go_to(&mut self, log: &mut LogView, mono_ns: u64) {
        self.log_followed = log.follows();
        if let Some(record) = log.reader().and_then(|reader| nearest(reader, log.from(), mono_ns)) {
            log.go_to(record, 0, 0);
        }
    }

    /// Handles a double click: shows everything, and restores the log to its state before the first click.
    pub fn go_back(&mut self, log: &mut LogView) {
        self.follow();
        if std::mem::take(&mut self.log_followed) {
            log.clear_selection();
            log.set_follow(true);
        }
    }

    /// Starts and continues the jobs and takes their results. Returns the delay until the next call.
    pub fn tick(&mut self, reader: &CaptureReader, from: u64, wake: &Wake) -> Option<Duration> {
        if !std::mem::take(&mut self.drawn) {
            return None;
        }
        let capture = reader.id().to_owned();
        let all = Query { capture: capture.clone(), from, range: None };
        if self.whole.query.as_ref().is_some_and(|known| *known != all) {
            self.follow();
        }
        let again = self.whole.tick(all, reader, wake);
        let Some(window) = &self.window else { return again };
        let range = self.part.range_for(window);
        let part = self.part.tick(Query { capture, from, range: Some(range) }, reader, wake);
        [again, part].into_iter().flatten().min()
    }
}

impl Scan {
    /// The range to sum for a window: the range already summed if its resolution is sufficient. Otherwise the window and the
    /// same length on both sides, so that data is visible while the user pans.
    fn range_for(&self, window: &Range<u64>) -> Range<u64> {
        let known = self.query.as_ref().and_then(|query| query.range.clone());
        let len = window.end.saturating_sub(window.start);
        let fits = |range: &Range<u64>| {
            let ratio = length(range) / (3.0 * length(window));
            range.start <= window.start && range.end >= window.end && (0.6..=1.6).contains(&ratio)
        };
        let around = || window.start.saturating_sub(len)..window.end.saturating_add(len);
        known.filter(fits).unwrap_or_else(around)
    }

    fn tick(&mut self, query: Query, reader: &CaptureReader, wake: &Wake) -> Option<Duration> {
        self.poll();
        let wait = self.passes.rest(PASS_EVERY);
        if self.query.as_ref() != Some(&query) {
            let same_records =
                self.query.as_ref().is_some_and(|known| (&known.capture, known.from) == (&query.capture, query.from));
            if !same_records {
                self.sums = None;
            } else if !wait.is_zero() {
                return Some(wait);
            }
            self.resting = None;
            let (reader, from, range) = (reader.clone(), query.from, query.range.clone());
            self.query = Some(query);
            self.start(wake, move || match range {
                None => Box::new(Timeline::whole(reader, from)),
                Some(range) => Box::new(Timeline::part(reader, from, range, 3 * BUCKETS as usize)),
            });
            return None;
        }
        let timeline = self.resting.take_if(|timeline| timeline.has_more())?;
        if !wait.is_zero() {
            self.resting = Some(timeline);
            return Some(wait);
        }
        self.start(wake, move || timeline);
        None
    }

    fn start(&mut self, wake: &Wake, make: impl FnOnce() -> Box<Timeline> + Send + 'static) {
        let begun = self.passes.start("timeline", wake, move |go_on| {
            let mut timeline = make();
            let _is_whole = timeline.run(go_on);
            timeline
        });
        if begun.is_err() {
            // The thread could not be started: the next frame tries again.
            self.query = None;
        }
    }

    fn poll(&mut self) {
        if let Some(timeline) = self.passes.poll() {
            self.sums = Some(Arc::new(timeline.sums().clone()));
            self.resting = Some(timeline);
        }
    }

    fn progress(&self) -> Option<f32> {
        self.passes.progress(SHOW_PROGRESS_AFTER)
    }
}

fn length(range: &Range<u64>) -> f64 {
    range.end.saturating_sub(range.start).max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::{CaptureOptions, CaptureWriter, NewRecord, Payload, RecordKind};
    use crate::model::{Direction, PeerId};
    use std::time::Instant;

    struct Bench {
        writer: CaptureWriter,
        timing: Timing,
        wake: Wake,
        _folder: tempfile::TempDir,
    }

    impl Bench {
        fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let endpoint = "tcp://127.0.0.1:8080".parse().unwrap();
            let writer = CaptureWriter::create(folder.path(), &endpoint, CaptureOptions::default()).unwrap();
            Self { writer, timing: Timing::default(), wake: Arc::new(|| ()), _folder: folder }
        }

        fn append(&mut self, direction: Direction, bytes: &[u8]) {
            self.writer.append(&NewRecord::data(direction, PeerId(1), Payload::Bytes(bytes))).unwrap();
            self.writer.flush().unwrap();
        }

        fn tick(&mut self, from: u64) -> Option<Duration> {
            self.timing.draw();
            self.timing.tick(&self.writer.reader(), from, &self.wake)
        }

        fn until(&mut self, from: u64, done: impl Fn(&Timing) -> bool) {
            let deadline = Instant::now() + Duration::from_secs(20);
            while !done(&self.timing) {
                assert!(Instant::now() < deadline, "in vain");
                self.tick(from);
                std::thread::sleep(Duration::from_millis(1));
            }
        }
    }

    fn records(timing: &Timing) -> u64 {
        timing.sums().map_or(0, |sums| sums.total(&(0..u64::MAX)).received.records)
    }

    #[test]
    fn visible_plots_follow_the_capture_at_most_five_times_per_second() {
        let mut bench = Bench::new();
        bench.append(Direction::Received, b"one");
        let reader = bench.writer.reader();
        assert_eq!(bench.timing.tick(&reader, 0, &bench.wake), None);
        assert!(!bench.timing.whole.passes.is_running(), "nobody looks");
        bench.until(0, |timing| records(timing) == 1);
        assert_eq!(bench.tick(0), None, "nothing to wait for");
        bench.append(Direction::Received, b"two");
        let started = bench.timing.whole.passes.started().unwrap();
        bench.until(0, |timing| records(timing) == 2);
        assert!(bench.timing.whole.passes.started().unwrap() - started >= PASS_EVERY);
        // After clearing, only visible records count.
        bench.until(1, |timing| records(timing) == 1);
    }

    #[test]
    fn zooming_keeps_the_time_under_the_pointer_and_panning_stays_within_the_capture() {
        let mut bench = Bench::new();
        bench.append(Direction::Received, b"one");
        bench.until(0, |timing| records(timing) == 1);
        let timing = &mut bench.timing;
        let all = timing.window().unwrap();
        assert_eq!(all.end - all.start, FIRST_NS);
        timing.pan(0.3);
        assert!(timing.follows(), "there is nothing beside everything");
        let at = all.start + FIRST_NS / 4;
        timing.zoom(at, 0.5);
        let now = timing.window().unwrap();
        assert_eq!(now, all.start + FIRST_NS / 8..all.start + FIRST_NS / 8 + FIRST_NS / 2);
        timing.pan(-9.0);
        assert_eq!(timing.window().unwrap().start, all.start);
        timing.pan(9.0);
        assert_eq!(timing.window().unwrap().end, all.end);
        timing.zoom(at, 1e-9);
        assert_eq!(length(&timing.window().unwrap()), SHORTEST_NS as f64);
        timing.zoom(at, 1e9);
        assert!(timing.follows());
    }

    #[test]
    fn a_zoomed_range_has_finer_sums_and_is_updated() {
        let mut bench = Bench::new();
        bench.append(Direction::Received, b"one");
        bench.until(0, |timing| records(timing) == 1);
        let all = bench.timing.window().unwrap();
        bench.timing.zoom(all.start, 0.1);
        bench.until(0, |timing| timing.sums().is_some_and(|sums| sums.width_ns() < 1_000_000));
        let first = bench.timing.window().unwrap();
        bench.timing.pan(0.5);
        let range = bench.timing.part.range_for(&bench.timing.window().unwrap());
        assert_eq!(Some(&range), bench.timing.part.query.as_ref().unwrap().range.as_ref(), "summed already");
        bench.timing.window = Some(first.start..u64::MAX / 4);
        bench.append(Direction::Received, b"two");
        bench.until(0, |timing| records(timing) == 2);
        bench.append(Direction::Received, b"three");
        bench.until(0, |timing| records(timing) == 3);
        bench.timing.follow();
        assert!(bench.timing.sums().unwrap().width_ns() >= 100_000_000);
    }

    #[test]
    fn a_server_shows_its_own_answer_times_by_default() {
        let mut bench = Bench::new();
        bench.append(Direction::Received, b"one");
        bench.until(0, |timing| records(timing) == 1);
        assert_eq!(bench.timing.whose(), Whose::Theirs);
        bench.writer.append(&NewRecord::bare(RecordKind::PeerJoined, PeerId(1))).unwrap();
        bench.append(Direction::Received, b"two");
        bench.until(0, |timing| records(timing) == 2);
        assert_eq!(bench.timing.whose(), Whose::Ours);
        bench.timing.choose(Whose::Theirs);
        assert_eq!(bench.timing.whose(), Whose::Theirs);
    }
}
