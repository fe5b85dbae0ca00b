//! The replies in the dock: the master switch, the rules in the order in which they are tried, and the foot.

use crate::gui::action::{Action, ReplyAction, RuleAction, TalkAction};
use crate::gui::context::{Panels, within};
use crate::gui::framing::state::RulePart;
use crate::gui::icons;
use crate::gui::quick::panel::target;
use crate::gui::replies::list::{Listed, count_on};
use crate::gui::replies::presets::Preset;
use crate::gui::replies::{editor, row};
use crate::gui::session::Session;
use crate::gui::talk::{menu, trouble};
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::{Button, Field, IconButton, MenuItem, Switch, menu_hairline, menu_rows, paint, popup_frame};
use crate::talk::edit::{Edit, Place};
use crate::words::{self, Lang};
use egui::accesskit::Role;
use egui::{Align, Layout, Popup, Rect, RectAlign, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};

/// Rules that are listed at most: nobody scrolls through more, and each costs time in every frame.
const MOST_ROWS: usize = 500;
/// From so many rules on there is a filter.
const FILTERED_FROM: usize = 6;

/// Draws the tab into all of `ui`.
pub fn show(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session) {
    let t = theme::tokens(ui);
    ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
    let rect = ui.max_rect();
    let (list, foot) = rect.split_top_bottom_at_y((rect.bottom() - measure::DOCK_FOOT).max(rect.top()));
    let rules = session.replies.list(&session.talk);
    within(ui, list, "replies", Layout::top_down(Align::Min), |ui| {
        trouble::show(ui, panels, session);
        master(ui, panels, session, &rules);
        bands(ui, panels, session);
        if rules.is_empty() && session.replies.form.is_none() {
            empty(ui, panels, session);
            return;
        }
        if rules.len() >= FILTERED_FROM || !session.replies.filter.is_empty() {
            filter(ui, panels, session);
        }
        ScrollArea::vertical().auto_shrink(false).id_salt("replies").show(ui, |ui| rows(ui, panels, session, &rules));
    });
    paint::hairline_h(ui.painter(), foot.left()..=foot.right(), foot.top(), t.soft);
    within(ui, foot.shrink2(vec2(8.0, 0.0)), "foot", Layout::left_to_right(Align::Center), |ui| {
        self::foot(ui, panels, session);
    });
}

/// Draws the master switch.
fn master(ui: &mut Ui, panels: &mut Panels<'_>, session: &Session, rules: &[Listed]) {
    let (t, texts) = (theme::tokens(ui), panels.lang.texts());
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), measure::TOOLBAR), Sense::hover());
    let (y, is_on) = (rect.center().y, session.setup.replies);
    let switch = Switch::new(is_on, texts.reply("master"));
    if switch.at(ui, pos2(rect.left() + row::SWITCH, y), ui.scope_id().with("master")).clicked() {
        panels.actions.push(Action::Reply(ReplyAction::TurnOn(session.id, !is_on)));
    }
    let font = theme::medium(measure::TEXT_LABEL);
    let at = pos2(rect.left() + row::NAME, y);
    let name = paint::text(ui.painter(), at, paint::At::Left, texts.reply("master"), font, t.text);
    let words = match is_on {
        true => texts.reply("order").to_owned(),
        false => texts.replies_are_off(count_on(rules)),
    };
    let room = rect.right() - 12.0 - name.right() - 12.0;
    let galley = paint::elided(ui.painter(), &words, theme::ui_font(measure::TEXT_SMALL), t.muted, room);
    let at = pos2(rect.right() - 12.0, y);
    let place = paint::put(ui.painter(), at, paint::At::Right, measure::TEXT_SMALL, galley, t.muted);
    let response = ui.interact(place, ui.scope_id().with("order"), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &words));
    paint::hairline_h(ui.painter(), rect.left()..=rect.right(), rect.bottom() - 1.0, t.soft);
}

/// Draws what the user has to know about the rules: errors, a file of somebody else, no framing rule, failures.
fn bands(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session) {
    let (texts, id) = (panels.lang.texts(), session.id);
    // Errors of the grammar are above.
    let own = session.talk.errors();
    if let Some(error) = session.replies.errors().first().filter(|_| own.is_empty()) {
        let place = words::talk_place(session.talk.document().source(), error.span.start);
        let words = texts.talk_error_at(place.line, &words::talk_sentence(&error.kind, panels.lang));
        band(ui, &words, "", true, None);
    }
    let has_errors = !own.is_empty() || !session.replies.errors().is_empty();
    if has_errors && session.replies.acts(session.setup.replies) {
        band(ui, texts.reply("last-valid"), "", false, None);
    }
    if !session.has_own_talk() && !session.setup.replies && session.talk.path().is_some() {
        band(ui, texts.reply("foreign"), "", false, None);
    }
    if session.replies.is_cut_by_reads()
        && band(ui, texts.reply("by-reads"), "", false, Some(texts.reply("choose-framing")))
    {
        panels.actions.push(Action::Rule(RuleAction::Edit(id, RulePart::Kind)));
    }
    if let Some((count, last)) = session.replies.faults() {
        let words = texts.rule_faults(count);
        let cause = words::error_sentence(last, panels.lang);
        if band(ui, &words, &cause, true, Some(texts.reply("seen"))) {
            session.replies.forget_faults();
        }
    }
}

