//! The toolbar above the log: find, quick filters, count, filter, follow, clear, more.

use crate::capture::items::KindFilter;
use crate::gui::action::{Action, CaptureAction, FileAction, HighlightAction, SessionAction, ViewAction};
use crate::gui::context::{Panels, within};
use crate::gui::files::state::FileTask;
use crate::gui::frame::places::{DockTab, DrawerTab};
use crate::gui::icons;
use crate::gui::keys::Command;
use crate::gui::sentences;
use crate::gui::session::Session;
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::{Button, IconButton, MenuItem, menu_hairline, paint, popup_frame, tooltip};
use crate::words::Text;
use egui::{Align, Layout, Popup, Rect, Response, Ui, pos2, vec2};
use std::ops::RangeInclusive;

/// Width of the count, fixed so that changing digits move nothing.
const COUNT_ROOM: f32 = 84.0;
/// Below this width the follow button has no label, and the clear button is in the menu.
const ROOMY: f32 = 640.0;
/// Minimum width of the search box beside the quick choices.
const FIND_LEAST: f32 = 184.0;
/// Width of the buttons at the right with labels.
const BUTTONS: f32 = 196.0;

/// Draws the toolbar into all of `ui`: search box and quick choices at the left, count and buttons at the right.
pub fn show(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session) {
    let t = theme::tokens(ui);
    let rect = ui.max_rect();
    paint::hairline_h(ui.painter(), rect.left()..=rect.right(), rect.bottom() - 1.0, t.line);
    let inner = rect.shrink2(vec2(measure::MARGIN, 0.0));
    let quick_width = crate::gui::filter::panel::quick_width(session, panels.lang);
    let has_quick = rect.width() >= FIND_LEAST + quick_width + COUNT_ROOM + BUTTONS + 4.0 * measure::GAP;
    let has_count = has_quick || rect.width() >= FIND_LEAST + COUNT_ROOM + BUTTONS + 2.0 * measure::GAP;
    let left = within(ui, inner, "buttons", Layout::right_to_left(Align::Center), |ui| {
        buttons(ui, panels, session, rect.width() >= ROOMY, !has_quick);
        ui.min_rect().left()
    });
    let mut room = Rect::from_min_max(inner.min, pos2(left - measure::GAP, inner.bottom()));
    if has_count {
        let (rest, count) = room.split_left_right_at_x(room.right() - COUNT_ROOM);
        room = rest.with_max_x(rest.right() - measure::GAP);
        records(ui, panels, session, count.left()..=count.right());
    }
    if has_quick {
        room = room.with_max_x(room.right() - quick_width - measure::GAP);
    }
    let end = within(ui, room, "find", Layout::left_to_right(Align::Center), |ui| {
        crate::gui::find::bar::show(ui, panels, session, room)
    });
    if has_quick {
        let quick = Rect::from_min_size(pos2(end + measure::GAP, inner.top()), vec2(quick_width, inner.height()));
        within(ui, quick, "quick", Layout::left_to_right(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = measure::GAP;
            crate::gui::filter::panel::quick(ui, panels, session);
        });
    }
}

/// Draws the number of records or frames.
fn records(ui: &mut Ui, panels: &Panels<'_>, session: &mut Session, room: RangeInclusive<f32>) {
    if session.log.is_none() || session.reader.is_none() {
        return;
    }
    let t = theme::tokens(ui);
    let sift = &session.sift;
    let (counts, shown) = sift.counts().unwrap_or_default();
    let bad = sift.verifies().then_some(counts.bad);
    let (mut short, mut whole) = match (sift.is_active(), sift.cuts()) {
        (false, _) => (panels.lang.texts().records(session.record_count()), None),
        (true, true) => (
            sentences::frames_short(counts.frames, bad, panels.lang),
            Some(sentences::cut_counts(&counts, sift.verifies(), panels.lang)),
        ),
        (true, false) => {
            let words = panels.lang.texts().data_count(counts.frames);
            (words.clone(), Some(words))
        }
    };
    if sift.filters() {
        whole = whole.map(|whole| panels.lang.texts().with_shown(&whole, shown));
        short = format!("{} / {short}", sentences::grouped(shown));
    }
    let whole = whole.unwrap_or_else(|| short.clone());
    let width = (room.end() - room.start()).max(0.0);
    let is_bad = bad.is_some_and(|bad| bad > 0);
    let colour = if is_bad { t.error } else { t.muted };
    let line = paint::elided(ui.painter(), &short, theme::ui_font(measure::TEXT_SMALL), colour, width);
    let said = line.size().x;
    let middle = ui.max_rect().center().y;
    // A few characters would be meaningless.
    if width >= 40.0 || !line.elided {
        paint::put(ui.painter(), pos2(*room.end(), middle), paint::At::Right, measure::TEXT_SMALL, line, colour);
    }
    let place = Rect::from_center_size(pos2(room.end() - said / 2.0, middle), vec2(said.max(1.0), measure::CONTROL));
    if !is_bad {
        let response = ui.interact(place, ui.scope_id().with("count"), egui::Sense::hover());
        response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::Label, true, whole.as_str()));
        tooltip(response, &whole, None);
        return;
    }
    // A click shows only the bad frames, the next click all frames.
    let kind = &mut session.sift.form.typed.kind;
    let response = ui.interact(place, ui.scope_id().with("count"), egui::Sense::click());
    let (only, name) = (*kind == KindFilter::BadChecks, panels.text(Text::OnlyBad));
    response.widget_info(|| egui::WidgetInfo::selected(egui::accesskit::Role::Button, true, only, &whole));
    if response.has_focus() {
        paint::focus_ring_inside(ui.painter(), place, measure::RADIUS_CHECK, t);
    }
    if response.clicked() {
        *kind = if only { KindFilter::All } else { KindFilter::BadChecks };
        ui.ctx().request_repaint();
    }
    tooltip(response, &format!("{whole}\n{name}"), None);
}

