//! The key sheet: all shortcuts by group, where each can be changed.

use crate::gui::icons;
use crate::gui::keys::bindings::Refusal;
use crate::gui::keys::{Bindings, Command, FIXED, Group, Shortcut};
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::{Button, IconButton, key_caps, overlay, paint};
use crate::words::Lang;
use egui::accesskit::Role;
use egui::{Context, Event, FocusDirection, Key, Rect, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};
use std::collections::BTreeMap;

const WIDTH: f32 = 760.0;
const HEAD: f32 = 48.0;
const FOOT: f32 = 48.0;
const ROW: f32 = 26.0;
const GAP: f32 = 32.0;
/// Room for the button that resets one shortcut.
const RESET: f32 = 20.0;
/// The groups of the two columns.
const COLUMNS: [&[Group]; 2] =
    [&[Group::Connection, Group::Sending, Group::Traffic], &[Group::Places, Group::Tabs, Group::Program]];

/// The key sheet while it is open.
#[derive(Debug, Default)]
pub struct Sheet {
    /// The next key pressed becomes the shortcut of this command.
    editing: Option<Command>,
    /// Why the last key could not.
    refused: Option<String>,
}

/// Draws it; `chosen` are the shortcuts of the settings. Returns whether it stays open.
pub fn show(
    ctx: &Context,
    sheet: &mut Sheet,
    keys: &Bindings,
    chosen: &mut BTreeMap<String, String>,
    lang: Lang,
) -> bool {
    take_key(ctx, sheet, keys, chosen, lang);
    let mut stays = true;
    let response = overlay(ctx, "key sheet").show(ctx, |ui| {
        let room = ui.ctx().content_rect();
        let width = WIDTH.min(room.width() - 48.0);
        ui.set_width(width);
        ui.spacing_mut().item_spacing = egui::Vec2::ZERO;
        stays = head(ui, lang);
        let height = room.height() - measure::PALETTE_TOP - HEAD - FOOT - 24.0;
        ScrollArea::vertical().id_salt("keys").max_height(height.max(ROW)).auto_shrink([false, true]).show(ui, |ui| {
            ui.add_space(8.0);
            columns(ui, sheet, keys, chosen, lang);
            ui.add_space(12.0);
        });
        foot(ui, sheet, chosen, lang);
    });
    stays && !response.should_close()
}

/// While a shortcut is edited the next key is taken as it.
fn take_key(ctx: &Context, sheet: &mut Sheet, keys: &Bindings, chosen: &mut BTreeMap<String, String>, lang: Lang) {
    let Some(command) = sheet.editing else { return };
    let pressed = ctx.input_mut(|input| {
        let taken = |event: &Event| match event {
            Event::Key { key, pressed: true, modifiers, .. } => {
                Some(Shortcut { key: *key, ctrl: modifiers.command, shift: modifiers.shift, alt: modifiers.alt })
            }
            // The platform makes these of Ctrl+C, Ctrl+X and Ctrl+V.
            Event::Copy => Some(Shortcut::ctrl(Key::C)),
            Event::Cut => Some(Shortcut::ctrl(Key::X)),
            Event::Paste(_) => Some(Shortcut::ctrl(Key::V)),
            _ => None,
        };
        let first = input.events.iter().find_map(taken);
        if first.is_some() {
            input.events.retain(|event| taken(event).is_none() && !matches!(event, Event::Text(_)));
        }
        first
    });
    let Some(shortcut) = pressed else { return };
    ctx.memory_mut(|memory| memory.move_focus(FocusDirection::None));
    let plain = Shortcut::plain(shortcut.key) == shortcut;
    let is_default = command.default_shortcut() == Some(shortcut);
    if plain && shortcut.key == Key::Escape && !is_default {
        (sheet.editing, sheet.refused) = (None, None);
        return;
    }
    if plain && matches!(shortcut.key, Key::Backspace | Key::Delete) {
        chosen.insert(command.id().to_owned(), String::new());
        (sheet.editing, sheet.refused) = (None, None);
        return;
    }
    let (texts, name) = (lang.texts(), shortcut.to_string());
    sheet.refused = keys.refusal(command, shortcut).map(|refusal| match refusal {
        Refusal::Text => texts.key_is_text(&name),
        Refusal::Fixed(id) => texts.key_is_taken(&name, texts.command(id)),
        Refusal::Taken(other) => texts.key_is_taken(&name, texts.command(other.id())),
    });
    if sheet.refused.is_none() {
        sheet.editing = None;
        match is_default {
            true => chosen.remove(command.id()),
            false => chosen.insert(command.id().to_owned(), name),
        };
    }
}

