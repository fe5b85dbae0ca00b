//! How a connection ends: half close, our own shutdown, in order or with a reset.

use super::{Connection, handshake};
use crate::capture::RecordKind;
use crate::engine::context::Context;
use crate::engine::context::timers::{SocketTimer, Timer};
use crate::engine::peers::PeerInfo;
use crate::model::{CloseReason, ErrorKind, NetError, Operation};
use std::io;
use std::time::{Duration, Instant};

/// How long a peer that has sent its FIN may take nothing of what is queued before it is given up. Much longer than a slow device
/// needs: its progress is visible only in steps, when the system's buffer is half empty.
const PATIENCE_AFTER_FIN: Duration = Duration::from_secs(15);
/// Interval of that check.
const LOOK_AFTER_FIN: Duration = Duration::from_secs(3);
/// Reads of a connection that is being closed: unread data would turn the FIN into a reset.
const LAST_READS: usize = 64;

impl Connection {
    /// Handles half close and our own shutdown.
    pub(super) fn ending(&mut self, context: &mut Context, keep_half_open: bool) -> Option<CloseReason> {
        if self.half_close.broken().is_some() {
            return None;
        }
        if self.half_close.is_shut_due() && !self.has_queued() {
            self.shut_down(context);
        }
        if self.half_close.may_receive() {
            return None;
        }
        if self.half_close.is_ours_shut() {
            return Some(CloseReason::PeerFin);
        }
        if keep_half_open && !self.channel.has_messages() {
            if !self.info.half_closed {
                self.info.half_closed = true;
                context.journal.mark(RecordKind::HalfClosed, self.info.id);
            }
            return None;
        }
        if self.queue.is_empty() && self.answers.is_empty() {
            return Some(CloseReason::PeerFin);
        }
        if self.half_close.flushing().is_none() {
            self.half_close.flush_from(self.info.sent_bytes, Instant::now());
            context.timer_in(LOOK_AFTER_FIN, Timer::Socket(SocketTimer::Flush(self.info.id)));
        }
        None
    }

    /// Called some time after the peer's FIN: true, with a warning, if it takes nothing of what is queued.
    pub(in crate::engine::net::tcp) fn gives_up_flushing(&mut self, context: &mut Context) -> bool {
        let Some((sent_before, since)) = self.half_close.flushing() else { return false };
        // While the disk is full, the peer is not to blame.
        let goes_on = self.info.sent_bytes > sent_before || !context.journal.takes_traffic();
        if goes_on {
            self.half_close.flush_from(self.info.sent_bytes, Instant::now());
        }
        if goes_on || since.elapsed() < PATIENCE_AFTER_FIN {
            context.timer_in(LOOK_AFTER_FIN, Timer::Socket(SocketTimer::Flush(self.info.id)));
            return false;
        }
        let detail = format!("{} bytes were not taken after its FIN", self.queue.bytes());
        context.warn(self.info.id, NetError::new(Operation::Send, ErrorKind::Timeout, self.address(), detail));
        true
    }

    fn shut_down(&mut self, context: &mut Context) {
        match self.channel.shut_down_write() {
            Ok(()) => {}
            // Once the socket takes the last bytes of the layer, this is called again.
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                self.writable = false;
                return;
            }
            // The peer is already gone; reading will report how.
            Err(error) if error.kind() == io::ErrorKind::NotConnected => self.readable = true,
            Err(error) => context.warn(self.info.id, NetError::from_io(Operation::Send, self.address(), &error)),
        }
        self.half_close.shut();
    }

    /// Closes in order: writes what the socket takes at once, sends a FIN, and reads what has arrived.
    pub(in crate::engine::net::tcp) fn close(mut self, context: &mut Context) -> PeerInfo {
        if self.half_close.broken().is_none() {
            self.write_round(context);
            self.settle(context);
            self.queue.clear();
            // A FIN before the reset would be an end in order.
            if !self.half_close.is_ours_shut() && context.options.reset_on_close != Some(true) {
                self.shut_down(context);
            }
        }
        self.drain(context);
        self.record_rest(context);
        self.note_layer(context);
        self.channel.finish();
        self.deregister(context);
        self.info
    }

    /// Reads what has arrived, even while reading is paused: data left in the socket would be lost and would
    /// turn the FIN into a reset. Data that a full disk refuses counts as dropped; a size limit that waits for readers is exceeded.
    fn drain(&mut self, context: &mut Context) {
        for _ in 0..LAST_READS {
            if !self.half_close.may_receive() {
                return;
            }
            let read = if self.channel.has_messages() {
                self.read_messages(None, context).map(|input| input.count)
            } else if !context.journal.is_stalled() {
                self.read_into_the_capture(context).map(|input| input.count)
            } else {
                let read = self.channel.read(&mut context.buffer).map(|input| input.count);
                context.journal.dropped(*read.as_ref().unwrap_or(&0));
                read
            };
            match read {
                Ok(0) => {
                    self.half_close.end_is_read();
                    handshake::report(self.info.id, &mut self.channel, self.info.address, context);
                }
                Ok(_) if self.channel.has_messages() => {}
                Ok(count) => self.info.received_bytes += count as u64,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => return,
            }
        }
    }

    /// Closes with a reset.
    pub(in crate::engine::net::tcp) fn reset(mut self, context: &mut Context) -> PeerInfo {
        self.drain(context);
        self.record_rest(context);
        if let Err(error) = self.channel.socket().set_linger(Some(Duration::ZERO)) {
            tracing::warn!(%error, peer = %self.info.address, "the reset becomes an ordinary close");
        }
        self.deregister(context);
        self.info
    }

    fn deregister(&mut self, context: &Context) {
        if let Err(error) = self.channel.deregister(&context.registry) {
            tracing::debug!(%error, "a closed socket was not in the poll");
        }
    }
}
