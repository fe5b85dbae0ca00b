//! What users of other such tools suffered from, with talk files and transfers: long hex, rules that answer once, stops that wait, files
//! and folders that vanish.

use crate::ends::deaf_server;
use crate::support::{Bench, Process, shown};
use std::fmt::Write as _;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

fn content(len: usize) -> Vec<u8> {
    (0..len).map(|n| (n * 7 % 251) as u8).collect()
}

/// Accepts one connection and returns all that came on it.
fn all_sent(listener: &TcpListener) -> Vec<u8> {
    let (mut peer, _) = listener.accept().expect("a connection");
    peer.set_read_timeout(Some(Duration::from_secs(30))).expect("a timeout");
    let mut all = Vec::new();
    peer.read_to_end(&mut all).expect("a FIN");
    all
}

#[test]
fn long_hex_in_a_talk_file_is_sent_whole_in_any_usual_form() {
    let bench = Bench::new();
    for len in [32 << 10, 1 << 20] {
        let bytes = content(len);
        let mut one_line = String::from("> ");
        let mut many_lines = String::from("> ");
        for (index, byte) in bytes.iter().enumerate() {
            write!(one_line, "{byte:02x}").expect("text");
            write!(many_lines, "{byte:02X}{}", if index % 16 == 15 && index + 1 < len { " \\\n  " } else { " " })
                .expect("text");
        }
        for source in [one_line, many_lines] {
            let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
            let at = listener.local_addr().expect("bound");
            let file = bench.file("hex.talk", format!("session connect tcp://{at}\nstep \"hex\"\n{source}\nclose\n"));
            let run = bench.plain(&["run", shown(&file)]);
            assert!(all_sent(&listener) == bytes, "{len}");
            run.end().exits(0);
        }
    }
}

#[test]
fn long_hex_of_an_option_is_sent_whole_and_a_wrong_digit_is_pointed_at() {
    let bench = Bench::new();
    let bytes = content(16 << 10);
    let pairs: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    for (between, before) in [("", ""), (" ", ""), (":", ""), (", ", "0x"), ("\n", "")] {
        let text: String = pairs.iter().flat_map(|pair| [before, pair.as_str(), between]).collect();
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let at = listener.local_addr().expect("bound").to_string();
        let connect = bench.plain(&["connect", &at, "--send-hex", text.trim_end_matches([' ', ',', ':'])]);
        let (mut peer, _) = listener.accept().expect("a connection");
        let mut got = vec![0; bytes.len()];
        peer.read_exact(&mut got).expect("all bytes");
        assert!(got == bytes, "{between:?}");
        drop(peer);
        connect.end().exits(0);
    }
    let wrong = pairs.concat() + "1G";
    let ended = bench.ran(&["connect", "127.0.0.1:9", "--send-hex", &wrong]).exits(2);
    assert!(ended.stderr.contains('G') && ended.stderr.len() < 500, "{}", ended.stderr);
}

#[test]
fn a_rule_answers_every_match_on_every_connection() {
    let bench = Bench::new();
    let file = bench.file("rules.talk", "on /^get (?P<what>\\w+)/ { > \"got {{what}}\" }\non also * { set seen = 1 }");
    let mut listen =
        bench.json(&["listen", "127.0.0.1:0", "--frame", "line", "--talk", shown(&file), "--until-closed"]);
    let at = listen.local();
    let mut peers: Vec<TcpStream> = (0..4).map(|_| TcpStream::connect(at).expect("connected")).collect();
    for round in 0..50 {
        for (number, peer) in peers.iter_mut().enumerate() {
            let asked = format!("get a{number}x{round}\nnothing\nget b{round}\n");
            let (first, rest) = asked.split_at(round % asked.len());
            peer.write_all(first.as_bytes()).expect("written");
            peer.write_all(rest.as_bytes()).expect("written");
            let expected = format!("got a{number}x{round}\ngot b{round}\n");
            let mut answer = vec![0; expected.len()];
            peer.set_read_timeout(Some(Duration::from_secs(30))).expect("a timeout");
            peer.read_exact(&mut answer).expect("answers");
            assert_eq!(String::from_utf8_lossy(&answer), expected);
        }
    }
    drop(peers);
    assert_eq!(listen.end().exits(0).summary()["sent_records"], 400);
}

