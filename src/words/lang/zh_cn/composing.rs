//! The composer, in Chinese.

use super::ZhCn;
use crate::words::grouped;

texts! { Composing for ZhCn;

    wrap_none: "无";
    length_field_head(bytes: usize) => "{bytes}B 长度头";
    too_long_for_length(len: u64, bytes: usize, most: u64) => "长度 {} 超出 {bytes} 字节长度头的上限 {}", grouped(len), grouped(most);
    own_bytes_too_long(most: usize) => "最多 {most} 字节";
    head_size(is_length: bool, bytes: usize) -> String {
        if is_length { format!("长度头 {bytes}") } else { format!("头 {bytes}") }
    }
    tail_size(bytes: usize) => "尾 {bytes}";
    times_peers(peers: u64, bytes: u64) => "，× {} 个对端 = {} 字节", grouped(peers), grouped(bytes);
    pin_message(is_pinned: bool, message: &str) -> String {
        if is_pinned { format!("取消固定 {message}") } else { format!("固定 {message}") }
    }
    rounds_of(count: u64, all: u64) => "已发送 {} / {} 次", grouped(count), grouped(all);
}
