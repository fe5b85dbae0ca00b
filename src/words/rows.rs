//! Sentences of rows that are no record of their own.

use super::{Lang, size};
use crate::capture::items::FrameNote;
use crate::codec::{ChecksumKind, Encoding};

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

/// Below a frame with which something is wrong, or bytes that are none.
#[must_use]
pub fn frame_note(note: &FrameNote, lang: Lang) -> String {
    let number = |value: u64, kind: ChecksumKind| format!("{value:0width$X}", width = kind.bits().div_ceil(4) as usize);
    match *note {
        FrameNote::BadCheck { kind, values } => {
            let name = kind.name();
            let told = values.map(|(computed, found)| {
                let none = || lang.pick("非十六进制", "no hex").to_owned();
                (number(computed, kind), found.map_or_else(none, |found| number(found, kind)))
            });
            match (lang, told) {
                (Lang::ZhCn, Some((computed, found))) => format!("{name} 不符：收到 {found}，应为 {computed}"),
                (Lang::ZhCn, None) => format!("{name} 不符"),
                (Lang::En, Some((computed, found))) => format!("{name} is wrong: {found} found, {computed} expected"),
                (Lang::En, None) => format!("{name} is wrong"),
            }
        }
        FrameNote::TooShort(kind) => match lang {
            Lang::ZhCn => format!("太短，没有 {}", kind.name()),
            Lang::En => format!("Too short for {}", kind.name()),
        },
        FrameNote::Junk(count) => match (lang, count) {
            (Lang::ZhCn, _) => format!("{count} 个字节不成帧"),
            (Lang::En, 1) => "1 byte fits no frame".to_owned(),
            (Lang::En, _) => format!("{count} bytes fit no frame"),
        },
        FrameNote::Incomplete => lang.pick("未完的帧", "Frame without an end").to_owned(),
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
