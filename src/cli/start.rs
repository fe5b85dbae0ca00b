//! Sets up a session: folders, limits, the engine's worker, the retention of old captures.

use super::out::{StandardOut, say};
use super::plan::{Common, SendStep, SessionPlan};
use super::sends::FIRST_LIST;
use super::usage::quoted;
use crate::capture::json::{Line, Summary, TailFields, Unmet};
use crate::capture::{CaptureOptions, Catalog, Retention};
use crate::engine::{Command, SessionHandle, SessionOptions};
use crate::jobs::thread::spawn_named;
use crate::model::{CloseReason, CounterValues, ErrorKind, NetError, Operation, SessionId, Transport};
use crate::settings::{self, DataPaths, LoadNote, Preferences, Settings};
use crate::words::{self, Lang};
use crossbeam_channel::{Receiver, bounded};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// Maximum size of a TCP peer's send queue in bytes, in addition to the payload being sent.
const QUEUE_LIMIT_BYTES: usize = 8 << 20;
/// Time that the end of a run waits for the deletion of old captures.
const SWEEP_WAIT: Duration = Duration::from_secs(2);

/// Tasks that run beside the session.
pub(super) struct Housekeeping {
    swept: Receiver<Result<Vec<String>, NetError>>,
    note: Option<LoadNote>,
    /// Where captures are created, and their options; for the sessions that a talk file opens itself.
    pub captures: (PathBuf, CaptureOptions),
}

/// The folders of captures and settings.
///
/// # Errors
/// The system reports no home directory.
pub(super) fn paths(common: &Common) -> Result<DataPaths, NetError> {
    DataPaths::resolve(common.data_dir.clone()).ok_or_else(|| {
        NetError::new(
            Operation::OpenCapture,
            ErrorKind::File,
            "--data-dir",
            "the system names no home folder: give --data-dir",
        )
    })
}

/// Storage options for captures of this run: from the command line, otherwise from the settings.
pub(super) fn capture_options(common: &Common, settings: &Settings) -> CaptureOptions {
    let limit_bytes = common.capture_limit.unwrap_or(settings.preferences.capture_limit_bytes);
    let kept_file_bytes = common.kept_file_bytes.unwrap_or(settings.preferences.kept_file_bytes);
    CaptureOptions { limit_bytes, delete_on_close: false, kept_file_bytes }
}

/// Starts the worker and sends it the initial commands.
///
/// # Errors
/// The folder or the thread cannot be created.
pub(super) fn session(plan: &SessionPlan) -> Result<(SessionHandle, Housekeeping), NetError> {
    let paths = paths(&plan.common)?;
    let (settings, note) = settings::load(&paths.settings_file);
    let address = plan.config.endpoint().to_string();
    let capture = capture_options(&plan.common, &settings);
    let handle = SessionHandle::spawn(SessionOptions {
        id: SessionId(1),
        captures_dir: paths.captures_dir.clone(),
        capture: capture.clone(),
        queue_limit_bytes: QUEUE_LIMIT_BYTES,
        wake: Arc::new(|| {}),
    })
    .map_err(|error| NetError::from_io(Operation::Receive, &address, &error))?;
    let on_join = match plan.sends.first() {
        Some(SendStep::List(list)) if plan.sends_to_each() => Some(list.clone()),
        _ => None,
    };
    let with_connection = match plan.sends.first() {
        Some(SendStep::List(list)) if plan.sends_with_connection() => {
            Some(Command::SendWhenConnected { ticket: FIRST_LIST, plan: list.clone() })
        }
        _ => None,
    };
    // Records that are printed, saved or searched must not be deleted before.
    let commands = [
        Command::HoldForReader,
        Command::RecordFacts(plan.facts),
        Command::SetReplies(plan.replies.clone().into()),
        Command::OnJoin(on_join),
    ]
    .into_iter()
    .chain(with_connection)
    // The run of a file opens the session once its rules are set.
    .chain(plan.talk.is_none().then(|| Command::Open(plan.config.clone())));
    for command in commands {
        handle.send(command).map_err(|_| {
            NetError::new(Operation::Receive, ErrorKind::Other, &address, "the session takes no commands")
        })?;
    }
    let swept = sweep(Catalog::new(paths.captures_dir.clone()), retention(&plan.common, &settings.preferences));
    Ok((handle, Housekeeping { swept, note, captures: (paths.captures_dir, capture) }))
}

