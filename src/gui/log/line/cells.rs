//! The cells of a row; see [`COLUMNS`](crate::gui::log::columns::COLUMNS).

use super::{Line, Maker, Piece, one, say};
use crate::capture::Cause;
use crate::capture::items::Checked;
use crate::gui::icons;
use crate::gui::log::columns::{CELL, Span};
use crate::gui::log::marks::{Mark, hex_job, runs};
use crate::gui::log::times::Time;
use crate::gui::theme::{self, Tokens, measure};
use crate::gui::widgets::paint::At;
use crate::lines::{Cell, CellStyle, Row, RowKind, ViewMode};
use crate::model::{Direction, PeerId, display_address};
use crate::settings::LogColumn;
use crate::words;
use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{Color32, FontId};
use std::ops::Range;

/// Gap between two words in one column.
const GAP: f32 = 4.0;

/// A row whose cells are being laid out.
pub(in crate::gui::log) struct Ink<'a> {
    pub(super) maker: &'a Maker<'a>,
    pub(super) line: &'a mut Line,
    pub(super) time: Option<&'a Time>,
    /// The mark of each byte of the row.
    pub(super) marks: &'a [Mark],
    /// Position of the column.
    pub(super) span: Span,
}

impl Ink<'_> {
    fn tokens(&self) -> &Tokens {
        self.maker.tokens
    }

    /// Left edge of the length, or right edge of the peer column.
    fn end_of_peer(&self) -> f32 {
        let length = self.maker.columns.span(LogColumn::Length);
        let cells = short_len(self.line.row.len).len() as f32;
        length.map_or(self.span.right, |length| length.right - cells * CELL - 3.0)
    }
}

/// Draws the time of day.
pub(in crate::gui::log) fn time(ink: &mut Ink<'_>) {
    let Some(time) = ink.time else { return };
    say(&mut ink.line.spoken, &time.clock);
    let job = one(&time.clock, theme::mono(measure::TEXT), ink.tokens().time);
    ink.line.words(ink.span.left, At::Left, job);
}

/// Draws the time since an earlier record, with three digits; screen readers get the exact time.
pub(in crate::gui::log) fn delta(ink: &mut Ink<'_>) {
    let Some(ns) = ink.time.and_then(|time| time.since) else { return };
    say(&mut ink.line.spoken, &words::since(ns));
    ink.line.since = Some(ns);
    let job = one(&words::since_short(ns), theme::mono(measure::TEXT), ink.tokens().time);
    ink.line.words(ink.span.right, At::Right, job);
}

/// Draws the direction.
pub(in crate::gui::log) fn arrow(ink: &mut Ink<'_>) {
    let (icon, arrow) = match ink.line.row.direction() {
        Some(Direction::Received) => (icons::ARROW_LEFT, "←"),
        Some(Direction::Sent) => (icons::ARROW_RIGHT, "→"),
        None => return,
    };
    say(&mut ink.line.spoken, arrow);
    ink.line.icon(ink.maker.columns.arrow(), icon, false, ink.line.bar);
}

