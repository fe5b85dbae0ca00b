//! Sentences of rows that are no record of their own.

use super::{Lang, grouped, size};
use crate::capture::items::FrameNote;
use crate::codec::checksum::ValueForm;
use crate::codec::{Check, Verdict};

/// Frames that were given up before they ended.
#[must_use]
pub fn frames_given_up(bytes: u64, lang: Lang) -> String {
    match lang {
        Lang::ZhCn => format!("未完成的帧占用内存过多，其中 {} 字节按不成帧处理", grouped(bytes)),
        Lang::En => {
            let bytes = super::counted(bytes, "byte");
            format!("unfinished frames took too much memory: {bytes} of them count as in no frame")
        }
    }
}

/// What a check says that is not right, values as they stand in the frame; empty where it is.
#[must_use]
pub fn check_sentence(check: &Check, verdict: Verdict, lang: Lang) -> String {
    checked(check, verdict, &|value| check.written(value), lang)
}

/// The same with the numbers that the values are, where they are written otherwise: `94 0D (0x0D94)`.
#[must_use]
pub fn check_sentence_with_numbers(check: &Check, verdict: Verdict, lang: Lang) -> String {
    let digits = check.kind.bits().div_ceil(4) as usize;
    let both = |value: u64| {
        let (written, number) = (check.written(value), format!("{value:0digits$X}"));
        match lang {
            _ if written.replace(' ', "") == number => written,
            Lang::ZhCn => format!("{written}（0x{number}）"),
            Lang::En => format!("{written} (0x{number})"),
        }
    };
    checked(check, verdict, &both, lang)
}

fn checked(check: &Check, verdict: Verdict, written: &dyn Fn(u64) -> String, lang: Lang) -> String {
    let name = check.kind.name();
    let is_decimal = matches!(check.form, ValueForm::DecText(_));
    match (verdict, lang) {
        (Verdict::Ok, _) => String::new(),
        (Verdict::TooShort, Lang::ZhCn) => format!("太短，放不下 {name}"),
        (Verdict::TooShort, Lang::En) => format!("Too short for {name}"),
        (Verdict::Bad { computed, found: Some(found) }, Lang::ZhCn) => {
            format!("{name} 不符：收到 {}，应为 {}", written(found), written(computed))
        }
        (Verdict::Bad { computed, found: Some(found) }, Lang::En) => {
            format!("{name} is {}, should be {}", written(found), written(computed))
        }
        (Verdict::Bad { computed, found: None }, Lang::ZhCn) => {
            let digits = if is_decimal { "十进制数字" } else { "十六进制" };
            format!("{name} 不符：收到的不是{digits}，应为 {}", written(computed))
        }
        (Verdict::Bad { computed, found: None }, Lang::En) => {
            let digits = if is_decimal { "decimal number" } else { "hex" };
            format!("{name} is no {digits}, should be {}", written(computed))
        }
    }
}

/// Below a frame with which something is wrong, or bytes that are none.
#[must_use]
pub fn frame_note(note: &FrameNote, lang: Lang) -> String {
    match *note {
        FrameNote::Check { check, verdict: Some(verdict) } => check_sentence(&check, verdict, lang),
        FrameNote::Check { check, verdict: None } => match lang {
            Lang::ZhCn => format!("{} 不符", check.kind.name()),
            Lang::En => format!("{} is wrong", check.kind.name()),
        },
        FrameNote::Junk(count) => match (lang, count) {
            (Lang::ZhCn, _) => format!("{} 个字节不成帧", grouped(count.into())),
            (Lang::En, 1) => "1 byte fits no frame".to_owned(),
            (Lang::En, _) => format!("{} bytes fit no frame", grouped(count.into())),
        },
        FrameNote::Incomplete => lang.pick("未完的帧", "Frame without an end").to_owned(),
    }
}

