//! What a data record says besides its bytes: whether it stands alone, why it was sent, and over which of our addresses it came.

use super::format;

/// Why the program sent something, as stored (one byte). Codes are never given another meaning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Cause {
    /// Not known: received data, and everything in captures of version 1.
    #[default]
    Unknown = 0,
    /// One payload to one peer or address, sent by the user.
    Single = 1,
    /// The same to every peer.
    Broadcast = 2,
    /// A file.
    File = 3,
    /// A round of a repeated send.
    Repeat = 4,
    /// What each peer is sent when it joins.
    Join = 5,
    /// The bytes of a received record, sent back.
    Echo = 6,
    /// A reply to a received record.
    Reply = 7,
    /// A step of a list.
    List = 8,
    /// Bytes of another connection, passed on.
    Forward = 9,
    /// Bytes of another capture, sent again.
    Replay = 10,
}

impl Cause {
    /// All causes, by code.
    const ALL: [Self; 11] = [
        Self::Unknown,
        Self::Single,
        Self::Broadcast,
        Self::File,
        Self::Repeat,
        Self::Join,
        Self::Echo,
        Self::Reply,
        Self::List,
        Self::Forward,
        Self::Replay,
    ];

    /// The cause with this code; one that a newer program stored is unknown.
    #[must_use]
    pub fn of_code(code: u8) -> Self {
        Self::ALL.get(usize::from(code)).copied().unwrap_or_default()
    }
}

/// Which side of a layer (TLS, WebSocket) the bytes are of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Layer {
    /// What the user speaks.
    #[default]
    Plain,
    /// What passed the socket below it.
    Wire,
}

/// Number of one of our own addresses within a capture, from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalId(pub u32);

impl LocalId {
    /// The address is not known.
    pub const UNKNOWN: Self = Self(0);
}

/// What a data record says besides its bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// A datagram or a message: a whole of its own, not a part of a stream.
    pub stands_alone: bool,
    /// The program sent it by itself: by a rule, a list or a forward, not on the user's word.
    pub is_automatic: bool,
    /// Sent: why.
    pub cause: Cause,
    /// Sent: records with the same number (not 0) belong to one action: a broadcast, a file, a run of a repeat.
    pub action: u32,
    /// Records with the same number (not 0) belong to the two connections of a forward.
    pub pair: u32,
    /// Plain or wire.
    pub layer: Layer,
    /// Which of our addresses it was sent to, or from.
    pub local: LocalId,
}

impl Marks {
    /// Of a datagram or message.
    pub const MESSAGE: Self = Self {
        stands_alone: true,
        is_automatic: false,
        cause: Cause::Unknown,
        action: 0,
        pair: 0,
        layer: Layer::Plain,
        local: LocalId::UNKNOWN,
    };

    /// Its bits among the flags of an entry.
    pub(super) fn flags(&self) -> u16 {
        let bit = |is_set, flag| if is_set { flag } else { 0 };
        bit(self.stands_alone, format::FLAG_MESSAGE)
            | bit(self.is_automatic, format::FLAG_AUTOMATIC)
            | bit(self.layer == Layer::Wire, format::FLAG_WIRE)
    }

    /// Of an entry.
    pub(super) fn of(entry: &format::Entry) -> Self {
        Self {
            stands_alone: entry.flags & format::FLAG_MESSAGE != 0,
            is_automatic: entry.flags & format::FLAG_AUTOMATIC != 0,
            cause: Cause::of_code(entry.cause),
            action: entry.action,
            pair: entry.pair,
            layer: if entry.flags & format::FLAG_WIRE == 0 { Layer::Plain } else { Layer::Wire },
            local: LocalId(entry.local),
        }
    }
}
