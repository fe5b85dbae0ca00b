//! The matches of highlight rules in the visible rows. Searched once per screen, in the bytes of those rows and a bounded
//! number of bytes around them in the same record.

use crate::gui::highlights::matcher::Highlighter;
use crate::gui::log::columns::CELL;
use crate::gui::theme::Tokens;
use crate::lines::{BytePlace, Row, RowKind, View};
use crate::model::Direction;
use crate::settings::HighlightColour;
use crate::words::Lang;
use egui::Color32;
use egui::text::LayoutJob;
use std::ops::Range;

/// In a long record the search starts at multiples of this offset, so that matches do not change with every scrolled row.
const BLOCK: u32 = 16 << 10;

/// The tint of one row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Tint {
    /// Byte ranges in its record and their colours; later ones are painted over earlier ones.
    pub(super) bytes: Vec<(Range<u32>, HighlightColour)>,
    /// The colour of the whole row.
    pub(super) row: Option<HighlightColour>,
    /// The titles of the matching rules, for screen readers.
    pub(super) titles: Vec<String>,
}

/// The visible rows that contain bytes of one record.
struct Stretch {
    rows: Range<usize>,
    record: u64,
    direction: Direction,
    bytes: Range<u32>,
    /// The whole payload of the record is visible.
    whole: bool,
}

/// Adds the names of the matching rules to the accessible description of a row.
pub(super) fn describe(ctx: &egui::Context, row: egui::Id, tint: &Tint, lang: Lang) {
    if tint.titles.is_empty() {
        return;
    }
    let words = lang.texts().highlighted(&tint.titles.join(", "));
    ctx.accesskit_node_builder(row, |node| node.set_description(words));
}

/// Recolours text that is hard to read on a highlight (faint or warning colour): text on a highlight gets the text colour, text
/// on a hit gets the colour of hits.
pub(super) fn make_readable(job: &mut LayoutJob, x: f32, [tinted, found]: &[Vec<Range<f32>>; 2], t: &Tokens) {
    let pale = |colour: Color32| colour == t.faint || colour == t.muted || colour == t.warning;
    let is_pale = || job.sections.iter().any(|section| pale(section.format.color));
    if found.is_empty() && (tinted.is_empty() || !is_pale()) {
        return;
    }
    let mut readable =
        LayoutJob { wrap: job.wrap.clone(), break_on_newline: job.break_on_newline, ..LayoutJob::default() };
    let mut left = x;
    for section in &job.sections {
        let words = job.text.get(section.byte_range.start.0..section.byte_range.end.0).unwrap_or("");
        for cell in words.chars() {
            let middle = left + CELL / 2.0;
            let mut format = section.format.clone();
            if found.iter().any(|ground| ground.contains(&middle)) {
                format.color = t.hit_text;
            } else if pale(format.color) && tinted.iter().any(|ground| ground.contains(&middle)) {
                format.color = t.text;
            }
            readable.append(cell.encode_utf8(&mut [0; 4]), 0.0, format);
            left += CELL;
        }
    }
    *job = readable;
}

/// The tint of each row.
pub(super) fn tints(highlighter: &Highlighter, view: &mut View, rows: &[&Row]) -> Vec<Tint> {
    let mut tints = vec![Tint::default(); rows.len()];
    for stretch in stretches(rows) {
        let (first, bytes) = window(highlighter, view, rows, &stretch);
        let within = |offset: u32| (offset.saturating_sub(first) as usize).min(bytes.len());
        // The context is only used for look-behind.
        let start = if first == 0 { 0 } else { highlighter.context().min(bytes.len()) };
        let part = within(stretch.bytes.start)..within(stretch.bytes.end);
        for mark in highlighter.marks(&bytes, (first, start), &part, stretch.direction) {
            let offset = |at: usize| first.saturating_add(u32::try_from(at).unwrap_or(u32::MAX));
            let found = offset(mark.bytes.start)..offset(mark.bytes.end);
            for (tint, row) in tints[stretch.rows.clone()].iter_mut().zip(&rows[stretch.rows.clone()]) {
                add(tint, row, &found, highlighter, mark.rule);
            }
        }
    }
    tints
}

/// Adds a match of a rule to a row that contains part of it.
fn add(tint: &mut Tint, row: &Row, found: &Range<u32>, highlighter: &Highlighter, rule: usize) {
    let Some((_, bytes)) = bytes_of(row) else { return };
    if found.start >= bytes.end || found.end <= bytes.start {
        return;
    }
    let (colour, whole_row) = highlighter.look(rule);
    if whole_row {
        tint.row = Some(colour);
    } else {
        tint.bytes.push((found.start.max(bytes.start)..found.end.min(bytes.end), colour));
    }
    let title = highlighter.title(rule);
    if !tint.titles.iter().any(|known| known == title) {
        // The matches of the last rule come first.
        tint.titles.insert(0, title.to_owned());
    }
}

