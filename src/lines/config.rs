//! Display settings of a view.

use crate::codec::Encoding;
use serde::{Deserialize, Serialize};

/// How payload is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ViewMode {
    /// Decoded text; a row ends at a line end or at the width.
    #[default]
    Text,
    /// Hex only.
    Hex,
    /// Offsets, hex and text side by side.
    Dump,
}

/// Settings of a [`super::View`]. A change affects the entire history immediately.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ViewConfig {
    /// Display mode.
    pub mode: ViewMode,
    /// Encoding of text, also for the text column of a dump.
    pub encoding: Encoding,
    /// Bytes per row in hex and dump mode, clamped to 1–256.
    pub bytes_per_row: u16,
    /// Half-width cells per row in text mode, clamped to 8–4096.
    pub text_cells: u16,
}

impl ViewConfig {
    /// Returns the settings with all values within their ranges.
    pub(super) fn normalised(self) -> Self {
        Self { bytes_per_row: self.bytes_per_row.clamp(1, 256), text_cells: self.text_cells.clamp(8, 4096), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_out_of_range_are_brought_into_it() {
        for (bytes, cells, expected) in
            [(0, 0, (1, 8)), (12, 80, (12, 80)), (24, 7, (24, 8)), (u16::MAX, u16::MAX, (256, 4096))]
        {
            let config =
                ViewConfig { mode: ViewMode::Hex, encoding: Encoding::UTF_8, bytes_per_row: bytes, text_cells: cells };
            let normalised = config.normalised();
            assert_eq!((normalised.bytes_per_row, normalised.text_cells), expected);
            assert_eq!(normalised.normalised(), normalised);
        }
    }
}
