//! Jobs that write recorded data to a file, or to text for the clipboard.

use crate::capture::items::{Indexer, ItemIndex};
use crate::capture::{self, CaptureReader, ExportStyle, Record, SaveError, Saved, Selection, SessionNote};
use crate::gui::files::form::{ExportChoice, FileTask};
use crate::jobs::JobControl;
use crate::lines::{LogForm, OnProgress, View, ViewConfig, save_file, save_log, save_received};
use crate::model::{NetError, Operation};
use crate::settings::SessionSetup;
use crate::words::{self, Lang};
use std::io::Write;
use std::net::SocketAddr;
use std::ops::Range;
use std::path::Path;

/// Maximum number of bytes copied at once.
const COPY_CAP: usize = 16 << 20;

/// Columns of text in a saved log: long lines stay whole up to the maximum row width.
const LOG_CELLS: u16 = 4096;

/// The time stamp in suggested file names: local date and time.
pub fn stamp() -> String {
    jiff::Zoned::now().strftime("%Y%m%d-%H%M%S").to_string()
}

fn config(setup: &SessionSetup) -> ViewConfig {
    ViewConfig { mode: setup.view, encoding: setup.encoding, bytes_per_row: 16, text_cells: LOG_CELLS }
}

/// What to save, and how.
pub struct What<'a> {
    pub reader: &'a CaptureReader,
    /// The index of the items, unless the log shows plain records.
    pub index: Option<&'a ItemIndex>,
    /// Only this range of the records or items.
    pub chosen: Option<Range<u64>>,
    pub task: FileTask,
    pub choice: ExportChoice,
    pub setup: &'a SessionSetup,
    pub lang: Lang,
}

/// Writes the received bytes, the log, or an export to `path`: everything, or only the selection. The file is written as a
/// whole. If the job is cancelled or fails, no file is created and an existing one stays unchanged.
///
/// # Errors
/// The file cannot be written, or the capture cannot be read.
pub fn save(what: &What<'_>, path: &Path, control: &JobControl) -> Result<Saved, NetError> {
    // A selection is always within the current index, so only a complete save needs a complete index.
    let whole = what.index.filter(|_| what.chosen.is_none()).map(|index| whole(index, control)).transpose()?;
    let what = &What { index: whole.as_ref().or(what.index), chosen: what.chosen.clone(), ..*what };
    let What { reader, index, task, setup, lang, .. } = *what;
    let mut progress = |done, total| {
        control.set_progress(done, Some(total));
        !control.cancelled()
    };
    // With an index: all its items, including those of newer records.
    let all = || if index.is_some() { 0..u64::MAX } else { reader.records() };
    let range = what.chosen.clone().unwrap_or_else(all);
    save_file(path, |mut out| match task {
        FileTask::SaveReceived => save_received(reader, selection(what), &mut out, &mut progress),
        FileTask::Export => export(what, out, &mut progress),
        _ => {
            let mut view = View::new(reader.clone(), config(setup), 0);
            view.set_index(index.cloned());
            save_log(view, &LogForm::new(lang), range, &mut out, &mut progress)
        }
    })
}

/// The records, or the items of the index, to save.
fn selection(what: &What<'_>) -> Selection {
    let all = Selection::all(what.reader);
    match (&what.chosen, what.index) {
        (Some(records), None) => Selection { records: records.clone(), ..all },
        (None, None) => all,
        // Includes the items of newer records.
        (items, index) => Selection { records: 0..u64::MAX, items: items.clone(), index: index.cloned(), ..all },
    }
}

