//! `--talk FILE`: a session that answers by the rules of a talk file.

use crate::export::exported;
use crate::support::{Bench, python, shown};
use serde_json::Value;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream, UdpSocket};
use std::time::Duration;

/// A mock device: function 3 answers after a pause, every other function gets an exception.
const DEVICE: &str = "\
talk 1
session listen tcp://127.0.0.1:5020 { frame modbus-tcp }
on 01 03 {{?at:u16}} {{?n:u16}} where n <= 100 { wait 20ms; > 01 03 {{n * 2:u8}} {{zeros(n * 2)}} }
on 01 {{?function:u8}} * { > 01 {{function | 0x80:u8}} 01 }
";

/// A Modbus TCP client without a library: two requests at once, one in two parts, and an unknown function.
const MASTER: &str = r#"
import socket, struct, sys, time
peer = socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=20)
def request(number, unit, *body):
    return struct.pack(">HHHB", number, 0, len(body) + 1, unit) + bytes(body)
def answer():
    head = b""
    while len(head) < 7:
        head += peer.recv(7 - len(head)) or sys.exit("closed")
    number, protocol, length, unit = struct.unpack(">HHHB", head)
    body = b""
    while len(body) < length - 1:
        body += peer.recv(length - 1 - len(body)) or sys.exit("closed")
    return number, unit, body.hex()
peer.sendall(request(7, 1, 3, 0, 0, 0, 2) + request(8, 1, 3, 0, 9, 0, 1))
print(answer(), answer())
whole = request(9, 1, 5, 0, 0, 255, 0)
peer.sendall(whole[:5])
time.sleep(0.05)
peer.sendall(whole[5:])
print(answer())
peer.sendall(request(10, 1, 3, 0, 0, 0, 200))
print(answer())
"#;

#[test]
fn a_mock_device_answers_a_modbus_master() {
    let bench = Bench::new();
    let file = bench.file("device.talk", DEVICE);
    let mut listen = bench.json(&["listen", "127.0.0.1:0", "--talk", shown(&file), "--until-closed"]);
    let at = listen.local();
    let master = python(MASTER, &[&at.ip().to_string(), &at.port().to_string()]).end().exits(0);
    let expected = "(7, 1, '030400000000') (8, 1, '03020000')\n(9, 1, '8501')\n(10, 1, '8301')\n";
    assert_eq!(master.lines_of_text().join("\n") + "\n", expected);
    let ended = listen.end().exits(0);
    assert_eq!(ended.summary()["sent_records"], Value::from(4));
    assert!(ended.all("warning").is_empty(), "{ended:?}");
}

fn exchange(peer: &mut TcpStream, sent: &str, expected: &str) {
    peer.write_all(sent.as_bytes()).expect("written");
    let mut answer = vec![0; expected.len()];
    peer.read_exact(&mut answer).expect("an answer");
    assert_eq!(String::from_utf8_lossy(&answer), expected, "to {sent:?}");
}

