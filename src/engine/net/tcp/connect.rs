//! Connects to one address after another. Each gets an equal share of the remaining time.

use super::{ConnectPlan, connection};
use crate::engine::context::Context;
use crate::engine::context::poll_source::{ConnectId, PollSource};
use crate::engine::context::timers::{SocketTimer, Timer, after};
use crate::engine::net::interfaces::is_for_many;
use crate::model::{CloseReason, ErrorKind, NetError, Operation, display_address};
use mio::Interest;
use mio::net::TcpStream;
use socket2::{Domain, Protocol, Socket, Type};
use std::io;
use std::net::SocketAddr;
use std::time::Instant;

/// A connect under way.
pub(super) struct Connecting {
    id: ConnectId,
    /// Addresses left to try, in reverse order.
    remaining: Vec<SocketAddr>,
    bind: Vec<SocketAddr>,
    deadline: Instant,
    /// When the connect began, including the name look-up.
    started: Instant,
    attempt: Option<(TcpStream, SocketAddr)>,
    attempt_until: Instant,
    failed: NetError,
}

/// The state of a connect.
pub(super) enum Connect {
    /// In progress.
    Waits,
    /// Connected.
    Done {
        /// The socket, removed from the poll.
        socket: TcpStream,
        /// The remote address.
        remote: SocketAddr,
        /// The local address.
        local: SocketAddr,
        /// When the connect began, including the name look-up.
        started: Instant,
        /// The connection is already broken; what arrived before must still be read.
        broken: Option<CloseReason>,
        /// The end of the connect timeout, which holds for a handshake too.
        deadline: Instant,
    },
    /// No address could be connected to.
    Failed(NetError),
}

fn in_progress(error: &io::Error) -> bool {
    #[cfg(unix)]
    if error.raw_os_error() == Some(rustix::io::Errno::INPROGRESS.raw_os_error()) {
        return true;
    }
    error.kind() == io::ErrorKind::WouldBlock
}

/// The connection was established and then reset. (A connect without a listener is refused instead: RFC 9293, 3.10.7.3; tcp(7).)
fn was_connected(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe)
}

impl Connecting {
    /// Starts with the first address.
    pub(super) fn start(id: ConnectId, plan: ConnectPlan, context: &mut Context) -> (Self, Connect) {
        let ConnectPlan { remotes: mut remaining, bind, started, timeout } = plan;
        remaining.reverse();
        let deadline = after(started, timeout);
        let failed = NetError::new(Operation::Connect, ErrorKind::Invalid, "tcp://", "no address");
        let mut connecting =
            Self { id, remaining, bind, deadline, started, attempt: None, attempt_until: deadline, failed };
        let outcome = connecting.next(context);
        (connecting, outcome)
    }

    /// Tries the next address; skips those that fail at once.
    fn next(&mut self, context: &mut Context) -> Connect {
        self.abandon(context);
        while let Some(remote) = self.remaining.pop() {
            let now = Instant::now();
            let left = self.deadline.saturating_duration_since(now);
            if left.is_zero() {
                return Connect::Failed(timeout(remote));
            }
            match self.attempt(remote, context) {
                Ok(socket) => {
                    let share = left / u32::try_from(self.remaining.len() + 1).unwrap_or(1);
                    self.attempt_until = now + share;
                    context.timers.set(self.attempt_until, Timer::Socket(SocketTimer::Connect(self.id)));
                    self.attempt = Some((socket, remote));
                    return Connect::Waits;
                }
                Err(error) => self.failed = error,
            }
        }
        Connect::Failed(self.failed.clone())
    }

