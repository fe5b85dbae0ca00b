//! History to files: received bytes as they came, and a text log.

use super::{LogForm, View, ViewConfig};
use crate::capture::{CaptureReader, ReadError, Record, RecordKind};
use crate::model::{Direction, PeerId};
use std::io::{self, Write};
use std::ops::Range;

/// Records read at once.
const CHUNK_RECORDS: u64 = 1024;
/// Payload bytes read at once.
const CHUNK_BYTES: u32 = 256 * 1024;
/// Rows made at once.
const CHUNK_ROWS: usize = 256;

/// What was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Saved {
    /// Records written (of a log: every record with a line).
    pub records: u64,
    /// Bytes written to the file.
    pub bytes: u64,
    /// Records of the range that are missing because the size limit evicted them before they could be saved.
    pub evicted: u64,
    /// Records that are missing because the capture is damaged there.
    pub unreadable: u64,
}

/// Why saving stopped. What was written until then is in the file.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// The file cannot be written.
    #[error("{0}")]
    Write(#[from] io::Error),
    /// The capture cannot be read on in the middle of a record.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// As asked.
    #[error("cancelled")]
    Cancelled,
}

/// Told how far it is (records done, records in all); answers false to stop with [`SaveError::Cancelled`].
pub type OnProgress<'a> = dyn FnMut(u64, u64) -> bool + 'a;

/// Writes the received bytes of the records `range` in record order, of one peer or of all, to `out`, and flushes it.
/// Memory stays below some hundred KiB whatever the range.
///
/// # Errors
/// See [`SaveError`].
pub fn save_received(
    reader: &CaptureReader,
    peer: Option<PeerId>,
    range: Range<u64>,
    out: &mut dyn Write,
    progress: &mut OnProgress<'_>,
) -> Result<Saved, SaveError> {
    let mut saved = Saved::default();
    let mut records: Vec<Record> = Vec::new();
    let mut next = range.start;
    while next < range.end {
        report(progress, &range, next)?;
        let kept = reader.records();
        if next < kept.start {
            saved.evicted += kept.start.min(range.end) - next;
            next = kept.start;
            continue;
        }
        let end = range.end.min(kept.end);
        if next >= end {
            break;
        }
        records.clear();
        match reader.records_in(next..end.min(next + CHUNK_RECORDS), &mut records) {
            Ok(()) => {}
            Err(ReadError::Evicted(_)) if reader.records().start > next => continue,
            // One damaged entry must not keep the rest of the history from being saved.
            Err(ReadError::Io(_)) if reader.record(next).is_err() => {
                saved.unreadable += 1;
                next += 1;
                continue;
            }
            Err(error) => return Err(error.into()),
        }
        let Some(last) = records.last() else { return Err(ReadError::NotYet(next).into()) };
        next = last.number + 1;
        for record in &records {
            let of_peer = peer.is_none_or(|peer| peer == record.peer);
            if record.kind == RecordKind::Data && record.direction == Some(Direction::Received) && of_peer {
                save_payload(reader, record, out, &mut saved, &mut |number| report(progress, &range, number))?;
            }
        }
    }
    out.flush()?;
    // Whatever it answers: it is too late to cancel.
    report(progress, &range, range.end).ok();
    Ok(saved)
}

fn save_payload(
    reader: &CaptureReader,
    record: &Record,
    out: &mut dyn Write,
    saved: &mut Saved,
    report: &mut dyn FnMut(u64) -> Result<(), SaveError>,
) -> Result<(), SaveError> {
    let mut bytes = Vec::new();
    let mut from = 0;
    while from < record.len {
        bytes.clear();
        match reader.payload(record, from..from.saturating_add(CHUNK_BYTES), &mut bytes) {
            // Only a whole record may be missing: half of one would look like other data.
            Err(ReadError::Evicted(_)) if from == 0 => {
                saved.evicted += 1;
                return Ok(());
            }
            Err(ReadError::Io(_)) if from == 0 => {
                saved.unreadable += 1;
                return Ok(());
            }
            Err(error) => return Err(error.into()),
            Ok(()) if bytes.is_empty() => {
                return Err(ReadError::Io(format!("record {} is shorter than its index says", record.number)).into());
            }
            Ok(()) => {}
        }
        out.write_all(&bytes)?;
        saved.bytes += u64::try_from(bytes.len()).unwrap_or(0);
        from = from.saturating_add(u32::try_from(bytes.len()).unwrap_or(u32::MAX));
        if from < record.len {
            report(record.number)?;
        }
    }
    saved.records += 1;
    Ok(())
}

/// Writes the records `range` as log lines, as a view with `config` shows them, to `out`, and flushes it. Memory as for
/// [`save_received`]. Sent files that have changed since are a line that says so.
///
/// # Errors
/// See [`SaveError`]; a record that cannot be read is a line, not an error.
pub fn save_log(
    reader: &CaptureReader,
    config: ViewConfig,
    form: &LogForm,
    range: Range<u64>,
    out: &mut dyn Write,
    progress: &mut OnProgress<'_>,
) -> Result<Saved, SaveError> {
    let mut view = View::new(reader.clone(), config, range.start);
    let mut saved =
        Saved { evicted: view.start().record.min(range.end).saturating_sub(range.start), ..Saved::default() };
    let mut place = view.start();
    let mut last_record = None;
    'all: while place.record < range.end {
        report(progress, &range, place.record)?;
        let rows = view.rows(place, CHUNK_ROWS);
        let Some(last) = rows.last().map(|row| row.place) else { break };
        for row in rows.iter().filter(|row| row.place >= place) {
            if row.place.record >= range.end {
                break 'all;
            }
            let mut line = form.line(row, &view);
            line.push('\n');
            out.write_all(line.as_bytes())?;
            saved.bytes += u64::try_from(line.len()).unwrap_or(0);
            if last_record != Some(row.place.record) {
                saved.records += 1;
                // Evicted while it was being saved: the rows went on at the new start.
                saved.evicted += last_record.map_or(0, |before| row.place.record.saturating_sub(before + 1));
                last_record = Some(row.place.record);
            }
        }
        place = view.moved(last, 1);
        if place <= last {
            break;
        }
    }
    out.flush()?;
    // Whatever it answers: it is too late to cancel.
    report(progress, &range, range.end).ok();
    Ok(saved)
}

fn report(progress: &mut OnProgress<'_>, range: &Range<u64>, at: u64) -> Result<(), SaveError> {
    let done = at.clamp(range.start, range.end.max(range.start)) - range.start;
    if progress(done, range.end.saturating_sub(range.start)) { Ok(()) } else { Err(SaveError::Cancelled) }
}
