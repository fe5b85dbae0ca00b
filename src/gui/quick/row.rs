//! A quick command in the dock: its name, what it sends, its key, and its buttons while the pointer or the focus is on it.

use crate::gui::action::{Action, QuickAction, TalkAction};
use crate::gui::context::Panels;
use crate::gui::icons;
use crate::gui::quick::form::place_in;
use crate::gui::quick::list::{Group, Quick, commands};
use crate::gui::session::Session;
use crate::gui::theme;
use crate::gui::theme::{Tokens, measure};
use crate::gui::widgets::{IconButton, MenuItem, menu_hairline, menu_rows, paint, popup_frame};
use crate::talk::edit::{Edit, Place};
use crate::words::{self, Lang};
use egui::accesskit::Role;
use egui::{Id, Key, Popup, Rect, Response, Sense, Ui, WidgetInfo, pos2, vec2};

/// Left edge of the name.
const NAME: f32 = 38.0;
/// Size of a button.
const BUTTON: f32 = 24.0;

/// Draws a command into `rect`. Returns the response of the row.
pub fn show(
    ui: &mut Ui,
    panels: &mut Panels<'_>,
    session: &mut Session,
    groups: &[Group],
    quick: &Quick,
    rect: Rect,
) -> Response {
    let t = theme::tokens(ui);
    let id = ui.scope_id().with(("quick", quick.entry));
    let response = ui.interact(rect, id, Sense::click_and_drag());
    let buttons = [0, 1, 2].map(|index| {
        let left = rect.right() - 8.0 - BUTTON * (3 - index) as f32;
        Rect::from_min_size(pos2(left, rect.top() + 4.0), vec2(BUTTON, BUTTON))
    });
    let ids = ["run", "edit", "more"].map(|name| id.with(name));
    let has_focus = ui.memory(|memory| memory.focused().is_some_and(|focused| focused == id || ids.contains(&focused)));
    let is_open =
        Popup::is_id_open(ui.ctx(), Popup::default_response_id(&ui.interact(buttons[2], ids[2], Sense::click())));
    let is_active = response.contains_pointer() || has_focus || is_open;
    if is_active {
        ui.painter().rect_filled(rect.shrink2(vec2(6.0, 0.0)), measure::RADIUS, t.hover);
    }
    let runs = session.quick.runs(&quick.name);
    let verdict = session.quick.verdict(&quick.name).filter(|_| quick.awaits && !runs);
    lines(
        ui,
        quick,
        rect,
        if is_active { buttons[0].left() } else { rect.right() - 16.0 },
        is_active,
        (runs, verdict, panels.lang),
    );
    if response.has_focus() {
        paint::focus_ring_inside(ui.painter(), rect.shrink2(vec2(6.0, 0.0)), measure::RADIUS, t);
    }
    let mut spoken = spoken(quick, panels.lang);
    if let Some((took, has_failed)) = verdict {
        let mark = if has_failed { "✗" } else { "✓" };
        spoken.push_str(&format!(" · {mark} {}", short(took)));
    }
    response.widget_info(|| WidgetInfo::labeled(Role::ListItem, true, &spoken));
    let more = row_buttons(ui, panels, session, quick, (buttons, ids), (is_active, runs));
    menu(&more, panels, session, groups, quick);
    keys(ui, panels, session, groups, quick, &response);
    if response.double_clicked() {
        panels.actions.push(Action::Quick(QuickAction::Run(session.id, vec![quick.entry], false)));
    }
    response
}

/// The command runs; the time of its last run and whether it failed; the language.
type Look = (bool, Option<(std::time::Duration, bool)>, Lang);

/// Draws icon, name, what is sent, key, and repeat or verdict.
fn lines(ui: &Ui, quick: &Quick, rect: Rect, right: f32, is_active: bool, (runs, verdict, lang): Look) {
    let (t, painter) = (theme::tokens(ui), ui.painter());
    let (upper, lower) = (rect.top() + 14.0, rect.top() + 32.0);
    let colour = if runs { t.accent } else { t.muted };
    let icon = if quick.is_off { icons::LIGHTNING_SLASH } else { icons::LIGHTNING };
    paint::icon(painter, pos2(rect.left() + 24.0, upper), icon, measure::ICON_ROW, colour);
    let mut end = right;
    if !is_active && !quick.key.is_empty() {
        let font = theme::ui_font(measure::TEXT_SMALL);
        let key = paint::text(painter, pos2(right, upper), paint::At::Right, &quick.key, font, t.muted);
        end = key.left();
    }
    let name_colour = if quick.is_off { t.muted } else { t.text };
    let (at, room) = (pos2(rect.left() + NAME, upper), end - 8.0 - rect.left() - NAME);
    paint::text_elided(painter, at, &quick.name, theme::ui_font(measure::TEXT_LABEL), name_colour, room);
    let mut end = rect.right() - 16.0;
    if let Some((took, has_failed)) = verdict {
        let (icon, colour) = if has_failed { (icons::X, t.error) } else { (icons::CHECK, t.received) };
        let (words, font) = (
            words::since_short(u64::try_from(took.as_nanos()).unwrap_or(u64::MAX)),
            theme::ui_font(measure::TEXT_SMALL),
        );
        end = paint::text(painter, pos2(end, lower), paint::At::Right, &words, font, colour).left() - 10.0;
        paint::icon(painter, pos2(end, lower), icon, measure::ICON_SMALL, colour);
        end -= 12.0;
    } else if let Some(words) = repeat_words(quick, lang) {
        let font = theme::ui_font(measure::TEXT_SMALL);
        end = paint::text(painter, pos2(end, lower), paint::At::Right, &words, font, colour).left() - 8.0;
    }
    sends(ui, quick, (rect.left() + NAME, lower), end, t);
}

