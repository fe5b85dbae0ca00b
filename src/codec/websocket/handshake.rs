//! The handshake of WebSocket (RFC 6455, section 4): heads of HTTP to values and back.

use crate::model::{WebSocketFault, WebSocketStep};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha1::{Digest as _, Sha1};

/// Most bytes of a head.
pub const HEAD_MAX: usize = 16 << 10;
/// Most headers of a head.
const HEADERS_MAX: usize = 100;
/// Appended to the key before it is hashed (RFC 6455, 1.3).
const GUID: &str = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// A key from random bytes.
#[must_use]
pub fn key_of(random: [u8; 16]) -> String {
    STANDARD.encode(random)
}

/// The value with which a server answers a key.
#[must_use]
pub fn accept_of(key: &str) -> String {
    let mut hash = Sha1::new();
    hash.update(key.as_bytes());
    hash.update(GUID.as_bytes());
    STANDARD.encode(hash.finalize())
}

/// The bytes of a request or response.
#[must_use]
pub fn write(step: &WebSocketStep) -> Vec<u8> {
    let mut head = match step {
        WebSocketStep::Request { path, .. } => format!("GET {path} HTTP/1.1\r\n"),
        WebSocketStep::Response { status, reason, .. } => format!("HTTP/1.1 {status} {reason}\r\n"),
    };
    for (name, value) in step.headers() {
        head.push_str(name);
        head.push_str(": ");
        head.push_str(value);
        head.push_str("\r\n");
    }
    head.push_str("\r\n");
    head.into_bytes()
}

/// Reads the request that `bytes` begin with, and the length of its head; `None`: it is not complete.
///
/// # Errors
/// It is not HTTP, or too long.
pub fn request(bytes: &[u8]) -> Result<Option<(usize, WebSocketStep)>, WebSocketFault> {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS_MAX];
    let mut request = httparse::Request::new(&mut headers);
    let parsed = request.parse(bytes);
    let Some(len) = length(parsed, bytes)? else { return Ok(None) };
    let path = request.path.unwrap_or_default().to_owned();
    Ok(Some((len, WebSocketStep::Request { sent: false, path, headers: owned(request.headers) })))
}

/// Reads the response that `bytes` begin with, as [`request`].
///
/// # Errors
/// It is not HTTP, or too long.
pub fn response(bytes: &[u8]) -> Result<Option<(usize, WebSocketStep)>, WebSocketFault> {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS_MAX];
    let mut response = httparse::Response::new(&mut headers);
    let parsed = response.parse(bytes);
    let Some(len) = length(parsed, bytes)? else { return Ok(None) };
    let (status, reason) = (response.code.unwrap_or_default(), response.reason.unwrap_or_default().to_owned());
    Ok(Some((len, WebSocketStep::Response { sent: false, status, reason, headers: owned(response.headers) })))
}

fn length(parsed: httparse::Result<usize>, bytes: &[u8]) -> Result<Option<usize>, WebSocketFault> {
    match parsed {
        Ok(httparse::Status::Complete(len)) if len <= HEAD_MAX => Ok(Some(len)),
        Ok(httparse::Status::Partial) if bytes.len() < HEAD_MAX => Ok(None),
        Ok(_) | Err(httparse::Error::TooManyHeaders) => Err(WebSocketFault::LongHead),
        Err(_) => Err(not_http(bytes)),
    }
}

/// The peer does not speak HTTP.
#[must_use]
pub fn not_http(bytes: &[u8]) -> WebSocketFault {
    WebSocketFault::NotHttp { start: bytes[..bytes.len().min(32)].to_vec() }
}

