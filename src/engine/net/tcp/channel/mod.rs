//! Bytes in and out of one connection. Layers on top of TCP become further kinds of channel; what lies above a channel sees only
//! payload, and only after [`Channel::establish`] has returned [`Established::Ready`].

#[cfg(test)]
pub(super) mod greeting;
mod tls;

pub(super) use tls::Report;
pub(in crate::engine) use tls::TlsLayer;

use crate::engine::context::poll_source::PollSource;
use crate::engine::platform;
use crate::model::unmap_v4;
use mio::net::TcpStream;
use mio::{Interest, Registry};
use socket2::SockRef;
use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr};

/// The result of a read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Input {
    /// Number of payload bytes; 0: the peer has shut down its side.
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

/// How far a channel is established.
pub(super) enum Established {
    /// It carries payload.
    Ready,
    /// The handshake continues when the socket is ready for this.
    Wants(Interest),
}

/// What lies between TCP and the payload. One layer for all connections of a run.
#[derive(Clone, Debug, Default)]
pub(super) enum Layer {
    /// Nothing.
    #[default]
    Plain,
    /// TLS.
    Tls(Box<TlsLayer>),
    /// The peer must send [`greeting::HELLO`] first.
    #[cfg(test)]
    Greeting,
}

impl Layer {
    /// Puts the layer on a connected socket.
    ///
    /// # Errors
    /// The layer cannot be made.
    pub(super) fn on(&self, socket: TcpStream) -> io::Result<Channel> {
        Ok(match self {
            Self::Plain => Channel::Plain(socket),
            Self::Tls(layer) => Channel::Tls(Box::new(layer.on(socket)?)),
            #[cfg(test)]
            Self::Greeting => Channel::Greeting(greeting::Greeting::new(socket)),
        })
    }

    /// The scheme of the addresses in errors.
    pub(super) fn scheme(&self) -> &'static str {
        match self {
            Self::Tls(_) => "tls",
            _ => "tcp",
        }
    }
}

/// A connection as a non-blocking stream of payload.
pub(super) enum Channel {
    /// The socket carries the payload unchanged.
    Plain(TcpStream),
    /// The socket carries TLS.
    Tls(Box<tls::Tls>),
    #[cfg(test)]
    Greeting(greeting::Greeting),
}

impl Channel {
    fn stream(&self) -> &TcpStream {
        match self {
            Self::Plain(stream) => stream,
            Self::Tls(tls) => &tls.stream,
            #[cfg(test)]
            Self::Greeting(greeting) => &greeting.stream,
        }
    }

    fn stream_mut(&mut self) -> &mut TcpStream {
        match self {
            Self::Plain(stream) => stream,
            Self::Tls(tls) => &mut tls.stream,
            #[cfg(test)]
            Self::Greeting(greeting) => &mut greeting.stream,
        }
    }

    /// Continues the handshake of the layer. Called on a connected socket until it returns `Ready`, and each time the socket is
    /// ready for what the last call wanted. What the peer has sent behind its handshake is left for [`Channel::read`].
    ///
    /// # Errors
    /// The handshake failed, or the connection broke.
    pub(super) fn establish(&mut self) -> io::Result<Established> {
        match self {
            Self::Plain(_) => Ok(Established::Ready),
            Self::Tls(tls) => tls.establish(),
            #[cfg(test)]
            Self::Greeting(greeting) => greeting.establish(),
        }
    }

    /// The socket below, for its options.
    pub(super) fn socket(&self) -> SockRef<'_> {
        SockRef::from(self.stream())
    }

    /// Registers an established channel.
    ///
    /// # Errors
    /// The poll refuses the socket.
    pub(super) fn register(&mut self, registry: &Registry, source: PollSource) -> io::Result<()> {
        registry.register(self.stream_mut(), source.token(), platform::STREAM_INTEREST)
    }

    /// Registers a channel whose handshake waits for `interest`.
    ///
    /// # Errors
    /// The poll refuses the socket.
    pub(super) fn register_for(
        &mut self,
        registry: &Registry,
        source: PollSource,
        interest: Interest,
    ) -> io::Result<()> {
        registry.register(self.stream_mut(), source.token(), interest)
    }

    /// Changes the interest that the handshake waits for.
    ///
    /// # Errors
    /// The poll refuses the socket.
    pub(super) fn reregister_for(
        &mut self,
        registry: &Registry,
        source: PollSource,
        interest: Interest,
    ) -> io::Result<()> {
        registry.reregister(self.stream_mut(), source.token(), interest)
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
            Self::Tls(tls) => tls.read(room),
            #[cfg(test)]
            Self::Greeting(greeting) => Ok(Input::of(greeting.stream.read(room)?, room.len())),
        }
    }

    /// Writes payload: how much of it the kernel has.
    ///
    /// # Errors
    /// `WouldBlock`: it takes nothing now. A layer may have taken the front of `bytes` nevertheless and cannot give it back: call
    /// again with the same bytes, or [`Channel::take_committed`] first. Else how the connection broke.
    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(stream) => stream.write(bytes),
            Self::Tls(tls) => tls.write(bytes),
            #[cfg(test)]
            Self::Greeting(greeting) => greeting.write(bytes),
        }
    }

    /// Takes the number of payload bytes that the layer has accepted, cannot give back, and no write has reported. They count as
    /// written from now on.
    pub(super) fn take_committed(&mut self) -> usize {
        match self {
            Self::Plain(_) => 0,
            Self::Tls(tls) => tls.take_committed(),
            #[cfg(test)]
            Self::Greeting(greeting) => std::mem::take(&mut greeting.committed),
        }
    }

    /// Whether the layer holds bytes that the kernel does not have yet.
    pub(super) fn holds_output(&self) -> bool {
        match self {
            Self::Plain(_) => false,
            Self::Tls(tls) => tls.holds_output(),
            #[cfg(test)]
            Self::Greeting(greeting) => !greeting.held.is_empty(),
        }
    }

    /// Writes what the layer holds.
    ///
    /// # Errors
    /// `WouldBlock`: the kernel does not take all of it now; else how the connection broke.
    pub(super) fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(_) => Ok(()),
            Self::Tls(tls) => tls.flush(),
            #[cfg(test)]
            Self::Greeting(greeting) => greeting.flush(),
        }
    }

    /// Shuts down the write side, so that the peer reads the end of the stream.
    ///
    /// # Errors
    /// `WouldBlock`: the layer holds its last bytes until the kernel takes them; call again. `NotConnected`: the peer is gone.
    pub(super) fn shut_down_write(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(stream) => stream.shutdown(Shutdown::Write),
            Self::Tls(tls) => tls.shut_down_write(),
            #[cfg(test)]
            Self::Greeting(greeting) => greeting.stream.shutdown(Shutdown::Write),
        }
    }

    /// What the layer has to report since the last call.
    pub(super) fn take_reports(&mut self) -> Vec<Report> {
        match self {
            Self::Tls(tls) => tls.take_reports(),
            _ => Vec::new(),
        }
    }

    /// The scheme of the addresses in errors.
    pub(super) fn scheme(&self) -> &'static str {
        match self {
            Self::Tls(_) => "tls",
            _ => "tcp",
        }
    }

    /// The error that the system keeps for the socket, and that no read reports.
    pub(super) fn take_error(&self) -> Option<io::Error> {
        self.stream().take_error().ok().flatten()
    }
}
