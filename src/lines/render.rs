//! Lays out the rows of one record.

use super::block::{BLOCK_BYTES, Block};
use super::folds::Bond;
use super::items::has_note;
use super::{Cell, EventIcon, Fold, FrameParts, Place, Row, RowKind, View, ViewConfig, ViewMode, dump, text};
use crate::capture::items::{Checked, FrameNote, ItemEntry, ItemKind, Source};
use crate::capture::{ReadError, Record, RecordKind, SessionNote};
use crate::codec::Verdict;
use crate::model::{CloseReason, Direction, PeerId};
use std::ops::Range;
use std::sync::Arc;

/// Maximum size in bytes of a frame whose failed check is computed again for display.
const VERIFIED_MAX: u32 = 1 << 20;

/// The visible range at one moment.
pub(super) struct Span {
    /// First item (record if the view has no index).
    pub(super) first: u64,
    /// Number after the last item.
    pub(super) end: u64,
    /// Older items than the first one were evicted.
    cut: bool,
}

/// A record or frame to show.
pub(super) struct Item {
    /// Its number.
    pub(super) number: u64,
    /// An `Evicted` row is shown above it.
    pub(super) cut: bool,
    /// It was evicted after the span was taken.
    pub(super) evicted: bool,
    /// The record of its first byte.
    record: Option<Record>,
    source: Option<Source>,
    /// Its entry in the index.
    entry: Option<ItemEntry>,
    /// Why it cannot be shown.
    broken: Option<ReadError>,
    /// Set for the first item of a run.
    fold: Option<Folded>,
}

/// The run that an item is the first of.
struct Folded {
    fold: Fold,
    bond: Bond,
    /// Failed attempts: the record that describes them.
    failure: Option<Record>,
}

impl Item {
    /// The source of its payload, if it has any that can be shown.
    pub(super) fn payload(&self) -> Option<Source> {
        let source = self.source.as_ref().filter(|_| self.broken.is_none())?;
        (source.record.kind == RecordKind::Data && source.len > 0).then(|| source.clone())
    }

    /// Whether its row represents the parts of a file.
    fn is_folded_file(&self) -> bool {
        self.folded().is_some_and(|run| run.bond == Bond::File)
    }

    /// Its run, if it is folded.
    fn folded(&self) -> Option<&Folded> {
        self.fold.as_ref().filter(|run| !run.fold.is_open)
    }

    /// The next item with its own rows.
    pub(super) fn next(&self) -> u64 {
        self.number.saturating_add(self.folded().map_or(1, |run| run.fold.together))
    }

    /// The payload that is laid out as rows.
    pub(super) fn laid_out(&self) -> Option<Source> {
        if self.is_folded_file() { None } else { self.payload() }
    }

    /// The record of its first byte.
    pub(super) fn record(&self) -> Option<&Record> {
        self.record.as_ref()
    }

    /// Count of parts that are laid out independently.
    pub(super) fn parts(&self, config: &ViewConfig) -> u32 {
        match self.laid_out() {
            Some(source) if config.mode == ViewMode::Text => Block::count(source.len),
            _ => 1,
        }
    }

    /// Whether it exists but cannot be shown.
    pub(super) fn is_broken(&self) -> bool {
        self.broken.is_some()
    }

    fn direction(&self) -> Direction {
        self.record.and_then(|record| record.direction).unwrap_or(Direction::Received)
    }
}

impl View {
    /// The range that can be shown now.
    pub(super) fn span(&self) -> Span {
        let published = self.reader().records();
        let hidden = u64::from(published.start == 0 && self.begins_with_opened());
        let first = published.start.max(self.from).max(hidden);
        let cut = published.start > 0 && first == published.start && self.reader().evicted().1 > 0;
        let end = published.end.max(first);
        match self.items.span(first) {
            Some(items) => Span { first: items.start, end: items.end, cut },
            None => Span { first, end, cut },
        }
    }

    /// Whether record 0 is an `Opened` record, which is hidden because the next record says what came of it.
    pub(super) fn begins_with_opened(&self) -> bool {
        if let Some(known) = self.begins_with_opened.get() {
            return *known;
        }
        let Ok(record) = self.reader().record(0) else { return false };
        *self.begins_with_opened.get_or_init(|| record.kind == RecordKind::Opened)
    }

