//! Focuses a field from the control that opens it. A field that appears while the pointer is pressed elsewhere would lose the
//! focus at once, so it receives the focus in the next frame.

use egui::{Context, Id, Response};

fn memory(id: Id) -> Id {
    Id::unique("wants focus").with(id)
}

/// Focuses the field with this id in the next frame in which it is drawn.
pub fn focus_later(ctx: &Context, id: Id) {
    let frame = ctx.cumulative_frame_nr();
    ctx.data_mut(|data| data.insert_temp(memory(id), frame));
    ctx.request_repaint();
}

/// Applies a request of [`focus_later`].
pub(in crate::gui) fn take_focus(response: &Response) {
    let asked: Option<u64> = response.ctx.data(|data| data.get_temp(memory(response.id)));
    if asked.is_some_and(|frame| frame < response.ctx.cumulative_frame_nr()) {
        response.ctx.data_mut(|data| data.remove::<u64>(memory(response.id)));
        response.request_focus();
    }
}
