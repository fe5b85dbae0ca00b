//! Matches the parts of a pattern against bytes.

use super::Captures;
use super::captures::With;
use super::compile::{Captured, Items, PartKind};
use super::diff::{Because, Furthest, Mismatch};
use crate::codec::Encoding;
use crate::talk::content::NoFiles;
use crate::talk::eval::{Fault, FaultKind, Value, World, decoded, read, read_decimal, size};
use crate::talk::tree::{Reading, Type};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// Work for a pattern over few bytes. One unit is one attempt of a part.
const LEAST_WORK: u64 = 1 << 20;
/// Longest number that a pattern captures, in bytes.
const MOST_DIGITS: usize = 64;

/// The result of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It fits up to here.
    Match(usize),
    /// It does not fit, whatever comes.
    Fail,
    /// More bytes decide.
    More,
}

/// For each part, the positions from which the rest of the pattern never fits.
#[derive(Clone, Debug, Default)]
pub(super) struct Failed {
    parts: BTreeMap<usize, BTreeMap<usize, usize>>,
}

impl Failed {
    /// The first position from `at` on that has not failed yet.
    fn next_open(&self, part: usize, at: usize) -> usize {
        let before = self.parts.get(&part).and_then(|ranges| ranges.range(..=at).next_back());
        before.map_or(at, |(_, end)| at.max(*end))
    }

    fn add(&mut self, part: usize, range: Range<usize>) {
        let ranges = self.parts.entry(part).or_default();
        let (mut start, mut end) = (range.start, range.end);
        if let Some((before, to)) = ranges.range(..=start).next_back()
            && *to >= start
        {
            (start, end) = (*before, end.max(*to));
        }
        while let Some((next, to)) = ranges.range(start + 1..=end).next().map(|(next, to)| (*next, *to)) {
            ranges.remove(&next);
            end = end.max(to);
        }
        ranges.insert(start, end);
    }

    pub fn clear(&mut self) {
        self.parts.clear();
    }
}

/// One attempt to match a pattern.
pub(super) struct Run<'a> {
    items: &'a Items,
    inserted: &'a [Option<Vec<u8>>],
    bytes: &'a [u8],
    encoding: Encoding,
    /// No byte follows.
    is_end: bool,
    /// The pattern must fit up to the end.
    is_whole: bool,
    start: usize,
    /// The bytes of each capture.
    captured: Vec<Range<usize>>,
    work: u64,
    most_work: u64,
    /// Where each part begins, while a mismatch is to be explained.
    furthest: Option<Furthest>,
    fault: Option<Fault>,
}

impl<'a> Run<'a> {
    pub fn over_frame(items: &'a Items, inserted: &'a [Option<Vec<u8>>], bytes: &'a [u8], encoding: Encoding) -> Self {
        Self { is_whole: true, is_end: true, ..Self::over_stream(items, inserted, bytes, encoding, true, 0) }
    }

    /// `longest`: the longest match that is possible, in bytes.
    pub fn over_stream(
        items: &'a Items,
        inserted: &'a [Option<Vec<u8>>],
        bytes: &'a [u8],
        encoding: Encoding,
        is_end: bool,
        longest: usize,
    ) -> Self {
        let len = bytes.len().max(longest) as u64 + 1;
        let work = LEAST_WORK.saturating_add(len.saturating_mul(4 * (items.parts.len() as u64 + 1)));
        let captured = vec![0..0; items.names().count()];
        let (is_whole, start) = (false, 0);
        let (furthest, fault) = (None, None);
        Self {
            items,
            inserted,
            bytes,
            encoding,
            is_end,
            is_whole,
            start,
            captured,
            work,
            most_work: work,
            furthest,
            fault,
        }
    }

    /// Keeps what is needed for [`Run::mismatch`].
    pub fn explain(&mut self) {
        self.furthest = Some(Furthest::new(self.items.parts.len()));
    }

    /// Tries the pattern at `start`.
    pub fn matches(&mut self, start: usize, failed: &mut Failed, world: &mut dyn World) -> Result<Outcome, Fault> {
        self.start = start;
        let outcome = self.step(0, start, failed, world);
        self.fault.take().map_or(Ok(outcome), Err)
    }

