//! Sentences about importing logs.

use super::{Lang, error_sentence, hex_error};
use crate::capture::{ImportError, ImportRemarks, Imported};
use std::path::Path;

/// Why an import failed.
#[must_use]
pub fn import_error(error: &ImportError, path: &Path, lang: Lang) -> String {
    let path = path.display().to_string();
    match error {
        ImportError::Net(error) => error_sentence(error, lang),
        ImportError::Cancelled => lang.texts().import_cancelled().to_owned(),
        ImportError::NoLog => lang.texts().no_log(&path),
        ImportError::Hex { line, error } => lang.texts().no_hex_in_log(&path, *line, &hex_error(error, lang)),
    }
}

/// The result of importing a log: its size, then what was changed or left out.
#[must_use]
pub fn imported(imported: &Imported, lang: Lang) -> Vec<String> {
    let texts = lang.texts();
    let ImportRemarks { had_empty_lines, was_utf_16, ambiguous_times, skipped_times, left_out_lines } =
        imported.remarks;
    let mut sentences = vec![texts.imported(imported.records)];
    if left_out_lines > 0 {
        sentences.push(texts.lines_left_out(left_out_lines));
    }
    if had_empty_lines {
        sentences.push(texts.empty_lines_left_out().to_owned());
    }
    if was_utf_16 {
        sentences.push(texts.read_from_utf_16().to_owned());
    }
    if ambiguous_times > 0 {
        sentences.push(texts.times_existed_twice(ambiguous_times));
    }
    if skipped_times > 0 {
        sentences.push(texts.times_never_were(skipped_times));
    }
    sentences
}
