//! Names of what sent a record.

use super::*;
use crate::capture::names::MOST;

fn name_of(bench: &mut Bench, name: &str) -> NameId {
    bench.writer.name(&Arc::from(name))
}

fn sent(bench: &mut Bench, name: NameId) -> u64 {
    let record = NewRecord::data(Direction::Sent, PeerId(1), Payload::Bytes(b"x"));
    let number = bench.writer.append(&record.marked(Marks { name, ..Marks::default() })).expect("appended");
    bench.flush();
    number
}

fn read(reader: &CaptureReader, number: u64) -> Option<String> {
    let record = reader.record(number).expect("a record");
    reader.name(&record).map(|name| name.to_string())
}

#[test]
fn records_refer_to_names_that_every_reader_knows() {
    let mut bench = Bench::new();
    let reader = bench.writer.reader();
    assert!(!reader.has_names());
    let (first, second) = (name_of(&mut bench, "心跳"), name_of(&mut bench, " a\tb\u{7} "));
    assert_eq!((first, second, name_of(&mut bench, "心跳")), (NameId(1), NameId(2), NameId(1)));
    let numbers = [sent(&mut bench, first), sent(&mut bench, NameId::NONE), sent(&mut bench, second)];
    let told = |reader: &CaptureReader| numbers.map(|number| read(reader, number));
    let expected = [Some("心跳".to_owned()), None, Some("a b".to_owned())];
    assert_eq!(told(&reader), expected);
    // The names are on the disk before the capture is closed.
    let live = CaptureReader::open(&bench.folder()).expect("a capture");
    assert_eq!(told(&live), expected);
    // A name that comes later is found by a reader of another process.
    let third = name_of(&mut bench, "later");
    let number = sent(&mut bench, third);
    assert_eq!(reader.record(number).map(|record| reader.name(&record)).ok().flatten().as_deref(), Some("later"));
    let folder = bench.folder();
    let Bench { writer, dir, .. } = bench;
    drop(writer);
    let closed = CaptureReader::open(&folder).expect("a capture");
    assert_eq!(told(&closed), expected);
    assert_eq!(read(&closed, number).as_deref(), Some("later"));
    drop(dir);
}

#[test]
fn names_are_bounded() {
    let mut bench = Bench::new();
    let long = name_of(&mut bench, &"字".repeat(100));
    let number = sent(&mut bench, long);
    let told = read(&bench.writer.reader(), number).expect("a name");
    assert_eq!(told.chars().count(), 64);
    assert!(told.ends_with('…'));
    let ids: Vec<NameId> = (0..400).map(|n| name_of(&mut bench, &format!("\"{n}"))).collect();
    assert_eq!(ids[MOST - 2], NameId(MOST as u16));
    assert!(ids[MOST - 1..].iter().all(|id| *id == NameId::NONE));
    let folder = bench.folder();
    let Bench { writer, dir, .. } = bench;
    drop(writer);
    assert!(CaptureReader::open(&folder).expect("a capture").has_names());
    drop(dir);
    // Long names end earlier, so that the description stays readable.
    let mut bench = Bench::new();
    for n in 0..MOST {
        name_of(&mut bench, &format!("{n}{}", "字".repeat(60)));
    }
    let folder = bench.folder();
    let Bench { writer, dir, .. } = bench;
    drop(writer);
    assert!(CaptureReader::open(&folder).expect("a capture").has_names());
    drop(dir);
}
