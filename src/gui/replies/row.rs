//! A reply rule in the dock: its switch, its name, when it acts and what it sends, and how often it has acted.

use crate::gui::action::{Action, ReplyAction, TalkAction, ViewAction};
use crate::gui::context::Panels;
use crate::gui::icons;
use crate::gui::quick::row::neighbours;
use crate::gui::replies::list::{Listed, Occasion};
use crate::gui::session::Session;
use crate::gui::theme;
use crate::gui::theme::{Tokens, measure};
use crate::gui::widgets::{self, IconButton, MenuItem, Switch, menu_hairline, menu_rows, paint, popup_frame};
use crate::talk::edit::{Edit, Place};
use crate::talk::tree::ServeKind;
use crate::words::Lang;
use egui::accesskit::Role;
use egui::{Key, Popup, Rect, Response, Sense, Ui, WidgetInfo, pos2, vec2};

/// Left edge of the name.
pub const NAME: f32 = 52.0;
/// Left edge of the switch.
pub const SWITCH: f32 = 16.0;
/// Size of a button.
const BUTTON: f32 = 24.0;

/// Draws a rule into `rect`. Returns the response of the row.
pub fn show(
    ui: &mut Ui,
    panels: &mut Panels<'_>,
    session: &Session,
    list: &[Listed],
    rule: &Listed,
    rect: Rect,
) -> Response {
    let t = theme::tokens(ui);
    let id = ui.scope_id().with(("rule", rule.entry));
    let response = ui.interact(rect, id, Sense::click_and_drag());
    let (switch, more) = (id.with("switch"), id.with("more"));
    let has_focus = ui.memory(|memory| memory.focused().is_some_and(|focused| [id, switch, more].contains(&focused)));
    let place = Rect::from_min_size(pos2(rect.right() - 8.0 - BUTTON, rect.top() + 8.0), vec2(BUTTON, BUTTON));
    let is_open = Popup::is_id_open(ui.ctx(), Popup::default_response_id(&ui.interact(place, more, Sense::click())));
    let is_active = response.contains_pointer() || has_focus || is_open;
    if is_active {
        ui.painter().rect_filled(rect.shrink2(vec2(6.0, 1.0)), measure::RADIUS, t.hover);
    }
    if response.has_focus() {
        paint::focus_ring_inside(ui.painter(), rect.shrink2(vec2(6.0, 1.0)), measure::RADIUS, t);
    }
    let texts = panels.lang.texts();
    let hits = hits(session, rule);
    let title = title(rule, panels.lang);
    lines(
        ui,
        rule,
        &title,
        (rect, if is_active { place.left() } else { rect.right() - 12.0 }),
        (hits.map(|hits| texts.rule_hits(hits)), panels.lang),
    );
    let sentence = sentence(rule, panels.lang);
    let said = hits.map(|hits| format!(" · {}", texts.rule_hits(hits))).unwrap_or_default();
    let off = if rule.is_off { format!(" · {}", texts.reply("is-off")) } else { String::new() };
    response.widget_info(|| WidgetInfo::labeled(Role::ListItem, true, format!("{title} · {sentence}{said}{off}")));
    if rule.place.is_some() {
        let at = pos2(rect.left() + SWITCH, rect.top() + 20.0);
        if Switch::new(!rule.is_off, &texts.enable_rule(&title)).at(ui, at, switch).clicked() {
            panels.actions.push(set_off(session, rule, !rule.is_off));
        }
    } else {
        paint::icon(
            ui.painter(),
            pos2(rect.left() + 30.0, rect.top() + 20.0),
            icons::TABLE,
            measure::ICON_ROW,
            t.muted,
        );
    }
    let name = texts.more_quick(&title);
    let button = if is_active {
        IconButton::new(icons::DOTS_THREE, &name).icon_size(measure::ICON_ROW).colour(t.muted).at(ui, place, more)
    } else {
        let button = ui.interact(place, more, Sense::click());
        button.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
        button
    };
    let frame = popup_frame(t);
    Popup::menu(&button).frame(frame).gap(2.0).width(200.0).show(|ui| {
        menu_rows(ui, |ui| menu_items(ui, panels, session, list, rule));
    });
    widgets::context_menu(&response, rect.left_bottom() + vec2(NAME, 0.0)).frame(frame).width(200.0).show(|ui| {
        menu_rows(ui, |ui| menu_items(ui, panels, session, list, rule));
    });
    keys(ui, panels, session, list, rule, &response);
    if response.clicked() {
        panels.actions.push(Action::Reply(ReplyAction::Edit(session.id, rule.entry)));
    }
    response
}

/// How often a rule has acted; `None`: it is not counted.
fn hits(session: &Session, rule: &Listed) -> Option<u64> {
    Some(session.replies.hits.get(rule.place?).copied().unwrap_or(0))
}

/// The name of a rule, or when it acts.
pub fn title(rule: &Listed, lang: Lang) -> String {
    if rule.name.is_empty() { occasion(rule, lang) } else { rule.name.clone() }
}

