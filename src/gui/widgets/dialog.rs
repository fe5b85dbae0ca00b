//! The base of all dialogs: frame, background and layer.

use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::popup_frame;
use egui::{Align2, Context, CornerRadius, Id, Margin, Modal, Order, vec2};

/// A modal dialog. Its layer is below that of drop-downs and menus. egui raises a dialog when it is clicked and a drop-down
/// when it opens; if both happen in one frame, egui keeps their previous order. In one common layer, a drop-down could
/// therefore open behind the dialog that owns it.
#[must_use]
pub fn dialog(ctx: &Context, name: &'static str) -> Modal {
    let t = theme::tokens_of(ctx);
    let id = Id::unique(name);
    Modal::new(id)
        .area(Modal::default_area(id).order(Order::Middle))
        .frame(popup_frame(t).inner_margin(Margin::same(0)))
        .backdrop_color(t.shadow)
}

/// An overlay below the upper edge of the window: the palette and the key sheet. The window behind it is dimmed.
#[must_use]
pub fn overlay(ctx: &Context, name: &'static str) -> Modal {
    let t = theme::tokens_of(ctx);
    let id = Id::unique(name);
    let place = vec2(0.0, measure::PALETTE_TOP);
    Modal::new(id)
        .area(Modal::default_area(id).order(Order::Middle).anchor(Align2::CENTER_TOP, place))
        .frame(popup_frame(t).inner_margin(Margin::same(0)).corner_radius(CornerRadius::same(measure::RADIUS_PALETTE)))
        .backdrop_color(t.scrim)
}