/// A file that was sent: its name, how much of it went out, and of how much.
#[must_use]
pub fn file_sent(name: Option<&str>, bytes: u64, total: Option<u64>, lang: Lang) -> String {
    let size = super::size_of(bytes, total);
    let verb = lang.pick("发送文件", "Sent file");
    match name {
        Some(name) => format!("{verb} {name} {size}"),
        None => format!("{verb} {size}"),
    }
}

/// Where the size limit has cut history.
#[must_use]
pub fn evicted_sentence(records: u64, bytes: u64, lang: Lang) -> String {
    let (count, bytes) = (grouped(records), size(bytes));
    match (lang, records) {
        (Lang::ZhCn, _) => format!("历史从这里开始：更早的 {count} 条记录（{bytes}）因容量上限已删除"),
        (Lang::En, 1) => format!("History begins here: 1 earlier record ({bytes}) was deleted by the size limit"),
        (Lang::En, _) => {
            format!("History begins here: {count} earlier records ({bytes}) were deleted by the size limit")
        }
    }
}

/// Which captures the retention time deleted; at most three are named.
#[must_use]
pub fn swept_sentence(ids: &[String], lang: Lang) -> String {
    const NAMED: usize = 3;
    let count = ids.len();
    let named = ids.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(lang.pick("、", ", "));
    let more = if count > NAMED { "…" } else { "" };
    match (lang, count) {
        (Lang::ZhCn, _) => format!("已删除 {} 个超过保留时间的捕获：{named}{more}", grouped(count as u64)),
        (Lang::En, 1) => format!("Deleted 1 capture older than the retention time: {named}"),
        (Lang::En, _) => {
            format!("Deleted {} captures older than the retention time: {named}{more}", grouped(count as u64))
        }
    }
}

/// In place of the payload of a datagram without bytes.
#[must_use]
pub fn empty_datagram(lang: Lang) -> &'static str {
    lang.pick("空数据报（0 字节）", "Empty datagram (0 bytes)")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_told_as_they_stand_in_the_frame() {
        let said = |check: &str, computed, found| {
            check_sentence(&check.parse().unwrap(), Verdict::Bad { computed, found }, Lang::ZhCn)
        };
        assert_eq!(said("CRC-16/MODBUS", 0xC049, Some(0xC149)), "CRC-16/MODBUS 不符：收到 49 C1，应为 49 C0");
        assert_eq!(said("crc16:endian=big", 0xC049, Some(0xC149)), "CRC-16/ARC 不符：收到 C1 49，应为 C0 49");
        assert_eq!(said("crc16:form=hex", 0xC049, Some(0x0149)), "CRC-16/ARC 不符：收到 0149，应为 C049");
        assert_eq!(said("XOR-8:form=hex", 0x1A, None), "XOR-8 不符：收到的不是十六进制，应为 1A");
        assert_eq!(said("SUM-8:form=dec", 88, None), "SUM-8 不符：收到的不是十进制数字，应为 088");
    }

    #[test]
    fn numbers_stand_beside_values_that_are_written_otherwise() {
        let said = |check: &str, computed, found, lang| {
            check_sentence_with_numbers(&check.parse().unwrap(), Verdict::Bad { computed, found: Some(found) }, lang)
        };
        for (check, en, zh) in [
            (
                "CRC-16/MODBUS",
                "CRC-16/MODBUS is 49 C1 (0xC149), should be 49 00 (0x0049)",
                "CRC-16/MODBUS 不符：收到 49 C1（0xC149），应为 49 00（0x0049）",
            ),
            ("crc16:endian=big", "CRC-16/ARC is C1 49, should be 00 49", "CRC-16/ARC 不符：收到 C1 49，应为 00 49"),
            ("crc16:form=hex", "CRC-16/ARC is C149, should be 0049", "CRC-16/ARC 不符：收到 C149，应为 0049"),
        ] {
            assert_eq!(said(check, 0x0049, 0xC149, Lang::En), en);
            assert_eq!(said(check, 0x0049, 0xC149, Lang::ZhCn), zh);
        }
    }
}
