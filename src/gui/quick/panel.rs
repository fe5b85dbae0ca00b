//! The quick commands in the dock: a filter, the commands in groups, and the foot; or the form of a command.

use crate::gui::action::{Action, QuickAction, RunAction, TalkAction};
use crate::gui::context::{Panels, within};
use crate::gui::icons;
use crate::gui::quick::form::{enabled, heading};
use crate::gui::quick::list::{Group, Quick};
use crate::gui::quick::{editor, row};
use crate::gui::run;
use crate::gui::session::Session;
use crate::gui::talk::{menu, trouble};
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::{Button, Field, IconButton, MenuItem, menu_hairline, menu_rows, paint, popup_frame};
use crate::talk::edit::{Edit, Place};
use egui::accesskit::Role;
use egui::{Align, Layout, Popup, Rect, RectAlign, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};

/// Commands that are listed at most: nobody scrolls through more, and each costs time in every frame.
const MOST_ROWS: usize = 500;

/// Height of the notes of an import at most.
const NOTES: f32 = 120.0;

/// Draws the tab into all of `ui`.
pub fn show(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session) {
    if session.runs.is_open {
        run::panel::show(ui, panels, session);
        return;
    }
    if session.quick.form.is_some() {
        editor::show(ui, panels, session);
        return;
    }
    let t = theme::tokens(ui);
    ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
    let rect = ui.max_rect();
    let (list, foot) = rect.split_top_bottom_at_y((rect.bottom() - measure::DOCK_FOOT).max(rect.top()));
    let groups = session.quick.groups(&session.talk);
    within(ui, list, "quick", Layout::top_down(Align::Min), |ui| {
        trouble::show(ui, panels, session);
        notes(ui, panels, session);
        if groups.is_empty() {
            empty(ui, panels, session);
            return;
        }
        filter(ui, panels, session);
        ScrollArea::vertical().auto_shrink(false).id_salt("quick").show(ui, |ui| rows(ui, panels, session, &groups));
    });
    paint::hairline_h(ui.painter(), foot.left()..=foot.right(), foot.top(), t.soft);
    within(ui, foot.shrink2(vec2(8.0, 0.0)), "foot", Layout::left_to_right(Align::Center), |ui| {
        self::foot(ui, panels, session, &groups);
    });
}

/// Draws what an import left out or changed.
fn notes(ui: &mut Ui, panels: &Panels<'_>, session: &mut Session) {
    if session.quick.notes.is_empty() {
        return;
    }
    let t = theme::tokens(ui);
    let mut is_closed = false;
    egui::Frame::new().fill(t.hover).inner_margin(egui::Margin::symmetric(12, 8)).show(ui, |ui| {
        ui.set_width(ui.available_width());
        let close = IconButton::new(icons::X, panels.lang.texts().quick("close-notes")).small(measure::ICON_SMALL);
        is_closed = ui.with_layout(Layout::right_to_left(Align::Min), |ui| ui.add(close).clicked()).inner;
        ScrollArea::vertical().max_height(NOTES).auto_shrink([false, true]).id_salt("notes").show(ui, |ui| {
            for note in session.quick.notes.iter().take(MOST_ROWS) {
                let font = theme::ui_font(measure::TEXT_SMALL);
                let galley = ui.painter().layout(note.clone(), font, t.text, ui.available_width() - 8.0);
                let (rect, response) = ui.allocate_exact_size(galley.size() + vec2(0.0, 4.0), Sense::hover());
                ui.painter().galley(rect.min, galley, t.text);
                response.widget_info(|| WidgetInfo::labeled(Role::Label, true, note));
            }
        });
    });
    if is_closed {
        session.quick.notes.clear();
    }
}

fn filter(ui: &mut Ui, panels: &Panels<'_>, session: &mut Session) {
    let name = panels.lang.texts().quick("filter");
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), measure::TOOLBAR), Sense::hover());
    let place = Rect::from_center_size(rect.center(), vec2(rect.width() - 24.0, measure::CONTROL));
    let field = Field::new(&mut session.quick.filter, name).hint(name).icon(icons::MAGNIFYING_GLASS);
    field.width(place.width()).show_at(ui, place);
}

/// Draws what to do without commands.
fn empty(ui: &mut Ui, panels: &mut Panels<'_>, session: &Session) {
    let (t, texts) = (theme::tokens(ui), panels.lang.texts());
    if !session.talk.is_loaded() {
        return;
    }
    ui.add_space(24.0);
    let width = ui.available_width() - 32.0;
    for (words, colour) in [(texts.quick("empty"), t.text), (texts.quick("empty-how"), t.muted)] {
        let galley = ui.painter().layout(words.to_owned(), theme::ui_font(measure::TEXT_LABEL), colour, width);
        let (rect, response) = ui.allocate_exact_size(vec2(width + 32.0, galley.size().y + 8.0), Sense::hover());
        ui.painter().galley(rect.min + vec2(16.0, 0.0), galley, colour);
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
    }
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        ui.add_space(16.0);
        ui.spacing_mut().item_spacing.x = 12.0;
        if ui.add_enabled(!session.setup.draft.is_empty(), Button::link(texts.quick("keep-box"))).clicked() {
            panels.actions.push(Action::Quick(QuickAction::KeepBox(session.id)));
        }
        if ui.add(Button::link(texts.quick("open-file"))).clicked() {
            panels.actions.push(Action::Talk(TalkAction::Pick(session.id)));
        }
    });
    ui.horizontal(|ui| {
        ui.add_space(16.0);
        if ui.add(Button::link(texts.quick("import"))).clicked() {
            panels.actions.push(Action::Quick(QuickAction::Import(session.id)));
        }
    });
}

