//! Payload as text: one decoder for a TCP peer and direction, datagrams alone.

use super::SaveError;
use super::walk::Data;
use crate::capture::{CaptureReader, Record};
use crate::codec::{Encoding, StreamDecoder};
use crate::model::{Direction, Endpoint, PeerId, Transport};
use std::collections::HashMap;

/// Bytes before a stream's first record that are enough to find where its characters begin.
const RESYNC_BYTES: usize = 4096;

/// The decoders of an export.
pub(super) struct Texts<'a> {
    reader: &'a CaptureReader,
    encoding: Encoding,
    datagrams: bool,
    decoders: HashMap<(PeerId, Direction), StreamDecoder>,
}

/// What was unfinished when the streams of a peer ended, as `\xNN`; mostly empty.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Tails {
    pub received: String,
    pub sent: String,
}

impl<'a> Texts<'a> {
    pub fn new(reader: &'a CaptureReader, encoding: Encoding) -> Self {
        let udp = |endpoint: Endpoint| endpoint.transport == Transport::Udp;
        let datagrams = reader.endpoint().parse().is_ok_and(udp);
        Self { reader, encoding, datagrams, decoders: HashMap::new() }
    }

    /// Gives the text that the record completes, in parts.
    pub fn parts(
        &mut self,
        data: &Data<'_>,
        each: &mut dyn FnMut(&str) -> Result<(), SaveError>,
    ) -> Result<(), SaveError> {
        let record = data.head.record;
        let mut alone = StreamDecoder::new(self.encoding);
        let datagrams = self.datagrams;
        let (reader, encoding) = (self.reader, self.encoding);
        let decoder = if datagrams {
            &mut alone
        } else {
            let begun = || aligned(reader, record, encoding);
            self.decoders.entry((record.peer, data.direction)).or_insert_with(begun)
        };
        let mut text = String::new();
        data.parts(&mut |part| {
            text.clear();
            decoder.feed_text(part, &mut text);
            each(&text)
        })?;
        if datagrams {
            text.clear();
            decoder.finish_text(&mut text);
            each(&text)?;
        }
        Ok(())
    }

    /// The peer is gone.
    pub fn end(&mut self, peer: PeerId) -> Tails {
        let mut tails = Tails::default();
        for (direction, tail) in [(Direction::Received, &mut tails.received), (Direction::Sent, &mut tails.sent)] {
            if let Some(mut decoder) = self.decoders.remove(&(peer, direction)) {
                decoder.finish_text(tail);
            }
        }
        tails
    }
}

/// A decoder for a stream from this record on: where it begins in the middle, the bytes before tell where a character begins.
fn aligned(reader: &CaptureReader, record: &Record, encoding: Encoding) -> StreamDecoder {
    let mut decoder = StreamDecoder::new(encoding);
    let mut parts: Vec<Vec<u8>> = Vec::new();
    let mut len = 0;
    let mut previous = record.previous;
    while let Some(number) = previous.filter(|_| len < RESYNC_BYTES) {
        let Ok(before) = reader.record(number) else { break };
        let wanted = u32::try_from(RESYNC_BYTES - len).unwrap_or(0);
        let mut part = Vec::new();
        if reader.payload(&before, before.len.saturating_sub(wanted)..before.len, &mut part).is_err() {
            break;
        }
        len += part.len();
        parts.push(part);
        previous = before.previous;
    }
    let before: Vec<u8> = parts.into_iter().rev().flatten().collect();
    let feed = encoding.resync(&before, record.stream_offset).unwrap_or(before.len()).min(before.len());
    decoder.feed(&before[before.len() - feed..], &mut |_| {});
    decoder
}

/// Gives the bytes as lower-case hex without spaces, in parts.
pub(super) fn hex_parts(data: &Data<'_>, each: &mut dyn FnMut(&str) -> Result<(), SaveError>) -> Result<(), SaveError> {
    data.parts(&mut |part| each(&crate::codec::hex::lower(part)))
}
