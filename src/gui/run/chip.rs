//! The chip of the status line while steps run.

use crate::gui::action::{Action, RunAction, ViewAction};
use crate::gui::context::Panels;
use crate::gui::frame::places::DockTab;
use crate::gui::icons;
use crate::gui::session::Session;
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::{IconButton, paint};
use egui::accesskit::Role;
use egui::{Color32, CursorIcon, Rect, Sense, Ui, WidgetInfo, pos2, vec2};

/// Height of the chip.
const HEIGHT: f32 = 20.0;

/// Draws the chip at the left of `room`. Its words open the steps, its cross stops the run. Returns its right edge.
pub fn show(ui: &Ui, panels: &mut Panels<'_>, session: &Session, room: Rect) -> f32 {
    if !session.runs.is_running() {
        return room.left();
    }
    let (t, texts) = (theme::tokens(ui), panels.lang.texts());
    let at = session.runs.current.map_or(0, |(index, _)| index + 1);
    let words = texts.run_chip(at, session.runs.steps().len());
    let galley = paint::line(ui.painter(), words.as_str(), theme::ui_font(measure::TEXT_SMALL), Color32::PLACEHOLDER);
    let width = galley.size().x + 32.0;
    if width > room.width() {
        return room.left();
    }
    let chip = Rect::from_min_size(pos2(room.left(), room.center().y - HEIGHT / 2.0), vec2(width, HEIGHT));
    let open = chip.with_max_x(chip.right() - HEIGHT);
    let id = ui.scope_id().with("run chip");
    let response = ui.interact(open, id, Sense::click()).on_hover_cursor(CursorIcon::PointingHand);
    ui.painter().rect_filled(chip, measure::RADIUS_SEGMENT, if response.hovered() { t.soft } else { t.toggle_on });
    let at = pos2(chip.left() + 8.0, chip.center().y);
    paint::put(ui.painter(), at, paint::At::Left, measure::TEXT_SMALL, galley, t.text);
    if response.has_focus() {
        paint::focus_ring_inside(ui.painter(), open, measure::RADIUS_SEGMENT, t);
    }
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, words.as_str()));
    if response.clicked() {
        panels.actions.push(Action::Run(RunAction::Show(session.id)));
        panels.actions.push(Action::View(ViewAction::ShowDock(session.id, DockTab::Sends)));
    }
    let cross = Rect::from_center_size(pos2(chip.right() - HEIGHT / 2.0, chip.center().y), vec2(HEIGHT, HEIGHT));
    let button = IconButton::new(icons::X, texts.run_view("stop-run")).small(measure::ICON_SMALL);
    if button.at(ui, cross, id.with("x")).clicked() {
        panels.actions.push(Action::Run(RunAction::Stop(session.id)));
    }
    chip.right()
}
