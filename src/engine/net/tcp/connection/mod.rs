//! One TCP connection: fair reading, partial writes, half close.

mod closing;
mod messages;

use super::channel::{Channel, Input};
use super::facts::Birth;
use super::half_close::HalfClose;
use super::handshake;
use super::keepalive::{Silence, keepalive};
use super::relay::Passing;
use crate::capture::Marks;
use crate::engine::context::Context;
use crate::engine::context::poll_source::PollSource;
use crate::engine::context::timers::{SocketTimer, Timer};
use crate::engine::net::fault::{self, Gate};
use crate::engine::net::interfaces::lost_interface;
use crate::engine::peers::PeerInfo;
use crate::engine::platform;
use crate::engine::respond::answer::Answer;
use crate::engine::respond::responder::Responder;
use crate::engine::send::queue::{Room, SendQueue};
use crate::model::{CloseReason, ErrorKind, NetError, Operation, PeerId, display_address};
use crate::talk::tree::EndHow;
use mio::Registry;
use socket2::SockRef;
use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// Reads of one peer per round.
const READS_A_ROUND: usize = 2;
/// Bytes written to one peer per round.
const WRITE_BYTES_A_ROUND: usize = 1 << 20;
/// A warning is given about a peer that has not read its answers for this long.
const BACKED_UP_FOR_LONG: Duration = Duration::from_secs(1);

/// A write counts at least as this many bytes: messages may be empty.
const LEAST_COST: usize = 64;

/// What happens to a peer after its round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Served {
    /// Wait for the poll.
    Waits,
    /// Serve it again after the others.
    Again,
    /// The connection has ended.
    Leaves(CloseReason),
    /// A rule resets the connection.
    Resets,
}

/// A connection and its queues.
pub(super) struct Connection {
    pub(super) info: PeerInfo,
    pub(super) birth: Birth,
    channel: Channel,
    queue: SendQueue,
    gate: Gate,
    answers: Vec<Answer>,
    /// A rule ends the connection, once everything before is sent.
    ends_by_rule: Option<EndHow>,
    /// The rules of a talk file take more frames.
    pub(super) rules_take_more: bool,
    readable: bool,
    writable: bool,
    /// The poll reported EOF, an error or an urgent byte: keep reading until `read` returns it, even after short reads.
    ends: bool,
    /// The poll reported an error that no read will return.
    failed: bool,
    /// It is in the ready list.
    pub(super) is_ready: bool,
    pub(super) half_close: HalfClose,
    /// Since when it has not been read because it does not read its answers; `None` again after the warning.
    backed_up: Option<Instant>,
    backed_up_reported: bool,
    /// How long it has been silent.
    pub(super) silence: Silence,
    /// It is one of the two connections of a forward.
    pub(super) passing: Option<Passing>,
}

/// Sets the options that every connection has unless the user sets others; failures are ignored. A listener is prepared instead where accepted sockets inherit them
/// ([`platform::ACCEPTED_INHERIT`]).
pub(super) fn prepare<'a>(socket: impl Into<SockRef<'a>>, context: &Context) {
    let socket = socket.into();
    let options = &context.options;
    let is_own = options.keep_alive.is_none();
    let prepared = socket
        .set_tcp_nodelay(options.no_delay.unwrap_or(true))
        .and_then(|()| if is_own { socket.set_tcp_keepalive(&keepalive(context.patience())) } else { Ok(()) })
        // Urgent bytes (tcp(7)) stay in the stream; otherwise they would be lost.
        .and_then(|()| socket.set_out_of_band_inline(true));
    if let Err(error) = prepared {
        tracing::debug!(%error, "a connection keeps the system's options");
    }
}

/// The close reason for an error of a read or a write.
fn reason_of(error: &io::Error) -> CloseReason {
    if handshake::fault_of(error).is_some() {
        return CloseReason::Tls;
    }
    match ErrorKind::of(error) {
        ErrorKind::Reset => CloseReason::Reset,
        ErrorKind::Timeout => CloseReason::Timeout,
        // Also a time-out: within a network the system reports that ARP was not answered.
        _ if error.kind() == io::ErrorKind::HostUnreachable => CloseReason::Timeout,
        _ => CloseReason::Error,
    }
}

impl Connection {
    /// Makes a peer of an established channel.
    ///
    /// # Errors
    /// The poll refuses the socket.
    pub(super) fn new(mut channel: Channel, id: PeerId, address: SocketAddr, registry: &Registry) -> io::Result<Self> {
        channel.register(registry, PollSource::Peer(id))?;
        Ok(Self {
            info: PeerInfo::new(id, address),
            birth: Birth::accepted(),
            channel,
            queue: SendQueue::default(),
            gate: Gate::default(),
            answers: Vec::new(),
            ends_by_rule: None,
            rules_take_more: true,
            // Both are tried once: not every system reports what happened before the registration.
            readable: true,
            writable: true,
            ends: false,
            failed: false,
            is_ready: false,
            half_close: HalfClose::default(),
            backed_up: None,
            backed_up_reported: false,
            silence: Silence::default(),
            passing: None,
        })
    }

