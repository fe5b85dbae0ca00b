//! The composer, in Chinese.

use super::ZhCn;
use crate::codec::framing::{BuildError, RuleKind};
use crate::codec::hex;
use crate::words::grouped;

texts! { Composing for ZhCn;

    wrap_none: "无";
    length_field_head(bytes: usize) => "{bytes}B 长度头";
    too_long_for_length(len: u64, bytes: usize, most: u64) => "长度 {} 超出 {bytes} 字节长度头的上限 {}", grouped(len), grouped(most);
    range_outside(len: usize) => "校验范围超出可校验的 {len} 字节";
    build_error(error: &BuildError) -> String {
        match error {
            BuildError::TooLong { len, most } => format!("帧长 {} 字节，超过上限 {}", grouped(*len), grouped(*most)),
            BuildError::LengthTooLarge { value } => format!("长度 {} 超出分包规则中长度字段的上限", grouped(*value)),
            BuildError::TooShort { missing } => format!("内容比长度或校验的要求少 {} 字节", grouped(*missing)),
            BuildError::WrongLength { len, expected } => format!("内容有 {} 字节，分包规则要求 {} 字节", grouped(*len), grouped(*expected)),
            BuildError::Empty => "内容为空，此分包规则不能发送空帧".to_owned(),
            BuildError::MarkerInside { bytes } => format!("内容含有 {}，它是分包规则的标记", hex::spaced_upper(bytes)),
            BuildError::EndsWithCr => "内容以 CR 结束，它会被当作行尾的一部分".to_owned(),
            BuildError::LacksEnd { bytes } => format!("内容没有以 {} 结束，分包规则的 keep 要求它", hex::spaced_upper(bytes)),
            BuildError::NotJson => "内容不是一个 JSON 值，或前后有空白".to_owned(),
            BuildError::OpenJson => "JSON 的数、true、false、null 没有自己的结尾，请发送对象、数组或字符串".to_owned(),
            BuildError::NotHex => "内容不是成对的十六进制数字，无法计算校验".to_owned(),
            BuildError::ValueTooLarge => "校验值超出分包规则规定的位数".to_owned(),
            BuildError::CoversItself => "此分包规则不能用于发送：校验范围包含校验值本身".to_owned(),
            BuildError::ValuePlace => "此分包规则不能用于发送：校验值的位置是长度、标记等固定字节".to_owned(),
            BuildError::NotFound { kind: RuleKind::Rtu } => "内容不是 Modbus RTU 报文（地址、功能码和数据）".to_owned(),
            BuildError::NotFound { kind } => format!("规则“{}”不会把含有此内容的数据分为一帧", kind.description().name),
        }
    }
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

    // Variables
    variables: "变量";
    turn_variables_off: "关闭变量";
    use_variables: "使用变量";
    insert_variable: "插入变量";
    variable_as_typed(field: &str) => "{field} 将按原文发送";
    counter: "计数";
    counter_padded: "计数，4 位";
    counter_little: "计数，低字节在前";
    unix_seconds: "Unix 时间（秒）";
    unix_milliseconds: "Unix 时间（毫秒）";
    date_and_time: "日期和时间";
    random_number: "随机数";
    random_bytes: "随机字节";
    random_uuid: "UUID";
    still_repeating_text(text: &str) => "循环仍在发送 {text}";
    remove_check(name: &str) => "移除{name}";
}
