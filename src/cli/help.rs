//! The command as clap shows it, in either language, with the options grouped by purpose.

use super::args::Arguments;
use crate::words::Lang;
use clap::{Arg, Command, CommandFactory};

/// An option's id, its group, and its help in Chinese.
type Entry = (&'static str, Group, &'static str);

#[derive(Clone, Copy)]
enum Group {
    Where,
    All,
    Window,
    Show,
    Send,
    Answer,
    End,
    Files,
    Socket,
}

impl Group {
    fn heading(self, lang: Lang) -> &'static str {
        let (zh, en) = match self {
            Self::Where => ("参数", "Arguments"),
            Self::All => ("通用选项", "All commands"),
            Self::Window => ("窗口", "Window"),
            Self::Show => ("显示", "Show"),
            Self::Send => ("发送", "Send"),
            Self::Answer => ("应答（任选其一）", "Answer (one of them)"),
            Self::End => ("结束条件", "End"),
            Self::Files => ("文件", "Files"),
            Self::Socket => ("套接字", "Socket"),
        };
        lang.pick(zh, en)
    }
}

const ENTRIES: &[Entry] = &[
    (
        "endpoint",
        Group::Where,
        "tcp://HOST:PORT 或 udp://HOST:PORT；只写 HOST:PORT 即 tcp，IPv6 地址加方括号，监听端口 0 = 任意空闲端口",
    ),
    ("id", Group::Where, "列表中的名称、能唯一确定它的开头几个字符，或 last（最新的一个）"),
    ("ids", Group::Where, "列表中的名称、能唯一确定它的开头几个字符，或 last（最新的一个）"),
    ("path", Group::Where, "日志文件"),
    ("data_dir", Group::All, "捕获记录与设置保存在 DIR，而不是系统默认目录"),
    ("lang", Group::All, "语言：zh-CN 或 en（默认随系统）"),
    (
        "follow_files",
        Group::Files,
        "从捕获记下的路径读取发送过而未存入捕获的文件，非本机写入的捕获也读取（用于 show、export、search）",
    ),
    ("capture_limit", Group::All, "单个捕获记录占用的磁盘上限，如 512M、4GiB（默认）；超出时先删最旧的数据"),
    (
        "keep_files",
        Group::All,
        "不超过 SIZE 的发送文件，内容存入捕获，最大 1GiB（默认按设置，最初为 4MiB）；更大的文件只记录路径",
    ),
    ("keep_for", Group::All, "删除结束时间早于 TIME 的捕获，如 30d、12h；forever = 一直保留（默认按设置，最初为 7d）"),
    ("help", Group::All, "显示本帮助"),
    ("version", Group::All, "显示版本"),
    ("listen", Group::Window, "在窗口中打开一个监听 ENDPOINT 的会话，可重复"),
    ("connect", Group::Window, "在窗口中打开一个连接 ENDPOINT 的会话，可重复"),
    ("demo", Group::Window, "显示内置演示"),
    ("size", Group::Window, "窗口大小（点），如 1280x800"),
    ("theme", Group::Window, "light（浅色）或 dark（深色）；默认按设置，其次随系统"),
    ("show", Group::Show, "text（文本，默认）、hex、dump（对照）或 none（不显示）"),
    (
        "encoding",
        Group::Show,
        "文本的字符编码（显示与发送）：UTF-8（默认）、GBK、GB18030、Big5、Shift_JIS、UTF-16LE ……",
    ),
    (
        "format",
        Group::Files,
        "raw（原始字节，默认）、log（文本日志）、netassist、csv、jsonl、hexdump（供 text2pcap）或 pcapng（供 Wireshark）；csv 中 hex 列以 0x 开头，会被表格软件当作公式（= + - @ 开头）、数字或日期的文本前有一个撇号",
    ),
    ("json", Group::Show, "每行输出一个 JSON 对象"),
    (
        "frame",
        Group::Show,
        "按 RULE 分帧显示：line、delim:0D0A、fixed:8、len:size=4,endian=little、gap:20ms ……；预设：py-struct-i、modbus-tcp、modbus-rtu、nmea、slip、cobs、stx-etx、json、mqtt（见 wirebench rules 和 docs/FRAMING.md）",
    ),
    (
        "verify",
        Group::Show,
        "校验每一帧（没有 --frame 时为每条记录），如 CRC-16/MODBUS、xor-8:from=1；校验错误时 --json 以 computed、found 给出数值，以 computed_wire、found_wire 给出帧中的写法",
    ),
    (
        "filter",
        Group::Show,
        "只要符合全部条件的记录（有 --frame 时为帧）：dir=received、peer=IP[:PORT]、kind=data|event|problem|bad|junk、len=8..64、since=时间、until=时间、text='…'、hex='01 ??'、regex='…'（可加 not、nocase），如 \"dir=sent,len=8..,text='ok'\"",
    ),
    ("from", Group::Show, "从第 N 条记录开始（分帧时：从这条记录中开始的帧起）"),
    ("count", Group::Send, "发送列表循环几轮"),
    (
        "direction",
        Group::Show,
        "received（接收，默认）、sent（发送）或 both（双向，--json 的默认值）；both 时每行以 <- 或 -> 开头",
    ),
    ("send", Group::Send, "发送文本；各发送选项可重复、可混用，按给出的顺序发送"),
    ("send_hex", Group::Send, "发送十六进制字节（如 \"01 03 00 0A\"）或十六进制转储"),
    (
        "send_file",
        Group::Send,
        "发送文件、管道或设备的内容，读到结尾为止；UDP 时一个文件是一个数据报（最多 65507 字节）；大于 --keep-files 的文件，捕获中只有它的路径",
    ),
    (
        "stdin",
        Group::Send,
        "发送标准输入的内容；来自文件或管道时，对方关闭其写方向后仍会发完；UDP 时一次读到的内容是一个数据报（最多 65507 字节）",
    ),
    ("datagram_size", Group::Send, "UDP：把 --send-file 和 --stdin 的内容切成每个 N 字节的数据报，1 到 65507"),
    ("escape", Group::Send, "解析 --send、--reply、--expect、--expect-not 中的转义符（\\n \\r \\t \\xNN \\u{…}）"),
    ("every", Group::Send, "循环发送整个列表，间隔从一轮开始算到下一轮开始，如 250ms、2s"),
    ("echo", Group::Answer, "每条记录（TCP 流一次读到的内容，或一个数据报；不是每一帧）原样发回"),
    ("reply", Group::Answer, "每条记录回复文本 TEXT"),
    ("reply_hex", Group::Answer, "每条记录回复十六进制字节"),
    ("reply_upper", Group::Answer, "每条记录把 a–z 变成 A–Z 后发回"),
    ("run_for", Group::End, "运行这么久后结束"),
    ("until_bytes", Group::End, "所有对方合计收到 N 字节后结束"),
    ("until_frames", Group::End, "所有对方合计收到 N 帧后结束（须给出 --frame）"),
    ("until_closed", Group::End, "来过的对方全部离开后结束（TCP）"),
    (
        "expect",
        Group::End,
        "在同一条 TCP 流或同一个数据报中（有 --frame 时在同一帧中）收到 TEXT 后结束；可重复，须全部收到",
    ),
    ("expect_hex", Group::End, "同上，以十六进制给出"),
    (
        "expect_regex",
        Group::End,
        "同上，以字节上的正则表达式给出，如 \"^OK \\d+$\"：有 --frame 时 ^ 和 $ 是一帧净荷的两端，否则是流或数据报的两端；匹配最长 16 KiB",
    ),
    ("expect_not", Group::End, "收到 TEXT 时立即以退出码 1 结束；可重复"),
    ("expect_not_hex", Group::End, "同上，以十六进制给出"),
    ("fail_on_bad", Group::End, "收到校验错误的帧时立即以退出码 1 结束（--frame 中须有校验，或给出 --verify）"),
    (
        "timeout",
        Group::End,
        "--until-…、--expect… 超过这个时间仍未满足，或连接未能建立，则以退出码 1 结束（默认 10s）；connect udp://…：没有其他结束条件时，发完后等待应答这么久（默认 1s），没有应答不算失败",
    ),
    ("save", Group::Files, "把收到的字节写入文件（覆盖旧文件）"),
    ("log", Group::Files, "把发生的一切连同时间追加到日志文件"),
    ("text", Group::Show, "查找文本 TEXT"),
    ("ignore_case", Group::Show, "--text 不区分大小写"),
    ("hex", Group::Show, "查找十六进制字节，? 代表任意一位，如 \"01 ?? 4?\""),
    ("regex", Group::Show, "查找字节上的正则表达式，如 \"\\x02[^\\x03]+\\x03\"；匹配最长 16 KiB"),
    ("out", Group::Files, "输出文件（覆盖旧文件）；不给则写到标准输出"),
    ("peer", Group::Show, "只要与这个对端之间的数据；只写 IP 即该地址的所有对端"),
    ("bind", Group::Socket, "从这个本地地址（可带端口）发起连接"),
    ("no_shutdown", Group::Socket, "全部发完后不关闭写方向（connect）"),
    ("keep_half_open", Group::Socket, "对方关闭写方向后，本端保持打开"),
];

