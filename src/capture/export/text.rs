//! Decodes payload to text: one decoder per TCP peer and direction; datagrams and frames are decoded separately.

use super::SaveError;
use super::walk::Data;
use crate::capture::CaptureReader;
use crate::codec::{Encoding, StreamDecoder};
use crate::model::{Direction, PeerId};
use std::collections::HashMap;

/// The decoders of an export.
pub(super) struct Texts<'a> {
    reader: &'a CaptureReader,
    encoding: Encoding,
    /// For each stream its decoder, and the offset of the next byte.
    decoders: HashMap<(PeerId, Direction), (StreamDecoder, u64)>,
}

/// Incomplete characters at the end of a peer's streams as `\xNN`; usually empty.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Tails {
    pub received: String,
    pub sent: String,
}

impl<'a> Texts<'a> {
    pub fn new(reader: &'a CaptureReader, encoding: Encoding) -> Self {
        Self { reader, encoding, decoders: HashMap::new() }
    }

    /// Passes the text that the record completes to `each`, in parts.
    pub fn parts(
        &mut self,
        data: &Data<'_>,
        each: &mut dyn FnMut(&str) -> Result<(), SaveError>,
    ) -> Result<(), SaveError> {
        let record = data.head.record;
        let mut alone = StreamDecoder::new(self.encoding);
        let (reader, encoding) = (self.reader, self.encoding);
        let stands_alone = record.stands_alone() || data.head.cut.is_some();
        let decoder = if stands_alone {
            &mut alone
        } else {
            let begun = || (reader.decoder_at(record, encoding), record.stream_offset);
            let (decoder, next) = self.decoders.entry((record.peer, data.direction)).or_insert_with(begun);
            if *next != record.stream_offset {
                // A filter left out the bytes in between, which may end within a character.
                *decoder = reader.decoder_at(record, encoding);
            }
            *next = record.stream_offset.saturating_add(record.len.into());
            decoder
        };
        let mut text = String::new();
        data.parts(&mut |part| {
            text.clear();
            decoder.feed_text(part, &mut text);
            each(&text)
        })?;
        if stands_alone {
            text.clear();
            decoder.finish_text(&mut text);
            each(&text)?;
        }
        Ok(())
    }

    /// Ends the streams of a peer that left.
    pub fn end(&mut self, peer: PeerId) -> Tails {
        let mut tails = Tails::default();
        for (direction, tail) in [(Direction::Received, &mut tails.received), (Direction::Sent, &mut tails.sent)] {
            if let Some((mut decoder, _)) = self.decoders.remove(&(peer, direction)) {
                decoder.finish_text(tail);
            }
        }
        tails
    }
}

/// Passes the bytes as lower-case hex without spaces to `each`, in parts.
pub(super) fn hex_parts(data: &Data<'_>, each: &mut dyn FnMut(&str) -> Result<(), SaveError>) -> Result<(), SaveError> {
    data.parts(&mut |part| each(&crate::codec::hex::lower(part)))
}
