//! Streams from peers, split into arbitrary parts.

use super::{Cuts, Input};
use wirebench::codec::framing::Boundary;
use wirebench::codec::{Frame, FrameKind, Framer, FramingRule, Piece, StreamDecoder, Verdict};

/// How a stream ends.
type Finish = fn(&mut Framer, &mut dyn FnMut(&Frame, &[u8]));

/// A frame and its bytes.
type Emitted = (Frame, Vec<u8>);

/// Input: a rule, a line feed, a stream.
pub fn framing(data: &[u8]) {
    let mut input = Input(data);
    let Ok(mut rule) = input.line().parse::<FramingRule>() else { return };
    // Streams of some KiB should reach the maximum length.
    rule.max_len = rule.max_len.min(1 << 12);
    let stream = input.0;
    for finish in [Framer::finish as Finish, Framer::finish_datagram] {
        cut(&rule, stream, &Cuts::of(data).parts(stream), finish);
    }
    build(&rule, stream);
}

/// A content is refused, or built into one frame that has this content.
fn build(rule: &FramingRule, content: &[u8]) {
    let answered = content.split_at(content.len() / 2).0;
    for built in [rule.build(content), rule.build_answer(content, answered)].into_iter().flatten() {
        let emitted = frames(rule, &[&built.bytes], false, Framer::finish);
        let contents: Vec<_> =
            emitted.iter().map(|(frame, bytes)| rule.bare_content(bytes, frame.payload_within())).collect();
        assert_eq!(contents, [content], "{rule}: {:02X?}", built.bytes);
        assert!(
            emitted.iter().all(|(frame, _)| frame.kind == FrameKind::Frame && frame.verdict.is_none_or(Verdict::is_ok))
        );
        assert!(built.content.end <= built.bytes.len() && built.check.end <= built.bytes.len());
    }
}

fn cut(rule: &FramingRule, stream: &[u8], parts: &[&[u8]], finish: Finish) {
    let whole = frames(rule, &[stream], false, finish);
    assert_tiled(rule, stream, &whole);
    match rule.boundary {
        // Rules that depend on the parts.
        Boundary::Record | Boundary::Gap(_) => assert_tiled(rule, stream, &frames(rule, parts, true, finish)),
        _ => {
            assert_eq!(frames(rule, parts, false, finish), whole, "{rule} in parts");
            let single: Vec<&[u8]> = stream.chunks(1).collect();
            assert_eq!(frames(rule, &single, false, finish), whole, "{rule} byte by byte");
            let settled = frames(rule, parts, true, finish);
            assert_tiled(rule, stream, &settled);
            assert!(
                only_frames(&settled).eq(only_frames(&whole)),
                "{rule}: the time when junk is emitted must not change a frame"
            );
        }
    }
}

fn only_frames(emitted: &[Emitted]) -> impl Iterator<Item = &Emitted> {
    emitted.iter().filter(|(frame, _)| matches!(frame.kind, FrameKind::Frame | FrameKind::Incomplete))
}

fn frames(rule: &FramingRule, parts: &[&[u8]], settles: bool, finish: Finish) -> Vec<Emitted> {
    let mut emitted = Vec::new();
    let mut framer = Framer::new(rule, 0);
    for (part, ms) in parts.iter().zip(0..) {
        let mut emit = |frame: &Frame, bytes: &[u8]| {
            drop(rule.bare_content(bytes, frame.payload_within()));
            emitted.push((frame.clone(), bytes.to_vec()));
        };
        framer.feed(part, ms * 3_000_000, &mut emit);
        if settles {
            framer.settle(&mut emit);
            framer.idle(ms * 3_000_000 + 1_000_000, &mut emit);
        }
        let pending = framer.pending();
        assert!(pending.end - pending.start <= rule.max_len && framer.pending_junk() <= pending.end - pending.start);
        assert!(framer.capacity() <= 256 << 10, "{} bytes held", framer.capacity());
    }
    finish(&mut framer, &mut |frame, bytes| emitted.push((frame.clone(), bytes.to_vec())));
    emitted
}

