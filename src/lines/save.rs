//! Writes history to files: received bytes, and a text log.

use super::{LogForm, Place, View};
use crate::capture::{CaptureReader, ExportFormat, ExportStyle, OnProgress, SaveError, Saved, Selection, export};
use crate::codec::Encoding;
use crate::model::Direction;
use std::io::Write;
use std::ops::Range;

/// Rows laid out at once.
const CHUNK_ROWS: usize = 256;

/// Writes the received bytes of a selection in record order to `out` and flushes it. Uses at most some hundred KiB of memory for any
/// range.
///
/// # Errors
/// See [`SaveError`].
pub fn save_received(
    reader: &CaptureReader,
    selection: Selection,
    out: &mut dyn Write,
    progress: &mut OnProgress<'_>,
) -> Result<Saved, SaveError> {
    let selection = Selection { direction: Some(Direction::Received), ..selection };
    // None of this affects raw bytes.
    let style = ExportStyle {
        encoding: Encoding::UTF_8,
        sentence: &|_, _, _| String::new(),
        unreadable: &ToString::to_string,
        remark: "",
    };
    export(reader, ExportFormat::Raw, &selection, &style, out, progress)
}

/// Writes the items `range` of a view as log lines to `out`, as the view shows them, and flushes it. Uses as little memory as
/// [`save_received`]. A sent file that has changed becomes a line that says so.
///
/// # Errors
/// See [`SaveError`]; an unreadable record is a line, not an error.
pub fn save_log(
    mut view: View,
    form: &LogForm,
    range: Range<u64>,
    out: &mut dyn Write,
    progress: &mut OnProgress<'_>,
) -> Result<Saved, SaveError> {
    view.set_patient();
    // The selection is written completely, however fast the capture grows meanwhile.
    let is_of_records = view.index().is_none();
    let hold = view.reader().hold(if is_of_records { range.start } else { 0 });
    let oldest = view.index().map_or_else(|| view.reader().records().start, |index| index.items().start);
    let mut saved = Saved { evicted: oldest.min(range.end).saturating_sub(range.start), ..Saved::default() };
    let mut place = view.start().max(Place { record: range.start, row: 0 });
    let mut last_record = None;
    'all: while place.record < range.end {
        report(progress, &range, place.record)?;
        if is_of_records {
            hold.advance(place.record);
        }
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
                // Evicted during the save: the rows continued at the new start.
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
    // The result does not matter: it is too late to cancel.
    report(progress, &range, range.end).ok();
    Ok(saved)
}

fn report(progress: &mut OnProgress<'_>, range: &Range<u64>, at: u64) -> Result<(), SaveError> {
    let done = at.clamp(range.start, range.end.max(range.start)) - range.start;
    if progress(done, range.end.saturating_sub(range.start)) { Ok(()) } else { Err(SaveError::Cancelled) }
}
