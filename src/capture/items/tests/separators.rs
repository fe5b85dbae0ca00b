//! Separators that end a stream for now are shown as nothing, for every rule.

use super::open_parts;
use crate::codec::framing::PRESETS;
use crate::codec::{FrameKind, Framer, FramingRule};
use proptest::prelude::*;

const RULES: [&str; 9] = [
    "marks:start=7E,end=7E,escape=7D",
    "marks:start=61,end=61",
    "delim:0D0A",
    "json:encoding=GB18030",
    "slip:max=6",
    "cobs:max=6",
    "json:max=8",
    "len:size=1,mask=07,skip=0D0A",
    "fixed:3",
];

#[test]
fn a_line_end_behind_a_json_value_is_no_frame_without_an_end() {
    let rule: FramingRule = "json".parse().unwrap();
    let mut framer = Framer::new(&rule, 0);
    framer.feed(b"{\"x\":1}\n", 0, &mut |_, _| {});
    assert_eq!(open_parts(&framer), [8..8, 8..8]);
    framer.feed(b"\r\n {\"y\"", 0, &mut |_, _| {});
    assert_eq!(open_parts(&framer), [11..11, 11..15], "of what comes next only the value is shown");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]
    #[test]
    fn no_separator_is_shown_as_a_frame_without_an_end(
        stream in prop::collection::vec(prop::sample::select(b"{}\"1a ~}\n\r\x1E\x00\x02\xC0\xDB\xDC".to_vec()), 0..40),
        cut in 0_usize..40,
    ) {
        for text in PRESETS.iter().map(|preset| preset.rule).chain(RULES) {
            let rule: FramingRule = text.parse().unwrap();
            let mut framer = Framer::new(&rule, 0);
            let (first, second) = stream.split_at(cut.min(stream.len()));
            framer.feed(first, 0, &mut |_, _| {});
            framer.feed(second, 0, &mut |_, _| {});
            let [junk, incomplete] = open_parts(&framer);
            prop_assert!(junk.end == incomplete.start && incomplete.end == framer.pending().end, "{}", text);
            framer.clone().finish(&mut |frame, _| {
                let is_shown = frame.start < incomplete.end && frame.end > junk.start;
                assert!(frame.kind != FrameKind::Separator || !is_shown, "{text}: {:?}", frame);
            });
        }
    }
}
