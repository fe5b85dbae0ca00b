//! What goes wrong while a talk file is carried out.

use crate::talk::eval::{FaultKind, Kind};
use crate::words::texts::Table;
use crate::words::{Lang, build_error, encode_error, harmless, pattern_error};
use std::io::ErrorKind;

/// A fault as a sentence.
#[must_use]
pub fn talk_fault(fault: &FaultKind, lang: Lang) -> String {
    let texts = lang.texts();
    match fault {
        FaultKind::Encode(error) => encode_error(error, lang),
        FaultKind::InUsed { file, fault } => super::in_used(file, fault.span, &talk_fault(&fault.kind, lang)),
        FaultKind::Build(error) => build_error(error, lang),
        FaultKind::BadRegex(error) => pattern_error(&crate::codec::PatternError::Regex(error.clone()), lang),
        FaultKind::UnsetName(name) => texts.fault_unset_name(&harmless(name)),
        FaultKind::UnknownFunction(name) => texts.fault_unknown_function(&harmless(name)),
        FaultKind::Arguments { function, given } => texts.fault_arguments(&harmless(function), *given),
        FaultKind::WrongKind { value, expected, .. } => {
            texts.fault_wrong_kind(&harmless(value), kind(*expected, texts))
        }
        FaultKind::Mixed { left, right } => texts.fault_mixed(kind(*left, texts), kind(*right, texts)),
        FaultKind::Overflow => texts.fault_overflow().to_owned(),
        FaultKind::ZeroDivisor => texts.fault_zero_divisor().to_owned(),
        FaultKind::TooLong { most } => texts.fault_too_long(*most),
        FaultKind::OutOfRange { at, len } => texts.fault_out_of_range(*at, *len),
        FaultKind::DoesNotFit { value, form } => texts.fault_does_not_fit(&harmless(value), form),
        FaultKind::NeedsType(value) => texts.fault_needs_type(&harmless(value)),
        _ => outside(fault, texts),
    }
}

/// Faults of checks, files, patterns and rules.
fn outside(fault: &FaultKind, texts: &dyn Table) -> String {
    match fault {
        FaultKind::StreamRegex => texts.fault_stream_regex().to_owned(),
        FaultKind::UnknownCheck(name) => texts.fault_unknown_check(&harmless(name)),
        FaultKind::CheckPlace(name) => texts.fault_check_place(&harmless(name)),
        FaultKind::UnknownType(name) => texts.fault_unknown_type(&harmless(name)),
        FaultKind::BadTimeFormat(error) => texts.fault_time_format(&harmless(error)),
        FaultKind::NotJson => texts.fault_not_json().to_owned(),
        FaultKind::NoJsonEntry(path) => texts.fault_no_json_entry(&harmless(path)),
        FaultKind::NoEnvironment(name) => texts.fault_no_environment(&harmless(name)),
        FaultKind::NotAvailable(call) => texts.fault_not_available(&harmless(call)),
        FaultKind::PathOutside(path) => texts.fault_path_outside(&harmless(path)),
        FaultKind::Unreadable { path, kind } => {
            let cause = match kind {
                ErrorKind::NotFound => texts.fault_missing(),
                ErrorKind::PermissionDenied => texts.fault_denied(),
                ErrorKind::FileTooLarge => texts.fault_file_too_long(),
                ErrorKind::InvalidData => texts.not_utf_8(),
                _ => texts.fault_file_other(),
            };
            texts.fault_unreadable(&harmless(path), cause)
        }
        FaultKind::PatternOnly => texts.fault_pattern_only().to_owned(),
        FaultKind::TooManyOpen { most } => texts.fault_too_many_open(*most),
        FaultKind::TooMuchWork => texts.fault_too_much_work().to_owned(),
        FaultKind::TooMuchState { most } => texts.fault_too_much_state(*most),
        FaultKind::BadTable { line, written } => texts.fault_bad_table(*line, &harmless(written)),
        FaultKind::NotInRule(word) => texts.fault_not_in_rule(&harmless(word)),
        FaultKind::BadTime(value) => texts.fault_bad_time(&harmless(value)),
        FaultKind::BadCount(value) => texts.fault_bad_count(&harmless(value)),
        // Every other kind has its sentence above.
        other => harmless(&format!("{other:?}")),
    }
}

fn kind(kind: Kind, texts: &dyn Table) -> &'static str {
    match kind {
        Kind::Bool => texts.kind_truth(),
        Kind::Number => texts.kind_number(),
        Kind::Whole => texts.kind_whole(),
        Kind::Text => texts.kind_text(),
        Kind::Bytes => texts.kind_bytes(),
        Kind::List => texts.kind_list(),
    }
}
