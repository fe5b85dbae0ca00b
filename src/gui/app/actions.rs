//! What panels ask for, and the one place where it is done.

use super::{App, SettingsPage, SettingsTab};
use crate::capture::CaptureInfo;
use crate::engine::{Command, DATAGRAM_BYTES_MAX, SendItem, SendPlan};
use crate::gui::dialogs::Ask;
use crate::gui::log::Side;
use crate::gui::panels::tabs;
use crate::gui::sentences;
use crate::gui::session::files::{ExportChoice, FileStrip, FileTask, FileWork};
use crate::gui::session::form::{self, Field, FieldError};
use crate::gui::session::rule_editor::RulePart;
use crate::gui::session::send_box::{self, ActiveSend, Composed, TargetChoice};
use crate::gui::texts::Text;
use crate::gui::theme;
use crate::gui::widgets::Tone;
use crate::jobs::Job;
use crate::model::{HostPort, PeerId, Protocol, SessionId, Target};
use crate::settings::{SessionSetup, Theme};
use crate::words::Lang;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

/// One thing the user asked for. Panels queue them while they draw; they are done afterwards, in order.
#[derive(Clone, Debug)]
pub enum Action {
    NewSession,
    DuplicateSession(SessionId),
    CloseSession(SessionId),
    CloseOthers(SessionId),
    /// Bring a closed tab back; `None`: the last one.
    Reopen(Option<SessionId>),
    Focus(SessionId),
    ToggleSplit,
    Open(SessionId),
    Close(SessionId),
    /// Open on another local port.
    OpenOnPort(SessionId, u16),
    DismissFailure(SessionId),
    DismissNotice,
    Send(SessionId),
    StopSend(SessionId),
    /// Show the strip for a file task, and the system's dialog.
    FileStrip(SessionId, FileTask),
    /// Show the system's dialog again.
    PickFile(SessionId),
    /// Do the strip's task with the path in it.
    StartFile(SessionId),
    CancelFile(SessionId),
    CloseFileStrip(SessionId),
    /// A file was dropped onto the window.
    DropFile(SessionId, PathBuf),
    DisconnectPeer(SessionId, PeerId),
    ResetPeer(SessionId, PeerId),
    TargetPeer(SessionId, PeerId),
    /// The search box gets the focus.
    FocusFind(SessionId),
    /// To the next hit (true), or the previous one.
    FindStep(SessionId, bool),
    /// Call the index of what is shown off (true), or go on with it.
    StopIndex(SessionId, bool),
    /// Show only this peer's traffic.
    FilterPeer(SessionId, PeerId),
    /// Chosen bytes are to be compared with others later.
    SetCompareBase(Arc<Side>),
    /// There was nothing to compare in what was chosen.
    NothingToCompare,
    /// To the next difference (true), or the previous one.
    CompareStep(SessionId, bool),
    ClearView(SessionId),
    ShowAll(SessionId),
    CopyAll(SessionId),
    CopyText(String),
    /// The log has copied a selection.
    Copied {
        bytes: u64,
        cut: bool,
    },
    /// The log has copied so many rows with their times and peers.
    CopiedLines {
        lines: usize,
        cut: bool,
    },
    /// The log could not: so many records can no longer be read.
    CopyFailed(u64),
    ResetCounts(SessionId),
    RefreshAddresses,
    ToggleSide,
    SetLang(Option<Lang>),
    SetTheme(Theme),
    SetZoom(f32),
    OpenSettings,
    OpenCaptures,
    CloseSettings,
    ListCaptures,
    OpenCapture(CaptureInfo),
    /// Open it with the strip for an export.
    ExportCapture(CaptureInfo),
    DeleteCaptures(Vec<String>),
    /// Show the system's dialog for a log to read in.
    PickImport,
    /// Read the log into a new capture.
    StartImport,
    Demo,
    /// Open the rule editor on the session's rule.
    EditRule(SessionId, RulePart),
    CloseRule,
    /// The session takes the rule that is being edited.
    ApplyRule,
    /// The rule that is being edited is remembered under this name.
    SaveRule(String),
    /// Forget the saved rule that is being edited.
    DeleteRule,
    /// The dialog of the highlight rules, tried in the encoding of this session.
    OpenHighlights(SessionId),
    CloseHighlights,
    /// A rule that tints these bytes; true: they were chosen as text.
    HighlightBytes(SessionId, Vec<u8>, bool),
    /// The list of hits comes or goes.
    ToggleHits(SessionId),
}

