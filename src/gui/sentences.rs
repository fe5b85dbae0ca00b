//! Labels with a number or an address in them.

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

use crate::model::{HostPort, Protocol, SessionState, display_address};
use crate::settings::SessionSetup;
use crate::words::{self, Lang};
use std::time::Duration;

/// Seconds in the first minute, then minutes, then hours and minutes: a text that stays true between its repaints.
pub fn duration(elapsed: Duration, lang: Lang) -> String {
    let seconds = elapsed.as_secs();
    let (minutes, hours) = (seconds / 60, seconds / 3600);
    match (lang, seconds) {
        (Lang::ZhCn, 0..60) => format!("{seconds} 秒"),
        (Lang::En, 0..60) => format!("{seconds} s"),
        (Lang::ZhCn, 60..3600) => format!("{minutes} 分钟"),
        (Lang::En, 60..3600) => format!("{minutes} min"),
        (Lang::ZhCn, _) => format!("{hours} 小时 {} 分", minutes % 60),
        (Lang::En, _) => format!("{hours} h {} min", minutes % 60),
    }
}

/// Below a minute the time a session is open goes in steps of this: each step is a frame, of a window that is else at rest.
const OPEN_STEP: Duration = Duration::from_secs(10);
const MINUTE: Duration = Duration::from_secs(60);

/// When [`status`] will say something else of the time a session is open.
pub fn open_for_changes_in(elapsed: Duration) -> Duration {
    let step = if elapsed < MINUTE { OPEN_STEP } else { MINUTE };
    step.saturating_sub(Duration::from_nanos((elapsed.as_nanos() % step.as_nanos()) as u64))
}

/// The time a session is open, in those steps; nothing before the first.
fn open_for(elapsed: Duration, lang: Lang) -> Option<String> {
    let step = OPEN_STEP.as_secs();
    let seconds = elapsed.as_secs();
    let shown = if elapsed < MINUTE { seconds / step * step } else { seconds };
    (shown > 0).then(|| duration(Duration::from_secs(shown), lang))
}

/// The state line of the left column, with the true local address.
pub fn local_line(state: &SessionState, lang: Lang) -> Option<String> {
    let (zh, en, local) = match state {
        SessionState::Listening { local } => ("正在监听", "Listening on", local),
        SessionState::Connected { local, .. } => ("本地", "Local", local),
        SessionState::Bound { local } => ("已打开，本地", "Bound to", local),
        SessionState::Resolving => return Some(lang.pick("正在解析主机名…", "Looking up the host name…").to_owned()),
        SessionState::Connecting => return Some(lang.pick("正在连接…", "Connecting…").to_owned()),
        SessionState::Closing => return Some(lang.pick("正在关闭…", "Closing…").to_owned()),
        SessionState::Idle | SessionState::Closed(_) => return None,
    };
    Some(format!("{} {}", lang.pick(zh, en), display_address(*local)))
}

/// Where other devices reach a socket that is open on every interface; `None`: it is not, or this machine has no address.
pub fn reach_line(state: &SessionState, own: Option<&str>, lang: Lang) -> Option<String> {
    let (zh, en, local) = match state {
        SessionState::Listening { local } => ("其他设备可连接", "Other devices connect to", local),
        SessionState::Bound { local } => ("其他设备可发到", "Other devices send to", local),
        _ => return None,
    };
    let own = own.filter(|_| local.ip().is_unspecified())?;
    Some(format!("{} {own}:{}", lang.pick(zh, en), local.port()))
}

/// The state at the left of the status line.
pub fn status(
    state: &SessionState,
    failure: Option<&crate::model::NetError>,
    open_for: Option<Duration>,
    lang: Lang,
) -> String {
    let open_for = open_for.and_then(|elapsed| self::open_for(elapsed, lang));
    let with = |zh: &str, en: &str| match (&open_for, lang) {
        (None, _) => lang.pick(zh, en).to_owned(),
        (Some(open_for), Lang::ZhCn) => format!("{zh}，已运行 {open_for}"),
        (Some(open_for), Lang::En) => format!("{en} for {open_for}"),
    };
    match state {
        SessionState::Listening { .. } => with("正在监听", "Listening"),
        SessionState::Connected { .. } => with("已连接", "Connected"),
        SessionState::Bound { .. } => with("已打开", "Open"),
        SessionState::Resolving => lang.pick("正在解析主机名…", "Looking up the host name…").to_owned(),
        SessionState::Connecting => lang.pick("正在连接…", "Connecting…").to_owned(),
        SessionState::Closing => lang.pick("正在关闭…", "Closing…").to_owned(),
        SessionState::Idle | SessionState::Closed(_) if failure.is_some() => {
            failure.map(|error| failed(error, lang)).unwrap_or_default()
        }
        SessionState::Idle => lang.pick("就绪", "Ready").to_owned(),
        SessionState::Closed(reason) => match lang {
            Lang::ZhCn => format!("已关闭：{}", words::close_reason(*reason, lang)),
            Lang::En => format!("Closed: {}", words::close_reason(*reason, lang)),
        },
    }
}

