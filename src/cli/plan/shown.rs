//! How traffic is shown: form, encoding, framing.

use super::{Form, Show};
use crate::cli::args::{FrameArguments, ShowArguments};
use crate::cli::help;
use crate::cli::usage::{self, UsageError};
use crate::codec::{Encoding, FramingRule, RuleError};
use crate::words::{self, Lang};

pub(super) fn show(arguments: &ShowArguments, lang: Lang) -> Result<Show, UsageError> {
    let form = match arguments.show.as_deref() {
        None | Some("text") => Form::Text,
        Some("hex") => Form::Hex,
        Some("dump") => Form::Dump,
        Some("none") => Form::None,
        Some(other) => {
            let reason = lang.texts().should_be(&help::either(["text", "hex", "dump", "none"], lang));
            return Err(UsageError::value("--show", other, reason));
        }
    };
    let encoding = encoding_of(arguments.encoding.as_deref(), lang)?;
    let sequence = arguments.sequence.as_deref().map(|text| {
        text.parse().map_err(|_| UsageError::value("--sequence", text, lang.texts().sequence_field_form()))
    });
    Ok(Show { form, encoding, json: arguments.json, sequence: sequence.transpose()? })
}

pub(super) fn encoding_of(name: Option<&str>, lang: Lang) -> Result<Encoding, UsageError> {
    let Some(name) = name else { return Ok(Encoding::UTF_8) };
    Encoding::by_name(name).ok_or_else(|| {
        let reason = lang.texts().no_such_encoding().to_owned();
        UsageError::value("--encoding", name, reason + &usage::listed_by("encodings", lang))
    })
}

/// The error of an option whose value is no rule or check.
pub(super) fn wrong_rule(option: &'static str, text: &str, lang: Lang) -> impl FnOnce(RuleError) -> UsageError {
    let text = text.to_owned();
    move |error| {
        let list = match &error {
            RuleError::UnknownRule(_) => usage::listed_by("rules", lang),
            RuleError::UnknownChecksum(_) => usage::listed_by("checks", lang),
            _ => String::new(),
        };
        UsageError::value(option, text, words::rule_error(&error, lang) + &list)
    }
}

pub(super) fn framing(
    arguments: &FrameArguments,
    encoding: Encoding,
    lang: Lang,
) -> Result<Option<FramingRule>, UsageError> {
    let read = |text: &str| text.parse::<FramingRule>().map_err(wrong_rule("--frame", text, lang));
    let rule = arguments.frame.as_deref().map(read).transpose()?.map(|rule| rule.in_encoding(encoding));
    let check = |text: &str| text.parse().map_err(wrong_rule("--verify", text, lang));
    let check = arguments.verify.as_deref().map(check).transpose()?;
    Ok(match (rule, check) {
        (rule, None) => rule,
        (rule, check) => Some(FramingRule { check, ..rule.unwrap_or_else(FramingRule::as_received) }),
    })
}
