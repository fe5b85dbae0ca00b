//! The palette over the window: a field, the rows below headings, and the keys at its foot.

use crate::gui::icons;
use crate::gui::keys::{Bindings, Command};
use crate::gui::palette::{Entry, Palette, Row};
use crate::gui::theme;
use crate::gui::theme::{Tokens, measure};
use crate::gui::widgets::{key_caps, overlay, paint};
use crate::words::Lang;
use egui::accesskit::Role;
use egui::text::{LayoutJob, TextFormat};
use egui::{Context, Id, Key, Modifiers, Rect, Response, ScrollArea, Sense, TextEdit, Ui, WidgetInfo, pos2, vec2};

/// Rows that Page Up and Page Down move by.
const PAGE: isize = 8;
const ICON_X: f32 = 23.0;
const TEXT_X: f32 = 44.0;

/// How the palette was left.
pub enum Answer {
    Closed,
    /// Run this entry; true: in a new tab.
    Run(Box<Entry>, bool),
}

/// Draws it; `entries` gives what can be found.
pub fn show(
    ctx: &Context,
    palette: &mut Palette,
    entries: impl FnOnce() -> Vec<Entry>,
    recent: &[String],
    keys: &Bindings,
    lang: Lang,
) -> Option<Answer> {
    palette.refresh(entries, recent, lang);
    if let Some(answer) = take_keys(ctx, palette, keys) {
        return Some(answer);
    }
    let mut answer = None;
    let response = overlay(ctx, "palette").show(ctx, |ui| {
        let room = ui.ctx().content_rect();
        let width = measure::PALETTE.min(room.width() - 48.0);
        ui.set_width(width);
        ui.spacing_mut().item_spacing = egui::Vec2::ZERO;
        field(ui, palette, lang);
        let height = room.height() - measure::PALETTE_TOP - measure::PALETTE_FIELD - measure::PALETTE_FOOT - 24.0;
        answer = rows(ui, palette, height.clamp(measure::PALETTE_ROW, 460.0), lang);
        foot(ui, lang);
    });
    if answer.is_none() && response.should_close() {
        answer = Some(Answer::Closed);
    }
    answer
}

/// The keys of the palette, before its field sees them.
fn take_keys(ctx: &Context, palette: &mut Palette, keys: &Bindings) -> Option<Answer> {
    let shortcut = keys.all().find(|(command, _)| *command == Command::Palette).map(|(_, shortcut)| shortcut);
    if shortcut.is_some_and(|shortcut| ctx.input_mut(|input| shortcut.take(input))) {
        return Some(Answer::Closed);
    }
    let pressed = |modifiers, key| ctx.input_mut(|input| input.consume_key(modifiers, key));
    for (key, rows) in [(Key::ArrowDown, 1), (Key::ArrowUp, -1), (Key::PageDown, PAGE), (Key::PageUp, -PAGE)] {
        if pressed(Modifiers::NONE, key) {
            palette.step(rows);
        }
    }
    let in_new_tab = pressed(Modifiers::COMMAND, Key::Enter);
    if !in_new_tab && !pressed(Modifiers::NONE, Key::Enter) {
        return None;
    }
    let row = palette.rows.get(palette.chosen)?;
    Some(Answer::Run(Box::new(row.entry.clone()), in_new_tab))
}

fn field(ui: &mut Ui, palette: &mut Palette, lang: Lang) {
    let t = theme::tokens(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), measure::PALETTE_FIELD), Sense::hover());
    let y = rect.center().y;
    paint::icon(ui.painter(), pos2(rect.left() + ICON_X, y), icons::MAGNIFYING_GLASS, measure::ICON, t.muted);
    let count = match palette.rows.len() {
        0 => String::new(),
        count => lang.texts().palette_matches(count as u64),
    };
    let font = theme::ui_font(measure::TEXT_SMALL);
    let taken = match palette.text.trim().is_empty() {
        true => 0.0,
        false => {
            paint::text(ui.painter(), pos2(rect.right() - 16.0, y), paint::At::Right, &count, font, t.muted).width()
                + 16.0
        }
    };
    let inner = Rect::from_min_max(
        pos2(rect.left() + TEXT_X, rect.top() - 1.0),
        pos2(rect.right() - 16.0 - taken, rect.bottom() - 1.0),
    );
    let edit = TextEdit::singleline(&mut palette.text)
        .id(Id::unique("palette field"))
        .font(theme::ui_font(16.0))
        .frame(egui::Frame::NONE)
        .margin(egui::Margin::ZERO)
        .align(egui::Align2::LEFT_CENTER)
        .desired_width(inner.width())
        .min_size(inner.size())
        .hint_text(egui::RichText::new(lang.texts().palette_hint()).color(t.faint));
    let response = ui.place(inner, edit).accessible_name(lang.texts().palette());
    if !response.has_focus() {
        response.request_focus();
    }
    if response.changed() {
        ui.ctx().request_repaint();
    }
    paint::hairline_h(ui.painter(), rect.left()..=rect.right(), rect.bottom() - 1.0, t.line);
}