/// The index if it is complete. Otherwise (incomplete or cancelled) a new, complete one.
fn whole(index: &ItemIndex, control: &JobControl) -> Result<ItemIndex, NetError> {
    let reader = index.reader();
    let end = reader.records().end;
    if index.looked_at() >= end {
        return Ok(index.clone());
    }
    // The expression was compiled before, so this cannot fail in practice.
    let Ok(mut indexer) = Indexer::new(reader.clone(), index.rule().clone()) else { return Ok(index.clone()) };
    let whole = indexer.index().clone();
    let failed = |error| NetError::from_io(Operation::Store, reader.id(), &error);
    let mut go_on = |done, total| {
        control.set_progress(done, Some(total));
        !control.cancelled() && whole.looked_at() < end
    };
    indexer.run(&mut go_on).map_err(failed)?;
    indexer.finish().map_err(failed)?;
    Ok(whole)
}

fn export(what: &What<'_>, out: &mut dyn Write, progress: &mut OnProgress<'_>) -> Result<Saved, SaveError> {
    let What { reader, choice, setup, lang, .. } = *what;
    let sentence = |record: &Record, note: Option<&SessionNote>, address: Option<SocketAddr>| {
        words::record_sentence(record, note, address, lang)
    };
    let style = ExportStyle {
        encoding: setup.encoding,
        sentence: &sentence,
        unreadable: &|why| words::read_error_in_full(why, lang),
        remark: words::made_up_headers(lang),
    };
    let selection = Selection { direction: choice.direction, ..selection(what) };
    capture::export(reader, choice.format, &selection, &style, out, progress)
}

/// Returns everything that `view` shows as log lines: the text, its number of lines, and whether it is complete.
pub fn copy(mut view: View, setup: &SessionSetup, lang: Lang) -> (String, usize, bool) {
    view.set_config(config(setup));
    let form = LogForm::new(lang);
    let copied = view.copy_log(view.items(), &form, COPY_CAP);
    let rows = copied.content.lines().count();
    (copied.content, rows, !copied.truncated)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::items::{Filter, ItemRule};
    use crate::capture::{CaptureOptions, CaptureWriter, ExportFormat, NewRecord, Payload};
    use crate::jobs::{Job, JobPoll};
    use crate::model::{Direction, PeerId};
    use std::sync::Arc;
    use std::time::{Duration, Instant};

    #[test]
    fn a_save_with_an_incomplete_index_is_complete() {
        let folder = tempfile::tempdir().expect("a folder");
        let endpoint = "tcp://127.0.0.1:8080".parse().expect("an endpoint");
        let mut writer = CaptureWriter::create(folder.path(), &endpoint, CaptureOptions::default()).expect("a capture");
        let data = NewRecord::data(Direction::Received, PeerId(1), Payload::Bytes(b"one\ntwo\nthr"));
        writer.append(&data).expect("appended");
        writer.flush().expect("flushed");
        let reader = writer.reader();
        let rule = ItemRule { framing: "line".parse().expect("a rule"), filter: Filter::default() };
        // Nothing is indexed yet.
        let index = Indexer::new(reader.clone(), rule).expect("an indexer").index().clone();
        for task in [FileTask::Export, FileTask::SaveLog, FileTask::SaveReceived] {
            let (reader, index, path) = (reader.clone(), index.clone(), folder.path().join("saved"));
            let mut job = Job::start("save", Arc::new(|| {}), move |control| {
                let choice = ExportChoice { format: ExportFormat::Csv, direction: None };
                let setup = SessionSetup::default();
                let what = What {
                    reader: &reader,
                    index: Some(&index),
                    chosen: None,
                    task,
                    choice,
                    setup: &setup,
                    lang: Lang::En,
                };
                save(&what, &path, control)
            })
            .expect("a job");
            let deadline = Instant::now() + Duration::from_secs(30);
            let saved = loop {
                match job.poll() {
                    JobPoll::Done(saved) => break saved,
                    JobPoll::Running if Instant::now() < deadline => std::thread::sleep(Duration::from_millis(2)),
                    other => panic!("{task:?}: {other:?}"),
                }
            };
            assert_eq!(saved.expect("saved").records, 3, "{task:?}");
        }
    }
}
