use super::*;
use proptest::prelude::*;

/// What a side sent: messages and control frames in order, and what was odd.
#[derive(Debug, Default, PartialEq)]
struct Heard {
    whole: Vec<(Form, Vec<u8>)>,
    odd: Vec<Oddity>,
    message: Vec<u8>,
    broken: Vec<Vec<u8>>,
    is_lost: bool,
}

/// Reads `bytes` in pieces of these lengths, again and again.
fn hear(side: Side, bytes: &[u8], cuts: &[usize]) -> (Heard, Decoder) {
    let (mut heard, mut decoder) = (Heard::default(), Decoder::new(side));
    let (mut at, mut cut) = (0, cuts.iter().cycle());
    while at < bytes.len() {
        let len = cut.next().map_or(usize::MAX, |cut| (*cut).max(1)).min(bytes.len() - at);
        let mut piece = bytes[at..at + len].to_vec();
        at += len;
        let mut rest = piece.as_mut_slice();
        loop {
            let (used, step) = decoder.step(rest);
            let (part, left) = rest.split_at_mut(used);
            rest = left;
            match step {
                Step::More | Step::Lost => {
                    assert!(rest.is_empty());
                    heard.is_lost = step == Step::Lost;
                    break;
                }
                Step::Head => {}
                Step::Payload(payload) => {
                    // A message that another one interrupted has no end.
                    if payload.begins && !heard.message.is_empty() {
                        heard.broken.push(std::mem::take(&mut heard.message));
                    }
                    heard.message.extend_from_slice(part);
                    if payload.ends {
                        heard.whole.push((payload.form, std::mem::take(&mut heard.message)));
                    }
                }
                Step::Control(form, payload) => heard.whole.push((form, payload)),
                Step::Odd(oddity) => {
                    assert_eq!(used, 0);
                    heard.odd.push(oddity);
                }
            }
        }
    }
    (heard, decoder)
}

fn frames(frames: &[(Option<Form>, bool, &[u8])], key: Option<[u8; 4]>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for (form, ends, payload) in frames {
        Frame { form: *form, ends: *ends, mask: key }.write(payload, &mut bytes);
    }
    bytes
}

fn odd(side: Side, bytes: &[u8]) -> Vec<Oddity> {
    hear(side, bytes, &[]).0.odd
}

#[test]
fn the_examples_of_the_rfc_are_read_and_written() {
    // RFC 6455, 5.7.
    let hello = b"Hello".to_vec();
    let masked = [0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58];
    assert_eq!(hear(Side::Client, &masked, &[1]).0.whole, [(Form::Text, hello.clone())]);
    assert_eq!(frames(&[(Some(Form::Text), true, &hello)], Some([0x37, 0xfa, 0x21, 0x3d])), masked);
    let parts = [0x01, 0x03, 0x48, 0x65, 0x6c, 0x80, 0x02, 0x6c, 0x6f];
    assert_eq!(hear(Side::Server, &parts, &[2]).0.whole, [(Form::Text, hello.clone())]);
    assert_eq!(frames(&[(Some(Form::Text), false, b"Hel"), (None, true, b"lo")], None), parts);
    let ping = [0x89, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f];
    assert_eq!(hear(Side::Server, &ping, &[]).0, Heard { whole: vec![(Form::Ping, hello)], ..Heard::default() });
    for (len, head) in [(125, 2), (126, 4), (65_535, 4), (65_536, 10)] {
        let bytes = frames(&[(Some(Form::Binary), true, &vec![7; len])], None);
        assert_eq!(bytes.len(), head + len);
        let (heard, decoder) = hear(Side::Server, &bytes, &[]);
        assert_eq!((heard.whole[0].1.len(), heard.odd), (len, vec![]));
        assert!(!decoder.is_within());
    }
}

#[test]
fn control_frames_may_be_within_a_message() {
    let bytes = frames(
        &[(Some(Form::Text), false, b"a"), (Some(Form::Ping), true, b"?"), (None, false, b""), (None, true, b"b")],
        None,
    );
    let whole = vec![(Form::Ping, b"?".to_vec()), (Form::Text, b"ab".to_vec())];
    assert_eq!(hear(Side::Server, &bytes, &[]).0, Heard { whole, ..Heard::default() });
    let (heard, decoder) = hear(Side::Server, &bytes[..3], &[]);
    assert!(heard.whole.is_empty() && decoder.is_within());
}

