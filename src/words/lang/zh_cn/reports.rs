//! What the command line reports, in Chinese.

use super::ZhCn;
use crate::capture::CaptureState;
use crate::codec::{FrameKind, SequenceCounts};
use crate::words::grouped;

texts! { Reports for ZhCn;

    // Captures
    no_captures: "没有捕获记录";
    captures_heads() -> [&'static str; 8] { ["名称", "创建时间", "地址", "记录数", "对端数", "大小", "已删除", "状态"] }
    capture_state(state: CaptureState) -> &'static str {
        match state {
            CaptureState::Open => "写入中",
            CaptureState::Closed => "已关闭",
            CaptureState::Recovered => "已恢复",
        }
    }
    capture_deleted(name: &str) => "已删除捕获记录 {name}";
    how_to_follow_files: "；加 --follow-files 可读取";
    not_searched(records: u64) => "有 {records} 条记录无法读取，未能查找";
    nothing_found(capture: &str) => "在捕获记录 {capture} 中没有找到";
    reason_of_several(why: &str, records: u64) => "{why}（{} 条记录）", grouped(records);

    // Sequence numbers
    sequence_field_form: "应为偏移和类型，如 4:u32（u8、u16、u32 或 u64；小端加 le：4:u32le）";
    sequence_needs_frames: "流中没有消息边界，需要配合 --frame";
    sequence_line(peer: &str, counts: &SequenceCounts) -> String {
        let SequenceCounts { received, lost, duplicated, reordered, restarted, short, .. } = *counts;
        let share = lost as f64 * 100.0 / (received + lost).saturating_sub(duplicated).max(1) as f64;
        let jitter = counts.jitter_ns / 1e6;
        let restarts = if restarted > 0 { format!("，重新开始 {restarted} 次") } else { String::new() };
        let short = if short > 0 { format!("，{short} 条太短没有序号") } else { String::new() };
        format!("{peer}：收到 {received}，丢失 {lost}（{share:.2} %），重复 {duplicated}，乱序 {reordered}{restarts}{short}，抖动 {jitter:.3} ms")
    }

    // Sessions
    deleted_unprinted(from: u64, to: u64) => "记录 {from} 到 {to} 在输出之前已因容量上限被删除";
    single_digit(option: &str, digit: char) => "{option}：单个数字 {digit} 按 0{digit} 处理";
    hexdump_given(option: &str, recognised: &str, bytes: u64) => "{option}：{recognised}（{} 字节）", grouped(bytes);

    // Frames
    frames_found(frames: u64, bad: u64, junk_bytes: u64, incomplete: u64) => "{frames} 帧，校验错误 {bad} 帧，未分帧 {junk_bytes} 字节，未完 {incomplete} 帧";
    no_frame(kind: FrameKind) -> Option<&'static str> {
        match kind {
            FrameKind::Frame => None,
            FrameKind::Junk => Some("未分帧"),
            FrameKind::Separator => Some("分隔"),
            FrameKind::Incomplete => Some("未完"),
        }
    }

    // Start and end
    settings_file_damaged(_why: &str, kept: &str) => "设置文件已损坏，原文件保留为 {kept}，使用默认设置";
    settings_file_newer(version: u32, kept: &str) => "设置文件来自更新的版本（{version}），保留为 {kept}，使用默认设置";
    settings_not_known(values: &[String]) => "有 {} 项设置此版本不认识，已改用默认值：{}", values.len(), values.join("；");
    conditions_not_met(conditions: &[String]) => "未满足的条件：{}", conditions.join("、");
    summary(received_bytes: u64, received_records: u64, sent_bytes: u64, sent_records: u64) => "接收 {received_bytes} 字节（{received_records} 条），发送 {sent_bytes} 字节（{sent_records} 条）";
    summary_dropped(records: u64, bytes: u64) => "，{bytes} 字节（{records} 条）未能保存";
    summary_kernel_dropped(records: u64) => "，{records} 条被系统丢弃";
    summary_evicted(records: u64, bytes: u64) => "，{bytes} 字节（{records} 条）因容量上限被删除";
    summary_capture(capture: &str) => "；捕获记录 {capture}";
}
