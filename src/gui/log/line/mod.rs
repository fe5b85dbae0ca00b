//! One row made ready for painting: pieces of text with their places, kept between frames. (Laid out text itself is not kept here:
//! egui's own cache holds it and knows when its glyphs move.)

mod painting;

use crate::capture::items::FrameNote;
use crate::capture::{ReadError, RecordKind, SessionNote};
use crate::codec::hex;
use crate::gui::icons;
use crate::gui::log::columns::{Columns, DeltaForm};
use crate::gui::log::marks::{Mark, hex_job, marks, runs};
use crate::gui::log::select::Selection;
use crate::gui::log::times::Time;
use crate::gui::log::tint::Tint;
use crate::gui::theme;
use crate::gui::theme::{Tokens, measure};
use crate::gui::widgets::paint::At;
use crate::lines::{Cell, CellStyle, EventIcon, Row, RowKind, ViewMode};
use crate::model::{Direction, PeerId};
use crate::words::{self, Lang};
use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{Color32, FontId, Rect};
use std::ops::Range;

/// What rows are made with.
pub(super) struct Maker<'a> {
    pub(super) columns: &'a Columns,
    pub(super) tokens: &'a Tokens,
    pub(super) lang: Lang,
}

enum Piece {
    /// `room`: width it must keep to (a character of a font that draws it wider than its cells is made smaller).
    Words {
        x: f32,
        anchor: At,
        size: f32,
        job: LayoutJob,
        room: Option<f32>,
    },
    Icon {
        x: f32,
        icon: char,
        filled: bool,
        colour: Color32,
    },
}

/// One row, ready.
pub(super) struct Line {
    pub(super) row: Row,
    /// What it says, as one text: for screen readers and tests.
    pub(super) spoken: String,
    /// Its sentence, which may be cut where it is painted.
    pub(super) words: String,
    pieces: Vec<Piece>,
    /// Grounds of bytes that are invalid or wrong, from x to x.
    pub(super) grounds: Vec<(Range<f32>, Color32)>,
    bar: Color32,
    /// The records and bytes it shows.
    pub(super) origins: Vec<Origin>,
}

/// Bytes of one record in a row.
pub(super) struct Origin {
    pub(super) record: u64,
    /// In its payload.
    pub(super) bytes: Range<u32>,
    /// The first one's place in the item of the row.
    pub(super) at: u32,
}

/// How a row stands now.
pub(super) struct Standing<'a> {
    pub(super) rect: Rect,
    pub(super) hovered: bool,
    pub(super) selection: Option<&'a Selection>,
    /// Bytes that were found, of the record; true: the one the user is at.
    pub(super) hits: &'a [(Range<u32>, bool)],
    /// What highlight rules match.
    pub(super) tint: &'a Tint,
}

/// `16:05:41.240`, local time.
pub(super) fn clock(unix_ns: i64, zone: &jiff::tz::TimeZone) -> String {
    match jiff::Timestamp::from_nanosecond(i128::from(unix_ns)) {
        Ok(stamp) => stamp.to_zoned(zone.clone()).strftime("%H:%M:%S%.3f").to_string(),
        Err(_) => "--:--:--.---".into(),
    }
}

/// `16:05:41.240` in the zone of this machine.
#[must_use]
pub fn clock_here(unix_ns: i64) -> String {
    clock(unix_ns, &jiff::tz::TimeZone::system())
}

