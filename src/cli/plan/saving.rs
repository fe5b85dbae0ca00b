//! `--save` and what belongs to it.

use super::optional_duration;
use crate::cli::args::SessionArguments;
use crate::cli::usage::UsageError;
use crate::lines::FilePlan;
use crate::words::{Lang, parse_size};

/// The files of received bytes; `None`: there are none.
///
/// # Errors
/// A value is wrong, or `--save` is missing.
pub(super) fn saving(arguments: &SessionArguments, lang: Lang) -> Result<Option<FilePlan>, UsageError> {
    let SessionArguments { save, save_append, save_each, save_size, save_every, .. } = arguments;
    let given = [
        (*save_append, "--save-append"),
        (*save_each, "--save-each"),
        (save_size.is_some(), "--save-size"),
        (save_every.is_some(), "--save-every"),
    ];
    let Some(path) = save else {
        return match given.into_iter().find(|(given, _)| *given) {
            Some((_, option)) => Err(UsageError::option(option, lang.texts().needs_save())),
            None => Ok(None),
        };
    };
    let size = |text: &str| {
        let wrong = || UsageError::value("--save-size", text, lang.texts().should_be_size());
        parse_size(text).filter(|size| *size > 0).ok_or_else(wrong)
    };
    Ok(Some(FilePlan {
        path: path.clone(),
        appends: *save_append,
        each_peer: *save_each,
        most_bytes: save_size.as_deref().map(size).transpose()?,
        every: optional_duration("--save-every", save_every.as_deref(), lang)?,
    }))
}
