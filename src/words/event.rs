//! Sentences about events, close reasons and states.

use super::cause::Cause;
use super::error::{error_sentence, place};
use super::tls::tls_step;
use super::transfer::transfer_failed;
use super::websocket::websocket_step;
use super::{Lang, facts_rows, harmless, size};
use crate::capture::{RecordKind, SessionNote};
use crate::model::{CloseReason, NextTry, SessionState, display_address};
use std::net::SocketAddr;

/// How a session or connection ended, and by which side.
#[must_use]
pub fn close_reason(reason: CloseReason, lang: Lang) -> &'static str {
    lang.texts().close_reason(reason)
}

/// The sentence for a record that is not data, without its time. `note` is `None` for joined and half-closed.
#[must_use]
pub fn event_sentence(kind: RecordKind, note: Option<&SessionNote>, address: Option<SocketAddr>, lang: Lang) -> String {
    if let Some(note) = note {
        return note_sentence(note, address, lang);
    }
    lang.texts().event(kind, &peer(address, lang))
}

/// A UDP address was seen for the first time: [`RecordKind::PeerJoined`] of a UDP session, where nothing connects.
#[must_use]
pub fn first_heard_sentence(address: Option<SocketAddr>, lang: Lang) -> String {
    lang.texts().first_heard(&peer(address, lang))
}

/// What a session is doing now, for a status line.
#[must_use]
pub fn session_state(state: &SessionState, lang: Lang) -> String {
    let texts = lang.texts();
    match state {
        SessionState::Idle => texts.session_not_open().to_owned(),
        SessionState::Resolving => texts.session_looking_up().to_owned(),
        SessionState::Connecting => texts.session_connecting().to_owned(),
        SessionState::Listening { local } => texts.listening_on(&display_address(*local)),
        SessionState::Connected { remote, .. } => texts.connected_to(&display_address(*remote)),
        SessionState::Bound { local } => texts.bound_to(&display_address(*local)),
        SessionState::Waiting { next, .. } => texts.waiting_to_connect(next.number, next.of),
        SessionState::Closing => texts.session_closing().to_owned(),
        SessionState::Closed(reason) => texts.session_end(*reason).to_owned(),
    }
}

fn peer(address: Option<SocketAddr>, lang: Lang) -> String {
    address.map_or_else(|| lang.texts().the_peer().to_owned(), display_address)
}

