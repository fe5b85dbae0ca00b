//! Opening, duplicating, closing and reopening tabs.

use crate::engine::SessionHandle;
use crate::gui::action::{Action, TabAction};
use crate::gui::app::App;
use crate::gui::network::form;
use crate::gui::sentences;
use crate::gui::session::Session;
use crate::gui::tabs;
use crate::gui::tabs::closed::ClosedTab;
use crate::gui::widgets::Tone;
use crate::model::{Protocol, SessionId};
use crate::settings::SessionSetup;
use crate::words::Text;

/// Number of closed tabs that can be reopened.
const KEPT: usize = 10;

impl App {
    /// A tab with the start page. Its port is the next one that no other tab has.
    pub fn new_session(&mut self) {
        let beside = self.sessions.get(&self.focused).filter(|session| session.archive.is_none());
        let port = beside.and_then(|session| form::own_port(&session.setup));
        let fresh = SessionSetup::default();
        let local_port = port.map_or(fresh.local_port.clone(), |port| port.to_string());
        self.add_like(SessionSetup { local_port, ..fresh }, self.focused);
        self.look_for_recent();
    }

    /// A tab with everything that is in the form of this one, but without its name.
    pub fn duplicate_session(&mut self, id: SessionId) {
        let Some(session) = self.sessions.get(&id).filter(|session| session.archive.is_none()) else { return };
        let mut setup = SessionSetup { name: String::new(), ..session.setup.clone() };
        // A file of the data folder belongs to one tab; one that the user opened is shared.
        let talk = session.has_own_talk().then(|| session.talk.copy());
        if talk.is_some() {
            setup.talk_file.clear();
        }
        self.add_like(setup, id);
        if let (Some(talk), Some(session)) = (talk, self.sessions.get_mut(&self.focused)) {
            session.talk = talk;
        }
    }

    fn add_like(&mut self, mut setup: SessionSetup, beside: SessionId) {
        if let Some(port) = self.own_free_port(&setup) {
            setup.local_port = port.to_string();
        }
        let id = self.add(setup);
        self.with(id, |session| session.fresh = true);
        tabs::insert(&mut self.tree, id, beside);
        self.focus(id);
        self.focus_form(id);
        self.check_new_port(id);
    }

    /// Closes the sockets at once: a closed tab must neither receive data nor keep its port from another program. Its worker
    /// and capture are kept, so that the reopened tab continues the same history.
    pub fn close_session(&mut self, id: SessionId) {
        let order = tabs::order(&self.tree);
        let beside = order.iter().position(|at| *at == id).and_then(|at| order.get(at.checked_sub(1)?)).copied();
        let Some(mut session) = self.sessions.remove(&id) else { return };
        if self.sessions.is_empty() {
            let blank = self.add(SessionSetup::default());
            self.with(blank, |session| (session.fresh, session.stands_in) = (true, true));
            tabs::insert(&mut self.tree, blank, id);
        }
        let next = tabs::remove(&mut self.tree, id);
        if self.focused == id
            && let Some(next) = next
        {
            self.focus(next);
        }
        let title = sentences::session_title(&session, self.lang);
        let was_blank = session.is_blank();
        let was_untouched = is_untouched(&session);
        let was_open = session.state.is_active();
        let peers = if session.setup.protocol == Protocol::TcpServer { session.counters.peers } else { 0 };
        let waits = session.set_aside();
        // If the capture is deleted, nothing is left to reopen.
        if !waits || was_blank || self.preferences.delete_on_close {
            self.end_later(session.retire());
        }
        if was_blank || self.preferences.delete_on_close {
            session.forget_capture();
        }
        // Reopening it would show an empty start page instead of the session that the user misses.
        if was_untouched {
            return;
        }
        self.closed.push(ClosedTab { session, beside, was_open, peers });
        if self.closed.len() > KEPT {
            let handle = self.closed.remove(0).session.retire();
            self.end_later(handle);
        }
        if !was_blank {
            let words = self.lang.texts().session_closed(&title);
            let again = Action::Tab(TabAction::Reopen(Some(id)));
            self.toasts.add_undo(&self.ctx, words, Text::Undo.of(self.lang), Some(id.0), again);
        }
    }

    /// Ends a worker in a job, because flushing the sockets and closing the capture must not block the window.
    fn end_later(&mut self, handle: Option<SessionHandle>) {
        let Some(handle) = handle else { return };
        let ending = self.job("end session", move |_| end(handle));
        self.ending.extend(ending);
    }

    /// The workers of closed tabs, which keep their captures open.
    pub fn workers_set_aside(&mut self) -> Vec<SessionHandle> {
        self.closed.iter_mut().filter_map(|tab| tab.session.retire()).collect()
    }

    /// Closes all other tabs.
    pub fn close_others(&mut self, id: SessionId) {
        for other in tabs::order(&self.tree) {
            if other != id {
                self.close_session(other);
            }
        }
    }

    /// Reopens a closed tab (`None`: the last one) with its recorded data.
    pub fn reopen(&mut self, id: Option<SessionId>) {
        let at = match id {
            Some(id) => self.closed.iter().position(|tab| tab.session.id == id),
            None => self.closed.len().checked_sub(1),
        };
        let Some(tab) = at.map(|at| self.closed.remove(at)) else { return };
        let id = tab.session.id;
        self.toasts.drop_undo(id.0);
        self.sessions.insert(id, tab.session);
        if tab.was_open {
            self.with(id, |session| session.opens_again = true);
        }
        if tab.peers > 0 {
            let words = self.lang.texts().listens_again(tab.peers);
            self.toasts.add(&self.ctx, Tone::Info, words);
        }
        let beside = tab.beside.filter(|beside| self.sessions.contains_key(beside)).unwrap_or(self.focused);
        tabs::insert(&mut self.tree, id, beside);
        self.focus(id);
        self.drop_stand_ins();
    }

    /// Removes unused tabs that only replaced the last closed tab.
    fn drop_stand_ins(&mut self) {
        let focused = self.focused;
        // The window cannot be without a tab, so the focused one is kept in any case.
        let unused = |session: &Session| session.stands_in && session.id != focused && is_untouched(session);
        let unused: Vec<SessionId> = self.sessions.values().filter(|session| unused(session)).map(|s| s.id).collect();
        for id in unused {
            self.sessions.remove(&id);
            tabs::remove(&mut self.tree, id);
        }
        self.focus(focused);
    }

    /// Opens the sessions of reopened tabs as soon as their previous runs have ended.
    pub fn open_again(&mut self) {
        let due = self.sessions.values_mut().filter(|session| session.opens_again && !session.state.is_active());
        let due: Vec<SessionId> = due.map(|session| session.id).collect();
        for id in due {
            self.with(id, |session| session.opens_again = false);
            self.open(id);
        }
    }
}

/// Nothing was opened or typed in this tab. Its port does not count, because the program chooses it.
fn is_untouched(session: &Session) -> bool {
    let usual = SessionSetup { local_port: session.setup.local_port.clone(), ..SessionSetup::default() };
    session.fresh && session.is_blank() && session.archive.is_none() && session.setup == usual
}

/// Ends a worker and waits for it; blocks, so call it in a job.
pub fn end(handle: SessionHandle) {
    if !handle.finish(crate::gui::app::FINISH) {
        tracing::warn!("a session did not end in time");
    }
}
