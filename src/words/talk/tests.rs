use super::*;
use crate::codec::safe::is_hidden;
use crate::talk::parse;

fn report(source: &str, lang: Lang) -> String {
    talk_report("电表.talk", source, &parse(source).errors, lang, false)
}

#[test]
fn a_report_shows_line_caret_and_label() {
    let source = "talk 1\n# 电表\n> “AT”\nrepeet 3 {\n}\n";
    assert_eq!(
        report(source, Lang::En),
        "error: Full-width `“` outside of quotes
 --> 电表.talk:3:3
  |
3 | > “AT”
  |   ^ write `\"`

error: `repeet` is not a word of the language
 --> 电表.talk:4:1
  |
4 | repeet 3 {
  | ^^^^^^ did you mean `repeat`?"
    );
    assert_eq!(
        report("repeat {\n  > 01\nstep \"读\"\n", Lang::ZhCn),
        "错误: 缺少 }
 --> 电表.talk:3:1
  |
3 | step \"读\"
  | ^^^^ 应在此之前结束该块
  |
 ::: 电表.talk:1:8
  |
1 | repeat {
  |        - 在此处打开"
    );
}

#[test]
fn a_report_survives_any_place_and_shows_nothing_hidden() {
    let long = format!("> \"{}\u{1b}[31m\u{202E}", "电".repeat(5000));
    for source in ["\u{FEFF}> \"a", "check\r\n", "check", "\t\twait 5", "> \"\u{1b}[2J\u{9b}\u{202E}\u{7}", &long] {
        for lang in Lang::ALL {
            let shown = report(source, lang);
            assert!(!shown.is_empty(), "{source}");
            assert!(!shown.contains(|c| c != '\n' && is_hidden(c)), "{shown:?}");
        }
    }
    let many = "\"x\"\n".repeat(150);
    assert!(report(&many, Lang::En).ends_with("80 more errors"));
}

#[test]
fn places_count_characters() {
    for (source, at, place) in [("a\n电x", 5, (2, 2)), ("\u{FEFF}ab", 4, (1, 2)), ("", 0, (1, 1)), ("a", 9, (1, 2))] {
        let TalkPlace { line, column } = talk_place(source, at);
        assert_eq!((line, column), place, "{source:?}");
    }
}

/// One error of each kind.
fn all() -> Vec<ErrorKind> {
    use crate::talk::tree::Span;
    let text = || "x".to_owned();
    vec![
        ErrorKind::FullWidth { found: '：', twin: ':' },
        ErrorKind::FullWidth { found: '\u{3000}', twin: ' ' },
        ErrorKind::Unexpected { found: Found::EndOfLine, expected: Expected::OneOf(&["a", "b", "{"]) },
        ErrorKind::Unexpected { found: Found::EndOfFile, expected: Expected::Item },
        ErrorKind::UnknownWord { word: text(), near: None },
        ErrorKind::UnknownWord { word: text(), near: Some("x") },
        ErrorKind::NoArrow,
        ErrorKind::ElseOnNewLine,
        ErrorKind::ReservedName(text()),
        ErrorKind::NotYet(text()),
        ErrorKind::Version(2),
        ErrorKind::VersionNotFirst,
        ErrorKind::MissingBrace { opened: Span::default() },
        ErrorKind::ExtraBrace,
        ErrorKind::UnclosedText('"'),
        ErrorKind::UnclosedRegex,
        ErrorKind::UnclosedField,
        ErrorKind::TooDeep,
        ErrorKind::TooManyOperators,
        ErrorKind::BadEscape(text()),
        ErrorKind::BadHex { digits: text(), character: 'x' },
        ErrorKind::OddHex(text()),
        ErrorKind::TypeInText("u16".to_owned()),
        ErrorKind::PatternOnly(text()),
        ErrorKind::RegexAlone,
        ErrorKind::RegexFlag('x'),
        ErrorKind::BadRegex(crate::codec::PatternError::Regex("unclosed group".into())),
        ErrorKind::BadNumber(text()),
        ErrorKind::NoUnit(text()),
        ErrorKind::UnknownUnit(text()),
        ErrorKind::OptionTwice(text()),
        ErrorKind::UnknownOption { option: text(), near: None },
        ErrorKind::BadSocketOption { value: text(), form: crate::model::OptionForm::Switch },
        ErrorKind::UnsetName { name: text(), near: None },
        ErrorKind::UnknownFunction { name: text(), near: None },
        ErrorKind::Arguments { function: text(), given: 1, least: 2, most: 3 },
        ErrorKind::UnknownSession { name: text(), near: None },
        ErrorKind::WhichSession { first: text() },
        ErrorKind::UnnamedSession,
        ErrorKind::Duplicate { what: Named::Session, name: text(), first: Span::default() },
        ErrorKind::LineEndTwice { rule: text() },
        ErrorKind::DoesNotFit { value: text(), form: text() },
        ErrorKind::WrongKind { found: ValueKind::Text, expected: ValueKind::Number },
        ErrorKind::BadRule(crate::codec::RuleError::UnknownRule(text())),
        ErrorKind::BadAddress(crate::model::EndpointError::NoPort),
        ErrorKind::BadGroup(crate::model::GroupError::NoInterface),
        ErrorKind::UnknownEncoding(text()),
        ErrorKind::NotInRule(text()),
        ErrorKind::RuleNeedsFrame,
        ErrorKind::Excludes { one: "x", other: "y" },
    ]
}

#[test]
fn every_kind_has_a_sentence_in_both_languages() {
    for kind in all() {
        for lang in Lang::ALL {
            let sentence = talk_sentence(&kind, lang);
            let debug = harmless(&format!("{kind:?}"));
            assert!(!sentence.contains(&debug), "{sentence}");
            let is_chinese = sentence.chars().any(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c));
            assert_eq!(is_chinese, lang == Lang::ZhCn, "{sentence}");
        }
    }
}
