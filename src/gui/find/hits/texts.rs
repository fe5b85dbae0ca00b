//! The title of the list.

use crate::capture::search::Found;
use crate::words::Lang;

/// Maximum number of characters of the pattern in the title.
const SHOWN: usize = 40;

/// The title: pattern, number of hits, progress, and whether the list is truncated.
#[must_use]
pub fn title(what: &str, count: u64, is_whole: bool, progress: Option<f32>, lang: Lang) -> String {
    let mut shown: String =
        what.chars().take(SHOWN).map(|c| if crate::codec::safe::is_hidden(c) { '·' } else { c }).collect();
    if what.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    let mut title = lang.texts().hits_title(&shown, count);
    if let Some(done) = progress {
        title.push_str(&format!(" · {:.0} %", (done * 100.0).floor()));
    }
    if !is_whole {
        title.push_str(&lang.texts().hits_cut(Found::LISTED_MAX));
    }
    title
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_has_pattern_count_and_progress() {
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