#[test]
fn what_violates_the_protocol_is_named_and_read_on() {
    let whole = |form, payload: &[u8]| frames(&[(Some(form), true, payload)], None);
    assert_eq!(odd(Side::Client, &whole(Form::Text, b"a")), [Oddity::NotMasked]);
    assert_eq!(odd(Side::Server, &frames(&[(Some(Form::Text), true, b"a")], Some([9; 4]))), [Oddity::Masked]);
    assert_eq!(odd(Side::Server, &[0xC1, 0x00]), [Oddity::ReservedBits(4)]);
    assert_eq!(odd(Side::Server, &[0x83, 0x01, 0x61]), [Oddity::ReservedOpcode(3)]);
    assert_eq!(odd(Side::Server, &[0x80, 0x01, 0x61]), [Oddity::NothingToContinue]);
    assert_eq!(odd(Side::Server, &[0x01, 0x01, 0x61, 0x81, 0x01, 0x62]), [Oddity::MessageNotEnded]);
    assert_eq!(odd(Side::Server, &[0x09, 0x00]), [Oddity::SplitControl]);
    assert_eq!(odd(Side::Server, &[0x82, 0x7E, 0, 1, 0x61]), [Oddity::LongLength]);
    let long = whole(Form::Ping, &[5; 300]);
    let (heard, _) = hear(Side::Server, &long, &[7]);
    assert_eq!((heard.odd, heard.whole), (vec![Oddity::LongControl(300)], vec![(Form::Ping, vec![5; CONTROL_MAX])]));
    for bad in [&[0x03_u8][..], &[0x03, 0xED], &[0x03, 0xE8, 0xFF]] {
        assert_eq!(
            odd(Side::Server, &[&whole(Form::Close, bad)[..], &whole(Form::Text, b"x")].concat()),
            [Oddity::BadClose]
        );
    }
    let lying = [&[0x82, 0x7F, 0xFF, 0, 0, 0, 0, 0, 0, 0][..], &[1; 50]].concat();
    let (heard, _) = hear(Side::Server, &lying, &[3]);
    assert!(heard.is_lost && heard.odd == [Oddity::BadLength] && heard.whole.is_empty());
}

#[test]
fn text_that_is_not_utf_8_is_named_once_and_kept() {
    let text = "你好".as_bytes();
    for cut in 1..8 {
        assert_eq!(hear(Side::Server, &frames(&[(Some(Form::Text), true, text)], None), &[cut]).0.odd, []);
    }
    for wrong in [&text[..5], b"a\xFFb\xFF", &[0xE4, 0x41]] {
        for cut in 1..8 {
            let bytes = frames(&[(Some(Form::Text), true, wrong)], None);
            let heard = hear(Side::Server, &bytes, &[cut]).0;
            assert_eq!((heard.odd, heard.whole), (vec![Oddity::NotUtf8], vec![(Form::Text, wrong.to_vec())]));
        }
    }
}

#[test]
fn a_close_frame_has_a_code_and_a_reason() {
    let close = Close { code: Some(1001), reason: "关".repeat(60) };
    let payload = close.payload();
    assert!(payload.len() <= CONTROL_MAX && Close::is_good(&payload));
    assert_eq!(Close::of(&payload), Close { code: Some(1001), reason: "关".repeat(41) });
    assert_eq!(Close::of(&[]), Close::default());
    assert!(Close { code: None, reason: "x".into() }.payload().is_empty());
    let valid: Vec<u16> = (0..=u16::MAX).filter(|code| close_code_is_valid(*code)).collect();
    assert!(valid.contains(&1000) && valid.contains(&4999) && valid.len() == 4 + 8 + 2000);
}

proptest! {
    /// What is written is read back, whoever sends it and however it is cut.
    #[test]
    fn messages_are_read_as_they_were_written(
        messages in prop::collection::vec((0_u8..5, prop::collection::vec(any::<u8>(), 0..300), 1_usize..4), 0..8),
        key in prop::option::of(any::<[u8; 4]>()),
        cuts in prop::collection::vec(1_usize..50, 1..6),
    ) {
        let (mut bytes, mut expected) = (Vec::new(), Vec::new());
        for (form, payload, parts) in &messages {
            let form = [Form::Text, Form::Binary, Form::Close, Form::Ping, Form::Pong][usize::from(*form)];
            let payload = match form {
                Form::Text => payload.iter().map(|byte| byte % 128).collect(),
                Form::Close => Close { code: Some(1000), reason: "end".into() }.payload(),
                Form::Ping | Form::Pong => payload[..payload.len().min(CONTROL_MAX)].to_vec(),
                Form::Binary => payload.clone(),
            };
            let parts = if form.is_control() { 1 } else { *parts };
            let size = payload.len().div_ceil(parts).max(1);
            let pieces: Vec<&[u8]> = if payload.is_empty() { vec![&[]] } else { payload.chunks(size).collect() };
            for (at, piece) in pieces.iter().enumerate() {
                let form = (at == 0).then_some(form);
                Frame { form, ends: at + 1 == pieces.len(), mask: key }.write(piece, &mut bytes);
            }
            expected.push((form, payload));
        }
        let side = if key.is_some() { Side::Client } else { Side::Server };
        let (heard, decoder) = hear(side, &bytes, &cuts);
        prop_assert_eq!(heard, Heard { whole: expected, ..Heard::default() });
        prop_assert!(!decoder.is_within());
    }

    /// Any bytes are read to their end, and where they are cut makes no difference.
    #[test]
    fn any_bytes_are_read_alike_however_they_are_cut(
        bytes in prop::collection::vec(any::<u8>(), 0..600),
        cuts in prop::collection::vec(1_usize..20, 1..6),
    ) {
        for side in [Side::Client, Side::Server] {
            let (whole, _) = hear(side, &bytes, &[]);
            let (cut, _) = hear(side, &bytes, &cuts);
            prop_assert_eq!((&whole.whole, &whole.broken), (&cut.whole, &cut.broken));
            prop_assert_eq!(&whole.odd, &cut.odd);
        }
    }
}
