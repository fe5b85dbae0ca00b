//! Rows of the inspector, each with its whole text for screen readers.

use crate::codec::inspect::Number;
use crate::gui::inspector::panel::PADDING;
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::{paint, tooltip};
use crate::words::Lang;
use crate::words::Text;
use egui::accesskit::Role;
use egui::{Color32, CornerRadius, FontId, Rect, Response, Sense, Ui, WidgetInfo, pos2, vec2};

/// Height of a table row, and of each further line of a value.
const LINE: f32 = 20.0;
/// Height of a row with a label.
const ROW: f32 = 24.0;
/// Left edge of values, relative to that of the labels.
const VALUE_X: f32 = 72.0;
/// Right edge of the first column of numbers, relative to the left edge of the labels.
const BIG_RIGHT: f32 = 124.0;

/// The value beside a label.
#[derive(Clone)]
pub struct Value {
    lines: Vec<String>,
    spoken: Option<String>,
    name: Option<&'static str>,
    is_mono: bool,
    is_faint: bool,
    wide_label: bool,
    colour: Option<Color32>,
}

impl Value {
    pub fn lines(lines: &[String]) -> Self {
        Self {
            lines: lines.to_vec(),
            spoken: None,
            name: None,
            is_mono: true,
            is_faint: false,
            wide_label: false,
            colour: None,
        }
    }

    /// One line in the font of the log.
    pub fn mono(text: &str) -> Self {
        Self::lines(&[text.to_owned()])
    }

    /// One line in the interface font.
    pub fn words(text: &str) -> Self {
        Self { is_mono: false, ..Self::mono(text) }
    }

    /// A dash for a missing value. `why` is its tooltip and what screen readers read.
    pub fn missing(why: &str) -> Self {
        Self { is_faint: true, spoken: Some(why.to_owned()), ..Self::words("–") }
    }

    pub fn colour(mut self, colour: Color32) -> Self {
        self.colour = Some(colour);
        self
    }

    /// Sets the text for screen readers, for lines that should not be read one after the other.
    pub fn spoken(mut self, text: &str) -> Self {
        self.spoken = Some(text.to_owned());
        self
    }

    /// Sets the accessible name of a row without a label.
    pub fn named(mut self, name: &'static str) -> Self {
        self.name = Some(name);
        self
    }

    /// For a long label with a short value: aligns the value to the right edge.
    pub fn wide_label(mut self) -> Self {
        self.wide_label = true;
        self
    }
}

/// The area of a row without the padding.
fn row(ui: &mut Ui, height: f32) -> (Rect, Response) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    let inner =
        Rect::from_min_max(pos2(rect.left() + PADDING - 1.0, rect.top()), pos2(rect.right() - PADDING, rect.bottom()));
    (inner, response)
}

/// Replaces characters without a glyph by a box: bytes read as UTF-16 can be any character.
fn drawable<'a>(ui: &Ui, text: &'a str, font: &FontId) -> std::borrow::Cow<'a, str> {
    if text.is_ascii() || ui.fonts_mut(|fonts| fonts.has_glyphs(font, text)) {
        return text.into();
    }
    ui.fonts_mut(|fonts| text.chars().map(|c| if fonts.has_glyph(font, c) { c } else { '□' }).collect())
}

/// Draws a line in `room`: shrunk if slightly too long, truncated if longer. Returns true if truncated.
fn put(ui: &Ui, at: egui::Pos2, anchor: paint::At, text: &str, font: &FontId, colour: Color32, room: f32) -> bool {
    let painter = ui.painter();
    let text = &*drawable(ui, text, font);
    let wide = paint::line(painter, text, font.clone(), colour);
    if wide.size().x <= room + 0.5 {
        paint::put(painter, at, anchor, font.size, wide, colour);
        return false;
    }
    let small = FontId::new(measure::TEXT_SMALL, font.family.clone());
    let galley = paint::elided(painter, text, small, colour, room);
    let is_cut = galley.elided;
    paint::put(painter, at, anchor, measure::TEXT_SMALL, galley, colour);
    is_cut
}

fn say(response: Response, spoken: &str, is_cut: bool) {
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, spoken));
    if is_cut {
        tooltip(response, spoken, None);
    }
}

/// Adds an empty space.
pub fn gap(ui: &mut Ui, height: f32) {
    ui.add_space(height);
}

/// Draws a line between sections.
pub fn hairline(ui: &mut Ui, above: f32, below: f32) {
    let (rect, _) = row(ui, above + below);
    paint::hairline_h(ui.painter(), rect.left()..=rect.right(), rect.top() + above, theme::tokens(ui).soft);
}

/// Draws the title of a section.
pub fn title(ui: &mut Ui, text: &str) {
    let (rect, response) = row(ui, 26.0);
    let at = pos2(rect.left(), rect.top() + 12.0);
    let t = theme::tokens(ui);
    let cut = put(ui, at, paint::At::Left, text, &theme::medium(measure::TEXT_LABEL), t.text, rect.width());
    response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, text));
    if cut {
        tooltip(response, text, None);
    }
}

