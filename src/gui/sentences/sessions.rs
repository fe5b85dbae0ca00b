//! Sentences about tabs and the page of a new session.

use crate::capture::CaptureInfo;
use crate::gui::sentences::{duration, tab_title};
use crate::gui::session::Session;
use crate::model::{Endpoint, EndpointError, Layers, NextTry, Protocol, SessionState, Transport, UNIX_SCHEME};
use crate::settings::SessionSetup;
use crate::words::{self, Lang, Text};
use std::time::{Duration, Instant};

/// The title of a session outside the tab bar.
pub fn session_title(session: &Session, lang: Lang) -> String {
    match &session.archive {
        Some(archive) => archive.endpoint.clone(),
        None => tab_title(&session.setup, &session.state, false, lang),
    }
}

/// Protocol and address of a stored capture. A listener on every address is its port alone.
pub fn capture_address(info: &CaptureInfo) -> (&'static str, String) {
    match info.endpoint.parse::<Endpoint>() {
        Ok(Endpoint { layers: Layers { websocket: true, .. }, at, .. }) => {
            ("WebSocket", short(&at.host, &at.port.to_string()))
        }
        Ok(Endpoint { layers: Layers { tls: true, .. }, at, .. }) => ("TLS", short(&at.host, &at.port.to_string())),
        Ok(Endpoint { transport: Transport::Tcp, at, .. }) => ("TCP", short(&at.host, &at.port.to_string())),
        Ok(Endpoint { transport: Transport::Udp, at, .. }) => ("UDP", short(&at.host, &at.port.to_string())),
        Err(_) => ("", words::harmless(&info.endpoint)),
    }
}

/// Protocol and address of a recent connection: where a client connects to, where a server listens, the target of a UDP session.
pub fn recent_address(setup: &SessionSetup) -> (&'static str, String) {
    let tcp = if setup.tls.is_on { "TLS" } else { "TCP" };
    match setup.protocol {
        Protocol::TcpServer => (tcp, short(&setup.local_address, &setup.local_port)),
        Protocol::TcpClient => (tcp, short(&setup.remote_address, &setup.remote_port)),
        Protocol::Udp if setup.target_port.trim().is_empty() => ("UDP", short(&setup.local_address, &setup.local_port)),
        Protocol::Udp => ("UDP", short(&setup.target_address, &setup.target_port)),
    }
}

fn short(host: &str, port: &str) -> String {
    if host.trim().starts_with(UNIX_SCHEME) {
        return host.trim().to_owned();
    }
    match (host.trim(), port.trim()) {
        ("" | "0.0.0.0" | "::", port) => format!(":{port}"),
        (host, port) if host.contains(':') && !host.starts_with('[') => format!("[{host}]:{port}"),
        (host, port) => format!("{host}:{port}"),
    }
}

/// What a recent connection is called: its name, or its protocol and address.
pub fn recent_name(setup: &SessionSetup) -> String {
    let (kind, at) = recent_address(setup);
    if setup.name.is_empty() { format!("{kind} {at}") } else { setup.name.clone() }
}

/// The name of a kind of sessions.
pub fn protocol(protocol: Protocol, lang: Lang) -> &'static str {
    match protocol {
        Protocol::TcpServer => Text::TcpServer.of(lang),
        Protocol::TcpClient => Text::TcpClient.of(lang),
        Protocol::Udp => Text::Udp.of(lang),
    }
}

/// A stored capture in one line: where, when, how much.
pub fn capture_in_short(info: &CaptureInfo) -> String {
    let endpoint = match info.endpoint.parse::<Endpoint>() {
        Ok(Endpoint { layers: Layers { websocket: true, .. }, at, .. }) => format!("WebSocket {at}"),
        Ok(Endpoint { layers: Layers { tls: true, .. }, at, .. }) => format!("TLS {at}"),
        Ok(Endpoint { transport: Transport::Tcp, at, .. }) => format!("TCP {at}"),
        Ok(Endpoint { transport: Transport::Udp, at, .. }) => format!("UDP {at}"),
        Err(_) => words::harmless(&info.endpoint),
    };
    let time = jiff::Timestamp::from_nanosecond(i128::from(info.created_unix_ns)).unwrap_or_default();
    let time = time.to_zoned(jiff::tz::TimeZone::system()).strftime("%m-%d %H:%M").to_string();
    format!("{endpoint} · {time} · {}", words::size(info.bytes))
}

/// A sentence about an invalid local port or address.
pub fn wrong_local(error: &EndpointError, lang: Lang) -> String {
    match error {
        EndpointError::Port(_) | EndpointError::NoPort => words::endpoint_error(error, lang),
        _ => lang.texts().wrong_local(&words::endpoint_error_brief(error, lang)),
    }
}

/// The attempt that a client waits for, and how long it still waits.
fn next_try(session: &Session) -> Option<(NextTry, Duration)> {
    let SessionState::Waiting { next, .. } = &session.state else { return None };
    let left = session.waits_until?.saturating_duration_since(Instant::now());
    Some((*next, left))
}

/// When a client connects again, in whole seconds, and which attempt it is.
pub fn waiting(session: &Session, lang: Lang) -> Option<String> {
    let (next, left) = next_try(session)?;
    Some(lang.texts().reconnects_in(&in_seconds(left, lang), next.number, next.of))
}

/// The same for a narrow place.
pub fn waiting_in_short(session: &Session, lang: Lang) -> Option<String> {
    let (next, left) = next_try(session)?;
    let number = next.of.map_or_else(|| next.number.to_string(), |of| format!("{}/{of}", next.number));
    Some(lang.texts().reconnects_in_short(&in_seconds(left, lang), &number))
}

/// The time until [`waiting`] shows another number.
pub fn waiting_changes_in(session: &Session) -> Option<Duration> {
    let (_, left) = next_try(session)?;
    let rest = u64::from(left.subsec_millis()) + 1;
    Some(Duration::from_millis(rest))
}

/// Rounded up, so that the last second counts as one.
fn in_seconds(left: Duration, lang: Lang) -> String {
    duration(Duration::from_secs(left.as_secs() + u64::from(left.subsec_nanos() > 0)), lang)
}
