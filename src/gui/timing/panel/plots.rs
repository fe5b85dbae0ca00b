//! The two plots. They share their time axis: the session decides the visible range, not the plots.

use crate::capture::timeline::{Answers, Bucket};
use crate::gui::sentences;
use crate::gui::theme;
use crate::gui::theme::{Tokens, measure};
use crate::gui::timing::panel::axes::{Clock, Unit, ns, rate_unit, time_unit, value_label, value_marks};
use crate::gui::timing::panel::{Panels, Shown, rate};
use crate::gui::timing::state::Whose;
use crate::words::Text;
use egui::accesskit::Role;
use egui::{
    Color32, CornerRadius, Frame, Label, Margin, PopupAnchor, Rangef, Rect, Response, RichText, Sense, Tooltip, Ui,
    WidgetInfo,
};
use egui_plot::{AxisHints, FilledArea, Line, Plot, PlotPoints, PlotUi, Points};

/// Minimum distance of the marks of the time axis, points.
const TIME_MARKS: f64 = 92.0;
/// Minimum distance of the marks of a value axis, points.
const VALUE_MARKS: f64 = 26.0;
/// Width of the labels of a value axis.
const VALUE_WIDTH: f32 = 68.0;
/// Height of the labels of the time axis.
const TIME_HEIGHT: f32 = 17.0;
/// Wheel distance in points that changes the visible time by a factor of e.
const WHEEL: f64 = 260.0;
/// The distance below which egui_plot hides marks; the marks here are always further apart.
const NEAR: f32 = 4.0;
/// Maximum distance from the pointer, in points, of the values in its label.
const REACH: f64 = 6.0;
/// A label of the time axis this near to an end would be truncated, so it is not drawn.
const TIME_EDGE: f64 = 42.0;
/// Maximum number of visible means that are also drawn as dots.
const DOTS: usize = 120;

/// A gesture of the user on a plot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Gesture {
    /// Zoom around this time (monotonic ns), so that `factor` times as much time is visible.
    Zoom { at_ns: u64, factor: f64 },
    /// Move by this fraction of the visible range.
    Pan(f64),
    /// Show everything again.
    Back,
    /// Go to the records of this time (monotonic ns).
    GoTo(u64),
}

/// The properties of one plot.
struct Look<'a> {
    name: &'a str,
    salt: &'static str,
    unit: Unit,
    /// Upper end of the value axis.
    most: f64,
    /// There is nothing to draw: marks of the value axis would name values that mean nothing.
    is_empty: bool,
}

/// Draws received and sent bytes per second.
pub fn rates(ui: &mut Ui, panels: &Panels<'_>, shown: &Shown, rect: Rect) -> Option<Gesture> {
    let t = theme::tokens(ui);
    let (received, sent) = shown.peaks();
    let most = received.max(sent) as f64;
    let most = if most > 0.0 { most * 1.12 } else { 1024.0 };
    let look =
        Look { name: panels.text(Text::RatesPlot), salt: "rates", unit: rate_unit(most / 1.12), most, is_empty: false };
    let steps = |of: fn(&Bucket) -> u64| {
        let sums = &shown.sums;
        let width = sums.width_ns() as f64 / 1e9;
        let mut points = Vec::new();
        let mut end = None;
        for (begin, bucket) in sums.touching(&shown.window) {
            let (from, rate) = (begin as f64 / 1e9, sums.rate(of(bucket)));
            if end.is_none() {
                points.push([from, 0.0]);
            }
            points.extend([[from, rate], [from + width, rate]]);
            end = Some(from + width);
        }
        points.extend(end.map(|end| [end, 0.0]));
        PlotPoints::new(points)
    };
    let (came, went) = (steps(|bucket| bucket.received.bytes), steps(|bucket| bucket.sent.bytes));
    let (response, at) = plot(ui, t, shown, rect, &look, move |plot| {
        for (name, points, colour) in [("received", came, t.received), ("sent", went, t.sent)] {
            let line = Line::new(name, points).color(colour).width(1.5).fill(0.0).fill_alpha(0.14);
            // A hover band would treat the risers of the steps as slopes.
            plot.line(line.allow_hover(false).allow_band(false));
        }
    });
    if let Some(at) = at.filter(|_| response.hovered()) {
        let bucket = shown.at(at);
        let lines = [
            panels
                .lang
                .texts()
                .received_at(&rate(crate::gui::timing::panel::rate_of(&shown.sums, bucket.received.bytes))),
            panels.lang.texts().sent_at(&rate(crate::gui::timing::panel::rate_of(&shown.sums, bucket.sent.bytes))),
        ];
        label(&response, t, &shown.clock().exact(at), &lines);
    }
    gesture(ui, &response, at)
}

