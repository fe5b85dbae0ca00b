//! The embedded fonts (made by `scripts/fonts`, licences beside them) and their families. No font of egui's own is used.

use egui::{FontData, FontDefinitions, FontFamily, FontId};
use std::sync::{Arc, LazyLock};

static MEDIUM: LazyLock<FontFamily> = LazyLock::new(|| FontFamily::Name("ui-medium".into()));
static ICON: LazyLock<FontFamily> = LazyLock::new(|| FontFamily::Name("icon".into()));
static ICON_FILL: LazyLock<FontFamily> = LazyLock::new(|| FontFamily::Name("icon-fill".into()));

/// Interface text.
#[must_use]
pub fn ui_font(size: f32) -> FontId {
    FontId::new(size, FontFamily::Proportional)
}

/// Interface text that stands out: group titles, the active tab and segment.
#[must_use]
pub fn medium(size: f32) -> FontId {
    FontId::new(size, MEDIUM.clone())
}

/// Log, offsets, hex, addresses. At 14 points a cell is exactly 7 wide and a hanzi 14.
#[must_use]
pub fn mono(size: f32) -> FontId {
    FontId::new(size, FontFamily::Monospace)
}

/// Line icons, see [`crate::gui::icons`].
#[must_use]
pub fn icon(size: f32) -> FontId {
    FontId::new(size, ICON.clone())
}

/// Filled icons, see [`crate::gui::icons`].
#[must_use]
pub fn icon_fill(size: f32) -> FontId {
    FontId::new(size, ICON_FILL.clone())
}

pub(super) fn definitions() -> FontDefinitions {
    macro_rules! file {
        ($name:literal) => {
            ($name, include_bytes!(concat!("../../../assets/fonts/", $name)).as_slice())
        };
    }
    let mut fonts = FontDefinitions::empty();
    for (name, bytes) in [
        file!("Inter-Regular.otf"),
        file!("Inter-Medium.otf"),
        file!("NotoSansSC-Regular.ttf"),
        file!("NotoSansSC-Medium.ttf"),
        file!("Iosevka-Regular.ttf"),
        file!("Phosphor.ttf"),
        file!("Phosphor-Fill.ttf"),
    ] {
        fonts.font_data.insert(name.to_owned(), Arc::new(FontData::from_static(bytes)));
    }
    let families: [(FontFamily, &[&str]); 5] = [
        // Iosevka stands last for the few signs that neither of the others has.
        (FontFamily::Proportional, &["Inter-Regular.otf", "NotoSansSC-Regular.ttf", "Iosevka-Regular.ttf"]),
        (
            MEDIUM.clone(),
            &[
                "Inter-Medium.otf",
                "NotoSansSC-Medium.ttf",
                "Inter-Regular.otf",
                "NotoSansSC-Regular.ttf",
                "Iosevka-Regular.ttf",
            ],
        ),
        (FontFamily::Monospace, &["Iosevka-Regular.ttf", "NotoSansSC-Regular.ttf", "Inter-Regular.otf"]),
        (ICON.clone(), &["Phosphor.ttf", "Inter-Regular.otf"]),
        (ICON_FILL.clone(), &["Phosphor-Fill.ttf", "Inter-Regular.otf"]),
    ];
    for (family, files) in families {
        fonts.families.insert(family, files.iter().map(|&f| f.to_owned()).collect());
    }
    fonts
}
