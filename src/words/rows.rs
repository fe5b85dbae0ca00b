//! Sentences in rows that are not records.

use super::Lang;
use crate::capture::Cause;
use crate::capture::items::FrameNote;
use crate::codec::checksum::ValueForm;
use crate::codec::{Check, Verdict};

/// Incomplete frames that were dropped because they used too much memory.
#[must_use]
pub fn frames_given_up(bytes: u64, lang: Lang) -> String {
    lang.texts().frames_given_up(bytes)
}

/// The problem found by a check, with values as in the frame; empty if there is none.
#[must_use]
pub fn check_sentence(check: &Check, verdict: Verdict, lang: Lang) -> String {
    checked(check, verdict, &|value| check.written(value), lang)
}

/// The same, with the number behind each value that is written differently: `94 0D (0x0D94)`.
#[must_use]
pub fn check_sentence_with_numbers(check: &Check, verdict: Verdict, lang: Lang) -> String {
    let digits = check.kind.bits().div_ceil(4) as usize;
    let both = |value: u64| {
        let (written, number) = (check.written(value), format!("{value:0digits$X}"));
        if written.replace(' ', "") == number { written } else { lang.texts().value_and_number(&written, &number) }
    };
    checked(check, verdict, &both, lang)
}

fn checked(check: &Check, verdict: Verdict, written: &dyn Fn(u64) -> String, lang: Lang) -> String {
    let (name, texts) = (check.kind.name(), lang.texts());
    match verdict {
        Verdict::Ok => String::new(),
        Verdict::TooShort => texts.check_too_short(name),
        Verdict::NotHex => texts.check_covers_no_hex(name),
        Verdict::Bad { computed, found: Some(found) } => texts.check_differs(name, &written(found), &written(computed)),
        Verdict::Bad { computed, found: None } => match check.form {
            ValueForm::DecText(_) => texts.check_no_decimal(name, &written(computed)),
            _ => texts.check_no_hex(name, &written(computed)),
        },
    }
}

/// The line below a bad frame, or below bytes outside any frame.
#[must_use]
pub fn frame_note(note: &FrameNote, lang: Lang) -> String {
    match *note {
        FrameNote::Check { check, verdict: Some(verdict) } => check_sentence(&check, verdict, lang),
        FrameNote::Check { check, verdict: None } => lang.texts().check_wrong(check.kind.name()),
        FrameNote::Junk(count) => lang.texts().fits_no_frame(count.into()),
        FrameNote::Incomplete => lang.texts().frame_without_end().to_owned(),
    }
}

/// What sent a record: a rule with the mark of answers, a step or command by its name.
#[must_use]
pub fn sender(cause: Cause, name: &str) -> String {
    if cause == Cause::Reply { format!("↩ {name}") } else { name.to_owned() }
}

/// A sent file: its name, the bytes sent, and its size.
#[must_use]
pub fn file_sent(name: Option<&str>, bytes: u64, total: Option<u64>, lang: Lang) -> String {
    let size = super::size_of(bytes, total);
    lang.texts().sent_file(&match name {
        Some(name) => format!("{name} {size}"),
        None => size,
    })
}

/// The start of the history, after the size limit deleted older records.
#[must_use]
pub fn evicted_sentence(records: u64, bytes: u64, lang: Lang) -> String {
    lang.texts().history_begins(records, bytes)
}

/// The captures that the retention time deleted; at most three are named.
#[must_use]
pub fn swept_sentence(ids: &[String], lang: Lang) -> String {
    const NAMED: usize = 3;
    let separator = lang.texts().enumeration_comma();
    let mut named = ids.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(separator);
    if ids.len() > NAMED {
        named.push('…');
    }
    lang.texts().swept(ids.len() as u64, &named)
}

/// Shown instead of the payload of an empty datagram.
#[must_use]
pub fn empty_datagram(lang: Lang) -> &'static str {
    lang.texts().empty_datagram()
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
    fn a_check_of_bytes_that_are_not_hex_has_no_expected_value() {
        let check: Check = "NEG-SUM-8:from=1,form=hex,covers=hex".parse().unwrap();
        let verdict = check.verifier().verify(b":01G3FC").unwrap();
        assert_eq!(verdict.name(), "bad");
        let said = |lang| (check_sentence(&check, verdict, lang), check_sentence_with_numbers(&check, verdict, lang));
        let en = "NEG-SUM-8 cannot be computed: the bytes it covers are not pairs of hex digits".to_owned();
        assert_eq!(said(Lang::En), (en.clone(), en));
        let zh = "NEG-SUM-8 无法计算：校验范围内的字节不是成对的十六进制数字".to_owned();
        assert_eq!(said(Lang::ZhCn), (zh.clone(), zh));
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
