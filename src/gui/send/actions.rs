//! Actions of the send box.

use crate::engine::{Command, SendItem, SendPlan};
use crate::gui::app::App;
use crate::gui::network::form;
use crate::gui::network::form::{Field, FieldError};
use crate::gui::send::state as send_box;
use crate::gui::send::state::{ActiveSend, Composed, TargetChoice};
use crate::gui::session::Session;
use crate::model::{ErrorKind, HostPort, NetError, Operation, Protocol, SessionId, Target};
use std::time::Instant;

impl App {
    /// Sends the contents of the send box.
    pub fn send(&mut self, id: SessionId) {
        let wake = crate::gui::app::wake_of(&self.ctx);
        let Some(session) = self.sessions.get_mut(&id) else { return };
        if !session.can_send() || session.archive.is_some() || session.send.active.as_ref().is_some_and(|a| a.repeats) {
            return;
        }
        let Some(targets) = targets(session) else { return };
        let Some(&target) = targets.first() else { return };
        let every = match session.send.repeat.then(|| form::interval(&session.setup.interval_ms)) {
            None => None,
            Some(Ok(every)) => Some(every),
            Some(Err(error)) => return session.errors.set(Field::Interval, error),
        };
        let rounds = match every.map(|_| form::times(&session.setup.repeat_times)) {
            None => Some(1),
            Some(Ok(rounds)) => rounds,
            Some(Err(error)) => return session.errors.set(Field::Times, error),
        };
        let udp = session.setup.protocol == Protocol::Udp;
        let Composed::Ready(payload) = session.send.composed(&session.setup, &wake) else { return };
        if payload.bytes.is_empty() && !udp {
            return;
        }
        let (bytes, recipe) = (payload.bytes.clone(), payload.recipe.clone());
        let ticket = session.ticket();
        if let Some(log) = &mut session.log {
            log.set_follow(true);
        }
        let named = session.words_of(target).filter(|_| targets.len() == 1);
        if let Some(recipe) = &recipe {
            session.send.count(recipe);
        }
        let active = ActiveSend {
            payload: bytes.clone(),
            recipe,
            target: named,
            ticket,
            repeats: every.is_some(),
            rounds: 0,
            all_rounds: rounds,
            sent_bytes: 0,
            total_bytes: u64::try_from(bytes.len()).ok().filter(|_| every.is_none()),
            since: Instant::now(),
        };
        let content = active.content();
        session.send.begin(active);
        let items = match targets.as_slice() {
            [_] => vec![SendItem::of(content)],
            several => several.iter().map(|target| SendItem::of(content.clone()).to(*target)).collect(),
        };
        let plan = SendPlan { items, every, rounds };
        session.command(Command::Send { ticket, target, plan });
        if session.send.chip().is_none() {
            session.setup.remember(send_box::message(&session.setup));
        }
        if session.setup.clear_after_send && every.is_none() {
            session.setup.draft.clear();
            session.send.remove_chip();
        }
    }

    /// Stops the running send of the session.
    pub fn stop_send(&mut self, id: SessionId) {
        self.with(id, |session| {
            for ticket in session.send.tickets() {
                session.command(Command::CancelSend(ticket));
            }
        });
    }
}

/// The targets of the next send: one target, or each of the selected peers. Sets an error if it returns `None`.
pub fn targets(session: &mut Session) -> Option<Vec<Target>> {
    if session.send.target != TargetChoice::Chosen {
        return Some(vec![target(session)?]);
    }
    let chosen = session.peers().map(|peers| session.peer_list.selected(&peers)).unwrap_or_default();
    if chosen.is_empty() {
        session.send.failure = Some(NetError::new(Operation::Send, ErrorKind::NoPeer, "", "the chosen peers are gone"));
        return None;
    }
    Some(chosen.into_iter().map(Target::Peer).collect())
}

/// The target of the next send; `None` sets the error of the target field.
fn target(session: &mut Session) -> Option<Target> {
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
