//! Marks of bytes in a row: outside a frame's payload, invalid character, or failed check.

use crate::codec::hex;
use crate::gui::theme::Tokens;
use crate::lines::FrameParts;
use egui::FontId;
use egui::text::{LayoutJob, TextFormat};
use std::ops::Range;

/// The mark of a byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    Plain,
    /// Header, delimiter or marker of a frame.
    Around,
    Invalid,
    /// The value of a failed check.
    Wrong,
}

/// The mark of each byte of a row.
pub(super) fn marks(offset: u32, count: usize, invalid: &[bool], frame: Option<&FrameParts>) -> Vec<Mark> {
    let mark = |(at, index): (u32, usize)| match frame {
        Some(FrameParts { wrong: Some(wrong), .. }) if wrong.contains(&at) => Mark::Wrong,
        // A length or a checksum is not text in any encoding.
        Some(frame) if !frame.payload.contains(&at) => Mark::Around,
        _ if invalid.get(index).copied().unwrap_or(false) => Mark::Invalid,
        _ => Mark::Plain,
    };
    (offset..).zip(0..count).map(mark).collect()
}

/// Up to eight bytes as `41 BC 00`, marked bytes in their colour.
pub(super) fn hex_job(bytes: &[u8], marks: &[Mark], font: &FontId, t: &Tokens) -> LayoutJob {
    let mut job = LayoutJob { break_on_newline: false, ..LayoutJob::default() };
    let text = hex::spaced_upper(bytes);
    let mark = |index: usize| marks.get(index).copied().unwrap_or(Mark::Plain);
    let mut start = 0;
    for index in 0..bytes.len() {
        if index + 1 == bytes.len() || mark(index + 1) != mark(start) {
            let colour = match mark(start) {
                Mark::Plain => t.text,
                Mark::Around => t.muted,
                Mark::Invalid => t.warning,
                Mark::Wrong => t.error,
            };
            let end = (3 * (index + 1)).min(text.len());
            job.append(text.get(3 * start..end).unwrap_or(""), 0.0, TextFormat::simple(font.clone(), colour));
            start = index + 1;
        }
    }
    job
}

/// Runs of a mark. A run is split at the gap after eight bytes only if it ends there anyway.
pub(super) fn runs(marks: &[Mark], wanted: Mark) -> impl Iterator<Item = Range<usize>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let start = from + marks.get(from..)?.iter().position(|&mark| mark == wanted)?;
        let len = marks[start..].iter().take_while(|&&mark| mark == wanted).count();
        from = start + len;
        Some(start..from)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gui::theme;

    #[test]
    fn runs_of_marks() {
        use Mark::{Invalid, Plain, Wrong};
        let marks = [Plain, Invalid, Invalid, Wrong, Invalid];
        assert_eq!(runs(&marks, Invalid).collect::<Vec<_>>(), [1..3, 4..5]);
        assert_eq!(runs(&marks, Wrong).next(), Some(3..4));
        assert_eq!(runs(&[], Invalid).count(), 0);
        assert_eq!(runs(&[Plain, Plain], Invalid).count(), 0);
    }

    #[test]
    fn header_and_wrong_value_of_a_frame_are_marked() {
        use Mark::{Around, Invalid, Plain, Wrong};
        let frame = FrameParts { payload: 2..6, wrong: Some(6..8) };
        assert_eq!(marks(0, 4, &[], Some(&frame)), [Around, Around, Plain, Plain]);
        assert_eq!(marks(4, 4, &[true], Some(&frame)), [Invalid, Plain, Wrong, Wrong]);
        assert_eq!(marks(0, 2, &[false, true], None), [Plain, Invalid]);
    }

    #[test]
    fn hex_is_cut_into_sections_where_the_colour_changes() {
        let marks = [Mark::Plain, Mark::Invalid, Mark::Plain];
        let job = hex_job(&[1, 2, 3], &marks, &theme::mono(14.0), &theme::LIGHT);
        assert_eq!(job.text, "01 02 03");
        let parts: Vec<_> = job
            .sections
            .iter()
            .map(|s| (&job.text[s.byte_range.start.0..s.byte_range.end.0], s.format.color))
            .collect();
        let (text, amber) = (theme::LIGHT.text, theme::LIGHT.warning);
        assert_eq!(parts, [("01 ", text), ("02 ", amber), ("03", text)]);
        assert_eq!(hex_job(&[7, 8], &[], &theme::mono(14.0), &theme::LIGHT).sections.len(), 1);
    }
}
