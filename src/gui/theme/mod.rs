//! The look of the window: fonts, colours, measures, and egui's own style made to match. Every colour of the program is a
//! [`Tokens`] field; nothing else names a colour.

mod fonts;
pub mod measure;
mod style;
mod tokens;

pub use fonts::{icon, icon_fill, medium, mono, ui_font};
pub use tokens::{DARK, LIGHT, Tokens};

use crate::settings::Theme;
use egui::{Context, ThemePreference, Ui};

/// Installs fonts and both styles and chooses one; called once when the window opens.
pub fn install(ctx: &Context, theme: Theme) {
    ctx.set_fonts(fonts::definitions());
    // Where the system does not say what it is: light, as most programs of this kind are.
    ctx.options_mut(|options| options.fallback_theme = egui::Theme::Light);
    for (kind, tokens) in [(egui::Theme::Light, &LIGHT), (egui::Theme::Dark, &DARK)] {
        ctx.set_style_of(kind, style::style(tokens));
    }
    choose(ctx, theme);
}

/// Light, dark, or as the system says.
pub fn choose(ctx: &Context, theme: Theme) {
    ctx.set_theme(match theme {
        Theme::System => ThemePreference::System,
        Theme::Light => ThemePreference::Light,
        Theme::Dark => ThemePreference::Dark,
    });
}

/// The colours that are valid in this `ui` now.
#[must_use]
pub fn tokens(ui: &Ui) -> &'static Tokens {
    if ui.visuals().dark_mode { &DARK } else { &LIGHT }
}

/// The colours that are valid in this context now, where no [`Ui`] is at hand.
#[must_use]
pub fn tokens_of(ctx: &Context) -> &'static Tokens {
    match ctx.theme() {
        egui::Theme::Dark => &DARK,
        egui::Theme::Light => &LIGHT,
    }
}
