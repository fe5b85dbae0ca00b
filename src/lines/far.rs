//! Character boundaries that are too far back to be found during layout: a job searches for them and reports to the view.

use crate::capture::CaptureReader;
use crate::capture::items::{Source, SourceKey};
use crate::codec::{Encoding, StreamDecoder};
use std::collections::VecDeque;

/// Maximum count of states returned by one search: the nearest ones.
const STATES_MAX: usize = 8192;
/// Bytes of a frame read at once.
const WINDOW: u32 = 64 << 10;

/// A record (or frame) and an offset in it; `u32::MAX` for its end.
pub(super) type StateKey = (SourceKey, u32);

/// The key of a position in a record.
pub(super) fn record_key(record: u64, offset: u32) -> StateKey {
    ((record, 0, u32::MAX), offset)
}

/// The key of a position in a record or frame.
pub(super) fn key_of(source: &Source, offset: u32) -> StateKey {
    if source.is_frame {
        return (source.key(), offset);
    }
    record_key(source.record.number, if offset >= source.record.len { u32::MAX } else { offset })
}

/// A position whose decoder state is needed.
#[derive(Clone, Debug)]
pub struct FarLook {
    pub(super) reader: CaptureReader,
    pub(super) encoding: Encoding,
    pub(super) source: Source,
    pub(super) offset: u32,
}

/// Result of a search.
#[derive(Clone, Debug)]
pub struct FarStates {
    pub(super) encoding: Encoding,
    pub(super) states: VecDeque<(StateKey, StreamDecoder)>,
}

impl FarLook {
    /// Searches as far back as necessary. `None` if `go_on` returned false.
    #[must_use]
    pub fn run(&self, go_on: &mut dyn FnMut() -> bool) -> Option<FarStates> {
        let mut states = VecDeque::new();
        let mut keep = |key, decoder: &StreamDecoder| {
            if states.len() >= STATES_MAX {
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

    /// Searches within a frame, which starts with a complete character.
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
