//! The outcome of running the steps of a file: one entry for each step, with its problems.

use super::eval::FaultKind;
use super::pattern::Mismatch;
use super::tree::Span;
use crate::codec::hex;
use crate::model::{CloseReason, NetError, TransferError};
use std::sync::Arc;
use std::time::Duration;

/// Received data that no statement took, as far as it is kept for the report.
#[derive(Clone, Debug, PartialEq)]
pub struct PassedOver {
    /// Number of the peer in its capture.
    pub peer: u32,
    /// Number of the record that completed it.
    pub record: u64,
    /// The bytes, at most [`PassedOver::KEPT`].
    pub bytes: Arc<[u8]>,
    /// Length of the whole data.
    pub len: usize,
    /// Why it did not match; `None`: it was not compared.
    pub why: Option<Mismatch>,
}

impl PassedOver {
    /// Bytes that are kept of each.
    pub const KEPT: usize = 256;

    /// The kept bytes as spaced hex, with an ellipsis if there are more.
    #[must_use]
    pub fn shown(&self) -> String {
        let more = if self.len > self.bytes.len() { " …" } else { "" };
        format!("{}{more}", hex::spaced_upper(&self.bytes))
    }
}

/// Why a statement failed.
#[derive(Clone, Debug, PartialEq)]
pub enum ProblemKind {
    /// The address of a session is wrong once its values are inserted.
    File(super::ErrorKind),
    /// A value could not be computed.
    Fault(FaultKind),
    /// `fail "…"`.
    Said(String),
    /// A condition is false.
    CheckFalse {
        /// The values that it compared, as in messages: name or expression, value.
        values: Vec<(String, String)>,
    },
    /// Nothing matched in time.
    NoMatch {
        /// The time for it.
        within: Duration,
        /// The last data that was passed over.
        passed: Vec<PassedOver>,
        /// How many more were passed over before them.
        more: u64,
    },
    /// What came first matched no line with `next`.
    NotNext {
        /// The last data that was passed over.
        passed: Vec<PassedOver>,
    },
    /// The connection ended before anything matched.
    Ended {
        /// How.
        reason: CloseReason,
        /// The last data that was passed over.
        passed: Vec<PassedOver>,
    },
    /// Data arrived during a silence.
    NotSilent(PassedOver),
    /// No connection was there in time.
    NoConnection {
        /// The session, or its address.
        session: String,
        /// The time for it.
        within: Duration,
    },
    /// Several connections, and the statement names none.
    WhichPeer {
        /// How many there are.
        count: usize,
    },
    /// The statement names a peer that is not connected.
    NoSuchPeer(String),
    /// No connection ended in time.
    NotClosed {
        /// The time for it.
        within: Duration,
    },
    /// The connection ended in another way.
    ClosedOtherwise {
        /// The expected way, as written.
        expected: &'static str,
        /// How it ended.
        reason: CloseReason,
    },
    /// The session did not open.
    OpenFailed(NetError),
    /// The session opened although it should not.
    OpenedAnyway,
    /// A send failed.
    SendFailed(NetError),
    /// The capture could not be written, so nothing more was read.
    StoreFailed(NetError),
    /// A file was not transferred.
    TransferFailed {
        /// Its name.
        name: String,
        /// Why.
        error: TransferError,
    },
    /// A repeat ended before its condition was true.
    NotUntil {
        /// Its rounds.
        rounds: u64,
    },
    /// The step took longer than allowed, or the whole run.
    TimeLimit(Duration),
    /// The file does not say where to connect.
    NoSession,
    /// A statement that this version cannot run.
    NotYet(String),
    /// The worker of the session ended.
    SessionFailed,
    /// Records were deleted by the size limit before they were read.
    Evicted,
}

/// A statement that failed.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// Why.
    pub kind: ProblemKind,
    /// Its place in the file.
    pub span: Span,
    /// The step went on (`else continue`).
    pub went_on: bool,
}

/// How a step ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// All its statements succeeded.
    Passed,
    /// At least one failed.
    Failed,
    /// It did not run.
    Skipped(Skipped),
}

/// Why a step did not run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skipped {
    /// A required step failed.
    Required,
    /// The run ended before it.
    Ended,
}

/// One step.
#[derive(Clone, Debug, PartialEq)]
pub struct StepOutcome {
    /// Its name.
    pub name: String,
    /// The line of `step`, or the first statement outside of a step.
    pub span: Span,
    /// How it ended.
    pub verdict: Verdict,
    /// What failed, in order.
    pub problems: Vec<Problem>,
    /// What `note` said.
    pub notes: Vec<String>,
    /// How often it was tried.
    pub tries: u64,
    /// Since the start of the run.
    pub began: Duration,
    /// How long it took, all tries together.
    pub took: Duration,
}

/// Why a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunEnd {
    /// Everything was done.
    Done,
    /// A statement ended the run (`else stop`).
    Stopped,
    /// The user ended it.
    Interrupted,
    /// The time limit of the run.
    TimeLimit(Duration),
    /// It could not begin: a variable has no value, or a session did not open.
    NotBegun,
}

/// A whole run.
#[derive(Clone, Debug, PartialEq)]
pub struct RunOutcome {
    /// The steps in the order of the file.
    pub steps: Vec<StepOutcome>,
    /// Problems outside of steps: variables and sessions.
    pub problems: Vec<Problem>,
    /// Why it ended.
    pub end: RunEnd,
    /// How long it took.
    pub took: Duration,
    /// The captures, each with the name of its session.
    pub captures: Vec<(String, String)>,
}

impl RunOutcome {
    /// Whether nothing failed and everything ran that should.
    #[must_use]
    pub fn passed(&self) -> bool {
        let steps = self.steps.iter().all(|step| step.verdict == Verdict::Passed);
        steps && self.problems.is_empty() && self.end == RunEnd::Done
    }

    /// How many steps ended so: passed, failed, skipped.
    #[must_use]
    pub fn counts(&self) -> (usize, usize, usize) {
        let count = |is: fn(&Verdict) -> bool| self.steps.iter().filter(|step| is(&step.verdict)).count();
        (
            count(|verdict| *verdict == Verdict::Passed),
            count(|verdict| *verdict == Verdict::Failed),
            count(|verdict| matches!(verdict, Verdict::Skipped(_))),
        )
    }
}
