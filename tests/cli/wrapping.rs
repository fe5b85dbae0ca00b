//! `--append` and `--wrap`: what is put around the payloads of the command line.

use crate::support::Bench;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream, UdpSocket};
use std::time::Duration;

/// What a peer receives from `connect` with these options.
fn sent(options: &[&str]) -> Vec<u8> {
    let bench = Bench::new();
    let listener = TcpListener::bind("127.0.0.1:0").expect("bound");
    let at = listener.local_addr().expect("an address").to_string();
    let connect = bench.json(&[&["connect", &at][..], options].concat());
    let (mut peer, _) = listener.accept().expect("accepted");
    let mut all = Vec::new();
    peer.read_to_end(&mut all).expect("read");
    drop(peer);
    let ended = connect.end().exits(0);
    assert_eq!(ended.payload("sent"), all);
    all
}

const REQUEST: &str = "01 03 00 00 00 0A";

#[test]
fn each_payload_is_wrapped_by_itself() {
    for (options, expected) in [
        (&["--send-hex", REQUEST, "--append", "CRC-16/MODBUS"][..], &b"\x01\x03\0\0\0\x0A\xC5\xCD"[..]),
        (&["--send-hex", REQUEST, "--wrap", "modbus-rtu"], b"\x01\x03\0\0\0\x0A\xC5\xCD"),
        (&["--send-hex", REQUEST, "--wrap", "modbus-tcp"], b"\0\0\0\0\0\x06\x01\x03\0\0\0\x0A"),
        (&["--send", "a", "--send", "bc", "--wrap", "line"], b"a\nbc\n"),
        (&["--send", "a", "--send-hex", "00", "--wrap", "len:size=1"], b"\x01a\x01\0"),
        // The check goes behind the content, the line end behind the check.
        (&["--send", "GPGLL,A", "--append", "XOR-8:form=hex", "--wrap", "line"], b"GPGLL,A3D\n"),
        (&["--send-hex", "01 02", "--append", "SUM-8", "--append", "XOR-8"], b"\x01\x02\x03\0"),
        (&["--send-hex", "01 02 03", "--append", "SUM-16:from=1,endian=little"], b"\x01\x02\x03\x05\0"),
        (&["--send", "你", "--encoding", "GBK", "--wrap", "stx-etx"], b"\x02\xC4\xE3\x03"),
    ] {
        assert_eq!(sent(options), expected, "{options:?}");
    }
}

#[test]
fn replies_are_wrapped_too() {
    for (reply, expected) in [(&["--reply", "ok"][..], &b"\x02ok\x02ok"[..]), (&["--reply-hex", "00"], b"\x01\0\x01\0")]
    {
        let bench = Bench::new();
        let options = ["listen", "127.0.0.1:0", "--until-closed", "--frame", "line", "--wrap", "len:size=1"];
        let mut listen = bench.json(&[&options[..], reply].concat());
        let mut peer = TcpStream::connect(listen.local()).expect("connected");
        peer.write_all(b"a\nb\n").expect("written");
        peer.shutdown(Shutdown::Write).expect("connected");
        let mut answers = Vec::new();
        peer.read_to_end(&mut answers).expect("a FIN");
        assert_eq!(answers, expected, "{reply:?}");
        listen.end().exits(0);
    }
}

#[test]
fn each_datagram_is_a_frame() {
    let bench = Bench::new();
    let socket = UdpSocket::bind("127.0.0.1:0").expect("bound");
    socket.set_read_timeout(Some(Duration::from_secs(20))).expect("set");
    let at = format!("udp://{}", socket.local_addr().expect("an address"));
    let connect = bench.json(&["connect", &at, "--send", "a", "--send", "b", "--wrap", "nmea"]);
    for expected in [&b"$a*61\r\n"[..], b"$b*62\r\n"] {
        let mut buffer = [0; 64];
        let (len, _) = socket.recv_from(&mut buffer).expect("a datagram");
        assert_eq!(&buffer[..len], expected);
    }
    connect.end().exits(0);
}

#[test]
fn what_cannot_be_wrapped_is_wrong_usage() {
    let bench = Bench::new();
    let file = bench.file("data", b"x");
    let file = crate::support::shown(&file);
    for (options, en, zh) in [
        (&["--send", "a", "--wrap", "nonsense"][..], "--wrap", "--wrap"),
        (&["--send", "a", "--append", "CRC-99"], "no checksum \"CRC-99\"", "没有名为「CRC-99」的校验算法"),
        (&["--send", "a\nb", "--wrap", "line"], "contains 0A", "含有 0A"),
        (&["--send-hex", "01", "--wrap", "modbus-rtu"], "not a Modbus RTU message", "不是 Modbus RTU 报文"),
        (&["--reply", "a\r", "--wrap", "line"], "ends with CR", "以 CR 结束"),
        (&["--send", "a", "--wrap", "stx-etx+XOR-8"], "cannot be used to send", "不能用于发送"),
        (&["--wrap", "line"], "--wrap", "没有可封装的内容"),
        (&["--echo", "--append", "SUM-8"], "nothing to wrap", "没有可封装的内容"),
        (&["--send-file", file, "--wrap", "line"], "--send-file", "--send-file"),
        (&["--send", "a", "--stdin", "--append", "SUM-8"], "--stdin", "--stdin"),
    ] {
        for (lang, part) in [("en", en), ("zh-CN", zh)] {
            let arguments = [&["connect", "127.0.0.1:9", "--lang", lang][..], options].concat();
            let ended = bench.plain(&arguments).end().exits(2);
            assert!(ended.stderr.contains(part), "{options:?}: {}", ended.stderr);
            assert_eq!(ended.stderr.trim_end().lines().count(), 1, "{}", ended.stderr);
        }
    }
}
