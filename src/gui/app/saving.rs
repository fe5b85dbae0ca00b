//! History on its way out of the window, as work for jobs: into a file, or as text for the clipboard.

use crate::capture::items::ItemIndex;
use crate::capture::{self, CaptureReader, ExportStyle, Record, SaveError, Saved, Selection, SessionNote};
use crate::gui::session::files::{ExportChoice, FileTask};
use crate::jobs::JobControl;
use crate::lines::{LogForm, OnProgress, View, ViewConfig, save_file, save_log, save_received};
use crate::model::NetError;
use crate::settings::SessionSetup;
use crate::words::{self, Lang};
use std::io::Write;
use std::net::SocketAddr;
use std::ops::Range;
use std::path::Path;

/// Copied at once at most.
const COPY_CAP: usize = 16 << 20;

/// Columns of text in a saved log: long lines stay whole as far as a row may be wide.
const LOG_CELLS: u16 = 4096;

/// How a file is saved under a proposed name: local date and time.
pub fn stamp() -> String {
    jiff::Zoned::now().strftime("%Y%m%d-%H%M%S").to_string()
}

fn config(setup: &SessionSetup) -> ViewConfig {
    ViewConfig { mode: setup.view, encoding: setup.encoding, bytes_per_row: 16, text_cells: LOG_CELLS }
}

/// What is saved, and how.
pub struct What<'a> {
    pub reader: &'a CaptureReader,
    /// Its items, where not the records are shown.
    pub index: Option<&'a ItemIndex>,
    /// Only these of the records or items.
    pub chosen: Option<Range<u64>>,
    pub task: FileTask,
    pub choice: ExportChoice,
    pub setup: &'a SessionSetup,
    pub lang: Lang,
}

/// Writes the received bytes, the log, or an export of everything there is, or of what is chosen of it, to `path`. The file appears whole or, when
/// cancelled or failed, not at all: what stood there before is kept.
///
/// # Errors
/// The file cannot be written, or the capture cannot be read.
pub fn save(what: &What<'_>, path: &Path, control: &JobControl) -> Result<Saved, NetError> {
    let What { reader, index, task, setup, lang, .. } = *what;
    let mut progress = |done, total| {
        control.set_progress(done, Some(total));
        !control.cancelled()
    };
    // With an index: all its items, also those of what came since.
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

/// Which records, or which items of the index.
fn selection(what: &What<'_>) -> Selection {
    let all = Selection::all(what.reader);
    match (&what.chosen, what.index) {
        (Some(records), None) => Selection { records: records.clone(), ..all },
        (None, None) => all,
        // Also the items of what came since.
        (items, index) => Selection { records: 0..u64::MAX, items: items.clone(), index: index.cloned(), ..all },
    }
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

/// Everything that `view` shows as log lines: the text, its lines, and whether it is complete.
pub fn copy(mut view: View, setup: &SessionSetup, lang: Lang) -> (String, usize, bool) {
    view.set_config(config(setup));
    let form = LogForm::new(lang);
    let copied = view.copy_log(view.items(), &form, COPY_CAP);
    let rows = copied.content.lines().count();
    (copied.content, rows, !copied.truncated)
}
