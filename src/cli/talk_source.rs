//! Reads the text of a talk file.

use super::usage::UsageError;
use crate::words::Lang;
use std::io::{self, Read};
use std::path::Path;

/// Longest talk file, in bytes.
const LONGEST: u64 = 16 << 20;

/// The text of a file; `-` is standard input.
///
/// # Errors
/// It cannot be read, is too long, or is not UTF-8. The error names `option`.
pub(super) fn read(option: &str, path: &Path, lang: Lang) -> Result<String, UsageError> {
    let texts = lang.texts();
    text(path).map_err(|error| {
        let reason = match error.kind() {
            io::ErrorKind::NotFound => texts.fault_missing(),
            io::ErrorKind::PermissionDenied => texts.fault_denied(),
            io::ErrorKind::FileTooLarge => texts.fault_file_too_long(),
            io::ErrorKind::InvalidData => texts.not_utf_8(),
            _ => texts.fault_file_other(),
        };
        UsageError::file(option, path, reason)
    })
}

fn text(path: &Path) -> io::Result<String> {
    let source: Box<dyn Read> =
        if path.as_os_str() == "-" { Box::new(io::stdin().lock()) } else { Box::new(std::fs::File::open(path)?) };
    let mut text = String::new();
    let read = source.take(LONGEST + 1).read_to_string(&mut text)?;
    if read as u64 > LONGEST { Err(io::ErrorKind::FileTooLarge.into()) } else { Ok(text) }
}
