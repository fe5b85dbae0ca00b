//! The strip for sending or saving one file: path, dialog, progress, cancel.

use crate::capture::ExportFormat;
use crate::engine::DATAGRAM_BYTES_MAX;
use crate::gui::action::{Action, FileAction};
use crate::gui::context::{Panels, within};
use crate::gui::files::state::{FileStrip, FileTask, FileWork};
use crate::gui::icons;
use crate::gui::network::form;
use crate::gui::network::form::Field as At;
use crate::gui::sentences;
use crate::gui::session::Session;
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::{Button, Checkbox, Combo, Field, IconButton, ProgressBar, paint, tooltip};
use crate::model::{Direction, Protocol};
use crate::words;
use crate::words::Text;
use egui::accesskit::Role;
use egui::text::LayoutJob;
use egui::{Align, Layout, Rect, Sense, Ui, WidgetInfo, pos2, vec2};

/// Height with one line below the path.
const HEIGHT: f32 = 72.0;
/// Height of each further line.
const LINE: f32 = 22.0;

/// Height of the strip.
pub fn height(strip: &FileStrip) -> f32 {
    let lines = if let FileWork::Sending(transfer) = &strip.work { transfer.line_count() } else { 1 };
    HEIGHT + LINE * (lines - 1 + news_lines(strip)) as f32
}

/// Number of lines for the error of a save. It does not fit beside the export choices.
fn news_lines(strip: &FileStrip) -> usize {
    let is_news = matches!(strip.work, FileWork::DoneBut { .. } | FileWork::Failed(_));
    if is_news && strip.task != FileTask::Send { 2 } else { 0 }
}

/// Draws the strip into all of `ui`.
pub fn show(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session) {
    let t = theme::tokens(ui);
    let rect = ui.max_rect();
    paint::hairline_h(ui.painter(), rect.left()..=rect.right(), rect.top(), t.line);
    let inner = rect.shrink2(vec2(measure::MARGIN, 4.0));
    let (top, mut bottom) = inner.split_top_bottom_at_y(inner.top() + 36.0);
    within(ui, top, "path", Layout::right_to_left(Align::Center), |ui| path_row(ui, panels, session));
    if transfer_lines(ui, panels, session, bottom) {
        return;
    }
    let news = session.files.as_ref().map_or(0, news_lines) as f32 * LINE;
    let below = Rect::from_min_max(pos2(bottom.left(), bottom.bottom() - news), bottom.max);
    bottom.max.y -= news;
    within(ui, bottom, "state", Layout::left_to_right(Align::Center), |ui| {
        export_choice(ui, panels, session);
        range_choice(ui, panels, session);
        exists(ui, panels, session);
        if news == 0.0 {
            state_row(ui, panels, session);
        }
    });
    if news > 0.0 {
        within(ui, below, "news", Layout::left_to_right(Align::Min), |ui| state_row(ui, panels, session));
    }
}

fn path_row(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session) {
    let id = session.id;
    let udp = session.setup.protocol == Protocol::Udp;
    let can_send = session.can_send();
    let Some(strip) = &mut session.files else { return };
    let busy = strip.busy();
    if ui.add(IconButton::new(icons::X, panels.text(Text::CloseStrip))).clicked() {
        panels.actions.push(Action::File(FileAction::Close(id)));
    }
    if busy {
        if ui.add(Button::danger(panels.text(Text::Cancel)).size(72.0, measure::CONTROL)).clicked() {
            panels.actions.push(Action::File(FileAction::Cancel(id)));
        }
    } else {
        let (words, possible) = match strip.task {
            FileTask::Send => (Text::Start, can_send),
            FileTask::SaveReceived | FileTask::SaveLog => (Text::SaveNow, true),
            FileTask::Export => (Text::ExportTitle, true),
        };
        let go = Button::primary(panels.text(words)).size(72.0, measure::CONTROL);
        if ui.add_enabled(possible && strip.file().is_some(), go).clicked() {
            panels.actions.push(Action::File(FileAction::Start(id)));
        }
    }
    let choose = if strip.task == FileTask::Send { Text::ChooseFile } else { Text::ChooseFolder };
    if ui.add_enabled(!busy, Button::plain(panels.text(choose))).clicked() {
        panels.actions.push(Action::File(FileAction::Pick(id)));
    }
    let chunk_error = session.errors.get(At::UdpChunk).is_some();
    let mut chunk_changed = false;
    if strip.task == FileTask::Send && udp {
        let field = Field::new(&mut strip.chunk, panels.text(Text::UdpChunk))
            .hint(panels.text(Text::UdpChunkHint))
            .width(64.0)
            .error(chunk_error.then_some(""));
        chunk_changed = ui.add_enabled_ui(!busy, |ui| field.show(ui).changed()).inner;
        label(ui, panels.text(Text::UdpChunk));
    }
    let name = match strip.task {
        FileTask::Send => Text::SendFileTitle,
        FileTask::SaveReceived => Text::SaveReceivedTitle,
        FileTask::SaveLog => Text::SaveLogTitle,
        FileTask::Export => Text::ExportTitle,
    };
    let words = panels.text(name);
    let galley = paint::line(ui.painter(), words, theme::ui_font(measure::TEXT_LABEL), egui::Color32::PLACEHOLDER);
    let width = (ui.available_width() - galley.size().x - measure::GAP).max(80.0).floor();
    let field = Field::new(&mut strip.path, panels.text(Text::FilePath)).width(width);
    let response = ui.add_enabled_ui(!busy, |ui| field.show(ui)).inner;
    if response.changed() && matches!(strip.work, FileWork::Exists) {
        strip.work = FileWork::None;
    }
    if !busy && std::mem::take(&mut strip.wants_focus) {
        response.request_focus();
    }
    label(ui, words);
    if chunk_changed {
        session.errors.clear(At::UdpChunk);
        if !strip.chunk.trim().is_empty()
            && let Err(error) = form::number(&strip.chunk, 1, DATAGRAM_BYTES_MAX.into())
        {
            session.errors.set(At::UdpChunk, error);
        }
    }
}

