//! Sentences about what is shown of a capture: frames, filters, and the index behind them.

use crate::capture::items::ItemCounts;
use crate::words::Lang;

/// What was found in what is cut or filtered: `12 frames, 1 with a bad check`.
pub fn item_counts(counts: &ItemCounts, cuts: bool, verifies: bool, lang: Lang) -> String {
    let ItemCounts { frames, bad, junk_bytes, incomplete } = *counts;
    let mut parts = vec![match (lang, cuts) {
        (Lang::ZhCn, true) => format!("{frames} 帧"),
        (Lang::ZhCn, false) => format!("{frames} 条数据"),
        (Lang::En, true) => format!("{frames} {}", if frames == 1 { "frame" } else { "frames" }),
        (Lang::En, false) => format!("{frames} with data"),
    }];
    if verifies {
        parts.push(match lang {
            Lang::ZhCn => format!("校验错误 {bad}"),
            Lang::En => format!("{bad} with a bad check"),
        });
    }
    if junk_bytes > 0 {
        parts.push(match lang {
            Lang::ZhCn => format!("不成帧 {junk_bytes} 字节"),
            Lang::En => format!("{junk_bytes} bytes in no frame"),
        });
    }
    if incomplete > 0 {
        parts.push(match lang {
            Lang::ZhCn => format!("未完 {incomplete} 帧"),
            Lang::En => format!("{incomplete} incomplete"),
        });
    }
    parts.join(lang.pick("，", ", "))
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
