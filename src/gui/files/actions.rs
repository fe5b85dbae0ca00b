//! What the file actions do: sending a file, and saving recorded data.

use crate::engine;
use crate::engine::{Command, DATAGRAM_BYTES_MAX, SendItem, SendPlan};
use crate::gui::action::FileAction;
use crate::gui::app::App;
use crate::gui::dialogs::Ask;
use crate::gui::files::form::{Anchor, ExportChoice, FileForm, FileTask, FolderUse, Obstacle};
use crate::gui::files::headed::Heading;
use crate::gui::files::transfers::{Cut, Receiving, State, WAITING_MOST};
use crate::gui::files::{row, saving};
use crate::gui::frame::places::DrawerTab;
use crate::gui::log::LogView;
use crate::gui::network::form;
use crate::gui::network::form::Field;
use crate::gui::send::actions::targets;
use crate::gui::session::Session;
use crate::gui::widgets::Tone;
use crate::jobs::{Job, JobPoll};
use crate::lines::follower;
use crate::model::{ErrorKind, NetError, Operation, PeerId, Protocol, SessionId};
use crate::runner::report::{Reported, write_report};
use crate::transfer::{Folder, Overwrite, TransferHandle, TransferOptions, UploadForm, Work};
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
        if matches!(task, FileTask::Get | FileTask::Folder) {
            form.folder = crate::settings::documents_dir().unwrap_or_default().to_string_lossy().into_owned();
        } else if !matches!(task, FileTask::Send | FileTask::Put) {
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
        let asks = matches!(task, FileTask::Send | FileTask::Put | FileTask::SaveReceived | FileTask::SaveLog);
        if asks && !may_choose {
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
            FileTask::Get => Text::GetTitle,
            FileTask::Put => Text::PutTitle,
            FileTask::Folder => Text::FolderTitle,
            FileTask::Receive => Text::ReceiveTitle,
            FileTask::SaveReceived => Text::SaveReceivedTitle,
            FileTask::Export => Text::ExportTitle,
            FileTask::SaveLog => Text::SaveLogTitle,
            FileTask::Report => Text::ReportTitle,
        };
        let title = title.of(lang).to_owned();
        let ask = match task {
            FileTask::Send | FileTask::Put => Ask::OpenFile { title },
            FileTask::Get | FileTask::Folder => Ask::OpenFolder { title },
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
        if matches!(form.task, FileTask::Export | FileTask::Report) {
            form.follow_format();
        }
        if !form.is_complete() {
            return;
        }
        let (task, path) = (form.task, form.file().unwrap_or_default());
        if form.would_replace(&path) {
            form.obstacle = Some(Obstacle::Exists);
            return;
        }
        let has_started = match task {
            FileTask::Send => self.send_files(id),
            FileTask::Receive => self.receive_file(id, path),
            FileTask::Get | FileTask::Put | FileTask::Folder => self.start_headed(id),
            FileTask::SaveReceived | FileTask::SaveLog | FileTask::Export => self.save_file(id, task, path),
            FileTask::Report => self.save_report(id, path),
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
        let Ok(pace) = form.pace(session.setup.protocol != Protocol::Udp) else { return false };
        let cut = Cut { udp_chunk, pace };
        let files: Vec<PathBuf> = form.file().into_iter().chain(form.more.iter().cloned()).collect();
        let Some(targets) = targets(session) else { return false };
        if let Some(log) = &mut session.log {
            log.set_follow(true);
        }
        let room = session.transfers.room();
        let over = files.len().saturating_sub(room);
        for file in files.into_iter().take(room) {
            session.transfers.add_send(file, targets.clone(), cut);
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

    /// Writes the results of the steps to a file.
    fn save_report(&mut self, id: SessionId, path: PathBuf) -> bool {
        let lang = self.lang;
        let Some(session) = self.sessions.get(&id) else { return false };
        let (Some(form), Some((script, rounds))) = (&session.file_form, session.runs.outcomes()) else { return false };
        let (form, to) = (form.report, path.clone());
        let job = self.job("save", move |_| {
            let several = rounds.len() > 1;
            let of_round = |round: u64| several.then_some(round);
            let runs =
                rounds.iter().map(|(number, outcome)| Reported { script: &script, round: of_round(*number), outcome });
            let runs: Vec<Reported<'_>> = runs.collect();
            write_report(&to, form, &runs, lang).map(|bytes| crate::capture::Saved {
                records: 0,
                bytes,
                evicted: 0,
                unreadable: 0,
            })
        });
        let Some(job) = job else { return false };
        self.with(id, |session| session.transfers.add_save(FileTask::Report, path, job));
        true
    }

    /// Appends what is received from now on to a file.
    fn receive_file(&mut self, id: SessionId, path: PathBuf) -> bool {
        let captures_dir = self.ground().captures_dir;
        let Some(session) = self.sessions.get(&id) else { return false };
        let Some(form) = &session.file_form else { return false };
        let Some(plan) = form.plan(&path) else { return false };
        let (feed, follower) = follower(session.reader().cloned());
        let job = self.job("receive to file", move |control| follower.write_to(plan, &captures_dir, control));
        let Some(job) = job else { return false };
        self.with(id, |session| session.transfers.add_receive(path, job, feed));
        true
    }

    /// Starts transfers with headers.
    fn start_headed(&mut self, id: SessionId) -> bool {
        let wake = self.job_wake();
        let Some(session) = self.sessions.get_mut(&id) else { return false };
        if session.is_heading() || !session.state.is_open() {
            return false;
        }
        let (Some(reader), Some((commands, first_ticket))) = (session.reader().cloned(), session.sender()) else {
            return false;
        };
        let Some(form) = &session.file_form else { return false };
        let is_service = form.task == FileTask::Folder;
        let folder = form.folder().filter(|_| form.task != FileTask::Put);
        let wanted = headed_work(form);
        let path = match (&folder, form.task) {
            (Some(folder), FileTask::Folder) => folder.clone(),
            (Some(folder), _) => folder.join(last_part(&form.path)),
            (None, _) => form.file().unwrap_or_default(),
        };
        let peers = match session.peers().filter(|_| is_service) {
            Some(peers) => peers.slice(0..peers.len()).into_iter().map(|peer| peer.id).collect(),
            None => {
                (1..).map(PeerId).take_while(|peer| reader.peer_address(*peer).is_some()).last().into_iter().collect()
            }
        };
        let (encoding, from, task) = (session.setup.encoding, reader.records().end, form.task);
        let job = self.job("transfers", move |_| {
            let work = wanted()?;
            let options = TransferOptions { work, encoding, from, peers, first_ticket, wake };
            let failed = |error| NetError::from_io(Operation::OpenCapture, reader.id(), &error);
            TransferHandle::spawn(reader.clone(), commands, options).map_err(failed)
        });
        let Some(job) = job else { return false };
        self.with(id, |session| {
            let row = session.transfers.add_service(task, path);
            session.heading = Some(Heading { job, folder, row, is_service });
        });
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
        let Some((targets, cut)) = last.map(|row| (row.targets.clone(), row.cut)) else {
            session.file_form = Some(FileForm::of_dropped(files));
            return;
        };
        let room = session.transfers.room();
        let over = files.len().saturating_sub(room);
        for file in files.into_iter().take(room) {
            session.transfers.add_send(file, targets.clone(), cut);
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
                && matches!(form.task, FileTask::SaveReceived | FileTask::SaveLog | FileTask::Export)
            {
                begins.push(session.id);
            }
            session.transfers.poll();
            poll_headed(session);
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
        for (name, end) in failed {
            if let Some(words) = row::failure(&name, &end, self.lang) {
                self.toasts.add_longer(&self.ctx, Tone::Bad, words);
            }
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
        let file = SendItem::file(path.clone(), row.cut.udp_chunk).paced(row.cut.pace);
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

/// What the form asks for; opens its folder, which may take a while.
fn headed_work(form: &FileForm) -> impl FnOnce() -> Result<Work, NetError> + Send + 'static {
    let (task, path, folder) = (form.task, form.path.trim().to_owned(), form.folder().unwrap_or_default());
    let file = form.file().unwrap_or_default();
    let (usage, upload) = (form.folder_use, if form.plain_json { UploadForm::PlainJson } else { UploadForm::WithMd5 });
    move || {
        let failed = |error| NetError::from_io(Operation::ReadFile, folder.display().to_string(), &error);
        let open = || Folder::open(&folder, Overwrite::Never).map_err(failed);
        Ok(match task {
            FileTask::Get => Work::Get { names: vec![path], into: open()? },
            FileTask::Put => {
                let name = last_part(&file.to_string_lossy()).to_owned();
                Work::Put { path: file, name, form: upload }
            }
            _ => {
                let folder = open()?;
                let serves = (usage != FolderUse::Receive).then(|| folder.clone());
                Work::Serve { serves, receives: (usage != FolderUse::Serve).then_some(folder) }
            }
        })
    }
}

/// The last part of a name.
fn last_part(name: &str) -> &str {
    name.trim().rsplit(['/', '\\']).next().unwrap_or(name)
}

/// Takes over a thread that was started, and its progress.
fn poll_headed(session: &mut Session) {
    if let Some(started) = session.heading.as_mut().and_then(|heading| heading.poll(&mut session.transfers)) {
        (session.heading, session.headed) = (None, started);
    }
    if session.headed.as_mut().is_some_and(|headed| headed.poll(&mut session.transfers)) {
        session.headed = None;
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
        State::Serving | State::Headed(_) => {
            if session.headed.as_ref().is_none_or(|headed| headed.cancel(id)) {
                session.heading = None;
                if let Some(mut headed) = session.headed.take() {
                    headed.end(&mut session.transfers);
                }
                session.transfers.stop(id);
            }
        }
        State::Ended(_) => {}
    }
}

/// A suggested name for a file to be saved.
fn proposed_name(task: FileTask, export: ExportChoice) -> String {
    let end = match task {
        FileTask::Export => export.format.extension(),
        FileTask::SaveLog => "log",
        FileTask::Report => crate::runner::report::ReportForm::Junit.extension(),
        _ => "bin",
    };
    format!("wirebench-{}.{end}", saving::stamp())
}
