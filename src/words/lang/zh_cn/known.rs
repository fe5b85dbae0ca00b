//! Chinese for what is written in English by this program itself, by libraries and in the files of captures.

/// What [`crate::capture::CaptureReader::recovered_note`] says, digits as `#`, and the same in Chinese with the place of each number.
/// (Versions before this one wrote "1 records".)
const DAMAGES: [(&str, &str); 13] = [
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

/// What was found wrong with a capture.
pub fn damage(note: &str) -> String {
    let mut parts: Vec<String> = note.split("; ").map(one_damage).collect();
    parts.dedup();
    parts.join("；")
}

fn one_damage(part: &str) -> String {
    // The reason of these comes from a library.
    let part = if part.starts_with("meta.json") { part.split(": ").next().unwrap_or(part) } else { part };
    let (form, numbers) = numbers(part);
    let Some((_, chinese)) = DAMAGES.iter().find(|(english, _)| *english == form) else {
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

/// The detail of an error; nothing for what is only known in English.
pub fn detail(detail: &str) -> String {
    let known = match detail {
        "not a regular file" | "is no regular file" => "不是普通文件",
        "the name has no address" | "the look-up ended without a result" => "没有解析结果",
        "the interval of a repeat is at least 1 ms" => "循环间隔至少为 1 ms",
        "the session is open already" => "会话已经打开",
        "only a TCP client connects" => "只有 TCP 客户端会连接",
        "an endless repeat needs an interval" => "不限次数的循环需要间隔",
        "too many sends are under way" => "同时进行的发送太多",
        // The first one is in captures of earlier versions.
        "port 0 names nobody" | "port 0 is not a valid destination" => "端口不能为 0",
        "a session listens on at most 256 addresses" => "一个会话最多监听 256 个地址",
        _ if detail.starts_with("the file changed while it was sent") => "文件在发送期间被修改",
        _ if detail.starts_with("format version ") => "不支持它的格式版本",
        _ if detail.starts_with("meta.json") => "meta.json 已损坏或无法读取",
        _ => "",
    };
    known.to_owned()
}

/// The name of an interface that is down; nothing where there is no interface any more.
pub fn interface(detail: &str) -> &str {
    let named = detail.strip_prefix("the interface ").and_then(|rest| rest.split_once(" with "));
    named.map(|(name, _)| name).unwrap_or_default()
}

/// What the parser of regular expressions found wrong.
pub fn regex(why: &str) -> String {
    let known = [
        ("unclosed group", "括号没有闭合"),
        ("unopened group", "多余的右括号"),
        ("unclosed character class", "方括号没有闭合"),
        ("repetition operator missing expression", "量词前没有内容"),
        ("unclosed counted repetition", "花括号没有闭合"),
        ("invalid repetition count", "重复次数无效"),
        ("repetition quantifier expects", "重复次数无效"),
        ("decimal literal empty", "缺少数字"),
        ("invalid character class range", "字符范围无效"),
        ("unrecognized escape", "转义无效"),
        ("incomplete escape", "转义不完整"),
        ("hexadecimal", "十六进制转义无效"),
        ("look-around", "不支持环视"),
        ("backreferences", "不支持反向引用"),
        ("unrecognized flag", "标志无效"),
        ("capture group name", "分组名无效"),
        ("Unicode", "按字节查找，不支持 Unicode 类"),
    ];
    let known = known.iter().find(|(english, _)| why.contains(english));
    known.map_or_else(|| "正则表达式有误".to_owned(), |(_, chinese)| format!("正则表达式有误：{chinese}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each line of the table has a number for each of its places.
    #[test]
    fn no_number_is_lost() {
        for (english, chinese) in DAMAGES {
            let said = one_damage(&english.replace('#', "7"));
            assert_eq!(said.matches('7').count(), english.matches('#').count(), "{english}: {said}");
            assert!(!said.contains('{') && !chinese.is_ascii(), "{said}");
        }
    }
}
