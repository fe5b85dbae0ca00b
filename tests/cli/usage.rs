//! Wrong usage, help and version.

use crate::support::{Bench, shown};

/// Each is rejected with exit code 2 and one sentence that contains these words, without standard output or a capture.
#[test]
fn wrong_usage_is_two_and_names_option_value_and_reason() {
    let bench = Bench::new();
    let name = bench.program_name();
    let data = bench.file("data.bin", b"x");
    let data = shown(&data);
    let missing = bench.path("missing/file");
    let missing = shown(&missing);
    let folder = bench.path("");
    let folder = shown(&folder);
    let cases: &[(&[&str], &[&str])] = &[
        (&["listen"], &["ENDPOINT"]),
        (&["connect"], &["ENDPOINT"]),
        (&["listen", ""], &["ENDPOINT"]),
        (&["listen", "http://127.0.0.1:80"], &["ENDPOINT", "http"]),
        (&["listen", "tcp://127.0.0.1"], &["ENDPOINT", "127.0.0.1"]),
        (&["listen", "tcp://:80"], &["ENDPOINT"]),
        (&["listen", "127.0.0.1:65536"], &["ENDPOINT", "65536"]),
        (&["listen", "127.0.0.1:-1"], &["ENDPOINT"]),
        (&["listen", "::1:80"], &["ENDPOINT", "::1:80"]),
        (&["listen", "300.1.1.1:0"], &["ENDPOINT", "300.1.1.1", "IPv4"]),
        (&["connect", "tcp://127.0.0.1:0"], &["ENDPOINT", "port 0"]),
        (&["connect", "udp://127.0.0.1:0"], &["ENDPOINT", "port 0"]),
        (&["connect", "127.0.0.1:9", "--bind", "no where"], &["--bind", "no where"]),
        (&["connect", "127.0.0.1:9", "--bind", "127.0.0.1:70000"], &["--bind", "70000"]),
        (&["connect", "127.0.0.1:9", "--send-hex", "4g"], &["--send-hex", "4g"]),
        (&["connect", "127.0.0.1:9", "--reply-hex", "zz"], &["--reply-hex", "zz"]),
        (&["connect", "127.0.0.1:9", "--expect-hex", "0g"], &["--expect-hex", "0g"]),
        (&["connect", "127.0.0.1:9", "--expect", ""], &["--expect"]),
        (&["connect", "127.0.0.1:9", "--encoding", "klingon"], &["--encoding", "klingon", "wirebench encodings"]),
        (&["connect", "127.0.0.1:9", "--encoding", "gbk", "--send", "😀"], &["--send", "😀"]),
        (&["connect", "127.0.0.1:9", "--encoding", "latin1", "--reply", "你"], &["--reply", "你"]),
        (&["connect", "127.0.0.1:9", "--encoding", "gbk", "--expect", "😀"], &["--expect", "😀"]),
        (&["connect", "127.0.0.1:9", "--escape", "--send", "a\\q"], &["--send"]),
        (&["connect", "127.0.0.1:9", "--send-file", missing], &["--send-file", "missing"]),
        (&["connect", "127.0.0.1:9", "--send-file", folder], &["--send-file"]),
        (&["connect", "127.0.0.1:9", "--save", missing], &["--save", "the folder", "missing\" does not exist"]),
        (&["connect", "127.0.0.1:9", "--log", missing], &["--log", "the folder", "missing\" does not exist"]),
        (&["connect", "127.0.0.1:9", "--send-file", data, "--save", data], &["--save", "--send-file"]),
        (&["listen", "127.0.0.1:0", "--for", "10"], &["--for", "10", "unit"]),
        (&["listen", "127.0.0.1:0", "--for", "soon"], &["--for", "soon"]),
        (&["listen", "127.0.0.1:0", "--for", "1d"], &["--for", "1d"]),
        (&["listen", "127.0.0.1:0", "--timeout", "-1s"], &["--timeout"]),
        (&["listen", "127.0.0.1:0", "--every", "0s", "--send", "x"], &["--every", "0s"]),
        (&["listen", "127.0.0.1:0", "--every", "0.01ms", "--send", "x"], &["--every", "0.01ms", "1ms"]),
        (&["listen", "127.0.0.1:0", "--every", "1s"], &["--every"]),
        (&["listen", "127.0.0.1:0", "--count", "0", "--send", "x"], &["--count", "0"]),
        (&["listen", "127.0.0.1:0", "--count", "many", "--send", "x"], &["--count", "many"]),
        (&["listen", "127.0.0.1:0", "--stdin", "--every", "1s"], &["--every", "--stdin"]),
        (&["listen", "127.0.0.1:0", "--until-bytes", "x"], &["--until-bytes", "x"]),
        (&["listen", "udp://127.0.0.1:0", "--until-closed"], &["--until-closed", "UDP"]),
        (&["listen", "127.0.0.1:0", "--echo", "--reply", "x"], &["--echo", "--reply"]),
        (&["listen", "127.0.0.1:0", "--reply", "x", "--reply-hex", "00"], &["--reply", "--reply-hex"]),
        (&["listen", "127.0.0.1:0", "--echo", "--reply-upper"], &["--echo", "--reply-upper"]),
        (&["listen", "127.0.0.1:0", "--show", "pictures"], &["--show", "pictures"]),
        (&["listen", "127.0.0.1:0", "--capture-limit", "big"], &["--capture-limit", "big"]),
        (&["listen", "127.0.0.1:0", "--capture-limit", "10"], &["--capture-limit", "10"]),
        (&["listen", "127.0.0.1:0", "--keep-files", "big"], &["--keep-files", "big"]),
        (&["listen", "127.0.0.1:0", "--keep-files", "1.1GiB"], &["--keep-files", "1 GiB"]),
        (&["listen", "127.0.0.1:0", "--lang", "xx"], &["--lang", "xx"]),
        (&["listen", "127.0.0.1:0", "--bind", "127.0.0.1"], &["--bind"]),
        (&["listen", "127.0.0.1:0", "--nonsense"], &["--nonsense"]),
        (&["listen", "127.0.0.1:0", "127.0.0.1:0"], &["127.0.0.1:0"]),
        (&["dance"], &["dance"]),
        (&["captures"], &["captures"]),
        (&["captures", "show"], &["ID"]),
        (&["captures", "export", "x", "--peer", "y"], &["--peer", "y"]),
        (&["captures", "show", "x", "--frame", "nonsense"], &["--frame", "nonsense", "wirebench rules"]),
        (&["captures", "show", "x", "--frame", "len:size=4"], &["--frame", "endian"]),
        (&["captures", "show", "x", "--verify", "md5"], &["--verify", "md5", "wirebench checks"]),
        (&["captures", "show", "x", "--filter", "foo=1"], &["--filter", "foo", "dir, peer, kind", "nocase"]),
        (&["captures", "export", "x", "--direction", "up"], &["--direction", "up"]),
        (&["--size", "big"], &["--size", "big"]),
        (&["--theme", "pink"], &["--theme", "pink"]),
        (&["gui", "--connect", "127.0.0.1:0"], &["--connect", "port 0"]),
        (&["--demo", "listen", "127.0.0.1:0"], &["--demo"]),
    ];
    for (arguments, words) in cases {
        for json in [false, true] {
            let mut all = arguments.to_vec();
            if json && matches!(arguments.first(), Some(&"listen" | &"connect")) {
                all.push("--json");
            }
            let ended = bench.ran(&all).exits(2);
            assert!(ended.stdout.is_empty(), "{arguments:?} wrote {:?}", String::from_utf8_lossy(&ended.stdout));
            assert_eq!(ended.stderr.lines().count(), 1, "{arguments:?}: {}", ended.stderr);
            for word in *words {
                let word = &word.replace("wirebench ", &format!("{name} "));
                assert!(ended.stderr.contains(word), "{arguments:?}: no {word:?} in {}", ended.stderr);
            }
        }
    }
    assert!(!bench.path("data").exists(), "wrong usage leaves nothing behind");
    assert_eq!(std::fs::read(data).expect("read"), b"x", "a refused file is left alone");
}

