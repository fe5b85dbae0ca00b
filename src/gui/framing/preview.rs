//! The result of a rule on a sample, updated while the rule is edited and data arrives.

use crate::capture::CaptureReader;
use crate::codec::{FramingRule, HexError, hexdump};
use crate::gui::framing::sample::{Cut, SAMPLE_BYTES, Sample};
use crate::jobs::{Job, JobPoll, Wake};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Interval at which the sample is read again while data arrives.
const READ_AGAIN: Duration = Duration::from_millis(500);

/// The preview.
pub struct Preview {
    /// Bytes are shown as hex, else as text.
    pub hex: bool,
    /// The example is shown instead of the capture.
    pub by_example: bool,
    /// The example as typed, in hex.
    pub example: String,
    /// A record of the stream to sample; `None`: the stream of the newest data.
    record: Option<u64>,
    captured: Option<Arc<Sample>>,
    typed: Result<Arc<Sample>, HexError>,
    /// End of the capture at the last read, and the time of the read.
    read: Option<(u64, Instant)>,
    reading: Option<Job<Option<Sample>>>,
    cutting: Option<(Wanted, Job<Option<Cut>>)>,
    shown: Option<(Wanted, Cut)>,
}

/// The inputs of a cut.
#[derive(Clone)]
struct Wanted {
    rule: FramingRule,
    sample: Arc<Sample>,
}

impl PartialEq for Wanted {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.sample, &other.sample) && self.rule == other.rule
    }
}

impl Preview {
    /// A preview that has not read anything yet.
    pub fn new(record: Option<u64>) -> Self {
        Self {
            hex: true,
            by_example: false,
            example: String::new(),
            record,
            captured: None,
            typed: Ok(Arc::new(Sample::default())),
            read: None,
            reading: None,
            cutting: None,
            shown: None,
        }
    }

    /// Called after the example was edited.
    pub fn example_edited(&mut self) {
        self.typed = hexdump::parse(&self.example).map(|typed| Arc::new(Sample::typed(typed.bytes)));
    }

    /// The error of the example.
    pub fn example_error(&self) -> Option<&HexError> {
        self.typed.as_ref().err()
    }

    /// The capture contains data to sample.
    pub fn has_capture(&self) -> bool {
        self.captured.is_some()
    }

    /// The example is cut: the user selected it, or there is no captured data.
    pub fn uses_example(&self) -> bool {
        self.by_example || (self.captured.is_none() && self.reading.is_none())
    }

    /// The sample that is cut.
    pub fn sample(&self) -> Option<&Arc<Sample>> {
        let sample = if self.uses_example() { self.typed.as_ref().ok() } else { self.captured.as_ref() };
        sample.filter(|sample| sample.len() > 0 || sample.origin.is_some())
    }

    /// The frames shown, and the rule that cut them.
    pub fn shown(&self) -> Option<(&FramingRule, &Cut)> {
        self.sample()?;
        self.shown.as_ref().map(|(wanted, cut)| (&wanted.rule, cut))
    }

    /// Polls the jobs. Returns the delay until the next call.
    pub fn tick(&mut self, reader: Option<&CaptureReader>, rule: &FramingRule, wake: &Wake) -> Option<Duration> {
        let again = reader.and_then(|reader| self.read(reader, wake));
        self.poll_cut();
        let Some(sample) = self.sample().cloned() else {
            self.cutting = None;
            return again;
        };
        let wanted = Wanted { rule: rule.clone(), sample };
        if self.shown.as_ref().is_some_and(|(shown, _)| *shown == wanted) {
            return again;
        }
        match &self.cutting {
            // Wait for the old job before starting the next one, so that typing does not pile up threads.
            Some((cutting, job)) if *cutting != wanted => job.cancel(),
            Some(_) => {}
            None => {
                let cut = wanted.clone();
                let job = Job::start("cut sample", wake.clone(), move |control| cut.sample.cut(&cut.rule, control));
                match job {
                    Ok(job) => self.cutting = Some((wanted, job)),
                    Err(error) => tracing::warn!(%error, "no thread to cut a sample"),
                }
            }
        }
        again
    }

    fn poll_cut(&mut self) {
        let Some((wanted, job)) = &mut self.cutting else { return };
        match job.poll() {
            JobPoll::Running => return,
            JobPoll::Done(Some(cut)) => self.shown = Some((wanted.clone(), cut)),
            JobPoll::Done(None) => {}
            // A retry would fail again, so the result stays empty.
            JobPoll::Gone => self.shown = Some((wanted.clone(), Cut::default())),
        }
        self.cutting = None;
    }

    /// Reads the sample, and again when more data has arrived, until the sample is full.
    fn read(&mut self, reader: &CaptureReader, wake: &Wake) -> Option<Duration> {
        if let Some(job) = &mut self.reading {
            match job.poll() {
                JobPoll::Running => return None,
                JobPoll::Done(sample) => {
                    let old = self.captured.as_deref();
                    if let Some(sample) = sample.filter(|sample| old != Some(sample)) {
                        self.captured = Some(Arc::new(sample));
                    }
                }
                JobPoll::Gone => {}
            }
            self.reading = None;
        }
        let end = reader.records().end;
        let is_full = self.captured.as_ref().is_some_and(|sample| sample.len() >= SAMPLE_BYTES);
        match self.read {
            Some((read, _)) if read == end || is_full => return None,
            Some((_, at)) if at.elapsed() < READ_AGAIN => return Some(READ_AGAIN.saturating_sub(at.elapsed())),
            _ => {}
        }
        self.read = Some((end, Instant::now()));
        let (reader, record) = (reader.clone(), self.record);
        let job = Job::start("read sample", wake.clone(), move |control| Sample::read(&reader, record, control));
        match job {
            Ok(job) => self.reading = Some(job),
            Err(error) => tracing::warn!(%error, "no thread to read a sample"),
        }
        None
    }
}