fn note_sentence(note: &SessionNote, address: Option<SocketAddr>, lang: Lang) -> String {
    let texts = lang.texts();
    match note {
        SessionNote::Opened { run, endpoint } => texts.opening(&place(endpoint), (*run).into()),
        SessionNote::Connecting { remote } => texts.connecting_to(&without_scheme(remote)),
        SessionNote::Resolved { addresses, took_ms } => {
            let addresses: Vec<_> = addresses.iter().map(|address| display_address(*address)).collect();
            texts.resolved_to(&addresses.join(texts.enumeration_comma()), *took_ms)
        }
        SessionNote::AttemptEnded { remote, took_ms, error: None } => {
            texts.attempt_outrun(&display_address(*remote), *took_ms)
        }
        SessionNote::AttemptEnded { remote, took_ms, error: Some(error) } => {
            let why = texts.cause_short(Cause::of(error));
            texts.attempt_failed(&display_address(*remote), why, *took_ms)
        }
        SessionNote::Connected { local, took_ms, .. } => texts.connected_from(&display_address(*local), *took_ms),
        SessionNote::Listening { local } => texts.listens_on(&display_address(*local)),
        SessionNote::Bound { local } => texts.bound_to(&display_address(*local)),
        SessionNote::Joined { group, interfaces, source } => {
            let interfaces = interfaces.iter().map(|name| harmless(name)).collect::<Vec<_>>().join(", ");
            texts.joined_group(&group.to_string(), &interfaces, source.map(|source| source.to_string()).as_deref())
        }
        SessionNote::Tls { step } => tls_step(step, lang),
        SessionNote::WebSocket { step } => websocket_step(step, lang),
        SessionNote::SendCancelled { sent_bytes, total_bytes } => send_cancelled(*sent_bytes, *total_bytes, lang),
        SessionNote::SendFailed { sent_bytes, total_bytes, error } => {
            texts.send_failed(&size_of(*sent_bytes, *total_bytes), &error_sentence(error, lang))
        }
        SessionNote::TransferFailed { name, error } => transfer_failed(name, error, lang),
        SessionNote::Closed { reason, next: None } => texts.session_end(*reason).to_owned(),
        // The error above says why there is no connection.
        SessionNote::Closed { reason: CloseReason::Error, next: Some(next) } => next_try(next, lang),
        SessionNote::Closed { reason, next: Some(next) } => {
            texts.then(texts.session_end(*reason), &next_try(next, lang))
        }
        SessionNote::Facts { facts } => {
            let rows = facts_rows(facts, lang).into_iter();
            let rows: Vec<_> = rows.map(|(label, value)| format!("{label} {value}")).collect();
            rows.join(" · ")
        }
        SessionNote::PeerLeft { reason } => texts.peer_end(&peer(address, lang), *reason),
        SessionNote::Error { error } => error_sentence(error, lang),
        SessionNote::Warning { warning } => error_sentence(warning, lang),
        SessionNote::Resumed { after_ms } => texts.resumed(&seconds(*after_ms)),
        SessionNote::KernelDropped { records, buffer_bytes } => kernel_dropped(*records, *buffer_bytes, lang),
        SessionNote::ClockJump { by_ns } => clock_jump(*by_ns, lang),
    }
}

/// A send that the user cancelled, with the amount sent: `已取消，已发送 263.1 / 286.1 MiB`.
#[must_use]
pub fn send_cancelled(sent_bytes: u64, total_bytes: Option<u64>, lang: Lang) -> String {
    lang.texts().send_cancelled(&size_of(sent_bytes, total_bytes))
}

/// A part of a whole. A shared unit is written once: `263.1 / 286.1 MiB`.
#[must_use]
pub fn size_of(part: u64, whole: Option<u64>) -> String {
    let part = size(part);
    let Some(whole) = whole.map(size) else { return part };
    let unit = |text: &str| text.rsplit_once(' ').map(|(number, unit)| (number.to_owned(), unit.to_owned()));
    match (unit(&part), unit(&whole)) {
        (Some((number, a)), Some((_, b))) if a == b => format!("{number} / {whole}"),
        _ => format!("{part} / {whole}"),
    }
}

/// Datagrams that the system dropped, and the buffer that was too small.
fn kernel_dropped(records: u64, buffer_bytes: u64, lang: Lang) -> String {
    let lost = lang.texts().kernel_dropped(records);
    // 0: an old capture without this value, or a system that does not report it.
    if buffer_bytes == 0 { lost } else { lost + &lang.texts().kernel_buffer_full(buffer_bytes) }
}

/// When a client connects again.
fn next_try(next: &NextTry, lang: Lang) -> String {
    lang.texts().next_try(&wait(next.wait_ms, lang), next.number, next.of)
}

/// A wait as the user enters it: whole milliseconds below a second, else seconds.
#[must_use]
pub fn wait(ms: u64, lang: Lang) -> String {
    let (seconds, tenths) = (ms / 1000, ms % 1000 / 100);
    match (seconds, tenths) {
        (0, _) => lang.texts().waits_ms(ms),
        (_, 0) => lang.texts().waits_seconds(&seconds.to_string()),
        _ => lang.texts().waits_seconds(&format!("{seconds}.{tenths}")),
    }
}

fn without_scheme(address: &str) -> String {
    harmless(address.split_once("://").map_or(address, |(_, rest)| rest))
}