#[test]
fn wrong_usage_is_told_in_the_chosen_language() {
    let bench = Bench::new();
    for arguments in [
        &["listen", "127.0.0.1:65536", "--lang", "zh-CN"][..],
        &["--lang=zh-CN", "listen"],
        &["listen", "127.0.0.1:0", "--for", "10", "--lang", "zh-CN"],
    ] {
        let ended = bench.ran(arguments).exits(2);
        assert!(!ended.stderr.is_ascii(), "{}", ended.stderr);
    }
    let mut command = bench.command(&["listen", "127.0.0.1:65536"]);
    command.env("LC_ALL", "zh_CN.UTF-8").env("LANG", "zh_CN.UTF-8");
    let ended = crate::support::Process::start(command).end().exits(2);
    assert!(!ended.stderr.is_ascii(), "the locale decides without --lang: {}", ended.stderr);
}

/// Two consecutive English words outside of quotation marks.
fn has_english(text: &str) -> bool {
    let unquoted: String = text.split('"').step_by(2).collect();
    let words: Vec<&str> = unquoted.split(|c: char| !c.is_ascii_lowercase() && c != ' ').collect();
    words.iter().any(|run| run.split_whitespace().filter(|word| word.len() > 1).count() > 1)
}

#[test]
fn wrong_usage_has_no_english_sentence_in_chinese() {
    let bench = Bench::new();
    let cases: &[&[&str]] = &[
        &["listen"],
        &["dance"],
        &["listen", "a:1", "--nonsense"],
        &["listen", "a:1", "b"],
        &["listen", "127.0.0.1:0", "--echo=yes"],
        &["captures"],
        &["listen", "127.0.0.1:0", "--echo", "--echo"],
        &["--size", "3"],
        &["connect", "127.0.0.1:9", "--send-hex", "4g"],
        &["connect", "127.0.0.1:9", "--expect-regex", "(?P<"],
        &["connect", "127.0.0.1:9", "--expect-regex", r"\p{Greek"],
        &["connect", "127.0.0.1:9", "--expect-regex", "a{5,2}"],
        &["connect", "127.0.0.1:9", "--expect-regex", "(?<=a)b"],
        &["connect", "127.0.0.1:9", "--expect-regex", r"\xZZ"],
        &["connect", "127.0.0.1:9", "--expect-not", ""],
        &["connect", "127.0.0.1:9", "--until-frames", "1"],
        &["connect", "127.0.0.1:9", "--fail-on-bad"],
        &["connect", "127.0.0.1:9", "--frame", "foo"],
        &["connect", "127.0.0.1:9", "--verify", "foo"],
        &["connect", "127.0.0.1:9", "--send-file", "/nope"],
        &["connect", "127.0.0.1:9", "--save", "/nope/x"],
        &["connect", "127.0.0.1"],
        &["connect", "a b:1"],
        &["connect", "http://a:1"],
        &["listen", "127.0.0.1:0", "--timeout", "1s"],
        &["listen", "127.0.0.1:0", "--for", "1"],
        &["captures", "show", "last", "--filter", "text='x' nocase"],
        &["captures", "search", "last", "--text", ""],
    ];
    for case in cases {
        let ended = bench.ran(&[case, &["--lang", "zh-CN"][..]].concat()).exits(2);
        assert!(!ended.stderr.is_ascii() && !has_english(&ended.stderr), "{case:?}: {}", ended.stderr);
    }
    let unknown = bench.ran(&["connect", "nowhere.invalid:80", "--lang", "zh-CN"]).exits(1);
    assert!(!has_english(&unknown.stderr), "{}", unknown.stderr);
}

