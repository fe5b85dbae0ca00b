//! The rule editor: kind and fields at the left, what they make of a sample at the right, the text form and the buttons below.

mod check;
mod fields;
mod foot;
mod preview;

use super::{Panels, within};
use crate::codec::Encoding;
use crate::gui::app::{Action, RuleAction};
use crate::gui::icons;
use crate::gui::session::rule_choice;
use crate::gui::session::rule_editor::RuleEditor;
use crate::gui::session::rule_form::At;
use crate::gui::theme::{self, measure};
use crate::gui::widgets::{
    Button, Field, IconButton, MenuItem, dialog, form_label, menu_hairline, paint, popup_frame, tooltip,
};
use crate::settings::SavedRule;
use crate::words::Text;
use egui::accesskit::Role;
use egui::{Align, Id, Key, Layout, Margin, Modifiers, Popup, Rect, Sense, Ui, WidgetInfo, pos2, vec2};

const WIDTH: f32 = 860.0;
const HEIGHT: f32 = 572.0;
const HEAD: f32 = 52.0;
const TEXT_FORM: f32 = 72.0;
const FOOT: f32 = 56.0;
const PADDING: f32 = 20.0;
/// Width of the left half.
const LEFT: f32 = 344.0;
/// Where the fields of the left half begin.
const FIELD_X: f32 = 124.0;
/// Distance from one row to the next.
const PITCH: f32 = 36.0;

/// What is edited and shown.
pub struct Shown<'a> {
    pub editor: &'a mut RuleEditor,
    pub saved: &'a [SavedRule],
    /// Text of frames is read in it.
    pub encoding: Encoding,
}

/// Draws it over the window.
pub fn show(ctx: &egui::Context, panels: &mut Panels<'_>, shown: Shown<'_>) {
    let t = theme::tokens_of(ctx);
    let Shown { editor, saved, encoding } = shown;
    let response = dialog(ctx, "rule editor").show(ctx, |ui| {
        let room = ui.ctx().content_rect();
        let size = vec2(WIDTH.min(room.width() - 32.0), HEIGHT.min(room.height() - 32.0));
        let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
        ui.spacing_mut().item_spacing = vec2(measure::GAP, PITCH - measure::CONTROL);
        scroll_bars(ui);
        let (top, rest) = rect.split_top_bottom_at_y(rect.top() + HEAD);
        let (rest, foot) = rest.split_top_bottom_at_y(rest.bottom() - FOOT);
        let (body, text) = rest.split_top_bottom_at_y(rest.bottom() - TEXT_FORM);
        let (left, right) = body.split_left_right_at_x(body.left() + LEFT);
        let down = Layout::top_down(Align::Min);
        head(ui, panels, editor, saved, top);
        within(ui, left, "fields", down, |ui| left_half(ui, panels, editor));
        paint::hairline_v(ui.painter(), right.left(), right.top()..=right.bottom(), t.soft);
        let inner = right.shrink2(vec2(PADDING, 14.0));
        within(ui, inner, "preview", down, |ui| preview::show(ui, panels, editor, encoding));
        paint::hairline_h(ui.painter(), text.left()..=text.right(), text.top(), t.soft);
        text_form(ui, panels, editor, text);
        paint::hairline_h(ui.painter(), foot.left()..=foot.right(), foot.top(), t.soft);
        foot::show(ui, panels, editor, saved, foot.shrink2(vec2(PADDING, 0.0)));
    });
    // Not by a click beside it, as other pages: what was typed would be lost.
    let escape = || ctx.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape));
    // While a name is typed, Escape ends only that.
    if response.is_top_modal && !response.any_popup_open && escape() && editor.naming.take().is_none() {
        panels.actions.push(Action::Rule(RuleAction::Close));
    }
}

/// Bars that are seen on the ground of a popup, without tracks that would look like edges.
fn scroll_bars(ui: &mut Ui) {
    let scroll = &mut ui.spacing_mut().scroll;
    scroll.foreground_color = true;
    (scroll.dormant_background_opacity, scroll.active_background_opacity) = (0.0, 0.0);
    (scroll.dormant_handle_opacity, scroll.active_handle_opacity) = (0.28, 0.28);
}