/// Draws a band with a sentence and perhaps a link. Returns true if the link was clicked.
fn band(ui: &mut Ui, title: &str, detail: &str, is_warning: bool, link: Option<&str>) -> bool {
    let t = theme::tokens(ui);
    let fill = if is_warning { t.warning_ground } else { t.chrome };
    let mut is_clicked = false;
    egui::Frame::new().fill(fill).inner_margin(egui::Margin::symmetric(16, 8)).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing = vec2(8.0, 4.0);
        let parts = [(title, measure::TEXT_LABEL, t.text), (detail, measure::TEXT_SMALL, t.muted)];
        for (words, size, colour) in parts.into_iter().filter(|(words, ..)| !words.is_empty()) {
            let galley = ui.painter().layout(words.to_owned(), theme::ui_font(size), colour, ui.available_width());
            let (rect, response) = ui.allocate_exact_size(galley.size(), Sense::hover());
            ui.painter().galley(rect.min, galley, colour);
            response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
        }
        if let Some(link) = link {
            is_clicked = ui.add(Button::link(link)).clicked();
        }
    });
    is_clicked
}

fn filter(ui: &mut Ui, panels: &Panels<'_>, session: &mut Session) {
    let name = panels.lang.texts().reply("filter");
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), measure::TOOLBAR), Sense::hover());
    let place = Rect::from_center_size(rect.center(), vec2(rect.width() - 24.0, measure::CONTROL));
    let field = Field::new(&mut session.replies.filter, name).hint(name).icon(icons::MAGNIFYING_GLASS);
    field.width(place.width()).show_at(ui, place);
}

/// Draws what to do without rules.
fn empty(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session) {
    let (t, texts) = (theme::tokens(ui), panels.lang.texts());
    if !session.talk.is_loaded() {
        return;
    }
    ui.add_space(20.0);
    let width = ui.available_width() - 32.0;
    for (words, colour) in [(texts.reply("empty"), t.text), (texts.reply("empty-how"), t.muted)] {
        let galley = ui.painter().layout(words.to_owned(), theme::ui_font(measure::TEXT_LABEL), colour, width);
        let (rect, response) = ui.allocate_exact_size(vec2(width + 32.0, galley.size().y + 8.0), Sense::hover());
        ui.painter().galley(rect.min + vec2(16.0, 0.0), galley, colour);
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
    }
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        ui.add_space(16.0);
        if ui.add(Button::link(texts.quick("open-file"))).clicked() {
            panels.actions.push(Action::Talk(TalkAction::Pick(session.id)));
        }
    });
    ui.add_space(8.0);
    let font = theme::medium(measure::TEXT_LABEL);
    let (rect, _) = ui.allocate_exact_size(vec2(width + 32.0, 28.0), Sense::hover());
    let at = pos2(rect.left() + 16.0, rect.center().y);
    paint::text(ui.painter(), at, paint::At::Left, texts.reply("presets"), font, t.text);
    for preset in Preset::ALL {
        ui.horizontal(|ui| {
            ui.add_space(16.0);
            if ui.add(Button::link(&preset_label(preset, panels.lang))).clicked() {
                panels.actions.push(Action::Reply(ReplyAction::Add(session.id, preset)));
            }
        });
    }
}

/// Whether the filter shows a rule.
fn fits(rule: &Listed, wanted: &str) -> bool {
    let mut pieces = rule.pattern.iter().chain(&rule.sends);
    wanted.is_empty()
        || rule.name.to_lowercase().contains(wanted)
        || pieces.any(|(text, _)| text.to_lowercase().contains(wanted))
}

/// Draws the rules, and moves one that is dropped between others.
fn rows(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session, rules: &[Listed]) {
    let t = theme::tokens(ui);
    let wanted = session.replies.filter.trim().to_lowercase();
    let mut places = Vec::new();
    let mut form = session.replies.form.take();
    for rule in rules.iter().filter(|rule| fits(rule, &wanted)).take(MOST_ROWS) {
        if let Some(form) = form.as_mut().filter(|form| form.entry == Some(rule.entry)) {
            editor::show(ui, panels, session, form);
            continue;
        }
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), measure::RULE_ROW), Sense::empty());
        places.push((rect, Place::After(rule.entry)));
        if !ui.is_rect_visible(rect) {
            continue;
        }
        let response = row::show(ui, panels, session, rules, rule, rect);
        paint::hairline_h(ui.painter(), rect.left() + row::NAME..=rect.right() - 12.0, rect.bottom() - 1.0, t.soft);
        if response.drag_started() {
            session.replies.dragged = Some(rule.entry);
        }
    }
    if let Some(form) = form.as_mut().filter(|form| form.entry.is_none()) {
        let is_first = form.wants_focus;
        let area = ui.scope(|ui| editor::show(ui, panels, session, form)).response;
        if is_first {
            area.scroll_to_me(Some(Align::Min));
        }
    }
    let has_form = form.is_some();
    session.replies.form = form;
    if places.is_empty() && !has_form {
        let words = panels.lang.texts().reply("none-found");
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), measure::RULE_ROW), Sense::hover());
        let font = theme::ui_font(measure::TEXT_LABEL);
        paint::text(ui.painter(), rect.center(), paint::At::Centre, words, font, t.muted);
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
    }
    drop(ui, panels, session, (&places, rules));
    ui.add_space(8.0);
}

