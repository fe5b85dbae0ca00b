//! Searches for free ports. Jobs ask the system, so that a frame never blocks.

use crate::engine;
use crate::gui::app::App;
use crate::gui::network::form;
use crate::gui::network::port_search::Why;
use crate::model::SessionId;
use crate::settings::SessionSetup;

impl App {
    /// The next port that no other tab uses; `None`: the port in the form is free, or not a number.
    #[must_use]
    pub fn own_free_port(&self, setup: &SessionSetup) -> Option<u16> {
        let asked = form::own_port(setup)?;
        let taken = self.ports_of_others(setup, None);
        let free = (asked..=u16::MAX).find(|port| !taken.contains(port))?;
        (free != asked).then_some(free)
    }

    /// The ports in the forms of the tabs of this protocol.
    fn ports_of_others(&self, setup: &SessionSetup, but: Option<SessionId>) -> Vec<u16> {
        let others = self.sessions.values().filter(|other| other.archive.is_none() && Some(other.id) != but);
        others.filter(|other| other.setup.protocol == setup.protocol).filter_map(|o| form::own_port(&o.setup)).collect()
    }

    /// Replaces the port in this new form if another program uses it.
    pub fn check_new_port(&mut self, id: SessionId) {
        let port = self.sessions.get(&id).and_then(|session| form::own_port(&session.setup));
        if let Some(port) = port {
            self.look_for_port(id, Why::New(port), port);
        }
    }

    fn look_for_port(&mut self, id: SessionId, why: Why, from: u16) {
        let Some(session) = self.sessions.get(&id) else { return };
        let (protocol, host) = (session.setup.protocol, session.setup.local_address.trim().to_owned());
        let taken = self.ports_of_others(&session.setup, Some(id));
        let job = self.job("free port", move |_| engine::free_port(protocol, &host, from, &taken));
        if let Some(job) = job {
            self.ports.add(id, why, job);
        }
    }

    /// Starts a search if the open of a session failed because of its port, and takes the results of searches.
    pub fn poll_ports(&mut self) {
        let refused: Vec<_> = self.sessions.values_mut().filter_map(|s| Some((s.id, s.port_to_replace()?))).collect();
        for (id, port) in refused {
            self.look_for_user(id, port);
            if let Some(next) = port.checked_add(1) {
                self.look_for_port(id, Why::Refused(port), next);
            }
        }
        for (id, why, port) in self.ports.ended() {
            // Without a free port, opening reports the error.
            if let Some(port) = port {
                self.take_port(id, why, port);
            }
        }
    }

    /// Which program has the port.
    fn look_for_user(&mut self, id: SessionId, port: u16) {
        let Some(session) = self.sessions.get_mut(&id) else { return };
        session.port_user = None;
        let (protocol, host) = (session.setup.protocol, session.setup.local_address.trim().to_owned());
        let job = self.job("port user", move |_| engine::port_user(protocol, &host, port));
        if let Some(job) = job {
            self.port_users.add(id, port, job);
        }
    }

    /// Takes the answers of the look-ups.
    pub fn poll_port_users(&mut self) {
        for (id, port, user) in self.port_users.ended() {
            // Without a user, the banner says without a name that the port is in use.
            if let Some(user) = user {
                self.with(id, |session| session.port_user = Some((port, user)));
            }
        }
    }

    fn take_port(&mut self, id: SessionId, why: Why, port: u16) {
        let Some(session) = self.sessions.get_mut(&id) else { return };
        let asked = form::own_port(&session.setup);
        match why {
            Why::Refused(refused) => session.other_port = Some((refused, port)),
            // A port that was typed or opened in the meantime stays.
            Why::New(before) if session.fresh && asked == Some(before) && port != before => {
                session.setup.local_port = port.to_string();
                // Another tab may have taken it during the search.
                if self.shares_port(id) {
                    self.look_for_port(id, Why::New(port), port);
                }
            }
            Why::New(_) => {}
        }
    }

    fn shares_port(&self, id: SessionId) -> bool {
        let Some(setup) = self.sessions.get(&id).map(|session| &session.setup) else { return false };
        form::own_port(setup).is_some_and(|port| self.ports_of_others(setup, Some(id)).contains(&port))
    }
}
