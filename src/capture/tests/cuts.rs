//! Characters cut by the boundary of two segments when the first one is evicted.

use super::*;
use crate::capture::{ExportFormat, ExportStyle, Selection, export};
use crate::codec::encoding::samples::{BORDERLESS, TEXTS, repeated};
use crate::codec::{Encoding, StreamDecoder};

#[test]
fn every_segment_says_what_its_streams_have_open_in_every_encoding() {
    for seed in 1..=2 {
        let mut bench = Bench::with_limit(1 << 20);
        let high = |byte: u8| {
            if seed % 2 == 0 {
                byte | 0x80
            } else {
                [byte | 0x80, b'0' + byte % 10][usize::from(byte.is_multiple_of(9))]
            }
        };
        let mut streams = vec![Vec::new(); 3];
        let mut at = Vec::new();
        for round in 0..700_usize {
            let which = (round * 7 + seed as usize) % 3;
            let len = 1 + (round * 7919) % 4001;
            let bytes: Vec<u8> = pattern(seed * 1000 + round as u64, len).into_iter().map(high).collect();
            at.push((which, streams[which].len()));
            streams[which].extend_from_slice(&bytes);
            let peer = PeerId(which as u32 / 2 + 1);
            let direction = if which == 1 { Direction::Sent } else { Direction::Received };
            bench.writer.append(&NewRecord::data(direction, peer, Payload::Bytes(&bytes))).expect("appended");
        }
        bench.flush();
        let folder = bench.folder();
        let own = bench.writer.reader();
        bench.writer.close();
        let mut borders = 0;
        for reader in [own, CaptureReader::open(&folder).expect("opened")] {
            assert!(reader.records().start > 0, "some records must be evicted");
            for &encoding in Encoding::all() {
                let mut decoders = vec![(0, StreamDecoder::new(encoding)); 3];
                for number in reader.records() {
                    let record = reader.record(number).expect("read");
                    let Some(open) = reader.open_before(&record, encoding) else { continue };
                    let (which, offset) = at[number as usize];
                    let (fed, decoder) = &mut decoders[which];
                    decoder.feed(&streams[which][*fed..offset], &mut |_| {});
                    *fed = offset;
                    assert_eq!(open, decoder.pending(), "{} record {number}, seed {seed}", encoding.name());
                    borders += 1;
                }
            }
        }
        assert!(borders > 1000, "{borders} boundaries were checked");
    }
}

#[test]
fn records_that_stand_alone_cut_no_character() {
    let mut bench = Bench::with_limit(1 << 20);
    for _ in 0..400 {
        let data = NewRecord::data(Direction::Received, PeerId(1), Payload::Bytes(&[0xD6; 4001]));
        bench.writer.append(&data.marked(Marks::MESSAGE)).expect("appended");
    }
    bench.flush();
    let reader = bench.writer.reader();
    assert!(reader.records().start > 0);
    for number in reader.records() {
        let record = reader.record(number).expect("read");
        assert_eq!(reader.open_before(&record, Encoding::GBK), Some(Vec::new()));
    }
}

#[test]
fn an_idle_stream_keeps_what_it_has_open_over_many_segments() {
    let mut bench = Bench::with_limit(1 << 20);
    bench.receive(1, &[0xD6, 0xD0, 0xB9]);
    for _ in 0..100 {
        bench.receive(2, &pattern(1, 4000));
    }
    bench.receive(1, &[0xFA, 0xCE]);
    bench.flush();
    let reader = bench.writer.reader();
    let last = reader.record(reader.records().end - 1).expect("read");
    assert_eq!(reader.open_before(&last, Encoding::GBK), Some(vec![0xB9]));
    assert_eq!(reader.open_before(&last, Encoding::LATIN_1), Some(vec![]));
}

