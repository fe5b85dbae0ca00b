//! The steps of the talk file in the dock, in place of the list of commands.

use crate::gui::action::{Action, RunAction, TalkAction};
use crate::gui::context::{Panels, within};
use crate::gui::icons;
use crate::gui::run::rows;
use crate::gui::run::rows::colour;
use crate::gui::run::state::Look;
use crate::gui::session::Session;
use crate::gui::talk::trouble;
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::{Button, Combo, Field, IconButton, paint};
use crate::runner::Script;
use crate::words;
use egui::accesskit::Role;
use egui::{Align, Layout, Rect, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};
use std::time::Duration;

/// Height of the segments of progress.
const SEGMENT: f32 = 4.0;
/// How often the time of a running step is drawn again.
const TICK: Duration = Duration::from_millis(100);

/// Draws the tab into all of `ui`.
pub fn show(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session) {
    let t = theme::tokens(ui);
    ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
    if session.talk.is_loaded() {
        let (talk, has_frames) = (&session.talk, true);
        session.runs.show(talk.revision(), || {
            let path = talk.path().map(std::path::Path::to_owned);
            Script::over(path, talk.document().source().to_owned(), &[], has_frames).ok()
        });
    }
    if session.runs.is_running() {
        ui.ctx().request_repaint_after(TICK);
    }
    let rect = ui.max_rect();
    let (list, foot) = rect.split_top_bottom_at_y((rect.bottom() - measure::DOCK_FOOT).max(rect.top()));
    within(ui, list, "run", Layout::top_down(Align::Min), |ui| {
        trouble::show(ui, panels, session);
        head(ui, panels, session);
        controls(ui, panels, session);
        progress(ui, panels, session);
        ScrollArea::vertical().auto_shrink(false).id_salt("steps").show(ui, |ui| rows::show(ui, panels, session));
    });
    paint::hairline_h(ui.painter(), foot.left()..=foot.right(), foot.top(), t.soft);
    within(ui, foot.shrink2(vec2(8.0, 0.0)), "foot", Layout::left_to_right(Align::Center), |ui| {
        self::foot(ui, panels, session);
    });
}

/// A line of the head.
fn line(ui: &mut Ui, salt: &str, draw: impl FnOnce(&mut Ui)) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), measure::TOOLBAR), Sense::hover());
    within(ui, rect.shrink2(vec2(12.0, 0.0)), salt, Layout::left_to_right(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        draw(ui);
    });
}

/// Draws the way back, the name of the file, and the button for another one.
fn head(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session) {
    let (t, texts, id) = (theme::tokens(ui), panels.lang.texts(), session.id);
    line(ui, "file", |ui| {
        if ui.add(IconButton::new(icons::ARROW_LEFT, texts.run_view("back"))).clicked() {
            panels.actions.push(Action::Run(RunAction::Leave(id)));
        }
        let name =
            session.talk.path().and_then(|path| path.file_name()).map(|name| name.to_string_lossy().into_owned());
        let name = name.filter(|_| !session.has_own_talk()).unwrap_or_else(|| texts.run_view("own-file").to_owned());
        let width = ui.available_width() - 36.0;
        let (rect, response) = ui.allocate_exact_size(vec2(width, measure::CONTROL), Sense::hover());
        let font = theme::medium(measure::TEXT_LABEL);
        paint::text_elided(ui.painter(), rect.left_center(), &name, font, t.text, width);
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, name.as_str()));
        if ui.add(IconButton::new(icons::FOLDER_OPEN, texts.quick("open-file"))).clicked() {
            panels.actions.push(Action::Talk(TalkAction::Pick(id)));
        }
    });
}

