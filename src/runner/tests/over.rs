//! Runs over a session that a front end has opened.

use crate::capture::{CaptureOptions, RecordKind};
use crate::engine::{Command, EventKind, SessionHandle, SessionOptions};
use crate::jobs::thread::spawn_named;
use crate::model::{HostPort, SessionConfig, SessionId, SessionState, TcpClientConfig, TcpServerConfig};
use crate::runner::*;
use crate::talk::outcome::{RunEnd, RunOutcome, Verdict};
use crossbeam_channel::{bounded, never};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// No run of these tests takes longer.
const LIMIT: Duration = Duration::from_secs(60);

/// A front end with one open session, whose events a thread passes on.
struct Tab {
    folder: tempfile::TempDir,
    handle: SessionHandle,
    feed: Arc<Feed>,
    config: SessionConfig,
    local: SocketAddr,
}

impl Tab {
    fn open(config: SessionConfig) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options = SessionOptions {
            id: SessionId(1),
            captures_dir: folder.path().join("captures"),
            capture: CaptureOptions::default(),
            queue_limit_bytes: 8 << 20,
            wake: Arc::new(|| {}),
        };
        let handle = SessionHandle::spawn(options).unwrap();
        let feed = Feed::new(SessionState::Idle, None, 1 << 32);
        let (events, to) = (handle.events().clone(), feed.clone());
        let (open, opened) = bounded(1);
        spawn_named("front end", move || {
            for event in events {
                to.event(&event.kind);
                if let EventKind::State(state) = event.kind
                    && state.is_open()
                {
                    open.try_send(state.local().unwrap()).ok();
                }
            }
            to.end();
        })
        .unwrap();
        handle.send(Command::Open(config.clone())).ok().unwrap();
        let local = opened.recv_timeout(LIMIT).expect("the session opens");
        Self { folder, handle, feed, config, local }
    }

    fn listening() -> Self {
        Self::open(SessionConfig::TcpServer(TcpServerConfig::new(HostPort::new("127.0.0.1", 0).unwrap())))
    }

    fn connected(port: u16) -> Self {
        Self::open(SessionConfig::TcpClient(TcpClientConfig::new(HostPort::new("127.0.0.1", port).unwrap())))
    }

    fn options(&self) -> RunOptions {
        let over =
            OpenSession::new(self.handle.commands(), self.config.clone(), self.feed.clone(), &self.handle.peers());
        RunOptions {
            captures_dir: self.folder.path().join("captures"),
            capture: CaptureOptions::default(),
            variables: Vec::new(),
            only: Vec::new(),
            chosen: None,
            rounds: Some(1),
            on_failure: OnFailure::GoOn,
            over: Some(over),
            counts: None,
            store_in: None,
            time_limit: Some(LIMIT),
            stop: never(),
        }
    }
}

fn script(source: &str) -> Arc<Script> {
    Arc::new(Script::new(None, source.to_owned(), &[]).unwrap_or_else(|errors| panic!("{errors:?}\n{source}")))
}

/// What a run reported: its steps with the number of their round, and its outcome.
fn ended(handle: &RunHandle) -> (Vec<(u64, usize, Verdict)>, RunOutcome) {
    let deadline = Instant::now() + LIMIT;
    let (mut round, mut steps) = (0, Vec::new());
    loop {
        match handle.events().recv_deadline(deadline).expect("the run ends in time") {
            RunEvent::Round(number) => round = number,
            RunEvent::Ended(index, step) => steps.push((round, index, step.verdict)),
            RunEvent::Finished(outcome) => return (steps, outcome.expect("the sessions are right")),
            RunEvent::Began(..) | RunEvent::Noted(_) | RunEvent::Opened(..) | RunEvent::Warned(..) => {}
        }
    }
}

fn spawn(source: &str, options: RunOptions) -> RunHandle {
    RunHandle::spawn(script(source), options, Arc::new(|| {})).unwrap()
}

/// Waits until a step begins.
fn begun(handle: &RunHandle) {
    let deadline = Instant::now() + LIMIT;
    while !matches!(handle.events().recv_deadline(deadline).expect("a step begins"), RunEvent::Began(..)) {}
}

/// Answers each line with itself in upper case, until the connection ends.
fn upper(mut peer: TcpStream) {
    let (mut line, mut byte) = (Vec::new(), [0]);
    while matches!(peer.read(&mut byte), Ok(1)) {
        line.push(byte[0]);
        if byte[0] == b'\n' {
            line.make_ascii_uppercase();
            if peer.write_all(&std::mem::take(&mut line)).is_err() {
                return;
            }
        }
    }
}

