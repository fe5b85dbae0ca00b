//! Sentences about WebSocket: the steps of a handshake, and what was wrong.

use super::{Lang, harmless};
use crate::capture::PayloadForm;
use crate::codec::websocket::Close;
use crate::model::{WebSocketFault, WebSocketStep};

/// Separates the facts of a step.
const BESIDE: &str = " · ";
/// Headers that every handshake has: the sentence leaves them out.
const USUAL: [&str; 6] = [
    "upgrade",
    "connection",
    "sec-websocket-key",
    "sec-websocket-version",
    "sec-websocket-accept",
    "sec-websocket-protocol",
];

/// What was wrong, after a colon.
pub(super) fn websocket_why(fault: &WebSocketFault, lang: Lang) -> String {
    let shown = match fault {
        WebSocketFault::NotHttp { start } => start_of(start),
        WebSocketFault::Refused { status, reason } => format!("{status} {}", harmless(reason)).trim_end().to_owned(),
        WebSocketFault::Missing { header: text }
        | WebSocketFault::OtherProtocol { protocol: text }
        | WebSocketFault::Version { version: text }
        | WebSocketFault::WrongPath { path: text }
        | WebSocketFault::NoProtocol { offered: text } => harmless(text),
        WebSocketFault::ReservedBits { bits } => format!("{bits:03b}"),
        WebSocketFault::ReservedOpcode { opcode } => opcode.to_string(),
        WebSocketFault::LongControl { len } | WebSocketFault::LongToSend { len } => len.to_string(),
        _ => String::new(),
    };
    lang.texts().websocket_why(fault, &shown)
}

/// The first bytes of a peer that speaks something else.
fn start_of(bytes: &[u8]) -> String {
    harmless(&bytes.escape_ascii().to_string())
}

/// A step of a handshake as a sentence with its facts.
pub(super) fn websocket_step(step: &WebSocketStep, lang: Lang) -> String {
    let texts = lang.texts();
    let mut text = match step {
        WebSocketStep::Request { sent, path, .. } => texts.websocket_request(*sent, &harmless(path)),
        WebSocketStep::Response { sent, status, reason, .. } => {
            texts.websocket_response(*sent, *status, &harmless(reason))
        }
    };
    if let Some(protocols) = step.header("Sec-WebSocket-Protocol") {
        text.push_str(BESIDE);
        text.push_str(&texts.websocket_protocols(&harmless(protocols)));
    }
    let others = step.headers().iter().filter(|(name, _)| !USUAL.iter().any(|usual| name.eq_ignore_ascii_case(usual)));
    for (name, value) in others {
        text.push_str(BESIDE);
        text.push_str(&harmless(&format!("{name}: {value}")));
    }
    text
}

/// The form of a message for the summary of its row; `None` for plain payload. `start` is the beginning of its payload.
#[must_use]
pub fn message_form(form: PayloadForm, goes_on: bool, start: &[u8], lang: Lang) -> Option<String> {
    let mut text = lang.texts().websocket_form(form.opcode()?);
    if form == PayloadForm::CLOSE
        && let Close { code: Some(code), reason } = Close::of(start)
    {
        text.push_str(&format!(" {code} {}", harmless(&reason)));
    }
    if goes_on {
        text.push_str(lang.texts().websocket_goes_on());
    }
    Some(text.trim_end().to_owned())
}