fn assert_tiled(rule: &FramingRule, stream: &[u8], emitted: &[Emitted]) {
    let mut at = 0;
    for (frame, bytes) in emitted {
        assert_eq!(frame.start, at, "{rule}: a gap or an overlap");
        assert!(frame.end > at || rule.boundary == Boundary::Record, "{rule}: an empty frame");
        assert!(frame.payload.start >= at && frame.payload.start <= frame.payload.end, "{rule}");
        assert!(frame.payload.end <= frame.end && frame.end <= stream.len() as u64, "{rule}");
        assert_eq!(bytes.as_slice(), &stream[at as usize..frame.end as usize]);
        assert!(rule.boundary == Boundary::Record || frame.len() <= rule.max_len);
        let payload = &bytes[frame.payload_within()];
        assert!(rule.content(payload).len() <= payload.len());
        if frame.kind == FrameKind::Frame {
            match rule.check {
                None => assert_eq!(frame.verdict, None),
                Some(check) => assert!(frame.verdict.is_some() || check.until.is_some()),
            }
        }
        at = frame.end;
    }
    assert_eq!(at, stream.len() as u64, "{rule}: the frames must cover the stream");
}

/// Input: an encoding, then a stream.
pub fn decoding(data: &[u8]) {
    let mut input = Input(data);
    let encoding = input.encoding();
    let stream = input.0;
    let whole = pieces(&mut StreamDecoder::new(encoding), &[stream]);
    let mut cuts = Cuts::of(data);
    let parts = cuts.parts(stream);
    assert_eq!(pieces(&mut StreamDecoder::new(encoding), &parts), whole, "{} in parts", encoding.name());
    let single: Vec<&[u8]> = stream.chunks(1).collect();
    assert_eq!(pieces(&mut StreamDecoder::new(encoding), &single), whole, "{} byte by byte", encoding.name());

    // No byte is lost: each is in a character or emitted as invalid, and the text agrees.
    let (mut at, mut expected) = (0, String::new());
    for piece in &whole {
        match piece {
            Piece::Char(c, len) => {
                expected.push(*c);
                at += usize::from(*len);
            }
            Piece::Invalid(byte) => {
                assert_eq!(stream.get(at), Some(byte));
                expected.push_str(&format!("\\x{byte:02X}"));
                at += 1;
            }
        }
    }
    assert_eq!(at, stream.len());
    let (mut decoder, mut text) = (StreamDecoder::new(encoding), String::new());
    let mut skipped = StreamDecoder::new(encoding);
    for part in &parts {
        decoder.feed_text(part, &mut text);
        skipped.skip(part);
        assert_eq!(skipped.pending(), decoder.pending(), "{} skipped", encoding.name());
    }
    decoder.finish_text(&mut text);
    assert_eq!(text, expected);

    let place = cuts.next(stream.len() + 1);
    let known = cuts.next(64).min(place);
    if let Some(back) = encoding.resync(&stream[place - known..place], place as u64) {
        assert!(back <= known);
        let (mut from_start, mut resynced) = (StreamDecoder::new(encoding), StreamDecoder::new(encoding));
        from_start.feed(&stream[..place], &mut |_| {});
        resynced.feed(&stream[place - back..place], &mut |_| {});
        assert_eq!(from_start.pending(), resynced.pending(), "{} at {place}", encoding.name());
    } else {
        assert!(known < place, "at the start of the stream the result must be known");
    }
}

fn pieces(decoder: &mut StreamDecoder, parts: &[&[u8]]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for part in parts {
        decoder.feed(part, &mut |piece| pieces.push(piece));
        assert!(decoder.pending().len() <= 3);
    }
    decoder.finish(&mut |piece| pieces.push(piece));
    pieces
}
