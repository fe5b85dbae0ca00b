//! The reply trace, in Chinese.

use super::ZhCn;

texts! { ReplyTrace for ZhCn;

    trace_no_rules: "该会话没有针对接收数据的应答规则";
    trace_no_frames: "尚未收到数据";
    trace_all_answered: "每一帧都有规则匹配";
    trace_is_replay(frames: usize, is_partial: bool) -> String {
        let from = if is_partial { "只重放最新的记录，从对话中途开始" } else { "从头重放" };
        format!("用当前规则重放收到的帧（最新 {frames} 帧，{from}）。步骤、时钟和随机数当时给出的值无法得知。")
    }
    trace_unanswered: "没有规则匹配";
    trace_takes(rules: &str) => "规则 {rules} 匹配";
    trace_no_frame: "不成帧：规则看不到";
    trace_served: "寄存器表匹配";
    trace_fits: "匹配";
    trace_off: "规则未启用";
    trace_bad_frame: "帧校验错误，只有 raw 规则能匹配";
    trace_other_peer: "规则只针对其他对端";
    trace_limit: "此连接的次数已用完";
    trace_too_short(bytes: usize) => "帧在 {bytes} 字节后结束，规则还有内容";
    trace_too_long(bytes: usize) => "规则在 {bytes} 字节后结束，帧还有内容";
    trace_check(at: usize) => "第 {at} 字节处的校验值不符";
    trace_no_digits(at: usize) => "第 {at} 字节应为数字";
    trace_condition: "where 条件不成立";
    trace_regex: "表达式没有匹配";
    trace_choice: "显示的帧";
    trace_all: "全部";
    trace_only_unanswered: "无匹配";
}
