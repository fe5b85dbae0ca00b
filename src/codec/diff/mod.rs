//! Compares two byte strings: which bytes are equal, which changed, and which exist on one side only.
//!
//! Typical inputs are messages: a changed value keeps its length, and inserted bytes are contiguous. So a changed byte costs less
//! than a deletion plus an insertion, and opening a gap costs extra (Gotoh, An improved algorithm for matching biological sequences,
//! 1982). Crates that compare text search for the longest common subsequence instead: with only 256 values this splits numbers at
//! bytes that are equal by chance. One of them (`similar`) finds the long common pieces if both sides are long.

use similar::{Algorithm, DiffOp, capture_diff_slices_deadline};
use std::time::{Duration, Instant};

/// Cost of a changed byte.
const CHANGE: u32 = 2;
/// Cost of opening a gap.
const GAP: u32 = 3;
/// Cost of each byte of a gap.
const GAP_BYTE: u32 = 1;
/// Pieces are aligned exactly if the product of their lengths is at most this; each cell takes one byte of memory.
const CELLS: usize = 4 << 20;
/// Length of a piece that two long strings do not have in common by chance.
const PIECE: usize = 12;

/// Kind of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RunKind {
    /// Equal bytes on both sides.
    Equal,
    /// The same count of bytes on both sides, all different.
    Changed,
    /// Bytes that exist only on the left.
    OnlyLeft,
    /// Bytes that exist only on the right.
    OnlyRight,
}

impl RunKind {
    /// Whether the run has bytes on the left.
    #[must_use]
    pub fn has_left(self) -> bool {
        self != Self::OnlyRight
    }

    /// Whether the run has bytes on the right.
    #[must_use]
    pub fn has_right(self) -> bool {
        self != Self::OnlyLeft
    }
}

/// Consecutive positions of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// Kind.
    pub kind: RunKind,
    /// Length in bytes.
    pub len: usize,
    /// Offset on the left of the first byte, or of the position where its bytes are missing.
    pub left: usize,
    /// Likewise on the right.
    pub right: usize,
}

/// An alignment of two byte strings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diff {
    /// The runs that cover both sides in order; adjacent runs differ in kind.
    pub runs: Vec<Run>,
    /// Part of the input was only compared by position, because it was too long or too different to be aligned in time.
    pub is_rough: bool,
}

impl Diff {
    /// Bytes of each side that are aligned; the rest is compared by position.
    pub const ALIGNED_BYTES: usize = 64 << 10;
    /// Time limit, after which the rest is compared by position.
    pub const TIME: Duration = Duration::from_secs(2);

    /// Compares two byte strings. Takes at most about [`Diff::TIME`], and bounded memory regardless of the lengths.
    #[must_use]
    pub fn of(left: &[u8], right: &[u8]) -> Self {
        Self::before(left, right, Instant::now() + Self::TIME)
    }

    fn before(left: &[u8], right: &[u8], deadline: Instant) -> Self {
        let (left, left_rest) = left.split_at(left.len().min(Self::ALIGNED_BYTES));
        let (right, right_rest) = right.split_at(right.len().min(Self::ALIGNED_BYTES));
        let mut diff = Self::default();
        diff.align(left, right, deadline);
        if !left_rest.is_empty() || !right_rest.is_empty() {
            diff.by_place(left_rest, right_rest);
        }
        diff
    }

    /// Count of differences; adjacent ones count as one.
    #[must_use]
    pub fn differences(&self) -> usize {
        let is_begin = |(index, run): &(usize, &Run)| {
            run.kind != RunKind::Equal && (*index == 0 || self.runs[index - 1].kind == RunKind::Equal)
        };
        self.runs.iter().enumerate().filter(is_begin).count()
    }

    /// The alignment with left and right exchanged.
    #[must_use]
    pub fn swapped(&self) -> Self {
        let swap = |run: &Run| {
            let kind = match run.kind {
                RunKind::OnlyLeft => RunKind::OnlyRight,
                RunKind::OnlyRight => RunKind::OnlyLeft,
                kind => kind,
            };
            Run { kind, len: run.len, left: run.right, right: run.left }
        };
        Self { runs: self.runs.iter().map(swap).collect(), is_rough: self.is_rough }
    }