    /// The first position from `start` on where the first part may fit.
    pub fn next_start(&self, start: usize) -> usize {
        let Some(PartKind::Exact(expected)) = self.items.parts.first().map(|part| &part.kind) else { return start };
        let Some(rest) = self.bytes.get(start..) else { return start };
        let found = memchr::memmem::find(rest, expected);
        start + found.unwrap_or((rest.len() + 1).saturating_sub(expected.len()))
    }

    /// Gives the next start the work of a whole attempt.
    pub fn refresh(&mut self) {
        self.work = self.work.max(self.most_work);
    }

    /// The values of the captures after a match.
    pub fn captures(&self) -> Captures {
        let parts = self.items.parts.iter();
        parts
            .filter_map(|part| match &part.kind {
                PartKind::Capture(kind, index) => Some((self.items.name(*index).clone(), self.value(kind, *index))),
                _ => None,
            })
            .collect()
    }

    fn value(&self, kind: &Captured, index: usize) -> Value {
        let bytes = &self.bytes[self.captured[index].clone()];
        let typed = |form: &Type| read(bytes, form, self.encoding).unwrap_or_else(|| Value::bytes(bytes));
        match kind {
            Captured::Fixed(form, _) | Captured::Sized(form, _) | Captured::Open(form) => typed(form),
            Captured::Characters => decoded(bytes, self.encoding),
            Captured::Digits(reading) => {
                let text = String::from_utf8_lossy(bytes);
                read_decimal(&text, *reading).unwrap_or_else(|| Value::text(&*text))
            }
        }
    }

    /// The captures before a part, for an expression of the pattern that uses them.
    fn captures_before(&self, part: usize) -> Vec<(Arc<str>, Value)> {
        let parts = self.items.parts[..part].iter();
        parts
            .filter_map(|part| match &part.kind {
                PartKind::Capture(kind, index) => Some((self.items.name(*index).clone(), self.value(kind, *index))),
                _ => None,
            })
            .collect()
    }

    fn fail(&mut self, part: usize, at: usize, because: Because) -> Outcome {
        if let Some(furthest) = &mut self.furthest {
            furthest.fail(part, at, because);
        }
        Outcome::Fail
    }

    /// The bytes end before the part does.
    fn out_of_bytes(&mut self, part: usize) -> Outcome {
        if !self.is_end {
            return Outcome::More;
        }
        self.fail(part, self.bytes.len(), Because::End)
    }

    /// Tries the parts from `part` on at `at`.
    fn step(&mut self, mut part: usize, mut at: usize, failed: &mut Failed, world: &mut dyn World) -> Outcome {
        let items = self.items;
        while let Some(current) = items.parts.get(part) {
            if self.work == 0 {
                self.fault.get_or_insert(Fault::new(FaultKind::TooMuchWork, items.span));
                return Outcome::Fail;
            }
            self.work -= 1;
            if let Some(furthest) = &mut self.furthest {
                furthest.begins(part, at);
            }
            if current.is_open() {
                return match &current.kind {
                    PartKind::Capture(Captured::Digits(reading), index) => {
                        self.digits(part, at, (*reading, *index), failed, world)
                    }
                    _ => self.open(part, at, failed, world),
                };
            }
            match self.closed(part, at, world) {
                Outcome::Match(end) => at = end,
                other => return other,
            }
            part += 1;
        }
        if self.is_whole && at < self.bytes.len() {
            return self.fail(part, at, Because::TooLong);
        }
        Outcome::Match(at)
    }