/// Draws what is sent, the variables tinted, as far as it fits.
fn sends(ui: &Ui, quick: &Quick, (left, y): (f32, f32), end: f32, t: &Tokens) {
    let font = theme::mono(measure::TEXT_SMALL);
    let mut x = left;
    for (text, is_variable) in &quick.sends {
        // More does not fit anyway.
        let text: String =
            text.chars().take(120).map(|c| if crate::codec::safe::is_hidden(c) { ' ' } else { c }).collect();
        let colour = if *is_variable { t.variable } else { t.muted };
        let galley = paint::elided(ui.painter(), &text, font.clone(), colour, (end - x).max(1.0));
        let place = Rect::from_min_size(pos2(x, y - 8.0), vec2(galley.size().x, 16.0));
        if *is_variable {
            ui.painter().rect_filled(place.expand2(vec2(1.0, 0.0)), measure::RADIUS_BYTES, t.variable_ground);
        }
        let is_cut = galley.elided;
        paint::put(ui.painter(), pos2(x, y), paint::At::Left, measure::TEXT_SMALL, galley, colour);
        x = place.right();
        if is_cut || x >= end {
            break;
        }
    }
}

/// How often it is sent: each second, three times.
fn repeat_words(quick: &Quick, lang: Lang) -> Option<String> {
    let repeat = quick.repeat?;
    let texts = lang.texts();
    let every = repeat.every.map(|every| texts.quick_every(&short(every)));
    let times = repeat.count.map(|count| texts.quick_times(count));
    Some([every, times].into_iter().flatten().collect::<Vec<_>>().join(" "))
}

/// A time in seconds if it is a whole number of them, else in milliseconds.
fn short(time: std::time::Duration) -> String {
    let ms = time.as_millis();
    if ms > 0 && ms.is_multiple_of(1000) { format!("{} s", ms / 1000) } else { format!("{ms} ms") }
}