impl Maker<'_> {
    /// Makes a row ready.
    pub(super) fn line(&self, row: &Row, time: Option<Time>) -> Line {
        let t = self.tokens;
        let mut line = Line {
            spoken: String::new(),
            words: String::new(),
            pieces: Vec::new(),
            grounds: Vec::new(),
            bar: t.event_bar,
            row: row.clone(),
            origins: Vec::new(),
        };
        if let Some(time) = time {
            self.time(&mut line, &time);
        }
        match &row.kind {
            RowKind::Data { direction, offset, bytes, invalid, cells, frame } => {
                self.record_head(&mut line, *direction);
                // What we sent ourselves is no news: it is not accused of being no text.
                let invalid = if *direction == Direction::Sent { &[] } else { invalid.as_slice() };
                let marks = marks(*offset, bytes.len(), invalid, frame.as_ref());
                self.data(&mut line, *offset, bytes, &marks, cells);
            }
            RowKind::Empty { direction } => {
                self.record_head(&mut line, *direction);
                self.sentence(&mut line, self.columns.note(), words::empty_datagram(self.lang), t.muted);
            }
            RowKind::Unavailable { direction, why } => {
                self.record_head(&mut line, *direction);
                line.bar = t.warning;
                self.note(&mut line, &words::read_error(why, self.lang), t.warning);
            }
            RowKind::FileSent { name, total, missing } => {
                self.record_head(&mut line, Direction::Sent);
                self.file_sent(&mut line, name.as_deref(), *total, missing.as_ref());
            }
            RowKind::FrameNote(note) => {
                let colour = match note {
                    FrameNote::Check { .. } => t.error,
                    FrameNote::Junk(_) => t.warning,
                    FrameNote::Incomplete => t.muted,
                };
                line.bar = colour;
                self.note(&mut line, &words::frame_note(note, self.lang), colour);
            }
            RowKind::Event { icon, note, kind, alone } => self.event(&mut line, *icon, note.as_ref(), (*kind, *alone)),
            RowKind::Evicted { records, bytes } => {
                let words = words::evicted_sentence(*records, *bytes, self.lang);
                line.icon(self.columns.arrow, icons::CLOCK_COUNTER_CLOCKWISE, false, t.muted);
                self.sentence(&mut line, self.columns.peer, &words, t.muted);
            }
        }
        line
    }

    /// When its record was, and how long after something else.
    fn time(&self, line: &mut Line, time: &Time) {
        let t = self.tokens;
        let font = || theme::mono(measure::TEXT);
        say(&mut line.spoken, &time.clock);
        let since = time.since.map(words::since);
        say(&mut line.spoken, since.as_deref().unwrap_or_default());
        let Some(left) = self.columns.time else { return };
        let is_instead = self.columns.delta.is_some_and(|delta| delta.form == DeltaForm::Instead);
        if !is_instead || since.is_none() {
            let colour = if is_instead { t.faint } else { t.time };
            line.words(left, At::Left, one(&time.clock, font(), colour));
        }
        if let (Some(delta), Some(ns), Some(full)) = (self.columns.delta, time.since, since) {
            let words = if delta.form == DeltaForm::Short { words::since_short(ns) } else { full };
            line.words(delta.right, At::Right, one(&words, font(), t.time));
        }
    }

    /// Arrow, peer and length of a record's first row; the bar of all its rows.
    fn record_head(&self, line: &mut Line, direction: Direction) {
        let (t, c) = (self.tokens, self.columns);
        line.bar = t.direction(direction);
        if !line.row.first {
            return;
        }
        let (icon, arrow) = match direction {
            Direction::Received => (icons::ARROW_LEFT, "←"),
            Direction::Sent => (icons::ARROW_RIGHT, "→"),
        };
        line.icon(c.arrow, icon, false, line.bar);
        say(&mut line.spoken, arrow);
        let peer = line.row.peer;
        let folded = line.row.fold.as_ref().filter(|fold| !fold.is_open);
        if let Some(peers) = folded.map(|fold| fold.peers).filter(|peers| *peers > 1) {
            let all = self.lang.texts().to_all_peers(peers);
            say(&mut line.spoken, &all);
            if c.has_peer {
                // Where there is room for a number only.
                let words = if c.has_port { all } else { format!("×{peers}") };
                line.words(c.peer, At::Left, one(&words, theme::ui_font(measure::TEXT_LABEL), t.text));
            }
        } else if c.has_peer && peer != PeerId::NONE {
            let number = format!("#{}", peer.0);
            say(&mut line.spoken, &number);
            let width = number.len() as f32 * crate::gui::log::columns::CELL;
            line.words(c.peer, At::Left, one(&number, theme::mono(measure::TEXT), t.peer(peer)));
            if let Some(address) = line.row.address {
                say(&mut line.spoken, &crate::model::display_address(address));
                let port = format!(":{}", address.port());
                let length = short_len(line.row.len).len() as f32 + 1.0;
                let room = c.length - length * crate::gui::log::columns::CELL - (c.peer + width + 4.0);
                if c.has_port && port.len() as f32 * crate::gui::log::columns::CELL <= room {
                    line.words(c.peer + width + 4.0, At::Left, one(&port, theme::mono(measure::TEXT), t.muted));
                }
            }
        }
        if matches!(line.row.kind, RowKind::FileSent { .. }) {
            return;
        }
        let len = line.row.len.to_string();
        say(&mut line.spoken, &len);
        let len = short_len(line.row.len);
        line.words(c.length, At::Right, one(&len, theme::mono(measure::TEXT), t.muted));
    }

    /// What a file was, for all its records.
    fn file_sent(&self, line: &mut Line, name: Option<&str>, total: Option<u64>, missing: Option<&ReadError>) {
        let bytes = line.row.fold.as_ref().map_or(line.row.len.into(), |fold| fold.bytes);
        let mut words = words::file_sent(name, bytes, total, self.lang);
        let x = self.columns.offset;
        let Some(why) = missing else { return self.sentence(line, x, &words, self.tokens.text) };
        line.bar = self.tokens.warning;
        words += &format!(" · {}", words::read_error(why, self.lang));
        self.sentence(line, x, &words, self.tokens.warning);
    }

    fn data(&self, line: &mut Line, offset: u32, bytes: &[u8], marks: &[Mark], cells: &[Cell]) {
        let (t, c) = (self.tokens, self.columns);
        let font = theme::mono(measure::TEXT);
        if c.mode == ViewMode::Text {
            say(&mut line.spoken, &line.row.content_text());
        } else {
            // An offset says something only where a record has more than one row.
            if !(line.row.first && line.row.last) {
                let words = format!("{offset:04X}");
                say(&mut line.spoken, &words);
                line.words(c.hex - 14.0, At::Right, one(&words, font.clone(), t.faint));
            }
            for (group, first) in bytes.chunks(8).zip((0..).step_by(8)) {
                let marks = marks.get(first..).unwrap_or(&[]);
                line.words(c.byte_x(first), At::Left, hex_job(group, marks, &font, t));
            }
            for (mark, ground) in [(Mark::Invalid, t.warning_ground), (Mark::Wrong, t.error_ground)] {
                let x = |run: Range<usize>| c.byte_x(run.start) - 3.0..c.byte_x(run.end - 1) + 17.0;
                line.grounds.extend(runs(marks, mark).map(|run| (x(run), ground)));
            }
            say(&mut line.spoken, &hex::spaced_upper(bytes));
            let shown: String = cells.iter().map(|cell| cell.text.as_str()).collect();
            say(&mut line.spoken, &shown);
        }
        let is_sent = line.row.direction() == Some(Direction::Sent);
        let mark = |cell: &Cell| {
            let at = cell.bytes.start.saturating_sub(offset) as usize;
            let mark = *marks.get(at).unwrap_or(&Mark::Plain);
            let is_news = cell.style == CellStyle::Invalid && !is_sent && mark == Mark::Plain;
            if is_news { Mark::Invalid } else { mark }
        };
        for cell in cells {
            let ground = match mark(cell) {
                Mark::Invalid => t.warning_ground,
                Mark::Wrong => t.error_ground,
                Mark::Plain | Mark::Around => continue,
            };
            let range = c.cell_x(cell.column)..c.cell_x(cell.column + cell.width);
            match line.grounds.last_mut() {
                // Neighbours share one ground, so that no gap shows between them.
                Some((last, same)) if (last.end - range.start).abs() < 0.1 && *same == ground => last.end = range.end,
                _ => line.grounds.push((range, ground)),
            }
        }
        self.cells(line, cells, &mark, &font);
    }

    /// Runs of half-width characters are one piece, everything else stands in its own cell: only Iosevka keeps the grid by itself.
    fn cells(&self, line: &mut Line, cells: &[Cell], mark: &dyn Fn(&Cell) -> Mark, font: &FontId) {
        let mut run: Option<(u16, u16, LayoutJob)> = None;
        let is_half = |cell: &Cell| {
            cell.text.chars().count() == usize::from(cell.width) && cell.text.chars().all(|c| c.is_ascii() || c == '·')
        };
        for cell in cells {
            let format = TextFormat::simple(font.clone(), self.style(cell.style, mark(cell)));
            match &mut run {
                Some((_, next, job)) if *next == cell.column && is_half(cell) => {
                    job.append(&cell.text, 0.0, format);
                    *next += cell.width;
                    continue;
                }
                _ => {}
            }
            if let Some((column, _, job)) = run.take() {
                line.words(self.columns.cell_x(column), At::Left, job);
            }
            let mut job = LayoutJob { break_on_newline: false, ..LayoutJob::default() };
            job.append(&cell.text, 0.0, format);
            if is_half(cell) {
                run = Some((cell.column, cell.column + cell.width, job));
            } else {
                line.pieces.push(Piece::Words {
                    x: self.columns.cell_x(cell.column),
                    anchor: At::Left,
                    size: measure::TEXT,
                    job,
                    room: Some(f32::from(cell.width) * crate::gui::log::columns::CELL),
                });
            }
        }
        if let Some((column, _, job)) = run {
            line.words(self.columns.cell_x(column), At::Left, job);
        }
    }

    fn style(&self, style: CellStyle, mark: Mark) -> Color32 {
        match (style, mark) {
            (_, Mark::Wrong) => self.tokens.error,
            (CellStyle::Invalid, Mark::Invalid) => self.tokens.warning,
            (CellStyle::Invalid, _) => self.tokens.muted,
            (CellStyle::Faint, _) => self.tokens.faint,
            (CellStyle::Normal, Mark::Around) => self.tokens.muted,
            (CellStyle::Normal, _) => self.tokens.text,
        }
    }

    fn event(&self, line: &mut Line, icon: EventIcon, note: Option<&SessionNote>, (kind, alone): (RecordKind, bool)) {
        let (t, c) = (self.tokens, self.columns);
        let (icon, colour, bar) = match icon {
            EventIcon::Info => (icons::INFO, t.muted, t.event_bar),
            EventIcon::Joined => (icons::SIGN_IN, t.muted, t.event_bar),
            EventIcon::Left => (icons::SIGN_OUT, t.muted, t.event_bar),
            EventIcon::Error => (icons::X_CIRCLE, t.error, t.error),
            EventIcon::Warning => (icons::WARNING, t.warning, t.warning),
        };
        line.bar = bar;
        line.icon(c.arrow, icon, false, colour);
        let mut x = c.peer;
        let peer = line.row.peer;
        if c.has_peer && peer != PeerId::NONE {
            let number = format!("#{}", peer.0);
            line.words(x, At::Left, one(&number, theme::mono(measure::TEXT), t.peer(peer)));
            say(&mut line.spoken, &number);
            x += number.len() as f32 * crate::gui::log::columns::CELL + 10.0;
        }
        let words = match kind {
            RecordKind::PeerJoined if alone => words::first_heard_sentence(line.row.address, self.lang),
            _ => words::event_sentence(kind, note, line.row.address, self.lang),
        };
        self.sentence(line, x, &words, colour);
    }

    fn sentence(&self, line: &mut Line, x: f32, words: &str, colour: Color32) {
        say(&mut line.spoken, words);
        words.clone_into(&mut line.words);
        let mut job = one(words, theme::ui_font(measure::TEXT_LABEL), colour);
        job.wrap = TextWrapping::truncate_at_width((self.columns.width - x - 16.0).max(1.0));
        line.words(x, At::Left, job);
    }

    /// A problem with a record, at its content.
    fn note(&self, line: &mut Line, words: &str, colour: Color32) {
        let x = self.columns.note();
        let icon = if colour == self.tokens.error { icons::X_CIRCLE } else { icons::WARNING };
        line.icon(x + 7.0, icon, true, colour);
        self.sentence(line, x + 20.0, words, colour);
    }
}

