//! Decodes the payload of interleaved streams to text: one decoder per peer and direction, so that a character cut over records stays
//! whole. The command line and the exports use it.

use crate::codec::{Encoding, StreamDecoder};
use crate::model::{Direction, PeerId};
use std::collections::{HashMap, HashSet};

/// The decoders of the streams.
#[derive(Debug)]
pub struct TextStreams {
    encoding: Encoding,
    decoders: HashMap<(PeerId, Direction), StreamDecoder>,
    /// Streams whose newest bytes are not shown; incomplete characters at their ends are not shown either.
    hidden: HashSet<(PeerId, Direction)>,
}

/// Incomplete characters at the end of streams as `\xNN`; usually empty.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Tails {
    /// Of the received direction.
    pub received: String,
    /// Of the sent direction.
    pub sent: String,
}

impl TextStreams {
    /// Starts without streams.
    #[must_use]
    pub fn new(encoding: Encoding) -> Self {
        Self { encoding, decoders: HashMap::new(), hidden: HashSet::new() }
    }

    /// Appends the characters that these bytes of a stream complete to `text`.
    pub fn feed(&mut self, peer: PeerId, direction: Direction, bytes: &[u8], text: &mut String) {
        if !bytes.is_empty() {
            self.hidden.remove(&(peer, direction));
        }
        self.decoder(peer, direction).feed_text(bytes, text);
    }

    /// Decodes bytes of a stream that are not shown, but precede those that are.
    pub fn skip(&mut self, peer: PeerId, direction: Direction, bytes: &[u8]) {
        if !bytes.is_empty() {
            self.hidden.insert((peer, direction));
        }
        self.decoder(peer, direction).feed(bytes, &mut |_| {});
    }

    /// Starts a stream in its middle with this decoder.
    pub fn begin(&mut self, peer: PeerId, direction: Direction, decoder: StreamDecoder) {
        self.hidden.insert((peer, direction));
        self.decoders.insert((peer, direction), decoder);
    }

    /// Whether the stream is known.
    #[must_use]
    pub fn knows(&self, peer: PeerId, direction: Direction) -> bool {
        self.decoders.contains_key(&(peer, direction))
    }

    fn decoder(&mut self, peer: PeerId, direction: Direction) -> &mut StreamDecoder {
        self.decoders.entry((peer, direction)).or_insert_with(|| StreamDecoder::new(self.encoding))
    }

    /// Ends the streams of a peer that left.
    pub fn end(&mut self, peer: PeerId) -> Tails {
        let mut tails = Tails::default();
        for (direction, tail) in [(Direction::Received, &mut tails.received), (Direction::Sent, &mut tails.sent)] {
            let is_hidden = self.hidden.remove(&(peer, direction));
            if let Some(mut decoder) = self.decoders.remove(&(peer, direction)).filter(|_| !is_hidden) {
                decoder.finish_text(tail);
            }
        }
        tails
    }

    /// Ends all streams, in the order of their peers.
    pub fn end_all(&mut self) -> Tails {
        let mut peers: Vec<PeerId> = self.decoders.keys().map(|(peer, _)| *peer).collect();
        peers.sort_unstable();
        peers.dedup();
        peers.into_iter().map(|peer| self.end(peer)).fold(Tails::default(), |mut all, tails| {
            all.received += &tails.received;
            all.sent += &tails.sent;
            all
        })
    }
}