    /// A part whose length does not depend on what follows it.
    fn closed(&mut self, part: usize, at: usize, world: &mut dyn World) -> Outcome {
        let items = self.items;
        match &items.parts[part].kind {
            PartKind::Exact(expected) => self.exact(part, at, expected),
            PartKind::Bytes(expected) => {
                let rest = &self.bytes[at..];
                let differs =
                    |(byte, expected): (&u8, &crate::talk::tree::HexByte)| byte & expected.mask != expected.value;
                if let Some(offset) = rest.iter().zip(expected).position(differs) {
                    return self.fail(part, at + offset, Because::Differs);
                }
                if rest.len() < expected.len() { self.out_of_bytes(part) } else { Outcome::Match(at + expected.len()) }
            }
            PartKind::Insert(insert, index) => {
                let own;
                let expected = match self.inserted.get(*index).and_then(Option::as_ref) {
                    Some(bytes) => bytes,
                    None => {
                        let captures = self.captures_before(part);
                        match insert.bytes(&mut With::new(world, &captures), &mut NoFiles) {
                            Ok(bytes) => own = bytes,
                            Err(fault) => return self.no_value(part, at, fault),
                        }
                        &own
                    }
                };
                self.exact(part, at, expected)
            }
            PartKind::Check(verifier) => {
                let covered = &self.bytes[self.start..at];
                self.work = self.work.saturating_sub(covered.len() as u64 / 8);
                match verifier.value_behind(covered) {
                    Some(value) => self.exact_because(part, at, &value, Because::Check),
                    None if self.bytes.len() - at < verifier.value_bytes() => self.out_of_bytes(part),
                    None => self.fail(part, at, Because::Check),
                }
            }
            PartKind::Capture(Captured::Fixed(form, len), index) => self.capture(part, at, *len, (form, *index)),
            PartKind::Capture(Captured::Sized(form, count), index) => {
                let captures = self.captures_before(part);
                match size(count, &mut With::new(world, &captures)) {
                    Ok(len) => self.capture(part, at, len, (form, *index)),
                    Err(fault) => self.no_value(part, at, fault),
                }
            }
            PartKind::Gap | PartKind::Capture(..) => Outcome::Fail,
        }
    }

    /// An expression over captures has no value. If only these captures are wrong for it, the pattern does not fit.
    fn no_value(&mut self, part: usize, at: usize, fault: Fault) -> Outcome {
        let is_of_captures = matches!(
            fault.kind,
            FaultKind::DoesNotFit { .. }
                | FaultKind::BadCount(_)
                | FaultKind::TooLong { .. }
                | FaultKind::OutOfRange { .. }
                | FaultKind::Overflow
                | FaultKind::ZeroDivisor
        );
        if !is_of_captures {
            self.fault.get_or_insert(fault);
        }
        self.fail(part, at, Because::Differs)
    }

    fn exact(&mut self, part: usize, at: usize, expected: &[u8]) -> Outcome {
        self.exact_because(part, at, expected, Because::Differs)
    }

    fn exact_because(&mut self, part: usize, at: usize, expected: &[u8], because: Because) -> Outcome {
        let rest = &self.bytes[at..];
        if rest.starts_with(expected) {
            return Outcome::Match(at + expected.len());
        }
        match rest.iter().zip(expected).position(|(byte, expected)| byte != expected) {
            Some(offset) => self.fail(part, at + offset, because),
            None => self.out_of_bytes(part),
        }
    }

    fn capture(&mut self, part: usize, at: usize, len: usize, (form, index): (&Type, usize)) -> Outcome {
        let Some(end) = at.checked_add(len).filter(|end| *end <= self.bytes.len()) else {
            return self.out_of_bytes(part);
        };
        self.captured[index] = at..end;
        let is_read = !matches!(form, Type::Bcd { .. }) || read(&self.bytes[at..end], form, self.encoding).is_some();
        if is_read { Outcome::Match(end) } else { self.fail(part, at, Because::NoDigits) }
    }

