//! Sentences about errors in talk files. Each error has a title, which names the problem, and a label, which names the correction. A
//! report adds the source line and a caret.

mod fault;
mod report;
mod template;
#[cfg(test)]
mod tests;

pub use fault::talk_fault;
pub use report::{TalkPlace, talk_place, talk_report};
pub use template::template_error;

use super::texts::Table;
use super::{Lang, endpoint_error, group_error, harmless, pattern_error, rule_error, socket_option_form};
use crate::talk::ErrorKind;
use crate::talk::error::{Expected, Found, Named, ValueKind};
use crate::talk::tree::{Span, UsedText};

/// Title and label of an error. The label is shown below the caret.
#[must_use]
pub fn talk_error(error: &ErrorKind, lang: Lang) -> (String, String) {
    let texts = lang.texts();
    written(error, texts).or_else(|| bytes(error, texts, lang)).unwrap_or_else(|| meaning(error, texts, lang))
}

/// A sentence about a place of a used file.
fn in_used(file: &UsedText, span: Span, sentence: &str) -> String {
    let TalkPlace { line, column } = talk_place(&file.source, span.start);
    format!("{}:{line}:{column}: {sentence}", harmless(&file.path))
}

/// Both parts in one sentence.
#[must_use]
pub fn talk_sentence(error: &ErrorKind, lang: Lang) -> String {
    let (title, label) = talk_error(error, lang);
    if label.is_empty() { title } else { lang.texts().talk_title_and_label(&title, &label) }
}

/// Errors of words, braces and quotes.
fn written(error: &ErrorKind, texts: &dyn Table) -> Option<(String, String)> {
    let (title, label) = match error {
        ErrorKind::FullWidth { found, twin: ' ' } => (texts.talk_full_width(*found), texts.talk_write_space().into()),
        ErrorKind::FullWidth { found, twin } => {
            (texts.talk_full_width(*found), texts.talk_write_instead(twin.encode_utf8(&mut [0; 4])))
        }
        ErrorKind::Unexpected { found, expected } => {
            (texts.talk_unexpected(&read(found, texts)), texts.talk_expected(&meant(*expected, texts)))
        }
        ErrorKind::UnknownWord { word, near } => {
            let label =
                near.map_or_else(|| texts.talk_expected(texts.talk_statement()), |near| texts.talk_did_you_mean(near));
            (texts.talk_unknown_word(&harmless(word)), label)
        }
        ErrorKind::NoArrow => (texts.talk_no_arrow().into(), texts.talk_write_before().into()),
        ErrorKind::ElseOnNewLine => (texts.talk_else_on_new_line().into(), texts.talk_else_same_line().into()),
        ErrorKind::ReservedName(word) => (texts.talk_reserved(word), texts.talk_other_name().into()),
        ErrorKind::NotYet(word) => (texts.talk_not_yet(word), texts.talk_not_yet_label().into()),
        ErrorKind::Version(version) => (texts.talk_version(*version), texts.talk_version_label().into()),
        ErrorKind::VersionNotFirst => (texts.talk_version_not_first().into(), texts.talk_move_up().into()),
        ErrorKind::MissingBrace { .. } => (texts.talk_missing_brace().into(), texts.talk_close_before().into()),
        ErrorKind::ExtraBrace => (texts.talk_extra_brace().into(), texts.talk_remove().into()),
        ErrorKind::UnclosedText(quote) => (texts.talk_unclosed_text(*quote), texts.talk_begins_here().into()),
        ErrorKind::UnclosedRegex => (texts.talk_unclosed_regex().into(), texts.talk_begins_here().into()),
        ErrorKind::UnclosedField => (texts.talk_unclosed_field().into(), texts.talk_begins_here().into()),
        ErrorKind::TooManyOperators => (texts.talk_too_many_operators().into(), texts.talk_fewer_operators().into()),
        ErrorKind::TooDeep => (texts.talk_too_deep().into(), texts.talk_simplify().into()),
        _ => return None,
    };
    Some((title, label))
}

