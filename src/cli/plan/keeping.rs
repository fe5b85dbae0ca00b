//! Checks the options for keeping captures.

use super::super::usage::UsageError;
use super::super::values;
use crate::capture::Retention;
use crate::settings::Preferences;
use crate::words::{self, Lang};
use std::time::Duration;

fn size(option: &str, text: &str, lang: Lang) -> Result<u64, UsageError> {
    let reason = lang.texts().should_be_size();
    words::parse_size(text).ok_or_else(|| UsageError::value(option, text, reason))
}

pub(super) fn kept_file_bytes(text: &str, lang: Lang) -> Result<u64, UsageError> {
    let option = "--keep-files";
    let bytes = size(option, text, lang)?;
    if !Preferences::KEPT_FILE_BYTES.contains(&bytes) {
        return Err(UsageError::value(option, text, lang.texts().at_most_a_gib()));
    }
    Ok(bytes)
}

pub(super) fn capture_limit(text: &str, lang: Lang) -> Result<u64, UsageError> {
    let option = "--capture-limit";
    let bytes = size(option, text, lang)?;
    if bytes < *Preferences::CAPTURE_LIMIT_BYTES.start() {
        return Err(UsageError::value(option, text, lang.texts().at_least_a_mib()));
    }
    Ok(bytes)
}

pub(super) fn keep_for(text: &str, lang: Lang) -> Result<Retention, UsageError> {
    if text == "forever" {
        return Ok(Retention(None));
    }
    let days = text.strip_suffix('d').map(|days| values::number(days, 1, lang));
    let kept = match days {
        Some(days) => days.map(|days| Duration::from_secs(days.saturating_mul(24 * 3600))),
        None => values::duration(text, lang),
    };
    let reason = lang.texts().should_be_time_or_forever();
    match kept {
        Ok(kept) if !kept.is_zero() => Ok(Retention(Some(kept))),
        _ => Err(UsageError::value("--keep-for", text, reason)),
    }
}
