//! The folder of a capture, damaged or forged: an error or fewer records, never a panic, a hang, or an allocation of a claimed size.

use super::{forge, reading};
use std::fs;
use wirebench::capture::{CaptureReader, Catalog};

/// Input: see [`forge`].
pub fn capture(data: &[u8]) {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let folder = dir.path().join("20260101-000000-000000");
    fs::create_dir(&folder).expect("made");
    let flags = forge::folder(data, &folder);
    // The first reader recovers the capture, the second one finds it recovered.
    for round in 0..2 {
        match CaptureReader::open(&folder) {
            Ok(reader) => {
                reading::read_all(&reader, 64 << 10);
                reading::look_through(&reader, flags.rotate_right(1 + 3 * round));
                reader.refresh().ok(); // any result is fine
                reading::read_all(&reader, 64 << 10);
            }
            Err(error) => assert!(!error.to_string().is_empty()),
        }
        let (captures, damaged) = Catalog::new(dir.path().to_owned()).list().expect("the folder is readable");
        assert!(captures.len() + damaged.len() <= 1);
    }
}
