//! The plots: received and sent bytes over time, and answer times.

mod axes;
mod plots;

use crate::capture::timeline::{Answers, Sums};
use crate::gui::context::{Panels, within};
use crate::gui::sentences;
use crate::gui::session::Session;
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::timing::state::{Plotted, Timing, Whose};
use crate::gui::widgets::{Button, Segmented, paint, tooltip};
use crate::words;
use crate::words::Text;
use egui::accesskit::Role;
use egui::{Align, Color32, Layout, Rect, Sense, Ui, WidgetInfo, pos2, vec2};
use plots::Gesture;
use std::ops::Range;

/// Height of the header of a plot.
const HEAD: f32 = 34.0;

/// The data of this frame.
struct Shown {
    sums: std::sync::Arc<Sums>,
    /// Monotonic ns.
    window: Range<u64>,
    whose: Whose,
    zone: jiff::tz::TimeZone,
    /// The plots that mark the time under the pointer together.
    link: egui::Id,
}

/// Draws the plots into all of `ui`.
pub fn show(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session) {
    let t = theme::tokens(ui);
    let rect = ui.max_rect();
    paint::hairline_h(ui.painter(), rect.left()..=rect.right(), rect.bottom() - 1.0, t.line);
    session.timing.draw();
    let shown = match (session.timing.sums(), session.timing.window()) {
        (Some(sums), Some(window)) => {
            let (whose, zone) = (session.timing.whose(), jiff::tz::TimeZone::system());
            Some(Shown { sums, window, whose, zone, link: ui.scope_id().with("plots") })
        }
        (sums, _) => {
            if sums.is_none() {
                // Repaint soon, so that the sums are started.
                ui.ctx().request_repaint_after(std::time::Duration::from_millis(50));
            }
            None
        }
    };
    let mut inner = rect.shrink2(vec2(measure::MARGIN, 0.0));
    *inner.bottom_mut() -= 5.0;
    let gesture = if rect.width() >= measure::PLOTS_BOTH {
        let (left, right) = inner.split_left_right_at_fraction(0.5);
        let (left, right) = (left.with_max_x(left.right() - 6.0), right.with_min_x(right.left() + 6.0));
        let timing = &mut session.timing;
        let rates = plot(ui, panels, timing, shown.as_ref(), (Plotted::Rates, left, false));
        let answers = plot(ui, panels, timing, shown.as_ref(), (Plotted::Answers, right, false));
        rates.or(answers)
    } else {
        let plotted = session.timing.plotted;
        plot(ui, panels, &mut session.timing, shown.as_ref(), (plotted, inner, true))
    };
    if let Some(gesture) = gesture {
        follow_gesture(session, gesture);
        ui.ctx().request_repaint();
    }
}

fn follow_gesture(session: &mut Session, gesture: Gesture) {
    let timing = &mut session.timing;
    match gesture {
        Gesture::Zoom { at_ns, factor } => timing.zoom(at_ns, factor),
        Gesture::Pan(part) => timing.pan(part),
        Gesture::Back => {
            if let Some(log) = &mut session.log {
                timing.go_back(log);
            }
        }
        Gesture::GoTo(at_ns) => {
            if let Some(log) = &mut session.log {
                timing.go_to(log, at_ns);
            }
        }
    }
}

/// Draws one plot with its header. `narrow`: there is only one plot, with a switch to the other.
fn plot(
    ui: &mut Ui,
    panels: &Panels<'_>,
    timing: &mut Timing,
    shown: Option<&Shown>,
    (plotted, rect, narrow): (Plotted, Rect, bool),
) -> Option<Gesture> {
    let (head, below) = rect.split_top_bottom_at_y(rect.top() + HEAD);
    let salt = if plotted == Plotted::Rates { "rates" } else { "answers" };
    within(ui, head, (salt, "controls"), Layout::right_to_left(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = measure::GAP;
        controls(ui, panels, timing, plotted, narrow);
        let room = head.with_max_x(ui.min_rect().left() - measure::GAP);
        within(ui, room, "words", Layout::left_to_right(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 12.0;
            title(ui, panels, timing, plotted, narrow);
            summary(ui, panels, timing, shown, plotted, room);
        });
    });
    let nothing = match (shown, plotted) {
        (None, _) => Some(Text::NoTraffic),
        (Some(shown), Plotted::Answers) => (shown.answers().count == 0).then_some(Text::NoAnswers),
        (Some(_), Plotted::Rates) => None,
    };
    let clicked = shown.and_then(|shown| {
        within(ui, below, salt, Layout::top_down(Align::Min), |ui| match plotted {
            Plotted::Rates => plots::rates(ui, panels, shown, below),
            Plotted::Answers => plots::answers(ui, panels, shown, below),
        })
    });
    if let Some(words) = nothing {
        let (t, font) = (theme::tokens(ui), theme::ui_font(measure::TEXT_LABEL));
        let galley = paint::line(ui.painter(), panels.text(words), font, t.muted);
        // Keep grid lines out of the text.
        let ground = Rect::from_center_size(below.center(), galley.size() + vec2(16.0, 4.0));
        ui.painter().rect_filled(ground, 0.0, t.canvas);
        paint::put(ui.painter(), below.center(), paint::At::Centre, measure::TEXT_LABEL, galley, t.muted);
    }
    clicked
}