fn label(ui: &mut Ui, words: &str) -> egui::Response {
    let t = theme::tokens(ui);
    let galley = paint::line(ui.painter(), words, theme::ui_font(measure::TEXT_LABEL), t.muted);
    let (rect, response) = ui.allocate_exact_size(vec2(galley.size().x, measure::CONTROL), Sense::hover());
    paint::put(ui.painter(), pos2(rect.left(), rect.center().y), paint::At::Left, measure::TEXT_LABEL, galley, t.muted);
    response
}

/// Draws the choice of an export's contents.
fn export_choice(ui: &mut Ui, panels: &Panels<'_>, session: &mut Session) {
    let Some(strip) = session.files.as_mut().filter(|strip| strip.task == FileTask::Export) else { return };
    let busy = strip.busy();
    let label = |format: ExportFormat| panels.lang.texts().export_format(format.name()).unwrap_or(format.name());
    let formats = ExportFormat::menu().map(|format| (format, label(format)));
    let directions = [
        (None, Text::BothDirections),
        (Some(Direction::Received), Text::OnlyReceived),
        (Some(Direction::Sent), Text::OnlySent),
    ]
    .map(|(direction, text)| (direction, panels.text(text)));
    let before = strip.export;
    ui.add_enabled_ui(!busy, |ui| {
        ui.spacing_mut().item_spacing.x = measure::GAP;
        Combo::new(panels.text(Text::ExportFormat)).width(208.0).show(ui, &mut strip.export.format, &formats);
        Combo::new(panels.text(Text::ExportDirection)).width(176.0).show(ui, &mut strip.export.direction, &directions);
    });
    if strip.export != before {
        strip.follow_format();
        strip.begin_anew();
    }
}

/// Draws the choice between everything and the selection.
fn range_choice(ui: &mut Ui, panels: &Panels<'_>, session: &mut Session) {
    let Some(strip) = session.files.as_mut().filter(|strip| strip.task != FileTask::Send) else { return };
    let chosen = session.log.as_ref().and_then(crate::gui::log::LogView::chosen_items);
    strip.only_chosen &= chosen.is_some();
    let label = match &chosen {
        None => panels.lang.texts().only_selected().to_owned(),
        Some(items) => panels.lang.texts().only_so_many_selected(items.end - items.start),
    };
    let mut only = strip.only_chosen;
    let checkbox = Checkbox::new(&mut only, &label).name(panels.text(Text::OnlySelected));
    ui.add_enabled(chosen.is_some() && !strip.busy(), checkbox);
    if only != strip.only_chosen {
        strip.only_chosen = only;
        strip.begin_anew();
    }
}

/// Draws the question whether to replace an existing file.
fn exists(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session) {
    let id = session.id;
    let Some(strip) = session.files.as_mut().filter(|strip| matches!(strip.work, FileWork::Exists)) else { return };
    let words = panels.text(Text::FileExists);
    label(ui, words).widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
    if ui.add(Button::plain(panels.text(Text::Replace))).clicked() {
        strip.allow_replacing();
        panels.actions.push(Action::File(FileAction::Start(id)));
    }
    if ui.add(Button::plain(panels.text(Text::Rename))).clicked() {
        strip.rename();
        panels.actions.push(Action::File(FileAction::Start(id)));
    }
}

