//! Files that use others.

use super::*;
use crate::talk::{Error, ErrorKind};
use crate::words::{self, Lang};

impl Bench {
    fn write(&self, path: &str, text: &str) {
        let path = self.folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn errors(&self, source: &str) -> Vec<Error> {
        let path = self.folder.path().join("test.talk");
        std::fs::write(&path, source).unwrap();
        Script::new(Some(path), source.to_owned(), &self.options.variables).unwrap_err()
    }
}

#[test]
fn variables_and_rules_of_a_used_file_are_there_and_its_steps_are_not_run() {
    let bench = Bench::new();
    let used = "\u{FEFF}talk 1\r\nvar unit = 3\r\nvar after = unit + 1\r\nsession listen tcp://127.0.0.1:1\r\n\
                on \"UNIT\" as asked { set unit = unit + 1; > \"{{unit}} {{after}} {{hits(asked)}}\" }\r\n\
                on \"FILE\" { > file \"part.txt\" }\r\nstep \"never\"\r\nfail \"run\"\r\n";
    bench.write("common/device.talk", used);
    bench.write("common/part.txt", "of common");
    bench.write("part.txt", "of the folder above");
    for (name, dot) in [("", ""), (" as common", "common.")] {
        let source = format!(
            "use \"common/device.talk\"{name}\nsession device listen tcp://127.0.0.1:0 {{ frame line }}\n\
             session client connect tcp://127.0.0.1:{{{{port(device)}}}} {{ frame line\n within 20s }}\n\
             step \"asked\"\ncheck {dot}unit == 3 and {dot}after == 4\n> client: \"UNIT\"\n< client: \"4 4 1\"\n\
             check {dot}unit == 4\nset {dot}unit = 9\n> client: \"UNIT\"\n< client: \"10 4 2\"\n\
             > client: \"FILE\"\n< client: \"of common\"\n"
        );
        // A `set` names no variable of another file.
        let source = if dot.is_empty() {
            source
        } else {
            source.replace("set common.unit = 9\n", "").replace("10 4 2", "5 4 2")
        };
        let source = source.replace("on \"UNIT\"", "on device: \"UNIT\"");
        let with_session = |text: &str| text.replace("on \"", "on device: \"");
        bench.write("common/device.talk", &with_session(used));
        let outcome = bench.run(&source);
        assert!(outcome.passed(), "{name}: {outcome:?}");
        assert_eq!(outcome.steps.len(), 1);
    }
}

#[test]
fn nearer_values_replace_those_of_a_used_file() {
    let mut bench = Bench::new();
    bench.write("a.talk", "use \"b.talk\" as deep\nvar first = 1\nvar two = 1\nvar three = 1\n");
    bench.write("b.talk", "var four = 1\nvar five = four + 1\n");
    bench.options.variables =
        [("three", "3"), ("deep.four", "4")].map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let source = "var two = first + 1\nuse \"a.talk\"\nuse \"./a.talk\"\nuse \"a.talk\" as again\nstep \"x\"\n\
                  check first == 1 and two == 2 and three == 3 and deep.four == 4 and deep.five == 5\n\
                  check again.two == 1 and again.deep.five == 2\n";
    let outcome = bench.run(source);
    assert!(outcome.passed(), "{outcome:?}");
}

#[test]
fn what_is_wrong_with_a_used_file_is_shown_in_it() {
    let bench = Bench::new();
    bench.write("sub/good.talk", "var x = 1\n");
    bench.write("sub/bad.talk", "var y = 1\n\nvar x = y +\non \"a\" { > {{nothing}} }\n");
    bench.write("sub/unset.talk", "on \"a\" { > {{nothing}} }\n");
    bench.write("sub/up.talk", "use \"../sub/good.talk\"\n");
    bench.write("sub/circle.talk", "\nuse \"round.talk\"\n");
    bench.write("sub/round.talk", "use \"circle.talk\"\n");
    bench.write("sub/session.talk", "on other: \"a\" { }\n");
    std::fs::write(bench.folder.path().join("sub/bytes.talk"), b"var x = \"\xFF\"\n").unwrap();
    std::fs::create_dir_all(bench.folder.path().join("sub/folder.talk")).unwrap();
    let cases = [
        ("sub/bad.talk", "sub/bad.talk:3:", "sub/bad.talk:3:"),
        ("sub/unset.talk", "sub/unset.talk:1:", "nothing"),
        ("sub/up.talk", "sub/up.talk:1:5", "leaves the folder"),
        ("sub/circle.talk", "sub/round.talk:1:5", "`sub/circle.talk` uses itself"),
        ("sub/session.talk", "sub/session.talk:1:4", "other"),
        ("test.talk", "test.talk:2:5", "uses itself"),
        ("missing.talk", "test.talk:2:5", "does not exist"),
        ("../x.talk", "test.talk:2:5", "leaves the folder"),
        ("/etc/passwd", "test.talk:2:5", "leaves the folder"),
        ("sub/bytes.talk", "test.talk:2:5", "UTF-8"),
        ("sub/folder.talk", "test.talk:2:5", "Cannot read the file"),
    ];
    for (path, place, words) in cases {
        let source = format!(
            "session device listen tcp://127.0.0.1:0 {{ frame line }}\nuse \"{path}\"\nstep \"x\"\nnote \"x\"\n"
        );
        let errors = bench.errors(&source);
        assert_eq!(errors.len(), 1, "{path}: {errors:?}");
        assert_eq!(errors[0].span.of(&source), format!("\"{path}\""), "{path}");
        let report = words::talk_report("/tests/test.talk", &source, &errors, Lang::En, false);
        assert!(report.contains(&format!("/tests/{place}")) && report.contains(words), "{path}: {report}");
        let zh = words::talk_report("/tests/test.talk", &source, &errors, Lang::ZhCn, false);
        assert!(zh.contains(&format!("/tests/{place}")) && zh.contains("错误"), "{path}: {zh}");
    }
}

#[test]
fn links_lead_nowhere_and_many_files_are_refused() {
    let bench = Bench::new();
    #[cfg(unix)]
    {
        let other = tempfile::tempdir().unwrap();
        std::fs::write(other.path().join("x.talk"), "var x = 1\n").unwrap();
        std::os::unix::fs::symlink(other.path().join("x.talk"), bench.folder.path().join("link.talk")).unwrap();
        let errors = bench.errors("use \"link.talk\"\n");
        assert!(matches!(errors[0].kind, ErrorKind::Fault(_)), "{errors:?}");
    }
    // Each file uses the next one twice.
    for number in 0..20 {
        let next = number + 1;
        bench.write(&format!("f{number}.talk"), &format!("use \"f{next}.talk\" as a\nuse \"f{next}.talk\" as b\n"));
    }
    bench.write("f20.talk", "var x = 1\n");
    let errors = bench.errors("use \"f0.talk\"\n");
    assert!(errors.len() < 1000);
    let is_refused = |error: &Error| match &error.kind {
        ErrorKind::InUsed { error, .. } => matches!(error.kind, ErrorKind::TooManyFiles(100)),
        kind => matches!(kind, ErrorKind::TooManyFiles(100)),
    };
    assert!(errors.iter().any(is_refused), "{errors:?}");
}

#[test]
fn a_fault_of_a_used_file_names_its_line() {
    let bench = Bench::new();
    bench.write("used.talk", "var zero = 0\nvar x = 1 / zero\n");
    let outcome = bench.run("use \"used.talk\"\nstep \"x\"\nnote \"x\"\n");
    assert_eq!(outcome.end, RunEnd::NotBegun);
    let sentence = words::problem_sentence(&outcome.problems[0].kind, Lang::En);
    assert!(sentence.starts_with("used.talk:2:9: "), "{sentence}");
}
