//! Why what a user typed was refused. Positions are counted from 1, as people do.

use super::{Lang, harmless};
use crate::codec::{
    EncodeError, Expected, HexError, Pattern, PatternError, RuleError, choice_words, escape::EscapeError,
};
use crate::model::EndpointError;

/// Why an address text was refused.
#[must_use]
pub fn endpoint_error(error: &EndpointError, lang: Lang) -> String {
    let (zh, en) = match error {
        EndpointError::Empty => ("请填写地址".to_owned(), "Enter an address".to_owned()),
        EndpointError::NoHost => ("请填写主机地址".to_owned(), "Enter a host".to_owned()),
        EndpointError::NoPort => ("请填写端口".to_owned(), "Enter a port".to_owned()),
        EndpointError::Scheme(scheme) => {
            let scheme = harmless(scheme);
            (format!("协议“{scheme}”无效，只能是 tcp 或 udp"), format!("Unknown protocol \"{scheme}\": use tcp or udp"))
        }
        EndpointError::Port(port) => {
            let port = harmless(port);
            (
                format!("端口“{port}”无效，应为 0–65535 的整数"),
                format!("Port \"{port}\" is not a number from 0 to 65535"),
            )
        }
        EndpointError::V6(address) => {
            let address = harmless(address);
            (
                format!("“{address}”不是有效的 IPv6 地址，应写成 [地址]:端口"),
                format!("\"{address}\" is not a valid IPv6 address: write it as [ADDRESS]:PORT"),
            )
        }
        EndpointError::V4(address) => {
            let address = harmless(address);
            (
                format!("“{address}”不是有效的 IPv4 地址，应为四个 0–255 的数，如 192.168.1.10"),
                format!("\"{address}\" is not a valid IPv4 address: four numbers from 0 to 255, such as 192.168.1.10"),
            )
        }
        EndpointError::HostWithPort(text) => {
            let text = harmless(text);
            (
                format!("“{text}”含有端口，地址和端口应分开填写"),
                format!("\"{text}\" has a port: it belongs in its own field"),
            )
        }
        EndpointError::Host(host) => {
            let host = harmless(host);
            (format!("主机名“{host}”含有不允许的字符"), format!("Host \"{host}\" has characters that no host name has"))
        }
    };
    pick(lang, zh, en)
}

/// The same, short enough to stand under a field of the form, which shows the text itself.
#[must_use]
pub fn endpoint_error_brief(error: &EndpointError, lang: Lang) -> String {
    let (zh, en) = match error {
        EndpointError::Empty | EndpointError::NoHost | EndpointError::NoPort | EndpointError::Scheme(_) => {
            return endpoint_error(error, lang);
        }
        EndpointError::Port(_) => ("应为 0–65535", "Must be 0–65535"),
        EndpointError::V6(_) => ("不是有效的 IPv6 地址", "Not an IPv6 address"),
        EndpointError::V4(_) => ("应为四个 0–255 的数", "Needs four numbers, 0–255"),
        EndpointError::HostWithPort(_) => ("端口应填在下一栏", "Put the port below"),
        EndpointError::Host(host) => {
            let never = |c: &char| !(c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | ':'));
            let shown = host.chars().find(never).map_or_else(String::new, character_shown);
            return pick(lang, format!("不能含有“{shown}”"), format!("\"{shown}\" is not allowed"));
        }
    };
    lang.pick(zh, en).to_owned()
}

/// Hex that was typed or pasted was a hexdump.
#[must_use]
pub fn hexdump_sentence(lang: Lang) -> &'static str {
    lang.pick("已识别十六进制转储，已忽略偏移和文本列", "a hexdump: offsets and text columns are left out")
}

/// Why a hex text was refused, with the place.
#[must_use]
pub fn hex_error(error: &HexError, lang: Lang) -> String {
    let (zh, en) = match error {
        HexError::BadDigit { character, position } => {
            let (shown, place) = (character_shown(*character), position + 1);
            (
                format!("第 {place} 个字符“{shown}”不是十六进制数字"),
                format!("Character {place}, \"{shown}\", is not a hex digit"),
            )
        }
    };
    pick(lang, zh, en)
}

