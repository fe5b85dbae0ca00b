//! Whether a pattern is somewhere in a stream that comes in parts.

use super::Pattern;

/// The end of a stream that was looked through, as far as a match may still begin in it.
#[derive(Clone, Debug, Default)]
pub struct Scan {
    held: Vec<u8>,
    /// Matches begin here or behind.
    from: usize,
    /// A character begins here.
    border: usize,
}

impl Scan {
    /// Of a stream that begins within a character: `pending` are its first bytes, in which nothing is looked for.
    #[must_use]
    pub fn behind(pending: &[u8]) -> Self {
        Self { held: pending.to_vec(), from: pending.len(), border: 0 }
    }

    /// Looks through the next bytes; true: a match was found. It is found with its last byte, where that decides; where it ends
    /// with `$` or `\b`, with the character behind it or at the end of the stream ([`Scan::ends_with_match`]).
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
            // Not for each byte: what is kept has to be moved.
            self.held.drain(..gone);
            self.from -= gone;
            self.border -= gone;
        }
        false
    }

    /// Whether what is held behind byte `at` says all that `$` and `\b` ask there: one character.
    fn is_decided(&self, at: usize) -> bool {
        self.held.get(at).is_some_and(u8::is_ascii) || self.held.len() >= at + 4
    }

    /// Nothing more comes: whether that makes a match of what is held.
    #[must_use]
    pub fn ends_with_match(&self, pattern: &Pattern) -> bool {
        pattern.find_from(&self.held, self.from, self.border).is_some()
    }

    /// Bytes kept of the stream.
    #[must_use]
    pub fn held_bytes(&self) -> usize {
        self.held.len()
    }
}