#[test]
fn reasons_are_those_of_a_command_line() {
    let bench = Bench::new();
    for (arguments, reason) in [
        (&["connect", "127.0.0.1"][..], "ENDPOINT \"127.0.0.1\": the port is missing: HOST:PORT"),
        (&["connect", ":80"], "the host is missing: HOST:PORT"),
        (&["connect", ""], "cannot be empty"),
        (&["captures", "search", "last", "--text", ""], "cannot be empty"),
        (&["connect", "127.0.0.1:99999"], ": port \"99999\" is not"),
        (&["captures", "show", "last", "--filter", "text='x' nocase"], "text='x',nocase"),
        (&["captures", "show", "last", "--filter", "regex='x',hex='1"], "'…'"),
    ] {
        let ended = bench.ran(arguments).exits(2);
        assert!(ended.stderr.contains(reason), "{arguments:?}: {}", ended.stderr);
    }
}

#[test]
fn help_and_version_are_no_failures() {
    let bench = Bench::new();
    for arguments in [&["--help"][..], &["listen", "--help"], &["connect", "-h"], &["captures", "export", "--help"]] {
        let ended = bench.ran(arguments).exits(0);
        let help = String::from_utf8(ended.stdout).expect("text");
        assert!(help.contains("Usage") && help.contains("--data-dir"), "{help}");
    }
    let chinese = bench.ran(&["connect", "--help", "--lang", "zh-CN"]).exits(0);
    let help = String::from_utf8(chinese.stdout).expect("text");
    assert!(help.contains("用法") && help.contains("发送") && !help.contains("Usage"), "{help}");
    assert!(help.contains("[选项]") && !help.contains("[OPTIONS]"), "{help}");
    for option in ["--expect-regex", "--expect-not", "--expect-not-hex", "--until-frames", "--fail-on-bad"] {
        assert!(help.contains(option), "{option}");
    }
    for (asked, same) in [
        (&["help"][..], &["--help"][..]),
        (&["help", "listen"], &["listen", "--help"]),
        (&["captures", "help"], &["captures", "--help"]),
        (&["--lang", "zh-CN", "help", "captures", "show"], &["captures", "show", "--lang", "zh-CN", "--help"]),
    ] {
        assert_eq!(bench.ran(asked).exits(0).stdout, bench.ran(same).exits(0).stdout, "{asked:?}");
    }
    let unknown = bench.ran(&["help", "dance"]).exits(2);
    assert!(unknown.stderr.contains("dance: no such command"), "{}", unknown.stderr);
    let version = bench.ran(&["--version"]).exits(0);
    let version = String::from_utf8(version.stdout).expect("text");
    // The Windows program has a name of its own.
    assert!(version.starts_with("wirebench 0.") || version.starts_with("wirebench-cli 0."), "{version}");
}

