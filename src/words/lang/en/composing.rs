//! The composer, in English.

use super::En;
use crate::codec::framing::{BuildError, RuleKind};
use crate::codec::hex;
use crate::words::{counted, grouped};

texts! { Composing for En;

    wrap_none: "None";
    length_field_head(bytes: usize) => "{bytes}B length";
    too_long_for_length(len: u64, bytes: usize, most: u64) => "Length {} does not fit: a length field of {bytes} bytes holds at most {}", grouped(len), grouped(most);
    range_outside(len: usize) => "The range of the check is not within the {len} bytes it can cover";
    build_error(error: &BuildError) -> String {
        match error {
            BuildError::TooLong { len, most } => {
                format!("The frame has {}, more than the maximum of {}", counted(*len, "byte"), grouped(*most))
            }
            BuildError::LengthTooLarge { value } => format!("Length {} does not fit into the length field of the framing rule", grouped(*value)),
            BuildError::TooShort { missing } => format!("The content is {} too short for its length or check", counted(*missing, "byte")),
            BuildError::WrongLength { len, expected } => format!("The content has {}, but the framing rule needs {}", counted(*len, "byte"), grouped(*expected)),
            BuildError::Empty => "The content is empty, which the framing rule cannot send".to_owned(),
            BuildError::MarkerInside { bytes } => format!("The content contains {}, which the framing rule reserves", hex::spaced_upper(bytes)),
            BuildError::EndsWithCr => "The content ends with CR, which would belong to the line end".to_owned(),
            BuildError::LacksEnd { bytes } => format!("The content does not end with {}, which \"keep\" of the framing rule requires", hex::spaced_upper(bytes)),
            BuildError::NotJson => "The content is not exactly one JSON value without space around it".to_owned(),
            BuildError::OpenJson => "A JSON number, true, false or null has no end of its own; send an object, an array or a string".to_owned(),
            BuildError::NotHex => "The content is not pairs of hex digits, which the check requires".to_owned(),
            BuildError::ValueTooLarge => "The value of the check does not fit into the digits of the framing rule".to_owned(),
            BuildError::CoversItself => "The framing rule cannot be used to send: its check covers its own value".to_owned(),
            BuildError::ValuePlace => "The framing rule cannot be used to send: its check lies on a length, a marker or other fixed bytes".to_owned(),
            BuildError::NotFound { kind: RuleKind::Rtu } => "The content is not a Modbus RTU message of address, function code and data".to_owned(),
            BuildError::NotFound { kind } => format!("The rule \"{}\" would not split a frame with this content as one frame", kind.description().name),
        }
    }
    own_bytes_too_long(most: usize) => "At most {most} bytes";
    head_size(is_length: bool, bytes: usize) -> String {
        if is_length { format!("length {bytes}") } else { format!("header {bytes}") }
    }
    tail_size(bytes: usize) => "tail {bytes}";
    times_peers(peers: u64, bytes: u64) => ", × {} peers = {}", grouped(peers), counted(bytes, "byte");
    pin_message(is_pinned: bool, message: &str) -> String {
        if is_pinned { format!("Unpin {message}") } else { format!("Pin {message}") }
    }
    rounds_of(count: u64, all: u64) => "Sent {} of {}", grouped(count), grouped(all);

    // Variables
    variables: "Variables";
    turn_variables_off: "Turn variables off";
    use_variables: "Use variables";
    insert_variable: "Insert variable";
    variable_as_typed(field: &str) => "{field} is sent as typed";
    counter: "Counter";
    counter_padded: "Counter, 4 digits";
    counter_little: "Counter, low byte first";
    unix_seconds: "Unix time (s)";
    unix_milliseconds: "Unix time (ms)";
    date_and_time: "Date and time";
    random_number: "Random number";
    random_bytes: "Random bytes";
    random_uuid: "UUID";
    still_repeating_text(text: &str) => "Still repeating {text}";
    remove_check(name: &str) => "Remove {name}";
}
