//! Tabs that come and go: a new one, one like another, and those that were closed and may come back.

use super::App;
use crate::engine::Command;
use crate::gui::panels::tabs;
use crate::gui::sentences;
use crate::gui::session::Session;
use crate::model::{Protocol, SessionId};
use crate::settings::SessionSetup;

/// Closed tabs that can be brought back.
const KEPT: usize = 10;

/// A closed tab.
pub struct ClosedTab {
    session: Session,
    /// The tab it stood behind.
    beside: Option<SessionId>,
}

impl App {
    /// A tab with the form of the focused session, which is the likeliest start; what was typed to send is not.
    pub(super) fn new_session(&mut self) {
        let setup = match self.sessions.get(&self.focused).filter(|session| session.archive.is_none()) {
            Some(session) => {
                // Nor is the target of a UDP session: answers would go to another one's device.
                let blank = String::new;
                SessionSetup { draft: blank(), target_address: blank(), target_port: blank(), ..session.setup.clone() }
            }
            None => SessionSetup::default(),
        };
        self.add_like(setup, self.focused);
    }

    /// A tab with everything that is in the form of this one.
    pub(super) fn duplicate_session(&mut self, id: SessionId) {
        let Some(session) = self.sessions.get(&id).filter(|session| session.archive.is_none()) else { return };
        self.add_like(session.setup.clone(), id);
    }

    fn add_like(&mut self, mut setup: SessionSetup, beside: SessionId) {
        if let Some(port) = self.free_port(&setup) {
            setup.local_port = port.to_string();
        }
        let id = self.add(setup);
        self.with(id, |session| session.fresh = true);
        tabs::insert(&mut self.tree, id, beside);
        self.focus(id);
    }

    /// The next port that no other tab listens on or is going to; `None`: the one in the form is free, or no number.
    fn free_port(&self, setup: &SessionSetup) -> Option<u16> {
        if setup.protocol == Protocol::TcpClient {
            return None;
        }
        let asked: u16 = setup.local_port.trim().parse().ok().filter(|port| *port > 0)?;
        let own =
            self.sessions.values().filter(|other| other.archive.is_none() && other.setup.protocol == setup.protocol);
        let taken: Vec<u16> = own.filter_map(|other| other.setup.local_port.trim().parse().ok()).collect();
        let free = (asked..=u16::MAX).find(|port| !taken.contains(port))?;
        (free != asked).then_some(free)
    }

    /// Its sockets close at once; the tab and what was recorded can be brought back.
    pub(super) fn close_session(&mut self, id: SessionId) {
        let order = tabs::order(&self.tree);
        let beside = order.iter().position(|at| *at == id).and_then(|at| order.get(at.checked_sub(1)?)).copied();
        let Some(mut session) = self.sessions.remove(&id) else { return };
        if self.sessions.is_empty() {
            let blank = self.add(SessionSetup::default());
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
        session.command(Command::Close);
        if let Some(handle) = session.retire() {
            // Its end (flushing what the sockets take, closing the capture) must not hold up the window.
            let ending = self.job("end session", move |_| {
                if !handle.finish(super::FINISH) {
                    tracing::warn!(session = id.0, "the session did not end in time");
                }
            });
            self.ending.extend(ending);
        }
        // What deletes its capture has nothing left to show.
        if was_blank || self.preferences.delete_on_close {
            session.forget_capture();
        }
        self.closed.push(ClosedTab { session, beside });
        if self.closed.len() > KEPT {
            self.closed.remove(0);
        }
        if !was_blank {
            let words = sentences::session_closed(&title, self.lang);
            self.toasts.add_with_undo(&self.ctx, words, self.lang.pick("撤销", "Undo"), id.0);
        }
    }

    /// All tabs but this one.
    pub(super) fn close_others(&mut self, id: SessionId) {
        for other in tabs::order(&self.tree) {
            if other != id {
                self.close_session(other);
            }
        }
    }

    /// Brings a closed tab back (`None`: the last one), with what it recorded.
    pub(super) fn reopen(&mut self, id: Option<SessionId>) {
        let at = match id {
            Some(id) => self.closed.iter().position(|tab| tab.session.id == id),
            None => self.closed.len().checked_sub(1),
        };
        let Some(tab) = at.map(|at| self.closed.remove(at)) else { return };
        let id = tab.session.id;
        self.toasts.drop_undo(id.0);
        self.sessions.insert(id, tab.session);
        let beside = tab.beside.filter(|beside| self.sessions.contains_key(beside)).unwrap_or(self.focused);
        tabs::insert(&mut self.tree, id, beside);
        self.focus(id);
    }
}
