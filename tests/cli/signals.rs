//! Signals: those that end a run, and those that were ignored before it started and remain ignored.

use crate::support::{Bench, Process};
use rustix::process::Signal;
use std::io::Write;
use std::net::TcpStream;
use std::process::Command;

/// Started by `wrapper`, which prepares the signals and then executes the program.
fn wrapped(bench: &Bench, wrapper: &[&str], arguments: &[&str]) -> Process {
    let program = bench.command(arguments);
    let mut command = Command::new(wrapper[0]);
    command.args(&wrapper[1..]).arg(program.get_program()).args(program.get_args()).arg("--json");
    command.env("LC_ALL", "C.UTF-8").env_remove("LANGUAGE").stdin(std::process::Stdio::null());
    Process::start(command)
}

#[test]
fn signals_end_with_a_summary() {
    let bench = Bench::new();
    for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
        for (options, code) in [(&[][..], 0), (&["--until-bytes", "1", "--timeout", "30s"], 1)] {
            // Independent of how these tests were started.
            let arguments = [&["listen", "127.0.0.1:0"][..], options].concat();
            let mut listen = wrapped(&bench, &["env", "--default-signal=INT,TERM,HUP"], &arguments);
            listen.local();
            listen.signal(signal);
            let ended = listen.end().exits(code);
            assert_eq!(ended.events(), ["listening", "closed", "summary"], "{signal:?}");
        }
    }
}

#[test]
fn a_signal_that_was_ignored_at_the_start_stays_ignored() {
    let bench = Bench::new();
    let nohup: &[&str] = &["nohup"];
    for (wrapper, signal) in [
        (nohup, Signal::HUP),
        (&["env", "--ignore-signal=HUP"], Signal::HUP),
        (&["env", "--ignore-signal=INT"], Signal::INT),
    ] {
        let mut listen = wrapped(&bench, wrapper, &["listen", "127.0.0.1:0", "--until-bytes", "3"]);
        let mut peer = TcpStream::connect(listen.local()).expect("connected");
        for _ in 0..3 {
            listen.signal(signal);
            // Gives everything that the signal could have triggered time to run.
            peer.write_all(b"x").expect("written");
            listen.event("received");
        }
        let ended = listen.end().exits(0);
        assert_eq!(ended.summary()["received_bytes"], 3, "{signal:?}");
    }
}

#[test]
fn a_background_job_of_a_script_is_not_interrupted_with_the_script() {
    let bench = Bench::new();
    let program = bench.command(&["listen", "127.0.0.1:0", "--until-bytes", "3", "--json"]);
    let mut command = Command::new("sh");
    command.args(["-c", "\"$@\" & echo $! >&2; wait", "sh"]);
    command.arg(program.get_program()).args(program.get_args()).env("LC_ALL", "C.UTF-8");
    let mut script = Process::start(command);
    let pid = script.stderr_with("\n");
    let pid = pid.lines().next().and_then(|line| line.trim().parse().ok()).and_then(rustix::process::Pid::from_raw);
    let pid = pid.expect("a process");
    let mut peer = TcpStream::connect(script.local()).expect("connected");
    for _ in 0..3 {
        rustix::process::kill_process(pid, Signal::INT).expect("the process is there");
        peer.write_all(b"x").expect("written");
        script.event("received");
    }
    let ended = script.end().exits(0);
    assert_eq!(ended.summary()["received_bytes"], 3);
}