/// The accessible name of the row.
fn spoken(quick: &Quick, lang: Lang) -> String {
    let sends: String = quick.sends.iter().map(|(text, _)| text.as_str()).collect();
    let repeat = repeat_words(quick, lang).unwrap_or_default();
    let parts = [quick.name.as_str(), sends.as_str(), quick.key.as_str(), repeat.as_str()];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// Draws the buttons, of which nothing is seen while the row is not active. Returns the last one, which opens the menu.
fn row_buttons(
    ui: &mut Ui,
    panels: &mut Panels<'_>,
    session: &Session,
    quick: &Quick,
    (places, ids): ([Rect; 3], [Id; 3]),
    (is_active, runs): (bool, bool),
) -> Response {
    let (t, texts, id) = (theme::tokens(ui), panels.lang.texts(), session.id);
    let (run_icon, run_name) =
        if runs { (icons::STOP, texts.stop_quick(&quick.name)) } else { (icons::PLAY, texts.run_quick(&quick.name)) };
    let (edit_name, more_name) = (texts.edit_quick(&quick.name), texts.more_quick(&quick.name));
    let draw = |index: usize, icon: char, name: &str, colour| {
        if is_active {
            let button = IconButton::new(icon, name).icon_size(measure::ICON_ROW).colour(colour);
            return button.at(ui, places[index], ids[index]);
        }
        let response = ui.interact(places[index], ids[index], Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
        response
    };
    if draw(0, run_icon, &run_name, t.accent).clicked() {
        let action = match runs {
            true => QuickAction::Stop(id, Some(quick.name.clone())),
            false => QuickAction::Run(id, vec![quick.entry], false),
        };
        panels.actions.push(Action::Quick(action));
    }
    if draw(1, icons::PENCIL_SIMPLE, &edit_name, t.muted).clicked() {
        panels.actions.push(Action::Quick(QuickAction::Edit(id, quick.entry)));
    }
    draw(2, icons::DOTS_THREE, &more_name, t.muted)
}

/// Shows the menu of a command.
fn menu(button: &Response, panels: &mut Panels<'_>, session: &Session, groups: &[Group], quick: &Quick) {
    let frame = popup_frame(theme::tokens_of(&button.ctx));
    Popup::menu(button).frame(frame).gap(2.0).width(200.0).show(|ui| {
        menu_rows(ui, |ui| menu_items(ui, panels, session, groups, quick));
    });
}

fn menu_items(ui: &mut Ui, panels: &mut Panels<'_>, session: &Session, groups: &[Group], quick: &Quick) {
    let (texts, id, entry) = (panels.lang.texts(), session.id, quick.entry);
    let document = session.talk.document();
    let lines = document.entries().get(entry).map(|of| of.lines.of(document.source())).unwrap_or_default();
    let mut action = None;
    let edit = |edit| Action::Talk(TalkAction::Edit(id, vec![edit]));
    if ui.add(MenuItem::new(texts.quick("run"))).clicked() {
        action = Some(Action::Quick(QuickAction::Run(id, vec![entry], false)));
    }
    if ui.add(MenuItem::new(texts.quick("edit")).shortcut("F2")).clicked() {
        action = Some(Action::Quick(QuickAction::Edit(id, entry)));
    }
    if ui.add(MenuItem::new(texts.quick("duplicate"))).clicked() {
        action = Some(edit(Edit::Insert { at: Place::After(entry), lines: lines.to_owned() }));
    }
    if ui.add(MenuItem::new(texts.quick("copy"))).clicked() {
        action = Some(Action::View(crate::gui::action::ViewAction::CopyText(lines.to_owned())));
    }
    menu_hairline(ui);
    let order: Vec<usize> = commands(groups).map(|quick| quick.entry).collect();
    let (up, down) = neighbours(&order, entry);
    if ui.add_enabled(up.is_some(), MenuItem::new(texts.quick("up")).shortcut("Alt+Up")).clicked() {
        action = up.map(|before| edit(Edit::Move { entry, to: Place::Before(before) }));
    }
    if ui.add_enabled(down.is_some(), MenuItem::new(texts.quick("down")).shortcut("Alt+Down")).clicked() {
        action = down.map(|after| edit(Edit::Move { entry, to: Place::After(after) }));
    }
    for group in groups.iter().filter(|group| !group.commands.iter().any(|quick| quick.entry == entry)).take(12) {
        let title = if group.title.is_empty() { texts.quick("first-group") } else { &group.title };
        if ui.add(MenuItem::new(&texts.move_to_group(title))).clicked() {
            action = place_in(groups, &group.title, Some(entry)).map(|to| edit(Edit::Move { entry, to }));
        }
    }
    menu_hairline(ui);
    let off = if quick.is_off { "on" } else { "off" };
    if ui.add(MenuItem::new(texts.quick(off))).clicked() {
        action = Some(edit(Edit::SetOff { entry, off: !quick.is_off }));
    }
    if ui.add(MenuItem::new(texts.quick("delete")).shortcut("Del").danger()).clicked() {
        action = Some(deletion(panels, session, quick));
    }
    panels.actions.extend(action);
}

fn deletion(panels: &Panels<'_>, session: &Session, quick: &Quick) -> Action {
    let done = panels.lang.texts().quick_deleted(&quick.name);
    Action::Talk(TalkAction::EditUndoable(session.id, vec![Edit::Delete { entry: quick.entry }], done))
}

/// The entries before and behind one.
pub fn neighbours(order: &[usize], entry: usize) -> (Option<usize>, Option<usize>) {
    let Some(at) = order.iter().position(|own| *own == entry) else { return (None, None) };
    (at.checked_sub(1).map(|before| order[before]), order.get(at + 1).copied())
}

/// Enter runs the focused command, F2 edits it, Delete removes it, Alt with an arrow moves it.
fn keys(ui: &Ui, panels: &mut Panels<'_>, session: &Session, groups: &[Group], quick: &Quick, response: &Response) {
    if !response.has_focus() {
        return;
    }
    let (id, entry) = (session.id, quick.entry);
    let pressed = |modifiers, key| ui.input_mut(|input| input.consume_key(modifiers, key));
    let order: Vec<usize> = commands(groups).map(|quick| quick.entry).collect();
    let (up, down) = neighbours(&order, entry);
    let edit = |edit| Action::Talk(TalkAction::Edit(id, vec![edit]));
    let none = egui::Modifiers::NONE;
    let action = if pressed(none, Key::Enter) {
        Some(Action::Quick(QuickAction::Run(id, vec![entry], false)))
    } else if pressed(none, Key::F2) {
        Some(Action::Quick(QuickAction::Edit(id, entry)))
    } else if pressed(none, Key::Delete) {
        Some(deletion(panels, session, quick))
    } else if pressed(egui::Modifiers::ALT, Key::ArrowUp) {
        up.map(|before| edit(Edit::Move { entry, to: Place::Before(before) }))
    } else if pressed(egui::Modifiers::ALT, Key::ArrowDown) {
        down.map(|after| edit(Edit::Move { entry, to: Place::After(after) }))
    } else {
        None
    };
    panels.actions.extend(action);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_moves_past_the_one_beside_it() {
        assert_eq!(neighbours(&[2, 5, 7], 5), (Some(2), Some(7)));
        assert_eq!(neighbours(&[2, 5, 7], 2), (None, Some(5)));
        assert_eq!(neighbours(&[2], 3), (None, None));
    }
}
