//! Listening and accepting.

use super::stream::Stream;
use super::{connection, unix};
use crate::engine::context::Context;
use crate::engine::context::poll_source::PollSource;
use crate::engine::context::timers::{SocketTimer, Timer};
use crate::engine::net::interfaces::is_for_many;
use crate::engine::net::options::{self, Kind};
use crate::engine::platform;
use crate::model::{ErrorKind, NetError, Operation, PeerId, UnixEnd, display_address, unmap_v4};
use mio::Interest;
use mio::net::TcpListener;
use socket2::{Domain, Protocol, Socket, Type};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// Requested backlog; the system may allow less (listen(2)).
const BACKLOG: i32 = 4096;
/// Retry interval after the system ran out of descriptors.
const RETRY: Duration = Duration::from_millis(100);

/// A listening socket.
pub(super) struct Listener {
    /// Its place among the listeners of the run.
    place: u8,
    socket: Waiting,
    pub(super) local: SocketAddr,
    ready: bool,
    /// A warning about failing accepts was given; reset by the next success.
    paused: bool,
}

/// A socket that listens.
enum Waiting {
    Tcp(TcpListener),
    Unix(unix::Listening),
}

/// Binds and listens on the first of these addresses that the system accepts.
///
/// # Errors
/// The system accepts none of them; names the last one.
pub(super) fn listen(place: u8, addresses: &[SocketAddr], context: &mut Context) -> Result<Listener, NetError> {
    let mut failed = NetError::new(Operation::Listen, ErrorKind::Invalid, "tcp://", "no address");
    for address in addresses {
        if let Some(path) = UnixEnd::of(*address).and_then(|end| end.name) {
            return listen_on_path(place, &path, *address, context);
        }
        // Some systems would accept an address that no client can connect to.
        if is_for_many(address.ip()) {
            failed = NetError::new(
                Operation::Listen,
                ErrorKind::NotOneHost,
                format!("tcp://{}", display_address(*address)),
                "",
            );
            continue;
        }
        match listen_on(place, *address, context) {
            Ok(listener) => return Ok(listener),
            Err(error) => failed = error,
        }
    }
    Err(failed)
}

/// Makes a socket bound to this address that does not listen yet.
pub(in crate::engine::net) fn bind(address: SocketAddr) -> io::Result<Socket> {
    let socket = unbound(address)?;
    socket.bind(&address.into())?;
    Ok(socket)
}

fn unbound(address: SocketAddr) -> io::Result<Socket> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_nonblocking(true)?;
    // On Windows this option would let a second program take the same port.
    #[cfg(unix)]
    socket.set_reuse_address(true)?;
    if address.ip() == IpAddr::from([0_u16; 8]) {
        // Dual stack; where the system does not support it, the socket serves IPv6 only.
        if let Err(error) = socket.set_only_v6(false) {
            tracing::debug!(%error, "no dual-stack sockets here");
        }
    }
    Ok(socket)
}

fn listen_on(place: u8, address: SocketAddr, context: &Context) -> Result<Listener, NetError> {
    let failed =
        |error: io::Error| NetError::from_io(Operation::Listen, format!("tcp://{}", display_address(address)), &error);
    let socket = unbound(address).map_err(failed)?;
    if platform::ACCEPTED_INHERIT {
        connection::prepare(&socket, context);
    }
    options::apply(&socket, &context.options, Kind::Listener, address)?;
    socket.bind(&address.into()).map_err(failed)?;
    let backlog = context.options.backlog.and_then(|backlog| i32::try_from(backlog).ok());
    socket.listen(backlog.unwrap_or(BACKLOG)).map_err(failed)?;
    let mut socket = TcpListener::from_std(socket.into());
    let local = socket.local_addr().map_err(failed)?;
    context.registry.register(&mut socket, PollSource::Listener(place).token(), Interest::READABLE).map_err(failed)?;
    Ok(Listener { place, socket: Waiting::Tcp(socket), local, ready: false, paused: false })
}

fn listen_on_path(place: u8, path: &str, local: SocketAddr, context: &mut Context) -> Result<Listener, NetError> {
    let mut socket = unix::listen(path)?;
    if socket.replaced {
        let left = NetError::new(Operation::Listen, ErrorKind::LeftBehind, display_address(local), "");
        context.warn(PeerId::NONE, left);
    }
    socket
        .register(&context.registry, PollSource::Listener(place).token())
        .map_err(|error| NetError::from_io(Operation::Listen, display_address(local), &error))?;
    Ok(Listener { place, socket: Waiting::Unix(socket), local, ready: false, paused: false })
}

impl Listener {
    /// A connection may be waiting: the poll reported it, or a pause is over.
    pub(super) fn mark(&mut self) {
        self.ready = true;
    }

    /// A connection may be waiting.
    pub(super) fn is_ready(&self) -> bool {
        self.ready
    }

    /// Connections accepted from now on have the patience of the context.
    pub(super) fn set_patience(&self, context: &Context) {
        if platform::ACCEPTED_INHERIT
            && let Waiting::Tcp(socket) = &self.socket
        {
            connection::prepare(socket, context);
        }
    }

    pub(super) fn close(mut self, context: &Context) {
        let removed = match &mut self.socket {
            Waiting::Tcp(socket) => context.registry.deregister(socket),
            Waiting::Unix(socket) => socket.deregister(&context.registry),
        };
        if let Err(error) = removed {
            tracing::debug!(%error, "the listener was not in the poll");
        }
    }

    /// Accepts a waiting connection; `None`: there is none, or the system refuses for now.
    pub(super) fn accept_one(&mut self, context: &mut Context) -> Option<(Stream, SocketAddr)> {
        loop {
            let accepted = match &self.socket {
                Waiting::Tcp(socket) => socket.accept().map(|(socket, address)| (socket.into(), address)),
                Waiting::Unix(socket) => socket.accept(),
            };
            match accepted {
                Ok((socket, address)) => {
                    self.paused = false;
                    if !platform::ACCEPTED_INHERIT
                        && let Stream::Tcp(socket) = &socket
                    {
                        connection::prepare(socket, context);
                        self.apply(socket, address, context);
                    }
                    return Some((socket, unmap_v4(address)));
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    self.ready = false;
                    return None;
                }
                // The client left before it was accepted, or a signal arrived.
                Err(error) if matches!(error.kind(), io::ErrorKind::ConnectionAborted | io::ErrorKind::Interrupted) => {
                }
                Err(error) => {
                    self.pause(context, &error);
                    return None;
                }
            }
        }
    }

    /// Sets the options on an accepted connection, where it does not inherit them. A refusal is a warning.
    fn apply(&self, socket: &mio::net::TcpStream, address: SocketAddr, context: &mut Context) {
        let socket = socket2::SockRef::from(socket);
        if let Err(error) = options::apply(&socket, &context.options, Kind::Connection, address) {
            context.warn(PeerId::NONE, error);
        }
    }

    /// The poll does not report the waiting connections again, so a timer does.
    fn pause(&mut self, context: &mut Context, error: &io::Error) {
        self.ready = false;
        context.timer_in(RETRY, Timer::Socket(SocketTimer::Accept(self.place)));
        if !self.paused {
            self.paused = true;
            context.warn(
                PeerId::NONE,
                NetError::from_io(Operation::Accept, format!("tcp://{}", display_address(self.local)), error),
            );
        }
    }
}
