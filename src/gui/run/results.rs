//! The results in the drawer: rounds and failed steps on the left, the chosen step on the right.

use crate::gui::action::{Action, RunAction};
use crate::gui::context::{Panels, within};
use crate::gui::icons;
use crate::gui::run::diff::{self, Column};
use crate::gui::run::rows::time;
use crate::gui::run::state::{Round, Runs};
use crate::gui::session::Session;
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::{Button, paint};
use crate::talk::outcome::{PassedOver, StepOutcome, Verdict};
use crate::words::{self, talk_place};
use egui::accesskit::Role;
use egui::{Align, Layout, Rect, ScrollArea, Sense, Ui, WidgetInfo, pos2, vec2};

/// Width of the list.
const LIST: f32 = 184.0;
/// Height of a row of the list.
const ROW: f32 = 26.0;
/// Height of a line of the comparison.
const LINE: f32 = 22.0;
/// Width of a byte.
const BYTE: f32 = 21.0;

/// The count beside the label of the tab: failed steps.
pub fn count(session: &Session) -> Option<String> {
    Some(session.runs.failures()).filter(|count| *count > 0).map(|count| count.to_string())
}

/// Draws the tab into all of `ui`.
pub fn show(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session) {
    let t = theme::tokens(ui);
    ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
    let rect = ui.max_rect();
    let (list, detail) = rect.split_left_right_at_x(rect.left() + LIST);
    paint::hairline_v(ui.painter(), detail.left(), rect.top()..=rect.bottom(), t.soft);
    within(ui, list, "rounds", Layout::top_down(Align::Min), |ui| {
        ScrollArea::vertical().auto_shrink(false).id_salt("rounds").show(ui, |ui| rounds(ui, panels, session));
    });
    within(ui, detail.shrink2(vec2(16.0, 8.0)), "detail", Layout::top_down(Align::Min), |ui| {
        ScrollArea::vertical().auto_shrink(false).id_salt("detail").show(ui, |ui| self::detail(ui, panels, session));
    });
}

/// Draws the rounds, newest first, each with its failed steps.
fn rounds(ui: &mut Ui, panels: &Panels<'_>, session: &mut Session) {
    let mut clicked = None;
    for round in session.runs.results.iter().rev() {
        head(ui, panels, &session.runs, round);
        for (index, step) in round.steps.iter().filter(|(_, step)| step.verdict == Verdict::Failed) {
            if failed(ui, panels, &session.runs, round, (*index, step)) {
                clicked = Some((round.number, *index));
            }
        }
    }
    session.runs.picked = clicked.or(session.runs.picked);
}

fn head(ui: &mut Ui, panels: &Panels<'_>, runs: &Runs, round: &Round) {
    let (t, texts) = (theme::tokens(ui), panels.lang.texts());
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    let y = rect.center().y;
    let passed = round.steps.values().filter(|step| step.verdict == Verdict::Passed).count();
    let has_failed = round.steps.values().any(|step| step.verdict == Verdict::Failed);
    let at = pos2(rect.left() + 20.0, y);
    if has_failed {
        paint::icon_fill(ui.painter(), at, icons::X_CIRCLE, 14.0, t.error);
    } else {
        paint::icon_fill(ui.painter(), at, icons::CHECK_CIRCLE, 14.0, t.received);
    }
    let words = texts.run_round(round.number, None);
    let font = theme::ui_font(measure::TEXT_LABEL);
    paint::text(ui.painter(), pos2(rect.left() + 34.0, y), paint::At::Left, &words, font, t.text);
    let count = format!("{passed} / {}", runs.steps().len());
    let small = theme::ui_font(measure::TEXT_SMALL);
    paint::text(ui.painter(), pos2(rect.right() - 12.0, y), paint::At::Right, &count, small, t.muted);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{words} {count}")));
}

fn failed(ui: &mut Ui, panels: &Panels<'_>, runs: &Runs, round: &Round, (index, step): (usize, &StepOutcome)) -> bool {
    let (t, texts) = (theme::tokens(ui), panels.lang.texts());
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    let is_picked = runs.picked == Some((round.number, index));
    let ground = rect.shrink2(vec2(6.0, 1.0));
    if is_picked || response.hovered() {
        ui.painter().rect_filled(ground, measure::RADIUS, if is_picked { t.toggle_on } else { t.hover });
    }
    if response.has_focus() {
        paint::focus_ring_inside(ui.painter(), ground, measure::RADIUS, t);
    }
    let y = rect.center().y;
    paint::icon_fill(ui.painter(), pos2(rect.left() + 38.0, y), icons::X_CIRCLE, 14.0, t.error);
    let took = time(step.took);
    let small = theme::ui_font(measure::TEXT_SMALL);
    let right = paint::text(ui.painter(), pos2(rect.right() - 12.0, y), paint::At::Right, &took, small, t.muted);
    let name = words::harmless(&step.name);
    let font = theme::ui_font(measure::TEXT_LABEL);
    let width = right.left() - rect.left() - 60.0;
    paint::text_elided(ui.painter(), pos2(rect.left() + 52.0, y), &name, font, t.text, width);
    let spoken = format!("{} {name} {} {took}", texts.run_round(round.number, None), texts.run_view("failed"));
    response.widget_info(|| WidgetInfo::selected(Role::ListItem, true, is_picked, spoken.as_str()));
    response.clicked()
}