fn failed(error: &crate::model::NetError, lang: Lang) -> String {
    use crate::model::Operation as Op;
    let (zh, en) = match error.operation {
        Op::Listen => ("监听失败", "Listening failed"),
        Op::Bind => ("打开失败", "Opening failed"),
        Op::Connect => ("连接失败", "Connecting failed"),
        Op::Resolve => ("解析失败", "Look-up failed"),
        _ => ("出错", "Failed"),
    };
    format!("{}{}{}", lang.pick(zh, en), lang.pick("：", ": "), words::error_cause(error, lang))
}

/// The title of a tab; `short` where two panes share the window.
pub fn tab_title(setup: &SessionSetup, state: &SessionState, short: bool, lang: Lang) -> String {
    // What is no port or host yet names nothing.
    let local = match state.local() {
        Some(local) => Some(local.port()),
        None => setup.local_port.trim().parse::<u16>().ok(),
    };
    let with_port = |name: &str| local.map_or_else(|| name.to_owned(), |port| format!("{name} :{port}"));
    match setup.protocol {
        Protocol::TcpServer if short => with_port("TCP"),
        Protocol::TcpServer => with_port(lang.pick("TCP 服务器", "TCP server")),
        Protocol::TcpClient => match HostPort::from_fields(&setup.remote_address, &setup.remote_port) {
            Ok(at) if short => at.to_string(),
            Ok(at) => format!("TCP {at}"),
            Err(_) if short => "TCP".to_owned(),
            Err(_) => lang.pick("TCP 客户端", "TCP client").to_owned(),
        },
        Protocol::Udp => with_port("UDP"),
    }
}

/// `6 字节`, `1 byte`.
pub fn bytes(count: u64, lang: Lang) -> String {
    match lang {
        Lang::ZhCn => format!("{} 字节", grouped(count)),
        Lang::En if count == 1 => "1 byte".to_owned(),
        Lang::En => format!("{} bytes", grouped(count)),
    }
}

/// What a repeat goes on with while the box holds nothing that can be sent.
pub fn still_repeating(payload: &[u8], lang: Lang) -> String {
    const SHOWN: usize = 8;
    let head = crate::codec::hex::spaced_upper(payload.get(..SHOWN).unwrap_or(payload));
    let more = if payload.len() > SHOWN { "…" } else { "" };
    let count = bytes(u64::try_from(payload.len()).unwrap_or(u64::MAX), lang);
    match lang {
        Lang::ZhCn => format!("循环仍在发送 {head}{more}（{count}）"),
        Lang::En => format!("Still repeating {head}{more} ({count})"),
    }
}

/// Which bytes the inspector is about. `offsets`: first and last byte, where they are in one record.
pub fn chosen(records: (u64, u64), offsets: Option<(u32, u32)>, total: Option<u64>, lang: Lang) -> String {
    let (first, last) = records;
    let mut text = match (lang, first == last) {
        (Lang::ZhCn, true) => format!("记录 {first}"),
        (Lang::ZhCn, false) => format!("记录 {first}–{last}"),
        (Lang::En, true) => format!("Record {first}"),
        (Lang::En, false) => format!("Records {first}–{last}"),
    };
    if let Some((from, to)) = offsets {
        text.push_str(lang.pick("，偏移 ", ", offset "));
        text.push_str(&if from == to { from.to_string() } else { format!("{from}–{to}") });
    }
    if let Some(total) = total {
        text.push_str(lang.pick("，共 ", ", "));
        text.push_str(&bytes(total, lang));
    }
    text
}

/// A time between two records, in the unit that says most: `85 µs`, `3.42 ms`, `26 ms`, `1.240 s`, `2 h 03 min`.
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

/// The highest rate of what came, bytes a second.
pub fn highest_received(rate: u64, lang: Lang) -> String {
    format!("{} {}/s", lang.pick("接收最高", "Received up to"), words::size(rate))
}

/// The highest rate of what went, bytes a second.
pub fn highest_sent(rate: u64, lang: Lang) -> String {
    format!("{} {}/s", lang.pick("发送最高", "Sent up to"), words::size(rate))
}

/// Over how much time each rate is a mean.
pub fn measured_over(ns: u64, lang: Lang) -> String {
    format!("{} {}", lang.pick("统计间隔", "Interval"), elapsed(ns, lang))
}

/// The mean time of answers.
pub fn mean_answer(ns: u64, lang: Lang) -> String {
    format!("{} {}", lang.pick("平均", "Mean"), elapsed(ns, lang))
}