/// Stops the program by a signal once `begun` is on standard output: it must not wait for what it does.
#[cfg(unix)]
fn stopped_by_a_signal(bench: &Bench, source: &str, code: i32) {
    let file = bench.file("long.talk", source);
    let mut run = bench.plain(&["run", shown(&file)]);
    run.stdout_with("begun");
    run.signal(rustix::process::Signal::INT);
    let ended = run.end().exits(code);
    assert!(ended.lines_of_text().iter().any(|line| line.contains("interrupted")), "{source}: {ended:?}");
}

#[cfg(unix)]
#[test]
fn a_stop_interrupts_whatever_a_talk_file_waits_for() {
    let bench = Bench::new();
    let reader = TcpListener::bind("127.0.0.1:0").expect("a port");
    let at = reader.local_addr().expect("bound");
    let (deaf, _held) = deaf_server();
    let connected = format!("session connect tcp://{at} {{ within 1h }}\n");
    let later = format!("session late connect tcp://{deaf} {{ start later\n connect-timeout 1h }}\n");
    let refused = "session gone connect tcp://127.0.0.1:1 { reconnect 1h tries 3\n start later }\n";
    bench.file("big.bin", content(8 << 20));
    for (sessions, statement) in [
        ("", "wait 1h"),
        (&*connected, "repeat every 1h { > \"x\" }"),
        (&connected, "< \"never\""),
        (&connected, "< silence 1h"),
        (&connected, "< close"),
        (&connected, "one of within 1h {\n< \"never\"\n< close\n}"),
        // A peer that never reads: the third is held back by the system and the queue.
        (&connected, "repeat 100 { > file \"big.bin\" }"),
        (&later, "open late within 1h"),
        (refused, "open gone within 1h"),
        ("", "repeat { note \"round\" }"),
    ] {
        let source = format!("{sessions}step \"long\"\nnote \"begun\"\n{statement}\n");
        stopped_by_a_signal(&bench, &source, 1);
    }
    stopped_by_a_signal(&bench, "step \"again\" retry 5 every 1h\nnote \"begun\"\nfail \"no\"\n", 1);
    // Rules alone run until they are stopped.
    let server =
        bench.file("server.talk", "session listen tcp://127.0.0.1:0 { frame line }\non open { wait 1h; > \"late\" }\n");
    let run = bench.plain(&["run", shown(&server)]);
    std::thread::sleep(Duration::from_millis(300));
    run.signal(rustix::process::Signal::INT);
    assert!(run.end().code.is_some_and(|code| code < 2));
}

#[cfg(unix)]
#[test]
fn a_stop_interrupts_an_upload_that_nobody_reads() {
    let bench = Bench::new();
    let reader = TcpListener::bind("127.0.0.1:0").expect("a port");
    let at = reader.local_addr().expect("bound").to_string();
    let file = bench.file("big.bin", content(64 << 20));
    let mut put = bench.json(&["connect", &at, "--put", shown(&file)]);
    put.event_where("transfer", |line| line["state"] == "began");
    put.signal(rustix::process::Signal::INT);
    let ended = put.end().exits(1);
    assert_eq!(ended.all("transfer").last().map(|line| line["state"].clone()), Some("failed".into()), "{ended:?}");
}

/// An upload in the middle: the peer has read the head and nothing else.
fn upload_in_the_middle(bench: &Bench, file: &std::path::Path) -> (Process, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let at = listener.local_addr().expect("bound").to_string();
    let mut put = bench.json(&["connect", &at, "--put", shown(file)]);
    let (mut peer, _) = listener.accept().expect("a connection");
    peer.set_read_timeout(Some(Duration::from_secs(30))).expect("a timeout");
    put.event_where("transfer", |line| line["state"] == "began");
    peer.read_exact(&mut [0; 1000]).expect("the head");
    (put, peer)
}

/// Reads to the end; returns how many bytes came altogether.
fn rest_of(peer: &mut TcpStream) -> usize {
    let (mut all, mut part) = (1000, vec![0; 1 << 20]);
    while let Ok(len @ 1..) = peer.read(&mut part) {
        all += len;
    }
    all
}

