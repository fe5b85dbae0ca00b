//! TLS over TCP: rustls with its input and output in our hands, so that hellos can be read and no call waits.

mod failure;
mod identity;
mod key_log;
mod setup;
mod trust;

pub(in crate::engine) use setup::TlsLayer;

use super::{Established, Input};
use crate::codec::tls::{self, HelloReader};
use crate::engine::net::tcp::stream::Stream;
use crate::model::{TlsFault, TlsStep, WebSocketFault, WebSocketStep};
use failure::Seen;
use mio::Interest;
use rustls::Connection;
use std::cell::RefCell;
use std::io::{self, Read, Write};
use std::net::Shutdown;
use std::rc::Rc;
use std::time::Instant;

/// Payload that is encrypted at once.
const BLOCK: usize = 64 << 10;
/// Ciphertext that is read at once.
const READ_BYTES: usize = 256 << 10;
/// Reads of the socket without payload, after which other peers have their turn.
const BARREN_READS: usize = 16;
/// Certificates of a chain that are described.
const CHAIN: usize = 8;

/// Ciphertext of one read. One buffer for all connections of a run.
#[derive(Clone, Debug)]
pub(super) struct ReadBuffer(Rc<RefCell<Box<[u8]>>>);

impl Default for ReadBuffer {
    fn default() -> Self {
        Self(Rc::new(RefCell::new(vec![0; READ_BYTES].into_boxed_slice())))
    }
}

/// What a connection has to report beside its payload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::engine::net::tcp) enum Report {
    /// A step of the handshake.
    Step(TlsStep),
    /// A condition that the user should know about.
    Warning(TlsFault),
    /// A step of a WebSocket handshake.
    WebSocketStep(WebSocketStep),
    /// Something is wrong with the frames of WebSocket.
    WebSocketWarning(WebSocketFault),
}

/// A connection under TLS.
pub(in crate::engine::net::tcp) struct Tls {
    pub(super) stream: Stream,
    connection: Connection,
    buffer: ReadBuffer,
    /// Ciphertext that was read and that the connection does not take yet, and how much of it is taken.
    waiting: Vec<u8>,
    taken: usize,
    /// Payload that is encrypted and that no write has reported.
    committed: usize,
    /// The end of the stream was read.
    is_at_end: bool,
    /// The peer said that no payload follows (`close_notify`).
    has_goodbye: bool,
    /// The end of the payload was reported.
    end_is_reported: bool,
    /// How the connection broke, once the payload before it is read.
    broken: Option<io::Error>,
    seen: Seen,
    hellos: (HelloReader, HelloReader),
    reports: Vec<Report>,
    started: Instant,
}

/// Passes ciphertext on to the socket, and to the reader of our hello.
struct Outgoing<'a> {
    stream: &'a mut Stream,
    hellos: &'a mut HelloReader,
    reports: &'a mut Vec<Report>,
}

