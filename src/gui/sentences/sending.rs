//! Sentences at the send box.

use crate::words::Lang;

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

/// A hex digit without a second one.
pub fn odd_digit(digit: char, lang: Lang) -> String {
    match lang {
        Lang::ZhCn => format!("单个数字 {digit} 按 0{digit} 发送"),
        Lang::En => format!("the single digit {digit} is sent as 0{digit}"),
    }
}
