//! Statements that do something to a session: send, open, stop, close, reset, shut down.

use super::run::Run;
use super::steps::{Done, Halt};
use super::world::Sight;
use crate::codec::framing::Builder;
use crate::engine::{Command, SendItem, SendPlan};
use crate::model::{
    CloseReason, ErrorKind, NetError, Operation, PeerId, Protocol, SessionState, Target, display_address, parse_address,
};
use crate::talk::content::Content;
use crate::talk::outcome::ProblemKind;
use crate::talk::tree::{End, EndHow, Name, OpenFailure, OpenStmt, Send, Span, Text};
use std::net::IpAddr;
use std::time::{Duration, Instant};

/// How long `stop` waits for the session to close.
const STOP_WAIT: Duration = Duration::from_secs(5);

/// Receivers of a statement.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum To {
    /// Every connection.
    All,
    /// One connection by its key.
    Peer(PeerId),
    /// An address that no datagram came from yet, or the configured remote address.
    Target(Target),
}

impl Run<'_> {
    /// The session that a statement names, or the only one.
    pub fn link_index(&self, name: Option<&Name>, span: Span) -> Result<usize, Halt> {
        let found = match name {
            Some(name) => self.links.iter().position(|link| link.name == name.value),
            None => self.links.first().map(|_| 0),
        };
        found.ok_or_else(|| Self::problem(ProblemKind::NoSession, span))
    }

    pub fn send(&mut self, send: &Send, span: Span, within: Option<Duration>) -> Done {
        let index = self.link_index(send.session.as_ref(), span)?;
        self.with_peer_of(index, |run| run.send_in(index, send, span, within))
    }

    /// Does something during which `peer` is that of the session's last match.
    fn with_peer_of(&mut self, index: usize, act: impl FnOnce(&mut Self) -> Done) -> Done {
        let own = self.links[index].last_peer.and_then(|key| self.shown_peer(index, key));
        let Some(own) = own else { return act(self) };
        let before = self.memory.peer.replace(own);
        let done = act(self);
        self.memory.peer = before;
        done
    }

    fn send_in(&mut self, index: usize, send: &Send, span: Span, within: Option<Duration>) -> Done {
        let within = within.unwrap_or(self.links[index].opening.within);
        let deadline = Instant::now() + within;
        let to = self.receiver(index, send.to.as_ref(), (deadline, within), span)?;
        let encoding = self.links[index].opening.encoding;
        let command = span.of(&self.script.source);
        let before = || self.options.counts.as_ref().map_or(0, |counts| counts.of(command));
        self.memory.sends = *self.memory.sent.entry(span).or_insert_with(before);
        let content = Content::of_send(send, span, encoding).map_err(Self::fault)?;
        let mut builder = self.links[index].framing().map(Builder::new);
        let mut sight = Sight { memory: &self.memory, links: &self.links, encoding };
        let bytes = content.wire(builder.as_mut(), None, &mut sight, &mut self.files).map_err(Self::fault)?;
        self.before_send(index, to);
        let link = &mut self.links[index];
        let target = match to {
            To::All => Target::All,
            To::Target(target) => target,
            To::Peer(key) => match link.opening.config.protocol() {
                Protocol::TcpClient => Target::Remote,
                _ => Target::Peer(key),
            },
        };
        let item = SendItem::bytes(bytes).by(crate::capture::Cause::List).named(&self.memory.step);
        let ticket = link.send(target, SendPlan::once(vec![item]));
        let sends = self.memory.sends.saturating_add(1);
        self.memory.sent.insert(span, sends);
        if let Some(counts) = &self.options.counts {
            counts.raise(command, sends);
        }
        match self.wait(Some(deadline), |run| run.links[index].sent(ticket))? {
            Some(outcome) => outcome.result.map_err(|error| Self::problem(ProblemKind::SendFailed(error), span)),
            None => {
                let link = &self.links[index];
                link.command(Command::CancelSend(ticket));
                let address = link.opening.config.endpoint().to_string();
                let error = NetError::new(Operation::Send, ErrorKind::Timeout, &address, "");
                Err(Self::problem(ProblemKind::SendFailed(error), span))
            }
        }
    }

    /// The first send behind a match, or in a step, moves the place to its begin.
    fn before_send(&mut self, index: usize, to: To) {
        let link = &mut self.links[index];
        // What goes to many addresses may be answered by each.
        let to_many = match to {
            To::Target(Target::Address(address)) => is_of_many(address.ip()),
            To::All => true,
            To::Target(_) | To::Peer(_) => false,
        };
        let now = link.now();
        let moved: Vec<PeerId> = link
            .peers
            .iter_mut()
            .filter(|(key, peer)| peer.may_move && (to_many || to == To::Peer(**key)))
            .map(|(key, peer)| {
                peer.may_move = false;
                *key
            })
            .collect();
        for key in moved {
            link.move_place(Some(key), now);
        }
    }

    pub fn receiver(
        &mut self,
        index: usize,
        to: Option<&Text>,
        (deadline, within): (Instant, Duration),
        span: Span,
    ) -> Result<To, Halt> {
        let named = to.map(|to| self.text(to)).transpose()?;
        let found = self.wait(Some(deadline), |run| run.receiver_now(index, named.as_deref(), span).transpose())?;
        match (found, named) {
            (Some(found), _) => found,
            (None, Some(name)) => Err(Self::problem(ProblemKind::NoSuchPeer(name), span)),
            (None, None) => {
                let session = self.links[index].shown_name();
                Err(Self::problem(ProblemKind::NoConnection { session, within }, span))
            }
        }
    }

    /// The receiver, if it is connected now.
    fn receiver_now(&self, index: usize, named: Option<&str>, span: Span) -> Result<Option<To>, Halt> {
        let link = &self.links[index];
        let is_udp = link.opening.config.protocol() == Protocol::Udp;
        let open = || link.peers.iter().filter(|(_, peer)| peer.is_open);
        match named {
            Some("all") => Ok(open().next().map(|_| To::All)),
            Some(name) => {
                let number = name.trim_start_matches('#').parse::<u32>().ok();
                let address = parse_address(name);
                let mut found = open().filter(|(_, peer)| {
                    number.is_some_and(|number| peer.id.0 == number) || address.is_some() && peer.address == address
                });
                if let Some((key, _)) = found.next() {
                    return Ok(Some(To::Peer(*key)));
                }
                Ok(address.filter(|_| is_udp).map(|address| To::Target(Target::Address(address))))
            }
            None => {
                let last = link.last_peer.filter(|last| link.peers.get(last).is_some_and(|peer| peer.is_open));
                if let Some(last) = last {
                    return Ok(Some(To::Peer(last)));
                }
                let count = open().count();
                match open().next() {
                    Some((key, _)) if count == 1 => Ok(Some(To::Peer(*key))),
                    Some(_) => Err(Self::problem(ProblemKind::WhichPeer { count }, span)),
                    None if is_udp && self.has_remote(index) => Ok(Some(To::Target(Target::Remote))),
                    None => Ok(None),
                }
            }
        }
    }

    fn has_remote(&self, index: usize) -> bool {
        let link = &self.links[index];
        let crate::model::SessionConfig::Udp(config) = &link.opening.config else { return false };
        config.remote.is_some() && link.state.is_open()
    }

    pub fn open_session(&mut self, open: &OpenStmt, span: Span) -> Done {
        let index = self.link_index(open.session.as_ref(), span)?;
        let within = open.within.as_ref().map(|within| self.time(within)).transpose()?;
        let within = within.unwrap_or(self.links[index].opening.within);
        let done = self.open_link(index, within, span);
        if open.fails.is_none() {
            return done;
        }
        match done {
            Ok(()) if self.ends_soon(index, Instant::now() + within)? => Ok(()),
            Ok(()) => Err(Self::problem(ProblemKind::OpenedAnyway, span)),
            Err(Halt::Problem(problem)) => match (&problem.kind, open.how.map(|how| how.value)) {
                (ProblemKind::OpenFailed(error), how) if how.is_none_or(|how| is_failure(error.kind, how)) => Ok(()),
                _ => Err(Halt::Problem(problem)),
            },
            Err(halt) => Err(halt),
        }
    }

    /// Whether a connection that was made is undone by the peer before the deadline.
    fn ends_soon(&mut self, index: usize, deadline: Instant) -> Result<bool, Halt> {
        let ended = self.wait(Some(deadline), |run| {
            matches!(run.links[index].state, SessionState::Closed(reason) if reason != CloseReason::Local).then_some(())
        })?;
        Ok(ended.is_some())
    }

    pub fn stop_session(&mut self, name: Option<&Name>, span: Span) -> Done {
        let index = self.link_index(name, span)?;
        self.links[index].command(Command::Close);
        let closed = |run: &mut Self| (!run.links[index].state.is_active()).then_some(());
        self.wait(Some(Instant::now() + STOP_WAIT), closed)?;
        Ok(())
    }

    pub fn end_connection(&mut self, end: &End, span: Span) -> Done {
        let index = self.link_index(end.session.as_ref(), span)?;
        self.with_peer_of(index, |run| run.end_in(index, end, span))
    }

    fn end_in(&mut self, index: usize, end: &End, span: Span) -> Done {
        let within = self.links[index].opening.within;
        let to = self.receiver(index, end.to.as_ref(), (Instant::now() + within, within), span)?;
        let link = &self.links[index];
        let keys: Vec<PeerId> = match to {
            To::All => link.peers.iter().filter(|(_, peer)| peer.is_open).map(|(key, _)| *key).collect(),
            To::Peer(key) => vec![key],
            To::Target(_) => Vec::new(),
        };
        for key in keys {
            let Some(peer) = link.peers.get(&key) else { continue };
            link.command(match end.how {
                EndHow::Close => Command::DisconnectPeer(peer.id),
                EndHow::Reset => Command::ResetPeer(peer.id),
                EndHow::Shutdown => Command::ShutdownWrite(Target::Peer(peer.id)),
            });
        }
        Ok(())
    }

    /// The address of a connection, for `peer`.
    pub fn shown_peer(&self, index: usize, key: PeerId) -> Option<String> {
        self.links[index].peers.get(&key)?.address.map(display_address)
    }
}

fn is_of_many(address: IpAddr) -> bool {
    address.is_multicast() || matches!(address, IpAddr::V4(v4) if v4.is_broadcast())
}

fn is_failure(kind: ErrorKind, how: OpenFailure) -> bool {
    match how {
        OpenFailure::Refused => kind == ErrorKind::Refused,
        OpenFailure::Timeout => kind == ErrorKind::Timeout,
        OpenFailure::Unreachable => kind == ErrorKind::Unreachable,
        OpenFailure::Tls => kind == ErrorKind::Tls,
    }
}
