//! One row prepared for painting: pieces of text with their positions, cached between frames. (Text layouts are cached by egui,
//! which knows when its glyphs move.)

pub(super) mod cells;
mod painting;

use crate::capture::items::FrameNote;
use crate::capture::{ReadError, RecordKind, SessionNote};
use crate::gui::icons;
use crate::gui::log::columns::{COLUMNS, Columns, FOLD_ROOM, Of};
use crate::gui::log::marks::{Mark, marks};
use crate::gui::log::select::Selection;
use crate::gui::log::times::Time;
use crate::gui::log::tint::Tint;
use crate::gui::theme;
use crate::gui::theme::{Tokens, measure};
use crate::gui::widgets::paint::At;
use crate::lines::{EventIcon, Row, RowKind};
use crate::model::{Direction, PeerId};
use crate::settings::LogColumn;
use crate::words::{self, Lang};
use cells::Ink;
use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{Color32, FontId, Rect};
use std::ops::Range;

/// The inputs for preparing rows.
pub(super) struct Maker<'a> {
    pub(super) columns: &'a Columns,
    pub(super) tokens: &'a Tokens,
    pub(super) lang: Lang,
}

enum Piece {
    /// `room`: maximum width. A character of a font that draws it wider than its cells is shrunk.
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

/// A prepared row.
pub(super) struct Line {
    pub(super) row: Row,
    /// Its whole text, for screen readers and tests.
    pub(super) spoken: String,
    /// Its sentence, which may be truncated when painted.
    pub(super) words: String,
    pieces: Vec<Piece>,
    /// Backgrounds of invalid or wrong bytes, from x to x.
    pub(super) grounds: Vec<(Range<f32>, Color32)>,
    bar: Color32,
    /// It shows time, direction, peer and length of its record.
    has_head: bool,
    /// The time since an earlier record in ns, if it is shown.
    pub(super) since: Option<u64>,
    /// It has contents in the summary column.
    pub(super) has_summary: bool,
    /// Its text continues beyond the right edge.
    pub(super) is_cut: bool,
    /// Its records and bytes.
    pub(super) origins: Vec<Origin>,
}

/// Bytes of one record in a row.
pub(super) struct Origin {
    pub(super) record: u64,
    /// Range in the payload of the record.
    pub(super) bytes: Range<u32>,
    /// Offset of the first byte in the item of the row.
    pub(super) at: u32,
}

/// The current state of a row.
pub(super) struct Standing<'a> {
    pub(super) rect: Rect,
    pub(super) hovered: bool,
    pub(super) selection: Option<&'a Selection>,
    /// Ranges of hits in the record; true: the current hit.
    pub(super) hits: &'a [(Range<u32>, bool)],
    /// The matches of highlight rules.
    pub(super) tint: &'a Tint,
}