impl App {
    /// Does what is queued; true = there was something.
    pub(super) fn run_actions(&mut self) -> bool {
        let mut done = false;
        // Doing one may queue another (the demo opens a session); a loop that never ends would be a bug, not a feature.
        for _ in 0..8 {
            if self.actions.is_empty() {
                break;
            }
            done = true;
            for action in std::mem::take(&mut self.actions) {
                self.execute(action);
            }
        }
        done
    }

    fn execute(&mut self, action: Action) {
        match action {
            Action::NewSession => self.new_session(),
            Action::DuplicateSession(id) => self.duplicate_session(id),
            Action::CloseSession(id) => self.close_session(id),
            Action::CloseOthers(id) => self.close_others(id),
            Action::Reopen(id) => self.reopen(id),
            Action::Focus(id) => self.focus(id),
            Action::ToggleSplit => self.toggle_split(),
            Action::Open(id) => self.open(id),
            Action::Close(id) => self.command(id, Command::Close),
            Action::OpenOnPort(id, port) => {
                if let Some(session) = self.sessions.get_mut(&id) {
                    session.setup.local_port = port.to_string();
                }
                self.open(id);
            }
            Action::DismissFailure(id) => self.with(id, |session| session.failure = None),
            Action::DismissNotice if self.notices.is_empty() => {}
            Action::DismissNotice => {
                self.notices.remove(0);
            }
            Action::Send(id) => self.send(id),
            Action::StopSend(id) => self.stop_send(id),
            Action::DisconnectPeer(id, peer) => self.command(id, Command::DisconnectPeer(peer)),
            Action::ResetPeer(id, peer) => self.command(id, Command::ResetPeer(peer)),
            Action::TargetPeer(id, peer) => self.with(id, |session| session.send.target = TargetChoice::Peer(peer)),
            Action::ResetCounts(id) => self.command(id, Command::ResetCounters),
            Action::ClearView(id) => self.with(id, crate::gui::session::Session::clear_view),
            Action::ShowAll(id) => self.with(id, crate::gui::session::Session::show_all),
            Action::CopyAll(id) => self.copy_all(id),
            Action::CopyText(text) => {
                self.ctx.copy_text(text);
                self.toasts.add(&self.ctx, Tone::Good, Text::Copied.of(self.lang));
            }
            Action::Copied { bytes, cut } => {
                self.toasts.add(&self.ctx, Tone::Good, sentences::copied_bytes(bytes, cut, self.lang));
            }
            Action::CopiedLines { lines, cut } => {
                self.toasts.add(&self.ctx, Tone::Good, sentences::copied(lines, !cut, self.lang));
            }
            Action::CopyFailed(records) => {
                self.toasts.add(&self.ctx, Tone::Bad, sentences::copy_failed(records, self.lang));
            }
            Action::RefreshAddresses => self.addresses.refresh(&super::wake_of(&self.ctx)),
            other => self.execute_files_and_looks(other),
        }
    }

