//! Every text that a user reads, in all languages, and the sentences about values of `model`, `codec` and `capture`.
//!
//! `texts` declares the texts, one trait for each topic. `lang` holds one table for each language, which implements all traits; a
//! missing text or argument does not compile. The other files here, `gui` and `cli` select texts from the tables and fill in values.
//! They never name a language.

mod cast;
mod cause;
#[cfg(test)]
mod chinese;
mod damage;
mod elapsed;
mod error;
mod event;
mod export;
mod facts;
mod import;
mod input;
mod lang;
mod options;
mod reply_trace;
mod rows;
mod runs;
mod size;
mod system_code;
mod talk;
mod texts;
mod tls;
mod transfer;
mod websocket;
mod when;
mod wrap;

pub use cast::group_error;
pub use cause::Cause;
pub use damage::damage_note;
pub use elapsed::{since, since_short};
pub use error::{error_brief, error_cause, error_parts, error_sentence};
pub use event::{close_reason, event_sentence, first_heard_sentence, send_cancelled, session_state, size_of, wait};
pub use export::{
    files_left_unread, made_up_headers, missing_sentence, read_error, read_error_in_full, record_sentence,
};
pub use facts::{Fact, facts_rows, time};
pub use import::{import_error, imported};
pub use input::{
    encode_error, endpoint_error, endpoint_error_brief, escape_error, hex_error, hexdump_sentence, pattern_error,
    rule_error,
};
pub use lang::Lang;
pub use options::{socket_option_form, socket_option_list_error};
pub use reply_trace::why_not;
pub use rows::{
    check_sentence, check_sentence_with_numbers, empty_datagram, evicted_sentence, file_sent, frame_note,
    frames_given_up, sender, swept_sentence,
};
pub use runs::{hex_byte, problem_sentence};
pub use size::{counted, grouped, parse_size, size};
pub use talk::{TalkPlace, talk_error, talk_fault, talk_place, talk_report, talk_sentence, template_error};
pub use texts::{ChoiceWords, FieldWords, HelpTexts, KindWords, Named, Table, Text, group};
pub use tls::{certificate_date, fingerprint};
pub use transfer::{transfer_error, transfer_failed};
pub use websocket::message_form;
pub use when::{when, when_short};
pub use wrap::{Composition, build_error, composition, wrap_error, wrap_summary};

use crate::codec::safe::is_hidden;

/// Text from outside (a path, a name, a message of the system) made safe for a sentence: control, invisible and direction
/// characters are escaped, and a long text is cut.
#[must_use]
pub fn harmless(text: &str) -> String {
    const LONGEST: usize = 300;
    let mut shown = String::with_capacity(text.len());
    for (count, c) in text.chars().enumerate() {
        if count == LONGEST {
            shown.push('…');
            break;
        }
        if is_hidden(c) {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_from_outside_cannot_disturb_a_sentence() {
        assert_eq!(harmless("a\u{1b}[31m\n\u{202E}你"), "a\\u{1b}[31m\\n\\u{202e}你");
        assert_eq!(harmless(&"x".repeat(10_000)).chars().count(), 301);
    }
}
