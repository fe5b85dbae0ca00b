//! The toolbar above the log: find, quick filters, count, filter, follow, clear, more.

use crate::capture::items::KindFilter;
use crate::gui::action::{Action, CaptureAction, FileAction, HighlightAction, SessionAction, ViewAction};
use crate::gui::context::{Panels, within};
use crate::gui::files;
use crate::gui::files::form::{Anchor, FileTask};
use crate::gui::frame::places::{DockTab, DrawerTab};
use crate::gui::icons;
use crate::gui::keys::Command;
use crate::gui::sentences;
use crate::gui::session::Session;
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::{Button, IconButton, MenuItem, Side, menu_hairline, menu_rows, paint, popup_frame, tooltip};
use crate::words::Text;
use egui::{Align, Layout, Popup, Rect, Response, Ui, pos2, vec2};
use std::ops::RangeInclusive;

/// Width of the count, fixed so that changing digits move nothing.
const COUNT_ROOM: f32 = 84.0;
/// Below this width the clear button is in the menu.
const ROOMY: f32 = 640.0;
/// Minimum width of the search box. Where less is left, a search gets the width of the buttons.
const FIND_LEAST: f32 = 200.0;
/// Minimum width of the search box beside a follow button with a label.
const FIND_BESIDE_WORDS: f32 = 216.0;
/// Width that a label adds to the follow button, besides the label itself.
const FOLLOW_PADDING: f32 = 20.0;
/// Distance between two buttons.
const BUTTON_GAP: f32 = 4.0;

/// What fits into the toolbar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Fit {
    /// The label of the follow button.
    words: bool,
    /// The quick choices; otherwise the filter's popover has them.
    quick: bool,
    /// The number of records or frames.
    count: bool,
    /// The clear button; otherwise the menu has it.
    clear: bool,
    /// The buttons other than the menu.
    buttons: bool,
}

/// Returns what fits into `width`. The label of the follow button goes first, then the quick choices, then the count.
fn fit(width: f32, (words, quick): (f32, f32), has_dock: bool, is_finding: bool) -> Fit {
    let clear = width >= ROOMY;
    let icons = 3.0 + f32::from(u8::from(clear)) + f32::from(u8::from(has_dock));
    let buttons = icons * (measure::CONTROL + BUTTON_GAP) - BUTTON_GAP;
    let bare = width - 2.0 * measure::MARGIN - buttons - measure::GAP;
    let room = |with_words: bool, with_quick: bool, with_count: bool| {
        let take = |is_there: bool, width: f32| if is_there { width } else { 0.0 };
        bare - take(with_words, words)
            - take(with_quick, quick + measure::GAP)
            - take(with_count, COUNT_ROOM + measure::GAP)
    };
    for (words, quick, count) in
        [(true, true, true), (false, true, true), (true, false, true), (false, false, true), (false, false, false)]
    {
        if room(words, quick, count) >= if words { FIND_BESIDE_WORDS } else { FIND_LEAST } {
            return Fit { words, quick, count, clear, buttons: true };
        }
    }
    Fit { words: false, quick: false, count: false, clear, buttons: !is_finding }
}

/// Draws the toolbar into all of `ui`: search box and quick choices at the left, count and buttons at the right.
pub fn show(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session) {
    let t = theme::tokens(ui);
    let rect = ui.max_rect();
    paint::hairline_h(ui.painter(), rect.left()..=rect.right(), rect.bottom() - 1.0, t.line);
    let inner = rect.shrink2(vec2(measure::MARGIN, 0.0));
    let quick_width = crate::gui::filter::panel::quick_width(session, panels.lang);
    let words = paint::line(ui.painter(), panels.text(Text::Follow), theme::ui_font(measure::TEXT_LABEL), t.text);
    let widths = (words.size().x + FOLLOW_PADDING, quick_width);
    let fit = fit(rect.width(), widths, has_dock_button(session), session.find.is_in_use());
    let left = within(ui, inner, "buttons", Layout::right_to_left(Align::Center), |ui| {
        buttons(ui, panels, session, fit);
        ui.min_rect().left()
    });
    let mut room = Rect::from_min_max(inner.min, pos2(left - measure::GAP, inner.bottom()));
    if fit.count {
        let (rest, count) = room.split_left_right_at_x(room.right() - COUNT_ROOM);
        room = rest.with_max_x(rest.right() - measure::GAP);
        records(ui, panels, session, count.left()..=count.right());
    }
    if fit.quick {
        room = room.with_max_x(room.right() - quick_width - measure::GAP);
    }
    let end = within(ui, room, "find", Layout::left_to_right(Align::Center), |ui| {
        crate::gui::find::bar::show(ui, panels, session, room)
    });
    if fit.quick {
        let quick = Rect::from_min_size(pos2(end + measure::GAP, inner.top()), vec2(quick_width, inner.height()));
        within(ui, quick, "quick", Layout::left_to_right(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = measure::GAP;
            crate::gui::filter::panel::quick(ui, panels, session);
        });
    }
}

