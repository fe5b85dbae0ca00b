//! What is wrong with the talk file of a tab: a band above the lists that it holds.

use crate::gui::action::{Action, TalkAction};
use crate::gui::context::Panels;
use crate::gui::icons;
use crate::gui::session::Session;
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::{Button, paint, tooltip};
use crate::settings::TalkFileError;
use crate::words;
use egui::accesskit::Role;
use egui::text::{LayoutJob, TextFormat};
use egui::{Frame, Margin, Sense, Ui, WidgetInfo, pos2, vec2};

/// Draws the band at the cursor of `ui`; nothing if all is well.
pub fn show(ui: &mut Ui, panels: &mut Panels<'_>, session: &Session) {
    if let Some((title, detail)) = sentences(panels, session) {
        let t = theme::tokens(ui);
        let is_warning = match session.talk.trouble() {
            Some(trouble) => matches!(trouble, TalkFileError::Changed(_)),
            None => session.talk.aside().is_some(),
        };
        let (ground, colour) = if is_warning { (t.warning_ground, t.warning) } else { (t.error_ground, t.error) };
        Frame::new().fill(ground).inner_margin(Margin::symmetric(12, 8)).show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.spacing_mut().item_spacing = vec2(8.0, 6.0);
            words_of(ui, &title, &detail, colour);
            buttons(ui, panels, session);
        });
    }
}

/// Title and detail.
fn sentences(panels: &Panels<'_>, session: &Session) -> Option<(String, String)> {
    let (texts, file) = (panels.lang.texts(), &session.talk);
    let path = file.path().map(|path| path.display().to_string()).unwrap_or_default();
    match file.trouble() {
        Some(TalkFileError::Changed(theirs)) => {
            return Some((texts.talk_file_changed(theirs.is_some()).to_owned(), path));
        }
        Some(TalkFileError::TooLong) => {
            return Some((texts.talk_file_failed().to_owned(), texts.talk_file_too_long().to_owned()));
        }
        Some(TalkFileError::NotUtf8) => {
            return Some((texts.talk_file_failed().to_owned(), texts.not_utf_8().to_owned()));
        }
        Some(TalkFileError::Failed(error)) => {
            return Some((texts.talk_file_failed().to_owned(), words::error_sentence(error, panels.lang)));
        }
        None => {}
    }
    if let Some((path, _)) = file.aside() {
        return Some((texts.talk_aside_found().to_owned(), path.display().to_string()));
    }
    let first = file.errors().first()?;
    let place = words::talk_place(file.document().source(), first.span.start);
    let title = texts.talk_error_at(place.line, &words::talk_sentence(&first.kind, panels.lang));
    let more = file.errors().len() - 1;
    Some((title, if more > 0 { texts.talk_errors_more(more) } else { String::new() }))
}

fn words_of(ui: &mut Ui, title: &str, detail: &str, colour: egui::Color32) {
    let t = theme::tokens(ui);
    let left = 22.0;
    let mut job = LayoutJob::default();
    job.append(title, 0.0, TextFormat::simple(theme::ui_font(measure::TEXT_LABEL), t.text));
    if !detail.is_empty() {
        let format = TextFormat::simple(theme::ui_font(measure::TEXT_SMALL), t.muted);
        job.append(&format!("\n{detail}"), 0.0, format);
    }
    job.wrap.max_width = (ui.available_width() - left).max(1.0);
    job.wrap.max_rows = 6;
    let galley = ui.painter().layout_job(job);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), galley.size().y), Sense::hover());
    paint::icon_fill(
        ui.painter(),
        pos2(rect.left() + 7.0, rect.top() + 8.0),
        icons::WARNING,
        measure::ICON_ROW,
        colour,
    );
    ui.painter().galley(rect.min + vec2(left, 0.0), galley, t.text);
    let spoken = format!("{title} {detail}").trim().to_owned();
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &spoken));
    tooltip(response, &spoken, None);
}

fn buttons(ui: &mut Ui, panels: &mut Panels<'_>, session: &Session) {
    let (id, texts) = (session.id, panels.lang.texts());
    let Some(trouble) = session.talk.trouble() else {
        if session.talk.aside().is_some() {
            ui.horizontal_wrapped(|ui| {
                if ui.add(Button::plain(texts.talk_take_aside())).clicked() {
                    panels.actions.push(Action::Talk(TalkAction::TakeAside(id)));
                }
                if ui.add(Button::plain(texts.talk_drop_aside())).clicked() {
                    panels.actions.push(Action::Talk(TalkAction::DropAside(id)));
                }
            });
        }
        return;
    };
    let (drops, is_changed) = (session.talk.is_unsaved(), matches!(trouble, TalkFileError::Changed(_)));
    ui.horizontal_wrapped(|ui| {
        if ui.add(Button::plain(texts.talk_take_theirs(drops))).clicked() {
            panels.actions.push(Action::Talk(TalkAction::TakeTheirs(id)));
        }
        if is_changed && ui.add(Button::plain(texts.talk_keep_ours())).clicked() {
            panels.actions.push(Action::Talk(TalkAction::KeepOurs(id)));
        }
    });
}