/// Draws the controls at the right end of the header.
fn controls(ui: &mut Ui, panels: &Panels<'_>, timing: &mut Timing, plotted: Plotted, narrow: bool) {
    let is_last = narrow || plotted == Plotted::Answers;
    if is_last && !timing.follows() {
        let name = panels.text(Text::FollowPlotsName);
        if ui.add(Button::plain(panels.text(Text::FollowPlots)).name(name).hint(name)).clicked() {
            timing.follow();
            ui.ctx().request_repaint();
        }
    }
    if plotted == Plotted::Answers {
        let choices =
            [(Whose::Theirs, panels.text(Text::AnswersTheirs)), (Whose::Ours, panels.text(Text::AnswersOurs))];
        let mut whose = timing.whose();
        if Segmented::new(panels.text(Text::WhoseAnswers), &choices).show(ui, &mut whose).changed() {
            timing.choose(whose);
        }
    }
}

/// Draws the title; in a narrow pane the switch between the plots.
fn title(ui: &mut Ui, panels: &Panels<'_>, timing: &mut Timing, plotted: Plotted, narrow: bool) {
    let names = [(Plotted::Rates, panels.text(Text::Rates)), (Plotted::Answers, panels.text(Text::AnswerTimes))];
    if narrow {
        Segmented::new(panels.text(Text::ShownPlot), &names).show(ui, &mut timing.plotted);
        return;
    }
    let name = if plotted == Plotted::Rates { names[0].1 } else { names[1].1 };
    let t = theme::tokens(ui);
    let galley = paint::line(ui.painter(), name, theme::medium(measure::TEXT_LABEL), t.text);
    let (rect, response) = ui.allocate_exact_size(vec2(galley.size().x, measure::CONTROL), Sense::hover());
    let at = pos2(rect.left(), rect.center().y);
    paint::put(ui.painter(), at, paint::At::Left, measure::TEXT_LABEL, galley, t.text);
    response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, name));
    tooltip(response, panels.text(Text::PlotHint), None);
}

/// Draws the figures of the visible range, as many as fit.
fn summary(ui: &mut Ui, panels: &Panels<'_>, timing: &Timing, shown: Option<&Shown>, plotted: Plotted, room: Rect) {
    let t = theme::tokens(ui);
    let mut figures: Vec<(String, Color32)> = Vec::new();
    match (shown, plotted) {
        (Some(shown), Plotted::Rates) => {
            let (received, sent) = shown.peaks();
            figures.push((panels.lang.texts().highest_received(received), t.received));
            figures.push((panels.lang.texts().highest_sent(sent), t.sent));
            figures.push((sentences::measured_over(shown.sums.width_ns(), panels.lang), t.muted));
        }
        (Some(shown), Plotted::Answers) if shown.answers().count > 0 => {
            let answers = shown.answers();
            figures.push((sentences::mean_answer(answers.mean_ns().unwrap_or(0), panels.lang), t.answer));
            figures.push((sentences::longest_answer(answers.max_ns, panels.lang), t.muted));
            figures.push((panels.lang.texts().answers(answers.count), t.muted));
        }
        _ => {}
    }
    if let Some(done) = timing.progress() {
        figures.push((format!("{:.0} %", (done * 100.0).floor()), t.muted));
    }
    for (words, colour) in figures {
        let galley = paint::line(ui.painter(), words.as_str(), theme::ui_font(measure::TEXT_SMALL), colour);
        if ui.cursor().left() + galley.size().x > room.right() {
            break;
        }
        let (rect, response) = ui.allocate_exact_size(vec2(galley.size().x, measure::CONTROL), Sense::hover());
        let at = pos2(rect.left(), rect.center().y);
        paint::put(ui.painter(), at, paint::At::Left, measure::TEXT_SMALL, galley, colour);
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words.as_str()));
    }
}

impl Shown {
    /// The answers in the visible range.
    fn answers(&self) -> Answers {
        let total = self.sums.total(&self.window);
        if self.whose == Whose::Ours { total.ours } else { total.theirs }
    }

    /// The highest rates in the visible range, received and sent, bytes per second.
    fn peaks(&self) -> (u64, u64) {
        let most = self.sums.touching(&self.window).fold((0, 0), |most: (u64, u64), (_, bucket)| {
            (most.0.max(bucket.received.bytes), most.1.max(bucket.sent.bytes))
        });
        (rate_of(&self.sums, most.0), rate_of(&self.sums, most.1))
    }
}

/// The rate of a bucket with this many bytes, rounded, bytes per second.
fn rate_of(sums: &Sums, bytes: u64) -> u64 {
    sums.rate(bytes).round() as u64
}

/// `1.5 KiB/s`
fn rate(bytes_a_second: u64) -> String {
    format!("{}/s", words::size(bytes_a_second))
}
