//! Frames of the WebSocket protocol (RFC 6455), without sockets.
//!
//! [`Decoder`] takes the bytes of one direction in pieces and returns payload as soon as it is there, so that a length in a frame never
//! sizes memory. What violates the protocol is reported as an [`Oddity`]; reading goes on as long as the borders of frames are certain.
//!
//! ```
//! use wirebench::codec::websocket::{Decoder, Form, Frame, Side, Step};
//!
//! let mut sent = Vec::new();
//! Frame { mask: Some([1, 2, 3, 4]), ..Frame::whole(Form::Text) }.write("你好".as_bytes(), &mut sent);
//! let mut decoder = Decoder::new(Side::Client);
//! let (used, step) = decoder.step(&mut sent);
//! assert_eq!((used, step), (6, Step::Head));
//! let (used, step) = decoder.step(&mut sent[6..]);
//! let Step::Payload(payload) = step else { panic!("payload") };
//! assert!(used == 6 && payload.begins && payload.ends && payload.form == Form::Text);
//! assert_eq!(&sent[6..], "你好".as_bytes());
//! ```

mod close;
mod decoder;
pub mod handshake;
#[cfg(test)]
mod tests;
mod write;

pub use close::{Close, close_code_is_valid};
pub use decoder::{CONTROL_MAX, Decoder, Step};
pub use write::{Frame, mask};

/// What a message or control frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// A message of text, UTF-8 (RFC 6455, 5.6).
    Text,
    /// A message of bytes.
    Binary,
    /// The end of the connection: a code and a reason ([`Close`]).
    Close,
    /// A ping, which the other side answers with a pong of the same payload.
    Ping,
    /// A pong.
    Pong,
}

impl Form {
    /// Its opcode (RFC 6455, 5.2).
    #[must_use]
    pub const fn opcode(self) -> u8 {
        match self {
            Self::Text => 1,
            Self::Binary => 2,
            Self::Close => 8,
            Self::Ping => 9,
            Self::Pong => 10,
        }
    }

    /// The form with this opcode; `None`: it continues a message, or is reserved.
    #[must_use]
    pub const fn of_opcode(opcode: u8) -> Option<Self> {
        match opcode {
            1 => Some(Self::Text),
            2 => Some(Self::Binary),
            8 => Some(Self::Close),
            9 => Some(Self::Ping),
            10 => Some(Self::Pong),
            _ => None,
        }
    }

    /// Close, ping or pong: at most [`CONTROL_MAX`] bytes in one frame.
    #[must_use]
    pub const fn is_control(self) -> bool {
        self.opcode() >= 8
    }
}

/// Which side sends the frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The client, which masks its frames.
    Client,
    /// The server, which does not.
    Server,
}

/// A part of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payload {
    /// The message.
    pub form: Form,
    /// It begins the message.
    pub begins: bool,
    /// It ends the message.
    pub ends: bool,
}

/// What violates the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Oddity {
    /// A client did not mask a frame.
    NotMasked,
    /// A server masked a frame.
    Masked,
    /// Reserved bits are set and no extension gives them a meaning: bits 4, 2 and 1.
    ReservedBits(u8),
    /// The opcode has no meaning. The frame is read as a binary message.
    ReservedOpcode(u8),
    /// A frame continues a message, and there is none. It is read as a binary message.
    NothingToContinue,
    /// A message begins before the last one has ended. The last one ends here.
    MessageNotEnded,
    /// A control frame is one of several.
    SplitControl,
    /// A control frame has this many bytes, more than [`CONTROL_MAX`]. Only the first of them are kept.
    LongControl(u64),
    /// The length could be written with fewer bytes.
    LongLength,
    /// The length has its highest bit set: where the frame ends is not certain, so nothing more is read.
    BadLength,
    /// A message of text is not UTF-8.
    NotUtf8,
    /// The payload of a close frame has one byte, or a code that must not be sent.
    BadClose,
}
