//! The list's own words in both languages.

use crate::capture::search::Found;
use crate::words::Lang;

/// Characters of what is looked for that stand in the title.
const SHOWN: usize = 40;

pub(super) fn number(lang: Lang) -> &'static str {
    lang.pick("序号", "No.")
}

pub(super) fn time(lang: Lang) -> &'static str {
    lang.pick("时间", "Time")
}

pub(super) fn peer(lang: Lang) -> &'static str {
    lang.pick("连接", "Peer")
}

pub(super) fn record(lang: Lang) -> &'static str {
    lang.pick("记录", "Record")
}

pub(super) fn offset(lang: Lang) -> &'static str {
    lang.pick("偏移", "Offset")
}

pub(super) fn context(lang: Lang) -> &'static str {
    lang.pick("前后内容", "Context")
}

pub(super) fn gone(lang: Lang) -> &'static str {
    lang.pick("这条记录已读不到", "This record can no longer be read")
}

/// The name of the scroll bar.
#[must_use]
pub fn scroll_bar(lang: Lang) -> &'static str {
    lang.pick("命中列表滚动条", "Scroll bar of the hits")
}

/// The name of the edge that is dragged.
#[must_use]
pub fn edge(lang: Lang) -> &'static str {
    lang.pick("调整命中列表高度", "Height of the list of hits")
}

/// Nothing is looked for.
#[must_use]
pub fn nothing(lang: Lang) -> &'static str {
    lang.pick("在上面的查找框里填写要找的内容", "Type what to find into the box above")
}

/// What is looked for, how often it was found, how far that is, and whether the list is cut.
#[must_use]
pub fn title(what: &str, count: u64, is_whole: bool, progress: Option<f32>, lang: Lang) -> String {
    let mut shown: String =
        what.chars().take(SHOWN).map(|c| if crate::codec::safe::is_hidden(c) { '·' } else { c }).collect();
    if what.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    let mut title = match (lang, count) {
        (Lang::ZhCn, _) => format!("查找 {shown}：{count} 处"),
        (Lang::En, 1) => format!("Find {shown}: 1 hit"),
        (Lang::En, _) => format!("Find {shown}: {count} hits"),
    };
    if let Some(done) = progress {
        title.push_str(&format!(" · {:.0} %", (done * 100.0).floor()));
    }
    if !is_whole {
        let most = Found::LISTED_MAX;
        title.push_str(&match lang {
            Lang::ZhCn => format!(" · 只列出最前面的 {most} 处"),
            Lang::En => format!(" · only the first {most} are listed"),
        });
    }
    title
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_says_what_how_many_and_how_far() {
        let both = |what: &str, count, whole, progress| {
            (title(what, count, whole, progress, Lang::ZhCn), title(what, count, whole, progress, Lang::En))
        };
        assert_eq!(both("a\n", 1, true, None), ("查找 a·：1 处".into(), "Find a·: 1 hit".into()));
        assert_eq!(both("x", 7, true, Some(0.456)).1, "Find x: 7 hits · 45 %");
        let (zh, en) = both(&"你".repeat(41), 200_000, false, None);
        assert!(zh.contains("你…：200000 处 · 只列出最前面的 100000 处"), "{zh}");
        assert!(en.ends_with("only the first 100000 are listed"), "{en}");
    }
}
