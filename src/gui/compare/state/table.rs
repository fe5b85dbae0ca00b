//! An alignment laid out as places, one per byte or gap, and places grouped into rows.

use crate::codec::Diff;
use crate::codec::diff::{Run, RunKind};
use std::ops::Range;

/// The places of an alignment, with random access.
pub struct Table {
    diff: Diff,
    /// First place of each run.
    starts: Vec<usize>,
    /// Number of places.
    count: usize,
    /// Places of each difference, which is a group of adjacent runs that are not equal.
    differences: Vec<Range<usize>>,
}

/// Adjacent places of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The kind.
    pub kind: RunKind,
    /// The places.
    pub places: Range<usize>,
    /// Offset of the first place on the left, if the left has it.
    pub left: usize,
    /// Offset of the first place on the right, if the right has it.
    pub right: usize,
}

/// One row of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The places it shows.
    pub places: Range<usize>,
    /// The row replaces more places than fit; all of them are equal.
    pub is_folded: bool,
}

/// Returns the row that contains a place.
pub fn row_of(rows: &[Row], place: usize) -> usize {
    rows.partition_point(|row| row.places.end <= place).min(rows.len().saturating_sub(1))
}

impl Table {
    /// The table of this alignment.
    pub fn new(diff: Diff) -> Self {
        let mut starts = Vec::with_capacity(diff.runs.len());
        let mut differences: Vec<Range<usize>> = Vec::new();
        let mut count = 0;
        for run in &diff.runs {
            starts.push(count);
            let end = count + run.len;
            match differences.last_mut() {
                _ if run.kind == RunKind::Equal => {}
                Some(last) if last.end == count => last.end = end,
                _ => differences.push(count..end),
            }
            count = end;
        }
        Self { diff, starts, count, differences }
    }

    /// Places of each difference.
    pub fn differences(&self) -> &[Range<usize>] {
        &self.differences
    }

    /// Parts were only compared byte by byte, without alignment.
    pub fn is_rough(&self) -> bool {
        self.diff.is_rough
    }

    /// The same table with left and right swapped.
    pub fn swapped(&self) -> Self {
        Self::new(self.diff.swapped())
    }

    /// Splits these places into pieces of one kind.
    pub fn pieces(&self, places: &Range<usize>) -> Vec<Piece> {
        let first = self.starts.partition_point(|start| *start <= places.start).saturating_sub(1);
        let runs = self.diff.runs.iter().zip(&self.starts).skip(first);
        let piece = |(run, start): (&Run, &usize)| {
            let within = places.start.max(*start)..places.end.min(start + run.len);
            let skipped = within.start - start;
            let of = |offset: usize, has: bool| if has { offset + skipped } else { offset };
            let (left, right) = (of(run.left, run.kind.has_left()), of(run.right, run.kind.has_right()));
            Piece { kind: run.kind, places: within, left, right }
        };
        runs.take_while(|(_, start)| **start < places.end).map(piece).filter(|piece| !piece.places.is_empty()).collect()
    }

    /// Rows of `width` places. If `folds`, adjacent rows without a difference become one.
    pub fn rows(&self, width: usize, folds: bool) -> Vec<Row> {
        let width = width.max(1);
        let mut rows: Vec<Row> = Vec::with_capacity(self.count / width + 1);
        let mut was_equal = false;
        for start in (0..self.count).step_by(width) {
            let places = start..(start + width).min(self.count);
            let is_equal = folds && self.is_equal(&places);
            match rows.last_mut() {
                Some(last) if is_equal && was_equal => (last.places.end, last.is_folded) = (places.end, true),
                _ => rows.push(Row { places, is_folded: false }),
            }
            was_equal = is_equal;
        }
        rows
    }

    fn is_equal(&self, places: &Range<usize>) -> bool {
        let next = self.differences.partition_point(|difference| difference.end <= places.start);
        self.differences.get(next).is_none_or(|difference| difference.start >= places.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use RunKind::{Changed, Equal, OnlyLeft, OnlyRight};

    /// `0123456789` × 4 against the same with one byte changed and three inserted.
    fn table() -> Table {
        let left = b"0123456789".repeat(4);
        let mut right = left.clone();
        right[3] = b'x';
        right.splice(20..20, *b"abc");
        Table::new(Diff::of(&left, &right))
    }

    #[test]
    fn pieces_can_span_several_runs() {
        let table = table();
        let listed = |places: Range<usize>| -> Vec<_> {
            table.pieces(&places).into_iter().map(|p| (p.kind, p.places, p.left, p.right)).collect()
        };
        assert_eq!(listed(2..5), [(Equal, 2..3, 2, 2), (Changed, 3..4, 3, 3), (Equal, 4..5, 4, 4)]);
        assert_eq!(listed(21..25), [(OnlyRight, 21..23, 20, 21), (Equal, 23..25, 20, 23)]);
        assert_eq!(listed(43..50), []);
        assert_eq!(table.differences(), [3..4, 20..23]);
        let swapped = table.swapped();
        let kinds: Vec<_> = swapped.pieces(&(19..24)).into_iter().map(|p| (p.kind, p.left, p.right)).collect();
        assert_eq!(kinds, [(Equal, 19, 19), (OnlyLeft, 20, 20), (Equal, 23, 20)]);
    }

    #[test]
    fn rows_without_a_difference_are_folded() {
        let table = table();
        let all = table.rows(8, false);
        assert_eq!((all.len(), all[5].places.clone()), (6, 40..43));
        let rows = table.rows(8, true);
        let listed: Vec<_> = rows.iter().map(|row| (row.places.clone(), row.is_folded)).collect();
        // A single row is not folded, because the fold would be no shorter.
        assert_eq!(listed, [(0..8, false), (8..16, false), (16..24, false), (24..43, true)]);
        assert_eq!([0, 9, 30, 42, 99].map(|place| row_of(&rows, place)), [0, 1, 3, 3, 3]);
        assert_eq!(Table::new(Diff::default()).rows(8, true), []);
    }
}