/// Errors of bytes, texts and numbers.
fn bytes(error: &ErrorKind, texts: &dyn Table, lang: Lang) -> Option<(String, String)> {
    let (title, label) = match error {
        ErrorKind::BadEscape(escape) => (texts.talk_bad_escape(&harmless(escape)), texts.talk_escapes().into()),
        ErrorKind::BadHex { character, .. } => {
            (texts.talk_bad_hex(&harmless(character.encode_utf8(&mut [0; 4]))), texts.talk_hex_form().into())
        }
        ErrorKind::OddHex(digits) => (texts.talk_odd_hex(&harmless(digits)), texts.talk_two_digits().into()),
        ErrorKind::TypeInText(form) => (texts.talk_type_in_text(&harmless(form)), texts.talk_outside_quotes().into()),
        ErrorKind::PatternOnly(text) => (texts.talk_pattern_only(&harmless(text)), texts.talk_behind_await().into()),
        ErrorKind::RegexAlone => (texts.talk_regex_alone().into(), texts.talk_regex_alone_label().into()),
        ErrorKind::RegexFlag(flag) => (texts.talk_regex_flag(*flag), texts.talk_regex_flags().into()),
        ErrorKind::BadRegex(error) => (pattern_error(error, lang), String::new()),
        ErrorKind::BadNumber(number) => (texts.talk_bad_number(&harmless(number)), texts.talk_number_form().into()),
        ErrorKind::NoUnit(number) => (texts.talk_no_unit(&harmless(number)), texts.talk_units().into()),
        ErrorKind::UnknownUnit(number) => (texts.talk_unknown_unit(&harmless(number)), texts.talk_known_units().into()),
        _ => return None,
    };
    Some((title, label))
}

/// Errors that only the whole file shows.
fn meaning(error: &ErrorKind, texts: &dyn Table, lang: Lang) -> (String, String) {
    match error {
        ErrorKind::OptionTwice(option) => (texts.talk_option_twice(&harmless(option)), texts.talk_second().into()),
        ErrorKind::UnknownOption { option, near } => {
            (texts.talk_unknown_option(&harmless(option)), near_or(*near, texts.talk_not_known(), texts))
        }
        ErrorKind::BadSocketOption { value, form } => {
            (texts.talk_bad_value(&harmless(value)), socket_option_form(*form, lang))
        }
        ErrorKind::UnsetName { name, near } => {
            (texts.talk_unset_name(&harmless(name)), near_or(near.as_deref(), texts.talk_set_it(), texts))
        }
        ErrorKind::UnknownFunction { name, near } => {
            (texts.talk_unknown_function(&harmless(name)), near_or(*near, texts.talk_not_known(), texts))
        }
        ErrorKind::Arguments { function, given, least, most } => {
            (texts.talk_arguments(&harmless(function), *given), texts.talk_takes(*least, *most))
        }
        ErrorKind::UnknownSession { name, near } => {
            (texts.talk_unknown_session(&harmless(name)), near_or(near.as_deref(), texts.talk_not_known(), texts))
        }
        ErrorKind::WhichSession { first } => {
            (texts.talk_which_session().into(), texts.talk_name_session(&harmless(first)))
        }
        ErrorKind::UnnamedSession => (texts.talk_unnamed_session().into(), texts.talk_name_it().into()),
        ErrorKind::Duplicate { what, name, .. } => {
            (texts.talk_duplicate(things(*what, texts), &harmless(name)), texts.talk_second().into())
        }
        ErrorKind::LineEndTwice { rule } => {
            (texts.talk_line_end_twice(&harmless(rule)), texts.talk_remove_line_end().into())
        }
        ErrorKind::DoesNotFit { value, form } => {
            (texts.talk_does_not_fit(&harmless(value), &harmless(form)), texts.talk_wider_type().into())
        }
        ErrorKind::WrongKind { found, expected } => {
            (texts.talk_wrong_kind(kind(*found, texts)), texts.talk_expected(kind(*expected, texts)))
        }
        ErrorKind::BadRule(error) => (rule_error(error, lang), String::new()),
        ErrorKind::BadGroup(error) => (texts.talk_bad_address(&group_error(error, lang)), String::new()),
        ErrorKind::BadAddress(error) => (texts.talk_bad_address(&endpoint_error(error, lang)), String::new()),
        ErrorKind::UnknownEncoding(name) => (texts.talk_bad_encoding(&harmless(name)), texts.talk_not_known().into()),
        ErrorKind::NotInRule(word) => (texts.talk_not_in_rule(&harmless(word)), texts.talk_rules_answer().into()),
        ErrorKind::RuleNeedsFrame => (texts.talk_rule_needs_frame().into(), texts.talk_frame_record().into()),
        ErrorKind::InUsed { file, error } => {
            (in_used(file, error.span, &talk_sentence(&error.kind, lang)), String::new())
        }
        ErrorKind::TransferSession { word, role } => (texts.talk_transfer_session(word, role), String::new()),
        ErrorKind::OutsideOfSteps(word) => (texts.talk_outside_of_steps(word), String::new()),
        ErrorKind::MayNotStore(word) => (texts.talk_may_not_store(word), texts.talk_allow_storing().into()),
        ErrorKind::UsesItself(path) => (texts.talk_uses_itself(&harmless(path)), texts.talk_remove().into()),
        ErrorKind::TooManyFiles(most) => (texts.talk_too_many_files(*most), String::new()),
        ErrorKind::Fault(fault) => (talk_fault(fault, lang), String::new()),
        ErrorKind::Excludes { one, other } => (texts.talk_excludes(one, other), texts.talk_remove().into()),
        // Every other kind has its sentence above.
        other => (harmless(&format!("{other:?}")), String::new()),
    }
}

