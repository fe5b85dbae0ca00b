//! The parts of the window. Each draws from what it is given, edits forms in place, and queues an [`Action`] for everything else.

use crate::capture::CaptureInfo;
use crate::gui::action::Action;
use crate::gui::log::Side;
use crate::gui::network::addresses::Addresses;
use crate::jobs;
use crate::words::Lang;
use crate::words::Text;
use egui::{Layout, Rect, Ui, UiBuilder};
use std::sync::Arc;

/// What every panel has at hand.
pub struct Panels<'a> {
    /// Language of everything drawn.
    pub lang: Lang,
    /// What the user asked for in this frame.
    pub actions: &'a mut Vec<Action>,
    /// Addresses of this machine, as far as known.
    pub addresses: &'a Addresses,
    /// Wakes the window from a job.
    pub wake: &'a jobs::Wake,
    /// The dark theme is in use.
    pub dark: bool,
    /// The left column is on screen.
    pub side_shown: bool,
    /// What is to be said about the whole program: title and cause, shown in the focused pane.
    pub notice: Option<(String, String)>,
    /// Stored captures that can be opened, newest first.
    pub recent: &'a [CaptureInfo],
    /// What chosen bytes can be compared with.
    pub compare_base: Option<Arc<Side>>,
}

impl<'a> Panels<'a> {
    /// Of a dialog, which stands before the panes: what is said in them is not said in it.
    pub fn of_dialog(
        ctx: &egui::Context,
        lang: Lang,
        actions: &'a mut Vec<Action>,
        addresses: &'a Addresses,
        wake: &'a jobs::Wake,
    ) -> Self {
        let dark = ctx.theme() == egui::Theme::Dark;
        Self { lang, actions, addresses, wake, dark, side_shown: true, notice: None, recent: &[], compare_base: None }
    }

    /// A label in the language of the window.
    pub fn text(&self, text: Text) -> &'static str {
        text.of(self.lang)
    }
}

/// Draws within `rect`, whatever the layout around it; its ids differ by `salt`.
pub fn within<R>(
    ui: &mut Ui,
    rect: Rect,
    salt: impl egui::AsIdSalt,
    layout: Layout,
    draw: impl FnOnce(&mut Ui) -> R,
) -> R {
    let mut child = ui.new_child(UiBuilder::new().max_rect(rect).layout(layout).id_salt(salt));
    child.set_clip_rect(rect.expand(4.0).intersect(ui.clip_rect()));
    draw(&mut child)
}
