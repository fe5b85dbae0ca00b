//! Sentences about tabs and the page of a new session.

use crate::capture::CaptureInfo;
use crate::gui::sentences::tab_title;
use crate::gui::session::Session;
use crate::model::{Endpoint, EndpointError, Transport};
use crate::words::{self, Lang};

/// The title of a session outside the tab bar.
pub fn session_title(session: &Session, lang: Lang) -> String {
    match &session.archive {
        Some(archive) => archive.endpoint.clone(),
        None => tab_title(&session.setup, &session.state, false, lang),
    }
}

/// A stored capture in one line: endpoint, time, size.
pub fn capture_in_short(info: &CaptureInfo) -> String {
    let endpoint = match info.endpoint.parse::<Endpoint>() {
        Ok(Endpoint { transport: Transport::Tcp, at }) => format!("TCP {at}"),
        Ok(Endpoint { transport: Transport::Udp, at }) => format!("UDP {at}"),
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
