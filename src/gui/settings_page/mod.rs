//! The settings page: preferences, and the stored captures.

pub mod remarks;
pub mod state;

use crate::gui::action::{Action, AppAction, CaptureAction, ViewAction};
use crate::gui::context::Panels;
use crate::gui::icons;
use crate::gui::settings_page::remarks::{error_words, hint};
use crate::gui::settings_page::state::{LIMIT_LEAST, SettingsPage, SettingsTab, Shown};
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::{Checkbox, Combo, Field, IconButton, Segmented, dialog, form_label, paint};
use crate::settings::{Preferences, Theme};
use crate::words::Text;
use crate::words::{self, Lang};
use egui::accesskit::Role;
use egui::{Align, Layout, Margin, Rect, Sense, Ui, WidgetInfo, pos2, vec2};

/// Zooms to choose from.
const ZOOMS: [f32; 7] = [0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 2.0];
const WIDTH: f32 = 768.0;
const BODY: f32 = 440.0;
const FIELD_X: f32 = 176.0;

/// Draws the page over the window.
pub fn show(ctx: &egui::Context, panels: &mut Panels<'_>, mut shown: Shown<'_>) {
    let response = dialog(ctx, "settings").show(ctx, |ui| {
        let room = ui.ctx().content_rect();
        let width = WIDTH.min(room.width() - 48.0);
        let body = BODY.min(room.height() - 120.0);
        ui.set_width(width);
        ui.spacing_mut().item_spacing = vec2(measure::GAP, 0.0);
        head(ui, panels, &mut shown);
        let margin = Margin { left: 24, right: 24, top: 16, bottom: 16 };
        egui::Frame::new().inner_margin(margin).show(ui, |ui| {
            ui.set_height(body);
            match shown.page.tab {
                // In a low window, or at a large zoom, the rows do not fit.
                SettingsTab::General => {
                    let scroll = egui::ScrollArea::vertical().auto_shrink(false);
                    scroll.show(ui, |ui| general(ui, panels, &mut shown));
                }
                SettingsTab::Captures => crate::gui::captures::page::show(ui, panels, &mut shown),
            }
        });
    });
    if response.should_close() {
        panels.actions.push(Action::App(AppAction::CloseSettings));
    }
}

fn head(ui: &mut Ui, panels: &mut Panels<'_>, shown: &mut Shown<'_>) {
    let t = theme::tokens(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 56.0), Sense::hover());
    let at = pos2(rect.left() + 24.0, rect.center().y);
    paint::text(ui.painter(), at, paint::At::Left, panels.text(Text::Settings), theme::medium(16.0), t.text);
    paint::hairline_h(ui.painter(), rect.left()..=rect.right(), rect.bottom() - 1.0, t.soft);
    let inner = rect.shrink2(vec2(14.0, 0.0));
    crate::gui::context::within(ui, inner, "head", Layout::right_to_left(Align::Center), |ui| {
        if ui.add(IconButton::new(icons::X, panels.text(Text::CloseDialog))).clicked() {
            panels.actions.push(Action::App(AppAction::CloseSettings));
        }
    });
    let width = 240.0;
    let place = Rect::from_center_size(rect.center(), vec2(width, measure::CONTROL));
    crate::gui::context::within(ui, place, "tabs", Layout::top_down(Align::Min), |ui| {
        let items =
            [(SettingsTab::General, panels.text(Text::General)), (SettingsTab::Captures, panels.text(Text::Captures))];
        let changed =
            Segmented::new(panels.text(Text::Settings), &items).width(width).show(ui, &mut shown.page.tab).changed();
        if changed && shown.page.tab == SettingsTab::Captures {
            panels.actions.push(Action::Capture(CaptureAction::List));
        }
    });
}

fn row(ui: &mut Ui, label: &str, control: impl FnOnce(&mut Ui)) {
    let at = Rect::from_min_size(ui.cursor().min, vec2(FIELD_X, measure::CONTROL));
    form_label(ui, at, label, FIELD_X - 8.0);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        ui.add_space(FIELD_X);
        ui.spacing_mut().item_spacing.x = measure::GAP;
        control(ui);
    });
    ui.add_space(8.0);
}

