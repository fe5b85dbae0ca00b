//! Bytes in and out of one connection. Layers on top of TCP become further kinds of channel; what lies above a channel sees only
//! payload.

use crate::engine::context::poll_source::PollSource;
use crate::engine::platform;
use crate::model::unmap_v4;
use mio::Registry;
use mio::net::TcpStream;
use socket2::SockRef;
use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr};

/// What one read gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Input {
    /// Bytes of payload; 0: the peer has shut down its side.
    pub(super) count: usize,
    /// Nothing more can be read until the poll reports it. Not known at an urgent byte, an error or an end that the poll has
    /// reported: the caller reads on then.
    pub(super) is_drained: bool,
}

impl Input {
    /// What a read of a stream socket into `offered` bytes says.
    fn of(count: usize, offered: usize) -> Self {
        Self { count, is_drained: count != offered && platform::SHORT_READ_DRAINS }
    }
}

/// A connection as a stream of payload, never blocking.
pub(super) enum Channel {
    /// The payload is what the socket carries.
    Plain(TcpStream),
}

impl Channel {
    fn stream(&self) -> &TcpStream {
        let Self::Plain(stream) = self;
        stream
    }

    fn stream_mut(&mut self) -> &mut TcpStream {
        let Self::Plain(stream) = self;
        stream
    }

    /// The socket below, for its options.
    pub(super) fn socket(&self) -> SockRef<'_> {
        SockRef::from(self.stream())
    }

    /// # Errors
    /// The poll refuses the socket.
    pub(super) fn register(&mut self, registry: &Registry, source: PollSource) -> io::Result<()> {
        registry.register(self.stream_mut(), source.token(), platform::STREAM_INTEREST)
    }

    /// # Errors
    /// The socket was not in the poll.
    pub(super) fn deregister(&mut self, registry: &Registry) -> io::Result<()> {
        registry.deregister(self.stream_mut())
    }

    /// The local address.
    pub(super) fn local_address(&self) -> Option<SocketAddr> {
        self.stream().local_addr().ok().map(unmap_v4)
    }

    /// Reads payload into `room`, which is not empty.
    ///
    /// # Errors
    /// `WouldBlock`: nothing is there; else how the connection broke.
    pub(super) fn read(&mut self, room: &mut [u8]) -> io::Result<Input> {
        match self {
            Self::Plain(stream) => Ok(Input::of(stream.read(room)?, room.len())),
        }
    }

    /// Writes payload: how much of it the kernel has.
    ///
    /// # Errors
    /// `WouldBlock`: it takes nothing now; else how the connection broke.
    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(stream) => stream.write(bytes),
        }
    }

    /// Nothing more is written: the peer reads an end.
    ///
    /// # Errors
    /// `NotConnected`: the peer is gone.
    pub(super) fn shut_down_write(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(stream) => stream.shutdown(Shutdown::Write),
        }
    }

    /// The error that the system keeps for the socket, and that no read reports.
    pub(super) fn take_error(&self) -> Option<io::Error> {
        self.stream().take_error().ok().flatten()
    }
}
