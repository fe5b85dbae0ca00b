//! Megabytes of text without a byte that determines where characters start, shown from the middle.

use super::items::framed;
use super::*;
use crate::codec::encoding::samples::{BORDERLESS, TEXTS, repeated};

const RUN: usize = 4 << 20;

/// Text shown by a view that is not in `text`; empty if there is none.
fn wrong(view: &mut View, place: Place, text: &str) -> String {
    let rows = view.rows(place, 40);
    let shown: String = rows.iter().map(Row::content_text).collect();
    assert!(shown.chars().count() > 40, "{place:?} {shown:?}");
    shown.chars().filter(|c| !text.contains(*c)).take(20).collect()
}

/// Shows a place of a view as a window does: wrong guesses must be corrected by the far searches that the view requests.
fn assert_settles(view: &mut View, place: Place, text: &str, what: &str) {
    let mut looks = 0;
    loop {
        let wrong = wrong(view, place, text);
        let Some(look) = view.far_look() else {
            assert_eq!(wrong, "", "{what}, {place:?} after {looks} looks");
            return;
        };
        looks += 1;
        assert!(looks <= 3, "{what}: three far searches must suffice");
        let found = look.run(&mut || true).expect("not cancelled");
        assert!(view.learn(found));
    }
}

#[test]
fn text_without_a_border_is_shown_right_from_its_middle() {
    for sample in BORDERLESS.into_iter().chain(TEXTS.into_iter().skip(6)) {
        let (encoding, of) = sample;
        for read in [3001, 65_537, RUN] {
            let mut tape = Tape::tcp();
            let peer = tape.peer(1);
            let bytes = repeated(sample, RUN);
            for part in bytes.chunks(read) {
                tape.received(peer, part);
            }
            let reader = tape.reader();
            let what = format!("{} in reads of {read}", encoding.name());
            let config = text(encoding, 80);
            let at = RUN / 2;
            let (record, offset) = ((at / read) as u64, (at % read) as u32);
            let mut patient = View::new(reader.clone(), config, 0);
            patient.set_patient();
            let place = patient.place_of(record, offset);
            assert_eq!(wrong(&mut patient, place, of), "", "{what}, patient, {place:?}");
            assert!(patient.far_look().is_none());

            let mut view = View::new(reader.clone(), config, 0);
            let place = view.place_of(record, offset);
            assert_settles(&mut view, place, of, &what);
            let near = view.moved(place, 50);
            assert_eq!(wrong(&mut view, near, of), "", "{what}: near the place");
            assert!(view.far_look().is_none(), "{what}: no further search may be needed nearby");
        }
    }
}

#[test]
fn a_look_far_back_serves_for_the_whole_run() {
    let sample = BORDERLESS[0];
    let mut tape = Tape::tcp();
    let peer = tape.peer(1);
    // Such small records that a screen does not walk back far.
    for part in repeated(sample, 400_000).chunks(17) {
        tape.received(peer, part);
    }
    let end = tape.reader().records().end;
    let mut view = tape.view(text(sample.0, 80));
    assert_settles(&mut view, Place { record: end - 100, row: 0 }, sample.1, "the end");
    for record in (1..end - 100).step_by(997) {
        assert_eq!(wrong(&mut view, Place { record, row: 0 }, sample.1), "", "{record}");
        assert!(view.far_look().is_none(), "{record}");
    }
}

#[test]
fn a_frame_without_a_border_is_shown_right_from_its_middle() {
    for sample in BORDERLESS {
        let (encoding, of) = sample;
        let bytes = repeated(sample, RUN);
        let mut tape = Tape::tcp();
        let peer = tape.peer(1);
        for part in bytes.chunks(100_001) {
            tape.received(peer, part);
        }
        tape.received(peer, b"\n");
        let mut view = framed(&mut tape, text(encoding, 80), "delim:0A,max=16MiB");
        let item = view.items().start;
        let place = view.place_of(item, (RUN / 2) as u32);
        assert_settles(&mut view, place, of, encoding.name());
    }
}

#[test]
fn a_look_that_is_called_off_or_of_another_encoding_changes_nothing() {
    let sample = BORDERLESS[0];
    let mut tape = Tape::tcp();
    let peer = tape.peer(1);
    for part in repeated(sample, RUN).chunks(65_537) {
        tape.received(peer, part);
    }
    let mut view = tape.view(text(sample.0, 80));
    let before = view.rows(Place { record: 40, row: 0 }, 10);
    let look = view.far_look().expect("a look");
    assert!(look.run(&mut || false).is_none());
    let found = look.run(&mut || true).expect("found");
    view.set_config(text(Encoding::BIG5, 80));
    assert!(!view.learn(found.clone()));
    view.set_config(text(sample.0, 80));
    assert!(view.far_look().is_none(), "requested again with the rows");
    assert_eq!(view.rows(Place { record: 40, row: 0 }, 10), before);
    assert!(view.learn(found));
}
