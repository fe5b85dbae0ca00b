//! Which of the log's texts are shown.

use crate::codec::Encoding;
use crate::lines::{TimeForm, ViewMode};
use crate::words::Lang;

/// Head of the time column: what it says.
pub(super) fn time(form: TimeForm, lang: Lang) -> &'static str {
    match form {
        TimeForm::Absolute => lang.texts().time_head(),
        TimeForm::Start => lang.texts().time_head_start(),
        TimeForm::Previous => lang.texts().time_head_previous(),
        TimeForm::Answer => lang.texts().time_head_answer(),
    }
}

/// A row of its menu.
pub(super) fn time_choice(form: TimeForm, lang: Lang) -> &'static str {
    match form {
        TimeForm::Absolute => lang.texts().time_of_day(),
        TimeForm::Start => lang.texts().time_since_start(),
        TimeForm::Previous => lang.texts().time_since_previous(),
        TimeForm::Answer => lang.texts().time_of_answer(),
    }
}

/// Head of the peer column; `short` where it has room for `#1` only.
pub(super) fn peer(lang: Lang, short: bool) -> &'static str {
    if short { lang.texts().peer_head_short() } else { lang.texts().peer_head() }
}

/// Head of the content column.
pub(super) fn content(mode: ViewMode, encoding: Encoding, lang: Lang) -> String {
    match mode {
        ViewMode::Hex => "HEX".into(),
        _ => lang.texts().text_head(encoding.label()),
    }
}