/// Draws the groups with their commands, and moves a command that is dropped between others.
fn rows(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session, groups: &[Group]) {
    let wanted = session.quick.filter.trim().to_lowercase();
    let fits = |quick: &Quick| {
        let mut sends = quick.sends.iter().map(|(text, _)| text.to_lowercase());
        wanted.is_empty() || quick.name.to_lowercase().contains(&wanted) || sends.any(|text| text.contains(&wanted))
    };
    let (mut places, mut left) = (Vec::new(), MOST_ROWS);
    let mut is_first = true;
    for group in groups {
        let shown: Vec<&Quick> = group.commands.iter().filter(|quick| fits(quick)).collect();
        if shown.is_empty() && !wanted.is_empty() {
            continue;
        }
        let is_folded = session.quick.folded.contains(&group.title) && wanted.is_empty();
        if let Some(entry) = group.entry {
            let place = head(ui, panels, session, group, (is_folded, is_first));
            places.push((place, Place::After(entry)));
        }
        is_first = false;
        for quick in shown.into_iter().take(if is_folded { 0 } else { left }) {
            left -= 1;
            let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), measure::QUICK_ROW), Sense::empty());
            if !ui.is_rect_visible(rect) {
                places.push((rect, Place::After(quick.entry)));
                continue;
            }
            let response = row::show(ui, panels, session, groups, quick, rect);
            if response.drag_started() {
                session.quick.dragged = Some(quick.entry);
            }
            places.push((rect, Place::After(quick.entry)));
        }
    }
    if places.is_empty() {
        let words = panels.lang.texts().quick("none-found");
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), measure::QUICK_ROW), Sense::hover());
        let font = theme::ui_font(measure::TEXT_LABEL);
        paint::text(ui.painter(), rect.center(), paint::At::Centre, words, font, theme::tokens(ui).muted);
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
    }
    drop(ui, panels, session, &places);
    ui.add_space(8.0);
}

/// While a command is dragged, shows where it goes; moves it there when it is let go.
fn drop(ui: &Ui, panels: &mut Panels<'_>, session: &mut Session, places: &[(Rect, Place)]) {
    let Some(entry) = session.quick.dragged else { return };
    let (pointer, is_down) = ui.input(|input| (input.pointer.interact_pos(), input.pointer.any_down()));
    let target = pointer.and_then(|at| target(places, at.y));
    if let Some((y, _)) = target.filter(|_| is_down) {
        let x = ui.max_rect().x_range();
        ui.painter().hline(x.min + 12.0..=x.max - 12.0, y, egui::Stroke::new(2.0, theme::tokens(ui).accent));
    }
    if is_down {
        return;
    }
    session.quick.dragged = None;
    let is_other = |to: &Place| !matches!(to, Place::Before(at) | Place::After(at) if *at == entry);
    if let Some((_, to)) = target.filter(|(_, to)| is_other(to)) {
        let done = panels.lang.texts().quick_moved(&session.talk.document().name_of(entry).unwrap_or_default());
        let edits = vec![Edit::Move { entry, to }];
        panels.actions.push(Action::Talk(TalkAction::EditUndoable(session.id, edits, done)));
    }
}

/// The border between rows that is nearest to `y`, and what goes there.
pub fn target(places: &[(Rect, Place)], y: f32) -> Option<(f32, Place)> {
    let below = places.iter().rev().find(|(rect, _)| y >= rect.center().y);
    match (below, places.first()) {
        (Some((rect, place)), _) => Some((rect.bottom(), *place)),
        (None, Some((rect, Place::After(first)))) => Some((rect.top(), Place::Before(*first))),
        _ => None,
    }
}

