//! WebSocket (RFC 6455): configuration, facts of a handshake, and what was wrong.

use serde::{Deserialize, Serialize};

/// How the messages are sent whose sender chooses no form.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageForm {
    /// As text if the bytes are UTF-8, else as binary message.
    #[default]
    Fitting,
    /// As text.
    Text,
    /// As binary message.
    Binary,
}

/// WebSocket on the connections of a session.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct WebSocketConfig {
    /// Path and query that a client asks for, with `/` first. Of a server: the only path that is served; empty: every path.
    #[serde(default)]
    pub path: String,
    /// Subprotocols that a client offers, or that a server accepts, the preferred one first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub protocols: Vec<String>,
    /// Further headers of our request or response.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub headers: Vec<(String, String)>,
    /// The form of messages whose sender chooses none.
    #[serde(default)]
    pub form: MessageForm,
}

/// Why a header cannot be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrongHeader;

impl WebSocketConfig {
    /// Reads `NAME: VALUE`.
    ///
    /// # Errors
    /// The name is empty or no token, the value has controls or is longer than 4096 bytes, or the handshake itself has this header.
    pub fn header_of(text: &str) -> Result<(String, String), WrongHeader> {
        let (name, value) = text.split_once(':').ok_or(WrongHeader)?;
        let (name, value) = (name.trim(), value.trim());
        let reserved = ["upgrade", "connection", "sec-websocket-key", "sec-websocket-version", "sec-websocket-accept"];
        let is_good = is_token(name)
            && value.len() <= 4096
            && !value.chars().any(char::is_control)
            && !reserved.iter().any(|own| name.eq_ignore_ascii_case(own));
        if is_good { Ok((name.to_owned(), value.to_owned())) } else { Err(WrongHeader) }
    }

    /// Reads a list of subprotocols: `chat, v2.chat`.
    ///
    /// # Errors
    /// A name is empty or no token.
    pub fn protocols_of(text: &str) -> Result<Vec<String>, WrongHeader> {
        let names = text.split(',').map(str::trim);
        names.map(|name| if is_token(name) { Ok(name.to_owned()) } else { Err(WrongHeader) }).collect()
    }
}

/// A token of HTTP (RFC 9110, 5.6.2).
fn is_token(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 255
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

/// A step of a handshake.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum WebSocketStep {
    /// The request of a client.
    Request {
        /// We sent it.
        sent: bool,
        /// Path and query.
        path: String,
        /// All headers.
        headers: Vec<(String, String)>,
    },
    /// The response of a server.
    Response {
        /// We sent it.
        sent: bool,
        /// The status, 101 if the server agrees.
        status: u16,
        /// Its words.
        reason: String,
        /// All headers.
        headers: Vec<(String, String)>,
    },
}

impl WebSocketStep {
    /// Its headers.
    #[must_use]
    pub fn headers(&self) -> &[(String, String)] {
        let (Self::Request { headers, .. } | Self::Response { headers, .. }) = self;
        headers
    }

    /// The value of a header; the first one of several.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers().iter().find(|(own, _)| own.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

/// What was wrong with a handshake or with frames. `words` makes the sentences.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "cause", rename_all = "snake_case")]
#[non_exhaustive]
pub enum WebSocketFault {
    /// The peer sent something that is not HTTP.
    NotHttp {
        /// Its first bytes, at most 32.
        start: Vec<u8>,
    },
    /// The server refused.
    Refused {
        /// The status.
        status: u16,
        /// Its words.
        reason: String,
    },
    /// A header that the handshake needs is missing or has another value.
    Missing {
        /// Its name.
        header: String,
    },
    /// The server answered the key with a wrong value, so it does not know the protocol.
    WrongAccept,
    /// The server chose a subprotocol that was not offered.
    OtherProtocol {
        /// Which.
        protocol: String,
    },
    /// The client speaks another version than 13.
    Version {
        /// Which.
        version: String,
    },
    /// The client asks for a path that is not served.
    WrongPath {
        /// Which.
        path: String,
    },
    /// The client offers none of our subprotocols.
    NoProtocol {
        /// What it offers.
        offered: String,
    },
    /// The head is longer than is read.
    LongHead,
    /// The peer closed the connection during the handshake.
    Ended,
    /// The connection ended without a close frame.
    NoClose {
        /// It ended within a message.
        within: bool,
    },
    /// A client did not mask a frame.
    NotMasked,
    /// A server masked a frame.
    Masked,
    /// Reserved bits are set.
    ReservedBits {
        /// Bits 4, 2 and 1.
        bits: u8,
    },
    /// A reserved opcode.
    ReservedOpcode {
        /// Which.
        opcode: u8,
    },
    /// A frame continues a message, and there is none.
    NothingToContinue,
    /// A message begins before the last one has ended.
    MessageNotEnded,
    /// A control frame is one of several.
    SplitControl,
    /// A control frame has more than 125 bytes.
    LongControl {
        /// How many.
        len: u64,
    },
    /// The length could be written with fewer bytes.
    LongLength,
    /// The length has its highest bit set.
    BadLength,
    /// A text is not UTF-8.
    NotUtf8,
    /// A close frame has one byte or a code that must not be sent.
    BadClose,
    /// A ping or close frame to send has more than 125 bytes.
    LongToSend {
        /// How many.
        len: u64,
    },
}

impl WebSocketFault {
    /// Its name in JSON lines.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::NotHttp { .. } => "not_http",
            Self::Refused { .. } => "refused",
            Self::Missing { .. } => "missing",
            Self::WrongAccept => "wrong_accept",
            Self::OtherProtocol { .. } => "other_protocol",
            Self::Version { .. } => "version",
            Self::WrongPath { .. } => "wrong_path",
            Self::NoProtocol { .. } => "no_protocol",
            Self::LongHead => "long_head",
            Self::Ended => "ended",
            Self::NoClose { .. } => "no_close",
            Self::NotMasked => "not_masked",
            Self::Masked => "masked",
            Self::ReservedBits { .. } => "reserved_bits",
            Self::ReservedOpcode { .. } => "reserved_opcode",
            Self::NothingToContinue => "nothing_to_continue",
            Self::MessageNotEnded => "message_not_ended",
            Self::SplitControl => "split_control",
            Self::LongControl { .. } => "long_control",
            Self::LongLength => "long_length",
            Self::BadLength => "bad_length",
            Self::NotUtf8 => "not_utf8",
            Self::BadClose => "bad_close",
            Self::LongToSend { .. } => "long_to_send",
        }
    }
}

impl std::fmt::Display for WebSocketFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

impl std::error::Error for WebSocketFault {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_and_protocols_are_read_or_refused() {
        let header = |text: &str| WebSocketConfig::header_of(text).ok().map(|(name, value)| format!("{name}={value}"));
        assert_eq!(header("Authorization: Bearer a:b").as_deref(), Some("Authorization=Bearer a:b"));
        assert_eq!(header("X-Empty:").as_deref(), Some("X-Empty="));
        for wrong in ["", "no colon", ": x", "a b: c", "Upgrade: x", "sec-websocket-KEY: x", "X: a\r\nY: b"] {
            assert_eq!(header(wrong), None, "{wrong}");
        }
        assert_eq!(WebSocketConfig::protocols_of("chat, v2.chat"), Ok(vec!["chat".into(), "v2.chat".into()]));
        for wrong in ["", "a,,b", "a b"] {
            assert_eq!(WebSocketConfig::protocols_of(wrong), Err(WrongHeader), "{wrong}");
        }
    }
}
