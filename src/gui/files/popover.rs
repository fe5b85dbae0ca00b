//! The popover of a file action: the file, a few choices, and the button that starts it.

use crate::capture::ExportFormat;
use crate::engine::DATAGRAM_BYTES_MAX;
use crate::gui::action::{Action, FileAction};
use crate::gui::context::Panels;
use crate::gui::files::form::{Anchor, FileForm, FileTask, FolderUse, Obstacle};
use crate::gui::log::LogView;
use crate::gui::network::form as network;
use crate::gui::network::form::Field as At;
use crate::gui::session::Session;
use crate::gui::theme;
use crate::gui::theme::measure;
use crate::gui::widgets::{
    self, Button, Checkbox, Closed, Combo, Field, Segmented, Side, form_label, menu_hairline, paint, tooltip,
};
use crate::model::{Direction, Protocol};
use crate::runner::report::ReportForm;
use crate::words::Text;
use egui::accesskit::Role;
use egui::text::LayoutJob;
use egui::{Align, Color32, Key, Layout, Rect, Response, Sense, Ui, WidgetInfo, pos2, vec2};

/// Width of the popover inside its frame.
const WIDTH: f32 = 392.0;
/// Left edge of the controls.
const INDENT: f32 = 84.0;
/// Height of a line of words.
const LINE: f32 = 20.0;

/// Draws the popover at `button` while the form belongs there.
pub fn show(panels: &mut Panels<'_>, session: &mut Session, button: &Response, anchor: Anchor, side: Side) {
    let Some(mut form) = session.file_form.take_if(|form| form.anchor == anchor) else { return };
    let by_key = button.ctx.input(|input| input.key_pressed(Key::Enter));
    let mut starts = false;
    let title = panels.text(title(form.task));
    let closed = widgets::popover(button, title, side, WIDTH, |ui| {
        starts = contents(ui, panels, session, &mut form);
    });
    // The form is used up when the action starts. Enter starts it, or does nothing.
    let is_over = match closed {
        None => false,
        Some(Closed::Undone) => true,
        Some(Closed::Kept) => !by_key,
    };
    if starts {
        panels.actions.push(Action::File(FileAction::Start(session.id)));
    }
    if is_over && !starts {
        session.errors.clear(At::UdpChunk);
        return;
    }
    session.file_form = Some(form);
}

fn title(task: FileTask) -> Text {
    match task {
        FileTask::Send => Text::SendFileTitle,
        FileTask::Get => Text::GetTitle,
        FileTask::Put => Text::PutTitle,
        FileTask::Folder => Text::FolderTitle,
        FileTask::Receive => Text::ReceiveTitle,
        FileTask::SaveReceived => Text::SaveReceivedTitle,
        FileTask::SaveLog => Text::SaveLogTitle,
        FileTask::Export => Text::ExportTitle,
        FileTask::Report => Text::ReportTitle,
    }
}

