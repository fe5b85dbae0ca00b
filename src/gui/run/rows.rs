//! The list of steps.

use crate::gui::context::Panels;
use crate::gui::icons;
use crate::gui::run::state::Look;
use crate::gui::session::Session;
use crate::gui::theme;
use crate::gui::theme::{Tokens, measure};
use crate::gui::widgets::paint;
use crate::talk::outcome::StepOutcome;
use crate::words;
use egui::accesskit::Role;
use egui::{Color32, Rect, Sense, Ui, WidgetInfo, pos2, vec2};
use std::time::Duration;

/// Height of a step.
const STEP: f32 = 32.0;
/// Height of a line of an open step.
const LINE: f32 = 20.0;
/// Lines of a step that are shown.
const LINES_MOST: usize = 40;

/// A time for people.
pub fn time(time: Duration) -> String {
    words::since_short(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX))
}

/// The colour of a step.
pub fn colour(look: Look, t: &Tokens) -> Color32 {
    match look {
        Look::Passed => t.received,
        Look::Failed => t.error,
        Look::Running => t.accent,
        Look::Skipped | Look::Waiting => t.line,
    }
}

/// Draws the steps.
pub fn show(ui: &mut Ui, panels: &Panels<'_>, session: &mut Session) {
    let (t, texts) = (theme::tokens(ui), panels.lang.texts());
    if session.runs.steps().is_empty() {
        let words = texts.run_view(if session.talk.errors().is_empty() { "no-steps" } else { "has-errors" });
        let width = ui.available_width() - 32.0;
        ui.add_space(16.0);
        let galley = ui.painter().layout(words.to_owned(), theme::ui_font(measure::TEXT_LABEL), t.muted, width);
        let (rect, response) = ui.allocate_exact_size(vec2(width + 32.0, galley.size().y), Sense::hover());
        ui.painter().galley(rect.min + vec2(16.0, 0.0), galley, t.muted);
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
        return;
    }
    ui.add_space(4.0);
    for index in 0..session.runs.steps().len() {
        row(ui, panels, session, index);
    }
}

fn row(ui: &mut Ui, panels: &Panels<'_>, session: &mut Session, index: usize) {
    let t = theme::tokens(ui);
    let look = session.runs.look(index);
    let is_chosen = session.runs.chosen.contains(&index);
    let is_open = is_chosen || look == Look::Failed;
    let lines = if is_open { lines(session, index) } else { Vec::new() };
    let height = STEP + if lines.is_empty() { 0.0 } else { lines.len() as f32 * LINE + 6.0 };
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::click());
    if !ui.is_rect_visible(rect) {
        return;
    }
    let ground = rect.shrink2(vec2(6.0, 0.0));
    if is_chosen || response.hovered() {
        ui.painter().rect_filled(ground, measure::RADIUS, if is_chosen { t.toggle_on } else { t.hover });
    }
    if response.has_focus() {
        paint::focus_ring_inside(ui.painter(), ground, measure::RADIUS, t);
    }
    let spoken = first_line(ui, panels, session, index, rect);
    for (number, (text, is_failed)) in lines.iter().enumerate() {
        let y = rect.top() + STEP + number as f32 * LINE + LINE / 2.0 - 2.0;
        let colour = if *is_failed { t.error } else { t.muted };
        let font = theme::mono(measure::TEXT_SMALL);
        paint::text_elided(ui.painter(), pos2(rect.left() + 52.0, y), text, font, colour, rect.width() - 68.0);
    }
    response.widget_info(|| WidgetInfo::selected(Role::ListItem, true, is_chosen, spoken.as_str()));
    if response.clicked() {
        choose(ui, session, index);
    }
}

