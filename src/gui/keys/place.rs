//! Where the parts of the window are, for moving the focus among them by keys.

use crate::model::SessionId;
use egui::text_edit::TextEditState;
use egui::{Context, Id, Order, Rect};

/// A part of the window. The order is that of Tab.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// Protocol, addresses and open button in the left column.
    Network,
    /// The send box and its button.
    Box,
    /// The quick commands below the send box.
    Chips,
    Log,
    Toolbar,
    /// The rest of the left column.
    Left,
    /// Target, history and file above the send box.
    Strip,
    Dock,
    Drawer,
    Status,
    /// Tab bars, and whatever is not marked.
    Rest,
}

impl Place {
    /// The places that F6 visits, in order. Some have two parts: the second one is entered only by Tab.
    pub const RING: [&'static [Self]; 5] = [
        &[Self::Network, Self::Left],
        &[Self::Log],
        &[Self::Box, Self::Strip, Self::Chips],
        &[Self::Dock],
        &[Self::Drawer],
    ];

    /// Its index in [`Self::RING`].
    pub fn in_ring(self) -> Option<usize> {
        Self::RING.iter().position(|parts| parts.contains(&self))
    }
}

/// What the application remembers about the focus.
#[derive(Default)]
pub struct Focus {
    /// The control that was last used in each place of [`Place::RING`].
    pub last: [Option<Id>; Place::RING.len()],
    /// This session's form is to get the focus as soon as it is drawn, after this frame.
    pub form: Option<(SessionId, u64)>,
    /// The focused session, and whether it was open, in the last frame.
    pub seen: Option<(SessionId, bool)>,
}

fn memory() -> Id {
    Id::unique("places")
}

/// Records where a part of the focused session was drawn in this frame.
pub fn mark(ctx: &Context, place: Place, rect: Rect) {
    let frame = ctx.cumulative_frame_nr();
    ctx.data_mut(|data| {
        let places: &mut Vec<(u64, Place, Rect)> = data.get_temp_mut_or_default(memory());
        places.retain(|(drawn, other, _)| *other != place && drawn + 1 >= frame);
        places.push((frame, place, rect));
    });
}

/// A control that Tab reaches.
#[derive(Clone, Copy, Debug)]
pub struct Stop {
    pub id: Id,
    pub place: Place,
    rect: Rect,
}

impl Stop {
    pub fn is_text_field(&self, ctx: &Context) -> bool {
        TextEditState::load(ctx, self.id).is_some()
    }
}

/// The controls of the last frame in the order of Tab: by place, then as one reads.
pub fn stops(ctx: &Context) -> Vec<Stop> {
    let frame = ctx.cumulative_frame_nr();
    let mut marks: Vec<(u64, Place, Rect)> = ctx.data(|data| data.get_temp(memory())).unwrap_or_default();
    marks.retain(|(drawn, ..)| drawn + 1 >= frame);
    // A part within another one is smaller.
    marks.sort_by(|(.., one), (.., other)| one.area().total_cmp(&other.area()));
    let mut stops: Vec<Stop> = ctx.viewport(|viewport| {
        let widgets = &viewport.prev_pass.widgets;
        let layers = widgets.layers().filter(|(layer, _)| layer.order < Order::Tooltip);
        let widgets = layers.flat_map(|(_, widgets)| widgets);
        let reachable = widgets.filter(|widget| widget.enabled && widget.visible && widget.sense.is_focusable());
        reachable.filter_map(|widget| stop(&marks, widget)).collect()
    });
    stops.sort_by(|one, other| {
        (one.place, one.rect.center().y)
            .partial_cmp(&(other.place, other.rect.center().y))
            .unwrap_or(std::cmp::Ordering::Equal)
    });
    by_rows(&mut stops);
    // The rows of the log come before the controls at their head.
    let rows = |stop: &Stop| stop.place == Place::Log;
    if let Some(first) = stops.iter().position(rows)
        && let Some(largest) = (first..stops.len())
            .filter(|at| rows(&stops[*at]))
            .max_by(|one, other| stops[*one].rect.area().total_cmp(&stops[*other].rect.area()))
    {
        stops[first..=largest].rotate_right(1);
    }
    stops
}

fn stop(marks: &[(u64, Place, Rect)], widget: &egui::WidgetRect) -> Option<Stop> {
    let (id, rect) = (widget.id, widget.rect);
    let place_at =
        |pos| marks.iter().find(|(.., place)| place.contains(pos)).map_or(Place::Rest, |(_, place, _)| *place);
    if widget.interact_rect.is_positive() {
        let place = match place_at(widget.interact_rect.center()) {
            // What is over the others, except a dock in a narrow pane, belongs to no place.
            place if widget.layer_id.order > Order::Background && place != Place::Dock => Place::Rest,
            place => place,
        };
        return Some(Stop { id, rect, place });
    }
    // Only the left column scrolls to what has the focus.
    let (_, _, left) = marks.iter().find(|(_, place, _)| *place == Place::Left)?;
    let is_scrolled_away = rect.is_positive() && left.x_range().contains(rect.center().x);
    is_scrolled_away.then_some(Stop { id, rect, place: Place::Left })
}

/// Puts controls beside each other from left to right; they are sorted by place and height.
fn by_rows(stops: &mut [Stop]) {
    let mut from = 0;
    while let Some(first) = stops.get(from).copied() {
        let in_row = |stop: &&Stop| stop.place == first.place && first.rect.y_range().contains(stop.rect.center().y);
        let count = stops[from..].iter().take_while(in_row).count().max(1);
        stops[from..from + count].sort_by(|one, other| one.rect.left().total_cmp(&other.rect.left()));
        from += count;
    }
}

fn arrived() -> Id {
    Id::unique("focus arrived")
}

/// Gives the focus to a control by a key.
pub fn go(ctx: &Context, id: Id) {
    ctx.memory_mut(|memory| memory.request_focus(id));
    ctx.data_mut(|data| data.insert_temp(arrived(), id));
    ctx.request_repaint();
}

/// Where the control is that just got the focus by a key, for the scroll area it is in.
pub fn arrival(ctx: &Context) -> Option<Rect> {
    let id: Id = ctx.data(|data| data.get_temp(arrived()))?;
    ctx.data_mut(|data| data.remove::<Id>(arrived()));
    ctx.read_response(id).map(|response| response.rect)
}
