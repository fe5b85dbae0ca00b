//! Frames and heads of a WebSocket peer.

use super::Input;
use wirebench::codec::websocket::{CONTROL_MAX, Decoder, Side, Step, handshake};

/// What a decoder returns, without how the payload was cut: messages and control frames.
fn read(stream: &[u8], part: usize, side: Side) -> Vec<(u8, Vec<u8>)> {
    let mut decoder = Decoder::new(side);
    let mut frames: Vec<(u8, Vec<u8>)> = Vec::new();
    for part in stream.chunks(part) {
        let mut part = part.to_vec();
        let mut at = 0;
        loop {
            let (used, step) = decoder.step(&mut part[at..]);
            let bytes = part[at..at + used].to_vec();
            at += used;
            match step {
                Step::More | Step::Lost => break,
                Step::Head | Step::Odd(_) => {}
                Step::Payload(payload) if payload.begins => frames.push((payload.form.opcode(), bytes)),
                Step::Payload(payload) => {
                    let open = frames.iter_mut().rev().find(|(opcode, _)| *opcode < 8);
                    let (opcode, message) = open.expect("a message that goes on has begun");
                    assert_eq!(*opcode, payload.form.opcode());
                    message.extend_from_slice(&bytes);
                }
                Step::Control(form, payload) => {
                    assert!(payload.len() <= CONTROL_MAX);
                    frames.push((form.opcode(), payload));
                }
            }
        }
    }
    // Where a control frame lies within a message depends on the parts.
    frames.sort_by_key(|(opcode, _)| *opcode >= 8);
    frames
}

/// Input: the side and the size of the parts, then a stream, which is also read as a head.
pub fn frames(data: &[u8]) {
    let mut input = Input(data);
    let (side, part) = (input.byte(), usize::from(input.byte()) + 1);
    let side = if side & 1 == 0 { Side::Client } else { Side::Server };
    let stream = input.0;
    let at_once = read(stream, stream.len().max(1), side);
    assert_eq!(at_once, read(stream, part, side), "the result depends on how the stream is cut");
    assert!(at_once.iter().map(|(_, bytes)| bytes.len()).sum::<usize>() <= stream.len());
    for read in [handshake::request, handshake::response] {
        if let Ok(Some((len, step))) = read(stream) {
            assert!(len <= stream.len() && len <= handshake::HEAD_MAX && step.headers().len() <= 100);
        }
    }
}
