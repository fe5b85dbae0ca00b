//! Actions of the highlight rules: passing them to the logs, opening and closing their page.

use crate::codec::{Encoding, hex};
use crate::gui::app::App;
use crate::gui::frame::places::DockTab;
use crate::gui::highlights::state::{HighlightPage, free_colour};
use crate::gui::session::Session;
use crate::gui::widgets::Tone;
use crate::model::SessionId;
use crate::settings::{HighlightKind, HighlightRule};

/// The example the rules are tried on if no bytes are selected.
const EXAMPLE: &str = r"OK 23 ERROR \x01\x03\x17\xF8";

impl App {
    /// Passes the rules to the logs. Called every frame.
    pub fn tick_highlights(&mut self) {
        let wake = self.job_wake();
        let rules = &self.preferences.highlights;
        let needs = |session: &&Session| session.highlight_page.is_some() || session.log.is_some() && !rules.is_empty();
        let encodings: Vec<Encoding> = self.sessions.values().filter(needs).map(|s| s.setup.encoding).collect();
        self.highlights.tick(rules, &encodings, &wake);
        for session in self.sessions.values_mut() {
            if let Some(log) = &mut session.log {
                let ready = self.highlights.of(session.setup.encoding).filter(|_| !rules.is_empty());
                log.set_highlights(ready.cloned());
            }
        }
    }

    /// Opens the page beside the log of this session.
    pub fn open_highlights(&mut self, id: SessionId) {
        let focus_before = self.focus_before;
        self.with(id, |session| {
            let page = || HighlightPage { example: EXAMPLE.to_owned(), focus_before, ..HighlightPage::default() };
            session.highlight_page.get_or_insert_with(page);
            session.places.show_dock(DockTab::Highlights);
        });
    }

    /// Closes the page. Closing the last one removes rules without name and pattern.
    pub fn close_highlights(&mut self, id: SessionId) {
        let Some(session) = self.sessions.get_mut(&id) else { return };
        let before = session.highlight_page.take().and_then(|page| page.focus_before);
        session.places.leave_dock(DockTab::Highlights);
        self.focus_again(id, before);
        if self.sessions.values().all(|session| session.highlight_page.is_none()) {
            self.preferences.highlights.retain(|rule| !rule.pattern.is_empty() || !rule.name.is_empty());
        }
    }

    /// Adds a rule that matches these bytes, and shows it.
    pub fn highlight_bytes(&mut self, id: SessionId, bytes: &[u8], as_text: bool) {
        let refused = if bytes.is_empty() {
            Some(self.lang.texts().nothing_to_highlight().to_owned())
        } else if bytes.len() > HighlightRule::MAX_CHOSEN_LEN {
            Some(self.lang.texts().too_long_to_highlight(HighlightRule::MAX_CHOSEN_LEN))
        } else if self.preferences.highlights.len() >= HighlightRule::MAX_COUNT {
            Some(self.lang.texts().too_many_highlights(HighlightRule::MAX_COUNT))
        } else {
            None
        };
        if let Some(words) = refused {
            self.toasts.add(&self.ctx, Tone::Bad, words);
            return;
        }
        self.open_highlights(id);
        let rules = &mut self.preferences.highlights;
        let Some(session) = self.sessions.get_mut(&id) else { return };
        let encoding = session.setup.encoding;
        if let Some(page) = &mut session.highlight_page {
            page.example = crate::codec::escape::escape(bytes, encoding);
            page.wants_focus = Some(rules.len());
        }
        rules.push(rule_of(bytes, as_text, encoding, rules));
    }
}

/// Creates a rule that matches these bytes: as text if its encoding gives the same bytes (without a final line end, which
/// cannot be typed), else as hex.
fn rule_of(bytes: &[u8], as_text: bool, encoding: Encoding, others: &[HighlightRule]) -> HighlightRule {
    let line = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let text = as_text.then(|| crate::codec::inspect::whole_text(line, encoding)).flatten();
    let text = text.filter(|text| encoding.encode(text).is_ok_and(|again| again == line));
    let colour = free_colour(others);
    match text {
        Some(pattern) => HighlightRule { pattern, match_case: true, colour, ..HighlightRule::default() },
        None => {
            let pattern = hex::spaced_upper(bytes);
            HighlightRule { kind: HighlightKind::Hex, pattern, colour, ..HighlightRule::default() }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn selected_bytes_become_text_if_the_encoding_round_trips() {
        let rule = |bytes: &[u8], as_text| {
            let rule = rule_of(bytes, as_text, Encoding::GBK, &[]);
            (rule.kind, rule.pattern)
        };
        assert_eq!(rule(b"\xC4\xE3 ok", true), (HighlightKind::Text, "你 ok".to_owned()));
        assert_eq!(rule(b"ok", false), (HighlightKind::Hex, "6F 6B".to_owned()));
        assert_eq!(rule(b"ok\r\n", true), (HighlightKind::Text, "ok".to_owned()));
        assert_eq!(rule(b"a\nb", true), (HighlightKind::Hex, "61 0A 62".to_owned()), "cannot be typed");
        assert_eq!(rule(b"\r\n", true), (HighlightKind::Hex, "0D 0A".to_owned()));
        assert_eq!(rule(b"\xFF\xFF", true).0, HighlightKind::Hex);
        let long = rule(&b"x".repeat(HighlightRule::MAX_CHOSEN_LEN), true);
        assert!(long.1.len() <= HighlightRule::MAX_PATTERN_LEN);
    }
}
