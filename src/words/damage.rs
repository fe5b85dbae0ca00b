//! What was found wrong with the files of a capture.

use super::{Lang, harmless};

/// What [`crate::capture::CaptureReader::recovered_note`] says, digits as `#`, and the same in Chinese with the place of each number.
/// (Versions before this one wrote "1 records".)
const KNOWN: [(&str, &str); 13] = [
    ("the peer table is missing", "对端表缺失"),
    (
        "the end of the index of segment # was incomplete: # bytes cut behind record #",
        "第 {0} 段索引的末尾不完整，已截去记录 {2} 之后的 {1} 字节",
    ),
    (
        "the end of the index of segment # was incomplete: # byte cut behind record #",
        "第 {0} 段索引的末尾不完整，已截去记录 {2} 之后的 {1} 字节",
    ),
    ("# records at the end missing or damaged", "末尾有 {0} 条记录缺失或损坏"),
    ("# record at the end missing or damaged", "末尾有 {0} 条记录缺失或损坏"),
    ("# records at the end are missing or damaged", "末尾有 {0} 条记录缺失或损坏"),
    ("segment # has no sound header", "第 {0} 段的文件头已损坏"),
    ("the data file of segment # is missing", "第 {0} 段的数据文件缺失"),
    ("segment # does not follow the one before", "第 {0} 段与前一段不衔接"),
    ("records # to # are missing", "记录 {0} 到 {1} 缺失"),
    ("record # is missing", "记录 {0} 缺失"),
    ("meta.json is damaged", "meta.json 已损坏"),
    ("meta.json cannot be read", "无法读取 meta.json"),
];

/// What the check of a capture found, which its file says in English.
#[must_use]
pub fn damage_note(note: &str, lang: Lang) -> String {
    match lang {
        Lang::ZhCn => {
            let mut parts: Vec<String> = note.split("; ").map(zh).collect();
            parts.dedup();
            format!("捕获记录不完整：{}", parts.join("；"))
        }
        Lang::En => format!("The capture is incomplete: {}", harmless(note)),
    }
}

fn zh(part: &str) -> String {
    // The reason of these comes from a library.
    let part = if part.starts_with("meta.json") { part.split(": ").next().unwrap_or(part) } else { part };
    let (form, numbers) = numbers(part);
    let Some((_, chinese)) = KNOWN.iter().find(|(english, _)| *english == form) else {
        return "有文件损坏".to_owned();
    };
    let filled = |text: String, (place, number): (usize, &String)| text.replace(&format!("{{{place}}}"), number);
    numbers.iter().enumerate().fold((*chinese).to_owned(), filled)
}

/// A text with `#` for each number, and the numbers.
fn numbers(text: &str) -> (String, Vec<String>) {
    let (mut form, mut numbers) = (String::new(), Vec::<String>::new());
    for character in text.chars() {
        match (character.is_ascii_digit(), form.ends_with('#')) {
            (true, true) => numbers.last_mut().into_iter().for_each(|number| number.push(character)),
            (true, false) => {
                form.push('#');
                numbers.push(character.to_string());
            }
            (false, _) => form.push(character),
        }
    }
    (form, numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_damaged_is_said_in_either_language() {
        for (note, zh, en) in [
            (
                "the end of the index of segment 3 was incomplete: 12 bytes cut behind record 4567",
                "捕获记录不完整：第 3 段索引的末尾不完整，已截去记录 4567 之后的 12 字节",
                "The capture is incomplete: the end of the index of segment 3 was incomplete: 12 bytes cut behind record 4567",
            ),
            (
                "the peer table is missing; records 4 to 17 are missing; 1 record at the end missing or damaged",
                "捕获记录不完整：对端表缺失；记录 4 到 17 缺失；末尾有 1 条记录缺失或损坏",
                "The capture is incomplete: the peer table is missing; records 4 to 17 are missing; 1 record at the end missing or damaged",
            ),
            (
                "meta.json is damaged: expected value at line 1 column 1",
                "捕获记录不完整：meta.json 已损坏",
                "The capture is incomplete: meta.json is damaged: expected value at line 1 column 1",
            ),
            ("\u{1B}[31mred; blue", "捕获记录不完整：有文件损坏", "The capture is incomplete: \\u{1b}[31mred; blue"),
        ] {
            assert_eq!(damage_note(note, Lang::ZhCn), zh);
            assert_eq!(damage_note(note, Lang::En), en);
        }
    }

    /// Each line of the table has a number for each of its places.
    #[test]
    fn no_number_is_lost() {
        for (english, chinese) in KNOWN {
            let said = zh(&english.replace('#', "7"));
            assert_eq!(said.matches('7').count(), english.matches('#').count(), "{english}: {said}");
            assert!(!said.contains('{') && !chinese.is_ascii(), "{said}");
        }
    }
}