/// Draws the contents. Returns true if the action is to start.
fn contents(ui: &mut Ui, panels: &mut Panels<'_>, session: &mut Session, form: &mut FileForm) -> bool {
    let t = theme::tokens(ui);
    ui.spacing_mut().item_spacing = vec2(measure::GAP, measure::FORM_PITCH - measure::CONTROL);
    let (rect, _) = ui.allocate_exact_size(vec2(WIDTH, LINE), Sense::hover());
    let at = pos2(rect.left(), rect.center().y);
    let font = theme::medium(measure::TEXT_LABEL);
    paint::text(ui.painter(), at, paint::At::Left, panels.text(title(form.task)), font, t.text);
    export_choice(ui, panels, form);
    report_choice(ui, panels, form);
    range_choice(ui, panels, session, form);
    let enter = headed(ui, panels, session.id, form) | path(ui, panels, session.id, form);
    chunk(ui, panels, session, form);
    pacing(ui, panels, session, form);
    append_choice(ui, panels, form);
    several(ui, panels, form);
    exists(ui, panels, session.id, form);
    menu_hairline(ui);
    let (words, colour) = note(panels, session, form, t);
    let is_planned = form.task != FileTask::Receive || form.plan(std::path::Path::new("")).is_some();
    let is_paced = form.task != FileTask::Send || form.pace(session.setup.protocol != Protocol::Udp).is_ok();
    let possible =
        is_planned && is_paced && form.dialog.is_none() && form.is_complete() && can_start(session, form.task);
    let label = match form.task {
        FileTask::Send => Text::Start,
        FileTask::Get => Text::StartGet,
        FileTask::Put => Text::StartPut,
        FileTask::Receive | FileTask::Folder => Text::StartReceive,
        FileTask::SaveReceived | FileTask::SaveLog => Text::SaveNow,
        FileTask::Export => Text::ExportTitle,
        FileTask::Report => Text::SaveNow,
    };
    let (foot, _) = ui.allocate_exact_size(vec2(WIDTH, measure::OPEN_BUTTON), Sense::hover());
    let mut clicked = false;
    crate::gui::context::within(ui, foot, "foot", Layout::right_to_left(Align::Center), |ui| {
        clicked = ui.add_enabled(possible, Button::primary(panels.text(label)).size(88.0, measure::CONTROL)).clicked();
        sentence(ui, &words, colour);
    });
    possible && (clicked || enter)
}

/// Draws a row: its label, and its controls beside it.
fn row<R>(ui: &mut Ui, label: &str, controls: impl FnOnce(&mut Ui) -> R) -> R {
    let at = Rect::from_min_size(ui.cursor().min, vec2(INDENT, measure::CONTROL));
    form_label(ui, at, label, INDENT - 6.0);
    ui.horizontal_top(|ui| {
        ui.add_space(INDENT - ui.spacing().item_spacing.x);
        ui.add_space(ui.spacing().item_spacing.x);
        controls(ui)
    })
    .inner
}

/// Draws the row of the path. Returns true if Enter was pressed in it.
fn path(ui: &mut Ui, panels: &mut Panels<'_>, id: crate::model::SessionId, form: &mut FileForm) -> bool {
    if matches!(form.task, FileTask::Get | FileTask::Folder) {
        return false;
    }
    let sends = matches!(form.task, FileTask::Send | FileTask::Put);
    let choose = if sends { Text::ChooseFile } else { Text::ChooseFolder };
    let label = if sends { Text::FileLabel } else { Text::FileTo };
    let is_free = form.dialog.is_none();
    let entered = row(ui, panels.text(label), |ui| {
        let button = Button::plain(panels.text(choose));
        let words =
            paint::line(ui.painter(), panels.text(choose), theme::ui_font(measure::TEXT_LABEL), Color32::PLACEHOLDER);
        let width = (WIDTH - INDENT - measure::GAP - words.size().x - 28.0).max(80.0).floor();
        let before = form.path.clone();
        let field = Field::new(&mut form.path, panels.text(Text::FilePath)).width(width);
        let response = ui.add_enabled_ui(is_free, |ui| field.show(ui)).inner;
        if form.path != before {
            form.obstacle = None;
        }
        if is_free && std::mem::take(&mut form.wants_focus) {
            response.request_focus();
        }
        if ui.add_enabled(is_free, button).clicked() {
            panels.actions.push(Action::File(FileAction::Pick(id)));
        }
        response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter))
    });
    let files = panels.lang.texts().more_files(form.more.len());
    if !form.more.is_empty() {
        row(ui, "", |ui| sentence(ui, &files, theme::tokens(ui).muted));
    }
    entered
}