    /// `*`, or a capture without a length: as few bytes as fit.
    fn open(&mut self, part: usize, from: usize, failed: &mut Failed, world: &mut dyn World) -> Outcome {
        let (items, len) = (self.items, self.bytes.len());
        let next = part + 1;
        if next == items.parts.len() {
            if !self.is_end {
                return Outcome::More;
            }
            self.set_open(part, from..len);
            return Outcome::Match(len);
        }
        let mut at = from;
        if self.is_whole
            && let Some(tail) = items.tails[next]
        {
            // Only one position leaves the right number of bytes.
            match len.checked_sub(tail).filter(|only| *only >= from) {
                Some(only) => {
                    self.set_open(part, from..only);
                    return self.step(next, only, failed, world);
                }
                None => return self.out_of_bytes(part),
            }
        }
        let by_characters = matches!(items.parts[part].kind, PartKind::Capture(Captured::Characters, _));
        loop {
            if items.is_free[next] && !by_characters {
                at = self.next_candidate(next, at, failed);
            }
            if at > len || (self.is_end && len - at < items.least[next]) {
                return self.out_of_bytes(next);
            }
            self.set_open(part, from..at);
            match self.step(next, at, failed, world) {
                Outcome::Fail if self.fault.is_some() => return Outcome::Fail,
                Outcome::Fail if items.is_free[next] => failed.add(next, at..at + 1),
                Outcome::Fail => {}
                other => return other,
            }
            let step = match by_characters {
                false => Some(1),
                true if at < len => self.encoding.first_len(&self.bytes[at..]).or(self.is_end.then_some(1)),
                true => None,
            };
            match step {
                Some(step) => at += step,
                None => return self.out_of_bytes(next),
            }
        }
    }

    /// The first position from `at` on where the part `next` may fit.
    fn next_candidate(&mut self, next: usize, at: usize, failed: &mut Failed) -> usize {
        let open = failed.next_open(next, at);
        let PartKind::Exact(expected) = &self.items.parts[next].kind else { return open };
        let Some(rest) = self.bytes.get(open..) else { return open };
        let found = memchr::memmem::find(rest, expected);
        // Behind the last complete candidate, the first bytes of one may follow.
        let candidate = open + found.unwrap_or((rest.len() + 1).saturating_sub(expected.len()));
        if candidate > open && self.furthest.is_none() {
            failed.add(next, open..candidate);
        }
        if self.furthest.is_some() { open } else { candidate }
    }

    fn set_open(&mut self, part: usize, range: Range<usize>) {
        if let PartKind::Capture(_, index) = &self.items.parts[part].kind {
            self.captured[*index] = range;
        }
    }

    /// Digits: as many as there are, or fewer if the rest fits only then.
    fn digits(
        &mut self,
        part: usize,
        at: usize,
        (reading, index): (Reading, usize),
        failed: &mut Failed,
        world: &mut dyn World,
    ) -> Outcome {
        let (items, next) = (self.items, part + 1);
        let is_digit = |byte: &u8| match reading {
            Reading::Dec => byte.is_ascii_digit(),
            Reading::Hex => byte.is_ascii_hexdigit(),
            Reading::Num => byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'e' | b'E'),
        };
        let run = self.bytes[at..].iter().take(MOST_DIGITS).take_while(|byte| is_digit(byte)).count();
        if at + run == self.bytes.len() && run < MOST_DIGITS && !self.is_end {
            return Outcome::More;
        }
        for len in (1..=run).rev() {
            let digits = String::from_utf8_lossy(&self.bytes[at..at + len]);
            if read_decimal(&digits, reading).is_none() {
                continue;
            }
            let end = at + len;
            if items.is_free[next] && failed.next_open(next, end) > end {
                continue;
            }
            self.captured[index] = at..end;
            match self.step(next, end, failed, world) {
                Outcome::Fail if self.fault.is_some() => return Outcome::Fail,
                Outcome::Fail if items.is_free[next] => failed.add(next, end..end + 1),
                Outcome::Fail => {}
                other => return other,
            }
        }
        if run == 0 { self.fail(part, at, Because::NoDigits) } else { Outcome::Fail }
    }

    /// Why the pattern did not fit, after [`Run::explain`].
    pub fn mismatch(&self) -> Mismatch {
        let furthest = self.furthest.as_ref();
        furthest.map_or_else(
            || Mismatch::of_regex(self.items.span, 0),
            |furthest| furthest.mismatch(self.items, self.inserted, self.bytes),
        )
    }
}
