//! Variants of the log format.

use super::*;
use proptest::prelude::*;

/// Imports a log and returns its payloads and remarks.
fn read(log: &[u8]) -> (Vec<Vec<u8>>, ImportRemarks) {
    let bench = Bench::new();
    let imported = bench.import(log).expect("imported");
    let payloads = bench.data(&imported).into_iter().map(|(_, _, bytes)| bytes).collect();
    (payloads, imported.remarks)
}

fn payloads(log: &str) -> Vec<String> {
    read(log.as_bytes()).0.into_iter().map(|bytes| String::from_utf8(bytes).expect("text")).collect()
}

#[test]
fn a_byte_order_mark_does_not_hide_the_first_entry() {
    let log = "[2019-07-12 16:05:48.417]# RECV ASCII FROM 10.0.0.1 :1>\r\none\r\n\
               [2019-07-12 16:05:48.418]# RECV ASCII FROM 10.0.0.1 :1>\r\n二😀\r\n";
    let expected = vec![b"one".to_vec(), "二😀".as_bytes().to_vec()];
    let marked = format!("\u{FEFF}{log}");
    assert_eq!(read(marked.as_bytes()), (expected.clone(), ImportRemarks::default()));
    let utf_16: [fn(u16) -> [u8; 2]; 2] = [u16::to_le_bytes, u16::to_be_bytes];
    for bytes_of in utf_16 {
        let bytes: Vec<u8> = marked.encode_utf16().flat_map(bytes_of).collect();
        let remarks = ImportRemarks { was_utf_16: true, ..ImportRemarks::default() };
        assert_eq!(read(&bytes), (expected.clone(), remarks));
    }
}

#[test]
fn a_log_in_utf_16_is_read_over_every_border() {
    for len in 4_050..4_110 {
        let log = format!("\u{FEFF}[2019-07-12 16:05:48.417]# RECV ASCII>\n{}😀\n", "a".repeat(len));
        let bytes: Vec<u8> = log.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(read(&bytes).0, [format!("{}😀", "a".repeat(len)).into_bytes()]);
    }
}

#[test]
fn payload_may_stand_on_the_head_line() {
    for end in ["\n", "\r\n"] {
        let log = [
            "[2019-07-12 16:05:48.417]# RECV ASCII FROM 10.0.0.1 :1>a>b",
            "[2019-07-12 16:05:48.418]# RECV HEX>41 42",
            "[2019-07-12 16:05:48.419]# SEND ASCII TO ALL> two",
            "lines",
            "[2019-07-12 16:05:48.420]# RECV ASCII FROM 10.0.0.1 :1>",
            "below",
            "",
        ];
        assert_eq!(payloads(&log.join(end)), ["a>b", "AB", &format!(" two{end}lines"), "below"]);
    }
    // Longer than one read, with the line end split between two reads.
    let head = "[2019-07-12 16:05:48.417]# RECV ASCII>";
    for len in [64 * 1024 - head.len() - 1, 200_000] {
        let text = "x".repeat(len);
        assert_eq!(payloads(&format!("{head}{text}\r\n{head}\r\nshort\r\n")), [text.as_str(), "short"]);
    }
}

#[test]
fn heads_of_newer_versions_are_known() {
    let log = "[2025-02-21 10:37:01.615]# RECV ASCII/3 from 192.168.1.253 :49153 <<<\n\
               one\n\n\
               [2025-02-21 10:37:01.679]# SEND ASCII/3 >>>\n\
               two\n\n\
               [2025-02-21 10:37:01.680]# RECV HEX/2 <<<\n\
               41 42 \n\n\
               [2025-01-13 14:12:56.584]# SEND ASCII(4)>\n\
               AT\r\n\
               [2025-01-13 14:12:56.616]# RECV ASCII 12B>\n\
               +MATREADY\r\n\n\
               [2025-01-13 14:12:56.617]# SEND ASCII >>>no\n";
    let bench = Bench::new();
    let imported = bench.import(log.as_bytes()).expect("imported");
    let found = bench.data(&imported);
    let texts: Vec<_> = found.iter().map(|(_, _, bytes)| String::from_utf8_lossy(bytes).into_owned()).collect();
    assert_eq!(texts, ["one", "two", "AB", "AT\r\n", "+MATREADY\r\n\n", "no"], "the length determines what is payload");
    let of_it = |at: usize| (found[at].0, found[at].1.as_str());
    assert_eq!(of_it(0), (Direction::Received, "192.168.1.253:49153"));
    assert_eq!(found[1].0, Direction::Sent);
    assert_eq!(imported.remarks, ImportRemarks::default());
}

