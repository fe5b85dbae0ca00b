//! `captures search`: prints each occurrence of a pattern on a line.

use super::{Failure, flushed, indexed, json, open, say_evicted, say_left_unread, unreadable};
use crate::capture::items::{ItemIndex, ItemRule};
use crate::capture::search::{Hit, Scope, Search, bytes_of};
use crate::capture::{CaptureReader, Catalog, ReadError};
use crate::cli::local_time::local_time;
use crate::cli::out::{StandardOut, say};
use crate::codec::safe::json_line;
use crate::codec::{Pattern, hex};
use crate::model::{Direction, display_address};
use crate::words::Lang;
use serde::Serialize;
use std::cell::RefCell;

/// Bytes shown before and after a hit.
const CONTEXT_BYTES: u32 = 16;
/// Maximum count of bytes of the hit that are shown.
const SHOWN_BYTES: u32 = 64;

/// Output options.
pub(super) struct SearchOutput {
    /// JSON lines.
    pub json: bool,
    /// Print only the count.
    pub count: bool,
    /// Language.
    pub lang: Lang,
}

#[derive(Serialize)]
struct Line {
    /// `record` and `end_record` are older names of the same fields.
    seq: u64,
    seq_last: u64,
    record: u64,
    offset: u32,
    len: u32,
    end_record: u64,
    time: String,
    peer: Option<String>,
    direction: Direction,
    /// Some bytes before the match (in the same record), the match (cut if long), some bytes after it (in its last record).
    context_hex: String,
    /// Count of bytes of the context before the match.
    context_before: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    frame: Option<FramePlace>,
}

/// The frame that contains a hit, and the offset of the hit in it.
#[derive(Clone, Copy, Serialize)]
struct FramePlace {
    seq_first: u64,
    seq_last: u64,
    offset: u32,
    len: u32,
}

struct HitPrinter<'a> {
    reader: &'a CaptureReader,
    output: &'a SearchOutput,
    /// Only hits within an item of this index.
    within: Option<ItemIndex>,
    /// The items are frames, and printed.
    frames: bool,
    out: StandardOut,
    count: u64,
    failure: Option<Failure>,
}

/// Returns true if something was found.
pub(super) fn search(
    catalog: &Catalog,
    id: &str,
    (pattern, scope): (Pattern, Scope),
    within: Option<ItemRule>,
    output: &SearchOutput,
) -> Result<bool, Failure> {
    let reader = open(catalog, id, output.lang)?;
    say_evicted(&reader, output.lang);
    let frames = within.as_ref().is_some_and(ItemRule::cuts);
    let within = within.map(|rule| indexed(&reader, rule, output.lang)).transpose()?;
    let mut search = Search::new(reader.clone(), pattern, scope);
    // Records added from now on are not waited for: a busy capture would never end.
    search.set_end(reader.records().end);
    let printer =
        HitPrinter { reader: &reader, output, within, frames, out: StandardOut::default(), count: 0, failure: None };
    let printer = RefCell::new(printer);
    search.run(&mut |_, _| printer.borrow().goes_on(), &mut |hit| printer.borrow_mut().print(&hit));
    let mut printer = printer.into_inner();
    search.open_hits().iter().for_each(|hit| printer.print(hit));
    if let Some(failure) = printer.failure {
        return Err(failure);
    }
    if output.count {
        let count = printer.count;
        printer.out.line(&if output.json { format!("{{\"count\":{count}}}") } else { count.to_string() });
    }
    flushed(&mut printer.out)?;
    say_left_unread(&reader, output.lang);
    match search.unreadable() {
        0 => {}
        records => say(&output.lang.texts().not_searched(records)),
    }
    // With --count the 0 is printed.
    if printer.count == 0 && !output.count {
        say(&output.lang.texts().nothing_found(reader.id()));
    }
    Ok(printer.count > 0)
}

impl HitPrinter<'_> {
    /// Whether to continue: the pipe is open and nothing failed.
    fn goes_on(&self) -> bool {
        self.failure.is_none() && !self.out.is_closed()
    }

    fn print(&mut self, hit: &Hit) {
        if !self.goes_on() {
            return;
        }
        let Some(place) = self.place(hit) else { return };
        self.count += 1;
        if self.output.count {
            return;
        }
        match self.line(hit, place) {
            Ok(line) => self.out.line(&line),
            // The writer evicted the hit meanwhile.
            Err(ReadError::Evicted(_)) => {}
            Err(error) => self.failure = Some(unreadable(self.reader, &error).into()),
        }
    }

    /// The frame that contains the entire hit, if frames were requested; `None` if no requested item contains it.
    fn place(&self, hit: &Hit) -> Option<Option<FramePlace>> {
        let Some(index) = &self.within else { return Some(None) };
        let (number, at) = index.showing(hit.record, hit.offset)?;
        let item = index.item(number).ok()?;
        if !self.frames {
            return Some(None);
        }
        let is_within = u64::from(at) + u64::from(hit.len) <= u64::from(item.len);
        let place = FramePlace { seq_first: item.first, seq_last: item.last, offset: at, len: item.len };
        is_within.then_some(Some(place))
    }

    fn line(&self, hit: &Hit, frame: Option<FramePlace>) -> Result<String, ReadError> {
        let reader = self.reader;
        let (first, last) = (reader.record(hit.record)?, reader.record(hit.end_record)?);
        let start = hit.offset.saturating_sub(CONTEXT_BYTES);
        let mut context = Vec::new();
        reader.payload(&first, start..hit.offset, &mut context)?;
        context.extend_from_slice(&bytes_of(reader, hit, SHOWN_BYTES)?);
        if hit.len <= SHOWN_BYTES {
            let end = hit.end_offset.saturating_add(CONTEXT_BYTES);
            reader.payload(&last, hit.end_offset..end, &mut context)?;
        }
        let peer = reader.peer_address(hit.peer).map(display_address);
        if !self.output.json {
            let time = local_time(first.unix_ns, "%H:%M:%S%.3f");
            let arrow = if hit.sent { "->" } else { "<-" };
            let (record, offset) = (hit.record, hit.offset);
            let (peer, hex) = (peer.as_deref().unwrap_or("-"), hex::spaced_lower(&context));
            let within = frame.map(|FramePlace { offset, len, .. }| format!("  [{offset}/{len}]")).unwrap_or_default();
            let text = printable(&context);
            return Ok(format!("{record}  {time}  {arrow} {peer}  +{offset}{within}  {hex}  {text}"));
        }
        let line = Line {
            seq: hit.record,
            seq_last: hit.end_record,
            record: hit.record,
            offset: hit.offset,
            len: hit.len,
            end_record: hit.end_record,
            time: json::time(first.unix_ns),
            peer,
            direction: hit.direction(),
            context_hex: hex::lower(&context),
            context_before: hit.offset - start,
            frame,
        };
        Ok(json_line(&line))
    }
}

/// Formats bytes as in a dump: ASCII unchanged, a dot for everything else.
fn printable(bytes: &[u8]) -> String {
    bytes.iter().map(|&byte| if (0x20..0x7F).contains(&byte) { char::from(byte) } else { '.' }).collect()
}
