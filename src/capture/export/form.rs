//! The descriptions of the export formats, and their list.
//!
//! To add a format, add a file beside this one with a [`Form`] and a sink, and a line in `forms!` of the module.

use super::walk::Sink;
use super::{ExportFormat, ExportStyle, Selection};
use crate::capture::CaptureReader;
use crate::model::Direction;

/// Creates the sink that writes an export.
pub(super) type MakeSink = for<'a> fn(&'a CaptureReader, &Selection, &'a ExportStyle<'a>) -> Box<dyn Sink + 'a>;

/// Description of an export format for the command line, the window and the documentation.
pub(super) struct Form {
    /// Name on the command line. `words` describes the format under this name.
    pub name: &'static str,
    /// File name extension, without the dot.
    pub extension: &'static str,
    /// Its place in the window's menu, where the form for most readers comes first.
    pub menu_place: u8,
    /// Must not be written to a terminal.
    pub is_binary: bool,
    /// Payload is written as text, so the encoding matters.
    pub has_text: bool,
    /// The direction that is exported by default; `None` for both.
    pub usual_direction: Option<Direction>,
    /// Creates its sink.
    pub sink: MakeSink,
}

macro_rules! forms {
    ($($(#[doc = $doc:literal])* $variant:ident: $file:ident;)*) => {
        /// An export format.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ExportFormat {
            $($(#[doc = $doc])* $variant),*
        }

        impl ExportFormat {
            /// All formats, in display order.
            pub const ALL: [Self; [$($file::FORM.name),*].len()] = [$(Self::$variant),*];

            fn form(self) -> &'static Form {
                match self { $(Self::$variant => &$file::FORM),* }
            }
        }
    };
}

pub(super) use forms;

impl ExportFormat {
    /// The name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.form().name
    }

    /// File name extension, without the dot.
    #[must_use]
    pub fn extension(self) -> &'static str {
        self.form().extension
    }

    /// Whether the output is binary and must not be written to a terminal.
    #[must_use]
    pub fn is_binary(self) -> bool {
        self.form().is_binary
    }

    /// Whether the output depends on the encoding of [`ExportStyle`].
    #[must_use]
    pub fn has_text(self) -> bool {
        self.form().has_text
    }

    /// The direction that is exported by default; `None` for both.
    #[must_use]
    pub fn usual_direction(self) -> Option<Direction> {
        self.form().usual_direction
    }

    /// Finds a format by name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// Creates the sink of an export.
    /// All of them in the order of the window's menu.
    #[must_use]
    pub fn menu() -> [Self; Self::ALL.len()] {
        let mut menu = Self::ALL;
        menu.sort_by_key(|format| format.form().menu_place);
        menu
    }

    pub(super) fn sink<'a>(
        self,
        reader: &'a CaptureReader,
        selection: &Selection,
        style: &'a ExportStyle<'a>,
    ) -> Box<dyn Sink + 'a> {
        (self.form().sink)(reader, selection, style)
    }
}
