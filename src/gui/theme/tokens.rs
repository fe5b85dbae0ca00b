//! The colours of both themes. Every text colour has a contrast of about 4.4 or more on its background (WCAG 2.1 §1.4.3, tested
//! below), except `faint`, which is only decorative.
#![expect(clippy::disallowed_methods, reason = "the one place where colours are made")]

use crate::model::{Direction, PeerId};
use crate::settings::HighlightColour;
use egui::Color32;

/// The colours of one theme, named by purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tokens {
    /// True for a dark theme.
    pub dark: bool,
    /// Background of left column, tab bar, send area and status line.
    pub chrome: Color32,
    /// Background of log, inspector, active tab and inputs.
    pub canvas: Color32,
    /// Background of menus and lists.
    pub popup: Color32,
    /// Hovered row of a menu or list.
    pub popup_hover: Color32,
    /// Background of tooltips.
    pub tooltip: Color32,
    /// Text of tooltips.
    pub tooltip_text: Color32,
    /// The shortcut in a tooltip.
    pub tooltip_muted: Color32,
    /// Borders of panels and inputs.
    pub line: Color32,
    /// Border of a hovered input or plain button.
    pub line_hover: Color32,
    /// Inner hairlines and locked fields.
    pub soft: Color32,
    /// Text.
    pub text: Color32,
    /// Labels, hints.
    pub muted: Color32,
    /// Offsets, `\n`, carets; decoration only.
    pub faint: Color32,
    /// Times in the log.
    pub time: Color32,
    /// Links, focus, active icons.
    pub accent: Color32,
    /// Filled buttons.
    pub fill: Color32,
    /// Hovered filled buttons.
    pub fill_hover: Color32,
    /// Pressed filled buttons.
    pub fill_pressed: Color32,
    /// Disabled filled buttons, with faint text.
    pub fill_disabled: Color32,
    /// Text on a filled button.
    pub on_fill: Color32,
    /// Background of hovered ghost buttons and rows.
    pub hover: Color32,
    /// Background of an active toggle and of a pressed ghost button.
    pub toggle_on: Color32,
    /// Track of segmented controls.
    pub segment_track: Color32,
    /// Border of the track of segmented controls.
    pub segment_track_line: Color32,
    /// The selected segment.
    pub segment_on: Color32,
    /// Received: bar, arrow, status numbers; never body text.
    pub received: Color32,
    /// Sent: bar, arrow, status numbers; never body text.
    pub sent: Color32,
    /// Answer times.
    pub answer: Color32,
    /// Background of sent rows.
    pub sent_row: Color32,
    /// Selected bytes, records and text.
    pub selection: Color32,
    /// Invalid bytes.
    pub warning: Color32,
    /// Background of `warning`.
    pub warning_ground: Color32,
    /// Background of search hits: the strongest of all, so that a hit is not mistaken for invalid bytes.
    pub hit: Color32,
    /// Text on `hit`.
    pub hit_text: Color32,
    /// Border of the current hit.
    pub hit_edge: Color32,
    /// Errors.
    pub error: Color32,
    /// Background of `error`.
    pub error_ground: Color32,
    /// Background of bytes that only the right side of a comparison has; `error_ground` is for those of the left side.
    pub added_ground: Color32,
    /// Border of an idle danger button.
    pub error_line: Color32,
    /// Head of what is sent.
    pub wrap_head: Color32,
    /// Background of `wrap_head`.
    pub wrap_head_ground: Color32,
    /// Check of what is sent.
    pub wrap_check: Color32,
    /// Background of `wrap_check`.
    pub wrap_check_ground: Color32,
    /// A variable of what is sent, and a wildcard of a pattern.
    pub variable: Color32,
    /// Background of `variable`.
    pub variable_ground: Color32,
    /// Tail of what is sent.
    pub wrap_tail: Color32,
    /// Background of `wrap_tail`.
    pub wrap_tail_ground: Color32,
    /// What is pinned.
    pub pin: Color32,
    /// Connecting.
    pub amber: Color32,
    /// Colours of the peers' `#n`, used in rotation.
    pub peers: [Color32; 6],
    /// Shadow of popups.
    pub shadow: Color32,
    /// Over the window while the command palette is open.
    pub scrim: Color32,
    /// Handle of a scroll bar.
    pub scroll: Color32,
    /// Bar of an event row in the log.
    pub event_bar: Color32,
    /// Backgrounds of bytes that a highlight rule matches, in the order of [`HighlightColour::ALL`].
    pub highlights: [Color32; 6],
    /// Backgrounds of whole rows, paler because the muted columns are drawn on them too.
    pub highlight_rows: [Color32; 6],
}