/// UDP: draws the number of bytes in each datagram.
fn chunk(ui: &mut Ui, panels: &Panels<'_>, session: &mut Session, form: &mut FileForm) {
    if form.task != FileTask::Send || session.setup.protocol != Protocol::Udp {
        return;
    }
    let error = session.errors.get(At::UdpChunk).map(|error| error.words(panels.lang));
    row(ui, panels.text(Text::UdpChunk), |ui| {
        let field = Field::new(&mut form.chunk, panels.text(Text::UdpChunk));
        let field = field.hint(panels.text(Text::UdpChunkHint)).width(96.0).error(error.as_deref());
        if field.show(ui).changed() {
            session.errors.clear(At::UdpChunk);
            if !form.chunk.trim().is_empty()
                && let Err(error) = network::number(&form.chunk, 1, DATAGRAM_BYTES_MAX.into())
            {
                session.errors.set(At::UdpChunk, error);
            }
        }
    });
}

/// Draws how fast a file is sent.
fn pacing(ui: &mut Ui, panels: &Panels<'_>, session: &Session, form: &mut FileForm) {
    if form.task != FileTask::Send {
        return;
    }
    let texts = panels.lang.texts();
    let muted = theme::tokens(ui).muted;
    let wrong = |is_wrong: bool| is_wrong.then(|| texts.not_a_pace());
    let (piece_wrong, pause_wrong) = (wrong(form.piece_bytes().is_err()), wrong(form.pause_time().is_err()));
    let rate_wrong = wrong(form.rate_limit().is_err());
    if session.setup.protocol != Protocol::Udp {
        row(ui, texts.piece_label(), |ui| {
            let field = Field::new(&mut form.piece, texts.piece_bytes()).hint("64K").width(96.0);
            field.error(piece_wrong).show(ui);
            sentence(ui, texts.piece_unit(), muted);
        });
    }
    row(ui, texts.pause_label(), |ui| {
        let field = Field::new(&mut form.pause, texts.pause_between()).hint("0").width(96.0);
        field.error(pause_wrong).show(ui);
        sentence(ui, texts.pause_unit(), muted);
    });
    row(ui, texts.rate_label(), |ui| {
        let field = Field::new(&mut form.rate, texts.rate_limit()).hint(texts.rate_hint()).width(96.0);
        field.error(rate_wrong).show(ui);
        sentence(ui, texts.rate_unit(), muted);
    });
}

/// The session can carry the action out now.
fn can_start(session: &Session, task: FileTask) -> bool {
    match task {
        FileTask::Send => session.can_send(),
        FileTask::Get | FileTask::Put | FileTask::Folder => session.state.is_open() && !session.is_heading(),
        FileTask::Receive | FileTask::SaveReceived | FileTask::SaveLog | FileTask::Export => true,
        FileTask::Report => session.runs.round().is_some(),
    }
}

/// Draws the rows of a transfer with headers. Returns true if Enter was pressed in one of its fields.
fn headed(ui: &mut Ui, panels: &mut Panels<'_>, id: crate::model::SessionId, form: &mut FileForm) -> bool {
    let enter = |ui: &Ui, field: &Response| field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
    let mut entered = false;
    if form.task == FileTask::Get {
        entered |= row(ui, panels.text(Text::HeadedName), |ui| {
            let field = Field::new(&mut form.path, panels.text(Text::HeadedName)).width(WIDTH - INDENT).show(ui);
            if std::mem::take(&mut form.wants_focus) {
                field.request_focus();
            }
            enter(ui, &field)
        });
    }
    if matches!(form.task, FileTask::Get | FileTask::Folder) {
        entered |= row(ui, panels.text(Text::FolderPath), |ui| {
            let field = Field::new(&mut form.folder, panels.text(Text::FolderPath)).width(180.0).show(ui);
            if std::mem::take(&mut form.wants_focus) {
                field.request_focus();
            }
            if ui.add_enabled(form.dialog.is_none(), Button::plain(panels.text(Text::ChooseAFolder))).clicked() {
                panels.actions.push(Action::File(FileAction::Pick(id)));
            }
            enter(ui, &field)
        });
    }
    if form.task == FileTask::Folder {
        let items = [
            (FolderUse::Serve, panels.text(Text::FolderServes)),
            (FolderUse::Receive, panels.text(Text::FolderReceives)),
            (FolderUse::Both, panels.text(Text::FolderBoth)),
        ];
        row(ui, panels.text(Text::FolderUse), |ui| {
            let choice = Segmented::new(panels.text(Text::FolderUse), &items).width(WIDTH - INDENT);
            choice.show(ui, &mut form.folder_use);
        });
    }
    if form.task == FileTask::Put {
        let items = [(false, "MD5"), (true, panels.text(Text::PlainJson))];
        row(ui, panels.text(Text::UploadHead), |ui| {
            let choice = Segmented::new(panels.text(Text::UploadHead), &items).width(208.0);
            choice.show(ui, &mut form.plain_json);
        });
    }
    entered
}