/// Entries of three payloads, with `gap` after each payload.
fn three(payloads: [&str; 3], gap: &str) -> String {
    let entry = |text: &str| format!("[2019-07-12 16:05:48.417]# RECV ASCII FROM 10.0.0.1 :1>\r\n{text}\r\n{gap}");
    payloads.map(entry).concat()
}

#[test]
fn an_empty_line_behind_every_entry_is_no_payload() {
    let spaced = ImportRemarks { had_empty_lines: true, ..ImportRemarks::default() };
    let (found, remarks) = read(three(["abc", "", "d\r\ne"], "\r\n").as_bytes());
    assert_eq!((found, remarks), (vec![b"abc".to_vec(), Vec::new(), b"d\r\ne".to_vec()], spaced));
    // Unix line ends, hex, and events.
    let log = "[2019-07-12 16:05:41.240]# Client 10.0.0.1:1 gets online.\n\n\
               [2019-07-12 16:05:48.417]# RECV HEX FROM 10.0.0.1 :1>\n3C DB \n\n\
               [2019-07-12 16:05:48.418]# SEND ASCII TO ALL>\nC;\n\n\n\
               [2019-07-12 16:05:48.419]# RECV ASCII FROM 10.0.0.1 :1>here\n\n";
    let (found, remarks) = read(log.as_bytes());
    assert_eq!((found, remarks), (vec![vec![0x3C, 0xDB], b"C;\n".to_vec(), b"here".to_vec()], spaced));
    // Copied from a window, without the line end after the last line.
    let log = three(["a", "b", "c"], "\r\n");
    assert_eq!(payloads(log.trim_end()), ["a", "b", "c"]);
}

#[test]
fn a_line_end_is_payload_where_one_entry_has_none() {
    for (log, expected) in [
        (three(["a\r\n", "b", "c\r\n"], ""), vec!["a\r\n", "b", "c\r\n"]),
        (three(["a\r\n", "b\r\n", "c"], ""), vec!["a\r\n", "b\r\n", "c"]),
        (three(["a\r\n", "b\r\n", ""], ""), vec!["a\r\n", "b\r\n", ""]),
        // A single entry is no evidence.
        ("[2019-07-12 16:05:48.417]# RECV ASCII>\r\na\r\n\r\n".to_owned(), vec!["a\r\n"]),
        // An event without an empty line.
        (format!("[2019-07-12 16:05:41.240]# Client 10.0.0.1:1 gets online.\r\n{}", three(["a", "b", "c"], "\r\n")), {
            vec!["a\r\n", "b\r\n", "c\r\n"]
        }),
    ] {
        assert_eq!(payloads(&log), expected, "{log}");
    }
}

/// Exports datagrams to a log and imports it.
fn over_a_log(bytes: &[Vec<u8>]) -> (Vec<Vec<u8>>, ImportRemarks) {
    let bench = Bench::new();
    let (mut writer, peer) = bench.capture("udp://127.0.0.1:8080", "127.0.0.1:50000");
    let marks = Marks { is_message: true, ..Marks::default() };
    for bytes in bytes {
        let record = NewRecord::data(Direction::Received, peer, Payload::Bytes(bytes)).marked(marks);
        writer.append(&record).expect("appended");
    }
    let imported = bench.import(&log_of(&mut writer)).expect("imported");
    (bench.data(&imported).into_iter().map(|(_, _, bytes)| bytes).collect(), imported.remarks)
}

#[test]
fn datagrams_of_lines_keep_their_line_ends_over_a_log() {
    let lines: Vec<_> = [&b"$GPGGA\r\n"[..], b"$GPGSV\r\n", b"$GPRMC\r\n"].map(<[u8]>::to_vec).into();
    assert_eq!(over_a_log(&lines), (lines, ImportRemarks::default()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_datagrams_are_read_back_from_a_log(
        datagrams in prop::collection::vec("[a>\r\n\\[]{0,4}(\r\n)?".prop_map(String::into_bytes), 1..6),
    ) {
        prop_assert_eq!(over_a_log(&datagrams), (datagrams, ImportRemarks::default()));
    }
}

#[test]
fn lines_of_no_entry_are_counted() {
    let log = "NetAssist\n\n[2019-07-12 16:05:41.240]# The server is started.\nmore\n\
               [2019-07-12 16:05:48.417]# RECV ASCII>\nabc\n\
               [2019-07-12 16:05:49.417]# Client 10.0.0.1:1 gets online.\n";
    let (found, remarks) = read(log.as_bytes());
    assert_eq!(found, [b"abc"]);
    assert_eq!(remarks, ImportRemarks { left_out_lines: 3, ..ImportRemarks::default() });
}
