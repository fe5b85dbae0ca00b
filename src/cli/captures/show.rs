//! `captures show`: the traffic of a capture as a session would have printed it.

use super::{Failure, flushed, say_evicted, say_left_unread, walk};
use crate::capture::{CaptureReader, Record, RecordKind};
use crate::cli::frames::Frames;
use crate::cli::plan::ShowPlan;
use crate::cli::teller::{Content, Ends, Teller};
use crate::model::{Direction, PeerId, unmap_v4};
use crate::words::{self, Lang};
use std::ops::ControlFlow;

/// Carries it out.
pub(super) fn show(reader: &CaptureReader, plan: ShowPlan, lang: Lang) -> Result<(), Failure> {
    let ShowPlan { show: form, framing, filter, peer, direction, count, .. } = plan;
    say_evicted(reader, lang);
    let mut teller = Teller::new(lang, form, None);
    teller.shown = direction;
    teller.capture = reader.id().to_owned();
    // The first ones are the first that are there: what was evicted does not count.
    let from = plan.from.max(reader.records().start);
    let framed = framing.is_some();
    // With frames these hold the filter.
    let (frames_only, mut records_only) = if framed { (filter, None) } else { (None, filter) };
    teller.frames = framing.map(|rule| Frames::new(rule, reader.clone(), frames_only).part(from, count));
    let mut left = count;
    let mut payload = Vec::new();
    // Frames are cut from the begin of the streams on, wherever telling them begins.
    walk(reader, if framed { 0 } else { from }, &mut |record| {
        if left == 0 || teller.frames.as_ref().is_some_and(Frames::is_done) {
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
                    begin_stream(reader, record, direction, &mut teller);
                }
                payload.clear();
                let read = reader.payload(record, 0..record.len, &mut payload);
                why = read.err().map(|error| words::read_error_in_full(&error, lang));
                Content::Data(why.as_deref().map_or(Ok(&payload[..]), Err))
            }
            _ => Content::Note(reader.note(record).ok()),
        };
        let bytes = if let Content::Data(Ok(bytes)) = content { Some(bytes) } else { None };
        let alone = record.stands_alone();
        let is_let = match &mut teller.frames {
            // Payload is sieved as frames, everything else as the records it is.
            Some(frames) => bytes.is_some() || frames.lets_record(record),
            None => records_only.as_mut().is_none_or(|sieve| sieve.lets_record(reader, record, bytes, alone)),
        };
        if record.number >= from && is_let {
            let counts = !framed && record.direction.is_some_and(|direction| teller.shows(direction));
            left -= u64::from(counts);
            teller.tell(record, ends, content)?;
        } else {
            if let (false, Some(bytes), Some(direction)) = (is_let, bytes, record.direction)
                && !record.stands_alone()
            {
                // A character may begin in what is hidden.
                teller.streams.skip(record.peer, direction, bytes);
            }
            teller.pass_over(record, ends.peer, &content);
        }
        Ok(if teller.out.is_closed() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    })?;
    teller.end_frames(None);
    teller.tell_frame_counts();
    teller.say_unreadable();
    say_left_unread(reader, lang);
    let tails = teller.streams.end_all();
    if !form.json {
        teller.tell_tails(&tails);
    }
    teller.end_output();
    flushed(&mut teller.out)?;
    match teller.unreadable_records() {
        0 => Ok(()),
        missing => Err(Failure::Said(words::missing_sentence(missing, lang))),
    }
}

/// Where a stream is shown from its middle on, its decoder is aligned by the bytes before.
fn begin_stream(reader: &CaptureReader, record: &Record, direction: Direction, teller: &mut Teller) {
    let known = teller.streams.knows(record.peer, direction);
    if record.stands_alone() || known || record.stream_offset == 0 {
        return;
    }
    let decoder = reader.decoder_at(record, teller.show.encoding);
    teller.streams.begin(record.peer, direction, decoder);
}