    /// Whether a brief view hides the item.
    pub(super) fn is_left_out(&mut self, item: &Item) -> bool {
        let Some(record) = item.record.filter(|_| self.is_brief && !item.cut) else { return false };
        match record.kind {
            // A folded run shows its failure.
            _ if item.folded().is_some() => false,
            RecordKind::Opened => true,
            RecordKind::Closed => self.ended_by_the_error_above(&record),
            RecordKind::State => self.is_connect_with_outcome(&record),
            _ => false,
        }
    }

    /// Whether it announces a connect, and the record below says what came of it.
    fn is_connect_with_outcome(&mut self, record: &Record) -> bool {
        self.records.get(record.number + 1).is_ok()
            && self.reader().note(record).is_ok_and(|note| matches!(note, SessionNote::Connecting { .. }))
    }

    fn ended_by_the_error_above(&mut self, closed: &Record) -> bool {
        let above = closed.number.checked_sub(1).and_then(|number| self.records.get(number).ok());
        let by_error = |note: &SessionNote| {
            matches!(note, SessionNote::Closed { reason: CloseReason::Error | CloseReason::Timeout, .. })
        };
        above.is_some_and(|above| above.kind == RecordKind::Error)
            && self.reader().note(closed).is_ok_and(|n| by_error(&n))
    }

    /// An item of the span.
    pub(super) fn item(&mut self, span: &Span, number: u64) -> Item {
        let cut = span.cut && number == span.first;
        let nothing =
            Item { number, cut, evicted: false, record: None, source: None, entry: None, broken: None, fold: None };
        let broken = |nothing: Item, error: &ReadError| Item {
            evicted: matches!(error, ReadError::Evicted(_)),
            broken: Some(error.clone()),
            ..nothing
        };
        let entry = match self.items.index().is_some().then(|| self.items.entry(number)).transpose() {
            Ok(entry) => entry,
            Err(error) => return broken(nothing, &error),
        };
        let nothing = Item { entry, ..nothing };
        let first = entry.map_or(number, |entry| entry.first);
        // A cached record may have been evicted since.
        let found = match self.records.get(first) {
            Ok(_) if first < self.reader().records().start => Err(ReadError::Evicted(first)),
            found => found,
        };
        let record = match found {
            Ok(record) => record,
            Err(error) => return broken(nothing, &error),
        };
        let nothing = Item { record: Some(record), ..nothing };
        let source = match &entry {
            None => Ok(Source::of_record(record)),
            Some(entry) => self.items.source(self.records.reader(), entry, record),
        };
        match source {
            Ok(source) => {
                let broken = if record.from_file { self.why_unavailable(&record) } else { None };
                let fold = self.fold(span, number);
                Item { source: Some(source), broken, fold, ..nothing }
            }
            Err(error) => broken(nothing, &error),
        }
    }

    /// The fold of an item that is the first of a run.
    fn fold(&mut self, span: &Span, number: u64) -> Option<Folded> {
        let run = self.run_at(span, number).filter(|run| run.first == number)?;
        let (records, together) = (run.records, run.together - run.first);
        let (peers, rounds, bytes) = (run.peers.len(), run.rounds, run.bytes);
        let (bond, failure) = (run.bond, run.failure);
        let is_open = self.folds.is_unfolded_at(number);
        Some(Folded { fold: Fold { records, together, rounds, peers, bytes, is_open }, bond, failure })
    }

    /// Checked every time: the file may change while it is viewed.
    fn why_unavailable(&self, record: &Record) -> Option<ReadError> {
        let mut probe = Vec::new();
        self.reader().payload(record, 0..1, &mut probe).err()
    }

    /// Returns a laid-out block, from the cache if possible.
    pub(super) fn block(&mut self, source: &Source, index: u32) -> Result<Arc<Block>, ReadError> {
        let key = (source.key(), index);
        if let Some(block) = self.blocks.get(&key).map(|block| Arc::clone(block)) {
            // Unfinished bytes must be decoded again once more data has arrived.
            let stale = match block.waits_for {
                Some(last) => self.decoders.next(&mut self.records, &last) != super::decoders::Next::Unknown,
                None => false,
            };
            if !stale {
                return Ok(block);
            }
        }
        let mut block = Block::decode(&mut self.records, &mut self.decoders, source, index)?;
        match self.config.mode {
            ViewMode::Text => text::lay_out(&mut block, self.config.text_cells, source.head),
            ViewMode::Hex | ViewMode::Dump => dump::index_rows(&mut block, index),
        }
        let block = Arc::new(block);
        self.blocks.insert(key, Arc::clone(&block), block.cost());
        Ok(block)
    }