    /// The socket, for its options.
    pub(super) fn socket(&self) -> SockRef<'_> {
        self.channel.socket()
    }

    fn address(&self) -> String {
        format!("{}://{}", self.channel.scheme(), display_address(self.info.address))
    }

    /// Marks the connection as broken. What arrived before is still read to its end.
    pub(super) fn is_broken(&mut self, reason: CloseReason) {
        self.half_close.break_with(reason);
        self.ends = true;
        self.readable = true;
    }

    /// Notes an event of the poll.
    pub(super) fn mark(&mut self, event: &mio::event::Event) {
        // A read stops at an urgent byte even if more follows.
        self.ends |= event.is_read_closed() || event.is_error() || platform::is_urgent(event);
        self.failed |= event.is_error();
        self.readable |= event.is_readable() || self.ends;
        self.writable |= event.is_writable() || event.is_write_closed() || event.is_error();
    }

    /// Whether a payload may be queued. A full queue is first written to the socket, so that commands that arrive together
    /// do not fail for want of a turn in between.
    pub(super) fn room(&mut self, len: usize, ahead: bool, context: &mut Context) -> Room {
        if !self.half_close.takes_payloads() {
            return Room::Gone;
        }
        let room = self.queue.room(len, context.queue_limit, ahead);
        if room != Room::Full || ahead || !self.may_write(context) {
            return room;
        }
        let queued_before = self.queue.bytes();
        self.write_round(context);
        self.count_queued(queued_before, context);
        if self.half_close.broken().is_some() { Room::Gone } else { self.queue.room(len, context.queue_limit, ahead) }
    }

    pub(super) fn queue_mut(&mut self) -> &mut SendQueue {
        &mut self.queue
    }

    /// Bytes that wait to be sent to it.
    pub(super) fn queued_bytes(&self) -> usize {
        self.queue.bytes()
    }

    pub(super) fn has_queued(&self) -> bool {
        !self.queue.is_empty() || self.channel.holds_output()
    }

    /// Writes and reads once. Returns why the connection ended, if it did. The caller calls [`Connection::conclude`] after the
    /// capture has stored the records.
    pub(super) fn exchange(&mut self, responder: &mut Responder, context: &mut Context) -> Option<CloseReason> {
        let queued_before = self.queue.bytes();
        self.write_round(context);
        let ended = self.read_round(responder, context);
        self.count_queued(queued_before, context);
        ended
    }

    /// Adds an answer that no read of this peer made.
    pub(super) fn add_answer(&mut self, answer: Answer) {
        self.answers.push(answer);
    }

    /// Whether replies wait to be queued.
    pub(super) fn has_answers(&self) -> bool {
        !self.answers.is_empty()
    }

    /// Ends a round: sends answers to what is stored, handles half close, and updates the peer's row.
    pub(super) fn conclude(
        &mut self,
        ended: Option<CloseReason>,
        stored: bool,
        context: &mut Context,
        keep_half_open: bool,
    ) -> Served {
        let queued_before = self.queue.bytes();
        if stored && self.has_answers() {
            self.queue_answers();
            self.write_round(context);
        }
        let ended = ended.or_else(|| self.rule_ending()).or_else(|| self.ending(context, keep_half_open));
        self.count_queued(queued_before, context);
        self.info.queued_bytes = self.queue.bytes() as u64;
        self.note_backing_up(context);
        context.show_peer(self.info);
        match ended {
            None if self.ends_by_rule == Some(EndHow::Reset) => Served::Resets,
            Some(reason) => Served::Leaves(reason),
            None if self.has_work(context) => Served::Again,
            None => Served::Waits,
        }
    }

    fn queue_answers(&mut self) {
        for answer in self.answers.drain(..) {
            if self.ends_by_rule.is_some() {
                // Nothing follows the end.
            } else if let Some(how) = answer.ends() {
                self.ends_by_rule = Some(how);
            } else if self.half_close.may_send() {
                // After our own FIN nothing can be answered.
                let mut entry = answer.into_entry(Marks::default());
                self.channel.shape(&mut entry);
                self.queue.push(entry);
            }
        }
    }

    /// What a rule of a talk file wants with the connection, once what it sent before is written.
    fn rule_ending(&mut self) -> Option<CloseReason> {
        match self.ends_by_rule? {
            EndHow::Close if !self.has_queued() => Some(CloseReason::Local),
            EndHow::Shutdown => {
                self.half_close.ask_to_shut();
                self.half_close.sends_are_done();
                None
            }
            EndHow::Close | EndHow::Reset => None,
        }
    }

    /// The local port.
    pub(super) fn local_port(&self) -> Option<u16> {
        self.channel.local_address().map(|address| address.port())
    }

    fn count_queued(&self, before: usize, context: &mut Context) {
        context.queued_bytes = (context.queued_bytes + self.queue.bytes() as u64).saturating_sub(before as u64);
    }

    fn may_read(&self, context: &Context) -> bool {
        let passes = self.passing.as_ref().is_none_or(|passing| passing.may_read && passing.bytes.is_empty());
        let is_taken = (self.rules_take_more && passes) || self.half_close.broken().is_some();
        self.readable && is_taken && self.half_close.may_receive() && !self.is_backed_up(context) && context.may_read()
    }

    /// A peer that does not read its answers is not read either, unless the connection is broken and only its rest is left.
    fn is_backed_up(&self, context: &Context) -> bool {
        self.half_close.broken().is_none() && context.answer_share.is_some_and(|share| !self.queue.takes_answers(share))
    }

    fn note_backing_up(&mut self, context: &Context) {
        if !self.is_backed_up(context) {
            self.backed_up = None;
        } else if !self.backed_up_reported {
            self.backed_up.get_or_insert_with(Instant::now);
        }
    }

    /// The warning about unread answers, once per peer.
    pub(super) fn is_backed_up_for_long(&mut self, now: Instant) -> Option<NetError> {
        let since = self.backed_up?;
        if now.duration_since(since) < BACKED_UP_FOR_LONG {
            return None;
        }
        self.backed_up = None;
        self.backed_up_reported = true;
        Some(NetError::new(Operation::Reply, ErrorKind::QueueFull, self.address(), "it does not read its answers"))
    }

    fn may_write(&self, context: &Context) -> bool {
        let open = self.writable && self.half_close.may_send();
        let waits = (!self.queue.is_empty() && !self.gate.is_closed()) || self.channel.holds_output();
        open && waits && context.journal.takes_traffic()
    }

    fn has_work(&self, context: &Context) -> bool {
        self.may_read(context) || self.may_write(context)
    }

    fn read_round(&mut self, responder: &mut Responder, context: &mut Context) -> Option<CloseReason> {
        let mut ended = None;
        // A half-open peer is not read after its FIN: only the poll reports its reset.
        if !self.half_close.may_receive()
            && std::mem::take(&mut self.failed)
            && let Some(error) = self.channel.take_error()
        {
            ended = Some(self.broke(context, Operation::Receive, &error));
        }
        for _ in 0..READS_A_ROUND {
            if !self.may_read(context) || !self.answers_fit(context) {
                break;
            }
            match self.read(responder, context) {
                Ok(Input { count: 0, .. }) => {
                    self.half_close.end_is_read();
                    handshake::report(self.info.id, &mut self.channel, self.info.address, context);
                    responder.ended(self.info.id, &mut self.answers);
                    // No read reports a reset after the FIN.
                    if let Some(error) = self.channel.take_error() {
                        ended = Some(self.broke(context, Operation::Receive, &error));
                    }
                }
                Ok(Input { count, is_drained }) => {
                    if !self.channel.has_messages() {
                        self.info.received_bytes += count as u64;
                    }
                    self.silence.heard();
                    self.readable = self.ends || !is_drained;
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => self.readable = false,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    ended = Some(self.broke(context, Operation::Receive, &error));
                    break;
                }
            }
        }
        // Broken, and everything that had arrived has been read.
        ended.or(self.half_close.broken().filter(|_| !self.readable || !self.half_close.may_receive()))
    }

    /// Reads once and records it.
    fn read(&mut self, responder: &mut Responder, context: &mut Context) -> io::Result<Input> {
        if let Some(passing) = &mut self.passing {
            let input = self.channel.read(&mut context.buffer)?;
            let bytes = &context.buffer[..input.count];
            if !bytes.is_empty() {
                let record = context.journal.received(self.info.id, bytes, passing.marks);
                passing.bytes.push((bytes.to_vec(), record));
            }
            return Ok(input);
        }
        if self.channel.has_messages() {
            return self.read_messages(Some(responder), context);
        }
        let Some(share) = context.answer_share else { return self.read_into_the_capture(context) };
        // Answers to many peers stay within the share of each.
        let offered = context.buffer.len().min(responder.bytes_a_read(share));
        let input = self.channel.read(&mut context.buffer[..offered])?;
        let bytes = &context.buffer[..input.count];
        if !bytes.is_empty() {
            let peer = self.info.id;
            let record = context.journal.received(peer, bytes, Marks::default());
            if let Some(wait) = responder.received(peer, record, bytes, share, &mut self.answers) {
                context.timer_in(wait, Timer::Socket(SocketTimer::Quiet(peer)));
            }
            self.rules_take_more = responder.takes_more(peer);
        }
        Ok(input)
    }

    fn read_into_the_capture(&mut self, context: &mut Context) -> io::Result<Input> {
        let mut is_drained = false;
        let channel = &mut self.channel;
        let count = context.journal.read(self.info.id, |room| {
            let input = channel.read(room)?;
            is_drained = input.is_drained;
            Ok(input.count)
        })?;
        Ok(Input { count, is_drained })
    }

    /// While the disk is full, answers cannot be queued: no more are collected.
    fn answers_fit(&self, context: &Context) -> bool {
        self.answers.is_empty() || context.journal.takes_traffic()
    }

    /// Counts payload as sent that the layer cannot give back. To be called before entries are taken out of the queue, because
    /// the layer would otherwise send the head of an entry that is gone.
    pub(super) fn settle(&mut self, context: &mut Context) {
        let count = self.channel.take_committed();
        if count > 0 {
            self.info.sent_bytes += count as u64;
            self.queue.written(count, &mut context.journal, &mut context.reports);
        }
    }

    fn write_round(&mut self, context: &mut Context) {
        self.write_some(context);
        if self.channel.has_messages() {
            self.note_layer(context);
            self.follow_close(context);
        }
    }

    fn write_some(&mut self, context: &mut Context) {
        let mut budget = WRITE_BYTES_A_ROUND;
        while budget > 0 && self.may_write(context) {
            let head = if self.gate.is_closed() { None } else { self.queue.head(&mut context.reports) };
            let Some((_, bytes)) = head else {
                self.flush();
                break;
            };
            let has_messages = self.channel.has_messages();
            let len = bytes.len();
            if len == 0 && !(has_messages && self.queue.head_is_message()) {
                self.queue.skip(&mut context.reports);
                continue;
            }
            let wanted = len.min(budget);
            let most = context.faults.as_ref().map_or(wanted, |faults| Gate::lets_through(wanted, faults));
            let written =
                if has_messages { self.write_message(most, context) } else { self.write_stream(most, context) };
            match written {
                Ok(count) => {
                    self.info.sent_bytes += count as u64;
                    self.silence.spoke();
                    self.queue.written(count, &mut context.journal, &mut context.reports);
                    budget = budget.saturating_sub(count.max(LEAST_COST));
                    if context.faults.is_some() {
                        budget = budget.saturating_sub(fault::LEAST_COST);
                        self.hold_back(count, context);
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => self.writable = false,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    let reason = self.broke(context, Operation::Send, &error);
                    self.is_broken(reason);
                    self.queue.clear();
                }
            }
        }
    }

    fn write_stream(&mut self, most: usize, context: &mut Context) -> io::Result<usize> {
        let Some((_, bytes)) = self.queue.head(&mut context.reports) else { return Ok(0) };
        self.channel.write(&bytes[..most.min(bytes.len())])
    }

    /// Writes what the layer holds while no payload is queued. How a connection broke is found by the read.
    fn flush(&mut self) {
        match self.channel.flush() {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => self.writable = false,
        }
    }

    /// Lets a fault close the gate after `count` bytes.
    fn hold_back(&mut self, count: usize, context: &mut Context) {
        let Some(faults) = &context.faults else { return };
        if let Some(opens) = self.gate.passed(count, faults, Instant::now()) {
            context.timers.set(opens, Timer::Socket(SocketTimer::Gate(self.info.id)));
        }
    }

    pub(super) fn open_gate(&mut self) {
        self.gate.open();
    }

    /// The close reason; a failure without a reason of its own gets a record.
    fn broke(&self, context: &mut Context, operation: Operation, error: &io::Error) -> CloseReason {
        if let Some(reason) = self.half_close.broken() {
            return reason;
        }
        if let Some(why) = self.lost_interface(error) {
            context.fail(self.info.id, NetError::new(operation, ErrorKind::Unreachable, self.address(), why));
            return CloseReason::Error;
        }
        let reason = reason_of(error);
        if matches!(reason, CloseReason::Error | CloseReason::Tls) {
            context.fail(self.info.id, handshake::of_layer(operation, self.address(), error));
        }
        reason
    }

    /// The reason if our own interface is down.
    fn lost_interface(&self, error: &io::Error) -> Option<String> {
        if !matches!(ErrorKind::of(error), ErrorKind::Timeout | ErrorKind::Unreachable) {
            return None;
        }
        lost_interface(self.channel.local_address()?.ip())
    }
}
