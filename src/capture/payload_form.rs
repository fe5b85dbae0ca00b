//! What the payload of a record is in the layer that carried it: a text, a ping, a close frame.

use std::borrow::Cow;

/// Bit of the stored byte: the message goes on in the next record of this peer and direction.
const GOES_ON: u8 = 64;

/// The form of a payload, stored as one byte. Codes 1 to 15 are the opcodes of WebSocket (RFC 6455), 0 is plain payload.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct PayloadForm(u8);

impl PayloadForm {
    /// Plain payload, without a form of its own.
    pub const PLAIN: Self = Self(0);
    /// A text message of WebSocket.
    pub const TEXT: Self = Self(1);
    /// A binary message of WebSocket.
    pub const BINARY: Self = Self(2);
    /// A close frame of WebSocket: code and reason.
    pub const CLOSE: Self = Self(8);
    /// A ping of WebSocket.
    pub const PING: Self = Self(9);
    /// A pong of WebSocket.
    pub const PONG: Self = Self(10);

    /// The form of the frames with this opcode of WebSocket. Reserved opcodes have a form too.
    #[must_use]
    pub fn of_opcode(opcode: u8) -> Self {
        Self(opcode & 15)
    }

    /// The opcode of WebSocket; `None` for plain payload.
    #[must_use]
    pub fn opcode(self) -> Option<u8> {
        (1..16).contains(&self.0).then_some(self.0)
    }

    /// Whether it is a control frame of WebSocket: not payload that the peers exchange.
    #[must_use]
    pub fn is_control(self) -> bool {
        (8..16).contains(&self.0)
    }

    /// Its name in exports; `None` for plain payload.
    #[must_use]
    pub fn name(self) -> Option<Cow<'static, str>> {
        Some(match self {
            Self::TEXT => "text".into(),
            Self::BINARY => "binary".into(),
            Self::CLOSE => "close".into(),
            Self::PING => "ping".into(),
            Self::PONG => "pong".into(),
            Self(0) => return None,
            Self(code) => format!("opcode {code}").into(),
        })
    }

    /// The stored byte. `goes_on`: the message goes on in the next record.
    pub(super) fn code(self, goes_on: bool) -> u8 {
        self.0 | if goes_on { GOES_ON } else { 0 }
    }

    /// Decodes the stored byte: the form, and whether the message goes on. Codes of newer programs are plain payload.
    pub(super) fn of_code(code: u8) -> (Self, bool) {
        match code & !GOES_ON {
            form @ 0..16 => (Self(form), code & GOES_ON != 0),
            _ => (Self::PLAIN, false),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_come_back_and_unknown_ones_are_plain() {
        for opcode in 1..16 {
            for goes_on in [false, true] {
                let form = PayloadForm::of_opcode(opcode);
                assert_eq!(PayloadForm::of_code(form.code(goes_on)), (form, goes_on));
                assert_eq!((form.opcode(), form.is_control()), (Some(opcode), opcode >= 8));
            }
        }
        for code in [0, 16, 17, 63, 128, 255] {
            assert_eq!(PayloadForm::of_code(code), (PayloadForm::PLAIN, false), "{code}");
        }
        assert_eq!(PayloadForm::PLAIN.name(), None);
        assert_eq!(PayloadForm::of_opcode(3).name().as_deref(), Some("opcode 3"));
    }
}
