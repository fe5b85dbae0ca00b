//! The result of the rule on a sample: the number of frames, and one row per frame.

use crate::codec::{Encoding, FrameKind, FramingRule, Verdict, escape, hex};
use crate::gui::context::Panels;
use crate::gui::framing::editor::{line_of_words, paragraph, words_below, wrapped};
use crate::gui::framing::preview::Preview;
use crate::gui::framing::sample::{Cut, CutRow};
use crate::gui::framing::state::RuleEditor;
use crate::gui::icons;
use crate::gui::sentences;
use crate::gui::theme;
use crate::gui::theme::{Tokens, measure};
use crate::gui::widgets::{Checkbox, Field, Segmented, paint, tooltip};
use crate::words::Text;
use crate::words::{self, Lang};
use egui::accesskit::Role;
use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{Align, Color32, Layout, Rect, Sense, Ui, WidgetInfo, pos2, vec2};

const ROW: f32 = 20.0;
/// Widths of the columns left of the bytes.
const LENGTH: f32 = 48.0;
const KIND: f32 = 68.0;

/// Draws the preview into all of `ui`.
pub fn show(ui: &mut Ui, panels: &Panels<'_>, editor: &mut RuleEditor, encoding: Encoding) {
    ui.spacing_mut().item_spacing.y = 6.0;
    source(ui, panels, &mut editor.preview);
    if editor.preview.uses_example() {
        example(ui, panels, &mut editor.preview);
    }
    let t = theme::tokens(ui);
    let preview = &editor.preview;
    if let Some((sample, origin)) = preview.sample().and_then(|sample| Some((sample, sample.origin.as_ref()?))) {
        let words = sentences::sample_origin(origin, sample.start, sample.len(), panels.lang);
        paragraph(ui, &words, theme::ui_font(measure::TEXT_SMALL), t.muted);
    }
    let Some((rule, cut)) = preview.shown() else { return };
    let mut summary = sentences::cut_counts(&cut.counts, rule.check.is_some(), panels.lang);
    let colour = if editor.rule().is_some() { t.text } else { t.muted };
    if editor.rule().is_none() {
        summary = panels.lang.texts().by_last_rule(&summary);
    }
    paragraph(ui, &summary, theme::medium(measure::TEXT_LABEL), colour);
    rows(ui, panels, &Shown { rule, cut, encoding: (!preview.hex).then_some(encoding), lang: panels.lang });
}

fn source(ui: &mut Ui, panels: &Panels<'_>, preview: &mut Preview) {
    ui.horizontal(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let mut as_text = !preview.hex;
            ui.add(Checkbox::new(&mut as_text, panels.text(Text::PreviewAsWords)));
            preview.hex = !as_text;
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                if preview.has_capture() {
                    let items = [(false, panels.text(Text::FromCapture)), (true, panels.text(Text::FromExample))];
                    Segmented::new(panels.text(Text::PreviewOf), &items).show(ui, &mut preview.by_example);
                } else {
                    no_sample(ui, panels.text(Text::NoSample));
                }
            });
        });
    });
}

/// Draws the text beside the check box, on two lines if needed.
fn no_sample(ui: &mut Ui, words: &str) {
    let t = theme::tokens(ui);
    let width = ui.available_width();
    let galley = wrapped(ui, words, theme::ui_font(measure::TEXT_SMALL), t.muted, width);
    let (rect, response) = ui.allocate_exact_size(vec2(width, measure::CONTROL), Sense::hover());
    let top = paint::round_to_pixel(ui.painter(), rect.center().y - galley.size().y / 2.0);
    ui.painter().galley(pos2(rect.left(), top), galley, t.muted);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
}

fn example(ui: &mut Ui, panels: &Panels<'_>, preview: &mut Preview) {
    let t = theme::tokens(ui);
    let wrong = preview.example_error().map(|error| words::hex_error(error, panels.lang));
    let width = ui.available_width();
    let field = Field::new(&mut preview.example, panels.text(Text::Example)).width(width).mono();
    let field = field.hint(panels.text(Text::ExampleHint)).error(wrong.as_ref().map(|_| ""));
    if field.show(ui).changed() {
        preview.example_edited();
    }
    if let Some(words) = wrong {
        words_below(ui, &words, t.error);
    }
}

/// The data of the rows.
struct Shown<'a> {
    rule: &'a FramingRule,
    cut: &'a Cut,
    /// Encoding for bytes as text; `None` for hex.
    encoding: Option<Encoding>,
    lang: Lang,
}

/// Positions of the columns, relative to the left edge.
struct Columns {
    offset_right: f32,
    length_right: f32,
    kind: f32,
    bytes: f32,
}

impl Columns {
    fn new(cut: &Cut) -> Self {
        let greatest = cut.rows.last().map_or(0, |row| row.start);
        let digits = greatest.checked_ilog10().unwrap_or(0) + 1;
        let offset_right = (digits as f32 * 7.0).max(40.0);
        let length_right = offset_right + LENGTH;
        Self { offset_right, length_right, kind: length_right + 14.0, bytes: length_right + 14.0 + KIND }
    }
}

/// A row of the list: a frame, an error, or the number of further frames.
enum Line<'a> {
    Frame(&'a CutRow),
    Verdict(Verdict),
    More(u64),
}

