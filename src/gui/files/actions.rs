//! Actions of the file strip: sending a file, and saving recorded data.

use crate::engine::{Command, DATAGRAM_BYTES_MAX, SendItem, SendPlan};
use crate::gui::app::App;
use crate::gui::dialogs::Ask;
use crate::gui::files::saving;
use crate::gui::files::state::{ExportChoice, FileStrip, FileTask, FileWork};
use crate::gui::files::transfer::Transfer;
use crate::gui::log::LogView;
use crate::gui::network::form;
use crate::gui::network::form::Field;
use crate::gui::send::actions::targets;
use crate::gui::widgets::Tone;
use crate::jobs::Job;
use crate::model::SessionId;
use crate::words::Text;
use std::path::PathBuf;

impl App {
    /// Opens the strip for a file task, and the file dialog.
    pub fn file_strip(&mut self, id: SessionId, task: FileTask) {
        let Some(session) = self.sessions.get_mut(&id) else { return };
        // Work in progress stays visible; its own button closes the strip.
        if session.files.as_ref().is_some_and(FileStrip::busy) {
            return;
        }
        let mut strip = FileStrip::new(task);
        if task != FileTask::Send {
            let name = proposed_name(task, strip.export);
            let folder = crate::settings::documents_dir().unwrap_or_default();
            strip.path = folder.join(name).to_string_lossy().into_owned();
        }
        session.files = Some(strip);
        // For an export the user first selects the format and, with a selection, whether to save only the selected records.
        let may_choose = task != FileTask::Send && session.log.as_ref().is_some_and(LogView::has_records_chosen);
        if task != FileTask::Export && !may_choose {
            self.pick_file(id);
        }
    }

    /// Opens the file dialog of the strip again.
    pub fn pick_file(&mut self, id: SessionId) {
        let strip = self.sessions.get(&id).and_then(|session| session.files.as_ref());
        let Some((task, export)) = strip.map(|strip| (strip.task, strip.export)) else { return };
        let lang = self.lang;
        let title = match task {
            FileTask::Send => Text::SendFileTitle,
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
        let Some(job) = self.job("file dialog", move |_| picker(&ask)) else { return };
        self.with(id, |session| {
            if let Some(strip) = &mut session.files {
                strip.work = FileWork::Dialog(job);
            }
        });
    }

    /// Starts the task of the strip with its path.
    pub fn start_file(&mut self, id: SessionId) {
        let Some(session) = self.sessions.get_mut(&id) else { return };
        let Some(strip) = &mut session.files else { return };
        if strip.task == FileTask::Export {
            strip.follow_format();
        }
        let (task, Some(path)) = (strip.task, strip.file()) else { return };
        if strip.would_replace(&path) {
            strip.work = FileWork::Exists;
            return;
        }
        match task {
            FileTask::Send => self.send_file(id, path),
            FileTask::SaveReceived | FileTask::SaveLog | FileTask::Export => self.save_file(id, task, path),
        }
    }

    fn send_file(&mut self, id: SessionId, path: PathBuf) {
        let Some(session) = self.sessions.get_mut(&id) else { return };
        let follows = session.files.as_ref().filter(|strip| strip.sent.0 > 0).and_then(|strip| strip.targets.clone());
        let Some(targets) = follows.or_else(|| targets(session)) else { return };
        let Some(&target) = targets.first() else { return };
        let chunk = session.files.as_ref().map_or("", |strip| strip.chunk.trim());
        let udp_chunk = match (!chunk.is_empty()).then(|| form::number(chunk, 1, DATAGRAM_BYTES_MAX.into())) {
            None => None,
            Some(Ok(bytes)) => u32::try_from(bytes).ok(),
            Some(Err(error)) => return session.errors.set(Field::UdpChunk, error),
        };
        let ticket = session.ticket();
        if let Some(log) = &mut session.log {
            log.set_follow(true);
        }
        let file = SendItem::file(path, udp_chunk);
        let items = match targets.as_slice() {
            [_] => vec![file],
            several => several.iter().map(|target| file.clone().to(*target)).collect(),
        };
        if let Some(strip) = &mut session.files {
            strip.work = FileWork::Sending(Transfer::new(ticket));
            strip.targets = Some(targets);
        }
        let plan = SendPlan::once(items);
        session.command(Command::Send { ticket, target, plan });
    }

    fn save_file(&mut self, id: SessionId, task: FileTask, path: PathBuf) {
        let lang = self.lang;
        let Some(session) = self.sessions.get(&id) else { return };
        let (Some(reader), Some(strip)) = (session.reader().cloned(), &session.files) else { return };
        let (setup, choice) = (session.setup.clone(), strip.export);
        // Saves what the log shows.
        let index = session.log.as_ref().and_then(|log| log.index().cloned());
        let chosen = session.log.as_ref().filter(|_| strip.only_chosen).and_then(LogView::chosen_items);
        let job = self.job("save", move |control| {
            let index = index.as_ref();
            let what = saving::What { reader: &reader, index, chosen, task, choice, setup: &setup, lang };
            saving::save(&what, &path, control)
        });
        let Some(job) = job else { return };
        self.with(id, |session| {
            if let Some(strip) = &mut session.files {
                strip.work = FileWork::Saving(job);
            }
        });
    }

    /// Cancels the file task of the session.
    pub fn cancel_file(&mut self, id: SessionId) {
        let Some(session) = self.sessions.get_mut(&id) else { return };
        let Some(strip) = &mut session.files else { return };
        match &strip.work {
            FileWork::Sending(transfer) => {
                let ticket = transfer.ticket;
                session.command(Command::CancelSend(ticket));
            }
            FileWork::Saving(job) => job.cancel(),
            // The system's dialog stays open, but its result is ignored.
            FileWork::Dialog(_) => strip.work = FileWork::None,
            FileWork::None
            | FileWork::Saved(_)
            | FileWork::Sent { .. }
            | FileWork::DoneBut { .. }
            | FileWork::Cancelled { .. }
            | FileWork::Failed(_)
            | FileWork::Exists
            | FileWork::NoneChosen => {}
        }
    }

    /// Queues dropped files for sending one after the other, behind those being sent.
    pub fn drop_files(&mut self, id: SessionId, files: Vec<PathBuf>) {
        let Some(session) = self.sessions.get_mut(&id) else { return };
        let refused = match &mut session.files {
            _ if session.archive.is_some() => Some(Text::DropReadOnly),
            Some(strip) if strip.task == FileTask::Send && matches!(strip.work, FileWork::Sending(_)) => {
                strip.waiting.extend(files);
                None
            }
            Some(strip) if strip.busy() => Some(Text::DropBusy),
            strip => {
                *strip = Some(FileStrip::of_dropped(files));
                None
            }
        };
        if let Some(why) = refused {
            self.toasts.add(&self.ctx, Tone::Bad, why.of(self.lang));
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

/// A suggested name for a file to be saved.
fn proposed_name(task: FileTask, export: ExportChoice) -> String {
    let end = match task {
        FileTask::Export => export.format.extension(),
        FileTask::SaveLog => "log",
        FileTask::SaveReceived | FileTask::Send => "bin",
    };
    format!("wirebench-{}.{end}", saving::stamp())
}
