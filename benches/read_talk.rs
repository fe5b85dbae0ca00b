//! Measures reading a talk file of many steps, beside splitting the same text into lines and tokens:
//! `cargo bench --bench read_talk -- [STEPS] [ROUNDS]` (10,000 and 25 by default).

#![allow(clippy::print_stdout, missing_docs, reason = "a benchmark prints")]

mod beside;

use beside::{alternate, number, seconds};
use std::fmt::Write;
use std::hint::black_box;
use wirebench::talk::edit::Document;
use wirebench::talk::{Outside, parse, read};

fn main() {
    let (steps, rounds) = (number(0, 10_000), number(1, 25));
    let source = file_of(steps);
    println!("{steps} steps, {} KiB, {rounds} rounds, median (spread)", source.len() / 1024);
    let errors = read(&source, &Outside::default()).errors;
    assert!(errors.is_empty(), "{errors:?}");
    let [plain, parsed, checked, listed] = alternate(
        rounds,
        [
            &mut || seconds(|| drop(black_box(tokens(&source)))),
            &mut || seconds(|| drop(black_box(parse(&source)))),
            &mut || seconds(|| drop(black_box(read(&source, &Outside::default())))),
            &mut || seconds(|| drop(black_box(Document::new(source.clone())))),
        ],
    );
    println!("lines and tokens (plain): {plain}");
    for (name, taken) in [("parse", parsed), ("parse and check", checked), ("parse and list entries", listed)] {
        println!("{name}: {taken} | ratio {:.1}", taken.ratio_to(&plain));
    }
}

/// The lines and their tokens, each as a text of its own.
fn tokens(source: &str) -> Vec<Vec<String>> {
    source.lines().map(|line| line.split_whitespace().map(str::to_owned).collect()).collect()
}

/// A file of steps as a test has them: a send, an answer with captures, a check.
fn file_of(steps: u64) -> String {
    let mut source = String::from("talk 1\nvar unit = 1\nsession connect tcp://127.0.0.1:502 { frame modbus-tcp }\n");
    for step in 0..steps {
        let at = step % 0x1_0000;
        let _written = write!(
            source,
            "step \"读寄存器 {step}\" within 2s  # one of many\n> {{{{unit:u8}}}} 03 {at:04X} 0002\n\
             < {{{{unit:u8}}}} 03 04 {{{{?volt:f32}}}} within 500ms\n\
             check volt in 215..245 and answer_time < 50ms else continue\n"
        );
    }
    source
}
