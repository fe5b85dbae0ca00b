//! Units, counts and punctuation, of which sentences are made, in Chinese.

use super::ZhCn;
use crate::words::grouped;

texts! { Basics for ZhCn;
    colon: "：";
    comma: "，";
    enumeration_comma: "、";
    semicolon: "；";
    bytes(count: u64) => "{} 字节", grouped(count);
    records(count: u64) => "{} 条记录", grouped(count);
    seconds(seconds: u64) => "{seconds} 秒";
    minutes(minutes: u64) => "{minutes} 分钟";
    hours_and_minutes(hours: u64, minutes: u64) => "{hours} 小时 {minutes} 分";
}
