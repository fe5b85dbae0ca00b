//! Clamps loaded settings to valid values.

use super::{Preferences, SessionSetup, Settings};
use serde_json::{Number, Value};
use std::ops::RangeInclusive;

impl Preferences {
    /// Selectable size limits of one capture in bytes: 1 MiB to 1 EiB.
    pub const CAPTURE_LIMIT_BYTES: RangeInclusive<u64> = 1 << 20..=1 << 60;
    /// Selectable maximum sizes of sent files that are kept in a capture, in bytes: 0 to 1 GiB.
    pub const KEPT_FILE_BYTES: RangeInclusive<u64> = 0..=1 << 30;
    /// Selectable retention time of captures in days.
    pub const RETENTION_DAYS: RangeInclusive<u32> = 1..=36_500;
    /// Interface scales.
    pub const ZOOM: RangeInclusive<f32> = 0.5..=3.0;
    /// Maximum count of shortcuts chosen by the user.
    pub const MAX_KEYS: usize = 256;
    /// Maximum length of the name of a command or shortcut in bytes of UTF-8.
    pub const MAX_KEY_LEN: usize = 64;
    /// Maximum count of remembered entries of the command palette.
    pub const MAX_PALETTE_HISTORY: usize = 8;
    /// Maximum length of the id of such an entry in bytes of UTF-8.
    pub const MAX_PALETTE_ID_LEN: usize = 128;
    /// Window widths and heights in points.
    pub const WINDOW_SIDE: RangeInclusive<f32> = 200.0..=16_384.0;

    fn bring_into_range(&mut self) {
        self.capture_limit_bytes = clamp(self.capture_limit_bytes, &Self::CAPTURE_LIMIT_BYTES);
        self.kept_file_bytes = clamp(self.kept_file_bytes, &Self::KEPT_FILE_BYTES);
        self.retention_days = self.retention_days.map(|days| clamp(days, &Self::RETENTION_DAYS));
        self.zoom = clamp_f32(self.zoom, &Self::ZOOM).unwrap_or(1.0);
        self.bring_rules_into_range();
        super::highlight::bound(&mut self.highlights);
        self.palette_history.retain(|id| id.len() <= Self::MAX_PALETTE_ID_LEN);
        self.palette_history.truncate(Self::MAX_PALETTE_HISTORY);
        self.keys.retain(|id, name| id.len() <= Self::MAX_KEY_LEN && name.len() <= Self::MAX_KEY_LEN);
        while self.keys.len() > Self::MAX_KEYS {
            self.keys.pop_last();
        }
        self.window = self.window.and_then(|(width, height, is_maximised)| {
            Some((clamp_f32(width, &Self::WINDOW_SIDE)?, clamp_f32(height, &Self::WINDOW_SIDE)?, is_maximised))
        });
    }
}

impl SessionSetup {
    /// Maximum length of a name in characters.
    pub const MAX_NAME_CHARS: usize = 40;
    /// Maximum length of a stored draft in bytes of UTF-8.
    pub const MAX_DRAFT_LEN: usize = 64 << 10;
    /// Maximum count of stored sent texts.
    pub const MAX_HISTORY_COUNT: usize = 50;
    /// Maximum length of a stored sent text in bytes of UTF-8.
    pub const MAX_HISTORY_TEXT_LEN: usize = 4 << 10;
    /// Heights of the composer in points.
    pub const COMPOSER_HEIGHT: RangeInclusive<f32> = 100.0..=4096.0;

    /// Puts a sent message in front of the history. A message that is in it already moves to the front; pinned ones stay.
    pub fn remember(&mut self, message: super::Message) {
        if message.text.is_empty() || message.text.len() > Self::MAX_HISTORY_TEXT_LEN {
            return;
        }
        let old = self.history.iter().position(|sent| sent.message == message).map(|at| self.history.remove(at));
        let is_pinned = old.is_some_and(|old| old.is_pinned);
        self.history.insert(0, super::SentMessage { message, is_pinned });
        super::message::bound(&mut self.history, Self::MAX_HISTORY_COUNT);
    }

    /// Clears texts that are too long; a truncated text could be sent by mistake.
    pub(super) fn bring_into_range(&mut self) {
        if self.name.chars().count() > Self::MAX_NAME_CHARS {
            self.name.clear();
        }
        if self.draft.len() > Self::MAX_DRAFT_LEN {
            self.draft.clear();
        }
        self.filter.bring_into_range();
        self.columns.bring_into_range();
        self.history.retain(|sent| sent.message.text.len() <= Self::MAX_HISTORY_TEXT_LEN);
        super::message::bound(&mut self.history, Self::MAX_HISTORY_COUNT);
        self.composer_height = self.composer_height.and_then(|height| clamp_f32(height, &Self::COMPOSER_HEIGHT));
    }
}

impl Settings {
    /// Clamps all numbers and lengths. Called when loading and saving.
    pub(super) fn bring_into_range(&mut self) {
        self.preferences.bring_into_range();
        for session in &mut self.sessions {
            session.bring_into_range();
        }
        if let Some(layout) = &mut self.layout {
            layout.bring_into_range();
        }
        self.recents.bring_into_range();
        self.current = self.current.min(self.sessions.len().saturating_sub(1));
    }
}

/// Clamps numbers of the file that do not even fit their type (negative, fractional, huge), before it is parsed as [`Settings`].
pub(super) fn bring_numbers_into_range(file: &mut Value) {
    let whole_numbers = [
        ("/preferences/capture_limit_bytes", Preferences::CAPTURE_LIMIT_BYTES),
        ("/preferences/kept_file_bytes", Preferences::KEPT_FILE_BYTES),
        (
            "/preferences/retention_days",
            u64::from(*Preferences::RETENTION_DAYS.start())..=u64::from(*Preferences::RETENTION_DAYS.end()),
        ),
        ("/current", 0..=u64::from(u32::MAX)),
    ];
    for (pointer, range) in whole_numbers {
        if let Some(Value::Number(number)) = file.pointer_mut(pointer) {
            // `as` clamps an f64 to the range of u64 and truncates its fraction.
            let value = number.as_u64().or_else(|| number.as_f64().map(|value| value as u64)).unwrap_or_default();
            *number = clamp(value, &range).into();
        }
    }
    let fractions = [
        ("/preferences/zoom", Preferences::ZOOM),
        ("/preferences/window/0", Preferences::WINDOW_SIDE),
        ("/preferences/window/1", Preferences::WINDOW_SIDE),
    ];
    for (pointer, range) in fractions {
        if let Some(Value::Number(number)) = file.pointer_mut(pointer)
            && let Some(value) = number.as_f64().and_then(|value| clamp_f32(value as f32, &range))
            && let Some(value) = Number::from_f64(value.into())
        {
            *number = value;
        }
    }
}

fn clamp<T: Ord + Copy>(value: T, range: &RangeInclusive<T>) -> T {
    value.clamp(*range.start(), *range.end())
}

/// `None` if the value is NaN.
fn clamp_f32(value: f32, range: &RangeInclusive<f32>) -> Option<f32> {
    if value.is_nan() { None } else { Some(value.clamp(*range.start(), *range.end())) }
}
