//! Sentences after copying.

use crate::words::Lang;

/// After copying.
pub fn copied(rows: usize, complete: bool, lang: Lang) -> String {
    let rows = rows as u64;
    if complete { lang.texts().copied(rows) } else { lang.texts().copied_first(rows) }
}

/// After copying a selection.
pub fn copied_bytes(bytes: u64, cut: bool, lang: Lang) -> String {
    if cut { lang.texts().copied_first_bytes(bytes) } else { lang.texts().copied_bytes(bytes) }
}
