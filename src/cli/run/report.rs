//! What `run` prints while it runs: for people, as JSON lines, as TAP.

use crate::cli::out::{StandardOut, say};
use crate::codec::safe::json_line;
use crate::model::{NetError, SessionState, display_address};
use crate::runner::{Observer, Script, report};
use crate::talk::outcome::{RunOutcome, StepOutcome, Verdict};
use crate::words::{self, Lang};
use serde::Serialize;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

/// The form of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) enum Form {
    /// For people.
    Text,
    /// JSON lines.
    Json,
    /// The Test Anything Protocol, version 14.
    Tap,
}

/// Prints what happens.
pub(in crate::cli) struct Reporter {
    form: Form,
    lang: Lang,
    out: StandardOut,
    /// Steps reported so far, for TAP.
    steps: usize,
}

/// The observer of one file.
pub(in crate::cli) struct OfFile<'a> {
    reporter: &'a mut Reporter,
    script: &'a Script,
}

#[derive(Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
enum Line<'a> {
    StepBegan { file: &'a str, step: &'a str },
    Note { file: &'a str, text: &'a str },
    Opened { file: &'a str, session: &'a str, local: &'a str },
    Warning { file: &'a str, session: &'a str, message: &'a str },
    Listed { file: &'a str, step: &'a str },
}

/// A step of `--list --json`.
pub(super) fn listed(file: &str, step: &str) -> String {
    json_line(&Line::Listed { file, step })
}

/// A time for people.
pub(super) fn took(time: Duration) -> String {
    words::since_short(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX))
}

impl Reporter {
    /// `asked`: when a signal came, after which a blocked reader of standard output is not waited for.
    pub fn new(form: Form, lang: Lang, asked: Arc<OnceLock<Instant>>) -> Self {
        let mut out = StandardOut::default();
        out.give_up_after(asked);
        Self { form, lang, out, steps: 0 }
    }

    /// Why standard output could not be written, except for a reader that went away.
    pub fn failure(&self) -> Option<&std::io::Error> {
        self.out.failure()
    }

    /// Whether nothing more can be reported.
    pub fn is_closed(&self) -> bool {
        self.out.is_closed()
    }

    pub fn begin(&mut self, _scripts: &[Script]) {
        if self.form == Form::Tap {
            self.out.line(report::TAP_HEAD);
            self.out.flush();
        }
    }

    /// The observer of a file.
    pub fn of<'a>(&'a mut self, script: &'a Script) -> OfFile<'a> {
        OfFile { reporter: self, script }
    }

    /// The end of a file.
    pub fn end(&mut self, script: &Script, outcome: &RunOutcome) {
        for step in outcome.steps.iter().filter(|step| matches!(step.verdict, Verdict::Skipped(_))) {
            self.step(script, step);
        }
        let (passed, failed, skipped) = outcome.counts();
        let texts = self.lang.texts();
        match self.form {
            Form::Json => self.out.line(&report::json_run(script, outcome, self.lang)),
            Form::Tap => {
                for problem in &outcome.problems {
                    self.out.line(&report::tap_problem(script, problem, self.lang));
                }
            }
            Form::Text => {
                for problem in &outcome.problems {
                    let sentence = report::sentence(script, problem, self.lang);
                    self.out.line(&sentence);
                }
                let end = texts.run_end(outcome.end);
                if !end.is_empty() {
                    self.out.line(&end);
                }
                self.out.line(&texts.run_summary(passed, failed, skipped, &took(outcome.took)));
                for (session, id) in &outcome.captures {
                    say(&texts.run_capture(&words::harmless(session), id));
                }
            }
        }
        self.out.flush();
    }

    /// After the last file.
    pub fn finish(&mut self) {
        if self.form == Form::Tap {
            self.out.line(&report::tap_plan(self.steps));
            self.out.flush();
        }
    }

    fn step(&mut self, script: &Script, step: &StepOutcome) {
        self.steps += 1;
        match self.form {
            Form::Json => self.out.line(&report::json_step(script, step, self.lang)),
            Form::Tap => self.out.line(&report::tap_step(script, step, self.steps, self.lang)),
            Form::Text => self.text(script, step),
        }
        self.out.flush();
    }

    fn text(&mut self, script: &Script, step: &StepOutcome) {
        let texts = self.lang.texts();
        let time = match step.verdict {
            Verdict::Skipped(why) => texts.run_skipped(why).to_owned(),
            _ => took(step.took),
        };
        self.out.line(&format!("{} {}  {time}", texts.run_verdict(step.verdict), words::harmless(&step.name)));
        for problem in &step.problems {
            let sentence = report::sentence(script, problem, self.lang);
            for line in sentence.lines() {
                self.out.line(&format!("    {line}"));
            }
            let source = problem.span.of(&script.source).lines().next().unwrap_or_default();
            if !source.is_empty() {
                self.out.line(&format!("      {}", words::harmless(source)));
            }
        }
    }
}

impl Observer for OfFile<'_> {
    fn began(&mut self, _index: usize, name: &str) {
        if self.reporter.form == Form::Json {
            let file = report::shown(self.script);
            self.reporter.out.line(&json_line(&Line::StepBegan { file: &file, step: name }));
            self.reporter.out.flush();
        }
    }

    fn ended(&mut self, _index: usize, step: &StepOutcome) {
        self.reporter.step(self.script, step);
    }

    fn noted(&mut self, text: &str) {
        let reporter = &mut *self.reporter;
        match reporter.form {
            Form::Json => {
                let file = report::shown(self.script);
                reporter.out.line(&json_line(&Line::Note { file: &file, text }));
            }
            Form::Tap => reporter.out.line(&format!("# {}", words::harmless(text))),
            Form::Text => reporter.out.line(&format!("    {}", words::harmless(text))),
        }
        reporter.out.flush();
    }

    fn opened(&mut self, session: &str, state: &SessionState) {
        let Some(local) = state.local() else { return };
        let reporter = &mut *self.reporter;
        if reporter.form == Form::Json {
            let file = report::shown(self.script);
            reporter.out.line(&json_line(&Line::Opened { file: &file, session, local: &display_address(local) }));
            reporter.out.flush();
        } else if matches!(state, SessionState::Listening { .. } | SessionState::Bound { .. }) {
            say(&format!("listening on {}", display_address(local)));
        }
    }

    fn warned(&mut self, session: &str, warning: &NetError) {
        let reporter = &mut *self.reporter;
        let message = words::error_sentence(warning, reporter.lang);
        if reporter.form == Form::Json {
            let file = report::shown(self.script);
            reporter.out.line(&json_line(&Line::Warning { file: &file, session, message: &message }));
            reporter.out.flush();
        } else {
            say(&message);
        }
    }

    fn is_gone(&self) -> bool {
        self.reporter.out.is_closed()
    }
}
