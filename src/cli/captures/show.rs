//! `captures show`: prints the traffic of a capture as a session would have printed it.

use super::{Failure, flushed, say_evicted, say_left_unread, walk};
use crate::capture::{CaptureReader, Record, RecordKind};
use crate::cli::frames::Frames;
use crate::cli::plan::ShowPlan;
use crate::cli::printer::{Content, Ends, Printer};
use crate::model::{Direction, PeerId, unmap_v4};
use crate::words::{self, Lang};
use std::ops::ControlFlow;

/// Runs the command.
pub(super) fn show(reader: &CaptureReader, plan: ShowPlan, lang: Lang) -> Result<(), Failure> {
    let ShowPlan { show: form, framing, filter, peer, direction, count, .. } = plan;
    say_evicted(reader, lang);
    let mut printer = Printer::new(lang, form, None);
    printer.shown = direction;
    printer.capture = reader.id().to_owned();
    // Counted from the first remaining record: evicted ones do not count.
    let from = plan.from.max(reader.records().start);
    let framed = framing.is_some();
    // With frames, these apply the filter.
    let (frames_only, mut records_only) = if framed { (filter, None) } else { (None, filter) };
    printer.frames = framing.map(|rule| Frames::new(rule, reader.clone(), frames_only).part(from, count));
    let mut left = count;
    let mut payload = Vec::new();
    // Frames are cut from the start of the streams, wherever printing starts.
    walk(reader, if framed { 0 } else { from }, &mut |record| {
        if left == 0 || printer.frames.as_ref().is_some_and(Frames::is_done) {
            return Ok(ControlFlow::Break(()));
        }
        let ends = Ends::of(reader, record);
        let of_session = record.peer == PeerId::NONE && record.kind != RecordKind::Data;
        if !of_session && !peer.is_none_or(|peer| peer.lets(record.peer, ends.peer.map(unmap_v4))) {
            return Ok(ControlFlow::Continue(()));
        }
        let why;
        let content = match record.direction {
            Some(direction) if record.kind == RecordKind::Data => {
                if !framed {
                    begin_stream(reader, record, direction, &mut printer);
                }
                payload.clear();
                let read = reader.payload(record, 0..record.len, &mut payload);
                why = read.err().map(|error| words::read_error_in_full(&error, lang));
                Content::Data(why.as_deref().map_or(Ok(&payload[..]), Err))
            }
            _ => Content::Note(reader.note(record).ok()),
        };
        let bytes = if let Content::Data(Ok(bytes)) = content { Some(bytes) } else { None };
        let alone = record.is_message();
        let is_let = match &mut printer.frames {
            // Payload is filtered as frames, everything else as records.
            Some(frames) => bytes.is_some() || frames.lets_record(record),
            None => records_only.as_mut().is_none_or(|sieve| sieve.lets_record(reader, record, bytes, alone)),
        };
        if record.number >= from && is_let {
            let counts = !framed && record.direction.is_some_and(|direction| printer.shows(direction));
            left -= u64::from(counts);
            printer.print(record, ends, content)?;
        } else {
            if let (false, Some(bytes), Some(direction)) = (is_let, bytes, record.direction)
                && !record.is_message()
            {
                // A character may start in hidden data.
                printer.streams.skip(record.peer, direction, bytes);
            }
            printer.pass_over(record, ends.peer, &content);
        }
        Ok(if printer.out.is_closed() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    })?;
    printer.end_frames(None);
    printer.print_frame_counts();
    printer.say_unreadable();
    say_left_unread(reader, lang);
    let tails = printer.streams.end_all();
    if !form.json {
        printer.print_tails(&tails);
    }
    printer.end_output();
    flushed(&mut printer.out)?;
    match printer.unreadable_records() {
        0 => Ok(()),
        missing => Err(Failure::Said(words::missing_sentence(missing, lang))),
    }
}

/// If a stream is shown from its middle on, its decoder is aligned by the preceding bytes.
fn begin_stream(reader: &CaptureReader, record: &Record, direction: Direction, printer: &mut Printer) {
    let known = printer.streams.knows(record.peer, direction);
    if record.is_message() || known || record.stream_offset == 0 {
        return;
    }
    let decoder = reader.decoder_at(record, printer.show.encoding);
    printer.streams.begin(record.peer, direction, decoder);
}