    fn execute_files_and_looks(&mut self, action: Action) {
        match action {
            Action::FileStrip(id, task) => self.file_strip(id, task),
            Action::PickFile(id) => self.pick_file(id),
            Action::StartFile(id) => self.start_file(id),
            Action::CancelFile(id) => self.cancel_file(id),
            Action::CloseFileStrip(id) => {
                self.cancel_file(id);
                self.with(id, |session| session.files = None);
            }
            Action::DropFile(id, path) => self.drop_file(id, &path),
            Action::FocusFind(id) => self.with(id, |session| session.find.wants_focus = true),
            Action::FindStep(id, forward) => self.with(id, |session| session.find.step(forward)),
            Action::StopIndex(id, stopped) => self.with(id, |session| session.sift.set_stopped(stopped)),
            Action::FilterPeer(id, peer) => self.with(id, |session| session.sift.form.peer = Some(peer)),
            Action::SetCompareBase(base) => {
                self.toasts.add(&self.ctx, Tone::Good, sentences::base_set(&base.name(self.lang), self.lang));
                self.compare_base = Some(base);
            }
            Action::NothingToCompare => {
                self.toasts.add(&self.ctx, Tone::Bad, Text::NothingToCompare.of(self.lang));
            }
            Action::CompareStep(id, forward) => self.with(id, |session| {
                if let Some(comparison) = &mut session.compare {
                    comparison.step(forward);
                }
            }),
            Action::ToggleSide => self.toggle_side(),
            Action::SetLang(lang) => {
                self.preferences.lang = lang;
                self.lang = lang.unwrap_or_else(Lang::of_system);
                self.ctx.send_viewport_cmd(egui::ViewportCommand::Title(Text::WindowTitle.of(self.lang).to_owned()));
            }
            Action::SetTheme(chosen) => {
                self.preferences.theme = chosen;
                self.theme = chosen;
                theme::choose(&self.ctx, chosen);
            }
            Action::SetZoom(zoom) => self.ctx.set_zoom_factor(zoom),
            Action::OpenSettings => self.page = Some(SettingsPage::new(SettingsTab::General, &self.preferences)),
            Action::OpenCaptures => {
                self.page = Some(SettingsPage::new(SettingsTab::Captures, &self.preferences));
                self.list_captures();
            }
            Action::CloseSettings => {
                self.page = None;
                let limit = self.ground().capture.limit_bytes;
                for id in self.sessions.keys().copied().collect::<Vec<_>>() {
                    self.command(id, Command::SetCaptureLimit(limit));
                }
            }
            Action::ListCaptures => self.list_captures(),
            Action::OpenCapture(info) => self.open_capture(info, None),
            Action::ExportCapture(info) => self.open_capture(info, Some(FileTask::Export)),
            Action::DeleteCaptures(ids) => self.delete_captures(ids),
            Action::PickImport => self.pick_import(),
            Action::StartImport => self.start_import(),
            Action::Demo => self.start_demo(),
            Action::EditRule(id, part) => self.edit_rule(id, part),
            Action::CloseRule => self.rule_editor = None,
            Action::ApplyRule => self.apply_rule(),
            Action::SaveRule(name) => self.save_rule(&name),
            Action::DeleteRule => self.delete_rule(),
            Action::OpenHighlights(id) => self.open_highlights(id),
            Action::CloseHighlights => self.close_highlights(),
            Action::HighlightBytes(id, bytes, as_text) => self.highlight_bytes(id, &bytes, as_text),
            Action::ToggleHits(id) => self.toggle_hits(id),
            _ => {}
        }
    }

    pub(super) fn with(&mut self, id: SessionId, change: impl FnOnce(&mut crate::gui::session::Session)) {
        if let Some(session) = self.sessions.get_mut(&id) {
            change(session);
        }
    }

    /// Shown it has the focus; with nothing to look for yet the search box has it.
    fn toggle_hits(&mut self, id: SessionId) {
        let before = self.ctx.memory(egui::Memory::focused);
        let mut again = None;
        self.with(id, |session| {
            let find = &mut session.find;
            again = find.list.toggle(before);
            if find.list.is_shown() && find.text.is_empty() {
                (find.list.wants_focus, find.wants_focus) = (false, true);
            }
        });
        if let Some(again) = again {
            self.ctx.memory_mut(|memory| memory.request_focus(again));
        }
    }

    fn command(&mut self, id: SessionId, command: Command) {
        self.with(id, |session| session.command(command));
    }