fn rows(ui: &mut Ui, panels: &Panels<'_>, shown: &Shown<'_>) {
    let t = theme::tokens(ui);
    let columns = Columns::new(shown.cut);
    head(ui, panels, &columns);
    let mut lines = Vec::with_capacity(shown.cut.rows.len());
    for row in &shown.cut.rows {
        lines.push(Line::Frame(row));
        lines.extend(row.verdict.filter(|verdict| !verdict.is_ok()).map(Line::Verdict));
    }
    if shown.cut.more > 0 {
        lines.push(Line::More(shown.cut.more));
    }
    ui.spacing_mut().item_spacing.y = 0.0;
    let area = egui::ScrollArea::vertical().auto_shrink(false).id_salt("frames");
    area.show_rows(ui, ROW, lines.len(), |ui, range| {
        for line in lines.get(range).unwrap_or_default() {
            let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
            match line {
                Line::Frame(row) => frame(ui, rect, &columns, row, shown),
                Line::Verdict(verdict) => {
                    let sentence = |check| words::check_sentence(check, *verdict, shown.lang);
                    let words = shown.rule.check.as_ref().map(sentence).unwrap_or_default();
                    line_of_words(ui, rect.with_min_x(rect.left() + columns.kind), &words, t.error);
                }
                Line::More(count) => line_of_words(ui, rect, &shown.lang.texts().more_frames(*count), t.muted),
            }
        }
    });
}

fn head(ui: &mut Ui, panels: &Panels<'_>, columns: &Columns) {
    let t = theme::tokens(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 20.0), Sense::hover());
    let font = theme::ui_font(measure::TEXT_SMALL);
    for (x, at, text) in [
        (columns.offset_right, paint::At::Right, Text::FrameOffset),
        (columns.length_right, paint::At::Right, Text::FrameLength),
        (columns.kind, paint::At::Left, Text::FrameKind),
        (columns.bytes, paint::At::Left, Text::FrameBytes),
    ] {
        let place = pos2(rect.left() + x, rect.center().y);
        paint::text(ui.painter(), place, at, panels.text(text), font.clone(), t.muted);
    }
    paint::hairline_h(ui.painter(), rect.left()..=rect.right(), rect.bottom() - 1.0, t.soft);
}

fn frame(ui: &Ui, rect: Rect, columns: &Columns, row: &CutRow, shown: &Shown<'_>) {
    let t = theme::tokens(ui);
    let painter = ui.painter();
    let y = rect.center().y;
    let mono = theme::mono(measure::TEXT_LABEL);
    let number = |x: f32, text: String, colour: Color32| {
        paint::text(painter, pos2(rect.left() + x, y), paint::At::Right, &text, mono.clone(), colour)
    };
    number(columns.offset_right, row.start.to_string(), t.faint);
    number(columns.length_right, row.len.to_string(), t.muted);
    let (words, colour) = kind(row.kind, t);
    let mut x = rect.left() + columns.kind;
    if let Some(verdict) = row.verdict {
        let (icon, colour) =
            if verdict.is_ok() { (icons::CHECK_CIRCLE, t.received) } else { (icons::X_CIRCLE, t.error) };
        paint::icon_fill(painter, pos2(x + 7.0, y), icon, measure::ICON_ROW, colour);
        x += 18.0;
    }
    let font = theme::ui_font(measure::TEXT_LABEL);
    paint::text(painter, pos2(x, y), paint::At::Left, words.of(shown.lang), font, colour);
    let (job, content) = content(row, shown, t, rect.width() - columns.bytes);
    let galley = painter.layout_job(job);
    let is_cut = galley.elided;
    let at = pos2(rect.left() + columns.bytes, y);
    paint::put(painter, at, paint::At::Left, measure::TEXT_LABEL, galley, t.text);
    let spoken = sentences::frame_row(words.of(shown.lang), row, &content, shown.lang);
    let response = ui.interact(rect, ui.scope_id().with((row.start, row.len)), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, spoken.as_str()));
    if is_cut {
        tooltip(response, &content, None);
    }
}

/// Label and colour of a kind.
fn kind(kind: FrameKind, t: &Tokens) -> (Text, Color32) {
    match kind {
        FrameKind::Frame => (Text::Frame, t.text),
        FrameKind::Junk => (Text::Junk, t.warning),
        FrameKind::Separator => (Text::Separator, t.muted),
        FrameKind::Incomplete => (Text::Incomplete, t.accent),
    }
}

/// The first bytes, with a background behind the payload, and the same as plain text.
fn content(row: &CutRow, shown: &Shown<'_>, t: &Tokens, width: f32) -> (LayoutJob, String) {
    let mut job = LayoutJob { wrap: TextWrapping::truncate_at_width(width.max(1.0)), ..LayoutJob::default() };
    let mut plain = String::new();
    let font = theme::mono(measure::TEXT_LABEL);
    let is_frame = row.kind == FrameKind::Frame;
    let parts = [0..row.payload.start, row.payload.clone(), row.payload.end..row.bytes.len()];
    for (index, range) in parts.into_iter().enumerate() {
        let bytes = row.bytes.get(range).unwrap_or_default();
        if bytes.is_empty() {
            continue;
        }
        let words = match shown.encoding {
            Some(encoding) => escape::escape(bytes, encoding),
            None => hex::spaced_upper(bytes),
        };
        if !plain.is_empty() && shown.encoding.is_none() {
            plain.push(' ');
            job.append(" ", 0.0, TextFormat::simple(font.clone(), t.muted));
        }
        plain.push_str(&words);
        let payload = index == 1;
        let colour = if payload || !is_frame { t.text } else { t.muted };
        let mut format = TextFormat::simple(font.clone(), colour);
        if payload && is_frame {
            format.background = t.selection.gamma_multiply(0.5);
        }
        job.append(&words, 0.0, format);
    }
    if row.len > row.bytes.len() as u64 {
        plain.push('…');
        job.append("…", 0.0, TextFormat::simple(font, t.muted));
    }
    (job, plain)
}