const COMMANDS: &[(&str, &str)] = &[
    ("wirebench", "网络调试助手：TCP 与 UDP 会话，每个字节都保存在磁盘上"),
    ("gui", "打开窗口（不带命令时的默认动作）"),
    ("listen", "接受 TCP 客户端或绑定 UDP 套接字，显示收到的数据"),
    ("connect", "连接 TCP 服务器，或与一个 UDP 地址通信"),
    ("captures", "查看、查找、导出、导入、删除以往的捕获记录"),
    ("encodings", "列出字符编码及其别名"),
    ("checks", "列出校验算法（用于 --verify 和分帧规则）及其别名"),
    ("rules", "列出分帧规则和预设（用于 --frame）"),
    ("list", "列出捕获记录，最新的在前"),
    ("show", "输出一个捕获记录中的数据"),
    ("search", "在一个捕获记录中查找字节：每条 TCP 流（跨记录）和每个数据报；没有找到时退出码为 1"),
    ("export", "把一个捕获记录写入文件：原始字节，或其他程序能读的格式"),
    ("import", "把一个 NetAssist 日志读成新的捕获记录"),
    ("delete", "删除没有在写入的捕获记录"),
];

/// The whole command in `lang`.
pub(super) fn command(lang: Lang) -> Command {
    dressed(Arguments::command(), lang)
}

