//! Sentences about tabs and the page of a new one.

use crate::capture::CaptureInfo;
use crate::gui::sentences::tab_title;
use crate::gui::session::Session;
use crate::model::{Endpoint, EndpointError, Transport};
use crate::words::{self, Lang};

/// What a session is called where it has no tab.
pub fn session_title(session: &Session, lang: Lang) -> String {
    match &session.archive {
        Some(archive) => archive.endpoint.clone(),
        None => tab_title(&session.setup, &session.state, false, lang),
    }
}

/// A stored capture in one line: where, when, how much.
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

/// The same where the port or the address is wrong.
pub fn wrong_local(error: &EndpointError, lang: Lang) -> String {
    match error {
        EndpointError::Port(_) | EndpointError::NoPort => words::endpoint_error(error, lang),
        _ => lang.texts().wrong_local(&words::endpoint_error_brief(error, lang)),
    }
}
