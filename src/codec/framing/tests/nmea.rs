//! NMEA 0183 and AIS sentences as receivers send them: with or without check, CR and line end.

use super::*;
use proptest::prelude::*;

/// Sentences of real receivers, without line end, and whether their check is correct according to pynmea2.
const SENTENCES: [(&str, Option<bool>); 20] = [
    ("$GPGGA,184353.07,1929.045,S,02410.506,E,1,04,2.6,100.00,M,-33.9,M,,0000*6D", Some(true)),
    ("$GPGGA,092750.000,5321.6802,N,00630.3372,W,1,8,1.03,61.7,M,55.2,M,,*76", Some(true)),
    ("$GPGSA,A,3,10,07,05,02,29,04,08,13,,,,,1.72,1.03,1.38*0A", Some(true)),
    ("$GPGSV,3,1,11,10,63,137,17,07,61,098,15,05,59,290,20,08,54,157,30*70", Some(true)),
    ("$GPRMC,092751.000,A,5321.6802,N,00630.3371,W,0.06,31.66,280511,,,A*45", Some(true)),
    ("$GNRMC,001031.00,A,4404.13993,N,12118.86023,W,0.146,,100117,,,A*7B", Some(true)),
    ("$GPGLL,5057.970,N,00146.110,E,142451,A*27", Some(true)),
    ("$PGRME,15.0,M,45.0,M,25.0,M*1C", Some(true)),
    ("$GPTXT,01,01,02,u-blox ag - www.u-blox.com*50", Some(true)),
    ("$GPHDT,274.07,T*03", Some(true)),
    ("$HEHDT,161.2,T*2b", Some(true)), // lower-case digits
    ("!AIVDM,1,1,,B,177KQJ5000G?tO`K>RA1wUbN0TKH,0*5C", Some(true)),
    ("!AIVDM,2,1,3,B,55P5TL01VIaAL@7WKO@mBplU@<PDhh000000001S;AJ::4A80?4i@E53,0*3E", Some(true)),
    ("!AIVDM,2,2,3,B,1@0000000000000,2*55", Some(true)),
    ("!AIVDO,1,1,,,B00000000868rA6<H7KNswPUoP06,0*6A", Some(true)),
    ("$GPVTG,54.7,T,34.4,M,5.5,N,10.2,K*48", Some(false)),
    ("$GPGLL,5057.970,N,00146.110,E,142451,A*28", Some(false)),
    ("$GPGLL,5057.970,N,00146.110,E,142451,A*", Some(false)),
    ("$GPGLL,5057.970,N,00146.110,E,142451,A", None),
    ("!AIVDM,1,1,,B,177KQJ5000G?tO`K>RA1wUbN0TKH,0", None),
];

/// Kind, result of the check, and payload.
fn seen(emitted: &[(Frame, Vec<u8>)]) -> Vec<(FrameKind, Option<bool>, String)> {
    let payload = |(frame, bytes): &(Frame, Vec<u8>)| {
        let payload = String::from_utf8_lossy(&bytes[frame.payload_within()]).into_owned();
        (frame.kind, frame.verdict.map(Verdict::is_ok), payload)
    };
    emitted.iter().map(payload).collect()
}

fn datagram(rule: &FramingRule, bytes: &[u8]) -> Vec<(Frame, Vec<u8>)> {
    let (mut framer, mut emitted) = (Framer::new(rule, 0), Vec::new());
    framer.feed(bytes, 0, &mut collect(&mut emitted));
    framer.finish_datagram(&mut collect(&mut emitted));
    emitted
}

fn expected(sentence: &str, right: Option<bool>) -> (FrameKind, Option<bool>, String) {
    (FrameKind::Frame, right, sentence[1..].to_owned())
}

#[test]
fn sentences_are_frames_with_and_without_check_and_cr() {
    let rule = rule("nmea");
    for end in ["\r\n", "\n"] {
        let stream: String = SENTENCES.map(|(sentence, _)| format!("{sentence}{end}")).concat();
        let emitted = frames_of(&rule, &[stream.as_bytes()]);
        let wanted: Vec<_> = SENTENCES.iter().map(|(sentence, right)| expected(sentence, *right)).collect();
        assert_eq!(seen(&emitted), wanted, "{end:?}");
        for (frame, bytes) in &emitted {
            assert_eq!(rule.verify(bytes), frame.verdict, "seen alone it is judged alike");
        }
    }
}

#[test]
fn a_datagram_is_a_sentence_whatever_it_ends_with() {
    let rule = rule("nmea");
    for (sentence, right) in SENTENCES {
        for end in ["", "\r", "\n", "\r\n"] {
            let emitted = datagram(&rule, format!("{sentence}{end}").as_bytes());
            assert_eq!(seen(&emitted), [expected(sentence, right)], "{sentence}{end:?}");
            assert_eq!(rule.verify(&emitted[0].1), emitted[0].0.verdict, "seen alone it is judged alike");
        }
    }
    let emitted = datagram(&rule, b"$GPHDT,274.07,T*03\n!AIVDM,1*00\r\n$GPGLL,A");
    let [heading, ais, place] = [("$GPHDT,274.07,T*03", true), ("!AIVDM,1*00", false), ("$GPGLL,A", false)];
    let wanted = [expected(heading.0, Some(heading.1)), expected(ais.0, Some(ais.1)), expected(place.0, None)];
    assert_eq!(seen(&emitted), wanted, "several in one");
}