/// Draws the peer, or the number of peers that received the same data.
pub(in crate::gui::log) fn peer(ink: &mut Ink<'_>) {
    let (row, t, left) = (&ink.line.row, ink.maker.tokens, ink.span.left);
    let room = ink.end_of_peer() - left;
    let folded = row.fold.as_ref().filter(|fold| !fold.is_open);
    if let Some(fold) = folded.filter(|fold| row.peer != PeerId::NONE && (fold.peers > 1 || fold.rounds > 1)) {
        let texts = ink.maker.lang.texts();
        let all = Some(texts.to_all_peers(fold.peers)).filter(|_| fold.peers > 1);
        let rounds = Some(texts.repeated(fold.rounds)).filter(|_| fold.rounds > 1);
        let all = [all, rounds].into_iter().flatten().collect::<Vec<_>>().join(" ");
        let short = format!("×{}", fold.records);
        say(&mut ink.line.spoken, &all);
        let width: f32 = all.chars().map(|c| if c.is_ascii() { 7.5 } else { 13.0 }).sum();
        let words = if width <= room { all } else { short };
        ink.line.words(left, At::Left, one(&words, theme::ui_font(measure::TEXT_LABEL), t.text));
        return;
    }
    let (peer, address) = (row.peer, row.address);
    if peer == PeerId::NONE {
        return;
    }
    let number = format!("#{}", peer.0);
    say(&mut ink.line.spoken, &number);
    let width = number.len() as f32 * CELL + GAP;
    ink.line.words(left, At::Left, one(&number, theme::mono(measure::TEXT), t.peer(peer)));
    let Some(address) = address else { return };
    say(&mut ink.line.spoken, &display_address(address));
    let port = format!(":{}", address.port());
    if ink.maker.columns.fit.has_port && width + port.len() as f32 * CELL <= room {
        ink.line.words(left + width, At::Left, one(&port, theme::mono(measure::TEXT), t.muted));
    }
}

/// Draws the length in bytes.
pub(in crate::gui::log) fn length(ink: &mut Ink<'_>) {
    let len = ink.line.row.len;
    if matches!(ink.line.row.kind, RowKind::FileSent { .. }) {
        return;
    }
    say(&mut ink.line.spoken, &len.to_string());
    let job = one(&short_len(len), theme::mono(measure::TEXT), ink.tokens().muted);
    ink.line.words(ink.span.right, At::Right, job);
}

/// Draws the offset of the row, but only if the record has several rows.
pub(in crate::gui::log) fn offset(ink: &mut Ink<'_>) {
    let RowKind::Data { offset, .. } = ink.line.row.kind else { return };
    if ink.line.row.first && ink.line.row.last {
        return;
    }
    let words = format!("{offset:04X}");
    say(&mut ink.line.spoken, &words);
    let job = one(&words, theme::mono(measure::TEXT), ink.tokens().faint);
    ink.line.words(ink.span.right, At::Right, job);
}

/// Draws the bytes in hex.
pub(in crate::gui::log) fn hex(ink: &mut Ink<'_>) {
    let RowKind::Data { bytes, .. } = &ink.line.row.kind else { return };
    let (bytes, marks, columns, t) = (bytes.clone(), ink.marks, ink.maker.columns, ink.maker.tokens);
    say(&mut ink.line.spoken, &crate::codec::hex::spaced_upper(&bytes));
    let font = theme::mono(measure::TEXT);
    for (group, first) in bytes.chunks(8).zip((0..).step_by(8)) {
        let marks = marks.get(first..).unwrap_or(&[]);
        ink.line.words(columns.byte_x(first), At::Left, hex_job(group, marks, &font, t));
    }
    for (mark, ground) in [(Mark::Invalid, t.warning_ground), (Mark::Wrong, t.error_ground)] {
        let x = |run: Range<usize>| columns.byte_x(run.start) - 3.0..columns.byte_x(run.end - 1) + 17.0;
        ink.line.grounds.extend(runs(marks, mark).map(|run| (x(run), ground)));
    }
}

