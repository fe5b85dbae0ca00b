//! Listening and accepting.

use super::core::{Core, LISTENER};
use super::local::is_for_many;
use super::patience::Patience;
use super::platform;
use super::stream;
use super::tcp::TcpSide;
use super::timers::Timer;
use crate::model::{ErrorKind, NetError, Operation, PeerId, display_address, unmap_v4};
use mio::Interest;
use mio::net::TcpListener;
use socket2::{Domain, Protocol, Socket, Type};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

/// Connections the system holds for us until they are accepted (it may hold fewer: listen(2)).
const BACKLOG: i32 = 4096;
/// Connections accepted before those there are get their turn.
const ACCEPTS_A_ROUND: usize = 256;
/// When to try again after the system ran out of descriptors.
const RETRY: Duration = Duration::from_millis(100);

/// A listening socket.
pub(super) struct Listener {
    socket: TcpListener,
    pub(super) local: SocketAddr,
    ready: bool,
    /// Accepting failed and was warned of; until it succeeds again.
    paused: bool,
}

/// Binds and listens on the first of these addresses that is one of this machine.
///
/// # Errors
/// None can be listened on; names the last one.
pub(super) fn listen(addresses: &[SocketAddr], core: &Core) -> Result<Listener, NetError> {
    let mut failed = NetError::new(Operation::Listen, ErrorKind::Invalid, "tcp://", "no address");
    for address in addresses {
        // Some systems would let it listen where nobody can connect to.
        if is_for_many(address.ip()) {
            failed = NetError::new(
                Operation::Listen,
                ErrorKind::NotOneHost,
                format!("tcp://{}", display_address(*address)),
                "",
            );
            continue;
        }
        match listen_on(*address, core) {
            Ok(listener) => return Ok(listener),
            Err(error) => {
                failed = NetError::from_io(Operation::Listen, format!("tcp://{}", display_address(*address)), &error);
            }
        }
    }
    Err(failed)
}

fn listen_on(address: SocketAddr, core: &Core) -> io::Result<Listener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_nonblocking(true)?;
    // On Windows the option would let a second program take the same port.
    #[cfg(unix)]
    socket.set_reuse_address(true)?;
    if address.ip() == IpAddr::from([0_u16; 8]) {
        // Both families; where the system has no such sockets it serves IPv6 alone.
        if let Err(error) = socket.set_only_v6(false) {
            tracing::debug!(%error, "no dual-stack sockets here");
        }
    }
    socket.bind(&address.into())?;
    if platform::ACCEPTED_INHERIT {
        stream::prepare(&socket, core.patience);
    }
    socket.listen(BACKLOG)?;
    let mut socket = TcpListener::from_std(socket.into());
    let local = socket.local_addr()?;
    core.registry.register(&mut socket, LISTENER, Interest::READABLE)?;
    Ok(Listener { socket, local, ready: false, paused: false })
}

impl Listener {
    /// The poll says that somebody waits, or a pause is over.
    pub(super) fn mark(&mut self) {
        self.ready = true;
    }

    /// Somebody may be waiting.
    pub(super) fn is_ready(&self) -> bool {
        self.ready
    }

    /// Those it accepts from now on have this patience.
    pub(super) fn set_patience(&self, patience: Patience) {
        if platform::ACCEPTED_INHERIT {
            stream::prepare(&self.socket, patience);
        }
    }

    pub(super) fn close(mut self, core: &Core) {
        if let Err(error) = core.registry.deregister(&mut self.socket) {
            tracing::debug!(%error, "the listener was not in the poll");
        }
    }

    fn accept_one(&mut self, core: &mut Core) -> Option<(mio::net::TcpStream, SocketAddr)> {
        loop {
            match self.socket.accept() {
                Ok((socket, address)) => {
                    self.paused = false;
                    if !platform::ACCEPTED_INHERIT {
                        stream::prepare(&socket, core.patience);
                    }
                    return Some((socket, unmap_v4(address)));
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    self.ready = false;
                    return None;
                }
                // It left before we came, or a signal.
                Err(error) if matches!(error.kind(), io::ErrorKind::ConnectionAborted | io::ErrorKind::Interrupted) => {
                }
                Err(error) => {
                    self.pause(core, &error);
                    return None;
                }
            }
        }
    }

    /// The poll will not tell again of those who wait: a timer does.
    fn pause(&mut self, core: &mut Core, error: &io::Error) {
        self.ready = false;
        core.timer_in(RETRY, Timer::Accept);
        if !self.paused {
            self.paused = true;
            core.warn(
                PeerId::NONE,
                NetError::from_io(Operation::Accept, format!("tcp://{}", display_address(self.local)), error),
            );
        }
    }
}

/// Accepts until nobody waits, or a round is full.
pub(super) fn accept_round(side: &mut TcpSide, core: &mut Core) {
    for _ in 0..ACCEPTS_A_ROUND {
        if !core.journal.takes_traffic() {
            return;
        }
        let Some(listener) = side.listener.as_mut().filter(|listener| listener.is_ready()) else { return };
        let Some((socket, address)) = listener.accept_one(core) else { return };
        if let Err(error) = side.join(socket, core.journal.add_peer(address), address, core) {
            core.warn(
                PeerId::NONE,
                NetError::from_io(Operation::Accept, format!("tcp://{}", display_address(address)), &error),
            );
        }
    }
}