fn owned(headers: &[httparse::Header<'_>]) -> Vec<(String, String)> {
    headers.iter().map(|h| (h.name.to_owned(), String::from_utf8_lossy(h.value).into_owned())).collect()
}

/// Whether a header that is a list has this word.
fn has_word(step: &WebSocketStep, name: &str, word: &str) -> bool {
    let of_name = step.headers().iter().filter(|(own, _)| own.eq_ignore_ascii_case(name));
    of_name.flat_map(|(_, value)| value.split(',')).any(|own| own.trim().eq_ignore_ascii_case(word))
}

fn missing(header: &str) -> WebSocketFault {
    WebSocketFault::Missing { header: header.to_owned() }
}

/// Checks that a head asks for or agrees to WebSocket.
fn upgrades(step: &WebSocketStep) -> Result<(), WebSocketFault> {
    if !has_word(step, "Upgrade", "websocket") {
        return Err(missing("Upgrade: websocket"));
    }
    if !has_word(step, "Connection", "Upgrade") {
        return Err(missing("Connection: Upgrade"));
    }
    Ok(())
}

/// The subprotocols that a request offers.
#[must_use]
pub fn offered(request: &WebSocketStep) -> Vec<String> {
    let of_name = request.headers().iter().filter(|(name, _)| name.eq_ignore_ascii_case("Sec-WebSocket-Protocol"));
    of_name.flat_map(|(_, value)| value.split(',')).map(|name| name.trim().to_owned()).collect()
}

/// Checks a client's request: its key.
///
/// # Errors
/// It does not ask for WebSocket, or for another version.
pub fn check_request(request: &WebSocketStep) -> Result<String, WebSocketFault> {
    upgrades(request)?;
    match request.header("Sec-WebSocket-Version") {
        Some("13") => {}
        Some(version) => return Err(WebSocketFault::Version { version: version.to_owned() }),
        None => return Err(missing("Sec-WebSocket-Version")),
    }
    let key = request.header("Sec-WebSocket-Key").filter(|key| STANDARD.decode(key).is_ok_and(|key| key.len() == 16));
    key.map(str::to_owned).ok_or_else(|| missing("Sec-WebSocket-Key"))
}

/// Checks a server's response to a request with this key and these subprotocols.
///
/// # Errors
/// The server refuses, or does not know the protocol.
pub fn check_response(response: &WebSocketStep, key: &str, protocols: &[String]) -> Result<(), WebSocketFault> {
    if let WebSocketStep::Response { status, reason, .. } = response
        && *status != 101
    {
        return Err(WebSocketFault::Refused { status: *status, reason: reason.clone() });
    }
    upgrades(response)?;
    match response.header("Sec-WebSocket-Accept") {
        Some(accept) if accept == accept_of(key) => {}
        Some(_) => return Err(WebSocketFault::WrongAccept),
        None => return Err(missing("Sec-WebSocket-Accept")),
    }
    match response.header("Sec-WebSocket-Protocol") {
        Some(protocol) if !protocols.iter().any(|own| own == protocol) => {
            Err(WebSocketFault::OtherProtocol { protocol: protocol.to_owned() })
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_key_of_the_rfc_has_its_answer() {
        assert_eq!(accept_of("dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    #[test]
    fn a_response_is_checked() {
        let response = |text: &str| response(text.as_bytes()).map(|read| read.expect("complete").1);
        let good = format!(
            "HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\nConnection: keep-alive, upgrade\r\n\
             Sec-WebSocket-Accept: {}\r\nSec-WebSocket-Protocol: chat\r\n\r\n",
            accept_of("k")
        );
        let check = |text: &str| response(text).and_then(|step| check_response(&step, "k", &["chat".to_owned()]));
        assert_eq!(check(&good), Ok(()));
        assert_eq!(
            check(&good.replace("chat", "talk")),
            Err(WebSocketFault::OtherProtocol { protocol: "talk".into() })
        );
        assert_eq!(check(&good.replace("WebSocket\r", "h2c\r")), Err(missing("Upgrade: websocket")));
        assert_eq!(check(&good.replace("Accept: ", "Accept: x")), Err(WebSocketFault::WrongAccept));
        let refused = WebSocketFault::Refused { status: 404, reason: "Not Found".into() };
        assert_eq!(check("HTTP/1.1 404 Not Found\r\n\r\n"), Err(refused));
        assert_eq!(check("SSH-2.0-x\r\n"), Err(not_http(b"SSH-2.0-x\r\n")));
        assert_eq!(super::response(&good.as_bytes()[..good.len() - 1]), Ok(None));
    }

    #[test]
    fn a_head_has_a_limit() {
        let long = format!("GET / HTTP/1.1\r\nX: {}", "x".repeat(HEAD_MAX));
        assert_eq!(request(long.as_bytes()), Err(WebSocketFault::LongHead));
        let many = format!("GET / HTTP/1.1\r\n{}\r\n", "X: y\r\n".repeat(HEADERS_MAX + 1));
        assert_eq!(request(many.as_bytes()), Err(WebSocketFault::LongHead));
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_head_or_refused(bytes: Vec<u8>) {
            drop(request(&bytes));
            drop(response(&bytes));
        }

        #[test]
        fn requests_come_back(path in "/[a-z?=]{0,9}", headers in proptest::collection::vec(("[A-Za-z-]{1,9}", "[!-~]{1,9}"), 0..5)) {
            let step = WebSocketStep::Request { sent: false, path, headers };
            let bytes = write(&step);
            prop_assert_eq!(request(&bytes), Ok(Some((bytes.len(), step))));
        }
    }
}