impl Write for Outgoing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.stream.write(bytes)?;
        self.note(&bytes[..count]);
        Ok(count)
    }

    fn write_vectored(&mut self, parts: &[io::IoSlice<'_>]) -> io::Result<usize> {
        let count = self.stream.write_vectored(parts)?;
        let mut left = count;
        for part in parts {
            let len = part.len().min(left);
            self.note(&part[..len]);
            left -= len;
        }
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Outgoing<'_> {
    fn note(&mut self, bytes: &[u8]) {
        if !self.hellos.is_done() {
            let hellos = self.hellos.feed(bytes);
            self.reports.extend(hellos.into_iter().map(|hello| Report::Step(TlsStep::SentHello { hello })));
        }
    }
}

fn would_block() -> io::Error {
    io::ErrorKind::WouldBlock.into()
}

impl Tls {
    fn new(stream: Stream, mut connection: Connection, buffer: ReadBuffer, seen: Seen) -> Self {
        // The blocks that are encrypted have a size of their own.
        connection.set_buffer_limit(None);
        Self {
            stream,
            connection,
            buffer,
            waiting: Vec::new(),
            taken: 0,
            committed: 0,
            is_at_end: false,
            has_goodbye: false,
            end_is_reported: false,
            broken: None,
            seen,
            hellos: Default::default(),
            reports: Vec::new(),
            started: Instant::now(),
        }
    }

    /// Continues the handshake.
    pub(super) fn establish(&mut self) -> io::Result<Established> {
        loop {
            match self.flush() {
                Ok(()) => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    return Ok(Established::Wants(Interest::READABLE | Interest::WRITABLE));
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                // The reason may have arrived before.
                Err(error) => self.broken = self.broken.take().or(Some(error)),
            }
            if !self.connection.is_handshaking() {
                self.note_agreement();
                return Ok(Established::Ready);
            }
            if let Some(error) = self.broken.take() {
                self.say_goodbye();
                return Err(error);
            }
            match self.receive(READ_BYTES) {
                Ok(0) => return Err(io::Error::other(self.seen.ended())),
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    return Ok(Established::Wants(Interest::READABLE));
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Sends the alert that says why the handshake failed. Unread bytes would turn it into a reset.
    fn say_goodbye(&mut self) {
        self.flush().ok();
        self.stream.shutdown(Shutdown::Write).ok();
        let mut buffer = self.buffer.0.borrow_mut();
        for _ in 0..BARREN_READS {
            if !matches!(self.stream.read(&mut buffer), Ok(1..)) {
                break;
            }
        }
    }

    fn note_agreement(&mut self) {
        let chain: Vec<_> = self.seen.take_chain();
        let is_resumed = self.connection.handshake_kind() == Some(rustls::HandshakeKind::Resumed);
        if !chain.is_empty() {
            let chain = chain.iter().take(CHAIN).map(|der| tls::certificate(der)).collect();
            self.reports.push(Report::Step(TlsStep::Certificates { chain }));
        }
        let alpn = self.connection.alpn_protocol().map(|name| String::from_utf8_lossy(name).into_owned());
        self.reports.push(Report::Step(TlsStep::Agreed {
            version: self.connection.protocol_version().map_or(0, u16::from),
            suite: self.connection.negotiated_cipher_suite().map_or(0, |suite| u16::from(suite.suite())),
            alpn,
            group: self.connection.negotiated_key_exchange_group().map(|group| u16::from(group.name())),
            is_resumed,
            has_certificate: self.connection.peer_certificates().is_some(),
            took_ms: u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX),
        }));
        self.reports.extend(self.seen.take_warning().map(Report::Warning));
        self.hellos = Default::default();
    }

    /// What happened beside the payload since the last call.
    pub(super) fn take_reports(&mut self) -> Vec<Report> {
        // What a failed check saw is reported too.
        let chain = self.seen.take_chain();
        if !chain.is_empty() {
            let chain = chain.iter().take(CHAIN).map(|der| tls::certificate(der)).collect();
            self.reports.push(Report::Step(TlsStep::Certificates { chain }));
        }
        std::mem::take(&mut self.reports)
    }

    /// Reads the socket once, at most `most` bytes of ciphertext, and gives it to the connection. 0: the end.
    fn receive(&mut self, most: usize) -> io::Result<usize> {
        let shared = self.buffer.clone();
        let mut buffer = shared.0.borrow_mut();
        let offered = most.clamp(1, buffer.len());
        let count = self.stream.read(&mut buffer[..offered])?;
        let bytes = &buffer[..count];
        if self.connection.is_handshaking() {
            self.seen.note_start(bytes);
            if !self.hellos.1.is_done() {
                let hellos = self.hellos.1.feed(bytes);
                for hello in hellos {
                    self.seen.note_hello(&hello);
                    self.reports.push(Report::Step(TlsStep::ReceivedHello { hello }));
                }
            }
        }
        if count == 0 {
            self.is_at_end = true;
            // The connection learns of the end.
            self.connection.read_tls(&mut io::empty()).ok();
            return Ok(0);
        }
        let taken = self.feed(bytes);
        if taken < count {
            self.waiting.extend_from_slice(&bytes[taken..]);
        }
        Ok(count)
    }

    /// Gives ciphertext to the connection, which stops while it holds payload that is not read.
    fn feed(&mut self, bytes: &[u8]) -> usize {
        let mut at = 0;
        while at < bytes.len() && self.broken.is_none() {
            match self.connection.read_tls(&mut &bytes[at..]) {
                Ok(0) => return bytes.len(), // behind close_notify
                Ok(count) => at += count,
                Err(_) => break,
            }
            match self.connection.process_new_packets() {
                Ok(state) => self.has_goodbye |= state.peer_has_closed(),
                Err(error) => self.broken = Some(io::Error::other(self.seen.fault_of(&error))),
            }
        }
        if self.broken.is_some() { bytes.len() } else { at }
    }

    fn feed_waiting(&mut self) {
        let waiting = std::mem::take(&mut self.waiting);
        self.taken += self.feed(&waiting[self.taken..]);
        if self.taken < waiting.len() {
            self.waiting = waiting;
        } else {
            self.taken = 0;
        }
    }

    /// Reads payload.
    pub(super) fn read(&mut self, room: &mut [u8]) -> io::Result<Input> {
        let (mut filled, mut is_drained) = (0, false);
        for _ in 0..BARREN_READS {
            filled += self.take_payload(&mut room[filled..]);
            if filled == room.len() {
                return Ok(Input { count: filled, is_drained: false });
            }
            if !self.waiting.is_empty() {
                self.feed_waiting();
                continue;
            }
            if self.broken.is_some() || self.has_ended() || is_drained {
                break;
            }
            let most = (room.len() - filled).max(BLOCK);
            match self.receive(most) {
                Ok(0) => {}
                Ok(count) => is_drained = self.stream.short_read_drains() && count < most.min(READ_BYTES),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => is_drained = true,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => self.broken = Some(error),
            }
        }
        filled += self.take_payload(&mut room[filled..]);
        if filled > 0 {
            let more = !self.waiting.is_empty() || self.broken.is_some() || self.has_ended();
            return Ok(Input { count: filled, is_drained: is_drained && !more && filled < room.len() });
        }
        if let Some(error) = self.broken.take() {
            return Err(error);
        }
        if self.has_ended() {
            self.note_end();
            return Ok(Input { count: 0, is_drained: true });
        }
        // Nothing but parts of records or messages of TLS itself.
        if is_drained { Err(would_block()) } else { Err(io::ErrorKind::Interrupted.into()) }
    }

    /// Whether no payload follows: the peer has said so, or its stream has ended.
    fn has_ended(&self) -> bool {
        self.is_at_end || self.has_goodbye
    }

    /// The end of the stream without `close_notify` may be the work of somebody between the two sides.
    fn note_end(&mut self) {
        if !self.end_is_reported && !self.has_goodbye {
            self.reports.push(Report::Warning(TlsFault::Truncated));
        }
        self.end_is_reported = true;
    }

    fn take_payload(&mut self, room: &mut [u8]) -> usize {
        let mut filled = 0;
        while filled < room.len() {
            match self.connection.reader().read(&mut room[filled..]) {
                Ok(count @ 1..) => filled += count,
                // Nothing more now, the end, or the end without close_notify: `has_ended` knows.
                Ok(0) | Err(_) => break,
            }
        }
        filled
    }

    /// Writes payload: the count that the kernel has, encrypted.
    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.committed == 0 {
            self.flush()?;
            self.committed = self.connection.writer().write(&bytes[..bytes.len().min(BLOCK)])?;
        }
        self.flush()?;
        Ok(self.take_committed())
    }

    pub(super) fn take_committed(&mut self) -> usize {
        std::mem::take(&mut self.committed)
    }

    pub(super) fn holds_output(&self) -> bool {
        self.connection.wants_write()
    }

    pub(super) fn flush(&mut self) -> io::Result<()> {
        while self.connection.wants_write() {
            let Self { stream, hellos, reports, connection, .. } = self;
            if connection.write_tls(&mut Outgoing { stream, hellos: &mut hellos.0, reports })? == 0 {
                return Err(io::ErrorKind::WriteZero.into());
            }
        }
        Ok(())
    }

    /// Says that no more payload follows, and sends a FIN. `WouldBlock`: the socket is full; call again.
    pub(super) fn shut_down_write(&mut self) -> io::Result<()> {
        self.connection.send_close_notify();
        match self.flush() {
            Ok(()) => self.stream.shutdown(Shutdown::Write),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Err(error),
            Err(_) => self.stream.shutdown(Shutdown::Write),
        }
    }
}
