//! The arguments as strings, as clap sees them. What they mean is checked in [`super::plan`]; the doc comments here are the
//! English help, [`super::help`] has the Chinese one.

use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// Network debugging assistant: TCP and UDP sessions with every byte kept on disk
#[derive(Debug, Parser)]
#[command(name = "wirebench", version, disable_help_flag = true, disable_version_flag = true)]
#[command(disable_help_subcommand = true)]
pub(super) struct Arguments {
    #[command(flatten)]
    pub window: WindowArguments,
    #[command(flatten)]
    pub common: CommonArguments,
    /// Print the version
    #[arg(long, short = 'V', action = clap::ArgAction::Version)]
    version: Option<bool>,
    #[command(subcommand)]
    pub command: Option<CommandArguments>,
}

/// Options of every command.
#[derive(Debug, Args)]
pub(super) struct CommonArguments {
    /// Keep captures and settings in DIR instead of the platform's folders
    #[arg(long, value_name = "DIR", global = true)]
    pub data_dir: Option<PathBuf>,
    /// Language: zh-CN or en (default: the system's)
    #[arg(long, value_name = "LANG", global = true)]
    pub lang: Option<String>,
    /// Disk space of one capture, e.g. 512M or 4GiB (the default); the oldest traffic goes first
    #[arg(long, value_name = "SIZE", global = true)]
    pub capture_limit: Option<String>,
    /// Keep the content of sent files up to SIZE in the capture, at most 1GiB (default: the settings, at first 4MiB); of larger ones
    /// the path is kept
    #[arg(long, value_name = "SIZE", global = true)]
    pub keep_files: Option<String>,
    /// Delete captures that ended longer ago, e.g. 30d or 12h, or keep them forever (default: the settings, at first 7d)
    #[arg(long, value_name = "TIME", global = true)]
    pub keep_for: Option<String>,
    /// Print this help
    #[arg(long, short = 'h', action = clap::ArgAction::Help, global = true)]
    help: Option<bool>,
}

/// Options of the window.
#[derive(Debug, Default, Args)]
pub(super) struct WindowArguments {
    /// Open a session in the window that listens on ENDPOINT; repeatable
    #[arg(long, value_name = "ENDPOINT")]
    pub listen: Vec<String>,
    /// Open a session in the window that connects to ENDPOINT; repeatable
    #[arg(long, value_name = "ENDPOINT")]
    pub connect: Vec<String>,
    /// Show the built-in demonstration
    #[arg(long)]
    pub demo: bool,
    /// Window size in points, e.g. 1280x800
    #[arg(long, value_name = "WxH")]
    pub size: Option<String>,
    /// light or dark (default: the settings, then the system's)
    #[arg(long, value_name = "THEME")]
    pub theme: Option<String>,
}

impl WindowArguments {
    /// The first of these options that was given.
    pub fn first_given(&self) -> Option<&'static str> {
        let given = [
            (!self.listen.is_empty(), "--listen"),
            (!self.connect.is_empty(), "--connect"),
            (self.demo, "--demo"),
            (self.size.is_some(), "--size"),
            (self.theme.is_some(), "--theme"),
        ];
        given.into_iter().find_map(|(given, name)| given.then_some(name))
    }
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(super) enum CommandArguments {
    /// Open the window (what happens without a command)
    Gui(WindowArguments),
    /// Accept TCP clients, or bind a UDP socket, and show what comes in
    Listen(ListenArguments),
    /// Connect to a TCP server, or talk to a UDP address
    Connect(ConnectArguments),
    /// List, show, search, export, import and delete the captures of earlier runs
    Captures {
        /// Read the files that were sent and not kept from where the capture says that they lie, also of a capture that was not
        /// written on this machine (show, export, search)
        #[arg(long, global = true)]
        follow_files: bool,
        #[command(subcommand)]
        command: CapturesArguments,
    },
    /// List the character encodings and their other names
    Encodings(CatalogueArguments),
    /// List the checksums for --verify and checks of rules, with their other names
    Checks(CatalogueArguments),
    /// List the framing rules and presets for --frame
    Rules(CatalogueArguments),
}