/// While a rule is dragged, shows where it goes; moves it there when it is let go.
fn drop(ui: &Ui, panels: &mut Panels<'_>, session: &mut Session, (places, rules): (&[(Rect, Place)], &[Listed])) {
    let Some(entry) = session.replies.dragged else { return };
    let (pointer, is_down) = ui.input(|input| (input.pointer.interact_pos(), input.pointer.any_down()));
    let target = pointer.and_then(|at| target(places, at.y));
    if let Some((y, _)) = target.filter(|_| is_down) {
        let x = ui.max_rect().x_range();
        ui.painter().hline(x.min + 12.0..=x.max - 12.0, y, egui::Stroke::new(2.0, theme::tokens(ui).accent));
    }
    if is_down {
        return;
    }
    session.replies.dragged = None;
    let is_other = |to: &Place| !matches!(to, Place::Before(at) | Place::After(at) if *at == entry);
    if let Some((_, to)) = target.filter(|(_, to)| is_other(to)) {
        let name = rules.iter().find(|rule| rule.entry == entry).map(|rule| row::title(rule, panels.lang));
        let done = panels.lang.texts().quick_moved(&name.unwrap_or_default());
        let edits = vec![Edit::Move { entry, to }];
        panels.actions.push(Action::Talk(TalkAction::EditUndoable(session.id, edits, done)));
    }
}

fn foot(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session) {
    let (texts, id) = (panels.lang.texts(), session.id);
    if session.replies.form.is_some() {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 8.0;
            if ui.add(Button::primary(texts.quick("save"))).clicked() {
                panels.actions.push(Action::Reply(ReplyAction::Save(id)));
            }
            if ui.add(Button::plain(texts.quick("cancel"))).clicked() {
                panels.actions.push(Action::Reply(ReplyAction::Close(id)));
            }
        });
        return;
    }
    ui.spacing_mut().item_spacing.x = 4.0;
    let new = Button::ghost(texts.reply("new-short")).name(texts.reply("new")).icon(icons::PLUS);
    if ui.add_enabled(session.talk.is_loaded(), new).clicked() {
        panels.actions.push(Action::Reply(ReplyAction::New(id)));
    }
    let of_selection = Button::ghost(texts.reply("of-selection")).icon(icons::ARROW_ELBOW_DOWN_RIGHT);
    if ui.add_enabled(session.talk.is_loaded() && session.log.is_some(), of_selection).clicked() {
        panels.actions.push(Action::Reply(ReplyAction::OfSelection(id)));
    }
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        let more = ui.add(IconButton::new(icons::DOTS_THREE, texts.reply("more")));
        let popup = Popup::menu(&more).frame(popup_frame(theme::tokens(ui))).gap(4.0).width(280.0);
        popup.align(RectAlign::TOP_END).show(|ui| menu_rows(ui, |ui| more_rows(ui, panels, session)));
    });
}

/// A ready-made reply with the framing rule that it sets.
fn preset_label(preset: Preset, lang: Lang) -> String {
    let name = lang.texts().reply(preset.id());
    match preset.framing() {
        Some(framing) => lang.texts().preset_label(name, framing),
        None => name.to_owned(),
    }
}

/// Draws the menu of the list.
fn more_rows(ui: &mut Ui, panels: &mut Panels<'_>, session: &Session) {
    let (texts, id) = (panels.lang.texts(), session.id);
    let mut action = None;
    for preset in Preset::ALL {
        if ui.add_enabled(session.talk.is_loaded(), MenuItem::new(&preset_label(preset, panels.lang))).clicked() {
            action = Some(Action::Reply(ReplyAction::Add(id, preset)));
        }
    }
    menu_hairline(ui);
    action = menu::open_row(ui, panels.lang, session).or(action);
    action = menu::own_row(ui, panels.lang, session).or(action);
    if ui.add(MenuItem::new(texts.reply("read-again"))).clicked() {
        action = Some(Action::Reply(ReplyAction::ReadAgain(id)));
    }
    menu_hairline(ui);
    action = menu::file_rows(ui, panels.lang, session).or(action);
    panels.actions.extend(action);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gui::replies::list::rules;
    use crate::talk::edit::Document;

    #[test]
    fn the_filter_looks_at_names_patterns_and_sends() {
        let rules = rules(&Document::new("on 01 03 as Read { > \"Pong\" }\n".to_owned()));
        for (wanted, is_shown) in [("", true), ("read", true), ("01 03", true), ("pong", true), ("04", false)] {
            assert_eq!(fits(&rules[0], wanted), is_shown, "{wanted}");
        }
    }
}
