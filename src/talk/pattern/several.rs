//! Searches a stream for several patterns at once: the match that begins first is taken.

use super::stream::{Found, Progress, Search};
use super::{Fault, Prepared, World};

/// A search for the first match of any of several patterns.
#[derive(Debug)]
pub struct Several {
    lines: Vec<Line>,
}

#[derive(Debug)]
struct Line {
    search: Search,
    state: Progress,
}

/// What a search for several patterns knows.
#[derive(Clone, Debug, PartialEq)]
pub enum Choice {
    /// Later bytes decide.
    Wait,
    /// The match of this pattern begins first.
    Found(usize, Found),
    /// None of them matches any more.
    Never,
}

impl Several {
    /// Begins a search.
    ///
    /// # Errors
    /// A regular expression cannot be searched for in a stream.
    pub fn new<'a>(patterns: impl IntoIterator<Item = &'a Prepared>) -> Result<Self, Fault> {
        let line = |pattern: &Prepared| Ok(Line { search: pattern.search()?, state: Progress::Wait });
        Ok(Self { lines: patterns.into_iter().map(line).collect::<Result<_, _>>()? })
    }

    /// Takes the next bytes of the stream.
    ///
    /// # Errors
    /// A condition has no value, or matching takes too much work.
    pub fn feed(&mut self, bytes: &[u8], world: &mut dyn World) -> Result<Choice, Fault> {
        for line in &mut self.lines {
            if line.state == Progress::Wait {
                line.state = line.search.feed(bytes, world)?;
            }
        }
        Ok(self.choice())
    }

    /// The peer has closed: no byte follows.
    ///
    /// # Errors
    /// See [`Several::feed`].
    pub fn close(&mut self, world: &mut dyn World) -> Result<Choice, Fault> {
        for line in &mut self.lines {
            if line.state == Progress::Wait {
                line.state = line.search.close(world)?;
            }
        }
        Ok(self.choice())
    }

    /// The match that begins first of those that are known, although an earlier one may follow: the time is up.
    #[must_use]
    pub fn held(&self) -> Option<(usize, &Found)> {
        let found = self.lines.iter().enumerate().filter_map(|(number, line)| match &line.state {
            Progress::Found(found) => Some((number, found)),
            Progress::Wait | Progress::Never => None,
        });
        // Of those that begin together, the first line.
        found.min_by_key(|(number, found)| (found.range.start, *number))
    }

    /// The patterns that do not match any more.
    pub fn missed(&self) -> impl Iterator<Item = usize> {
        self.lines.iter().enumerate().filter(|(_, line)| line.state == Progress::Never).map(|(number, _)| number)
    }

    fn choice(&self) -> Choice {
        let Some((number, found)) = self.held() else {
            let is_over = self.lines.iter().all(|line| line.state == Progress::Never);
            return if is_over { Choice::Never } else { Choice::Wait };
        };
        let is_earlier = |(other, line): (usize, &Line)| {
            line.state == Progress::Wait && (line.search.undecided(), other) < (found.range.start, number)
        };
        if self.lines.iter().enumerate().any(is_earlier) { Choice::Wait } else { Choice::Found(number, found.clone()) }
    }
}
