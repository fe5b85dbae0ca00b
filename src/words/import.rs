//! Sentences about logs that are read into a capture.

use super::{Lang, error_sentence, grouped, hex_error};
use crate::capture::{ImportError, ImportRemarks, Imported};
use std::path::Path;

/// Why a log was not read into a capture.
#[must_use]
pub fn import_error(error: &ImportError, path: &Path, lang: Lang) -> String {
    let path = path.display();
    match (error, lang) {
        (ImportError::Net(error), _) => error_sentence(error, lang),
        (ImportError::Cancelled, _) => lang.pick("已取消", "Cancelled").to_owned(),
        (ImportError::NoLog, Lang::ZhCn) => format!("{path} 中没有 NetAssist 日志的条目"),
        (ImportError::NoLog, Lang::En) => format!("{path} holds no entry of a NetAssist log"),
        (ImportError::Hex { line, error }, Lang::ZhCn) => {
            format!("{path} 第 {line} 行的条目不是有效的十六进制：{}", hex_error(error, lang))
        }
        (ImportError::Hex { line, error }, Lang::En) => {
            format!("{path}: the entry at line {line} is no hex: {}", uncapitalised(&hex_error(error, lang)))
        }
    }
}

/// What stands alone elsewhere, behind a colon.
fn uncapitalised(sentence: &str) -> String {
    let mut characters = sentence.chars();
    characters.next().map_or_else(String::new, |first| first.to_lowercase().chain(characters).collect())
}

/// A log has become a capture: how much of it, then what was not taken as it stood.
#[must_use]
pub fn imported(imported: &Imported, lang: Lang) -> Vec<String> {
    let records = match (lang, imported.records) {
        (Lang::ZhCn, records) => format!("已读入 {} 条数据记录", grouped(records)),
        (Lang::En, 1) => "1 data record was read in".to_owned(),
        (Lang::En, records) => format!("{} data records were read in", grouped(records)),
    };
    let ImportRemarks { had_empty_lines, was_utf_16, ambiguous_times, skipped_times, left_out_lines } =
        imported.remarks;
    let mut sentences = vec![records];
    if left_out_lines > 0 {
        sentences.push(match (lang, left_out_lines) {
            (Lang::ZhCn, lines) => format!("{} 行不属于任何条目，未读入", grouped(lines)),
            (Lang::En, 1) => "1 line belongs to no entry and was left out".to_owned(),
            (Lang::En, lines) => format!("{} lines belong to no entry and were left out", grouped(lines)),
        });
    }
    if had_empty_lines {
        sentences.push(
            lang.pick(
                "每个条目后面都有一个空行，视为日志自带，已去掉",
                "Every entry had an empty line behind it, which was taken for the log's and left out",
            )
            .to_owned(),
        );
    }
    if was_utf_16 {
        let (zh, en) =
            ("文件是 UTF-16 编码，文本按 UTF-8 读入", "The file is in UTF-16; its text was read in as UTF-8");
        sentences.push(lang.pick(zh, en).to_owned());
    }
    sentences.extend(times(ambiguous_times, skipped_times, lang));
    sentences
}

fn times(ambiguous: u64, skipped: u64, lang: Lang) -> impl Iterator<Item = String> {
    let ambiguous = (ambiguous > 0).then(|| match (lang, ambiguous) {
        (Lang::ZhCn, count) => format!("{} 个时间因时钟回拨而出现两次，已按条目先后判定", grouped(count)),
        (Lang::En, 1) => "1 time existed twice (the clock was put back); the order of entries decided".to_owned(),
        (Lang::En, count) => {
            format!("{} times existed twice (the clock was put back); the order of entries decided", grouped(count))
        }
    });
    let skipped = (skipped > 0).then(|| match (lang, skipped) {
        (Lang::ZhCn, count) => format!("{} 个时间因时钟拨快而不存在，已顺延", grouped(count)),
        (Lang::En, 1) => "1 time never was (the clock was put forward) and was moved on".to_owned(),
        (Lang::En, count) => {
            format!("{} times never were (the clock was put forward) and were moved on", grouped(count))
        }
    });
    ambiguous.into_iter().chain(skipped)
}