    fn open(&mut self, id: SessionId) {
        let ground = self.ground();
        self.with(id, |session| session.open(&ground));
    }

    fn toggle_split(&mut self) {
        let order = tabs::order(&self.tree);
        if tabs::is_split(&self.tree) {
            self.tree = tabs::tree(&[(order, self.focused)]);
            return;
        }
        let at = order.iter().position(|id| *id == self.focused).unwrap_or(0);
        let other = match order.get(at + 1).or_else(|| at.checked_sub(1).and_then(|at| order.get(at))).copied() {
            Some(other) => other,
            None => self.add(SessionSetup::default()),
        };
        let left: Vec<SessionId> = order.into_iter().filter(|id| *id != other).collect();
        self.tree = tabs::tree(&[(left, self.focused), (vec![other], other)]);
    }

    fn send(&mut self, id: SessionId) {
        let wake = super::wake_of(&self.ctx);
        let Some(session) = self.sessions.get_mut(&id) else { return };
        if !session.can_send() || session.archive.is_some() || session.send.active.as_ref().is_some_and(|a| a.repeats) {
            return;
        }
        let Some(target) = target(session) else { return };
        let every = match session.send.repeat.then(|| form::interval(&session.setup.interval_ms)) {
            None => None,
            Some(Ok(every)) => Some(every),
            Some(Err(error)) => return session.errors.set(Field::Interval, error),
        };
        let udp = session.setup.protocol == Protocol::Udp;
        let Composed::Ready(payload) = session.send.composed(&session.setup, &wake) else { return };
        if payload.bytes.is_empty() && !udp {
            return;
        }
        let bytes = payload.bytes.clone();
        let ticket = session.ticket();
        if let Some(log) = &mut session.log {
            log.follow_own_send();
        }
        (session.send.failure, session.send.cancelled) = (None, None);
        session.send.active = Some(ActiveSend {
            payload: bytes.clone(),
            target: session.words_of(target),
            ticket,
            repeats: every.is_some(),
            rounds: 0,
            sent_bytes: 0,
            total_bytes: u64::try_from(bytes.len()).ok().filter(|_| every.is_none()),
            since: Instant::now(),
        });
        let rounds = if every.is_some() { None } else { Some(1) };
        let plan = SendPlan { items: vec![SendItem::Bytes(bytes)], every, rounds };
        session.command(Command::Send { ticket, target, plan });
        if session.send.chip().is_none() {
            send_box::remember(&mut session.setup);
        }
        if session.setup.clear_after_send && every.is_none() {
            session.setup.draft.clear();
            session.send.remove_chip();
        }
    }

    fn stop_send(&mut self, id: SessionId) {
        self.with(id, |session| {
            if let Some(ticket) = session.send.active.as_ref().map(|active| active.ticket) {
                session.command(Command::CancelSend(ticket));
            }
        });
    }

    fn file_strip(&mut self, id: SessionId, task: FileTask) {
        let Some(session) = self.sessions.get_mut(&id) else { return };
        // Work under way stays in view; its strip is closed by its own button.
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
        // Of an export the form is chosen first.
        if task != FileTask::Export {
            self.pick_file(id);
        }
    }

