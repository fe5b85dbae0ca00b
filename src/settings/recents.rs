//! Connections that were used lately or are pinned, for the start page.

use super::SessionSetup;
use crate::model::Protocol;
use serde::{Deserialize, Serialize};

/// A connection with the setup to restore.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Recent {
    /// The setup of the session, without draft and history. It contains name, protocol and addresses.
    pub setup: SessionSetup,
    /// Pinned by the user: listed first and never dropped.
    pub pinned: bool,
    /// Time of the last use in seconds since the Unix epoch.
    pub used_s: u64,
}

/// The list: pinned connections first, then the others; each part by last use, newest first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Recents(Vec<Recent>);

impl Recents {
    /// Maximum number of pinned connections.
    pub const MAX_PINNED: usize = 32;
    /// Maximum number of connections that are not pinned.
    pub const MAX_UNPINNED: usize = 32;

    /// All connections, in the order of the list.
    #[must_use]
    pub fn list(&self) -> &[Recent] {
        &self.0
    }

    /// Records a use. A connection with the same protocol and addresses takes the new setup and stays pinned; without a name in the
    /// new setup it keeps its name. The oldest connection that is not pinned is dropped if there are too many.
    pub fn add(&mut self, setup: &SessionSetup, used_s: u64) {
        let mut setup = SessionSetup { draft: String::new(), history: Vec::new(), ..setup.clone() };
        let mut pinned = false;
        if let Some(place) = self.0.iter().position(|recent| recent.is_same(&setup)) {
            let before = self.0.remove(place);
            pinned = before.pinned;
            if setup.name.is_empty() {
                setup.name = before.setup.name;
            }
        }
        self.0.push(Recent { setup, pinned, used_s });
        self.bring_into_range();
    }

    /// Pins or unpins the connection at `place`. Returns false if there are [`Self::MAX_PINNED`] pinned ones already.
    pub fn pin(&mut self, place: usize, pinned: bool) -> bool {
        let full = self.0.iter().filter(|recent| recent.pinned).count() >= Self::MAX_PINNED;
        let Some(recent) = self.0.get_mut(place) else { return true };
        if pinned && !recent.pinned && full {
            return false;
        }
        recent.pinned = pinned;
        self.bring_into_range();
        true
    }

    /// Gives the connection with the addresses of `setup` its name.
    pub fn rename(&mut self, setup: &SessionSetup) {
        if let Some(recent) = self.0.iter_mut().find(|recent| recent.is_same(setup)) {
            recent.setup.name.clone_from(&setup.name);
        }
    }

    /// Removes the connection at `place` and returns it.
    pub fn remove(&mut self, place: usize) -> Option<Recent> {
        (place < self.0.len()).then(|| self.0.remove(place))
    }

    /// Puts a removed connection back.
    pub fn restore(&mut self, recent: Recent) {
        if !self.0.iter().any(|other| other.is_same(&recent.setup)) {
            self.0.push(recent);
            self.bring_into_range();
        }
    }

    /// Sorts the list and limits its length. Of two entries for the same connection, the first in order is kept.
    pub(super) fn bring_into_range(&mut self) {
        self.0.sort_by_key(|recent| (!recent.pinned, std::cmp::Reverse(recent.used_s)));
        let mut kept: Vec<Recent> = Vec::new();
        let mut counts = [0, 0];
        for mut recent in self.0.drain(..) {
            let limit = if recent.pinned { Self::MAX_PINNED } else { Self::MAX_UNPINNED };
            let count = &mut counts[usize::from(recent.pinned)];
            if *count == limit || kept.iter().any(|other| other.is_same(&recent.setup)) {
                continue;
            }
            *count += 1;
            recent.setup.bring_into_range();
            recent.setup.draft.clear();
            recent.setup.history.clear();
            kept.push(recent);
        }
        self.0 = kept;
    }
}

impl Recent {
    /// Whether `setup` has the same protocol and addresses.
    #[must_use]
    pub fn is_same(&self, setup: &SessionSetup) -> bool {
        self.setup.protocol == setup.protocol && addresses(&self.setup) == addresses(setup)
    }
}

