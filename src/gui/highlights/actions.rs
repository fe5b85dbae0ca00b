//! Highlight rules on their way to the logs: made ready by a job for each encoding in use, kept until a rule changes; and the
//! dialog that edits them.

use crate::codec::{Encoding, hex};
use crate::gui::app::App;
use crate::gui::highlights::matcher::Highlighter;
use crate::gui::widgets::Tone;
use crate::jobs::{Job, JobPoll, Wake};
use crate::model::SessionId;
use crate::settings::{HighlightColour, HighlightKind, HighlightRule};
use std::sync::Arc;

/// The rules made ready.
#[derive(Default)]
pub struct Highlights {
    rules: Vec<HighlightRule>,
    sets: Vec<Set>,
}

/// Of one encoding.
struct Set {
    encoding: Encoding,
    /// Of these rules, or of those before while the job is at it.
    ready: Option<Arc<Highlighter>>,
    job: Option<Job<Highlighter>>,
}

impl Set {
    fn new(encoding: Encoding, rules: &[HighlightRule], wake: &Wake) -> Self {
        let mut set = Self { encoding, ready: None, job: None };
        set.start(rules, wake);
        set
    }

    fn start(&mut self, rules: &[HighlightRule], wake: &Wake) {
        let (rules, encoding) = (rules.to_vec(), self.encoding);
        let job = Job::start("highlights", wake.clone(), move |_| Highlighter::new(rules, encoding));
        if let Err(error) = &job {
            tracing::warn!(%error, "no thread for the highlight rules");
        }
        self.job = job.ok();
    }

    fn poll(&mut self) {
        match self.job.as_mut().map(Job::poll) {
            None | Some(JobPoll::Running) => return,
            Some(JobPoll::Done(highlighter)) => self.ready = Some(Arc::new(highlighter)),
            Some(JobPoll::Gone) => {}
        }
        self.job = None;
    }
}

impl Highlights {
    /// Brings them up to date: another rule, another encoding.
    fn tick(&mut self, rules: &[HighlightRule], encodings: &[Encoding], wake: &Wake) {
        if rules != self.rules {
            self.rules = rules.to_vec();
            self.sets.iter_mut().for_each(|set| set.start(rules, wake));
        }
        self.sets.retain(|set| encodings.contains(&set.encoding));
        for &encoding in encodings {
            if !self.sets.iter().any(|set| set.encoding == encoding) {
                self.sets.push(Set::new(encoding, rules, wake));
            }
        }
        self.sets.iter_mut().for_each(Set::poll);
    }

    /// For sessions of this encoding.
    #[must_use]
    pub fn of(&self, encoding: Encoding) -> Option<&Arc<Highlighter>> {
        self.sets.iter().find(|set| set.encoding == encoding)?.ready.as_ref()
    }
}

/// The dialog of the highlight rules.
pub struct HighlightPage {
    /// What the rules are tried on, with escapes.
    pub example: String,
    /// The encoding of the session it was opened from.
    pub encoding: Encoding,
    /// The rule whose pattern is to get the focus with the next frame.
    pub wants_focus: Option<usize>,
    /// The rule whose pattern was to get longer than it may.
    pub too_long: Option<usize>,
}

/// What the rules are tried on where nothing was chosen.
const EXAMPLE: &str = r"AT+CSQ\r\nOK 23 ERROR \x01\x03\x02\x00\x17\xF8\x4A";

impl App {
    /// Called every frame: hands the rules to the logs.
    pub fn tick_highlights(&mut self) {
        let wake = self.job_wake();
        let rules = &self.preferences.highlights;
        let mut encodings: Vec<Encoding> = self.highlight_page.iter().map(|page| page.encoding).collect();
        if !rules.is_empty() {
            encodings.extend(self.sessions.values().filter(|s| s.log.is_some()).map(|s| s.setup.encoding));
        }
        self.highlights.tick(rules, &encodings, &wake);
        for session in self.sessions.values_mut() {
            if let Some(log) = &mut session.log {
                let ready = self.highlights.of(session.setup.encoding).filter(|_| !rules.is_empty());
                log.set_highlights(ready.cloned());
            }
        }
    }

    /// Shows the dialog.
    pub fn open_highlights(&mut self, id: SessionId) {
        let encoding = self.sessions.get(&id).map_or(Encoding::UTF_8, |session| session.setup.encoding);
        let example = EXAMPLE.to_owned();
        self.highlight_page = Some(HighlightPage { example, encoding, wants_focus: None, too_long: None });
    }

    /// Rules that were added and never filled in go.
    pub fn close_highlights(&mut self) {
        self.highlight_page = None;
        self.preferences.highlights.retain(|rule| !rule.pattern.is_empty() || !rule.name.is_empty());
    }

    /// Adds a rule that finds these bytes, and shows it.
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
        let Some(page) = &mut self.highlight_page else { return };
        let rule = rule_of(bytes, as_text, page.encoding, &self.preferences.highlights);
        page.example = crate::codec::escape::escape(bytes, page.encoding);
        page.wants_focus = Some(self.preferences.highlights.len());
        self.preferences.highlights.push(rule);
    }
}

/// A rule that finds these bytes: as text where that says the same (a line end at their end aside, which cannot be typed), else
/// as hex.
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

/// The colour that is used least.
#[must_use]
pub fn free_colour(rules: &[HighlightRule]) -> HighlightColour {
    let uses = |colour: &HighlightColour| rules.iter().filter(|rule| rule.colour == *colour).count();
    HighlightColour::ALL.into_iter().min_by_key(uses).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, Instant};

    #[test]
    fn chosen_bytes_become_text_where_that_says_the_same() {
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

    #[test]
    fn the_next_rule_takes_a_colour_of_its_own() {
        let mut rules = Vec::new();
        for _ in 0..7 {
            let colour = free_colour(&rules);
            rules.push(HighlightRule { colour, ..HighlightRule::default() });
        }
        let colours: Vec<HighlightColour> = rules.iter().map(|rule| rule.colour).collect();
        assert_eq!(colours[..6], HighlightColour::ALL);
        assert_eq!(colours[6], colours[0]);
    }

    #[test]
    fn rules_are_made_ready_for_each_encoding_and_again_when_they_change() {
        let wake: Wake = Arc::new(|| {});
        let mut highlights = Highlights::default();
        let rule = |pattern: &str| vec![HighlightRule { pattern: pattern.into(), ..HighlightRule::default() }];
        let wait = |highlights: &mut Highlights, rules: &[HighlightRule], encodings: &[Encoding]| {
            let deadline = Instant::now() + Duration::from_secs(10);
            highlights.tick(rules, encodings, &wake);
            while highlights.sets.iter().any(|set| set.job.is_some()) {
                assert!(Instant::now() < deadline, "not ready");
                std::thread::yield_now();
                highlights.tick(rules, encodings, &wake);
            }
        };
        let error = |highlights: &Highlights, encoding, rule: &HighlightRule| {
            highlights.of(encoding).map(|ready| ready.error(0, rule).is_some())
        };
        let rules = rule("你");
        wait(&mut highlights, &rules, &[Encoding::GBK, Encoding::LATIN_1]);
        assert_eq!(error(&highlights, Encoding::GBK, &rules[0]), Some(false));
        assert_eq!(error(&highlights, Encoding::LATIN_1, &rules[0]), Some(true));
        let rules = rule("y");
        wait(&mut highlights, &rules, &[Encoding::LATIN_1]);
        assert_eq!(error(&highlights, Encoding::LATIN_1, &rules[0]), Some(false));
        assert!(highlights.of(Encoding::GBK).is_none(), "nobody needs it any more");
    }
}
