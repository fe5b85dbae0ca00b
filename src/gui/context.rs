//! The context of the panels. A panel draws its input, edits forms in place, and queues an [`Action`] for everything else.

use crate::capture::CaptureInfo;
use crate::gui::action::Action;
use crate::gui::highlights::state::Highlights;
use crate::gui::keys::{Bindings, Command};
use crate::gui::log::Side;
use crate::gui::network::addresses::Addresses;
use crate::jobs;
use crate::settings::{HighlightRule, Recent, SavedRule};
use crate::words::Lang;
use crate::words::Text;
use egui::{Layout, Rect, Ui, UiBuilder};
use std::sync::Arc;

/// The context of every panel.
pub struct Panels<'a> {
    /// Language of everything drawn.
    pub lang: Lang,
    /// Actions requested in this frame.
    pub actions: &'a mut Vec<Action>,
    /// Addresses of this computer, as far as known.
    pub addresses: &'a Addresses,
    /// Wakes the window from a job.
    pub wake: &'a jobs::Wake,
    /// The dark theme is active.
    pub dark: bool,
    /// The left column is visible.
    pub side_shown: bool,
    /// A message about the whole program: title and cause, shown in the focused pane.
    pub notice: Option<(String, String)>,
    /// Stored captures that can be opened, newest first.
    pub recent: &'a [CaptureInfo],
    /// Connections that were used lately or are pinned.
    pub recents: &'a [Recent],
    /// What chosen bytes can be compared with.
    pub compare_base: Option<Arc<Side>>,
    /// The shortcuts, for tooltips and menus.
    pub keys: &'a Bindings,
    /// `None` in a dialog.
    pub rules: Option<Rules<'a>>,
}

/// Rules that hold for all sessions.
pub struct Rules<'a> {
    /// The saved framing rules.
    pub framing: &'a [SavedRule],
    /// The highlight rules, edited in place.
    pub highlights: &'a mut Vec<HighlightRule>,
    /// The same, ready to be applied.
    pub ready: &'a Highlights,
}

impl<'a> Panels<'a> {
    /// The context of a dialog, without the message for the focused pane.
    pub fn of_dialog(
        ctx: &egui::Context,
        lang: Lang,
        actions: &'a mut Vec<Action>,
        addresses: &'a Addresses,
        wake: &'a jobs::Wake,
        keys: &'a Bindings,
    ) -> Self {
        let dark = ctx.theme() == egui::Theme::Dark;
        Self {
            lang,
            actions,
            addresses,
            wake,
            dark,
            side_shown: true,
            notice: None,
            recent: &[],
            recents: &[],
            compare_base: None,
            keys,
            rules: None,
        }
    }

    /// The name of a command's shortcut; empty if it has none.
    pub fn key(&self, command: Command) -> &'a str {
        self.keys.name(command)
    }

    /// A label in the language of the window.
    pub fn text(&self, text: Text) -> &'static str {
        text.of(self.lang)
    }
}

/// Draws within `rect`, independent of the surrounding layout; `salt` makes its ids unique.
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
