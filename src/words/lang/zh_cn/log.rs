//! The log, the list of hits, and what is copied from them, in Chinese.

use super::ZhCn;
use crate::codec::CopyForm;
use crate::model::Direction;
use crate::words::{grouped, size};

texts! { Log for ZhCn;

    // The log
    log_name: "收发记录";
    log_scroll_bar: "收发记录滚动条";
    time_head: "时间";
    delta_name: "Δ 的含义";
    since_previous: "Δ：相对上一条";
    since_start: "Δ：相对开始";
    response_time: "Δ：应答用时";
    columns_head: "列";
    columns_name: "列";
    peer_column: "对端";
    length_column: "长度";
    summary_head: "摘要";
    wrap_lines: "自动换行";
    bytes_per_row(bytes: u16) -> String {
        match bytes {
            0 => "每行字节：自动".to_owned(),
            _ => format!("每行 {bytes} 字节"),
        }
    }
    check_ok: "校验正确";
    check_failed: "校验错误";
    peer_head: "对端";
    peer_head_short: "对端";
    length_head: "长度";
    text_head(encoding: &str) => "文本 {encoding}";
    not_following(unseen: u64) -> String {
        match unseen {
            0 => "已停止跟随".to_owned(),
            _ => format!("已停止跟随，下方 {} 条新数据", grouped(unseen)),
        }
    }
    back_to_newest: "回到最新";
    to_all_peers(count: usize) => "全部 {count}";
    tried(attempts: u64) => " · 已尝试 {} 次", grouped(attempts);
    repeated(count: u64) => "循环 ×{}", grouped(count);
    unfold(records: u64) => "展开 {records} 条记录";
    fold(records: u64) => "收起 {records} 条记录";
    highlighted(titles: &str) => "高亮：{titles}";
    direction(direction: Direction) -> &'static str {
        match direction {
            Direction::Received => "接收",
            Direction::Sent => "发送",
        }
    }

    // Its menu
    fill_send_box: "填入发送框";
    copy_lines: "复制（含时间和对端）";
    copy_record: "复制此条";
    more_about_record: "此条的更多操作";
    highlight_selection: "高亮所选";
    compare_two: "比较这两条";
    set_base: "设为比较基准";
    compare_with(name: &str) -> String {
        // Digits and Chinese characters keep a distance.
        let space = if name.ends_with(|c: char| c.is_ascii_digit()) { " " } else { "" };
        format!("与{name}{space}比较")
    }
    copy_as(form: CopyForm) -> &'static str {
        match form {
            CopyForm::Hex => "复制 HEX",
            CopyForm::Text => "复制文本",
            CopyForm::CArray => "复制为 C 数组",
            CopyForm::Rust => "复制为 Rust 数组",
            CopyForm::Python => "复制为 Python 字节串",
            CopyForm::Base64 => "复制为 Base64",
            CopyForm::Hexdump => "复制为 hexdump",
            CopyForm::Raw => "复制原样字节（每字节一字符）",
        }
    }

    // What is copied and compared
    copied(rows: u64) => "已复制 {} 行", grouped(rows);
    copied_first(rows: u64) => "已复制前 {} 行；更多内容请用「保存日志」", grouped(rows);
    copied_bytes(bytes: u64) => "已复制 {}", size(bytes);
    copied_first_bytes(bytes: u64) => "已复制前 {}；更多内容请用「保存接收数据」", size(bytes);
    copy_failed(records: u64) => "无法复制：{} 条记录已无法读取", grouped(records);
    record(number: u64) => "记录 {number}";
    records_from_to(first: u64, last: u64) => "记录 {first}–{last}";
    part_of_record(bytes: u64, record: u64) => "记录 {record} 的 {} 字节", grouped(bytes);
    the_first(bytes: u64) => "前 {}", size(bytes);
    base_set(name: &str) => "比较基准：{name}";

    // Comparing
    left_side: "左边";
    right_side: "右边";
    all_the_same(bytes: u64) => "完全相同 · 各 {} 字节", grouped(bytes);
    differences(count: usize) => "{count} 处不同";
    difference_of(number: usize, count: usize) => "第 {number} 处，共 {count} 处不同";
    with_lengths(differences: &str, left: u64, right: u64) => "{differences} · 左 {} 字节 · 右 {} 字节", grouped(left), grouped(right);
    only_first_compared(side: &str, bytes: u64) => "{side}只比较前 {}", size(bytes);
    missing_in_side(side: &str, records: u64) => "{side}有 {} 条记录已读不到", grouped(records);
    same_folded(bytes: u64) => "… {} 字节相同 …", grouped(bytes);
    changed(count: usize) => " · 改动 {count}";
    only_left(count: usize) => " · 仅左边有 {count}";
    only_right(count: usize) => " · 仅右边有 {count}";

    // The list of hits
    hit_number: "序号";
    hit_time: "时间";
    hit_peer: "对端";
    hit_record: "记录";
    hit_offset: "偏移";
    hit_context: "前后内容";
    hit_gone: "这条记录已读不到";
    hits_scroll_bar: "命中列表滚动条";
    hits_nothing: "在上面的查找框里填写要找的内容";
    hits_title(what: &str, count: u64) => "查找 {what}：{count} 处";
    hits_cut(most: usize) => " · 只列出最前面的 {most} 处";
    only_first_hits(listed: usize) => "可逐个跳到最前面的 {listed} 处；总数是全部的";
}
