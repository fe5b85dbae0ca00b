//! Sentences about framing rules and what they make of a sample.

use super::bytes;
use crate::capture::items::ItemCounts;
use crate::gui::session::rule_sample::{CutRow, Origin};
use crate::model::{Direction, display_address};
use crate::words::{self, Lang};

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
pub fn cut_counts(counts: &ItemCounts, is_checked: bool, lang: Lang) -> String {
    let ItemCounts { frames, bad, junk_bytes, incomplete, given_up_bytes } = *counts;
    let mut parts = vec![super::frames_short(frames, None, lang)];
    if is_checked {
        parts.push(match lang {
            Lang::ZhCn => format!("校验错误 {bad}"),
            Lang::En => format!("{bad} with a bad check"),
        });
    }
    if junk_bytes > 0 {
        parts.push(match lang {
            Lang::ZhCn => format!("不成帧 {}", bytes(junk_bytes, lang)),
            Lang::En => format!("{} in no frame", bytes(junk_bytes, lang)),
        });
    }
    if incomplete > 0 {
        parts.push(match lang {
            Lang::ZhCn => format!("未完 {incomplete}"),
            Lang::En => format!("{incomplete} cut off"),
        });
    }
    if given_up_bytes > 0 {
        parts.push(words::frames_given_up(given_up_bytes, lang));
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

/// The end of a list that does not tell all.
pub fn more_frames(count: u64, lang: Lang) -> String {
    match lang {
        Lang::ZhCn => format!("还有 {count} 行未列出（已计数）"),
        Lang::En if count == 1 => "1 more row, counted but not listed".to_owned(),
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
        let counts = ItemCounts { frames: 12, bad: 1, junk_bytes: 3, incomplete: 1, given_up_bytes: 0 };
        assert_eq!(cut_counts(&counts, true, Lang::ZhCn), "12 帧，校验错误 1，不成帧 3 字节，未完 1");
        assert_eq!(
            cut_counts(&counts, true, Lang::En),
            "12 frames, 1 with a bad check, 3 bytes in no frame, 1 cut off"
        );
        let counts = ItemCounts { frames: 1, ..ItemCounts::default() };
        assert_eq!(cut_counts(&counts, false, Lang::En), "1 frame");
    }
}
