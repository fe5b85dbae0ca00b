//! Sentences about loading the settings file.

use crate::settings::LoadNote;
use crate::words::{self, Lang};
use std::path::Path;

/// Title and cause of a problem with the settings file.
pub fn load_note(note: &LoadNote, lang: Lang) -> (String, String) {
    let texts = lang.texts();
    let kept_as = |kept: &Path| texts.settings_kept(&kept.display().to_string());
    match note {
        LoadNote::Damaged { kept, .. } => (texts.settings_damaged().to_owned(), kept_as(kept)),
        LoadNote::Future { kept, version } => (texts.settings_newer(*version), kept_as(kept)),
        LoadNote::Partly { values, kept } => partly_read(values, kept.as_deref(), lang),
        LoadNote::Unreadable(error) => words::error_parts(error, lang),
    }
}

/// Unknown settings, and the path of the backup that contains them.
fn partly_read(values: &[String], kept: Option<&Path>, lang: Lang) -> (String, String) {
    const NAMED: usize = 3;
    let texts = lang.texts();
    let mut why = values.iter().take(NAMED).map(String::as_str).collect::<Vec<_>>().join(texts.semicolon());
    if values.len() > NAMED {
        why += &texts.settings_unknown_more(values.len() - NAMED);
    }
    if let Some(kept) = kept {
        why += &texts.settings_copied(&kept.display().to_string());
    }
    (texts.settings_unknown(values.len()), why)
}