/// Draws number, state, name and time. Returns what a screen reader says.
fn first_line(ui: &Ui, panels: &Panels<'_>, session: &Session, index: usize, rect: Rect) -> String {
    let (t, texts, runs) = (theme::tokens(ui), panels.lang.texts(), &session.runs);
    let look = runs.look(index);
    let y = rect.top() + STEP / 2.0;
    let outcome = runs.round().and_then(|round| round.steps.get(&index));
    let (right, label) = match (look, outcome, runs.current) {
        (Look::Running, _, Some((_, since))) => (time(since.elapsed()), "running"),
        (Look::Passed, Some(step), _) => (time(step.took), "passed"),
        (Look::Failed, Some(step), _) => (time(step.took), "failed"),
        (Look::Skipped, ..) => ("–".to_owned(), "skipped"),
        _ => ("–".to_owned(), "not-run"),
    };
    let small = theme::ui_font(measure::TEXT_SMALL);
    let number = (index + 1).to_string();
    paint::text(ui.painter(), pos2(rect.left() + 26.0, y), paint::At::Right, &number, small.clone(), t.muted);
    let at = pos2(rect.left() + 42.0, y);
    let colour = if matches!(look, Look::Waiting | Look::Skipped) { t.faint } else { colour(look, t) };
    match look {
        Look::Passed => paint::icon_fill(ui.painter(), at, icons::CHECK_CIRCLE, 16.0, colour),
        Look::Failed => paint::icon_fill(ui.painter(), at, icons::X_CIRCLE, 16.0, colour),
        Look::Running => paint::icon(ui.painter(), at, icons::SPINNER_GAP, 16.0, colour),
        Look::Waiting | Look::Skipped => paint::icon(ui.painter(), at, icons::CIRCLE, 16.0, colour),
    }
    let right_colour = if look == Look::Failed || look == Look::Running { colour } else { t.muted };
    let edge = pos2(rect.right() - 16.0, y);
    let time = paint::text(ui.painter(), edge, paint::At::Right, &right, small, right_colour);
    let name = runs.steps().get(index).map_or("", |step| step.name.as_str());
    let name = words::harmless(name);
    let width = time.left() - rect.left() - 70.0;
    let font = theme::ui_font(measure::TEXT_LABEL);
    paint::text_elided(ui.painter(), pos2(rect.left() + 58.0, y), &name, font, t.text, width);
    let took = if right == "–" { String::new() } else { format!(" {right}") };
    format!("{number} {name} {}{took}", texts.run_view(label))
}

/// The lines of a step, and whether they failed.
fn lines(session: &Session, index: usize) -> Vec<(String, bool)> {
    let runs = &session.runs;
    let Some(step) = runs.steps().get(index) else { return Vec::new() };
    // While a run is under way or was, its own text; the file may have been edited meanwhile.
    let source = match &runs.script {
        Some(script) if runs.is_running() => script.source.as_str(),
        _ => session.talk.document().source(),
    };
    let failed = |outcome: &StepOutcome, at: usize, end: usize| {
        outcome.problems.iter().any(|problem| (at..end.max(at + 1)).contains(&problem.span.start))
    };
    let outcome = runs.round().and_then(|round| round.steps.get(&index));
    let of = |span: &crate::talk::tree::Span| {
        let text = source.get(span.start..span.end)?.lines().next()?.trim_end();
        let is_failed = outcome.is_some_and(|outcome| failed(outcome, span.start, span.end));
        Some((words::harmless(text), is_failed))
    };
    step.lines.iter().filter_map(of).take(LINES_MOST).collect()
}

/// Selects a step: alone, or with Ctrl beside the others.
fn choose(ui: &Ui, session: &mut Session, index: usize) {
    let beside = ui.input(|input| input.modifiers.command || input.modifiers.shift);
    let runs = &mut session.runs;
    let was_alone = runs.chosen.len() == 1 && runs.chosen.contains(&index);
    if !beside {
        runs.chosen.clear();
        if !was_alone {
            runs.chosen.insert(index);
        }
    } else if !runs.chosen.remove(&index) {
        runs.chosen.insert(index);
    }
    let round = runs.round().filter(|round| round.steps.contains_key(&index)).map(|round| round.number);
    if let Some(round) = round {
        runs.picked = Some((round, index));
    }
}