const fn rgb(hex: u32) -> Color32 {
    Color32::from_rgb((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

/// A colour that covers `percent` of what is below it.
const fn veil(hex: u32, percent: u32) -> Color32 {
    let red = (((hex >> 16) & 0xFF) * percent / 100) as u8;
    let green = (((hex >> 8) & 0xFF) * percent / 100) as u8;
    let blue = ((hex & 0xFF) * percent / 100) as u8;
    Color32::from_rgba_premultiplied(red, green, blue, (255 * percent / 100) as u8)
}

/// The light theme.
pub const LIGHT: Tokens = Tokens {
    dark: false,
    chrome: rgb(0xF6F8FA),
    canvas: rgb(0xFFFFFF),
    popup: rgb(0xFFFFFF),
    popup_hover: rgb(0xEFF2F5),
    tooltip: rgb(0x24292F),
    tooltip_text: rgb(0xF0F3F6),
    tooltip_muted: rgb(0xA9B1BA),
    line: rgb(0xD1D9E0),
    line_hover: rgb(0x818B98),
    soft: rgb(0xE8ECF0),
    text: rgb(0x1F2328),
    muted: rgb(0x59636E),
    faint: rgb(0x818B98),
    time: rgb(0x636D79),
    accent: rgb(0x0969DA),
    fill: rgb(0x0969DA),
    fill_hover: rgb(0x0860CA),
    fill_pressed: rgb(0x0757BA),
    fill_disabled: rgb(0xE3E8ED),
    on_fill: rgb(0xFFFFFF),
    hover: rgb(0xEFF2F5),
    toggle_on: rgb(0xE9EDF1),
    segment_track: rgb(0xE9EDF1),
    segment_track_line: rgb(0xE9EDF1),
    segment_on: rgb(0xFFFFFF),
    received: rgb(0x1A7F37),
    sent: rgb(0x0969DA),
    answer: rgb(0x8250DF),
    sent_row: rgb(0xF5FAFF),
    selection: rgb(0xB6DBFF),
    warning: rgb(0x9A6700),
    warning_ground: rgb(0xFFF3C4),
    hit: rgb(0xFFD33D),
    hit_text: rgb(0x1F2328),
    hit_edge: rgb(0xBC4C00),
    error: rgb(0xCF222E),
    error_ground: rgb(0xFFEBE9),
    added_ground: rgb(0xD2F5DC),
    error_line: rgb(0xE4979E),
    wrap_head: rgb(0x6639BA),
    wrap_head_ground: rgb(0xF3ECFF),
    wrap_check: rgb(0x0550AE),
    wrap_check_ground: rgb(0xDDF0FF),
    variable: rgb(0x0B6E75),
    variable_ground: rgb(0xDBF5F5),
    wrap_tail: rgb(0x59636E),
    wrap_tail_ground: rgb(0xE9EDF1),
    pin: rgb(0xBF8700),
    amber: rgb(0x9A6700),
    peers: [rgb(0x8250DF), rgb(0xBC4C00), rgb(0x0A7B83), rgb(0xBF3989), rgb(0x4D6B00), rgb(0x3B5BA9)],
    shadow: Color32::from_black_alpha(32),
    scrim: veil(0x1F2328, 28),
    scroll: rgb(0xAFB7C1),
    event_bar: rgb(0x818B98),
    highlights: [rgb(0xFFE873), rgb(0xB4EBB8), rgb(0xA8E8F0), rgb(0xC3D7FF), rgb(0xE3CDFF), rgb(0xFFCBCB)],
    highlight_rows: [rgb(0xFFFAD6), rgb(0xE9F9EA), rgb(0xE3F7FA), rgb(0xEBF1FF), rgb(0xF5EEFF), rgb(0xFFEDED)],
};

/// The dark theme.
pub const DARK: Tokens = Tokens {
    dark: true,
    chrome: rgb(0x161B22),
    canvas: rgb(0x0D1117),
    popup: rgb(0x1C2128),
    popup_hover: rgb(0x2D333B),
    tooltip: rgb(0x2D333B),
    tooltip_text: rgb(0xF0F3F6),
    tooltip_muted: rgb(0x9198A1),
    line: rgb(0x30363D),
    line_hover: rgb(0x6E7681),
    soft: rgb(0x21262D),
    text: rgb(0xE6EDF3),
    muted: rgb(0x9198A1),
    faint: rgb(0x6E7681),
    time: rgb(0x889099),
    accent: rgb(0x4493F8),
    fill: rgb(0x1F6FEB),
    fill_hover: rgb(0x388BFD),
    fill_pressed: rgb(0x1A5FD0),
    fill_disabled: rgb(0x21262D),
    on_fill: rgb(0xFFFFFF),
    hover: rgb(0x1D232B),
    toggle_on: rgb(0x21262D),
    segment_track: rgb(0x0D1117),
    segment_track_line: rgb(0x30363D),
    segment_on: rgb(0x2D333B),
    received: rgb(0x3FB950),
    sent: rgb(0x4493F8),
    answer: rgb(0xAB7DF8),
    sent_row: rgb(0x0F1724),
    selection: rgb(0x1F4A80),
    warning: rgb(0xD29922),
    warning_ground: rgb(0x3A2D0C),
    hit: rgb(0xE3B341),
    hit_text: rgb(0x0D1117),
    hit_edge: rgb(0xF0883E),
    error: rgb(0xF85149),
    error_ground: rgb(0x36161A),
    added_ground: rgb(0x10331F),
    error_line: rgb(0x7C3334),
    wrap_head: rgb(0xC9A6FF),
    wrap_head_ground: rgb(0x2A1F45),
    wrap_check: rgb(0x79C0FF),
    wrap_check_ground: rgb(0x12294A),
    variable: rgb(0x56D4DD),
    variable_ground: rgb(0x0E2F33),
    wrap_tail: rgb(0x9198A1),
    wrap_tail_ground: rgb(0x21262D),
    pin: rgb(0xE3B341),
    amber: rgb(0xD29922),
    peers: [rgb(0xAB7DF8), rgb(0xF0883E), rgb(0x39C5CF), rgb(0xF778BA), rgb(0xA5C261), rgb(0x79A7F2)],
    shadow: Color32::from_black_alpha(120),
    scrim: veil(0x010409, 55),
    scroll: rgb(0x48505B),
    event_bar: rgb(0x6E7681),
    highlights: [rgb(0x5C4D00), rgb(0x1A5128), rgb(0x0B5560), rgb(0x25478F), rgb(0x56368C), rgb(0x7A2A34)],
    highlight_rows: [rgb(0x262105), rgb(0x0E2415), rgb(0x08262C), rgb(0x121F3C), rgb(0x231839), rgb(0x2F151A)],
};

impl Tokens {
    /// The colour of a peer's `#n`; muted for "no peer".
    #[must_use]
    pub fn peer(&self, peer: PeerId) -> Color32 {
        match peer.0.checked_sub(1) {
            Some(index) => self.peers[index as usize % self.peers.len()],
            None => self.muted,
        }
    }

    /// The colour of a direction.
    #[must_use]
    pub fn direction(&self, direction: Direction) -> Color32 {
        match direction {
            Direction::Received => self.received,
            Direction::Sent => self.sent,
        }
    }

    /// The background of bytes that a highlight rule matches.
    #[must_use]
    pub fn highlight(&self, colour: HighlightColour) -> Color32 {
        self.highlights[colour as usize]
    }

    /// The background of a row that a highlight rule tints as a whole.
    #[must_use]
    pub fn highlight_row(&self, colour: HighlightColour) -> Color32 {
        self.highlight_rows[colour as usize]
    }

    /// The colour of a keyboard focus ring outside a filled button.
    #[must_use]
    pub fn focus_ring(&self) -> Color32 {
        self.accent.gamma_multiply(0.5)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// WCAG 2.1 contrast ratio of two opaque colours.
    fn contrast(a: Color32, b: Color32) -> f32 {
        let luminance = |c: Color32| {
            let part = |v: u8| {
                let v = f32::from(v) / 255.0;
                if v <= 0.040_45 { v / 12.92 } else { ((v + 0.055) / 1.055).powf(2.4) }
            };
            0.2126 * part(c.r()) + 0.7152 * part(c.g()) + 0.0722 * part(c.b())
        };
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn text_is_readable_on_its_background() {
        for t in [&LIGHT, &DARK] {
            let mut pairs = vec![
                ("text on canvas", t.text, t.canvas),
                ("text on chrome", t.text, t.chrome),
                ("text on selection", t.text, t.selection),
                ("text on popup hover", t.text, t.popup_hover),
                ("text on changed bytes", t.text, t.warning_ground),
                ("what was found", t.hit_text, t.hit),
                ("text on bytes of the left", t.text, t.error_ground),
                ("text on bytes of the right", t.text, t.added_ground),
                ("muted on chrome", t.muted, t.chrome),
                ("muted on canvas", t.muted, t.canvas),
                ("muted on a segment track", t.muted, t.segment_track),
                ("time on canvas", t.time, t.canvas),
                ("accent on canvas", t.accent, t.canvas),
                ("accent on chrome", t.accent, t.chrome),
                ("button", t.on_fill, t.fill),
                ("error on canvas", t.error, t.canvas),
                ("error on its ground", t.error, t.error_ground),
                ("warning on canvas", t.warning, t.canvas),
                ("warning on its ground", t.warning, t.warning_ground),
                ("received on chrome", t.received, t.chrome),
                ("sent on chrome", t.sent, t.chrome),
                ("answer on canvas", t.answer, t.canvas),
                ("head on its ground", t.wrap_head, t.wrap_head_ground),
                ("check on its ground", t.wrap_check, t.wrap_check_ground),
                ("variable on its ground", t.variable, t.variable_ground),
                ("tail on its ground", t.wrap_tail, t.wrap_tail_ground),
                ("tooltip", t.tooltip_text, t.tooltip),
                ("tooltip shortcut", t.tooltip_muted, t.tooltip),
            ];
            pairs.extend(t.peers.iter().map(|&p| ("peer on canvas", p, t.canvas)));
            for (name, fore, back) in pairs {
                let ratio = contrast(fore, back);
                assert!(ratio >= 4.35, "{name} (dark: {}): {ratio:.2}", t.dark);
            }
        }
    }

    #[test]
    fn text_on_a_highlight_is_readable() {
        for t in [&LIGHT, &DARK] {
            for colour in HighlightColour::ALL {
                let (bytes, row) = (t.highlight(colour), t.highlight_row(colour));
                for (name, ratio) in [
                    ("text on bytes", contrast(t.text, bytes)),
                    ("text on a row", contrast(t.text, row)),
                    ("muted on a row", contrast(t.muted, row)),
                    ("time on a row", contrast(t.time, row)),
                ] {
                    assert!(ratio >= 4.5, "{name}, {colour:?} (dark: {}): {ratio:.2}", t.dark);
                }
                // Contrast with the surrounding background.
                assert!(contrast(bytes, t.canvas) >= 1.2 && contrast(bytes, row) >= 1.15, "{colour:?}");
            }
        }
    }

    #[test]
    fn peer_colours_rotate() {
        assert_eq!(LIGHT.peer(PeerId(1)), LIGHT.peer(PeerId(7)));
        assert_ne!(LIGHT.peer(PeerId(1)), LIGHT.peer(PeerId(2)));
        assert_eq!(LIGHT.peer(PeerId::NONE), LIGHT.muted);
    }
}
