//! Why a pattern does not fit: the place, and what was expected beside what came.

use super::Captures;
use super::compile::{Items, PartKind};
use crate::talk::tree::{HexByte, Span};
use std::ops::Range;

/// Why a pattern does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Because {
    /// The byte is another one.
    Differs,
    /// There are no more bytes.
    End,
    /// There are more bytes than the pattern has.
    TooLong,
    /// The check has another value.
    Check,
    /// There are no digits, or a half of a BCD byte is none.
    NoDigits,
    /// The condition is false.
    Condition,
    /// The regular expression finds nothing.
    Regex,
}

/// The attempt that got furthest.
#[derive(Clone, Debug, PartialEq)]
pub struct Mismatch {
    /// Why it does not fit.
    pub because: Because,
    /// Offset of the first byte that does not fit.
    pub at: usize,
    /// That byte; `None`: there is none.
    pub got: Option<u8>,
    /// What it should be; `None`: it has no fixed value.
    pub expected: Option<HexByte>,
    /// The item of the pattern.
    pub item: Span,
    /// All items beside the bytes, in order.
    pub aligned: Vec<Aligned>,
    /// What was captured, if only the condition is false.
    pub captures: Captures,
}

/// One item of the pattern, or bytes that no item has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aligned {
    /// The item; `None`: the pattern ends before these bytes.
    pub item: Option<Span>,
    /// Its bytes; `None`: they are not fixed.
    pub expected: Option<Vec<HexByte>>,
    /// The bytes that came there.
    pub got: Range<usize>,
    /// Whether they fit.
    pub fits: bool,
}

impl Mismatch {
    pub(super) fn of_condition(item: Span, captures: Captures) -> Self {
        let because = Because::Condition;
        Self { because, at: 0, got: None, expected: None, item, aligned: Vec::new(), captures }
    }

    pub(super) fn of_regex(item: Span, at: usize) -> Self {
        let because = Because::Regex;
        Self { because, at, got: None, expected: None, item, aligned: Vec::new(), captures: Captures::new() }
    }
}

/// Keeps the attempt that got furthest.
pub(super) struct Furthest {
    starts: Vec<usize>,
    best: Option<Best>,
}

struct Best {
    part: usize,
    at: usize,
    because: Because,
    starts: Vec<usize>,
}

impl Furthest {
    pub fn new(parts: usize) -> Self {
        Self { starts: vec![0; parts + 1], best: None }
    }

    pub fn begins(&mut self, part: usize, at: usize) {
        self.starts[part] = at;
    }

    pub fn fail(&mut self, part: usize, at: usize, because: Because) {
        if self.best.as_ref().is_none_or(|best| (at, part) > (best.at, best.part)) {
            self.best = Some(Best { part, at, because, starts: self.starts.clone() });
        }
    }

    pub fn mismatch(&self, items: &Items, inserted: &[Option<Vec<u8>>], bytes: &[u8]) -> Mismatch {
        let Some(best) = &self.best else { return Mismatch::of_regex(items.span, 0) };
        let at = best.at.min(bytes.len());
        let mut aligned = Vec::new();
        let mut end = 0;
        for (index, part) in items.parts.iter().enumerate() {
            let expected = expected(&part.kind, inserted);
            let start = if index <= best.part { best.starts[index] } else { end };
            end = match index {
                _ if index < best.part => best.starts.get(index + 1).copied().unwrap_or(start),
                // The bytes that the part was compared with.
                _ if index == best.part => {
                    let len = expected.as_ref().map_or(at - start.min(at) + 1, Vec::len);
                    start.saturating_add(len).min(bytes.len())
                }
                _ => start,
            };
            let (start, fits) = (start.min(end), index < best.part);
            aligned.push(Aligned { item: Some(part.span), expected, got: start..end, fits });
        }
        // The parts behind the failed one take no bytes, so the rest follows them.
        let rest = if best.part < items.parts.len() { end } else { at };
        if rest < bytes.len() {
            aligned.push(Aligned { item: None, expected: None, got: rest..bytes.len(), fits: false });
        }
        let failed = items.parts.get(best.part);
        let offset = at - best.starts.get(best.part).copied().unwrap_or(at).min(at);
        let wanted = failed.and_then(|part| expected(&part.kind, inserted));
        Mismatch {
            because: best.because,
            at,
            got: bytes.get(at).copied(),
            expected: wanted.and_then(|wanted| wanted.get(offset).copied()),
            item: failed.map_or(items.span, |part| part.span),
            aligned,
            captures: Captures::new(),
        }
    }
}

fn expected(kind: &PartKind, inserted: &[Option<Vec<u8>>]) -> Option<Vec<HexByte>> {
    let exact = |bytes: &[u8]| bytes.iter().map(|value| HexByte { value: *value, mask: u8::MAX }).collect();
    match kind {
        PartKind::Bytes(bytes) => Some(bytes.clone()),
        PartKind::Exact(bytes) => Some(exact(bytes)),
        PartKind::Insert(_, index) => inserted.get(*index)?.as_ref().map(|bytes| exact(bytes)),
        PartKind::Gap | PartKind::Capture(..) | PartKind::Check(_) => None,
    }
}
