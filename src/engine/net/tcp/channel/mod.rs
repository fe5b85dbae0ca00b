//! Bytes in and out of one connection. Layers on top of TCP become further kinds of channel; what lies above a channel sees only
//! payload, and only after [`Channel::establish`] has returned [`Established::Ready`].

#[cfg(test)]
pub(super) mod greeting;
mod tls;
mod websocket;

pub(super) use tls::Report;
pub(in crate::engine) use tls::TlsLayer;
pub(in crate::engine) use websocket::WebSocketLayer;
pub(super) use websocket::{Message, WebSocket};

use crate::capture::PayloadForm;
use crate::engine::context::poll_source::PollSource;
use crate::engine::net::tcp::stream::Stream;
use crate::engine::platform;
use crate::engine::send::queue::{Outgoing, QueuedPayload};
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
    fn of(count: usize, offered: usize, from: &Stream) -> Self {
        Self { count, is_drained: count != offered && from.short_read_drains() }
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
    /// WebSocket over the layer below it.
    WebSocket(Box<WebSocketLayer>, Box<Self>),
    /// The peer must send [`greeting::HELLO`] first.
    #[cfg(test)]
    Greeting,
}

impl Layer {
    /// Puts the layer on a connected socket.
    ///
    /// # Errors
    /// The layer cannot be made.
    pub(super) fn on(&self, socket: Stream) -> io::Result<Channel> {
        Ok(match self {
            Self::Plain => Channel::Plain(socket),
            Self::Tls(layer) => Channel::Tls(Box::new(layer.on(socket)?)),
            Self::WebSocket(layer, below) => Channel::WebSocket(Box::new(layer.on(below.on(socket)?))),
            #[cfg(test)]
            Self::Greeting => Channel::Greeting(greeting::Greeting::new(socket)),
        })
    }

    /// The scheme of the addresses in errors.
    pub(super) fn scheme(&self) -> &'static str {
        match self {
            Self::Tls(_) => "tls",
            Self::WebSocket(_, below) => websocket_scheme(below.scheme()),
            _ => "tcp",
        }
    }
}

/// The scheme of WebSocket over a layer with this scheme.
fn websocket_scheme(below: &str) -> &'static str {
    if below == "tls" { "wss" } else { "ws" }
}

/// A connection as a non-blocking stream of payload.
pub(super) enum Channel {
    /// The socket carries the payload unchanged.
    Plain(Stream),
    /// The socket carries TLS.
    Tls(Box<tls::Tls>),
    /// A channel below carries WebSocket.
    WebSocket(Box<WebSocket>),
    #[cfg(test)]
    Greeting(greeting::Greeting),
}

impl Channel {
    fn stream(&self) -> &Stream {
        match self {
            Self::Plain(stream) => stream,
            Self::Tls(tls) => &tls.stream,
            Self::WebSocket(websocket) => websocket.below().stream(),
            #[cfg(test)]
            Self::Greeting(greeting) => &greeting.stream,
        }
    }

    fn stream_mut(&mut self) -> &mut Stream {
        match self {
            Self::Plain(stream) => stream,
            Self::Tls(tls) => &mut tls.stream,
            Self::WebSocket(websocket) => websocket.below_mut().stream_mut(),
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
            Self::WebSocket(websocket) => websocket.establish(),
            #[cfg(test)]
            Self::Greeting(greeting) => greeting.establish(),
        }
    }

