//! A banner above the log: one sentence and its actions.

use crate::gui::theme::measure;
use crate::gui::widgets::paint;
use crate::gui::widgets::paint::At;
use crate::gui::widgets::{Button, IconButton};
use crate::gui::{icons, theme};
use egui::accesskit::Role;
use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{Align, Color32, Galley, Layout, Painter, Rect, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};
use std::sync::Arc;

/// Severity of a banner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BannerKind {
    /// Red.
    Error,
    /// Amber.
    Warning,
    /// Neutral.
    Info,
}

/// The user's response to a banner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BannerAnswer {
    /// Clicked the action with this index.
    Action(usize),
    /// Closed the banner with ×.
    Closed,
}

/// Left edge of the words.
const WORDS_X: f32 = 44.0;
/// Width of × with its margins.
const CLOSE: f32 = 44.0;
/// Least width of an action.
const ACTION: f32 = 64.0;
/// Gap between two rows of actions.
const ROW_GAP: f32 = 4.0;
/// Space above and below wrapped words, and below the actions.
const PADDING: f32 = 8.0;

/// A banner as wide as its parent: one line, or in a narrow pane the wrapped words above the actions.
#[derive(Clone, Copy)]
#[must_use = "call show"]
pub struct Banner<'a> {
    /// Severity.
    pub kind: BannerKind,
    /// The problem and where it occurred.
    pub title: &'a str,
    /// The cause.
    pub cause: &'a str,
    /// Labels of the actions, from left to right.
    pub actions: &'a [&'a str],
    /// Accessible name of ×.
    pub close_name: &'a str,
}

