//! Sentences about what is shown of a capture: frames, filters, and the index behind them.

use crate::codec::Encoding;
use crate::model::{NetError, Operation};
pub use crate::words::grouped;
use crate::words::{self, Lang};

/// What is shown of records that are not cut: `12 with data`.
pub fn data_count(count: u64, lang: Lang) -> String {
    match lang {
        Lang::ZhCn => format!("{} 条数据", grouped(count)),
        Lang::En => format!("{} with data", grouped(count)),
    }
}

/// How many records are shown.
pub fn record_count(count: u64, lang: Lang) -> String {
    match (lang, count) {
        (Lang::ZhCn, _) => format!("{} 条记录", grouped(count)),
        (Lang::En, 1) => "1 record".to_owned(),
        (Lang::En, _) => format!("{} records", grouped(count)),
    }
}

/// Frames, and how many of them a check found wrong, as short as can be: `15 帧 · 6 错`.
pub fn frames_short(frames: u64, bad: Option<u64>, lang: Lang) -> String {
    let bad = bad.filter(|bad| *bad > 0).map(grouped);
    match (lang, bad) {
        (Lang::ZhCn, None) => format!("{} 帧", grouped(frames)),
        (Lang::ZhCn, Some(bad)) => format!("{} 帧 · {bad} 错", grouped(frames)),
        (Lang::En, None) if frames == 1 => "1 frame".to_owned(),
        (Lang::En, None) => format!("{} frames", grouped(frames)),
        (Lang::En, Some(bad)) if frames == 1 => format!("1 frame · {bad} bad"),
        (Lang::En, Some(bad)) => format!("{} frames · {bad} bad", grouped(frames)),
    }
}

/// The filter lets nothing through.
pub fn nothing_filtered(lang: Lang) -> &'static str {
    lang.pick("没有符合筛选的记录", "No record passes the filter")
}

/// The view was cleared.
pub fn view_cleared(count: u64, lang: Lang) -> String {
    match lang {
        Lang::ZhCn => format!("显示已清除，{} 条仍在记录中", grouped(count)),
        Lang::En if count == 1 => "View cleared; 1 record is kept in the capture".to_owned(),
        Lang::En => format!("View cleared; {} records are kept in the capture", grouped(count)),
    }
}

/// How many of them a filter lets through.
pub fn with_shown(counts: &str, shown: u64, lang: Lang) -> String {
    match lang {
        Lang::ZhCn => format!("{counts} · 筛选后显示 {} 项", grouped(shown)),
        Lang::En => format!("{counts} · {} shown by the filter", grouped(shown)),
    }
}

/// Not everything is in sight.
pub fn filter_is_on(lang: Lang) -> &'static str {
    lang.pick("仅显示符合筛选的内容", "Only what passes the filter is shown")
}

/// How far the index of what is shown is (0–1).
pub fn indexing(counts: &str, done: f32, lang: Lang) -> String {
    let percent = (done * 100.0).floor();
    match lang {
        Lang::ZhCn if counts.is_empty() => format!("正在整理历史 {percent:.0} %"),
        Lang::En if counts.is_empty() => format!("Going through the history {percent:.0} %"),
        Lang::ZhCn => format!("{counts} · 正在整理历史 {percent:.0} %"),
        Lang::En => format!("{counts} · going through the history {percent:.0} %"),
    }
}

/// The index cannot be written.
pub fn index_failed(error: &std::io::Error, lang: Lang) -> String {
    let cause = words::error_cause(&NetError::from_io(Operation::Store, "", error), lang);
    match lang {
        Lang::ZhCn => format!("无法写入显示索引：{cause}"),
        Lang::En => format!("The index of what is shown cannot be written: {cause}"),
    }
}

/// What came from a peer (`None`: the only one) reads well in another encoding.
pub fn looks_like(peer: Option<u32>, chosen: Encoding, proposed: Encoding, lang: Lang) -> String {
    let (chosen, proposed) = (chosen.label(), proposed.label());
    match (lang, peer) {
        (Lang::ZhCn, Some(peer)) => format!("#{peer} 的数据不能按 {chosen} 解码 · 看起来是 {proposed}"),
        (Lang::ZhCn, None) => format!("收到的数据不能按 {chosen} 解码 · 看起来是 {proposed}"),
        (Lang::En, Some(peer)) => format!("Data from #{peer} is not valid {chosen} · looks like {proposed}"),
        (Lang::En, None) => format!("Received data is not valid {chosen} · looks like {proposed}"),
    }
}

/// Show and send in that encoding from now on.
pub fn use_encoding(encoding: Encoding, lang: Lang) -> String {
    match lang {
        Lang::ZhCn => format!("改用 {}", encoding.label()),
        Lang::En => format!("Use {}", encoding.label()),
    }
}

/// Beside the box that saves only what is selected in the log; `None`: nothing is.
pub fn only_chosen(count: Option<u64>, lang: Lang) -> String {
    match (lang, count.map(grouped)) {
        (Lang::ZhCn, None) => "仅选中的记录".to_owned(),
        (Lang::ZhCn, Some(count)) => format!("仅选中的 {count} 条"),
        (Lang::En, None) => "Selected only".to_owned(),
        (Lang::En, Some(count)) => format!("Only the {count} selected"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_that_cannot_be_written_is_told_without_the_system_s_english() {
        let full = std::io::Error::from_raw_os_error(28);
        let said = index_failed(&full, Lang::ZhCn);
        assert!(said.starts_with("无法写入显示索引：") && !said.contains("space"), "{said}");
    }

    #[test]
    fn digits_stand_in_groups_of_three() {
        for (count, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (83_886_080, "83,886,080")] {
            assert_eq!(grouped(count), text);
        }
        assert_eq!(frames_short(15, Some(6), Lang::ZhCn), "15 帧 · 6 错");
        assert_eq!(frames_short(1, Some(0), Lang::En), "1 frame");
    }
}
