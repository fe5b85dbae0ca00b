//! Checks that Chinese error sentences contain no English, whatever text comes from the system and from libraries.

use super::*;
use crate::capture::{ChangedFile, NotFollowed, ReadError};
use crate::codec::{Pattern, PatternSource};
use crate::model::{ErrorKind, NetError, Operation};
use std::io;

/// Technical terms and names of system errors, which stay as they are in Chinese.
fn is_known(word: &str) -> bool {
    let technical = [
        "TCP",
        "UDP",
        "TLS",
        "WebSocket",
        "Unix",
        "ICMP",
        "IPv",
        "FIN",
        "RST",
        "ulimit",
        "HEX",
        "KiB",
        "MiB",
        "GiB",
        "Unicode",
        "XXH",
        "eth",
    ];
    let is_code = word.starts_with(['E', 'W']) && word.bytes().all(|b| b.is_ascii_uppercase());
    technical.contains(&word) || is_code
}

/// The English words of a sentence: runs of at least three letters that are not technical terms.
fn english(sentence: &str) -> Vec<&str> {
    let words = sentence.split(|c: char| !c.is_ascii_alphabetic());
    words.filter(|word| word.len() >= 3 && !is_known(word)).collect()
}

fn assert_chinese(sentence: &str) {
    assert!(english(sentence).is_empty(), "{sentence}");
    assert!(sentence.chars().any(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c)), "{sentence}");
}

fn assert_all(error: &NetError) {
    for sentence in [error_sentence(error, Lang::ZhCn), error_cause(error, Lang::ZhCn), error_brief(error, Lang::ZhCn)]
    {
        assert_chinese(&sentence);
    }
    let (what, why) = error_parts(error, Lang::ZhCn);
    assert_chinese(&what);
    assert_chinese(&why);
}

#[test]
fn no_error_of_the_system_speaks_english() {
    for code in 1..=133 {
        for operation in Operation::all() {
            assert_all(&NetError::from_io(operation, "/1/2", &io::Error::from_raw_os_error(code)));
        }
    }
}

#[test]
fn no_kind_of_error_repeats_the_english_of_a_library() {
    let details = [
        "failed to lookup address information: Name or service not known",
        "the file changed while it was sent (300000000 bytes then, 5 now)",
        "not a regular file",
        "expected value at line 1 column 1",
        "the interface eth0 with 10.0.0.2 is down or has no link",
        "no interface of this machine has 10.0.0.2 any more",
        "",
    ];
    for operation in Operation::all() {
        // The detail of these is the name of an interface or of a file, or the user's own text, never a sentence of a library.
        let rules = [
            ErrorKind::RuleNote,
            ErrorKind::RuleFailed,
            ErrorKind::RuleFault,
            ErrorKind::RuleLoop,
            ErrorKind::NoContent,
        ];
        let named = [ErrorKind::ZoneMissing, ErrorKind::NoSuchInterface, ErrorKind::NotACapture];
        for kind in ErrorKind::all().filter(|kind| !named.contains(kind) && !rules.contains(kind)) {
            for detail in details {
                assert_all(&NetError::new(operation, kind, "127.0.0.1:1", detail));
            }
        }
    }
}

#[test]
fn a_missing_folder_is_named_though_a_library_wraps_the_error() {
    let folder = tempfile::tempdir().unwrap();
    let error = tempfile::NamedTempFile::new_in(folder.path().join("0")).unwrap_err();
    let error = NetError::from_io(Operation::SaveFile, "/0/1", &error);
    assert_all(&error);
    assert_eq!(error_cause(&error, Lang::ZhCn), "文件不存在");
    assert!(error_sentence(&error, Lang::ZhCn).starts_with("无法写入文件 /0/1：文件或文件夹不存在"));
}

#[test]
fn regular_expressions_are_refused_in_chinese() {
    for text in [
        "a(", "a)", "[a", "*", "a{", "a{2", "a{,}", "a{3,1}", "[z-a]", r"\q", r"a\", r"\x{zz}", "(?=a)", r"\1", "(?z)",
        "(?P<1>a)",
    ] {
        let error = Pattern::new(&PatternSource::Regex(text.into())).err();
        let Some(error) = error else { continue };
        assert_chinese(&pattern_error(&error, Lang::ZhCn));
    }
}

#[test]
fn a_payload_that_cannot_be_read_is_told_in_chinese() {
    let text = || "its size or time is another".to_owned();
    let changed = |hash| ChangedFile { path: "/1/2".into(), why: text(), size: 3, hash };
    for error in [
        ReadError::Evicted(1),
        ReadError::NotYet(1),
        ReadError::FileChanged(changed(0)),
        ReadError::FileChanged(changed(0x1234_5678_1234_5678)),
        ReadError::NotFollowed { path: "/固件".into(), why: NotFollowed::Foreign },
        ReadError::NotFollowed { path: "/固件".into(), why: NotFollowed::Elsewhere },
        ReadError::Io(text()),
    ] {
        assert_chinese(&read_error(&error, Lang::ZhCn));
        assert_chinese(&read_error_in_full(&error, Lang::ZhCn));
    }
    let said = read_error_in_full(&ReadError::FileChanged(changed(0x12)), Lang::ZhCn);
    assert!(said.contains("/1/2") && said.contains("3 字节") && said.contains("0000000000000012"), "{said}");
}
