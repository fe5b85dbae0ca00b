//! Files that are sent and saved, in Chinese.

use super::ZhCn;
use crate::words::{grouped, size};

texts! { Files for ZhCn;

    more_files(count: usize) => "之后还有 {count} 个文件";
    too_many_files(most: usize, over: usize) => "最多 {most} 个文件排队，有 {over} 个未加入";
    file_went(bytes: u64) => "已发送 {}", size(bytes);
    file_went_to(bytes: u64, peers: usize) => "已发送 {}（共 {peers} 个对端）", size(bytes);
    file_saved(bytes: u64) => "已保存 {}", size(bytes);
    other_peers(others: usize) => "另有 {others} 个对端";
    transfer_gone: "连接已断开";
    transfer_stalled(time: &str) => "对端停止接收 {time}";
    transfer_one_stalled(peer: u32, time: &str) => "#{peer} 停止接收 {time}";
    transfer_left(time: &str) => "剩余 {time}";
    peers_of(count: usize) => "{count} 个对端";
    transfer_name(sends: bool, file: &str, to: &str) -> String {
        match (sends, to.is_empty()) {
            (true, true) => format!("发送 {file}"),
            (true, false) => format!("发送 {file} 到 {to}"),
            (false, _) => format!("保存 {file}"),
        }
    }
    cancel_transfer(file: &str) => "取消传输{file}";
    stop_receiving(file: &str) => "停止写入{file}";
    stop_serving(folder: &str) => "停止提供{folder}";
    serving_name(folder: &str) => "提供 {folder}";
    moved(arrived: bool, bytes: u64, is_verified: bool) -> String {
        let moved = if arrived { "已接收" } else { "已发送" };
        let verdict = if is_verified { "MD5 一致" } else { "未校验" };
        format!("{moved} {} · {verdict}", size(bytes))
    }
    receive_missed(records: u64) => "有 {} 条记录在写入前已因容量上限被删除", grouped(records);
    remove_transfer(file: &str) => "移除{file}";
    send_again(file: &str) => "重新发送{file}";
    unfold_peers(file: &str) => "展开{file}的对端";
    fold_peers(file: &str) => "收起{file}的对端";
    transfers_running(count: usize) => "正在传输 {count} 个文件";

    // Several files of received bytes
    file_each_peer: "每个连接一个文件";
    next_file: "换文件";
    next_file_size: "达到大小时换文件";
    next_file_minutes: "满分钟数时换文件";
    minutes_unit: "分钟";
    file_name_parts: "文件名可含 {peer}、{date}、{time}、{n}";
    not_a_limit: "请输入大小（如 64M）或整数分钟";
    piece_label: "每块大小";
    piece_bytes: "每块字节数";
    piece_unit: "字节，如 1K";
    pause_label: "块间停顿";
    pause_between: "块间停顿（毫秒）";
    pause_unit: "毫秒";
    rate_label: "限速";
    rate_limit: "每秒最多字节数";
    rate_hint: "不限";
    rate_unit: "字节/秒，如 20K";
    not_a_pace: "请输入大小（如 64K，每块最多 16M）或整数毫秒";
}