/// `wirebench encodings`, `checks`, `rules`.
#[derive(Debug, Args)]
pub(super) struct CatalogueArguments {
    /// Print one JSON object a line
    #[arg(long)]
    pub json: bool,
}

/// `wirebench listen`.
#[derive(Debug, Args)]
pub(super) struct ListenArguments {
    /// tcp://HOST:PORT or udp://HOST:PORT; HOST:PORT alone is tcp, [v6] stands in brackets, port 0 = any free port
    #[arg(value_name = "ENDPOINT")]
    pub endpoint: String,
    #[command(flatten)]
    pub session: SessionArguments,
}

/// `wirebench connect`.
#[derive(Debug, Args)]
pub(super) struct ConnectArguments {
    /// tcp://HOST:PORT or udp://HOST:PORT; HOST:PORT alone is tcp, [v6] stands in brackets
    #[arg(value_name = "ENDPOINT")]
    pub endpoint: String,
    #[command(flatten)]
    pub session: SessionArguments,
    /// Local address, and perhaps port, to connect from
    #[arg(long, value_name = "ADDR[:PORT]")]
    pub bind: Option<String>,
}

/// How traffic is shown.
#[derive(Debug, Args)]
pub(super) struct ShowArguments {
    /// text (default), hex, dump or none
    #[arg(long, value_name = "FORM")]
    pub show: Option<String>,
    /// Encoding of text, shown and sent: UTF-8 (default), GBK, GB18030, Big5, Shift_JIS, UTF-16LE, …
    #[arg(long, value_name = "NAME")]
    pub encoding: Option<String>,
    /// Print one JSON object a line
    #[arg(long)]
    pub json: bool,
}

/// Where messages end in the traffic shown.
#[derive(Debug, Default, Args)]
pub(super) struct FrameArguments {
    /// Show frames instead of records, cut by RULE: line, delim:0D0A, fixed:8, len:size=4,endian=little, gap:20ms, …; presets:
    /// py-struct-i, modbus-tcp, modbus-rtu, nmea, slip, cobs, stx-etx, json, mqtt (`wirebench rules`, docs/FRAMING.md)
    #[arg(long, value_name = "RULE")]
    pub frame: Option<String>,
    /// Verify a checksum in each frame (without --frame: in each record), e.g. CRC-16/MODBUS or xor-8:from=1. Of a bad one --json has
    /// the values as numbers (computed, found) and in the byte order of the frame (computed_wire, found_wire)
    #[arg(long, value_name = "CHECK")]
    pub verify: Option<String>,
}

/// Which of it.
#[derive(Debug, Default, Args)]
pub(super) struct FilterArguments {
    /// Only records (with --frame: frames) for which all of this holds: dir=received, peer=IP[:PORT], kind=data|event|problem|bad|junk,
    /// len=8..64, since=TIME, until=TIME, text='…', hex='01 ??', regex='…' (with not, nocase), e.g. "dir=sent,len=8..,text='ok'"
    #[arg(long, value_name = "FILTER", allow_hyphen_values = true)]
    pub filter: Option<String>,
}

/// Options that `listen` and `connect` share.
#[derive(Debug, Args)]
pub(super) struct SessionArguments {
    #[command(flatten)]
    pub show: ShowArguments,
    #[command(flatten)]
    pub frames: FrameArguments,

    /// Send TEXT; the sending options may be repeated and mixed, and go in the order given
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub send: Vec<String>,
    /// Send bytes given as hex, e.g. "01 03 00 0A", or as a hexdump
    #[arg(long, value_name = "HEX", allow_hyphen_values = true)]
    pub send_hex: Vec<String>,
    /// Send the content of a file, a pipe or a device, read to its end; over UDP a file is one datagram (at most 65507 bytes). Of a
    /// file larger than --keep-files the capture has only the path
    #[arg(long, value_name = "PATH")]
    pub send_file: Vec<PathBuf>,
    /// Send standard input; a file or pipe is sent to its end even after the peer has closed its side. Over UDP, each read is one
    /// datagram (at most 65507 bytes)
    #[arg(long)]
    pub stdin: bool,
    /// UDP: cut what --send-file and --stdin send into datagrams of N bytes, 1 to 65507
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    pub datagram_size: Option<String>,
    /// Understand escapes (\n \r \t \xNN \u{…}) in --send, --reply, --expect and --expect-not
    #[arg(long)]
    pub escape: bool,
    /// Repeat the list of sends, from start to start, e.g. 250ms or 2s
    #[arg(long, value_name = "DURATION", allow_hyphen_values = true)]
    pub every: Option<String>,
    /// How many rounds of the list of sends
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    pub count: Option<String>,

