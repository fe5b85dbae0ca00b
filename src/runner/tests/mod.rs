//! Whole runs against real sockets of this machine.

mod over;
mod sentences;
mod taken;
mod transfers;
mod uses;
mod variables;

use super::*;
use crate::capture::CaptureOptions;
use crate::jobs::thread::spawn_named;
use crate::talk::outcome::{ProblemKind, RunEnd, RunOutcome, Skipped, Verdict};
use crossbeam_channel::{Sender, bounded};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// No run of these tests takes longer.
const LIMIT: Duration = Duration::from_secs(60);

struct Quiet;

impl Observer for Quiet {}

/// Sends the addresses of the sessions that opened.
struct Addresses(Sender<std::net::SocketAddr>);

impl Observer for Addresses {
    fn opened(&mut self, _session: &str, state: &crate::model::SessionState) {
        self.0.send(state.local().unwrap()).unwrap();
    }
}

struct Bench {
    folder: tempfile::TempDir,
    options: RunOptions,
    stop: Sender<()>,
}

impl Bench {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (stop, stopped) = bounded(1);
        let options = RunOptions {
            captures_dir: folder.path().join("captures"),
            capture: CaptureOptions::default(),
            variables: Vec::new(),
            only: Vec::new(),
            chosen: None,
            rounds: Some(1),
            on_failure: OnFailure::GoOn,
            over: None,
            counts: None,
            store_in: None,
            time_limit: Some(LIMIT),
            stop: stopped,
        };
        Self { folder, options, stop }
    }

    fn run(&self, source: &str) -> RunOutcome {
        let path = self.folder.path().join("test.talk");
        let script = Script::new(Some(path), source.to_owned(), &self.options.variables)
            .unwrap_or_else(|errors| panic!("{errors:?}\n{source}"));
        run(&script, &self.options, &mut Quiet).unwrap_or_else(|errors| panic!("{errors:?}\n{source}"))
    }
}

/// Serves one connection: `act` gets it. Returns the port.
fn serve(act: impl FnOnce(TcpStream) + Send + 'static) -> (u16, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let thread = spawn_named("peer", move || {
        let (peer, _) = listener.accept().unwrap();
        peer.set_read_timeout(Some(LIMIT)).unwrap();
        peer.set_nodelay(true).unwrap();
        act(peer);
    });
    (port, thread.unwrap())
}

fn verdicts(outcome: &RunOutcome) -> Vec<Verdict> {
    outcome.steps.iter().map(|step| step.verdict).collect()
}