    fn push(&mut self, kind: RunKind, len: usize) {
        if len == 0 {
            return;
        }
        let (left, right) = self.runs.last().map_or((0, 0), |last| {
            let of = |has: bool| if has { last.len } else { 0 };
            (last.left + of(last.kind.has_left()), last.right + of(last.kind.has_right()))
        });
        match self.runs.last_mut() {
            Some(last) if last.kind == kind => last.len += len,
            _ => self.runs.push(Run { kind, len, left, right }),
        }
    }

    /// Compares by position without shifting; the rest of the longer side has no counterpart.
    fn place_by_place(&mut self, left: &[u8], right: &[u8]) {
        for (a, b) in left.iter().zip(right) {
            self.push(if a == b { RunKind::Equal } else { RunKind::Changed }, 1);
        }
        self.push(RunKind::OnlyLeft, left.len().saturating_sub(right.len()));
        self.push(RunKind::OnlyRight, right.len().saturating_sub(left.len()));
    }

    fn by_place(&mut self, left: &[u8], right: &[u8]) {
        self.is_rough = true;
        self.place_by_place(left, right);
    }

    fn align(&mut self, left: &[u8], right: &[u8], deadline: Instant) {
        let prefix = left.iter().zip(right).take_while(|(a, b)| a == b).count();
        let (left, right) = (&left[prefix..], &right[prefix..]);
        let suffix = left.iter().rev().zip(right.iter().rev()).take_while(|(a, b)| a == b).count();
        let (left, right) = (&left[..left.len() - suffix], &right[..right.len() - suffix]);
        self.push(RunKind::Equal, prefix);
        if left.is_empty() || right.is_empty() {
            self.place_by_place(left, right);
        } else if left.len() * right.len() <= CELLS {
            self.exactly(left, right);
        } else {
            self.around_common_pieces(left, right, deadline);
        }
        self.push(RunKind::Equal, suffix);
    }

    /// Aligns long strings: common pieces are matched, the parts between them are aligned exactly.
    fn around_common_pieces(&mut self, left: &[u8], right: &[u8], deadline: Instant) {
        let mut from = (0_usize, 0_usize);
        for (l, r, len) in common_pieces(left, right, deadline) {
            // Two pieces may overlap in repetitive data.
            let skipped = from.0.saturating_sub(l).max(from.1.saturating_sub(r));
            if skipped >= len {
                continue;
            }
            let (l, r, len) = (l + skipped, r + skipped, len - skipped);
            self.between(&left[from.0..l], &right[from.1..r], deadline);
            self.push(RunKind::Equal, len);
            from = (l + len, r + len);
        }
        self.between(&left[from.0..], &right[from.1..], deadline);
    }

    fn between(&mut self, left: &[u8], right: &[u8], deadline: Instant) {
        if left.len().saturating_mul(right.len()) > CELLS || Instant::now() >= deadline {
            self.by_place(left, right);
        } else {
            self.exactly(left, right);
        }
    }

    /// Finds the cheapest alignment.
    fn exactly(&mut self, left: &[u8], right: &[u8]) {
        for kind in cheapest(left, right) {
            self.push(kind, 1);
        }
    }
}

/// Common pieces of at least [`PIECE`] bytes, in order: offset on the left, offset on the right, length.
fn common_pieces(left: &[u8], right: &[u8], deadline: Instant) -> Vec<(usize, usize, usize)> {
    let grams = |bytes: &[u8]| -> Vec<[u8; PIECE]> { bytes.array_windows().copied().collect() };
    let ops = capture_diff_slices_deadline(Algorithm::Myers, &grams(left), &grams(right), Some(deadline));
    let piece = |op: DiffOp| match op {
        DiffOp::Equal { old_index, new_index, len } => Some((old_index, new_index, len + PIECE - 1)),
        _ => None,
    };
    ops.into_iter().filter_map(piece).collect()
}

