//! Connects to the first of several addresses that answers (RFC 8305, "Happy Eyeballs"): addresses of both families alternate, and
//! each attempt gets a short head start before the next one runs beside it.

use super::stream::Stream;
use super::{ConnectPlan, connection, unix};
use crate::capture::SessionNote;
use crate::engine::context::Context;
use crate::engine::context::poll_source::{ConnectId, PollSource};
use crate::engine::context::timers::{SocketTimer, Timer, after};
use crate::engine::net::interfaces::is_for_many;
use crate::engine::net::options::{self, Kind};
use crate::model::{CloseReason, ErrorKind, NetError, Operation, PeerId, UnixEnd, display_address};
use mio::Interest;
use mio::net::TcpStream;
use socket2::{Domain, Protocol, Socket, Type};
use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// The head start of an attempt (RFC 8305, section 5: "Connection Attempt Delay").
const HEAD_START: Duration = Duration::from_millis(250);

/// A connect under way.
pub(super) struct Connecting {
    id: ConnectId,
    /// Addresses left to try, in reverse order.
    remaining: Vec<SocketAddr>,
    /// There are several addresses, so the capture says what became of each.
    is_race: bool,
    bind: Vec<SocketAddr>,
    deadline: Instant,
    /// When the connect began, including the name look-up.
    started: Instant,
    attempts: Vec<Attempt>,
    /// When the next address is tried.
    next_at: Instant,
    failed: NetError,
}

/// One connect to one address.
struct Attempt {
    socket: Stream,
    remote: SocketAddr,
    started: Instant,
}