/// True unless it was closed.
fn head(ui: &mut Ui, lang: Lang) -> bool {
    let t = theme::tokens(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEAD), Sense::hover());
    let at = pos2(rect.left() + 24.0, rect.center().y);
    paint::text(ui.painter(), at, paint::At::Left, lang.texts().key_sheet(), theme::medium(16.0), t.text);
    paint::hairline_h(ui.painter(), rect.left()..=rect.right(), rect.bottom() - 1.0, t.soft);
    let place = Rect::from_center_size(pos2(rect.right() - 28.0, rect.center().y), vec2(28.0, 28.0));
    let close = IconButton::new(icons::X, crate::words::Text::CloseDialog.of(lang));
    !close.at(ui, place, ui.scope_id().with("close")).clicked()
}

fn columns(ui: &mut Ui, sheet: &mut Sheet, keys: &Bindings, chosen: &mut BTreeMap<String, String>, lang: Lang) {
    let room = ui.available_rect_before_wrap();
    let width = (room.width() - 48.0 - GAP) / 2.0;
    let mut bottom = room.top();
    for (groups, left) in COLUMNS.iter().zip([room.left() + 24.0, room.left() + 24.0 + width + GAP]) {
        let mut y = room.top();
        for group in *groups {
            let title = Rect::from_min_size(pos2(left, y), vec2(width, 32.0));
            heading(ui, title, lang.texts().command(group.id()));
            y = title.bottom();
            for command in Command::ALL.iter().filter(|command| command.group() == *group) {
                let rect = Rect::from_min_size(pos2(left, y), vec2(width, ROW));
                let end = row(ui, rect, sheet, *command, keys, lang);
                if chosen.contains_key(command.id()) && reset_of(ui, rect, end, *command, lang) {
                    chosen.remove(command.id());
                    (sheet.editing, sheet.refused) = (None, None);
                }
                y += ROW;
            }
            for (name, id, _) in FIXED.iter().filter(|(.., of)| of == group) {
                fixed(ui, Rect::from_min_size(pos2(left, y), vec2(width, ROW)), name, lang.texts().command(id));
                y += ROW;
            }
            y += 8.0;
        }
        bottom = bottom.max(y);
    }
    ui.allocate_rect(Rect::from_min_max(room.min, pos2(room.right(), bottom)), Sense::hover());
}

fn heading(ui: &Ui, rect: Rect, words: &str) {
    let t = theme::tokens(ui);
    let at = pos2(rect.left(), rect.center().y + 2.0);
    paint::text(ui.painter(), at, paint::At::Left, words, theme::medium(measure::TEXT_LABEL), t.text);
    let response = ui.interact(rect, ui.scope_id().with(("heading", words)), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, words));
}

