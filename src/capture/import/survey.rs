//! First pass over a log: collects what must be known before it is read.

use super::file::LogFile;
use super::head::{Clock, HeadLine, What};
use super::{ImportError, line_is_empty};
use crate::capture::OnProgress;
use crate::model::Endpoint;
use jiff::tz::TimeZone;
use std::path::Path;

/// Result of the first pass.
pub(super) struct Survey {
    /// Time of the first entry.
    pub unix_ns: i64,
    pub endpoint: Endpoint,
    /// Every entry is followed by an empty line, which belongs to the log.
    pub has_empty_lines: bool,
}

#[derive(Default)]
struct Surveyor {
    first: Option<i64>,
    connects: bool,
    names_senders: bool,
    /// This program wrote the log, so that an extra line end is payload.
    is_ours: bool,
    entry: Option<SurveyedEntry>,
    /// Count of entries whose end is determined by line ends only.
    entries: u64,
    /// Count of these entries that are followed by an empty line.
    spaced: u64,
}

/// The current entry.
struct SurveyedEntry {
    /// Its head gives the length, so its end is known.
    is_measured: bool,
    /// Minimum count of its lines, without an empty line after it.
    lines_least: u64,
    /// Count of lines after its head line.
    lines: u64,
    ends_empty: bool,
    ends_in_line: bool,
}

impl Surveyor {
    fn head(&mut self, head: &HeadLine) {
        self.end_entry(false);
        self.is_ours |= self.first.is_none() && head.what == What::Mark;
        self.first.get_or_insert(head.unix_ns);
        self.connects |= matches!(head.what, What::Online(_) | What::Offline(_));
        self.names_senders |= matches!(head.what, What::Data { peer: Some(_), .. });
        let is_data = matches!(head.what, What::Data { .. });
        self.entry = Some(SurveyedEntry {
            is_measured: matches!(head.what, What::Data { len: Some(_), .. }),
            lines_least: u64::from(is_data && head.payload_at.is_none()),
            lines: 0,
            ends_empty: false,
            ends_in_line: false,
        });
    }

    fn line(&mut self, piece: &[u8], at_start: bool) {
        let Some(entry) = &mut self.entry else { return };
        entry.lines += u64::from(at_start);
        entry.ends_empty = at_start && line_is_empty(piece);
        entry.ends_in_line = !piece.ends_with(b"\n");
    }

    fn end_entry(&mut self, is_last: bool) {
        let Some(entry) = self.entry.take().filter(|entry| !entry.is_measured) else { return };
        // A log copied from a window may lack the line end after its last line; a log of this program does not.
        if is_last && entry.ends_in_line && self.entries > 1 {
            return;
        }
        self.entries += 1;
        self.spaced += u64::from(entry.ends_empty && entry.lines > entry.lines_least);
    }
}

/// `None` if the file contains no head line.
pub(super) fn survey(
    path: &Path,
    zone: &TimeZone,
    progress: &mut OnProgress<'_>,
) -> Result<Option<Survey>, ImportError> {
    let mut surveyor = Surveyor::default();
    let mut clock = Clock::new(zone);
    LogFile::open(path)?.read(0, progress, &mut |piece, at_start, _| {
        match at_start.then(|| clock.head(piece)).flatten() {
            Some(head) => surveyor.head(&head),
            None => surveyor.line(piece, at_start),
        }
        Ok(())
    })?;
    surveyor.end_entry(true);
    let Surveyor { first, connects, names_senders, is_ours, entries, spaced, .. } = surveyor;
    let scheme = if names_senders && !connects { "udp" } else { "tcp" };
    let has_empty_lines = !is_ours && entries > 1 && spaced == entries;
    Ok(first.and_then(|unix_ns| {
        Some(Survey { unix_ns, endpoint: format!("{scheme}://0.0.0.0:0").parse().ok()?, has_empty_lines })
    }))
}
