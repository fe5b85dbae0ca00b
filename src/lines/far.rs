//! Where characters begin is known from too far back to look for while a screen is laid out: a job looks, and tells the view.

use crate::capture::CaptureReader;
use crate::capture::items::{Source, SourceKey};
use crate::codec::{Encoding, StreamDecoder};
use std::collections::VecDeque;

/// States that are told of one look at most: the nearest ones.
const STATES_TOLD: usize = 8192;
/// Bytes of a frame that are looked at together.
const WINDOW: u32 = 64 << 10;

/// A record (or a frame) and a place in it; `u32::MAX` = its end.
pub(super) type StateKey = (SourceKey, u32);

/// The key of a place in a record.
pub(super) fn record_key(record: u64, offset: u32) -> StateKey {
    ((record, 0, u32::MAX), offset)
}

/// The key of a place in a record or frame.
pub(super) fn key_of(source: &Source, offset: u32) -> StateKey {
    if source.is_frame {
        return (source.key(), offset);
    }
    record_key(source.record.number, if offset >= source.record.len { u32::MAX } else { offset })
}

/// A place whose decoder is wanted.
#[derive(Clone, Debug)]
pub struct FarLook {
    pub(super) reader: CaptureReader,
    pub(super) encoding: Encoding,
    pub(super) source: Source,
    pub(super) offset: u32,
}

/// What a look has found.
#[derive(Clone, Debug)]
pub struct FarStates {
    pub(super) encoding: Encoding,
    pub(super) states: VecDeque<(StateKey, StreamDecoder)>,
}

impl FarLook {
    /// Looks as far back as it takes. `None`: `go_on` said no.
    #[must_use]
    pub fn run(&self, go_on: &mut dyn FnMut() -> bool) -> Option<FarStates> {
        let mut states = VecDeque::new();
        let mut keep = |key, decoder: &StreamDecoder| {
            if states.len() >= STATES_TOLD {
                states.pop_front();
            }
            states.push_back((key, decoder.clone()));
        };
        let decoder = if self.source.is_frame {
            self.within_frame(&mut keep, go_on)?
        } else {
            let mut on_state = |record, offset, decoder: &StreamDecoder| keep(record_key(record, offset), decoder);
            self.reader.decoder_before(&self.source.record, self.offset, self.encoding, &mut on_state, go_on)?
        };
        keep(key_of(&self.source, self.offset), &decoder);
        Some(FarStates { encoding: self.encoding, states })
    }

    /// Within a frame, before which nothing is.
    fn within_frame(
        &self,
        keep: &mut dyn FnMut(StateKey, &StreamDecoder),
        go_on: &mut dyn FnMut() -> bool,
    ) -> Option<StreamDecoder> {
        let mut bytes = Vec::new();
        let mut decoder = StreamDecoder::new(self.encoding);
        let mut at = self.offset;
        while at > 0 {
            if !go_on() {
                return None;
            }
            let from = at.saturating_sub(WINDOW);
            bytes.clear();
            if self.source.payload(&self.reader, from..at, &mut bytes).is_err() {
                return Some(decoder);
            }
            if let Some(back) = self.encoding.resync(&bytes, at.into()) {
                at -= u32::try_from(back).unwrap_or(0).min(at);
                break;
            }
            at = from;
        }
        while at < self.offset {
            if !go_on() {
                return None;
            }
            let next = (at - at % WINDOW).saturating_add(WINDOW).min(self.offset);
            bytes.clear();
            if self.source.payload(&self.reader, at..next, &mut bytes).is_err() {
                return Some(decoder);
            }
            decoder.skip(&bytes);
            at = next;
            if at.is_multiple_of(CaptureReader::STATE_BYTES) {
                keep((self.source.key(), at), &decoder);
            }
        }
        Some(decoder)
    }
}
