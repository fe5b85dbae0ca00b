//! Tests of the room with captures created by the real writer.

mod borders;
mod copying;
mod elapsed;
mod far;
mod folding;
mod follow;
mod items;
mod layout;
mod properties;
mod saving;
mod story;
mod streams;
mod walking;

use super::{Cell, CellStyle, Place, Row, RowKind, View, ViewConfig, ViewMode};
use crate::capture::{
    CaptureOptions, CaptureReader, CaptureWriter, Marks, NewRecord, Payload, RecordKind, SessionNote,
};
use crate::codec::Encoding;
use crate::model::{Direction, PeerId};
use std::net::SocketAddr;
use tempfile::TempDir;

/// A capture being recorded.
struct Tape {
    folder: TempDir,
    writer: CaptureWriter,
    /// Marks of the data records.
    marks: Marks,
}

impl Tape {
    fn with_limit(endpoint: &str, limit_bytes: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = CaptureOptions { limit_bytes, ..CaptureOptions::default() };
        let writer = CaptureWriter::create(folder.path(), &endpoint.parse().unwrap(), options).unwrap();
        let marks = if endpoint.starts_with("udp") { Marks::MESSAGE } else { Marks::default() };
        Self { folder, writer, marks }
    }

    fn tcp() -> Self {
        Self::with_limit("tcp://127.0.0.1:5000", 4 << 30)
    }

    fn udp() -> Self {
        Self::with_limit("udp://127.0.0.1:5000", 4 << 30)
    }

    fn peer(&mut self, port: u16) -> PeerId {
        self.writer.add_peer(SocketAddr::from(([127, 0, 0, 1], port))).unwrap()
    }

    fn append(&mut self, kind: RecordKind, direction: Option<Direction>, peer: PeerId, payload: &[u8]) -> u64 {
        let record = NewRecord { kind, direction, peer, payload: Payload::Bytes(payload), marks: self.marks };
        self.writer.append(&record).unwrap()
    }

    fn received(&mut self, peer: PeerId, payload: &[u8]) -> u64 {
        self.append(RecordKind::Data, Some(Direction::Received), peer, payload)
    }

    fn sent(&mut self, peer: PeerId, payload: &[u8]) -> u64 {
        self.append(RecordKind::Data, Some(Direction::Sent), peer, payload)
    }

    fn event(&mut self, kind: RecordKind, peer: PeerId, note: Option<&SessionNote>) -> u64 {
        let json = note.map(|note| serde_json::to_vec(note).unwrap()).unwrap_or_default();
        self.append(kind, None, peer, &json)
    }

    fn reader(&mut self) -> CaptureReader {
        self.writer.flush().unwrap();
        self.writer.reader()
    }

    fn view(&mut self, config: ViewConfig) -> View {
        View::new(self.reader(), config, 0)
    }
}

fn text(encoding: Encoding, cells: u16) -> ViewConfig {
    ViewConfig { mode: ViewMode::Text, encoding, bytes_per_row: 16, text_cells: cells }
}

fn hex(bytes_per_row: u16) -> ViewConfig {
    ViewConfig { mode: ViewMode::Hex, encoding: Encoding::UTF_8, bytes_per_row, text_cells: 80 }
}

fn dump(encoding: Encoding, bytes_per_row: u16) -> ViewConfig {
    ViewConfig { mode: ViewMode::Dump, encoding, bytes_per_row, text_cells: 80 }
}

fn all_rows(view: &mut View) -> Vec<Row> {
    view.rows(view.start(), 1_000_000)
}

/// The contents of all rows.
fn contents(view: &mut View) -> Vec<String> {
    all_rows(view).iter().map(Row::content_text).collect()
}

fn cells_of(row: &Row) -> &[Cell] {
    match &row.kind {
        RowKind::Data { cells, .. } => cells,
        _ => &[],
    }
}

fn bytes_of(row: &Row) -> &[u8] {
    match &row.kind {
        RowKind::Data { bytes, .. } => bytes,
        _ => &[],
    }
}

fn invalid_of(row: &Row) -> &[bool] {
    match &row.kind {
        RowKind::Data { invalid, .. } => invalid,
        _ => &[],
    }
}

/// Column, text and style of each cell.
fn sketch(row: &Row) -> Vec<(u16, &str, CellStyle)> {
    cells_of(row).iter().map(|cell| (cell.column, cell.text.as_str(), cell.style)).collect()
}

/// The rows of one record in a new view.
fn fresh_rows(reader: &CaptureReader, config: ViewConfig, record: u64) -> Vec<Row> {
    let mut view = View::new(reader.clone(), config, 0);
    let rows = view.rows(Place { record, row: 0 }, 10_000);
    rows.into_iter().filter(|row| row.place.record == record).collect()
}

/// Converts a place to a fraction and back.
fn there_and_back(view: &mut View, place: Place) -> Place {
    let fraction = view.fraction(place);
    view.at(fraction)
}

#[test]
fn a_view_can_go_to_a_job() {
    fn sendable<T: Send>() {}
    sendable::<View>();
}
