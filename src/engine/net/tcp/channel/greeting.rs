//! A layer with a handshake, and with blocks of payload that it cannot give back, as TLS has them. Only tests use it.

use super::{Established, io};
use crate::engine::net::tcp::stream::Stream;
use mio::Interest;
use std::io::{Read, Write};

/// Block size of payload.
const BLOCK: usize = 16 << 10;
/// The greeting that the peer must send first.
pub(in crate::engine::net::tcp) const HELLO: &[u8] = b"hello";

/// A connection with the progress of its greeting.
pub(in crate::engine::net::tcp) struct Greeting {
    pub(super) stream: Stream,
    said: usize,
    /// The rest of a block.
    pub(super) held: Vec<u8>,
    /// Payload in the block that no write has reported.
    pub(super) committed: usize,
}

impl Greeting {
    pub(super) fn new(stream: Stream) -> Self {
        Self { stream, said: 0, held: Vec::new(), committed: 0 }
    }

    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.committed == 0 {
            self.flush()?;
            self.held.extend_from_slice(&bytes[..bytes.len().min(BLOCK)]);
            self.committed = self.held.len();
        }
        self.flush()?;
        Ok(std::mem::take(&mut self.committed))
    }

    pub(super) fn flush(&mut self) -> io::Result<()> {
        while !self.held.is_empty() {
            let count = self.stream.write(&self.held)?;
            self.held.drain(..count);
        }
        Ok(())
    }

    pub(super) fn establish(&mut self) -> io::Result<Established> {
        while let Some(expected) = HELLO.get(self.said) {
            let mut byte = [0];
            match self.stream.read(&mut byte) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(_) if byte[0] != *expected => return Err(io::Error::other("this is not a greeting")),
                Ok(_) => self.said += 1,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    return Ok(Established::Wants(Interest::READABLE));
                }
                Err(error) => return Err(error),
            }
        }
        Ok(Established::Ready)
    }
}