fn general(ui: &mut Ui, panels: &mut Panels<'_>, shown: &mut Shown<'_>) {
    let preferences = &mut *shown.preferences;
    row(ui, panels.text(Text::Language), |ui| {
        let own_names = Lang::ALL.map(|lang| (Some(lang), lang.own_name()));
        let items: Vec<_> = std::iter::once((None, panels.text(Text::LanguageSystem))).chain(own_names).collect();
        let mut lang = preferences.lang;
        if Combo::new(panels.text(Text::Language)).width(200.0).show(ui, &mut lang, &items).changed() {
            panels.actions.push(Action::App(AppAction::SetLang(lang)));
        }
    });
    row(ui, panels.text(Text::Theme), |ui| {
        let items = [
            (Theme::System, panels.text(Text::ThemeSystem)),
            (Theme::Light, panels.text(Text::ThemeLight)),
            (Theme::Dark, panels.text(Text::ThemeDark)),
        ];
        let mut theme = shown.theme;
        if Segmented::new(panels.text(Text::Theme), &items).show(ui, &mut theme).changed() {
            panels.actions.push(Action::App(AppAction::SetTheme(theme)));
        }
    });
    row(ui, panels.text(Text::Zoom), |ui| {
        let mut zoom = preferences.zoom;
        let mut steps = ZOOMS.to_vec();
        // Ctrl with plus or minus stops between the steps too.
        if !steps.contains(&zoom) {
            steps.push(zoom);
            steps.sort_by(f32::total_cmp);
        }
        let words: Vec<String> = steps.iter().map(|zoom| format!("{:.0} %", zoom * 100.0)).collect();
        let items: Vec<(f32, &str)> = steps.iter().zip(&words).map(|(zoom, words)| (*zoom, words.as_str())).collect();
        if Combo::new(panels.text(Text::Zoom)).width(120.0).show(ui, &mut zoom, &items).changed() {
            preferences.zoom = zoom;
            panels.actions.push(Action::App(AppAction::SetZoom(zoom)));
        }
    });
    separator(ui);
    limit_row(ui, panels, shown.page, preferences);
    kept_files_row(ui, panels, shown.page, preferences);
    retention_row(ui, panels, shown.page, preferences);
    row(ui, "", |ui| {
        ui.add(Checkbox::new(&mut preferences.delete_on_close, panels.text(Text::DeleteOnClose)));
        hint(ui, panels.text(Text::NextSessions));
    });
    separator(ui);
    path_row(ui, panels, Text::DataFolder, &shown.paths.captures_dir.display().to_string());
    path_row(ui, panels, Text::SettingsFile, &shown.paths.settings_file.display().to_string());
}

fn limit_row(ui: &mut Ui, panels: &Panels<'_>, page: &mut SettingsPage, preferences: &mut Preferences) {
    let parsed = words::parse_size(&page.limit);
    let error = match parsed {
        None => Some(panels.text(Text::CaptureLimitBad)),
        Some(bytes) if bytes < LIMIT_LEAST => Some(panels.text(Text::CaptureLimitSmall)),
        Some(_) => None,
    };
    row(ui, panels.text(Text::CaptureLimit), |ui| {
        let field = Field::new(&mut page.limit, panels.text(Text::CaptureLimit)).width(120.0).error(error.map(|_| ""));
        let changed = field.show(ui).changed();
        match error {
            Some(words) => error_words(ui, words),
            None => hint(ui, panels.text(Text::CaptureLimitHint)),
        }
        if changed && let Some(bytes) = words::parse_size(&page.limit).filter(|bytes| *bytes >= LIMIT_LEAST) {
            preferences.capture_limit_bytes = bytes;
        }
    });
}

fn kept_files_row(ui: &mut Ui, panels: &Panels<'_>, page: &mut SettingsPage, preferences: &mut Preferences) {
    let parse = |text: &str| words::parse_size(text).filter(|bytes| Preferences::KEPT_FILE_BYTES.contains(bytes));
    let wrong = parse(&page.kept_files).is_none();
    row(ui, panels.text(Text::KeptFiles), |ui| {
        let field = Field::new(&mut page.kept_files, panels.text(Text::KeptFiles)).width(120.0);
        let changed = field.error(wrong.then_some("")).show(ui).changed();
        if wrong {
            error_words(ui, panels.text(Text::KeptFilesBad));
        } else {
            hint(ui, panels.text(Text::KeptFilesHint));
        }
        if changed && let Some(bytes) = parse(&page.kept_files) {
            preferences.kept_file_bytes = bytes;
        }
    });
}

fn retention_row(ui: &mut Ui, panels: &Panels<'_>, page: &mut SettingsPage, preferences: &mut Preferences) {
    let parse = |text: &str| match text.trim() {
        "" => Ok(None),
        text => text.parse::<u32>().map(Some).map_err(|_| ()).and_then(|days| match days {
            Some(count) if Preferences::RETENTION_DAYS.contains(&count) => Ok(days),
            _ => Err(()),
        }),
    };
    let wrong = parse(&page.retention).is_err();
    row(ui, panels.text(Text::Retention), |ui| {
        let field = Field::new(&mut page.retention, panels.text(Text::Retention)).width(120.0);
        let changed = field.error(wrong.then_some("")).show(ui).changed();
        if wrong {
            error_words(ui, panels.text(Text::RetentionBad));
        } else {
            hint(ui, panels.text(Text::RetentionHint));
        }
        if changed && let Ok(days) = parse(&page.retention) {
            preferences.retention_days = days;
        }
    });
}

fn separator(ui: &mut Ui) {
    let t = theme::tokens(ui);
    ui.add_space(4.0);
    paint::hairline(ui, t.soft);
    ui.add_space(12.0);
}

fn path_row(ui: &mut Ui, panels: &mut Panels<'_>, label: Text, path: &str) {
    row(ui, panels.text(label), |ui| {
        let t = theme::tokens(ui);
        let width = ui.available_width() - 36.0;
        let (rect, response) = ui.allocate_exact_size(vec2(width, measure::CONTROL), Sense::hover());
        let at = pos2(rect.left(), rect.center().y);
        paint::text_elided(ui.painter(), at, path, theme::mono(measure::TEXT_LABEL), t.text, width);
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, path));
        if ui.push_id(path, |ui| ui.add(IconButton::new(icons::COPY, panels.text(Text::Copy)))).inner.clicked() {
            panels.actions.push(Action::View(ViewAction::CopyText(path.to_owned())));
        }
    });
}
