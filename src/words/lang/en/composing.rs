//! The composer, in English.

use super::En;
use crate::words::{counted, grouped};

texts! { Composing for En;

    wrap_none: "None";
    length_field_head(bytes: usize) => "{bytes}B length";
    too_long_for_length(len: u64, bytes: usize, most: u64) => "Length {} does not fit: a length field of {bytes} bytes holds at most {}", grouped(len), grouped(most);
    own_bytes_too_long(most: usize) => "At most {most} bytes";
    head_size(is_length: bool, bytes: usize) -> String {
        if is_length { format!("length {bytes}") } else { format!("head {bytes}") }
    }
    tail_size(bytes: usize) => "tail {bytes}";
    times_peers(peers: u64, bytes: u64) => ", × {} peers = {}", grouped(peers), counted(bytes, "byte");
    pin_message(is_pinned: bool, message: &str) -> String {
        if is_pinned { format!("Unpin {message}") } else { format!("Pin {message}") }
    }
    rounds_of(count: u64, all: u64) => "Sent {} of {}", grouped(count), grouped(all);
}
