//! The socket onward of one client of a forward. It is connected, so it receives from its target only, and the system reports a
//! refusal on it.

use super::bind::bind_error;
use super::make_socket;
use super::sending::is_out_of_buffers;
use crate::capture::{Marks, SessionNote};
use crate::engine::context::poll_source::PollSource;
use crate::engine::context::timers::{SocketTimer, Timer};
use crate::engine::context::{Context, Report};
use crate::engine::net::options::{self, Kind};
use crate::engine::peers::{PeerChange, PeerInfo};
use crate::engine::platform;
use crate::engine::send::queue::SendQueue;
use crate::model::{CloseReason, ErrorKind, Facts, NetError, Operation, PeerId, Queues, display_address, unmap_v4};
use mio::Interest;
use mio::net::UdpSocket;
use socket2::SockRef;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::{Duration, Instant};

/// Datagrams read or written before the next socket has its turn.
const DATAGRAMS_A_TURN: usize = 32;
/// Minimum interval between two warnings about the same socket.
const WARNING_INTERVAL: Duration = Duration::from_secs(1);

/// A datagram that is passed on once it is stored.
#[derive(Debug)]
pub(super) struct Arrived {
    /// Who sent it.
    pub(super) from: PeerId,
    /// The datagram.
    pub(super) bytes: Vec<u8>,
    /// Its record.
    pub(super) record: Option<u64>,
}

/// A socket to the target, for one client.
pub(super) struct Onward {
    socket: UdpSocket,
    /// The target as the peer of this client.
    pub(super) info: PeerInfo,
    pub(super) client: PeerId,
    pub(super) pair: u32,
    pub(super) queue: SendQueue,
    pub(super) readable: bool,
    pub(super) writable: bool,
    pub(super) is_ready: bool,
    /// When a datagram passed last.
    pub(super) used_at: Instant,
    /// A problem that is not reported yet.
    pub(super) error: Option<NetError>,
    warned_at: Option<Instant>,
    marks: Marks,
}

impl Onward {
    /// Opens a socket to `target` for `client`, and records the target as a peer.
    ///
    /// # Errors
    /// The system has no socket for it, or the capture takes no more peers.
    pub(super) fn open(target: SocketAddr, client: PeerId, pair: u32, context: &mut Context) -> Result<Self, NetError> {
        let any: IpAddr = if target.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
        let any = SocketAddr::new(any, 0);
        let failed = bind_error(target);
        let socket = make_socket(any, false, true, &context.options)?;
        socket.connect(&target.into()).map_err(&failed)?;
        platform::enlarge_receive_buffer(&socket);
        let mut socket = UdpSocket::from_std(socket.into());
        let local = unmap_v4(socket.local_addr().map_err(&failed)?);
        let here = context.journal.local(local);
        let marks = Marks { pair, local: here, ..Marks::MESSAGE };
        let joined = context.journal.add_peer(target, marks);
        let Some(id) = joined else {
            let detail = "the capture takes no more peers";
            return Err(NetError::new(Operation::Send, ErrorKind::NoPeer, address_of(target), detail));
        };
        let interest = Interest::READABLE | Interest::WRITABLE;
        context.registry.register(&mut socket, PollSource::Peer(id).token(), interest).map_err(&failed)?;
        let info = PeerInfo { other: Some(client), ..PeerInfo::new(id, target) };
        context.show_peer(info);
        Ok(Self {
            socket,
            info,
            client,
            pair,
            queue: SendQueue::default(),
            readable: true,
            writable: true,
            is_ready: false,
            used_at: Instant::now(),
            error: None,
            warned_at: None,
            marks,
        })
    }

    /// The facts of the socket.
    pub(super) fn facts(&self) -> Option<Facts> {
        let socket = SockRef::from(&self.socket);
        Some(Facts {
            local: self.socket.local_addr().map(unmap_v4).ok()?,
            remote: Some(self.info.address),
            opened_by: None,
            closed: None,
            resolve_us: None,
            connect_us: None,
            handshake_us: None,
            open_ms: None,
            resolved: Vec::new(),
            queues: Queues { received: platform::unread(&socket), unsent: None, waiting: self.queue.bytes() as u64 },
            tcp: None,
            kernel_dropped: None,
            options: options::read(&socket, Kind::Datagrams, self.info.address.is_ipv6()),
        })
    }