    /// The socket below, for its options.
    pub(super) fn socket(&self) -> SockRef<'_> {
        self.stream().options()
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
        self.stream().local_address().ok()
    }

    /// Reads payload into `room`, which is not empty.
    ///
    /// # Errors
    /// `WouldBlock`: nothing is there; else how the connection broke.
    pub(super) fn read(&mut self, room: &mut [u8]) -> io::Result<Input> {
        match self {
            Self::Plain(stream) => {
                let count = stream.read(room)?;
                Ok(Input::of(count, room.len(), stream))
            }
            Self::Tls(tls) => tls.read(room),
            // Its messages are read by `read_messages`.
            Self::WebSocket(_) => Err(io::ErrorKind::Unsupported.into()),
            #[cfg(test)]
            Self::Greeting(greeting) => {
                let count = greeting.stream.read(room)?;
                Ok(Input::of(count, room.len(), &greeting.stream))
            }
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
            // Its messages are written by `write_message`.
            Self::WebSocket(_) => Err(io::ErrorKind::Unsupported.into()),
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
            Self::WebSocket(websocket) => websocket.take_committed(),
            #[cfg(test)]
            Self::Greeting(greeting) => std::mem::take(&mut greeting.committed),
        }
    }

    /// Whether the layer holds bytes that the kernel does not have yet.
    pub(super) fn holds_output(&self) -> bool {
        match self {
            Self::Plain(_) => false,
            Self::Tls(tls) => tls.holds_output(),
            Self::WebSocket(websocket) => websocket.holds_output(),
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
            Self::WebSocket(websocket) => websocket.flush(),
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
            Self::WebSocket(websocket) => websocket.shut_down_write(),
            #[cfg(test)]
            Self::Greeting(greeting) => greeting.stream.shutdown(Shutdown::Write),
        }
    }

    /// What the layer has to report since the last call.
    pub(super) fn take_reports(&mut self) -> Vec<Report> {
        match self {
            Self::Tls(tls) => tls.take_reports(),
            Self::WebSocket(websocket) => websocket.take_reports(),
            _ => Vec::new(),
        }
    }

    /// The scheme of the addresses in errors.
    pub(super) fn scheme(&self) -> &'static str {
        match self {
            Self::Tls(_) => "tls",
            Self::WebSocket(websocket) => websocket_scheme(websocket.below().scheme()),
            _ => "tcp",
        }
    }

    /// The layer, if the channel carries messages.
    pub(super) fn websocket(&self) -> Option<&WebSocket> {
        if let Self::WebSocket(websocket) = self { Some(websocket) } else { None }
    }

    /// Gives an entry the marks that its records need here.
    pub(super) fn shape(&self, entry: &mut QueuedPayload) {
        let Some(websocket) = self.websocket() else {
            entry.marks.form = PayloadForm::PLAIN;
            return;
        };
        entry.marks.is_message = true;
        if entry.marks.form == PayloadForm::PLAIN {
            entry.marks.form = websocket.form_of(entry.all_bytes());
        }
    }

    /// Whether it carries messages.
    pub(super) fn has_messages(&self) -> bool {
        self.websocket().is_some()
    }

    /// Reads messages. The count of [`Input`] is that of bytes below; 0: the peer has ended its side.
    ///
    /// # Errors
    /// `WouldBlock`: nothing is there; else how the connection broke.
    pub(super) fn read_messages(&mut self, buffer: &mut [u8], sink: &mut dyn FnMut(Message<'_>)) -> io::Result<Input> {
        match self {
            Self::WebSocket(websocket) => websocket.read(buffer, sink),
            _ => Err(io::ErrorKind::Unsupported.into()),
        }
    }

    /// Gives away the beginning of a message whose end does not come any more.
    pub(super) fn rest(&mut self, sink: &mut dyn FnMut(Message<'_>)) {
        if let Self::WebSocket(websocket) = self {
            websocket.rest(sink);
        }
    }

    /// Writes a part of a message, as [`Channel::write`] writes a stream.
    ///
    /// # Errors
    /// As for [`Channel::write`].
    pub(super) fn write_message(&mut self, bytes: &[u8], outgoing: Outgoing) -> io::Result<usize> {
        match self {
            Self::WebSocket(websocket) => websocket.write(bytes, outgoing),
            _ => Err(io::ErrorKind::Unsupported.into()),
        }
    }

    /// The frames that the layer has sent by itself since the last call.
    pub(super) fn take_answered(&mut self) -> Vec<(PayloadForm, Vec<u8>)> {
        if let Self::WebSocket(websocket) = self { websocket.take_answered() } else { Vec::new() }
    }

    /// Ends what lies below the layer, once nothing more is read.
    pub(super) fn finish(&mut self) {
        if let Self::WebSocket(websocket) = self {
            websocket.finish();
        }
    }

    /// Whether the layer has ended our side.
    pub(super) fn is_closing(&self) -> bool {
        self.websocket().is_some_and(WebSocket::is_closing)
    }

    /// The error that the system keeps for the socket, and that no read reports.
    pub(super) fn take_error(&self) -> Option<io::Error> {
        self.stream().take_error().ok().flatten()
    }
}