/// Draws the bytes as text.
pub(in crate::gui::log) fn text(ink: &mut Ink<'_>) {
    let RowKind::Data { offset, cells, .. } = &ink.line.row.kind else { return };
    let (offset, mut cells) = (*offset, cells.clone());
    let is_text = ink.maker.columns.mode == ViewMode::Text;
    let shown = if is_text { ink.line.row.content_text() } else { cells.iter().map(|cell| &*cell.text).collect() };
    say(&mut ink.line.spoken, &shown);
    // An unwrapped line continues beyond the right edge.
    let cut = cells.partition_point(|cell| ink.maker.columns.cell_x(cell.column + cell.width) <= ink.span.right + 28.0);
    if is_text && cut < cells.len() {
        let kept = cells.partition_point(|cell| ink.maker.columns.cell_x(cell.column + cell.width) <= ink.span.right);
        cells.truncate(kept);
        let x = cells.last().map_or(ink.span.left, |cell| ink.maker.columns.cell_x(cell.column + cell.width));
        ink.line.words(x, At::Left, one("…", theme::mono(measure::TEXT), ink.tokens().faint));
        ink.line.is_cut = true;
    }
    let is_sent = ink.line.row.direction() == Some(Direction::Sent);
    let marks = ink.marks;
    let mark = |cell: &Cell| {
        let at = cell.bytes.start.saturating_sub(offset) as usize;
        let mark = *marks.get(at).unwrap_or(&Mark::Plain);
        let is_news = cell.style == CellStyle::Invalid && !is_sent && mark == Mark::Plain;
        if is_news { Mark::Invalid } else { mark }
    };
    grounds(ink, &cells, &mark);
    pieces(ink, &cells, &mark, &theme::mono(measure::TEXT));
}

/// Adds backgrounds behind marked cells. Adjacent cells share one background, so that there is no gap between them.
fn grounds(ink: &mut Ink<'_>, cells: &[Cell], mark: &dyn Fn(&Cell) -> Mark) {
    let (t, c) = (ink.maker.tokens, ink.maker.columns);
    for cell in cells {
        let ground = match mark(cell) {
            Mark::Invalid => t.warning_ground,
            Mark::Wrong => t.error_ground,
            Mark::Plain | Mark::Around => continue,
        };
        let range = c.cell_x(cell.column)..c.cell_x(cell.column + cell.width);
        match ink.line.grounds.last_mut() {
            Some((last, same)) if (last.end - range.start).abs() < 0.1 && *same == ground => last.end = range.end,
            _ => ink.line.grounds.push((range, ground)),
        }
    }
}

/// Adds runs of half-width characters as one piece and every other character as its own: only Iosevka keeps the grid by itself.
fn pieces(ink: &mut Ink<'_>, cells: &[Cell], mark: &dyn Fn(&Cell) -> Mark, font: &FontId) {
    let (columns, t) = (ink.maker.columns, ink.maker.tokens);
    let mut run: Option<(u16, u16, LayoutJob)> = None;
    let is_half = |cell: &Cell| {
        cell.text.chars().count() == usize::from(cell.width) && cell.text.chars().all(|c| c.is_ascii() || c == '·')
    };
    for cell in cells {
        let format = TextFormat::simple(font.clone(), colour(t, cell.style, mark(cell)));
        match &mut run {
            Some((_, next, job)) if *next == cell.column && is_half(cell) => {
                job.append(&cell.text, 0.0, format);
                *next += cell.width;
                continue;
            }
            _ => {}
        }
        if let Some((column, _, job)) = run.take() {
            ink.line.words(columns.cell_x(column), At::Left, job);
        }
        let mut job = LayoutJob { break_on_newline: false, ..LayoutJob::default() };
        job.append(&cell.text, 0.0, format);
        if is_half(cell) {
            run = Some((cell.column, cell.column + cell.width, job));
        } else {
            ink.line.pieces.push(Piece::Words {
                x: columns.cell_x(cell.column),
                anchor: At::Left,
                size: measure::TEXT,
                job,
                room: Some(f32::from(cell.width) * CELL),
            });
        }
    }
    if let Some((column, _, job)) = run {
        ink.line.words(columns.cell_x(column), At::Left, job);
    }
}

fn colour(t: &Tokens, style: CellStyle, mark: Mark) -> Color32 {
    match (style, mark) {
        (_, Mark::Wrong) => t.error,
        (CellStyle::Invalid, Mark::Invalid) => t.warning,
        (CellStyle::Invalid, _) => t.muted,
        (CellStyle::Faint, _) => t.faint,
        (CellStyle::Normal, Mark::Around) => t.muted,
        (CellStyle::Normal, _) => t.text,
    }
}