    pub(super) fn may_write(&self) -> bool {
        self.writable && !self.queue.is_empty()
    }

    /// Reads a bounded number of datagrams and records them.
    pub(super) fn read_round(&mut self, arrived: &mut Vec<Arrived>, context: &mut Context) {
        let mut buffer = std::mem::take(&mut context.buffer);
        for _ in 0..DATAGRAMS_A_TURN {
            if !self.readable || !context.may_read() {
                break;
            }
            match self.socket.recv(&mut buffer) {
                Ok(count) => {
                    let bytes = &buffer[..count];
                    self.used_at = Instant::now();
                    let record = context.journal.received(self.info.id, bytes, self.marks);
                    self.info.received_bytes += count as u64;
                    context.show_peer(self.info);
                    context.peer_changes.push(PeerChange::Heard(self.info.id));
                    arrived.push(Arrived { from: self.info.id, bytes: bytes.to_vec(), record });
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => self.readable = false,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => self.fault(Operation::Send, &error),
            }
        }
        context.buffer = buffer;
    }

    /// Sends a bounded number of datagrams and records them.
    pub(super) fn write_round(&mut self, context: &mut Context) {
        let before = self.queue.bytes() as u64;
        for _ in 0..DATAGRAMS_A_TURN {
            if !self.may_write() || !context.journal.takes_traffic() {
                break;
            }
            let is_file = self.queue.head_is_file();
            let Some((_, bytes)) = self.queue.head(&mut context.reports) else { break };
            let count = bytes.len();
            if count == 0 && is_file {
                self.queue.skip(&mut context.reports);
                continue;
            }
            match self.socket.send(bytes) {
                Ok(_) => {
                    self.queue.written(count, &mut context.journal, &mut context.reports);
                    self.info.sent_bytes += count as u64;
                    context.show_peer(self.info);
                }
                Err(error) => self.not_sent(&error, context),
            }
        }
        context.queued_bytes = (context.queued_bytes + self.queue.bytes() as u64).saturating_sub(before);
    }

    fn not_sent(&mut self, error: &io::Error, context: &mut Context) {
        match error.kind() {
            io::ErrorKind::WouldBlock => self.writable = false,
            io::ErrorKind::Interrupted => {}
            // The error belongs to an earlier datagram; this one was not sent.
            io::ErrorKind::ConnectionRefused | io::ErrorKind::ConnectionReset => self.fault(Operation::Send, error),
            _ if is_out_of_buffers(error) => {
                self.writable = false;
                context.timer_in(Duration::from_millis(5), Timer::Socket(SocketTimer::Send));
            }
            _ => {
                self.fault(Operation::Send, error);
                let error = NetError::from_io(Operation::Send, address_of(self.info.address), error);
                self.queue.fail_head(error, &mut context.reports);
            }
        }
    }

    /// Keeps a problem for the report, at most one a second.
    fn fault(&mut self, operation: Operation, error: &io::Error) {
        let now = Instant::now();
        if self.warned_at.is_some_and(|at| now.duration_since(at) < WARNING_INTERVAL) {
            return;
        }
        self.warned_at = Some(now);
        let mut error = NetError::from_io(operation, address_of(self.info.address), error);
        if error.kind == ErrorKind::Reset {
            // Windows calls it a reset (WSAECONNRESET).
            error.kind = ErrorKind::Refused;
        }
        self.error = Some(error);
    }

    /// Closes the socket and records that the peer left.
    pub(super) fn close(&mut self, reason: CloseReason, context: &mut Context) {
        if let Err(error) = context.registry.deregister(&mut self.socket) {
            tracing::debug!(%error, "the socket onward was not in the poll");
        }
        let (id, address) = (self.info.id, self.info.address);
        context.journal.note_of_pair(id, &SessionNote::PeerLeft { reason }, self.pair);
        context.journal.forget_peer(id);
        context.reports.push(Report::Gone { peer: id, address });
        context.peer_changes.push(PeerChange::Gone(id));
    }
}

fn address_of(target: SocketAddr) -> String {
    format!("udp://{}", display_address(target))
}
