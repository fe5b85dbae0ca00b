//! Escapes text for terminals.

use crate::codec::safe::visible;

/// Escapes text for a terminal: controls except TAB, LF and CR as `\xNN`, others beyond ASCII as `\u{N}`.
pub(super) fn harmless(text: &str) -> String {
    visible(text, |character| matches!(character, '\t' | '\n' | '\r'))
}

/// Like [`harmless`], on one line.
pub(super) fn one_line(text: &str) -> String {
    visible(text, |_| false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_reach_no_terminal() {
        assert_eq!(harmless("a\tb\r\nc"), "a\tb\r\nc");
        assert_eq!(harmless("\u{1b}[31m\0\u{7f}\u{9b}31m\u{202e}x"), "\\x1B[31m\\x00\\x7F\\u{9B}31m\\u{202E}x");
        assert_eq!(harmless("你好 \\xB0"), "你好 \\xB0");
        assert_eq!(one_line("a\tb\r\nc\0"), "a\\tb\\r\\nc\\x00");
    }
}
