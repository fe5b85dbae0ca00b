//! `run`: talk files against real peers, reports and exit codes.

use crate::support::{Bench, python};
use serde_json::Value;

/// A meter that speaks Modbus TCP: answers function 3 with 220.5 as a float, everything else with exception 2. Serves one client.
const METER: &str = r#"
import socket, struct
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
peer, _ = listener.accept()
peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
data = b""
while True:
    part = peer.recv(1024)
    if not part:
        break
    data += part
    while len(data) >= 8:
        size = struct.unpack(">H", data[4:6])[0]
        request, data = data[:6 + size], data[6 + size:]
        unit, function = request[6], request[7]
        pdu = struct.pack(">BBf", 3, 4, 220.5) if function == 3 else bytes([function | 0x80, 2])
        answer = request[:4] + struct.pack(">HB", len(pdu) + 1, unit) + pdu
        # Each byte on its own: frames must not depend on reads.
        for byte in answer:
            peer.sendall(bytes([byte]))
"#;

const FILE: &str = r#"
talk 1
var port = 0
var unit = 1
session meter connect tcp://127.0.0.1:{{port}} {
  frame modbus-tcp
  within 10s
}
step "read voltage" required
> {{unit:u8}} 03 0000 0002
< {{unit:u8}} 03 04 {{?volt:f32}}
check volt in 215..245
step "bad address"
> {{unit:u8}} 06 0001 0002
one of {
  < {{unit:u8}} 86 {{?code:u8}} { note "error {{code:02X}}" }
  else { fail "no answer" }
}
"#;

/// Starts a meter and returns its process and `--var port=…`.
fn meter() -> (crate::support::Process, String) {
    let mut meter = python(METER, &[]);
    let port = meter.first_line();
    (meter, format!("port={}", port.trim()))
}

