//! `captures import`: its messages about a log.

use crate::support::Bench;

#[test]
fn what_was_not_taken_as_it_stood_is_said_in_both_languages() {
    let bench = Bench::new();
    let log = "\u{FEFF}[2019-07-12 16:05:48.417]# RECV ASCII>\r\nabc\r\n\r\n\
               [2019-07-12 16:05:48.418]# SEND HEX>\r\n41 42\r\n\r\n\
               [2019-07-12 16:05:48.419]# Stopped.\r\n\r\n";
    let path = bench.file("log", log);
    let path = path.to_str().expect("text");
    for (lang, sentences) in [
        (
            "zh-CN",
            ["已读入 2 条数据记录", "1 行不属于任何条目，未读入", "每个条目后面都有一个空行，视为日志自带，已去掉"],
        ),
        (
            "en",
            [
                "2 data records were imported",
                "1 line belongs to no entry and was left out",
                "Every entry was followed by an empty line, which was taken as part of the log and left out",
            ],
        ),
    ] {
        let ended = bench.ran(&["captures", "import", path, "--lang", lang]).exits(0);
        assert_eq!(ended.stderr.lines().collect::<Vec<_>>(), sentences);
        let id = String::from_utf8(ended.stdout).expect("an id");
        assert_eq!(bench.ran(&["captures", "export", id.trim_end(), "--direction", "both"]).stdout, b"abcAB");
    }
}

#[test]
fn a_bad_entry_is_told_in_one_sentence() {
    let bench = Bench::new();
    let path = bench.file("log", "[2019-07-12 16:05:48.418]# SEND HEX>\r\n41 4x\r\n\r\n");
    let path = path.to_str().expect("text");
    let ended = bench.ran(&["captures", "import", path, "--lang", "en"]).exits(1);
    assert!(ended.stderr.contains("is not hex: character "), "{}", ended.stderr);
}
