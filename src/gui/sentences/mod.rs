//! Sentences and labels with numbers or addresses.

mod copying;
mod highlights;
mod items;
mod loading;
mod rules;
mod sending;
mod sessions;

pub use copying::*;
pub use highlights::*;
pub use items::*;
pub use loading::*;
pub use rules::*;
pub use sending::*;
pub use sessions::*;

use crate::model::{HostPort, NetError, Protocol, SessionState, display_address};
use crate::settings::SessionSetup;
use crate::words::{self, Lang, Text};
use std::time::Duration;

/// The time of a capture in the local time zone, to the second.
pub fn local_time(unix_ns: i64) -> String {
    match jiff::Timestamp::from_nanosecond(i128::from(unix_ns)) {
        Ok(time) => time.to_zoned(jiff::tz::TimeZone::system()).strftime("%Y-%m-%d %H:%M:%S").to_string(),
        Err(_) => String::new(),
    }
}

/// Seconds in the first minute, then minutes, then hours and minutes, so that the text stays correct between repaints.
pub fn duration(elapsed: Duration, lang: Lang) -> String {
    let seconds = elapsed.as_secs();
    match seconds {
        0..60 => lang.texts().seconds(seconds),
        60..3600 => lang.texts().minutes(seconds / 60),
        _ => lang.texts().hours_and_minutes(seconds / 3600, seconds / 60 % 60),
    }
}

/// Below a minute the open time changes in steps of this length, because each step needs a frame of an otherwise idle window.
const OPEN_STEP: Duration = Duration::from_secs(10);
const MINUTE: Duration = Duration::from_secs(60);

/// The time until [`status`] shows a different open time.
pub fn open_for_changes_in(elapsed: Duration) -> Duration {
    let step = if elapsed < MINUTE { OPEN_STEP } else { MINUTE };
    step.saturating_sub(Duration::from_nanos((elapsed.as_nanos() % step.as_nanos()) as u64))
}

/// The time a session has been open, in these steps; `None` before the first step.
pub fn open_for(elapsed: Duration, lang: Lang) -> Option<String> {
    let step = OPEN_STEP.as_secs();
    let seconds = elapsed.as_secs();
    let shown = if elapsed < MINUTE { seconds / step * step } else { seconds };
    (shown > 0).then(|| duration(Duration::from_secs(shown), lang))
}

/// The state line of the left column with the actual local address.
pub fn local_line(state: &SessionState, lang: Lang) -> Option<String> {
    let texts = lang.texts();
    Some(match state {
        SessionState::Listening { local } => texts.listening_on(&display_address(*local)),
        SessionState::Connected { local, .. } => texts.local_end(&display_address(*local)),
        SessionState::Bound { local } => texts.open_on(&display_address(*local)),
        SessionState::Resolving => texts.looking_up().to_owned(),
        SessionState::Connecting => texts.connecting().to_owned(),
        SessionState::Waiting { .. } => words::session_state(state, lang),
        SessionState::Closing => texts.closing().to_owned(),
        SessionState::Idle | SessionState::Closed(_) => return None,
    })
}

/// The address for other devices of a socket bound to all interfaces; `None` if it is not, or if this computer has no address.
pub fn reach_line(state: &SessionState, own: Option<&str>, lang: Lang) -> Option<String> {
    let local = state.local().filter(|local| local.ip().is_unspecified())?;
    let at = format!("{}:{}", own?, local.port());
    match state {
        SessionState::Listening { .. } => Some(lang.texts().others_connect_to(&at)),
        SessionState::Bound { .. } => Some(lang.texts().others_send_to(&at)),
        _ => None,
    }
}

/// The state at the left of the status line.
pub fn status(state: &SessionState, failure: Option<&NetError>, open_for: Option<Duration>, lang: Lang) -> String {
    let texts = lang.texts();
    let open_for = open_for.and_then(|elapsed| self::open_for(elapsed, lang));
    let with_time = |words: &str| open_for.map_or_else(|| words.to_owned(), |time| texts.state_for(words, &time));
    match state {
        SessionState::Listening { .. } => with_time(texts.listening()),
        SessionState::Connected { .. } => with_time(texts.connected()),
        SessionState::Bound { .. } => with_time(texts.open()),
        SessionState::Resolving => texts.looking_up().to_owned(),
        SessionState::Connecting => texts.connecting().to_owned(),
        SessionState::Waiting { .. } => words::session_state(state, lang),
        SessionState::Closing => texts.closing().to_owned(),
        SessionState::Idle | SessionState::Closed(_) => match (failure, state) {
            (Some(error), _) => failed(error, lang),
            (None, SessionState::Closed(reason)) => texts.closed_because(words::close_reason(*reason, lang)),
            (None, _) => texts.ready().to_owned(),
        },
    }
}

