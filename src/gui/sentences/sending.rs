//! Sentences at the send box.

use crate::words::{self, Lang};

/// Escapes that are sent as they are typed.
pub fn unparsed(escapes: &str, lang: Lang) -> String {
    match lang {
        Lang::ZhCn => format!("含 {escapes}，未解析"),
        Lang::En => format!("{escapes} is sent as typed"),
    }
}

/// Parse them from now on.
pub fn parse(lang: Lang) -> &'static str {
    lang.pick("解析", "Parse")
}

/// Files that are sent after the one in the field; nothing for none.
pub fn files_waiting(count: usize, lang: Lang) -> String {
    match (lang, count) {
        (_, 0) => String::new(),
        (Lang::ZhCn, _) => format!("之后还有 {count} 个文件"),
        (Lang::En, 1) => "1 more file to follow".to_owned(),
        (Lang::En, _) => format!("{count} more files to follow"),
    }
}

/// Files that the end of the one in the field has kept from being sent; nothing for none.
pub fn files_unsent(count: usize, lang: Lang) -> String {
    match (lang, count) {
        (_, 0) => String::new(),
        (Lang::ZhCn, _) => format!("之后的 {count} 个文件未发送"),
        (Lang::En, 1) => "1 file after it was not sent".to_owned(),
        (Lang::En, _) => format!("{count} files after it were not sent"),
    }
}

/// A file was sent. `bytes`: all peers together, of which there may be several.
pub fn file_sent(bytes: u64, peers: usize, lang: Lang) -> String {
    let size = words::size(bytes);
    match (lang, peers) {
        (Lang::ZhCn, 0 | 1) => format!("已发送 {size}"),
        (Lang::ZhCn, _) => format!("已发送 {size}（共 {peers} 个对端）"),
        (Lang::En, 0 | 1) => format!("{size} sent"),
        (Lang::En, _) => format!("{size} sent to {peers} peers"),
    }
}

/// Several files were sent, with all their bytes.
pub fn files_sent(count: usize, bytes: u64, lang: Lang) -> String {
    let size = words::size(bytes);
    match lang {
        Lang::ZhCn => format!("已发送 {count} 个文件，共 {size}"),
        Lang::En => format!("Sent {count} files, {size} in all"),
    }
}

/// A hexdump was pasted; behind its first bytes.
pub fn hexdump(goes_on: bool, lang: Lang) -> String {
    let sentence = words::hexdump_sentence(lang);
    if goes_on { format!("… · {sentence}") } else { format!("· {sentence}") }
}

/// A hex digit without a second one.
pub fn odd_digit(digit: char, lang: Lang) -> String {
    match lang {
        Lang::ZhCn => format!("单个数字 {digit} 按 0{digit} 发送"),
        Lang::En => format!("the single digit {digit} is sent as 0{digit}"),
    }
}
