//! The left column: the form of the focused session.

use crate::gui::action::{Action, AppAction};
use crate::gui::context::{Panels, within};
use crate::gui::icons;
use crate::gui::keys::Command;
use crate::gui::keys::place::arrival;
use crate::gui::session::Session;
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::{GroupHeader, IconButton, paint};
use crate::settings::SavedRule;
use crate::words::Text;
use egui::{Align, Layout, Margin, Rect, Ui, pos2, vec2};

/// Which groups are expanded; shared by all sessions.
#[derive(Clone, Copy, Debug)]
pub struct Folds {
    pub network: bool,
    pub more: bool,
    pub receive: bool,
}

impl Default for Folds {
    fn default() -> Self {
        Self { network: true, more: false, receive: true }
    }
}

/// Draws the column into all of `ui`.
pub fn show(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session, folds: &mut Folds, rules: &[SavedRule]) {
    let t = theme::tokens(ui);
    let rect = ui.max_rect();
    let (head, body) = rect.split_top_bottom_at_y(rect.top() + measure::TAB_BAR);
    header(ui, panels, head);
    paint::hairline_h(ui.painter(), head.left()..=head.right(), head.bottom(), t.line);
    let body = Rect::from_min_max(pos2(body.left(), body.top() + 1.0), body.max);
    within(ui, body, ("side", session.id.0), Layout::top_down(Align::Min), |ui| {
        // The scroll bar overlays the padding, so that fields keep their width when the form grows.
        ui.spacing_mut().scroll.floating_allocated_width = 0.0;
        egui::ScrollArea::vertical().auto_shrink(false).id_salt("form").show(ui, |ui| {
            egui::Frame::new().inner_margin(Margin::symmetric(16, 0)).show(ui, |ui| {
                ui.spacing_mut().item_spacing = vec2(0.0, measure::FORM_PITCH - measure::CONTROL);
                if session.archive.is_some() {
                    crate::gui::network::panel::archive(ui, panels, session);
                } else {
                    group(ui, panels, (Text::Network, Text::NetworkName), &mut folds.network, |ui, panels| {
                        crate::gui::network::panel::show(ui, panels, session, &mut folds.more);
                    });
                }
                hairline(ui);
                group(ui, panels, (Text::Receive, Text::ReceiveName), &mut folds.receive, |ui, panels| {
                    crate::gui::frame::options::receive(ui, panels, session, rules);
                });
                ui.add_space(8.0);
            });
            if let Some(rect) = arrival(ui.ctx()).filter(|at| body.x_range().contains(at.center().x)) {
                ui.scroll_to_rect(rect.expand(measure::GAP), None);
            }
        });
    });
}

fn header(ui: &mut Ui, panels: &mut Panels<'_>, rect: Rect) {
    let t = theme::tokens(ui);
    let y = rect.center().y;
    paint::icon_fill(ui.painter(), pos2(rect.left() + 25.0, y), icons::PLUGS_CONNECTED, 20.0, t.accent);
    let at = pos2(rect.left() + 44.0, y);
    paint::text(ui.painter(), at, paint::At::Left, "Wirebench", theme::medium(measure::TEXT), t.text);
    let button = Rect::from_center_size(pos2(rect.right() - 29.0, y), vec2(28.0, 28.0));
    within(ui, button, "hide", Layout::top_down(Align::Min), |ui| {
        let name = panels.text(Text::HideSide);
        if ui.add(IconButton::new(icons::SIDEBAR_SIMPLE, name).shortcut(panels.key(Command::Left))).clicked() {
            panels.actions.push(Action::App(AppAction::ToggleSide));
        }
    });
}

/// Draws a collapsible group; its rows are 8 points apart.
fn group(
    ui: &mut Ui,
    panels: &mut Panels<'_>,
    (title, name): (Text, Text),
    open: &mut bool,
    rows: impl FnOnce(&mut Ui, &mut Panels<'_>),
) {
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        GroupHeader::new(panels.text(title), open).name(panels.text(name)).show(ui);
    });
    // Remove the spacing after the title.
    ui.add_space(-ui.spacing().item_spacing.y);
    if *open {
        rows(ui, panels);
        ui.add_space(8.0);
    }
}

fn hairline(ui: &mut Ui) {
    let t = theme::tokens(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 1.0), egui::Sense::hover());
    let x = rect.left() - measure::SIDE_PADDING..=rect.right() + measure::SIDE_PADDING;
    paint::hairline_h(ui.painter(), x, rect.top(), t.soft);
    ui.add_space(-ui.spacing().item_spacing.y);
}