/// What failed, and why.
pub fn failed(error: &NetError, lang: Lang) -> String {
    lang.texts().failed_because(error.operation, &words::error_cause(error, lang))
}

/// The title of a tab; `short` if two panes share the window.
pub fn tab_title(setup: &SessionSetup, state: &SessionState, short: bool, lang: Lang) -> String {
    if !setup.name.is_empty() {
        return setup.name.clone();
    }
    // What is no port or host yet names nothing.
    let local = match state.local() {
        Some(local) => Some(local.port()),
        None => setup.local_port.trim().parse::<u16>().ok(),
    };
    let with_port = |name: &str| local.map_or_else(|| name.to_owned(), |port| format!("{name} :{port}"));
    match setup.protocol {
        Protocol::TcpServer if short => with_port("TCP"),
        Protocol::TcpServer => with_port(Text::TcpServer.of(lang)),
        Protocol::TcpClient => match HostPort::from_fields(&setup.remote_address, &setup.remote_port) {
            Ok(at) if short => at.to_string(),
            Ok(at) => format!("TCP {at}"),
            Err(_) if short => "TCP".to_owned(),
            Err(_) => Text::TcpClient.of(lang).to_owned(),
        },
        Protocol::Udp => with_port("UDP"),
    }
}

/// What a repeat keeps sending while the send box is invalid.
pub fn still_repeating(payload: &[u8], lang: Lang) -> String {
    const SHOWN: usize = 8;
    let head = crate::codec::hex::spaced_upper(payload.get(..SHOWN).unwrap_or(payload));
    let more = if payload.len() > SHOWN { "…" } else { "" };
    let bytes = u64::try_from(payload.len()).unwrap_or(u64::MAX);
    lang.texts().still_repeating(&format!("{head}{more}"), bytes)
}

/// A repeat continues with this text because the box has an error.
pub fn still_repeating_text(text: &str, lang: Lang) -> String {
    const SHOWN: usize = 24;
    let head: String =
        text.chars().take(SHOWN).map(|c| if crate::codec::safe::is_hidden(c) { ' ' } else { c }).collect();
    let more = if text.chars().nth(SHOWN).is_some() { "…" } else { "" };
    lang.texts().still_repeating_text(&format!("{head}{more}"))
}

/// The selection that the inspector shows. `offsets`: first and last byte if they are in one record.
pub fn chosen(records: (u64, u64), offsets: Option<(u32, u32)>, total: Option<u64>, lang: Lang) -> String {
    let texts = lang.texts();
    let (first, last) = records;
    let mut text = if first == last { texts.chosen_record(first) } else { texts.chosen_records(first, last) };
    if let Some((from, to)) = offsets {
        let offset = if from == to { from.to_string() } else { format!("{from}–{to}") };
        text.push_str(&texts.chosen_offset(&offset));
    }
    if let Some(total) = total {
        text.push_str(&texts.chosen_total(total));
    }
    text
}

/// A time between two records in the most suitable unit: `85 µs`, `3.42 ms`, `26 ms`, `1.240 s`, `2 h 03 min`.
pub fn elapsed(ns: u64, lang: Lang) -> String {
    let seconds = ns / 1_000_000_000;
    match ns {
        0..1_000_000 => format!("{} µs", ns / 1000),
        1_000_000..10_000_000 => format!("{}.{:02} ms", ns / 1_000_000, ns / 10_000 % 100),
        10_000_000..1_000_000_000 => format!("{} ms", ns / 1_000_000),
        1_000_000_000..60_000_000_000 => format!("{seconds}.{:03} s", ns / 1_000_000 % 1000),
        _ => duration(Duration::from_secs(seconds), lang),
    }
}

/// The time over which each rate is averaged.
pub fn measured_over(ns: u64, lang: Lang) -> String {
    lang.texts().measured_over(&elapsed(ns, lang))
}

/// The mean answer time.
pub fn mean_answer(ns: u64, lang: Lang) -> String {
    lang.texts().mean_answer(&elapsed(ns, lang))
}

/// The longest answer time.
pub fn longest_answer(ns: u64, lang: Lang) -> String {
    lang.texts().longest_answer(&elapsed(ns, lang))
}