/// Draws the button that runs or stops, the rounds, and what follows a failure.
fn controls(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session) {
    let (t, texts, id) = (theme::tokens(ui), panels.lang.texts(), session.id);
    line(ui, "controls", |ui| {
        if session.runs.is_running() {
            let stop = Button::danger(texts.run_view("stop")).name(texts.run_view("stop-run")).icon_filled(icons::STOP);
            if ui.add(stop.size(88.0, measure::CONTROL)).clicked() {
                panels.actions.push(Action::Run(RunAction::Stop(id)));
            }
            let round = session.runs.round().map_or(1, |round| round.number);
            let words = texts.run_round(round, session.runs.last_round);
            let galley = paint::line(ui.painter(), words.as_str(), theme::ui_font(measure::TEXT_LABEL), t.text);
            let (rect, response) = ui.allocate_exact_size(vec2(galley.size().x, measure::CONTROL), Sense::hover());
            paint::put(ui.painter(), rect.left_center(), paint::At::Left, measure::TEXT_LABEL, galley, t.text);
            response.widget_info(|| WidgetInfo::labeled(Role::Status, true, words.as_str()));
        } else {
            let can_run = !session.runs.steps().is_empty() && session.runs.wanted_rounds().is_ok();
            let run = Button::plain(texts.run_view("run")).name(texts.run_view("run-all")).icon_filled(icons::PLAY);
            if ui.add_enabled(can_run, run.size(88.0, measure::CONTROL)).clicked() {
                panels.actions.push(Action::Run(RunAction::Start(id, None)));
            }
            let wrong = session.runs.wanted_rounds().is_err().then(|| texts.run_view("rounds-wrong"));
            let field = Field::new(&mut session.runs.rounds, texts.run_view("rounds")).hint("∞").error(wrong);
            field.width(56.0).show(ui);
            let words = texts.run_view("rounds-short");
            let galley = paint::line(ui.painter(), words, theme::ui_font(measure::TEXT_LABEL), t.muted);
            let (rect, _) = ui.allocate_exact_size(vec2(galley.size().x, measure::CONTROL), Sense::hover());
            paint::put(ui.painter(), rect.left_center(), paint::At::Left, measure::TEXT_LABEL, galley, t.muted);
        }
        let items = [(false, texts.run_view("go-on")), (true, texts.run_view("stop-after"))];
        let width = ui.available_width();
        if width > 60.0 && !session.runs.is_running() {
            Combo::new(texts.run_view("on-failure")).width(width.min(128.0)).show(ui, &mut session.runs.stops, &items);
        }
    });
}

/// Draws a segment for each step, how many are how, and the time.
fn progress(ui: &mut Ui, panels: &Panels<'_>, session: &Session) {
    let (t, texts, runs) = (theme::tokens(ui), panels.lang.texts(), &session.runs);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 44.0), Sense::hover());
    let inner = rect.shrink2(vec2(16.0, 0.0));
    let count = runs.steps().len().max(1) as f32;
    let gap = if count > 60.0 { 0.0 } else { 3.0 };
    let width = (inner.width() - gap * (count - 1.0)) / count;
    for index in 0..runs.steps().len() {
        let left = inner.left() + index as f32 * (width + gap);
        let segment = Rect::from_min_size(pos2(left, rect.top() + 4.0), vec2(width.max(0.5), SEGMENT));
        ui.painter().rect_filled(segment, 2.0, colour(runs.look(index), t));
    }
    let running = runs.count(Look::Running);
    let parts = [
        (runs.count(Look::Passed), "passed", t.received),
        (runs.count(Look::Failed), "failed", t.error),
        (running, "running", t.accent),
        (runs.count(Look::Waiting) + runs.count(Look::Skipped), "not-run", t.muted),
    ];
    let (mut x, y) = (inner.left(), rect.top() + 24.0);
    let font = theme::ui_font(measure::TEXT_SMALL);
    let mut spoken = Vec::new();
    for (count, label, colour) in parts.into_iter().filter(|(count, ..)| *count > 0) {
        let words = format!("{count} {}", texts.run_view(label));
        x = paint::text(ui.painter(), pos2(x, y), paint::At::Left, &words, font.clone(), colour).right() + 12.0;
        spoken.push(words);
    }
    let time = words::since_short(u64::try_from(runs.elapsed().as_nanos()).unwrap_or(u64::MAX));
    if runs.round().is_some() {
        paint::text(ui.painter(), pos2(inner.right(), y), paint::At::Right, &time, font, t.muted);
    }
    let spoken = spoken.join(texts.comma());
    response.widget_info(|| WidgetInfo::labeled(Role::Status, true, spoken.as_str()));
    paint::hairline_h(ui.painter(), rect.left()..=rect.right(), rect.bottom() - 1.0, t.soft);
}

fn foot(ui: &mut Ui, panels: &mut Panels<'_>, session: &Session) {
    let (texts, id, runs) = (panels.lang.texts(), session.id, &session.runs);
    ui.spacing_mut().item_spacing.x = 4.0;
    let can_run = !runs.is_running() && !runs.steps().is_empty() && runs.wanted_rounds().is_ok();
    let all = Button::ghost(texts.run_view("run-all")).name(texts.run_view("run-all-foot")).icon(icons::PLAY);
    if ui.add_enabled(can_run, all).clicked() {
        panels.actions.push(Action::Run(RunAction::Start(id, None)));
    }
    let chosen = Button::ghost(texts.run_view("run-chosen")).icon(icons::SKIP_FORWARD);
    if ui.add_enabled(can_run && !runs.chosen.is_empty(), chosen).clicked() {
        let steps = runs.chosen.iter().copied().collect();
        panels.actions.push(Action::Run(RunAction::Start(id, Some(steps))));
    }
}
