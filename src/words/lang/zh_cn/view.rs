//! What a view shows: counts, filters, encodings, times and rates, in Chinese.

use super::ZhCn;
use crate::words::{grouped, size};

texts! { View for ZhCn;

    // Counts
    data_count(count: u64) => "{} 条数据", grouped(count);
    frames(count: u64) => "{} 帧", grouped(count);
    frames_with_bad(frames: u64, bad: u64) => "{} 帧 · {} 错", grouped(frames), grouped(bad);
    nothing_filtered: "没有符合筛选的记录";
    view_cleared(records: u64) => "显示已清除，{} 条仍在记录中", grouped(records);
    with_shown(counts: &str, shown: u64) => "{counts} · 筛选后显示 {} 项", grouped(shown);
    directions_width() -> f32 { 156.0 }
    filter_is_on: "仅显示符合筛选的内容";
    indexing(percent: f32) => "正在整理历史 {percent:.0} %";
    indexing_after(counts: &str, percent: f32) => "{counts} · 正在整理历史 {percent:.0} %";
    index_failed(cause: &str) => "无法写入显示索引：{cause}";
    looks_like(chosen: &str, proposed: &str) => "收到的数据不能按 {chosen} 解码 · 看起来是 {proposed}";
    looks_like_of_peer(peer: u32, chosen: &str, proposed: &str) => "#{peer} 的数据不能按 {chosen} 解码 · 看起来是 {proposed}";
    use_encoding(encoding: &str) => "改用 {encoding}";
    only_selected: "仅选中的记录";
    only_so_many_selected(count: u64) => "仅选中的 {} 条", grouped(count);

    // Chosen bytes
    chosen_record(number: u64) => "记录 {number}";
    chosen_records(first: u64, last: u64) => "记录 {first}–{last}";
    chosen_offset(offset: &str) => "，偏移 {offset}";
    chosen_total(bytes: u64) => "，共 {} 字节", grouped(bytes);

    // Times and rates
    highest_received(rate: u64) => "接收最高 {}/s", size(rate);
    highest_sent(rate: u64) => "发送最高 {}/s", size(rate);
    measured_over(time: &str) => "统计间隔 {time}";
    mean_answer(time: &str) => "平均 {time}";
    longest_answer(time: &str) => "最长 {time}";
    received_at(rate: &str) => "接收 {rate}";
    sent_at(rate: &str) => "发送 {rate}";
    answers(count: u64) => "{} 次应答", grouped(count);
}
