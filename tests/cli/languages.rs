//! The Chinese output contains no English, whatever the damage of a capture.

use crate::support::{Bench, Ended, python, shown};
use std::path::PathBuf;

const CHINESE: [&str; 2] = ["--lang", "zh-CN"];

/// The English words of a sentence, except names of options, files and protocols.
fn english(text: &str) -> Vec<String> {
    // The line that scripts wait for is the same in every language.
    let known = ["json", "XXH", "TCP", "FIN", "meta", "connected", "from"];
    let words = text.split_whitespace().filter(|word| !word.contains(['/', '\\'])).collect::<Vec<_>>().join(" ");
    let words = words.split(|c: char| !c.is_ascii_alphabetic()).filter(|word| word.len() >= 3 && !known.contains(word));
    // A hexadecimal hash is not a word.
    words.filter(|word| word.contains(|c: char| !c.is_ascii_hexdigit())).map(str::to_owned).collect()
}

fn assert_chinese(ended: &Ended) {
    assert!(!ended.stderr.is_ascii(), "{ended:?}");
    assert!(english(&ended.stderr).is_empty(), "{}", ended.stderr);
}

/// A capture with a client that sent a file. Returns the folder of the capture and the file.
fn recorded(bench: &Bench) -> (PathBuf, PathBuf) {
    // Larger than the files that are kept in the capture.
    let file = bench.file("sent.bin", vec![b'x'; 9 << 20]);
    let script = "import socket,sys\ns=socket.create_server(('127.0.0.1',0))\nprint(s.getsockname()[1],flush=True)\n\
                  c,_=s.accept()\nwhile c.recv(1<<20): pass\nc.close()";
    let mut server = python(script, &[]);
    let address = format!("127.0.0.1:{}", server.first_line());
    let ended = bench.json(&["connect", &address, "--send-file", shown(&file), "--show", "none"]).end().exits(0);
    let id = ended.summary()["capture"].as_str().expect("an id").to_owned();
    (bench.path("data").join("captures").join(id), file)
}

#[test]
fn a_sent_file_that_is_gone_is_named_in_the_users_language() {
    let bench = Bench::new();
    let (_, file) = recorded(&bench);
    std::fs::remove_file(&file).expect("removed");
    let show = ["captures", "show", "last", "--direction", "sent"];
    let ended = bench.ran(&[&show[..], &CHINESE].concat()).exits(1);
    assert!(ended.stderr.contains("sent.bin") && ended.stderr.contains("此后已改变或移走"), "{}", ended.stderr);
    assert_chinese(&ended);
    let english = bench.ran(&show).exits(1);
    assert!(english.stderr.contains("the file that was sent has changed"), "{}", english.stderr);
    let json = bench.ran(&[&show[..], &["--json"], &CHINESE].concat()).exits(1);
    let line = &json.all("sent")[0];
    assert!(line["unavailable"].as_str().is_some_and(|why| why.contains("此后已改变或移走")), "{line}");
    for format in ["csv", "jsonl", "hexdump", "log", "pcapng"] {
        let export = ["captures", "export", "last", "--format", format];
        let ended = bench.ran(&[&export[..], &CHINESE].concat());
        let text = String::from_utf8_lossy(&ended.stdout).into_owned();
        assert!(text.contains("发送的文件") && !text.contains("the file that was sent"), "{format}");
        let english = bench.ran(&export);
        assert!(String::from_utf8_lossy(&english.stdout).contains("file that was sent"), "{format}");
    }
}

#[test]
fn damage_of_a_capture_is_told_in_the_users_language() {
    let bench = Bench::new();
    let (folder, _) = recorded(&bench);
    std::fs::remove_file(folder.join("peers")).expect("removed");
    let show = ["captures", "show", "last", "--show", "none"];
    let ended = bench.ran(&[&show[..], &CHINESE].concat()).exits(0);
    assert!(ended.stderr.contains("捕获记录不完整：对端表缺失"), "{}", ended.stderr);
    let english = bench.ran(&show).exits(0);
    assert!(english.stderr.contains("The capture is incomplete: the peer table is missing"), "{}", english.stderr);

    // Neither the description nor a segment is left.
    for entry in std::fs::read_dir(&folder).expect("listed") {
        std::fs::write(entry.expect("an entry").path(), b"{}").expect("written");
    }
    for command in [&["captures", "list"][..], &["captures", "list", "--json"]] {
        let ended = bench.ran(&[command, &CHINESE].concat()).exits(0);
        assert!(ended.stderr.contains("无法打开捕获记录") && ended.stderr.contains("meta.json"), "{}", ended.stderr);
        assert_chinese(&ended);
    }
    let ended = bench.ran(&["captures", "list"]).exits(0);
    assert!(ended.stderr.contains("Cannot open the capture") && ended.stderr.contains("meta.json"), "{}", ended.stderr);

    // An unsupported version.
    let meta = r#"{"format":"wirebench-capture","version":99}"#;
    std::fs::write(folder.join("meta.json"), meta).expect("written");
    let ended = bench.ran(&[&["captures", "list"][..], &CHINESE].concat()).exits(0);
    assert!(ended.stderr.contains("不支持它的格式版本"), "{}", ended.stderr);
    assert_chinese(&ended);
}

#[test]
fn the_command_line_does_not_speak_as_a_form_does() {
    let bench = Bench::new();
    let cases: [&[&str]; 9] = [
        &["connect", ""],
        &["connect", "127.0.0.1"],
        &["connect", ":80"],
        &["listen", "tcp://"],
        &["connect", "127.0.0.1:1", "--bind", ""],
        &["connect", "127.0.0.1:1", "--bind", "1.2.3.4:5:6"],
        &["listen", "127.0.0.1:0", "--expect", ""],
        &["captures", "search", "last", "--text", ""],
        &["captures", "show", "last", "--filter", "text=''"],
    ];
    for case in cases {
        for (lang, voice) in
            [("en", &["Enter", "enter a", "field", "below"][..]), ("zh-CN", &["请填写", "下一栏", "分开填写"])]
        {
            let ended = bench.ran(&[case, &["--lang", lang]].concat()).exits(2);
            assert!(voice.iter().all(|words| !ended.stderr.contains(words)), "{case:?}: {}", ended.stderr);
            assert_eq!(ended.stderr.lines().count(), 1, "{case:?}: {}", ended.stderr);
        }
    }
}

#[test]
fn a_local_address_that_is_not_found_is_not_taken_for_the_remote() {
    let bench = Bench::new();
    for (lang, sentence) in
        [("en", "Cannot look up the local address nowhere.invalid: "), ("zh-CN", "无法解析本地地址 nowhere.invalid：")]
    {
        for opened in [
            &["connect", "127.0.0.1:9", "--bind", "nowhere.invalid", "--timeout", "20s"][..],
            &["connect", "udp://127.0.0.1:9", "--bind", "nowhere.invalid", "--timeout", "20s"],
            &["listen", "udp://nowhere.invalid:0"],
        ] {
            let said = bench.ran(&[opened, &["--lang", lang]].concat()).exits(1).stderr;
            assert!(said.starts_with(sentence), "{said}");
        }
    }
}