    /// Count of rows of one part of a record, at least 1.
    pub(super) fn part_rows(&mut self, item: &Item, part: u32) -> u64 {
        let above = u64::from(part == 0 && item.cut);
        let Some(source) = item.laid_out() else { return above + 1 };
        let notes = u64::from(self.has_frame_note(item, part));
        above + self.data_rows(&source, part) + notes
    }

    fn data_rows(&mut self, source: &Source, part: u32) -> u64 {
        match self.config.mode {
            ViewMode::Hex | ViewMode::Dump => {
                u64::from(source.len.div_ceil(u32::from(self.config.bytes_per_row))).max(1)
            }
            ViewMode::Text => self.block(source, part).map_or(1, |block| u64::try_from(block.rows.len()).unwrap_or(1)),
        }
    }

    /// Appends rows `range` of a part.
    pub(super) fn render(&mut self, item: &Item, part: u32, range: Range<u64>, rows: &mut Vec<Row>) {
        let above = u64::from(part == 0 && item.cut);
        if above > range.start && range.end > 0 {
            let (bytes, records) = self.reader().evicted();
            rows.push(Row {
                peer: PeerId::NONE,
                address: None,
                fold: None,
                ..self.row(item, part, 0, RowKind::Evicted { records, bytes })
            });
        }
        let data = range.start.saturating_sub(above)..range.end.saturating_sub(above);
        if data.is_empty() {
            return;
        }
        let Some(source) = item.laid_out() else {
            let kind = self.other_kind(item);
            rows.push(self.row(item, part, above, kind));
            return;
        };
        let count = self.data_rows(&source, part);
        let last_part = part + 1 == item.parts(&self.config);
        let mut kinds = self.data_kinds(&source, part, data.start..data.end.min(count));
        self.mark_frame(item, &source, &mut kinds);
        for (index, kind) in (data.start..).zip(kinds) {
            let mut row = self.row(item, part, above + index, kind);
            row.first = part == 0 && index == 0;
            row.last = last_part && index + 1 == count;
            row.fold = row.fold.filter(|_| part == 0 && index == 0);
            rows.push(row);
        }
        if data.end <= count {
            return;
        }
        let note = if self.has_frame_note(item, part) { self.frame_note(item, &source) } else { None };
        if let Some(note) = note
            && data.contains(&count)
        {
            let mut row = self.row(item, part, above + count, RowKind::FrameNote(note));
            row.first = false;
            rows.push(row);
        }
    }

    /// Whether a row after this part describes a problem of the frame.
    fn has_frame_note(&self, item: &Item, part: u32) -> bool {
        item.entry.as_ref().is_some_and(has_note) && part + 1 == item.parts(&self.config)
    }

    fn frame_note(&self, item: &Item, source: &Source) -> Option<FrameNote> {
        let entry = item.entry?;
        let check = self.items.index()?.rule().framing.check;
        match (entry.kind, entry.checked) {
            (ItemKind::Junk, _) => Some(FrameNote::Junk(entry.len)),
            (ItemKind::Incomplete, _) => Some(FrameNote::Incomplete),
            (_, Checked::TooShort) => Some(FrameNote::Check { check: check?, verdict: Some(Verdict::TooShort) }),
            (_, Checked::Bad) => {
                let verdict = self.verdict(source).filter(|verdict| !verdict.is_ok());
                Some(FrameNote::Check { check: check?, verdict })
            }
            _ => None,
        }
    }

    fn verdict(&self, source: &Source) -> Option<Verdict> {
        if source.len > VERIFIED_MAX {
            return None;
        }
        let mut frame = Vec::new();
        source.payload(self.reader(), 0..source.len, &mut frame).ok()?;
        self.items.index()?.rule().framing.verify(&frame)
    }

