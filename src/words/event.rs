//! Records that are not data, close reasons and states in words.

use super::error::{error_sentence, place};
use super::{Lang, harmless, size};
use crate::capture::{RecordKind, SessionNote};
use crate::model::{CloseReason, SessionState, display_address};
use std::net::SocketAddr;

/// Who ended it and how, in words.
#[must_use]
pub fn close_reason(reason: CloseReason, lang: Lang) -> &'static str {
    let (zh, en) = match reason {
        CloseReason::Local => ("本端关闭", "closed by us"),
        CloseReason::PeerFin => ("对方关闭（FIN）", "closed by the peer (FIN)"),
        CloseReason::Reset => ("对方重置（RST）", "reset by the peer (RST)"),
        CloseReason::Timeout => ("超时，对方没有应答", "timed out without an answer"),
        CloseReason::Kicked => ("手动断开", "disconnected by you"),
        CloseReason::Error => ("发生错误", "an error occurred"),
    };
    lang.pick(zh, en)
}

/// A record that is not data, in words (without its time). `note` is `None` for joined and half-closed.
#[must_use]
pub fn event_sentence(kind: RecordKind, note: Option<&SessionNote>, address: Option<SocketAddr>, lang: Lang) -> String {
    if let Some(note) = note {
        return note_sentence(note, address, lang);
    }
    let peer = peer(address, lang);
    match (kind, lang) {
        (RecordKind::PeerJoined, Lang::ZhCn) => format!("{peer} 已连接"),
        (RecordKind::PeerJoined, Lang::En) => format!("{peer} connected"),
        (RecordKind::PeerLeft, Lang::ZhCn) => format!("{peer} 已断开"),
        (RecordKind::PeerLeft, Lang::En) => format!("{peer} disconnected"),
        (RecordKind::HalfClosed, Lang::ZhCn) => format!("{peer} 已停止发送（半关闭），仍可向它发送"),
        (RecordKind::HalfClosed, Lang::En) => {
            format!("{peer} stopped sending (half-closed), sending to it still works")
        }
        // These have a note; what follows stands for one that could not be read.
        (RecordKind::Data, _) => lang.pick("数据", "Data").into(),
        (RecordKind::Opened, _) => lang.pick("会话已打开", "Session opened").into(),
        (RecordKind::Closed, _) => lang.pick("会话已关闭", "Session closed").into(),
        (RecordKind::Error, _) => lang.pick("发生错误", "An error occurred").into(),
        (RecordKind::Warning, _) => lang.pick("警告", "Warning").into(),
        (RecordKind::ClockJump, _) => lang.pick("系统时钟被调整", "The system clock was set").into(),
        (RecordKind::State, _) => lang.pick("会话状态改变", "The session's state changed").into(),
    }
}

/// A UDP address was seen for the first time: [`RecordKind::PeerJoined`] of a UDP session, where nothing connects.
#[must_use]
pub fn first_heard_sentence(address: Option<SocketAddr>, lang: Lang) -> String {
    let peer = peer(address, lang);
    match lang {
        Lang::ZhCn => format!("{peer} 首次出现"),
        Lang::En => format!("{peer} seen for the first time"),
    }
}

/// What a session is doing now, for a status line.
#[must_use]
pub fn session_state(state: &SessionState, lang: Lang) -> String {
    let at = |local: SocketAddr| display_address(local);
    match (state, lang) {
        (SessionState::Idle, _) => lang.pick("未打开", "Not open").into(),
        (SessionState::Resolving, _) => lang.pick("正在解析主机名", "Looking up the host name").into(),
        (SessionState::Connecting, _) => lang.pick("正在连接", "Connecting").into(),
        (SessionState::Listening { local }, Lang::ZhCn) => format!("正在监听 {}", at(*local)),
        (SessionState::Listening { local }, Lang::En) => format!("Listening on {}", at(*local)),
        (SessionState::Connected { remote, .. }, Lang::ZhCn) => format!("已连接 {}", at(*remote)),
        (SessionState::Connected { remote, .. }, Lang::En) => format!("Connected to {}", at(*remote)),
        (SessionState::Bound { local }, Lang::ZhCn) => format!("已绑定 {}", at(*local)),
        (SessionState::Bound { local }, Lang::En) => format!("Bound to {}", at(*local)),
        (SessionState::Waiting { attempt, .. }, Lang::ZhCn) => format!("等待重新连接（第 {attempt} 次）"),
        (SessionState::Waiting { attempt, .. }, Lang::En) => format!("Waiting to connect again (attempt {attempt})"),
        (SessionState::Closing, _) => lang.pick("正在关闭", "Closing").into(),
        (SessionState::Closed(reason), _) => session_end(*reason, lang),
    }
}

