//! Sentences that exported files hold, and about exporting.

use super::{Lang, event_sentence, first_heard_sentence, harmless};
use crate::capture::{ChangedFile, NotFollowed, ReadError, Record, RecordKind, SessionNote};
use std::net::SocketAddr;

/// A record that is not data, in words. Over UDP nothing connects: there a peer is first heard of.
#[must_use]
pub fn record_sentence(record: &Record, note: Option<&SessionNote>, address: Option<SocketAddr>, lang: Lang) -> String {
    if record.stands_alone() && record.kind == RecordKind::PeerJoined {
        return first_heard_sentence(address, lang);
    }
    event_sentence(record.kind, note, address, lang)
}

/// Stands in a file of packets.
#[must_use]
pub fn made_up_headers(lang: Lang) -> &'static str {
    lang.pick(
        "由套接字上收发的数据生成：以太网、IP、TCP/UDP 首部（含握手、确认与分段）是补造的，不是网线上的原样",
        "Made from what passed a socket: the Ethernet, IP and TCP or UDP headers (with handshakes, acknowledgements and segments) are made up and are not what passed the wire",
    )
}

/// Why the payload of a record cannot be shown.
#[must_use]
pub fn read_error(error: &ReadError, lang: Lang) -> String {
    let (zh, en) = match error {
        ReadError::Evicted(_) => ("已因容量上限删除", "Deleted by the size limit"),
        ReadError::NotYet(_) => ("尚未写入", "Not written yet"),
        ReadError::FileChanged(_) => (
            "发送的文件此后已改变或移走，无法显示内容",
            "The file that was sent has changed or gone since: its content cannot be shown",
        ),
        ReadError::NotFollowed { path, why: NotFollowed::Foreign } => {
            return match lang {
                Lang::ZhCn => format!("此捕获不是本程序在本机写入的，未读取它引用的发送文件：{path}"),
                Lang::En => format!("Not read, as this capture was not written on this machine: the sent file {path}"),
            };
        }
        ReadError::NotFollowed { path, why: NotFollowed::Elsewhere } => {
            return match lang {
                Lang::ZhCn => format!("发送的文件位于服务器或设备上，或要经过链接才能到达，未读取：{path}"),
                Lang::En => format!(
                    "Not read, as it lies on a server, is a device or is reached by a link: the sent file {path}"
                ),
            };
        }
        ReadError::Io(_) => ("捕获文件已损坏，无法读取", "The capture is damaged here and cannot be read"),
    };
    lang.pick(zh, en).to_owned()
}

/// The same where there is room: which file it was and what it held then, or what is damaged.
#[must_use]
pub fn read_error_in_full(error: &ReadError, lang: Lang) -> String {
    match (error, lang) {
        (ReadError::FileChanged(ChangedFile { path, size, hash, .. }), Lang::ZhCn) => {
            let was = match hash {
                0 => String::new(),
                hash => format!("（当时 {size} 字节，这一部分的 XXH3 为 {hash:016x}）"),
            };
            format!("发送的文件 {} 此后已改变或移走{was}，无法显示内容", harmless(path))
        }
        (ReadError::NotFollowed { .. }, _) => harmless(&read_error(error, lang)),
        // What the system says is English.
        (_, Lang::ZhCn) => read_error(error, lang),
        (_, Lang::En) => harmless(&error.to_string()),
    }
}

/// Some of what was sent is not shown: the capture has only the path of its file.
#[must_use]
pub fn files_left_unread(lang: Lang) -> &'static str {
    lang.pick(
        "捕获引用了发送过的文件，未读取这些文件",
        "The capture refers to files that were sent; they were not read",
    )
}

/// An export is not whole.
#[must_use]
pub fn missing_sentence(records: u64, lang: Lang) -> String {
    let count = super::grouped(records);
    match (lang, records) {
        (Lang::ZhCn, _) => {
            format!("{count} 条记录无法读取，结果中没有它们（捕获记录已损坏，或发送过的文件已改变或未读取）")
        }
        (Lang::En, 1) => {
            "1 record could not be read and is missing (damaged, or a file that was sent has changed since or was not read)".into()
        }
        (Lang::En, _) => format!(
            "{count} records could not be read and are missing (damaged, or files that were sent have changed since or were not read)"
        ),
    }
}
