//! The display of bytes in a text column with one cell per byte, for views that lay out bytes themselves.

use super::glyph::{Shape, shape};
use crate::codec::encoding::{Encoding, Piece};

/// Content of a byte's cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// The character that starts at this byte; it takes at most as many cells as it has bytes.
    Char(char),
    /// Blank: the character before it continues here.
    Within,
    /// A dot: an invalid byte or a character that cannot be seen.
    Dot,
}

/// Returns a mark for each of `bytes`, which are decoded as a separate text in `encoding`.
#[must_use]
pub fn marks(bytes: &[u8], encoding: Encoding) -> Vec<Mark> {
    let mut marks = Vec::with_capacity(bytes.len());
    encoding.decode_pieces(bytes, &mut |piece| match piece {
        Piece::Invalid(_) => marks.push(Mark::Dot),
        Piece::Char(_, 0) => {}
        Piece::Char(c, len) => {
            let is_shown = matches!(shape(c), Shape::Printable(cells) if cells <= u16::from(len));
            let (first, rest) = if is_shown { (Mark::Char(c), Mark::Within) } else { (Mark::Dot, Mark::Dot) };
            marks.push(first);
            marks.extend(std::iter::repeat_n(rest, usize::from(len) - 1));
        }
    });
    marks
}

#[cfg(test)]
mod tests {
    use super::*;
    use Mark::{Char, Dot, Within};

    #[test]
    fn each_byte_has_a_mark() {
        assert_eq!(marks(b"a\r\x1B~", Encoding::UTF_8), [Char('a'), Dot, Dot, Char('~')]);
        assert_eq!(marks("温°".as_bytes(), Encoding::UTF_8), [Char('温'), Within, Within, Char('°'), Within]);
        assert_eq!(marks(&[0xCE, 0xC2, 0x41], Encoding::GBK), [Char('温'), Within, Char('A')]);
        // Cut off at the end, and not a character.
        assert_eq!(marks(&[0x41, 0xE6, 0xB8], Encoding::UTF_8), [Char('A'), Dot, Dot]);
        assert_eq!(marks(&[0xFF, 0x42], Encoding::UTF_8), [Dot, Char('B')]);
        assert_eq!(marks(&[], Encoding::UTF_8), []);
    }
}