fn near_or(near: Option<&str>, otherwise: &str, texts: &dyn Table) -> String {
    near.map_or_else(|| otherwise.to_owned(), |near| texts.talk_did_you_mean(&harmless(near)))
}

/// What was read.
fn read(found: &Found, texts: &dyn Table) -> String {
    match found {
        Found::Text(text) => format!("`{}`", harmless(text)),
        Found::EndOfLine => texts.talk_end_of_line().to_owned(),
        Found::EndOfFile => texts.talk_end_of_file().to_owned(),
    }
}

/// What is meant.
fn meant(expected: Expected, texts: &dyn Table) -> String {
    let words = match expected {
        Expected::OneOf(words) => return one_of(words, texts),
        Expected::Name => texts.talk_name(),
        Expected::Text => texts.talk_text(),
        Expected::Time => texts.talk_time(),
        Expected::Whole => texts.talk_whole(),
        Expected::Value => texts.talk_value(),
        Expected::Item => texts.talk_item(),
        Expected::Pattern => texts.talk_pattern(),
        Expected::Word => texts.talk_word(),
        Expected::Address => texts.talk_address(),
        Expected::Type => texts.talk_type(),
        Expected::Format => texts.talk_format(),
        Expected::Reading => texts.talk_reading(),
        Expected::Statement => texts.talk_statement(),
        Expected::EndOfStatement => texts.talk_end_of_statement(),
    };
    words.to_owned()
}

fn one_of(words: &[&str], texts: &dyn Table) -> String {
    let mut list = String::new();
    for (at, word) in words.iter().enumerate() {
        if at > 0 {
            list.push_str(if at + 1 == words.len() { texts.talk_or() } else { ", " });
        }
        list.push_str(&format!("`{word}`"));
    }
    list
}

fn things(what: Named, texts: &dyn Table) -> &'static str {
    match what {
        Named::Var => texts.talk_vars(),
        Named::Session => texts.talk_sessions(),
        Named::Rule => texts.talk_rules(),
        Named::Part => texts.talk_parts(),
        Named::File => texts.talk_files(),
        Named::Parameter => texts.talk_parameters(),
    }
}

fn kind(kind: ValueKind, texts: &dyn Table) -> &'static str {
    match kind {
        ValueKind::Number => texts.talk_a_number(),
        ValueKind::Text => texts.talk_a_text(),
        ValueKind::Truth => texts.talk_a_truth(),
        ValueKind::Bytes => texts.talk_some_bytes(),
    }
}
