//! Dumps as programs write them, and plain hex that resembles them.

use super::*;
use proptest::prelude::*;
use std::fmt::Write as _;

const HELLO: &[u8] = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n";

#[test]
fn dumps_of_programs_are_read() {
    for (program, dump) in [
        (
            "xxd",
            "00000000: 4745 5420 2f20 4854 5450 2f31 2e31 0d0a  GET / HTTP/1.1..\n\
                 00000010: 486f 7374 3a20 610d 0a0d 0a              Host: a....\n",
        ),
        (
            "xxd -g1 -u",
            "00000000: 47 45 54 20 2F 20 48 54 54 50 2F 31 2E 31 0D 0A  GET / HTTP/1.1..\n\
                        00000010: 48 6F 73 74 3A 20 61 0D 0A 0D 0A                 Host: a....\n",
        ),
        (
            "hexdump -C",
            "00000000  47 45 54 20 2f 20 48 54  54 50 2f 31 2e 31 0d 0a  |GET / HTTP/1.1..|\r\n\
                        00000010  48 6f 73 74 3a 20 61 0d  0a 0d 0a                 |Host: a....|\r\n0000001b\r\n",
        ),
        (
            "hexdump",
            "0000000 4547 2054 202f 5448 5054 312f 312e 0a0d\n0000010 6f48 7473 203a 0d61 0d0a 000a\n000001b\n",
        ),
        ("od -x", "0000000 4547 2054 202f 5448 5054 312f 312e 0a0d\n0000020 6f48 7473 203a 0d61 0d0a 000a\n0000033\n"),
        (
            "od -t x1",
            "0000000 47 45 54 20 2f 20 48 54 54 50 2f 31 2e 31 0d 0a\n\
                      0000020 48 6f 73 74 3a 20 61 0d 0a 0d 0a\n0000033\n",
        ),
        (
            "od -A d -t x1",
            "0000000 47 45 54 20 2f 20 48 54 54 50 2f 31 2e 31 0d 0a\n\
                           0000016 48 6f 73 74 3a 20 61 0d 0a 0d 0a\n0000027\n",
        ),
        (
            "od -A x -t x1z",
            "000000 47 45 54 20 2f 20 48 54 54 50 2f 31 2e 31 0d 0a  >GET / HTTP/1.1..<\n\
                            000010 48 6f 73 74 3a 20 61 0d 0a 0d 0a                 >Host: a....<\n00001b\n",
        ),
        (
            "Wireshark",
            "0000   47 45 54 20 2f 20 48 54 54 50 2f 31 2e 31 0d 0a   GET / HTTP/1.1..\n\
                       0010   48 6f 73 74 3a 20 61 0d 0a 0d 0a                  Host: a....\n",
        ),
        (
            "Wireshark 2",
            "0000  47 45 54 20 2f 20 48 54  54 50 2f 31 2e 31 0d 0a   GET / HT TP/1.1..\n\
                         0010  48 6f 73 74 3a 20 61 0d  0a 0d 0a                  Host: a. ...\n",
        ),
        (
            "Wireshark, bytes alone",
            "0000   47 45 54 20 2f 20 48 54 54 50 2f 31 2e 31 0d 0a\n\
                                    0010   48 6f 73 74 3a 20 61 0d 0a 0d 0a\n",
        ),
        (
            "tcpdump -X",
            "\t0x0000:  4745 5420 2f20 4854 5450 2f31 2e31 0d0a  GET./.HTTP/1.1..\n\
                        \t0x0010:  486f 7374 3a20 610d 0a0d 0a              Host:.a....\n",
        ),
        ("tcpdump -x", "\t0x0000:  4745 5420 2f20 4854 5450 2f31 2e31 0d0a\n\t0x0010:  486f 7374 3a20 610d 0a0d 0a\n"),
        (
            "copied from the middle",
            "0040   47 45 54 20 2f 20 48 54 54 50 2f 31 2e 31 0d 0a   GET / HTTP/1.1..\n\
                                   0050   48 6f 73 74 3a 20 61 0d 0a 0d 0a                  Host: a....\n",
        ),
    ] {
        let typed = parse(dump).expect(program);
        assert_eq!(typed.bytes, HELLO, "{program}");
        assert!(typed.is_dump, "{program}");
    }
}

