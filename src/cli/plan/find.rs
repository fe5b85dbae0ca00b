//! The pattern of `captures search`: exactly one of three options.

use super::super::usage::UsageError;
use super::super::values;
use super::encoding_of;
use crate::codec::{Pattern, PatternSource};
use crate::words::Lang;

/// The options as given.
pub(super) struct What {
    pub text: Option<String>,
    pub encoding: Option<String>,
    pub ignore_case: bool,
    pub hex: Option<String>,
    pub regex: Option<String>,
}

/// The pattern that the options specify.
pub(super) fn pattern(what: What, lang: Lang) -> Result<Pattern, UsageError> {
    let of_text = [("--encoding", what.encoding.is_some()), ("--ignore-case", what.ignore_case)];
    let (option, given, source) = match (what.text, what.hex, what.regex) {
        (Some(text), None, None) => {
            let encoding = encoding_of(what.encoding.as_deref(), lang)?;
            ("--text", text.clone(), PatternSource::Text { text, encoding, ignore_case: what.ignore_case })
        }
        (None, Some(hex), None) => ("--hex", hex.clone(), PatternSource::Hex(hex)),
        (None, None, Some(regex)) => ("--regex", regex.clone(), PatternSource::Regex(regex)),
        (None, None, None) => {
            let reason = lang.texts().needs_a_pattern();
            return Err(UsageError::option("search", reason));
        }
        (Some(_), Some(_), _) => return Err(UsageError::exclusive("--text", "--hex", lang)),
        (Some(_), None, Some(_)) => return Err(UsageError::exclusive("--text", "--regex", lang)),
        (None, Some(_), Some(_)) => return Err(UsageError::exclusive("--hex", "--regex", lang)),
    };
    if option != "--text"
        && let Some((other, _)) = of_text.iter().find(|(_, is_given)| *is_given)
    {
        return Err(UsageError::exclusive(other, option, lang));
    }
    Pattern::new(&source).map_err(|error| UsageError::value(option, given, values::pattern_reason(&error, lang)))
}