    /// Answer each record (what one read of a TCP stream gives, or a datagram; not each frame) with the same bytes
    #[arg(long)]
    pub echo: bool,
    /// Answer each record with TEXT
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub reply: Option<String>,
    /// Answer each record with bytes given as hex
    #[arg(long, value_name = "HEX", allow_hyphen_values = true)]
    pub reply_hex: Option<String>,
    /// Answer each record with the same bytes, a–z as A–Z
    #[arg(long)]
    pub reply_upper: bool,

    /// End after this time
    #[arg(long = "for", value_name = "DURATION", allow_hyphen_values = true)]
    pub run_for: Option<String>,
    /// End when N bytes were received from all peers together
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    pub until_bytes: Option<String>,
    /// End when N frames were received from all peers together (needs --frame)
    #[arg(long, value_name = "N", allow_hyphen_values = true)]
    pub until_frames: Option<String>,
    /// End when all peers are gone after the first came (TCP)
    #[arg(long)]
    pub until_closed: bool,
    /// End when TEXT was received within one TCP stream or one datagram, with --frame within one frame; repeatable: all of them
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub expect: Vec<String>,
    /// The same for bytes given as hex
    #[arg(long, value_name = "HEX", allow_hyphen_values = true)]
    pub expect_hex: Vec<String>,
    /// The same for a regular expression on bytes, e.g. "^OK \d+$": with --frame ^ and $ are the ends of a frame's payload, without it
    /// those of the stream or datagram; matches of up to 16 KiB
    #[arg(long, value_name = "REGEX", allow_hyphen_values = true)]
    pub expect_regex: Vec<String>,
    /// End at once with exit code 1 when TEXT is received; repeatable
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
    pub expect_not: Vec<String>,
    /// The same for bytes given as hex
    #[arg(long, value_name = "HEX", allow_hyphen_values = true)]
    pub expect_not_hex: Vec<String>,
    /// End at once with exit code 1 when a received frame has a bad check (needs a check in --frame, or --verify)
    #[arg(long)]
    pub fail_on_bad: bool,
    /// Give up with exit code 1 when --until-… or --expect… is not met in this time, or no connection comes about (default 10s). connect
    /// udp://…: how long answers to what was sent are waited for, where nothing else ends the run (default 1s); none is no failure
    #[arg(long, value_name = "DURATION", allow_hyphen_values = true)]
    pub timeout: Option<String>,

    /// Write the received bytes to a file (an old one is replaced)
    #[arg(long, value_name = "PATH")]
    pub save: Option<PathBuf>,
    /// Append a log of everything that happens, with times, to a file
    #[arg(long, value_name = "PATH")]
    pub log: Option<PathBuf>,

    /// Keep our side open after all is sent (connect)
    #[arg(long)]
    pub no_shutdown: bool,
    /// Keep our side open after the peer has closed its own
    #[arg(long)]
    pub keep_half_open: bool,
}