fn head(ui: &mut Ui, panels: &mut Panels<'_>, editor: &mut RuleEditor, saved: &[SavedRule], rect: Rect) {
    let t = theme::tokens(ui);
    let at = pos2(rect.left() + PADDING, rect.center().y);
    paint::text(ui.painter(), at, paint::At::Left, panels.text(Text::RuleEditor), theme::medium(16.0), t.text);
    paint::hairline_h(ui.painter(), rect.left()..=rect.right(), rect.bottom() - 1.0, t.soft);
    let inner = rect.shrink2(vec2(12.0, 0.0));
    within(ui, inner, "head", Layout::right_to_left(Align::Center), |ui| {
        if ui.add(IconButton::new(icons::X, panels.text(Text::CloseRuleEditor))).clicked() {
            panels.actions.push(Action::Rule(RuleAction::Close));
        }
        let button = ui.add(Button::ghost(panels.text(Text::StartFromPreset)).icon(icons::LIST_BULLETS));
        let popup = Popup::menu(&button).frame(popup_frame(t)).gap(2.0).width(224.0);
        popup.show(|ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            for (words, rule) in rule_choice::presets(panels.lang) {
                if ui.add(MenuItem::new(words)).clicked() {
                    editor.start_from(rule, None);
                }
            }
            if !saved.is_empty() {
                menu_hairline(ui);
            }
            let rows = egui::ScrollArea::vertical().max_height(160.0);
            rows.show(ui, |ui| {
                for SavedRule { name, rule } in saved {
                    if ui.add(MenuItem::new(name)).clicked() {
                        editor.start_from(rule, Some(name));
                    }
                }
            });
        });
    });
}

fn left_half(ui: &mut Ui, panels: &mut Panels<'_>, editor: &mut RuleEditor) {
    ui.spacing_mut().scroll.floating_allocated_width = 0.0;
    egui::ScrollArea::vertical().auto_shrink(false).id_salt("rule").show(ui, |ui| {
        let margin = Margin { left: PADDING as i8, right: 16, top: 14, bottom: 8 };
        egui::Frame::new().inner_margin(margin).show(ui, |ui| {
            let before = editor.form.clone();
            fields::show(ui, panels, editor);
            check::show(ui, panels, editor);
            if editor.form != before {
                editor.fields_edited();
            }
        });
    });
}

/// The whole rule in one line, and what is wrong with it.
fn text_form(ui: &mut Ui, panels: &Panels<'_>, editor: &mut RuleEditor, rect: Rect) {
    let t = theme::tokens(ui);
    let name = panels.text(Text::RuleLine);
    let row = Rect::from_min_size(pos2(rect.left() + PADDING, rect.top() + 10.0), vec2(rect.width(), measure::CONTROL));
    form_label(ui, row, name, FIELD_X - 8.0);
    let field = Rect::from_min_max(pos2(row.left() + FIELD_X, row.top()), pos2(rect.right() - PADDING, row.bottom()));
    let wrong = editor.wrong(At::Whole).map(|wrong| wrong.words(panels.lang));
    let edit = Field::new(&mut editor.text, name).mono().error(wrong.as_ref().map(|_| "")).id(Id::unique("rule text"));
    let edited = edit.show_at(ui, field).changed();
    let below = Rect::from_min_size(field.left_bottom(), vec2(field.width(), 26.0));
    match &wrong {
        Some(words) => line_of_words(ui, below, words, t.error),
        None => line_of_words(ui, below, panels.text(Text::RuleTextHint), t.muted),
    }
    if edited {
        editor.text_edited();
    }
}

/// Words of one line at a place of their own; what is cut is in a tooltip.
fn line_of_words(ui: &Ui, rect: Rect, words: &str, colour: egui::Color32) {
    let line = paint::elided(ui.painter(), words, theme::ui_font(measure::TEXT_SMALL), colour, rect.width());
    let is_cut = line.elided;
    paint::put(ui.painter(), rect.left_center(), paint::At::Left, measure::TEXT_SMALL, line, colour);
    let response = ui.interact(rect, ui.scope_id().with(("words", rect.top() as i32)), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
    if is_cut {
        tooltip(response, words, None);
    }
}

/// Words of one line below the last row, `x` from the left.
fn words_below(ui: &mut Ui, x: f32, words: &str, colour: egui::Color32) {
    ui.add_space(-6.0);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 18.0), Sense::hover());
    line_of_words(ui, rect.with_min_x(rect.left() + x), words, colour);
    ui.add_space(2.0);
}

/// A row of the left half: its label, and its control with the width it may take.
fn row(ui: &mut Ui, label: &str, control: impl FnOnce(&mut Ui, f32)) {
    let at = Rect::from_min_size(ui.cursor().min, vec2(FIELD_X, measure::CONTROL));
    form_label(ui, at, label, FIELD_X - 8.0);
    let width = (ui.available_width() - FIELD_X).floor();
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        ui.add_space(FIELD_X);
        control(ui, width);
    });
}

/// A row with a text field; what is wrong with it stands below.
fn text_row(ui: &mut Ui, panels: &Panels<'_>, editor: &mut RuleEditor, at: At, name: &str, hint: &str) {
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
        words_below(ui, 0.0, words, t.error);
    }
}
