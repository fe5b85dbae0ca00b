//! Messages of a layer (WebSocket) on a connection: one message is one record.

use super::Connection;
use crate::capture::{Cause, Marks, Payload};
use crate::codec::websocket::CONTROL_MAX;
use crate::engine::context::Context;
use crate::engine::net::tcp::channel::Input;
use crate::engine::respond::responder::Responder;
use crate::engine::send::queue::{Outgoing, QueuedPayload};
use crate::model::{ErrorKind, NetError, Operation, WebSocketFault};
use std::io;

/// Bytes that are read at once: they may be many messages.
const READ_BYTES: usize = 64 << 10;

impl Connection {
    /// Gives an entry the marks that its channel needs.
    pub(in crate::engine::net::tcp) fn shape(&self, entry: &mut QueuedPayload) {
        self.channel.shape(entry);
    }

    /// Reads messages once and records them. Without a responder the connection is being closed.
    pub(super) fn read_messages(
        &mut self,
        responder: Option<&mut Responder>,
        context: &mut Context,
    ) -> io::Result<Input> {
        let share = context.answer_share;
        let drains = responder.is_none();
        let mut responder = responder.filter(|_| share.is_some());
        let most = match (&responder, share) {
            (Some(responder), Some(share)) => responder.bytes_a_read(share),
            _ => READ_BYTES,
        };
        let Context { buffer, journal, .. } = context;
        let most = most.min(READ_BYTES).min(buffer.len());
        let Self { channel, info, answers, .. } = self;
        let peer = info.id;
        let input = channel.read_messages(&mut buffer[..most], &mut |message| {
            info.received_bytes += message.bytes.len() as u64;
            if drains && journal.is_stalled() {
                journal.dropped_datagram(message.bytes.len());
                return;
            }
            let marks = Marks { form: message.form, goes_on: message.goes_on, ..Marks::MESSAGE };
            let record = journal.received(peer, message.bytes, marks);
            if let Some(responder) = responder.as_deref_mut().filter(|_| !message.form.is_control()) {
                let first = answers.len();
                responder.datagram(peer, None, record, message.bytes, answers);
                answers[first..].iter_mut().for_each(|answer| answer.copies_form(message.form));
            }
        });
        if let Some(responder) = responder {
            self.rules_take_more = responder.takes_more(peer);
        }
        self.note_layer(context);
        input
    }

    /// Records the beginning of a message whose end does not come any more.
    pub(super) fn record_rest(&mut self, context: &mut Context) {
        let Self { channel, info, .. } = self;
        let journal = &mut context.journal;
        channel.rest(&mut |message| {
            info.received_bytes += message.bytes.len() as u64;
            let marks = Marks { form: message.form, goes_on: message.goes_on, ..Marks::MESSAGE };
            journal.received(info.id, message.bytes, marks);
        });
    }

    /// Records the frames that the layer has sent by itself, and what it has to report.
    pub(super) fn note_layer(&mut self, context: &mut Context) {
        for (form, payload) in self.channel.take_answered() {
            let marks = Marks { form, is_automatic: true, cause: Cause::Protocol, ..Marks::MESSAGE };
            self.info.sent_bytes += payload.len() as u64;
            context.journal.sent(self.info.id, Payload::Bytes(&payload), payload.len(), marks);
        }
        super::handshake::report(self.info.id, &mut self.channel, self.info.address, context);
    }

    /// Writes a part of the first entry as a message. A control frame that is too long is given up.
    pub(super) fn write_message(&mut self, most: usize, context: &mut Context) -> io::Result<usize> {
        let address = self.address();
        let Some((outgoing, bytes)) = self.queue.head_message(&mut context.reports) else { return Ok(0) };
        if outgoing.form.is_control() && bytes.len() > CONTROL_MAX {
            let fault = WebSocketFault::LongToSend { len: bytes.len() as u64 };
            self.queue.fail_head(NetError::websocket(Operation::Send, address, fault), &mut context.reports);
            return Err(io::ErrorKind::Interrupted.into());
        }
        let most = bytes.len().min(most);
        let outgoing = Outgoing { ends: outgoing.ends && most == bytes.len(), ..outgoing };
        self.channel.write_message(&bytes[..most], outgoing)
    }

    /// After our close frame nothing can be sent.
    pub(super) fn follow_close(&mut self, context: &mut Context) {
        if !self.channel.is_closing() {
            return;
        }
        while !self.queue.is_empty() {
            let error = NetError::new(Operation::Send, ErrorKind::Closed, self.address(), "");
            self.queue.fail_head(error, &mut context.reports);
        }
        if self.half_close.may_send() && !self.channel.holds_output() {
            self.half_close.shut();
        }
    }
}
