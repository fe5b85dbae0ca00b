//! `captures list|show|search|export|import|delete`: commands for captures of earlier runs and of the window.

mod search;
mod show;

use super::export::export;
use super::local_time::local_time;
use super::out::{StandardOut, say};
use super::plan::{CapturesPlan, Common};
use super::start;
use super::values::pattern_reason;
use crate::capture::items::{Indexer, ItemIndex, ItemRule};
use crate::capture::json;
use crate::capture::{CaptureInfo, CaptureReader, CaptureState, Catalog, ReadError, Record, import_netassist};
use crate::codec::safe::json_line;
use crate::model::{ErrorKind, NetError, Operation};
use crate::settings;
use crate::words::{self, Lang};
use serde::Serialize;
use std::ops::ControlFlow;
use std::path::Path;
use std::process::ExitCode;

/// Length of the date at the start of an id.
const DATE_LEN: usize = 8;

/// Why a command failed.
pub(super) enum Failure {
    /// An error that still needs a sentence.
    Net(NetError),
    /// A complete sentence.
    Said(String),
    /// A complete sentence; the command line is wrong.
    Usage(String),
}

impl From<NetError> for Failure {
    fn from(error: NetError) -> Self {
        Self::Net(error)
    }
}

impl Failure {
    fn sentence(&self, lang: Lang) -> String {
        match self {
            Self::Net(error) => words::error_sentence(error, lang),
            Self::Said(sentence) | Self::Usage(sentence) => sentence.clone(),
        }
    }
}

/// Runs a command.
pub(super) fn run(common: &Common, command: CapturesPlan, follow_files: bool) -> ExitCode {
    let lang = common.lang;
    let (catalog, settings_file) = match start::paths(common) {
        Ok(paths) => (Catalog::new(paths.captures_dir), paths.settings_file),
        Err(error) => return reported(&error.into(), lang),
    };
    let catalog = if follow_files { catalog.following_files() } else { catalog };
    let done = match command {
        CapturesPlan::Search { id, pattern, scope, within, json, count } => {
            let output = search::SearchOutput { json, count, lang };
            match search::search(&catalog, &id, (pattern, scope), within, &output) {
                Ok(true) => Ok(()),
                Ok(false) => return ExitCode::FAILURE,
                Err(failure) => Err(failure),
            }
        }
        CapturesPlan::List { json } => list(&catalog, json, lang),
        CapturesPlan::Show(plan) => open(&catalog, &plan.id, lang).and_then(|reader| show::show(&reader, plan, lang)),
        CapturesPlan::Export(plan) => open(&catalog, &plan.id, lang).and_then(|reader| export(&reader, &plan, lang)),
        CapturesPlan::Import { path } => import(&catalog, &path, &settings_file, common),
        CapturesPlan::Delete { ids } => delete(&catalog, &ids, lang),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => reported(&failure, lang),
    }
}

fn reported(failure: &Failure, lang: Lang) -> ExitCode {
    say(&failure.sentence(lang));
    if matches!(failure, Failure::Usage(_)) { ExitCode::from(super::WRONG_USAGE) } else { ExitCode::FAILURE }
}

/// Writes what is buffered; a closed pipe is not a failure.
pub(super) fn flushed(out: &mut StandardOut) -> Result<(), Failure> {
    out.flush();
    out.failure().map_or(Ok(()), |error| Err(NetError::from_io(Operation::SaveFile, "stdout", error).into()))
}

#[derive(Serialize)]
struct Listed<'a> {
    id: &'a str,
    created: String,
    endpoint: &'a str,
    records: u64,
    peers: u64,
    bytes: u64,
    evicted_bytes: u64,
    state: CaptureState,
}

fn list(catalog: &Catalog, json: bool, lang: Lang) -> Result<(), Failure> {
    let (captures, damaged) = catalog.list()?;
    let mut out = StandardOut::default();
    if json {
        for capture in &captures {
            out.line(&list_line(capture));
        }
    } else {
        for line in table(&captures, lang) {
            out.line(&line);
        }
    }
    for error in damaged {
        say(&words::error_sentence(&error, lang));
    }
    flushed(&mut out)
}