/// Draws the summary of the record: the result of its check, and what sent it.
pub(in crate::gui::log) fn summary(ink: &mut Ink<'_>) {
    let (texts, t) = (ink.maker.lang.texts(), ink.maker.tokens);
    let sender = ink.line.row.sender.as_ref().map(|(cause, name)| words::sender(*cause, name));
    // A right check of our own frame says nothing beside the name of what sent it.
    let check = match ink.line.row.checked {
        Checked::Not => None,
        Checked::Ok => Some((texts.check_ok(), t.muted)).filter(|_| sender.is_none()),
        Checked::Bad | Checked::TooShort => Some((texts.check_failed(), t.error)),
    };
    let sender = sender.as_deref().map(|sender| (sender, sender_colour(&ink.line.row, t)));
    let mut job = LayoutJob::default();
    for (words, colour) in check.into_iter().chain(sender) {
        say(&mut ink.line.spoken, words);
        let gap = if job.is_empty() { 0.0 } else { GAP * 2.0 };
        job.append(words, gap, TextFormat::simple(theme::ui_font(measure::TEXT_LABEL), colour));
    }
    if job.is_empty() {
        return;
    }
    ink.line.has_summary = true;
    job.wrap = TextWrapping::truncate_at_width((ink.span.right - ink.span.left).max(1.0));
    ink.line.words(ink.span.left, At::Left, job);
}

/// Rules have a colour of their own.
fn sender_colour(row: &Row, t: &Tokens) -> Color32 {
    let is_rule = row.sender.as_ref().is_some_and(|(cause, _)| *cause == Cause::Reply);
    if is_rule { t.wrap_head } else { t.muted }
}

/// Draws what sent the record behind its contents, where there is no room for the summary.
pub(super) fn sender_behind(maker: &Maker<'_>, line: &mut Line) {
    let Some((cause, name)) = &line.row.sender else { return };
    let sender = words::sender(*cause, name);
    say(&mut line.spoken, &sender);
    let x = line.end(maker.columns) + 2.0 * CELL;
    let room = maker.columns.width - x - GAP * 2.0;
    if room >= 6.0 * CELL && !line.is_cut {
        let colour = sender_colour(&line.row, maker.tokens);
        let mut job = one(&sender, theme::ui_font(measure::TEXT_LABEL), colour);
        job.wrap = TextWrapping::truncate_at_width(room);
        line.words(x, At::Left, job);
    }
}

/// A length in at most seven characters: exact up to five digits, then `262 KiB`, `4.1 MiB`.
pub(in crate::gui::log) fn short_len(len: u32) -> String {
    if len <= 99_999 {
        return len.to_string();
    }
    let mut tenths = 0;
    let mut unit = "";
    for (name, divisor) in [("KiB", 1_u64 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30)] {
        tenths = (u64::from(len) * 10 + divisor / 2) / divisor;
        unit = name;
        // Four digits would not fit.
        if tenths < 9995 {
            break;
        }
    }
    if tenths < 100 {
        format!("{}.{} {unit}", tenths / 10, tenths % 10)
    } else {
        format!("{} {unit}", (tenths + 5) / 10)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lengths_are_written_short() {
        for (len, text) in [
            (0, "0"),
            (99_999, "99999"),
            (100_000, "98 KiB"),
            (262_144, "256 KiB"),
            (600_000, "586 KiB"),
            (1_023_000, "999 KiB"),
            (1_023_488, "1.0 MiB"),
            (4_250_000, "4.1 MiB"),
            (10_480_000, "10 MiB"),
            (999_999_999, "954 MiB"),
            (u32::MAX, "4.0 GiB"),
        ] {
            assert_eq!(short_len(len), text);
            assert!(text.len() <= 7);
        }
    }
}
