//! The status lamp of tabs, the status line and the left column.

use crate::gui::theme;
use crate::gui::theme::Tokens;
use crate::gui::widgets::paint;
use egui::{Color32, Painter, Pos2, Sense, Ui, Vec2};

/// The state that a lamp shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lamp {
    /// Closed.
    Off,
    /// Open.
    Open,
    /// Connecting.
    Busy,
    /// Failed.
    Failed,
}

impl Lamp {
    /// The colour of this state.
    #[must_use]
    pub fn colour(self, tokens: &Tokens) -> Color32 {
        match self {
            Self::Off => tokens.faint,
            Self::Open => tokens.received,
            Self::Busy => tokens.amber,
            Self::Failed => tokens.error,
        }
    }

    /// Paints a disc of 7 points in a pale halo of 13. The lamp must never be the only indication of a state: add a text.
    pub fn paint(self, painter: &Painter, centre: Pos2, tokens: &Tokens) {
        let colour = self.colour(tokens);
        let centre = Pos2::new(paint::round_to_pixel(painter, centre.x), paint::round_to_pixel(painter, centre.y));
        painter.circle_filled(centre, 6.5, colour.gamma_multiply(0.18));
        painter.circle_filled(centre, 3.5, colour);
    }
}

/// A lamp as a widget of 16 × 16 points; decoration without an accessible name.
pub fn lamp(ui: &mut Ui, lamp: Lamp) {
    let (rect, _) = ui.allocate_exact_size(Vec2::splat(16.0), Sense::hover());
    lamp.paint(ui.painter(), rect.center(), theme::tokens(ui));
}
