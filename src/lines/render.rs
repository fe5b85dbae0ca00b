//! Rows of one record.

use super::block::{BLOCK_BYTES, Block};
use super::{Cell, EventIcon, Place, Row, RowKind, View, ViewConfig, ViewMode, dump, text};
use crate::capture::{ReadError, Record, RecordKind, SessionNote};
use crate::model::{Direction, PeerId};
use std::ops::Range;
use std::sync::Arc;

/// What can be shown at one moment.
pub(super) struct Span {
    /// First record.
    pub(super) first: u64,
    /// Behind the last record.
    pub(super) end: u64,
    /// The first record is the oldest one left of more.
    cut: bool,
}

/// A record to show.
pub(super) struct Item {
    /// Its number.
    pub(super) number: u64,
    /// An `Evicted` row stands above it.
    pub(super) cut: bool,
    /// It was evicted since the span was taken.
    pub(super) evicted: bool,
    record: Option<Record>,
    /// Why it cannot be shown.
    broken: Option<String>,
}

impl Item {
    /// The record, where it has payload that can be shown.
    pub(super) fn payload(&self) -> Option<Record> {
        self.record.filter(|record| self.broken.is_none() && record.kind == RecordKind::Data && record.len > 0)
    }

    /// Parts that are laid out on their own.
    pub(super) fn parts(&self, config: &ViewConfig) -> u32 {
        match self.payload() {
            Some(record) if config.mode == ViewMode::Text => Block::count(record.len),
            _ => 1,
        }
    }

    /// It is there and cannot be shown.
    pub(super) fn is_broken(&self) -> bool {
        self.broken.is_some()
    }

    fn direction(&self) -> Direction {
        self.record.and_then(|record| record.direction).unwrap_or(Direction::Received)
    }
}

impl View {
    /// What can be shown now.
    pub(super) fn span(&self) -> Span {
        let published = self.reader().records();
        let hidden = u64::from(published.start == 0 && self.begins_with_opened());
        let first = published.start.max(self.from).max(hidden);
        let cut = published.start > 0 && first == published.start && self.reader().evicted().1 > 0;
        Span { first, end: published.end.min(self.records.until).max(first), cut }
    }

    /// The record of a first opening says nothing that what came of it, right below, would not say.
    fn begins_with_opened(&self) -> bool {
        if let Some(known) = self.begins_with_opened.get() {
            return *known;
        }
        let Ok(record) = self.reader().record(0) else { return false };
        *self.begins_with_opened.get_or_init(|| record.kind == RecordKind::Opened)
    }

    /// A record of the span.
    pub(super) fn item(&mut self, span: &Span, number: u64) -> Item {
        let cut = span.cut && number == span.first;
        // A cached record may have been evicted since.
        let found = match self.records.get(number) {
            Ok(_) if number < self.reader().records().start => Err(ReadError::Evicted(number)),
            found => found,
        };
        match found {
            Ok(record) => {
                let broken = if record.from_file { self.why_unavailable(&record) } else { None };
                Item { number, cut, evicted: false, record: Some(record), broken }
            }
            Err(error) => {
                let evicted = matches!(error, ReadError::Evicted(_));
                Item { number, cut, evicted, record: None, broken: Some(error.to_string()) }
            }
        }
    }

    /// Asked anew each time: the file may change while it is looked at.
    fn why_unavailable(&self, record: &Record) -> Option<String> {
        let mut probe = Vec::new();
        self.reader().payload(record, 0..1, &mut probe).err().map(|error| error.to_string())
    }

    /// A laid-out block.
    pub(super) fn block(&mut self, record: &Record, index: u32) -> Result<Arc<Block>, ReadError> {
        let key = (record.number, index);
        if let Some(block) = self.blocks.get(&key).map(|block| Arc::clone(block)) {
            // Unfinished bytes become something else once more has come.
            let stale = match block.waits_for {
                Some(last) => self.streams.next(&mut self.records, &last) != super::stream::Next::Unknown,
                None => false,
            };
            if !stale {
                return Ok(block);
            }
        }
        let mut block = Block::decode(&mut self.records, &mut self.streams, record, index)?;
        match self.config.mode {
            ViewMode::Text => text::lay_out(&mut block, self.config.text_cells),
            ViewMode::Hex | ViewMode::Dump => dump::index_rows(&mut block, index, self.config.bytes_per_row),
        }
        let block = Arc::new(block);
        self.blocks.insert(key, Arc::clone(&block), block.cost());
        Ok(block)
    }

    /// Rows of one part of a record, at least 1.
    pub(super) fn part_rows(&mut self, item: &Item, part: u32) -> u64 {
        let above = u64::from(part == 0 && item.cut);
        let Some(record) = item.payload() else { return above + 1 };
        above + self.data_rows(&record, part) + u64::from(self.invalid_count(&record) > 0)
    }

    fn data_rows(&mut self, record: &Record, part: u32) -> u64 {
        match self.config.mode {
            ViewMode::Hex | ViewMode::Dump => {
                u64::from(record.len.div_ceil(u32::from(self.config.bytes_per_row))).max(1)
            }
            ViewMode::Text => self.block(record, part).map_or(1, |block| u64::try_from(block.rows.len()).unwrap_or(1)),
        }
    }

    /// Invalid bytes for the note below a record; 0 where there is none, or where the record is no text at all.
    fn invalid_count(&mut self, record: &Record) -> u32 {
        if self.config.mode == ViewMode::Hex || record.len > BLOCK_BYTES {
            return 0;
        }
        self.block(record, 0).map_or(0, |block| if block.binary { 0 } else { block.invalid })
    }

