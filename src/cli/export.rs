//! `captures export`: writes a capture as bytes, as a log, or in a format of other programs.

use super::captures::{Failure, flushed, indexed, say_evicted, say_left_unread};
use super::out::StandardOut;
use super::plan::{ExportForm, ExportPlan};
use crate::capture::items::ItemIndex;
use crate::capture::{
    CaptureReader, ExportStyle, ReadError, Record, RecordKind, SaveError, Saved, Selection, SessionNote,
    is_linked_from_capture,
};
use crate::lines::{self, LogForm, View, ViewConfig, ViewMode};
use crate::model::{ErrorKind, NetError, Operation};
use crate::words::{self, Lang};
use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::net::SocketAddr;
use std::ops::Range;
use std::path::Path;

/// Cells per row of a text log: the maximum.
const LOG_CELLS: u16 = 4096;

/// Standard output as a writer for the exports.
struct Output(StandardOut);

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.is_closed() {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        self.0.push(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush();
        Ok(())
    }
}

/// Runs the command.
pub(super) fn export(reader: &CaptureReader, plan: &ExportPlan, lang: Lang) -> Result<(), Failure> {
    if plan.out.is_none() && plan.form.is_binary() && io::stdout().is_terminal() {
        let why = lang.texts().raw_on_terminal();
        return Err(Failure::Said(why.to_owned()));
    }
    say_evicted(reader, lang);
    let index = plan.items.clone().map(|rule| indexed(reader, rule, lang)).transpose()?;
    let saved = match &plan.out {
        Some(path) if is_of_capture(path, reader) => {
            return Err(
                NetError::new(Operation::SaveFile, ErrorKind::InsideCapture, path.display().to_string(), "").into()
            );
        }
        Some(path) => lines::save_file(path, |out| write(reader, index, plan, lang, out))?,
        None => {
            let mut output = Output(StandardOut::default());
            let done = write(reader, index, plan, lang, &mut output);
            if output.0.is_closed() || done.is_ok() {
                // A closed pipe is not a failure.
                flushed(&mut output.0)?;
                if output.0.is_broken() {
                    return Ok(());
                }
            }
            done.map_err(|error| {
                NetError::new(Operation::OpenCapture, ErrorKind::CaptureFailed, reader.id(), error.to_string())
            })?
        }
    };
    say_left_unread(reader, lang);
    match saved.unreadable {
        0 => Ok(()),
        missing => Err(Failure::Said(words::missing_sentence(missing, lang))),
    }
}

/// Whether the file to write is a hard link to a file of a capture in the same folder.
fn is_of_capture(path: &Path, reader: &CaptureReader) -> bool {
    // Opening a pipe would block.
    let file = path.metadata().is_ok_and(|metadata| metadata.is_file()).then(|| File::open(path).ok()).flatten();
    file.zip(reader.folder().parent()).is_some_and(|(file, captures)| is_linked_from_capture(&file, captures))
}

fn write(
    reader: &CaptureReader,
    index: Option<ItemIndex>,
    plan: &ExportPlan,
    lang: Lang,
    output: &mut dyn Write,
) -> Result<Saved, SaveError> {
    // Counted from the first remaining record: evicted ones do not count.
    let there = reader.records();
    let records = plan.from.max(there.start)..there.end;
    let progress = &mut |_, _| true;
    match plan.form {
        ExportForm::Log => {
            let config =
                ViewConfig { mode: ViewMode::Text, encoding: plan.encoding, bytes_per_row: 16, text_cells: LOG_CELLS };
            let of = |index: &ItemIndex| index.first_at(records.start)..index.first_at(records.end);
            let items = index.as_ref().map_or(records.clone(), of);
            let (start, end) = (items.start, end_of(reader, index.as_ref(), items, plan.count));
            let mut view = View::new(reader.clone(), config, records.start);
            view.set_index(index);
            lines::save_log(view, &LogForm::new(lang), start..end, output, progress)
        }
        ExportForm::Of(format) => {
            let selection =
                Selection { records, index, items: None, peer: plan.peer, direction: plan.direction, most: plan.count };
            let sentence = |record: &Record, note: Option<&SessionNote>, address: Option<SocketAddr>| {
                words::record_sentence(record, note, address, lang)
            };
            let unreadable = |why: &ReadError| words::read_error_in_full(why, lang);
            let remark = words::made_up_headers(lang);
            let style = ExportStyle { encoding: plan.encoding, sentence: &sentence, unreadable: &unreadable, remark };
            crate::capture::export(reader, format, &selection, &style, output, progress)
        }
    }
}

/// The item after the `most`-th data record, or frame, of `items`.
fn end_of(reader: &CaptureReader, index: Option<&ItemIndex>, items: Range<u64>, most: u64) -> u64 {
    // An unreadable record is a line of the log too.
    let is_data = |item: u64| {
        let record = match index {
            None => reader.record(item),
            Some(index) => index.item(item).and_then(|item| reader.record(item.first)),
        };
        record.map_or(true, |record| record.kind == RecordKind::Data)
    };
    let mut left = most;
    let mut end = items.start;
    while left > 0 && end < items.end {
        // Stop early if the limit covers all remaining items.
        if left >= items.end - end {
            return items.end;
        }
        left -= u64::from(is_data(end));
        end += 1;
    }
    end
}
