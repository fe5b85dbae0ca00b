//! `--append` and `--wrap`: what is put around the payloads of the command line.

use super::wrong_rule;
use crate::cli::args::SessionArguments;
use crate::cli::usage::UsageError;
use crate::codec::framing::{Boundary, BuildError};
use crate::codec::{Check, Encoding, FramingRule};
use crate::words::{self, Lang};

/// The rules that build a payload one after the other: a check each, then a frame.
#[derive(Clone, Debug)]
pub(super) struct Wrapping(Vec<FramingRule>);

impl Wrapping {
    /// Reads the options.
    ///
    /// # Errors
    /// A value is no check or rule, there is no payload to wrap, or a file or stream is sent, which is never wrapped.
    pub fn of(arguments: &SessionArguments, encoding: Encoding, lang: Lang) -> Result<Self, UsageError> {
        let mut rules = Vec::new();
        for text in &arguments.append {
            let check: Check = text.parse().map_err(wrong_rule("--append", text, lang))?;
            rules.push(FramingRule { check: Some(check), ..FramingRule::new(Boundary::Record) });
        }
        if let Some(text) = &arguments.wrap {
            let rule: FramingRule = text.parse().map_err(wrong_rule("--wrap", text, lang))?;
            rules.push(rule.in_encoding(encoding));
        }
        let option = if arguments.append.is_empty() { "--wrap" } else { "--append" };
        let unwrapped = [(!arguments.send_file.is_empty(), "--send-file"), (arguments.stdin, "--stdin")];
        if !rules.is_empty() {
            if let Some((_, other)) = unwrapped.into_iter().find(|(given, _)| *given) {
                return Err(UsageError::exclusive(option, other, lang));
            }
            let has_payload = !arguments.send.is_empty()
                || !arguments.send_hex.is_empty()
                || arguments.reply.is_some()
                || arguments.reply_hex.is_some();
            if !has_payload {
                return Err(UsageError::option(option, lang.texts().nothing_to_wrap()));
            }
        }
        Ok(Self(rules))
    }

    /// Wraps the payload that `option` gives as `text`.
    pub fn build(&self, option: &str, text: &str, payload: Vec<u8>, lang: Lang) -> Result<Vec<u8>, UsageError> {
        self.wrap(payload).map_err(|error| UsageError::value(option, text, words::build_error(&error, lang)))
    }

    /// Wraps a payload.
    pub fn wrap(&self, payload: Vec<u8>) -> Result<Vec<u8>, BuildError> {
        self.0.iter().try_fold(payload, |payload, rule| Ok(rule.build(&payload)?.bytes))
    }
}