#[test]
fn one_line_is_a_dump_if_its_text_says_so() {
    for (line, bytes) in [
        ("00000000: 3131 11                                  11.", &b"11\x11"[..]),
        ("00000000: 3131                                     11", b"11"),
        ("0000   31   1", b"1"),
        ("0000  48 69  Hi", b"Hi"),
        ("0000   20 48 69    Hi", b" Hi"),
        ("0000  31 32 33 34  1234", b"1234"),
        ("00000000  48 69  |Hi|", b"Hi"),
        ("00000000  48 69  |Hi|\n00000002", b"Hi"),
        ("0000000 48 69\n0000002\n", b"Hi"),
    ] {
        assert_eq!(dump(line).as_deref(), Some(bytes), "{line}");
    }
}

#[test]
fn repeated_lines_are_written_out() {
    let zeros = "00000000  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|\n*\n00000030  01  |.|\n00000031\n";
    assert_eq!(dump(zeros), Some([vec![0; 48], vec![1]].concat()));
    let to_the_end = "0000000 0000 0000 0000 0000 0000 0000 0000 0000\n*\n0000100\n";
    assert_eq!(dump(to_the_end), Some(vec![0; 256]));
    for wrong in [
        zeros.replace("00000030  01  |.|\n00000031\n", ""),
        zeros.replace("00000030", "00000031"),
        zeros.replace("00000030", "fffffff0").replace("00000031", "fffffff1"),
        zeros.replace("*\n", "*\n*\n"),
        "*\n00000010\n".to_owned(),
    ] {
        assert_eq!(dump(&wrong), None, "{wrong}");
    }
}

#[test]
fn plain_hex_is_no_dump() {
    for text in [
        "",
        "*",
        "0000",
        "00000000",
        "0000 4854",
        "0000 4854 5450",
        "0000 4854\n0002 5450",
        "0000 48 54 54 50\n0004 48 54",
        "0001 0000 0006 01 03 00 00 00 0A\n0002 0000 0006 01 03 00 00 00 0A",
        "0000: 48 54",
        "00:1A:2b:3c",
        "0001: 48 54\n0002: 48 54",
        "48656c6c 6f20776f\n726c6400 11223344",
        "0000 31 31",
        "0000 31  1",
        "0000  31  1",
        "0000 31 32\n\n0000 33 34",
        "0000 4854 5450 2f31 2e31\n0008 4854 5450 2f31 2e31",
        "DEAD BEEF  DEAD\nDEAF BEEF",
        "0000 31 32 33 34 35 36 37 38\n0010 31 32 33 34 35 36 37 38",
        "0000 31 32 33 34 35 36 37 38 39\n0008 31 32 33 34 35 36 37 38",
    ] {
        assert_eq!(dump(text), None, "{text}");
        let typed = hex::parse(text).map(|bytes| Typed { bytes, is_dump: false });
        assert_eq!(parse(text), typed, "{text}");
    }
}

#[test]
fn a_dump_that_contradicts_itself_is_none() {
    for text in [
        "0000   31 32 33 34 35 36 37 38   12345678\n0008   31 32 33 34   1235\n",
        "0000   31 32 33 34 35 36 37 38   12345679\n0008   31 32 33 34   1234\n",
        "0000   31 32 33 34 35 36 37   1234567\n0008   31 32 33 34   1234\n",
        "0000   31 32 33 34 35 36 37 38   12345678\n0008:   31 32 33 34   1234\n",
        "0000   31 32 33 34 35 36 37 38   12345678\n00000008   31 32 33 34   1234\n",
        "0000   31 32 33 34 35 36 37 38   12345678\nhello\n0008   31 32 33 34   1234\n",
        "ffffffffffffffff: 31\n0000000000000000: 31",
    ] {
        assert_eq!(dump(text), None, "{text}");
    }
}

#[test]
fn a_column_in_another_encoding_is_left_out() {
    let lines = "0000   d6 d0 b9 fa d6 d0 b9 fa   中国中国\n0008   d6 d0   中\n";
    assert_eq!(dump(lines).as_deref(), Some(&[0xD6, 0xD0, 0xB9, 0xFA, 0xD6, 0xD0, 0xB9, 0xFA, 0xD6, 0xD0][..]));
}

/// A program's format of a dump.
#[derive(Clone, Copy, Debug)]
struct Form {
    mark: &'static str,
    digits: usize,
    octal: bool,
    colon: &'static str,
    /// Bytes per group.
    group: usize,
    swaps: bool,
    /// More space in the middle of a line.
    middle: bool,
    text: Option<(&'static str, &'static str)>,
    /// Count of spaces before the text.
    gap: usize,
    ends_with_offset: bool,
}

const PLAIN: Form = Form {
    mark: "",
    digits: 8,
    octal: false,
    colon: " ",
    group: 1,
    swaps: false,
    middle: false,
    text: Some(("", "")),
    gap: 2,
    ends_with_offset: false,
};

