//! WebSocket of `connect` and `listen`.

use super::{SendStep, values};
use crate::capture::PayloadForm;
use crate::cli::args::WebSocketArguments;
use crate::cli::usage::UsageError;
use crate::codec::websocket::{CONTROL_MAX, Close, close_code_is_valid};
use crate::engine::{SendContent, SendItem, SendPlan};
use crate::model::{Endpoint, EndpointError, MessageForm, WebSocketConfig};
use crate::words::Lang;

/// The window does not open WebSocket.
///
/// # Errors
/// The endpoint has it.
pub(super) fn refuse(option: &str, text: &str, endpoint: Endpoint, lang: Lang) -> Result<Endpoint, UsageError> {
    if !endpoint.layers.websocket {
        return Ok(endpoint);
    }
    let error = EndpointError::Scheme(endpoint.scheme().to_owned());
    Err(UsageError::value(option, text, values::endpoint_reason(&error, lang)))
}

/// WebSocket of an endpoint; `None`: it is not `ws://` or `wss://`.
///
/// # Errors
/// A value is wrong, or an option of WebSocket is given for another endpoint.
pub(super) fn of(
    arguments: &WebSocketArguments,
    endpoint: &Endpoint,
    lang: Lang,
) -> Result<Option<WebSocketConfig>, UsageError> {
    if !endpoint.layers.websocket {
        let options = [
            (arguments.ws_protocol.is_some(), "--ws-protocol"),
            (!arguments.header.is_empty(), "--header"),
            (arguments.ws_binary, "--ws-binary"),
            (!arguments.ws_ping.is_empty(), "--ws-ping"),
            (arguments.ws_close.is_some(), "--ws-close"),
        ];
        return match options.iter().find(|(is_given, _)| *is_given) {
            Some((_, name)) => Err(UsageError::option(name, lang.texts().for_websocket_only())),
            None => Ok(None),
        };
    }
    let protocols = match &arguments.ws_protocol {
        None => Vec::new(),
        Some(text) => WebSocketConfig::protocols_of(text)
            .map_err(|_| UsageError::value("--ws-protocol", text, lang.texts().no_subprotocols()))?,
    };
    let header = |text: &String| {
        WebSocketConfig::header_of(text).map_err(|_| UsageError::value("--header", text, lang.texts().no_header()))
    };
    Ok(Some(WebSocketConfig {
        path: endpoint.path.clone(),
        protocols,
        headers: arguments.header.iter().map(header).collect::<Result<_, _>>()?,
        form: if arguments.ws_binary { MessageForm::Binary } else { MessageForm::Fitting },
    }))
}

/// The payload of a ping.
///
/// # Errors
/// It is too long.
pub(super) fn ping(text: &str, lang: Lang) -> Result<Vec<u8>, UsageError> {
    if text.len() > CONTROL_MAX {
        return Err(UsageError::value("--ws-ping", text, lang.texts().long_for_control()));
    }
    Ok(text.as_bytes().to_vec())
}

/// File transfers are made for streams.
///
/// # Errors
/// There is one.
pub(super) fn check(is_transfer: bool, lang: Lang) -> Result<(), UsageError> {
    if is_transfer { Err(UsageError::option("ENDPOINT", lang.texts().not_over_websocket())) } else { Ok(()) }
}

/// Gives the sends their forms, and adds the close frame.
///
/// # Errors
/// The code of the close frame is wrong.
pub(super) fn shape(steps: &mut Vec<SendStep>, arguments: &WebSocketArguments, lang: Lang) -> Result<(), UsageError> {
    let items = steps.iter_mut().filter_map(|step| if let SendStep::List(plan) = step { Some(plan) } else { None });
    for item in items.flat_map(|plan| &mut plan.items) {
        let is_file = matches!(item.content, SendContent::File { .. } | SendContent::Opened(_));
        if is_file || (arguments.ws_binary && item.form == PayloadForm::TEXT) {
            item.form = PayloadForm::BINARY;
        }
    }
    if let Some(text) = &arguments.ws_close {
        let wrong = || UsageError::value("--ws-close", text, lang.texts().no_close_code());
        let (code, reason) = text.trim().split_once(' ').unwrap_or((text.trim(), ""));
        let code = code.parse().ok().filter(|code| close_code_is_valid(*code)).ok_or_else(wrong)?;
        if reason.len() > CONTROL_MAX - 2 {
            return Err(wrong());
        }
        let close = Close { code: Some(code), reason: reason.to_owned() };
        let item = SendItem::bytes(close.payload()).in_form(PayloadForm::CLOSE);
        steps.push(SendStep::List(SendPlan::once(vec![item])));
    }
    Ok(())
}