fn clock_jump(by_ns: i64, lang: Lang) -> String {
    let tenths = (by_ns.unsigned_abs() + 50_000_000) / 100_000_000;
    let seconds = format!("{}.{}", tenths / 10, tenths % 10);
    let texts = lang.texts();
    if by_ns < 0 { texts.clock_set_back(&seconds) } else { texts.clock_set_forward(&seconds) }
}

/// A pause in seconds, with one decimal.
fn seconds(ms: u64) -> String {
    format!("{}.{} s", ms / 1000, ms % 1000 / 100)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ErrorKind, NetError, Operation};

    fn address(text: &str) -> SocketAddr {
        text.parse().unwrap()
    }

    #[test]
    fn events_as_in_the_pictures() {
        use RecordKind as K;
        let peer = Some(address("192.168.1.23:52811"));
        for (kind, note, zh, en) in [
            (
                K::State,
                Some(SessionNote::Listening { local: address("0.0.0.0:8080") }),
                "开始监听 0.0.0.0:8080",
                "Listening on 0.0.0.0:8080",
            ),
            (K::PeerJoined, None, "192.168.1.23:52811 已连接", "192.168.1.23:52811 connected"),
            (
                K::HalfClosed,
                None,
                "192.168.1.23:52811 已停止发送（半关闭），仍可向它发送",
                "192.168.1.23:52811 stopped sending (half-closed); you can still send to it",
            ),
            (
                K::State,
                Some(SessionNote::Connecting { remote: "tcp://192.168.1.50:5025".into() }),
                "正在连接 192.168.1.50:5025",
                "Connecting to 192.168.1.50:5025",
            ),
            (
                K::State,
                Some(SessionNote::Connected {
                    local: address("192.168.1.10:50412"),
                    remote: address("192.168.1.50:5025"),
                    took_ms: 7,
                }),
                "已连接 · 本地 192.168.1.10:50412 · 7 ms",
                "Connected · local 192.168.1.10:50412 · 7 ms",
            ),
            (
                K::State,
                Some(SessionNote::Bound { local: address("[::ffff:10.0.0.1]:9000") }),
                "已绑定 10.0.0.1:9000",
                "Bound to 10.0.0.1:9000",
            ),
            (
                K::Opened,
                Some(SessionNote::Opened { run: 2, endpoint: "tcp://[::1]:80".into() }),
                "打开 TCP [::1]:80（第 2 次）",
                "Opening TCP [::1]:80 (run 2)",
            ),
            (
                K::Warning,
                Some(SessionNote::KernelDropped { records: 1, buffer_bytes: 0 }),
                "系统在读取之前丢弃了 1 个数据报",
                "The system dropped 1 datagram before it could be read",
            ),
            (
                K::Warning,
                Some(SessionNote::KernelDropped { records: 2, buffer_bytes: 425_984 }),
                "系统在读取之前丢弃了 2 个数据报：416.0 KiB 的接收缓冲区已满（Linux 由 net.core.rmem_max 限制）",
                "The system dropped 2 datagrams before they could be read: the receive buffer of 416.0 KiB was full \
                 (Linux: net.core.rmem_max limits it)",
            ),
            (
                K::ClockJump,
                Some(SessionNote::ClockJump { by_ns: -3_600_000_000_000 }),
                "系统时钟被向后调慢了 3600.0 秒",
                "The system clock was set back by 3600.0 s",
            ),
            (
                K::Error,
                Some(SessionNote::Error {
                    error: NetError::new(Operation::Connect, ErrorKind::Timeout, "tcp://a:1", ""),
                }),
                "无法连接 TCP a:1：对端在时限内没有应答",
                "Cannot connect to TCP a:1: no answer in time",
            ),
        ] {
            assert_eq!(event_sentence(kind, note.as_ref(), peer, Lang::ZhCn), zh);
            assert_eq!(event_sentence(kind, note.as_ref(), peer, Lang::En), en);
        }
        assert_eq!(first_heard_sentence(peer, Lang::ZhCn), "新来源 192.168.1.23:52811");
        assert_eq!(event_sentence(K::PeerJoined, None, None, Lang::En), "The peer connected");
    }

    #[test]
    fn every_way_to_end_is_told_apart() {
        for lang in Lang::ALL {
            let sentences_of: [&dyn Fn(CloseReason) -> String; 4] = [
                &|reason| close_reason(reason, lang).to_owned(),
                &|reason| {
                    event_sentence(RecordKind::Closed, Some(&SessionNote::Closed { reason, next: None }), None, lang)
                },
                &|reason| event_sentence(RecordKind::PeerLeft, Some(&SessionNote::PeerLeft { reason }), None, lang),
                &|reason| session_state(&SessionState::Closed(reason), lang),
            ];
            for sentence_of in sentences_of {
                let sentences = CloseReason::ALL.map(sentence_of);
                for (index, sentence) in sentences.iter().enumerate() {
                    assert!(!sentence.is_empty() && !sentences[..index].contains(sentence), "{sentence}");
                }
                assert!(sentences[1].contains("FIN") && sentences[2].contains("RST"));
            }
        }
        let peer = Some(address("127.0.0.1:60122"));
        let left = SessionNote::PeerLeft { reason: CloseReason::PeerFin };
        assert_eq!(
            event_sentence(RecordKind::PeerLeft, Some(&left), peer, Lang::ZhCn),
            "127.0.0.1:60122 已断开：对端关闭了连接（FIN）"
        );
        let kicked = SessionNote::PeerLeft { reason: CloseReason::Kicked };
        assert_eq!(
            event_sentence(RecordKind::PeerLeft, Some(&kicked), peer, Lang::En),
            "127.0.0.1:60122 was disconnected by you"
        );
    }

    #[test]
    fn a_record_whose_note_cannot_be_read_still_has_words() {
        use RecordKind as K;
        for kind in [K::Data, K::Opened, K::Closed, K::PeerLeft, K::Error, K::Warning, K::ClockJump, K::State] {
            for lang in Lang::ALL {
                assert!(!event_sentence(kind, None, None, lang).is_empty());
            }
        }
    }

    #[test]
    fn states_for_a_status_line() {
        let local = address("[::]:8080");
        assert_eq!(session_state(&SessionState::Listening { local }, Lang::ZhCn), "正在监听 [::]:8080");
        assert_eq!(session_state(&SessionState::Bound { local }, Lang::En), "Bound to [::]:8080");
        assert_eq!(session_state(&SessionState::default(), Lang::ZhCn), "未打开");
        let waiting =
            |of| SessionState::Waiting { reason: CloseReason::Error, next: NextTry { number: 2, of, wait_ms: 1000 } };
        assert_eq!(session_state(&waiting(None), Lang::En), "Waiting to connect again (attempt 2)");
        assert_eq!(session_state(&waiting(Some(10)), Lang::ZhCn), "等待重新连接（第 2/10 次）");
    }

    #[test]
    fn the_end_of_a_run_names_the_next_attempt() {
        let closed = |reason, wait_ms, lang| {
            let next = Some(NextTry { number: 1, of: Some(3), wait_ms });
            event_sentence(RecordKind::Closed, Some(&SessionNote::Closed { reason, next }), None, lang)
        };
        for (reason, wait_ms, zh, en) in [
            (
                CloseReason::PeerFin,
                2000,
                "已断开：对端关闭了连接（FIN），2 秒后重新连接（第 1/3 次）",
                "Disconnected: the peer closed the connection (FIN). Connecting again in 2 s (attempt 1 of 3)",
            ),
            // The error above gives the reason.
            (CloseReason::Error, 250, "250 毫秒后重新连接（第 1/3 次）", "Connecting again in 250 ms (attempt 1 of 3)"),
        ] {
            assert_eq!(closed(reason, wait_ms, Lang::ZhCn), zh);
            assert_eq!(closed(reason, wait_ms, Lang::En), en);
        }
        assert_eq!([1500, 60_000].map(|ms| wait(ms, Lang::En)), ["1.5 s", "60 s"]);
    }
}
