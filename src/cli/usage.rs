//! Wrong usage: one sentence that names the option, the value and the reason; exit code 2.

use super::help;
use super::program::Program;
use crate::words::{self, Lang};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use std::path::Path;

/// Maximum length in characters of a value repeated in a message.
const SHOWN_CHARS: usize = 60;

/// Why the arguments are invalid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct UsageError {
    /// The option (`--send-hex`) or the name of the argument (`ENDPOINT`).
    pub option: String,
    /// The value, if one was given.
    pub value: Option<String>,
    /// The reason, in the user's language.
    pub reason: String,
}

impl UsageError {
    /// An error about a value.
    pub fn value(option: &str, value: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { option: option.into(), value: Some(value.into()), reason: reason.into() }
    }

    /// An error about an option itself.
    pub fn option(option: &str, reason: impl Into<String>) -> Self {
        Self { option: option.into(), value: None, reason: reason.into() }
    }

    /// An error about two options that exclude each other.
    pub fn exclusive(one: &str, other: &str, lang: Lang) -> Self {
        Self::option(one, lang.texts().excludes(other))
    }

    /// An error about a file.
    pub fn file(option: &str, path: &Path, reason: impl Into<String>) -> Self {
        Self::value(option, path.display().to_string(), reason)
    }

    /// The sentence.
    pub fn sentence(&self, lang: Lang) -> String {
        let colon = lang.texts().colon();
        let reason = within_a_sentence(&self.reason);
        match &self.value {
            Some(value) => format!("wirebench{colon}{} {}{colon}{reason}", self.option, quoted(value)),
            None => format!("wirebench{colon}{}{colon}{reason}", self.option),
        }
    }
}

/// Names the command that lists the values of an option.
pub(super) fn listed_by(command: &str, lang: Lang) -> String {
    lang.texts().listed_by(Program::running().command_name(), command)
}

/// Adapts a sentence from under a field of the window for use after a colon.
fn within_a_sentence(reason: &str) -> String {
    let mut rest = reason.chars();
    let first = rest.next();
    match first {
        Some(first) if rest.as_str().starts_with(char::is_lowercase) => first.to_lowercase().chain(rest).collect(),
        _ => reason.to_owned(),
    }
}

/// A value in quotation marks as it was given, with visible controls, cut if long.
pub(super) fn quoted(value: &str) -> String {
    if value.chars().count() <= SHOWN_CHARS {
        return format!("\"{}\"", words::harmless(value));
    }
    let start: String = value.chars().take(SHOWN_CHARS).collect();
    format!("\"{}\"…", words::harmless(&start))
}

fn context(error: &clap::Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(texts) => Some(texts.join(", ")),
        ContextValue::StyledStr(text) => Some(text.to_string()),
        ContextValue::StyledStrs(texts) => Some(texts.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")),
        ContextValue::Number(number) => Some(number.to_string()),
        ContextValue::Bool(value) => Some(value.to_string()),
        _ => None,
    }
}

/// The error of clap as one sentence (without clap's usage and tips).
pub(super) fn clap_sentence(error: &clap::Error, lang: Lang) -> String {
    let arg = context(error, ContextKind::InvalidArg);
    let suggested = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand]
        .into_iter()
        .find_map(|kind| context(error, kind))
        .map(|name| lang.texts().perhaps_meant(&name))
        .unwrap_or_default();
    let (option, value, reason) = match error.kind() {
        ErrorKind::UnknownArgument => (arg, None, lang.texts().no_such_option().to_owned()),
        ErrorKind::InvalidSubcommand => {
            (context(error, ContextKind::InvalidSubcommand), None, lang.texts().no_such_command().to_owned())
        }
        ErrorKind::MissingRequiredArgument => (arg, None, lang.texts().is_required().to_owned()),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let commands = help::either(help::captures_commands(), lang);
            let reason = lang.texts().needs_a_command(&commands);
            (Some("captures".into()), None, reason)
        }
        ErrorKind::ArgumentConflict => (arg, None, conflict(error, lang)),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let value = context(error, ContextKind::InvalidValue).filter(|value| !value.is_empty());
            let reason = if value.is_none() { lang.texts().needs_a_value() } else { lang.texts().no_valid_value() };
            (arg, value, reason.to_owned())
        }
        ErrorKind::InvalidUtf8 => (Some(lang.texts().arguments().into()), None, lang.texts().not_utf_8().to_owned()),
        ErrorKind::TooManyValues => (arg, None, lang.texts().takes_no_value().to_owned()),
        kind => {
            let english = kind.as_str().unwrap_or("not understood");
            (arg, None, lang.texts().not_understood(english))
        }
    };
    let option = option.unwrap_or_else(|| lang.texts().arguments().to_owned());
    UsageError { option, value, reason: reason + &suggested }.sentence(lang)
}

fn conflict(error: &clap::Error, lang: Lang) -> String {
    let prior = context(error, ContextKind::PriorArg);
    match prior {
        Some(prior) if Some(&prior) != context(error, ContextKind::InvalidArg).as_ref() => {
            UsageError::exclusive("", &prior, lang).reason
        }
        _ => lang.texts().given_twice().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::help::command;

    #[test]
    fn clap_errors_become_one_sentence_in_either_language() {
        let cases: [(&[&str], &str, &str); 7] = [
            (&["listen"], "ENDPOINT", "必须给出"),
            (&["listen", "a:1", "--nonsense"], "--nonsense", "没有这个选项"),
            (&["dance"], "dance", "没有这个命令"),
            (&["listen", "a:1", "--for", "1s", "--for", "2s"], "--for", "重复"),
            (&["connect", "a:1", "--timeout"], "--timeout", "缺少值"),
            (&["captures"], "captures", "list"),
            (&["listen", "a:1", "--echo=yes"], "--echo", "不接受值"),
        ];
        for (args, names, zh) in cases {
            let args = std::iter::once(&"wirebench").chain(args.iter());
            let error = command(Lang::En).try_get_matches_from(args).expect_err("refused");
            let english = clap_sentence(&error, Lang::En);
            assert!(english.contains(names) && !english.contains('\n'), "{english}");
            let chinese = clap_sentence(&error, Lang::ZhCn);
            assert!(chinese.contains(names) && chinese.contains(zh), "{chinese}");
        }
    }

    #[test]
    fn a_long_value_is_cut_in_the_message() {
        let error = UsageError::value("--send-hex", "g".repeat(5000), "no");
        assert!(error.sentence(Lang::En).chars().count() < 120);
    }
}
