//! Compiled highlight rules: the bytes they match. `log` applies them to the visible rows, the dialog to an example.

use crate::codec::{Encoding, Pattern, PatternError};
use crate::model::Direction;
use crate::settings::{HighlightColour, HighlightDirection, HighlightRule};
use std::ops::Range;

/// This many bytes nearly always suffice to find the next character boundary.
const SYNC_BYTES: usize = 4096;

/// The compiled rules for sessions of one encoding.
#[derive(Debug, Default)]
pub struct Highlighter {
    rules: Vec<HighlightRule>,
    ready: Vec<Ready>,
    errors: Vec<Option<PatternError>>,
    reach: usize,
    encoding: Encoding,
}

/// A compiled rule.
#[derive(Debug)]
struct Ready {
    pattern: Pattern,
    rule: usize,
    direction: HighlightDirection,
}

/// Bytes that a rule matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Range within the searched slice, clipped to the requested part.
    pub bytes: Range<usize>,
    /// Index of the rule.
    pub rule: usize,
}

impl Highlighter {
    /// A match longer than this is not found as a whole.
    pub const REACH_MAX: usize = Pattern::MATCH_MAX;

    /// Compiles the rules. A large regular expression takes time, so call it in a job.
    #[must_use]
    pub fn new(rules: Vec<HighlightRule>, encoding: Encoding) -> Self {
        let mut ready = Vec::new();
        let mut errors = Vec::with_capacity(rules.len());
        for (index, rule) in rules.iter().enumerate() {
            // A new rule without a pattern is not an error.
            if rule.pattern.is_empty() {
                errors.push(None);
                continue;
            }
            let made = Pattern::new(&rule.source(encoding));
            errors.push(made.as_ref().err().cloned());
            if let Ok(pattern) = made
                && rule.enabled
            {
                ready.push(Ready { pattern, rule: index, direction: rule.direction });
            }
        }
        let reach = ready.iter().map(|ready| ready.pattern.reach()).max().unwrap_or(0).min(Self::REACH_MAX);
        Self { rules, ready, errors, reach, encoding }
    }

