//! Errors of texts with variables.

use super::talk_sentence;
use crate::talk::ErrorKind;
use crate::talk::template::TemplateError;
use crate::words::{Lang, encode_error, escape_error, harmless, hex_error};

/// Why a text with variables cannot be sent.
#[must_use]
pub fn template_error(error: &TemplateError, lang: Lang) -> String {
    match error {
        TemplateError::Escape(error) => escape_error(error, lang),
        TemplateError::Encode(error) => encode_error(error, lang),
        TemplateError::Hex(error) => hex_error(error, lang),
        TemplateError::Field { kind, .. } => match &**kind {
            // The box and the options have no quotes.
            ErrorKind::TypeInText(form) => lang.texts().template_type_in_text(&harmless(form)),
            kind => talk_sentence(kind, lang),
        },
    }
}