/// Draws mean, shortest and longest answer time.
pub fn answers(ui: &mut Ui, panels: &Panels<'_>, shown: &Shown, rect: Rect) -> Option<Gesture> {
    let t = theme::tokens(ui);
    let half = shown.sums.width_ns() as f64 / 2e9;
    let in_sight = shown.sums.touching(&shown.window);
    let points: Vec<(f64, Answers)> = in_sight
        .map(|(begin, bucket)| (begin as f64 / 1e9 + half, shown.of(bucket)))
        .filter(|(_, answers)| answers.count > 0)
        .collect();
    let longest = points.iter().map(|(_, answers)| answers.max_ns).max().unwrap_or(0) as f64;
    let most = if longest > 0.0 { longest * 1.12 } else { 1.12e6 };
    let look = Look {
        name: panels.text(Text::AnswersPlot),
        salt: "answers",
        unit: time_unit(most / 1.12),
        most,
        is_empty: points.is_empty(),
    };
    let (response, at) = plot(ui, t, shown, rect, &look, move |plot| {
        let times: Vec<f64> = points.iter().map(|(at, _)| *at).collect();
        let column = |of: fn(&Answers) -> u64| -> Vec<f64> { points.iter().map(|(_, a)| of(a) as f64).collect() };
        let (least, most) = (column(|a| a.min_ns), column(|a| a.max_ns));
        let means: Vec<[f64; 2]> =
            times.iter().zip(column(|a| a.mean_ns().unwrap_or(0))).map(|(at, mean)| [*at, mean]).collect();
        let band = FilledArea::new("band", &times, &least, &most).fill_color(t.answer.gamma_multiply(0.18));
        plot.add(band.allow_hover(false));
        plot.line(Line::new("mean", means.clone()).color(t.answer).width(1.5).allow_hover(false));
        if means.len() <= DOTS {
            plot.points(Points::new("means", means).color(t.answer).radius(2.5).allow_hover(false));
        }
    });
    if let Some(at) = at.filter(|_| response.hovered()) {
        let within = shown.window.end.saturating_sub(shown.window.start) as f64 * REACH / f64::from(rect.width());
        let (when, answers) = shown.answers_near(at, within as u64);
        let lines = match answers.mean_ns() {
            Some(mean) if answers.count > 1 => vec![
                sentences::mean_answer(mean, panels.lang),
                sentences::answer_range(answers.min_ns, answers.max_ns, panels.lang),
                panels.lang.texts().answers(answers.count),
            ],
            Some(only) => vec![sentences::elapsed(only, panels.lang)],
            None => vec![panels.lang.texts().answers(0)],
        };
        label(&response, t, &shown.clock().exact(when), &lines);
    }
    gesture(ui, &response, at)
}

impl Shown {
    fn clock(&self) -> Clock<'_> {
        Clock { unix_ns: self.sums.unix_ns(0), zone: &self.zone }
    }

    fn of(&self, bucket: &Bucket) -> Answers {
        if self.whose == Whose::Ours { bucket.ours } else { bucket.theirs }
    }

    /// The answers nearest to `at_ns`, at most `within` ns away, and their time. Without any: `at_ns` and empty answers.
    fn answers_near(&self, at_ns: u64, within: u64) -> (u64, Answers) {
        let around = at_ns.saturating_sub(within)..at_ns.saturating_add(within).saturating_add(1);
        let half = self.sums.width_ns() / 2;
        let near = self.sums.touching(&around).map(|(begin, bucket)| (begin.saturating_add(half), self.of(bucket)));
        let answered = near.filter(|(_, answers)| answers.count > 0);
        answered.min_by_key(|(when, _)| when.abs_diff(at_ns)).unwrap_or((at_ns, Answers::default()))
    }

    /// The bucket at a time (monotonic ns), or an empty one.
    fn at(&self, at_ns: u64) -> Bucket {
        self.sums.touching(&(at_ns..at_ns.saturating_add(1))).next().map_or(Bucket::default(), |(_, bucket)| *bucket)
    }
}