fn list_line(capture: &CaptureInfo) -> String {
    let CaptureInfo { id, endpoint, records, peers, bytes, evicted_bytes, state, .. } = capture;
    let created = json::time(capture.created_unix_ns);
    let listed = Listed {
        id,
        created,
        endpoint,
        records: *records,
        peers: *peers,
        bytes: *bytes,
        evicted_bytes: *evicted_bytes,
        state: *state,
    };
    json_line(&listed)
}

fn table(captures: &[CaptureInfo], lang: Lang) -> Vec<String> {
    if captures.is_empty() {
        return vec![lang.texts().no_captures().to_owned()];
    }
    let heads = lang.texts().captures_heads();
    let rows = captures.iter().map(|capture| {
        [
            capture.id.clone(),
            local_time(capture.created_unix_ns, "%Y-%m-%d %H:%M:%S"),
            super::streams::one_line(&capture.endpoint), // comes from a file that may be foreign
            capture.records.to_string(),
            capture.peers.to_string(),
            words::size(capture.bytes),
            words::size(capture.evicted_bytes),
            lang.texts().capture_state(capture.state).to_owned(),
        ]
    });
    let rows: Vec<[String; 8]> = std::iter::once(heads.map(str::to_owned)).chain(rows).collect();
    let width = |text: &str| unicode_width::UnicodeWidthStr::width(text);
    let widths: [usize; 8] =
        std::array::from_fn(|column| rows.iter().map(|row| width(&row[column])).max().unwrap_or(0));
    let line = |row: &[String; 8]| {
        let mut line = String::new();
        for (cell, widest) in row.iter().zip(widths) {
            line += cell;
            line += &" ".repeat(widest - width(cell) + 2);
        }
        line.trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}

/// The full id of the capture that `id` refers to.
fn full_id(catalog: &Catalog, id: &str, lang: Lang) -> Result<String, Failure> {
    if id.trim().is_empty() {
        let why = lang.texts().capture_name_empty();
        return Err(Failure::Usage(why.to_owned()));
    }
    let (captures, _) = catalog.list()?;
    if id == "last" {
        let none = || Failure::Said(lang.texts().no_captures_yet().to_owned());
        return captures.first().map(|newest| newest.id.clone()).ok_or_else(none);
    }
    let matching: Vec<&str> =
        captures.iter().map(|capture| capture.id.as_str()).filter(|name| name.starts_with(id)).collect();
    match matching[..] {
        [one] => Ok(one.to_owned()),
        _ if matching.contains(&id) => Ok(id.to_owned()),
        // Damaged captures are not listed, but can be named.
        [] if is_name(id) && catalog.dir().join(id).is_dir() => Ok(id.to_owned()),
        [] => Err(Failure::Said(lang.texts().no_such_capture(&words::harmless(id)))),
        [one, other, ..] => Err(Failure::Usage(lang.texts().several_captures(&words::harmless(id), one, other))),
    }
}

/// Whether it is a plain folder name, not a path.
fn is_name(id: &str) -> bool {
    let mut parts = std::path::Path::new(id).components();
    matches!((parts.next(), parts.next()), (Some(std::path::Component::Normal(name)), None) if name == id)
}

fn open(catalog: &Catalog, id: &str, lang: Lang) -> Result<CaptureReader, Failure> {
    let reader = catalog.open(&full_id(catalog, id, lang)?)?;
    reader.refresh().map_err(|error| unreadable(&reader, &error))?;
    if let Some(note) = reader.recovered_note() {
        say(&words::damage_note(note, lang));
    }
    Ok(reader)
}

fn unreadable(reader: &CaptureReader, error: &ReadError) -> NetError {
    NetError::new(Operation::OpenCapture, ErrorKind::CaptureFailed, reader.id(), error.to_string())
}

/// Reports sent files that were not read, and how to read them.
pub(super) fn say_left_unread(reader: &CaptureReader, lang: Lang) {
    if reader.left_files_unread() {
        let how = lang.texts().how_to_follow_files();
        say(&format!("{}{how}", words::files_left_unread(lang)));
    }
}

/// Walks the remaining records from `from` on; `each` may stop the walk.
fn walk(
    reader: &CaptureReader,
    from: u64,
    each: &mut dyn FnMut(&Record) -> Result<ControlFlow<()>, Failure>,
) -> Result<(), Failure> {
    let there = reader.records();
    let (mut next, end) = (from.max(there.start), there.end);
    let mut records = Vec::new();
    while next < end {
        records.clear();
        match reader.records_in(next..end, &mut records) {
            Ok(()) => {}
            // The writer evicted records meanwhile.
            Err(ReadError::Evicted(_)) if next < reader.records().start => {
                next = reader.records().start;
                continue;
            }
            Err(error) => return Err(unreadable(reader, &error).into()),
        }
        let Some(last) = records.last() else { break };
        next = last.number + 1;
        for record in &records {
            if each(record)?.is_break() {
                return Ok(());
            }
        }
    }
    Ok(())
}

/// Builds the index of the selected items.
pub(super) fn indexed(reader: &CaptureReader, rule: ItemRule, lang: Lang) -> Result<ItemIndex, Failure> {
    let mut indexer =
        Indexer::new(reader.clone(), rule).map_err(|error| Failure::Said(pattern_reason(&error, lang)))?;
    // Records added from now on are not waited for: a busy capture would never end.
    let end = reader.records().end;
    let index = indexer.index().clone();
    let failed = |error| NetError::from_io(Operation::Store, reader.id(), &error);
    indexer.run(&mut |_, _| index.looked_at() < end).map_err(failed)?;
    indexer.finish().map_err(failed)?;
    Ok(index)
}

/// Reports what was evicted.
pub(super) fn say_evicted(reader: &CaptureReader, lang: Lang) {
    let (bytes, records) = reader.evicted();
    if records > 0 {
        say(&words::evicted_sentence(records, bytes, lang));
    }
}

/// Imports a log and prints the id of the new capture.
fn import(catalog: &Catalog, path: &Path, settings_file: &Path, common: &Common) -> Result<(), Failure> {
    let lang = common.lang;
    // The window reports settings that cannot be read.
    let (settings, _) = settings::load(settings_file);
    let options = start::capture_options(common, &settings);
    let imported = import_netassist(path, catalog.dir(), options, &jiff::tz::TimeZone::system(), &mut |_, _| true)
        .map_err(|error| Failure::Said(words::import_error(&error, path, lang)))?;
    words::imported(&imported, lang).iter().for_each(|sentence| say(sentence));
    // The log may be larger than the capture limit.
    say_evicted(&open(catalog, &imported.id, lang)?, lang);
    let mut out = StandardOut::default();
    out.line(&imported.id);
    flushed(&mut out)
}

/// The full id of the capture to delete. A prefix must contain the complete date: `2` is a prefix of every id and would delete the
/// only capture.
fn id_to_delete(catalog: &Catalog, id: &str, lang: Lang) -> Result<String, Failure> {
    let name = full_id(catalog, id, lang)?;
    if id == "last" || id == name || id.len() >= DATE_LEN {
        return Ok(name);
    }
    Err(Failure::Usage(lang.texts().too_short_to_delete(&words::harmless(id), &name[..DATE_LEN.min(name.len())])))
}

fn delete(catalog: &Catalog, ids: &[String], lang: Lang) -> Result<(), Failure> {
    // All ids are resolved before the first deletion: `last` twice means one capture.
    let mut names = ids.iter().map(|id| id_to_delete(catalog, id, lang)).collect::<Result<Vec<_>, _>>()?;
    names.sort_unstable();
    names.dedup();
    let mut failure = None;
    for name in names {
        match catalog.delete(&name).map_err(Failure::Net) {
            Ok(()) => say(&lang.texts().capture_deleted(&name)),
            Err(error) => {
                if let Some(earlier) = failure.replace(error) {
                    say(&earlier.sentence(lang));
                }
            }
        }
    }
    failure.map_or(Ok(()), Err)
}