/// Draws the choice between appending to an existing file and replacing it.
fn append_choice(ui: &mut Ui, panels: &Panels<'_>, form: &mut FileForm) {
    if form.task != FileTask::Receive {
        return;
    }
    let items = [(false, panels.text(Text::AppendToFile)), (true, panels.text(Text::ReplaceFile))];
    row(ui, panels.text(Text::ExistingFile), |ui| {
        Segmented::new(panels.text(Text::ExistingFile), &items).width(168.0).show(ui, &mut form.replaces);
    });
}

/// Draws when another file begins.
fn several(ui: &mut Ui, panels: &Panels<'_>, form: &mut FileForm) {
    if form.task != FileTask::Receive {
        return;
    }
    let texts = panels.lang.texts();
    row(ui, "", |ui| ui.add(Checkbox::new(&mut form.each_peer, texts.file_each_peer())));
    let wrong = |is_wrong: bool| is_wrong.then(|| texts.not_a_limit());
    let (size_wrong, minutes_wrong) = (wrong(form.size().is_err()), wrong(form.every().is_err()));
    row(ui, texts.next_file(), |ui| {
        let field = Field::new(&mut form.most_size, texts.next_file_size()).hint("64M").width(84.0);
        field.error(size_wrong).show(ui);
        let field = Field::new(&mut form.minutes, texts.next_file_minutes()).hint("60").width(60.0);
        field.error(minutes_wrong).show(ui);
        sentence(ui, texts.minutes_unit(), theme::tokens(ui).muted);
    });
}

/// Draws the choice of an export's contents.
fn export_choice(ui: &mut Ui, panels: &Panels<'_>, form: &mut FileForm) {
    if form.task != FileTask::Export {
        return;
    }
    let label = |format: ExportFormat| panels.lang.texts().export_format(format.name()).unwrap_or(format.name());
    let formats = ExportFormat::menu().map(|format| (format, label(format)));
    let directions = [
        (None, Text::BothDirections),
        (Some(Direction::Received), Text::OnlyReceived),
        (Some(Direction::Sent), Text::OnlySent),
    ]
    .map(|(direction, text)| (direction, panels.text(text)));
    let (before, width) = (form.export, WIDTH - INDENT);
    row(ui, panels.text(Text::FormatLabel), |ui| {
        Combo::new(panels.text(Text::ExportFormat)).width(width).show(ui, &mut form.export.format, &formats);
    });
    row(ui, panels.text(Text::RangeLabel), |ui| {
        let combo = Combo::new(panels.text(Text::ExportDirection)).width(width);
        combo.show(ui, &mut form.export.direction, &directions);
    });
    if form.export != before {
        form.follow_format();
        form.obstacle = None;
    }
}

/// Draws the choice of a report's form.
fn report_choice(ui: &mut Ui, panels: &Panels<'_>, form: &mut FileForm) {
    if form.task != FileTask::Report {
        return;
    }
    let before = form.report;
    row(ui, panels.text(Text::FormatLabel), |ui| {
        let items = ReportForm::ALL.map(|form| (form, form.name()));
        let choice = Segmented::new(panels.text(Text::ReportForm), &items).width(WIDTH - INDENT);
        choice.show(ui, &mut form.report);
    });
    if form.report != before {
        form.follow_format();
        form.obstacle = None;
    }
}