fn peer(address: Option<SocketAddr>, lang: Lang) -> String {
    address.map_or_else(|| lang.pick("对方", "The peer").to_owned(), display_address)
}

fn note_sentence(note: &SessionNote, address: Option<SocketAddr>, lang: Lang) -> String {
    match (note, lang) {
        (SessionNote::Opened { run, endpoint }, Lang::ZhCn) => format!("打开 {}（第 {run} 次）", place(endpoint)),
        (SessionNote::Opened { run, endpoint }, Lang::En) => format!("Opening {} (run {run})", place(endpoint)),
        (SessionNote::Connecting { remote }, Lang::ZhCn) => format!("正在连接 {}", without_scheme(remote)),
        (SessionNote::Connecting { remote }, Lang::En) => format!("Connecting to {}", without_scheme(remote)),
        (SessionNote::Connected { local, took_ms, .. }, Lang::ZhCn) => {
            format!("已连接 · 本地 {} · {took_ms} ms", display_address(*local))
        }
        (SessionNote::Connected { local, took_ms, .. }, Lang::En) => {
            format!("Connected · local {} · {took_ms} ms", display_address(*local))
        }
        (SessionNote::Listening { local }, Lang::ZhCn) => format!("开始监听 {}", display_address(*local)),
        (SessionNote::Listening { local }, Lang::En) => format!("Listening on {}", display_address(*local)),
        (SessionNote::Bound { local }, Lang::ZhCn) => format!("已绑定 {}", display_address(*local)),
        (SessionNote::Bound { local }, Lang::En) => format!("Bound to {}", display_address(*local)),
        (SessionNote::SendCancelled { sent_bytes, total_bytes }, _) => send_cancelled(*sent_bytes, *total_bytes, lang),
        (SessionNote::SendFailed { sent_bytes, total_bytes, error }, _) => {
            send_failed(&size_of(*sent_bytes, *total_bytes), &error_sentence(error, lang), lang)
        }
        (SessionNote::Closed { reason }, _) => session_end(*reason, lang),
        (SessionNote::PeerLeft { reason }, _) => peer_end(&peer(address, lang), *reason, lang),
        (SessionNote::Error { error }, _) => error_sentence(error, lang),
        (SessionNote::Warning { warning }, _) => error_sentence(warning, lang),
        (SessionNote::Resumed { after_ms }, Lang::ZhCn) => {
            format!("捕获记录可以写入了，暂停 {} 后继续接收", seconds(*after_ms))
        }
        (SessionNote::Resumed { after_ms }, Lang::En) => {
            format!("The capture can be written again: receiving goes on after {}", seconds(*after_ms))
        }
        (SessionNote::KernelDropped { records, buffer_bytes }, _) => kernel_dropped(*records, *buffer_bytes, lang),
        (SessionNote::ClockJump { by_ns }, _) => clock_jump(*by_ns, lang),
    }
}

/// How far a send came that the user stopped: `已取消，已发送 263.1 / 286.1 MiB`.
#[must_use]
pub fn send_cancelled(sent_bytes: u64, total_bytes: Option<u64>, lang: Lang) -> String {
    let sent = size_of(sent_bytes, total_bytes);
    match lang {
        Lang::ZhCn => format!("已取消，已发送 {sent}"),
        Lang::En => format!("Cancelled, {sent} sent"),
    }
}

/// How far a file came that did not get through, and why.
fn send_failed(sent: &str, why: &str, lang: Lang) -> String {
    match lang {
        Lang::ZhCn => format!("文件未发送完，已发送 {sent}。{why}"),
        Lang::En => format!("File not sent completely, {sent} sent. {why}"),
    }
}

/// A part of a whole, the unit once where both have the same: `263.1 / 286.1 MiB`.
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