/// Draws wrapped muted text across the full width.
pub fn words(ui: &mut Ui, text: &str) {
    words_beside(ui, text, 0.0);
}

/// The same with `right` points left free at the right; returns the place of the row.
pub fn words_beside(ui: &mut Ui, text: &str, right: f32) -> Rect {
    let t = theme::tokens(ui);
    let font = theme::ui_font(measure::TEXT_LABEL);
    let width = ui.available_width() - 2.0 * PADDING - right;
    let galley = ui.painter().layout(text.to_owned(), font, t.muted, width);
    let (rect, response) = row(ui, ROW - LINE + galley.size().y.max(LINE));
    let y = rect.center().y - galley.size().y / 2.0;
    ui.painter().galley(pos2(rect.left(), y.round()), galley, t.muted);
    say(response, text, false);
    rect
}

/// Draws the heads of the number columns.
pub fn head(ui: &mut Ui, big: &str, little: &str) {
    let (rect, _) = row(ui, 30.0);
    let t = theme::tokens(ui);
    for (x, text) in [(rect.left() + BIG_RIGHT, big), (rect.right(), little)] {
        let at = pos2(x, rect.top() + 17.0);
        paint::text(ui.painter(), at, paint::At::Right, text, theme::ui_font(measure::TEXT_SMALL), t.muted);
    }
}

/// Draws a label with its value.
pub fn pair(ui: &mut Ui, label: &str, value: &Value) {
    let further = value.lines.len().saturating_sub(1);
    #[expect(clippy::cast_precision_loss, reason = "a few lines")]
    let (rect, response) = row(ui, ROW + LINE * further as f32);
    let t = theme::tokens(ui);
    let y = rect.top() + ROW / 2.0;
    let ui_font = theme::ui_font(measure::TEXT_LABEL);
    let font = if value.is_mono { theme::mono(measure::TEXT) } else { ui_font.clone() };
    let colour = value.colour.unwrap_or(if value.is_faint { t.muted } else { t.text });
    // A dash explains itself as a cut text does: by its tooltip.
    let mut cut = value.is_faint;
    let mut y_line = y;
    for line in &value.lines {
        let (x, anchor, room) = if value.wide_label {
            (rect.right(), paint::At::Right, rect.width() - VALUE_X)
        } else if label.is_empty() {
            (rect.left(), paint::At::Left, rect.width())
        } else {
            (rect.left() + VALUE_X, paint::At::Left, rect.width() - VALUE_X)
        };
        cut |= put(ui, pos2(x, y_line), anchor, line, &font, colour, room);
        y_line += LINE;
    }
    let room = if value.wide_label { rect.width() - 60.0 } else { VALUE_X - 4.0 };
    cut |= put(ui, pos2(rect.left(), y), paint::At::Left, label, &ui_font, t.muted, room);
    let name = value.name.unwrap_or(label);
    let spoken = value.spoken.clone().unwrap_or_else(|| value.lines.join(" "));
    say(response, &format!("{name} {spoken}"), cut);
}

/// Draws a number in both byte orders. Numbers of eight bytes take two lines, because both do not fit side by side.
pub fn number(ui: &mut Ui, number: &Number, lang: Lang) {
    let is_long = number.len > 4;
    let (rect, response) = row(ui, if is_long { 2.0 * LINE } else { LINE });
    let t = theme::tokens(ui);
    if number.first_choice {
        let ground = Rect::from_min_max(rect.min - vec2(7.0, 0.0), rect.max + vec2(8.0, 0.0));
        ui.painter().rect_filled(ground, CornerRadius::same(measure::RADIUS), t.hover);
    }
    let y = rect.top() + LINE / 2.0;
    let mono = theme::mono(measure::TEXT);
    let right = paint::At::Right;
    paint::text(ui.painter(), pos2(rect.left(), y), paint::At::Left, number.name, mono.clone(), t.muted);
    let cut = if is_long {
        let small = theme::ui_font(measure::TEXT_SMALL);
        let room = rect.width() - 56.0;
        let mut cut = false;
        for (line, text, value) in [(y, Text::BigShort, &number.big), (y + LINE, Text::LittleShort, &number.little)] {
            let at = pos2(rect.left() + 26.0, line);
            paint::text(ui.painter(), at, paint::At::Left, text.of(lang), small.clone(), t.muted);
            cut |= put(ui, pos2(rect.right(), line), right, value, &mono, t.text, room);
        }
        cut
    } else {
        let big = put(ui, pos2(rect.left() + BIG_RIGHT, y), right, &number.big_short, &mono, t.text, BIG_RIGHT - 30.0);
        let room = rect.width() - BIG_RIGHT - 8.0;
        let little = put(ui, pos2(rect.right(), y), right, &number.little_short, &mono, t.text, room);
        big || little || number.big != number.big_short || number.little != number.little_short
    };
    let (big, little) = (Text::BigEndian.of(lang), Text::LittleEndian.of(lang));
    say(response, &format!("{} {big} {} {little} {}", number.name, number.big, number.little), cut);
}
