//! Every export format of one fixed capture, with and without a framing rule, and the lines of `--json`, compared with files, so
//! that a change of a format is visible in review.
//!
//! After an intended change: `UPDATE_GOLDEN=1 cargo test --test cli export_golden`.

use crate::golden;
use crate::golden_capture::{ID, written};
use crate::support::{Bench, Process};
use std::fmt::Write as _;
use wirebench::capture::ExportFormat;

/// The outputs to compare, by file name.
fn outputs() -> Vec<(&'static str, Vec<&'static str>)> {
    let form = |name| (name, vec!["export", ID, "--format", name]);
    let forms = ExportFormat::ALL.into_iter().map(ExportFormat::name).chain(["log"]).map(form);
    forms.chain([("show-json", vec!["show", ID, "--json"]), ("list-json", vec!["list", "--json"])]).collect()
}

/// Options by the end of the file name.
const VARIANTS: [(&str, &[&str]); 3] = [
    ("", &["--encoding", "GBK"]),
    ("-frames", &["--encoding", "GBK", "--frame", "marks:start=02,end=03,after=1+XOR-8"]),
    ("-received", &["--encoding", "GBK", "--direction", "received"]),
];

fn output(bench: &Bench, arguments: &[&str], lang: &str) -> Vec<u8> {
    let mut command = bench.command(&[&["captures"][..], arguments, &["--lang", lang]].concat());
    // Some formats contain local times.
    command.env("TZ", "CST-8");
    Process::start(command).end().stdout
}

/// A pcapng file as text: a line for each block and option. The version of the program is left out.
fn dumped(file: &[u8]) -> String {
    let number = |bytes: &[u8]| bytes.iter().rev().fold(0_usize, |number, byte| number << 8 | usize::from(*byte));
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let mut text = String::new();
    let mut rest = file;
    while rest.len() >= 12 {
        let (kind, len) = (number(&rest[..4]), number(&rest[4..8]));
        let body = &rest[8..len - 4];
        assert_eq!(number(&rest[len - 4..len]), len, "a block ends with its length");
        rest = &rest[len..];
        let fixed = match kind {
            0x0A0D_0D0A => 16,
            1 => 8,
            5 => 12,
            6 => 20 + number(&body[12..16]).next_multiple_of(4),
            other => panic!("a block of kind {other}"),
        };
        writeln!(text, "block {kind:x}: {}", hex(&body[..fixed])).expect("text");
        let mut options = &body[fixed..];
        while options.len() >= 4 {
            let (code, len) = (number(&options[..2]), number(&options[2..4]));
            let value = &options[4..4 + len];
            options = &options[4 + len.next_multiple_of(4)..];
            if code == 0 {
                break;
            }
            let is_text = value.len() > 8 && std::str::from_utf8(value).is_ok();
            let value = if is_text { String::from_utf8_lossy(value).into_owned() } else { hex(value) };
            writeln!(text, "  option {code}: {}", value.replace(env!("CARGO_PKG_VERSION"), "VERSION")).expect("text");
        }
    }
    assert!(rest.is_empty(), "nothing behind the last block");
    text
}

#[test]
fn every_form_of_export_is_as_written_down() {
    let bench = Bench::new();
    written(&bench);
    let mut changed = Vec::new();
    for (form, arguments) in outputs() {
        for (variant, options) in VARIANTS {
            let options = match (form, variant) {
                ("list-json", "") => &[][..],
                ("raw", "") => &["--direction", "both"],
                ("list-json", _) | ("log" | "raw", "-received") => continue,
                _ => options,
            };
            let [en, zh] = ["en", "zh-CN"].map(|lang| {
                let bytes = output(&bench, &[&arguments[..], options].concat(), lang);
                if form == "pcapng" { dumped(&bytes).into_bytes() } else { bytes }
            });
            // A single file if the output does not depend on the language.
            let files = if en == zh { vec![("", en)] } else { vec![("-en", en), ("-zh-CN", zh)] };
            for (lang, bytes) in files {
                let file = format!("tests/cli/export_golden/{form}{variant}{lang}.txt");
                changed.extend(golden::difference(&file, &bytes));
            }
        }
    }
    assert!(changed.is_empty(), "{changed:#?}");
}
