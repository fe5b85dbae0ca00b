//! Characters across record boundaries: the decoder state at a byte, and the successor of a record.
//!
//! TCP data of one peer and direction is one stream, linked backwards by [`Record::previous`]; each UDP datagram is independent.

use super::cache::Cache;
use super::far::{FarLook, FarStates, StateKey, key_of, record_key};
use super::records::Records;
use crate::capture::items::Source;
use crate::capture::{CaptureReader, Record, RecordKind};
use crate::codec::{Encoding, StreamDecoder};
use crate::model::Direction;

/// Count of cached decoder states, so that continuing where the last layout ended needs no look back.
const STATES: usize = 256;
/// Count of cached decoder states that were found by far searches.
const FAR_STATES: usize = 32 << 10;
/// Count of records whose successor is cached.
const FOLLOWERS: usize = 1024;
/// Bytes of the first look back for a character boundary.
const FIRST_LOOK: usize = 16;
/// Bytes of the last look back.
const LAST_LOOK: usize = 1 << 20;
/// Records that one screen may walk back in total. Each row may belong to another stream, and each step takes one or two reads.
const WALKS_A_SCREEN: usize = 512;
/// Once that is used up, each row may still walk back this many records …
const WALK_RECORDS: usize = 64;
/// … or, if they are very small, as many as contain this many bytes.
const WALK_BYTES: usize = 1 << 10;
/// Maximum count of records searched for the next one of the same stream. No more than [`Records`] caches, since each row may
/// search.
const SEARCH_RECORDS: u64 = 1024;

/// Successor of a record in its stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// The record that continues the stream.
    Record(u64),
    /// The stream has ended: unfinished characters remain unfinished.
    Ended,
    /// None yet, or not within [`SEARCH_RECORDS`].
    Unknown,
}

/// Decoder states and successors for one capture and encoding.
pub(super) struct Decoders {
    encoding: Encoding,
    states: Cache<StateKey, StreamDecoder>,
    /// States found by far searches.
    far: Cache<StateKey, StreamDecoder>,
    /// Far searches are run immediately.
    is_patient: bool,
    /// Otherwise, the far search that is needed.
    wanted: Option<FarLook>,
    /// For each record, how far its successor was searched, and the result.
    followers: Cache<u64, (u64, Next)>,
    /// Records that may still be walked back for this screen.
    walks_left: usize,
}

impl Decoders {
    /// Creates an empty cache for this encoding.
    pub(super) fn new(encoding: Encoding) -> Self {
        Self {
            encoding,
            states: Cache::new(STATES),
            far: Cache::new(FAR_STATES),
            is_patient: false,
            wanted: None,
            followers: Cache::new(FOLLOWERS),
            walks_left: WALKS_A_SCREEN,
        }
    }

    /// Resets the limit of the look back for a new screen, copy or position.
    pub(super) fn begin_screen(&mut self) {
        self.walks_left = WALKS_A_SCREEN;
    }

    /// Enables immediate far searches, for jobs that no user waits for.
    pub(super) fn set_patient(&mut self, is_patient: bool) {
        self.is_patient = is_patient;
    }

    /// Whether far searches are run immediately.
    pub(super) fn is_patient(&self) -> bool {
        self.is_patient
    }

    /// Takes the far search that is needed because part of this screen is a guess.
    pub(super) fn wanted(&mut self) -> Option<FarLook> {
        self.wanted.take()
    }

    /// Adds the result of a far search. Returns true if guesses may be wrong.
    pub(super) fn learn(&mut self, found: FarStates) -> bool {
        if found.encoding != self.encoding {
            return false;
        }
        for (key, decoder) in found.states {
            self.far.insert(key, decoder, 1);
        }
        self.states.clear();
        self.wanted = None;
        true
    }

    /// Caches the decoder that was fed the stream up to `offset` of `source`.
    pub(super) fn remember(&mut self, source: &Source, offset: u32, decoder: StreamDecoder) {
        if !source.is_frame {
            self.states.insert(key_of(source, offset), decoder, 1);
        }
    }

