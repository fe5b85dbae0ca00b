//! What the file actions do: sending a file, and saving recorded data.

use crate::engine;
use crate::engine::{Command, DATAGRAM_BYTES_MAX, SendItem, SendPlan};
use crate::gui::action::FileAction;
use crate::gui::app::App;
use crate::gui::dialogs::Ask;
use crate::gui::files::form::{Anchor, ExportChoice, FileForm, FileTask, Obstacle};
use crate::gui::files::saving;
use crate::gui::files::transfers::{Receiving, State, WAITING_MOST};
use crate::gui::frame::places::DrawerTab;
use crate::gui::log::LogView;
use crate::gui::network::form;
use crate::gui::network::form::Field;
use crate::gui::send::actions::targets;
use crate::gui::session::Session;
use crate::gui::widgets::Tone;
use crate::jobs::{Job, JobPoll};
use crate::lines::{OutputKind, follower};
use crate::model::{ErrorKind, NetError, Operation, SessionId};
use crate::words::{self, Text};
use std::path::PathBuf;

impl App {
    /// Executes a file action.
    pub fn file_action(&mut self, action: FileAction) {
        match action {
            FileAction::Show(id, task) => self.show_file_form(id, task, task.anchor()),
            FileAction::ShowAt(id, task, anchor) => self.show_file_form(id, task, anchor),
            FileAction::StopReceiving(id) => self.with(id, |session| {
                let rows = session.transfers.rows().iter().filter(|row| matches!(row.state, State::Receiving(_)));
                for row in rows.map(|row| row.id).collect::<Vec<_>>() {
                    cancel(session, row);
                }
            }),
            FileAction::Pick(id) => self.pick_file(id),
            FileAction::Start(id) => self.start_file(id),
            FileAction::Drop(id, files) => self.drop_files(id, files),
            FileAction::Cancel(id, row) => self.with(id, |session| cancel(session, row)),
            FileAction::CancelAll(id) => self.with(id, |session| {
                let rows = session.transfers.rows().iter().filter(|row| row.is_active());
                for row in rows.map(|row| row.id).collect::<Vec<_>>() {
                    cancel(session, row);
                }
            }),
            FileAction::Remove(id, row) => self.with(id, |session| session.transfers.remove(row)),
            FileAction::ClearEnded(id) => self.with(id, |session| session.transfers.clear_ended()),
            FileAction::SendAgain(id, row) => self.with(id, |session| session.transfers.send_again(row)),
            FileAction::ShowInFolder(path) => {
                self.showing_folder = self.job("show folder", move |_| engine::show_in_folder(&path));
            }
        }
    }

    /// Opens the form of a file action, and the file dialog.
    pub fn show_file_form(&mut self, id: SessionId, task: FileTask, anchor: Anchor) {
        let Some(session) = self.sessions.get_mut(&id) else { return };
        // The dialog of the form is still open.
        if session.file_form.as_ref().is_some_and(|form| form.dialog.is_some()) {
            return;
        }
        let mut form = FileForm::new(task);
        form.anchor = anchor;
        if task != FileTask::Send {
            let name = proposed_name(task, form.export);
            let folder = crate::settings::documents_dir().unwrap_or_default();
            form.path = folder.join(name).to_string_lossy().into_owned();
        }
        if form.anchor == Anchor::Composer {
            session.places.uncover_composer();
        }
        session.file_form = Some(form);
        // For an export the user first selects the format and, with a selection, whether to save only the selected records.
        let may_choose = task != FileTask::Send && session.log.as_ref().is_some_and(LogView::has_records_chosen);
        if !matches!(task, FileTask::Export | FileTask::Receive) && !may_choose {
            self.pick_file(id);
        }
    }

    /// Opens the file dialog of the form.
    fn pick_file(&mut self, id: SessionId) {
        let form = self.sessions.get(&id).and_then(|session| session.file_form.as_ref());
        let Some((task, export)) = form.map(|form| (form.task, form.export)) else { return };
        let lang = self.lang;
        let title = match task {
            FileTask::Send => Text::SendFileTitle,
            FileTask::Receive => Text::ReceiveTitle,
            FileTask::SaveReceived => Text::SaveReceivedTitle,
            FileTask::Export => Text::ExportTitle,
            FileTask::SaveLog => Text::SaveLogTitle,
        };
        let title = title.of(lang).to_owned();
        let ask = match task {
            FileTask::Send => Ask::OpenFile { title },
            _ => Ask::SaveFile { title, name: proposed_name(task, export) },
        };
        let picker = self.picker.clone();
        let job = self.job("file dialog", move |_| picker(&ask));
        self.with(id, |session| {
            if let Some(form) = &mut session.file_form {
                form.dialog = job;
            }
        });
    }

