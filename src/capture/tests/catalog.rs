//! The list of captures.

use super::*;
use crate::model::ErrorKind;
use std::fs;
use std::time::{Duration, SystemTime};

fn list(catalog: &Catalog) -> Vec<(String, CaptureState)> {
    let (captures, damaged) = catalog.list().expect("listed");
    assert_eq!(damaged, []);
    captures.into_iter().map(|capture| (capture.id, capture.state)).collect()
}

#[test]
fn captures_are_listed_newest_first_with_what_they_hold() {
    let mut bench = Bench::with_limit(1 << 20);
    let catalog = Catalog::new(bench.captures());
    for number in 0..30 {
        bench.receive(1, &pattern(number, 50_000));
    }
    let mut json = Vec::new();
    let note = SessionNote::KernelDropped { records: 1, buffer_bytes: 0 };
    bench.writer.append(&NewRecord::note(PeerId::NONE, &note, &mut json)).expect("appended");
    bench.flush();
    let second = CaptureWriter::create(&bench.captures(), &endpoint(), CaptureOptions::default()).expect("a capture");
    let second_id = second.id().to_owned();
    second.close();
    let (captures, damaged) = catalog.list().expect("listed");
    assert!(damaged.is_empty());
    assert_eq!([&*captures[0].id, &*captures[1].id], [&*second_id, bench.writer.id()]);
    assert_eq!([captures[0].state, captures[1].state], [CaptureState::Closed, CaptureState::Open]);
    assert_eq!((captures[0].records, captures[0].bytes, captures[0].evicted_bytes), (0, 0, 0));
    let stats = bench.writer.stats();
    let first = &captures[1];
    assert!(stats.evicted_records > 0);
    assert_eq!(first.records, stats.records - stats.evicted_records);
    assert_eq!((first.bytes, first.evicted_bytes), (30 * 50_000 - stats.evicted_bytes, stats.evicted_bytes));
    assert_eq!((first.disk_bytes, &*first.endpoint), (stats.disk_bytes, "tcp://127.0.0.1:8080"));
    let now = super::super::disk::unix_ns(SystemTime::now());
    assert!((now - first.created_unix_ns).abs() < 60_000_000_000);
}

#[test]
fn ids_are_the_time_and_sort_by_it() {
    let bench = Bench::new();
    let id = bench.writer.id();
    let (time, random) = id.rsplit_once('-').expect("two parts");
    assert_eq!((time.len(), random.len()), (15, 6), "{id}");
    let created = bench.writer.reader().created_unix_ns();
    let expected = jiff::Timestamp::from_nanosecond(created.into()).expect("a time").strftime("%Y%m%d-%H%M%S");
    assert_eq!(time, expected.to_string());
}

#[test]
fn a_folder_that_is_not_there_has_no_captures() {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let catalog = Catalog::new(dir.path().join("nowhere"));
    assert_eq!(list(&catalog), []);
    assert_eq!(catalog.sweep(Retention(Some(Duration::ZERO))).expect("swept"), Vec::<String>::new());
    assert_eq!(catalog.open("20260101-000000-000000").expect_err("none").kind, ErrorKind::File);
    assert_eq!(catalog.dir(), dir.path().join("nowhere"));
    let file = dir.path().join("file");
    fs::write(&file, b"").expect("written");
    assert!(Catalog::new(file).list().is_err());
}

#[test]
fn a_capture_is_opened_by_its_id_or_a_unique_beginning() {
    let mut bench = Bench::new();
    bench.receive(1, b"x");
    bench.flush();
    let catalog = Catalog::new(bench.captures());
    let id = bench.writer.id().to_owned();
    let second = CaptureWriter::create(&bench.captures(), &endpoint(), CaptureOptions::default()).expect("a capture");
    assert_eq!(catalog.open(&id).expect("opened").records(), 0..1);
    assert_eq!(catalog.open(&id[..id.len() - 1]).expect("opened").id(), id);
    let ambiguous = catalog.open("2").expect_err("two ids have this prefix");
    assert!(ambiguous.detail.contains("more than one"), "{ambiguous}");
    drop(second);
    assert_eq!(catalog.open("19").expect_err("none").kind, ErrorKind::File);
    for bad in ["", ".", "..", "../captures", "a/b", "a\\b", "/", "/etc", "C:", "a\0b", "é", "x y"] {
        let error = catalog.open(bad).expect_err("no id");
        assert!(error.kind == ErrorKind::Invalid && error.detail.contains("not a capture id"), "{bad:?}: {error}");
        assert!(catalog.delete(bad).is_err(), "{bad:?}");
    }
}

#[test]
fn only_what_nobody_writes_is_deleted() {
    let bench = Bench::new();
    let catalog = Catalog::new(bench.captures());
    let (id, folder) = (bench.writer.id().to_owned(), bench.folder());
    let refused = catalog.delete(&id).expect_err("the capture is open");
    assert_eq!(refused.kind, ErrorKind::CaptureInUse, "{refused}");
    assert_eq!(catalog.sweep(Retention(Some(Duration::ZERO))).expect("swept"), Vec::<String>::new());
    assert_eq!(list(&catalog), [(id.clone(), CaptureState::Open)]);
    bench.writer.close();
    catalog.delete(&id).expect("deleted");
    assert!(!folder.exists());
    assert!(catalog.delete(&id).is_err());
}

const WEEK: Duration = Duration::from_secs(7 * 24 * 3600);
const KEPT: Retention = Retention(Some(WEEK));