    /// Returns a decoder in the state before byte `offset` of `source`. Looks back at most 1 MiB, over about 512 records in total
    /// per screen plus 64 per row, and never before evicted records. If no character boundary is found there, one is assumed at the
    /// limit until a far search has found it ([`Decoders::wanted`]).
    pub(super) fn state_at(&mut self, records: &mut Records, source: &Source, offset: u32) -> StreamDecoder {
        if source.is_frame {
            return self.state_within(records, source, offset);
        }
        let record = &source.record;
        let key = key_of(source, offset);
        if let Some(state) = self.states.get(&key).or_else(|| self.far.get(&key)) {
            return state.clone();
        }
        let alone = record.is_message();
        let position = if alone { u64::from(offset) } else { record.stream_offset + u64::from(offset) };
        let mut look = LookBack::from(*record, offset, alone);
        let mut wanted = FIRST_LOOK;
        loop {
            let mut known = Known { states: &mut self.states, far: &mut self.far, encoding: self.encoding };
            let base = look.gather(records, &mut known, (wanted, &mut self.walks_left));
            let before = look.bytes();
            let (mut decoder, aligned) = match base {
                Reached::State(state) => (*state, before.len()),
                Reached::Start => (StreamDecoder::new(self.encoding), before.len()),
                Reached::Limit | Reached::Hole => match self.encoding.resync(&before, position) {
                    Some(aligned) => (StreamDecoder::new(self.encoding), aligned),
                    None => {
                        let far = matches!(base, Reached::Limit).then(|| self.look_far(records, source, offset));
                        if let Some(state) = far.flatten() {
                            return state;
                        }
                        (StreamDecoder::new(self.encoding), before.len())
                    }
                },
                Reached::Wanted => match self.encoding.resync(&before, position) {
                    Some(aligned) => (StreamDecoder::new(self.encoding), aligned),
                    None if wanted < LAST_LOOK => {
                        wanted *= 16;
                        continue;
                    }
                    None => match self.look_far(records, source, offset) {
                        Some(state) => return state,
                        None => (StreamDecoder::new(self.encoding), before.len()),
                    },
                },
            };
            decoder.skip(&before[before.len().saturating_sub(aligned)..]);
            return decoder;
        }
    }

    /// Runs a far search, or requests it.
    fn look_far(&mut self, records: &Records, source: &Source, offset: u32) -> Option<StreamDecoder> {
        let look =
            FarLook { reader: records.reader().clone(), encoding: self.encoding, source: source.clone(), offset };
        if !self.is_patient {
            self.wanted.get_or_insert(look);
            return None;
        }
        let mut found = look.run(&mut || true)?;
        let (_, state) = found.states.back()?.clone();
        for (key, decoder) in found.states.drain(..) {
            self.far.insert(key, decoder, 1);
        }
        Some(state)
    }

    /// Like [`Decoders::state_at`] within a frame, which starts with a complete character.
    fn state_within(&mut self, records: &Records, frame: &Source, offset: u32) -> StreamDecoder {
        let mut decoder = StreamDecoder::new(self.encoding);
        let mut wanted = FIRST_LOOK;
        loop {
            let from = offset.saturating_sub(u32::try_from(wanted).unwrap_or(u32::MAX));
            // The nearest cached position.
            let near = offset - offset % CaptureReader::STATE_BYTES;
            for place in [offset, near] {
                if let Some(state) = self.far.get(&key_of(frame, place)).filter(|_| place >= from) {
                    let (mut state, mut bytes) = (state.clone(), Vec::new());
                    if frame.payload(records.reader(), place..offset, &mut bytes).is_ok() {
                        state.skip(&bytes);
                        return state;
                    }
                }
            }
            let mut before = Vec::new();
            if frame.payload(records.reader(), from..offset, &mut before).is_err() {
                return decoder;
            }
            let aligned = match self.encoding.resync(&before, offset.into()) {
                _ if from == 0 => before.len(),
                Some(aligned) => aligned,
                None if wanted < LAST_LOOK => {
                    wanted *= 16;
                    continue;
                }
                None => match self.look_far(records, frame, offset) {
                    Some(state) => return state,
                    None => before.len(),
                },
            };
            decoder.skip(&before[before.len().saturating_sub(aligned)..]);
            return decoder;
        }
    }

    /// Finds the successor of `record` in its stream.
    pub(super) fn next(&mut self, records: &mut Records, record: &Record) -> Next {
        if record.is_message() {
            return Next::Ended;
        }
        let (mut searched, mut next) =
            self.followers.get(&record.number).map_or((record.number + 1, Next::Unknown), |found| *found);
        let end = records.end().min(record.number.saturating_add(1 + SEARCH_RECORDS));
        while next == Next::Unknown && searched < end {
            let Ok(later) = records.get(searched) else { break };
            searched += 1;
            next = follows(record, &later);
        }
        self.followers.insert(record.number, (searched, next), 1);
        next
    }
}

