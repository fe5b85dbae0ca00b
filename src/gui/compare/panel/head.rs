//! The header of a comparison: summary, actions, and the source of each side.

use crate::gui::compare::panel::columns::Columns;
use crate::gui::compare::state::Comparison;
use crate::gui::context::{Panels, within};
use crate::gui::icons;
use crate::gui::keys::Command;
use crate::gui::log::Side;
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::{Checkbox, IconButton, paint, tooltip};
use crate::words::Lang;
use crate::words::Text;
use egui::accesskit::Role;
use egui::{Align, Color32, CornerRadius, Layout, Rect, Sense, Ui, WidgetInfo, pos2, vec2};

/// Height of the first row: summary and buttons.
const SUM: f32 = 36.0;
/// Height of the row with the sources, and of the row with the note.
const LINE: f32 = 24.0;

/// The button that was clicked.
pub enum Answer {
    Close,
    /// To the next difference (true), or the previous one.
    Step(bool),
    Swap,
    /// Equal rows were folded or unfolded.
    Folded,
}

/// Height of the header.
pub fn height(comparison: &Comparison) -> f32 {
    SUM + LINE + if has_note(comparison) { LINE } else { 0.0 }
}

/// Draws the header into all of `ui`.
pub fn show(ui: &mut Ui, panels: &Panels<'_>, comparison: &mut Comparison, columns: &Columns) -> Option<Answer> {
    let t = theme::tokens(ui);
    let rect = ui.max_rect();
    let (top, below) = rect.split_top_bottom_at_y(rect.top() + SUM);
    let inner = top.shrink2(vec2(measure::MARGIN, 0.0));
    let (answer, left) = within(ui, inner, "buttons", Layout::right_to_left(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        let answer = buttons(ui, panels, comparison);
        (answer, ui.min_rect().left())
    });
    let room = Rect::from_min_max(inner.min, pos2(left - measure::GAP, inner.bottom()));
    let sum = sum(comparison, panels.lang);
    words_at(ui, room, "sum", &sum, &theme::medium(measure::TEXT_LABEL), t.text);

    let second = columns.second(rect);
    let (line, note) = below.split_top_bottom_at_y(below.top() + LINE);
    let (left, right) = line.split_left_right_at_x(second);
    side(ui, left, Text::LeftSide.of(panels.lang), t.error_ground, &comparison.sides[0], panels.lang);
    side(ui, right, Text::RightSide.of(panels.lang), t.added_ground, &comparison.sides[1], panels.lang);
    if has_note(comparison) {
        let y = note.center().y;
        paint::icon_fill(ui.painter(), pos2(note.left() + 19.0, y), icons::WARNING, measure::ICON_ROW, t.warning);
        let room = Rect::from_min_max(note.min + vec2(32.0, 0.0), note.max - vec2(measure::MARGIN, 0.0));
        let font = theme::ui_font(measure::TEXT_SMALL);
        words_at(ui, room, "note", &self::note(comparison, panels.lang), &font, t.warning);
    }
    paint::hairline_h(ui.painter(), rect.left()..=rect.right(), rect.bottom() - 1.0, t.soft);
    answer
}

/// Draws the buttons, right-aligned.
fn buttons(ui: &mut Ui, panels: &Panels<'_>, comparison: &mut Comparison) -> Option<Answer> {
    let mut answer = None;
    let close = IconButton::new(icons::X, panels.text(Text::CloseComparison)).shortcut("Esc");
    if ui.add(close.icon_size(measure::ICON_ROW)).clicked() {
        answer = Some(Answer::Close);
    }
    if ui.add(IconButton::new(icons::ARROWS_LEFT_RIGHT, panels.text(Text::SwapSides))).clicked() {
        answer = Some(Answer::Swap);
    }
    let has_any = comparison.outcome().is_some_and(|outcome| !outcome.table.differences().is_empty());
    for (icon, name, command, forward) in [
        (icons::CARET_DOWN, Text::NextDifference, Command::NextDifference, true),
        (icons::CARET_UP, Text::PreviousDifference, Command::PreviousDifference, false),
    ] {
        if ui.add_enabled(has_any, IconButton::new(icon, panels.text(name)).shortcut(panels.key(command))).clicked() {
            answer = Some(Answer::Step(forward));
        }
    }
    ui.add_space(measure::GAP);
    let fold = Checkbox::new(&mut comparison.only_differences, panels.text(Text::OnlyDifferences));
    if ui.add(fold).changed() {
        answer = Some(Answer::Folded);
    }
    answer
}