#[test]
fn a_line_end_does_not_change_the_verdict() {
    let rule = rule("nmea");
    for (sentence, verdict) in [
        ("$A*", Verdict::TooShort),
        ("$A*4", Verdict::TooShort),
        ("$A*41", Verdict::Ok),
        ("$A*4x", Verdict::Bad { computed: 0x41, found: None }),
        ("$A*42", Verdict::Bad { computed: 0x41, found: Some(0x42) }),
    ] {
        for end in ["\n", "\r\n"] {
            let stream = frames_of(&rule, &[format!("{sentence}{end}").as_bytes()]);
            assert_eq!(stream[0].0.verdict, Some(verdict), "{sentence}{end:?}");
            assert_eq!(rule.verify(&stream[0].1), Some(verdict), "{sentence}{end:?}, the frame alone");
        }
        for end in ["", "\r", "\n", "\r\n"] {
            let emitted = datagram(&rule, format!("{sentence}{end}").as_bytes());
            assert_eq!(emitted[0].0.verdict, Some(verdict), "{sentence}{end:?} as a datagram");
            assert_eq!(rule.verify(&emitted[0].1), Some(verdict), "{sentence}{end:?}, the datagram alone");
        }
    }
}

#[test]
fn what_a_stream_ends_with_may_go_on() {
    let rule = rule("nmea");
    let emitted = frames_of(&rule, &[b"$GPHDT,274.07,T*03\n$GPGLL,A*0"]);
    assert_eq!(emitted[1].0.kind, FrameKind::Incomplete);
    let emitted = frames_of(&rule, &[b"$GPGLL,50$GPHDT,274.07,T*03\n"]);
    let kinds: Vec<_> = emitted.iter().map(|(frame, _)| frame.kind).collect();
    assert_eq!(kinds, [FrameKind::Junk, FrameKind::Frame], "a sentence whose end is lost");
}

#[test]
fn a_datagram_ends_a_line_and_nothing_else() {
    let frames = |text: &str, bytes: &[u8]| -> Vec<_> {
        let emitted = datagram(&rule(text), bytes);
        seen(&emitted).into_iter().map(|(kind, _, payload)| (kind, payload)).collect()
    };
    let frame = |payload: &str| (FrameKind::Frame, payload.to_owned());
    assert_eq!(frames("line", b"one\r\ntwo\r"), [frame("one"), frame("two")]);
    assert_eq!(frames("line:keep", b"one\ntwo"), [frame("one\n"), frame("two")]);
    assert_eq!(frames("line", b"one\n"), [frame("one")], "no empty line behind it");
    assert_eq!(frames("line:max=2", b"three").last().map(|(kind, _)| *kind), Some(FrameKind::Junk));
    assert_eq!(frames("marks:end=0A", b"one\ntwo"), [frame("one"), frame("two")]);
    assert_eq!(frames("marks:start=24,end=0A", b"$")[0].0, FrameKind::Incomplete, "nothing but a start marker");
    for text in ["delim:0A", "marks:start=24,end=0D0A", "marks:start=24,end=0A,after=1"] {
        assert_eq!(frames(text, b"$two")[0].0, FrameKind::Incomplete, "{text}");
    }
}

#[test]
fn an_escaped_cr_is_content_of_a_frame_that_ends_with_a_line() {
    let rule = rule("marks:start=02,end=0A,escape=10");
    let emitted = frames_of(&rule, &[b"\x02a\x10\r\n\x02b\x10\r\r\n"]);
    let payloads = emitted.iter().map(|(frame, bytes)| rule.content(&bytes[frame.payload_within()]).into_owned());
    assert_eq!(payloads.collect::<Vec<_>>(), [b"a\r", b"b\r"]);
}

#[test]
fn the_preset_of_earlier_versions_becomes_the_one_of_today_where_it_is_stored() {
    let stored = "\"marks:start=24|21,end=0D0A,restart,max=1024+XOR-8:from=1,to=-5,at=-4,form=hex\"";
    assert_eq!(serde_json::from_str::<FramingRule>(stored).unwrap(), rule("nmea"));
    let changed = stored.replace("max=1024", "max=2048");
    assert_eq!(serde_json::from_str::<FramingRule>(&changed).unwrap().preset_name(), None, "a user's own stays");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn sentences_do_not_depend_on_the_cuts_among_noise(
        picks in prop::collection::vec((0..SENTENCES.len(), 0..4_usize, "[ -~\r\n]{0,3}"), 1..8),
        cuts in prop::collection::vec(1_usize..40, 1..30),
    ) {
        let ends = ["\r\n", "\n", "\r", ""];
        let stream: String =
            picks.iter().map(|(at, end, noise)| format!("{}{}{noise}", SENTENCES[*at].0, ends[*end])).collect();
        let rule = rule("nmea");
        let whole = frames_of(&rule, &[stream.as_bytes()]);
        let (mut parts, mut rest) = (Vec::new(), stream.as_bytes());
        for cut in cuts.iter().cycle() {
            if rest.is_empty() {
                break;
            }
            let (part, behind) = rest.split_at((*cut).min(rest.len()));
            parts.push(part);
            rest = behind;
        }
        prop_assert_eq!(&frames_of(&rule, &parts), &whole);
        let in_parts = |parts: &[&[u8]]| {
            let (mut framer, mut emitted) = (Framer::new(&rule, 0), Vec::new());
            parts.iter().for_each(|part| framer.feed(part, 0, &mut collect(&mut emitted)));
            framer.finish_datagram(&mut collect(&mut emitted));
            emitted
        };
        prop_assert_eq!(in_parts(&parts), in_parts(&[stream.as_bytes()]), "as a datagram");
    }
}
