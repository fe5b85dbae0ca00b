//! The lists of the start page: recent connections with pins, and recent captures.

use crate::capture::CaptureInfo;
use crate::gui::action::{Action, CaptureAction, StartAction};
use crate::gui::context::{Panels, within};
use crate::gui::framing::choice::RuleRows;
use crate::gui::session::Session;
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::{self, Button, IconButton, MenuItem, menu_rows, paint, popup_frame};
use crate::gui::{icons, sentences};
use crate::settings::Recent;
use crate::words;
use crate::words::Text;
use egui::accesskit::Role;
use egui::{Align, FontId, Layout, Popup, Rect, Response, Sense, Ui, WidgetInfo, pos2, vec2};

/// Rows that are shown of a list at first.
const SHOWN: usize = 5;
/// Width of the list of captures.
const CAPTURES: f32 = 224.0;
const GAP: f32 = 32.0;
const HEAD: f32 = 36.0;

/// How many rows high both lists are together; `beside`: they are beside each other.
pub fn rows(panels: &Panels<'_>, session: &Session, beside: bool) -> usize {
    let recents = shown_recents(panels, session);
    // The link to read a log in is a row too.
    let captures = panels.recent.len().min(SHOWN) + 1;
    if beside { recents.max(captures) } else { recents + captures + 2 }
}

fn shown_recents(panels: &Panels<'_>, session: &Session) -> usize {
    let count = panels.recents.len();
    if session.start.lists_all { count } else { count.min(SHOWN) }
}

/// Draws both.
pub fn show(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session, beside: bool) {
    let recents = shown_recents(panels, session);
    let captures = panels.recent.len().min(SHOWN) + 1;
    let height = |rows: usize| HEAD + rows as f32 * measure::START_ROW;
    let head_missing = if panels.recent.is_empty() { HEAD - 8.0 } else { 0.0 };
    let below = Layout::top_down(Align::Min);
    if beside && recents > 0 {
        let (rect, _) =
            ui.allocate_exact_size(vec2(ui.available_width(), height(recents.max(captures))), Sense::hover());
        let left = Rect::from_min_max(rect.min, pos2(rect.right() - CAPTURES - GAP, rect.bottom()));
        let right = Rect::from_min_max(pos2(rect.right() - CAPTURES, rect.top()), rect.max);
        within(ui, left.expand2(vec2(8.0, 0.0)), "recents", below, |ui| recent_list(ui, panels, session, recents));
        within(ui, right, "captures", below, |ui| capture_list(ui, panels));
        return;
    }
    if recents > 0 {
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height(recents) + 12.0), Sense::hover());
        within(ui, rect.expand2(vec2(8.0, 0.0)), "recents", below, |ui| recent_list(ui, panels, session, recents));
    }
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height(captures) - head_missing), Sense::hover());
    within(ui, rect, "captures", below, |ui| capture_list(ui, panels));
}

/// A heading, and the link to all; true: it was clicked.
fn head(ui: &mut Ui, title: &str, all: Option<(&str, &str)>, inset: f32) -> bool {
    let t = theme::tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), HEAD), Sense::hover());
    let rect = rect.shrink2(vec2(inset, 0.0));
    let y = rect.top() + 15.0;
    paint::text(ui.painter(), pos2(rect.left(), y), paint::At::Left, title, theme::medium(measure::TEXT_LABEL), t.text);
    response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, title));
    paint::hairline_h(ui.painter(), rect.left()..=rect.right(), rect.bottom() - 4.0, t.line);
    let Some((label, name)) = all else { return false };
    let place = Rect::from_min_max(pos2(rect.center().x, rect.top() + 1.0), pos2(rect.right(), rect.top() + 29.0));
    within(ui, place, "all", Layout::right_to_left(Align::Center), |ui| {
        ui.add(Button::link(label).name(name).muted()).clicked()
    })
}

fn recent_list(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session, count: usize) {
    ui.spacing_mut().item_spacing.y = 0.0;
    let label = panels.lang.texts().all_of(panels.recents.len());
    let name = panels.text(if session.start.lists_all { Text::FewerRecents } else { Text::AllRecents });
    let label = if session.start.lists_all { name } else { label.as_str() };
    let more = (panels.recents.len() > SHOWN).then_some((label, name));
    if head(ui, panels.text(Text::Recents), more, 8.0) {
        session.start.lists_all = !session.start.lists_all;
    }
    let list = panels.recents;
    for (place, recent) in list.iter().enumerate().take(count) {
        recent_row(ui, panels, session, place, recent);
    }
}