#[test]
fn a_file_that_shrinks_or_vanishes_while_it_is_uploaded_ends_the_upload_with_a_reason() {
    let bench = Bench::new();
    let len = 48 << 20;
    let file = bench.file("big.bin", content(len));
    let (put, mut peer) = upload_in_the_middle(&bench, &file);
    std::fs::File::options().write(true).open(&file).expect("opened").set_len(1 << 20).expect("shortened");
    let got = rest_of(&mut peer);
    assert!(got < len, "{got}");
    let ended = put.end().exits(1);
    let last = ended.all("transfer").pop().expect("a line");
    assert_eq!(last["state"], "failed", "{last}");
    assert!(last["message"].as_str().is_some_and(|message| message.contains("big.bin")), "{last}");
}

/// What comes behind it is not read, so the step fails, with the reason.
#[cfg(unix)]
#[test]
fn a_captures_folder_that_vanishes_during_a_run_is_the_reason_of_the_failure() {
    let bench = Bench::new();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let at = listener.local_addr().expect("bound");
    let file = bench.file(
        "run.talk",
        format!("session connect tcp://{at}\nstep \"one\"\n< \"a\" within 20s\nnote \"begun\"\nstep \"two\"\n< \"b\" within 6s\n"),
    );
    let mut run = bench.json(&["run", shown(&file)]);
    let (mut peer, _) = listener.accept().expect("a connection");
    peer.write_all(b"a").expect("written");
    run.event_where("step_began", |line| line["step"] == "two");
    let data = bench.path("data");
    std::fs::remove_dir_all(&data).expect("removed");
    // The folder is looked for once a second.
    let feeder = wirebench::jobs::thread::spawn_named("feeder", move || {
        while peer.write_all(b"x").is_ok() {
            std::thread::sleep(Duration::from_millis(20));
        }
    });
    let warning = run.event("warning");
    let names_it = |value: &serde_json::Value| value.as_str().is_some_and(|text| text.contains(shown(&data)));
    assert!(names_it(&warning["message"]), "{warning}");
    let ended = run.end().exits(1);
    let problem = &ended.all("step")[1]["problems"][0]["message"];
    assert!(names_it(problem), "{problem}");
    feeder.expect("a thread").join().expect("no panic");
}

#[test]
fn a_run_with_rules_only_says_where_it_listens_and_what_its_rules_say() {
    let bench = Bench::new();
    let source = "session listen tcp://127.0.0.1:0 { frame line }\non \"x\" { note \"seen\"; > \"y\" }\n";
    let file = bench.file("rules.talk", source);
    let mut run = bench.plain(&["run", shown(&file)]);
    let mut peer = TcpStream::connect(run.plain_local()).expect("connected");
    peer.write_all(b"x\n").expect("written");
    run.stderr_with("seen");
    run.kill();
    let mut run = bench.json(&["run", shown(&file)]);
    let opened = run.event("opened");
    let at = opened["local"].as_str().expect("an address").to_owned();
    let mut peer = TcpStream::connect(at).expect("connected");
    peer.write_all(b"x\n").expect("written");
    assert!(run.event("warning")["message"].as_str().is_some_and(|message| message.contains("seen")));
    run.kill();
}

