//! The contents of a session's byte inspector: computed once per selection and cached. A job computes large checksums.

use crate::capture::{CaptureReader, Record, RecordKind};
use crate::codec::inspect::{self, Readings, VALUE_BYTES};
use crate::codec::{Encoding, hex};
use crate::gui::log::LogView;
use crate::jobs::{Job, JobControl, JobPoll, Wake};
use crate::lines::{BytePlace, View};
use crate::model::{Direction, PeerId};
use std::net::SocketAddr;
use std::ops::Range;

/// Checksums are calculated over at most this many bytes.
pub const CHECKSUM_BYTES: usize = 16 << 20;
/// Maximum number of records without data to skip on the way to the previous record with data.
const PASSED_RECORDS: u64 = 256;
/// Records a job reads between two checks for cancellation.
const JOB_RECORDS: u64 = 1024;
/// Encodings of the texts shown below the one in the session's encoding.
const OTHER_TEXTS: [Encoding; 4] = [Encoding::UTF_8, Encoding::GBK, Encoding::UTF_16LE, Encoding::UTF_16BE];

/// The inspector of one session.
#[derive(Default)]
pub struct Inspector {
    seen: Option<(Key, Seen)>,
}

/// All inputs of the readings.
#[derive(Clone, PartialEq)]
struct Key {
    range: Range<BytePlace>,
    encoding: Encoding,
    /// The selection was still being dragged, so its checksums were postponed.
    choosing: bool,
}

/// The readings of a selection.
pub struct Seen {
    /// First and last record.
    pub records: (u64, u64),
    /// First and last selected byte, if all are in one record.
    pub offsets: Option<(u32, u32)>,
    /// Number of selected bytes; `None` until counted.
    pub total: Option<u64>,
    /// The first bytes as hex.
    pub hex: String,
    /// Values of the first bytes.
    pub readings: Readings,
    /// Text in the encoding of the session.
    pub text: String,
    /// The text in other encodings; `None` if parts of it are invalid there.
    pub texts: Vec<(Encoding, Option<String>)>,
    /// Details of the first record.
    pub about: About,
    /// Checksums of the whole selection.
    pub checksums: Checksums,
}

/// Details of the record with the selected bytes.
pub struct About {
    /// Direction.
    pub direction: Option<Direction>,
    /// The peer.
    pub peer: PeerId,
    /// Address of the peer.
    pub address: Option<SocketAddr>,
    /// Time, ns since 1970 UTC.
    pub unix_ns: i64,
    /// Time since the previous record with data, ns.
    pub since_previous: Option<u64>,
    /// Time since the previous one of the same peer and direction, ns.
    pub since_same: Option<u64>,
}

