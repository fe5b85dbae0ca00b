//! The icons of the window at the top right.

use crate::gui::action::{Action, AppAction, TabAction};
use crate::gui::context::Panels;
use crate::gui::icons;
use crate::gui::keys::Command;
use crate::gui::widgets::IconButton;
use crate::settings::Theme;
use crate::words::Text;
use egui::Ui;

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
}