#[test]
fn each_connection_has_its_own_names_and_limits() {
    let bench = Bench::new();
    let source = "var total = 0
on open { set mine = 0; > \"hello {{peer}}\" }
on \"once\" limit 1 { > \"first\" }
on also \"add\" { set mine = mine + 1; set total = total + 1 }
on \"add\" { > \"{{mine}}/{{total}}\" }
on \"bye\" { > \"bye\"; close }
on * { > \"?\" }";
    let file = bench.file("counter.talk", source);
    let mut listen =
        bench.json(&["listen", "127.0.0.1:0", "--frame", "line", "--talk", shown(&file), "--until-closed"]);
    let at = listen.local();
    let mut peers = [0, 1].map(|_| {
        let peer = TcpStream::connect(at).expect("connected");
        peer.set_read_timeout(Some(Duration::from_secs(20))).expect("time-out");
        peer
    });
    for peer in &mut peers {
        let hello = format!("hello {}\n", peer.local_addr().expect("connected"));
        exchange(peer, "", &hello);
    }
    exchange(&mut peers[0], "once\nonce\n", "first\n?\n");
    exchange(&mut peers[0], "add\nadd\n", "1/1\n2/2\n");
    exchange(&mut peers[1], "add\n", "1/3\n");
    exchange(&mut peers[1], "once\n", "first\n");
    for peer in &mut peers {
        // The end comes behind the answer.
        exchange(peer, "bye\nadd\n", "bye\n");
        assert_eq!(peer.read(&mut [0; 9]).expect("a FIN"), 0);
    }
    let ended = listen.end().exits(0);
    assert!(ended.all("warning").is_empty(), "{ended:?}");
}

#[test]
fn idle_and_every_run_by_the_clock_of_the_worker() {
    let bench = Bench::new();
    let file = bench.file("clock.talk", "on every 30ms limit 3 { > \"beat\" }\non idle 400ms { > \"idle\"; close }");
    let mut listen =
        bench.json(&["listen", "127.0.0.1:0", "--frame", "line", "--talk", shown(&file), "--until-closed"]);
    let mut peer = TcpStream::connect(listen.local()).expect("connected");
    peer.set_read_timeout(Some(Duration::from_secs(20))).expect("time-out");
    let mut all = String::new();
    peer.read_to_string(&mut all).expect("a FIN");
    assert_eq!(all, "beat\nbeat\nbeat\nidle\n");
    listen.end().exits(0);
}

#[test]
fn a_reset_and_a_half_close_by_a_rule() {
    let bench = Bench::new();
    let file = bench.file("ends.talk", "on \"reset\" { reset }\non \"half\" { > \"last\"; shutdown }");
    let options = ["listen", "127.0.0.1:0", "--frame", "line", "--talk", shown(&file)];
    let mut listen = bench.json(&[&options[..], &["--until-closed"]].concat());
    let at = listen.local();
    let mut half = TcpStream::connect(at).expect("connected");
    let mut reset = TcpStream::connect(at).expect("connected");
    for peer in [&half, &reset] {
        peer.set_read_timeout(Some(Duration::from_secs(20))).expect("time-out");
    }
    reset.write_all(b"reset\n").expect("written");
    let error = reset.read(&mut [0; 9]).expect_err("a reset");
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
    half.write_all(b"half\n").expect("written");
    let mut last = String::new();
    half.read_to_string(&mut last).expect("a FIN");
    assert_eq!(last, "last\n");
    // Our side is still read.
    half.write_all(b"more\n").expect("written");
    half.shutdown(Shutdown::Write).expect("connected");
    let ended = listen.end().exits(0);
    assert!(ended.text("frame").contains("more"), "{}", ended.text("frame"));
}

#[test]
fn datagrams_are_answered_to_each_sender() {
    let bench = Bench::new();
    let file = bench.file("udp.talk", "on \"late\" { wait 50ms; > \"late\" }\non {{?x:text}} { > \"<{{x}}>\" }");
    let mut listen = bench.json(&["listen", "udp://127.0.0.1:0", "--talk", shown(&file), "--until-bytes", "10"]);
    let at = listen.local();
    let peers = [0, 1].map(|_| UdpSocket::bind("127.0.0.1:0").expect("a port"));
    let mut buffer = [0; 20];
    peers[0].send_to(b"late", at).expect("sent");
    peers[1].send_to(b"b", at).expect("sent");
    for (peer, expected) in [(&peers[1], &b"<b>"[..]), (&peers[0], b"late")] {
        peer.set_read_timeout(Some(Duration::from_secs(20))).expect("time-out");
        let count = peer.recv(&mut buffer).expect("an answer");
        assert_eq!(&buffer[..count], expected);
    }
    peers[0].send_to(b"12345", at).expect("sent");
    listen.end().exits(0);
}

#[test]
fn what_rules_note_and_cannot_do_is_a_warning_in_the_language() {
    for (lang, fault, failed) in [("en", "cannot be carried out", "a rule failed"), ("zh-CN", "无法执行", "判定失败")]
    {
        let bench = Bench::new();
        let file = bench.file(
            "faults.talk",
            "on \"fault\" { > {{len(frame) * 60:u8}} }\non \"fail\" { fail \"no answer\" }\non \"note\" { note \"seen\" }\non \"bye\" { close }",
        );
        let options = ["listen", "127.0.0.1:0", "--frame", "line", "--lang", lang, "--talk", shown(&file)];
        let mut listen = bench.json(&[&options[..], &["--until-closed"]].concat());
        let mut peer = TcpStream::connect(listen.local()).expect("connected");
        peer.write_all(b"fault\nfail\nnote\nbye\n").expect("written");
        assert_eq!(peer.read(&mut [0; 9]).expect("a FIN"), 0);
        let ended = listen.end().exits(0);
        let warnings: Vec<String> = ended.all("warning").iter().map(|one| one["message"].to_string()).collect();
        assert!(warnings.len() == 3, "{warnings:?}");
        assert!(warnings[0].contains(fault) && warnings[0].contains("1: {{len(frame) * 60:u8}}"), "{warnings:?}");
        assert!(warnings[1].contains(failed) && warnings[1].contains("no answer"), "{warnings:?}");
        assert!(warnings[2].contains("seen"), "{warnings:?}");
    }
}

/// Each side sends every line back.
#[test]
fn two_sides_that_answer_each_other_are_stopped() {
    let bench = Bench::new();
    let echo = bench.file("echo.talk", "on * { > {{frame}} }");
    let begin = bench.file("begin.talk", "on open { > \"ok\" }\non * { > {{frame}} }");
    let mut listen = bench.json(&["listen", "127.0.0.1:0", "--frame", "line", "--talk", shown(&echo)]);
    let at = listen.local().to_string();
    let mut connect = bench.json(&["connect", &at, "--frame", "line", "--talk", shown(&begin)]);
    // The side that began gets its own line back first.
    let stopped = connect.event_where("warning", |event| event["kind"] == "rule_loop");
    assert_eq!(stopped["operation"], "reply");
    // It still reads and records, but sends nothing more.
    connect.kill();
    listen.event("peer_left");
    listen.kill();
}

#[test]
fn wrong_files_are_reported_with_the_line_before_anything_opens() {
    let bench = Bench::new();
    let cases = [
        ("on 01 0 { }\n", "1 | on 01 0", "1 | on 01 0"),
        ("on \"x\" { }\n", "frame", "frame"),
        ("session listen tcp://127.0.0.1:1 { frame nothing }\non \"x\" { }\n", "nothing", "nothing"),
        ("var x = 1\n", "no active rules", "没有启用的规则"),
        ("var x = 300\non every 1s { > {{300:u8}} }\n", "300", "300"),
        ("session listen tcp://127.0.0.1:1 { frame line }\non \"x\" { > +CRC-99 }\n", "CRC-99", "CRC-99"),
        (
            "session listen tcp://127.0.0.1:1 { frame line }\nvar x = 1 / 0\non \"x\" { }\n",
            "Division by zero",
            "除数为 0",
        ),
        (
            "session listen tcp://127.0.0.1:1 { frame line }\non \"x\" { > file \"../x\" }\n",
            "leaves the folder",
            "超出本文件",
        ),
    ];
    for (source, en, zh) in cases {
        let file = bench.file("wrong.talk", source);
        for (lang, words) in [("en", en), ("zh-CN", zh)] {
            let ended = bench.ran(&["listen", "127.0.0.1:0", "--lang", lang, "--talk", shown(&file)]).exits(2);
            let said = &ended.stderr;
            assert!(said.contains(words) && said.contains("wrong.talk"), "{source}: {said}");
        }
    }
    let missing = bench.path("missing.talk");
    let ended = bench.ran(&["listen", "127.0.0.1:0", "--lang", "en", "--talk", shown(&missing)]).exits(2);
    assert!(ended.stderr.contains("does not exist"), "{ended:?}");
    let file = bench.file("right.talk", "on every 1s { > \"x\" }");
    bench.ran(&["listen", "127.0.0.1:0", "--echo", "--talk", shown(&file)]).exits(2);
}

#[test]
fn a_file_beside_the_talk_file_is_sent() {
    let bench = Bench::new();
    bench.file("page.html", "<p>hello</p>");
    let file = bench.file("http.talk", "on /^GET / { > \"HTTP/1.0 200 OK\\r\\n\\r\\n\" file \"page.html\"; close }");
    let mut listen =
        bench.json(&["listen", "127.0.0.1:0", "--frame", "record", "--talk", shown(&file), "--until-closed"]);
    let mut peer = TcpStream::connect(listen.local()).expect("connected");
    peer.write_all(b"GET / HTTP/1.0\r\n\r\n").expect("written");
    let mut page = String::new();
    peer.read_to_string(&mut page).expect("a FIN");
    assert_eq!(page, "HTTP/1.0 200 OK\r\n\r\n<p>hello</p>");
    listen.end().exits(0);
}

#[test]
fn a_register_table_is_served_before_the_rules() {
    let bench = Bench::new();
    bench.file("registers.csv", "table,address,value,type\nholding,0,230.5,f32\nholding,9,7\ncoil,0,1\n");
    let file = bench.file("slave.talk", "serve modbus-tcp \"registers.csv\"\non * { > \"never\" }");
    let mut listen = bench.json(&["listen", "127.0.0.1:0", "--talk", shown(&file), "--until-closed"]);
    let at = listen.local();
    let master = python(MASTER, &[&at.ip().to_string(), &at.port().to_string()]).end().exits(0);
    let expected = ["(7, 1, '030443668000') (8, 1, '03020007')", "(9, 1, '050000ff00')", "(10, 1, '8303')"];
    assert_eq!(master.lines_of_text(), expected);
    listen.end().exits(0);
    bench.file("registers.csv", "holding,0,x\n");
    let ended = bench.ran(&["listen", "127.0.0.1:0", "--lang", "zh-CN", "--talk", shown(&file)]).exits(2);
    assert!(ended.stderr.contains("寄存器表第 1 行"), "{ended:?}");
}

#[test]
fn records_and_exports_name_the_rule_that_answered() {
    let bench = Bench::new();
    let file = bench.file("named.talk", "on \"a\" as first { > \"1\" }\non \"b\" { > \"2\"; close }");
    let log = bench.path("traffic.log");
    let options = ["--frame", "line", "--talk", shown(&file), "--until-closed", "--log", shown(&log)];
    let mut listen = bench.json(&[&["listen", "127.0.0.1:0"], &options[..]].concat());
    let mut peer = TcpStream::connect(listen.local()).expect("connected");
    peer.set_read_timeout(Some(Duration::from_secs(20))).expect("time-out");
    exchange(&mut peer, "a\nb\n", "1\n2\n");
    listen.end().exits(0);
    let log = std::fs::read_to_string(log).expect("the log");
    assert!(log.contains("[↩ first]") && log.contains("[↩ \"b\"]"), "{log}");
    let jsonl = std::fs::read_to_string(exported(&bench, "jsonl", &[])).expect("text");
    let sent: Vec<Value> = jsonl.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let sent: Vec<&Value> = sent.iter().filter(|line| line["event"] == "sent").map(|line| &line["name"]).collect();
    assert_eq!(sent, [&Value::from("first"), &Value::from("\"b\"")]);
    let csv = std::fs::read_to_string(exported(&bench, "csv", &[])).expect("text");
    assert!(csv.lines().next().is_some_and(|head| head.ends_with(",message,name")), "{csv}");
    assert!(csv.contains(",\"first\"\r\n") && csv.contains(",\"\"\"b\"\"\"\r\n"), "{csv}");
    let packets = std::fs::read(exported(&bench, "pcapng", &[])).expect("packets");
    let packets = String::from_utf8_lossy(&packets);
    assert!(packets.contains("reply rule: first"), "a comment names the rule");
}
