//! Files named by options: read, written, and never truncated by mistake.

use crate::support::{Bench, Ended, PATIENCE, Process, names, shown};
use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::process::{Command, Stdio};
use wirebench::jobs::thread::spawn_named;

#[test]
fn a_file_that_is_sent_under_another_name_is_not_emptied() {
    let bench = Bench::new();
    let file = bench.file("a", "precious");
    let (hard, soft) = (bench.path("hard"), bench.path("soft"));
    fs::hard_link(&file, &hard).expect("link");
    std::os::unix::fs::symlink(&file, &soft).expect("link");
    for other in [&hard, &soft] {
        for (one, two) in [("--send-file", "--save"), ("--send-file", "--log"), ("--save", "--log")] {
            for (start, at) in [("connect", "tcp://127.0.0.1:9"), ("listen", "udp://127.0.0.1:0")] {
                let ended = bench.ran(&[start, at, one, shown(&file), two, shown(other)]).exits(2);
                assert!(ended.stderr.contains(two) && ended.stderr.contains(one), "{}", ended.stderr);
                assert_eq!(fs::read(&file).expect("read"), b"precious");
            }
        }
    }
}

#[test]
fn standard_input_that_is_the_saved_file_is_not_emptied() {
    let bench = Bench::new();
    let file = bench.file("a", "precious");
    let mut command = bench.command(&["connect", "127.0.0.1:9", "--stdin", "--save", shown(&file)]);
    let output = command.stdin(File::open(&file).expect("open")).stdout(Stdio::null()).output().expect("runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("--stdin"), "{said}");
    assert_eq!(fs::read(&file).expect("read"), b"precious");
}

/// A UDP socket that the program sends to.
fn receiver(at: &str) -> (UdpSocket, String) {
    let socket = UdpSocket::bind(at).expect("bound");
    socket.set_read_timeout(Some(PATIENCE)).expect("a limit");
    let to = format!("udp://{}", socket.local_addr().expect("an address"));
    (socket, to)
}

fn datagram(socket: &UdpSocket) -> Vec<u8> {
    let mut bytes = vec![0; 1 << 16];
    let len = socket.recv(&mut bytes).expect("a datagram in time");
    bytes.truncate(len);
    bytes
}

#[test]
fn over_udp_a_file_and_standard_input_are_one_datagram() {
    for at in ["127.0.0.1:0", "[::1]:0"] {
        let bench = Bench::new();
        let (socket, to) = receiver(at);
        for len in [1295, 65_507] {
            let content: Vec<u8> = (0..len).map(|n| (n % 251) as u8).collect();
            let file = bench.file("file", &content);
            bench.ran(&["connect", &to, "--send-file", shown(&file), "--timeout", "1s"]).exits(0);
            assert!(datagram(&socket) == content, "{len} bytes of a file");
            let mut command = bench.command(&["connect", &to, "--stdin", "--timeout", "1s"]);
            command.stdin(File::open(&file).expect("open"));
            Process::start(command).end().exits(0);
            assert!(datagram(&socket) == content, "{len} bytes of standard input");
        }
    }
}

#[test]
fn what_no_datagram_can_hold_is_refused_or_cut_as_asked() {
    let bench = Bench::new();
    let (socket, to) = receiver("127.0.0.1:0");
    let file = bench.file("file", vec![b'x'; 65_508]);
    let refused = bench.ran(&["connect", &to, "--send-file", shown(&file)]).exits(2);
    assert!(refused.stderr.contains("65507") && refused.stderr.contains("--datagram-size"), "{}", refused.stderr);
    let mut command = bench.command(&["connect", &to, "--stdin", "--timeout", "1s"]);
    command.stdin(File::open(&file).expect("open"));
    let refused = Process::start(command).end().exits(1);
    assert!(refused.stderr.contains("65507"), "{}", refused.stderr);
    for lens in [vec![40_000, 25_508], vec![32_754, 32_754]] {
        let size = lens[0].to_string();
        bench.ran(&["connect", &to, "--send-file", shown(&file), "--datagram-size", &size, "--timeout", "1s"]).exits(0);
        let mut command = bench.command(&["connect", &to, "--stdin", "--datagram-size", &size, "--timeout", "1s"]);
        command.stdin(File::open(&file).expect("open"));
        Process::start(command).end().exits(0);
        for len in lens.iter().chain(&lens) {
            assert_eq!(datagram(&socket).len(), *len);
        }
    }
    for wrong in ["0", "65508", "many"] {
        bench.ran(&["connect", &to, "--stdin", "--datagram-size", wrong]).exits(2);
    }
    bench.ran(&["connect", "127.0.0.1:9", "--stdin", "--datagram-size", "10"]).exits(2);
    bench.ran(&["connect", &to, "--send", "x", "--datagram-size", "10"]).exits(2);
}

/// The bytes that a TCP server receives from a run of the program until its FIN.
fn sent_by(bench: &Bench, options: &[&str]) -> (Vec<u8>, Ended) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("bound");
    let at = listener.local_addr().expect("an address").to_string();
    let run = bench.json(&[&["connect", &at], options].concat());
    let mut all = Vec::new();
    listener.accept().expect("accepted").0.read_to_end(&mut all).expect("read");
    (all, run.end())
}

