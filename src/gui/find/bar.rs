//! The search box in a session's toolbar: pattern, search mode, hit count, next and previous.

use crate::capture::search::Found;
use crate::gui::action::{Action, ViewAction};
use crate::gui::context::Panels;
use crate::gui::find::state::{Find, FindMode};
use crate::gui::frame::places::DrawerTab;
use crate::gui::icons;
use crate::gui::keys::Command;
use crate::gui::session::Session;
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::{Button, Field, IconButton, MenuItem, menu_hairline, menu_rows, paint, popup_frame, tooltip};
use crate::words;
use crate::words::Text;
use egui::accesskit::Role;
use egui::text::{CCursor, CCursorRange};
use egui::text_edit::TextEditState;
use egui::{Key, Popup, Rect, Response, Sense, Ui, WidgetInfo, pos2, vec2};

/// Default width of the box with everything in it.
const WIDTH: f32 = 320.0;
/// Width of the previous and next buttons.
const ARROW: f32 = 22.0;
/// Width of the count.
const COUNT: f32 = 64.0;
/// Minimum width of the text; below it the count is hidden.
const TEXT_LEAST: f32 = 64.0;
/// Minimum width of the text beside a long count.
const TEXT_SHORT: f32 = 40.0;
/// Width of the button that opens the hit list.
const LIST: f32 = measure::CONTROL + 2.0;

/// Draws the box at the left of `room` and returns its right edge. The width does not depend on the text: search mode, count,
/// previous and next are inside the box.
pub fn show(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session, room: Rect) -> f32 {
    let find = &session.find;
    let mode = panels.text(match find.mode {
        FindMode::Text => Text::FindPlainShort,
        FindMode::Hex => Text::FindHexShort,
        FindMode::Regex => Text::FindRegexShort,
    });
    let label = paint::line(ui.painter(), mode, theme::ui_font(measure::TEXT_LABEL), egui::Color32::PLACEHOLDER);
    let is_asked = !find.text.is_empty() && session.reader().is_some();
    // In a very narrow pane only the caret of the mode menu fits.
    let text_room = if is_asked { TEXT_LEAST + TEXT_SHORT + 2.0 * ARROW } else { TEXT_SHORT };
    let has_mode = room.width() >= 30.0 + label.size().x + 26.0 + text_room;
    let by_width = if has_mode { label.size().x + 26.0 } else { ARROW };
    let has_list = room.width() >= 200.0 + LIST;
    let width = (room.width() - if has_list { LIST } else { 0.0 }).clamp(40.0, WIDTH);
    let rest = width - 30.0 - by_width - 2.0 * ARROW;
    // A long count takes space from the text, which scrolls; in a narrow pane the count is a tooltip of the arrows.
    let words = count(&session.find, panels);
    let small = theme::ui_font(measure::TEXT_SMALL);
    let said = paint::line(ui.painter(), words.as_str(), small, egui::Color32::PLACEHOLDER).size().x + 6.0;
    let count_width = COUNT.min(rest - TEXT_LEAST).max(said.min(rest - TEXT_SHORT)).max(0.0);
    let shown = if said > count_width { short_count(&session.find) } else { words.clone() };
    let within = by_width + 2.0 * ARROW + count_width;

    let y = room.center().y;
    let place =
        |left: f32, width: f32, height: f32| Rect::from_center_size(pos2(left + width / 2.0, y), vec2(width, height));
    let field = place(room.left(), width, measure::CONTROL);
    // Without a search, the placeholder takes the space of count and arrows.
    text(ui, panels, session, field, if is_asked { within } else { by_width });
    let inner = measure::CONTROL - 6.0;
    let mut x = field.right() - within;
    if is_asked && session.find.error.is_none() {
        standing(ui, panels, &session.find, (&words, &shown), place(x, count_width.max(1.0), inner));
        x += count_width;
        for (icon, name, command, forward) in [
            (icons::CARET_UP, Text::FindPrevious, Command::FindPrevious, false),
            (icons::CARET_DOWN, Text::FindNext, Command::FindNext, true),
        ] {
            let button =
                IconButton::new(icon, panels.text(name)).shortcut(panels.key(command)).small(measure::ICON_SMALL);
            let at = place(x, ARROW, inner);
            if button.at(ui, at, ui.scope_id().with(("find step", forward))).clicked() {
                panels.actions.push(Action::View(ViewAction::FindStep(session.id, forward)));
            }
            x += ARROW;
        }
    }
    let at = place(field.right() - by_width - 2.0, by_width, inner);
    let by = Button::ghost(if has_mode { mode } else { "" }).name(panels.text(Text::FindBy)).size(by_width, inner);
    let button = ui.place(at, by);
    let caret = pos2(button.rect.right() - 8.0, y);
    paint::icon(ui.painter(), caret, icons::CARET_DOWN, 10.0, theme::tokens(ui).muted);
    menu(&button, panels, &mut session.find);
    if has_list && is_asked && session.find.error.is_none() {
        let button =
            IconButton::new(icons::LIST_BULLETS, panels.text(Text::HitList)).shortcut(panels.key(Command::HitList));
        let at = place(field.right() + 2.0, measure::CONTROL, measure::CONTROL);
        if ui.place(at, button.on(session.places.drawer() == Some(DrawerTab::Find))).clicked() {
            panels.actions.push(Action::View(ViewAction::ToggleHits(session.id)));
        }
    }
    field.right() + if has_list { LIST } else { 0.0 }
}

