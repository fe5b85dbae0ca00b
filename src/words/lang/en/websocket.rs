//! WebSocket in English.

use super::En;
use crate::model::WebSocketFault;

texts! { WebSocket for En;

    websocket_why(fault: &WebSocketFault, shown: &str) -> String {
        match fault {
            WebSocketFault::NotHttp { .. } if shown.is_empty() => "the peer does not speak HTTP".to_owned(),
            WebSocketFault::NotHttp { .. } => format!("the peer does not speak HTTP; it sent {shown}"),
            WebSocketFault::Refused { .. } => format!("the server refused with HTTP {shown}"),
            WebSocketFault::Missing { .. } => format!("the handshake of the peer lacks {shown}"),
            WebSocketFault::WrongAccept => {
                "the server answered our key with a wrong Sec-WebSocket-Accept, so it may be something in between that knows no WebSocket".to_owned()
            }
            WebSocketFault::OtherProtocol { .. } => format!("the server chose the subprotocol {shown}, which was not offered"),
            WebSocketFault::Version { .. } => format!("the client speaks version {shown} of WebSocket, and only 13 is spoken here"),
            WebSocketFault::WrongPath { .. } => format!("the client asked for {shown}, which is not served"),
            WebSocketFault::NoProtocol { .. } => format!("the client offers none of the subprotocols of this side, only {shown}"),
            WebSocketFault::LongHead => "the head of the peer is longer than 16 KiB or has more than 100 headers".to_owned(),
            WebSocketFault::Ended => "the peer closed the connection during the handshake".to_owned(),
            WebSocketFault::NoClose { within: false } => "the connection ended without a close frame".to_owned(),
            WebSocketFault::NoClose { within: true } => "the connection ended within a message, without a close frame".to_owned(),
            WebSocketFault::NotMasked => "the client sends frames without a mask".to_owned(),
            WebSocketFault::Masked => "the server sends frames with a mask".to_owned(),
            WebSocketFault::ReservedBits { .. } => format!("the peer sets reserved bits ({shown}) that no agreed extension explains"),
            WebSocketFault::ReservedOpcode { .. } => format!("the peer sends the reserved opcode {shown}; shown as binary message"),
            WebSocketFault::NothingToContinue => "a frame continues a message, and there is none; shown as binary message".to_owned(),
            WebSocketFault::MessageNotEnded => "a message begins before the last one has ended".to_owned(),
            WebSocketFault::SplitControl => "a control frame says that it goes on".to_owned(),
            WebSocketFault::LongControl { .. } => format!("a control frame has {shown} bytes, more than 125; only the first of them are kept"),
            WebSocketFault::LongLength => "the length of a frame is written with more bytes than necessary".to_owned(),
            WebSocketFault::BadLength => "the length of a frame is impossible, so nothing more can be read".to_owned(),
            WebSocketFault::NotUtf8 => "a text message is not UTF-8".to_owned(),
            WebSocketFault::BadClose => "a close frame has a code or reason that is not allowed".to_owned(),
            WebSocketFault::LongToSend { .. } => format!("a ping or close frame has at most 125 bytes, not {shown}"),
        }
    }
    websocket_request(sent: bool, path: &str) -> String {
        format!("WebSocket request {} · {path}", if sent { "sent" } else { "received" })
    }
    websocket_response(sent: bool, status: u16, reason: &str) -> String {
        format!("WebSocket response {} · {status} {reason}", if sent { "sent" } else { "received" })
    }
    websocket_protocols(names: &str) => "subprotocols: {names}";
    websocket_form(opcode: u8) -> String {
        match opcode {
            1 => "text".to_owned(),
            2 => "binary".to_owned(),
            8 => "close".to_owned(),
            9 => "ping".to_owned(),
            10 => "pong".to_owned(),
            other => format!("opcode {other}"),
        }
    }
    websocket_goes_on: ", goes on";
}
