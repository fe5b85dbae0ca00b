//! Sentences of rows that are no record of their own.

use super::{Lang, size};
use crate::codec::Encoding;

/// Below a record with bytes that are no characters.
#[must_use]
pub fn invalid_sentence(count: u32, encoding: Encoding, lang: Lang) -> String {
    let encoding = encoding.label();
    match (lang, count) {
        (Lang::ZhCn, _) => format!("{count} 个字节不是有效的 {encoding}，原样保留"),
        (Lang::En, 1) => format!("1 byte is not valid {encoding}, kept as it came"),
        (Lang::En, _) => format!("{count} bytes are not valid {encoding}, kept as they came"),
    }
}

/// Where the size limit has cut history.
#[must_use]
pub fn evicted_sentence(records: u64, bytes: u64, lang: Lang) -> String {
    let bytes = size(bytes);
    match (lang, records) {
        (Lang::ZhCn, _) => format!("历史从这里开始：更早的 {records} 条记录（{bytes}）因容量上限已删除"),
        (Lang::En, 1) => format!("History begins here: 1 earlier record ({bytes}) was deleted by the size limit"),
        (Lang::En, _) => {
            format!("History begins here: {records} earlier records ({bytes}) were deleted by the size limit")
        }
    }
}

/// In place of the payload of a datagram without bytes.
#[must_use]
pub fn empty_datagram(lang: Lang) -> &'static str {
    lang.pick("空数据报（0 字节）", "Empty datagram (0 bytes)")
}
