//! The tab row of the dock and of the drawer.

use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::paint;
use egui::accesskit::Role;
use egui::{Rect, Sense, Ui, WidgetInfo, pos2, vec2};

/// Distance between the labels of two tabs.
const GAP: f32 = 16.0;

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

/// Draws the tabs from the left edge of `row`. Returns the clicked tab and the right edge of the tabs. Tabs that do not fit are
/// omitted.
pub fn show(ui: &mut Ui, row: Rect, tabs: &[TabLabel<'_>]) -> (Option<usize>, f32) {
    let t = theme::tokens(ui);
    let mut clicked = None;
    let mut x = row.left();
    for (index, tab) in tabs.iter().enumerate() {
        let font = if tab.front { theme::medium(measure::TEXT_LABEL) } else { theme::ui_font(measure::TEXT_LABEL) };
        let galley = ui.painter().layout_no_wrap(tab.label.to_owned(), font, t.text);
        let count = if tab.count > 0 { tab.count.to_string() } else { String::new() };
        let count = paint::line(ui.painter(), count, theme::ui_font(measure::TEXT_SMALL), t.muted);
        let beside = if tab.count > 0 { count.size().x + 5.0 } else { 0.0 };
        let rect = Rect::from_min_size(pos2(x, row.top()), vec2(galley.size().x + beside + GAP, row.height()));
        if rect.right() > row.right() + GAP / 2.0 {
            break;
        }
        let response = ui.interact(rect, ui.scope_id().with(("tab", tab.name)), Sense::click());
        response.widget_info(|| WidgetInfo::selected(Role::Tab, true, tab.front, tab.name));
        let colour = if tab.front || response.hovered() { t.text } else { t.muted };
        let at = pos2(rect.left() + GAP / 2.0, rect.center().y);
        paint::put(ui.painter(), at, paint::At::Left, measure::TEXT_LABEL, galley, colour);
        let at = pos2(rect.right() - GAP / 2.0, rect.center().y);
        paint::put(ui.painter(), at, paint::At::Right, measure::TEXT_SMALL, count, t.muted);
        if tab.front {
            let line = Rect::from_min_max(
                pos2(rect.left() + GAP / 2.0, row.bottom() - 2.0),
                pos2(rect.right() - GAP / 2.0, row.bottom()),
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