/// The checksums or their state.
pub enum Checksums {
    /// Names and values.
    Ready(Vec<(&'static str, String)>),
    /// Not started, because the selection is still being dragged.
    Waiting,
    /// A job calculates the checksums and counts the bytes.
    Working(Job<Summed>),
    /// More than [`CHECKSUM_BYTES`].
    TooMany,
    /// Parts of the selection could not be read.
    Failed,
}

/// Result of the job.
pub enum Summed {
    /// Number of bytes, and their checksums.
    Of(u64, Vec<(&'static str, String)>),
    /// More than [`CHECKSUM_BYTES`].
    TooMany,
    /// Parts of the selection could not be read.
    Failed,
}

impl Inspector {
    /// Drops the readings of another capture, because record numbers have a new meaning.
    pub fn forget(&mut self) {
        self.seen = None;
    }

    /// Bytes are selected and the pointer has released the selection.
    pub fn wanted_for(log: &LogView) -> bool {
        matches!(log.chosen(), Some((range, false)) if range.start < range.end) && !log.is_choosing()
    }

    /// The readings of the current selection; `None` if no bytes are selected.
    pub fn see(&mut self, log: &mut LogView, encoding: Encoding, wake: &Wake) -> Option<&Seen> {
        let Some((range, _)) = log.chosen() else {
            self.seen = None;
            return None;
        };
        let key = Key { range, encoding, choosing: log.is_choosing() };
        if self.seen.as_ref().is_none_or(|(known, _)| *known != key) {
            self.seen = Seen::read(log, &key, wake).map(|seen| (key, seen));
        }
        let (_, seen) = self.seen.as_mut()?;
        seen.poll();
        Some(seen)
    }
}

impl Seen {
    fn read(log: &mut LogView, key: &Key, wake: &Wake) -> Option<Self> {
        let head = log.chosen_bytes(VALUE_BYTES);
        let bytes = head.content;
        let reader = log.reader()?.clone();
        let shown = log.items();
        let first = key.range.start.record.max(shown.start);
        let last = if key.range.end.offset == 0 { key.range.end.record.checked_sub(1)? } else { key.range.end.record };
        let last = last.min(shown.end.checked_sub(1)?);
        let record = log.record_of(first)?;
        let len = log.len_of(first);
        if bytes.is_empty() {
            return None;
        }
        let is_missing = head.missing > 0 || key.range.start.record < shown.start;
        let whole = !head.truncated && !is_missing;
        let count = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let offsets = (first == last).then(|| {
            let end = key.range.end.offset.min(len);
            (key.range.start.offset.min(len), end.saturating_sub(1))
        });
        let in_one = offsets.map(|(from, to)| u64::from(to.saturating_sub(from)) + 1);
        let checksums = if is_missing {
            Checksums::Failed
        } else if whole {
            Checksums::Ready(inspect::digests(&bytes))
        } else if in_one.is_some_and(|total| total > CHECKSUM_BYTES as u64) {
            Checksums::TooMany
        } else if key.choosing {
            Checksums::Waiting
        } else {
            start(log.view_for_job()?, key.range.clone(), wake)
        };
        let last = log.record_of(last).map_or(record.number, |last| last.number);
        let texts = OTHER_TEXTS.into_iter().filter(|other| *other != key.encoding);
        Some(Self {
            records: (record.number, last),
            offsets,
            total: in_one.or(whole.then_some(count)),
            hex: hex::spaced_upper(bytes.get(..inspect::LISTED_BYTES).unwrap_or(&bytes)),
            text: inspect::text(&bytes, key.encoding),
            texts: texts.map(|other| (other, inspect::whole_text(&bytes, other))).collect(),
            readings: Readings::of(&bytes),
            about: About::of(&reader, &record),
            checksums,
        })
    }

    fn poll(&mut self) {
        let Checksums::Working(job) = &mut self.checksums else { return };
        self.checksums = match job.poll() {
            JobPoll::Running => return,
            JobPoll::Done(Summed::Of(total, values)) => {
                self.total = Some(total);
                Checksums::Ready(values)
            }
            JobPoll::Done(Summed::TooMany) => Checksums::TooMany,
            JobPoll::Done(Summed::Failed) | JobPoll::Gone => Checksums::Failed,
        };
    }
}

impl About {
    fn of(reader: &CaptureReader, record: &Record) -> Self {
        let oldest = record.number.saturating_sub(PASSED_RECORDS);
        let previous = (oldest..record.number).rev().map_while(|number| reader.record(number).ok());
        let previous = previous.into_iter().find(|before| before.kind == RecordKind::Data);
        let same = record.previous.and_then(|number| reader.record(number).ok());
        let since = |before: Option<Record>| before.map(|before| record.mono_ns.saturating_sub(before.mono_ns));
        Self {
            direction: record.direction,
            peer: record.peer,
            address: reader.peer_address(record.peer),
            unix_ns: record.unix_ns,
            since_previous: since(previous),
            since_same: since(same),
        }
    }
}

fn start(view: View, range: Range<BytePlace>, wake: &Wake) -> Checksums {
    match Job::start("checksums", wake.clone(), move |control| sum(view, &range, control)) {
        Ok(job) => Checksums::Working(job),
        Err(error) => {
            tracing::warn!(%error, "no thread for the checksums of a selection");
            Checksums::Failed
        }
    }
}

/// Reads and sums a selection in parts, so that the job can be cancelled.
fn sum(mut view: View, range: &Range<BytePlace>, control: &JobControl) -> Summed {
    let mut bytes = Vec::new();
    let mut from = range.start;
    while from < range.end && !control.cancelled() {
        let next = BytePlace { record: from.record.saturating_add(JOB_RECORDS), offset: 0 };
        let to = next.min(range.end);
        let part = view.copy_bytes(from..to, CHECKSUM_BYTES - bytes.len());
        if part.missing > 0 {
            return Summed::Failed;
        }
        bytes.extend_from_slice(&part.content);
        if part.truncated {
            return Summed::TooMany;
        }
        from = to;
    }
    if view.items().start > range.start.record {
        // The oldest records were removed during the read.
        return Summed::Failed;
    }
    Summed::Of(u64::try_from(bytes.len()).unwrap_or(u64::MAX), inspect::digests(&bytes))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::{CaptureOptions, CaptureWriter, NewRecord, Payload};
    use crate::lines::{ViewConfig, ViewMode};
    use std::sync::Arc;
    use std::time::{Duration, Instant};

    fn writer(folder: &std::path::Path) -> CaptureWriter {
        let endpoint = "tcp://127.0.0.1:8080".parse().unwrap();
        CaptureWriter::create(folder, &endpoint, CaptureOptions::default()).unwrap()
    }

    fn append(writer: &mut CaptureWriter, bytes: &[u8]) {
        writer.append(&NewRecord::data(Direction::Received, PeerId(1), Payload::Bytes(bytes))).unwrap();
    }

    fn places(start: (u64, u32), end: (u64, u32)) -> Range<BytePlace> {
        let place = |(record, offset)| BytePlace { record, offset };
        place(start)..place(end)
    }

    /// Runs the job and returns its result.
    fn summed(reader: &CaptureReader, range: Range<BytePlace>) -> Summed {
        let config = ViewConfig { mode: ViewMode::Hex, encoding: Encoding::UTF_8, bytes_per_row: 16, text_cells: 80 };
        let view = View::new(reader.clone(), config, 0);
        let mut job = Job::start("test", Arc::new(|| ()), move |control| sum(view, &range, control)).unwrap();
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            match job.poll() {
                JobPoll::Done(summed) => return summed,
                JobPoll::Running => assert!(Instant::now() < deadline, "no result"),
                JobPoll::Gone => panic!("lost"),
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    #[test]
    fn a_selection_of_thousands_of_records_has_correct_checksums() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = writer(folder.path());
        let mut all = Vec::new();
        for number in 0..3000_u32 {
            let bytes = number.to_be_bytes();
            append(&mut writer, &bytes);
            all.extend_from_slice(&bytes);
        }
        writer.flush().unwrap();
        let reader = writer.reader();
        for (range, bytes) in [
            (places((0, 0), (2999, u32::MAX)), &all[..]),
            (places((0, 1), (2999, 3)), &all[1..all.len() - 1]),
            (places((1023, 3), (1024, 1)), &all[1023 * 4 + 3..1024 * 4 + 1]),
        ] {
            let Summed::Of(total, values) = summed(&reader, range.clone()) else { panic!("not summed: {range:?}") };
            assert_eq!((total, values), (bytes.len() as u64, inspect::digests(bytes)), "{range:?}");
        }
    }

    #[test]
    fn a_selection_over_the_limit_has_no_checksums() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = writer(folder.path());
        let part = vec![7; 1 << 20];
        for _ in 0..16 {
            append(&mut writer, &part);
        }
        append(&mut writer, b"x");
        writer.flush().unwrap();
        let reader = writer.reader();
        assert!(matches!(summed(&reader, places((0, 0), (16, u32::MAX))), Summed::TooMany));
        assert!(matches!(summed(&reader, places((0, 0), (15, u32::MAX))), Summed::Of(0x100_0000, _)));
    }

    #[test]
    fn times_refer_to_the_previous_record_and_the_same_direction() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = writer(folder.path());
        append(&mut writer, b"first");
        writer.append(&NewRecord::data(Direction::Sent, PeerId(1), Payload::Bytes(b"answer"))).unwrap();
        writer.append(&NewRecord::bare(RecordKind::PeerLeft, PeerId(1))).unwrap();
        append(&mut writer, b"last");
        writer.flush().unwrap();
        let reader = writer.reader();
        let record = |number| reader.record(number).unwrap();
        let about = About::of(&reader, &record(3));
        assert_eq!(about.since_previous, Some(record(3).mono_ns - record(1).mono_ns));
        assert_eq!(about.since_same, Some(record(3).mono_ns - record(0).mono_ns));
        let first = About::of(&reader, &record(0));
        assert_eq!((first.since_previous, first.since_same), (None, None));
    }
}