fn shown(pieces: &[(String, bool)]) -> String {
    pieces.iter().map(|(text, _)| text.as_str()).collect()
}

/// When a rule acts, in words.
fn occasion(rule: &Listed, lang: Lang) -> String {
    let texts = lang.texts();
    match &rule.occasion {
        Occasion::Frame => texts.rule_on(&shown(&rule.pattern)),
        Occasion::Open => texts.reply("on-open").to_owned(),
        Occasion::Close => texts.reply("on-close").to_owned(),
        Occasion::Idle(time) => texts.rule_on_idle(time),
        Occasion::Every(time) => texts.rule_on_every(time),
        Occasion::Registers(ServeKind::ModbusTcp) => texts.reply("modbus-tcp").to_owned(),
        Occasion::Registers(_) => texts.reply("modbus-rtu").to_owned(),
    }
}

/// What a rule does, in words.
fn acts(rule: &Listed, lang: Lang) -> String {
    let texts = lang.texts();
    let ends = rule.ends.map(|how| texts.rule_ends(how).to_owned());
    let more = (rule.more > 0).then(|| format!("+{}", rule.more));
    let parts = [Some(shown(&rule.sends)).filter(|sends| !sends.is_empty()), more, ends];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// The second line of a rule as a text.
fn sentence(rule: &Listed, lang: Lang) -> String {
    match rule.occasion {
        Occasion::Registers(_) => shown(&rule.pattern),
        Occasion::Frame => format!("{} → {}", shown(&rule.pattern), acts(rule, lang)),
        _ => format!("{} → {}", occasion(rule, lang), acts(rule, lang)),
    }
}

/// Draws name, hits, and the second line.
fn lines(ui: &Ui, rule: &Listed, title: &str, (rect, right): (Rect, f32), (hits, lang): (Option<String>, Lang)) {
    let (t, painter) = (theme::tokens(ui), ui.painter());
    let (upper, lower) = (rect.top() + 20.0, rect.top() + 39.0);
    let font = theme::ui_font(measure::TEXT_SMALL);
    let mut end = right;
    if let Some(hits) = hits {
        end = paint::text(painter, pos2(right - 4.0, upper), paint::At::Right, &hits, font, t.muted).left();
    }
    let colour = if rule.is_off { t.muted } else { t.text };
    let at = pos2(rect.left() + NAME, upper);
    paint::text_elided(painter, at, title, theme::ui_font(measure::TEXT_LABEL), colour, end - 8.0 - at.x);
    let mut x = rect.left() + NAME;
    let end = rect.right() - 12.0;
    let plain = |text: String| vec![(text, false)];
    // What the first line says already is not repeated.
    let (left, arrow) = match rule.occasion {
        Occasion::Registers(_) => (rule.pattern.clone(), Vec::new()),
        _ if rule.name.is_empty() => (Vec::new(), plain("→ ".to_owned())),
        Occasion::Frame => (rule.pattern.clone(), plain(" → ".to_owned())),
        _ => (plain(occasion(rule, lang)), plain(" → ".to_owned())),
    };
    let more = if rule.more > 0 { format!(" +{}", rule.more) } else { String::new() };
    let space = if rule.sends.is_empty() { "" } else { " " };
    let ends = rule.ends.map(|how| format!("{space}{}", lang.texts().rule_ends(how))).unwrap_or_default();
    let parts = [(left, false), (arrow, true), (rule.sends.clone(), false), (plain(more), true), (plain(ends), true)];
    for (pieces, is_muted) in parts {
        x = draw_pieces(ui, &pieces, (x, lower), end, (t, rule.is_off || is_muted));
    }
}

/// Draws pieces as far as they fit, the variables tinted. Returns where they end.
fn draw_pieces(
    ui: &Ui,
    pieces: &[(String, bool)],
    (mut x, y): (f32, f32),
    end: f32,
    (t, is_muted): (&Tokens, bool),
) -> f32 {
    let font = theme::mono(measure::TEXT_SMALL + 1.0);
    for (text, is_variable) in pieces {
        if x >= end || text.is_empty() {
            continue;
        }
        // More does not fit anyway.
        let text: String =
            text.chars().take(120).map(|c| if crate::codec::safe::is_hidden(c) { ' ' } else { c }).collect();
        let colour = match (is_muted, is_variable) {
            (true, _) => t.muted,
            (false, true) => t.variable,
            (false, false) => t.text,
        };
        let galley = paint::elided(ui.painter(), &text, font.clone(), colour, (end - x).max(1.0));
        let place = Rect::from_min_size(pos2(x, y - 9.0), vec2(galley.size().x, 18.0));
        if *is_variable && !is_muted {
            ui.painter().rect_filled(place.expand2(vec2(1.0, 0.0)), measure::RADIUS_BYTES, t.variable_ground);
        }
        let is_cut = galley.elided;
        paint::put(ui.painter(), pos2(x, y), paint::At::Left, measure::TEXT_SMALL + 1.0, galley, colour);
        x = place.right();
        if is_cut {
            return end;
        }
    }
    x
}

fn set_off(session: &Session, rule: &Listed, off: bool) -> Action {
    Action::Talk(TalkAction::Edit(session.id, vec![Edit::SetOff { entry: rule.entry, off }]))
}

fn deletion(panels: &Panels<'_>, session: &Session, rule: &Listed) -> Action {
    let done = panels.lang.texts().quick_deleted(&title(rule, panels.lang));
    Action::Talk(TalkAction::EditUndoable(session.id, vec![Edit::Delete { entry: rule.entry }], done))
}

/// Moves a rule before or behind another one.
fn moved(session: &Session, entry: usize, to: Place) -> Action {
    Action::Talk(TalkAction::Edit(session.id, vec![Edit::Move { entry, to }]))
}

fn menu_items(ui: &mut Ui, panels: &mut Panels<'_>, session: &Session, list: &[Listed], rule: &Listed) {
    let (texts, id, entry) = (panels.lang.texts(), session.id, rule.entry);
    let document = session.talk.document();
    let lines = document.entries().get(entry).map(|of| of.lines.of(document.source())).unwrap_or_default();
    let mut action = None;
    if ui.add(MenuItem::new(texts.quick("edit")).shortcut("F2")).clicked() {
        action = Some(Action::Reply(ReplyAction::Edit(id, entry)));
    }
    if rule.place.is_some() && ui.add(MenuItem::new(texts.quick("duplicate"))).clicked() {
        let edit = Edit::Insert { at: Place::After(entry), lines: copied(lines, &rule.name) };
        action = Some(Action::Talk(TalkAction::Edit(id, vec![edit])));
    }
    if ui.add(MenuItem::new(texts.quick("copy"))).clicked() {
        action = Some(Action::View(ViewAction::CopyText(lines.to_owned())));
    }
    if rule.place.is_none() && ui.add(MenuItem::new(texts.reply("read-again"))).clicked() {
        action = Some(Action::Reply(ReplyAction::ReadAgain(id)));
    }
    menu_hairline(ui);
    let order: Vec<usize> = list.iter().map(|rule| rule.entry).collect();
    let (up, down) = neighbours(&order, entry);
    if ui.add_enabled(up.is_some(), MenuItem::new(texts.quick("up")).shortcut("Alt+Up")).clicked() {
        action = up.map(|before| moved(session, entry, Place::Before(before)));
    }
    if ui.add_enabled(down.is_some(), MenuItem::new(texts.quick("down")).shortcut("Alt+Down")).clicked() {
        action = down.map(|after| moved(session, entry, Place::After(after)));
    }
    menu_hairline(ui);
    if rule.place.is_some() {
        let words = texts.reply(if rule.is_off { "rule-on" } else { "rule-off" });
        if ui.add(MenuItem::new(words)).clicked() {
            action = Some(set_off(session, rule, !rule.is_off));
        }
    }
    if ui.add(MenuItem::new(texts.quick("delete")).shortcut("Del").danger()).clicked() {
        action = Some(deletion(panels, session, rule));
    }
    panels.actions.extend(action);
}

/// The lines of a rule for a second one. Its name would stand twice in the file.
fn copied(lines: &str, name: &str) -> String {
    if name.is_empty() { lines.to_owned() } else { lines.replacen(&format!(" as {name} "), " ", 1) }
}

/// Enter and F2 edit the focused rule, Delete removes it, Alt with an arrow moves it.
fn keys(ui: &Ui, panels: &mut Panels<'_>, session: &Session, list: &[Listed], rule: &Listed, response: &Response) {
    if !response.has_focus() {
        return;
    }
    let (id, entry) = (session.id, rule.entry);
    let pressed = |modifiers, key| ui.input_mut(|input| input.consume_key(modifiers, key));
    let order: Vec<usize> = list.iter().map(|rule| rule.entry).collect();
    let (up, down) = neighbours(&order, entry);
    let none = egui::Modifiers::NONE;
    let action = if pressed(none, Key::Enter) || pressed(none, Key::F2) {
        Some(Action::Reply(ReplyAction::Edit(id, entry)))
    } else if rule.place.is_some() && pressed(none, Key::Space) {
        Some(set_off(session, rule, !rule.is_off))
    } else if pressed(none, Key::Delete) {
        Some(deletion(panels, session, rule))
    } else if pressed(egui::Modifiers::ALT, Key::ArrowUp) {
        up.map(|before| moved(session, entry, Place::Before(before)))
    } else if pressed(egui::Modifiers::ALT, Key::ArrowDown) {
        down.map(|after| moved(session, entry, Place::After(after)))
    } else {
        None
    };
    panels.actions.extend(action);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_copy_of_a_rule_has_no_name() {
        assert_eq!(copied("on 01 as read { > 02 }\n", "read"), "on 01 { > 02 }\n");
        assert_eq!(copied("on \"as read\" limit 2 as read { > 02 }\n", "read"), "on \"as read\" limit 2 { > 02 }\n");
        assert_eq!(copied("on 01 { > 02 }\n", ""), "on 01 { > 02 }\n");
    }
}
