//! Sentences about what is shown of a capture: frames, filters, and the index behind them.

use crate::codec::Encoding;
use crate::words::Lang;

/// What is shown of records that are not cut: `12 with data`.
pub fn data_count(count: u64, lang: Lang) -> String {
    match lang {
        Lang::ZhCn => format!("{count} 条数据"),
        Lang::En => format!("{count} with data"),
    }
}

/// How many records, or items of an index, are shown.
pub fn item_count(count: u64, is_index: bool, lang: Lang) -> String {
    match (lang, is_index, count) {
        (Lang::ZhCn, false, _) => format!("{count} 条记录"),
        (Lang::ZhCn, true, _) => format!("{count} 项"),
        (Lang::En, false, 1) => "1 record".to_owned(),
        (Lang::En, false, _) => format!("{count} records"),
        (Lang::En, true, 1) => "1 item".to_owned(),
        (Lang::En, true, _) => format!("{count} items"),
    }
}

/// How many of them a filter lets through.
pub fn with_shown(counts: &str, shown: u64, lang: Lang) -> String {
    match lang {
        Lang::ZhCn => format!("{counts} · 筛选后显示 {shown} 项"),
        Lang::En => format!("{counts} · {shown} shown by the filter"),
    }
}

/// How far the index of what is shown is (0–1).
pub fn indexing(counts: &str, done: f32, lang: Lang) -> String {
    let percent = (done * 100.0).floor();
    match lang {
        Lang::ZhCn => format!("{counts} · 正在整理历史 {percent:.0} %"),
        Lang::En => format!("{counts} · going through the history {percent:.0} %"),
    }
}

/// The index cannot be written.
pub fn index_failed(error: &std::io::Error, lang: Lang) -> String {
    match lang {
        Lang::ZhCn => format!("无法写入显示索引：{error}"),
        Lang::En => format!("The index of what is shown cannot be written: {error}"),
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

/// A log has become a capture.
pub fn imported(records: u64, lang: Lang) -> String {
    match (lang, records) {
        (Lang::ZhCn, _) => format!("已读入 {records} 条数据记录"),
        (Lang::En, 1) => "1 data record was read in".to_owned(),
        (Lang::En, _) => format!("{records} data records were read in"),
    }
}