/// Draws axes and grid, and calls `draw` for the contents. Also returns the time under the pointer, monotonic ns.
fn plot(
    ui: &mut Ui,
    t: &'static Tokens,
    shown: &Shown,
    rect: Rect,
    look: &Look<'_>,
    draw: impl for<'b> FnOnce(&mut PlotUi<'b>) + 'static,
) -> (Response, Option<u64>) {
    let clock = shown.clock();
    let (unit, most, is_empty) = (look.unit, look.most, look.is_empty);
    let seconds = shown.window.start as f64 / 1e9..=shown.window.end as f64 / 1e9;
    let edge = (seconds.end() - seconds.start()) * TIME_EDGE / f64::from((rect.width() - VALUE_WIDTH).max(1.0));
    let bounds = seconds.clone();
    // egui_plot's base step is the value of a distance of `NEAR` points.
    let apart = |input: &egui_plot::GridInput, points: f64| input.base_step_size * points / f64::from(NEAR);
    let hints = |axis: AxisHints<'static>| {
        let font = theme::ui_font(measure::TEXT_SMALL);
        axis.tick_label_font(font).tick_label_color(t.muted).label_spacing(Rangef::new(NEAR, NEAR + 1.0))
    };
    let shown_plot = Plot::new(look.salt)
        .width(rect.width())
        .height(rect.height())
        .sense(Sense::CLICK | Sense::DRAG)
        .show_background(false)
        .show_y(false)
        .allow_drag(false)
        .allow_zoom(false)
        .allow_scroll(false)
        .allow_boxed_zoom(false)
        .allow_axis_zoom_drag(false)
        .allow_double_click_reset(false)
        .grid_color(t.soft)
        .grid_fade(0.0)
        .grid_spacing(Rangef::new(NEAR, NEAR + 1.0))
        .cursor_color(t.faint)
        .link_cursor(shown.link, [true, false])
        .x_grid_spacer(|input| clock.marks(&shown.window, apart(&input, TIME_MARKS) * 1e9))
        .y_grid_spacer(move |input| value_marks(unit, most, apart(&input, VALUE_MARKS)))
        .custom_x_axes(vec![hints(AxisHints::new_x()).min_thickness(TIME_HEIGHT)])
        .custom_y_axes(vec![hints(AxisHints::new_y()).min_thickness(VALUE_WIDTH)])
        .x_axis_formatter(|mark, _| {
            let is_cut = mark.value - seconds.start() < edge || seconds.end() - mark.value < edge;
            if is_cut { String::new() } else { clock.label(mark.value, mark.step_size) }
        })
        .y_axis_formatter(move |mark, _| if is_empty { String::new() } else { value_label(unit, &mark) })
        .show(ui, move |plot| {
            plot.set_plot_bounds_x(bounds);
            plot.set_plot_bounds_y(0.0..=most);
            draw(plot);
        });
    let response = shown_plot.response;
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, look.name));
    let pointer = response.hover_pos().or(response.interact_pointer_pos());
    let at = pointer.map(|pointer| ns(shown_plot.transform.value_from_position(pointer).x));
    (response, at)
}

/// The gesture of the pointer in this frame.
fn gesture(ui: &Ui, response: &Response, at_ns: Option<u64>) -> Option<Gesture> {
    let width = f64::from(response.rect.width().max(1.0));
    if response.double_clicked() {
        return Some(Gesture::Back);
    }
    if response.clicked() {
        return at_ns.map(Gesture::GoTo);
    }
    if response.dragged() {
        let by = f64::from(-response.drag_delta().x) / width;
        return (by != 0.0).then_some(Gesture::Pan(by));
    }
    if !response.contains_pointer() {
        return None;
    }
    let (scroll, pinch) = ui.input_mut(|input| (std::mem::take(&mut input.smooth_scroll_delta), input.zoom_delta()));
    if scroll.x != 0.0 {
        return Some(Gesture::Pan(f64::from(-scroll.x) / width));
    }
    let factor = (f64::from(-scroll.y) / WHEEL).exp() / f64::from(pinch);
    at_ns.filter(|_| factor != 1.0).map(|at_ns| Gesture::Zoom { at_ns, factor })
}

/// Shows the values at the time under the pointer.
fn label(response: &Response, t: &Tokens, time: &str, lines: &[String]) {
    let mut tooltip =
        Tooltip::always_open(response.ctx.clone(), response.layer_id, response.id, PopupAnchor::Pointer).gap(12.0);
    tooltip.popup = tooltip.popup.frame(
        Frame::new()
            .fill(t.tooltip)
            .corner_radius(CornerRadius::same(measure::RADIUS))
            .inner_margin(Margin::symmetric(12, 7)),
    );
    tooltip.show(|ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        ui.spacing_mut().interact_size.y = 18.0;
        let mut write = |words: &str, colour: Color32, size: f32| {
            ui.add(Label::new(RichText::new(words).font(theme::ui_font(size)).color(colour)).extend());
        };
        write(time, t.tooltip_muted, measure::TEXT_SMALL);
        for line in lines {
            write(line, t.tooltip_text, measure::TEXT_LABEL);
        }
    });
}
