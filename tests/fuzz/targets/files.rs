//! Files of the user: settings, and logs of other programs.

use super::{assert_explained, reading};
use std::fs;
use wirebench::capture::{
    CaptureOptions, Catalog, ExportFormat, ExportStyle, ImportError, Imported, Selection, export, import_netassist,
};
use wirebench::codec::Encoding;
use wirebench::model::Direction;
use wirebench::settings::{self, LoadNote, Settings};
use wirebench::words;

/// Input: a settings file.
pub fn settings(data: &[u8]) {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let file = dir.path().join("settings.json");
    fs::write(&file, data).expect("written");
    let (loaded, note) = settings::load(&file);
    match note {
        None => assert_eq!(fs::read(&file).ok().as_deref(), Some(data), "loading must not change the file"),
        Some(LoadNote::Damaged { kept, .. } | LoadNote::Future { kept, .. }) => {
            assert_eq!(loaded, Settings::default());
            assert!(!file.exists());
            assert_eq!(fs::read(&kept).ok().as_deref(), Some(data), "the renamed file must be unchanged");
        }
        Some(LoadNote::Partly { values, kept }) => {
            assert!(!values.is_empty());
            assert_eq!(fs::read(&file).ok().as_deref(), Some(data), "loading must not change the file");
            assert_eq!(kept.and_then(|kept| fs::read(kept).ok()).as_deref(), Some(data), "a copy must be kept");
        }
        Some(LoadNote::Unreadable(error)) => panic!("{error}"),
    }
    settings::save(&file, &loaded).expect("saved");
    let (again, note) = settings::load(&file);
    assert_eq!((again, note), (loaded, None), "loaded settings must survive saving and loading");
}

/// Input: a log.
pub fn netassist(data: &[u8]) {
    let Some((log, before)) = import(data) else { return };
    // The imported data is exported in the same form and imported again.
    match import(&log) {
        Some((_, after)) => assert_eq!(after, before),
        None => assert!(before.is_empty(), "a log of this program must be importable"),
    }
}

type Payloads = Vec<(Direction, Vec<u8>)>;

/// The log exported again from what was imported, and its payloads; `None` if it is not a log.
fn import(log: &[u8]) -> Option<(Vec<u8>, Payloads)> {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let (path, captures) = (dir.path().join("log.txt"), dir.path().join("captures"));
    fs::write(&path, log).expect("written");
    let zone = jiff::tz::TimeZone::system();
    let imported = match import_netassist(&path, &captures, CaptureOptions::default(), &zone, &mut |_, _| true) {
        Ok(imported) => imported,
        Err(error) => {
            assert_eq!(fs::read_dir(&captures).map_or(0, Iterator::count), 0, "nothing may be left after {error}");
            assert!(!matches!(error, ImportError::Hex { line: 0, .. }));
            assert_explained(|lang| words::import_error(&error, std::path::Path::new("log.txt"), lang));
            return None;
        }
    };
    Some(written(&captures, &imported))
}

fn written(captures: &std::path::Path, imported: &Imported) -> (Vec<u8>, Payloads) {
    let reader = Catalog::new(captures.to_owned()).open(&imported.id).expect("the new capture");
    assert_eq!(reader.recovered_note(), None);
    let mut payloads = Vec::new();
    for number in reader.records() {
        let record = reader.record(number).expect("a record");
        let mut bytes = Vec::new();
        reader.payload(&record, 0..u32::MAX, &mut bytes).expect("its payload");
        payloads.extend(record.direction.map(|direction| (direction, bytes)));
    }
    assert_eq!(payloads.len() as u64, imported.records);
    reading::read_all(&reader, 1 << 20);
    let mut log = Vec::new();
    let style = ExportStyle {
        encoding: Encoding::UTF_8,
        sentence: &|_, _, _| String::new(),
        unreadable: &ToString::to_string,
        remark: "",
    };
    let selection = Selection::all(&reader);
    export(&reader, ExportFormat::NetAssist, &selection, &style, &mut log, &mut |_, _| true).expect("exported");
    (log, payloads)
}
