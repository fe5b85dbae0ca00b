//! `--talk FILE` with steps: they run over the session of the command, which ends with the last one.

use crate::support::{Bench, Process, shown};
use serde_json::Value;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Stdio;
use std::time::Duration;

/// How long a device of these tests waits for anything.
const LIMIT: Duration = Duration::from_secs(60);

const STEPS: &str = "\
session listen tcp://127.0.0.1:5020 { frame line }
on \"PING\" { > \"PONG\" }
step \"greet\"
< open within 40s
> \"hello\"
< \"name {{?name}}\" within 40s
note \"it is {{name}}\"
step \"last\"
< close within 40s
";

fn client(listen: &mut Process, name: &str) {
    let mut peer = TcpStream::connect(listen.local()).expect("connected");
    peer.set_read_timeout(Some(LIMIT)).expect("set");
    let mut greeting = [0; 6];
    peer.read_exact(&mut greeting).expect("a greeting");
    assert_eq!(&greeting, b"hello\n");
    // The rule takes its frame, the step gets the next one.
    peer.write_all(format!("PING\n{name}\n").as_bytes()).expect("sent");
    let mut answer = [0; 5];
    peer.read_exact(&mut answer).expect("an answer");
    assert_eq!(&answer, b"PONG\n");
}

#[test]
fn steps_and_rules_run_over_the_session_of_listen() {
    let bench = Bench::new();
    let file = bench.file("steps.talk", STEPS);
    let mut listen = bench.json(&["listen", "127.0.0.1:0", "--talk", shown(&file)]);
    client(&mut listen, "name meter");
    let ended = listen.end().exits(0);
    let steps: Vec<(Value, Value)> =
        ended.all("step").iter().map(|step| (step["step"].clone(), step["verdict"].clone())).collect();
    assert_eq!(steps, [("greet".into(), "passed".into()), ("last".into(), "passed".into())]);
    assert_eq!(ended.all("note")[0]["text"], "it is meter");
    assert_eq!(ended.all("run")[0]["ok"], Value::from(true));
    // A step is printed behind the records that it looked at, and the summary last.
    let events = ended.events();
    let at = |name: &str| events.iter().position(|event| event == name).expect("printed");
    assert!(at("received") < at("step") && at("step") < at("summary"), "{events:?}");
}

#[test]
fn a_step_that_fails_is_the_exit_code_of_connect() {
    let bench = Bench::new();
    let device = bench.file("device.talk", "on \"A\" { > \"B\" }\n");
    let mut listen =
        bench.json(&["listen", "127.0.0.1:0", "--frame", "line", "--talk", shown(&device), "--until-closed"]);
    let address = listen.local().to_string();
    // The command line gives the framing rule that the file leaves open.
    let steps = "step \"right\"\n> \"A\"\n< \"B\" within 40s\nstep \"wrong\"\n> \"A\"\n< \"C\" within 200ms\n";
    let file = bench.file("steps.talk", steps);
    let ended =
        bench.plain(&["connect", &address, "--frame", "line", "--talk", shown(&file), "--show", "none"]).end().exits(1);
    let lines = ended.lines_of_text();
    assert!(lines.iter().any(|line| line.contains("right")), "{lines:?}");
    let wrong = lines.iter().position(|line| line.contains("wrong")).expect("reported");
    assert!(lines[wrong + 1].contains("steps.talk:6:"), "{lines:?}");
    listen.end().exits(0);
}

#[test]
fn steps_need_a_session_that_opens() {
    let bench = Bench::new();
    let file = bench.file("steps.talk", "step \"never\"\nnote \"x\"\n");
    // A port that was free a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr()).expect("a port").port();
    let address = format!("127.0.0.1:{port}");
    let ended = bench.json(&["connect", &address, "--talk", shown(&file)]).end().exits(1);
    assert_eq!(ended.all("step")[0]["verdict"], "skipped");
    assert_eq!(ended.all("error").len(), 1, "{ended:?}");
}

#[test]
fn an_endless_step_ends_with_the_time_of_the_command() {
    let bench = Bench::new();
    let file = bench.file("steps.talk", "step \"waits\"\nwait 1h\n");
    let ended = bench.json(&["listen", "127.0.0.1:0", "--talk", shown(&file), "--for", "200ms"]).end().exits(1);
    assert_eq!(ended.all("step")[0]["verdict"], "failed");
}

#[test]
fn steps_come_from_standard_input() {
    let bench = Bench::new();
    let device = bench.file("device.talk", "on \"A\" { > \"B\" }\n");
    let mut listen =
        bench.json(&["listen", "127.0.0.1:0", "--frame", "line", "--talk", shown(&device), "--until-closed"]);
    let address = listen.local().to_string();
    let mut command = bench.command(&["connect", &address, "--frame", "line", "--show", "none", "--talk", "-"]);
    command.stdin(Stdio::piped());
    let mut connect = Process::start(command);
    connect.write_stdin("step \"right\"\n> \"A\"\n< \"B\" within 40s\nstep \"wrong\"\n> \"A\"\n< \"C\" within 200ms\n");
    connect.close_stdin();
    let ended = connect.end().exits(1);
    let lines = ended.lines_of_text();
    let wrong = lines.iter().position(|line| line.contains("wrong")).expect("reported");
    assert!(lines.iter().any(|line| line.contains("right")), "{lines:?}");
    assert!(lines[wrong + 1].contains("-:6:"), "{lines:?}");
    listen.end().exits(0);
    // What is read once cannot be both.
    bench.ran(&["listen", "127.0.0.1:0", "--stdin", "--talk", "-"]).exits(2);
}
