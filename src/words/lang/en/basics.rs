//! Units, counts and punctuation, of which sentences are made, in English.

use super::En;
use crate::words::counted;

texts! { Basics for En;
    colon: ": ";
    comma: ", ";
    enumeration_comma: ", ";
    semicolon: "; ";
    bytes(count: u64) -> String { counted(count, "byte") }
    records(count: u64) -> String { counted(count, "record") }
    seconds(seconds: u64) => "{seconds} s";
    minutes(minutes: u64) => "{minutes} min";
    hours_and_minutes(hours: u64, minutes: u64) => "{hours} h {minutes} min";
}