    /// Marks which bytes in the rows of a frame are payload and which are wrong.
    fn mark_frame(&self, item: &Item, source: &Source, kinds: &mut [RowKind]) {
        let Some(entry) = item.entry.filter(|entry| entry.kind == ItemKind::Frame) else { return };
        let payload = u32::from(entry.head)..source.len.saturating_sub(entry.tail.into());
        let wrong = if entry.checked == Checked::Bad { self.wrong_bytes(source) } else { None };
        for kind in kinds {
            if let RowKind::Data { frame, .. } = kind {
                *frame = Some(FrameParts { payload: payload.clone(), wrong: wrong.clone() });
            }
        }
    }

    fn wrong_bytes(&self, source: &Source) -> Option<Range<u32>> {
        let rule = &self.items.index()?.rule().framing;
        let check = rule.check?;
        // The end of the frame determines the length of the checked part, because of the delimiter. Some rules need all of it.
        let needs_all = rule.places_need_all();
        let from = if needs_all { 0 } else { source.len.saturating_sub(64) };
        if source.len - from > VERIFIED_MAX {
            return None;
        }
        let mut bytes = Vec::new();
        source.payload(self.reader(), from..source.len, &mut bytes).ok()?;
        let value = if needs_all {
            rule.value_within(&bytes)?
        } else {
            let checked = rule.checked_within(&bytes)?;
            check.places((source.len as usize).checked_sub(bytes.len() - checked.end)?)?.1
        };
        Some(u32::try_from(value.start).ok()?..u32::try_from(value.end).ok()?)
    }

    /// Builds a row with the properties of its record.
    fn row(&self, item: &Item, part: u32, index: u64, kind: RowKind) -> Row {
        let peer = item.record.map_or(PeerId::NONE, |record| record.peer);
        Row {
            place: Place::new(self.config.mode, item.number, part, index),
            origin: item.record.map_or(item.number, |record| record.number),
            mode: self.config.mode,
            first: true,
            last: true,
            unix_ns: item.record.map_or(0, |record| record.unix_ns),
            mono_ns: item.record.map_or(0, |record| record.mono_ns),
            peer,
            address: if peer == PeerId::NONE { None } else { self.reader().peer_address(peer) },
            len: item.source.as_ref().map_or(0, |source| source.len),
            checked: item.entry.map_or(Checked::Not, |entry| entry.checked),
            sender: item.record.and_then(|record| Some((record.cause(), self.reader().name(&record)?))),
            fold: item.fold.as_ref().map(|run| run.fold.clone()),
            kind,
        }
    }

    /// The content of the only row of a record without payload rows.
    fn other_kind(&self, item: &Item) -> RowKind {
        let direction = item.direction();
        let failure = item.folded().and_then(|run| run.failure);
        match (&failure.or(item.record), &item.broken) {
            (Some(record), missing) if item.is_folded_file() => self.file_sent(item, record, missing.clone()),
            (_, Some(why)) => RowKind::Unavailable { direction, why: why.clone() },
            (Some(record), None) if record.kind != RecordKind::Data => {
                let note = match record.kind {
                    RecordKind::PeerJoined | RecordKind::HalfClosed => None,
                    // If the note is unreadable, the kind still describes the event.
                    _ => self.reader().note(record).ok(),
                };
                RowKind::Event {
                    icon: icon(record.kind, note.as_ref()),
                    note,
                    kind: record.kind,
                    alone: record.is_message(),
                }
            }
            _ => RowKind::Empty { direction },
        }
    }

    /// Represents the parts of a file as one row.
    fn file_sent(&self, item: &Item, record: &Record, missing: Option<ReadError>) -> RowKind {
        let fold = item.fold.as_ref().map(|run| &run.fold);
        let (bytes, peers) = fold.map_or((0, 1), |fold| (fold.bytes, fold.peers as u64));
        let file = self.reader().sent_file(record).map(|(name, size)| (name, size.saturating_mul(peers)));
        // Several files, or the same one repeatedly: name and size of the first one would be wrong.
        let file = file.filter(|(_, total)| bytes <= *total);
        RowKind::FileSent { total: file.as_ref().map(|(_, total)| *total), name: file.map(|(name, _)| name), missing }
    }