/// The cheapest way to reach a cell; see [`cheapest`].
mod step {
    /// Both sides advance.
    pub(super) const BOTH: u8 = 0;
    /// Ends a gap on the left: the right side advances.
    pub(super) const RIGHT: u8 = 1;
    /// Ends a gap on the right: the left side advances.
    pub(super) const LEFT: u8 = 2;
    /// Mask of the lower bits: one of the above.
    pub(super) const LAST: u8 = 3;
    /// The gap on the left that ends here started earlier.
    pub(super) const RIGHT_LONGER: u8 = 4;
    /// The gap on the right that ends here started earlier.
    pub(super) const LEFT_LONGER: u8 = 8;
}

/// The kinds of all positions of the cheapest alignment, in order.
fn cheapest(left: &[u8], right: &[u8]) -> Vec<RunKind> {
    let width = right.len() + 1;
    let steps = steps(left, right);
    let mut kinds = Vec::with_capacity(left.len().max(right.len()));
    let (mut i, mut j) = (left.len(), right.len());
    // The way back stays within a gap until its start.
    let mut gap = step::BOTH;
    while i > 0 || j > 0 {
        let here = steps[i * width + j];
        if gap == step::BOTH {
            gap = here & step::LAST;
        }
        match gap {
            step::RIGHT => {
                kinds.push(RunKind::OnlyRight);
                j -= 1;
                if here & step::RIGHT_LONGER == 0 {
                    gap = step::BOTH;
                }
            }
            step::LEFT => {
                kinds.push(RunKind::OnlyLeft);
                i -= 1;
                if here & step::LEFT_LONGER == 0 {
                    gap = step::BOTH;
                }
            }
            _ => {
                i -= 1;
                j -= 1;
                kinds.push(if left[i] == right[j] { RunKind::Equal } else { RunKind::Changed });
            }
        }
    }
    kinds.reverse();
    kinds
}

/// For each pair of prefix lengths (one row per length on the left), the last step of the cheapest alignment of these prefixes.
fn steps(left: &[u8], right: &[u8]) -> Vec<u8> {
    let width = right.len() + 1;
    let gap = |len: usize| if len == 0 { 0 } else { GAP + GAP_BYTE * u32::try_from(len).unwrap_or(u32::MAX / 8) };
    let mut steps = vec![0; (left.len() + 1) * width];
    // For the previous row: the cost, and the cost if it ends with a gap on the right.
    let mut costs: Vec<u32> = (0..width).map(gap).collect();
    let mut lefts: Vec<u32> = vec![u32::MAX / 2; width];
    for (j, step) in steps[..width].iter_mut().enumerate().skip(1) {
        *step = step::RIGHT | if j > 1 { step::RIGHT_LONGER } else { 0 };
    }
    for (i, byte) in left.iter().enumerate() {
        let row = &mut steps[(i + 1) * width..(i + 2) * width];
        let mut diagonal = costs[0];
        let mut here = gap(i + 1);
        let mut from_left = u32::MAX / 2;
        costs[0] = here;
        row[0] = step::LEFT | if i > 0 { step::LEFT_LONGER } else { 0 };
        for (j, other) in right.iter().enumerate() {
            let above = costs[j + 1];
            let (begun, longer) = (here + GAP + GAP_BYTE, from_left + GAP_BYTE);
            let mut bits = if longer < begun { step::RIGHT_LONGER } else { 0 };
            from_left = longer.min(begun);
            let (begun, longer) = (above + GAP + GAP_BYTE, lefts[j + 1] + GAP_BYTE);
            bits |= if longer < begun { step::LEFT_LONGER } else { 0 };
            lefts[j + 1] = longer.min(begun);
            let both = diagonal + if byte == other { 0 } else { CHANGE };
            here = both.min(from_left).min(lefts[j + 1]);
            // At equal cost a gap is placed as late as possible: changed bytes first, then added ones.
            row[j + 1] = bits
                | if here == from_left {
                    step::RIGHT
                } else if here == lefts[j + 1] {
                    step::LEFT
                } else {
                    step::BOTH
                };
            diagonal = above;
            costs[j + 1] = here;
        }
    }
    steps
}

#[cfg(test)]
mod tests;