/// The state of a connect.
pub(super) enum Connect {
    /// In progress.
    Waits,
    /// Connected.
    Done {
        /// The socket, removed from the poll.
        socket: Stream,
        /// The remote address.
        remote: SocketAddr,
        /// The local address.
        local: SocketAddr,
        /// When the connect began, including the name look-up.
        started: Instant,
        /// When the attempt that was taken began.
        attempt_started: Instant,
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

/// The order of the attempts: that of the look-up, with the families taking turns (RFC 8305, section 4).
pub(super) fn in_turn(found: &[SocketAddr]) -> Vec<SocketAddr> {
    let mut seen = std::collections::HashSet::new();
    let found: Vec<SocketAddr> = found.iter().copied().filter(|address| seen.insert(*address)).collect();
    let first_is_v6 = found.first().is_some_and(SocketAddr::is_ipv6);
    let (first, second): (Vec<SocketAddr>, Vec<SocketAddr>) =
        found.iter().partition(|address| address.is_ipv6() == first_is_v6);
    let (mut first, mut second) = (first.into_iter(), second.into_iter());
    let mut order = Vec::with_capacity(found.len());
    loop {
        match (first.next(), second.next()) {
            (None, None) => return order,
            (one, other) => order.extend(one.into_iter().chain(other)),
        }
    }
}

impl Connecting {
    /// Starts with the first address.
    pub(super) fn start(id: ConnectId, plan: ConnectPlan, context: &mut Context) -> (Self, Connect) {
        let ConnectPlan { remotes, bind, started, timeout, .. } = plan;
        let mut remaining = in_turn(&remotes);
        let is_race = remaining.len() > 1;
        if is_race {
            let took_ms = ms_since(started);
            context.journal.note(PeerId::NONE, &SessionNote::Resolved { addresses: remotes, took_ms });
        }
        remaining.reverse();
        let deadline = after(started, timeout);
        let failed = NetError::new(Operation::Connect, ErrorKind::Invalid, "tcp://", "no address");
        let (attempts, next_at) = (Vec::new(), Instant::now());
        let mut connecting = Self { id, remaining, is_race, bind, deadline, started, attempts, next_at, failed };
        let outcome = connecting.go_on(context);
        (connecting, outcome)
    }

    /// Tries the next address if it is time, and sets the timer for what comes then.
    fn go_on(&mut self, context: &mut Context) -> Connect {
        loop {
            let now = Instant::now();
            if now >= self.deadline {
                return self.gives_up(context);
            }
            let is_due = self.attempts.is_empty() || now >= self.next_at;
            let next = if is_due { self.remaining.pop() } else { None };
            let Some(remote) = next else { break };
            if self.is_race {
                let remote = display_address(remote);
                context.journal.note(PeerId::NONE, &SessionNote::Connecting { remote });
            }
            match self.attempt(remote, context) {
                Ok(socket) => {
                    self.attempts.push(Attempt { socket, remote, started: now });
                    self.next_at = now + HEAD_START;
                }
                Err(error) => self.has_failed(remote, now, error, context),
            }
        }
        if self.attempts.is_empty() {
            return Connect::Failed(self.failed.clone());
        }
        let until = if self.remaining.is_empty() { self.deadline } else { self.deadline.min(self.next_at) };
        context.timers.set(until, Timer::Socket(SocketTimer::Connect(self.id)));
        Connect::Waits
    }

    /// The time is over: every attempt that still waits has failed.
    fn gives_up(&mut self, context: &mut Context) -> Connect {
        let last = self.attempts.last().map(|attempt| attempt.remote).or(self.remaining.last().copied());
        for attempt in std::mem::take(&mut self.attempts) {
            let (remote, started) = (attempt.remote, attempt.started);
            attempt.close(context);
            self.has_failed(remote, started, timeout(remote), context);
        }
        Connect::Failed(last.map_or_else(|| self.failed.clone(), timeout))
    }

    fn has_failed(&mut self, remote: SocketAddr, started: Instant, error: NetError, context: &mut Context) {
        if self.is_race {
            let (took_ms, error) = (ms_since(started), Some(error.clone()));
            context.journal.note(PeerId::NONE, &SessionNote::AttemptEnded { remote, took_ms, error });
        }
        self.failed = error;
    }

    fn attempt(&self, remote: SocketAddr, context: &Context) -> Result<Stream, NetError> {
        let Some(end) = UnixEnd::of(remote) else { return self.attempt_tcp(remote, context) };
        let failed = |error: io::Error| NetError::from_io(Operation::Connect, display_address(remote), &error);
        let mut socket = unix::connect(end.name.as_deref().unwrap_or_default()).map_err(failed)?;
        let token = PollSource::Connect(self.id).token();
        context.registry.register(&mut socket, token, Interest::READABLE | Interest::WRITABLE).map_err(failed)?;
        Ok(socket)
    }

    fn attempt_tcp(&self, remote: SocketAddr, context: &Context) -> Result<Stream, NetError> {
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
        connection::prepare(&socket, context);
        options::apply(&socket, &context.options, Kind::Connection, remote)?;
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
            if context.options.reuse_address.is_none() {
                socket.set_reuse_address(true).map_err(bind)?;
            }
            socket.bind(&(*local).into()).map_err(bind)?;
        }
        match socket.connect(&remote.into()) {
            Ok(()) => {}
            Err(error) if in_progress(&error) => {}
            Err(error) => return Err(connect(error)),
        }
        let mut socket = Stream::from(TcpStream::from_std(socket.into()));
        context
            .registry
            .register(&mut socket, PollSource::Connect(self.id).token(), Interest::READABLE | Interest::WRITABLE)
            .map_err(connect)?;
        Ok(socket)
    }

    /// Checks all attempts after a poll event or a timer.
    pub(super) fn check(&mut self, context: &mut Context) -> Connect {
        let mut place = 0;
        while let Some(attempt) = self.attempts.get(place) {
            match attempt.outcome() {
                Outcome::Waits => place += 1,
                Outcome::Connected(local, broken) => return self.done(place, local, broken, context),
                Outcome::Failed(error) => {
                    let attempt = self.attempts.remove(place);
                    let (remote, started) = (attempt.remote, attempt.started);
                    attempt.close(context);
                    self.has_failed(remote, started, error, context);
                    // The next address need not wait for its time.
                    self.next_at = Instant::now();
                }
            }
        }
        self.go_on(context)
    }

    fn done(&mut self, place: usize, local: SocketAddr, broken: Option<CloseReason>, context: &mut Context) -> Connect {
        let Attempt { mut socket, remote, started: attempt_started } = self.attempts.remove(place);
        // It is registered again under its peer's number.
        if let Err(error) = context.registry.deregister(&mut socket) {
            tracing::debug!(%error, "the connected socket was not in the poll");
        }
        for slower in std::mem::take(&mut self.attempts) {
            let (remote, took_ms) = (slower.remote, ms_since(slower.started));
            slower.close(context);
            context.journal.note(PeerId::NONE, &SessionNote::AttemptEnded { remote, took_ms, error: None });
        }
        context.timers.cancel(Timer::Socket(SocketTimer::Connect(self.id)));
        // The address of a server on a path says who it is, as far as the system knows.
        let remote = match UnixEnd::of(remote).and_then(|end| end.name) {
            Some(path) => unix::server(&socket, &path),
            None => remote,
        };
        Connect::Done { socket, remote, local, started: self.started, attempt_started, broken, deadline: self.deadline }
    }

    /// The attempts that wait.
    #[cfg(test)]
    pub(super) fn count(&self) -> usize {
        self.attempts.len()
    }

    /// Whether an attempt is the other end of a connection from `remote` to our address `own`.
    pub(super) fn is_other_end(&self, own: SocketAddr, remote: SocketAddr) -> bool {
        let is_it = |local: SocketAddr, to: SocketAddr| local == remote && to == own;
        self.attempts
            .iter()
            .any(|attempt| attempt.socket.local_address().is_ok_and(|local| is_it(local, attempt.remote)))
    }

    /// Closes all attempts.
    pub(super) fn abandon(&mut self, context: &Context) {
        for attempt in std::mem::take(&mut self.attempts) {
            attempt.close(context);
        }
    }
}

/// How far an attempt is.
enum Outcome {
    Waits,
    /// The local address, and whether the connection is already broken.
    Connected(SocketAddr, Option<CloseReason>),
    Failed(NetError),
}

impl Attempt {
    fn outcome(&self) -> Outcome {
        let remote = self.remote;
        let named = |error: &io::Error| {
            NetError::from_io(Operation::Connect, format!("tcp://{}", display_address(remote)), error)
        };
        match self.socket.take_error() {
            Ok(Some(error)) if was_connected(&error) => match self.socket.local_address() {
                Ok(local) => Outcome::Connected(local, Some(CloseReason::Reset)),
                Err(_) => Outcome::Failed(named(&error)),
            },
            Ok(Some(error)) | Err(error) => Outcome::Failed(named(&error)),
            Ok(None) => match (self.socket.is_connected(), self.socket.local_address()) {
                // A connect to an ephemeral port of this machine can connect the socket to itself.
                (Ok(_), Ok(local)) if local == remote => {
                    let detail = "nothing listens there (the connection met itself)";
                    Outcome::Failed(NetError::new(
                        Operation::Connect,
                        ErrorKind::Refused,
                        format!("tcp://{}", display_address(remote)),
                        detail,
                    ))
                }
                (Ok(_), Ok(local)) => Outcome::Connected(local, None),
                (Err(error), _) if error.kind() == io::ErrorKind::NotConnected || in_progress(&error) => Outcome::Waits,
                (Err(error), _) | (_, Err(error)) => Outcome::Failed(named(&error)),
            },
        }
    }

