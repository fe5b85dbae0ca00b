//! The canonical dump format of `hexdump -C` (util-linux hexdump(1)).

use std::fmt::Write;

const ROW_BYTES: usize = 16;

/// Formats `bytes` like `hexdump -C`: rows of 16, repeated rows as one `*`, the length at the end; nothing for empty input.
pub(super) fn dump(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() / ROW_BYTES * 79 + 96);
    let mut previous: Option<&[u8]> = None;
    let mut starred = false;
    for (index, row) in bytes.chunks(ROW_BYTES).enumerate() {
        if previous == Some(row) {
            if !starred {
                text.push_str("*\n");
            }
            starred = true;
            continue;
        }
        starred = false;
        previous = Some(row);
        push_row(&mut text, index * ROW_BYTES, row);
    }
    if !bytes.is_empty() {
        push(&mut text, format_args!("{:08x}\n", bytes.len()));
    }
    text
}

fn push_row(text: &mut String, offset: usize, row: &[u8]) {
    push(text, format_args!("{offset:08x}  "));
    for place in 0..ROW_BYTES {
        match row.get(place) {
            Some(byte) => push(text, format_args!("{byte:02x} ")),
            None => text.push_str("   "),
        }
        if place == 7 {
            text.push(' ');
        }
    }
    text.push_str(" |");
    text.extend(row.iter().map(|byte| if (0x20..0x7f).contains(byte) { char::from(*byte) } else { '.' }));
    text.push_str("|\n");
}

fn push(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    let written = text.write_fmt(arguments);
    debug_assert!(written.is_ok(), "a String accepts any text");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_of_hexdump() {
        assert_eq!(dump(b""), "");
        assert_eq!(
            dump(b"Hello\n"),
            "00000000  48 65 6c 6c 6f 0a                                 |Hello.|\n00000006\n"
        );
        assert_eq!(
            dump(&[0; 50]),
            "00000000  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|\n*\n\
             00000030  00 00                                             |..|\n00000032\n"
        );
        assert_eq!(
            dump(b"0123456789abcdef\x7f\xff"),
            "00000000  30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66  |0123456789abcdef|\n\
             00000010  7f ff                                             |..|\n00000012\n"
        );
    }
}