#[test]
fn catalogues_list_what_can_be_named_and_every_name_is_accepted() {
    let bench = Bench::new();
    let listed = |what: &str| bench.ran(&[what, "--json"]).exits(0).lines();
    let names = |line: &serde_json::Value| -> Vec<String> {
        let aliases = line["aliases"].as_array().into_iter().flatten().filter_map(|alias| alias.as_str());
        line["name"].as_str().into_iter().chain(aliases).map(str::to_owned).collect()
    };
    let (encodings, checks, rules) = (listed("encodings"), listed("checks"), listed("rules"));
    for name in encodings.iter().flat_map(names) {
        assert!(wirebench::codec::Encoding::by_name(&name).is_some(), "{name}");
    }
    for name in checks.iter().flat_map(names) {
        assert!(name.parse::<wirebench::codec::Check>().is_ok(), "{name}");
    }
    for rule in &rules {
        let text = rule["rule"].as_str().expect("a rule");
        assert!(text.parse::<wirebench::codec::FramingRule>().is_ok(), "{text}");
    }
    let has = |lines: &[serde_json::Value], name: &str| lines.iter().any(|line| line["name"] == name);
    assert!(has(&encodings, "ASCII") && has(&encodings, "GBK"));
    assert!(has(&checks, "CRC-16/MODBUS") && has(&checks, "SUM-8"));
    assert!(has(&rules, "modbus-rtu") && has(&rules, "len"));
    for (what, first) in [("encodings", "UTF-8"), ("checks", "SUM-8"), ("rules", "record")] {
        let plain = bench.ran(&[what]).exits(0);
        assert!(plain.stdout.starts_with(first.as_bytes()), "{what}");
    }
}

#[test]
fn ascii_is_an_encoding_that_refuses_what_is_none() {
    let bench = Bench::new();
    let refused = bench.ran(&["connect", "127.0.0.1:1", "--lang", "en", "--encoding", "ascii", "--send", "é"]).exits(2);
    assert!(refused.stderr.contains("does not exist in ASCII"), "{}", refused.stderr);
    let mut listen = bench.json(&["listen", "udp://127.0.0.1:0", "--encoding", "ASCII", "--until-bytes", "3"]);
    let socket = std::net::UdpSocket::bind("127.0.0.1:0").expect("bound");
    socket.send_to(b"a\xE9b", listen.local()).expect("sent");
    assert_eq!(listen.end().exits(0).text("received"), "a\\xE9b");
}