    fn close(mut self, context: &Context) {
        if let Err(error) = context.registry.deregister(&mut self.socket) {
            tracing::debug!(%error, "the connecting socket was not in the poll");
        }
    }
}

fn ms_since(started: Instant) -> u64 {
    u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX)
}

fn timeout(remote: SocketAddr) -> NetError {
    NetError::new(
        Operation::Connect,
        ErrorKind::Timeout,
        format!("tcp://{}", display_address(remote)),
        "no answer in time",
    )
}

#[cfg(test)]
mod tests {
    use super::in_turn;

    #[test]
    fn the_families_take_turns_in_the_order_of_the_look_up() {
        let order = |found: &[&str]| {
            let found: Vec<_> = found.iter().map(|text| text.parse().unwrap()).collect();
            in_turn(&found).iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        assert_eq!(order(&[]), [""; 0]);
        assert_eq!(order(&["1.1.1.1:1", "1.1.1.1:1"]), ["1.1.1.1:1"]);
        assert_eq!(
            order(&["[::1]:1", "[::2]:1", "[::3]:1", "1.1.1.1:1", "1.1.1.2:1"]),
            ["[::1]:1", "1.1.1.1:1", "[::2]:1", "1.1.1.2:1", "[::3]:1"]
        );
        assert_eq!(order(&["1.1.1.1:1", "1.1.1.2:1", "[::1]:1"]), ["1.1.1.1:1", "[::1]:1", "1.1.1.2:1"]);
    }
}
