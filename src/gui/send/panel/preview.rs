//! The bytes to send, each part in its colour.

use crate::codec::hex;
use crate::gui::send::compose::Payload;
use crate::gui::theme;
use crate::gui::theme::{Tokens, measure};
use crate::gui::widgets::paint;
use egui::{Color32, Painter, Rect, pos2, vec2};
use std::ops::Range;

/// Width of a byte: two digits and a space.
pub const BYTE: f32 = 21.0;
/// Width of a digit.
const DIGIT: f32 = 7.0;
/// Maximum number of bytes shown of a part other than the payload.
const PART_MOST: usize = 8;

/// A part of the bytes to send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Head,
    Body,
    /// Bytes of the body that come from a variable.
    Field,
    Check,
    Tail,
}

impl Part {
    /// Colour of the digits and of their background.
    fn colours(self, t: &Tokens) -> (Color32, Option<Color32>) {
        match self {
            Self::Head => (t.wrap_head, Some(t.wrap_head_ground)),
            Self::Body => (t.text, None),
            Self::Field => (t.variable, Some(t.variable_ground)),
            Self::Check => (t.wrap_check, Some(t.wrap_check_ground)),
            Self::Tail => (t.wrap_tail, Some(t.wrap_tail_ground)),
        }
    }
}

/// The parts in sending order, as hex, with at most `most` bytes in total. A truncated part ends with `…`.
pub fn pieces(payload: &Payload, most: usize) -> Vec<(Part, String)> {
    let mut parts = [
        (Part::Head, &payload.head),
        (Part::Body, &payload.body),
        (Part::Check, &payload.check),
        (Part::Tail, &payload.tail),
        (Part::Check, &payload.last_check),
    ];
    parts.sort_by_key(|(_, range)| (range.start, range.end));
    let fixed: usize =
        parts.iter().filter(|(part, _)| *part != Part::Body).map(|(_, range)| range.len().min(PART_MOST)).sum();
    let body_most = most.saturating_sub(fixed).max(1);
    let mut pieces = Vec::new();
    for (part, range) in parts {
        if part == Part::Body && !payload.fields.is_empty() {
            pieces.extend(body(payload, body_most));
            continue;
        }
        let bytes = payload.part(range);
        let shown = bytes.len().min(if part == Part::Body { body_most } else { PART_MOST });
        let cut = if shown < bytes.len() { " …" } else { "" };
        if !bytes.is_empty() {
            pieces.push((part, format!("{}{cut}", hex::spaced_upper(&bytes[..shown]))));
        }
    }
    pieces
}

/// The first `most` bytes of a body with variables. Bytes of variables have pieces of their own.
fn body(payload: &Payload, most: usize) -> Vec<(Part, String)> {
    let Range { start, end } = payload.body.clone();
    let shown = end.min(start.saturating_add(most));
    let mut pieces = Vec::new();
    let mut push = |part, range: Range<usize>| {
        let range = range.start..range.end.min(shown);
        if range.start < range.end {
            pieces.push((part, hex::spaced_upper(payload.part(&range))));
        }
    };
    let mut at = start;
    for field in &payload.fields {
        push(Part::Body, at..field.start);
        push(Part::Field, field.clone());
        at = field.end;
    }
    push(Part::Body, at..end);
    if shown < end
        && let Some((_, last)) = pieces.last_mut()
    {
        last.push_str(" …");
    }
    pieces
}

/// Paints pieces from `left`, centred at `y`. Returns the right edge.
pub fn paint(painter: &Painter, pieces: &[(Part, String)], (left, y): (f32, f32), t: &Tokens) -> f32 {
    // Text aligns to the left edge: a background starts there, or digits if there is no background.
    let has_ground = pieces.first().is_some_and(|(part, _)| *part != Part::Body);
    let mut x = if has_ground { left + 3.0 } else { left };
    for (index, (part, digits)) in pieces.iter().enumerate() {
        let (colour, ground) = part.colours(t);
        let width = digits.chars().count() as f32 * DIGIT;
        if index > 0 {
            x += DIGIT;
        }
        if let Some(ground) = ground {
            let rect = Rect::from_center_size(pos2(x + width / 2.0, y), vec2(width + 6.0, 18.0));
            painter.rect_filled(rect, f32::from(measure::RADIUS_BYTES), ground);
        }
        let place = paint::text(painter, pos2(x, y), paint::At::Left, digits, theme::mono(measure::TEXT), colour);
        x = place.right().max(x + width);
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::wrap::{Appended, Head, LengthHead, Tail};
    use crate::codec::{ChecksumKind, Encoding, FramingRule, Wrap};
    use crate::gui::send::compose::{Format, compose};

    fn payload(text: &str, is_behind_tail: bool) -> Payload {
        let checks =
            ChecksumKind::by_name("CRC-16/MODBUS").map(|kind| Appended { is_behind_tail, ..Appended::new(kind) });
        let checks = checks.into_iter().collect();
        let wrap = Wrap { head: Head::Length(LengthHead::default()), checks, ..Wrap::ending(Tail::CrLf) };
        compose(
            text,
            &Format {
                hex: true,
                escapes: false,
                variables: false,
                encoding: Encoding::UTF_8,
                wrap,
                framing: FramingRule::default(),
            },
        )
        .unwrap()
    }

    fn text(pieces: &[(Part, String)]) -> String {
        pieces.iter().map(|(_, digits)| digits.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_pieces_are_exactly_what_goes_out() {
        for is_behind_tail in [false, true] {
            let payload = payload("01 03 00 00 00 0A", is_behind_tail);
            let pieces = pieces(&payload, 40);
            assert_eq!(text(&pieces), hex::spaced_upper(&payload.bytes));
            let last = if is_behind_tail { Part::Check } else { Part::Tail };
            assert_eq!(pieces.last().map(|(part, _)| *part), Some(last));
        }
    }

    #[test]
    fn a_long_payload_is_cut_and_what_is_around_it_stays() {
        let pieces = pieces(&payload(&"AB ".repeat(500), false), 10);
        assert_eq!(pieces[1], (Part::Body, "AB AB AB AB …".to_owned()));
        assert_eq!((pieces[0].1.as_str(), pieces[3].1.as_str()), ("01 F4", "0D 0A"));
    }
}
