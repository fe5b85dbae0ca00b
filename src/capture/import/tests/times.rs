//! Local times around clock changes.

use super::*;

/// Imports entries at these times of the day of the autumn change, and returns their UTC times.
fn read(times: &[&str]) -> (Vec<String>, ImportRemarks) {
    let bench = Bench::new();
    let entry = |time: &&str| format!("[{time}.000]# RECV ASCII FROM 10.0.0.1 :1>\nx\n");
    let log: String = times.iter().map(entry).collect();
    let zone = TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").expect("a zone");
    let imported = bench.import_in(log.as_bytes(), &zone).expect("imported");
    let reader = Catalog::new(bench.captures()).open(&imported.id).expect("a capture");
    let records = reader.records().map(|number| reader.record(number).expect("a record"));
    let shown = |record: crate::capture::Record| {
        let time = jiff::Timestamp::from_nanosecond(record.unix_ns.into()).expect("a time");
        time.strftime("%H:%M:%S").to_string()
    };
    (records.filter(|record| record.direction.is_some()).map(shown).collect(), imported.remarks)
}

#[test]
fn the_hour_that_comes_twice_in_autumn_is_told_apart_by_the_order() {
    let (times, remarks) = read(&[
        "2025-10-26 01:59:59",
        "2025-10-26 02:10:00",
        "2025-10-26 02:50:00",
        "2025-10-26 02:10:00",
        "2025-10-26 02:50:00",
        "2025-10-26 03:00:00",
    ]);
    assert_eq!(times, ["23:59:59", "00:10:00", "00:50:00", "01:10:00", "01:50:00", "02:00:00"]);
    assert_eq!(remarks, ImportRemarks { ambiguous_times: 4, ..ImportRemarks::default() });
}

#[test]
fn a_time_before_both_of_an_hour_that_comes_twice_keeps_the_order() {
    let (times, remarks) = read(&["2025-10-26 03:10:00", "2025-10-26 02:10:00", "2025-10-26 03:20:00"]);
    assert_eq!(times, ["02:10:00", "02:10:00", "02:20:00"]);
    assert_eq!(remarks.ambiguous_times, 1);
}

#[test]
fn a_time_that_never_was_in_spring_is_moved_on_and_counted() {
    let (times, remarks) = read(&["2025-03-30 01:59:00", "2025-03-30 02:30:00", "2025-03-30 03:40:00"]);
    assert_eq!(times, ["00:59:00", "01:30:00", "01:40:00"]);
    assert_eq!(remarks, ImportRemarks { skipped_times: 1, ..ImportRemarks::default() });
}