fn fixed(ui: &Ui, rect: Rect, keys: &str, words: &str) {
    let t = theme::tokens(ui);
    let y = rect.center().y;
    let end = key_caps(ui, keys, pos2(rect.right(), y));
    let at = pos2(rect.left(), y);
    paint::text_elided(ui.painter(), at, words, theme::ui_font(measure::TEXT_LABEL), t.muted, end - 8.0 - rect.left());
    let response = ui.interact(rect, ui.scope_id().with(("fixed", keys)), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{words} {keys}")));
}

/// Draws the button that gives a command its default shortcut again, left of `end`. Returns true if it was clicked.
fn reset_of(ui: &Ui, rect: Rect, end: f32, command: Command, lang: Lang) -> bool {
    let name = lang.texts().key_reset(lang.texts().command(command.id()));
    let place = Rect::from_center_size(pos2(end - RESET / 2.0, rect.center().y), vec2(RESET, RESET));
    let button = IconButton::new(icons::ARROW_COUNTER_CLOCKWISE, &name).small(measure::ICON_SMALL);
    button.at(ui, place, ui.scope_id().with(("reset", command.id()))).clicked()
}

/// Draws a command and its shortcut. Returns the left edge of the shortcut.
fn row(ui: &mut Ui, rect: Rect, sheet: &mut Sheet, command: Command, keys: &Bindings, lang: Lang) -> f32 {
    let t = theme::tokens(ui);
    let response = ui.interact(rect, ui.scope_id().with(("command", command.id())), Sense::click());
    let (words, name) = (lang.texts().command(command.id()), keys.name(command));
    let is_edited = sheet.editing == Some(command);
    let ground = rect.expand2(vec2(6.0, 0.0));
    if is_edited || response.hovered() {
        ui.painter().rect_filled(ground, f32::from(measure::RADIUS_CHECK), t.popup_hover);
    }
    let y = rect.center().y;
    let end = if is_edited {
        let font = theme::ui_font(measure::TEXT_SMALL);
        let at = pos2(rect.right(), y);
        paint::text(ui.painter(), at, paint::At::Right, lang.texts().keys_press(), font, t.accent).left()
    } else {
        key_caps(ui, name, pos2(rect.right(), y))
    };
    let at = pos2(rect.left(), y);
    let room = end - RESET - 8.0 - rect.left();
    paint::text_elided(ui.painter(), at, words, theme::ui_font(measure::TEXT_LABEL), t.text, room);
    if response.has_focus() {
        paint::focus_ring_inside(ui.painter(), ground, measure::RADIUS_CHECK, t);
    }
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, format!("{words} {name}").trim()));
    if response.gained_focus() {
        response.scroll_to_me(None);
    }
    if response.clicked() {
        (sheet.editing, sheet.refused) = ((!is_edited).then_some(command), None);
    }
    end
}

fn foot(ui: &mut Ui, sheet: &mut Sheet, chosen: &mut BTreeMap<String, String>, lang: Lang) {
    let t = theme::tokens(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), FOOT), Sense::hover());
    paint::hairline_h(ui.painter(), rect.left()..=rect.right(), rect.top(), t.soft);
    let words = match (&sheet.refused, sheet.editing) {
        (Some(refused), _) => refused.as_str(),
        (None, Some(_)) => lang.texts().keys_editing(),
        (None, None) => lang.texts().keys_hint(),
    };
    let colour = if sheet.refused.is_some() { t.error } else { t.muted };
    let size = vec2(120.0, measure::CONTROL);
    let place = Rect::from_center_size(pos2(rect.right() - 24.0 - size.x / 2.0, rect.center().y), size);
    let at = pos2(rect.left() + 24.0, rect.center().y);
    let width = place.left() - 16.0 - at.x;
    paint::text_elided(ui.painter(), at, words, theme::ui_font(measure::TEXT_LABEL), colour, width);
    let said = ui.interact(rect.with_max_x(place.left() - 8.0), ui.scope_id().with("said"), Sense::hover());
    said.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
    let reset = Button::plain(lang.texts().keys_reset()).size(size.x, size.y);
    ui.add_enabled_ui(!chosen.is_empty(), |ui| {
        if ui.place(place, reset).clicked() {
            chosen.clear();
            (sheet.editing, sheet.refused) = (None, None);
        }
    });
}
