//! Carries out what the start page asks for, and keeps the list of recent connections.

use crate::gui::action::{Action, StartAction};
use crate::gui::app::App;
use crate::gui::network::form;
use crate::gui::send::panel::editor_id;
use crate::gui::session::Session;
use crate::gui::widgets::Tone;
use crate::model::{Protocol, SessionId};
use crate::settings::{Recent, SessionSetup};

impl App {
    pub(crate) fn start_action(&mut self, action: StartAction) {
        match action {
            StartAction::Open(id) => self.open_to_send(id),
            StartAction::OpenRecent(id, recent) => self.open_recent(id, recent.setup),
            StartAction::PinRecent(place, pinned) => {
                if !self.recents.pin(place, pinned) {
                    self.toasts.add(
                        &self.ctx,
                        Tone::Bad,
                        self.lang.texts().pins_full(crate::settings::Recents::MAX_PINNED),
                    );
                }
            }
            StartAction::RemoveRecent(place) => self.remove_recent(place),
            StartAction::RestoreRecent(recent) => self.recents.restore(*recent),
            StartAction::Renamed(id) => {
                if let Some(session) = self.sessions.get(&id) {
                    self.recents.rename(&session.setup);
                }
            }
        }
    }

    /// Opens a session; typing goes to its send box.
    fn open_to_send(&mut self, id: SessionId) {
        self.open(id);
        self.ctx.memory_mut(|memory| memory.request_focus(editor_id(id)));
    }

    /// Opens a recent connection in the tab of `id`, or goes to the tab that has it open.
    fn open_recent(&mut self, id: SessionId, setup: SessionSetup) {
        let recent = Recent { setup, ..Recent::default() };
        let has_it = |session: &&Session| {
            session.archive.is_none() && session.state.is_active() && recent.is_same(&session.setup)
        };
        if let Some(open) = self.sessions.values().find(has_it).map(|session| session.id) {
            self.focus(open);
            return;
        }
        self.with(id, |session| {
            let (draft, history) =
                (std::mem::take(&mut session.setup.draft), std::mem::take(&mut session.setup.history));
            session.setup = SessionSetup { draft, history, ..recent.setup };
            session.errors.clear_network();
            session.send.target = Default::default();
            session.recall();
        });
        self.open_to_send(id);
    }

    fn remove_recent(&mut self, place: usize) {
        let Some(recent) = self.recents.remove(place) else { return };
        let name = crate::gui::sentences::recent_name(&recent.setup);
        let words = self.lang.texts().recent_removed(&name);
        let again = StartAction::RestoreRecent(Box::new(recent));
        self.offer_undo(words, Action::Start(again));
    }

    /// Remembers the connections that were opened since the last frame.
    pub(crate) fn note_recents(&mut self) {
        let demo = self.demo.as_ref();
        let opened = self.sessions.values_mut().filter_map(|session| {
            let opened = std::mem::take(&mut session.has_opened) && !demo.is_some_and(|demo| demo.has(session.id));
            (opened && is_worth_a_row(&session.setup)).then(|| session.remembered())
        });
        let opened: Vec<SessionSetup> = opened.collect();
        let now_s =
            std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_secs());
        for setup in opened {
            self.recents.add(&setup, now_s);
        }
    }
}

/// A port that the system chooses leads nowhere the next time.
fn is_worth_a_row(setup: &SessionSetup) -> bool {
    let has_target = setup.protocol == Protocol::Udp && !setup.target_port.trim().is_empty();
    setup.protocol == Protocol::TcpClient || form::own_port(setup).is_some() || has_target
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_of_the_systems_choice_is_not_remembered() {
        let setup = |protocol, port: &str, target: &str| SessionSetup {
            protocol,
            local_port: port.into(),
            target_port: target.into(),
            ..SessionSetup::default()
        };
        for (setup, expected) in [
            (setup(Protocol::TcpServer, "8080", ""), true),
            (setup(Protocol::TcpServer, "0", "9"), false),
            (setup(Protocol::TcpClient, "0", ""), true),
            (setup(Protocol::Udp, "", ""), false),
            (setup(Protocol::Udp, "", "9"), true),
            (setup(Protocol::Udp, "9", ""), true),
        ] {
            assert_eq!(is_worth_a_row(&setup), expected, "{setup:?}");
        }
    }
}