/// Draws the choice between everything and the selection.
fn range_choice(ui: &mut Ui, panels: &Panels<'_>, session: &Session, form: &mut FileForm) {
    if !matches!(form.task, FileTask::SaveReceived | FileTask::SaveLog | FileTask::Export) {
        return;
    }
    let chosen = session.log.as_ref().and_then(LogView::chosen_items);
    form.only_chosen &= chosen.is_some();
    let label = match &chosen {
        None => panels.lang.texts().only_selected().to_owned(),
        Some(items) => panels.lang.texts().only_so_many_selected(items.end - items.start),
    };
    row(ui, "", |ui| {
        let checkbox = Checkbox::new(&mut form.only_chosen, &label).name(panels.text(Text::OnlySelected));
        ui.add_enabled(chosen.is_some() && form.dialog.is_none(), checkbox);
    });
}

/// Draws the question whether to replace an existing file.
fn exists(ui: &mut Ui, panels: &mut Panels<'_>, id: crate::model::SessionId, form: &mut FileForm) {
    if form.obstacle != Some(Obstacle::Exists) {
        return;
    }
    let t = theme::tokens(ui);
    row(ui, "", |ui| {
        let words = panels.text(Text::FileExists);
        let galley = paint::line(ui.painter(), words, theme::ui_font(measure::TEXT_LABEL), t.warning);
        let (rect, label) = ui.allocate_exact_size(vec2(galley.size().x, measure::CONTROL), Sense::hover());
        let at = pos2(rect.left(), rect.center().y);
        paint::put(ui.painter(), at, paint::At::Left, measure::TEXT_LABEL, galley, t.warning);
        label.widget_info(|| WidgetInfo::labeled(Role::Label, true, words));
        if ui.add(Button::plain(panels.text(Text::Replace))).clicked() {
            form.allow_replacing();
            panels.actions.push(Action::File(FileAction::Start(id)));
        }
        if ui.add(Button::plain(panels.text(Text::Rename))).clicked() {
            form.rename();
            panels.actions.push(Action::File(FileAction::Start(id)));
        }
    });
}

/// The sentence beside the button.
fn note(panels: &Panels<'_>, session: &Session, form: &FileForm, t: &theme::Tokens) -> (String, Color32) {
    let shows_items = session.log.as_ref().is_some_and(|log| log.index().is_some());
    let words = match form.obstacle {
        _ if form.dialog.is_some() => Text::WaitingForDialog,
        Some(Obstacle::NoneChosen) => return (panels.text(Text::NoDialog).to_owned(), t.text),
        Some(Obstacle::Exists) => return (String::new(), t.muted),
        None if !can_start(session, form.task) && session.is_heading() => Text::HeadedBusy,
        None if !can_start(session, form.task) => Text::NotConnected,
        None if form.task == FileTask::Send => Text::DropHint,
        None if form.task == FileTask::Receive => {
            let is_several = form.plan(std::path::Path::new("")).is_some_and(|plan| !plan.is_one_file());
            let words = if is_several { panels.lang.texts().file_name_parts() } else { panels.text(Text::ReceiveHint) };
            return (words.to_owned(), t.muted);
        }
        None if matches!(form.task, FileTask::Get | FileTask::Put | FileTask::Folder) => Text::HeadedHint,
        None if form.task == FileTask::Report => return (String::new(), t.muted),
        None if shows_items => Text::SavesShown,
        None => return (String::new(), t.muted),
    };
    (panels.text(words).to_owned(), t.muted)
}

/// Draws a sentence of up to two lines in the remaining width.
fn sentence(ui: &mut Ui, words: &str, colour: Color32) {
    let size = vec2(ui.available_width(), measure::OPEN_BUTTON);
    let mut job = LayoutJob::simple(words.to_owned(), theme::ui_font(measure::TEXT_SMALL), colour, size.x);
    job.wrap.max_rows = 2;
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