fn rows(ui: &mut Ui, palette: &mut Palette, height: f32, lang: Lang) -> Option<Answer> {
    let t = theme::tokens(ui);
    if palette.rows.is_empty() {
        let (rect, response) =
            ui.allocate_exact_size(vec2(ui.available_width(), 3.0 * measure::PALETTE_ROW), Sense::hover());
        let words = lang.texts().palette_none();
        paint::text(
            ui.painter(),
            rect.center(),
            paint::At::Centre,
            words,
            theme::ui_font(measure::TEXT_LABEL),
            t.muted,
        );
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
        return None;
    }
    let mut clicked = None;
    let moved = std::mem::take(&mut palette.moved);
    let mut pointed = None;
    ScrollArea::vertical().id_salt("rows").max_height(height).auto_shrink([false, true]).show(ui, |ui| {
        ui.add_space(4.0);
        for (index, shown) in palette.rows.iter().enumerate() {
            heading(ui, shown, lang);
            let response = row(ui, shown, index == palette.chosen);
            if moved && index == palette.chosen {
                let above = if shown.heading.is_some() { measure::PALETTE_HEADING } else { 4.0 };
                ui.scroll_to_rect(response.rect.with_min_y(response.rect.top() - above).expand(2.0), None);
            }
            if response.clicked() {
                clicked = Some((index, ui.input(|input| input.modifiers.command)));
            } else if response.hovered() && ui.input(|input| input.pointer.is_moving()) {
                pointed = Some(index);
            }
        }
        ui.add_space(4.0);
    });
    if let Some(index) = pointed.filter(|index| *index != palette.chosen) {
        palette.chosen = index;
        ui.ctx().request_repaint();
    }
    let (index, in_new_tab) = clicked?;
    Some(Answer::Run(Box::new(palette.rows.get(index)?.entry.clone()), in_new_tab))
}

fn heading(ui: &mut Ui, row: &Row, lang: Lang) {
    let Some(words) = row.heading.map(|heading| heading.of(lang)).filter(|words| !words.is_empty()) else { return };
    let t = theme::tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), measure::PALETTE_HEADING), Sense::hover());
    let at = pos2(rect.left() + 16.0, rect.center().y + 1.0);
    paint::text(ui.painter(), at, paint::At::Left, words, theme::ui_font(measure::TEXT_SMALL), t.muted);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
}

fn row(ui: &mut Ui, row: &Row, is_chosen: bool) -> Response {
    let t = theme::tokens(ui);
    let entry = &row.entry;
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), measure::PALETTE_ROW), Sense::hover());
    // The field keeps the focus.
    let response = ui.interact(rect, ui.scope_id().with(("row", &entry.id)), Sense::CLICK);
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, is_chosen, entry.name.as_str()));
    if !ui.is_rect_visible(rect) {
        return response;
    }
    let painter = ui.painter();
    if is_chosen {
        painter.rect_filled(rect.shrink2(vec2(6.0, 0.0)), f32::from(measure::RADIUS), t.popup_hover);
    }
    let y = rect.center().y;
    paint::icon(
        painter,
        pos2(rect.left() + ICON_X, y),
        entry.icon,
        measure::ICON_ROW,
        if is_chosen { t.text } else { t.muted },
    );
    let end = key_caps(ui, &entry.keys, pos2(rect.right() - 16.0, y)) - 12.0;
    let width = (end - rect.left() - TEXT_X).max(1.0);
    let mut job = named(entry, &row.found, t);
    job.wrap = egui::text::TextWrapping::truncate_at_width(width);
    let placed = paint::put(
        painter,
        pos2(rect.left() + TEXT_X, y),
        paint::At::Left,
        measure::TEXT,
        painter.layout_job(job),
        t.text,
    );
    let left = placed.right() + 14.0;
    if left < end {
        let font = theme::ui_font(measure::TEXT_LABEL);
        paint::text_elided(painter, pos2(left, y), &entry.detail, font, t.muted, end - left);
    }
    response
}

/// The name, what was found of it in the accent colour.
fn named(entry: &Entry, found: &[usize], t: &Tokens) -> LayoutJob {
    let mut job = LayoutJob::default();
    for (index, c) in entry.name.chars().enumerate() {
        let colour = if found.binary_search(&index).is_ok() { t.accent } else { t.text };
        job.append(c.encode_utf8(&mut [0; 4]), 0.0, TextFormat::simple(theme::ui_font(measure::TEXT), colour));
    }
    job
}

fn foot(ui: &mut Ui, lang: Lang) {
    let t = theme::tokens(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), measure::PALETTE_FOOT), Sense::hover());
    paint::hairline_h(ui.painter(), rect.left()..=rect.right(), rect.top(), t.line);
    let (y, font) = (rect.center().y, theme::ui_font(measure::TEXT_SMALL));
    let mut x = rect.left() + 16.0;
    for icon in [icons::ARROW_UP, icons::ARROW_DOWN] {
        paint::icon(ui.painter(), pos2(x + 6.0, y), icon, measure::ICON_SMALL, t.text);
        x += 12.0;
    }
    x += 6.0;
    for (key, id) in [("", "choose"), ("Enter", "run"), ("Ctrl+Enter", "run-in-new-tab"), ("Esc", "close")] {
        if !key.is_empty() {
            x = paint::text(ui.painter(), pos2(x, y), paint::At::Left, key, font.clone(), t.text).right() + 6.0;
        }
        let words = lang.texts().palette_key(id);
        x = paint::text(ui.painter(), pos2(x, y), paint::At::Left, words, font.clone(), t.muted).right() + 16.0;
    }
    let words = paint::line(ui.painter(), lang.texts().palette_or_type(), font, t.muted);
    if words.size().x < rect.right() - 16.0 - x {
        paint::put(ui.painter(), pos2(rect.right() - 16.0, y), paint::At::Right, measure::TEXT_SMALL, words, t.muted);
    }
}
