//! The formats of `captures export`: those of `capture`, and the text log of `lines`.

use crate::capture::ExportFormat;
use crate::model::Direction;

/// The format of an exported file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) enum ExportForm {
    /// A text log, as shown in the window.
    Log,
    /// A format of `capture`.
    Of(ExportFormat),
}

impl ExportForm {
    /// The default.
    pub const USUAL: Self = Self::Of(ExportFormat::Raw);

    /// All formats in display order: the default, the log, the others.
    pub fn all() -> impl Iterator<Item = Self> {
        let others = ExportFormat::ALL.into_iter().map(Self::Of).filter(|form| *form != Self::USUAL);
        [Self::USUAL, Self::Log].into_iter().chain(others)
    }

    /// The name on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Log => "log",
            Self::Of(format) => format.name(),
        }
    }

    /// Whether the output must not be written to a terminal.
    pub fn is_binary(self) -> bool {
        matches!(self, Self::Of(format) if format.is_binary())
    }

    /// Whether payload is written as text.
    pub fn has_text(self) -> bool {
        match self {
            Self::Log => true,
            Self::Of(format) => format.has_text(),
        }
    }

    /// The default direction; `None` for both.
    pub fn usual_direction(self) -> Option<Direction> {
        match self {
            Self::Log => None,
            Self::Of(format) => format.usual_direction(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documentation_has_a_row_for_each_form() {
        let documentation = include_str!("../../../docs/EXPORT.md");
        let names = documentation.lines().filter_map(|line| line.strip_prefix("| `")?.split_once('`'));
        let mut documented: Vec<&str> = names.map(|(name, _)| name).collect();
        let mut forms: Vec<&str> = ExportForm::all().map(ExportForm::name).collect();
        documented.sort_unstable();
        forms.sort_unstable();
        assert_eq!(documented, forms);
    }
}
