//! Rewrites a regular expression that also matches the empty string (`x*`, `(a.*b)?`) so that it does not.
//!
//! When asked for the leftmost non-empty match, an engine would return an empty match at each position, possibly after reading all
//! following bytes each time. The rewritten expression has only non-empty matches, so one call suffices.

use regex_syntax::hir::{Hir, HirKind, Repetition};

/// Maximum count of nodes of the rewritten expression, whose alternatives repeat what follows them.
const NODES_MAX: usize = 4096;

/// Returns the expression without its empty matches, in the syntax of the `regex` crate with Unicode enabled. `None` if it has none,
/// or cannot be rewritten (its empty matches depend on their position and repeat, or it would be too long).
pub(super) fn nonempty(hir: &Hir) -> Option<String> {
    if hir.properties().minimum_len() != Some(0) {
        return None;
    }
    Some(Rewriting { left: NODES_MAX }.nonempty(hir)?.to_string())
}

struct Rewriting {
    left: usize,
}

impl Rewriting {
    fn nonempty(&mut self, hir: &Hir) -> Option<Hir> {
        if hir.properties().minimum_len() != Some(0) {
            return self.whole(hir);
        }
        Some(match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => Hir::fail(),
            HirKind::Literal(_) | HirKind::Class(_) => self.whole(hir)?,
            HirKind::Capture(capture) => self.nonempty(&capture.sub)?,
            HirKind::Alternation(subs) => {
                Hir::alternation(subs.iter().map(|sub| self.nonempty(sub)).collect::<Option<_>>()?)
            }
            HirKind::Concat(subs) => {
                // The first non-empty part, followed by the rest; the parts before it match the empty string.
                let mut alternatives = Vec::new();
                let mut before = Vec::new();
                for (place, sub) in subs.iter().enumerate() {
                    let mut parts = before.clone();
                    parts.push(self.nonempty(sub)?);
                    for behind in &subs[place + 1..] {
                        parts.push(self.whole(behind)?);
                    }
                    alternatives.push(Hir::concat(parts));
                    before.push(self.empty(sub)?);
                    self.spend(before.len())?;
                }
                Hir::alternation(alternatives)
            }
            HirKind::Repetition(repetition) => {
                let sub = &repetition.sub;
                let always_empty = sub.properties().minimum_len() == Some(0);
                if always_empty && !sub.properties().look_set().is_empty() {
                    return None;
                }
                // Empty repetitions are left out.
                let sub = Box::new(self.nonempty(sub)?);
                Hir::repetition(Repetition { min: 1, sub, ..repetition.clone() })
            }
        })
    }

    /// The empty matches of an expression: assertions.
    fn empty(&mut self, hir: &Hir) -> Option<Hir> {
        self.spend(1)?;
        Some(match hir.kind() {
            _ if hir.properties().minimum_len() != Some(0) => Hir::fail(),
            HirKind::Look(look) => Hir::look(*look),
            HirKind::Capture(capture) => self.empty(&capture.sub)?,
            HirKind::Concat(subs) => Hir::concat(subs.iter().map(|sub| self.empty(sub)).collect::<Option<_>>()?),
            HirKind::Alternation(subs) => {
                Hir::alternation(subs.iter().map(|sub| self.empty(sub)).collect::<Option<_>>()?)
            }
            HirKind::Repetition(repetition) if repetition.min > 0 => self.empty(&repetition.sub)?,
            _ => Hir::empty(),
        })
    }

    /// The complete expression without groups, since a group name may occur only once.
    fn whole(&mut self, hir: &Hir) -> Option<Hir> {
        self.spend(1)?;
        Some(match hir.kind() {
            HirKind::Empty | HirKind::Look(_) | HirKind::Literal(_) | HirKind::Class(_) => hir.clone(),
            HirKind::Capture(capture) => self.whole(&capture.sub)?,
            HirKind::Concat(subs) => Hir::concat(subs.iter().map(|sub| self.whole(sub)).collect::<Option<_>>()?),
            HirKind::Alternation(subs) => {
                Hir::alternation(subs.iter().map(|sub| self.whole(sub)).collect::<Option<_>>()?)
            }
            HirKind::Repetition(repetition) => {
                Hir::repetition(Repetition { sub: Box::new(self.whole(&repetition.sub)?), ..repetition.clone() })
            }
        })
    }

    fn spend(&mut self, nodes: usize) -> Option<()> {
        self.left = self.left.checked_sub(nodes)?;
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Pattern, PatternSource};
    use super::*;
    use regex::bytes::RegexBuilder;

    fn parsed(text: &str) -> Hir {
        regex_syntax::ParserBuilder::new().unicode(false).utf8(false).build().parse(text).expect("an expression")
    }

    /// The leftmost non-empty match, found position by position.
    fn place_by_place(text: &str, bytes: &[u8]) -> Option<(usize, usize)> {
        let regex = RegexBuilder::new(text).unicode(false).build().expect("an expression");
        (0..bytes.len()).find_map(|from| {
            let found = regex.find_at(bytes, from).filter(|found| found.start() == from && !found.is_empty());
            found.map(|found| (found.start(), found.end()))
        })
    }

    #[test]
    fn the_matches_are_the_same_without_the_empty_ones() {
        let expressions = [
            r"x*",
            r"(a.*b)?",
            r"a?b?c*",
            r"(?:a|b*)(?:c|)",
            r"\b(?:ab)*",
            r"(?m)^a*$",
            r"(?<n>a?)(b?)\B",
            r"(a*)*",
            r"(?:a?){3}",
            r"(?:a?b*){2,4}c?",
            r"[^b]{0,2}",
            r"\xFF*",
            r"(?s).*",
            r"(?i)(?:AB)?c?",
            r"(?:|a)+",
            r"a{0,2}\b",
        ];
        let alphabet = b"abcx\n\xFF";
        let mut state = 7_usize;
        for _ in 0..400 {
            let bytes: Vec<u8> = (0..8)
                .map(|_| {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    alphabet[(state >> 40) % alphabet.len()]
                })
                .collect();
            for text in expressions {
                assert!(nonempty(&parsed(text)).is_some(), "{text}");
                let pattern = Pattern::new(&PatternSource::Regex(text.into())).expect("a pattern");
                let found = pattern.find_at(&bytes, 0).map(|range| (range.start, range.end));
                // `|` may prefer the empty alternative, so that all matches at its position are skipped.
                if let (Some(found), false) = (place_by_place(text, &bytes), text.contains("(?:|")) {
                    assert_eq!(pattern.find_at(&bytes, 0).map(|range| (range.start, range.end)), Some(found), "{text}");
                } else {
                    assert!(found.is_none() || text.contains('|'), "{text} in {bytes:?}: {found:?}");
                }
            }
        }
    }

    #[test]
    fn what_only_matches_nothing_finds_nothing() {
        for text in ["^", r"\b", "a{0}", "(?:)", "$|^", "(|)*"] {
            let pattern = Pattern::new(&PatternSource::Regex(text.into())).expect("a pattern");
            assert_eq!(pattern.find_at(b"ab ab", 0), None, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_rewritten_is_looked_for_all_the_same() {
        for text in [r"(?:a|\b){2}", &"a?".repeat(3000)] {
            assert_eq!(nonempty(&parsed(text)), None);
            let pattern = Pattern::new(&PatternSource::Regex(text.to_owned())).expect("a pattern");
            assert_eq!(pattern.find_at(b"--a", 0), Some(2..3), "{text}");
        }
        assert_eq!(nonempty(&parsed("a+")), None, "nothing to do");
    }

    /// Takes hours if each position costs a pass over all following bytes.
    #[test]
    fn a_mebibyte_is_looked_through_once() {
        let bytes = vec![b'a'; 1 << 20];
        let pattern = Pattern::new(&PatternSource::Regex("(a.*b)?".into())).expect("a pattern");
        assert_eq!(pattern.find_at(&bytes, 0), None);
    }
}
