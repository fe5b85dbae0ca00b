//! Compares frames and checks with other implementations: the program must find the frames that packages of PyPI write, and the
//! same frames as `tshark` in a capture.

use crate::export::{RECEIVED, Story, exported, run};
use crate::packages::python_with_packages;
use crate::support::{Bench, peer, shown, unhex};
use wirebench::codec::ChecksumKind;
use wirebench::model::CloseReason;

/// Checks that the program finds the 60 messages that a package frames and sends in parts.
fn finds_what_a_package_writes(rule: &str) {
    let Some(python) = python_with_packages() else { return };
    let bench = Bench::new();
    let script = bench.file("frames.py", include_str!("oracles/frames.py"));
    let mut listener = bench.json(&["listen", "127.0.0.1:0", "--frame", rule, "--until-closed"]);
    let at = listener.local();
    let port = at.port().to_string();
    let sender = peer(shown(python), &[shown(&script), rule, "127.0.0.1", &port]).end().exits(0);
    let ended = listener.end().exits(0);
    let frames = ended.all("frame");
    let seen: Vec<String> = frames
        .iter()
        .map(|frame| {
            format!("{} {}", frame["hex"].as_str().expect("hex"), frame["payload"].as_str().expect("a payload"))
        })
        .collect();
    let written = String::from_utf8(sender.stdout).expect("hex");
    assert_eq!(seen, written.lines().collect::<Vec<_>>(), "{rule}");
    let has_check = rule != "slip" && rule != "cobs" && rule != "mllp";
    assert!(frames.iter().all(|frame| frame.get("check").is_some_and(|check| check == "ok") == has_check), "{rule}");
    assert_eq!(ended.all("frames")[0]["junk_bytes"], 0);
}

#[test]
fn modbus_ascii_as_pymodbus_writes_it() {
    finds_what_a_package_writes("modbus-ascii");
}

#[test]
fn fix_messages_as_simplefix_writes_them() {
    finds_what_a_package_writes("fix");
}

#[test]
fn hl7_messages_as_the_hl7_package_wraps_them() {
    finds_what_a_package_writes("mllp");
}

#[test]
fn nmea_sentences_as_pynmea2_writes_them() {
    finds_what_a_package_writes("nmea");
}

#[test]
fn slip_packets_as_sliplib_writes_them() {
    finds_what_a_package_writes("slip");
}

#[test]
fn cobs_packets_as_the_cobs_package_writes_them() {
    finds_what_a_package_writes("cobs");
}

#[test]
fn checksums_are_those_of_crccheck() {
    let Some(python) = python_with_packages() else { return };
    let bench = Bench::new();
    let script = bench.file("checksums.py", include_str!("oracles/checksums.py"));
    let text = String::from_utf8(peer(shown(python), &[shown(&script)]).end().exits(0).stdout).expect("text");
    let mut compared = 0;
    for line in text.lines() {
        let [name, data, value] = line.split('\t').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let Some(kind) = ChecksumKind::by_name(name) else { continue }; // wider than 64 bits
        let computed = kind.calculator().compute(&unhex(&data[1..]));
        assert_eq!(format!("{computed:x}"), value, "{name} of {data}");
        compared += 1;
    }
    assert!(compared > 400, "{compared} values");
}

/// Frames of the first peer, in hex.
fn frames_shown(bench: &Bench, rule: &str) -> Vec<String> {
    let ended = bench.ran(&["captures", "show", "last", "--json", "--frame", rule]).exits(0);
    ended.all("frame").iter().map(|frame| frame["hex"].as_str().expect("hex").to_owned()).collect()
}

/// The values of a field that tshark finds with its dissector of a protocol, in order.
fn tshark_field(bench: &Bench, protocol: &str, field: &str) -> Vec<String> {
    let file = exported(bench, "pcapng", &[]);
    let decode = format!("tcp.port==8080,{protocol}");
    let text = run("tshark", &["-n", "-r", shown(&file), "-d", &decode, "-T", "fields", "-e", field]);
    text.lines().flat_map(|line| line.split(',')).filter(|value| !value.is_empty()).map(str::to_owned).collect()
}

