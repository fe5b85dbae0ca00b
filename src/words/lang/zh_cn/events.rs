//! What happens in a session: its state, records that are not data, and rows that are no record, in Chinese.

use super::ZhCn;
use crate::capture::RecordKind;
use crate::model::CloseReason;
use crate::words::{grouped, size};

texts! { Events for ZhCn;

    // State
    session_not_open: "未打开";
    session_looking_up: "正在解析主机名";
    session_connecting: "正在连接";
    connected_to(remote: &str) => "已连接 {remote}";
    bound_to(local: &str) => "已绑定 {local}";
    joined_group(group: &str, interfaces: &str, source: Option<&str>) -> String {
        let place = if interfaces.is_empty() { String::new() } else { format!("，网络接口 {interfaces}") };
        let source = source.map(|source| format!("，只收来自 {source} 的数据")).unwrap_or_default();
        format!("已加入组播组 {group}{place}{source}")
    }
    waiting_to_connect(number: u32, of: Option<u32>) => "等待重新连接（{}）", try_of(number, of);
    waits_ms(ms: u64) => "{ms} 毫秒";
    waits_seconds(seconds: &str) => "{seconds} 秒";
    next_try(wait: &str, number: u32, of: Option<u32>) => "{wait}后重新连接（{}）", try_of(number, of);
    then(first: &str, next: &str) => "{first}，{next}";
    session_closing: "正在关闭";
    close_reason(reason: CloseReason) -> &'static str {
        match reason {
            CloseReason::Local => "本端关闭",
            CloseReason::PeerFin => "对端关闭（FIN）",
            CloseReason::Reset => "对端重置（RST）",
            CloseReason::Timeout => "超时，对端没有应答",
            CloseReason::Kicked => "手动断开",
            CloseReason::Tls => "TLS 失败",
            CloseReason::Error => "发生错误",
        }
    }
    session_end(reason: CloseReason) -> &'static str {
        match reason {
            CloseReason::Local => "已关闭",
            CloseReason::PeerFin => "已断开：对端关闭了连接（FIN）",
            CloseReason::Reset => "已断开：对端重置了连接（RST）",
            CloseReason::Timeout => "已断开：超时，对端没有应答",
            CloseReason::Kicked => "已手动断开",
            CloseReason::Tls => "因 TLS 失败而关闭",
            CloseReason::Error => "因错误关闭",
        }
    }
    peer_end(peer: &str, reason: CloseReason) -> String {
        let end = match reason {
            CloseReason::Local => "已断开：本端关闭",
            CloseReason::PeerFin => "已断开：对端关闭了连接（FIN）",
            CloseReason::Reset => "已断开：对端重置了连接（RST）",
            CloseReason::Timeout => "已断开：超时，对端没有应答",
            CloseReason::Kicked => "已被手动断开",
            CloseReason::Tls => "因 TLS 失败而断开",
            CloseReason::Error => "因错误断开",
        };
        format!("{peer} {end}")
    }

    // Events
    the_peer: "对端";
    event(kind: RecordKind, peer: &str) -> String {
        match kind {
            RecordKind::PeerJoined => format!("{peer} 已连接"),
            RecordKind::PeerLeft => format!("{peer} 已断开"),
            RecordKind::HalfClosed => format!("{peer} 已停止发送（半关闭），仍可向它发送"),
            RecordKind::Data => "数据".to_owned(),
            RecordKind::Opened => "会话已打开".to_owned(),
            RecordKind::Closed => "会话已关闭".to_owned(),
            RecordKind::Error => "发生错误".to_owned(),
            RecordKind::Warning => "警告".to_owned(),
            RecordKind::ClockJump => "系统时钟被调整".to_owned(),
            RecordKind::State => "会话状态改变".to_owned(),
        }
    }
    first_heard(peer: &str) => "新来源 {peer}";
    opening(place: &str, run: u64) => "打开 {place}（第 {run} 次）";
    connecting_to(remote: &str) => "正在连接 {remote}";
    resolved_to(addresses: &str, took_ms: u64) => "解析为 {addresses} · {took_ms} ms";
    attempt_failed(remote: &str, why: &str, took_ms: u64) => "{remote} 未连接：{why} · {took_ms} ms";
    attempt_outrun(remote: &str, took_ms: u64) => "{remote} 已放弃，另一个地址先应答 · {took_ms} ms";
    connected_from(local: &str, took_ms: u64) => "已连接 · 本地 {local} · {took_ms} ms";
    listens_on(local: &str) => "开始监听 {local}";
    send_cancelled(sent: &str) => "已取消，已发送 {sent}";
    send_failed(sent: &str, why: &str) => "文件未发送完，已发送 {sent}。{why}";
    resumed(pause: &str) => "捕获记录可以写入了，暂停 {pause} 后继续接收";
    kernel_dropped(datagrams: u64) => "系统在读取之前丢弃了 {} 个数据报", grouped(datagrams);
    kernel_buffer_full(bytes: u64) => "：{} 的接收缓冲区已满（Linux 由 net.core.rmem_max 限制）", size(bytes);
    clock_set_forward(seconds: &str) => "系统时钟被向前调快了 {seconds} 秒";
    clock_set_back(seconds: &str) => "系统时钟被向后调慢了 {seconds} 秒";

    // Frames
    frames_given_up(bytes: u64) => "未完成的帧占用内存过多，其中 {} 字节按未分帧处理", grouped(bytes);
    value_and_number(written: &str, number: &str) => "{written}（0x{number}）";
    check_too_short(check: &str) => "太短，放不下 {check}";
    check_differs(check: &str, found: &str, computed: &str) => "{check} 不符：收到 {found}，应为 {computed}";
    check_no_hex(check: &str, computed: &str) => "{check} 不符：收到的不是十六进制，应为 {computed}";
    check_no_decimal(check: &str, computed: &str) => "{check} 不符：收到的不是十进制数字，应为 {computed}";
    check_covers_no_hex(check: &str) => "{check} 无法计算：校验范围内的字节不是成对的十六进制数字";
    check_wrong(check: &str) => "{check} 不符";
    fits_no_frame(bytes: u64) => "{} 个字节未分帧", grouped(bytes);
    frame_without_end: "未完的帧";

    // Other rows
    sent_file(what: &str) => "发送文件 {what}";
    empty_datagram: "空数据报（0 字节）";
    history_begins(records: u64, bytes: u64) => "历史从这里开始：更早的 {} 条记录（{}）因容量上限已删除", grouped(records), size(bytes);
}

/// The number of an attempt, of how many.
pub(super) fn try_of(number: u32, of: Option<u32>) -> String {
    of.map_or_else(|| format!("第 {number} 次"), |of| format!("第 {number}/{of} 次"))
}