/// The longest one.
pub fn longest_answer(ns: u64, lang: Lang) -> String {
    format!("{} {}", lang.pick("最长", "Longest"), elapsed(ns, lang))
}

/// What came at one time; `rate` in words.
pub fn received_at(rate: &str, lang: Lang) -> String {
    format!("{} {rate}", lang.pick("接收", "Received"))
}

/// What went at one time; `rate` in words.
pub fn sent_at(rate: &str, lang: Lang) -> String {
    format!("{} {rate}", lang.pick("发送", "Sent"))
}

/// The shortest and the longest of some answers.
pub fn answer_range(shortest_ns: u64, longest_ns: u64, lang: Lang) -> String {
    format!("{} – {}", elapsed(shortest_ns, lang), elapsed(longest_ns, lang))
}

/// How many answers there were.
pub fn answers(count: u64, lang: Lang) -> String {
    match (lang, count) {
        (Lang::ZhCn, _) => format!("{} 次应答", grouped(count)),
        (Lang::En, 1) => "1 answer".into(),
        (Lang::En, _) => format!("{} answers", grouped(count)),
    }
}

/// The send target "everybody".
pub fn all_peers(count: u64, lang: Lang) -> String {
    match lang {
        Lang::ZhCn => format!("全部连接 ({})", grouped(count)),
        Lang::En => format!("All peers ({})", grouped(count)),
    }
}

/// A chosen peer that is not there any more.
pub fn peer_gone(number: u32, lang: Lang) -> String {
    match lang {
        Lang::ZhCn => format!("#{number} 已断开"),
        Lang::En => format!("#{number} is gone"),
    }
}

/// Under the stop button: how many rounds were sent.
pub fn rounds(count: u64, lang: Lang) -> String {
    match lang {
        Lang::ZhCn => format!("已发送 {} 次", grouped(count)),
        Lang::En if count == 1 => "sent once".to_owned(),
        Lang::En => format!("sent {} times", grouped(count)),
    }
}

/// The banner's useful action for a port in use.
pub fn use_port(port: u16, lang: Lang) -> String {
    match lang {
        Lang::ZhCn => format!("改用 {port}"),
        Lang::En => format!("Use {port}"),
    }
}

/// A pasted chip: its size.
pub fn pasted(len: usize, lang: Lang) -> String {
    let size = words::size(u64::try_from(len).unwrap_or(u64::MAX));
    match lang {
        Lang::ZhCn => format!("粘贴的内容，{size}"),
        Lang::En => format!("Pasted text, {size}"),
    }
}

/// The counters of one peer, as a tooltip.
pub fn peer_counts(peer: &crate::engine::PeerInfo, lang: Lang) -> String {
    let (received, sent) = (words::size(peer.received_bytes), words::size(peer.sent_bytes));
    let queued = match (peer.queued_bytes, lang) {
        (0, _) => String::new(),
        (bytes, Lang::ZhCn) => format!("，待发 {}", words::size(bytes)),
        (bytes, Lang::En) => format!(", {} waiting", words::size(bytes)),
    };
    match lang {
        Lang::ZhCn => format!("接收 {received}，发送 {sent}{queued}"),
        Lang::En => format!("{received} received, {sent} sent{queued}"),
    }
}

/// A file is done.
pub fn file_saved(bytes: u64, lang: Lang) -> String {
    let size = words::size(bytes);
    match lang {
        Lang::ZhCn => format!("已保存 {size}"),
        Lang::En => format!("{size} saved"),
    }
}

/// Chosen bytes are what others are compared with from now on.
pub fn base_set(name: &str, lang: Lang) -> String {
    match lang {
        Lang::ZhCn => format!("比较基准：{name}"),
        Lang::En => format!("Base for comparison: {name}"),
    }
}

/// Why next and previous do not reach every hit.
pub fn only_first_hits(listed: usize, lang: Lang) -> String {
    match lang {
        Lang::ZhCn => format!("可逐个跳到最前面的 {listed} 处；总数是全部的"),
        Lang::En => format!("The first {listed} can be visited one by one; the count is of all"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_a_session_is_open_says_when_it_changes() {
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
    fn a_socket_open_to_everybody_says_where_it_is_reached() {
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
    fn times_between_records_are_in_the_unit_that_says_most() {
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
        // What is no port or host names nothing.
        (setup.local_port, setup.remote_address) = ("80 80".into(), "bad host!".into());
        let titles = [Protocol::TcpServer, Protocol::TcpClient, Protocol::Udp].map(|protocol| {
            let setup = SessionSetup { protocol, ..setup.clone() };
            [false, true].map(|short| tab_title(&setup, &SessionState::Idle, short, Lang::ZhCn))
        });
        assert_eq!(titles, [["TCP 服务器", "TCP"], ["TCP 客户端", "TCP"], ["UDP", "UDP"]]);
    }
}
