//! The example of the dialog: text and hex, tinted as in the log.

use crate::codec::{Encoding, Piece, escape, safe};
use crate::gui::context::Panels;
use crate::gui::highlights::matcher::Highlighter;
use crate::gui::highlights::state::HighlightPage;
use crate::gui::sentences;
use crate::gui::theme;
use crate::gui::theme::{Tokens, measure};
use crate::gui::widgets::{Field, form_label, paint};
use crate::model::Direction;
use crate::settings::HighlightColour;
use crate::words;
use crate::words::Text;
use egui::accesskit::Role;
use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{Color32, Rect, Sense, Ui, WidgetInfo, pos2, vec2};

/// Maximum length of the example, UTF-8 bytes as typed.
const LONGEST: usize = 1 << 10;
const FIELD_X: f32 = 64.0;
/// Height of the two lines.
const LINE: f32 = 24.0;
/// Height of everything but an error of the example.
pub const HEIGHT: f32 = measure::CONTROL + 8.0 + 3.0 * LINE;

/// The example as tinted by the rules.
struct Tinted {
    bytes: Vec<u8>,
    /// Colour per byte.
    grounds: Vec<Option<HighlightColour>>,
    row: Option<HighlightColour>,
    titles: Vec<String>,
}

impl Tinted {
    fn new(bytes: Vec<u8>, ready: Option<&Highlighter>) -> Self {
        let mut tinted = Self { grounds: vec![None; bytes.len()], bytes, row: None, titles: Vec::new() };
        let Some(ready) = ready else { return tinted };
        // The example has no direction, so rules of both directions are tried.
        for direction in [Direction::Sent, Direction::Received] {
            for mark in ready.marks(&tinted.bytes, (0, 0), &(0..tinted.bytes.len()), direction) {
                let (colour, whole_row) = ready.look(mark.rule);
                if whole_row {
                    tinted.row = Some(colour);
                } else {
                    tinted.grounds[mark.bytes].fill(Some(colour));
                }
                let title = ready.title(mark.rule);
                if !tinted.titles.iter().any(|known| known == title) {
                    // The matches of the last rule come first.
                    tinted.titles.insert(0, title.to_owned());
                }
            }
        }
        tinted
    }
}

/// Draws the input field and the tinted example.
pub fn show(
    ui: &mut Ui,
    panels: &Panels<'_>,
    page: &mut HighlightPage,
    encoding: Encoding,
    ready: Option<&Highlighter>,
) {
    let bytes = escape::encode_escaped(&page.example, encoding);
    let error = bytes.as_ref().err().map(|error| words::escape_error(error, panels.lang));
    let height = measure::CONTROL + error.as_ref().map_or(0.0, |_| Field::ERROR_HEIGHT);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    let label = panels.text(Text::HighlightExample);
    form_label(ui, Rect::from_min_size(rect.min, vec2(FIELD_X, measure::CONTROL)), label, FIELD_X - 8.0);
    let before = page.example.clone();
    let field = Field::new(&mut page.example, label)
        .mono()
        .hint(panels.text(Text::HighlightExampleHint))
        .error(error.as_deref());
    let changed = field.show_at(ui, rect.with_min_x(rect.left() + FIELD_X)).changed();
    if changed && page.example.len() > LONGEST {
        page.example = before;
    }
    ui.add_space(8.0);
    let tinted = Tinted::new(bytes.unwrap_or_default(), ready);
    lines(ui, panels, &tinted, encoding);
}

/// Draws text, hex, and the names of the matching rules.
fn lines(ui: &mut Ui, panels: &Panels<'_>, tinted: &Tinted, encoding: Encoding) {
    let t = theme::tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 3.0 * LINE), Sense::hover());
    let box_rect = Rect::from_min_max(rect.min, pos2(rect.right(), rect.top() + 2.0 * LINE));
    let ground = tinted.row.map_or(t.canvas, |colour| t.highlight_row(colour));
    paint::plate(ui.painter(), box_rect, measure::RADIUS, ground, t.soft);
    let width = box_rect.width() - 20.0;
    for (line, mut job) in [text_job(tinted, encoding, t), hex_job(tinted, t)].into_iter().enumerate() {
        job.wrap = TextWrapping::truncate_at_width(width);
        let at = pos2(box_rect.left() + 10.0, box_rect.top() + (line as f32 + 0.5) * LINE);
        let galley = ui.painter().layout_job(job);
        paint::put(ui.painter(), at, paint::At::Left, measure::TEXT, galley, t.text);
    }
    let words = sentences::rules_that_match(&tinted.titles, panels.lang);
    let at = pos2(box_rect.left(), rect.bottom() - LINE / 2.0);
    paint::text_elided(ui.painter(), at, &words, theme::ui_font(measure::TEXT_SMALL), t.muted, box_rect.width());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &words));
}

fn format(ground: Option<HighlightColour>, colour: Color32, t: &Tokens) -> TextFormat {
    // Faint text is hard to read on a highlight, as in the log.
    let colour = if ground.is_some() { t.text } else { colour };
    let background = ground.map_or(Color32::TRANSPARENT, |ground| t.highlight(ground));
    TextFormat { background, ..TextFormat::simple(theme::mono(measure::TEXT), colour) }
}

fn text_job(tinted: &Tinted, encoding: Encoding, t: &Tokens) -> LayoutJob {
    let mut job = LayoutJob { break_on_newline: false, ..LayoutJob::default() };
    let mut at = 0;
    encoding.decode_pieces(&tinted.bytes, &mut |piece| {
        let ground = tinted.grounds.get(at).copied().flatten();
        let (text, colour, len) = match piece {
            Piece::Char(c, len) if safe::is_hidden(c) => (unseen(c), t.faint, len),
            Piece::Char(c, len) => (c.to_string(), t.text, len),
            Piece::Invalid(byte) => (format!("\\x{byte:02X}"), t.warning, 1),
        };
        job.append(&text, 0.0, format(ground, colour, t));
        at += usize::from(len);
    });
    job
}

/// A symbol for a character without a visible glyph, as in the log.
fn unseen(c: char) -> String {
    match c {
        '\r' => "\\r".into(),
        '\n' => "\\n".into(),
        '\t' => "\\t".into(),
        _ => format!("\\x{:02X}", u32::from(c)),
    }
}

fn hex_job(tinted: &Tinted, t: &Tokens) -> LayoutJob {
    let mut job = LayoutJob { break_on_newline: false, ..LayoutJob::default() };
    for (index, byte) in tinted.bytes.iter().enumerate() {
        let ground = tinted.grounds[index];
        job.append(&format!("{byte:02X}"), 0.0, format(ground, t.text, t));
        // Also tint the gap between two bytes of one run.
        let between = ground.filter(|_| tinted.grounds.get(index + 1) == Some(&ground));
        job.append(" ", 0.0, format(between, t.text, t));
    }
    job
}
