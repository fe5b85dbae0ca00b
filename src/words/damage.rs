//! Damage found in the files of a capture.

use super::Lang;

/// The note of a damaged capture as a sentence. The file holds it in English.
#[must_use]
pub fn damage_note(note: &str, lang: Lang) -> String {
    lang.texts().damage(note)
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
}
