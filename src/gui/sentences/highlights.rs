//! Sentences about highlight rules.

use crate::words::Lang;

/// The rules that match the example.
pub fn rules_that_match(titles: &[String], lang: Lang) -> String {
    match titles {
        [] => lang.texts().no_highlight_matches().to_owned(),
        titles => lang.texts().highlights_that_match(titles),
    }
}