fn device() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    spawn_named("device", move || upper(listener.accept().unwrap().0)).unwrap();
    port
}

#[test]
fn a_file_without_sessions_runs_over_the_open_one() {
    let tab = Tab::connected(device());
    let source = "step \"a\"\n> \"abc\\n\"\n< \"ABC\\n\" within 20s\nstep \"wrong\"\n> \"x\\n\"\n< \"never\" within 50ms\n\
                  step \"after\"\n> \"y\\n\"\n< next \"Y\\n\" within 20s\n";
    let mut options = tab.options();
    options.rounds = Some(3);
    let (steps, outcome) = ended(&spawn(source, options));
    assert_eq!(outcome.end, RunEnd::Done, "{outcome:?}");
    let of_round = [Verdict::Passed, Verdict::Failed, Verdict::Passed];
    let expected: Vec<_> = (1..=3).flat_map(|round| (0..3).map(move |index| (round, index, of_round[index]))).collect();
    assert_eq!(steps, expected);
    assert!(tab.handle.state().is_open(), "the run leaves the session open");
    // Sends and answers are in the capture of the open session.
    assert_eq!(outcome.captures.len(), 1);
    assert_eq!(outcome.captures[0].1, tab.handle.capture().unwrap().id());
}

#[test]
fn a_failure_ends_the_rounds_where_that_is_wanted() {
    let tab = Tab::connected(device());
    let source =
        "step \"a\"\n> \"x\\n\"\n< \"no\" within 50ms\nstep \"b\"\nnote \"b\"\nstep \"c\" always\nnote \"c\"\n";
    let mut options = tab.options();
    (options.rounds, options.on_failure) = (None, OnFailure::Stop);
    let (steps, outcome) = ended(&spawn(source, options));
    assert_eq!(steps, [(1, 0, Verdict::Failed), (1, 2, Verdict::Passed)]);
    assert!(!outcome.passed());
}

#[test]
fn chosen_steps_run_with_those_that_are_required() {
    let tab = Tab::connected(device());
    let source = "step \"in\" required\n> \"in\\n\"\n< \"IN\" within 20s\nstep \"b\"\nfail \"b\"\nstep \"b\"\n> \"c\\n\"\n< \"C\" within 20s\n";
    let mut options = tab.options();
    options.chosen = Some(vec![2]);
    let (steps, outcome) = ended(&spawn(source, options));
    assert_eq!(steps, [(1, 0, Verdict::Passed), (1, 2, Verdict::Passed)]);
    assert!(outcome.passed(), "{outcome:?}");
}

#[test]
fn clients_that_were_there_before_can_be_heard_and_sent_to() {
    let tab = Tab::listening();
    let mut client = TcpStream::connect(tab.local).unwrap();
    client.set_read_timeout(Some(LIMIT)).unwrap();
    client.write_all(b"old\n").unwrap();
    let deadline = Instant::now() + LIMIT;
    let capture = tab.handle.capture().unwrap();
    let is_stored = || {
        let mut records = Vec::new();
        capture.records_in(capture.records(), &mut records).unwrap();
        records.iter().any(|record| record.kind == RecordKind::Data)
    };
    while !is_stored() || tab.handle.peers().is_empty() {
        assert!(Instant::now() < deadline);
        std::thread::sleep(Duration::from_millis(2));
    }
    let run = spawn("step \"x\"\n> \"hello\\n\"\n< next \"new\\n\" within 20s\n", tab.options());
    let mut hello = [0; 6];
    client.read_exact(&mut hello).unwrap();
    assert_eq!(&hello, b"hello\n");
    client.write_all(b"new\n").unwrap();
    let (_, outcome) = ended(&run);
    assert!(outcome.passed(), "what came before the run is not looked at: {outcome:?}");
}

#[test]
fn a_session_of_the_file_with_another_address_is_opened_by_the_run() {
    let tab = Tab::listening();
    let other = device();
    let port = tab.local.port();
    let open = "session connect tcp://127.0.0.1:PORT { within 20s }\nstep \"x\"\n> \"abc\\n\"\n< \"ABC\\n\"\n";
    let (_, outcome) = ended(&spawn(&open.replace("PORT", &other.to_string()), tab.options()));
    assert!(outcome.passed(), "{outcome:?}");
    assert_ne!(outcome.captures[0].1, tab.handle.capture().unwrap().id());
    // The same address and role: the open session; and, where the user says so, whatever the address is.
    let client = Tab::connected(device());
    let same = open.replace("127.0.0.1:PORT", &client.config.endpoint().at.to_string());
    let mut mapped = client.options();
    mapped.over.as_mut().unwrap().plays = Plays::First;
    for (source, options) in [(same, client.options()), (open.replace("PORT", &port.to_string()), mapped)] {
        let (_, outcome) = ended(&spawn(&source, options));
        assert!(outcome.passed(), "{outcome:?}");
        assert_eq!(outcome.captures[0].1, client.handle.capture().unwrap().id());
    }
}

