//! Properties of every rule on any stream.

use super::*;
use proptest::prelude::*;

const RULES: &[&str] = &[
    "line",
    "line:max=5",
    "delim:0000",
    "delim:6161,keep",
    "delim:616162,max=7",
    "fixed:3",
    "fixed:7,max=7",
    "marks:start=61,end=62",
    "marks:start=61,end=62,restart",
    "marks:start=6162|61,end=6263,escape=5C,max=9",
    "marks:start=6161,end=6162,escape=61,after=2,restart+xor-8",
    "marks:end=6162,escape=5C,after=1,max=6",
    "marks:start=61,end=61,escape=5C",
    "marks:start=6161|62,end=6161,max=9+xor-8:from=2",
    "modbus-rtu",
    "len:size=1,max=9",
    "len:size=2,endian=big,signed,max=300",
    "len:size=1,counts=all,adjust=1+sum8",
    "len:size=1,max=12+xor-8",
    "len:offset=1,size=1,mark=61@0",
    "len:offset=1,size=1,mark=6162@2+sum8",
    "len:size=varint2,max=200",
    "len:size=dec",
    "len:size=dec2,end=3A",
    "len:size=4,endian=little+crc-8/smbus",
    "slip",
    "slip:max=6",
    "cobs",
    "cobs:max=6",
    "cobs+sum8",
    "json",
    "json:max=8",
    "json:encoding=Big5",
    "json:encoding=GB18030,max=20",
    "nmea",
    "modbus-tcp",
    "mqtt",
    "stx-etx",
    "marks:start=61,end=61,swap=61:6262|62:6263,max=20+xor-8:from=1,at=-2",
    "marks:start=6161|62,end=6163,swap=61:6161,restart",
    "marks:end=0A,swap=0A:5C6E|5C:5C5C+sum8:form=hex",
    "marks:start=61,end=62,escape=5C,xor=20,restart+xor-8:from=1,at=-2",
    "marks:start=61,end=6262,escape=5C,xor=01,after=1",
    "len:size=1,mask=07,skip=0A0D",
    "len:size=2,endian=big,mask=00F0,skip=61+sum8:mask=0F",
    "len:size=hex1,skip=20",
    "len:size=hex2,mask=0F,max=12",
    "len:behind=62,size=1,max=40",
    "len:offset=1,behind=6163,size=dec,end=3A,mark=61+sum8:form=dec3",
    "len:size=scpi",
    "scpi",
    "scpi:max=9+sum8",
    "line+neg-sum-8:form=hex,covers=hex",
    "line+sum-12:form=dec,mask=FF",
    "jt808",
    "modbus-ascii",
    "fix",
    "yd1363",
    "dlt645",
    "iec104",
    "gb32960",
    "mllp",
    "syslog",
];

