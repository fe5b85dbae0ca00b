//! The hit list of a search: its scroll position (stored as a hit, so that hits added or removed above do not move the rows),
//! the visible rows, which are cached, and their painting. The search itself is in `find::state`, the panel around the list in
//! `find::list`.

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

/// Position of a hit: record and offset.
pub type At = (u64, u32);

/// See the module.
#[derive(Default)]
pub struct HitList {
    /// Take the keyboard focus in the next frame.
    pub wants_focus: bool,
    /// The focus was set by keyboard: only then the focus ring is drawn.
    pub focus_by_key: bool,
    /// The widget that had the focus before.
    came_from: Option<Id>,
    /// The search whose hits are listed.
    found: Option<Shared>,
    /// The first visible hit. If this hit does not exist, the next one.
    top: At,
    /// Fraction of a row left over from the wheel.
    wheel: f32,
    /// Where the scroll bar's handle was grabbed.
    grabbed: Option<f32>,
    /// The current hit, once it was scrolled into view.
    current: Option<At>,
    encoding: Encoding,
    rows: Vec<Row>,
}

/// A hit with its context.
pub struct Row {
    /// The hit.
    pub hit: Hit,
    /// The bytes around it; `None` if they cannot be read any more.
    context: Option<Context>,
}

/// The visible part of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sight {
    /// Index of the first visible hit, from 0.
    pub first: usize,
    /// Number of hits in the list.
    pub listed: usize,
    /// Number of whole rows that fit.
    pub fit: usize,
}

impl HitList {
    /// Called when the list opens while `focused` has the keyboard focus. The list takes the focus.
    pub fn opened(&mut self, focused: Option<Id>) {
        (self.wants_focus, self.came_from) = (true, focused);
    }

    /// Called when the list closes. Returns the widget that gets the focus back.
    pub fn close(&mut self) -> Option<Id> {
        self.found = None;
        self.rows = Vec::new();
        self.came_from.take()
    }

    /// Updates the visible rows: `fit` rows of a search that may still be running.
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

    /// The visible rows.
    #[must_use]
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// Index of the first visible hit. Never so high that space is left below the last hit.
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

    /// The hit that `step` leads to from the current hit, or from the first visible hit.
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

/// A keyboard movement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// This many rows down, or up if negative.
    By(isize),
    /// To the first hit.
    First,
    /// To the last hit in the list.
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
