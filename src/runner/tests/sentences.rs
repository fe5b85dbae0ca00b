//! What docs/TALK.md and the language say about places, peers, ends and tries, sentence by sentence.

use super::*;

const PAIR: &str = "session server listen tcp://127.0.0.1:0 { frame line\n within 20s }\n\
                    session a connect tcp://127.0.0.1:{{port(server)}} { frame line\n within 20s }\n";

fn pair(steps: &str) -> RunOutcome {
    Bench::new().run(&format!("{PAIR}{steps}"))
}

#[test]
fn the_first_send_moves_the_place_and_further_ones_do_not() {
    let outcome = pair(
        "step \"two requests, two answers\"\n< server: open\n> a: \"1\"\n> a: \"2\"\n< server: next \"1\"\n< server: next \"2\"\n\
         > server: \"one\"\n> server: \"two\"\n< a: next \"one\"\n< a: next \"two\"\n\
         step \"a stale answer does not count\"\n> server: \"stale\"\nwait 50ms\n> a: \"3\"\n> server: \"fresh\"\n< a: next \"fresh\"\n\
         step \"the first send of a step moves it\"\n> server: \"old\"\nwait 50ms\n\
         step \"next one\"\n> a: \"4\"\n< a: \"old\" within 50ms else { note \"passed\" }\n",
    );
    assert!(outcome.passed(), "{outcome:?}");
    assert_eq!(outcome.steps[3].notes, ["passed"]);
}

#[test]
fn a_failed_step_moves_the_place_to_now() {
    let outcome = pair(
        "step \"fails\"\n> server: \"late\"\nwait 50ms\nfail \"on purpose\"\n\
         step \"after it\"\n< a: \"late\" within 50ms else { note \"gone\" }\n",
    );
    assert_eq!(verdicts(&outcome), [Verdict::Failed, Verdict::Passed]);
    assert_eq!(outcome.steps[1].notes, ["gone"]);
}

#[test]
fn a_peer_is_the_last_one_or_named_by_number_or_address() {
    let source = format!(
        "{PAIR}session b connect tcp://127.0.0.1:{{{{port(server)}}}} {{ frame line\n within 20s\n start later }}\n\
         step \"only one\"\n< server: open\n> server: \"hello\"\n< a: next \"hello\"\nopen b\n< server: open\n\
         step \"the last match\"\n> b: \"from b\"\n< server: \"from b\"\n> server: \"to b\"\n< b: next \"to b\"\n\
         step \"a number\"\n> server: \"first\" to 1\n< a: next \"first\"\n\
         step \"an address\"\n> server: \"second\" to {{{{peer}}}}\n> a: \"x\"\n< server: \"x\" from 1\n> server: \"third\" to {{{{peer}}}}\n\
         < a: \"third\"\n\
         step \"all\"\n> server: \"everybody\" to all\n< a: \"everybody\"\n< b: \"everybody\"\n\
         step \"nobody\"\n> server: \"x\" to 99\n"
    );
    let outcome = Bench::new().run(&source.replace("within 20s", "within 3s"));
    let passed: Vec<bool> = outcome.steps.iter().map(|step| step.verdict == Verdict::Passed).collect();
    assert_eq!(passed, [true, true, true, true, true, false], "{outcome:?}");
    assert!(matches!(&outcome.steps[5].problems[0].kind, ProblemKind::NoSuchPeer(name) if name == "99"));
}

#[test]
fn without_a_match_several_peers_are_too_many() {
    let source = format!(
        "{PAIR}session b connect tcp://127.0.0.1:{{{{port(server)}}}} {{ frame line }}\nstep \"x\"\nwait 100ms\n> server: \"x\"\n"
    );
    let outcome = Bench::new().run(&source);
    assert!(matches!(outcome.steps[0].problems[0].kind, ProblemKind::WhichPeer { count: 2 }), "{outcome:?}");
}