#[test]
fn a_device_passes_a_file_of_steps() {
    let bench = Bench::new();
    let file = bench.file("meter.talk", FILE);
    let (meter, port) = meter();
    let junit = bench.path("report.xml");
    let ended =
        bench.ran(&["run", file.to_str().unwrap(), "--var", &port, "--junit", junit.to_str().unwrap()]).exits(0);
    let lines = ended.lines_of_text();
    assert!(lines[0].starts_with("passed  read voltage"), "{lines:?}");
    assert_eq!(lines[1], "    error 02");
    assert!(lines[3].starts_with("2 passed, 0 failed, 0 skipped in "), "{lines:?}");
    assert!(ended.stderr.contains("capture of meter: "), "{}", ended.stderr);
    let report = std::fs::read_to_string(junit).unwrap();
    assert!(report.contains(r#"tests="2" skipped="0""#) || report.contains(r#"tests="2""#), "{report}");
    assert!(report.contains(r#"<testcase name="read voltage" classname="meter""#), "{report}");
    meter.end().exits(0);
}

#[test]
fn a_wrong_answer_fails_with_the_bytes_and_the_line() {
    let bench = Bench::new();
    let source =
        FILE.replace("215..245", "0..1").replace("{{unit:u8}} 86 {{?code:u8}} { note", "02 86 {{?code:u8}} { note");
    let file = bench.file("meter.talk", source);
    let (meter, port) = meter();
    let path = file.to_str().unwrap();
    let ended = bench.json(&["run", path, "--var", &port, "--var", "unit=1"]).end().exits(1);
    let steps = ended.all("step");
    let verdicts: Vec<&str> = steps.iter().filter_map(|step| step["verdict"].as_str()).collect();
    assert_eq!(verdicts, ["failed", "skipped"]);
    let problem = &steps[0]["problems"][0];
    assert_eq!(problem["line"], 12);
    assert_eq!(problem["message"], "the condition is false, with volt = 220.5");
    let run = ended.all("run");
    assert_eq!((&run[0]["failed"], &run[0]["skipped"], &run[0]["ok"]), (&1.into(), &1.into(), &Value::Bool(false)));
    meter.end().exits(0);
}

#[test]
fn the_wait_that_fails_shows_what_came() {
    let bench = Bench::new();
    let source = FILE.replace("within 10s", "within 500ms").replace("03 04 {{?volt:f32}}", "03 04 0000 ????");
    let file = bench.file("meter.talk", source.replace("check volt in 215..245\n", ""));
    let (meter, port) = meter();
    let ended = bench.ran(&["run", file.to_str().unwrap(), "--var", &port, "--tap"]).exits(1);
    let lines = ended.lines_of_text();
    assert_eq!(lines[0], "TAP version 14");
    assert_eq!(lines[1], "not ok 1 - read voltage");
    assert!(
        lines[3].contains(
            "nothing matched within 500 ms\\nreceived: 01 03 04 43 5C 80 00, byte 4: expected 00, received 43"
        ),
        "{lines:?}"
    );
    assert_eq!(lines.last(), Some(&"1..2"));
    meter.end().exits(0);
}

#[test]
fn wrong_files_and_options_end_with_2_before_anything_is_opened() {
    let bench = Bench::new();
    let good = bench.file("good.talk", "step \"a\"\nnote \"x\"\n");
    let bad = bench.file("bad.talk", "step \"a\"\n> 0G\nchek 1\n");
    let option = bench.file("option.talk", "session listen tcp://127.0.0.1:0 { fram line }\nstep \"a\"\nnote \"x\"\n");
    let folder = bench.path("empty");
    std::fs::create_dir(&folder).unwrap();
    let (good, bad) = (good.to_str().unwrap(), bad.to_str().unwrap());
    let ended = bench.ran(&["run", good, bad]).exits(2);
    assert!(ended.stdout.is_empty());
    assert!(ended.stderr.contains("bad.talk:2:") && ended.stderr.contains("bad.talk:3:"), "{}", ended.stderr);
    for (arguments, named) in [
        (vec!["run", option.to_str().unwrap()], "`fram`"),
        (vec!["run", good, "--only", "b"], "--only \"b\""),
        (vec!["run", good, "--var", "1x=2"], "--var \"1x=2\""),
        (vec!["run", good, "--json", "--tap"], "--tap"),
        (vec!["run", good, "--timeout", "5"], "--timeout"),
        (vec!["run", folder.to_str().unwrap()], ".talk"),
        (vec!["run", "no-such.talk"], "no-such.talk"),
        (vec!["run"], "FILE"),
    ] {
        let ended = bench.ran(&arguments).exits(2);
        assert!(ended.stderr.contains(named), "{arguments:?}: {}", ended.stderr);
    }
}

#[test]
fn a_folder_a_list_standard_input_and_a_time_limit() {
    let bench = Bench::new();
    let folder = bench.path("tests");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("b.talk"), "step \"second\"\nnote \"x\"\n").unwrap();
    std::fs::write(folder.join("a.talk"), "step \"first\"\nwait 1ms\n").unwrap();
    std::fs::write(folder.join("notes.txt"), "no talk file").unwrap();
    let folder = folder.to_str().unwrap();
    let listed = bench.ran(&["run", folder, "--list"]).exits(0);
    assert_eq!(listed.lines_of_text(), ["first", "second"]);
    let ended = bench.ran(&["run", folder, "--only", "second"]).exits(0);
    assert!(ended.lines_of_text().iter().any(|line| line.starts_with("passed  second")));
    let mut command = bench.command(&["run", "-", "--timeout", "200ms"]);
    command.stdin(std::process::Stdio::piped());
    let mut process = crate::support::Process::start(command);
    process.write_stdin("step \"waits\"\nwait 1h\n");
    process.close_stdin();
    let ended = process.end().exits(1);
    assert!(ended.lines_of_text()[0].starts_with("FAILED  waits"), "{ended:?}");
}

#[cfg(unix)]
#[test]
fn a_signal_ends_a_wait_at_once() {
    let bench = Bench::new();
    let file = bench.file("wait.talk", "step \"waits\"\nnote \"begun\"\nwait 1h\n");
    let mut process = bench.plain(&["run", file.to_str().unwrap()]);
    process.stdout_with("begun");
    process.signal(rustix::process::Signal::INT);
    let ended = process.end().exits(1);
    assert!(ended.lines_of_text().contains(&"The run was interrupted"), "{ended:?}");
}