impl Maker<'_> {
    /// Prepares a row. `is_top`: the first visible row, which shows the data of its record even if the record starts above.
    pub(super) fn line(&self, row: &Row, time: Option<&Time>, is_top: bool) -> Line {
        let t = self.tokens;
        let mut line = Line {
            spoken: String::new(),
            words: String::new(),
            pieces: Vec::new(),
            grounds: Vec::new(),
            bar: t.event_bar,
            has_head: row.first || is_top && matches!(row.kind, RowKind::Data { .. }),
            since: None,
            has_summary: false,
            is_cut: false,
            row: row.clone(),
            origins: Vec::new(),
        };
        if let Some(direction) = row.direction() {
            line.bar = t.direction(direction);
        }
        match &row.kind {
            RowKind::Data { direction, offset, bytes, invalid, frame, .. } => {
                // Invalid text is not marked in sent data, because the user has chosen these bytes.
                let invalid = if *direction == Direction::Sent { &[] } else { invalid.as_slice() };
                let marks = marks(*offset, bytes.len(), invalid, frame.as_ref());
                self.columns(&mut line, time, &marks, Of::Bytes);
                if line.has_head && self.columns.span(LogColumn::Summary).is_none() {
                    cells::sender_behind(self, &mut line);
                }
            }
            RowKind::Empty { .. } => {
                self.columns(&mut line, time, &[], Of::Record);
                self.sentence(&mut line, self.columns.note(), words::empty_datagram(self.lang), t.muted);
            }
            RowKind::Unavailable { why, .. } => {
                self.columns(&mut line, time, &[], Of::Record);
                line.bar = t.warning;
                self.note(&mut line, &words::read_error(why, self.lang), t.warning);
            }
            RowKind::FileSent { name, total, missing } => {
                self.columns(&mut line, time, &[], Of::Record);
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
            RowKind::Event { icon, note, kind, alone } => {
                self.columns(&mut line, time, &[], Of::Every);
                self.event(&mut line, *icon, note.as_ref(), (*kind, *alone));
            }
            RowKind::Evicted { records, bytes } => {
                let words = words::evicted_sentence(*records, *bytes, self.lang);
                line.icon(self.columns.arrow(), icons::CLOCK_COUNTER_CLOCKWISE, false, t.muted);
                self.sentence(&mut line, self.columns.words(), &words, t.muted);
            }
        }
        line
    }

    /// Fills the columns that have contents in a row of this kind.
    fn columns(&self, line: &mut Line, time: Option<&Time>, marks: &[Mark], of: Of) {
        for column in COLUMNS.iter().filter(|column| column.of <= of) {
            // The continuation rows of a record show only bytes.
            let is_shown = line.has_head || column.of == Of::Bytes;
            if let Some(span) = self.columns.span(column.id).filter(|_| is_shown) {
                (column.cell)(&mut Ink { maker: self, line: &mut *line, time, marks, span });
            }
        }
    }

    /// Adds the description of a sent file, for all its records.
    fn file_sent(&self, line: &mut Line, name: Option<&str>, total: Option<u64>, missing: Option<&ReadError>) {
        let bytes = line.row.fold.as_ref().map_or(line.row.len.into(), |fold| fold.bytes);
        let mut words = words::file_sent(name, bytes, total, self.lang);
        let x = self.columns.sentence();
        let Some(why) = missing else { return self.sentence(line, x, &words, self.tokens.text) };
        line.bar = self.tokens.warning;
        words += &format!(" · {}", words::read_error(why, self.lang));
        self.sentence(line, x, &words, self.tokens.warning);
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
        line.icon(c.arrow(), icon, false, colour);
        let mut x = c.words();
        let peer = line.row.peer;
        if c.span(LogColumn::Peer).is_some() && peer != PeerId::NONE {
            let number = format!("#{}", peer.0);
            line.words(x, At::Left, one(&number, theme::mono(measure::TEXT), t.peer(peer)));
            say(&mut line.spoken, &number);
            x += number.len() as f32 * crate::gui::log::columns::CELL + 10.0;
        }
        let mut words = match kind {
            RecordKind::PeerJoined if alone => words::first_heard_sentence(line.row.address, self.lang),
            _ => words::event_sentence(kind, note, line.row.address, self.lang),
        };
        if line.row.fold.is_some() {
            x += FOLD_ROOM;
        }
        if let Some(fold) = line.row.fold.as_ref().filter(|fold| !fold.is_open) {
            words += &self.lang.texts().tried(fold.rounds);
        }
        self.sentence(line, x, &words, colour);
    }

    fn sentence(&self, line: &mut Line, x: f32, words: &str, colour: Color32) {
        say(&mut line.spoken, words);
        words.clone_into(&mut line.words);
        let mut job = one(words, theme::ui_font(measure::TEXT_LABEL), colour);
        job.wrap = TextWrapping::truncate_at_width((self.columns.width - x - 16.0).max(1.0));
        line.words(x, At::Left, job);
    }

    /// Adds a note about a problem with a record, at its contents.
    fn note(&self, line: &mut Line, words: &str, colour: Color32) {
        let x = self.columns.note();
        let icon = if colour == self.tokens.error { icons::X_CIRCLE } else { icons::WARNING };
        line.icon(x + 7.0, icon, true, colour);
        self.sentence(line, x + 20.0, words, colour);
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