/// Draws the buttons from the right. `roomy`: with labels, and with all buttons.
fn buttons(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session, roomy: bool, filter_with_quick: bool) {
    ui.spacing_mut().item_spacing.x = 4.0;
    dock_button(ui, panels, session);
    let more = ui.add(IconButton::new(icons::DOTS_THREE, panels.text(Text::More)));
    menu(&more, |ui| more_menu(ui, panels, session, !roomy));
    if roomy {
        let clear = IconButton::new(icons::TRASH, panels.text(Text::ClearView)).hint(panels.text(Text::ClearViewHint));
        if ui.add(clear.shortcut(panels.key(Command::Clear))).clicked() {
            panels.actions.push(Action::View(ViewAction::Clear(session.id)));
        }
    }
    if let Some(log) = &mut session.log {
        let follows = log.follows();
        let (name, icon) = (panels.text(Text::Follow), icons::ARROW_LINE_DOWN);
        let follow = if roomy {
            ui.add(Button::ghost(name).icon(icon).on(follows))
        } else {
            ui.add(IconButton::new(icon, name).on(follows))
        };
        if follow.clicked() {
            log.set_follow(!follows);
        }
    }
    crate::gui::filter::panel::button(ui, panels, session, filter_with_quick);
}

fn dock_button(ui: &mut Ui, panels: &mut Panels<'_>, session: &Session) {
    if session.log.is_none() || session.places.dock().is_some() {
        return;
    }
    let button = IconButton::new(icons::SIDEBAR, panels.text(Text::Dock)).shortcut(panels.key(Command::Dock));
    if ui.add(button).clicked() {
        panels.actions.push(Action::View(ViewAction::ToggleDock(session.id)));
    }
}

fn menu(button: &Response, rows: impl FnOnce(&mut Ui)) {
    let frame = popup_frame(theme::tokens_of(&button.ctx));
    Popup::menu(button).frame(frame).gap(2.0).width(208.0).show(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        rows(ui);
    });
}

fn more_menu(ui: &mut Ui, panels: &mut Panels<'_>, session: &Session, with_clear: bool) {
    let id = session.id;
    let places = [
        (Text::Inspector, Command::Inspect, Action::View(ViewAction::ShowDock(id, DockTab::Inspect))),
        (Text::HitList, Command::HitList, Action::View(ViewAction::ToggleHits(id))),
        (Text::Timing, Command::Plots, Action::View(ViewAction::ShowDrawer(id, DrawerTab::Plots))),
    ];
    for (name, command, action) in places {
        let row = MenuItem::new(panels.text(name)).shortcut(panels.key(command));
        if ui.add_enabled(session.log.is_some(), row).clicked() {
            panels.actions.push(action);
        }
    }
    menu_hairline(ui);
    for (text, task, command) in [
        (Text::SaveReceived, FileTask::SaveReceived, Command::SaveReceived),
        (Text::SaveLog, FileTask::SaveLog, Command::SaveLog),
        (Text::Export, FileTask::Export, Command::Export),
    ] {
        let row = MenuItem::new(panels.text(text)).shortcut(panels.key(command));
        if ui.add_enabled(session.reader.is_some(), row).clicked() {
            panels.actions.push(Action::File(FileAction::Show(session.id, task)));
        }
    }
    if ui.add_enabled(session.reader.is_some(), MenuItem::new(panels.text(Text::CopyAll))).clicked() {
        panels.actions.push(Action::View(ViewAction::CopyAll(session.id)));
    }
    menu_hairline(ui);
    if with_clear && ui.add(MenuItem::new(panels.text(Text::ClearView)).shortcut(panels.key(Command::Clear))).clicked()
    {
        panels.actions.push(Action::View(ViewAction::Clear(session.id)));
    }
    if ui.add(MenuItem::new(panels.text(Text::ShowAll))).clicked() {
        panels.actions.push(Action::View(ViewAction::ShowAll(session.id)));
    }
    if ui.add(MenuItem::new(panels.text(Text::HighlightRules))).clicked() {
        panels.actions.push(Action::Highlight(HighlightAction::Open(session.id)));
    }
    menu_hairline(ui);
    if ui.add_enabled(session.archive.is_none(), MenuItem::new(panels.text(Text::ResetCounts))).clicked() {
        panels.actions.push(Action::Session(SessionAction::ResetCounts(session.id)));
    }
    if ui.add(MenuItem::new(panels.text(Text::OpenCaptures))).clicked() {
        panels.actions.push(Action::Capture(CaptureAction::ShowPage));
    }
}
