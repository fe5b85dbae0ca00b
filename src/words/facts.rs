//! Facts of a connection as rows of a label and a value.

use super::{Lang, close_reason, grouped, harmless, size};
use crate::model::{Facts, OptionForm, OptionName, Probing, SocketOptions, TcpFacts, display_address};

/// What a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fact {
    /// Our address.
    Local,
    /// The address of the other side.
    Remote,
    /// Who connected.
    OpenedBy,
    /// Who ended it, and how.
    Ended,
    /// How long it has been open.
    Open,
    /// The addresses of the name.
    Resolved,
    /// Time of the look-up.
    LookUp,
    /// Time of the connect.
    Connect,
    /// Time of the handshakes.
    Handshake,
    /// Bytes that have arrived and are not read.
    Unread,
    /// Bytes that are not acknowledged.
    Unsent,
    /// Bytes in the queue of this program.
    Waiting,
    /// Round-trip time.
    RoundTrip,
    /// Segments that were sent again.
    Retransmits,
    /// Segments that count as lost.
    Lost,
    /// Congestion window.
    CongestionWindow,
    /// The peer's window.
    SendWindow,
    /// Our window.
    ReceiveWindow,
    /// Largest segment.
    Segment,
    /// Largest packet of the path.
    Path,
    /// Time to a retransmission.
    Timeout,
    /// Datagrams that the system dropped.
    KernelDropped,
}

/// The rows of facts. What is not known has none.
#[must_use]
pub fn facts_rows(facts: &Facts, lang: Lang) -> Vec<(&'static str, String)> {
    let texts = lang.texts();
    let mut rows = Vec::new();
    let mut row = |fact: Fact, value: Option<String>| {
        if let Some(value) = value {
            rows.push((texts.fact(fact), value));
        }
    };
    row(Fact::Local, Some(display_address(facts.local)));
    row(Fact::Remote, facts.remote.map(display_address));
    row(Fact::OpenedBy, facts.opened_by.map(|by| texts.opened_by(by).to_owned()));
    row(Fact::Ended, facts.closed.map(|reason| close_reason(reason, lang).to_owned()));
    row(Fact::Open, facts.open_ms.map(|ms| time(ms.saturating_mul(1000))));
    row(Fact::Resolved, resolved(facts, lang));
    row(Fact::LookUp, facts.resolve_us.map(time));
    row(Fact::Connect, facts.connect_us.map(time));
    row(Fact::Handshake, facts.handshake_us.map(time));
    row(Fact::Unread, facts.queues.received.map(size));
    row(Fact::Unsent, facts.queues.unsent.map(size));
    row(Fact::Waiting, Some(size(facts.queues.waiting)));
    if let Some(tcp) = &facts.tcp {
        tcp_rows(tcp, lang, &mut row);
    }
    row(Fact::KernelDropped, facts.kernel_dropped.map(grouped));
    for option in OptionName::ALL {
        if let Some(value) = facts.options.get(option.name()) {
            rows.push((texts.socket_option(option), option_value(option, value, lang)));
        }
    }
    rows
}

fn tcp_rows(tcp: &TcpFacts, lang: Lang, row: &mut dyn FnMut(Fact, Option<String>)) {
    let texts = lang.texts();
    let known = |number: u32| (number > 0).then_some(number);
    let least = known(tcp.min_rtt_us).map(|least| time(least.into()));
    let round_trip = known(tcp.rtt_us)
        .map(|rtt| texts.round_trip(&time(rtt.into()), &time(tcp.rtt_var_us.into()), least.as_deref()));
    row(Fact::RoundTrip, round_trip);
    row(Fact::Retransmits, Some(grouped(tcp.retransmits.into())));
    row(Fact::Lost, known(tcp.lost).map(|lost| grouped(lost.into())));
    row(Fact::CongestionWindow, Some(texts.segments(tcp.congestion_window)));
    row(Fact::SendWindow, known(tcp.send_window).map(|bytes| size(bytes.into())));
    row(Fact::ReceiveWindow, known(tcp.receive_window).map(|bytes| size(bytes.into())));
    row(Fact::Segment, Some(size(tcp.segment_bytes.into())));
    row(Fact::Path, known(tcp.path_bytes).map(|bytes| size(bytes.into())));
    row(Fact::Timeout, known(tcp.timeout_us).map(|us| time(us.into())));
}