const FORMS: [Form; 11] = [
    Form { colon: ":", group: 2, ..PLAIN },
    Form { colon: ":", ..PLAIN },
    Form { colon: ":", group: 4, ..PLAIN },
    Form { middle: true, text: Some(("|", "|")), ends_with_offset: true, ..PLAIN },
    Form { digits: 4, colon: "  ", gap: 3, ..PLAIN },
    Form { digits: 4, colon: "  ", text: None, ..PLAIN },
    Form { mark: "\t0x", digits: 4, colon: ": ", group: 2, ..PLAIN },
    Form { digits: 7, colon: "", text: None, ends_with_offset: true, ..PLAIN },
    Form { digits: 7, colon: "", octal: true, text: None, ends_with_offset: true, ..PLAIN },
    Form { digits: 6, colon: "", text: Some((">", "<")), ends_with_offset: true, ..PLAIN },
    Form { digits: 7, colon: "", group: 2, swaps: true, text: None, ends_with_offset: true, ..PLAIN },
];

fn written(bytes: &[u8], start: usize, form: Form) -> String {
    let Form { mark, digits, octal, colon, .. } = form;
    let mut dump = String::new();
    let offset = |at: usize| {
        let at = start + at;
        let number = if octal { format!("{at:0digits$o}") } else { format!("{at:0digits$x}") };
        format!("{mark}{number}")
    };
    for (index, row) in bytes.chunks(16).enumerate() {
        let mut line = format!("{}{colon}", offset(index * 16));
        for (at, group) in row.chunks(form.group).enumerate() {
            let between = if form.middle && at * form.group == 8 { "  " } else { " " };
            let mut group = group.to_vec();
            if form.swaps {
                group.resize(form.group, 0);
                group.reverse();
            }
            line.push_str(between);
            line.push_str(&hex::lower(&group));
        }
        if let Some((start, end)) = form.text {
            let width = digits + mark.len() + colon.len() + 32 + 16 / form.group + usize::from(form.middle);
            let shown = |byte: &u8| if (0x20..0x7F).contains(byte) { char::from(*byte) } else { '.' };
            let text: String = row.iter().map(shown).collect();
            write!(line, "{:gap$}{start}{text}{end}", "", gap = width.saturating_sub(line.len()) + form.gap).unwrap();
        }
        dump.push_str(line.trim_end_matches(' '));
        dump.push('\n');
    }
    if form.ends_with_offset {
        writeln!(dump, "{}", offset(bytes.len())).unwrap();
    }
    dump
}

/// Bytes that are often text and digits.
fn payload() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![any::<u8>(), 0x20_u8..0x7F, 0x30_u8..0x3A, Just(b' '), Just(0_u8)];
    prop::collection::vec(byte, 1..100)
}

proptest! {
    #[test]
    fn a_dump_in_any_form_is_read_back(
        bytes in payload(),
        rows in 0_usize..40,
        form in prop::sample::select(&FORMS[..]),
    ) {
        // With nothing but offsets, a single line is plain hex.
        prop_assume!(form.text.is_some() || form.ends_with_offset || bytes.len() > 16);
        let dump = written(&bytes, rows * 16, form);
        // A text column of spaces is lost, and with it what identifies a single line as a dump.
        let is_blank = bytes.iter().all(|byte| *byte == b' ') && !form.ends_with_offset;
        prop_assume!(!is_blank || bytes.len() > 16);
        prop_assert_eq!(super::dump(&dump), Some(bytes), "{}", dump);
    }

    #[test]
    fn plain_hex_stays_as_it_is(bytes in payload(), width in 1_usize..40, form in 0..4, group in 1_usize..5) {
        let line = |row: &[u8]| match form {
            0 => hex::spaced_upper(row),
            1 => hex::lower(row),
            2 => row.chunks(group).map(hex::lower).collect::<Vec<_>>().join(" "),
            _ => row.chunks(group).map(hex::lower).collect::<Vec<_>>().join("  "),
        };
        let text = bytes.chunks(width).map(line).collect::<Vec<_>>().join("\n");
        prop_assert_eq!(parse(&text), Ok(Typed { bytes, is_dump: false }), "{}", text);
    }

    #[test]
    fn any_text_is_read_or_refused(text in "([0-9a-f]{4} ( [0-9a-f]{2}){0,5}( {2}.{0,3})?\n|\\*\n|\\PC{0,9}\n){0,4}") {
        let found = dump(&text);
        prop_assert!(found.is_none_or(|bytes| bytes.len() <= REPEATED_BYTES_MAX + text.len()));
    }
}