/// Deletes old captures beside the session.
fn sweep(catalog: Catalog, retention: Retention) -> Receiver<Result<Vec<String>, NetError>> {
    let (done, swept) = bounded(1);
    if retention.0.is_none() {
        return swept;
    }
    let work = move || {
        // The receiver is gone if the run has ended meanwhile.
        done.send(catalog.sweep(retention)).ok();
    };
    // Without a thread the next run does it.
    spawn_named("retention", work).ok();
    swept
}

/// The retention time from the command line, otherwise from the settings.
fn retention(common: &Common, preferences: &Preferences) -> Retention {
    let of_settings = || preferences.retention_days.map(|days| Duration::from_secs(u64::from(days) * 24 * 3600));
    common.keep_for.unwrap_or_else(|| Retention(of_settings()))
}

impl Housekeeping {
    /// Waits for the tasks to end, and reports what the user should know.
    pub fn finish(self, lang: Lang) {
        match self.swept.recv_timeout(SWEEP_WAIT) {
            Ok(Err(error)) => say(&words::error_sentence(&error, lang)),
            Ok(Ok(deleted)) if !deleted.is_empty() => say(&words::swept_sentence(&deleted, lang)),
            _ => {}
        }
        if let Some(note) = self.note {
            say(&note_sentence(&note, lang));
        }
    }
}

fn note_sentence(note: &LoadNote, lang: Lang) -> String {
    let texts = lang.texts();
    match note {
        LoadNote::Damaged { kept, why } => texts.settings_file_damaged(why, &kept.display().to_string()),
        LoadNote::Future { kept, version } => texts.settings_file_newer(*version, &kept.display().to_string()),
        LoadNote::Partly { values, .. } => texts.settings_not_known(values),
        LoadNote::Unreadable(error) => words::error_sentence(error, lang),
    }
}

/// Reports a failure before the session exists; with `--json` as a line and an empty summary.
pub(super) fn print_failure(error: &NetError, json: bool, transport: Transport, lang: Lang) {
    if json {
        let mut out = StandardOut::default();
        out.line(&Line::error(error, words::error_sentence(error, lang)).to_text());
        let reason = CloseReason::Error.name();
        out.line(&Line::Closed { reason: Some(reason), next: None, tails: TailFields::default(), at: None }.to_text());
        out.line(&Line::Summary(Summary::new(&CounterValues::default(), transport, None)).to_text());
        out.flush();
    } else {
        say(&words::error_sentence(error, lang));
    }
}

/// The conditions that were not met, if any.
pub(super) fn unmet_sentence(unmet: &[Unmet], lang: Lang) -> Option<String> {
    let option = |Unmet { option, value }: &Unmet| match value {
        None => (*option).to_owned(),
        Some(value) if value.bytes().all(|byte| byte.is_ascii_digit()) => format!("{option} {value}"),
        Some(value) => format!("{option} {}", quoted(value)),
    };
    let options: Vec<String> = unmet.iter().map(option).collect();
    (!options.is_empty()).then(|| lang.texts().conditions_not_met(&options))
}

/// The summary for people.
pub(super) fn summary_sentence(counters: &CounterValues, capture: Option<&str>, lang: Lang) -> String {
    let CounterValues { received_bytes, received_records, sent_bytes, sent_records, .. } = counters;
    let texts = lang.texts();
    let mut sentence = texts.summary(*received_bytes, *received_records, *sent_bytes, *sent_records);
    if counters.dropped_records > 0 {
        sentence += &texts.summary_dropped(counters.dropped_records, counters.dropped_bytes);
    }
    if let Some(records) = counters.kernel_dropped_records.filter(|records| *records > 0) {
        sentence += &texts.summary_kernel_dropped(records);
    }
    if counters.evicted_records > 0 {
        sentence += &texts.summary_evicted(counters.evicted_records, counters.evicted_bytes);
    }
    if let Some(capture) = capture {
        sentence += &texts.summary_capture(capture);
    }
    sentence
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_says_how_many_bytes_were_lost() {
        let counters = CounterValues {
            dropped_records: 26,
            dropped_bytes: 106_496,
            kernel_dropped_records: Some(2),
            evicted_records: 1,
            evicted_bytes: 1,
            ..CounterValues::default()
        };
        let english = summary_sentence(&counters, None, Lang::En);
        let losses = ", 106,496 bytes in 26 records not stored, 2 records dropped by the system, \
                      1 byte in 1 record deleted by the size limit";
        assert!(english.ends_with(losses), "{english}");
        let chinese = summary_sentence(&counters, None, Lang::ZhCn);
        let losses = "，106496 字节（26 条）未能保存，2 条被系统丢弃，1 字节（1 条）因容量上限被删除";
        assert!(chinese.ends_with(losses), "{chinese}");
    }
}
