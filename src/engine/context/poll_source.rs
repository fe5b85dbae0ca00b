//! The sources of poll events, and their tokens.

use crate::model::PeerId;
use mio::Token;

/// The number of a connection that is not a peer yet: a connect, or the handshake that follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::engine) struct ConnectId(pub(in crate::engine) u16);

/// A source registered with the poll.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engine) enum PollSource {
    /// Another thread wakes the worker.
    Waker,
    /// The system's precise timer.
    Timer,
    /// A listener, by its place in the run.
    Listener(u8),
    /// A datagram socket, by its place in the run.
    Datagrams(u8),
    /// A connect or a handshake.
    Connect(ConnectId),
    /// The connection of a peer.
    Peer(PeerId),
}

/// The first token of each kind of source. Peers come last, because their number is open.
const LISTENERS: usize = 0x100;
const DATAGRAMS: usize = 0x200;
const CONNECTS: usize = 0x1_0000;
const PEERS: usize = 0x2_0000;

impl PollSource {
    /// The source with this token; `None`: no source has it.
    pub(in crate::engine) fn of(token: Token) -> Option<Self> {
        Some(match token.0 {
            0 => Self::Waker,
            1 => Self::Timer,
            LISTENERS..DATAGRAMS => Self::Listener(u8::try_from(token.0 - LISTENERS).ok()?),
            CONNECTS..PEERS => Self::Connect(ConnectId(u16::try_from(token.0 - CONNECTS).ok()?)),
            PEERS.. => Self::Peer(PeerId(u32::try_from(token.0 - PEERS).ok()?)),
            DATAGRAMS.. => Self::Datagrams(u8::try_from(token.0 - DATAGRAMS).ok()?),
            _ => return None,
        })
    }

    /// The token to register it with.
    pub(in crate::engine) fn token(self) -> Token {
        Token(match self {
            Self::Waker => 0,
            Self::Timer => 1,
            Self::Listener(place) => LISTENERS + usize::from(place),
            Self::Datagrams(place) => DATAGRAMS + usize::from(place),
            Self::Connect(connect) => CONNECTS + usize::from(connect.0),
            Self::Peer(peer) => PEERS + peer.0 as usize,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_source_is_found_by_its_token() {
        let ends = [0, 1, u8::MAX];
        let mut all = vec![PollSource::Waker, PollSource::Timer];
        all.extend(ends.map(PollSource::Listener));
        all.extend(ends.map(PollSource::Datagrams));
        all.extend([0, 1, u16::MAX].map(|id| PollSource::Connect(ConnectId(id))));
        all.extend([0, 1, 1 << 20, u32::MAX - (1 << 18)].map(|id| PollSource::Peer(PeerId(id))));
        for source in &all {
            assert_eq!(PollSource::of(source.token()), Some(*source));
        }
        for token in [2, LISTENERS - 1, DATAGRAMS + 256] {
            assert_eq!(PollSource::of(Token(token)), None, "{token}");
        }
    }
}
