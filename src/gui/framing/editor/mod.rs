//! The rule editor in the dock: kind and fields, what they make of a sample, and below them the text form and the buttons. The log beside
//! it shows the edited rule at once.

mod check;
mod fields;
mod foot;
mod preview;

use crate::codec::Encoding;
use crate::gui::context::{Panels, within};
use crate::gui::framing::choice as rule_choice;
use crate::gui::framing::form::At;
use crate::gui::framing::state::RuleEditor;
use crate::gui::icons;
use crate::gui::log::LogView;
use crate::gui::session::Session;
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::{Button, Field, MenuItem, form_label, menu_hairline, menu_rows, paint, popup_frame, tooltip};
use crate::settings::SavedRule;
use crate::words::Text;
use egui::accesskit::Role;
use egui::{Align, Color32, FontId, Galley, Id, Layout, Margin, Popup, Rect, Sense, Ui, WidgetInfo, pos2, vec2};
use std::sync::Arc;

/// Height of the band at the top.
const HEAD: f32 = 40.0;
const PADDING: f32 = 16.0;
/// Where the fields begin.
const FIELD_X: f32 = 132.0;
/// With less height than this for the fields, the text form is among them.
const SHORTEST_BODY: f32 = 140.0;
/// Height of the preview below the fields.
const PREVIEW: f32 = 240.0;
/// Distance from one row to the next.
const PITCH: f32 = 36.0;

/// Draws it into all of `ui`.
pub fn show(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session) {
    let t = theme::tokens(ui);
    let saved = panels.rules.as_ref().map_or(&[][..], |rules| rules.framing);
    let Session { id, rule_editor: Some(editor), setup, log, .. } = session else { return };
    editor.follow(setup, saved);
    let rule = editor.last_rule().clone();
    if let Some(again) = editor.preview.tick(log.as_ref().and_then(LogView::reader), &rule, panels.wake) {
        ui.ctx().request_repaint_after(again);
    }
    ui.spacing_mut().item_spacing = vec2(measure::GAP, PITCH - measure::CONTROL);
    scroll_bars(ui);
    let rect = ui.max_rect();
    let (top, rest) = rect.split_top_bottom_at_y(rect.top() + HEAD);
    let (rest, foot) = rest.split_top_bottom_at_y(rest.bottom() - foot::height(editor));
    head(ui, panels, editor, saved, top);
    let line = RuleLine::new(ui, panels, editor, rect.width());
    if rest.height() - line.height < SHORTEST_BODY {
        column(ui, panels, (editor, setup.encoding), rest, Some(&line));
    } else {
        let (body, text) = rest.split_top_bottom_at_y(rest.bottom() - line.height);
        column(ui, panels, (editor, setup.encoding), body, None);
        paint::hairline_h(ui.painter(), text.left()..=text.right(), text.top(), t.soft);
        line.show(ui, panels, editor, text);
    }
    paint::hairline_h(ui.painter(), foot.left()..=foot.right(), foot.top(), t.soft);
    foot::show(ui, panels, *id, editor, saved, foot.shrink2(vec2(PADDING, 0.0)));
    editor.follow(setup, saved);
}

/// The fields, the text form where there is no room for it below, and the preview, in one column that scrolls.
fn column(
    ui: &mut Ui,
    panels: &mut Panels<'_>,
    (editor, encoding): (&mut RuleEditor, Encoding),
    body: Rect,
    line: Option<&RuleLine>,
) {
    let down = Layout::top_down(Align::Min);
    within(ui, body, "fields", down, |ui| {
        scrolled(ui, |ui| {
            all_fields(ui, panels, editor);
            if let Some(line) = line {
                let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), line.height), Sense::hover());
                line.show(ui, panels, editor, rect);
            }
            let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), PREVIEW), Sense::hover());
            paint::hairline_h(ui.painter(), rect.left()..=rect.right(), rect.top(), theme::tokens(ui).soft);
            let inner = rect.shrink2(vec2(PADDING, 10.0));
            within(ui, inner, "preview", down, |ui| preview::show(ui, panels, editor, encoding));
        });
    });
}

/// Bars that are seen without tracks, which would look like edges.
fn scroll_bars(ui: &mut Ui) {
    let scroll = &mut ui.spacing_mut().scroll;
    scroll.foreground_color = true;
    (scroll.dormant_background_opacity, scroll.active_background_opacity) = (0.0, 0.0);
    (scroll.dormant_handle_opacity, scroll.active_handle_opacity) = (0.28, 0.28);
}

