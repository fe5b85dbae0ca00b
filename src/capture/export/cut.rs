//! Describes an item that was cut or verified, for the export formats.

use crate::capture::items::{Checked, ItemEntry, ItemKind};
use crate::capture::{Record, RecordKind};

/// The values of [`Cut::fault`].
pub(super) const FAULTS: [&str; 4] = ["none fits", "incomplete", "bad check", "too short for its check"];

/// See the module documentation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cut {
    kind: ItemKind,
    checked: Checked,
}

impl Cut {
    /// Describes an item that starts in record `first`; `None` for an event, or payload that cannot be read.
    pub fn of(item: &ItemEntry, first: &Record) -> Option<Self> {
        let is_empty_datagram = item.kind == ItemKind::Record && first.kind == RecordKind::Data && first.len == 0;
        let kind = if is_empty_datagram { ItemKind::Frame } else { item.kind };
        (kind != ItemKind::Record).then_some(Self { kind, checked: item.checked })
    }

    /// `frame`, `junk` or `incomplete`.
    pub fn kind(self) -> &'static str {
        self.kind.name()
    }

    /// `ok`, `bad` or `too_short`, if something was verified.
    pub fn check(self) -> Option<&'static str> {
        self.checked.name()
    }

    /// The text of a comment, such as `frame, check bad`.
    pub fn words(self) -> String {
        let check = self.check().map(|check| format!(", check {}", check.replace('_', " ")));
        format!("{}{}", self.kind(), check.unwrap_or_default())
    }

    /// The problem of the item; `None` for a frame whose check did not fail.
    pub fn fault(self) -> Option<&'static str> {
        let [none_fits, incomplete, bad, too_short] = FAULTS;
        match (self.kind, self.checked) {
            (ItemKind::Junk, _) => Some(none_fits),
            (ItemKind::Incomplete, _) => Some(incomplete),
            (_, Checked::Bad) => Some(bad),
            (_, Checked::TooShort) => Some(too_short),
            (_, Checked::Not | Checked::Ok) => None,
        }
    }
}
