//! The icons of the window at the top right.

use crate::gui::action::{Action, AppAction, TabAction};
use crate::gui::context::Panels;
use crate::gui::icons;
use crate::gui::keys::Command;
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::{IconButton, paint};
use crate::settings::Theme;
use crate::words::Text;
use egui::accesskit::Role;
use egui::{Sense, Ui, WidgetInfo, pos2, vec2};

/// Below this width the tab bar leaves out theme and language, which the settings have too: the front tab needs the room.
const ROOMY: f32 = 300.0;

/// Draws the icons from right to left.
pub fn show(ui: &mut Ui, panels: &mut Panels<'_>, split: bool) {
    let is_roomy = ui.available_width() >= ROOMY;
    ui.spacing_mut().item_spacing.x = 4.0;
    ui.add_space(8.0);
    if ui
        .add(IconButton::new(icons::GEAR_SIX, panels.text(Text::Settings)).shortcut(panels.key(Command::Settings)))
        .clicked()
    {
        panels.actions.push(Action::App(AppAction::OpenSettings));
    }
    if !is_roomy {
        if split {
            split_button(ui, panels, split);
        }
        return;
    }
    // Named in the language that it switches to.
    let other = panels.lang.next();
    if ui.add(IconButton::new(icons::TRANSLATE, Text::SwitchLanguage.of(other))).clicked() {
        panels.actions.push(Action::App(AppAction::SetLang(Some(other))));
    }
    let (icon, name, theme) = if panels.dark {
        (icons::SUN, Text::LightTheme, Theme::Light)
    } else {
        (icons::MOON, Text::DarkTheme, Theme::Dark)
    };
    if ui.add(IconButton::new(icon, panels.text(name))).clicked() {
        panels.actions.push(Action::App(AppAction::SetTheme(theme)));
    }
    split_button(ui, panels, split);
}

fn split_button(ui: &mut Ui, panels: &mut Panels<'_>, split: bool) {
    let name = panels.text(if split { Text::Unsplit } else { Text::Split });
    if ui.add(IconButton::new(icons::COLUMNS, name).on(split)).clicked() {
        panels.actions.push(Action::Tab(TabAction::ToggleSplit));
    }
    palette(ui, panels);
}

/// The button of the command palette; where tabs need the room it is only its icon.
fn palette(ui: &mut Ui, panels: &mut Panels<'_>) {
    let (name, keys) = (panels.lang.texts().palette(), panels.key(Command::Palette));
    if ui.ctx().content_rect().width() < measure::SIDE_NARROW_BELOW {
        if ui.add(IconButton::new(icons::TERMINAL, name).shortcut(keys)).clicked() {
            panels.actions.push(Action::App(AppAction::TogglePalette));
        }
        return;
    }
    ui.add_space(2.0);
    let t = theme::tokens(ui);
    let words = paint::line(ui.painter(), name, theme::ui_font(measure::TEXT_LABEL), t.text);
    let keys = paint::line(ui.painter(), keys, theme::ui_font(measure::TEXT_SMALL), t.muted);
    let width = 34.0 + words.size().x + 12.0 + keys.size().x + 12.0;
    let (rect, response) = ui.allocate_exact_size(vec2(width, measure::CONTROL), Sense::click());
    let over = response.hovered();
    paint::plate(
        ui.painter(),
        rect,
        measure::RADIUS,
        if over { t.hover } else { t.chrome },
        if over { t.line_hover } else { t.line },
    );
    let y = rect.center().y;
    paint::icon(ui.painter(), pos2(rect.left() + 18.0, y), icons::TERMINAL, measure::ICON_ROW, t.muted);
    let at = pos2(rect.left() + 34.0, y);
    paint::put(ui.painter(), at, paint::At::Left, measure::TEXT_LABEL, words, t.text);
    let at = pos2(rect.right() - 12.0, y);
    paint::put(ui.painter(), at, paint::At::Right, measure::TEXT_SMALL, keys, t.muted);
    if response.has_focus() {
        paint::focus_ring_inside(ui.painter(), rect, measure::RADIUS, t);
    }
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    if response.clicked() {
        panels.actions.push(Action::App(AppAction::TogglePalette));
    }
}
