//! Forms: what a field asks for, framing rules and highlight rules, in Chinese.

use super::ZhCn;
use crate::model::Direction;
use crate::words::grouped;

texts! { Forms for ZhCn;

    // Below a field
    fill_in: "请填写";
    port_above_zero: "应为 1–65535";
    whole_number(least: i64, most: i64) => "请输入 {least} 到 {most} 的整数";
    whole_number_short(least: u64, most: u64) => "请输入 {least}–{most} 的整数";
    size_between(least: u64, most: u64) => "请输入大小，如 64KiB，{least} 到 {most} 字节";
    milliseconds: "请输入毫秒数，如 20 或 0.5";
    one_byte: "请输入一个字节";
    value_should_be(expected: &str) => "应为{expected}";
    literal_address: "请填写 IP 地址和端口，例如 192.168.1.20:9000";
    literal_while_open: "打开后只能填 IP 地址";

    // Framing rules
    sample_of(peer: &str, direction: Direction, start: u64, bytes: u64) -> String {
        let way = match direction {
            Direction::Received => "接收",
            Direction::Sent => "发送",
        };
        format!("{peer} {way}，从偏移 {start} 起 {} 字节", grouped(bytes))
    }
    bad_checks(frames: u64) => "校验错误 {frames}";
    by_last_rule(counts: &str) => "{counts}（上一次正确的规则）";
    wrong_field(label: &str, wrong: &str) => "暂无规则：「{label}」有误，{wrong}";
    in_no_frame(bytes: u64) => "未分帧 {} 字节", grouped(bytes);
    cut_off(frames: u64) => "未完 {frames}";
    frame_row(kind: &str, start: u64, bytes: u64, is_right: Option<bool>, content: &str) -> String {
        let verdict = match is_right {
            Some(true) => "，校验正确",
            Some(false) => "，校验错误",
            None => "",
        };
        format!("{kind}，偏移 {start}，{} 字节{verdict}：{content}", grouped(bytes))
    }
    more_frames(count: u64) => "还有 {count} 行未列出（已计数）";
    rule_saved(name: &str) => "已保存规则「{name}」";
    rule_deleted(name: &str) => "已删除规则「{name}」";
    rules_full(most: usize) => "最多保存 {most} 条规则，请先删除一些";

    // Highlight rules
    nothing_to_highlight: "所选内容里没有数据";
    too_long_to_highlight(most: usize) => "选中的字节太多，一条高亮规则最多 {most} 字节";
    too_many_highlights(most: usize) => "最多 {most} 条高亮规则，请先删除不用的";
    highlight_too_long(most: usize) => "太长，一条规则最多 {most} 字节";
    no_highlight_matches: "示例中没有规则命中";
    highlights_that_match(titles: &[String]) => "命中：{}", titles.join("、");
    delete_highlight(number: usize) => "删除规则 {number}";
    of_highlight(control: &str, number: usize) => "规则 {number} 的{control}";

    // Export
    export_format(name: &str) -> Option<&'static str> {
        Some(match name {
            "pcapng" => "pcapng（Wireshark）",
            "csv" => "CSV 表格",
            "jsonl" => "JSON（每行一个对象）",
            "netassist" => "NetAssist 日志",
            "hexdump" => "十六进制（text2pcap）",
            "raw" => "原始字节",
            _ => return None,
        })
    }
}
