use super::*;
use proptest::prelude::*;

fn encodings() -> impl Strategy<Value = Encoding> {
    prop::sample::select(Encoding::all())
}

fn view_configs() -> impl Strategy<Value = ViewConfig> {
    let modes = prop::sample::select(&[ViewMode::Text, ViewMode::Hex, ViewMode::Dump]);
    (modes, encodings(), prop::sample::select(&[8_u16, 12, 16, 24, 32]), 8_u16..100).prop_map(
        |(mode, encoding, bytes_per_row, text_cells)| ViewConfig { mode, encoding, bytes_per_row, text_cells },
    )
}

/// Bytes that challenge decoders: leads, trails, controls, text.
fn payloads() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![
        Just(b'\n'),
        Just(b'0'),
        Just(0x81),
        Just(0xD8),
        Just(0x8F),
        Just(0xE4),
        Just(0xBD),
        Just(0xA0),
        any::<u8>()
    ];
    prop_oneof![
        prop::collection::vec(byte, 0..40),
        "[ -~\n温度计é\u{301}😀\u{202E}]{0,60}".prop_map(String::into_bytes)
    ]
}

#[derive(Clone, Debug)]
struct Step {
    peer: usize,
    sent: bool,
    payload: Vec<u8>,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (0..2_usize, any::<bool>(), payloads()).prop_map(|(peer, sent, payload)| Step { peer, sent, payload });
    prop::collection::vec(step, 0..12)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn all_rows_together_are_the_payload_each_byte_once(steps in steps(), config in view_configs(), udp in any::<bool>()) {
        let mut tape = if udp { Tape::udp() } else { Tape::tcp() };
        let peers = [tape.peer(1), tape.peer(2)];
        for step in &steps {
            if step.sent { tape.sent(peers[step.peer], &step.payload) } else { tape.received(peers[step.peer], &step.payload) };
        }
        let reader = tape.reader();
        let mut view = View::new(reader.clone(), config, 0);
        let rows = all_rows(&mut view);
        for (number, step) in (0..).zip(&steps) {
            let of_record: Vec<&Row> = rows.iter().filter(|row| row.place.record == number).collect();
            let bytes: Vec<u8> = of_record.iter().flat_map(|row| bytes_of(row)).copied().collect();
            prop_assert_eq!(&bytes, &step.payload);
            // The same in a new view.
            let fresh = fresh_rows(&reader, config, number);
            prop_assert_eq!(fresh.iter().collect::<Vec<_>>(), of_record);
        }
        let mut place = view.start();
        for row in &rows {
            prop_assert_eq!(row.place, place);
            prop_assert_eq!(there_and_back(&mut view, place), place);
            place = view.moved(place, 1);
            if let RowKind::Data { offset, bytes, invalid, cells, .. } = &row.kind {
                prop_assert!(invalid.is_empty() || invalid.len() == bytes.len());
                let end = offset + u32::try_from(bytes.len()).unwrap();
                let mut column = 0;
                for cell in cells {
                    prop_assert!(cell.column >= column, "cells overlap: {:?}", cells);
                    prop_assert!(cell.width > 0 && cell.bytes.start >= *offset && cell.bytes.start <= end);
                    column = cell.column + cell.width;
                    if config.mode == ViewMode::Text {
                        prop_assert!(column <= config.text_cells + 4);
                        prop_assert!(cell.bytes.end <= end);
                    }
                }
                prop_assert!(cells.iter().all(|cell| !cell.text.chars().any(char::is_control)));
            }
        }
    }

    #[test]
    fn how_a_stream_is_cut_does_not_change_its_text(payload in prop::collection::vec(payloads(), 0..8), encoding in encodings(), size in 1..9_usize) {
        let stream = payload.concat();
        let text_of = |parts: &mut dyn Iterator<Item = &[u8]>| {
            let mut tape = Tape::tcp();
            let peer = tape.peer(1);
            for part in parts {
                tape.received(peer, part);
            }
            tape.event(RecordKind::PeerLeft, peer, None);
            let mut view = tape.view(text(encoding, 4096));
            all_rows(&mut view).iter().flat_map(cells_of).map(|cell| (cell.text.clone(), cell.style)).collect::<Vec<_>>()
        };
        // A combining mark at the start of a row is escaped; nothing else may differ.
        let plain = |cells: Vec<(String, CellStyle)>| -> Vec<(String, CellStyle)> {
            let mut characters = Vec::new();
            for (text, style) in cells {
                let code = text.strip_prefix("\\u{").and_then(|code| u32::from_str_radix(code.strip_suffix('}')?, 16).ok());
                match code.and_then(char::from_u32) {
                    Some(c) => characters.push((c.to_string(), CellStyle::Normal)),
                    None if style == CellStyle::Normal => {
                        characters.extend(text.chars().map(|c| (c.to_string(), style)));
                    }
                    None => characters.push((text, style)),
                }
            }
            characters
        };
        let whole = plain(text_of(&mut std::iter::once(&stream[..])));
        let cut = plain(text_of(&mut stream.chunks(size)));
        prop_assert_eq!(whole, cut);
    }
}