/// A capture of one peer that sent this stream in pieces of these sizes.
fn captured(bench: &Bench, stream: &[u8]) {
    let mut story = Story::begin(bench, "tcp://127.0.0.1:8080");
    let sender = story.joined("127.0.0.1:4001");
    let (mut rest, mut sizes) = (stream, [1, 30, 7, 200, 2, 90].into_iter().cycle());
    while !rest.is_empty() {
        let (piece, behind) = rest.split_at(sizes.next().unwrap_or(1).min(rest.len()));
        story.data(sender, RECEIVED, piece);
        rest = behind;
    }
    story.left(sender, CloseReason::PeerFin);
    story.end();
}

#[test]
fn tshark_finds_the_same_iec_104_apdus() {
    let bench = Bench::new();
    let apdus: [&[u8]; 6] = [
        &[0x68, 4, 7, 0, 0, 0],
        &[0x68, 4, 0x0B, 0, 0, 0],
        &[0x68, 14, 0, 0, 0, 0, 100, 1, 6, 0, 1, 0, 0, 0, 0, 20],
        &[0x68, 4, 1, 0, 2, 0],
        // A measured value whose bytes look like the start of an APDU.
        &[0x68, 18, 2, 0, 2, 0, 13, 1, 3, 0, 1, 0, 0x68, 4, 7, 0, 0, 0, 0x68, 0],
        &[0x68, 4, 0x43, 0, 0, 0],
    ];
    let stream: Vec<u8> = (0..20).flat_map(|round: usize| apdus[round * 5 % 6]).copied().collect();
    captured(&bench, &stream);
    let seen: Vec<String> =
        frames_shown(&bench, "iec104").iter().map(|frame| (frame.len() / 2 - 2).to_string()).collect();
    assert_eq!(seen.len(), 20);
    assert_eq!(seen, tshark_field(&bench, "iec60870_104", "iec60870_104.apdulen"));
}

fn fix_message(text: &str) -> Vec<u8> {
    let head = format!("8=FIX.4.4\x019={}\x01{text}", text.len());
    let sum = head.bytes().fold(0_u8, u8::wrapping_add);
    format!("{head}10={sum:03}\x01").into_bytes()
}

#[test]
fn tshark_finds_the_same_fix_messages_and_wrong_checksums() {
    let bench = Bench::new();
    let bodies: Vec<String> = (1..=12)
        .map(|number| format!("35=0\x0134={number}\x0149=A\x0156=B\x0158={}\x01", "text ".repeat(number)))
        .collect();
    let mut messages: Vec<Vec<u8>> = bodies.iter().map(|body| fix_message(body)).collect();
    let changed = messages[4].len() - 12;
    messages[4][changed] ^= 1;
    captured(&bench, &messages.concat());
    let lengths: Vec<String> = bodies.iter().map(|body| body.len().to_string()).collect();
    assert_eq!(tshark_field(&bench, "fix", "fix.BodyLength"), lengths);
    let ended = bench.ran(&["captures", "show", "last", "--json", "--frame", "fix"]).exits(0);
    let checks: Vec<bool> = ended.all("frame").iter().map(|frame| frame["check"] == "ok").collect();
    let good: Vec<bool> = tshark_field(&bench, "fix", "fix.checksum_good").iter().map(|good| good == "1").collect();
    assert_eq!(checks, good);
    assert_eq!(checks.iter().filter(|ok| !**ok).count(), 1);
}

#[test]
fn tshark_finds_the_same_hl7_messages() {
    let bench = Bench::new();
    let message = |number: usize| {
        let text =
            format!("MSH|^~\\&|LAB|H|EHR|H|202601310800||ORU^R01|{number}|P|2.5\rPID|||{}\r", "7".repeat(number * 9));
        [b"\x0B", text.as_bytes(), b"\x1C\r"].concat()
    };
    let messages: Vec<Vec<u8>> = (1..=9).map(message).collect();
    captured(&bench, &messages.concat());
    let whole: Vec<String> = messages.iter().map(|message| wirebench::codec::hex::lower(message)).collect();
    assert_eq!(frames_shown(&bench, "mllp"), whole);
    assert_eq!(tshark_field(&bench, "hl7", "hl7.message.type").len(), whole.len());
}