/// Groups the visible rows by record.
fn stretches(rows: &[&Row]) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        let Some((direction, bytes)) = bytes_of(row) else { continue };
        let record = row.place.record;
        match stretches.last_mut() {
            Some(last) if last.record == record && last.bytes.end == bytes.start => {
                last.rows.end = index + 1;
                last.bytes.end = bytes.end;
            }
            _ => stretches.push(Stretch { rows: index..index + 1, record, direction, bytes, whole: false }),
        }
        if let Some(last) = stretches.last_mut() {
            last.whole = last.bytes == (0..row.len);
        }
    }
    stretches
}

fn bytes_of(row: &Row) -> Option<(Direction, Range<u32>)> {
    let RowKind::Data { direction, offset, bytes, .. } = &row.kind else { return None };
    Some((*direction, *offset..offset.saturating_add(u32::try_from(bytes.len()).unwrap_or(u32::MAX))))
}

/// The bytes that decide about a stretch, and the offset of the first one in the record.
fn window(highlighter: &Highlighter, view: &mut View, rows: &[&Row], stretch: &Stretch) -> (u32, Vec<u8>) {
    if stretch.whole {
        let mut bytes = Vec::with_capacity(stretch.bytes.len());
        for row in &rows[stretch.rows.clone()] {
            if let RowKind::Data { bytes: own, .. } = &row.kind {
                bytes.extend_from_slice(own);
            }
        }
        return (0, bytes);
    }
    let (reach, context) = (reach_of(highlighter), u32::try_from(highlighter.context()).unwrap_or(0));
    let block = stretch.bytes.start.saturating_sub(reach) / BLOCK * BLOCK;
    let first = block.saturating_sub(context);
    let end = stretch.bytes.end.saturating_add(reach);
    let place = |offset| BytePlace { record: stretch.record, offset };
    (first, view.copy_bytes(place(first)..place(end), (end - first) as usize).content)
}