    /// Data rows `range` of a part. If the payload cannot be read, each row states the reason.
    fn data_kinds(&mut self, source: &Source, part: u32, range: Range<u64>) -> Vec<RowKind> {
        let count = usize::try_from(range.end.saturating_sub(range.start)).unwrap_or(0);
        let kinds = match self.config.mode {
            ViewMode::Hex => self.hex_kinds(source, range),
            ViewMode::Dump => range.map(|index| self.dump_kind(source, index)).collect(),
            ViewMode::Text => self.text_kinds(source, part, range),
        };
        let direction = source.record.direction.unwrap_or(Direction::Received);
        kinds.unwrap_or_else(|error| vec![RowKind::Unavailable { direction, why: error }; count])
    }

    fn hex_kinds(&self, source: &Source, range: Range<u64>) -> Result<Vec<RowKind>, ReadError> {
        let width = u32::from(self.config.bytes_per_row);
        let from = row_offset(range.start, width);
        let mut payload = Vec::new();
        source.payload(self.reader(), from..row_offset(range.end, width).min(source.len), &mut payload)?;
        let offsets = (0..).map(|index: u32| from.saturating_add(index.saturating_mul(width)));
        let rows = payload.chunks(usize::from(self.config.bytes_per_row)).zip(offsets);
        Ok(rows.map(|(bytes, offset)| data(&source.record, offset, bytes.to_vec(), Vec::new(), Vec::new())).collect())
    }

    fn dump_kind(&mut self, source: &Source, index: u64) -> Result<RowKind, ReadError> {
        let width = u32::from(self.config.bytes_per_row);
        let from = row_offset(index, width);
        let range = from..from.saturating_add(width).min(source.len);
        let (mut bytes, mut marks, mut cells) = (Vec::new(), Vec::new(), Vec::new());
        // Only a width that does not divide the size of a block has rows in two of them.
        for number in range.start / BLOCK_BYTES..=range.end.saturating_sub(1) / BLOCK_BYTES {
            let block = self.block(source, number)?;
            let first = number.saturating_mul(BLOCK_BYTES);
            let end = first.saturating_add(BLOCK_BYTES);
            bytes.extend_from_slice(block.slice(range.start.max(first), range.end.min(end)));
            dump::mark_invalid(&block, number, &range, &mut marks);
            cells.extend(dump::cells(&block, number, &range));
        }
        Ok(data(&source.record, from, bytes, marks, cells))
    }

    fn text_kinds(&mut self, source: &Source, part: u32, range: Range<u64>) -> Result<Vec<RowKind>, ReadError> {
        let block = self.block(source, part)?;
        let index = |row: u64| usize::try_from(row).unwrap_or(usize::MAX).min(block.rows.len());
        let rows = index(range.start)..index(range.end);
        Ok(rows
            .map(|row| {
                let start = block.rows[row].offset;
                let end = block.rows.get(row + 1).map_or(block.end, |next| next.offset);
                let cells = text::cells(&block, row, self.config.text_cells, source.head);
                data(&source.record, start, block.slice(start, end).to_vec(), Vec::new(), cells)
            })
            .collect())
    }
}

fn data(record: &Record, offset: u32, bytes: Vec<u8>, invalid: Vec<bool>, cells: Vec<Cell>) -> RowKind {
    let direction = record.direction.unwrap_or(Direction::Received);
    RowKind::Data { direction, offset, bytes, invalid, cells, frame: None }
}

/// Offset of the first byte of a row, saturating.
fn row_offset(row: u64, width: u32) -> u32 {
    u32::try_from(row.saturating_mul(u64::from(width))).unwrap_or(u32::MAX)
}

fn icon(kind: RecordKind, note: Option<&SessionNote>) -> EventIcon {
    match (kind, note) {
        (RecordKind::PeerJoined, _) | (RecordKind::State, Some(SessionNote::Connected { .. })) => EventIcon::Joined,
        (RecordKind::PeerLeft | RecordKind::HalfClosed | RecordKind::Closed, _) => EventIcon::Left,
        (RecordKind::Error, _) => EventIcon::Error,
        (RecordKind::Warning | RecordKind::ClockJump, _) => EventIcon::Warning,
        (RecordKind::Opened | RecordKind::State | RecordKind::Data, _) => EventIcon::Info,
    }
}