/// Arbitrary bytes, with the bytes that rules treat specially overrepresented.
fn streams() -> impl Strategy<Value = Vec<u8>> {
    let lively = prop::sample::select(
        b"aaabbc\\0012:,{}[]\"\n\r $*1truenl##~\x7D\x0B\x1Ch\xFE<' \x00\x00\x01\x02\x03\x04\x05\xC0\xDB\xDC\xDD\xFF"
            .to_vec(),
    );
    prop::collection::vec(prop_oneof![9 => lively, 1 => any::<u8>()], 0..120)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn frames_do_not_depend_on_the_cuts_and_tile_the_stream(
        stream in streams(),
        cuts in prop::collection::vec(0..12_usize, 0..40),
    ) {
        for text in RULES {
            let rule = rule(text);
            let whole = frames_of(&rule, &[&stream]);
            let mut at = 0;
            for (frame, bytes) in &whole {
                prop_assert_eq!(frame.start, at, "{}: {:?}", text, whole);
                prop_assert!(frame.end > at && frame.payload.start >= at && frame.payload.end <= frame.end);
                prop_assert_eq!(bytes.as_slice(), &stream[at as usize..frame.end as usize]);
                prop_assert!(frame.len() <= rule.max_len);
                at = frame.end;
            }
            prop_assert_eq!(at, stream.len() as u64, "{}: {:?}", text, whole);
            let mut parts = Vec::new();
            let mut rest = stream.as_slice();
            for cut in &cuts {
                let (part, behind) = rest.split_at(rest.len().min(*cut));
                parts.push(part);
                rest = behind;
            }
            parts.push(rest);
            prop_assert_eq!(&frames_of(&rule, &parts), &whole, "{} cut at {:?}", text, cuts);
            let singly: Vec<&[u8]> = stream.chunks(1).collect();
            prop_assert_eq!(&frames_of(&rule, &singly), &whole, "{} byte by byte", text);
        }
    }

    #[test]
    fn what_was_framed_comes_back(payloads in prop::collection::vec(prop::collection::vec(any::<u8>(), 1..40), 1..8)) {
        for (text, pack) in PACKERS {
            let rule = rule(text);
            let stream: Vec<u8> = payloads.iter().flat_map(|payload| pack(payload)).collect();
            let got: Vec<Vec<u8>> = frames_of(&rule, &[&stream])
                .iter()
                .filter(|(frame, _)| frame.kind == FrameKind::Frame)
                .map(|(frame, bytes)| rule.content(&bytes[frame.payload_within()]).into_owned())
                .collect();
            prop_assert_eq!(&got, &payloads, "{}", text);
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in "[a-z0-9:,=+'|@ \\\\-]{0,40}") {
        if let Ok(rule) = text.parse::<FramingRule>() {
            let shown = rule.to_string();
            prop_assert_eq!(shown.parse::<FramingRule>(), Ok(rule), "{} as {}", text, shown);
        }
    }
}

type Pack = fn(&[u8]) -> Vec<u8>;
const PACKERS: [(&str, Pack); 12] = [
    ("marks:start=7E,end=7E,swap=7E:7D02|7D:7D01", |payload| {
        let escaped = payload.iter().flat_map(|byte| match byte {
            0x7E => vec![0x7D, 2],
            0x7D => vec![0x7D, 1],
            byte => vec![*byte],
        });
        [vec![0x7E], escaped.collect(), vec![0x7E]].concat()
    }),
    ("marks:start=7E,end=7E,escape=7D,xor=20", |payload| {
        let escaped = payload.iter().flat_map(|byte| match byte {
            0x7D | 0x7E => vec![0x7D, byte ^ 0x20],
            byte => vec![*byte],
        });
        [vec![0x7E], escaped.collect(), vec![0x7E]].concat()
    }),
    ("len:size=hex4,skip=0A", |payload| [format!("{:04X}", payload.len()).as_bytes(), payload, b"\n\n"].concat()),
    ("len:size=2,endian=big,mask=07FF", |payload| {
        [&(payload.len() as u16 | 0xA000).to_be_bytes()[..], payload].concat()
    }),
    ("scpi", |payload| [format!("#3{:03}", payload.len()).as_bytes(), payload, b"\n"].concat()),
    ("syslog", |payload| [format!("{} ", payload.len()).as_bytes(), payload, b"\n"].concat()),
    ("py-struct-i", |payload| [&(payload.len() as u32).to_le_bytes()[..], payload].concat()),
    ("len:offset=1,size=2,endian=big,counts=all", |payload| {
        [&[9][..], &(payload.len() as u16 + 3).to_be_bytes(), payload].concat()
    }),
    ("len:size=dec,end=3A", |payload| [format!("{}:", payload.len()).as_bytes(), payload].concat()),
    ("slip", |payload| {
        let escaped = payload.iter().flat_map(|byte| match byte {
            0xC0 => vec![0xDB, 0xDC],
            0xDB => vec![0xDB, 0xDD],
            byte => vec![*byte],
        });
        [escaped.collect(), vec![0xC0]].concat()
    }),
    ("cobs", |payload| {
        let blocks = payload.split(|byte| *byte == 0);
        let packed = blocks.flat_map(|block| [&[block.len() as u8 + 1][..], block].concat());
        [packed.collect(), vec![0]].concat()
    }),
    ("marks:start=02,end=03,escape=10", |payload| {
        let escaped = payload.iter().flat_map(|byte| match byte {
            0x02 | 0x03 | 0x10 => vec![0x10, *byte],
            byte => vec![*byte],
        });
        [vec![2], escaped.collect(), vec![3]].concat()
    }),
];

#[test]
fn long_streams_are_cut_alike_in_reads_of_any_size() {
    let lively = b"aaab,c\\:12{}[]\"\n\r $*e\x00\x00\x01\x02\x03\x05\xC0\xDB\xDC\xDD\xFF";
    let mut state = 1_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        lively[(state >> 16) as usize % lively.len()]
    };
    let stream: Vec<u8> = (0..150_000).map(|_| next()).collect();
    for text in
        ["len:size=2,endian=big", "marks:start=6161,end=6263", "marks:start=0000,end=FFFFFFFF", "json", "delim:C0DBDC"]
    {
        let rule = rule(text);
        let whole = frames_of(&rule, &[&stream]);
        assert!(!whole.is_empty());
        for size in [999, 65_535, 65_536, 70_001] {
            let parts: Vec<&[u8]> = stream.chunks(size).collect();
            assert!(frames_of(&rule, &parts) == whole, "{text} in reads of {size}");
        }
    }
}
