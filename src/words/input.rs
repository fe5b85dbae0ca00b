//! Messages about rejected input. Positions are counted from 1.

use super::{Lang, harmless};
use crate::codec::{EncodeError, HexError, Misuse, Pattern, PatternError, RuleError, escape::EscapeError};
use crate::model::{EndpointError, UNIX_PATH_MAX};

/// Why an address was rejected.
#[must_use]
pub fn endpoint_error(error: &EndpointError, lang: Lang) -> String {
    let texts = lang.texts();
    match error {
        EndpointError::Empty => texts.enter_address().to_owned(),
        EndpointError::NoHost => texts.enter_host().to_owned(),
        EndpointError::NoPort => texts.enter_port().to_owned(),
        EndpointError::Scheme(scheme) => texts.bad_scheme(&harmless(scheme)),
        EndpointError::Port(port) => texts.bad_port(&harmless(port)),
        EndpointError::V6(address) => texts.bad_v6(&harmless(address)),
        EndpointError::V4(address) => texts.bad_v4(&harmless(address)),
        EndpointError::HostWithPort(text) => texts.host_with_port(&harmless(text)),
        EndpointError::UnixPath(_) => texts.bad_unix_path(UNIX_PATH_MAX),
        EndpointError::Host(host) => texts.bad_host(&harmless(host)),
    }
}

/// A short form for display under a field of the form, which shows the text itself.
#[must_use]
pub fn endpoint_error_brief(error: &EndpointError, lang: Lang) -> String {
    let texts = lang.texts();
    let words = match error {
        EndpointError::Empty
        | EndpointError::NoHost
        | EndpointError::NoPort
        | EndpointError::Scheme(_)
        | EndpointError::UnixPath(_) => {
            return endpoint_error(error, lang);
        }
        EndpointError::Port(_) => texts.bad_port_short(),
        EndpointError::V6(_) => texts.bad_v6_short(),
        EndpointError::V4(_) => texts.bad_v4_short(),
        EndpointError::HostWithPort(_) => texts.host_with_port_short(),
        EndpointError::Host(host) => {
            let never = |c: &char| !(c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | ':'));
            let shown = host.chars().find(never).map_or_else(String::new, character_shown);
            return texts.bad_host_short(&shown);
        }
    };
    words.to_owned()
}

/// The hex text was recognised as a hexdump.
#[must_use]
pub fn hexdump_sentence(lang: Lang) -> &'static str {
    lang.texts().hexdump_recognised()
}

/// Why a hex text was rejected, with the position.
#[must_use]
pub fn hex_error(error: &HexError, lang: Lang) -> String {
    let HexError::BadDigit { character, position } = error;
    lang.texts().bad_hex_digit(&character_shown(*character), position + 1)
}

/// Why a text with escapes was rejected.
#[must_use]
pub fn escape_error(error: &EscapeError, lang: Lang) -> String {
    match error {
        EscapeError::Bad { text, position } => lang.texts().bad_escape(&harmless(text), position + 1),
        EscapeError::Encode(error) => encode_error(error, lang),
    }
}

/// Why a framing rule or check was rejected.
#[must_use]
pub fn rule_error(error: &RuleError, lang: Lang) -> String {
    let texts = lang.texts();
    match error {
        RuleError::UnknownRule(name) => texts.unknown_rule(&harmless(name)),
        RuleError::UnknownChecksum(name) => texts.unknown_checksum(&harmless(name)),
        RuleError::UnknownOption { rule, option } => texts.unknown_option(&harmless(rule), &harmless(option)),
        RuleError::Misused { option, how, .. } => {
            let option = harmless(option);
            match how {
                Misuse::Twice => texts.option_twice(&option),
                Misuse::HasValue => texts.option_takes_no_value(&option),
                Misuse::LacksValue => texts.option_lacks_value(&option),
            }
        }
        RuleError::CannotWork { rule, option, because } => match because.as_deref().unwrap_or(rule) {
            "" => texts.option_cannot_work(option),
            other => texts.option_cannot_work_with(option, &harmless(other)),
        },
        RuleError::Missing { rule, option } => texts.missing_option(&harmless(rule), option),
        RuleError::NoEffect { rule, option, because: Some(other) } => {
            texts.option_without_effect_with(&harmless(rule), option, other)
        }
        RuleError::NoEffect { rule, option, because: None } => texts.option_without_effect(&harmless(rule), option),
        RuleError::BadValue { option, value, expected } => {
            texts.bad_option_value(&harmless(option), &harmless(value), &texts.expected(expected))
        }
    }
}

/// Why a text could not be encoded.
#[must_use]
pub fn encode_error(error: &EncodeError, lang: Lang) -> String {
    lang.texts().not_in_encoding(&character_shown(error.character), error.position + 1, error.encoding)
}