#[test]
fn a_connection_ends_in_the_way_that_is_written() {
    let outcome = pair("step \"x\"\n< server: open\nreset a\n< server: close rst\n");
    assert!(outcome.passed(), "{outcome:?}");
    let outcome = pair("step \"x\"\n< server: open\nclose a\n< server: close rst\n");
    assert!(matches!(outcome.steps[0].problems[0].kind, ProblemKind::ClosedOtherwise { .. }), "{outcome:?}");
    let outcome = pair(
        "step \"x\"\n< server: open\nshutdown a\n< server: close fin\n> server: \"still\"\n< a: next \"still\"\nstop server\n< a: close\n",
    );
    assert!(!matches!(outcome.end, RunEnd::NotBegun), "{outcome:?}");
    let outcome = pair("step \"x\"\n< server: open\n< server: close within 50ms\n");
    assert!(matches!(outcome.steps[0].problems[0].kind, ProblemKind::NotClosed { .. }), "{outcome:?}");
}

#[test]
fn an_open_that_must_fail_says_how() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let source = |fails: &str| {
        format!("session s connect tcp://127.0.0.1:{free} {{ start later }}\nstep \"x\"\nopen s {fails} within 20s\n")
    };
    assert!(Bench::new().run(&source("fails")).passed());
    let outcome = Bench::new().run(&source("fails timeout"));
    assert!(matches!(outcome.steps[0].problems[0].kind, ProblemKind::OpenFailed(_)), "{outcome:?}");
    let outcome = Bench::new().run(&source(""));
    assert!(matches!(outcome.steps[0].problems[0].kind, ProblemKind::OpenFailed(_)), "{outcome:?}");
    let source = "session server listen tcp://127.0.0.1:0\nsession s connect tcp://127.0.0.1:{{port(server)}} { start later }\n\
                  step \"x\"\nopen s fails refused within 200ms\n";
    let outcome = Bench::new().run(source);
    assert!(matches!(outcome.steps[0].problems[0].kind, ProblemKind::OpenedAnyway), "{outcome:?}");
}

#[test]
fn tries_begin_a_period_after_each_other() {
    let outcome =
        Bench::new().run("var tries = 0\nstep \"x\" retry 3 every 50ms\nset tries = tries + 1\ncheck tries == 3\n");
    assert_eq!((outcome.steps[0].verdict, outcome.steps[0].tries), (Verdict::Passed, 3));
    assert!(outcome.steps[0].took >= Duration::from_millis(99), "{outcome:?}");
}

#[test]
fn the_connections_of_a_client_are_one_place() {
    let outcome = Bench::new().run(
        "session server listen tcp://127.0.0.1:0 { frame line\n within 20s }\n\
         session a connect tcp://127.0.0.1:{{port(server)}} { frame line\n within 20s\n reconnect 10ms }\n\
         step \"x\"\n< server: open\n> server: \"first\"\n< a: next \"first\"\nreset server\n< a: close\n< server: open\n\
         > server: \"second\"\n< a: \"second\"\n",
    );
    assert!(outcome.passed(), "{outcome:?}");
}

#[test]
fn a_silence_counts_what_is_there_but_not_what_was_taken() {
    let outcome = pair("step \"x\"\n> server: \"taken\"\n< a: \"taken\"\n< a: silence 100ms\n");
    assert!(outcome.passed(), "{outcome:?}");
    let outcome = pair("step \"x\"\n> server: \"there\"\nwait 100ms\n< a: silence 100ms\n");
    assert!(matches!(outcome.steps[0].problems[0].kind, ProblemKind::NotSilent(_)), "{outcome:?}");
}

#[test]
fn rounds_that_do_not_meet_their_condition_fail() {
    let outcome = Bench::new().run("step \"x\"\nrepeat 3 until round == 9 { note \"{{round}}\" }\n");
    assert!(matches!(outcome.steps[0].problems[0].kind, ProblemKind::NotUntil { rounds: 3 }), "{outcome:?}");
    assert_eq!(outcome.steps[0].notes, ["0", "1", "2"]);
}