/// The shortest and the longest answer time.
pub fn answer_range(shortest_ns: u64, longest_ns: u64, lang: Lang) -> String {
    format!("{} – {}", elapsed(shortest_ns, lang), elapsed(longest_ns, lang))
}

/// The counters of one peer, as a tooltip.
/// `heard`: time since it last sent something; `rate`: bytes per second in both directions.
pub fn peer_counts(peer: &crate::engine::PeerInfo, heard: Option<Duration>, rate: Option<u64>, lang: Lang) -> String {
    let mut counts = lang.texts().peer_counts(peer.received_bytes, peer.sent_bytes);
    if peer.queued_bytes > 0 {
        counts += &lang.texts().peer_waiting(peer.queued_bytes);
    }
    if let Some(ago) = heard {
        counts += "\n";
        counts += &lang.texts().peer_heard(&duration(ago, lang));
    }
    if let Some(bytes) = rate {
        counts += "\n";
        counts += &lang.texts().peer_rate(bytes);
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_change_of_the_open_time_is_known() {
        let state = SessionState::Listening { local: "127.0.0.1:80".parse().unwrap() };
        for (ms, text, change_ms) in [
            (0, "Listening", 10_000),
            (9_999, "Listening", 1),
            (17_200, "Listening for 10 s", 2_800),
            (59_999, "Listening for 50 s", 1),
            (60_000, "Listening for 1 min", 60_000),
            (3_725_000, "Listening for 1 h 2 min", 55_000),
        ] {
            let elapsed = Duration::from_millis(ms);
            assert_eq!(status(&state, None, Some(elapsed), Lang::En), text);
            assert_eq!(open_for_changes_in(elapsed), Duration::from_millis(change_ms), "{text}");
        }
    }

    #[test]
    fn a_socket_on_all_interfaces_shows_its_address_for_others() {
        let state = |local: &str| SessionState::Listening { local: local.parse().unwrap() };
        let line = |local, own| reach_line(&state(local), own, Lang::En);
        let words = line("0.0.0.0:80", Some("192.168.1.10"));
        assert_eq!(words.as_deref(), Some("Other devices connect to 192.168.1.10:80"));
        assert_eq!(line("127.0.0.1:80", Some("192.168.1.10")), None);
        assert_eq!(line("0.0.0.0:80", None), None);
    }

    #[test]
    fn chosen_bytes_are_counted() {
        assert_eq!(chosen((9, 9), Some((3, 6)), Some(4), Lang::ZhCn), "记录 9，偏移 3–6，共 4 字节");
        assert_eq!(chosen((9, 9), Some((3, 3)), Some(1), Lang::En), "Record 9, offset 3, 1 byte");
        assert_eq!(chosen((3, 9), None, None, Lang::En), "Records 3–9");
    }

    #[test]
    fn times_between_records_have_a_suitable_unit() {
        for (ns, text) in [
            (0, "0 µs"),
            (85_900, "85 µs"),
            (3_420_000, "3.42 ms"),
            (26_999_999, "26 ms"),
            (1_240_000_000, "1.240 s"),
            (61_000_000_000, "1 min"),
        ] {
            assert_eq!(elapsed(ns, Lang::En), text);
        }
    }

    #[test]
    fn a_tab_is_named_by_its_address() {
        let mut setup =
            SessionSetup { remote_address: "::1".into(), remote_port: "80".into(), ..SessionSetup::default() };
        setup.protocol = Protocol::TcpClient;
        assert_eq!(tab_title(&setup, &SessionState::Idle, false, Lang::En), "TCP [::1]:80");
        setup.protocol = Protocol::TcpServer;
        let local = "127.0.0.1:4711".parse().unwrap();
        assert_eq!(tab_title(&setup, &SessionState::Listening { local }, false, Lang::ZhCn), "TCP 服务器 :4711");
        // An invalid port or host is not shown.
        (setup.local_port, setup.remote_address) = ("80 80".into(), "bad host!".into());
        let titles = [Protocol::TcpServer, Protocol::TcpClient, Protocol::Udp].map(|protocol| {
            let setup = SessionSetup { protocol, ..setup.clone() };
            [false, true].map(|short| tab_title(&setup, &SessionState::Idle, short, Lang::ZhCn))
        });
        assert_eq!(titles, [["TCP 服务器", "TCP"], ["TCP 客户端", "TCP"], ["UDP", "UDP"]]);
    }
}
