//! What a form of export says about itself, and the list of the forms.
//!
//! A new form is a file beside this one with a [`Form`] and a sink, and a line in `forms!` below.

use super::walk::Sink;
use super::{ExportStyle, Selection, csv, hexdump, jsonl, netassist, pcapng, raw};
use crate::capture::CaptureReader;
use crate::model::Direction;

/// Makes the sink that writes an export.
pub(super) type MakeSink = for<'a> fn(&'a CaptureReader, &Selection, &'a ExportStyle<'a>) -> Box<dyn Sink + 'a>;

/// A form of export, described for the command line, the window and the documentation.
pub(super) struct Form {
    /// The name on the command line. `words` has what is said about the form under this name.
    pub name: &'static str,
    /// How names of such files end, without the dot.
    pub extension: &'static str,
    /// Not for a terminal.
    pub is_binary: bool,
    /// The encoding of the view matters: payload is written as text.
    pub has_text: bool,
    /// The one direction that is exported unless another is chosen; `None` = both.
    pub usual_direction: Option<Direction>,
    /// Makes its writer.
    pub sink: MakeSink,
}

macro_rules! forms {
    ($($(#[doc = $doc:literal])* $variant:ident: $file:ident;)*) => {
        /// A form of file.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ExportFormat {
            $($(#[doc = $doc])* $variant),*
        }

        impl ExportFormat {
            /// All of them, in the order of lists.
            pub const ALL: [Self; [$($file::FORM.name),*].len()] = [$(Self::$variant),*];

            fn form(self) -> &'static Form {
                match self { $(Self::$variant => &$file::FORM),* }
            }
        }
    };
}

forms! {
    /// The payload bytes and nothing else, in record order.
    Raw: raw;
    /// The log of the well-known NetAssist: a head line for each record, then its text or hex.
    NetAssist: netassist;
    /// RFC 4180 with a head row, in UTF-8 with a byte order mark (spreadsheets look for it).
    Csv: csv;
    /// One JSON object a line, with the names and fields of the command line's `--json`.
    JsonLines: jsonl;
    /// What Wireshark's `text2pcap -D -t ISO` reads.
    Hexdump: hexdump;
    /// Packets with made-up Ethernet, IP and TCP or UDP headers, for Wireshark: draft-ietf-opsawg-pcapng.
    Pcapng: pcapng;
}

impl ExportFormat {
    /// The name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.form().name
    }

    /// How names of such files end, without the dot.
    #[must_use]
    pub fn extension(self) -> &'static str {
        self.form().extension
    }

    /// Its files are not text: not for a terminal.
    #[must_use]
    pub fn is_binary(self) -> bool {
        self.form().is_binary
    }

    /// The encoding of [`ExportStyle`] changes what is written.
    #[must_use]
    pub fn has_text(self) -> bool {
        self.form().has_text
    }

    /// The one direction to export unless another is chosen; `None` = both.
    #[must_use]
    pub fn usual_direction(self) -> Option<Direction> {
        self.form().usual_direction
    }

    /// The form with this name.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }

    /// The writer of an export.
    pub(super) fn sink<'a>(
        self,
        reader: &'a CaptureReader,
        selection: &Selection,
        style: &'a ExportStyle<'a>,
    ) -> Box<dyn Sink + 'a> {
        (self.form().sink)(reader, selection, style)
    }
}