/// Draws the error of the pattern below the box while it is focused or hovered.
fn error_below(ui: &Ui, words: &str, field: Rect) {
    let t = theme::tokens(ui);
    let area = egui::Area::new(ui.scope_id().with("find error")).order(egui::Order::Foreground);
    area.fixed_pos(field.left_bottom() + vec2(0.0, 4.0)).interactable(false).show(ui.ctx(), |ui| {
        popup_frame(t).inner_margin(egui::Margin::symmetric(10, 6)).show(ui, |ui| {
            ui.set_max_width(360.0);
            let said = egui::RichText::new(words).font(theme::ui_font(measure::TEXT_LABEL)).color(t.error);
            ui.add(egui::Label::new(said));
        });
    });
}

/// Draws the text field.
fn text(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session, rect: Rect, room_right: f32) {
    let id = ui.scope_id().with("find");
    let find = &mut session.find;
    let wrong = find.error.as_ref().map(|_| "");
    let field = Field::new(&mut find.text, panels.text(Text::Find)).hint(panels.text(Text::FindHint));
    let field = field.icon(icons::MAGNIFYING_GLASS).error(wrong).id(id).room_right(room_right);
    let response = field.show_at(ui, rect);
    find.has_focus = response.has_focus();
    if let Some(error) = &find.error
        && (response.has_focus() || ui.rect_contains_pointer(rect))
    {
        error_below(ui, &words::pattern_error(error, panels.lang), rect);
    }
    if std::mem::take(&mut find.wants_focus) {
        response.request_focus();
        // Select the present text, so that typing replaces it.
        let mut state = TextEditState::load(ui.ctx(), response.id).unwrap_or_default();
        let all = CCursorRange::two(CCursor::default(), CCursor::new(find.text.chars().count()));
        state.cursor.set_char_range(Some(all));
        state.store(ui.ctx(), response.id);
    }
    if response.changed() {
        ui.ctx().request_repaint();
    }
    if response.lost_focus() {
        let (enter, shift, escape) =
            ui.input(|i| (i.key_pressed(Key::Enter), i.modifiers.shift, i.key_pressed(Key::Escape)));
        if enter {
            panels.actions.push(Action::View(ViewAction::FindStep(session.id, !shift)));
            response.request_focus();
        } else if escape {
            // If the log was following before the search moved it, follow again.
            let followed = find.clear();
            if session.places.drawer() == Some(DrawerTab::Find) {
                session.places.close_drawer();
            }
            if followed && let Some(log) = &mut session.log {
                log.set_follow(true);
            }
            ui.ctx().request_repaint();
        }
    }
    if let Some(done) = find.progress() {
        let t = theme::tokens(ui);
        let left = rect.left() + f32::from(measure::RADIUS);
        let line = Rect::from_min_max(
            pos2(left, rect.bottom() - 2.0),
            pos2(left + (rect.width() - 2.0 * f32::from(measure::RADIUS)) * done, rect.bottom()),
        );
        ui.painter().rect_filled(line, 1.0, t.accent);
    }
}

/// Draws the menu of search modes.
fn menu(button: &Response, panels: &Panels<'_>, find: &mut Find) {
    let frame = popup_frame(theme::tokens_of(&button.ctx));
    Popup::menu(button).frame(frame).gap(2.0).width(208.0).show(|ui| menu_rows(ui, |ui| modes(ui, panels, find)));
}

fn modes(ui: &mut Ui, panels: &Panels<'_>, find: &mut Find) {
    for (text, mode) in
        [(Text::FindPlain, FindMode::Text), (Text::FindHex, FindMode::Hex), (Text::FindRegex, FindMode::Regex)]
    {
        if ui.add(MenuItem::new(panels.text(text)).checked(find.mode == mode)).clicked() {
            find.mode = mode;
            find.wants_focus = true;
        }
    }
    menu_hairline(ui);
    let case = MenuItem::new(panels.text(Text::FindCase)).checked(find.match_case);
    if ui.add_enabled(find.mode == FindMode::Text, case).clicked() {
        find.match_case = !find.match_case;
    }
}

/// The count as `3 / 120`, or a text for no hits.
fn count(find: &Find, panels: &Panels<'_>) -> String {
    let (at, count) = find.standing();
    let running = find.progress().map_or(String::new(), |done| format!(" · {:.0} %", (done * 100.0).floor()));
    match at {
        Some(at) if find.is_hidden() => format!("{} / {count} {}", at + 1, panels.text(Text::HitHidden)),
        Some(at) => format!("{} / {count}{running}", at + 1),
        None if count == 0 && !find.is_running() => panels.text(Text::FindNone).to_owned(),
        None => format!("0 / {count}{running}"),
    }
}

/// A shorter count for a narrow box.
fn short_count(find: &Find) -> String {
    match find.standing() {
        (Some(at), count) => format!("{}/{count}", at + 1),
        (None, count) => count.to_string(),
    }
}

/// Paints the count.
fn standing(ui: &mut Ui, panels: &Panels<'_>, find: &Find, (words, shown): (&str, &str), rect: Rect) {
    let t = theme::tokens(ui);
    let font = theme::ui_font(measure::TEXT_SMALL);
    let line = paint::elided(ui.painter(), shown, font, t.muted, (rect.width() - 4.0).max(1.0));
    let is_cut = line.elided || shown != words;
    let at = pos2(rect.right() - 2.0, rect.center().y);
    paint::put(ui.painter(), at, paint::At::Right, measure::TEXT_SMALL, line, t.muted);
    let response = ui.interact(rect, ui.scope_id().with("find count"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
    if !find.is_whole() {
        tooltip(response, &panels.lang.texts().only_first_hits(Found::LISTED_MAX), None);
    } else if is_cut {
        tooltip(response, words, None);
    }
}
