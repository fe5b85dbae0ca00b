//! The composer, in English.

use super::En;
use crate::words::grouped;

texts! { Composing for En;

    wrap_none: "None";
    length_field_head(bytes: usize) => "{bytes}B length";
    too_long_for_length(len: u64, bytes: usize, most: u64) => "Length {} does not fit: a length field of {bytes} bytes holds at most {}", grouped(len), grouped(most);
}