#[test]
fn exported_text_begins_at_a_character_after_the_limit_took_the_beginning() {
    for sample in TEXTS {
        let (encoding, text) = sample;
        let mut bench = Bench::with_limit(1 << 20);
        let bytes = repeated(sample, 3 << 20);
        for read in bytes.chunks(3001) {
            bench.receive(1, read);
        }
        bench.flush();
        let reader = bench.writer.reader();
        assert!(reader.records().start > 100, "the first records must be evicted");
        let style =
            ExportStyle { encoding, sentence: &|_, _, _| String::new(), unreadable: &ToString::to_string, remark: "" };
        let mut out = Vec::new();
        let selection = Selection::all(&reader);
        export(&reader, ExportFormat::JsonLines, &selection, &style, &mut out, &mut |_, _| true).expect("exported");
        let out = String::from_utf8(out).expect("text");
        let mut shown = String::new();
        for line in out.lines() {
            let line: serde_json::Value = serde_json::from_str(line).expect("JSON");
            shown.push_str(line["text"].as_str().unwrap_or_default());
        }
        let wrong: String = shown.chars().filter(|c| !text.contains(*c)).take(20).collect();
        assert!(shown.chars().count() > 100_000 && wrong.is_empty(), "{}: {wrong}", encoding.name());
    }
}

/// Starts decoding in the middle of long runs of several peers, whose characters are cut differently.
#[test]
fn the_decoder_before_any_byte_is_that_of_the_whole_stream() {
    for sample in BORDERLESS.into_iter().chain(TEXTS) {
        let (encoding, _) = sample;
        let mut bench = Bench::new();
        let bytes = repeated(sample, 300_000);
        let streams = [&bytes[..], &bytes[1..], b"x\x81"];
        let mut at = Vec::new();
        let mut fed = [0; 3];
        for round in 0_usize.. {
            let which = round * 5 % 3;
            let len = (round * 7919 % 4001).min(streams[which].len() - fed[which]);
            bench.receive(which as u32 + 1, &streams[which][fed[which]..fed[which] + len]);
            at.push((which, fed[which]));
            fed[which] += len;
            if fed[..2] == [streams[0].len(), streams[1].len()] {
                break;
            }
        }
        bench.flush();
        let reader = bench.writer.reader();
        for number in (0..reader.records().end).step_by(11) {
            let (which, start) = at[number as usize];
            let record = reader.record(number).expect("read");
            for offset in [0, record.len / 2, record.len] {
                let mut whole = StreamDecoder::new(encoding);
                whole.skip(&streams[which][..start + offset as usize]);
                let mut reported = Vec::new();
                let mut on_state =
                    |record, offset, decoder: &StreamDecoder| reported.push((record, offset, decoder.clone()));
                let found = reader.decoder_before(&record, offset, encoding, &mut on_state, &mut || true);
                assert_eq!(found.expect("found").pending(), whole.pending(), "{} {number} {offset}", encoding.name());
                for (record, offset, decoder) in reported {
                    let (which, start) = at[record as usize];
                    let len = reader.record(record).expect("read").len.min(offset);
                    let mut whole = StreamDecoder::new(encoding);
                    whole.skip(&streams[which][..start + len as usize]);
                    assert_eq!(decoder.pending(), whole.pending(), "{} reported of {record}", encoding.name());
                }
            }
        }
        let last = reader.record(reader.records().end - 1).expect("read");
        assert!(reader.decoder_before(&last, 0, encoding, &mut |_, _, _| {}, &mut || false).is_none(), "called off");
    }
}

#[test]
fn a_segment_says_what_is_open_behind_any_length_without_a_border() {
    let sample = BORDERLESS[0];
    let mut bench = Bench::with_limit(320 << 20);
    let bytes = repeated(sample, 21 << 20);
    bench.receive(1, b"x");
    for (part, round) in bytes.chunks(250_001).zip(1_u32..) {
        bench.receive(1, part);
        if round % 16 == 0 {
            bench.flush();
        }
    }
    bench.flush();
    let reader = bench.writer.reader();
    let mut borders = 0;
    for number in reader.records() {
        let record = reader.record(number).expect("read");
        let Some(open) = reader.open_before(&record, sample.0) else { continue };
        let mut decoder = StreamDecoder::new(sample.0);
        decoder.skip(&bytes[..(record.stream_offset as usize).saturating_sub(1)]);
        assert_eq!(open, decoder.pending(), "record {number}");
        borders += 1;
    }
    assert_eq!(borders, 2, "the start of the stream and of the second segment");
}
