//! The look of the window: fonts, colours, dimensions, and egui's own style adapted to them. Every colour of the program is a
//! field of [`Tokens`]; no other code defines colours.

mod fonts;
pub mod measure;
mod style;
mod tokens;

pub use fonts::{icon, icon_fill, medium, mono, ui_font};
pub use tokens::{DARK, LIGHT, Tokens};

use crate::settings::Theme;
use egui::{Context, ThemePreference, Ui};

/// Installs the fonts and both styles, and selects a theme. Called once when the window opens.
pub fn install(ctx: &Context, theme: Theme) {
    ctx.set_fonts(fonts::definitions());
    // If the system reports no theme: light, like most programs of this kind.
    ctx.options_mut(|options| options.fallback_theme = egui::Theme::Light);
    for (kind, tokens) in [(egui::Theme::Light, &LIGHT), (egui::Theme::Dark, &DARK)] {
        ctx.set_style_of(kind, style::style(tokens));
    }
    choose(ctx, theme);
}

/// Selects the light, dark or system theme.
pub fn choose(ctx: &Context, theme: Theme) {
    ctx.set_theme(match theme {
        Theme::System => ThemePreference::System,
        Theme::Light => ThemePreference::Light,
        Theme::Dark => ThemePreference::Dark,
    });
}

/// The current colours of this `ui`.
#[must_use]
pub fn tokens(ui: &Ui) -> &'static Tokens {
    if ui.visuals().dark_mode { &DARK } else { &LIGHT }
}

/// The current colours of this context, for callers without a [`Ui`].
#[must_use]
pub fn tokens_of(ctx: &Context) -> &'static Tokens {
    match ctx.theme() {
        egui::Theme::Dark => &DARK,
        egui::Theme::Light => &LIGHT,
    }
}
