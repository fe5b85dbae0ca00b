//! How captures are kept, checked.

use super::super::usage::UsageError;
use super::super::values;
use crate::capture::Retention;
use crate::settings::Preferences;
use crate::words::{self, Lang};
use std::time::Duration;

fn size(option: &str, text: &str, lang: Lang) -> Result<u64, UsageError> {
    let reason = lang.pick("应为大小，如 512M、4GiB", "should be a size such as 512M or 4GiB");
    words::parse_size(text).ok_or_else(|| UsageError::value(option, text, reason))
}

pub(super) fn kept_file_bytes(text: &str, lang: Lang) -> Result<u64, UsageError> {
    let option = "--keep-files";
    let bytes = size(option, text, lang)?;
    if !Preferences::KEPT_FILE_BYTES.contains(&bytes) {
        return Err(UsageError::value(option, text, lang.pick("最大为 1 GiB", "has to be at most 1 GiB")));
    }
    Ok(bytes)
}

pub(super) fn capture_limit(text: &str, lang: Lang) -> Result<u64, UsageError> {
    let option = "--capture-limit";
    let bytes = size(option, text, lang)?;
    if bytes < *Preferences::CAPTURE_LIMIT_BYTES.start() {
        return Err(UsageError::value(option, text, lang.pick("至少为 1 MiB", "has to be at least 1 MiB")));
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
    let reason = lang.pick("应为时间，如 30d、12h，或 forever", "should be a time such as 30d or 12h, or forever");
    match kept {
        Ok(kept) if !kept.is_zero() => Ok(Retention(Some(kept))),
        _ => Err(UsageError::value("--keep-for", text, reason)),
    }
}