    /// No rule can match.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ready.is_empty()
    }

    /// Number of bytes around a position that decide about matches there.
    #[must_use]
    pub fn reach(&self) -> usize {
        self.reach
    }

    /// Number of bytes before a position that decide where matches may start.
    #[must_use]
    pub fn context(&self) -> usize {
        if self.ready.iter().any(|ready| ready.pattern.needs_borders()) { SYNC_BYTES } else { Pattern::CONTEXT }
    }

    /// The error of a rule; `None` if it is valid or has changed since it was compiled.
    #[must_use]
    pub fn error(&self, index: usize, rule: &HighlightRule) -> Option<&PatternError> {
        let same = self.rules.get(index).is_some_and(|known| known == rule);
        self.errors.get(index).filter(|_| same)?.as_ref()
    }

    /// The colour of a rule, and whether it applies to whole rows.
    #[must_use]
    pub fn look(&self, rule: usize) -> (HighlightColour, bool) {
        self.rules.get(rule).map_or_else(Default::default, |rule| (rule.colour, rule.whole_row))
    }

    /// The name of a rule.
    #[must_use]
    pub fn title(&self, rule: usize) -> &str {
        self.rules.get(rule).map_or("", HighlightRule::title)
    }

    /// Returns the matches of all rules within `part` of `bytes`. The first rule comes last, because it is painted over the
    /// others. Matches start at `start` or later. The bytes before `start` are used for look-behind and to find character
    /// boundaries. `first`: offset of the first byte in its record.
    #[must_use]
    pub fn marks(
        &self,
        bytes: &[u8],
        (first, start): (u32, usize),
        part: &Range<usize>,
        direction: Direction,
    ) -> Vec<Mark> {
        let mut marks = Vec::new();
        let at = u64::from(first).saturating_add(start as u64);
        let before = self.encoding.resync(bytes.get(..start).unwrap_or(bytes), at);
        let character = before.map_or(0, |before| start.saturating_sub(before));
        for ready in self.ready.iter().rev().filter(|ready| ready.direction.has(direction)) {
            let (mut from, mut border) = (start, character);
            let find = |from, border| ready.pattern.find_from(bytes, from, border);
            while let Some(found) = find(from, border).filter(|found| found.start < part.end) {
                (from, border) = (found.end, found.end);
                if found.end > part.start {
                    let bytes = found.start.max(part.start)..found.end.min(part.end);
                    marks.push(Mark { bytes, rule: ready.rule });
                }
            }
        }
        marks
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::HighlightKind;

    fn rule(kind: HighlightKind, pattern: &str) -> HighlightRule {
        HighlightRule { kind, pattern: pattern.into(), ..HighlightRule::default() }
    }

    fn marks(rules: &[HighlightRule], bytes: &[u8], direction: Direction) -> Vec<(usize, usize, usize)> {
        let highlighter = Highlighter::new(rules.to_vec(), Encoding::GBK);
        let marks = highlighter.marks(bytes, (0, 0), &(0..bytes.len()), direction);
        marks.into_iter().map(|mark| (mark.bytes.start, mark.bytes.end, mark.rule)).collect()
    }

    #[test]
    fn rules_match_their_pattern_and_the_first_is_painted_last() {
        let rules =
            [rule(HighlightKind::Text, "温"), rule(HighlightKind::Hex, "C2 ??"), rule(HighlightKind::Regex, r"\d+")];
        let bytes = b"a\xCE\xC2 12 \xC2\x00";
        assert_eq!(marks(&rules, bytes, Direction::Received), [(4, 6, 2), (2, 4, 1), (7, 9, 1), (1, 3, 0)]);
    }

    #[test]
    fn text_matches_only_at_character_boundaries_for_any_start() {
        let rules = [HighlightRule { match_case: true, ..rule(HighlightKind::Text, "泄") }];
        let bytes = Encoding::GBK.encode("a中国泄中国").expect("GBK");
        assert_eq!(marks(&rules, &bytes, Direction::Received), [(5, 7, 0)]);
        let highlighter = Highlighter::new(rules.to_vec(), Encoding::GBK);
        for start in 0..5 {
            let found = highlighter.marks(&bytes, (7, start), &(0..bytes.len()), Direction::Sent);
            assert_eq!(found, [Mark { bytes: 5..7, rule: 0 }], "{start}");
        }
    }

    #[test]
    fn direction_case_and_disabled_rules_are_respected() {
        let mut one = rule(HighlightKind::Text, "ok");
        assert_eq!(marks(&[one.clone()], b"OK ok", Direction::Sent).len(), 2);
        one.match_case = true;
        assert_eq!(marks(&[one.clone()], b"OK ok", Direction::Sent), [(3, 5, 0)]);
        one.direction = HighlightDirection::Received;
        assert_eq!(marks(&[one.clone()], b"OK ok", Direction::Sent), []);
        assert_eq!(marks(&[one.clone()], b"OK ok", Direction::Received).len(), 1);
        one.enabled = false;
        assert!(Highlighter::new(vec![one], Encoding::UTF_8).is_empty());
    }

    #[test]
    fn errors_belong_to_their_rule() {
        let rules =
            vec![rule(HighlightKind::Regex, "("), rule(HighlightKind::Text, ""), rule(HighlightKind::Text, "€")];
        let highlighter = Highlighter::new(rules.clone(), Encoding::LATIN_1);
        assert!(matches!(highlighter.error(0, &rules[0]), Some(PatternError::Regex(_))));
        assert_eq!(highlighter.error(1, &rules[1]), None, "only just begun");
        assert!(matches!(highlighter.error(2, &rules[2]), Some(PatternError::Encode(_))));
        assert_eq!(highlighter.error(0, &rule(HighlightKind::Regex, "()")), None, "it has changed since");
        assert!(highlighter.is_empty());
    }

    #[test]
    fn matches_are_clipped_to_the_part_and_use_the_context_before_it() {
        let highlighter = Highlighter::new(vec![rule(HighlightKind::Regex, "^a|bc+")], Encoding::UTF_8);
        let found = highlighter.marks(b"aabcccc", (0, 1), &(4..6), Direction::Sent);
        assert_eq!(found, [Mark { bytes: 4..6, rule: 0 }]);
        assert_eq!(highlighter.marks(b"aab", (0, 1), &(1..3), Direction::Sent), [], "the beginning is before");
        assert_eq!(highlighter.reach(), Highlighter::REACH_MAX);
    }
}