/// Help as clap rendered it. The placeholders of its usage line are fixed in English.
pub(super) fn rendered(help: &str, lang: Lang) -> String {
    let line = |line: &str| match lang {
        Lang::ZhCn if line.starts_with("用法：") => {
            line.replace("[OPTIONS]", "[选项]").replace("[COMMAND]", "[命令]")
        }
        _ => line.to_owned(),
    };
    help.split_inclusive('\n').map(line).collect()
}

fn dressed(command: Command, lang: Lang) -> Command {
    let name = command.get_name().to_owned();
    let about = COMMANDS.iter().find(|(of, _)| *of == name).map(|(_, zh)| *zh);
    let mut command = command
        .help_template(lang.pick(
            "{about}\n\n用法：{usage}\n\n{all-args}{after-help}",
            "{about}\n\nUsage: {usage}\n\n{all-args}{after-help}",
        ))
        .subcommand_help_heading(lang.pick("命令", "Commands"))
        .mut_args(|arg| dressed_arg(arg, &name, lang))
        .mut_subcommands(|sub| dressed(sub, lang));
    if let (Lang::ZhCn, Some(about)) = (lang, about) {
        command = command.about(about);
    }
    if name == "wirebench" || name == "listen" || name == "connect" {
        command = command.after_help(lang.pick(
            "退出码：0 按要求完成；1 失败或条件未满足；2 用法错误。时间要带单位：250ms 2s 1m 1h。",
            "Exit codes: 0 done as asked; 1 failed or a condition is unmet; 2 wrong usage. Durations need a unit: 250ms 2s 1m 1h.",
        ));
    }
    command
}

fn dressed_arg(arg: Arg, command: &str, lang: Lang) -> Arg {
    let Some((_, group, zh)) = ENTRIES.iter().find(|(id, ..)| arg.get_id() == id) else { return arg };
    let (group, zh) = match (arg.get_id().as_str(), command) {
        ("count", "show") => (Group::Show, "最多输出几条数据记录（有 --frame 时为几帧）；其间的事件不计"),
        ("count", "search") => (Group::Show, "只输出找到多少处"),
        ("direction", "search") => (Group::Show, "received（接收）、sent（发送）或 both（双向，默认）"),
        ("encoding", "search") => {
            (Group::Show, "--text 的字符编码：UTF-8（默认）、GBK、GB18030、Big5、Shift_JIS、UTF-16LE ……")
        }
        ("count", "export") => (Group::Show, "最多导出几条数据记录（有 --frame 时为几帧）；其间的事件不计"),
        ("encoding", "export") => (
            Group::Show,
            "log、netassist、csv、jsonl 中文本的字符编码：UTF-8（默认）、GBK、GB18030、Big5、Shift_JIS、UTF-16LE ……",
        ),
        ("peer", "export") => (Group::Show, "只要与这个对端之间的数据；只写 IP 即该地址的所有对端（log 除外）"),
        ("direction", "export") => {
            (Group::Show, "received（接收，raw 的默认值）、sent（发送）或 both（双向，其他格式的默认值；log 除外）")
        }
        _ => (*group, *zh),
    };
    let arg = arg.help_heading(group.heading(lang));
    match lang {
        Lang::ZhCn => arg.help(zh),
        Lang::En => arg,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn each(command: &Command, check: &mut dyn FnMut(&Command)) {
        check(command);
        for sub in command.get_subcommands() {
            each(sub, check);
        }
    }

    #[test]
    fn every_option_and_command_has_help_in_both_languages() {
        each(&command(Lang::ZhCn), &mut |command| {
            assert!(COMMANDS.iter().any(|(name, _)| *name == command.get_name()), "{}", command.get_name());
            for arg in command.get_arguments() {
                let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
                assert!(!help.is_ascii(), "{} {}: {help:?}", command.get_name(), arg.get_id());
                assert!(arg.get_help_heading().is_some(), "{}", arg.get_id());
            }
        });
        each(&command(Lang::En), &mut |command| {
            assert!(command.get_about().is_some(), "{}", command.get_name());
            for arg in command.get_arguments() {
                assert!(arg.get_help().is_some(), "{} {}", command.get_name(), arg.get_id());
            }
        });
    }

    #[test]
    fn the_command_is_sound() {
        for lang in [Lang::ZhCn, Lang::En] {
            command(lang).debug_assert();
        }
    }
}
