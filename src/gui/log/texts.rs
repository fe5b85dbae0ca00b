//! Selects the texts of the log.

use crate::codec::Encoding;
use crate::lines::{DeltaFrom, ViewMode};
use crate::settings::LogColumn;
use crate::words::Lang;

/// A column in the menu of columns.
pub(super) fn column(column: LogColumn, lang: Lang) -> &'static str {
    match column {
        LogColumn::Time => lang.texts().time_head(),
        LogColumn::Delta => "Δ",
        LogColumn::Peer => lang.texts().peer_column(),
        LogColumn::Length => lang.texts().length_column(),
        LogColumn::Summary => lang.texts().summary_head(),
        LogColumn::Arrow | LogColumn::Offset | LogColumn::Hex | LogColumn::Text => "",
    }
}

/// The reference of elapsed times.
pub(super) fn delta(from: DeltaFrom, lang: Lang) -> &'static str {
    match from {
        DeltaFrom::Previous => lang.texts().since_previous(),
        DeltaFrom::Start => lang.texts().since_start(),
        DeltaFrom::Answer => lang.texts().response_time(),
    }
}

/// Head of the peer column; `short` if only `#1` fits.
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