fn reach_of(highlighter: &Highlighter) -> u32 {
    u32::try_from(highlighter.reach()).unwrap_or(BLOCK)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::{CaptureOptions, CaptureWriter, NewRecord, Payload};
    use crate::codec::Encoding;
    use crate::lines::{Place, ViewConfig, ViewMode};
    use crate::model::PeerId;
    use crate::settings::{HighlightDirection, HighlightKind, HighlightRule};

    fn rule(kind: HighlightKind, pattern: &str) -> HighlightRule {
        HighlightRule { kind, pattern: pattern.into(), ..HighlightRule::default() }
    }

    /// A view in hex, 16 bytes per row, of records received one after the other.
    fn view(folder: &std::path::Path, records: &[&[u8]]) -> View {
        let endpoint = "tcp://127.0.0.1:8080".parse().unwrap();
        let mut writer = CaptureWriter::create(folder, &endpoint, CaptureOptions::default()).unwrap();
        for bytes in records {
            let data = NewRecord::data(Direction::Received, PeerId(1), Payload::Bytes(bytes));
            writer.append(&data).unwrap();
        }
        writer.flush().unwrap();
        let config = ViewConfig { mode: ViewMode::Hex, encoding: Encoding::UTF_8, bytes_per_row: 16, text_cells: 80 };
        View::new(writer.reader(), config, 0)
    }

    fn tints_at(view: &mut View, rules: &[HighlightRule], place: Place, count: usize) -> Vec<Tint> {
        let highlighter = Highlighter::new(rules.to_vec(), Encoding::UTF_8);
        let rows = view.rows(place, count);
        tints(&highlighter, view, &rows.iter().collect::<Vec<_>>())
    }

    /// For each row the first tinted byte and the byte after the last.
    fn bytes(tints: &[Tint]) -> Vec<Vec<(u32, u32)>> {
        let ends = |tint: &Tint| tint.bytes.iter().map(|(range, _)| (range.start, range.end)).collect();
        tints.iter().map(ends).collect()
    }

    #[test]
    fn a_match_over_the_border_of_two_rows_is_tinted_in_both() {
        let folder = tempfile::tempdir().unwrap();
        let mut view = view(folder.path(), &[b"0123456789abcdeNEEDLEf", b"none", b"a NEEDLE"]);
        let rules = [rule(HighlightKind::Text, "needle")];
        let tints = tints_at(&mut view, &rules, Place { record: 0, row: 0 }, 9);
        assert_eq!(bytes(&tints), [vec![(15, 16)], vec![(16, 21)], vec![], vec![(2, 8)]]);
        assert_eq!(tints[0].titles, ["needle"]);
        // With only the second row visible, the bytes before it are searched too; with only the first one, those after it.
        for (row, expected) in [(1, (16, 21)), (0, (15, 16))] {
            let tints = tints_at(&mut view, &rules, Place { record: 0, row }, 1);
            assert_eq!(bytes(&tints), [[expected]], "row {row}");
        }
    }

    #[test]
    fn matches_end_with_the_record() {
        let folder = tempfile::tempdir().unwrap();
        let mut view = view(folder.path(), &[b"NEE", b"DLE"]);
        let rules = [rule(HighlightKind::Text, "needle")];
        assert_eq!(tints_at(&mut view, &rules, Place { record: 0, row: 0 }, 2), [Tint::default(), Tint::default()]);
    }

    #[test]
    fn only_nearby_bytes_of_a_long_record_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let mut payload = vec![b'.'; 4 << 20];
        let (middle, far) = (2_000_000, 3_000_000_u32);
        payload[middle - 3..middle + 3].copy_from_slice(b"NEEDLE");
        payload[far as usize..far as usize + 6].copy_from_slice(b"NEEDLE");
        payload[0..6].copy_from_slice(b"NEEDLE");
        let mut view = view(folder.path(), &[&payload]);
        let rules = [rule(HighlightKind::Regex, "NEE[A-Z]+|^NEE")];
        let (place, at) = (view.place_of(0, 2_000_000), u32::try_from(middle).unwrap());
        let tints = tints_at(&mut view, &rules, place, 3);
        assert_eq!(bytes(&tints)[0], [(at, at + 3)], "the beginning is in the row above");
        assert!(tints[1..].iter().all(|tint| tint.bytes.is_empty()));
        let highlighter = Highlighter::new(rules.to_vec(), Encoding::UTF_8);
        let rows = view.rows(place, 3);
        let rows: Vec<&Row> = rows.iter().collect();
        let stretch = &stretches(&rows)[0];
        let (first, around) = window(&highlighter, &mut view, &rows, stretch);
        assert!(around.len() <= 3 * BLOCK as usize + 3 * 16 + highlighter.context(), "{}", around.len());
        assert!(first < at - BLOCK && stretch.bytes == (at..at + 48), "{first} {:?}", stretch.bytes);
    }

    #[test]
    fn a_part_of_a_long_record_has_no_start_anchor() {
        let folder = tempfile::tempdir().unwrap();
        let mut view = view(folder.path(), &[&b"ab".repeat(100_000)]);
        let rules = [rule(HighlightKind::Regex, "^(ab)+")];
        let place = view.place_of(0, 100_000);
        assert_eq!(bytes(&tints_at(&mut view, &rules, place, 2)), [[], []]);
        assert_eq!(bytes(&tints_at(&mut view, &rules, Place { record: 0, row: 0 }, 1)), [[(0, 16)]]);
    }

    #[test]
    fn whole_rows_and_directions() {
        let folder = tempfile::tempdir().unwrap();
        let mut view = view(folder.path(), &[b"0123456789abcdefERROR", b"fine"]);
        let row = HighlightRule {
            whole_row: true,
            name: "errors".into(),
            colour: HighlightColour::Red,
            ..rule(HighlightKind::Text, "error")
        };
        let other = HighlightRule { direction: HighlightDirection::Sent, ..rule(HighlightKind::Text, "fine") };
        let tints = tints_at(&mut view, &[row, other], Place { record: 0, row: 0 }, 3);
        assert_eq!(tints.iter().map(|tint| tint.row).collect::<Vec<_>>(), [None, Some(HighlightColour::Red), None]);
        assert_eq!(tints[1].titles, ["errors"]);
        assert!(tints.iter().all(|tint| tint.bytes.is_empty()));
    }

    #[test]
    fn faint_text_on_a_highlight_gets_the_text_colour() {
        let t = &crate::gui::theme::LIGHT;
        let mut job = LayoutJob::default();
        for (text, colour) in [("ab", t.faint), ("cd", t.faint), ("e", t.accent), ("f", t.warning)] {
            job.append(text, 0.0, egui::TextFormat::simple(crate::gui::theme::mono(14.0), colour));
        }
        make_readable(&mut job, 100.0, &[vec![100.0 + 2.0 * CELL..100.0 + 6.0 * CELL], Vec::new()], t);
        let colours: Vec<_> = job.sections.iter().map(|section| section.format.color).collect();
        assert_eq!((job.text.as_str(), colours), ("abcdef", vec![t.faint, t.text, t.accent, t.text]));
    }

    #[test]
    fn the_first_rule_is_painted_over_the_others() {
        let folder = tempfile::tempdir().unwrap();
        let mut view = view(folder.path(), &[b"abc"]);
        let of = |pattern: &str, colour| HighlightRule { colour, ..rule(HighlightKind::Text, pattern) };
        let rules = [of("b", HighlightColour::Green), of("abc", HighlightColour::Blue)];
        let tints = tints_at(&mut view, &rules, Place { record: 0, row: 0 }, 1);
        assert_eq!(tints[0].bytes, [(0..3, HighlightColour::Blue), (1..2, HighlightColour::Green)]);
    }
}