/// Draws the number of records or frames.
fn records(ui: &mut Ui, panels: &Panels<'_>, session: &mut Session, room: RangeInclusive<f32>) {
    if session.reader().is_none() {
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

/// Draws the buttons from the right.
fn buttons(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session, fit: Fit) {
    ui.spacing_mut().item_spacing.x = BUTTON_GAP;
    if fit.buttons {
        dock_button(ui, panels, session);
    }
    let more = ui.add(IconButton::new(icons::DOTS_THREE, panels.text(Text::More)));
    menu(&more, |ui| more_menu(ui, panels, session, !fit.clear));
    files::popover::show(panels, session, &more, Anchor::Toolbar, Side::Below);
    if !fit.buttons {
        return;
    }
    if fit.clear {
        let clear = IconButton::new(icons::TRASH, panels.text(Text::ClearView)).hint(panels.text(Text::ClearViewHint));
        if ui.add(clear.shortcut(panels.key(Command::Clear))).clicked() {
            panels.actions.push(Action::View(ViewAction::Clear(session.id)));
        }
    }
    if let Some(log) = &mut session.log {
        let follows = log.follows();
        let (name, icon) = (panels.text(Text::Follow), icons::ARROW_LINE_DOWN);
        let follow = if fit.words {
            ui.add(Button::ghost(name).icon(icon).on(follows))
        } else {
            ui.add(IconButton::new(icon, name).on(follows))
        };
        if follow.clicked() {
            log.set_follow(!follows);
        }
    }
    crate::gui::filter::panel::button(ui, panels, session, !fit.quick);
}

fn has_dock_button(session: &Session) -> bool {
    session.log.is_some() && session.places.dock().is_none()
}

fn dock_button(ui: &mut Ui, panels: &mut Panels<'_>, session: &Session) {
    if !has_dock_button(session) {
        return;
    }
    let button = IconButton::new(icons::SIDEBAR, panels.text(Text::Dock)).shortcut(panels.key(Command::Dock));
    if ui.add(button).clicked() {
        panels.actions.push(Action::View(ViewAction::ToggleDock(session.id)));
    }
}

fn menu(button: &Response, rows: impl FnOnce(&mut Ui)) {
    let frame = popup_frame(theme::tokens_of(&button.ctx));
    Popup::menu(button).frame(frame).gap(2.0).width(208.0).show(|ui| menu_rows(ui, rows));
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
        if ui.add_enabled(session.reader().is_some(), row).clicked() {
            panels.actions.push(Action::File(FileAction::Show(session.id, task)));
        }
    }
    if ui.add_enabled(session.reader().is_some(), MenuItem::new(panels.text(Text::CopyAll))).clicked() {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Widths of the words to follow and of the quick choices, as in Chinese.
    const ZH: (f32, f32) = (46.0, 276.0);

    #[test]
    fn a_pane_of_the_small_window_has_the_quick_choices() {
        let small = fit(768.0, ZH, true, false);
        assert!(small.quick && small.count && small.clear, "{small:?}");
        assert!(!fit(768.0, ZH, true, true).words);
        assert!(fit(1008.0, ZH, true, false).words);
        // English words are longer: the hint of the search box would be cut.
        assert!(!fit(768.0, (60.0, 306.0), true, false).quick);
    }

    #[test]
    fn the_search_box_gets_the_room_of_the_buttons_where_there_is_no_other() {
        let narrow = fit(256.0, ZH, true, false);
        assert_eq!((narrow.quick, narrow.count, narrow.buttons), (false, false, true));
        assert!(!fit(256.0, ZH, true, true).buttons);
        assert!(fit(400.0, ZH, true, true).buttons);
    }
}
