//! Draggable edges of dock and drawer.

use crate::gui::theme;
use egui::accesskit::Role;
use egui::{CursorIcon, Rect, Sense, Ui, WidgetInfo};

/// The draggable edge.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Edge {
    /// The left edge.
    Left,
    /// The right one.
    Right,
    /// The top edge.
    Top,
}

/// Makes an edge of `rect` draggable, with an accessible name. Returns the pointer's position along its axis while dragged, in
/// points.
pub fn drag(ui: &Ui, edge: Edge, rect: Rect, name: &str) -> Option<f32> {
    let t = theme::tokens(ui);
    let (handle, line, cursor) = match edge {
        Edge::Left => (
            Rect::from_x_y_ranges(rect.left() - 3.0..=rect.left() + 4.0, rect.y_range()),
            Rect::from_x_y_ranges(rect.left()..=rect.left() + 2.0, rect.y_range()),
            CursorIcon::ResizeHorizontal,
        ),
        Edge::Right => (
            Rect::from_x_y_ranges(rect.right() - 3.0..=rect.right() + 3.0, rect.y_range()),
            Rect::from_x_y_ranges(rect.right() - 2.0..=rect.right(), rect.y_range()),
            CursorIcon::ResizeHorizontal,
        ),
        Edge::Top => (
            Rect::from_x_y_ranges(rect.x_range(), rect.top() - 3.0..=rect.top() + 4.0),
            Rect::from_x_y_ranges(rect.x_range(), rect.top()..=rect.top() + 2.0),
            CursorIcon::ResizeVertical,
        ),
    };
    let response = ui.interact(handle, ui.scope_id().with("edge"), Sense::drag());
    response.widget_info(|| WidgetInfo::labeled(Role::Splitter, true, name));
    if response.hovered() || response.dragged() {
        ui.ctx().set_cursor_icon(cursor);
        ui.painter().rect_filled(line, 0.0, t.accent);
    }
    let pointer = response.interact_pointer_pos().filter(|_| response.dragged())?;
    ui.ctx().request_repaint();
    Some(if edge == Edge::Top { pointer.y } else { pointer.x })
}
