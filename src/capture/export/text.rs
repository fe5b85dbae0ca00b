//! Decodes payload to text: streams by [`TextStreams`], datagrams and frames each by itself.

use super::SaveError;
use super::walk::Data;
use crate::capture::{CaptureReader, Record, Tails, TextStreams};
use crate::codec::{Encoding, StreamDecoder};
use crate::model::{Direction, PeerId};
use std::collections::HashMap;

/// The decoders of an export.
pub(super) struct Texts<'a> {
    reader: &'a CaptureReader,
    encoding: Encoding,
    streams: TextStreams,
    /// For each stream the offset of the next byte.
    next: HashMap<(PeerId, Direction), u64>,
}

impl<'a> Texts<'a> {
    pub fn new(reader: &'a CaptureReader, encoding: Encoding) -> Self {
        Self { reader, encoding, streams: TextStreams::new(encoding), next: HashMap::new() }
    }

    /// Passes the text that the record completes to `each`, in parts.
    pub fn parts(
        &mut self,
        data: &Data<'_>,
        each: &mut dyn FnMut(&str) -> Result<(), SaveError>,
    ) -> Result<(), SaveError> {
        let record = data.head.record;
        let is_message = record.is_message() || data.head.cut.is_some();
        let mut alone = is_message.then(|| StreamDecoder::new(self.encoding));
        if !is_message {
            self.align(record, data.direction);
        }
        let mut text = String::new();
        data.parts(&mut |part| {
            text.clear();
            match &mut alone {
                Some(decoder) => decoder.feed_text(part, &mut text),
                None => self.streams.feed(record.peer, data.direction, part, &mut text),
            }
            each(&text)
        })?;
        if let Some(mut decoder) = alone {
            text.clear();
            decoder.finish_text(&mut text);
            each(&text)?;
        }
        Ok(())
    }

    /// Prepares the decoder of a stream for its next exported record. A filter may have left out the bytes before it, which may end
    /// within a character.
    fn align(&mut self, record: &Record, direction: Direction) {
        let next = record.stream_offset.saturating_add(record.len.into());
        if self.next.insert((record.peer, direction), next) != Some(record.stream_offset) {
            self.streams.begin(record.peer, direction, self.reader.decoder_at(record, self.encoding));
        }
    }

    /// Ends the streams of a peer that left.
    pub fn end(&mut self, peer: PeerId) -> Tails {
        for direction in [Direction::Received, Direction::Sent] {
            self.next.remove(&(peer, direction));
        }
        self.streams.end(peer)
    }
}

/// Passes the bytes as lower-case hex without spaces to `each`, in parts.
pub(super) fn hex_parts(data: &Data<'_>, each: &mut dyn FnMut(&str) -> Result<(), SaveError>) -> Result<(), SaveError> {
    data.parts(&mut |part| each(&crate::codec::hex::lower(part)))
}