/// What was lost, and which buffer was too small for it.
fn kernel_dropped(records: u64, buffer_bytes: u64, lang: Lang) -> String {
    let count = super::grouped(records);
    let lost = match (lang, records) {
        (Lang::ZhCn, _) => format!("系统在读取之前丢弃了 {count} 个数据报"),
        (Lang::En, 1) => "The system dropped 1 datagram before it could be read".to_owned(),
        (Lang::En, _) => format!("The system dropped {count} datagrams before they could be read"),
    };
    // 0: a capture of before it was noted, or a system that does not say.
    if buffer_bytes == 0 {
        return lost;
    }
    let buffer = size(buffer_bytes);
    lost + &match lang {
        Lang::ZhCn => format!("：{buffer} 的接收缓冲区已满（Linux 由 net.core.rmem_max 限制）"),
        Lang::En => format!(": the receive buffer of {buffer} was full (Linux: net.core.rmem_max limits it)"),
    }
}

fn without_scheme(address: &str) -> String {
    harmless(address.split_once("://").map_or(address, |(_, rest)| rest))
}

/// The end of a session (or of a client's connection, which is the same).
fn session_end(reason: CloseReason, lang: Lang) -> String {
    let (zh, en) = match reason {
        CloseReason::Local => ("已关闭", "Closed"),
        CloseReason::PeerFin => ("已断开：对方关闭了连接（FIN）", "Disconnected: the peer closed the connection (FIN)"),
        CloseReason::Reset => ("已断开：对方重置了连接（RST）", "Disconnected: the peer reset the connection (RST)"),
        CloseReason::Timeout => ("已断开：超时，对方没有应答", "Disconnected: timed out without an answer"),
        CloseReason::Kicked => ("已手动断开", "Disconnected by you"),
        CloseReason::Error => ("因错误关闭", "Closed because of an error"),
    };
    lang.pick(zh, en).to_owned()
}

/// The end of one peer of a server.
fn peer_end(peer: &str, reason: CloseReason, lang: Lang) -> String {
    let (zh, en) = match reason {
        CloseReason::Local => ("已断开：本端关闭", "disconnected: closed by us"),
        CloseReason::PeerFin => ("已断开：对方关闭了连接（FIN）", "disconnected: it closed the connection (FIN)"),
        CloseReason::Reset => ("已断开：对方重置了连接（RST）", "disconnected: it reset the connection (RST)"),
        CloseReason::Timeout => ("已断开：超时，对方没有应答", "disconnected: timed out without an answer"),
        CloseReason::Kicked => ("已被手动断开", "was disconnected by you"),
        CloseReason::Error => ("因错误断开", "disconnected because of an error"),
    };
    format!("{peer} {}", lang.pick(zh, en))
}

fn clock_jump(by_ns: i64, lang: Lang) -> String {
    let tenths = (by_ns.unsigned_abs() + 50_000_000) / 100_000_000;
    let seconds = format!("{}.{}", tenths / 10, tenths % 10);
    match (lang, by_ns < 0) {
        (Lang::ZhCn, false) => format!("系统时钟被向前调快了 {seconds} 秒"),
        (Lang::ZhCn, true) => format!("系统时钟被向后调慢了 {seconds} 秒"),
        (Lang::En, false) => format!("The system clock was set forward by {seconds} s"),
        (Lang::En, true) => format!("The system clock was set back by {seconds} s"),
    }
}

/// A pause, with a tenth of a second.
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
                "192.168.1.23:52811 stopped sending (half-closed), sending to it still works",
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
                "无法连接 TCP a:1：对方在时限内没有应答",
                "Cannot connect to TCP a:1: no answer in time",
            ),
        ] {
            assert_eq!(event_sentence(kind, note.as_ref(), peer, Lang::ZhCn), zh);
            assert_eq!(event_sentence(kind, note.as_ref(), peer, Lang::En), en);
        }
        assert_eq!(first_heard_sentence(peer, Lang::ZhCn), "192.168.1.23:52811 首次出现");
        assert_eq!(event_sentence(K::PeerJoined, None, None, Lang::En), "The peer connected");
    }

    #[test]
    fn every_way_to_end_is_told_apart() {
        for lang in Lang::ALL {
            let sentences_of: [&dyn Fn(CloseReason) -> String; 4] = [
                &|reason| close_reason(reason, lang).to_owned(),
                &|reason| event_sentence(RecordKind::Closed, Some(&SessionNote::Closed { reason }), None, lang),
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
            "127.0.0.1:60122 已断开：对方关闭了连接（FIN）"
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
            SessionState::Waiting { reason: CloseReason::Error, attempt: 2, wait: std::time::Duration::from_secs(1) };
        assert_eq!(session_state(&waiting, Lang::ZhCn), "等待重新连接（第 2 次）");
        assert_eq!(session_state(&waiting, Lang::En), "Waiting to connect again (attempt 2)");
    }
}
