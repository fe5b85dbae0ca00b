//! What is expected: patterns over the content of a frame, or over a stream that is not cut into frames.
//!
//! A pattern is compiled once ([`Pattern`]) and prepared when a wait begins or a frame is tried ([`Prepared`]): then everything
//! that it inserts has its value. A prepared pattern is matched in priority order: as few bytes as fit for `*`, as many digits as
//! there are. Each attempt fits, does not fit, or needs more bytes; it is undecided as long as an attempt of higher priority needs
//! more bytes. So the result never depends on how the stream was read.

mod captures;
mod compile;
mod diff;
mod matcher;
mod regexes;
mod settled;
mod several;
mod stream;
#[cfg(test)]
mod tests;

pub use diff::{Aligned, Because, Mismatch};
pub use several::{Choice, Several};
pub use stream::{Found, Progress, Search};

use super::content::Files;
use super::eval::{Fault, Value, World, truth};
use super::tree::{self, Expr, Span, Text};
use crate::codec::Encoding;
use captures::With;
use compile::Items;
use matcher::{Failed, Outcome, Run};
use regexes::Regex;
use std::sync::Arc;

/// Names with the values that a match has captured, in the order of the pattern.
pub type Captures = Vec<(Arc<str>, Value)>;

/// A compiled pattern.
#[derive(Clone, Debug)]
pub struct Pattern {
    body: Arc<Body>,
    encoding: Encoding,
    /// `next`: it must fit at the place, or be the first frame.
    pub is_next: bool,
    /// `raw`: the bytes on the wire instead of the content.
    pub is_raw: bool,
    /// `from WORD`.
    pub from: Option<Text>,
    /// `where EXPR`.
    condition: Option<Arc<Expr>>,
    /// Its place in the source.
    pub span: Span,
}

#[derive(Debug)]
enum Body {
    Items(Items),
    Regex(Box<Regex>),
}

impl Pattern {
    /// Compiles a pattern for a session with this encoding.
    ///
    /// # Errors
    /// A text does not exist in the encoding, a check is unknown, a regular expression is invalid, or there are too many parts of
    /// open length.
    pub fn new(pattern: &tree::Pattern, encoding: Encoding) -> Result<Self, Fault> {
        let body = match &pattern.body {
            tree::Match::Items(items) => Body::Items(Items::new(items, pattern.span, encoding)?),
            tree::Match::Regex(regex) => Body::Regex(Box::new(Regex::new(regex)?)),
        };
        Ok(Self {
            body: Arc::new(body),
            encoding,
            is_next: pattern.next.is_some(),
            is_raw: pattern.raw.is_some(),
            from: pattern.from.clone(),
            condition: pattern.condition.clone().map(Arc::new),
            span: pattern.span,
        })
    }

    /// The names that a match sets.
    #[must_use]
    pub fn names(&self) -> Vec<Arc<str>> {
        match &*self.body {
            Body::Items(items) => items.names().cloned().collect(),
            Body::Regex(regex) => regex.names(),
        }
    }

    /// Whether the pattern inserts nothing, so that it can be prepared once.
    #[must_use]
    pub fn is_constant(&self) -> bool {
        match &*self.body {
            Body::Items(items) => items.is_constant(),
            Body::Regex(_) => true,
        }
    }

    /// Gives everything that the pattern inserts its value.
    ///
    /// # Errors
    /// A name has no value, the value does not fit its type, or a file cannot be read.
    pub fn prepare(&self, world: &mut dyn World, files: &mut dyn Files) -> Result<Prepared, Fault> {
        let inserted = match &*self.body {
            Body::Items(items) => items.inserted(world, files)?,
            Body::Regex(_) => Vec::new(),
        };
        Ok(Prepared { pattern: self.clone(), inserted })
    }
}

/// A pattern whose insertions have values.
#[derive(Clone, Debug)]
pub struct Prepared {
    pattern: Pattern,
    /// The bytes of each insertion that does not depend on what the pattern itself captures.
    inserted: Vec<Option<Vec<u8>>>,
}

impl Prepared {
    /// The pattern.
    #[must_use]
    pub fn pattern(&self) -> &Pattern {
        &self.pattern
    }

    /// Whether the pattern fits the whole of `content`, its condition included, and what it captures.
    ///
    /// # Errors
    /// The condition has no value, or matching takes too much work.
    pub fn fits(&self, content: &[u8], world: &mut dyn World) -> Result<Option<Captures>, Fault> {
        let captures = match &*self.pattern.body {
            Body::Items(items) => {
                let mut run = Run::over_frame(items, &self.inserted, content, self.pattern.encoding);
                match run.matches(0, &mut Failed::default(), world)? {
                    Outcome::Match(_) => run.captures(),
                    Outcome::Fail | Outcome::More => return Ok(None),
                }
            }
            Body::Regex(regex) => match regex.find(content, self.pattern.encoding) {
                Some(captures) => captures,
                None => return Ok(None),
            },
        };
        Ok(self.meets_condition(&captures, world)?.then_some(captures))
    }

    /// Why the pattern does not fit `content`; `None`: it fits, or its condition has no value.
    #[must_use]
    pub fn why(&self, content: &[u8], world: &mut dyn World) -> Option<Mismatch> {
        let at_condition = |world: &mut dyn World, captures: &Captures| match self.meets_condition(captures, world) {
            Ok(false) => Some(Mismatch::of_condition(self.pattern.condition.as_ref()?.span, captures.clone())),
            _ => None,
        };
        match &*self.pattern.body {
            Body::Items(items) => {
                let mut run = Run::over_frame(items, &self.inserted, content, self.pattern.encoding);
                run.explain();
                match run.matches(0, &mut Failed::default(), world).ok()? {
                    Outcome::Match(_) => {
                        let captures = run.captures();
                        at_condition(world, &captures)
                    }
                    Outcome::Fail | Outcome::More => Some(run.mismatch()),
                }
            }
            Body::Regex(regex) => match regex.find(content, self.pattern.encoding) {
                Some(captures) => at_condition(world, &captures),
                None => Some(Mismatch::of_regex(self.pattern.span, content.len())),
            },
        }
    }

    fn meets_condition(&self, captures: &Captures, world: &mut dyn World) -> Result<bool, Fault> {
        match &self.pattern.condition {
            None => Ok(true),
            Some(condition) => truth(condition, &mut With::new(world, captures)),
        }
    }
}
