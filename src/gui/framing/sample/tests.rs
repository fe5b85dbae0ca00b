//! Samples of real captures, and the frames that rules cut from them.

use crate::capture::{CaptureOptions, CaptureWriter, Marks, NewRecord, Payload};
use crate::gui::framing::sample::*;
use crate::jobs::Job;
use std::sync::Arc;
use std::time::Duration;

const LONG: Duration = Duration::from_secs(60);

fn writer(folder: &std::path::Path, endpoint: &str) -> CaptureWriter {
    CaptureWriter::create(folder, &endpoint.parse().unwrap(), CaptureOptions::default()).unwrap()
}

fn append(writer: &mut CaptureWriter, direction: Direction, peer: u32, bytes: &[u8]) {
    writer.append(&NewRecord::data(direction, PeerId(peer), Payload::Bytes(bytes))).unwrap();
}

fn in_job<T: Send + 'static>(work: impl FnOnce(&JobControl) -> T + Send + 'static) -> T {
    Job::start("test", Arc::new(|| ()), work).unwrap().wait(LONG).expect("a result")
}

fn read(writer: &mut CaptureWriter, record: Option<u64>) -> Option<Sample> {
    writer.flush().unwrap();
    let reader = writer.reader();
    in_job(move |control| Sample::read(&reader, record, control))
}

fn cut(sample: &Sample, rule: &str) -> Cut {
    let (sample, rule): (Sample, FramingRule) = (sample.clone(), rule.parse().unwrap());
    in_job(move |control| sample.cut(&rule, control)).expect("not called off")
}

#[test]
fn the_default_is_the_stream_of_the_newest_received_data() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = writer(folder.path(), "tcp://127.0.0.1:8080");
    assert_eq!(read(&mut writer, None), None, "nothing there");
    append(&mut writer, Direction::Sent, 1, b"question");
    let sample = read(&mut writer, None).expect("what was sent, where nothing was received");
    assert_eq!((sample.bytes.as_slice(), sample.origin.unwrap().direction), (&b"question"[..], Direction::Sent));
    append(&mut writer, Direction::Received, 1, b"one ");
    append(&mut writer, Direction::Received, 2, b"other");
    append(&mut writer, Direction::Received, 1, b"two");
    append(&mut writer, Direction::Sent, 2, b"answer");
    let sample = read(&mut writer, None).unwrap();
    assert_eq!((sample.bytes.as_slice(), sample.start), (&b"one two"[..], 0));
    assert_eq!(sample.parts.iter().map(|part| part.len).collect::<Vec<_>>(), [4, 3]);
    assert_eq!(sample.origin.map(|origin| origin.peer), Some(PeerId(1)));
}

#[test]
fn a_selected_record_determines_the_stream_and_later_records_follow() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = writer(folder.path(), "tcp://127.0.0.1:8080");
    for bytes in [&b"a"[..], b"b", b"c"] {
        append(&mut writer, Direction::Received, 1, bytes);
        append(&mut writer, Direction::Sent, 1, b"x");
        append(&mut writer, Direction::Received, 2, b"y");
    }
    let first = writer.reader().records().start;
    assert_eq!(read(&mut writer, Some(first + 3)).unwrap().bytes, b"abc");
    assert_eq!(read(&mut writer, Some(first + 1)).unwrap().bytes, b"xxx");
    assert_eq!(read(&mut writer, Some(first + 99)).unwrap().bytes, b"yyy", "a record that is not there");
}

#[test]
fn a_long_stream_is_sampled_at_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = writer(folder.path(), "tcp://127.0.0.1:8080");
    let all: Vec<u8> = (0..300_000_u32).map(|number| (number / 7) as u8).collect();
    for bytes in all.chunks(1000) {
        append(&mut writer, Direction::Received, 1, bytes);
    }
    let sample = read(&mut writer, None).unwrap();
    assert_eq!((sample.len(), sample.start), (SAMPLE_BYTES, 300_000 - SAMPLE_BYTES as u64));
    assert!(sample.bytes == all[300_000 - SAMPLE_BYTES..]);
    let cut = cut(&sample, "fixed:100");
    assert_eq!((cut.counts.frames, cut.counts.incomplete), (SAMPLE_BYTES as u64 / 100, 1));
    assert_eq!((cut.rows.len(), cut.more), (ROWS_MAX, SAMPLE_BYTES as u64 / 100 + 1 - ROWS_MAX as u64));
    assert_eq!((cut.rows[1].start, cut.rows[1].bytes.len()), (sample.start + 100, ROW_BYTES));
}

#[test]
fn each_datagram_is_cut_separately() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = writer(folder.path(), "udp://127.0.0.1:8080");
    for bytes in [&b"one\ntw"[..], b"o\n"] {
        let data = NewRecord::data(Direction::Received, PeerId(1), Payload::Bytes(bytes));
        writer.append(&data.marked(Marks::MESSAGE)).unwrap();
    }
    let sample = read(&mut writer, None).unwrap();
    for (rule, frames, incomplete) in [("line", 3, 0), ("delim:0A", 2, 1)] {
        let counts = ItemCounts { frames, bad: 0, junk_bytes: 0, incomplete, given_up_bytes: 0 };
        assert_eq!(cut(&sample, rule).counts, counts, "{rule}");
    }
}

#[test]
fn rows_have_payload_and_check_result() {
    let sample = Sample::typed([&b"\xAA\xAA"[..], &[0x55, 2, 7, 8, 0x66, 0x55, 1, 9, 0]].concat());
    let cut = cut(&sample, "len:offset=1,size=1,adjust=1,mark=55@0+SUM-8");
    assert_eq!(cut.counts, ItemCounts { frames: 2, bad: 1, junk_bytes: 2, incomplete: 0, given_up_bytes: 0 });
    let kinds: Vec<FrameKind> = cut.rows.iter().map(|row| row.kind).collect();
    assert_eq!(kinds, [FrameKind::Junk, FrameKind::Frame, FrameKind::Frame]);
    assert_eq!((cut.rows[1].payload.clone(), cut.rows[1].verdict), (2..5, Some(Verdict::Ok)));
    assert_eq!(cut.rows[2].verdict, Some(Verdict::Bad { computed: 0x5F, found: Some(0) }));
}

#[test]
fn records_are_frames_of_their_own_size() {
    let folder = tempfile::tempdir().unwrap();
    let mut writer = writer(folder.path(), "tcp://127.0.0.1:8080");
    append(&mut writer, Direction::Received, 1, &[1; 10_000]);
    append(&mut writer, Direction::Received, 1, &[2; 3]);
    let sample = read(&mut writer, None).unwrap();
    let cut = cut(&sample, "record");
    assert_eq!(cut.rows.iter().map(|row| row.len).collect::<Vec<_>>(), [10_000, 3]);
}

#[test]
fn a_cancelled_cut_has_no_result() {
    let sample = Sample::typed(vec![0x0A; SAMPLE_BYTES]);
    let (started, wait) = crossbeam_channel::bounded::<()>(1);
    let mut job = Job::start("test", Arc::new(|| ()), move |control| {
        // Until the test has cancelled it.
        wait.recv().ok();
        sample.cut(&FramingRule::preset("line").unwrap(), control)
    })
    .unwrap();
    job.cancel();
    started.send(()).unwrap();
    assert_eq!(job.wait(LONG), Some(None));
}
