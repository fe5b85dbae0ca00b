//! Sentences about the outcome of talk files.

use super::{Lang, error_sentence, harmless, since_short, talk_fault, transfer_failed};
use crate::talk::outcome::{PassedOver, ProblemKind};
use crate::talk::pattern::{Because, Mismatch};
use crate::talk::tree::HexByte;
use std::time::Duration;

/// Why a statement failed: a sentence, and a line for each piece of data that was passed over.
#[must_use]
pub fn problem_sentence(kind: &ProblemKind, lang: Lang) -> String {
    let texts = lang.texts();
    match kind {
        ProblemKind::File(error) => super::talk_sentence(error, lang),
        ProblemKind::Fault(fault) => talk_fault(fault, lang),
        ProblemKind::Said(text) => texts.run_said(&harmless(text)),
        ProblemKind::CheckFalse { values } => {
            let values: Vec<String> =
                values.iter().map(|(name, value)| format!("{} = {}", harmless(name), harmless(value))).collect();
            let sentence = texts.run_check_false();
            if values.is_empty() {
                sentence.to_owned()
            } else {
                format!("{sentence}{}{}", texts.comma(), texts.run_values(&values.join(texts.comma())))
            }
        }
        ProblemKind::NoMatch { within, passed, more } => {
            let mut lines = vec![texts.run_no_match(&time(*within))];
            if *more > 0 {
                lines.push(texts.run_more_passed(*more));
            }
            lines.extend(passed.iter().map(|passed| passed_line(passed, lang)));
            lines.join("\n")
        }
        ProblemKind::NotNext { passed } => {
            let mut lines = vec![texts.run_not_next().to_owned()];
            lines.extend(passed.iter().map(|passed| passed_line(passed, lang)));
            lines.join("\n")
        }
        ProblemKind::Ended { reason, passed } => {
            let mut lines = vec![texts.run_ended(texts.run_close(*reason))];
            lines.extend(passed.iter().map(|passed| passed_line(passed, lang)));
            lines.join("\n")
        }
        ProblemKind::NotSilent(passed) => texts.run_not_silent(&passed.shown()),
        ProblemKind::NoConnection { session, within } => texts.run_no_connection(&harmless(session), &time(*within)),
        ProblemKind::WhichPeer { count } => texts.run_which_peer(*count),
        ProblemKind::NoSuchPeer(peer) => texts.run_no_such_peer(&harmless(peer)),
        ProblemKind::NotClosed { within } => texts.run_not_closed(&time(*within)),
        ProblemKind::ClosedOtherwise { expected, reason } => {
            texts.run_closed_otherwise(expected, texts.run_close(*reason))
        }
        ProblemKind::OpenFailed(error) | ProblemKind::SendFailed(error) | ProblemKind::StoreFailed(error) => {
            error_sentence(error, lang)
        }
        ProblemKind::TransferFailed { name, error } => transfer_failed(name, error, lang),
        ProblemKind::OpenedAnyway => texts.run_opened_anyway().to_owned(),
        ProblemKind::NotUntil { rounds } => texts.run_not_until(*rounds),
        ProblemKind::TimeLimit(limit) => texts.run_time_limit(&time(*limit)),
        ProblemKind::NoSession => texts.run_no_session().to_owned(),
        ProblemKind::NotYet(word) => texts.run_not_yet(&harmless(word)),
        ProblemKind::SessionFailed => texts.run_session_failed().to_owned(),
        ProblemKind::Evicted => texts.run_evicted().to_owned(),
    }
}

fn passed_line(passed: &PassedOver, lang: Lang) -> String {
    let texts = lang.texts();
    let line = texts.run_passed_over(&passed.shown());
    match passed.why.as_ref().and_then(|why| mismatch(why, lang)) {
        Some(why) => format!("{line}{}{why}", texts.comma()),
        None => line,
    }
}

/// The first byte that does not fit.
pub(super) fn mismatch(why: &Mismatch, lang: Lang) -> Option<String> {
    let texts = lang.texts();
    let got = why.got.map_or_else(|| "–".to_owned(), |byte| format!("{byte:02X}"));
    match why.because {
        Because::Differs | Because::End | Because::TooLong => {
            let expected = why.expected.map_or_else(|| "–".to_owned(), hex_byte);
            Some(texts.run_mismatch(why.at + 1, &expected, &got))
        }
        Because::Check | Because::NoDigits | Because::Condition | Because::Regex => None,
    }
}

/// A byte of a pattern: `4?`, `??` where a digit does not matter.
#[must_use]
pub fn hex_byte(byte: HexByte) -> String {
    let digit = |shift: u8| match byte.mask >> shift & 0xF {
        0 => "?".to_owned(),
        _ => format!("{:X}", byte.value >> shift & 0xF),
    };
    format!("{}{}", digit(4), digit(0))
}

fn time(time: Duration) -> String {
    since_short(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX))
}