fn recent_row(ui: &mut Ui, panels: &mut Panels<'_>, session: &Session, place: usize, recent: &Recent) {
    let t = theme::tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), measure::START_ROW), Sense::click());
    let lang = panels.lang;
    let name = sentences::recent_name(&recent.setup);
    let star = Rect::from_center_size(pos2(rect.left() + 16.0, rect.center().y), vec2(24.0, 24.0));
    let more = Rect::from_center_size(pos2(rect.right() - 14.0, rect.center().y), vec2(20.0, 20.0));
    let active = response.contains_pointer() || ui.rect_contains_pointer(rect) || response.has_focus();
    if active {
        ui.painter().rect_filled(rect, f32::from(measure::RADIUS), t.hover);
    }
    let (kind, at) = sentences::recent_address(&recent.setup);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, lang.texts().open_recent(&name, kind, &at)));
    let end = if active {
        let font = theme::ui_font(measure::TEXT_LABEL);
        let open = panels.text(Text::OpenCapture);
        let at = pos2(more.left() - 8.0, rect.center().y);
        paint::text(ui.painter(), at, paint::At::Right, open, font, t.accent).left()
    } else {
        let font = theme::ui_font(measure::TEXT_SMALL);
        let at = pos2(rect.right() - 8.0, rect.center().y);
        paint::text(ui.painter(), at, paint::At::Right, &words::when(recent.used_s, lang), font, t.muted).left()
    };
    columns(ui, panels, recent, rect, end);
    pin(ui, panels, place, recent, &name, star);
    let menu = |ui: &mut Ui, panels: &mut Panels<'_>| menu_rows(ui, |ui| row_menu(ui, panels, session, place, recent));
    if active || Popup::is_id_open(ui.ctx(), Popup::default_response_id(&response)) {
        let title = lang.texts().more_about(&name);
        let button = IconButton::new(icons::DOTS_THREE_VERTICAL, &title).small(measure::ICON_ROW);
        let button = button.at(ui, more, response.id.with("more"));
        Popup::menu(&button).frame(popup_frame(t)).width(200.0).show(|ui| menu(ui, panels));
    }
    if response.has_focus() {
        paint::focus_ring_inside(ui.painter(), rect, measure::RADIUS, t);
    }
    let context = widgets::context_menu(&response, rect.left_bottom()).frame(popup_frame(t)).width(200.0);
    context.show(|ui| menu(ui, panels));
    if response.clicked() {
        panels.actions.push(Action::Start(StartAction::OpenRecent(session.id, Box::new(recent.clone()))));
    }
}

/// Name, protocol, address and framing, as far as there is room before `end`.
fn columns(ui: &Ui, panels: &Panels<'_>, recent: &Recent, rect: Rect, end: f32) {
    let t = theme::tokens(ui);
    let painter = ui.painter();
    let (y, left) = (rect.center().y, rect.left());
    let label = theme::ui_font(measure::TEXT_LABEL);
    let name = match recent.setup.name.as_str() {
        "" => sentences::protocol(recent.setup.protocol, panels.lang),
        name => name,
    };
    let colour = if recent.setup.name.is_empty() { t.muted } else { t.text };
    paint::text_elided(painter, pos2(left + 32.0, y), name, label, colour, 84.0);
    let (kind, at) = sentences::recent_address(&recent.setup);
    let small = theme::ui_font(measure::TEXT_SMALL);
    paint::text(painter, pos2(left + 122.0, y), paint::At::Left, kind, small.clone(), t.muted);
    let mono = theme::mono(measure::TEXT);
    let address = paint::text_elided(painter, pos2(left + 156.0, y), &at, mono, t.text, end - left - 168.0);
    let text = recent.setup.framing.to_string();
    let rows = RuleRows::new(&recent.setup.framing, &text, &[], panels.lang);
    let words = rows.row(rows.current).map_or(text.as_str(), |(words, _)| words);
    let x = (left + 308.0).max(address.right() + 12.0);
    fitting(ui, words, small, pos2(x, y), end - 12.0);
}

/// Words that are left out where they do not fit.
fn fitting(ui: &Ui, words: &str, font: FontId, at: egui::Pos2, end: f32) {
    let t = theme::tokens(ui);
    let (size, galley) = (font.size, paint::line(ui.painter(), words, font, t.muted));
    if at.x + galley.size().x <= end {
        paint::put(ui.painter(), at, paint::At::Left, size, galley, t.muted);
    }
}

