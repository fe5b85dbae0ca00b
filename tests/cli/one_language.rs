//! No line of output mixes languages, and values are repeated as they were given.

use crate::support::Bench;

/// Commands that end at once, most of them with an error.
const COMMANDS: &[&[&str]] = &[
    &["listen", "127.0.0.1:0", "--for", "10ms"],
    &["listen", "udp://127.0.0.1:0", "--for", "10ms"],
    &["listen", "127.0.0.1:0", "--for", "10ms", "--expect", "x", "--timeout", "10ms"],
    &["listen", "127.0.0.1:0", "--frame", "len:size=9"],
    &["listen", "127.0.0.1:0", "--frame", "len:size=4"],
    &["listen", "127.0.0.1:0", "--frame", "marks:start=7E,end=7E,escape=7D,xor=00"],
    &["listen", "127.0.0.1:0", "--frame", "record:max=9"],
    &["listen", "127.0.0.1:0", "--frame", "gap:20"],
    &["listen", "127.0.0.1:0", "--verify", "crc16:mask=zz"],
    &["listen", "127.0.0.1:0", "--verify", "nothing"],
    &["listen", "127.0.0.1:0", "--show", "x"],
    &["listen", "127.0.0.1:0", "--encoding", "x"],
    &["listen", "127.0.0.1:0", "--send-hex", "0g"],
    &["listen", "127.0.0.1:0", "--send", r"a\q", "--escape"],
    &["listen", "127.0.0.1:0", "--reply", "a", "--echo"],
    &["listen", "127.0.0.1:0", "--for", "1x"],
    &["listen", "127.0.0.1:0", "--nonsense"],
    &["listen", "127.0.0.1:0", "--fail-on-bad"],
    &["listen", "300.1.1.1:1"],
    &["listen"],
    &["nonsense"],
    &["connect", "127.0.0.1:99999"],
    &["connect", r"C:\a\b:1"],
    &["connect", "127.0.0.1:9", "--send-file", r"C:\a\b"],
    &["connect", "udp://127.0.0.1:9", "--send", "x", "--timeout", "20ms"],
    &["captures"],
    &["captures", "list"],
    &["captures", "show", "last"],
    &["captures", "show", r"C:\a\b"],
    &["captures", "show", "last", "--filter", "kind=x"],
    &["captures", "show", "last", "--filter", "regex='('"],
    &["captures", "delete", "2"],
    &["captures", "search", "last"],
    &["captures", "search", "last", "--text", "nowhere"],
    &["captures", "export", "last", "--format", "x"],
    &["captures", "import", r"C:\a\b"],
    &["rules"],
    &["checks"],
    &["encodings"],
    &["rules", "--help"],
    &["listen", "--help"],
    &["connect", "--help"],
    &["captures", "--help"],
    &["--help"],
];

/// Whether a character belongs to Chinese text: a character, or full-width punctuation.
fn is_chinese(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{303F}' | '\u{3400}'..='\u{9FFF}' | '\u{FF00}'..='\u{FFEF}')
}

#[test]
fn english_lines_have_nothing_chinese_and_chinese_lines_no_english_punctuation() {
    let bench = Bench::new();
    // For the commands that read a capture.
    bench.ran(&["listen", "127.0.0.1:0", "--for", "10ms"]).exits(0);
    for command in COMMANDS {
        let ended = bench.ran(&[*command, &["--lang", "en"]].concat());
        let both = format!("{}{}", String::from_utf8_lossy(&ended.stdout), ended.stderr);
        for line in both.lines() {
            assert!(!line.contains(is_chinese), "{command:?}: {line}");
        }
        let ended = bench.ran(&[*command, &["--lang", "zh-CN"]].concat());
        let mut previous = ' ';
        let both = format!("{}{}", String::from_utf8_lossy(&ended.stdout), ended.stderr);
        for c in both.chars() {
            assert!(!(is_chinese(previous) && matches!(c, ',' | ':' | ';' | '?' | '!')), "{command:?}: {both}");
            previous = c;
        }
    }
}

#[test]
fn the_words_that_scripts_wait_for_are_the_same_line_in_every_language() {
    let bench = Bench::new();
    for lang in ["en", "zh-CN"] {
        let ended = bench.ran(&["listen", "127.0.0.1:0", "--for", "10ms", "--lang", lang]).exits(0);
        let first = ended.stderr.lines().next().expect("a line");
        let address = first.strip_prefix("listening on ").unwrap_or_else(|| panic!("{first}"));
        assert!(address.parse::<std::net::SocketAddr>().is_ok(), "{first}");
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("bound");
        let at = listener.local_addr().expect("an address").to_string();
        let ended = bench.ran(&["connect", &at, "--for", "10ms", "--lang", lang]).exits(0);
        let first = ended.stderr.lines().next().expect("a line");
        assert!(first.starts_with(&format!("connected to {at} from 127.0.0.1:")) && first.is_ascii(), "{first}");
    }
}

#[test]
fn values_are_repeated_as_they_were_given() {
    let bench = Bench::new();
    bench.ran(&["listen", "127.0.0.1:0", "--for", "10ms"]).exits(0);
    for lang in ["en", "zh-CN"] {
        for (command, value) in [
            (&["connect", r"C:\a\b:1"][..], r#"ENDPOINT "C:\a\b:1""#),
            (&["connect", "127.0.0.1:9", "--send-file", r"C:\a\b"], r#"--send-file "C:\a\b""#),
            (&["connect", "127.0.0.1:9", "--send", r"a\q", "--escape"], r#"--send "a\q""#),
            (&["connect", "127.0.0.1:9", "--for", r"1\x"], r"\x"),
            (&["captures", "show", r"C:\a\b"], r"C:\a\b"),
            (&["listen", "127.0.0.1:0", "--log", r"/nowhere\a/b\c"], r"/nowhere\a"),
            (&["listen", "127.0.0.1:0", "--show", "a\u{1b}[31m\n"], r#"--show "a\u{1b}[31m\n""#),
        ] {
            let ended = bench.ran(&[command, &["--lang", lang]].concat());
            let said = ended.stderr.lines().next().unwrap_or_default();
            assert!(said.contains(value) && !said.contains(r"\\a"), "{command:?}: {said}");
        }
        let ended = bench.ran(&["captures", "show", r"C:\a\b", "--lang", lang]).exits(1);
        assert!(!ended.stderr.contains(r"\\"), "{}", ended.stderr);
    }
}
