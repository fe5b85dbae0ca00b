//! The composer, in Chinese.

use super::ZhCn;
use crate::words::grouped;

texts! { Composing for ZhCn;

    wrap_none: "无";
    length_field_head(bytes: usize) => "{bytes}B 长度头";
    too_long_for_length(len: u64, bytes: usize, most: u64) => "长度 {} 超出 {bytes} 字节长度头的上限 {}", grouped(len), grouped(most);
}