/// The captures that a sweep deletes at a time in the future.
fn swept_after(catalog: &Catalog, retention: Retention, after: Duration) -> Vec<String> {
    catalog.sweep_at(retention, SystemTime::now() + after).expect("swept")
}

#[test]
fn retention_counts_from_the_end_of_a_closed_capture() {
    let mut bench = Bench::new();
    bench.receive(1, b"x");
    let (id, folder) = (bench.writer.id().to_owned(), bench.folder());
    let catalog = Catalog::new(bench.captures());
    assert!(swept_after(&catalog, KEPT, 2 * WEEK).is_empty(), "the capture is open");
    bench.writer.close();
    let minute = Duration::from_secs(60);
    assert!(swept_after(&catalog, KEPT, WEEK - minute).is_empty());
    assert!(swept_after(&catalog, Retention(None), 2 * WEEK).is_empty(), "none = kept for ever");
    assert_eq!(swept_after(&catalog, KEPT, WEEK + minute), [id]);
    assert!(!folder.exists());
}

#[test]
fn a_capture_whose_files_have_old_times_is_kept_for_the_whole_time() {
    // `tar` and `cp -a` restore the times of the files.
    let mut bench = Bench::new();
    bench.receive(1, b"x");
    let folder = bench.folder();
    let catalog = Catalog::new(bench.captures());
    bench.writer.close();
    for entry in fs::read_dir(&folder).expect("listed") {
        let file = fs::OpenOptions::new().write(true).open(entry.expect("an entry").path()).expect("opened");
        file.set_modified(SystemTime::now() - 10 * WEEK).expect("set");
    }
    assert!(swept_after(&catalog, KEPT, Duration::ZERO).is_empty());
    assert!(folder.exists());
}

#[test]
fn retention_touches_only_captures_of_this_program() {
    let bench = Bench::new();
    let captures = bench.captures();
    let sound = bench.folder();
    let catalog = Catalog::new(captures.clone());
    bench.writer.close();
    let copy = |name: &str| {
        let to = captures.join(name);
        fs::create_dir(&to).expect("made");
        for entry in fs::read_dir(&sound).expect("listed").map(|entry| entry.expect("an entry")) {
            fs::copy(entry.path(), to.join(entry.file_name())).expect("copied");
        }
        to
    };
    let notes = captures.join("notes");
    fs::create_dir(&notes).expect("made");
    fs::write(notes.join("thesis.txt"), b"years of work").expect("written");
    copy("my-archive");
    fs::write(copy("20200101-000000-aaaaaa").join("notes.txt"), b"mine").expect("written");
    fs::create_dir(copy("20200101-000000-bbbbbb").join("00000007.data")).expect("made");
    let meta = copy("20200101-000000-cccccc").join("meta.json");
    fs::write(meta, br#"{"format":"another-program","version":1}"#).expect("written");
    fs::create_dir(captures.join("20200101-000000-dddddd")).expect("made");
    let sound_id = sound.file_name().expect("a name").to_string_lossy().into_owned();
    assert_eq!(swept_after(&catalog, KEPT, 10 * WEEK), [sound_id]);
    for kept in ["notes", "my-archive", "20200101-000000-aaaaaa", "20200101-000000-bbbbbb", "20200101-000000-cccccc"] {
        assert!(captures.join(kept).is_dir(), "{kept}");
    }
    assert!(notes.join("thesis.txt").is_file());
}

#[test]
fn a_folder_with_other_files_is_not_deleted_by_name_either() {
    let bench = Bench::new();
    let captures = bench.captures();
    let folder = bench.folder();
    let id = bench.writer.id().to_owned();
    let catalog = Catalog::new(captures.clone());
    bench.writer.close();
    fs::write(folder.join("notes.txt"), b"mine").expect("written");
    let refused = catalog.delete(&id).expect_err("the folder contains another file");
    assert!(refused.kind == ErrorKind::NotACapture && refused.detail == "notes.txt", "{refused}");
    assert!(folder.join("meta.json").is_file(), "no file was deleted");
    fs::create_dir(captures.join("notes")).expect("made");
    fs::write(captures.join("notes").join("thesis.txt"), b"years of work").expect("written");
    assert_eq!(catalog.delete("notes").expect_err("no capture").kind, ErrorKind::NotACapture);
    assert!(captures.join("notes").join("thesis.txt").is_file());
    fs::remove_file(folder.join("notes.txt")).expect("removed");
    catalog.delete(&id).expect("all file names of a capture are known");
}

#[test]
fn damaged_and_foreign_folders_do_not_hide_the_others() {
    let bench = Bench::new();
    let captures = bench.captures();
    let id = bench.writer.id().to_owned();
    fs::create_dir(captures.join("empty-and-new")).expect("made");
    fs::create_dir(captures.join("damaged")).expect("made");
    fs::write(captures.join("damaged").join("meta.json"), b"{}").expect("written");
    fs::create_dir(captures.join("no id at all")).expect("made");
    fs::write(captures.join("a-file"), b"").expect("written");
    #[cfg(unix)]
    std::os::unix::fs::symlink(bench.folder(), captures.join("a-link")).expect("linked");
    let catalog = Catalog::new(captures);
    let (found, damaged) = catalog.list().expect("listed");
    assert_eq!(found.iter().map(|capture| &*capture.id).collect::<Vec<_>>(), [&*id]);
    assert_eq!(damaged.len(), 1, "{damaged:?}");
    assert!(damaged[0].address.ends_with("damaged") && damaged[0].detail.contains("meta.json"), "{damaged:?}");
    catalog.delete("damaged").expect("damaged captures can be deleted");
    assert_eq!(list(&catalog), [(id, CaptureState::Open)]);
}