#[test]
fn what_has_no_size_is_sent_to_its_end() {
    let bench = Bench::new();
    let version = fs::read("/proc/version").expect("read");
    let (all, ended) = sent_by(&bench, &["--send-file", "/proc/version"]);
    assert!(all == version);
    assert_eq!(ended.exits(0).payload("sent"), version);

    let pipe = bench.path("pipe");
    let mode = rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR;
    rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, mode, 0).expect("pipe");
    let writer = {
        let pipe = pipe.clone();
        spawn_named("writer", move || fs::write(pipe, vec![b'p'; 300_000]).expect("written")).expect("a thread")
    };
    let (all, ended) = sent_by(&bench, &["--send", "a", "--send-file", shown(&pipe), "--send", "z"]);
    writer.join().expect("written");
    assert_eq!((all.len(), all[0], all[1], all[all.len() - 1]), (300_002, b'a', b'p', b'z'), "in its place");
    ended.exits(0);
    let refused = bench.ran(&["connect", "127.0.0.1:9", "--send-file", shown(&pipe), "--every", "1s"]).exits(2);
    assert!(refused.stderr.contains("--every"), "{}", refused.stderr);
}

#[test]
fn a_file_that_grows_while_it_is_sent_is_sent_to_its_end() {
    let bench = Bench::new();
    let file = bench.file("file", vec![b'a'; 20 << 20]);
    let listener = TcpListener::bind("127.0.0.1:0").expect("bound");
    let at = listener.local_addr().expect("an address").to_string();
    let run = bench.json(&["connect", &at, "--send-file", shown(&file), "--show", "none"]);
    let (mut peer, _) = listener.accept().expect("accepted");
    let mut first = vec![0; 1 << 20];
    peer.read_exact(&mut first).expect("the beginning");
    let mut more = File::options().append(true).open(&file).expect("open");
    for _ in 0..10 {
        more.write_all(&[b'b'; 1000]).expect("appended");
    }
    let mut rest = Vec::new();
    peer.read_to_end(&mut rest).expect("the rest");
    assert_eq!(first.len() + rest.len(), (20 << 20) + 10_000);
    assert!(rest.ends_with(&[b'b'; 10_000]));
    drop(peer);
    run.end().exits(0);
}

#[test]
fn a_folder_is_called_one() {
    let bench = Bench::new();
    for option in ["--save", "--log", "--send-file"] {
        for (lang, words) in [("en", "folder"), ("zh-CN", "文件夹")] {
            let ended = bench.ran(&["connect", "127.0.0.1:9", option, ".", "--lang", lang]).exits(2);
            assert!(ended.stderr.contains(words) && ended.stderr.contains(option), "{}", ended.stderr);
        }
    }
}

/// Runs the program in a shell that limits the size of files to `blocks` of 512 or 1,024 bytes.
fn limited(bench: &Bench, blocks: u32, arguments: &[&str]) -> Process {
    let program = bench.command(arguments);
    let mut shell = Command::new("bash");
    shell.arg("-c").arg(format!("ulimit -f {blocks}; exec \"$0\" \"$@\"")).arg(program.get_program());
    shell.args(program.get_args()).env("LC_ALL", "C.UTF-8").stdin(Stdio::null());
    Process::start(shell)
}

