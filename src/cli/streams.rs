//! Decodes payload to text: one decoder per TCP peer and direction, datagrams separately. Also escapes text for terminals.

use crate::codec::safe::visible;
use crate::codec::{Encoding, StreamDecoder};
use crate::model::{Direction, PeerId, Transport};
use std::collections::{HashMap, HashSet};

/// The decoders of a session.
#[derive(Debug)]
pub(super) struct TextStreams {
    encoding: Encoding,
    decoders: HashMap<(PeerId, Direction), StreamDecoder>,
    /// Streams whose newest bytes are not shown; incomplete characters at their ends are not shown either.
    hidden: HashSet<(PeerId, Direction)>,
}

/// Incomplete characters at the end of streams as `\xNN`; usually empty.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Tails {
    pub received: String,
    pub sent: String,
}

impl TextStreams {
    /// Starts without streams.
    pub fn new(encoding: Encoding) -> Self {
        Self { encoding, decoders: HashMap::new(), hidden: HashSet::new() }
    }

    /// The text that this record completes.
    pub fn text(&mut self, transport: Transport, peer: PeerId, direction: Direction, bytes: &[u8]) -> String {
        let mut text = String::with_capacity(bytes.len());
        match transport {
            Transport::Tcp => {
                if !bytes.is_empty() {
                    self.hidden.remove(&(peer, direction));
                }
                self.decoder(peer, direction).feed_text(bytes, &mut text);
            }
            Transport::Udp => {
                let mut decoder = StreamDecoder::new(self.encoding);
                decoder.feed_text(bytes, &mut text);
                decoder.finish_text(&mut text);
            }
        }
        text
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

/// Escapes text for a terminal: controls except TAB, LF and CR as `\xNN`, others beyond ASCII as `\u{N}`.
pub(super) fn harmless(text: &str) -> String {
    visible(text, |character| matches!(character, '\t' | '\n' | '\r'))
}

/// Like [`harmless`], on one line.
pub(super) fn one_line(text: &str) -> String {
    visible(text, |_| false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_reach_no_terminal() {
        assert_eq!(harmless("a\tb\r\nc"), "a\tb\r\nc");
        assert_eq!(harmless("\u{1b}[31m\0\u{7f}\u{9b}31m\u{202e}x"), "\\x1B[31m\\x00\\x7F\\u{9B}31m\\u{202E}x");
        assert_eq!(harmless("你好 \\xB0"), "你好 \\xB0");
        assert_eq!(one_line("a\tb\r\nc\0"), "a\\tb\\r\\nc\\x00");
    }
}
