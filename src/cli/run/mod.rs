//! `run`: carries out talk files and reports each step.

mod report;

use super::out::{StandardOut, say};
use super::plan::Common;
use super::signals;
use super::start;
use super::talk_source;
use super::usage::UsageError;
use crate::model::{NetError, Operation};
use crate::runner::report::{ReportForm, Reported, shown, write_report};
use crate::runner::{self, OnFailure, RunOptions, Script};
use crate::settings;
use crate::words::{self, Lang};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

pub(super) use report::{Form, Reporter};

/// A checked `run`.
#[derive(Debug)]
pub(super) struct RunPlan {
    pub common: Common,
    /// Files, folders, and `-` for standard input.
    pub paths: Vec<PathBuf>,
    pub variables: Vec<(String, String)>,
    pub only: Vec<String>,
    /// Only list the steps.
    pub list: bool,
    pub form: Form,
    pub junit: Option<PathBuf>,
    pub time_limit: Option<Duration>,
    /// The folder for files that are received.
    pub store_in: Option<PathBuf>,
}

/// Runs the files.
pub(super) fn run(plan: &RunPlan) -> ExitCode {
    let scripts = match scripts(plan) {
        Ok(scripts) => scripts,
        Err(sentence) => {
            say(&sentence);
            return ExitCode::from(super::WRONG_USAGE);
        }
    };
    if plan.list {
        return list(&scripts, plan.form);
    }
    carry_out(plan, &scripts).unwrap_or_else(|sentence| {
        say(&sentence);
        ExitCode::FAILURE
    })
}

fn carry_out(plan: &RunPlan, scripts: &[Script]) -> Result<ExitCode, String> {
    let lang = plan.common.lang;
    let sentence = |error| words::error_sentence(&error, lang);
    let paths = start::paths(&plan.common).map_err(sentence)?;
    let (settings, _) = settings::load(&paths.settings_file);
    let signals = signals::install().map_err(sentence)?;
    let options = RunOptions {
        captures_dir: paths.captures_dir,
        capture: start::capture_options(&plan.common, &settings),
        variables: plan.variables.clone(),
        only: plan.only.clone(),
        chosen: None,
        rounds: Some(1),
        on_failure: OnFailure::GoOn,
        over: None,
        counts: None,
        store_in: plan.store_in.clone(),
        time_limit: plan.time_limit,
        stop: signals.received.clone(),
    };
    let mut reporter = Reporter::new(plan.form, lang, signals.asked.clone());
    reporter.begin(scripts);
    let mut outcomes = Vec::new();
    let mut wrong_file = false;
    for script in scripts {
        match runner::run(script, &options, &mut reporter.of(script)) {
            Ok(outcome) => {
                reporter.end(script, &outcome);
                outcomes.push((script, outcome));
            }
            Err(errors) => {
                say(&words::talk_report(&shown(script), &script.source, &errors, lang, false));
                wrong_file = true;
            }
        }
        if signals.asked.get().is_some() || reporter.is_closed() {
            break;
        }
    }
    reporter.finish();
    if let Some(error) = reporter.failure() {
        return Err(sentence(NetError::from_io(Operation::SaveFile, "stdout", error)));
    }
    if let Some(path) = &plan.junit {
        let runs: Vec<Reported<'_>> =
            outcomes.iter().map(|(script, outcome)| Reported { script, round: None, outcome }).collect();
        write_report(path, ReportForm::Junit, &runs, lang).map_err(sentence)?;
    }
    Ok(match (wrong_file, outcomes.iter().all(|(_, outcome)| outcome.passed())) {
        (true, _) => ExitCode::from(super::WRONG_USAGE),
        (false, true) => ExitCode::SUCCESS,
        (false, false) => ExitCode::FAILURE,
    })
}

/// All files, read and without errors.
fn scripts(plan: &RunPlan) -> Result<Vec<Script>, String> {
    let lang = plan.common.lang;
    let mut paths = Vec::new();
    for path in &plan.paths {
        paths.extend(files_of(path, lang)?);
    }
    let mut scripts = Vec::new();
    let mut reports = Vec::new();
    for path in paths {
        let source = talk_source::read("FILE", &path, lang).map_err(|error| error.sentence(lang))?;
        match Script::new((path.as_os_str() != "-").then(|| path.clone()), source.clone(), &plan.variables) {
            Ok(script) => scripts.push(script),
            Err(errors) => {
                reports.push(words::talk_report(&path.display().to_string(), &source, &errors, lang, false));
            }
        }
    }
    if !reports.is_empty() {
        return Err(reports.join("\n\n"));
    }
    let names: Vec<String> = scripts.iter().flat_map(Script::step_names).collect();
    match plan.only.iter().find(|only| !names.contains(only)) {
        Some(unknown) => {
            Err(UsageError::value("--only", unknown.clone(), lang.texts().run_no_such_step()).sentence(lang))
        }
        None => Ok(scripts),
    }
}

/// The talk files of a folder in the order of their names; any other path itself.
fn files_of(path: &Path, lang: Lang) -> Result<Vec<PathBuf>, String> {
    if path.as_os_str() == "-" || !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let entries = std::fs::read_dir(path).map_err(|error| unreadable(path, &error, lang))?;
    let is_talk = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "talk") && path.is_file();
    let mut files: Vec<PathBuf> = entries.filter_map(Result::ok).map(|entry| entry.path()).filter(is_talk).collect();
    files.sort();
    if files.is_empty() {
        return Err(UsageError::file("FILE", path, lang.texts().run_no_files()).sentence(lang));
    }
    Ok(files)
}

fn unreadable(path: &Path, error: &std::io::Error, lang: Lang) -> String {
    words::error_sentence(&NetError::from_io(Operation::ReadFile, path.display().to_string(), error), lang)
}

fn list(scripts: &[Script], form: Form) -> ExitCode {
    let mut out = StandardOut::default();
    for script in scripts {
        for name in script.step_names() {
            match form {
                Form::Json => out.line(&report::listed(&shown(script), &name)),
                Form::Text | Form::Tap => out.line(&words::harmless(&name)),
            }
        }
    }
    out.flush();
    ExitCode::SUCCESS
}
