//! Executes the actions that panels have queued.

use crate::engine::Command;
use crate::gui::action::{
    Action, AppAction, CaptureAction, HighlightAction, RuleAction, SessionAction, TabAction, ViewAction,
};
use crate::gui::app::App;
use crate::gui::files::form::FileTask;
use crate::gui::frame::drawer;
use crate::gui::frame::places::DrawerTab;
use crate::gui::send::state::{TargetChoice, take_up};
use crate::gui::sentences;
use crate::gui::session::Session;
use crate::gui::settings_page::state::{SettingsPage, SettingsTab};
use crate::gui::tabs;
use crate::gui::theme;
use crate::gui::widgets::Tone;
use crate::model::{PeerId, SessionId, display_address};
use crate::settings::SessionSetup;
use crate::words::Lang;
use crate::words::Text;

impl App {
    /// Executes the queued actions. Returns true if there were any.
    pub(crate) fn run_actions(&mut self) -> bool {
        let mut done = false;
        // An action may queue another one (the demo opens a session). The limit stops an endless loop, which would be a bug.
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
            Action::Tab(action) => self.tab_action(action),
            Action::Session(action) => self.session_action(action),
            Action::View(action) => self.view_action(action),
            Action::File(action) => self.file_action(action),
            Action::App(action) => self.app_action(action),
            Action::Capture(action) => self.capture_action(action),
            Action::Rule(action) => self.rule_action(action),
            Action::Highlight(action) => self.highlight_action(action),
            Action::Start(action) => self.start_action(action),
            Action::Talk(action) => self.talk_action(action),
            Action::Quick(action) => self.quick_action(action),
            Action::Reply(action) => self.reply_action(action),
            Action::Run(action) => self.run_action(action),
        }
    }

    fn tab_action(&mut self, action: TabAction) {
        match action {
            TabAction::New => self.new_session(),
            TabAction::Duplicate(id) => self.duplicate_session(id),
            TabAction::Close(id) => self.close_session(id),
            TabAction::CloseOthers(id) => self.close_others(id),
            TabAction::Reopen(id) => self.reopen(id),
            TabAction::Focus(id) => self.focus(id),
            TabAction::ToggleSplit => self.toggle_split(),
        }
    }

    fn session_action(&mut self, action: SessionAction) {
        match action {
            SessionAction::Open(id) => self.open(id),
            SessionAction::Close(id) => self.command(id, Command::Close),
            SessionAction::OpenOnPort(id, port) => {
                self.with(id, |session| session.setup.local_port = port.to_string());
                self.open(id);
            }
            SessionAction::DismissFailure(id) => self.with(id, |session| session.failures.dismiss()),
            SessionAction::DismissLost(id) => self.with(id, |session| session.lost_dismissed = true),
            SessionAction::TrustCertificate(id) => self.with(id, crate::gui::network::tls::trust),
            SessionAction::DismissCertificate(id) => self.with(id, |session| session.unchecked_certificate = None),
            SessionAction::Reconnect(id) => {
                self.with(id, crate::gui::network::reconnect::switch_on);
                self.open(id);
            }
            SessionAction::FollowFiles(id) => self.with(id, |session| {
                if let Some(log) = &mut session.log {
                    log.follow_files();
                }
                // The index was built without their contents.
                session.sift.forget();
            }),
            SessionAction::DismissUnread(id) => self.with(id, |session| session.unread_dismissed = true),
            SessionAction::Send(id) => self.send(id),
            SessionAction::StopSend(id) => self.stop_send(id),
            SessionAction::DisconnectPeer(id, peer) => self.disconnect_peer(id, peer, Command::DisconnectPeer(peer)),
            SessionAction::ResetPeer(id, peer) => self.disconnect_peer(id, peer, Command::ResetPeer(peer)),
            SessionAction::TargetPeer(id, peer) => {
                self.with(id, |session| session.send.target = TargetChoice::Peer(peer));
            }
            SessionAction::ResetCounts(id) => self.command(id, Command::ResetCounters),
        }
    }

    fn view_action(&mut self, action: ViewAction) {
        match action {
            ViewAction::FocusFind(id) => self.with(id, |session| session.find.wants_focus = true),
            ViewAction::FindStep(id, forward) => self.with(id, |session| session.find.step(forward)),
            ViewAction::ToggleHits(id) => self.toggle_hits(id),
            ViewAction::ShowDock(id, tab) => self.with(id, |session| session.places.show_dock(tab)),
            ViewAction::ToggleDock(id) => self.with(id, |session| session.places.toggle_dock()),
            ViewAction::ShowDrawer(id, tab) => self.with(id, |session| session.places.show_drawer(tab)),
            ViewAction::ToggleDrawer(id) => self.with(id, drawer::toggle),
            ViewAction::StopIndex(id, stopped) => self.with(id, |session| session.sift.set_stopped(stopped)),
            ViewAction::FilterPeer(id, peer) => self.with(id, |session| session.sift.form.peer = Some(peer)),
            ViewAction::SetCompareBase(base) => {
                self.toasts.add(&self.ctx, Tone::Good, self.lang.texts().base_set(&base.name(self.lang)));
                self.compare_base = Some(base);
            }
            ViewAction::NothingToCompare => {
                self.toasts.add(&self.ctx, Tone::Bad, Text::NothingToCompare.of(self.lang));
            }
            ViewAction::CompareStep(id, forward) => self.with(id, |session| {
                if let Some(comparison) = &mut session.compare {
                    comparison.step(forward);
                }
            }),
            ViewAction::Clear(id) => self.clear_view(id),
            ViewAction::ShowFrom(id, record) => self.with(id, |session| session.show_from(record)),
            ViewAction::DraftReplaced(id, message) => {
                let again = Action::View(ViewAction::RestoreDraft(id, message));
                self.offer_undo(self.lang.texts().draft_replaced(), again);
            }
            ViewAction::RestoreDraft(id, message) => self.with(id, |session| {
                session.send.remove_chip();
                take_up(&mut session.setup, *message);
            }),
            ViewAction::ShowAll(id) => self.with(id, Session::show_all),
            ViewAction::CopyAll(id) => self.copy_all(id),
            ViewAction::CopyText(text) => {
                self.ctx.copy_text(text);
                self.toasts.add(&self.ctx, Tone::Good, Text::Copied.of(self.lang));
            }
            ViewAction::Copied { bytes, cut } => {
                self.toasts.add(&self.ctx, Tone::Good, sentences::copied_bytes(bytes, cut, self.lang));
            }
            ViewAction::CopiedLines { lines, cut } => {
                self.toasts.add(&self.ctx, Tone::Good, sentences::copied(lines, !cut, self.lang));
            }
            ViewAction::CopyFailed(records) => {
                self.toasts.add(&self.ctx, Tone::Bad, self.lang.texts().copy_failed(records));
            }
        }
    }

    fn app_action(&mut self, action: AppAction) {
        match action {
            AppAction::DismissNotice if self.notices.is_empty() => {}
            AppAction::DismissNotice => {
                self.notices.remove(0);
            }
            AppAction::RefreshAddresses => self.addresses.refresh(&crate::gui::app::wake_of(&self.ctx)),
            AppAction::ToggleSide => self.toggle_side(),
            AppAction::SetLang(lang) => {
                self.preferences.lang = lang;
                self.lang = lang.unwrap_or_else(Lang::of_system);
                self.ctx.send_viewport_cmd(egui::ViewportCommand::Title(Text::WindowTitle.of(self.lang).to_owned()));
            }
            AppAction::SetTheme(chosen) => {
                self.preferences.theme = chosen;
                self.theme = chosen;
                theme::choose(&self.ctx, chosen);
            }
            AppAction::SetZoom(zoom) => self.ctx.set_zoom_factor(zoom),
            AppAction::OpenSettings => self.page = Some(SettingsPage::new(SettingsTab::General, &self.preferences)),
            AppAction::CloseSettings => {
                self.page = None;
                let crate::capture::CaptureOptions { limit_bytes, kept_file_bytes, .. } = self.ground().capture;
                for id in self.sessions.keys().copied().collect::<Vec<_>>() {
                    self.command(id, Command::SetCaptureLimits { limit_bytes, kept_file_bytes });
                }
            }
            AppAction::TogglePalette => self.toggle_palette(),
            AppAction::OpenKeySheet => self.key_sheet = Some(crate::gui::keys::sheet::Sheet::default()),
            AppAction::Demo => self.start_demo(),
        }
    }

    fn capture_action(&mut self, action: CaptureAction) {
        match action {
            CaptureAction::ShowPage => {
                self.page = Some(SettingsPage::new(SettingsTab::Captures, &self.preferences));
                self.list_captures();
            }
            CaptureAction::List => self.list_captures(),
            CaptureAction::Open(info) => self.open_capture(info, None),
            CaptureAction::Export(info) => self.open_capture(info, Some(FileTask::Export)),
            CaptureAction::Delete(ids) => self.delete_captures(ids),
            CaptureAction::PickImport => self.pick_import(),
            CaptureAction::BeginImport => {
                self.capture_action(CaptureAction::ShowPage);
                self.captures.import = Some(Default::default());
                self.pick_import();
            }
            CaptureAction::StartImport => self.start_import(),
        }
    }

    fn rule_action(&mut self, action: RuleAction) {
        match action {
            RuleAction::Edit(id, part) => self.edit_rule(id, part),
            RuleAction::Cancel(id) => self.cancel_rule(id),
            RuleAction::Apply(id) => self.apply_rule(id),
            RuleAction::Save(id, name) => self.save_rule(id, &name),
            RuleAction::Delete(id) => self.delete_rule(id),
        }
    }

    fn highlight_action(&mut self, action: HighlightAction) {
        match action {
            HighlightAction::Open(id) => self.open_highlights(id),
            HighlightAction::Close(id) => self.close_highlights(id),
            HighlightAction::Add(id, bytes, as_text) => self.highlight_bytes(id, &bytes, as_text),
        }
    }

    /// An editor of this session is gone: what had the focus before it, or the send box, has it again.
    pub(crate) fn focus_again(&self, id: SessionId, before: Option<egui::Id>) {
        let again = before.unwrap_or_else(|| crate::gui::send::panel::editor_id(id));
        self.ctx.memory_mut(|memory| memory.request_focus(again));
    }

    pub(crate) fn with(&mut self, id: SessionId, change: impl FnOnce(&mut Session)) {
        if let Some(session) = self.sessions.get_mut(&id) {
            change(session);
        }
    }

    /// Toggles the hit list and focuses it. Without a pattern the search box gets the focus.
    fn toggle_hits(&mut self, id: SessionId) {
        let before = self.ctx.memory(egui::Memory::focused);
        let mut again = None;
        self.with(id, |session| {
            if session.places.drawer() == Some(DrawerTab::Find) {
                session.places.close_drawer();
                again = session.find.list.close();
                return;
            }
            session.places.show_drawer(DrawerTab::Find);
            session.find.list.opened(before);
            if session.find.text.is_empty() {
                (session.find.list.wants_focus, session.find.wants_focus) = (false, true);
            }
        });
        if let Some(again) = again {
            self.ctx.memory_mut(|memory| memory.request_focus(again));
        }
    }

    fn command(&mut self, id: SessionId, command: Command) {
        self.with(id, |session| session.command(command));
    }

    /// A toast with the action that undoes what was just done.
    pub(crate) fn offer_undo(&mut self, words: impl Into<String>, undo: Action) {
        self.toasts.add_undo(&self.ctx, words, Text::Undo.of(self.lang), None, undo);
    }

    fn clear_view(&mut self, id: SessionId) {
        let before = self.sessions.get(&id).map(Session::view_from);
        self.with(id, Session::clear_view);
        let after = self.sessions.get(&id).map(Session::view_from);
        if let Some(before) = before.filter(|_| before != after) {
            self.offer_undo(self.lang.texts().cleared_now(), Action::View(ViewAction::ShowFrom(id, before)));
        }
    }

    /// Ends the connection of a peer. It is not kept from connecting again, so there is nothing to undo.
    fn disconnect_peer(&mut self, id: SessionId, peer: PeerId, command: Command) {
        let peers = self.sessions.get(&id).and_then(Session::peers);
        if let Some(address) = peers.and_then(|peers| peers.get(peer).map(|peer| display_address(peer.address))) {
            self.toasts.add(&self.ctx, Tone::Info, self.lang.texts().peer_disconnected(&address));
        }
        self.command(id, command);
    }

    pub(crate) fn open(&mut self, id: SessionId) {
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
}
