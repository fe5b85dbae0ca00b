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

    /// Looks through the next bytes; true: a match was found. It is found with its last byte, where that decides.
    pub fn finds(&mut self, pattern: &Pattern, bytes: &[u8]) -> bool {
        self.held.extend_from_slice(bytes);
        if pattern.find_from(&self.held, self.from, self.border).is_some() {
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
}
