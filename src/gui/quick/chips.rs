//! The quick commands as chips below the send box. What does not fit is in a menu.

use crate::gui::action::{Action, QuickAction, ViewAction};
use crate::gui::context::Panels;
use crate::gui::frame::places::DockTab;
use crate::gui::icons;
use crate::gui::quick::list::{Quick, commands};
use crate::gui::session::Session;
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::{IconButton, MenuItem, menu_hairline, menu_rows, paint, popup_frame, tooltip};
use egui::accesskit::Role;
use egui::{Color32, Popup, Rect, RectAlign, Sense, Ui, WidgetInfo, pos2, vec2};

/// Chips at most; the others are in the menu.
const MOST: usize = 9;
/// Longest name in a chip, in points.
const NAME: f32 = 132.0;
const HEIGHT: f32 = 26.0;

/// Height of the chips; 0 without commands.
pub fn height(session: &mut Session) -> f32 {
    let groups = session.quick.groups(&session.talk);
    if session.archive.is_some() || commands(&groups).next().is_none() { 0.0 } else { measure::CHIPS }
}

/// Draws the chips into all of `ui`.
pub fn show(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session) {
    let groups = session.quick.groups(&session.talk);
    let all: Vec<&Quick> = commands(&groups).collect();
    let rect = ui.max_rect();
    let y = rect.top() + HEIGHT / 2.0 - 6.0;
    let (mut x, right) = (rect.left(), rect.right() - 2.0 * measure::CONTROL);
    let mut shown = 0;
    for quick in all.iter().take(MOST) {
        match chip(ui, panels, session, quick, (x, y), right) {
            Some(end) => x = end + 8.0,
            None => break,
        }
        shown += 1;
    }
    if shown < all.len() {
        let place = Rect::from_center_size(pos2(x + 14.0, y), vec2(measure::CONTROL, HEIGHT));
        let name = panels.lang.texts().quick_others(all.len() - shown);
        let more = IconButton::new(icons::DOTS_THREE, &name).at(ui, place, ui.scope_id().with("others"));
        let popup = Popup::menu(&more).frame(popup_frame(theme::tokens(ui))).gap(4.0).width(220.0);
        popup.align(RectAlign::TOP_START).show(|ui| menu_rows(ui, |ui| others(ui, panels, session, &all[shown..])));
        x = place.right() + 4.0;
    }
    let place = Rect::from_center_size(pos2(x + 14.0, y), vec2(measure::CONTROL, HEIGHT));
    let add = IconButton::new(icons::PLUS, panels.lang.texts().quick("add-name"));
    if add.at(ui, place, ui.scope_id().with("add")).clicked() {
        panels.actions.push(Action::Quick(QuickAction::KeepBox(session.id)));
    }
}

/// Draws a chip at `at`, its left edge and middle. Returns its right edge; `None`: it does not fit.
fn chip(
    ui: &Ui,
    panels: &mut Panels<'_>,
    session: &Session,
    quick: &Quick,
    (x, y): (f32, f32),
    right: f32,
) -> Option<f32> {
    let t = theme::tokens(ui);
    let name =
        paint::elided(ui.painter(), &quick.name, theme::ui_font(measure::TEXT_LABEL), Color32::PLACEHOLDER, NAME);
    let key = paint::line(ui.painter(), quick.key.as_str(), theme::ui_font(measure::TEXT_SMALL), Color32::PLACEHOLDER);
    let key_width = if quick.key.is_empty() { 0.0 } else { key.size().x + 6.0 };
    let width = 8.0 + measure::ICON_ROW + 6.0 + name.size().x + key_width + 8.0;
    if x + width > right {
        return None;
    }
    let rect = Rect::from_min_size(pos2(x, y - HEIGHT / 2.0), vec2(width, HEIGHT));
    let response = ui.interact(rect, ui.scope_id().with(("chip", quick.entry)), Sense::click());
    let runs = session.quick.runs(&quick.name);
    if response.hovered() || response.is_pointer_button_down_on() {
        let fill = if response.is_pointer_button_down_on() { t.toggle_on } else { t.hover };
        ui.painter().rect_filled(rect, measure::RADIUS, fill);
    }
    let colour = if response.hovered() || runs { t.text } else { t.muted };
    let (icon, icon_colour) = if runs { (icons::STOP, t.accent) } else { (icons::LIGHTNING, t.muted) };
    paint::icon(ui.painter(), pos2(x + 8.0 + measure::ICON_ROW / 2.0, y), icon, measure::ICON_ROW, icon_colour);
    let left = x + 14.0 + measure::ICON_ROW;
    let end = paint::put(ui.painter(), pos2(left, y), paint::At::Left, measure::TEXT_LABEL, name, colour).right();
    paint::put(ui.painter(), pos2(end + 6.0, y), paint::At::Left, measure::TEXT_SMALL, key, t.faint);
    if response.has_focus() {
        paint::focus_ring_inside(ui.painter(), rect, measure::RADIUS, t);
    }
    let texts = panels.lang.texts();
    let spoken = if runs { texts.stop_quick(&quick.name) } else { texts.run_quick(&quick.name) };
    // The row in the dock has this name, too, so a chip says which key it has.
    let spoken = format!("{spoken} {}", quick.key).trim_end().to_owned();
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &spoken));
    if response.clicked() {
        panels.actions.push(Action::Quick(click(session, quick)));
    }
    let sends: String = quick.sends.iter().map(|(text, _)| text.as_str()).collect();
    tooltip(
        response,
        sends.chars().take(200).collect::<String>().trim(),
        Some(&quick.key).filter(|key| !key.is_empty()).map(String::as_str),
    );
    Some(rect.right())
}

/// A click stops a command that runs, and runs any other.
fn click(session: &Session, quick: &Quick) -> QuickAction {
    match session.quick.runs(&quick.name) {
        true => QuickAction::Stop(session.id, Some(quick.name.clone())),
        false => QuickAction::Run(session.id, vec![quick.entry], false),
    }
}

/// Draws the menu of the commands that do not fit.
fn others(ui: &mut Ui, panels: &mut Panels<'_>, session: &Session, left_out: &[&Quick]) {
    for quick in left_out.iter().take(100) {
        if ui.add(MenuItem::new(&quick.name).shortcut(&quick.key).icon(icons::LIGHTNING)).clicked() {
            panels.actions.push(Action::Quick(click(session, quick)));
        }
    }
    menu_hairline(ui);
    if ui.add(MenuItem::new(panels.lang.texts().command("quick-commands"))).clicked() {
        panels.actions.push(Action::View(ViewAction::ShowDock(session.id, DockTab::Sends)));
    }
}