/// A reader that goes away ends an endless file; one that reads nothing does not hold a stop.
#[cfg(unix)]
#[test]
fn a_reader_that_is_gone_or_stuck_does_not_hold_a_run() {
    use std::process::Stdio;
    let bench = Bench::new();
    let file = bench.file("notes.talk", "step \"notes\"\nrepeat { note \"round {{round}}\" }\n");
    for reads in [true, false] {
        let mut command = bench.command(&["run", shown(&file)]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("started");
        let mut out = child.stdout.take().expect("piped");
        out.read_exact(&mut [0; 20]).expect("notes");
        let held = if reads {
            drop(out);
            None
        } else {
            std::thread::sleep(Duration::from_millis(300));
            rustix::process::kill_process(rustix::process::Pid::from_child(&child), rustix::process::Signal::INT)
                .expect("alive");
            Some(out)
        };
        let deadline = std::time::Instant::now() + Duration::from_secs(20);
        let status = loop {
            match child.try_wait().expect("a status") {
                Some(status) => break Some(status),
                None if std::time::Instant::now() > deadline => break None,
                None => std::thread::sleep(Duration::from_millis(5)),
            }
        };
        child.kill().ok();
        child.wait().expect("ended");
        assert_eq!(status.expect("it ends").code(), Some(1), "reads: {reads}");
        drop(held);
    }
}

/// A folder of tests has files with parts of others, which have nothing to run.
#[test]
fn files_without_steps_and_rules_end_at_once() {
    let bench = Bench::new();
    let vars = bench.file("vars.talk", "var port = 502\noff step \"later\"\n> \"x\"\n");
    let empty = bench.file("empty.talk", "");
    let session = bench.file("session.talk", "session listen tcp://127.0.0.1:0\n");
    let ended = bench.ran(&["run", shown(&vars), shown(&empty), shown(&session)]).exits(0);
    let summaries = ended.lines_of_text();
    assert!(summaries.len() == 3 && summaries.iter().all(|line| line.starts_with("0 passed, 0 failed")), "{ended:?}");
}

/// Opening a pipe waits for its writer, which a signal does not end.
#[cfg(unix)]
#[test]
fn a_pipe_among_the_files_that_are_sent_holds_nothing() {
    let bench = Bench::new();
    let pipe = bench.path("pipe");
    rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::from_raw_mode(0o600)).expect("a pipe");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let at = listener.local_addr().expect("bound");
    let file = bench.file("pipe.talk", format!("session connect tcp://{at}\nstep \"pipe\"\n> file \"pipe\"\n"));
    let ended = bench.ran(&["run", shown(&file)]);
    assert!(ended.code.is_some_and(|code| code != 0), "{ended:?}");
    assert!(ended.stdout.windows(4).any(|part| part == b"pipe") || ended.stderr.contains("pipe"), "{ended:?}");
}

/// A repeat counts as far as numbers go; an expression of any length is read or refused.
#[test]
fn large_counts_and_long_expressions_have_their_own_limits() {
    let bench = Bench::new();
    let many =
        bench.file("many.talk", "step \"many\"\nset n1 = 0\nrepeat 1000000000000 until n1 == 3 { set n1 = n1 + 1 }\n");
    bench.ran(&["run", shown(&many)]).exits(0);
    for (chain, code) in [(100, 0), (200_000, 2)] {
        let long = bench.file("long.talk", format!("step \"long\"\ncheck {}1 > 1\n", "1+".repeat(chain)));
        bench.ran(&["run", shown(&long)]).exits(code);
        // Rules run in the thread of the session, which has less stack.
        let rules = bench.file("rules.talk", format!("on open {{ > \"{{{{{}1}}}}\"; close }}\n", "1+".repeat(chain)));
        let mut command =
            bench.command(&["listen", "127.0.0.1:0", "--talk", shown(&rules), "--frame", "record", "--until-closed"]);
        command.arg("--json");
        let mut listen = Process::start(command);
        if code == 0 {
            let mut peer = TcpStream::connect(listen.local()).expect("connected");
            let mut answer = String::new();
            peer.read_to_string(&mut answer).expect("a FIN");
            assert_eq!(answer, (chain + 1).to_string());
        }
        listen.end().exits(code);
    }
}

/// The sentences of libraries are English.
#[test]
fn a_wrong_time_format_or_expression_is_said_in_chinese() {
    let bench = Bench::new();
    let source = "step \"a\"\nset x = time(\"%Q%\")\nstep \"b\"\ncheck \"a\" matches /(a{1000}){1000}/\n";
    let file = bench.file("wrong.talk", source);
    let ended = bench.ran(&["run", shown(&file), "--lang", "zh-CN"]).exits(1);
    for sentence in ["2:9: 时间格式有误", "4:19: 正则表达式有误"] {
        assert!(ended.lines_of_text().iter().any(|line| line.ends_with(sentence)), "{sentence}: {ended:?}");
    }
}