    /// Starts the action of the form.
    fn start_file(&mut self, id: SessionId) {
        let Some(session) = self.sessions.get_mut(&id) else { return };
        let Some(form) = &mut session.file_form else { return };
        if form.task == FileTask::Export {
            form.follow_format();
        }
        let (task, Some(path)) = (form.task, form.file()) else { return };
        if form.would_replace(&path) {
            form.obstacle = Some(Obstacle::Exists);
            return;
        }
        let has_started = match task {
            FileTask::Send => self.send_files(id),
            FileTask::Receive => self.receive_file(id, path),
            FileTask::SaveReceived | FileTask::SaveLog | FileTask::Export => self.save_file(id, task, path),
        };
        if has_started {
            self.with(id, |session| {
                session.file_form = None;
                session.places.show_drawer(DrawerTab::Transfers);
            });
        }
    }

    /// Queues the files of the form.
    fn send_files(&mut self, id: SessionId) -> bool {
        let Some(session) = self.sessions.get_mut(&id) else { return false };
        let Some(form) = &session.file_form else { return false };
        let chunk = form.chunk.trim();
        let udp_chunk = match (!chunk.is_empty()).then(|| form::number(chunk, 1, DATAGRAM_BYTES_MAX.into())) {
            None => None,
            Some(Ok(bytes)) => u32::try_from(bytes).ok(),
            Some(Err(error)) => {
                session.errors.set(Field::UdpChunk, error);
                return false;
            }
        };
        let files: Vec<PathBuf> = form.file().into_iter().chain(form.more.iter().cloned()).collect();
        let Some(targets) = targets(session) else { return false };
        if let Some(log) = &mut session.log {
            log.set_follow(true);
        }
        let room = session.transfers.room();
        let over = files.len().saturating_sub(room);
        for file in files.into_iter().take(room) {
            session.transfers.add_send(file, targets.clone(), udp_chunk);
        }
        start_waiting(session);
        if over > 0 {
            self.toasts.add(&self.ctx, Tone::Bad, self.lang.texts().too_many_files(WAITING_MOST, over));
        }
        true
    }

    fn save_file(&mut self, id: SessionId, task: FileTask, path: PathBuf) -> bool {
        let lang = self.lang;
        let Some(session) = self.sessions.get(&id) else { return false };
        let (Some(reader), Some(form)) = (session.reader().cloned(), &session.file_form) else { return false };
        let (setup, choice) = (session.setup.clone(), form.export);
        // Saves what the log shows.
        let index = session.log.as_ref().and_then(|log| log.index().cloned());
        let chosen = session.log.as_ref().filter(|_| form.only_chosen).and_then(LogView::chosen_items);
        let to = path.clone();
        let job = self.job("save", move |control| {
            let index = index.as_ref();
            let what = saving::What { reader: &reader, index, chosen, task, choice, setup: &setup, lang };
            saving::save(&what, &to, control)
        });
        let Some(job) = job else { return false };
        self.with(id, |session| session.transfers.add_save(task, path, job));
        true
    }

    /// Appends what is received from now on to a file.
    fn receive_file(&mut self, id: SessionId, path: PathBuf) -> bool {
        let captures_dir = self.ground().captures_dir;
        let Some(session) = self.sessions.get(&id) else { return false };
        let Some(form) = &session.file_form else { return false };
        let kind = if form.replaces { OutputKind::Received } else { OutputKind::AppendReceived };
        let (feed, follower) = follower(session.reader().cloned());
        let to = path.clone();
        let job = self.job("receive to file", move |control| follower.write_to(&to, kind, &captures_dir, control));
        let Some(job) = job else { return false };
        self.with(id, |session| session.transfers.add_receive(path, job, feed));
        true
    }

