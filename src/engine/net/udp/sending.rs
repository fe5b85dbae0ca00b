//! The sending half of the UDP socket, and the ICMP errors that the system reports for sent datagrams.

use super::{DATAGRAMS_A_ROUND, MAX_PEERS, UdpSockets};
use crate::engine::context::Context;
use crate::engine::context::timers::{SocketTimer, Timer};
use crate::engine::platform;
use crate::model::{ErrorKind, NetError, Operation, PeerId, display_address, unmap_v4};
use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// Maximum number of refusals after which a datagram is retried, because they belong to earlier datagrams.
const REFUSALS_A_DATAGRAM: usize = 16;
/// Minimum interval between two warnings about the same target.
const WARNING_INTERVAL: Duration = Duration::from_secs(1);

impl UdpSockets {
    pub(super) fn write_round(&mut self, context: &mut Context) {
        let before = self.queue.bytes() as u64;
        let mut left = DATAGRAMS_A_ROUND;
        let mut refusals = 0;
        while left > 0 && self.may_write(context) {
            left -= 1;
            let Some((peer, bytes)) = self.queue.head(&mut context.reports) else { break };
            let count = bytes.len();
            if count == 0 && self.queue.head_is_file() {
                self.queue.skip(&mut context.reports);
                continue;
            }
            let Some(address) = self.by_id.get(&peer).copied() else {
                let detail = "the address was forgotten";
                let error = NetError::new(Operation::Send, ErrorKind::NoPeer, context.endpoint.clone(), detail);
                self.queue.fail_head(error, &mut context.reports);
                continue;
            };
            // The target was checked when the datagram was queued.
            let wire = self.on_the_wire(address).unwrap_or(address);
            let source = self.queue.head_source().or_else(|| self.by_address.get(&address)?.source);
            let Some((_, bytes)) = self.queue.head(&mut context.reports) else { break };
            let sent = platform::send_from(&self.socket, bytes, wire, source);
            match sent {
                Ok(_) => {
                    refusals = 0;
                    self.sent(context, address, count);
                }
                Err(error) if source.is_some() && platform::is_about_the_source(&error) => self.forget_source(address),
                Err(error) => {
                    refusals += 1;
                    self.not_sent(context, address, &error, refusals);
                }
            }
        }
        context.queued_bytes = (context.queued_bytes + self.queue.bytes() as u64).saturating_sub(before);
    }

    /// Handles a source address that this machine no longer has: the system chooses another one.
    fn forget_source(&mut self, of: SocketAddr) {
        self.queue.forget_head_source();
        if let Some(known) = self.by_address.get_mut(&of) {
            known.source = None;
        }
    }

    fn sent(&mut self, context: &mut Context, to: SocketAddr, count: usize) {
        self.queue.written(count, &mut context.journal, &mut context.reports);
        if let Some(known) = self.by_address.get_mut(&to) {
            known.info.sent_bytes += count as u64;
            context.show_peer(known.info);
        }
    }

    /// Handles the error of sending the head of the queue.
    fn not_sent(&mut self, context: &mut Context, to: SocketAddr, error: &io::Error, refusals: usize) {
        match error.kind() {
            io::ErrorKind::WouldBlock => self.writable = false,
            io::ErrorKind::Interrupted => {}
            // The error belongs to an earlier datagram; this one was not sent.
            io::ErrorKind::ConnectionRefused | io::ErrorKind::ConnectionReset if refusals <= REFUSALS_A_DATAGRAM => {
                self.refusal(context, Operation::Send, error);
            }
            _ if is_out_of_buffers(error) => {
                self.writable = false;
                context.timer_in(Duration::from_millis(5), Timer::Socket(SocketTimer::Send));
            }
            _ => {
                let error = NetError::from_io(Operation::Send, format!("udp://{}", display_address(to)), error);
                self.queue.fail_head(error, &mut context.reports);
            }
        }
    }

    /// Handles the refusal of an earlier datagram: emits a warning about its target, and continues.
    pub(super) fn refusal(&mut self, context: &mut Context, operation: Operation, error: &io::Error) {
        let mut found = false;
        while let Some(refusal) = platform::next_refusal(&self.socket) {
            found = true;
            self.warn_of(context, operation, refusal.target.map(unmap_v4), &refusal.error);
        }
        if !found {
            self.warn_of(context, operation, None, error);
        }
    }

    fn warn_of(&mut self, context: &mut Context, operation: Operation, target: Option<SocketAddr>, error: &io::Error) {
        let now = Instant::now();
        self.refused.retain(|_, warned_at| now.duration_since(*warned_at) < WARNING_INTERVAL);
        if self.refused.len() >= MAX_PEERS || self.refused.contains_key(&target) {
            return;
        }
        self.refused.insert(target, now);
        let operation = if target.is_some() { Operation::Send } else { operation };
        let mut warning =
            NetError::from_io(operation, format!("udp://{}", display_address(target.unwrap_or(self.local))), error);
        if warning.kind == ErrorKind::Reset {
            // Windows calls it a reset (WSAECONNRESET).
            warning.kind = ErrorKind::Refused;
        }
        let peer = target.and_then(|target| self.by_address.get(&target)).map_or(PeerId::NONE, |known| known.info.id);
        context.warn(peer, warning);
    }
}

pub(super) fn is_out_of_buffers(error: &io::Error) -> bool {
    #[cfg(unix)]
    return error.raw_os_error() == Some(rustix::io::Errno::NOBUFS.raw_os_error());
    #[cfg(not(unix))]
    {
        // WSAENOBUFS
        error.raw_os_error() == Some(10_055)
    }
}