    fn pick_file(&mut self, id: SessionId) {
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

    fn start_file(&mut self, id: SessionId) {
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
        let Some(target) = target(session) else { return };
        let chunk = session.files.as_ref().map_or("", |strip| strip.chunk.trim());
        let udp_chunk = match (!chunk.is_empty()).then(|| form::number(chunk, 1, DATAGRAM_BYTES_MAX.into())) {
            None => None,
            Some(Ok(bytes)) => u32::try_from(bytes).ok(),
            Some(Err(error)) => return session.errors.set(Field::UdpChunk, error),
        };
        let ticket = session.ticket();
        if let Some(log) = &mut session.log {
            log.follow_own_send();
        }
        if let Some(strip) = &mut session.files {
            strip.work = FileWork::Sending { ticket, sent: 0, total: None };
        }
        let plan = SendPlan { items: vec![SendItem::File { path, udp_chunk }], every: None, rounds: Some(1) };
        session.command(Command::Send { ticket, target, plan });
    }

    fn save_file(&mut self, id: SessionId, task: FileTask, path: PathBuf) {
        let lang = self.lang;
        let Some(session) = self.sessions.get(&id) else { return };
        let (Some(reader), Some(strip)) = (session.reader.clone(), &session.files) else { return };
        let (setup, choice) = (session.setup.clone(), strip.export);
        // What is shown is what is saved.
        let index = session.log.as_ref().and_then(|log| log.index().cloned());
        let job = self.job("save", move |control| {
            let what =
                super::saving::What { reader: &reader, index: index.as_ref(), task, choice, setup: &setup, lang };
            super::saving::save(&what, &path, control)
        });
        let Some(job) = job else { return };
        self.with(id, |session| {
            if let Some(strip) = &mut session.files {
                strip.work = FileWork::Saving(job);
            }
        });
    }

    fn cancel_file(&mut self, id: SessionId) {
        let Some(session) = self.sessions.get_mut(&id) else { return };
        let Some(strip) = &mut session.files else { return };
        match &strip.work {
            FileWork::Sending { ticket, .. } => {
                let ticket = *ticket;
                session.command(Command::CancelSend(ticket));
            }
            FileWork::Saving(job) => job.cancel(),
            // The dialog is the system's and stays open; its answer is not waited for any more.
            FileWork::Dialog(_) => strip.work = FileWork::None,
            _ => {}
        }
    }

    fn drop_file(&mut self, id: SessionId, path: &std::path::Path) {
        self.with(id, |session| {
            if session.archive.is_some() || session.files.as_ref().is_some_and(FileStrip::busy) {
                return;
            }
            let mut strip = FileStrip::new(FileTask::Send);
            strip.path = path.to_string_lossy().into_owned();
            session.files = Some(strip);
        });
    }

    fn copy_all(&mut self, id: SessionId) {
        let lang = self.lang;
        let Some(session) = self.sessions.get(&id) else { return };
        let Some(view) = session.log.as_ref().and_then(crate::gui::log::LogView::view_for_job) else { return };
        let setup = session.setup.clone();
        let work = move |_: &crate::jobs::JobControl| super::saving::copy(view, &setup, lang);
        self.copying = Job::start("copy", super::wake_of(&self.ctx), work).ok();
    }
}

/// A name for a file that is to be saved.
fn proposed_name(task: FileTask, export: ExportChoice) -> String {
    let end = match task {
        FileTask::Export => export.format.extension(),
        FileTask::SaveLog => "log",
        FileTask::SaveReceived | FileTask::Send => "bin",
    };
    format!("wirebench-{}.{end}", super::saving::stamp())
}

/// Where the next send goes; `None` sets the error of the target field.
fn target(session: &mut crate::gui::session::Session) -> Option<Target> {
    let udp = session.setup.protocol == Protocol::Udp;
    match session.send.target {
        TargetChoice::Default | TargetChoice::LastSender if udp => session.udp_target(),
        TargetChoice::Peer(peer) if session.setup.protocol != Protocol::TcpClient => Some(Target::Peer(peer)),
        TargetChoice::All => Some(Target::All),
        TargetChoice::Address if udp => {
            let address = session.send.target_text.parse::<HostPort>();
            let (literal, error) = match &address {
                Ok(at) if at.port == 0 => (None, FieldError::PortZero),
                Ok(at) => (at.literal(), FieldError::NoLiteral),
                Err(error) => (None, FieldError::Endpoint(error.clone())),
            };
            if literal.is_none() {
                session.errors.set(Field::TargetAddress, error);
            }
            literal.map(Target::Address)
        }
        _ if session.setup.protocol == Protocol::TcpServer => Some(Target::All),
        _ => Some(Target::Remote),
    }
}