#[test]
fn a_limit_of_file_sizes_is_a_sentence_and_not_the_end() {
    let bench = Bench::new();
    for option in ["--save", "--log"] {
        let file = bench.path("file");
        // The capture's segments, each with a record of at most 1 MiB, stay below the limit.
        let mut listen = limited(
            &bench,
            1500,
            &[
                "listen",
                "127.0.0.1:0",
                option,
                shown(&file),
                "--capture-limit",
                "1MiB",
                "--show",
                "text",
                "--json",
                "--until-bytes",
                "3000000",
            ],
        );
        let mut peer = TcpStream::connect(listen.local()).expect("connected");
        peer.write_all(&vec![b'x'; 3_000_000]).expect("sent");
        let ended = listen.end().exits(1);
        let errors = ended.all("error");
        assert_eq!(errors.len(), 1, "{errors:?}");
        assert_eq!((&errors[0]["kind"], &errors[0]["operation"]), (&"disk_full".into(), &"save_file".into()));
        assert!(errors[0]["message"].to_string().contains("ulimit -f"), "{errors:?}");
        assert_eq!(ended.summary()["stored_bytes"], 3_000_000, "the capture has all of it");
        fs::remove_file(file).expect("removed");
    }
}

#[test]
fn a_log_that_is_renamed_goes_on_under_its_name() {
    let bench = Bench::new();
    let (log, old) = (bench.path("log"), bench.path("log.1"));
    let mut listen = bench.json(&["listen", "127.0.0.1:0", "--log", shown(&log)]);
    let mut peer = TcpStream::connect(listen.local()).expect("connected");
    peer.write_all(b"before\n").expect("sent");
    listen.event("received");
    let deadline = std::time::Instant::now() + PATIENCE;
    while !fs::read_to_string(&log).expect("read").contains("before") {
        assert!(std::time::Instant::now() < deadline, "the log is written");
        std::thread::yield_now();
    }
    fs::rename(&log, &old).expect("renamed");
    peer.write_all(b"behind\n").expect("sent");
    listen.event("received");
    listen.signal(rustix::process::Signal::TERM);
    listen.end().exits(0);
    let (old, new) = (fs::read_to_string(&old).expect("read"), fs::read_to_string(&log).expect("a new one"));
    assert!(old.contains("before") && !old.contains("behind"), "{old}");
    assert!(!new.contains("before") && new.contains("behind"), "{new}");
}

#[test]
fn a_full_disk_and_a_vanished_folder_are_said_and_the_capture_has_everything() {
    for vanishes in [false, true] {
        for option in ["--save", "--log"] {
            let bench = Bench::new();
            let folder = bench.path("folder");
            fs::create_dir(&folder).expect("a folder");
            let file = if vanishes { folder.join("file") } else { "/dev/full".into() };
            let mut listen = bench.json(&["listen", "127.0.0.1:0", option, shown(&file), "--until-bytes", "600000"]);
            let local = listen.local();
            if vanishes {
                fs::remove_dir_all(&folder).expect("removed");
            }
            TcpStream::connect(local).expect("connected").write_all(&vec![b'x'; 600_000]).expect("sent");
            let ended = listen.end().exits(1);
            let errors = ended.all("error");
            assert_eq!(errors.len(), 1, "{option}: {errors:?}");
            let kind = if vanishes { "file" } else { "disk_full" };
            assert_eq!((&errors[0]["kind"], &errors[0]["operation"]), (&kind.into(), &"save_file".into()));
            assert!(names(&errors[0]["address"], &file), "{errors:?}");
            assert_eq!(ended.payload("received").len(), 600_000);
            assert_eq!(ended.summary()["stored_bytes"], 600_000);
        }
    }
}

#[test]
fn several_files_go_in_their_order_and_one_that_is_gone_is_told() {
    let bench = Bench::new();
    let files: Vec<_> = ["one", "two", "three"].iter().map(|name| bench.file(name, format!("{name};"))).collect();
    let [one, two, three] = [0, 1, 2].map(|file: usize| shown(&files[file]));
    let options = ["--send-file", one, "--send", "text;", "--send-file", two, "--send-file", one, "--send-file", three];
    let (all, ended) = sent_by(&bench, &options);
    assert_eq!(String::from_utf8_lossy(&all), "one;text;two;one;three;");
    ended.exits(0);

    let mut listen = bench.json(&["listen", "127.0.0.1:0", "--send-file", one, "--send-file", two, "--until-closed"]);
    let local = listen.local();
    fs::remove_file(two).expect("removed");
    drop(TcpStream::connect(local).expect("connected"));
    let warning = listen.event("warning");
    assert_eq!(warning["operation"], "read_file");
    assert!(names(&warning["address"], two.as_ref()), "{warning}");
    listen.end().exits(1);
}
