//! Wall clock and clock jumps.

use super::*;
use std::time::{Duration, Instant};

const HOUR_NS: i64 = 3_600_000_000_000;

#[test]
fn a_clock_set_back_an_hour_is_a_record_and_order_stays() {
    for by_ns in [-HOUR_NS, 2 * HOUR_NS, 1_500_000_000] {
        let mut bench = Bench::new();
        bench.receive(1, b"before");
        bench.clock.moved.set_wall(by_ns);
        bench.receive(1, b"not noticed yet");
        // If this process is suspended between the two clock reads, the jump is detected one tick later.
        let deadline = Instant::now() + Duration::from_secs(10);
        while bench.writer.stats().records < 3 && Instant::now() < deadline {
            bench.writer.tick().expect("ticked");
        }
        bench.receive(1, b"after");
        bench.flush();
        let reader = bench.writer.reader();
        let records: Vec<_> = reader.records().map(|number| reader.record(number).expect("read")).collect();
        let kinds: Vec<_> = records.iter().map(|record| record.kind).collect();
        assert_eq!(kinds, [RecordKind::Data, RecordKind::Data, RecordKind::ClockJump, RecordKind::Data]);
        assert!(records.windows(2).all(|pair| pair[0].mono_ns <= pair[1].mono_ns));
        let moved = records[3].unix_ns - records[0].unix_ns;
        assert!((moved - by_ns).abs() < 10_000_000_000, "{moved}");
        let elapsed = records[1].unix_ns - records[0].unix_ns;
        assert!((0..10_000_000_000).contains(&elapsed), "within a segment wall time follows the monotonic clock");
        let SessionNote::ClockJump { by_ns: reported } = reader.note(&records[2]).expect("a note") else {
            panic!("another note")
        };
        assert!((reported - by_ns).abs() < 500_000_000, "{reported}");
        assert_eq!(records[3].stream_offset, 21, "streams continue across the jump");
        assert_eq!(records[3].previous, Some(1));
        bench.writer.tick().expect("ticked");
        assert_eq!(bench.writer.stats().records, 4, "reported once");
        let reopened = CaptureReader::open(&bench.folder()).expect("opened");
        assert_eq!(reopened.record(3).expect("read"), records[3]);
    }
}

/// An export keeps the order of arrival, shows the times of the clock, and reports the jump.
#[test]
fn a_clock_set_back_keeps_the_order_of_exports_and_is_reported_in_them() {
    let mut bench = Bench::new();
    bench.writer.add_peer("192.0.2.1:5".parse().expect("an address")).expect("a peer");
    bench.receive(1, b"before");
    bench.clock.moved.set_wall(-HOUR_NS);
    let deadline = Instant::now() + Duration::from_secs(10);
    while bench.writer.stats().records < 2 && Instant::now() < deadline {
        bench.writer.tick().expect("ticked");
    }
    bench.receive(1, b"after");
    bench.flush();
    let reader = bench.writer.reader();
    let sentence = |record: &Record, _: Option<&SessionNote>, _: Option<_>| format!("{:?}", record.kind);
    let style = ExportStyle {
        encoding: crate::codec::Encoding::UTF_8,
        sentence: &sentence,
        unreadable: &ToString::to_string,
        remark: "",
    };
    let exported = |format| {
        let mut out = Vec::new();
        let saved = export(&reader, format, &Selection::all(&reader), &style, &mut out, &mut |_, _| true);
        assert!(saved.is_ok_and(|saved| saved.unreadable == 0));
        String::from_utf8_lossy(&out).into_owned()
    };
    for format in ExportFormat::ALL.into_iter().filter(|format| *format != ExportFormat::Hexdump) {
        let text = exported(format);
        let place = |what: &str| text.find(what).unwrap_or_else(|| panic!("no {what} in {format:?}: {text}"));
        assert!(place("before") < place("after"), "{format:?}: {text}");
        if !matches!(format, ExportFormat::Raw | ExportFormat::NetAssist) {
            assert!((place("before")..place("after")).contains(&place("ClockJump")), "{format:?}: {text}");
        }
    }
    let lines: Vec<serde_json::Value> =
        exported(ExportFormat::JsonLines).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let times: Vec<&str> = lines.iter().filter_map(|line| line["time"].as_str()).collect();
    assert_eq!(times.len(), 3, "{lines:?}");
    assert!(times[2] < times[0], "the times must be those of the clock: {times:?}");
}

#[test]
fn passing_time_and_small_corrections_are_no_jump() {
    let mut bench = Bench::new();
    for _ in 0..10 {
        bench.clock.moved.pass(Duration::from_secs(3600));
        bench.clock.moved.set_wall(50_000_000);
        bench.writer.tick().expect("ticked");
    }
    assert_eq!(bench.writer.stats().records, 0);
    bench.receive(1, b"x");
    bench.flush();
    assert!(bench.writer.reader().record(0).expect("read").mono_ns >= 36_000_000_000_000);
}

#[test]
fn wall_time_is_the_systems() {
    let mut bench = Bench::new();
    let before = super::super::disk::unix_ns(std::time::SystemTime::now());
    bench.receive(1, b"x");
    let after = super::super::disk::unix_ns(std::time::SystemTime::now());
    bench.flush();
    let reported = bench.writer.reader().record(0).expect("read").unix_ns;
    // The clocks are read one after the other, so allow for a pause in between.
    assert!(reported >= before - 1_000_000_000 && reported <= after + 1_000_000_000, "{before} {reported} {after}");
}
