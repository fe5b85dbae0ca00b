//! Why a reply rule does not act on a frame.

use super::runs::mismatch;
use super::{Lang, talk_fault};
use crate::talk::pattern::Because;
use crate::talk::rules::WhyNot;

/// Why a rule does not act on a frame, as a sentence.
#[must_use]
pub fn why_not(why: &WhyNot, lang: Lang) -> String {
    let texts = lang.texts();
    match why {
        WhyNot::BadFrame => texts.trace_bad_frame().to_owned(),
        WhyNot::Peer => texts.trace_other_peer().to_owned(),
        WhyNot::Limit => texts.trace_limit().to_owned(),
        WhyNot::Fault(fault) => talk_fault(&fault.kind, lang),
        WhyNot::Pattern(why) => match why.because {
            Because::End => texts.trace_too_short(why.at),
            Because::TooLong => texts.trace_too_long(why.at),
            Because::Check => texts.trace_check(why.at + 1),
            Because::NoDigits => texts.trace_no_digits(why.at + 1),
            Because::Condition => texts.trace_condition().to_owned(),
            Because::Regex => texts.trace_regex().to_owned(),
            Because::Differs => mismatch(why, lang).unwrap_or_default(),
        },
    }
}
