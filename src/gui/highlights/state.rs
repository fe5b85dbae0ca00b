//! Highlight rules, compiled by a job for each encoding in use and kept until a rule changes, and the state of their dialog.

use crate::codec::Encoding;
use crate::gui::highlights::matcher::Highlighter;
use crate::jobs::{Job, JobPoll, Wake};
use crate::settings::{HighlightColour, HighlightRule};
use std::sync::Arc;

/// The compiled rules.
#[derive(Default)]
pub struct Highlights {
    rules: Vec<HighlightRule>,
    sets: Vec<Set>,
}

/// The compiled rules of one encoding.
struct Set {
    encoding: Encoding,
    /// Compiled from the current rules, or from the previous ones while the job is running.
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
    /// Recompiles after a change of the rules or of the encodings.
    pub(super) fn tick(&mut self, rules: &[HighlightRule], encodings: &[Encoding], wake: &Wake) {
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

    /// The compiled rules for sessions of this encoding.
    #[must_use]
    pub fn of(&self, encoding: Encoding) -> Option<&Arc<Highlighter>> {
        self.sets.iter().find(|set| set.encoding == encoding)?.ready.as_ref()
    }
}

/// The page of the highlight rules.
#[derive(Default)]
pub struct HighlightPage {
    /// The example to try the rules on, with escapes.
    pub example: String,
    /// The widget that had the focus when the page opened.
    pub focus_before: Option<egui::Id>,
    /// The rule whose pattern gets the focus in the next frame.
    pub wants_focus: Option<usize>,
    /// The rule whose pattern reached the maximum length.
    pub too_long: Option<usize>,
}

/// The colour used by the fewest rules.
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
    fn a_new_rule_gets_an_unused_colour() {
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
    fn rules_are_compiled_per_encoding_and_after_changes() {
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
