//! Talk files beside the socket programs of tutorials, which are written in Python: each side of each program once. `docs/TESTING.md`
//! lists the tests of every program.

use crate::peers::{TEXT_CLIENT, split};
use crate::reconnecting::own_address;
use crate::support::{Bench, python, shown};

const HEARTBEAT_SERVER: &str = include_str!("heartbeat_server.py");
const HEARTBEAT_CLIENT: &str = include_str!("heartbeat_client.py");
const FORWARDER: &str = include_str!("forwarder.py");
const PREFIXED_SERVER: &str = include_str!("prefixed_server.py");

#[test]
fn rules_echo_answer_in_capitals_and_with_a_fixed_text() {
    let bench = Bench::new();
    for (rule, answers) in [
        ("on * { > {{frame}} }", ["hello", "你好 abc", "bye"]),
        ("on * { > \"{{upper(text(frame))}}\" }", ["HELLO", "你好 ABC", "BYE"]),
        ("on * { > \"ok, 问题正在处理中...\" }", ["ok, 问题正在处理中..."; 3]),
        (
            "on \"hello\" limit 1 { > \"first\" }\non {{?what:text}} { > \"<{{what}}>\" }",
            ["first", "<你好 abc>", "<bye>"],
        ),
    ] {
        for encoding in ["utf-8", "gbk"] {
            let file = bench.file("rules.talk", rule);
            let options = ["--talk", shown(&file), "--frame", "record", "--encoding", encoding, "--until-closed"];
            let mut listen = bench.json(&[&["listen", "127.0.0.1:0"][..], &options].concat());
            let at = listen.local().to_string();
            let [host, port] = split(&at);
            let client = python(TEXT_CLIENT, &[host, port, encoding, "hello", "你好 abc", "bye"]).end().exits(0);
            let printed = String::from_utf8_lossy(&client.stdout).into_owned();
            assert_eq!(printed.lines().collect::<Vec<_>>(), answers, "{rule} in {encoding}");
            let ended = listen.end().exits(0);
            assert!(ended.all("warning").is_empty(), "{ended:?}");
        }
    }
}

/// 4 bytes of length in front of each message, as `struct.pack('i', n)` writes it: the server answers twice in one `send`.
#[test]
fn a_file_of_steps_keeps_sticky_packets_apart() {
    let bench = Bench::new();
    let mut server = python(PREFIXED_SERVER, &[]);
    let port = server.first_line();
    let source = "session connect tcp://127.0.0.1:PORT { frame len:size=4,endian=little,signed }
step \"apart\"
> \"Hello\"
< next \"Hello\"
< next \"HELLO\"
> \"欢迎 welcome\"
< next \"欢迎 welcome\"
< next \"欢迎 WELCOME\"
step \"two requests at once\"
> raw 01000000 \"a\" 02000000 \"bc\"
< \"A\"
< next \"bc\"
< next \"BC\"
";
    let file = bench.file("sticky.talk", source.replace("PORT", port.trim()));
    bench.ran(&["run", shown(&file)]).exits(0);
    server.end().exits(0);
}

/// `examples/heartbeat.talk` with its own numbers: a server that ends after some beats and is there again, and then is not.
#[test]
fn the_heartbeat_file_meets_its_server_again_and_gives_up_after_ten_attempts() {
    let bench = Bench::new();
    let address = own_address(21);
    let mut server = python(HEARTBEAT_SERVER, &[&address, "0", "3"]);
    let at = server.first_line();
    let example = include_str!("../../../examples/heartbeat.talk");
    let source = example.replace("127.0.0.1:9000", at.trim()).replace("500ms", "20ms").replace("1s", "100ms");
    assert_ne!(source, example);
    let file = bench.file("heartbeat.talk", source);
    let client = bench.json(&["run", shown(&file)]);
    let [host, port] = split(at.trim());
    assert_eq!(server.end().exits(0).lines_of_text()[1..], ["ping 0", "ping 1", "ping 2"]);
    let again = python(HEARTBEAT_SERVER, &[host, port, "2"]).end().exits(0);
    assert_eq!(again.lines_of_text().len(), 3, "{again:?}");
    let ended = client.end().exits(1);
    let steps = ended.all("step");
    assert_eq!((steps.len(), &steps[0]["verdict"]), (1, &"failed".into()), "{ended:?}");
}

/// The client of the tutorial, which we serve twice on one port.
#[test]
fn a_python_heartbeat_client_meets_us_again_and_gives_up() {
    let bench = Bench::new();
    let address = own_address(22);
    let mut listen = bench.json(&["listen", &format!("{address}:0"), "--until-bytes", "8"]);
    let at = listen.local().to_string();
    let mut client = python(HEARTBEAT_CLIENT, &split(&at));
    assert!(listen.end().exits(0).text("received").starts_with("pingping"));
    client.stdout_with("attempt 1");
    let rule = bench.file("beats.talk", "on \"ping\" limit 3 { > \"pong\" }\non * { close }");
    let options = ["--frame", "fixed:4", "--talk", shown(&rule), "--until-closed"];
    let again = bench.json(&[&["listen", &at][..], &options].concat());
    assert_eq!(again.end().exits(0).summary()["sent_records"], 3);
    let ended = client.end().exits(0);
    let lines = ended.lines_of_text();
    assert_eq!(lines.last(), Some(&"gave up"), "{lines:?}");
    let last: Vec<String> = (1..=10).map(|attempt| format!("attempt {attempt}")).collect();
    assert_eq!(lines[lines.len() - 11..lines.len() - 1], last);
}

#[test]
fn a_python_forwarder_stands_between_two_of_us() {
    let bench = Bench::new();
    let mut listen = bench.json(&["listen", "127.0.0.1:0", "--reply-upper", "--until-closed"]);
    let target = listen.local().to_string();
    let mut forwarder = python(FORWARDER, &split(&target));
    let at = forwarder.first_line();
    let source = format!(
        "session connect tcp://{}\nstep \"through\"\nrepeat 5 {{\n> \"hello {{{{round}}}};\"\n< next \"HELLO {{{{round}}}};\"\n}}\n",
        at.trim()
    );
    let file = bench.file("through.talk", source);
    bench.ran(&["run", shown(&file)]).exits(0);
    assert_eq!(listen.end().exits(0).text("received"), "hello 0;hello 1;hello 2;hello 3;hello 4;");
    let forwarded = forwarder.end().exits(0);
    let lines = forwarded.lines_of_text();
    assert!(lines.contains(&"> hello 0;") && lines.contains(&"< HELLO 4;"), "{lines:?}");
}

/// Closing the listener leaves the clients that it accepted alive; the port is free again at once.
#[test]
fn a_python_server_that_stops_listening_goes_on_with_its_client() {
    const SERVER: &str = r#"
import socket
listener = socket.create_server(("127.0.0.1", 0), backlog=5)
print("%s:%d" % listener.getsockname(), flush=True)
peer, address = listener.accept()
assert address == peer.getpeername() and peer.getsockname() == listener.getsockname()
listener.close()
while data := peer.recv(1024):
    peer.sendall(data)
"#;
    let bench = Bench::new();
    let mut server = python(SERVER, &[]);
    let at = server.first_line();
    let at = at.trim();
    let source = format!(
        "session first connect tcp://{at}\nsession second connect tcp://{at} {{ start later }}\nstep \"alive\"\n\
         > first: \"a\"\n< first: \"a\"\nopen second fails refused\n> first: \"b\"\n< first: \"b\"\n"
    );
    let file = bench.file("alive.talk", source);
    bench.ran(&["run", shown(&file)]).exits(0);
    server.end().exits(0);
}
