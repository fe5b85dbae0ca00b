//! The socket below a connection.

use crate::engine::platform;
#[cfg(unix)]
use crate::model::UnixEnd;
use crate::model::unmap_v4;
use mio::net::TcpStream;
#[cfg(unix)]
use mio::net::UnixStream;
use mio::{Interest, Registry, Token, event};
use socket2::SockRef;
use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr};

/// A connected, non-blocking stream socket.
pub(super) enum Stream {
    /// TCP.
    Tcp(TcpStream),
    /// A Unix socket.
    #[cfg(unix)]
    Unix(UnixStream),
}

/// Does the same with either kind of socket.
macro_rules! each {
    ($stream:expr, $socket:ident => $what:expr) => {
        match $stream {
            Stream::Tcp($socket) => $what,
            #[cfg(unix)]
            Stream::Unix($socket) => $what,
        }
    };
}

impl Stream {
    /// The socket, for its options.
    pub(super) fn options(&self) -> SockRef<'_> {
        each!(self, socket => SockRef::from(socket))
    }

    /// A read of less than was offered has drained the socket. What comes with a file descriptor ends the read of a Unix socket early.
    pub(super) fn short_read_drains(&self) -> bool {
        matches!(self, Self::Tcp(_)) && platform::SHORT_READ_DRAINS
    }

    /// The local address. A Unix socket that has connected has no path, so it is this process.
    pub(super) fn local_address(&self) -> io::Result<SocketAddr> {
        match self {
            Self::Tcp(socket) => socket.local_addr().map(unmap_v4),
            #[cfg(unix)]
            Self::Unix(socket) => {
                let own = socket.local_addr()?;
                let name = own.as_pathname().map(|path| path.to_string_lossy().into_owned());
                let process = name.is_none().then(std::process::id);
                Ok(UnixEnd { name, process, user: None }.address())
            }
        }
    }

    /// Whether the connect is done; `NotConnected`: it is in progress.
    ///
    /// # Errors
    /// `NotConnected`, or those of the system.
    pub(super) fn is_connected(&self) -> io::Result<()> {
        each!(self, socket => socket.peer_addr().map(drop))
    }

    /// # Errors
    /// `NotConnected`: the peer is gone.
    pub(super) fn shutdown(&self, how: Shutdown) -> io::Result<()> {
        each!(self, socket => socket.shutdown(how))
    }

    /// The error that the system keeps for the socket.
    ///
    /// # Errors
    /// Those of the system.
    pub(super) fn take_error(&self) -> io::Result<Option<io::Error>> {
        each!(self, socket => socket.take_error())
    }

    fn source(&mut self) -> &mut dyn event::Source {
        each!(self, socket => socket)
    }
}

impl From<TcpStream> for Stream {
    fn from(stream: TcpStream) -> Self {
        Self::Tcp(stream)
    }
}

impl Read for Stream {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        each!(self, socket => socket.read(room))
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        each!(self, socket => socket.write(bytes))
    }

    fn write_vectored(&mut self, parts: &[io::IoSlice<'_>]) -> io::Result<usize> {
        each!(self, socket => socket.write_vectored(parts))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl event::Source for Stream {
    fn register(&mut self, registry: &Registry, token: Token, interests: Interest) -> io::Result<()> {
        self.source().register(registry, token, interests)
    }

    fn reregister(&mut self, registry: &Registry, token: Token, interests: Interest) -> io::Result<()> {
        self.source().reregister(registry, token, interests)
    }

    fn deregister(&mut self, registry: &Registry) -> io::Result<()> {
        self.source().deregister(registry)
    }
}