/// What `later` means for the stream of `record`.
fn follows(record: &Record, later: &Record) -> Next {
    let same_peer = later.peer == record.peer;
    match later.kind {
        RecordKind::Data if same_peer && later.direction == record.direction => Next::Record(later.number),
        RecordKind::PeerLeft if same_peer => Next::Ended,
        RecordKind::HalfClosed if same_peer && record.direction == Some(Direction::Received) => Next::Ended,
        RecordKind::Closed => Next::Ended,
        _ => Next::Unknown,
    }
}

/// Why a look back ended.
enum Reached {
    /// Enough bytes were read.
    Wanted,
    /// Start of the stream.
    Start,
    /// A record whose end state is known.
    State(Box<StreamDecoder>),
    /// The limit was reached.
    Limit,
    /// Evicted or unreadable data.
    Hole,
}

/// The known states.
struct Known<'a> {
    states: &'a mut Cache<StateKey, StreamDecoder>,
    far: &'a mut Cache<StateKey, StreamDecoder>,
    encoding: Encoding,
}

impl Known<'_> {
    fn get(&mut self, record: u64, offset: u32) -> Option<Reached> {
        let key = record_key(record, offset);
        let state = self.states.get(&key).or_else(|| self.far.get(&key))?;
        Some(Reached::State(Box::new(state.clone())))
    }
}

/// Bytes of a stream directly before a position, read backwards.
struct LookBack {
    /// Parts, latest first.
    parts: Vec<Vec<u8>>,
    gathered: usize,
    record: Record,
    /// Bytes of `record` that were not read yet.
    left: u32,
    /// The stream starts with this record.
    alone: bool,
    walked: usize,
}

impl LookBack {
    fn from(record: Record, offset: u32, alone: bool) -> Self {
        Self { parts: Vec::new(), gathered: 0, record, left: offset.min(record.len), alone, walked: 0 }
    }

    /// Reads backwards until `wanted` bytes are available.
    fn gather(
        &mut self,
        records: &mut Records,
        known: &mut Known<'_>,
        (wanted, walks_left): (usize, &mut usize),
    ) -> Reached {
        loop {
            if self.left == 0 {
                let Some(previous) = self.record.previous.filter(|_| !self.alone) else {
                    // Or the previous record is too far back for the stored distance.
                    return self.at_border(records, known.encoding).unwrap_or(Reached::Start);
                };
                if let Some(state) = known.get(previous, u32::MAX) {
                    return state;
                }
                if let Some(border) = self.at_border(records, known.encoding) {
                    return border;
                }
                if self.gathered >= wanted {
                    return Reached::Wanted;
                }
                let Ok(record) = records.get(previous) else { return Reached::Hole };
                let is_near = self.walked < WALK_RECORDS || self.gathered < WALK_BYTES;
                if !is_near {
                    let Some(left) = walks_left.checked_sub(1) else { return Reached::Limit };
                    *walks_left = left;
                }
                self.walked += 1;
                // Bounds the walk over empty records, which contain no bytes.
                if self.walked > WALKS_A_SCREEN {
                    return Reached::Limit;
                }
                self.record = record;
                self.left = record.len;
                continue;
            }
            if self.gathered >= wanted {
                return Reached::Wanted;
            }
            if self.left < self.record.len
                && self.left.is_multiple_of(CaptureReader::STATE_BYTES)
                && let Some(state) = known.get(self.record.number, self.left)
            {
                return state;
            }
            // No further than to the next position whose state may be known.
            let step = (self.left - 1) % CaptureReader::STATE_BYTES + 1;
            let count = self.left.min(step).min(u32::try_from(wanted - self.gathered).unwrap_or(u32::MAX));
            let mut part = Vec::new();
            let read = records.reader().payload(&self.record, self.left - count..self.left, &mut part);
            if read.is_err() || part.len() != count as usize {
                return Reached::Hole;
            }
            self.left -= count;
            self.gathered += part.len();
            self.parts.push(part);
        }
    }

    /// For the first record of its stream in a segment: the state from the stored bytes of the character that it continues.
    fn at_border(&self, records: &Records, encoding: Encoding) -> Option<Reached> {
        let open = records.reader().open_before(&self.record, encoding)?;
        let mut decoder = StreamDecoder::new(encoding);
        decoder.skip(&open);
        Some(Reached::State(Box::new(decoder)))
    }

    fn bytes(&self) -> Vec<u8> {
        self.parts.iter().rev().flatten().copied().collect()
    }
}