/// Why an escaped text was refused.
#[must_use]
pub fn escape_error(error: &EscapeError, lang: Lang) -> String {
    match error {
        EscapeError::Bad { text, position } => {
            let (shown, place) = (harmless(text), position + 1);
            pick(
                lang,
                format!(r"第 {place} 个字符处的转义“{shown}”无效，可用 \n \r \t \0 \xNN \u{{N}} \\ 等"),
                format!(r#"Bad escape "{shown}" at character {place}: use \n \r \t \0 \xNN \u{{N}} \\ and the like"#),
            )
        }
        EscapeError::Encode(error) => encode_error(error, lang),
    }
}

/// Why a text is no framing rule or check.
#[must_use]
pub fn rule_error(error: &RuleError, lang: Lang) -> String {
    let (zh, en) = match error {
        RuleError::UnknownRule(name) => {
            let name = harmless(name);
            (format!("没有名为“{name}”的分帧规则"), format!("There is no framing rule \"{name}\""))
        }
        RuleError::UnknownChecksum(name) => {
            let name = harmless(name);
            (format!("没有名为“{name}”的校验算法"), format!("There is no checksum \"{name}\""))
        }
        RuleError::UnknownOption { rule, option } => {
            let (rule, option) = (harmless(rule), harmless(option));
            (
                format!("{rule} 没有选项“{option}”，或重复给出"),
                format!("{rule} has no option \"{option}\", or it was given twice"),
            )
        }
        RuleError::Missing { rule, option } => {
            let rule = harmless(rule);
            (format!("{rule} 缺少 {option}"), format!("{rule} needs {option}"))
        }
        RuleError::NoEffect { rule, option, because: None } => {
            let rule = harmless(rule);
            (format!("{option} 对 {rule} 不起作用，请去掉"), format!("{option} has no effect on {rule}: leave it out"))
        }
        RuleError::NoEffect { rule, option, because: Some(other) } => {
            let rule = harmless(rule);
            (
                format!("{rule} 有 {other} 时，{option} 不起作用，请去掉"),
                format!("{option} has no effect on {rule} with {other}: leave it out"),
            )
        }
        RuleError::BadValue { option, value, expected } => {
            let (option, value) = (harmless(option), harmless(value));
            let zh = match expected {
                Expected::Bytes => "十六进制字节，或单引号中的文本".to_owned(),
                Expected::Byte => "一个十六进制字节，或单引号中的一个字符".to_owned(),
                Expected::Number(least, most) => format!("{least} 到 {most} 的整数"),
                Expected::Size(least, most) => format!("大小，如 64KiB，{least} 到 {most} 字节"),
                Expected::Duration => "时间，如 20ms、1s".to_owned(),
                Expected::Word(words) => format!("以下之一：{}", words.join("、")),
                Expected::Choice(choices) => format!("以下之一：{}", choice_words(choices).join("、")),
                Expected::Peer => "IP:PORT、IP，或 #编号".to_owned(),
                Expected::Range => "数或范围，如 8..64、8..、..64".to_owned(),
                Expected::Quoted => "单引号中的内容，其后的条件用逗号隔开，如 text='x',nocase".to_owned(),
                Expected::Swaps => "字节和替换后的字节，各不相同，如 7E:7D02|7D:7D01".to_owned(),
                Expected::Mask => "1 到 8 个十六进制字节，不全为 00".to_owned(),
                Expected::Time => "时间，如 2026-01-31 16:00:00 或 2026-01-31T08:00:00Z".to_owned(),
            };
            (format!("{option} 的值“{value}”应为：{zh}"), format!("{option} is \"{value}\" but should be {expected}"))
        }
    };
    pick(lang, zh, en)
}

/// Why a text could not be encoded.
#[must_use]
pub fn encode_error(error: &EncodeError, lang: Lang) -> String {
    let (shown, place, encoding) = (character_shown(error.character), error.position + 1, error.encoding);
    pick(
        lang,
        format!("第 {place} 个字符“{shown}”在 {encoding} 编码中不存在"),
        format!("Character {place}, \"{shown}\", does not exist in {encoding}"),
    )
}

/// Why something cannot be looked for.
#[must_use]
pub fn pattern_error(error: &PatternError, lang: Lang) -> String {
    let (zh, en) = match error {
        PatternError::Empty => ("请填写要查找的内容".to_owned(), "Enter what to find".to_owned()),
        PatternError::TooLong => (
            format!("要查找的内容太长，最多 {} KiB", Pattern::LEN_MAX / 1024),
            format!("Too long to find: {} KiB at most", Pattern::LEN_MAX / 1024),
        ),
        PatternError::OnlyWildcards => {
            ("只有通配符，处处都符合".to_owned(), "Only wildcards: they match everywhere".to_owned())
        }
        PatternError::Encode(error) => return encode_error(error, lang),
        PatternError::Hex(error) => return hex_error(error, lang),
        PatternError::Regex(why) => {
            let why = harmless(why);
            (zh_regex(&why), format!("Not a regular expression: {why}"))
        }
    };
    pick(lang, zh, en)
}

/// The parser tells in English what is wrong.
fn zh_regex(why: &str) -> String {
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

/// A character a reader cannot see gets its code point.
fn character_shown(character: char) -> String {
    let shown = harmless(&character.to_string());
    let is_seen = shown.chars().count() == 1 && !character.is_whitespace();
    if is_seen { shown } else { format!("U+{:04X}", u32::from(character)) }
}

fn pick(lang: Lang, zh: String, en: String) -> String {
    match lang {
        Lang::ZhCn => zh,
        Lang::En => en,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::{Encoding, PatternSource, escape, hex};
    use crate::model::HostPort;

    #[test]
    fn refused_rules_name_the_option() {
        let both = |text: &str| {
            let error = text.parse::<crate::codec::FramingRule>().unwrap_err();
            (rule_error(&error, Lang::ZhCn), rule_error(&error, Lang::En))
        };
        for (text, zh, en) in [
            ("nonsense", "没有名为“nonsense”的分帧规则", "There is no framing rule \"nonsense\""),
            ("line+md5", "没有名为“md5”的校验算法", "There is no checksum \"md5\""),
            ("len:size=4", "len 缺少 endian", "len needs endian"),
            ("slip:fast", "slip 没有选项“fast”，或重复给出", "slip has no option \"fast\", or it was given twice"),
            (
                "gap:20",
                "gap 的值“20”应为：时间，如 20ms、1s",
                "gap is \"20\" but should be a duration such as 20ms or 1s",
            ),
            (
                "len:size=1,offset=-1",
                "offset 的值“-1”应为：0 到 1048576 的整数",
                "offset is \"-1\" but should be a whole number from 0 to 1048576",
            ),
        ] {
            assert_eq!(both(text), (zh.to_owned(), en.to_owned()));
        }
    }

    #[test]
    fn refused_addresses_name_the_part() {
        let both = |text: &str| {
            let error = text.parse::<crate::model::Endpoint>().unwrap_err();
            (endpoint_error(&error, Lang::ZhCn), endpoint_error(&error, Lang::En))
        };
        for (text, zh, en) in [
            ("", "请填写地址", "Enter an address"),
            ("http://a:1", "协议“http”无效，只能是 tcp 或 udp", "Unknown protocol \"http\": use tcp or udp"),
            (":80", "请填写主机地址", "Enter a host"),
            ("a", "请填写端口", "Enter a port"),
            ("a:65536", "端口“65536”无效，应为 0–65535 的整数", "Port \"65536\" is not a number from 0 to 65535"),
            (
                "::1:80",
                "“::1:80”不是有效的 IPv6 地址，应写成 [地址]:端口",
                "\"::1:80\" is not a valid IPv6 address: write it as [ADDRESS]:PORT",
            ),
            ("a b:1", "主机名“a b”含有不允许的字符", "Host \"a b\" has characters that no host name has"),
        ] {
            assert_eq!(both(text), (zh.to_owned(), en.to_owned()), "{text:?}");
        }
        let error = HostPort::from_fields("a", "\u{1b}[0m").unwrap_err();
        assert!(!endpoint_error(&error, Lang::En).contains('\u{1b}'));
    }

    #[test]
    fn refused_hex_points_at_the_place() {
        let both = |text: &str| {
            let error = hex::parse(text).unwrap_err();
            (hex_error(&error, Lang::ZhCn), hex_error(&error, Lang::En))
        };
        for (text, zh, en) in [
            ("01 0g", "第 5 个字符“g”不是十六进制数字", "Character 5, \"g\", is not a hex digit"),
            ("\u{202E}", "第 1 个字符“U+202E”不是十六进制数字", "Character 1, \"U+202E\", is not a hex digit"),
        ] {
            assert_eq!(both(text), (zh.to_owned(), en.to_owned()), "{text:?}");
        }
    }

    #[test]
    fn what_cannot_be_looked_for_is_told_in_words() {
        let both = |source: &PatternSource| {
            let error = Pattern::new(source).unwrap_err();
            (pattern_error(&error, Lang::ZhCn), pattern_error(&error, Lang::En))
        };
        for (source, zh, en) in [
            (PatternSource::Hex(String::new()), "请填写要查找的内容", "Enter what to find"),
            (PatternSource::Hex("??".into()), "只有通配符，处处都符合", "Only wildcards: they match everywhere"),
            (
                PatternSource::Hex("x?".into()),
                "第 1 个字符“x”不是十六进制数字",
                "Character 1, \"x\", is not a hex digit",
            ),
            (
                PatternSource::Regex("(".into()),
                "正则表达式有误：括号没有闭合",
                "Not a regular expression: unclosed group",
            ),
        ] {
            assert_eq!(both(&source), (zh.to_owned(), en.to_owned()), "{source:?}");
        }
    }

    #[test]
    fn refused_text_names_the_escape_or_character() {
        let both = |text: &str, encoding| {
            let error = escape::encode_escaped(text, encoding).unwrap_err();
            (escape_error(&error, Lang::ZhCn), escape_error(&error, Lang::En))
        };
        assert_eq!(
            both("a\\q", Encoding::UTF_8),
            (
                r"第 2 个字符处的转义“\q”无效，可用 \n \r \t \0 \xNN \u{N} \\ 等".to_owned(),
                r#"Bad escape "\q" at character 2: use \n \r \t \0 \xNN \u{N} \\ and the like"#.to_owned()
            )
        );
        assert_eq!(
            both("你😀", Encoding::GBK),
            ("第 2 个字符“😀”在 GBK 编码中不存在".to_owned(), "Character 2, \"😀\", does not exist in GBK".to_owned())
        );
    }
}
