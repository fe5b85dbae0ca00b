//! The help of the command line, in English.

use super::En;
use crate::words::texts::{Help, HelpTexts, group};

impl Help for En {
    fn help(&self) -> &'static HelpTexts {
        &TEXTS
    }
}

const TEXTS: HelpTexts = HelpTexts {
    usage: "Usage: ",
    commands_heading: "Commands",
    options_word: "[OPTIONS]",
    command_word: "[COMMAND]",
    after: "Exit codes: 0 done as asked; 1 failed or a condition is unmet; 2 wrong usage. Durations need a unit: 250ms 2s 1m 1h.",
    groups: &[
        (group::WHERE, "Arguments"),
        (group::ALL, "All commands"),
        (group::WINDOW, "Window"),
        (group::SHOW, "Show"),
        (group::SEND, "Send"),
        (group::ANSWER, "Answer (one of them)"),
        (group::END, "End"),
        (group::FILES, "Files"),
        (group::TRANSFER, "File transfers and remote commands (TCP)"),
        (group::SOCKET, "Socket"),
    ],
    commands: &[
        ("wirebench", "Network debugging assistant: TCP and UDP sessions with every byte kept on disk"),
        ("gui", "Open the window (what happens without a command)"),
        ("listen", "Accept TCP clients, or bind a UDP socket, and show what comes in"),
        ("connect", "Connect to a TCP server, or talk to a UDP address"),
        ("captures", "List, show, search, export, import and delete the captures of earlier runs"),
        ("encodings", "List the character encodings and their other names"),
        ("checks", "List the checksums for --verify and checks of rules, with their other names"),
        ("rules", "List the framing rules and presets for --frame"),
        ("list", "List the captures, newest first"),
        ("show", "Print the traffic of a capture"),
        (
            "search",
            "Find bytes in a capture, within each TCP stream (across records) and each datagram; exit code 1: nothing found",
        ),
        ("export", "Write a capture to a file, as bytes or in a form that other programs read"),
        ("import", "Read a NetAssist log into a new capture"),
        ("delete", "Delete captures nobody writes"),
    ],
    options: &[
        (
            "endpoint",
            "tcp://HOST:PORT or udp://HOST:PORT; HOST:PORT alone is tcp, IPv6 addresses in brackets, port 0 = any free port",
        ),
        ("connect endpoint", "tcp://HOST:PORT or udp://HOST:PORT; HOST:PORT alone is tcp, IPv6 addresses in brackets"),
        ("id", "Name in the list, its unique beginning, or \"last\""),
        ("ids", "Names in the list, their unique beginnings, or \"last\""),
        ("path", "The log file"),
        ("data_dir", "Keep captures and settings in DIR instead of the platform's folders"),
        ("lang", "Language: zh-CN or en (default: the system's)"),
        (
            "follow_files",
            "Read the files that were sent and not kept from where the capture says that they lie, also of a capture that was not written on this machine (show, export, search)",
        ),
        ("capture_limit", "Disk space of one capture, e.g. 512M or 4GiB (the default); the oldest traffic goes first"),
        (
            "keep_files",
            "Keep the content of sent files up to SIZE in the capture, at most 1GiB (default: the settings, at first 4MiB); of larger ones the path is kept",
        ),
        (
            "keep_for",
            "Delete captures that ended longer ago, e.g. 30d or 12h, or keep them forever (default: the settings, at first 7d)",
        ),
        ("help", "Print this help"),
        ("version", "Print the version"),
        ("listen", "Open a session in the window that listens on ENDPOINT; repeatable"),
        ("connect", "Open a session in the window that connects to ENDPOINT; repeatable"),
        ("demo", "Show the built-in demonstration"),
        ("size", "Window size in points, e.g. 1280x800"),
        ("theme", "light or dark (default: the settings, then the system's)"),
        ("show", "text (default), hex, dump or none"),
        ("encoding", "Encoding of text, shown and sent: UTF-8 (default), GBK, GB18030, Big5, Shift_JIS, UTF-16LE, …"),
        (
            "export encoding",
            "Encoding of text in {forms of text}: UTF-8 (default), GBK, GB18030, Big5, Shift_JIS, UTF-16LE, …",
        ),
        ("search encoding", "Encoding of --text: UTF-8 (default), GBK, GB18030, Big5, Shift_JIS, UTF-16LE, …"),
        (
            "format",
            "{forms}. In csv, hex has 0x before it, and text that a spreadsheet would take for a formula (= + - @), a number or a date an apostrophe",
        ),
        ("json", "Print one JSON object a line"),
        (
            "frame",
            "Show frames instead of records, cut by RULE: line, delim:0D0A, fixed:8, len:size=4,endian=little, gap:20ms, …; presets: {presets} (`wirebench rules`, docs/FRAMING.md)",
        ),
        (
            "verify",
            "Verify a checksum in each frame (without --frame: in each record), e.g. CRC-16/MODBUS or xor-8:from=1. Of a bad one --json has the values as numbers (computed, found) and in the byte order of the frame (computed_wire, found_wire)",
        ),
        (
            "filter",
            "Only records (with --frame: frames) for which all of this holds: dir=received, peer=IP[:PORT], kind=data|event|problem|bad|junk, len=8..64, since=TIME, until=TIME, text='…', hex='01 ??', regex='…' (with not, nocase), e.g. \"dir=sent,len=8..,text='ok'\"",
        ),
        ("from", "Number of the first record to print; with --frame, of the first whose frames are"),
        ("export from", "Number of the first record"),
        ("count", "How many rounds of the list of sends"),
        (
            "show count",
            "How many data records (with --frame: frames, and pieces of junk between them) to print at most; events between them do not count",
        ),
        (
            "export count",
            "How many data records (with --frame: frames, and pieces of junk between them) at most; events between them do not count",
        ),
        ("search count", "Print only how many there are"),
        (
            "direction",
            "received (default), sent or both (default of --json); both is printed as lines marked <- and ->",
        ),
        ("export direction", "received (default of raw), sent or both (default of the other forms; not for log)"),
        ("search direction", "received, sent or both (default)"),
        ("send", "Send TEXT; the sending options may be repeated and mixed, and go in the order given"),
        ("send_hex", "Send bytes given as hex, e.g. \"01 03 00 0A\", or as a hexdump"),
        (
            "send_file",
            "Send the content of a file, a pipe or a device, read to its end; over UDP a file is one datagram (at most 65507 bytes). Of a file larger than --keep-files the capture has only the path",
        ),
        (
            "stdin",
            "Send standard input; a file or pipe is sent to its end even after the peer has closed its side. Over UDP, each read is one datagram (at most 65507 bytes)",
        ),
        ("datagram_size", "UDP: cut what --send-file and --stdin send into datagrams of N bytes, 1 to 65507"),
        ("escape", "Understand escapes (\\n \\r \\t \\xNN \\u{…}) in --send, --reply, --expect and --expect-not"),
        (
            "append",
            "Put CHECK, e.g. CRC-16/MODBUS, xor-8:form=hex, behind each payload of --send, --send-hex, --reply and --reply-hex; may be repeated, and each check covers the ones before it",
        ),
        (
            "wrap",
            "Make each of these payloads a frame of RULE, e.g. modbus-tcp, line, len:size=2,endian=big+CRC-16/MODBUS: length, markers, escapes, line end and check are added. Other bytes of a header are 00",
        ),
        ("chunk", "TCP: send --send-file and --stdin in pieces of SIZE, each a write of its own, e.g. 1400 or 64K"),
        ("pause", "Wait between the pieces of --send-file and --stdin, e.g. 20ms"),
        (
            "rate",
            "Send --send-file and --stdin at most at SIZE a second on average, e.g. 100K; where pieces are given by --chunk, in these",
        ),
        ("every", "Repeat the list of sends, from start to start, e.g. 250ms or 2s"),
        (
            "echo",
            "Answer each frame of --frame (without it: each read of a TCP stream, each datagram) with the same bytes; also bytes that fit no frame, in order",
        ),
        (
            "reply",
            "Answer each frame with TEXT and nothing added; a frame with a wrong check and bytes that fit no frame get no answer",
        ),
        ("reply_hex", "Answer each frame with bytes given as hex, likewise"),
        ("reply_upper", "Answer each frame with the same bytes, a–z as A–Z, likewise"),
        ("talk", "Answer by the rules (on …) of a talk file; --frame and --encoding replace those of its session"),
        ("run_for", "End after this time"),
        ("until_bytes", "End when N bytes were received from all peers together"),
        ("until_frames", "End when N frames were received from all peers together (needs --frame)"),
        ("until_closed", "End when all peers are gone after the first came (TCP)"),
        (
            "expect",
            "End when TEXT was received within one TCP stream or one datagram, with --frame within one frame; repeatable: all of them",
        ),
        ("expect_hex", "The same for bytes given as hex"),
        (
            "expect_regex",
            "The same for a regular expression on bytes, e.g. \"^OK \\d+$\": with --frame ^ and $ are the ends of a frame's payload, without it those of the stream or datagram; matches of up to 16 KiB",
        ),
        ("expect_not", "End at once with exit code 1 when TEXT is received; repeatable"),
        ("expect_not_hex", "The same for bytes given as hex"),
        (
            "fail_on_bad",
            "End at once with exit code 1 when a received frame has a bad check (needs a check in --frame, or --verify)",
        ),
        (
            "timeout",
            "Give up with exit code 1 when --until-… or --expect… is not met in this time, or no connection comes about (default 10s). connect udp://…: how long answers to what was sent are waited for, where nothing else ends the run (default 1s); none is no failure",
        ),
        ("save", "Write the received bytes to a file (an old one is replaced)"),
        ("log", "Append a log of everything that happens, with times, to a file"),
        (
            "get",
            "Ask the server for a file by its name, verify its MD5 and store it in the folder of --receive-files; repeatable; names are sent in --encoding (protocols: docs/TRANSFERS.md)",
        ),
        ("put", "Upload a file with its MD5; the server answers OK, then 203 or 204"),
        ("plain_json", "--put sends its JSON without a length; the server answers 200, and nothing verifies the bytes"),
        (
            "serve_files",
            "Send files of the folder DIR and of folders below it to clients that ask by name; links are not followed",
        ),
        ("receive_files", "Store uploads in the folder DIR, with MD5 or plain JSON; existing names are refused"),
        ("connect receive_files", "The folder for the files of --get; existing names are refused"),
        ("overwrite", "A file that was received completely replaces one of the same name in --receive-files"),
        (
            "commands",
            "Send each line of standard input as a command and print its answer, decoded by --encoding: a length, then the output; FORM of the length: length (4 bytes) or decimal",
        ),
        (
            "serve_commands",
            "Run what clients send in the shell of this computer, with your rights, and answer with the output; only on a loopback address. FORM: length or decimal",
        ),
        ("text", "Find TEXT"),
        ("ignore_case", "--text in upper or lower case alike"),
        ("hex", "Find bytes given as hex; ? stands for any digit: \"01 ?? 4?\""),
        ("regex", "Find a regular expression on bytes, e.g. \"\\x02[^\\x03]+\\x03\"; matches of up to 16 KiB"),
        ("out", "The file (an old one is replaced); without it the bytes go to standard output"),
        ("peer", "Only what this peer sent, or was sent; IP alone: all peers with this address"),
        ("export peer", "Only what this peer sent, or was sent; IP alone: all peers with this address (not for log)"),
        ("bind", "Local address, and perhaps port, to connect from"),
        (
            "reconnect",
            "TCP: connect again after FIRST when there is no connection or it is lost, e.g. 1s..30s; the wait doubles up to LONGEST. The run ends by an end option, a signal or --tries; each connection gets the sends",
        ),
        (
            "tries",
            "Give up with exit code 1 after N attempts in a row without a connection (with --reconnect; default: never)",
        ),
        ("no_shutdown", "Keep our side open after all is sent (connect)"),
        ("keep_half_open", "Keep our side open after the peer has closed its own"),
    ],
    forms: &[("raw", "bytes, the default"), ("log", "text"), ("hexdump", "for text2pcap"), ("pcapng", "for Wireshark")],
    form_of_file: "{name} ({note})",
    either: (", ", " or "),
    all: (", ", " and "),
};