impl Banner<'_> {
    /// Its height in a pane of `width` points.
    #[must_use]
    pub fn height(&self, ui: &Ui, width: f32) -> f32 {
        if width >= measure::BANNER_WIDE {
            return measure::BANNER;
        }
        let words = self.wrapped(ui.painter(), width, theme::tokens(ui).text).size().y + 2.0 * PADDING;
        let rows = self.action_rows(ui.painter(), width) as f32;
        let actions = if rows > 0.0 { rows * (measure::CONTROL + ROW_GAP) - ROW_GAP + PADDING } else { 0.0 };
        words.max(measure::BANNER) + actions
    }

    /// Number of rows that the actions take in a narrow pane.
    fn action_rows(&self, painter: &Painter, width: f32) -> usize {
        let (room, mut rows, mut end) = (width - WORDS_X - PADDING, 0, f32::INFINITY);
        for label in self.actions {
            let font = theme::ui_font(measure::TEXT);
            let own = (paint::line(painter, *label, font, Color32::PLACEHOLDER).size().x + 30.0).max(ACTION);
            end += measure::GAP + own;
            if end > room {
                (rows, end) = (rows + 1, own);
            }
        }
        rows
    }

    /// The words for a narrow pane.
    fn wrapped(&self, painter: &Painter, width: f32, colour: Color32) -> Arc<Galley> {
        let mut job = LayoutJob::default();
        let format = |font| TextFormat::simple(font, colour);
        job.append(self.title, 0.0, format(theme::medium(measure::TEXT_LABEL)));
        job.append(format!("\n{}", self.cause).trim_end(), 0.0, format(theme::ui_font(measure::TEXT_LABEL)));
        job.wrap = TextWrapping { max_width: (width - WORDS_X - CLOSE).max(1.0), max_rows: 5, ..Default::default() };
        painter.layout_job(job)
    }

    /// Draws the banner.
    pub fn show(self, ui: &mut Ui) -> Option<BannerAnswer> {
        let t = theme::tokens(ui);
        let width = ui.available_width();
        let (rect, response) = ui.allocate_exact_size(vec2(width, self.height(ui, width)), Sense::hover());
        let (ground, colour, icon) = match self.kind {
            BannerKind::Error => (t.error_ground, t.error, icons::WARNING_CIRCLE),
            BannerKind::Warning => (t.warning_ground, t.warning, icons::WARNING),
            BannerKind::Info => (t.hover, t.accent, icons::INFO),
        };
        ui.painter().rect_filled(rect, 0.0, ground);
        let is_narrow = width < measure::BANNER_WIDE;
        let top = rect.with_max_y(rect.top() + measure::BANNER);
        let answer = if is_narrow { self.narrow(ui, rect, response.id) } else { self.buttons(ui, rect, response.id) };
        let painter = ui.painter();
        paint::icon_fill(painter, pos2(rect.left() + 25.0, top.center().y), icon, 18.0, colour);
        let is_cut = if is_narrow {
            let words = self.wrapped(painter, width, t.text);
            let y = if words.rows.len() > 1 { rect.top() + PADDING } else { top.center().y - words.size().y / 2.0 };
            let is_cut = words.elided;
            painter.galley(pos2(rect.left() + WORDS_X, y), words, t.text);
            is_cut
        } else {
            let words = top.with_min_x(rect.left() + WORDS_X).with_max_x(answer.1 - 12.0);
            self.words(painter, words, t.text)
        };
        let sentence = format!("{} {}", self.title, self.cause);
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, sentence.trim_end()));
        if is_cut {
            crate::gui::widgets::tooltip(response, &sentence, None);
        }
        answer.0
    }

    /// Draws the text on one or two lines. Returns true if it was truncated.
    fn words(&self, painter: &Painter, room: Rect, colour: Color32) -> bool {
        const GAP: f32 = 12.0;
        const LINE: f32 = 9.0;
        let (medium, plain) = (theme::medium(measure::TEXT_LABEL), theme::ui_font(measure::TEXT_LABEL));
        let title = paint::elided(painter, self.title, medium, colour, room.width());
        let cause = paint::elided(painter, self.cause, plain, colour, room.width());
        let is_cut = title.elided || cause.elided;
        let fits = title.size().x + GAP + cause.size().x <= room.width();
        let y = room.center().y;
        let cause_at = if fits { pos2(room.left() + title.size().x + GAP, y) } else { pos2(room.left(), y + LINE) };
        let y = if fits || self.cause.is_empty() { y } else { y - LINE };
        paint::put(painter, pos2(room.left(), y), At::Left, measure::TEXT_LABEL, title, colour);
        paint::put(painter, cause_at, At::Left, measure::TEXT_LABEL, cause, colour);
        is_cut
    }

    /// Draws × at the top and the actions at the bottom. Returns the response.
    fn narrow(&self, ui: &mut Ui, rect: Rect, id: egui::Id) -> (Option<BannerAnswer>, f32) {
        let close = Self { actions: &[], ..*self };
        let (closed, begin) = close.buttons(ui, rect.with_max_y(rect.top() + measure::BANNER), id);
        let rows = self.action_rows(ui.painter(), rect.width()) as f32;
        let top = rect.bottom() - PADDING - rows * (measure::CONTROL + ROW_GAP) + ROW_GAP;
        let foot = Rect::from_min_max(pos2(rect.left() + WORDS_X, top), pos2(rect.right() - PADDING, rect.bottom()));
        let builder = UiBuilder::new().max_rect(foot).id_salt((id, "actions"));
        let mut answer = closed;
        let layout = Layout::left_to_right(Align::Min).with_main_wrap(true);
        ui.scope_builder(builder.layout(layout), |ui| {
            ui.spacing_mut().item_spacing = vec2(measure::GAP, ROW_GAP);
            for (index, words) in self.actions.iter().enumerate() {
                if ui.add(Button::plain(words).size(ACTION, measure::CONTROL)).clicked() {
                    answer = Some(BannerAnswer::Action(index));
                }
            }
        });
        (answer, begin)
    }

    /// Draws the buttons at the right. Returns the response and the x coordinate where the buttons start.
    fn buttons(&self, ui: &mut Ui, rect: Rect, id: egui::Id) -> (Option<BannerAnswer>, f32) {
        let mut answer = None;
        let inner = rect.shrink2(vec2(8.0, 0.0));
        let builder = UiBuilder::new().max_rect(inner).layout(Layout::right_to_left(Align::Center)).id_salt(id);
        let begin = ui
            .scope_builder(builder, |ui| {
                if ui.add(IconButton::new(icons::X, self.close_name).icon_size(measure::ICON_ROW)).clicked() {
                    answer = Some(BannerAnswer::Closed);
                }
                for (index, words) in self.actions.iter().enumerate().rev() {
                    if ui.add(Button::plain(words).size(ACTION, measure::CONTROL)).clicked() {
                        answer = Some(BannerAnswer::Action(index));
                    }
                }
                ui.min_rect().left()
            })
            .inner;
        (answer, begin)
    }
}
