//! Wrong usage of the command line, in Chinese.

use super::ZhCn;
use crate::model::Protocol;

texts! { Usage for ZhCn;

    // The sentence
    listed_by(program: &str, command: &str) => "；可用的名称见 \"{program} {command}\"";
    perhaps_meant(name: &str) => "；是否想写 {name}";
    arguments: "参数";

    // What the parser refuses
    no_such_option: "没有这个选项或参数";
    no_such_command: "没有这个命令";
    is_required: "必须给出";
    needs_a_command(commands: &str) => "需要一个命令：{commands}";
    needs_a_value: "缺少值";
    no_valid_value: "值无效";
    takes_no_value: "不接受值";
    not_utf_8: "不是有效的 UTF-8";
    given_twice: "不能重复给出";
    excludes(other: &str) => "不能与 {other} 同时使用";
    not_understood(_english: &str) => "无法理解";

    // WebSocket
    for_websocket_only: "只用于 ws:// 和 wss://";
    no_header: "应为“名称: 值”，且不是握手本身设置的头";
    no_subprotocols: "应为用逗号分隔、不含空格的名称";
    long_for_control: "超过 ping 的 125 字节";
    no_close_code: "应为代码（1000～1003、1007～1014、3000～4999），可附最多 123 字节的原因";
    not_over_websocket: "WebSocket 上不支持文件传输和远程命令";

    // TLS
    for_tls_only: "只适用于 tls://";
    needs_certificate: "服务器需要证书：请加上 --tls-cert FILE 和 --tls-key FILE，或 --tls-self-signed";
    needs_tls_cert: "需要 --tls-cert";
    versions_crossed: "比 --tls-max 更新";
    no_protocols: "应为 1 到 255 字节的名称，以逗号分隔";
    no_fingerprint: "应为 SHA-256 指纹：64 个十六进制数字，可带冒号";
    file_written(path: &str) => "已写入：{path}";
    file_exists(path: &str) => "{path} 已存在，不会被替换";

    // Values
    should_be(names: &str) => "应为 {names}";
    cannot_be_empty: "不能为空";
    host_missing: "缺少主机，应为 HOST:PORT";
    port_missing: "缺少端口，应为 HOST:PORT";
    should_be_host_and_port: "应为 HOST:PORT，IPv6 地址加方括号";
    port_0_to_connect: "不能连接到端口 0";
    no_duration: "时间应为数字加单位，如 250ms、2s、1m、1h";
    unit_missing: "缺少单位：ms、s、m 或 h";
    unknown_unit(unit: &str) => "未知单位「{unit}」，可用 ms、s、m、h";
    duration_too_long: "时间太长";
    number_from(least: u64) => "应为不小于 {least} 的整数";
    should_be_window_size: "应为 宽x高，如 1280x800，每边 200 到 16384";
    should_be_size: "应为大小，如 512M、4GiB";
    at_most_a_gib: "最大为 1 GiB";
    at_least_a_mib: "至少为 1 MiB";
    should_be_time_or_forever: "应为时间，如 30d、12h，或 forever";
    should_be_peer: "应为 IP:PORT、IP 或 #编号";
    port_columns() -> [&'static str; 5] { ["协议", "本地", "对端", "状态", "程序"] }
    looked_up(count: usize, took: &str) => "{count} 个地址，用时 {took}";
    port_answered(asked: u64, answered: u64, times: Option<&[String; 3]>) -> String {
        let times = times.map(|[least, mean, most]| format!("；最短 {least}，平均 {mean}，最长 {most}"));
        format!("询问 {asked} 次，应答 {answered} 次{}", times.unwrap_or_default())
    }
    no_such_socket_option(name: &str) => "这里没有选项 {name}";
    no_such_socket_option_here: "本系统没有这个选项";
    not_for_protocol(protocol: Protocol) -> &'static str {
        match protocol {
            Protocol::TcpServer => "不适用于 TCP 服务器",
            Protocol::TcpClient => "不适用于 TCP 客户端",
            Protocol::Udp => "不适用于 UDP",
        }
    }
    should_be_switch: "应为 on 或 off";
    should_be_between(least: u32, most: u32) => "应为 {least} 到 {most} 的整数";
    should_be_bytes_between(least: u32, most: u32) => "应为字节数，如 65536、64k 或 1M，范围 {least} 到 {most}";
    should_be_keep_alive: "应为 off 或 空闲[,间隔[,次数]]，如 30s,5s,3，时间为整秒，最长 32767s";
    should_be_interface: "应为网络接口的名称";
    should_be_datagram_size: "应为 1 到 65507";
    interval_too_short: "间隔至少为 1ms";
    no_such_encoding: "没有这种字符编码";
    there_are(names: &[&str]) => "；可用：{}", names.join("、");

    // Options that do not fit
    option_of_window: "是窗口的选项，应写在 gui 之后或不带命令";
    for_reading_captures: "只能用于 show、export 和 search";
    needs_a_pattern: "须给出 --text、--hex、--regex 之一";
    timeout_without_condition: "没有条件时不起作用：请加 --until-…、--expect、--expect-hex 或 --expect-regex，或改用 --for";
    for_udp_only: "只适用于 UDP";
    needs_reconnect: "没有 --reconnect 时不起作用";
    no_delays: "首次等待至少 10ms，最长等待不短于首次，如 1s..30s";
    not_for_udp: "不适用于 UDP：UDP 没有连接";
    forward_sends_nothing: "不适用于转发：转发只发送收到的数据";
    forward_without_layers: "转发只支持 TCP 和 UDP：tcp:// 或 udp://";
    forward_of_one_kind: "转发的两端须同为 TCP 或同为 UDP";
    nothing_to_cut: "没有可切分的内容：只作用于 --send-file 和 --stdin";
    read_only_once(option: &str) => "是管道或设备，只能读一次，不能与 {option} 同时使用";
    needs_save: "需要 --save";
    nothing_to_replace: "没有可替换的内容：它用于 --send 和 --send-hex";
    nothing_to_wrap: "没有可封装的内容：它用于 --send、--send-hex、--reply、--reply-hex";
    nothing_to_repeat: "没有可循环的发送内容";
    needs_frame: "须与 --frame 一起使用";
    nothing_to_verify: "没有可校验的内容：请在 --frame 中加校验，或给出 --verify";

    // Files
    folder_missing(folder: &str) => "文件夹 {folder} 不存在";
    not_a_folder: "不是文件夹";
    for_tcp_only: "只适用于 TCP";
    needs_option(option: &str) => "须与 {option} 一起使用";
    folder_not_file: "是文件夹，不是文件";
    file_longer_than_datagram: "超过一个数据报的最大长度 65507 字节，请用 --datagram-size 指定每个数据报的字节数";
    used_by_too(option: &str) => "{option} 也用到这个文件";
    raw_on_terminal: "原始字节不应输出到终端：请给出 --out PATH 或使用管道";

    // Which capture
    capture_name_empty: "捕获名称为空";
    no_captures_yet: "还没有捕获记录";
    no_such_capture(id: &str) => "没有名为「{id}」的捕获记录";
    several_captures(id: &str, one: &str, other: &str) => "「{id}」不能确定一个捕获记录：{one}、{other} 等都以它开头";
    too_short_to_delete(id: &str, needed: &str) => "「{id}」太短，不能用来删除：至少给出名称中的日期，如 {needed}";
}
