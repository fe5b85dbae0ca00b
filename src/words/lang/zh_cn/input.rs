//! Why what a user typed was refused. Positions are counted from 1, in Chinese.

use super::ZhCn;
use super::known;
use crate::codec::{Expected, choice_words};

texts! { Input for ZhCn;

    // Addresses
    enter_address: "请填写地址";
    enter_host: "请填写主机地址";
    enter_port: "请填写端口";
    bad_unix_path(most: usize) => "Unix 套接字的路径为 1 到 {most} 字节，不能含 NUL，如 unix:/run/x.sock 或 unix:@名称";
    bad_scheme(scheme: &str) => "协议「{scheme}」无效，只能是 tcp 或 udp";
    bad_port(port: &str) => "端口「{port}」无效，应为 0–65535 的整数";
    bad_port_short: "应为 0–65535";
    bad_v6(address: &str) => "「{address}」不是有效的 IPv6 地址，应写成 [地址]:端口";
    bad_v6_short: "不是有效的 IPv6 地址";
    bad_v4(address: &str) => "「{address}」不是有效的 IPv4 地址，应为四个 0–255 的数，如 192.168.1.10";
    bad_v4_short: "应为四个 0–255 的数";
    host_with_port(text: &str) => "「{text}」含有端口，地址和端口应分开填写";
    host_with_port_short: "端口应填在下一栏";
    bad_host(host: &str) => "主机名「{host}」含有不允许的字符";
    bad_host_short(character: &str) => "不能含有「{character}」";

    // Bytes and text
    hexdump_recognised: "已识别十六进制转储，已忽略偏移和文本列";
    bad_hex_digit(character: &str, place: usize) => "第 {place} 个字符「{character}」不是十六进制数字";
    bad_escape(escape: &str, place: usize) => r"第 {place} 个字符处的转义「{escape}」无效，可用 \n \r \t \0 \xNN \u{{N}} \\ 等";
    not_in_encoding(character: &str, place: usize, encoding: &str) => "第 {place} 个字符「{character}」在 {encoding} 编码中不存在";

    // Framing rules, checks and filters
    unknown_rule(name: &str) => "没有名为「{name}」的分包规则";
    unknown_checksum(name: &str) => "没有名为「{name}」的校验算法";
    unknown_option(rule: &str, option: &str) => "{rule} 没有选项「{option}」";
    option_twice(option: &str) => "{option} 重复给出";
    option_takes_no_value(option: &str) => "{option} 是开关，不带值";
    option_lacks_value(option: &str) => "{option} 缺少值";
    option_cannot_work(option: &str) => "{option} 不可能成立";
    option_cannot_work_with(option: &str, other: &str) => "{option} 与 {other} 矛盾，不可能成立";
    missing_option(rule: &str, option: &str) => "{rule} 缺少 {option}";
    option_without_effect(rule: &str, option: &str) => "{option} 对 {rule} 不起作用，请去掉";
    option_without_effect_with(rule: &str, option: &str, other: &str) => "{rule} 有 {other} 时，{option} 不起作用，请去掉";
    bad_option_value(option: &str, value: &str, expected: &str) => "{option} 的值「{value}」应为：{expected}";
    expected(expected: &Expected) -> String {
        match expected {
            Expected::Bytes => "十六进制字节（每字节两位），或单引号中的文本".to_owned(),
            Expected::Byte => "一个两位的十六进制字节，或单引号中的一个字符".to_owned(),
            Expected::Number(least, most) => format!("{least} 到 {most} 的整数"),
            Expected::Size(least, most) => format!("大小，如 64KiB，{least} 到 {most} 字节"),
            Expected::Duration => "时间，如 20ms、1s".to_owned(),
            Expected::Encoding => "wirebench encodings 列出的编码之一，UTF-16 除外（其中括号不是单个字节）".to_owned(),
            Expected::Word(words) => format!("{} 之一", words.join("、")),
            Expected::Choice(choices) => format!("{} 之一", choice_words(choices).join("、")),
            Expected::Peer => "IP:PORT、IP，或 #编号".to_owned(),
            Expected::Range => "数或范围，如 8..64、8..、..64".to_owned(),
            Expected::Quoted => "单引号中的内容，其后的条件用逗号隔开，如 text='x',nocase".to_owned(),
            Expected::Swaps => "字节和替换后的字节，各不相同，如 7E:7D02|7D:7D01".to_owned(),
            Expected::Mask => "1 到 8 个十六进制字节，不全为 00".to_owned(),
            Expected::Time => "时间，如 2026-01-31 16:00:00 或 2026-01-31T08:00:00Z".to_owned(),
        }
    }

    // Patterns to look for
    enter_pattern: "请填写要查找的内容";
    pattern_too_long(kib: usize) => "要查找的内容太长，最多 {kib} KiB";
    only_wildcards: "只有通配符，处处都符合";
    bad_regex(why: &str) -> String { known::regex(why) }
}
