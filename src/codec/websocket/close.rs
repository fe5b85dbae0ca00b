//! The payload of a close frame.

use super::CONTROL_MAX;

/// Why a connection is closed (RFC 6455, 7.4).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Close {
    /// The code; `None`: the frame has none.
    pub code: Option<u16>,
    /// The reason, for people.
    pub reason: String,
}

impl Close {
    /// The code and reason of a payload. What is not UTF-8 in the reason is replaced.
    #[must_use]
    pub fn of(payload: &[u8]) -> Self {
        match payload {
            [high, low, reason @ ..] => Self {
                code: Some(u16::from_be_bytes([*high, *low])),
                reason: String::from_utf8_lossy(reason).into_owned(),
            },
            _ => Self::default(),
        }
    }

    /// The payload. A reason that is too long is cut at a character. Without a code there is no reason either.
    #[must_use]
    pub fn payload(&self) -> Vec<u8> {
        let Some(code) = self.code else { return Vec::new() };
        let mut payload = code.to_be_bytes().to_vec();
        let most = self.reason.floor_char_boundary(CONTROL_MAX - 2);
        payload.extend_from_slice(&self.reason.as_bytes()[..most]);
        payload
    }

    /// Whether a peer may send this payload.
    pub(super) fn is_good(payload: &[u8]) -> bool {
        match payload {
            [] => true,
            [_] => false,
            [high, low, reason @ ..] => {
                close_code_is_valid(u16::from_be_bytes([*high, *low])) && std::str::from_utf8(reason).is_ok()
            }
        }
    }
}

/// Whether a code may be sent (RFC 6455, 7.4.2, and the registry of IANA): 1005, 1006 and 1015 only name an end without a close frame.
#[must_use]
pub const fn close_code_is_valid(code: u16) -> bool {
    matches!(code, 1000..=1003 | 1007..=1014 | 3000..=4999)
}
