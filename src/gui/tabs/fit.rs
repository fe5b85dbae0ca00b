//! The visible tabs of a bar: all, or as many as fit, with a list of all tabs behind them. The bar never scrolls.

use crate::gui::tabs::{Pane, TAB};
use crate::model::SessionId;
use egui::{Context, Id};
use egui_tiles::{Container, Tile, TileId, Tree};
use std::collections::BTreeMap;

/// Width of the button that opens a new tab.
const PLUS: f32 = 40.0;
/// Width of the button that opens the list of tabs.
const LIST: f32 = 28.0;

/// Position of a tab in its bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seat {
    bar: TileId,
    index: usize,
    count: usize,
    /// Index of the active tab.
    front: usize,
}

impl Seat {
    /// Number of tabs in the bar.
    pub fn count(self) -> usize {
        self.count
    }
}

/// The seat of each session. Computed before drawing, because a bar is not in the tree while it is drawn.
pub fn seats(tree: &Tree<Pane>) -> BTreeMap<SessionId, Seat> {
    let mut seats = BTreeMap::new();
    for (bar, tile) in tree.tiles.iter() {
        let Tile::Container(Container::Tabs(tabs)) = tile else { continue };
        let front = tabs.active.and_then(|active| tabs.children.iter().position(|child| *child == active));
        let front = front.unwrap_or(0);
        for (index, child) in tabs.children.iter().enumerate() {
            if let Some(id) = tree.tiles.get_pane(child) {
                seats.insert(*id, Seat { bar: *bar, index, count: tabs.children.len(), front });
            }
        }
    }
    seats
}

/// The visible tabs, and the width of each.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Fit {
    first: usize,
    shown: usize,
    share: f32,
}

impl Fit {
    /// Fits the tabs into `room` points; `first`: the first tab that was visible before.
    fn new(room: f32, seat: Seat, first: usize) -> Self {
        let least = *TAB.start();
        let room = (room - PLUS).max(least);
        if seat.count as f32 * least <= room {
            return Self { first: 0, shown: seat.count, share: room / seat.count.max(1) as f32 };
        }
        let room = (room - LIST).max(least);
        let shown = ((room / least).floor() as usize).clamp(1, seat.count);
        let first = first.clamp((seat.front + 1).saturating_sub(shown), seat.front).min(seat.count - shown);
        Self { first, shown, share: room / shown as f32 }
    }
}

/// The width of a tab in a bar of this width; `None` if the tab is only in the list.
pub fn share(ctx: &Context, room: f32, seat: Seat) -> Option<f32> {
    let memory = Id::unique("first tab shown").with(seat.bar);
    let before = ctx.data(|data| data.get_temp(memory)).unwrap_or(0);
    let fit = Fit::new(room, seat, before);
    if fit.first != before {
        ctx.data_mut(|data| data.insert_temp(memory, fit.first));
    }
    (fit.first..fit.first + fit.shown).contains(&seat.index).then_some(fit.share)
}

/// Some tabs of a bar with this many tabs do not fit.
pub fn is_short(room: f32, count: usize) -> bool {
    count as f32 * *TAB.start() > room - PLUS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_tabs_as_fit_are_visible_including_the_active_one() {
        let bar = egui_tiles::Tiles::<Pane>::default().insert_pane(SessionId(1));
        let fit = |room, count, front, first| Fit::new(room, Seat { bar, index: 0, count, front }, first);
        assert_eq!(fit(1040.0, 4, 3, 2), Fit { first: 0, shown: 4, share: 250.0 });
        let least = *TAB.start();
        let room = PLUS + LIST + 10.5 * least;
        let short = fit(room, 30, 0, 0);
        assert_eq!((short.first, short.shown), (0, 10));
        assert!(short.share >= least && short.share * 10.0 <= room - PLUS - LIST);
        // Scrolls no further than necessary, in either direction.
        for (front, first, now) in [(9, 0, 0), (10, 0, 1), (29, 0, 20), (5, 3, 3), (2, 3, 2), (29, 25, 20)] {
            assert_eq!(fit(room, 30, front, first).first, now, "{front} {first}");
        }
        assert_eq!(fit(10.0, 3, 2, 0).first, 2, "there is always one");
    }
}