/// The addresses of a name; the one that was taken is marked if there are several.
fn resolved(facts: &Facts, lang: Lang) -> Option<String> {
    let texts = lang.texts();
    let several = facts.resolved.len() > 1;
    let one = |address: &std::net::SocketAddr| {
        let shown = display_address(*address);
        if several && facts.remote == Some(*address) { texts.taken(&shown) } else { shown }
    };
    let all: Vec<_> = facts.resolved.iter().map(one).collect();
    (!all.is_empty()).then(|| all.join(texts.enumeration_comma()))
}

/// The value of a socket option in words.
fn option_value(option: OptionName, value: &str, lang: Lang) -> String {
    let texts = lang.texts();
    let mut options = SocketOptions::default();
    if options.set(option, value).is_err() {
        return harmless(value);
    }
    match (option.form(), options.keep_alive) {
        (OptionForm::Switch, _) => texts.on_or_off(value == "on").to_owned(),
        (OptionForm::KeepAlive, Some(Probing::Off)) => texts.on_or_off(false).to_owned(),
        (OptionForm::KeepAlive, Some(Probing::On(times))) => {
            texts.probes(times.idle.as_secs(), times.interval.map(|interval| interval.as_secs()), times.count)
        }
        (OptionForm::Bytes(..), _) => value.parse().map_or_else(|_| harmless(value), size),
        _ => harmless(value),
    }
}

/// A time with a unit that suits it: `85 µs`, `1.25 ms`, `3.0 s`.
#[must_use]
pub fn time(us: u64) -> String {
    match us {
        0..1000 => format!("{us} µs"),
        1000..10_000 => format!("{}.{:02} ms", us / 1000, us % 1000 / 10),
        10_000..1_000_000 => format!("{}.{} ms", us / 1000, us % 1000 / 100),
        _ => format!("{}.{} s", us / 1_000_000, us % 1_000_000 / 100_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{CloseReason, OpenedBy, Queues};

    #[test]
    fn times_have_three_digits_or_so() {
        for (us, shown) in [
            (0, "0 µs"),
            (999, "999 µs"),
            (1250, "1.25 ms"),
            (25_600, "25.6 ms"),
            (999_999, "999.9 ms"),
            (61_500_000, "61.5 s"),
        ] {
            assert_eq!(time(us), shown);
        }
    }

    #[test]
    fn rows_say_what_is_known() {
        let (v6, v4) = ("[::1]:80".parse().unwrap(), "127.0.0.1:80".parse().unwrap());
        let facts = Facts {
            local: "127.0.0.1:5000".parse().unwrap(),
            remote: Some(v4),
            opened_by: Some(OpenedBy::Us),
            closed: Some(CloseReason::PeerFin),
            resolve_us: Some(1250),
            connect_us: Some(85),
            handshake_us: None,
            open_ms: Some(1500),
            resolved: vec![v6, v4],
            queues: Queues { received: Some(0), unsent: None, waiting: 2048 },
            tcp: Some(TcpFacts { rtt_us: 30, rtt_var_us: 10, min_rtt_us: 20, ..TcpFacts::default() }),
            kernel_dropped: None,
            options: [("ttl", "64"), ("no-delay", "on"), ("keep-alive", "30s,5s,3"), ("send-buffer", "65536")]
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .into(),
        };
        let rows = facts_rows(&facts, Lang::En);
        let value = |label: &str| rows.iter().find(|(name, _)| *name == label).map(|(_, value)| value.as_str());
        assert_eq!(value("Resolved addresses"), Some("[::1]:80, 127.0.0.1:80 (taken)"));
        assert_eq!(value("Round-trip time"), Some("30 µs ± 10 µs (min 20 µs)"));
        assert_eq!(value("Keep-alive"), Some("after 30 s, every 5 s, 3 probes"));
        assert_eq!(value("Send buffer"), Some("64.0 KiB"));
        assert_eq!((value("Not acknowledged (system)"), value("Handshake")), (None, None));
        let rows = facts_rows(&facts, Lang::ZhCn);
        assert!(rows.contains(&("解析到的地址", "[::1]:80、127.0.0.1:80（已采用）".to_owned())), "{rows:?}");
        assert!(rows.contains(&("立即发送", "开".to_owned())));
    }
}
