//! Attributes of a data record: whether it is a datagram, why it was sent, and which local address it used.

use super::{PayloadForm, format};

/// Why the program sent something, stored as one byte. Codes are never reassigned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Cause {
    /// Unknown: received data, and all records of version 1.
    #[default]
    Unknown = 0,
    /// One payload to one peer or address, sent by the user.
    Single = 1,
    /// The same payload to every peer.
    Broadcast = 2,
    /// A file.
    File = 3,
    /// A round of a repeated send.
    Repeat = 4,
    /// Sent to each peer when it joins.
    Join = 5,
    /// The bytes of a received record, sent back.
    Echo = 6,
    /// A reply to a received record.
    Reply = 7,
    /// A step of a list.
    List = 8,
    /// Bytes of another connection, forwarded.
    Forward = 9,
    /// Bytes of another capture, replayed.
    Replay = 10,
    /// Part of a file transfer with headers, or of a remote command.
    Transfer = 11,
    /// Made by a layer over the connection: the answer to a ping or to a close frame, or the close frame of a connection that ends.
    Protocol = 12,
}

impl Cause {
    /// All causes, ordered by code.
    const ALL: [Self; 13] = [
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
        Self::Transfer,
        Self::Protocol,
    ];

    /// Returns the cause with this code; [`Cause::Unknown`] for codes of newer programs.
    #[must_use]
    pub fn of_code(code: u8) -> Self {
        Self::ALL.get(usize::from(code)).copied().unwrap_or_default()
    }
}

/// Side of a layer (TLS, WebSocket) that the bytes belong to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Layer {
    /// Above the layer: what the user works with.
    #[default]
    Plain,
    /// Below the layer: what passed through the socket.
    Wire,
}

/// Number of a local address within a capture, counted from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LocalId(pub u32);

impl LocalId {
    /// The address is unknown.
    pub const UNKNOWN: Self = Self(0);
}

/// Number of a name within a capture, counted from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NameId(pub u16);

impl NameId {
    /// There is no name.
    pub const NONE: Self = Self(0);
}

/// Attributes of a data record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// One complete datagram or message, not part of a stream.
    pub is_message: bool,
    /// Sent automatically (by a rule, a list or a forward), not by the user.
    pub is_automatic: bool,
    /// Sent data: the cause.
    pub cause: Cause,
    /// Records with the same non-zero number belong to one action. Sent data: a broadcast, a file, a repeated send. Records without
    /// payload: failed attempts of a client to connect.
    pub action: u32,
    /// Records with the same non-zero number belong to the two connections of a forward.
    pub pair: u32,
    /// Side of the layer.
    pub layer: Layer,
    /// The local address it was received at or sent from.
    pub local: LocalId,
    /// Sent data: the name of the rule, step or command that sent it.
    pub name: NameId,
    /// What it is in the layer that carried it.
    pub form: PayloadForm,
    /// The message goes on in the next record of this peer and direction.
    pub goes_on: bool,
}

impl Marks {
    /// The attributes of a datagram or message.
    pub const MESSAGE: Self = Self {
        is_message: true,
        is_automatic: false,
        cause: Cause::Unknown,
        action: 0,
        pair: 0,
        layer: Layer::Plain,
        local: LocalId::UNKNOWN,
        name: NameId::NONE,
        form: PayloadForm::PLAIN,
        goes_on: false,
    };

    /// The flag bits of the index entry.
    pub(super) fn flags(&self) -> u16 {
        let bit = |is_set, flag| if is_set { flag } else { 0 };
        bit(self.is_message, format::FLAG_MESSAGE)
            | bit(self.is_automatic, format::FLAG_AUTOMATIC)
            | bit(self.layer == Layer::Wire, format::FLAG_WIRE)
    }

    /// Decodes the attributes of an index entry.
    pub(super) fn of(entry: &format::Entry) -> Self {
        let (form, goes_on) = PayloadForm::of_code(entry.form);
        Self {
            is_message: entry.flags & format::FLAG_MESSAGE != 0,
            is_automatic: entry.flags & format::FLAG_AUTOMATIC != 0,
            cause: Cause::of_code(entry.cause),
            action: entry.action,
            pair: entry.pair,
            layer: if entry.flags & format::FLAG_WIRE == 0 { Layer::Plain } else { Layer::Wire },
            local: LocalId(entry.local),
            name: NameId(entry.name),
            form,
            goes_on,
        }
    }
}
