//! Facts of a connection, in English.

use super::En;
use crate::model::{OpenedBy, OptionName};
use crate::words::Fact;

texts! { Facts for En;
    fact(fact: Fact) -> &'static str {
        match fact {
            Fact::Local => "Local address",
            Fact::Remote => "Peer address",
            Fact::OpenedBy => "Opened by",
            Fact::Ended => "Ended",
            Fact::Open => "Open for",
            Fact::Resolved => "Resolved addresses",
            Fact::LookUp => "Name look-up",
            Fact::Connect => "Connect",
            Fact::Handshake => "Handshake",
            Fact::Unread => "Not read yet (system)",
            Fact::Unsent => "Not acknowledged (system)",
            Fact::Waiting => "Waiting to be sent",
            Fact::RoundTrip => "Round-trip time",
            Fact::Retransmits => "Retransmitted segments",
            Fact::Lost => "Lost segments",
            Fact::CongestionWindow => "Congestion window",
            Fact::SendWindow => "Peer's receive window",
            Fact::ReceiveWindow => "Own receive window",
            Fact::Segment => "Segment size",
            Fact::Path => "Path MTU",
            Fact::Timeout => "Retransmission timeout",
            Fact::KernelDropped => "Dropped by the system",
        }
    }
    socket_option(option: OptionName) -> &'static str {
        match option {
            OptionName::ReuseAddress => "Reuse address",
            OptionName::NoDelay => "No delay",
            OptionName::KeepAlive => "Keep-alive",
            OptionName::SendBuffer => "Send buffer",
            OptionName::ReceiveBuffer => "Receive buffer",
            OptionName::Ttl => "TTL",
            OptionName::Tos => "TOS",
            OptionName::ResetOnClose => "Reset on close",
            OptionName::Backlog => "Backlog",
            OptionName::OnlyV6 => "IPv6 only",
            OptionName::Interface => "Interface",
        }
    }
    opened_by(by: OpenedBy) -> &'static str {
        match by {
            OpenedBy::Us => "this side",
            OpenedBy::Peer => "the peer",
        }
    }
    round_trip(mean: &str, deviation: &str, least: Option<&str>) -> String {
        let least = least.map(|least| format!(" (min {least})")).unwrap_or_default();
        format!("{mean} ± {deviation}{least}")
    }
    segments(count: u32) => "{count} segments";
    on_or_off(on: bool) -> &'static str { if on { "on" } else { "off" } }
    probes(idle: u64, interval: Option<u64>, count: Option<u32>) -> String {
        let interval = interval.map(|interval| format!(", every {interval} s")).unwrap_or_default();
        let count = count.map(|count| format!(", {count} probes")).unwrap_or_default();
        format!("after {idle} s{interval}{count}")
    }
    taken(address: &str) => "{address} (taken)";
}
