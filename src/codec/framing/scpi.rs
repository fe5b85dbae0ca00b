//! Text responses of SCPI instruments (IEEE 488.2 §8). They end at LF and may contain blocks.

use super::framer::Step;
use super::length_field::{Field, block_header};

/// Maximum length of the header before a block, such as `:CURVE `.
const LONGEST_HEADER: usize = 64;

/// The state of scanning a text response.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Text {
    /// No LF outside a block is before this position.
    read: usize,
    /// Inside a string: the quotation mark that ends it.
    quote: Option<u8>,
}

impl Text {
    /// Whether the front is a text response, not a block.
    pub fn goes_on(&self, bytes: &[u8]) -> bool {
        self.read > 0 || matches!(block_header(bytes), Field::Invalid)
    }

    /// Scans up to LF.
    pub fn step(&mut self, bytes: &[u8]) -> Step {
        while let Some(byte) = bytes.get(self.read) {
            match byte {
                b'\n' => {
                    let end = std::mem::take(self).read;
                    let content = bytes[..end].strip_suffix(b"\r").unwrap_or(&bytes[..end]).len();
                    return Step::frame(end + 1, 0..content);
                }
                b'"' | b'\'' if self.quote.is_none() => self.quote = Some(*byte),
                byte if self.quote == Some(*byte) => self.quote = None,
                b'#' if self.quote.is_none() && may_precede_block(&bytes[..self.read]) => {
                    match block_header(&bytes[self.read..]) {
                        Field::Need => return Step::Need,
                        Field::Invalid => {}
                        Field::Value(header, len) => {
                            let len = usize::try_from(len).unwrap_or(usize::MAX);
                            self.read = self.read.saturating_add(header).saturating_add(len);
                            continue;
                        }
                    }
                }
                _ => {}
            }
            self.read += 1;
        }
        Step::Need
    }
}

/// Whether a block can follow `text`: after a comma, a semicolon, or a header and a space. `Channel #12` contains no block.
fn may_precede_block(text: &[u8]) -> bool {
    let from = text.len().saturating_sub(LONGEST_HEADER);
    let unit = text[from..].rsplit(|byte| matches!(byte, b',' | b';')).next().unwrap_or_default();
    let header = unit.strip_suffix(b" ").unwrap_or(unit);
    let is_header =
        |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || matches!(byte, b':' | b'*' | b'_');
    unit.is_empty() || (unit.len() > header.len() && header.iter().all(is_header))
}