    /// Appends rows `range` of a part.
    pub(super) fn render(&mut self, item: &Item, part: u32, range: Range<u64>, rows: &mut Vec<Row>) {
        let above = u64::from(part == 0 && item.cut);
        if above > range.start && range.end > 0 {
            let (bytes, records) = self.reader().evicted();
            rows.push(Row {
                peer: PeerId::NONE,
                address: None,
                ..self.row(item, part, 0, RowKind::Evicted { records, bytes })
            });
        }
        let data = range.start.saturating_sub(above)..range.end.saturating_sub(above);
        if data.is_empty() {
            return;
        }
        let Some(record) = item.payload() else {
            let kind = self.other_kind(item);
            rows.push(self.row(item, part, above, kind));
            return;
        };
        let count = self.data_rows(&record, part);
        let last_part = part + 1 == item.parts(&self.config);
        let kinds = self.data_kinds(&record, part, data.start..data.end.min(count));
        for (index, kind) in (data.start..).zip(kinds) {
            let mut row = self.row(item, part, above + index, kind);
            row.first = part == 0 && index == 0;
            row.last = last_part && index + 1 == count;
            rows.push(row);
        }
        let invalid = self.invalid_count(&record);
        if data.end > count && invalid > 0 {
            let mut row = self.row(item, part, above + count, RowKind::InvalidNote { count: invalid });
            row.first = false;
            rows.push(row);
        }
    }

    /// The frame of a row, first and last of its record.
    fn row(&self, item: &Item, part: u32, index: u64, kind: RowKind) -> Row {
        let peer = item.record.map_or(PeerId::NONE, |record| record.peer);
        Row {
            place: Place::new(self.config.mode, item.number, part, index),
            mode: self.config.mode,
            first: true,
            last: true,
            unix_ns: item.record.map_or(0, |record| record.unix_ns),
            mono_ns: item.record.map_or(0, |record| record.mono_ns),
            peer,
            address: if peer == PeerId::NONE { None } else { self.reader().peer_address(peer) },
            len: item.record.map_or(0, |record| record.len),
            kind,
        }
    }

    /// What a record without payload to show has as its one row.
    fn other_kind(&self, item: &Item) -> RowKind {
        let direction = item.direction();
        match (&item.record, &item.broken) {
            (_, Some(why)) => RowKind::Unavailable { direction, why: why.clone() },
            (Some(record), None) if record.kind != RecordKind::Data => {
                let note = match record.kind {
                    RecordKind::PeerJoined | RecordKind::HalfClosed => None,
                    // An unreadable note leaves the kind, which still tells what happened.
                    _ => self.reader().note(record).ok(),
                };
                RowKind::Event { icon: icon(record.kind, note.as_ref()), note, kind: record.kind }
            }
            _ => RowKind::Empty { direction },
        }
    }

    /// Data rows `range` of a part. Where the payload cannot be read there is one row for each that says why.
    fn data_kinds(&mut self, record: &Record, part: u32, range: Range<u64>) -> Vec<RowKind> {
        let count = usize::try_from(range.end.saturating_sub(range.start)).unwrap_or(0);
        let kinds = match self.config.mode {
            ViewMode::Hex => self.hex_kinds(record, range),
            ViewMode::Dump => range.map(|index| self.dump_kind(record, index)).collect(),
            ViewMode::Text => self.text_kinds(record, part, range),
        };
        let direction = record.direction.unwrap_or(Direction::Received);
        kinds.unwrap_or_else(|error| {
            let why = error.to_string();
            vec![RowKind::Unavailable { direction, why }; count]
        })
    }

    fn hex_kinds(&self, record: &Record, range: Range<u64>) -> Result<Vec<RowKind>, ReadError> {
        let width = u32::from(self.config.bytes_per_row);
        let from = row_offset(range.start, width);
        let mut payload = Vec::new();
        self.reader().payload(record, from..row_offset(range.end, width).min(record.len), &mut payload)?;
        let offsets = (0..).map(|index: u32| from.saturating_add(index.saturating_mul(width)));
        let rows = payload.chunks(usize::from(self.config.bytes_per_row)).zip(offsets);
        Ok(rows.map(|(bytes, offset)| data(record, offset, bytes.to_vec(), Vec::new(), Vec::new())).collect())
    }

    fn dump_kind(&mut self, record: &Record, index: u64) -> Result<RowKind, ReadError> {
        let width = u32::from(self.config.bytes_per_row);
        let from = row_offset(index, width);
        let range = from..from.saturating_add(width).min(record.len);
        let block = self.block(record, from / BLOCK_BYTES)?;
        let row = ((from % BLOCK_BYTES) / width) as usize;
        let bytes = block.slice(range.start, range.end).to_vec();
        let marks = dump::invalid_marks(&block, row, &range);
        Ok(data(record, from, bytes, marks, dump::cells(&block, row, &range)))
    }

    fn text_kinds(&mut self, record: &Record, part: u32, range: Range<u64>) -> Result<Vec<RowKind>, ReadError> {
        let block = self.block(record, part)?;
        let index = |row: u64| usize::try_from(row).unwrap_or(usize::MAX).min(block.rows.len());
        let rows = index(range.start)..index(range.end);
        Ok(rows
            .map(|row| {
                let start = block.rows[row].offset;
                let end = block.rows.get(row + 1).map_or(block.end, |next| next.offset);
                let cells = text::cells(&block, row, self.config.text_cells);
                data(record, start, block.slice(start, end).to_vec(), Vec::new(), cells)
            })
            .collect())
    }
}

fn data(record: &Record, offset: u32, bytes: Vec<u8>, invalid: Vec<bool>, cells: Vec<Cell>) -> RowKind {
    let direction = record.direction.unwrap_or(Direction::Received);
    RowKind::Data { direction, offset, bytes, invalid, cells }
}

/// Offset of a row, clipped to what a record can hold.
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
