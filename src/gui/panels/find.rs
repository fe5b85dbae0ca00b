//! The search box of a session's toolbar: what to find, how it is meant, how much there is, next and previous.

use super::Panels;
use crate::capture::search::Found;
use crate::gui::app::Action;
use crate::gui::icons;
use crate::gui::sentences;
use crate::gui::session::Session;
use crate::gui::session::find::{Find, FindMode};
use crate::gui::texts::Text;
use crate::gui::theme::{self, measure};
use crate::gui::widgets::{Button, Field, IconButton, MenuItem, menu_hairline, paint, popup_frame, tooltip};
use crate::words;
use egui::accesskit::Role;
use egui::text::{CCursor, CCursorRange};
use egui::text_edit::TextEditState;
use egui::{Key, Popup, Rect, Response, Sense, Ui, WidgetInfo, pos2, vec2};

/// Width of the box in the picture.
const WIDTH: f32 = 220.0;
/// It gets narrower, down to this, before the buttons beside it go.
const WIDTH_LEAST: f32 = 112.0;
/// Previous and next.
const ARROWS: f32 = 2.0 * measure::CONTROL + 4.0;
/// The list of hits.
const LIST: f32 = measure::CONTROL + 2.0;

/// Draws it into `room`, from the left; gives where it ends.
pub fn show(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session, room: Rect) -> f32 {
    let find = &session.find;
    let mode = panels.text(match find.mode {
        FindMode::Text => Text::FindPlainShort,
        FindMode::Hex => Text::FindHexShort,
        FindMode::Regex => Text::FindRegexShort,
    });
    let font = theme::ui_font(measure::TEXT_LABEL);
    let count = (!find.text.is_empty() && session.reader.is_some()).then(|| count(find, panels));
    let width_of =
        |ui: &Ui, words: &str| paint::line(ui.painter(), words, font.clone(), egui::Color32::PLACEHOLDER).size().x;
    let by_width = width_of(ui, mode) + 40.0;
    let free = room.width() - by_width - 4.0;
    // What is wrong is said in as much room as there is; a number is of no use in a part.
    let most = if find.error.is_some() { (free - WIDTH_LEAST - measure::GAP).clamp(0.0, 260.0) } else { 260.0 };
    let count_width = count.as_deref().map_or(0.0, |words| width_of(ui, words).min(most) + measure::GAP);
    let has_count = count.is_some() && free - count_width >= WIDTH_LEAST && most >= 40.0;
    let has_arrows = has_count && find.error.is_none() && free - count_width - ARROWS >= WIDTH_LEAST;
    let has_list = has_arrows && free - count_width - ARROWS - LIST >= WIDTH_LEAST;
    let taken = if has_count { count_width } else { 0.0 } + if has_arrows { ARROWS } else { 0.0 };
    let taken = taken + if has_list { LIST } else { 0.0 };
    let width = (free - taken).clamp(WIDTH_LEAST.min(free.max(40.0)), WIDTH);

    let y = room.center().y;
    let place =
        |left: f32, width: f32| Rect::from_center_size(pos2(left + width / 2.0, y), vec2(width, measure::CONTROL));
    let field = place(room.left(), width);
    text(ui, panels, session, field);
    let mut x = field.right() + 4.0;
    let button = ui.place(
        place(x, by_width),
        Button::ghost(mode).name(panels.text(Text::FindBy)).size(by_width, measure::CONTROL),
    );
    let caret = pos2(button.rect.right() - 10.0, y);
    paint::icon(ui.painter(), caret, icons::CARET_DOWN, measure::ICON_SMALL, theme::tokens(ui).muted);
    menu(&button, panels, &mut session.find);
    x = button.rect.right() + measure::GAP;
    if let Some(words) = count.filter(|_| has_count) {
        x = standing(ui, panels, &session.find, &words, place(x, count_width - measure::GAP)) + measure::GAP;
    }
    if has_arrows {
        for (icon, name, shortcut, forward) in
            [(icons::CARET_UP, Text::FindPrevious, "Shift+F3", false), (icons::CARET_DOWN, Text::FindNext, "F3", true)]
        {
            let button = IconButton::new(icon, panels.text(name)).shortcut(shortcut);
            if ui.place(place(x, measure::CONTROL), button).clicked() {
                panels.actions.push(Action::FindStep(session.id, forward));
            }
            x += measure::CONTROL + 2.0;
        }
    }
    if has_list {
        let button = IconButton::new(icons::LIST_BULLETS, panels.text(Text::HitList)).shortcut("Ctrl+Shift+F");
        if ui.place(place(x, measure::CONTROL), button.on(session.find.list.is_shown())).clicked() {
            panels.actions.push(Action::ToggleHits(session.id));
        }
        x += LIST;
    }
    x
}

/// The field itself.
fn text(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session, rect: Rect) {
    let id = ui.scope_id().with("find");
    let find = &mut session.find;
    let wrong = find.error.as_ref().map(|_| "");
    let field = Field::new(&mut find.text, panels.text(Text::Find)).hint(panels.text(Text::FindHint));
    let field = field.icon(icons::MAGNIFYING_GLASS).error(wrong).id(id);
    let response = field.show_at(ui, rect);
    if std::mem::take(&mut find.wants_focus) {
        response.request_focus();
        // What stands there is replaced by what is typed.
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
            panels.actions.push(Action::FindStep(session.id, !shift));
            response.request_focus();
        } else if escape {
            find.clear();
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

/// How what is typed is meant.
fn menu(button: &Response, panels: &Panels<'_>, find: &mut Find) {
    let frame = popup_frame(theme::tokens_of(&button.ctx));
    Popup::menu(button).frame(frame).gap(2.0).width(208.0).show(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
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
    });
}

/// `3 / 120`, or why there is nothing.
fn count(find: &Find, panels: &Panels<'_>) -> String {
    if let Some(error) = &find.error {
        return words::pattern_error(error, panels.lang);
    }
    let (at, count) = find.standing();
    let running = find.progress().map_or(String::new(), |done| format!(" · {:.0} %", (done * 100.0).floor()));
    match at {
        Some(at) if find.is_hidden() => format!("{} / {count} {}", at + 1, panels.text(Text::HitHidden)),
        Some(at) => format!("{} / {count}{running}", at + 1),
        None if count == 0 && !find.is_running() => panels.text(Text::FindNone).to_owned(),
        None => format!("0 / {count}{running}"),
    }
}

/// Writes it; gives its right edge.
fn standing(ui: &mut Ui, panels: &Panels<'_>, find: &Find, words: &str, rect: Rect) -> f32 {
    let t = theme::tokens(ui);
    let colour = if find.error.is_some() { t.error } else { t.muted };
    let font = theme::ui_font(measure::TEXT_LABEL);
    let at = pos2(rect.left(), rect.center().y);
    let said = paint::text_elided(ui.painter(), at, words, font, colour, rect.width());
    let response = ui.interact(rect, ui.scope_id().with("find count"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
    if find.error.is_some() {
        tooltip(response, words, None);
    } else if !find.is_whole() {
        tooltip(response, &sentences::only_first_hits(Found::LISTED_MAX, panels.lang), None);
    }
    said.right()
}
