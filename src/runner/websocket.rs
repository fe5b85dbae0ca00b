//! WebSocket in the `session` block of a talk file: `ws-protocol "chat"`.

use super::opening::{single, unexpected};
use crate::model::{MessageForm, Protocol, SessionConfig, TcpClientConfig, TcpServerConfig, WebSocketConfig};
use crate::talk::error::Error;
use crate::talk::tree::SessionOption;

/// Each record is a message: the session needs no framing rule.
pub(super) fn has_messages(config: &SessionConfig) -> bool {
    config.protocol() == Protocol::Udp || config.endpoint().layers.websocket
}

/// Lets a session at a `ws://` or `wss://` address speak WebSocket.
pub(super) fn put_on(config: &mut SessionConfig, path: String) {
    let websocket = Some(WebSocketConfig { path, ..WebSocketConfig::default() });
    match config {
        SessionConfig::TcpClient(client) => client.websocket = websocket,
        SessionConfig::TcpServer(server) => server.websocket = websocket,
        _ => {}
    }
}

/// Sets an option of WebSocket. `None`: it is not one, or not of this session.
pub(super) fn set(option: &SessionOption, config: &mut SessionConfig) -> Option<Result<(), Error>> {
    let (SessionConfig::TcpClient(TcpClientConfig { websocket: Some(websocket), .. })
    | SessionConfig::TcpServer(TcpServerConfig { websocket: Some(websocket), .. })) = config
    else {
        return None;
    };
    let done = match option.name.value.as_str() {
        "ws-protocol" => single(option).and_then(|(text, span)| {
            let wrong = |_| unexpected(option, span, &["chat,v2.chat"]);
            websocket.protocols = WebSocketConfig::protocols_of(&text).map_err(wrong)?;
            Ok(())
        }),
        "header" => single(option).and_then(|(text, span)| {
            let wrong = |_| unexpected(option, span, &["NAME: VALUE"]);
            websocket.headers.push(WebSocketConfig::header_of(&text).map_err(wrong)?);
            Ok(())
        }),
        "ws-form" => single(option).and_then(|(text, span)| {
            websocket.form = match text.as_str() {
                "text" => MessageForm::Text,
                "binary" => MessageForm::Binary,
                _ => return Err(unexpected(option, span, &["text", "binary"])),
            };
            Ok(())
        }),
        _ => return None,
    };
    Some(done)
}
