//! WebSocket: the steps of a handshake, and what was wrong.

use crate::model::WebSocketFault;

/// WebSocket.
pub trait WebSocket {
    /// What was wrong, after a colon. `shown` is the value of the fault, made harmless.
    fn websocket_why(&self, fault: &WebSocketFault, shown: &str) -> String;
    /// A request was sent or received.
    fn websocket_request(&self, sent: bool, path: &str) -> String;
    /// A response was sent or received.
    fn websocket_response(&self, sent: bool, status: u16, reason: &str) -> String;
    /// The chosen or offered subprotocols.
    fn websocket_protocols(&self, names: &str) -> String;
    /// A text message, a ping, …, for the summary of a row. `opcode` names others.
    fn websocket_form(&self, opcode: u8) -> String;
    /// The message goes on.
    fn websocket_goes_on(&self) -> &'static str;
}
