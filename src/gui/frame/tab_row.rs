//! The tab row of the dock and of the drawer.

use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::paint;
use egui::accesskit::Role;
use egui::{Rect, Sense, Ui, WidgetInfo, pos2, vec2};

/// Distance between the labels of two tabs, and the least one where there is little room.
const GAP: f32 = 16.0;
const LEAST_GAP: f32 = 4.0;
/// No label is cut to less than this.
const LEAST_LABEL: f32 = 16.0;
/// Distance between a label and its number.
const BESIDE: f32 = 5.0;

/// One tab.
pub struct TabLabel<'a> {
    /// Visible label.
    pub label: &'a str,
    /// Accessible name.
    pub name: &'a str,
    /// It is the active tab.
    pub front: bool,
    /// The number beside the label; 0 for none.
    pub count: usize,
}

/// How the tabs fit into their row.
#[derive(Clone, Copy)]
struct Pitch {
    /// Size of the labels.
    size: f32,
    /// Distance between two of them.
    gap: f32,
    /// Width at which a label is cut.
    most: f32,
}

/// Where the room is short, the labels move closer together, then get smaller, and then the longest ones are cut.
fn pitch(ui: &Ui, room: f32, tabs: &[TabLabel<'_>]) -> Pitch {
    #[expect(clippy::cast_precision_loss, reason = "a few tabs")]
    let count = tabs.len().max(1) as f32;
    let widths = |size: f32| -> Vec<f32> {
        let colour = theme::tokens(ui).text;
        let font = |tab: &TabLabel<'_>| if tab.front { theme::medium(size) } else { theme::ui_font(size) };
        tabs.iter().map(|tab| paint::line(ui.painter(), tab.label, font(tab), colour).size().x).collect()
    };
    let small = theme::ui_font(measure::TEXT_SMALL);
    let number = |tab: &TabLabel<'_>| {
        let number = paint::line(ui.painter(), tab.count.to_string(), small.clone(), theme::tokens(ui).text);
        number.size().x + BESIDE
    };
    let numbers: f32 = tabs.iter().filter(|tab| tab.count > 0).map(number).sum();
    let mut pitch = Pitch { size: measure::TEXT_LABEL, gap: GAP, most: f32::INFINITY };
    for size in [measure::TEXT_LABEL, measure::TEXT_SMALL] {
        pitch.size = size;
        pitch.gap = (room - numbers - widths(size).iter().sum::<f32>()) / count;
        if pitch.gap >= LEAST_GAP {
            return Pitch { gap: pitch.gap.min(GAP), ..pitch };
        }
    }
    let widths = widths(pitch.size);
    let room = room - numbers - LEAST_GAP * count;
    let mut most = widths.iter().copied().fold(0.0, f32::max).ceil();
    while most > LEAST_LABEL && widths.iter().map(|width| width.min(most)).sum::<f32>() > room {
        most -= 1.0;
    }
    Pitch { gap: LEAST_GAP, most, ..pitch }
}

/// Draws the tabs from the left edge of `row`. Returns the clicked tab and the right edge of the tabs. Tabs that do not fit are
/// omitted.
pub fn show(ui: &mut Ui, row: Rect, tabs: &[TabLabel<'_>]) -> (Option<usize>, f32) {
    let t = theme::tokens(ui);
    let mut clicked = None;
    let mut x = row.left();
    let Pitch { size, gap, most } = pitch(ui, row.width(), tabs);
    for (index, tab) in tabs.iter().enumerate() {
        let font = if tab.front { theme::medium(size) } else { theme::ui_font(size) };
        let mut galley = paint::line(ui.painter(), tab.label, font.clone(), t.text);
        if galley.size().x > most {
            galley = paint::elided(ui.painter(), tab.label, font, t.text, most);
        }
        let count = if tab.count > 0 { tab.count.to_string() } else { String::new() };
        let count = paint::line(ui.painter(), count, theme::ui_font(measure::TEXT_SMALL), t.muted);
        let beside = if tab.count > 0 { count.size().x + BESIDE } else { 0.0 };
        let rect = Rect::from_min_size(pos2(x, row.top()), vec2(galley.size().x + beside + gap, row.height()));
        if rect.right() > row.right() + gap / 2.0 + 0.5 {
            break;
        }
        let response = ui.interact(rect, ui.scope_id().with(("tab", tab.name)), Sense::click());
        response.widget_info(|| WidgetInfo::selected(Role::Tab, true, tab.front, tab.name));
        let colour = if tab.front || response.hovered() { t.text } else { t.muted };
        let at = pos2(rect.left() + gap / 2.0, rect.center().y);
        paint::put(ui.painter(), at, paint::At::Left, size, galley, colour);
        let at = pos2(rect.right() - gap / 2.0, rect.center().y);
        paint::put(ui.painter(), at, paint::At::Right, measure::TEXT_SMALL, count, t.muted);
        if tab.front {
            let line = Rect::from_min_max(
                pos2(rect.left() + gap / 2.0, row.bottom() - 2.0),
                pos2(rect.right() - gap / 2.0, row.bottom()),
            );
            ui.painter().rect_filled(line, 0.0, t.accent);
        }
        if response.has_focus() {
            paint::focus_ring_inside(ui.painter(), rect.shrink(3.0), measure::RADIUS_CHECK, t);
        }
        if response.clicked() {
            clicked = Some(index);
        }
        x = rect.right();
    }
    (clicked, x)
}