/// Why a search pattern was rejected.
#[must_use]
pub fn pattern_error(error: &PatternError, lang: Lang) -> String {
    let texts = lang.texts();
    match error {
        PatternError::Empty => texts.enter_pattern().to_owned(),
        PatternError::TooLong => texts.pattern_too_long(Pattern::LEN_MAX / 1024),
        PatternError::OnlyWildcards => texts.only_wildcards().to_owned(),
        PatternError::Encode(error) => encode_error(error, lang),
        PatternError::Hex(error) => hex_error(error, lang),
        PatternError::Regex(why) => texts.bad_regex(&harmless(why)),
    }
}

/// A character as shown in a message; an invisible one as its code point.
fn character_shown(character: char) -> String {
    let shown = harmless(&character.to_string());
    let is_seen = shown.chars().count() == 1 && !character.is_whitespace();
    if is_seen { shown } else { format!("U+{:04X}", u32::from(character)) }
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
            ("nonsense", "没有名为「nonsense」的分包规则", "There is no framing rule \"nonsense\""),
            ("line+md5", "没有名为「md5」的校验算法", "There is no checksum \"md5\""),
            ("len:size=4", "len 缺少 endian", "len needs endian"),
            ("slip:fast", "slip 没有选项「fast」", "slip has no option \"fast\""),
            ("marks:end=03,restart=1", "restart 是开关，不带值", "restart takes no value"),
            ("len:size=1,mark=01,mark=02", "mark 重复给出", "mark is given twice"),
            ("line:max", "max 缺少值", "max needs a value"),
            ("delim", "delim 缺少 BYTES", "delim needs BYTES"),
            ("fixed", "fixed 缺少 SIZE", "fixed needs SIZE"),
            ("len:size=1,mask=F00", "mask=0F00 与 size=1 矛盾，不可能成立", "mask=0F00 cannot work with size=1"),
            ("line+xor8:form=dec2", "form=dec2 与 xor8 矛盾，不可能成立", "form=dec2 cannot work with xor8"),
            (
                "gap:20",
                "TIME 的值「20」应为：时间，如 20ms、1s",
                "TIME is \"20\" but should be a duration such as 20ms or 1s",
            ),
            (
                "len:size=1,offset=-1",
                "offset 的值「-1」应为：0 到 1048576 的整数",
                "offset is \"-1\" but should be a whole number from 0 to 1048576",
            ),
        ] {
            assert_eq!(both(text), (zh.to_owned(), en.to_owned()));
        }
    }

    #[test]
    fn a_sentence_about_a_rule_has_at_most_one_colon() {
        for text in [
            "len:size=x",
            "len:size=4,endian=x",
            "line:max=x",
            "gap:x",
            "delim:x",
            "len:size=1,offset=x",
            "len:size=1,mask=zz",
            "len:size=1,mask='A'",
            "marks:end=03,escape=zz",
            "marks:end=03,swap=zz",
            "json:encoding=x",
            "line+xor8:form=x",
            "line+xor8:covers=x",
        ] {
            let error = text.parse::<crate::codec::FramingRule>().unwrap_err();
            let (zh, en) = (rule_error(&error, Lang::ZhCn), rule_error(&error, Lang::En));
            assert!(zh.matches('：').count() <= 1 && !zh.contains(": "), "{zh}");
            assert!(en.matches(": ").count() <= 1 && !en.contains('：'), "{en}");
            assert!(
                !text.contains("mask") || en.contains("1 to 8 bytes as hex") && zh.contains("1 到 8 个十六进制字节")
            );
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
            ("http://a:1", "协议「http」无效，只能是 tcp 或 udp", "Unknown protocol \"http\": use tcp or udp"),
            (":80", "请填写主机地址", "Enter a host"),
            ("a", "请填写端口", "Enter a port"),
            ("a:65536", "端口「65536」无效，应为 0–65535 的整数", "Port \"65536\" is not a number from 0 to 65535"),
            (
                "::1:80",
                "「::1:80」不是有效的 IPv6 地址，应写成 [地址]:端口",
                "\"::1:80\" is not a valid IPv6 address: write it as [ADDRESS]:PORT",
            ),
            (
                "a b:1",
                "主机名「a b」含有不允许的字符",
                "Host \"a b\" contains characters that are not allowed in host names",
            ),
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
            ("01 0g", "第 5 个字符「g」不是十六进制数字", "Character 5, \"g\", is not a hex digit"),
            ("\u{202E}", "第 1 个字符「U+202E」不是十六进制数字", "Character 1, \"U+202E\", is not a hex digit"),
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
                "第 1 个字符「x」不是十六进制数字",
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
                r"第 2 个字符处的转义「\q」无效，可用 \n \r \t \0 \xNN \u{N} \\ 等".to_owned(),
                r#"Bad escape "\q" at character 2: use \n \r \t \0 \xNN \u{N} \\ and the like"#.to_owned()
            )
        );
        assert_eq!(
            both("你😀", Encoding::GBK),
            (
                "第 2 个字符「😀」在 GBK 编码中不存在".to_owned(),
                "Character 2, \"😀\", does not exist in GBK".to_owned()
            )
        );
    }
}