fn pin(ui: &Ui, panels: &mut Panels<'_>, place: usize, recent: &Recent, name: &str, rect: Rect) {
    let t = theme::tokens(ui);
    let response = ui.interact(rect, ui.scope_id().with(("pin", place)), Sense::click());
    let colour = match (recent.pinned, response.hovered()) {
        (true, _) => t.pin,
        (false, true) => t.text,
        (false, false) => t.faint,
    };
    // Black and white star.
    let star = if recent.pinned { "\u{2605}" } else { "\u{2606}" };
    paint::text(ui.painter(), rect.center(), paint::At::Centre, star, theme::ui_font(16.0), colour);
    if response.has_focus() {
        paint::focus_ring_inside(ui.painter(), rect, measure::RADIUS_CHECK, t);
    }
    let name = panels.lang.texts().pin(name);
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, recent.pinned, &name));
    if response.clicked() {
        panels.actions.push(Action::Start(StartAction::PinRecent(place, !recent.pinned)));
    }
    widgets::tooltip(response, &name, None);
}

fn row_menu(ui: &mut Ui, panels: &mut Panels<'_>, session: &Session, place: usize, recent: &Recent) {
    if ui.add(MenuItem::new(panels.text(Text::OpenCapture))).clicked() {
        panels.actions.push(Action::Start(StartAction::OpenRecent(session.id, Box::new(recent.clone()))));
    }
    let words = panels.text(if recent.pinned { Text::Unpin } else { Text::PinRecent });
    if ui.add(MenuItem::new(words)).clicked() {
        panels.actions.push(Action::Start(StartAction::PinRecent(place, !recent.pinned)));
    }
    if ui.add(MenuItem::new(panels.text(Text::RemoveRecent))).clicked() {
        panels.actions.push(Action::Start(StartAction::RemoveRecent(place)));
    }
}

fn capture_list(ui: &mut Ui, panels: &mut Panels<'_>) {
    ui.spacing_mut().item_spacing.y = 0.0;
    let list = panels.recent;
    if !list.is_empty() {
        let label = panels.lang.texts().all_of(list.len());
        if head(ui, panels.text(Text::RecentCaptures), Some((&label, panels.text(Text::AllCaptures))), 0.0) {
            panels.actions.push(Action::Capture(CaptureAction::ShowPage));
        }
    }
    for info in list.iter().take(SHOWN) {
        if capture_row(ui, panels, info).clicked() {
            panels.actions.push(Action::Capture(CaptureAction::Open(info.clone())));
        }
    }
    ui.add_space(6.0);
    let name = panels.text(Text::ImportHere);
    if ui.add(Button::link(panels.text(Text::ImportLog)).name(name).icon(icons::DOWNLOAD_SIMPLE)).clicked() {
        panels.actions.push(Action::Capture(CaptureAction::BeginImport));
    }
}

fn capture_row(ui: &mut Ui, panels: &Panels<'_>, info: &CaptureInfo) -> Response {
    const SIZE: f32 = 58.0;
    let t = theme::tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), measure::START_ROW), Sense::click());
    let painter = ui.painter();
    let ground = rect.expand2(vec2(8.0, 0.0));
    if response.hovered() {
        painter.rect_filled(ground, f32::from(measure::RADIUS), t.hover);
    }
    let y = rect.center().y;
    let small = theme::ui_font(measure::TEXT_SMALL);
    paint::text(painter, pos2(rect.right(), y), paint::At::Right, &words::size(info.bytes), small.clone(), t.muted);
    let made_s = u64::try_from(info.created_unix_ns / 1_000_000_000).unwrap_or(0);
    let when = words::when_short(made_s, panels.lang);
    let when = paint::text(painter, pos2(rect.right() - SIZE, y), paint::At::Right, &when, small, t.muted);
    let (_, at) = sentences::capture_address(info);
    let room = when.left() - 10.0 - rect.left();
    paint::text_elided(painter, pos2(rect.left(), y), &at, theme::mono(measure::TEXT), t.text, room);
    if response.has_focus() {
        paint::focus_ring_inside(painter, ground, measure::RADIUS, t);
    }
    let name = panels.lang.texts().open_stored(&sentences::capture_in_short(info));
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    response
}
