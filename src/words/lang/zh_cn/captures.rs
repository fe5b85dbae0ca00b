//! Stored captures: what cannot be read of them, exports, imports, deletion, in Chinese.

use super::ZhCn;
use super::known;
use crate::capture::{ChangedFile, NotFollowed, ReadError};
use crate::words::{grouped, harmless};

texts! { Captures for ZhCn;

    // Reading
    read_error(error: &ReadError) -> String {
        match error {
            ReadError::Evicted(_) => "因容量上限已删除".to_owned(),
            ReadError::NotYet(_) => "尚未写入".to_owned(),
            ReadError::FileChanged(_) => "发送的文件此后已改变或移走，无法显示内容".to_owned(),
            ReadError::NotFollowed { path, why: NotFollowed::Foreign } => {
                format!("此捕获不是本程序在本机写入的，未读取它引用的发送文件：{path}")
            }
            ReadError::NotFollowed { path, why: NotFollowed::Elsewhere } => {
                format!("发送的文件位于服务器或设备上，或要经过链接才能到达，未读取：{path}")
            }
            ReadError::Io(_) => "捕获文件已损坏，无法读取".to_owned(),
        }
    }
    read_error_in_full(error: &ReadError) -> String {
        match error {
            ReadError::FileChanged(ChangedFile { path, size, hash, .. }) => {
                let was = match hash {
                    0 => String::new(),
                    hash => format!("（当时 {size} 字节，这一部分的 XXH3 为 {hash:016x}）"),
                };
                format!("发送的文件 {} 此后已改变或移走{was}，无法显示内容", harmless(path))
            }
            ReadError::NotFollowed { .. } => harmless(&ZhCn.read_error(error)),
            // What the system says is English.
            _ => ZhCn.read_error(error),
        }
    }
    damage(note: &str) => "捕获记录不完整：{}", known::damage(note);
    files_left_unread: "捕获引用了发送过的文件，未读取这些文件";

    // Exports
    made_up_headers: "由套接字上收发的数据生成：以太网、IP、TCP/UDP 首部（含握手、确认与分段）是补造的，不是网线上的原样";
    records_missing(records: u64) => "{} 条记录无法读取，结果中没有它们（捕获记录已损坏，或发送过的文件已改变或未读取）", grouped(records);

    // Imports
    import_cancelled: "已取消";
    no_log(path: &str) => "{path} 中没有 NetAssist 日志的条目";
    no_hex_in_log(path: &str, line: u64, why: &str) => "{path} 第 {line} 行的条目不是有效的十六进制：{why}";
    imported(records: u64) => "已读入 {} 条数据记录", grouped(records);
    lines_left_out(lines: u64) => "{} 行不属于任何条目，未读入", grouped(lines);
    empty_lines_left_out: "每个条目后面都有一个空行，视为日志自带，已去掉";
    read_from_utf_16: "文件是 UTF-16 编码，文本按 UTF-8 读入";
    times_existed_twice(times: u64) => "{} 个时间因时钟回拨而出现两次，已按条目先后判定", grouped(times);
    times_never_were(times: u64) => "{} 个时间因时钟拨快而不存在，已顺延", grouped(times);

    // Deletion
    swept(captures: u64, named: &str) => "已删除 {} 个超过保留时间的捕获：{named}", grouped(captures);
}
