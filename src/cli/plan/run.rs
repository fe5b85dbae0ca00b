//! `run`: checks the options.

use super::Common;
use crate::cli::args::RunArguments;
use crate::cli::run::{Form, RunPlan};
use crate::cli::usage::UsageError;
use crate::cli::values;

/// Checks the options of `run`.
///
/// # Errors
/// The first wrong one.
pub(super) fn resolve(arguments: RunArguments, common: Common) -> Result<RunPlan, UsageError> {
    let lang = common.lang;
    let RunArguments { files, variables, only, list, timeout, json, tap, junit, receive_files } = arguments;
    let form = match (json, tap) {
        (true, true) => return Err(UsageError::exclusive("--json", "--tap", lang)),
        (true, false) => Form::Json,
        (false, true) => Form::Tap,
        (false, false) => Form::Text,
    };
    let variable = |text: String| match text.split_once('=') {
        Some((name, value)) if is_name(name) => Ok((name.to_owned(), value.to_owned())),
        _ => Err(UsageError::value("--var", text, lang.texts().run_bad_variable())),
    };
    let variables = variables.into_iter().map(variable).collect::<Result<_, _>>()?;
    let limit = |text: String| {
        let parsed = values::duration(&text, lang);
        parsed.map_err(|reason| UsageError::value("--timeout", text, reason))
    };
    let store_in = match receive_files {
        Some(path) if !path.is_dir() => {
            return Err(UsageError::file("--receive-files", &path, lang.texts().not_a_folder()));
        }
        path => path,
    };
    let time_limit = timeout.map(limit).transpose()?;
    Ok(RunPlan { common, paths: files, variables, only, list, form, junit, time_limit, store_in })
}

/// A name, or that of a used file with a dot: `common.unit`.
fn is_name(name: &str) -> bool {
    name.split('.').all(is_single_name)
}

/// Letters, digits and `_`; no digit first.
fn is_single_name(name: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    name.chars().next().is_some_and(|first| is_part(first) && !first.is_numeric()) && name.chars().all(is_part)
}
