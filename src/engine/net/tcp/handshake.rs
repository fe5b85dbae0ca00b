//! Handshakes: connections that are connected or accepted, but are not peers yet.

use super::channel::{Channel, Established, Layer, Report};
use super::stream::Stream;
use crate::capture::SessionNote;
use crate::engine::context::Context;
use crate::engine::context::poll_source::{ConnectId, PollSource};
use crate::engine::context::timers::{SocketTimer, Timer};
use crate::model::{CloseReason, ErrorKind, NetError, Operation, PeerId, TlsFault, WebSocketFault, display_address};
use mio::Interest;
use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// Time limit for the handshake of an accepted client.
pub(super) const PATIENCE: Duration = Duration::from_secs(10);

/// Retry interval while the capture accepts no new peer.
pub(super) const RETRY: Duration = Duration::from_millis(100);

/// Maximum number of concurrent handshakes. Further clients wait in the backlog of the listener.
pub(super) const MOST: usize = if cfg!(test) { 4 } else { 1024 };

/// How a connection was established.
#[derive(Clone, Copy, Debug)]
pub(super) enum Origin {
    /// We connected.
    Connected {
        /// The local address.
        local: SocketAddr,
        /// Start of the connect, including the name look-up.
        started: Instant,
        /// How long the attempt that was taken took.
        connect: Duration,
        /// When the connection was there.
        since: Instant,
        /// The connection is already broken; what arrived before must still be read.
        broken: Option<CloseReason>,
    },
    /// A listener accepted it.
    Accepted {
        /// Address of the listener, if there are several.
        local: Option<SocketAddr>,
    },
}

impl Origin {
    fn operation(self) -> Operation {
        match self {
            Self::Connected { .. } => Operation::Connect,
            Self::Accepted { .. } => Operation::Accept,
        }
    }
}

/// The result of a step of a handshake.
pub(super) enum Progress {
    /// Done: the channel carries payload. The socket is not registered in the poll.
    Ready(Channel),
    /// The handshake waits for the poll.
    Waits(Handshake),
    /// The handshake failed; the connection is closed.
    Failed(NetError),
}

/// A connection that is not a peer yet.
pub(super) struct Handshake {
    id: ConnectId,
    channel: Channel,
    interest: Interest,
    pub(super) remote: SocketAddr,
    pub(super) origin: Origin,
    pub(super) deadline: Instant,
}

/// Puts the layer on a connected socket and starts its handshake.
pub(super) fn begin(
    layer: &Layer,
    socket: Stream,
    (remote, origin, deadline): (SocketAddr, Origin, Instant),
    id: ConnectId,
    context: &mut Context,
) -> Progress {
    let mut channel = match layer.on(socket) {
        Ok(channel) => channel,
        Err(error) => return Progress::Failed(failure(layer.scheme(), remote, origin, &error)),
    };
    let interest = match channel.establish() {
        Ok(Established::Ready) => return Progress::Ready(channel),
        Ok(Established::Wants(interest)) => interest,
        Err(error) => return Progress::Failed(failed(&mut channel, remote, origin, &error, context)),
    };
    if let Err(error) = channel.register_for(&context.registry, PollSource::Connect(id), interest) {
        return Progress::Failed(failed(&mut channel, remote, origin, &error, context));
    }
    context.timers.set(deadline, Timer::Socket(SocketTimer::Connect(id)));
    Progress::Waits(Handshake { id, channel, interest, remote, origin, deadline })
}

impl Handshake {
    /// Continues the handshake after an event of the poll, or fails it at the deadline.
    pub(super) fn check(mut self, context: &mut Context) -> Progress {
        let wants = match self.channel.establish() {
            Ok(Established::Ready) => {
                self.deregister(context);
                return Progress::Ready(self.channel);
            }
            Ok(Established::Wants(_)) if Instant::now() >= self.deadline => {
                report(PeerId::NONE, &mut self.channel, self.remote, context);
                let address = format!("{}://{}", self.channel.scheme(), display_address(self.remote));
                let detail = "the handshake did not end in time";
                let error = NetError::new(self.origin.operation(), ErrorKind::Timeout, address, detail);
                self.abandon(context);
                return Progress::Failed(error);
            }
            Ok(Established::Wants(interest)) => interest,
            Err(error) => return self.failed(&error, context),
        };
        if wants != self.interest {
            self.interest = wants;
            let source = PollSource::Connect(self.id);
            if let Err(error) = self.channel.reregister_for(&context.registry, source, wants) {
                return self.failed(&error, context);
            }
        }
        Progress::Waits(self)
    }

    fn failed(mut self, error: &io::Error, context: &mut Context) -> Progress {
        let failed = failed(&mut self.channel, self.remote, self.origin, error, context);
        self.abandon(context);
        Progress::Failed(failed)
    }

    /// Closes the connection.
    pub(super) fn abandon(mut self, context: &mut Context) {
        self.deregister(context);
    }

    fn deregister(&mut self, context: &mut Context) {
        context.timers.cancel(Timer::Socket(SocketTimer::Connect(self.id)));
        if let Err(error) = self.channel.deregister(&context.registry) {
            tracing::debug!(%error, "the socket of a handshake was not in the poll");
        }
    }
}

/// Records what was seen of the peer, and returns why the handshake failed.
fn failed(
    channel: &mut Channel,
    remote: SocketAddr,
    origin: Origin,
    error: &io::Error,
    context: &mut Context,
) -> NetError {
    report(PeerId::NONE, channel, remote, context);
    failure(channel.scheme(), remote, origin, error)
}

fn failure(scheme: &str, remote: SocketAddr, origin: Origin, error: &io::Error) -> NetError {
    of_layer(origin.operation(), format!("{scheme}://{}", display_address(remote)), error)
}

/// An error of a channel: of its layer, or of the system.
pub(super) fn of_layer(operation: Operation, address: String, error: &io::Error) -> NetError {
    let websocket = error.get_ref().and_then(|inner| inner.downcast_ref::<WebSocketFault>());
    match (fault_of(error), websocket) {
        (Some(fault), _) => NetError::tls(operation, address, fault.clone()),
        (_, Some(fault)) => NetError::websocket(operation, address, fault.clone()),
        (None, None) => NetError::from_io(operation, address, error),
    }
}

/// The fault of TLS, if it is one.
pub(super) fn fault_of(error: &io::Error) -> Option<&TlsFault> {
    error.get_ref()?.downcast_ref()
}

/// Records what a layer has to report about its connection.
pub(super) fn report(peer: PeerId, channel: &mut Channel, remote: SocketAddr, context: &mut Context) {
    for report in channel.take_reports() {
        match report {
            Report::Step(step) => context.journal.note(peer, &SessionNote::Tls { step }),
            Report::WebSocketStep(step) => context.journal.note(peer, &SessionNote::WebSocket { step }),
            Report::WebSocketWarning(fault) => {
                let address = format!("{}://{}", channel.scheme(), display_address(remote));
                context.warn(peer, NetError::websocket(Operation::Receive, address, fault));
            }
            Report::Warning(fault) => {
                let address = format!("{}://{}", channel.scheme(), display_address(remote));
                context.warn(peer, NetError::tls(Operation::Receive, address, fault));
            }
        }
    }
}