/// Writes the pieces one after the other, so that each is a read of its own where the system does not join them.
fn in_pieces(peer: &mut TcpStream, bytes: &[u8], size: usize) {
    for piece in bytes.chunks(size) {
        peer.write_all(piece).unwrap();
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn a_stream_gives_the_same_verdicts_however_it_is_cut() {
    let answer = "banner\r\nREADY 42\r\nvalue=23.5;\u{4f60}\u{597d}\r\n".as_bytes();
    for size in [1, 2, 3, 7, answer.len()] {
        let (port, peer) = serve(move |mut peer| {
            let mut request = [0; 3];
            peer.read_exact(&mut request).unwrap();
            assert_eq!(&request, b"go\n");
            in_pieces(&mut peer, answer, size);
            // The end of the run closes the connection.
            peer.read_to_end(&mut Vec::new()).unwrap();
        });
        let source = format!(
            "session connect tcp://127.0.0.1:{port} {{ within 20s }}\n\
             step \"right\"\n> \"go\\n\"\n< \"READY {{{{?count:dec}}}}\\r\\n\"\n< /value=(?<value>[0-9.]+);/\ncheck count == 42 and value == 23.5\n\
             < \"\u{4f60}\u{597d}\"\n\
             step \"wrong\"\n< \"never\" within 50ms\n"
        );
        let outcome = Bench::new().run(&source);
        assert_eq!(verdicts(&outcome), [Verdict::Passed, Verdict::Failed], "{size}: {outcome:?}");
        peer.join().unwrap();
    }
}

#[test]
fn of_several_lines_the_match_that_begins_first_is_taken() {
    for (pieces, note) in [(["x BEGIN 12", " END y"], "whole"), (["x BEGIN 12", " OTHER"], "number")] {
        let (port, peer) = serve(move |mut peer| {
            peer.read_exact(&mut [0; 2]).unwrap();
            for piece in pieces {
                peer.write_all(piece.as_bytes()).unwrap();
                std::thread::sleep(Duration::from_millis(50));
            }
            peer.read_to_end(&mut Vec::new()).unwrap();
        });
        let source = format!(
            "session connect tcp://127.0.0.1:{port} {{ within 20s }}\nstep \"x\"\n> \"go\"\none of {{\n\
             < \"12\" {{ note \"number\" }}\n< /BEGIN [0-9]+ END/ {{ note \"whole\" }}\n}}\n"
        );
        let outcome = Bench::new().run(&source);
        assert_eq!(outcome.steps[0].notes, [note], "{outcome:?}");
        peer.join().unwrap();
    }
}

#[test]
fn frames_give_the_same_verdicts_however_they_are_cut() {
    // Two answers of Modbus TCP and one with another unit between them.
    let stream = b"\0\0\0\0\0\x05\x02\x03\x02\0\x07\0\0\0\0\0\x05\x01\x03\x02\0\x0A\0\0\0\0\0\x03\x01\x83\x02";
    for size in [1, 2, 5, 11, stream.len()] {
        let (port, peer) = serve(move |mut peer| {
            let mut request = [0; 12];
            peer.read_exact(&mut request).unwrap();
            assert_eq!(request, *b"\0\0\0\0\0\x06\x01\x03\0\0\0\x02");
            in_pieces(&mut peer, stream, size);
            peer.read_to_end(&mut Vec::new()).unwrap();
        });
        let source = format!(
            "session connect tcp://127.0.0.1:{port} {{ frame modbus-tcp\n within 20s }}\n\
             step \"both\"\n> 01 03 0000 0002\n< 01 03 02 {{{{?x:u16}}}}\ncheck x == 10 and answer_time < 20s\n\
             one of {{\n< 01 84 * {{ fail \"no\" }}\n< 01 83 {{{{?code:u8}}}} {{ check code == 2 }}\n}}\n"
        );
        let outcome = Bench::new().run(&source);
        assert!(outcome.passed(), "{size}: {outcome:?}");
        peer.join().unwrap();
    }
}

#[test]
fn a_failure_names_what_came_instead() {
    let (port, peer) = serve(|mut peer| {
        peer.read_exact(&mut [0; 2]).unwrap();
        peer.write_all(b"ab\n").unwrap();
        peer.read_to_end(&mut Vec::new()).unwrap();
    });
    let source = format!("session connect tcp://127.0.0.1:{port} {{ frame line }}\n> \"x\"\n< \"ac\" within 300ms\n");
    let outcome = Bench::new().run(&source);
    let ProblemKind::NoMatch { passed, .. } = &outcome.steps[0].problems[0].kind else { panic!("{outcome:?}") };
    assert_eq!(&passed[0].bytes[..], b"ab");
    let why = passed[0].why.as_ref().unwrap();
    assert_eq!((why.at, why.got), (1, Some(b'b')));
    peer.join().unwrap();
}

#[test]
fn what_comes_first_may_match_any_line_with_next() {
    for (options, end) in [("", "\\n"), ("{ frame line }", "")] {
        let (port, peer) = serve(|mut peer| {
            for _ in 0..2 {
                peer.read_exact(&mut [0; 1]).unwrap();
                peer.write_all(b"no\nyes\n").unwrap();
            }
            peer.read_to_end(&mut Vec::new()).unwrap();
        });
        let source = "session connect tcp://127.0.0.1:PORT OPTIONS
step \"the second line\"
> raw \"x\"
one of {
  < next \"yes|\" { fail \"too early\" }
  < next \"no|\" { note \"no\" }
}
< next \"yes|\"
step \"none\"
> raw \"y\"
one of within 20s {
  < next \"yes|\"
  < next \"maybe|\"
}
";
        let source = source.replace("PORT", &port.to_string()).replace("OPTIONS", options).replace('|', end);
        let outcome = Bench::new().run(&source);
        assert_eq!(verdicts(&outcome), [Verdict::Passed, Verdict::Failed], "{source}{outcome:?}");
        assert_eq!(outcome.steps[0].notes, ["no"]);
        let ProblemKind::NotNext { passed } = &outcome.steps[1].problems[0].kind else { panic!("{outcome:?}") };
        assert!(!passed.is_empty());
        peer.join().unwrap();
    }
}

#[test]
fn required_always_and_only_decide_which_steps_run() {
    let source = "step \"a\" required\nfail \"no\"\nstep \"b\"\nnote \"never\"\nstep \"c\" always\nnote \"clean up\"\noff step \"d\"\nfail \"off\"\n";
    let outcome = Bench::new().run(source);
    assert_eq!(
        verdicts(&outcome),
        [Verdict::Failed, Verdict::Skipped(Skipped::Required), Verdict::Passed],
        "{outcome:?}"
    );
    assert_eq!(outcome.steps[2].notes, ["clean up"]);
    let mut bench = Bench::new();
    bench.options.only = vec!["b".into()];
    let names: Vec<String> = bench.run(source).steps.into_iter().map(|step| step.name).collect();
    assert_eq!(names, ["a", "b", "c"]);
}

#[test]
fn a_failed_step_is_tried_again_and_a_soft_failure_goes_on() {
    let bench = Bench::new();
    let source = "var tries = 0\nstep \"flaky\" retry 3\nset tries = tries + 1\ncheck tries == 3\n\
                  step \"soft\"\ncheck 1 == 2 else continue\nnote \"went on\"\n\
                  step \"handled\"\ncheck 1 == 2 else { note \"expected\" }\n\
                  step \"ends\"\ncheck 1 == 2 else stop\nstep \"never\"\nnote \"x\"\n";
    let outcome = bench.run(source);
    let [flaky, soft, handled, ends, never] = outcome.steps.as_slice() else { panic!("{outcome:?}") };
    assert_eq!((flaky.verdict, flaky.tries), (Verdict::Passed, 3));
    assert_eq!((soft.verdict, soft.notes.len(), soft.problems[0].went_on), (Verdict::Failed, 1, true));
    assert_eq!((handled.verdict, handled.notes.len()), (Verdict::Passed, 1));
    assert_eq!(ends.verdict, Verdict::Failed);
    assert_eq!(never.verdict, Verdict::Skipped(Skipped::Ended));
    assert_eq!(outcome.end, RunEnd::Stopped);
}

#[test]
fn one_file_plays_both_sides() {
    let source = "session server listen tcp://127.0.0.1:0\nsession client connect tcp://127.0.0.1:{{port(server)}} { start later }\n\
                  step \"talk\"\nopen client\n< server: open\n> client: \"ping\"\n< server: \"ping\"\n> server: \"pong\"\n< client: next \"pong\"\n\
                  close client\n< server: close fin\n< silence 50ms\n";
    let outcome = Bench::new().run(&source.replace("< silence", "< server: silence"));
    assert!(outcome.passed(), "{outcome:?}");
}

#[test]
fn opening_fails_as_expected_or_with_the_cause() {
    // A port that was free a moment ago.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let source = format!(
        "session s connect tcp://127.0.0.1:{port} {{ start later }}\nstep \"refused\"\nopen s fails refused within 20s\n"
    );
    let outcome = Bench::new().run(&source);
    assert!(outcome.passed(), "{outcome:?}");
    let outcome = Bench::new().run(&format!("session s connect tcp://127.0.0.1:{port}\nstep \"x\"\nnote \"x\"\n"));
    assert_eq!(outcome.end, RunEnd::NotBegun);
    assert!(matches!(outcome.problems[0].kind, ProblemKind::OpenFailed(_)), "{outcome:?}");
    assert_eq!(verdicts(&outcome), [Verdict::Skipped(Skipped::Ended)]);
}

#[test]
fn the_user_ends_any_wait_at_once() {
    for statement in ["< \"never\" within 1h", "wait 1h", "< silence 1h", "repeat { wait 1h }", "> \"x\" to 9 ", "open"]
    {
        let bench = Bench::new();
        bench.stop.send(()).unwrap();
        let source =
            format!("session listen tcp://127.0.0.1:0 {{ within 1h\n start later }}\nstep \"x\"\n{statement}\n");
        let began = Instant::now();
        let outcome = bench.run(&source);
        assert_eq!(outcome.end, RunEnd::Interrupted, "{statement}: {outcome:?}");
        assert!(began.elapsed() < LIMIT / 2, "{statement}");
    }
}

#[test]
fn variables_come_from_the_file_and_from_outside() {
    let mut bench = Bench::new();
    bench.options.variables = vec![("unit".into(), "7".into())];
    let outcome = bench.run("var unit = 1\nvar double = unit * 2\nstep \"x\"\ncheck unit == 7 and double == 14\n");
    assert!(outcome.passed(), "{outcome:?}");
    let outcome = Bench::new().run("step \"x\"\ncheck 2 > 3\n");
    assert!(matches!(&outcome.steps[0].problems[0].kind, ProblemKind::CheckFalse { values } if values.is_empty()));
}

#[test]
fn rounds_do_not_drift() {
    let outcome = Bench::new().run("step \"x\"\nrepeat 20 every 5ms { wait 1ms }\n");
    assert!(outcome.passed());
    // Twenty periods; a loop that adds its waits would take longer, and one that does not wait would end at once.
    assert!(outcome.steps[0].took >= Duration::from_millis(99), "{:?}", outcome.steps[0].took);
}

#[test]
fn rules_answer_beside_the_steps() {
    let source = "session device listen tcp://127.0.0.1:0 { frame line }\n\
                  session client connect tcp://127.0.0.1:{{port(device)}} { frame line\n within 20s }\n\
                  on device: \"PING\" { > \"PONG\" }\non device: \"ADD \" {{?a:text}} { > {{upper(a)}} }\n\
                  step \"asked\"\n> client: \"PING\"\n< client: \"PONG\"\n> client: \"ADD abc\"\n< client: next \"ABC\"\n";
    let outcome = Bench::new().run(source);
    assert!(outcome.passed(), "{outcome:?}");
}

#[test]
fn a_file_serves_registers_and_reads_them() {
    let bench = Bench::new();
    std::fs::write(bench.folder.path().join("registers.csv"), "holding,0,10\nholding,1,11\n").unwrap();
    let source = "session device listen tcp://127.0.0.1:0 { frame modbus-tcp }\n\
                  session client connect tcp://127.0.0.1:{{port(device)}} { frame modbus-tcp\n within 20s }\n\
                  serve device: modbus-tcp \"registers.csv\"\n\
                  step \"read\"\n> client: 01 03 0000 0002\n< client: 01 03 04 {{?a:u16}} {{?b:u16}}\ncheck a == 10 and b == 11\n";
    let outcome = bench.run(source);
    assert!(outcome.passed(), "{outcome:?}");
}

#[test]
fn runs_side_by_side_do_not_disturb_each_other() {
    let source = "session server listen tcp://127.0.0.1:0 { frame line\n within 20s }\n\
                  session client connect tcp://127.0.0.1:{{port(server)}} { frame line\n within 20s }\n\
                  on server: \"PING\" { > \"PONG\" }\n\
                  step \"rounds\"\nrepeat 20 {\n> client: \"PING\"\n< client: next \"PONG\"\n}\n";
    for threads in [1, 2, 4, 8, 16] {
        let (done, results) = bounded(threads);
        for number in 0..threads {
            let done = done.clone();
            spawn_named(format!("run {number}"), move || {
                done.send(Bench::new().run(source)).unwrap();
            })
            .unwrap();
        }
        let deadline = Instant::now() + LIMIT;
        for _ in 0..threads {
            let outcome =
                results.recv_deadline(deadline).unwrap_or_else(|_| panic!("{threads} runs did not end in time"));
            assert!(outcome.passed(), "{threads}: {outcome:?}");
        }
    }
}

#[test]
fn the_user_ends_a_wait_while_data_floods_in() {
    for statement in ["wait 1h", "< \"never\" within 1h", "< silence 1h else continue"] {
        let (port, peer) = serve(|mut peer| while peer.write_all(&[b'x'; 64 << 10]).is_ok() {});
        let bench = Bench::new();
        let stop = bench.stop.clone();
        spawn_named("user", move || {
            std::thread::sleep(Duration::from_millis(300));
            stop.send(()).unwrap();
        })
        .unwrap();
        let began = Instant::now();
        let source = format!("session connect tcp://127.0.0.1:{port}\nstep \"x\"\n{statement}\nwait 1h\n");
        let outcome = bench.run(&source);
        assert_eq!(outcome.end, RunEnd::Interrupted, "{statement}: {outcome:?}");
        assert!(began.elapsed() < LIMIT / 2, "{statement}");
        peer.join().unwrap();
    }
}