/// Draws the heading of a group. Returns its place.
fn head(
    ui: &mut Ui,
    panels: &mut Panels<'_>,
    session: &mut Session,
    group: &Group,
    (is_folded, is_first): (bool, bool),
) -> Rect {
    let (t, texts) = (theme::tokens(ui), panels.lang.texts());
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), measure::QUICK_GROUP), Sense::click());
    if !is_first {
        paint::hairline_h(ui.painter(), rect.left() + 12.0..=rect.right() - 12.0, rect.top(), t.soft);
    }
    let y = rect.center().y;
    let caret = if is_folded { icons::CARET_RIGHT } else { icons::CARET_DOWN };
    paint::icon(ui.painter(), pos2(rect.left() + 18.0, y), caret, measure::ICON_SMALL, t.muted);
    let entries: Vec<usize> = group.commands.iter().filter(|quick| !quick.is_off).map(|quick| quick.entry).collect();
    let name = texts.loop_group(&group.title);
    let button = Rect::from_min_max(pos2(rect.right() - 36.0, y - 12.0), pos2(rect.right() - 12.0, y + 12.0));
    let title =
        paint::elided(ui.painter(), &group.title, theme::medium(measure::TEXT_LABEL), t.text, rect.width() - 110.0);
    let title =
        paint::put(ui.painter(), pos2(rect.left() + 32.0, y), paint::At::Left, measure::TEXT_LABEL, title, t.text);
    let (count, font) = (group.commands.len().to_string(), theme::ui_font(measure::TEXT_SMALL));
    paint::text(ui.painter(), pos2(title.right() + 8.0, y), paint::At::Left, &count, font, t.muted);
    let spoken = format!("{} {count}", group.title);
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, !is_folded, &spoken));
    if response.has_focus() {
        paint::focus_ring_inside(ui.painter(), rect.shrink2(vec2(6.0, 2.0)), measure::RADIUS, t);
    }
    if response.clicked() && !session.quick.folded.remove(&group.title) {
        session.quick.folded.insert(group.title.clone());
    }
    let id = ui.scope_id().with(("loop", group.entry));
    let loops = IconButton::new(icons::REPEAT, &name).icon_size(measure::ICON_ROW);
    if !entries.is_empty() && loops.at(ui, button, id).clicked() {
        panels.actions.push(Action::Quick(QuickAction::Run(session.id, entries, true)));
    }
    rect
}

fn foot(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session, groups: &[Group]) {
    let (texts, id) = (panels.lang.texts(), session.id);
    ui.spacing_mut().item_spacing.x = 4.0;
    let new = Button::ghost(texts.quick("new-short")).name(texts.quick("new")).icon(icons::PLUS);
    if ui.add_enabled(session.talk.is_loaded(), new).clicked() {
        panels.actions.push(Action::Quick(QuickAction::New(id)));
    }
    let entries = enabled(groups);
    let running = session.quick.running_names().count();
    if running == 0 {
        let run = Button::ghost(texts.quick("run-all")).icon(icons::PLAY);
        if ui.add_enabled(!entries.is_empty() && session.can_send(), run).clicked() {
            panels.actions.push(Action::Quick(QuickAction::Run(id, entries.clone(), false)));
        }
    } else {
        let hint = texts.quick_running(running);
        let stop = Button::ghost(texts.quick("stop")).name(texts.quick("stop-all")).icon(icons::STOP).hint(&hint);
        if ui.add(stop).clicked() {
            panels.actions.push(Action::Quick(QuickAction::Stop(id, None)));
        }
    }
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        let more = ui.add(IconButton::new(icons::DOTS_THREE, texts.quick("more")));
        if ui.add(IconButton::new(icons::LIST_CHECKS, texts.run_view("open"))).clicked() {
            panels.actions.push(Action::Run(RunAction::Show(id)));
        }
        let popup = Popup::menu(&more).frame(popup_frame(theme::tokens(ui))).gap(4.0).width(220.0);
        popup.align(RectAlign::TOP_END).show(|ui| menu_rows(ui, |ui| more_rows(ui, panels, session, entries)));
    });
}

/// Draws the menu of the list.
fn more_rows(ui: &mut Ui, panels: &mut Panels<'_>, session: &Session, entries: Vec<usize>) {
    let (texts, id) = (panels.lang.texts(), session.id);
    let mut action = None;
    if ui.add_enabled(session.can_send() && !entries.is_empty(), MenuItem::new(texts.quick("loop-all"))).clicked() {
        action = Some(Action::Quick(QuickAction::Run(id, entries, true)));
    }
    if ui.add_enabled(!session.setup.draft.is_empty(), MenuItem::new(texts.quick("keep-box"))).clicked() {
        action = Some(Action::Quick(QuickAction::KeepBox(id)));
    }
    if ui.add(MenuItem::new(texts.quick("new-group"))).clicked() {
        let lines = heading(texts.quick("new-group"));
        action = Some(Action::Talk(TalkAction::Edit(id, vec![Edit::Insert { at: Place::End, lines }])));
    }
    menu_hairline(ui);
    action = menu::open_row(ui, panels.lang, session).or(action);
    if ui.add_enabled(session.talk.is_loaded(), MenuItem::new(texts.quick("import"))).clicked() {
        action = Some(Action::Quick(QuickAction::Import(id)));
    }
    action = menu::own_row(ui, panels.lang, session).or(action);
    action = menu::file_rows(ui, panels.lang, session).or(action);
    panels.actions.extend(action);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_dropped_at_the_nearest_border() {
        let row = |top: f32, entry| (Rect::from_min_size(pos2(0.0, top), vec2(100.0, 44.0)), Place::After(entry));
        let places = [row(0.0, 3), row(44.0, 5)];
        assert_eq!(target(&places, 10.0), Some((0.0, Place::Before(3))));
        assert_eq!(target(&places, 40.0), Some((44.0, Place::After(3))));
        assert_eq!(target(&places, 500.0), Some((88.0, Place::After(5))));
        assert_eq!(target(&[], 0.0), None);
    }
}