    fn attempt(&self, remote: SocketAddr, context: &Context) -> Result<TcpStream, NetError> {
        let named = |operation, address: SocketAddr| {
            move |error: io::Error| NetError::from_io(operation, format!("tcp://{}", display_address(address)), &error)
        };
        let connect = named(Operation::Connect, remote);
        if is_for_many(remote.ip()) {
            let at = format!("tcp://{}", display_address(remote));
            return Err(NetError::new(Operation::Connect, ErrorKind::NotOneHost, at, ""));
        }
        let socket = Socket::new(Domain::for_address(remote), Type::STREAM, Some(Protocol::TCP)).map_err(connect)?;
        socket.set_nonblocking(true).map_err(connect)?;
        // Set before the first byte can arrive.
        connection::prepare(&socket, context.patience);
        if !self.bind.is_empty() {
            let Some(local) = self.bind.iter().find(|local| local.is_ipv4() == remote.is_ipv4()) else {
                let detail = format!("the local address {} is of the other family", display_address(self.bind[0]));
                return Err(NetError::new(
                    Operation::Connect,
                    ErrorKind::Invalid,
                    format!("tcp://{}", display_address(remote)),
                    detail,
                ));
            };
            let bind = named(Operation::Bind, *local);
            if is_for_many(local.ip()) {
                let at = format!("tcp://{}", display_address(*local));
                return Err(NetError::new(Operation::Bind, ErrorKind::NotOneHost, at, ""));
            }
            // Allows the same local port while its last connection is in TIME_WAIT.
            #[cfg(unix)]
            socket.set_reuse_address(true).map_err(bind)?;
            socket.bind(&(*local).into()).map_err(bind)?;
        }
        match socket.connect(&remote.into()) {
            Ok(()) => {}
            Err(error) if in_progress(&error) => {}
            Err(error) => return Err(connect(error)),
        }
        let mut socket = TcpStream::from_std(socket.into());
        context
            .registry
            .register(&mut socket, PollSource::Connect(self.id).token(), Interest::READABLE | Interest::WRITABLE)
            .map_err(connect)?;
        Ok(socket)
    }

    /// Checks the attempt after a poll event or a timer.
    pub(super) fn check(&mut self, context: &mut Context) -> Connect {
        let Some((socket, remote)) = &self.attempt else { return Connect::Waits };
        let remote = *remote;
        let named = |error: &io::Error| {
            NetError::from_io(Operation::Connect, format!("tcp://{}", display_address(remote)), error)
        };
        let failure = match socket.take_error() {
            Ok(Some(error)) if was_connected(&error) => match socket.local_addr() {
                Ok(local) => return self.done(remote, local, Some(CloseReason::Reset), context),
                Err(_) => Some(named(&error)),
            },
            Ok(Some(error)) | Err(error) => Some(named(&error)),
            Ok(None) => match (socket.peer_addr(), socket.local_addr()) {
                // A connect to an ephemeral port of this machine can connect the socket to itself.
                (Ok(_), Ok(local)) if local == remote => {
                    let detail = "nothing listens there (the connection met itself)";
                    Some(NetError::new(
                        Operation::Connect,
                        ErrorKind::Refused,
                        format!("tcp://{}", display_address(remote)),
                        detail,
                    ))
                }
                (Ok(_), Ok(local)) => return self.done(remote, local, None, context),
                (Err(error), _) if error.kind() == io::ErrorKind::NotConnected || in_progress(&error) => {
                    (Instant::now() >= self.attempt_until).then(|| timeout(remote))
                }
                (Err(error), _) | (_, Err(error)) => Some(named(&error)),
            },
        };
        match failure {
            Some(error) => {
                self.failed = error;
                self.next(context)
            }
            None => Connect::Waits,
        }
    }

    fn done(
        &mut self,
        remote: SocketAddr,
        local: SocketAddr,
        broken: Option<CloseReason>,
        context: &Context,
    ) -> Connect {
        let Some((mut socket, _)) = self.attempt.take() else { return Connect::Waits };
        // It is registered again under its peer's number.
        if let Err(error) = context.registry.deregister(&mut socket) {
            tracing::debug!(%error, "the connected socket was not in the poll");
        }
        Connect::Done { socket, remote, local, started: self.started, broken, deadline: self.deadline }
    }

    /// Closes the current attempt.
    pub(super) fn abandon(&mut self, context: &Context) {
        if let Some((mut socket, _)) = self.attempt.take()
            && let Err(error) = context.registry.deregister(&mut socket)
        {
            tracing::debug!(%error, "the connecting socket was not in the poll");
        }
    }
}

fn timeout(remote: SocketAddr) -> NetError {
    NetError::new(
        Operation::Connect,
        ErrorKind::Timeout,
        format!("tcp://{}", display_address(remote)),
        "no answer in time",
    )
}