/// Draws a line of words; returns its place.
fn line(ui: &mut Ui, words: &str, font: egui::FontId, colour: egui::Color32) {
    let galley = ui.painter().layout(words.to_owned(), font, colour, ui.available_width());
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), galley.size().y + 5.0), Sense::hover());
    ui.painter().galley(rect.min, galley, colour);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
}

fn detail(ui: &mut Ui, panels: &mut Panels<'_>, session: &Session) {
    let (t, texts) = (theme::tokens(ui), panels.lang.texts());
    let label = theme::ui_font(measure::TEXT_LABEL);
    let Some((_, index, step)) = session.runs.shown() else {
        let words = if session.runs.results.is_empty() { "no-results" } else { "no-failures" };
        line(ui, texts.run_view(words), label, t.muted);
        return;
    };
    let source = session.runs.script.as_ref().map_or("", |script| script.source.as_str());
    let title = format!("{}  {}", words::harmless(&step.name), time(step.took));
    line(ui, &title, theme::medium(measure::TEXT_LABEL), t.text);
    let mut record = None;
    for problem in step.problems.iter().take(8) {
        let sentence = words::problem_sentence(&problem.kind, panels.lang);
        let first = sentence.lines().next().unwrap_or_default();
        let place = texts.run_place(index + 1, talk_place(source, problem.span.start).line);
        line(ui, &format!("{place}{}{first}", texts.colon()), label.clone(), t.error);
        if let Some(data) = diff::data(problem) {
            comparison(ui, panels, data);
            record = Some(data.record);
        }
    }
    ui.add_space(8.0);
    buttons(ui, panels, session, index, record);
}

/// Draws expected and received bytes, byte below byte.
fn comparison(ui: &mut Ui, panels: &Panels<'_>, data: &PassedOver) {
    let texts = panels.lang.texts();
    let columns = diff::columns(data);
    let has_expected = columns.iter().any(|column| column.expected != diff::NOTHING);
    let side = 52.0;
    let fit = (((ui.available_width() - side) / BYTE) as usize).clamp(8, 32);
    for (number, part) in columns.chunks(fit).enumerate() {
        offsets(ui, number * fit, part.len(), side);
        // A stream without frames has no place where other bytes were expected.
        if has_expected {
            bytes(ui, (texts.run_view("expected"), side), part, true);
        }
        bytes(ui, (texts.run_view("received"), side), part, false);
    }
}

fn offsets(ui: &mut Ui, from: usize, count: usize, side: f32) {
    let t = theme::tokens(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 16.0), Sense::hover());
    for at in 0..count {
        let x = rect.left() + side + at as f32 * BYTE;
        let font = theme::mono(measure::TEXT_SMALL);
        let offset = format!("{:02X}", (from + at) & 0xFF);
        paint::text(ui.painter(), pos2(x, rect.center().y), paint::At::Left, &offset, font, t.faint);
    }
}

fn bytes(ui: &mut Ui, (label, side): (&str, f32), part: &[Column], is_expected: bool) {
    let t = theme::tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), LINE), Sense::hover());
    let y = rect.center().y;
    let font = theme::ui_font(measure::TEXT_SMALL);
    paint::text(ui.painter(), pos2(rect.left(), y), paint::At::Left, label, font, t.muted);
    let mut spoken = vec![label];
    for (at, column) in part.iter().enumerate() {
        let text = if is_expected { &column.expected } else { &column.got };
        let x = rect.left() + side + at as f32 * BYTE;
        let (colour, ground) = match (column.fits, is_expected) {
            (true, _) => (t.text, None),
            (false, true) => (t.received, Some(t.added_ground)),
            (false, false) => (t.error, Some(t.error_ground)),
        };
        if let Some(ground) = ground {
            let place = Rect::from_min_size(pos2(x - 2.0, y - 9.0), vec2(18.0, 18.0));
            ui.painter().rect_filled(place, 3.0, ground);
        }
        let font = theme::mono(measure::TEXT);
        paint::text(ui.painter(), pos2(x, y), paint::At::Left, text, font, colour);
        spoken.push(text);
    }
    let spoken = spoken.join(" ");
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, spoken.as_str()));
}

fn buttons(ui: &mut Ui, panels: &mut Panels<'_>, session: &Session, index: usize, record: Option<u64>) {
    let (texts, id) = (panels.lang.texts(), session.id);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        let again = Button::plain(texts.run_view("again"));
        if ui.add_enabled(!session.runs.is_running(), again).clicked() {
            panels.actions.push(Action::Run(RunAction::Start(id, Some(vec![index]))));
        }
        if ui.add_enabled(record.is_some(), Button::plain(texts.run_view("show-record"))).clicked() {
            panels.actions.extend(record.map(|record| Action::Run(RunAction::ShowRecord(id, record))));
        }
    });
}