/// Draws `Left` on the background of bytes that only the left side has, then the source of the side. The right side likewise.
fn side(ui: &Ui, rect: Rect, name: &str, ground: Color32, side: &Side, lang: Lang) {
    let t = theme::tokens(ui);
    let painter = ui.painter();
    let y = rect.center().y;
    let font = theme::medium(measure::TEXT_SMALL);
    let galley = paint::line(painter, name, font, t.text);
    let left = rect.left() + measure::MARGIN;
    let plate = Rect::from_min_size(pos2(left, y - 9.0), vec2(galley.size().x + 12.0, 18.0));
    painter.rect_filled(plate, CornerRadius::same(measure::RADIUS_CHECK), ground);
    paint::put(painter, pos2(left + 6.0, y), paint::At::Left, measure::TEXT_SMALL, galley, t.text);
    let room =
        Rect::from_min_max(pos2(plate.right() + measure::GAP, rect.top()), rect.max - vec2(measure::MARGIN, 0.0));
    let words = side.about(lang);
    words_at(ui, room, name, &words, &theme::ui_font(measure::TEXT_SMALL), t.muted);
}

/// Draws text with its own accessible name, and a tooltip if it is truncated.
fn words_at(ui: &Ui, room: Rect, salt: &str, words: &str, font: &egui::FontId, colour: Color32) {
    let painter = ui.painter();
    let galley = paint::elided(painter, words, font.clone(), colour, room.width());
    let is_cut = galley.elided;
    paint::put(painter, pos2(room.left(), room.center().y), paint::At::Left, font.size, galley, colour);
    let response = ui.interact(room, ui.scope_id().with(("words", salt)), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
    if is_cut {
        tooltip(response, words, None);
    }
}

/// The summary: `3 differences · left 12 bytes · right 14 bytes`.
fn sum(comparison: &Comparison, lang: Lang) -> String {
    let Some(outcome) = comparison.outcome() else { return String::new() };
    let count = outcome.table.differences().len();
    let [left, right] = [0, 1].map(|index| u64::try_from(comparison.sides[index].bytes.len()).unwrap_or(u64::MAX));
    let differences = match comparison.current {
        _ if count == 0 => return lang.texts().all_the_same(left),
        None => lang.texts().differences(count),
        Some(at) => lang.texts().difference_of(at + 1, count),
    };
    lang.texts().with_lengths(&differences, left, right)
}

fn has_note(comparison: &Comparison) -> bool {
    let is_part = |side: &std::sync::Arc<Side>| side.is_cut || side.missing > 0;
    comparison.sides.iter().any(is_part) || comparison.outcome().is_some_and(|outcome| outcome.table.is_rough())
}

/// The note about what the comparison does not cover.
fn note(comparison: &Comparison, lang: Lang) -> String {
    let mut parts = Vec::new();
    let texts = lang.texts();
    for (side, name) in comparison.sides.iter().zip([texts.left_side(), texts.right_side()]) {
        if side.is_cut {
            parts.push(texts.only_first_compared(name, u64::try_from(side.bytes.len()).unwrap_or(u64::MAX)));
        }
        if side.missing > 0 {
            parts.push(texts.missing_in_side(name, side.missing));
        }
    }
    if comparison.outcome().is_some_and(|outcome| outcome.table.is_rough()) {
        parts.push(Text::ComparedRoughly.of(lang).to_owned());
    }
    parts.join(lang.texts().semicolon())
}
