//! Unix sockets on the command line, with `socat` and Python at the other end.

use crate::support::{Bench, peer, python};

fn path(bench: &Bench, name: &str) -> (std::path::PathBuf, String, String) {
    let path = bench.path(name);
    let text = path.to_str().expect("UTF-8").to_owned();
    let endpoint = format!("unix:{text}");
    (path, text, endpoint)
}

#[test]
fn socat_talks_to_a_server_on_a_path() {
    let bench = Bench::new();
    let (file, path, endpoint) = path(&bench, "server.sock");
    let mut listen = bench.json(&["listen", &endpoint, "--reply-upper", "--until-closed"]);
    assert_eq!(listen.event("listening")["local"], endpoint.as_str());
    let mut socat = peer("socat", &["-t5", "-", &format!("UNIX-CONNECT:{path}")]);
    socat.write_stdin("hello\n");
    socat.stdout_with("HELLO\n");
    socat.close_stdin();
    socat.end();
    let ended = listen.end().exits(0);
    assert_eq!(ended.text("received"), "hello\n");
    let from = ended.all("received")[0]["peer"].as_str().unwrap_or_default().to_owned();
    let is_named = cfg!(not(target_os = "linux")) || from.starts_with("unix:pid ") && from.contains(" uid ");
    assert!(is_named, "{from}");
    assert!(!file.exists());
    // The history keeps the addresses.
    let shown = bench.ran(&["captures", "show", "last", "--json"]).exits(0);
    assert_eq!(shown.all("received")[0]["peer"], from.as_str());
    assert_eq!(shown.all("listening")[0]["local"], endpoint.as_str());
}

#[test]
fn a_client_talks_to_python_on_a_path() {
    let bench = Bench::new();
    let (_, path, endpoint) = path(&bench, "device.sock");
    let mut device = python(
        "import socket, sys\ns = socket.socket(socket.AF_UNIX)\ns.bind(sys.argv[1])\ns.listen()\nprint('ready', flush=True)\np, _ = s.accept()\nprint(p.recv(100).decode(), flush=True)\np.sendall(b'answer')\np.close()",
        &[&path],
    );
    device.stdout_with("ready\n");
    let ended = bench.json(&["connect", &endpoint, "--send", "ask"]).end().exits(0);
    assert_eq!(ended.text("received"), "answer");
    let remote = ended.all("connected")[0]["remote"].as_str().unwrap_or_default().to_owned();
    assert!(remote.starts_with(&endpoint), "{remote}");
    device.stdout_with("ask\n");
}

#[test]
fn what_is_wrong_is_one_sentence_in_both_languages() {
    let bench = Bench::new();
    let (file, path, endpoint) = path(&bench, "notes.txt");
    std::fs::write(&file, "notes").expect("written");
    let missing = format!("{endpoint}.not-there");
    for (lang, in_the_way, nobody) in
        [("en", "it is not a socket", "there is no such socket"), ("zh-CN", "不是套接字", "没有这个套接字")]
    {
        let listen = bench.ran(&["listen", &endpoint, "--lang", lang]).exits(1);
        assert!(listen.stderr.contains(in_the_way) && listen.stderr.contains(&path), "{}", listen.stderr);
        let connect = bench.ran(&["connect", &missing, "--lang", lang]).exits(1);
        assert!(connect.stderr.contains(nobody), "{}", connect.stderr);
    }
    for wrong in ["unix:", "unix:@", &format!("unix:/{}", "x".repeat(120)), "udp://unix:/tmp/x"] {
        bench.ran(&["listen", wrong]).exits(2);
    }
}

#[test]
fn a_talk_file_runs_over_unix_sockets() {
    let bench = Bench::new();
    let (_, _, endpoint) = path(&bench, "talk.sock");
    let file = bench.file(
        "unix.talk",
        format!(
            "session device listen {endpoint} {{ frame line }}\nsession tester connect {endpoint} {{ frame line }}\nstep \"ask\"\n> tester: \"ping\"\n< device: \"ping\" within 40s\n"
        ),
    );
    let ended = bench.ran(&["run", file.to_str().expect("UTF-8")]);
    let text = String::from_utf8_lossy(&ended.stdout).into_owned();
    assert!(text.contains("ask"), "{text}{}", ended.stderr);
    ended.exits(0);
}
