//! The list of a search's hits: where it is scrolled to (by hit, so that hits that come or go above do not move it), the rows in
//! sight, kept while they stay the same, and how they look. The search itself is `session::find`, the panel around it
//! `panels::hit_list`.

mod columns;
mod context;
mod paint;
mod scroll;
pub mod texts;

use crate::capture::CaptureReader;
use crate::capture::search::{Found, Hit};
use crate::codec::Encoding;
use crate::gui::log::hits::Shared;
use crate::gui::theme::measure;
pub use columns::{Columns, HEAD};
use context::Context;
use egui::Id;
pub use paint::{Looks, head, row};
use std::sync::{Arc, PoisonError};

/// Height of a row.
pub const ROW: f32 = measure::LOG_ROW;

/// The place of a hit: record and offset.
pub type At = (u64, u32);

/// See the module.
#[derive(Default)]
pub struct HitList {
    /// It is to get the keyboard focus with the next frame.
    pub wants_focus: bool,
    /// The focus came by a key: only then it is ringed.
    pub focus_by_key: bool,
    /// What had the focus before it came.
    came_from: Option<Id>,
    /// Whose hits are listed.
    found: Option<Shared>,
    /// The first hit in sight is this one, or the next one there is.
    top: At,
    /// Part of a row left over from the wheel.
    wheel: f32,
    /// Where the scroll bar's handle is held.
    grabbed: Option<f32>,
    /// The current hit, once it was brought into sight.
    current: Option<At>,
    encoding: Encoding,
    rows: Vec<Row>,
}

/// One hit, read.
pub struct Row {
    /// What was found.
    pub hit: Hit,
    /// Bytes around it; `None`: they cannot be read any more.
    context: Option<Context>,
}

/// The part of the list that is in sight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sight {
    /// Place of the first hit in sight, from 0.
    pub first: usize,
    /// Hits that are listed.
    pub listed: usize,
    /// Whole rows that fit.
    pub fit: usize,
}

impl HitList {
    /// It was opened while `focused` had the keyboard focus, which it takes.
    pub fn opened(&mut self, focused: Option<Id>) {
        (self.wants_focus, self.came_from) = (true, focused);
    }

    /// Goes; gives what is to have the focus again.
    pub fn close(&mut self) -> Option<Id> {
        self.found = None;
        self.rows = Vec::new();
        self.came_from.take()
    }

    /// Brings the rows in sight up to date: `fit` of them, from a search that may still go on.
    pub fn prepare(
        &mut self,
        found: &Shared,
        current: Option<At>,
        fit: usize,
        reader: &CaptureReader,
        encoding: Encoding,
    ) -> Sight {
        if !self.found.as_ref().is_some_and(|known| Arc::ptr_eq(known, found)) {
            self.found = Some(found.clone());
            (self.top, self.current) = ((0, 0), None);
        }
        let (hits, sight) = {
            let found = found.lock().unwrap_or_else(PoisonError::into_inner);
            if current != self.current {
                self.current = current;
                self.bring_into_sight(&found, fit);
            }
            let first = self.first(&found, fit);
            let hits = found.hits().iter().skip(first).take(fit).copied().collect::<Vec<Hit>>();
            (hits, Sight { first, listed: found.hits().len(), fit })
        };
        if self.encoding != encoding {
            self.encoding = encoding;
            self.rows.clear();
        }
        let same = self.rows.len() == hits.len() && self.rows.iter().zip(&hits).all(|(row, hit)| row.hit == *hit);
        if !same {
            let mut known = std::mem::take(&mut self.rows);
            self.rows = hits.into_iter().map(|hit| Row::of(hit, &mut known, reader, encoding)).collect();
        }
        sight
    }

    /// The rows in sight.
    #[must_use]
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The first hit in sight: never so late that there is room below the last one.
    fn first(&self, found: &Found, fit: usize) -> usize {
        found.at_or_after(self.top.0, self.top.1).min(found.hits().len().saturating_sub(fit))
    }

    fn set_first(&mut self, found: &Found, first: usize) {
        self.top = found.hits().get(first).map_or((0, 0), |hit| (hit.record, hit.offset));
    }

    fn bring_into_sight(&mut self, found: &Found, fit: usize) {
        let Some(at) = self.current.and_then(|(record, offset)| found.position(record, offset)) else { return };
        let first = self.first(found, fit);
        if at < first {
            self.set_first(found, at);
        } else if at >= first + fit {
            self.set_first(found, (at + 1).saturating_sub(fit));
        }
    }

    /// The hit that `step` leads to from the current one, or from the first one in sight.
    #[must_use]
    pub fn target(&self, step: Step) -> Option<At> {
        let found = self.found.as_ref()?.lock().unwrap_or_else(PoisonError::into_inner);
        let last = found.hits().len().checked_sub(1)?;
        let now = self.current.and_then(|(record, offset)| found.position(record, offset));
        let index = match (step, now) {
            (Step::First, _) => 0,
            (Step::Last, _) => last,
            (Step::By(rows), Some(now)) => now.saturating_add_signed(rows).min(last),
            (Step::By(_), None) => found.at_or_after(self.top.0, self.top.1).min(last),
        };
        found.hits().get(index).map(|hit| (hit.record, hit.offset))
    }
}

/// Where the keyboard goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// So many rows down, or up.
    By(isize),
    /// To the first hit.
    First,
    /// To the last one that is listed.
    Last,
}

impl Row {
    fn of(hit: Hit, known: &mut Vec<Self>, reader: &CaptureReader, encoding: Encoding) -> Self {
        match known.iter().position(|row| row.hit == hit) {
            Some(at) => known.swap_remove(at),
            None => Self { hit, context: Context::read(reader, &hit, encoding) },
        }
    }
}

#[cfg(test)]
mod tests;