#[test]
fn rules_of_the_file_answer_in_the_open_session() {
    let tab = Tab::listening();
    let mut client = TcpStream::connect(tab.local).unwrap();
    client.set_read_timeout(Some(LIMIT)).unwrap();
    let mut options = tab.options();
    options.over.as_mut().unwrap().framing = Some("line".parse().unwrap());
    let run = spawn("on \"PING\" { > \"PONG\" }\nstep \"x\"\n> \"go\"\n< \"done\" within 20s\n", options);
    let mut answer = [0; 3];
    client.read_exact(&mut answer).unwrap();
    client.write_all(b"PING\n").unwrap();
    let mut answer = [0; 5];
    client.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"PONG\n");
    client.write_all(b"done\n").unwrap();
    assert!(ended(&run).1.passed());
}

#[test]
fn a_session_that_ends_ends_its_waits() {
    let tab = Tab::connected(device());
    let run = spawn("step \"x\"\n< \"never\" within 1h\n", tab.options());
    begun(&run);
    tab.handle.send(Command::Close).ok().unwrap();
    assert_eq!(ended(&run).0[0].2, Verdict::Failed);
    let tab = Tab::connected(device());
    let run = spawn("step \"x\"\nwait 1h\n", tab.options());
    begun(&run);
    tab.handle.finish(LIMIT);
    assert_eq!(ended(&run).0[0].2, Verdict::Failed);
}

#[test]
fn the_user_ends_every_wait_of_every_run_at_once() {
    let waits =
        ["< \"never\" within 1h", "wait 1h", "< silence 1h", "repeat { wait 1h }", "> \"x\" to 9", "< close within 1h"];
    for threads in [1, 2, 4, 8, 16] {
        let runs: Vec<_> = (0..threads)
            .map(|number| {
                let tab = Tab::listening();
                let mut options = tab.options();
                options.rounds = None;
                let wait = waits[number % waits.len()];
                let source = format!("session listen tcp://127.0.0.1:1 {{ within 1h }}\nstep \"x\"\n{wait}\n");
                options.over.as_mut().unwrap().plays = Plays::First;
                (spawn(&source, options), tab, wait)
            })
            .collect();
        runs.iter().for_each(|(run, ..)| begun(run));
        for (run, ..) in &runs {
            run.stop();
        }
        for (run, _, wait) in &runs {
            assert_eq!(ended(run).1.end, RunEnd::Interrupted, "{threads}: {wait}");
        }
    }
}

#[test]
fn a_front_end_that_leaves_or_is_slow_blocks_nobody() {
    let tab = Tab::connected(device());
    // Endless rounds without a wait fill the channel.
    let mut options = tab.options();
    options.rounds = None;
    let run = spawn("step \"x\"\nnote \"x\"\n", options);
    let deadline = Instant::now() + LIMIT;
    while run.events().len() < 256 {
        assert!(Instant::now() < deadline);
        std::thread::sleep(Duration::from_millis(1));
    }
    let events = run.events().clone();
    drop(run);
    while events.recv_deadline(deadline).is_ok() {}
    assert!(Instant::now() < deadline, "the thread ends");
}

#[test]
fn commands_count_on_from_one_run_to_the_next() {
    let peer = TcpListener::bind("127.0.0.1:0").unwrap();
    let tab = Tab::connected(peer.local_addr().unwrap().port());
    let (mut stream, _) = peer.accept().unwrap();
    stream.set_read_timeout(Some(LIMIT)).unwrap();
    let options = RunOptions { counts: Some(crate::talk::Counts::default()), rounds: Some(2), ..tab.options() };
    for expected in ["0,0;1,1;", "2,2;3,3;"] {
        let run = spawn("step \"a\"\n> \"{{n}},\"\n> \"{{n}};\"\n", options.clone());
        assert!(ended(&run).1.passed());
        let mut sent = vec![0; expected.len()];
        stream.read_exact(&mut sent).unwrap();
        assert_eq!(String::from_utf8(sent).unwrap(), expected);
    }
    // Without counts each run begins at 0.
    let run = spawn("> \"{{n}};\"\n", tab.options());
    assert!(ended(&run).1.passed());
    let mut sent = [0; 2];
    stream.read_exact(&mut sent).unwrap();
    assert_eq!(&sent, b"0;");
}
