//! The log's own words in both languages.

use crate::codec::Encoding;
use crate::lines::{TimeForm, ViewMode};
use crate::model::Direction;
use crate::words::Lang;

pub(super) fn name(lang: Lang) -> &'static str {
    lang.pick("收发记录", "Traffic")
}

/// Head of the time column: what it says.
pub(super) fn time(form: TimeForm, lang: Lang) -> &'static str {
    match form {
        TimeForm::Absolute => lang.pick("时间", "Time"),
        TimeForm::Start => lang.pick("距开始", "From start"),
        TimeForm::Previous => lang.pick("距上一条", "Previous"),
        TimeForm::Answer => lang.pick("应答用时", "Answer"),
    }
}

/// What that head is called.
pub(super) fn time_column(lang: Lang) -> &'static str {
    lang.pick("时间列", "Time column")
}

/// A row of its menu.
pub(super) fn time_choice(form: TimeForm, lang: Lang) -> &'static str {
    match form {
        TimeForm::Absolute => lang.pick("时刻", "Time of day"),
        TimeForm::Start => lang.pick("距捕获开始", "Since the capture's start"),
        TimeForm::Previous => lang.pick("距上一条数据", "Since the previous data"),
        TimeForm::Answer => lang.pick("距上一条反向数据（应答用时）", "Since the other side's data (answer time)"),
    }
}

/// Head of the peer column; `short` where it has room for `#1` only.
pub(super) fn peer(lang: Lang, short: bool) -> &'static str {
    lang.pick("连接", if short { "#" } else { "Peer" })
}

pub(super) fn length(lang: Lang) -> &'static str {
    lang.pick("长度", "Len")
}

pub(super) fn content(mode: ViewMode, encoding: Encoding, lang: Lang) -> String {
    match (mode, lang) {
        (ViewMode::Hex, _) => "HEX".into(),
        (_, Lang::ZhCn) => format!("文本 {}", encoding.label()),
        (_, Lang::En) => format!("Text · {}", encoding.label()),
    }
}

/// The strip below a log that does not follow.
pub(super) fn stopped_at(time: &str, lang: Lang) -> String {
    match lang {
        Lang::ZhCn => format!("显示停在 {time}，照常记录"),
        Lang::En => format!("Showing up to {time}, still recording"),
    }
}

pub(super) fn back(unseen: u64, lang: Lang) -> String {
    let count = crate::words::grouped(unseen);
    match (lang, unseen) {
        (Lang::ZhCn, 0) => "回到最新".into(),
        (Lang::ZhCn, _) => format!("{count} 条新数据，回到最新"),
        (Lang::En, 0) => "Go to newest".into(),
        (Lang::En, 1) => "1 new record, go to newest".into(),
        (Lang::En, _) => format!("{count} new records, go to newest"),
    }
}

/// To so many peers, in one row.
pub(super) fn all_peers(count: usize, lang: Lang) -> String {
    match lang {
        Lang::ZhCn => format!("全部 {count}"),
        Lang::En => format!("All {count}"),
    }
}

/// The button of a row that stands for several records, or of the first one of them.
pub(super) fn unfold(records: u64, is_open: bool, lang: Lang) -> String {
    match (lang, is_open) {
        (Lang::ZhCn, false) => format!("展开 {records} 条记录"),
        (Lang::ZhCn, true) => format!("收起 {records} 条记录"),
        (Lang::En, false) => format!("Unfold {records} records"),
        (Lang::En, true) => format!("Fold {records} records"),
    }
}

pub(super) fn fill_send_box(lang: Lang) -> &'static str {
    lang.pick("填入发送框", "Put into the send box")
}

pub(super) fn copy_lines(lang: Lang) -> &'static str {
    lang.pick("复制（含时间和对端）", "Copy with time and peer")
}

pub(super) fn copy_record(lang: Lang) -> &'static str {
    lang.pick("复制此条", "Copy this record")
}

pub(super) fn more(lang: Lang) -> &'static str {
    lang.pick("此条的更多操作", "More about this record")
}

pub(super) fn scroll_bar(lang: Lang) -> &'static str {
    lang.pick("收发记录滚动条", "Traffic scroll bar")
}

pub(super) fn highlight(lang: Lang) -> &'static str {
    lang.pick("高亮所选", "Highlight the selection")
}

/// Which highlight rules match in a row.
pub(super) fn highlighted(titles: &str, lang: Lang) -> String {
    match lang {
        Lang::ZhCn => format!("高亮：{titles}"),
        Lang::En => format!("Highlighted: {titles}"),
    }
}

pub(super) fn direction(direction: Direction, lang: Lang) -> &'static str {
    match direction {
        Direction::Received => lang.pick("接收", "received"),
        Direction::Sent => lang.pick("发送", "sent"),
    }
}

pub(super) fn compare_two(lang: Lang) -> &'static str {
    lang.pick("比较这两条", "Compare these two")
}

pub(super) fn set_base(lang: Lang) -> &'static str {
    lang.pick("设为比较基准", "Set as base for comparison")
}

/// `name`: what the base is called.
pub(super) fn compare_with(name: &str, lang: Lang) -> String {
    match lang {
        // Digits and Chinese characters keep a distance.
        Lang::ZhCn if name.ends_with(|c: char| c.is_ascii_digit()) => format!("与{name} 比较"),
        Lang::ZhCn => format!("与{name}比较"),
        Lang::En => format!("Compare with {name}"),
    }
}