/// The address fields that the protocol uses.
fn addresses(setup: &SessionSetup) -> [&str; 4] {
    let local = [setup.local_address.trim(), setup.local_port.trim()];
    let [remote, target] = [[&setup.remote_address, &setup.remote_port], [&setup.target_address, &setup.target_port]]
        .map(|fields| fields.map(|field| field.trim()));
    let (first, second) = match setup.protocol {
        Protocol::TcpServer => (local, [""; 2]),
        Protocol::TcpClient if setup.bind_local => (remote, local),
        Protocol::TcpClient => (remote, [""; 2]),
        Protocol::Udp => (local, target),
    };
    [first[0], first[1], second[0], second[1]]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::SentMessage;

    fn server(port: usize) -> SessionSetup {
        SessionSetup { local_port: port.to_string(), ..SessionSetup::default() }
    }

    fn ports(recents: &Recents) -> Vec<&str> {
        recents.list().iter().map(|recent| recent.setup.local_port.as_str()).collect()
    }

    #[test]
    fn pinned_ones_come_first_and_each_part_by_last_use() {
        let mut recents = Recents::default();
        for (port, used_s) in [(1, 10), (2, 30), (3, 20), (4, 5)] {
            recents.add(&server(port), used_s);
        }
        assert_eq!(ports(&recents), ["2", "3", "1", "4"]);
        assert!(recents.pin(3, true) && recents.pin(2, true));
        assert_eq!(ports(&recents), ["3", "4", "2", "1"]);
        assert!(recents.pin(0, false));
        assert_eq!(ports(&recents), ["4", "2", "3", "1"]);
    }

    #[test]
    fn a_second_use_takes_the_new_setup_and_keeps_name_and_pin() {
        let mut recents = Recents::default();
        recents.add(&SessionSetup { name: "PLC".into(), draft: "a".into(), ..server(1) }, 10);
        assert!(recents.pin(0, true));
        recents.add(&SessionSetup { send_hex: true, history: vec![SentMessage::default()], ..server(1) }, 20);
        let setup = SessionSetup { name: "PLC".into(), send_hex: true, ..server(1) };
        assert_eq!(recents.list(), [Recent { setup, pinned: true, used_s: 20 }]);
        recents.rename(&SessionSetup { name: "other".into(), ..server(1) });
        assert_eq!(recents.list()[0].setup.name, "other");
    }

    #[test]
    fn the_oldest_that_is_not_pinned_is_dropped() {
        let mut recents = Recents::default();
        recents.add(&server(9000), 0);
        assert!(recents.pin(0, true));
        for number in 1..=Recents::MAX_UNPINNED + 3 {
            recents.add(&server(number), number as u64);
        }
        assert_eq!(recents.list().len(), Recents::MAX_UNPINNED + 1);
        assert_eq!((ports(&recents)[0], *ports(&recents).last().unwrap()), ("9000", "4"));
    }

    #[test]
    fn the_number_of_pins_is_limited() {
        let mut recents = Recents::default();
        for number in 0..=Recents::MAX_PINNED {
            recents.add(&server(number + 1), number as u64);
            let last = recents.list().iter().position(|recent| !recent.pinned).unwrap();
            assert_eq!(recents.pin(last, true), number < Recents::MAX_PINNED, "{number}");
        }
        assert!(recents.pin(0, false) && recents.pin(Recents::MAX_PINNED - 1, true), "a pin is free again");
        assert!(recents.pin(1000, true), "a place that is gone changes nothing");
    }

    #[test]
    fn a_removed_one_comes_back_once() {
        let mut recents = Recents::default();
        recents.add(&server(1), 1);
        recents.add(&server(2), 2);
        let removed = recents.remove(1).unwrap();
        assert_eq!(ports(&recents), ["2"]);
        recents.restore(removed.clone());
        recents.restore(removed);
        assert_eq!(recents.remove(2), None);
        assert_eq!(ports(&recents), ["2", "1"]);
    }

    #[test]
    fn addresses_of_the_protocol_tell_connections_apart() {
        let base = SessionSetup::default();
        let client = SessionSetup { protocol: Protocol::TcpClient, ..base.clone() };
        let udp = SessionSetup { protocol: Protocol::Udp, ..base.clone() };
        let recent = |setup: &SessionSetup| Recent { setup: setup.clone(), ..Recent::default() };
        assert!(recent(&base).is_same(&SessionSetup {
            remote_port: "1".into(),
            local_port: " 8080 ".into(),
            ..base.clone()
        }));
        assert!(recent(&client).is_same(&SessionSetup { local_port: "1".into(), ..client.clone() }));
        assert!(recent(&udp).is_same(&SessionSetup { remote_port: "1".into(), ..udp.clone() }));
        for (one, other) in [
            (&base, SessionSetup { local_port: "1".into(), ..base.clone() }),
            (&base, client.clone()),
            (&client, SessionSetup { remote_address: "::1".into(), ..client.clone() }),
            (&client, SessionSetup { bind_local: true, ..client.clone() }),
            (&udp, SessionSetup { target_port: "1".into(), ..udp.clone() }),
        ] {
            assert!(!recent(one).is_same(&other), "{other:?}");
        }
    }
}
