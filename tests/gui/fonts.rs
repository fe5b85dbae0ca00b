//! Characters that the embedded fonts can show.

use egui_kittest::Harness;
use wirebench::codec::{Encoding, Piece, StreamDecoder};
use wirebench::gui::theme;
use wirebench::settings::Theme;

/// All characters of GBK (two bytes, lead 81–FE, trail 40–FE without 7F) outside the private use areas.
fn gbk_characters() -> Vec<char> {
    let mut characters = Vec::new();
    for lead in 0x81..=0xFE {
        for trail in (0x40..=0xFE).filter(|&trail| trail != 0x7F) {
            let mut decoder = StreamDecoder::new(Encoding::GBK);
            decoder.feed(&[lead, trail], &mut |piece| {
                if let Piece::Char(c, 2) = piece
                    && !('\u{E000}'..='\u{F8FF}').contains(&c)
                {
                    characters.push(c);
                }
            });
        }
    }
    characters
}

#[test]
fn all_of_gbk_can_be_shown() {
    let mut harness = Harness::new_ui(|_| {});
    theme::install(&harness.ctx, Theme::Light);
    harness.step();
    let characters = gbk_characters();
    assert!(characters.len() > 21_000, "{} characters", characters.len());
    for font in [theme::mono(14.0), theme::ui_font(14.0), theme::medium(14.0)] {
        let missing: String =
            harness.ctx.fonts_mut(|fonts| characters.iter().filter(|&&c| !fonts.has_glyph(&font, c)).collect());
        assert!(missing.chars().count() <= 3, "{:?} cannot show: {missing}", font.family);
    }
}