fn head(ui: &mut Ui, panels: &Panels<'_>, editor: &mut RuleEditor, saved: &[SavedRule], rect: Rect) {
    let t = theme::tokens(ui);
    let at = pos2(rect.left() + PADDING, rect.center().y);
    let (title, font) = (panels.text(Text::RuleEditor), theme::medium(measure::TEXT_LABEL));
    paint::text(ui.painter(), at, paint::At::Left, title, font, t.text);
    paint::hairline_h(ui.painter(), rect.left()..=rect.right(), rect.bottom() - 1.0, t.soft);
    let inner = rect.shrink2(vec2(8.0, 0.0));
    within(ui, inner, "head", Layout::right_to_left(Align::Center), |ui| {
        let button = ui.add(Button::ghost(panels.text(Text::StartFromPreset)).icon(icons::LIST_BULLETS));
        let popup = Popup::menu(&button).frame(popup_frame(t)).gap(2.0).width(224.0);
        popup.show(|ui| {
            menu_rows(ui, |ui| {
                for (words, rule) in rule_choice::presets(panels.lang) {
                    if ui.add(MenuItem::new(words)).clicked() {
                        editor.start_from(rule, None);
                    }
                }
                if !saved.is_empty() {
                    menu_hairline(ui);
                }
                for SavedRule { name, rule } in saved {
                    if ui.add(MenuItem::new(name)).clicked() {
                        editor.start_from(rule, Some(name));
                    }
                }
            });
        });
    });
}

fn scrolled(ui: &mut Ui, content: impl FnOnce(&mut Ui)) {
    ui.spacing_mut().scroll.floating_allocated_width = 0.0;
    egui::ScrollArea::vertical().auto_shrink(false).id_salt("rule").show(ui, content);
}

fn all_fields(ui: &mut Ui, panels: &Panels<'_>, editor: &mut RuleEditor) {
    let margin = Margin { left: PADDING as i8, right: 16, top: 14, bottom: 8 };
    egui::Frame::new().inner_margin(margin).show(ui, |ui| {
        let before = editor.form.clone();
        fields::show(ui, panels, editor);
        check::show(ui, panels, editor);
        if editor.form != before {
            editor.fields_edited();
        }
    });
}

/// The whole rule in one line, and below it what is wrong with it: laid out first, as its height depends on its words.
struct RuleLine {
    words: String,
    below: Arc<Galley>,
    is_wrong: bool,
    height: f32,
}

impl RuleLine {
    const TOP: f32 = 10.0;

    fn new(ui: &Ui, panels: &Panels<'_>, editor: &RuleEditor, width: f32) -> Self {
        let t = theme::tokens(ui);
        let (words, is_wrong) = match editor.mistake() {
            Some((At::Whole, wrong)) => (wrong.words(panels.lang), true),
            Some((at, wrong)) => {
                (panels.lang.texts().wrong_field(&at.label(panels.lang), &wrong.words(panels.lang)), true)
            }
            None => (panels.text(Text::RuleTextHint).to_owned(), false),
        };
        let colour = if is_wrong { t.error } else { t.muted };
        let below = wrapped(ui, &words, theme::ui_font(measure::TEXT_SMALL), colour, width - FIELD_X - 2.0 * PADDING);
        let height = Self::TOP + measure::CONTROL + below.size().y.max(18.0) + 14.0;
        Self { words, below, is_wrong, height }
    }

    fn show(&self, ui: &mut Ui, panels: &Panels<'_>, editor: &mut RuleEditor, rect: Rect) {
        let name = panels.text(Text::RuleLine);
        let row = Rect::from_min_size(rect.left_top() + vec2(PADDING, Self::TOP), vec2(FIELD_X, measure::CONTROL));
        form_label(ui, row, name, FIELD_X - 8.0);
        let field = Rect::from_min_max(row.right_top(), pos2(rect.right() - PADDING, row.bottom()));
        // Below is the field that is wrong, or the text itself is.
        let hint = if self.is_wrong { "–" } else { "" };
        let edit = Field::new(&mut editor.text, name).mono().hint(hint).error(self.is_wrong.then_some(""));
        let edited = edit.id(Id::unique("rule text")).show_at(ui, field).changed();
        let size = vec2(field.width(), self.below.size().y);
        let below = Rect::from_min_size(field.left_bottom() + vec2(0.0, 5.0), size);
        ui.painter().galley(below.min, self.below.clone(), Color32::PLACEHOLDER);
        let response = ui.interact(below, ui.scope_id().with("rule text below"), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, self.words.as_str()));
        if edited {
            editor.text_edited();
        }
    }
}

