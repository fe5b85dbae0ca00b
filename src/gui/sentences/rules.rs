//! Sentences about framing rules and what they make of a sample.

use super::bytes;
use crate::codec::checksum::ValueForm;
use crate::codec::{Check, Endian, Verdict, hex};
use crate::gui::session::rule_choice;
use crate::gui::session::rule_sample::{Counts, CutRow, Origin};
use crate::model::{Direction, display_address};
use crate::words::Lang;

/// Whose stream a sample is of, and which part of it.
pub fn sample_origin(origin: &Origin, start: u64, len: usize, lang: Lang) -> String {
    let address = origin.address.map(|address| format!(" {}", display_address(address))).unwrap_or_default();
    let received = origin.direction == Direction::Received;
    let count = bytes(len as u64, lang);
    match lang {
        Lang::ZhCn => {
            let way = if received { "接收" } else { "发送" };
            format!("#{}{address} {way}，从偏移 {start} 起 {count}", origin.peer.0)
        }
        Lang::En => {
            let way = if received { "received from" } else { "sent to" };
            format!("{count} {way} #{}{address}, from offset {start}", origin.peer.0)
        }
    }
}

/// `12 帧，校验错误 1，不成帧 3 字节，未完 1`; what there is none of is not said.
pub fn cut_counts(counts: &Counts, is_checked: bool, lang: Lang) -> String {
    let Counts { frames, bad, junk_bytes, incomplete } = *counts;
    let mut parts = vec![match lang {
        Lang::ZhCn => format!("{frames} 帧"),
        Lang::En if frames == 1 => "1 frame".to_owned(),
        Lang::En => format!("{frames} frames"),
    }];
    if is_checked {
        parts.push(match lang {
            Lang::ZhCn => format!("校验错误 {bad}"),
            Lang::En => format!("{bad} with a bad check"),
        });
    }
    if junk_bytes > 0 {
        parts.push(match lang {
            Lang::ZhCn => format!("不成帧 {junk_bytes} 字节"),
            Lang::En => format!("{} in no frame", bytes(junk_bytes, lang)),
        });
    }
    if incomplete > 0 {
        parts.push(match lang {
            Lang::ZhCn => format!("未完 {incomplete}"),
            Lang::En => format!("{incomplete} cut off"),
        });
    }
    parts.join(lang.pick("，", ", "))
}

/// A row of the preview: what it is, where, and its bytes.
pub fn frame_row(kind: &str, row: &CutRow, content: &str, lang: Lang) -> String {
    let count = bytes(row.len, lang);
    let verdict = match row.verdict {
        Some(verdict) if verdict.is_ok() => lang.pick("，校验正确", ", check right"),
        Some(_) => lang.pick("，校验错误", ", check wrong"),
        None => "",
    };
    match lang {
        Lang::ZhCn => format!("{kind}，偏移 {}，{count}{verdict}：{content}", row.start),
        Lang::En => format!("{kind} at {}, {count}{verdict}: {content}", row.start),
    }
}

/// What a check says that is not right.
pub fn verdict(check: Option<&Check>, verdict: Verdict, lang: Lang) -> String {
    let name = check.map_or("", |check| rule_choice::kind_name(check.kind));
    let shown = |value: u64| check.map(|check| check_value(check, value)).unwrap_or_default();
    match (verdict, lang) {
        (Verdict::Ok, _) => String::new(),
        (Verdict::TooShort, Lang::ZhCn) => format!("太短，放不下 {name}"),
        (Verdict::TooShort, Lang::En) => format!("Too short for {name}"),
        (Verdict::Bad { computed, found: Some(found) }, Lang::ZhCn) => {
            format!("{name} 不符：收到 {}，应为 {}", shown(found), shown(computed))
        }
        (Verdict::Bad { computed, found: Some(found) }, Lang::En) => {
            format!("{name} is {}, should be {}", shown(found), shown(computed))
        }
        (Verdict::Bad { computed, found: None }, Lang::ZhCn) => {
            format!("{name} 不符：收到的不是十六进制，应为 {}", shown(computed))
        }
        (Verdict::Bad { computed, found: None }, Lang::En) => {
            format!("{name} is no hex, should be {}", shown(computed))
        }
    }
}

/// A checksum's value as it stands in a frame.
fn check_value(check: &Check, value: u64) -> String {
    let text = check.form == ValueForm::HexText;
    let usual = if text { Endian::Big } else { check.kind.usual_endian() };
    let all = value.to_be_bytes();
    let mut bytes = all[all.len() - check.kind.bytes().min(all.len())..].to_vec();
    if check.endian.unwrap_or(usual) == Endian::Little {
        bytes.reverse();
    }
    let spaced = hex::spaced_upper(&bytes);
    if text { spaced.replace(' ', "") } else { spaced }
}

/// The end of a list that does not tell all.
pub fn more_frames(count: u64, lang: Lang) -> String {
    match lang {
        Lang::ZhCn => format!("还有 {count} 行未列出（已计数）"),
        Lang::En => format!("{count} more rows, counted but not listed"),
    }
}

/// A rule was saved.
pub fn rule_saved(name: &str, lang: Lang) -> String {
    match lang {
        Lang::ZhCn => format!("已保存规则“{name}”"),
        Lang::En => format!("Rule “{name}” is saved"),
    }
}

/// A rule was deleted.
pub fn rule_deleted(name: &str, lang: Lang) -> String {
    match lang {
        Lang::ZhCn => format!("已删除规则“{name}”"),
        Lang::En => format!("Rule “{name}” is deleted"),
    }
}

/// No further rule can be saved.
pub fn rules_full(most: usize, lang: Lang) -> String {
    match lang {
        Lang::ZhCn => format!("最多保存 {most} 条规则，请先删除一些"),
        Lang::En => format!("{most} rules can be saved: delete one first"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_say_what_there_is() {
        let counts = Counts { frames: 12, bad: 1, junk_bytes: 3, incomplete: 1 };
        assert_eq!(cut_counts(&counts, true, Lang::ZhCn), "12 帧，校验错误 1，不成帧 3 字节，未完 1");
        assert_eq!(
            cut_counts(&counts, true, Lang::En),
            "12 frames, 1 with a bad check, 3 bytes in no frame, 1 cut off"
        );
        let counts = Counts { frames: 1, ..Counts::default() };
        assert_eq!(cut_counts(&counts, false, Lang::En), "1 frame");
    }

    #[test]
    fn values_are_told_as_they_stand_in_the_frame() {
        let said = |check: &str, computed, found| {
            let check: Check = check.parse().unwrap();
            verdict(Some(&check), Verdict::Bad { computed, found }, Lang::ZhCn)
        };
        assert_eq!(said("CRC-16/MODBUS", 0xC049, Some(0xC149)), "CRC16-Modbus 不符：收到 49 C1，应为 49 C0");
        assert_eq!(said("crc16:endian=big", 0xC049, Some(0xC149)), "CRC-16/ARC 不符：收到 C1 49，应为 C0 49");
        assert_eq!(said("crc16:form=hex", 0xC049, Some(0x0149)), "CRC-16/ARC 不符：收到 0149，应为 C049");
        assert_eq!(said("XOR-8:form=hex", 0x1A, None), "XOR8 不符：收到的不是十六进制，应为 1A");
    }
}