/// A length that leaves room for the peer beside it: as it is up to five digits, above them `262K`, `4.2M`.
fn short_len(len: u32) -> String {
    match len {
        0..=99_999 => len.to_string(),
        100_000..=999_999 => format!("{}K", len / 1000),
        1_000_000..=9_999_999 => format!("{}.{}M", len / 1_000_000, len / 100_000 % 10),
        _ => format!("{}M", len / 1_000_000),
    }
}

fn say(spoken: &mut String, words: &str) {
    if !spoken.is_empty() && !words.is_empty() {
        spoken.push(' ');
    }
    spoken.push_str(words);
}

fn one(words: &str, font: FontId, colour: Color32) -> LayoutJob {
    let mut job = LayoutJob { break_on_newline: false, ..LayoutJob::default() };
    job.append(words, 0.0, TextFormat::simple(font, colour));
    job
}

impl Line {
    fn words(&mut self, x: f32, anchor: At, job: LayoutJob) {
        let size = job.sections.first().map_or(measure::TEXT, |section| section.format.font_id.size);
        self.pieces.push(Piece::Words { x, anchor, size, job, room: None });
    }

    fn icon(&mut self, x: f32, icon: char, filled: bool, colour: Color32) {
        self.pieces.push(Piece::Icon { x, icon, filled, colour });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lengths_are_written_short() {
        let cases = [(0, "0"), (99_999, "99999"), (262_144, "262K"), (4_250_000, "4.2M"), (4_294_967_295, "4294M")];
        for (len, text) in cases {
            assert_eq!(short_len(len), text);
        }
    }

    #[test]
    fn clocks_are_local_with_milliseconds() {
        let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(8));
        assert_eq!(clock(1_700_000_000_123_456_789, &zone), "06:13:20.123");
        assert_eq!(clock(i64::MIN, &jiff::tz::TimeZone::UTC), "00:12:43.145");
    }
}
