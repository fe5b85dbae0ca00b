//! The page instead of rows: why there are none, and a button that shows them.

use crate::gui::action::{Action, ViewAction};
use crate::gui::context::{Panels, within};
use crate::gui::session::{NothingShown, Session};
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::{Button, paint};
use crate::words::Text;
use egui::accesskit::Role;
use egui::{Align, Layout, Rect, Sense, Ui, WidgetInfo, pos2, vec2};

/// Draws the page into the middle of `room`; nothing if rows are visible.
pub fn show(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session, room: Rect) {
    let Some(why) = session.nothing_shown() else { return };
    let t = theme::tokens(ui);
    let (words, way_back) = match why {
        NothingShown::Filtered => (panels.lang.texts().nothing_filtered().to_owned(), panels.text(Text::ClearFilter)),
        NothingShown::Cleared(count) => (panels.lang.texts().view_cleared(count), panels.text(Text::Restore)),
    };
    let line = paint::line(ui.painter(), words.as_str(), theme::ui_font(measure::TEXT), t.muted);
    let width = line.size().x.min(room.width() - 2.0 * measure::MARGIN);
    let at = pos2(room.center().x, room.center().y - 20.0);
    let place = Rect::from_center_size(at, vec2(width, measure::CONTROL));
    paint::text_elided(ui.painter(), pos2(place.left(), at.y), &words, theme::ui_font(measure::TEXT), t.muted, width);
    let response = ui.interact(place, ui.scope_id().with(("nothing", session.id.0)), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words.as_str()));
    let button = Rect::from_center_size(at + vec2(0.0, 36.0), vec2(120.0, measure::CONTROL));
    within(ui, button, "way back", Layout::top_down(Align::Center), |ui| {
        if !ui.add(Button::plain(way_back)).clicked() {
            return;
        }
        match why {
            NothingShown::Filtered => session.sift.form.clear(),
            NothingShown::Cleared(_) => panels.actions.push(Action::View(ViewAction::ShowAll(session.id))),
        }
        ui.ctx().request_repaint();
    });
}
