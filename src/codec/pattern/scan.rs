//! Searches a stream that arrives in parts for a pattern.

use super::Pattern;

/// The end of a searched stream, as far back as a match may still start.
#[derive(Clone, Debug, Default)]
pub struct Scan {
    held: Vec<u8>,
    /// Matches start here or later.
    from: usize,
    /// A character starts here.
    border: usize,
}

impl Scan {
    /// A scan of a stream that starts within a character: `pending` are the first bytes of that character, which are not searched.
    #[must_use]
    pub fn behind(pending: &[u8]) -> Self {
        Self { held: pending.to_vec(), from: pending.len(), border: 0 }
    }

    /// Searches the next bytes and returns whether a match was found. A match is reported with its last byte if that decides; one
    /// that ends with `$` or `\b`, with the next character or at the end of the stream ([`Scan::ends_with_match`]).
    pub fn finds(&mut self, pattern: &Pattern, bytes: &[u8]) -> bool {
        self.held.extend_from_slice(bytes);
        let found = pattern.find_from(&self.held, self.from, self.border);
        if found.is_some_and(|found| !pattern.looks_behind_its_end() || self.is_decided(found.end)) {
            return true;
        }
        self.from = self.from.max((self.held.len() + 1).saturating_sub(pattern.reach()));
        let context = self.from.saturating_sub(Pattern::CONTEXT);
        if context > self.border {
            self.border = pattern.border_before(&self.held, context, self.border);
        }
        let gone = context.min(self.border);
        if gone >= self.held.len() / 2 {
            // Not for every byte, since the rest has to be moved.
            self.held.drain(..gone);
            self.from -= gone;
            self.border -= gone;
        }
        false
    }

    /// Whether the byte or character after `at` is available, which decides `$` and `\b`.
    fn is_decided(&self, at: usize) -> bool {
        self.held.get(at).is_some_and(u8::is_ascii) || self.held.len() >= at + 4
    }

    /// Whether the end of the stream completes a match.
    #[must_use]
    pub fn ends_with_match(&self, pattern: &Pattern) -> bool {
        pattern.find_from(&self.held, self.from, self.border).is_some()
    }

    /// Count of bytes kept.
    #[must_use]
    pub fn held_bytes(&self) -> usize {
        self.held.len()
    }
}
