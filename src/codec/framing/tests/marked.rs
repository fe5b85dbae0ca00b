//! Length fields with a mark and a check: how the rule finds its way back.

use super::*;

/// A FIX message with this checksum text.
fn fix(body: &str, sum: Option<&str>) -> Vec<u8> {
    let head = format!("8=FIX.4.2\x019={}\x01{body}", body.len());
    let right = head.bytes().fold(0_u8, u8::wrapping_add);
    let sum = sum.map_or_else(|| format!("{right:03}"), str::to_owned);
    format!("{head}10={sum}\x01").into_bytes()
}

/// The ranges, byte by byte and at once: their kind and whether their check is right, with their lengths.
fn kinds(rule: &FramingRule, stream: &[u8]) -> Vec<(FrameKind, Option<bool>, u64)> {
    let seen = |parts: &[&[u8]]| -> Vec<_> {
        let frames = frames_of(rule, parts);
        frames.iter().map(|(frame, _)| (frame.kind, frame.verdict.map(Verdict::is_ok), frame.len())).collect()
    };
    let whole = seen(&[stream]);
    assert_eq!(seen(&stream.chunks(1).collect::<Vec<_>>()), whole, "byte by byte");
    whole
}

#[test]
fn a_frame_with_a_wrong_check_behind_junk_is_shown_as_one() {
    let rule = rule("fix");
    let (good, bad) = (fix("35=0\x0149=A\x01", None), fix("35=0\x0149=A\x01", Some("999")));
    let len = good.len() as u64;
    let (junk, wrong, right) =
        ((FrameKind::Junk, None, 1), (FrameKind::Frame, Some(false), len), (FrameKind::Frame, Some(true), len));
    assert_eq!(kinds(&rule, &[b"\n", &bad[..]].concat()), [junk, wrong]);
    assert_eq!(kinds(&rule, &[b"\n", &bad[..], &bad, &good].concat()), [junk, wrong, wrong, right]);
    assert_eq!(kinds(&rule, &[&bad[..], &bad, &bad, &good].concat()), [wrong, wrong, wrong, right]);
    let cut = (FrameKind::Incomplete, None, len - 1);
    assert_eq!(kinds(&rule, &[b"\n", &good[..good.len() - 1]].concat()), [junk, cut]);
}

#[test]
fn a_mark_within_a_damaged_frame_does_not_hide_the_whole_frames_behind_it() {
    let rule = rule("dlt645");
    let frame = |data: &[u8]| {
        let mut frame = [&[0x68, 1, 2, 3, 4, 5, 6, 0x68, 0x11, data.len() as u8][..], data].concat();
        frame.extend([frame.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte)), 0x16]);
        frame
    };
    let (damaged, good) = (frame(&[0x33; 8]), frame(&[0x34, 0x33]));
    // Without its first byte, the second 68 of the frame looks like a start, with a length of 0x33.
    let stream = [&damaged[1..], &good, &good, &good, &good, &good].concat();
    let seen = kinds(&rule, &stream);
    assert_eq!(seen.iter().filter(|(kind, verdict, _)| (*kind, *verdict) == (FrameKind::Frame, Some(true))).count(), 5);
    assert!(seen.iter().all(|(_, verdict, _)| *verdict != Some(false)), "{seen:?}");
}

#[test]
fn a_mask_is_a_number() {
    for (odd, even) in [
        ("len:size=2,endian=big,mask=7FF", "len:size=2,endian=big,mask=07FF"),
        ("len:size=2,endian=big,mask=F", "len:size=2,endian=big,mask=0F"),
        ("line+CRC-16/MODBUS:mask=FFF", "line+CRC-16/MODBUS:mask=0FFF"),
    ] {
        assert_eq!(rule(odd), rule(even));
        assert!(rule(odd).to_string().ends_with(even.rsplit_once('=').unwrap().1));
    }
    for text in ["len:size=1,mark=4@0", "delim:D0A", "marks:end=3", "marks:start=2|3,end=0D", "marks:end=03,escape=1"] {
        let error = text.parse::<FramingRule>().unwrap_err().to_string();
        assert!(error.contains("two"), "{text}: {error}");
    }
}