/// Words of one line at a place of their own; what is cut is in a tooltip.
fn line_of_words(ui: &Ui, rect: Rect, words: &str, colour: Color32) {
    let line = paint::elided(ui.painter(), words, theme::ui_font(measure::TEXT_SMALL), colour, rect.width());
    let is_cut = line.elided;
    paint::put(ui.painter(), rect.left_center(), paint::At::Left, measure::TEXT_SMALL, line, colour);
    let response = ui.interact(rect, ui.scope_id().with(("words", rect.top() as i32)), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
    if is_cut {
        tooltip(response, words, None);
    }
}

/// Lays out words over as many lines as they need.
fn wrapped(ui: &Ui, words: &str, font: FontId, colour: Color32, width: f32) -> Arc<Galley> {
    ui.painter().layout(words.to_owned(), font, colour, width.max(1.0))
}

/// Words below the last row, over as many lines as they need.
fn words_below(ui: &mut Ui, words: &str, colour: Color32) {
    ui.add_space(-6.0);
    paragraph(ui, words, theme::ui_font(measure::TEXT_SMALL), colour);
    ui.add_space(2.0);
}

/// Words over as many lines as they need.
fn paragraph(ui: &mut Ui, words: &str, font: FontId, colour: Color32) {
    let width = ui.available_width();
    let galley = wrapped(ui, words, font, colour, width);
    let height = galley.size().y;
    let (rect, response) = ui.allocate_exact_size(vec2(width, height.max(18.0)), Sense::hover());
    let top = paint::round_to_pixel(ui.painter(), rect.center().y - height / 2.0);
    ui.painter().galley(pos2(rect.left(), top), galley, colour);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
}

/// A row of the column: its label, and its control with the width it may take. A long label has several lines.
fn row(ui: &mut Ui, label: &str, control: impl FnOnce(&mut Ui, f32)) {
    let t = theme::tokens(ui);
    let galley = wrapped(ui, label, theme::ui_font(measure::TEXT_LABEL), t.muted, FIELD_X - 8.0);
    let height = galley.size().y.max(measure::CONTROL);
    let above = ((height - measure::CONTROL) / 2.0).floor();
    let at = ui.cursor().min;
    if galley.rows.len() == 1 {
        let at = at + vec2(0.0, measure::CONTROL / 2.0);
        paint::put(ui.painter(), at, paint::At::Left, measure::TEXT_LABEL, galley, t.muted);
    } else {
        let top = paint::round_to_pixel(ui.painter(), at.y + (height - galley.size().y) / 2.0);
        ui.painter().galley(pos2(at.x, top), galley, t.muted);
    }
    let width = (ui.available_width() - FIELD_X).floor();
    ui.add_space(above);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        ui.add_space(FIELD_X);
        control(ui, width);
    });
    ui.add_space(height - measure::CONTROL - above);
}

/// Draws a row with a text field, and its error below it.
fn text_row(ui: &mut Ui, panels: &Panels<'_>, editor: &mut RuleEditor, at: At, (name, hint): (&str, &str)) {
    let wrong = editor.wrong(at).map(|wrong| wrong.words(panels.lang));
    row(ui, name, |ui, width| {
        let field = Field::new(editor.form.text(at), name).width(width).hint(hint).mono();
        field.error(wrong.as_ref().map(|_| "")).show(ui);
    });
    error_below(ui, wrong.as_deref());
}

/// A sign between two fields of a row.
fn between(ui: &mut Ui, width: f32, sign: &str) {
    let t = theme::tokens(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(width, measure::CONTROL), Sense::hover());
    paint::text(ui.painter(), rect.center(), paint::At::Centre, sign, theme::ui_font(measure::TEXT), t.muted);
}

fn error_below(ui: &mut Ui, wrong: Option<&str>) {
    let t = theme::tokens(ui);
    if let Some(words) = wrong {
        words_below(ui, words, t.error);
    }
}