/// Draws the progress of a transfer: a line per peer. Returns false if no transfer is running.
fn transfer_lines(ui: &mut Ui, panels: &Panels<'_>, session: &Session, room: Rect) -> bool {
    let t = theme::tokens(ui);
    let Some(strip) = &session.files else { return false };
    let FileWork::Sending(transfer) = &strip.work else { return false };
    let lines = transfer.lines(session.setup.protocol != Protocol::TcpClient, panels.lang);
    let follow = sentences::files_waiting(strip.waiting.len(), panels.lang);
    for (index, line) in lines.iter().enumerate() {
        let top = room.top() + index as f32 * LINE;
        let place = Rect::from_min_size(pos2(room.left(), top), vec2(room.width(), LINE));
        within(ui, place, ("transfer", index), Layout::left_to_right(Align::Center), |ui| {
            ui.add(ProgressBar::new(panels.text(Text::Progress), line.fraction).width(200.0));
            let mut words = line.words.clone();
            if index == 0 && !follow.is_empty() {
                words += &format!(" · {follow}");
            }
            state_words(ui, &words, if line.stalled { t.warning } else { t.text });
        });
    }
    true
}

fn state_words(ui: &mut Ui, words: &str, colour: egui::Color32) {
    let size = vec2(ui.available_width(), LINE.max(ui.available_height().min(2.0 * LINE)));
    let mut job = LayoutJob::simple(words.to_owned(), theme::ui_font(measure::TEXT_SMALL), colour, size.x);
    (job.wrap.max_rows, job.wrap.break_anywhere) = ((size.y / LINE) as usize, size.y < 2.0 * LINE);
    let galley = ui.painter().layout_job(job);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    let is_cut = galley.elided;
    ui.painter().galley(pos2(rect.left(), rect.center().y - galley.size().y / 2.0), galley, colour);
    if !words.is_empty() {
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
        if is_cut {
            tooltip(response, words, None);
        }
    }
}

fn state_row(ui: &mut Ui, panels: &Panels<'_>, session: &Session) {
    let t = theme::tokens(ui);
    let Some(strip) = &session.files else { return };
    if let Some((done, total)) = strip.progress() {
        let fraction = total.filter(|total| *total > 0).map(|total| done as f32 / total as f32);
        ui.add(ProgressBar::new(panels.text(Text::Progress), fraction).width(200.0));
    }
    let chunk_error = session.errors.get(At::UdpChunk).map(|error| error.words(panels.lang));
    let (words, colour) = match (&strip.work, chunk_error) {
        (_, Some(error)) => (error, t.error),
        (FileWork::None, _) if strip.task == FileTask::Send && !session.can_send() => {
            (panels.text(Text::NotConnected).to_owned(), t.muted)
        }
        (FileWork::None, _) if strip.task == FileTask::Send => (panels.text(Text::DropHint).to_owned(), t.muted),
        (FileWork::None, _) if session.log.as_ref().is_some_and(|log| log.index().is_some()) => {
            (panels.text(Text::SavesShown).to_owned(), t.muted)
        }
        (FileWork::None | FileWork::Exists, _) => (String::new(), t.muted),
        (FileWork::Dialog(_), _) => (panels.text(Text::WaitingForDialog).to_owned(), t.muted),
        (FileWork::NoneChosen, _) => (panels.text(Text::NoDialog).to_owned(), t.text),
        (FileWork::Sending(_), _) => (String::new(), t.text),
        // The progress of a saving job counts records.
        (FileWork::Saving(job), _) => match job.progress() {
            (done, Some(total)) if total > 0 => (format!("{} %", done * 100 / total), t.text),
            _ => (String::new(), t.text),
        },
        (FileWork::Sent { .. }, _) if strip.sent.0 > 1 => {
            (panels.lang.texts().files_sent(strip.sent.0, strip.sent.1), t.received)
        }
        (FileWork::Sent { bytes, peers }, _) => (sentences::file_sent(*bytes, *peers, panels.lang), t.received),
        (FileWork::Saved(bytes), _) => (panels.lang.texts().file_saved(*bytes), t.received),
        (FileWork::DoneBut { bytes, missing }, _) => {
            let (done, but) = (panels.lang.texts().file_saved(*bytes), words::missing_sentence(*missing, panels.lang));
            (format!("{done}  {but}"), t.error)
        }
        (FileWork::Cancelled { done, total }, _) if strip.task == FileTask::Send => {
            (words::send_cancelled(*done, *total, panels.lang), t.muted)
        }
        (FileWork::Cancelled { .. }, _) => (panels.text(Text::NothingWritten).to_owned(), t.muted),
        (FileWork::Failed(error), _) => (words::error_sentence(error, panels.lang), t.error),
    };
    let waiting = match strip.work {
        FileWork::None => sentences::files_waiting(strip.waiting.len(), panels.lang),
        _ => sentences::files_unsent(strip.waiting.len(), panels.lang),
    };
    let parts = [words, waiting].into_iter().filter(|part| !part.is_empty());
    state_words(ui, &parts.collect::<Vec<_>>().join(" · "), colour);
}