/// `wirebench captures …`; ID is the name in the list, its unique beginning, or `last`.
#[derive(Debug, Subcommand)]
pub(super) enum CapturesArguments {
    /// List the captures, newest first
    List {
        /// Print one JSON object a line
        #[arg(long)]
        json: bool,
    },
    /// Print the traffic of a capture
    Show {
        /// Name in the list, its unique beginning, or "last"
        #[arg(value_name = "ID")]
        id: String,
        #[command(flatten)]
        show: ShowArguments,
        #[command(flatten)]
        frames: FrameArguments,
        #[command(flatten)]
        filter: FilterArguments,
        /// Only what this peer sent, or was sent; IP alone: all peers with this address
        #[arg(long, value_name = "IP[:PORT]")]
        peer: Option<String>,
        /// Number of the first record to print; with --frame, of the first whose frames are
        #[arg(long, value_name = "N", allow_hyphen_values = true)]
        from: Option<String>,
        /// How many data records (with --frame: frames) to print at most; events between them do not count
        #[arg(long, value_name = "N", allow_hyphen_values = true)]
        count: Option<String>,
        /// received (default), sent or both (default of --json); both is printed as lines marked <- and ->
        #[arg(long, value_name = "DIRECTION")]
        direction: Option<String>,
    },
    /// Write a capture to a file, as bytes or in a form that other programs read
    Export {
        /// Name in the list, its unique beginning, or "last"
        #[arg(value_name = "ID")]
        id: String,
        /// The file (an old one is replaced); without it the bytes go to standard output
        #[arg(long, value_name = "PATH")]
        out: Option<PathBuf>,
        /// raw (bytes, the default), log (text), netassist, csv, jsonl, hexdump (for text2pcap) or pcapng (for Wireshark). In csv,
        /// hex has 0x before it, and text that a spreadsheet would take for a formula (= + - @), a number or a date an apostrophe
        #[arg(long, value_name = "FORM")]
        format: Option<String>,
        #[command(flatten)]
        frames: FrameArguments,
        #[command(flatten)]
        filter: FilterArguments,
        /// Encoding of text in log, netassist, csv and jsonl: UTF-8 (default), GBK, GB18030, Big5, Shift_JIS, UTF-16LE, …
        #[arg(long, value_name = "NAME")]
        encoding: Option<String>,
        /// Only what this peer sent, or was sent; IP alone: all peers with this address (not for log)
        #[arg(long, value_name = "IP[:PORT]")]
        peer: Option<String>,
        /// received (default of raw), sent or both (default of the other forms; not for log)
        #[arg(long, value_name = "DIRECTION")]
        direction: Option<String>,
        /// Number of the first record
        #[arg(long, value_name = "N", allow_hyphen_values = true)]
        from: Option<String>,
        /// How many data records (with --frame: frames) at most; events between them do not count
        #[arg(long, value_name = "N", allow_hyphen_values = true)]
        count: Option<String>,
    },
    /// Read a NetAssist log into a new capture
    Import {
        /// The log file
        #[arg(value_name = "PATH")]
        path: PathBuf,
    },
    /// Find bytes in a capture, within each TCP stream (across records) and each datagram; exit code 1: nothing found
    Search {
        /// Name in the list, its unique beginning, or "last"
        #[arg(value_name = "ID")]
        id: String,
        /// Find TEXT
        #[arg(long, value_name = "TEXT", allow_hyphen_values = true)]
        text: Option<String>,
        /// Encoding of --text: UTF-8 (default), GBK, GB18030, Big5, Shift_JIS, UTF-16LE, …
        #[arg(long, value_name = "NAME")]
        encoding: Option<String>,
        /// --text in upper or lower case alike
        #[arg(long)]
        ignore_case: bool,
        /// Find bytes given as hex; ? stands for any digit: "01 ?? 4?"
        #[arg(long, value_name = "HEX", allow_hyphen_values = true)]
        hex: Option<String>,
        /// Find a regular expression on bytes, e.g. "\x02[^\x03]+\x03"; matches of up to 16 KiB
        #[arg(long, value_name = "REGEX", allow_hyphen_values = true)]
        regex: Option<String>,
        #[command(flatten)]
        frames: FrameArguments,
        #[command(flatten)]
        filter: FilterArguments,
        /// Print one JSON object a line
        #[arg(long)]
        json: bool,
        /// Only what this peer sent, or was sent; IP alone: all peers with this address
        #[arg(long, value_name = "IP[:PORT]")]
        peer: Option<String>,
        /// received, sent or both (default)
        #[arg(long, value_name = "DIRECTION")]
        direction: Option<String>,
        /// Print only how many there are
        #[arg(long)]
        count: bool,
    },
    /// Delete captures nobody writes
    Delete {
        /// Names in the list, their unique beginnings, or "last"
        #[arg(value_name = "ID", required = true)]
        ids: Vec<String>,
    },
}