    /// Opens the form with dropped files, or queues them behind the files that are being sent.
    fn drop_files(&mut self, id: SessionId, files: Vec<PathBuf>) {
        let Some(session) = self.sessions.get_mut(&id) else { return };
        if session.archive.is_some() {
            self.toasts.add(&self.ctx, Tone::Bad, Text::DropReadOnly.of(self.lang));
            return;
        }
        let last = session.transfers.rows().iter().rev().find(|row| row.is_active() && row.task == FileTask::Send);
        let Some((targets, udp_chunk)) = last.map(|row| (row.targets.clone(), row.udp_chunk)) else {
            session.file_form = Some(FileForm::of_dropped(files));
            return;
        };
        let room = session.transfers.room();
        let over = files.len().saturating_sub(room);
        for file in files.into_iter().take(room) {
            session.transfers.add_send(file, targets.clone(), udp_chunk);
        }
        session.places.show_drawer(DrawerTab::Transfers);
        if over > 0 {
            self.toasts.add(&self.ctx, Tone::Bad, self.lang.texts().too_many_files(WAITING_MOST, over));
        }
    }

    /// Takes the results of dialogs and jobs, and starts files whose turn it is.
    pub fn poll_files(&mut self) {
        let mut begins = Vec::new();
        let mut failed = Vec::new();
        for session in self.sessions.values_mut() {
            // A save starts when its dialog returns a path; sending a file needs a click on its button.
            if let Some(form) = &mut session.file_form
                && form.poll()
                && !matches!(form.task, FileTask::Send | FileTask::Receive)
            {
                begins.push(session.id);
            }
            session.transfers.poll();
            start_waiting(session);
            let news = session.transfers.take_failed();
            if session.id != self.focused || session.places.drawer() != Some(DrawerTab::Transfers) {
                failed.extend(news);
            }
        }
        for id in begins {
            self.start_file(id);
        }
        if let Some(job) = &mut self.showing_folder {
            match job.poll() {
                JobPoll::Running => {}
                JobPoll::Done(Err(error)) => {
                    self.toasts.add_longer(&self.ctx, Tone::Bad, words::error_sentence(&error, self.lang));
                    self.showing_folder = None;
                }
                JobPoll::Done(Ok(())) | JobPoll::Gone => self.showing_folder = None,
            }
        }
        for (_, error) in failed {
            self.toasts.add_longer(&self.ctx, Tone::Bad, words::error_sentence(&error, self.lang));
        }
    }

    /// Copies the visible payload of the session to the clipboard, in a job.
    pub fn copy_all(&mut self, id: SessionId) {
        let lang = self.lang;
        let Some(session) = self.sessions.get(&id) else { return };
        let Some(view) = session.log.as_ref().and_then(LogView::view_for_job) else { return };
        let setup = session.setup.clone();
        let work = move |_: &crate::jobs::JobControl| saving::copy(view, &setup, lang);
        self.copying = Job::start("copy", crate::gui::app::wake_of(&self.ctx), work).ok();
    }
}

/// Sends the files whose peers have no other file under way.
fn start_waiting(session: &mut Session) {
    while let Some(id) = session.transfers.next_to_send() {
        let Some(row) = session.transfers.row(id) else { return };
        let (path, targets) = (row.path.clone(), row.targets.clone());
        let file = SendItem::file(path.clone(), row.udp_chunk);
        let closed = |kind| NetError::new(Operation::Send, kind, path.display().to_string(), "");
        let Some(&target) = targets.first().filter(|_| session.can_send()) else {
            session.transfers.fail(id, closed(ErrorKind::Closed));
            continue;
        };
        let ticket = session.ticket();
        let items = match targets.as_slice() {
            [_] => vec![file],
            several => several.iter().map(|target| file.clone().to(*target)).collect(),
        };
        let plan = SendPlan::once(items);
        if !session.try_command(Command::Send { ticket, target, plan }) {
            session.transfers.fail(id, closed(ErrorKind::QueueFull));
        } else if let Some(row) = session.transfers.row_mut(id) {
            row.state = State::Sending(ticket);
        }
    }
}

/// Cancels an action that runs or waits.
fn cancel(session: &mut Session, id: u64) {
    let Some(row) = session.transfers.row_mut(id) else { return };
    match &row.state {
        State::Sending(ticket) => {
            let ticket = *ticket;
            session.command(Command::CancelSend(ticket));
        }
        State::Saving(job) => job.cancel(),
        State::Receiving(Receiving { job, feed, .. }) => {
            job.cancel();
            feed.notify();
        }
        State::Waiting => row.end_waiting(),
        State::Ended(_) => {}
    }
}

/// A suggested name for a file to be saved.
fn proposed_name(task: FileTask, export: ExportChoice) -> String {
    let end = match task {
        FileTask::Export => export.format.extension(),
        FileTask::SaveLog => "log",
        FileTask::Receive | FileTask::SaveReceived | FileTask::Send => "bin",
    };
    format!("wirebench-{}.{end}", saving::stamp())
}
