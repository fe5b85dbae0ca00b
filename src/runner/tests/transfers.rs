//! `get`, `put`, `serve` and `receive`.

use super::*;
use crate::talk::Error;
use crate::words::{self, Lang};
use std::fs;

fn content(len: usize) -> Vec<u8> {
    (0..len).map(|n| (n * 7 % 251) as u8).collect()
}

#[test]
fn one_file_serves_and_fetches_and_stores_only_below_the_chosen_folder() {
    let mut bench = Bench::new();
    let at = |name: &str| bench.folder.path().join(name);
    fs::create_dir_all(at("shared")).unwrap();
    fs::create_dir_all(at("stored")).unwrap();
    fs::write(at("shared/big.bin"), content(1 << 20)).unwrap();
    fs::write(at("up.txt"), "hello").unwrap();
    fs::write(at("plain.txt"), content(70_000)).unwrap();
    let (stored, sent) = (at("stored"), at("up.txt"));
    bench.options.store_in = Some(stored.clone());
    let client = "connect tcp://127.0.0.1:{{port(server)}} { within 20s }";
    let source = format!(
        "session server listen tcp://127.0.0.1:0\nsession a {client}\nsession b {client}\nsession c {client}\nsession d {client}\n\
         serve server: \"shared\"\nreceive server: \"from peers\"\n\
         step \"get\"\nget a: \"big.bin\"\n\
         step \"put\"\nput b: \"up.txt\"\n\
         step \"plain\"\nput c: \"plain.txt\" plain-json\nshutdown c\n< c: close\n\
         step \"not there\"\nget a: \"missing\"\n\
         step \"again\"\nget a: \"big.bin\"\n\
         step \"overwrite\"\nget d: \"big.bin\" overwrite\n\
         step \"refused\"\nput b: \"up.txt\"\n"
    );
    let outcome = bench.run(&source);
    let failed: Vec<&str> =
        outcome.steps.iter().filter(|step| step.verdict == Verdict::Failed).map(|step| &*step.name).collect();
    assert_eq!(failed, ["not there", "again", "refused"], "{outcome:?}");
    for step in outcome.steps.iter().filter(|step| step.verdict == Verdict::Failed) {
        assert!(matches!(step.problems[0].kind, ProblemKind::TransferFailed { .. }), "{step:?}");
    }
    assert!(fs::read(stored.join("big.bin")).unwrap() == content(1 << 20));
    assert_eq!(fs::read(stored.join("from peers/up.txt")).unwrap(), fs::read(sent).unwrap());
    assert!(fs::read(stored.join("from peers/plain.txt")).unwrap() == content(70_000));
}

#[test]
fn a_transfer_that_stalls_ends_with_the_time_of_its_step_or_the_user() {
    for (within, is_stopped) in [(" within 200ms", false), ("", true)] {
        let (port, peer) = serve(|mut peer| drop(peer.read_to_end(&mut Vec::new())));
        let mut bench = Bench::new();
        bench.options.store_in = Some(bench.folder.path().to_owned());
        if is_stopped {
            let stop = bench.stop.clone();
            spawn_named("user", move || {
                std::thread::sleep(Duration::from_millis(200));
                stop.send(()).unwrap();
            })
            .unwrap();
        }
        let source = format!("session connect tcp://127.0.0.1:{port}\nstep \"x\"{within}\nget \"never\"\n");
        let outcome = bench.run(&source);
        assert_eq!(outcome.steps[0].verdict, Verdict::Failed);
        assert_eq!(outcome.end, if is_stopped { RunEnd::Interrupted } else { RunEnd::Done });
        peer.join().unwrap();
    }
}

#[test]
fn wrong_transfers_are_errors_before_anything_opens() {
    let errors = |source: &str| -> Vec<Error> {
        let bench = Bench::new();
        let script = Script::new(Some(bench.folder.path().join("x.talk")), source.to_owned(), &[]).unwrap();
        run(&script, &bench.options, &mut Quiet).unwrap_err()
    };
    let cases = [
        ("session listen tcp://127.0.0.1:0\nreceive \"x\"\n", "--receive-files", "--receive-files"),
        ("session connect tcp://127.0.0.1:1\nstep \"x\"\nget \"x\"\n", "not allowed", "尚未允许"),
        ("session connect tcp://127.0.0.1:1\nserve \"x\"\n", "with `listen`", "listen"),
        ("session listen tcp://127.0.0.1:0\nput \"x\"\n", "with `connect`", "connect"),
        ("session connect udp://127.0.0.1:1\nput \"x\"\n", "TCP session", "TCP"),
        ("session listen tcp://127.0.0.1:0\nstep \"x\"\nserve \"x\"\n", "outside of steps", "步骤"),
        ("session connect tcp://127.0.0.1:1\nput \"x\" plain\n", "plain", "plain"),
        ("session listen tcp://127.0.0.1:0 { frame line }\nserve \"x\"\non \"a\" { }\n", "serve", "serve"),
    ];
    for (source, en, zh) in cases {
        let errors = errors(source);
        assert_eq!(errors.len(), 1, "{source}: {errors:?}");
        for (lang, words) in [(Lang::En, en), (Lang::ZhCn, zh)] {
            let report = words::talk_report("x.talk", source, &errors, lang, false);
            assert!(report.contains(words), "{source}: {report}");
        }
    }
}

#[test]
fn paths_stay_below_the_folder_of_the_file() {
    let mut bench = Bench::new();
    bench.options.store_in = Some(bench.folder.path().to_owned());
    for (session, statement) in [
        ("connect tcp://127.0.0.1:{{port(s)}}", "put c: \"../x\""),
        ("connect tcp://127.0.0.1:{{port(s)}}", "put c: \"/etc/hostname\""),
        ("connect tcp://127.0.0.1:{{port(s)}}", "serve s: \"..\""),
        ("connect tcp://127.0.0.1:{{port(s)}}", "receive s: \"../x\""),
        ("connect tcp://127.0.0.1:{{port(s)}}", "serve s: \"missing\""),
    ] {
        let source =
            format!("session s listen tcp://127.0.0.1:0\nsession c {session}\n{statement}\nstep \"x\"\nnote \"x\"\n");
        let outcome = bench.run(&source);
        let problem = outcome.problems.first().or_else(|| outcome.steps[0].problems.first());
        assert!(matches!(problem.unwrap().kind, ProblemKind::Fault(_)), "{statement}: {outcome:?}");
    }
}
