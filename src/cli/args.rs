//! The arguments as strings, as clap parses them. An option is declared here: its name, the type of its value, its group in the
//! help, and the commands that accept it. Its help text is in the table of each language, under the name of its field.
//! [`super::plan`] checks its value.

use super::help::group;
use crate::model::OptionName;
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
    #[arg(long, short = 'V', action = clap::ArgAction::Version, help_heading = group::ALL)]
    version: Option<bool>,
    #[command(subcommand)]
    pub command: Option<CommandArguments>,
}

/// Options of every command.
#[derive(Debug, Args)]
pub(super) struct CommonArguments {
    #[arg(long, value_name = "DIR", global = true, help_heading = group::ALL)]
    pub data_dir: Option<PathBuf>,
    #[arg(long, value_name = "LANG", global = true, help_heading = group::ALL)]
    pub lang: Option<String>,
    #[arg(long, value_name = "SIZE", global = true, help_heading = group::ALL)]
    pub capture_limit: Option<String>,
    #[arg(long, value_name = "SIZE", global = true, help_heading = group::ALL)]
    pub keep_files: Option<String>,
    #[arg(long, value_name = "TIME", global = true, help_heading = group::ALL)]
    pub keep_for: Option<String>,
    #[arg(long, short = 'h', action = clap::ArgAction::Help, global = true, help_heading = group::ALL)]
    help: Option<bool>,
}

/// Options of the window.
#[derive(Debug, Default, Args)]
pub(super) struct WindowArguments {
    #[arg(long, value_name = "ENDPOINT", help_heading = group::WINDOW)]
    pub listen: Vec<String>,
    #[arg(long, value_name = "ENDPOINT", help_heading = group::WINDOW)]
    pub connect: Vec<String>,
    #[arg(long, help_heading = group::WINDOW)]
    pub demo: bool,
    #[arg(long, value_name = "WxH", help_heading = group::WINDOW)]
    pub size: Option<String>,
    #[arg(long, value_name = "THEME", help_heading = group::WINDOW)]
    pub theme: Option<String>,
}

impl WindowArguments {
    /// The first of these options that is present.
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
    Gui(WindowArguments),
    Listen(ListenArguments),
    Connect(ConnectArguments),
    Forward(ForwardArguments),
    Captures {
        #[arg(long, global = true, help_heading = group::FILES)]
        follow_files: bool,
        #[command(subcommand)]
        command: CapturesArguments,
    },
    Run(RunArguments),
    Cert(CertArguments),
    Ports(CatalogueArguments),
    Ping(PingArguments),
    Lookup(LookupArguments),
    Encodings(CatalogueArguments),
    Checks(CatalogueArguments),
    Rules(CatalogueArguments),
}

/// `wirebench run`.
#[derive(Debug, Args)]
pub(super) struct RunArguments {
    #[arg(value_name = "FILE", required = true, help_heading = group::WHERE)]
    pub files: Vec<PathBuf>,
    #[arg(long = "var", value_name = "NAME=VALUE", allow_hyphen_values = true, help_heading = group::RUN)]
    pub variables: Vec<String>,
    #[arg(long, value_name = "STEP", allow_hyphen_values = true, help_heading = group::RUN)]
    pub only: Vec<String>,
    #[arg(long, help_heading = group::RUN)]
    pub list: bool,
    #[arg(long, value_name = "DURATION", allow_hyphen_values = true, help_heading = group::END)]
    pub timeout: Option<String>,
    #[arg(long, help_heading = group::SHOW)]
    pub json: bool,
    #[arg(long, help_heading = group::SHOW)]
    pub tap: bool,
    #[arg(long, value_name = "PATH", help_heading = group::FILES)]
    pub junit: Option<PathBuf>,
    #[arg(long, value_name = "DIR", help_heading = group::FILES)]
    pub receive_files: Option<PathBuf>,
}

/// `wirebench ping`.
#[derive(Debug, Args)]
pub(super) struct PingArguments {
    #[arg(value_name = "HOST:PORT", help_heading = group::WHERE)]
    pub endpoint: String,
    #[arg(long, short = 'n', value_name = "N", allow_hyphen_values = true, help_heading = group::END)]
    pub count: Option<String>,
    #[arg(long, value_name = "DURATION", allow_hyphen_values = true, help_heading = group::END)]
    pub every: Option<String>,
    #[arg(long, value_name = "DURATION", allow_hyphen_values = true, help_heading = group::END)]
    pub timeout: Option<String>,
    #[arg(long, help_heading = group::SHOW)]
    pub json: bool,
}

/// `wirebench lookup`.
#[derive(Debug, Args)]
pub(super) struct LookupArguments {
    #[arg(value_name = "NAME", help_heading = group::WHERE)]
    pub name: String,
    #[arg(long, help_heading = group::SHOW)]
    pub json: bool,
}

/// `wirebench encodings`, `checks`, `rules`, `ports`.
#[derive(Debug, Args)]
pub(super) struct CatalogueArguments {
    #[arg(long, help_heading = group::SHOW)]
    pub json: bool,
}

/// `wirebench listen`.
#[derive(Debug, Args)]
pub(super) struct ListenArguments {
    #[arg(value_name = "ENDPOINT", help_heading = group::WHERE)]
    pub endpoint: String,
    #[command(flatten)]
    pub session: SessionArguments,
    #[command(flatten)]
    pub tls: TlsServerArguments,
    #[command(flatten)]
    pub websocket: WebSocketArguments,
    #[command(flatten)]
    pub transfer: ServedArguments,
}

/// File transfers of a TCP server.
#[derive(Debug, Default, Args)]
pub(super) struct ServedArguments {
    #[arg(long, value_name = "DIR", help_heading = group::TRANSFER)]
    pub serve_files: Option<PathBuf>,
    #[arg(long, value_name = "DIR", help_heading = group::TRANSFER)]
    pub receive_files: Option<PathBuf>,
    #[arg(long, help_heading = group::TRANSFER)]
    pub overwrite: bool,
    #[arg(long, value_name = "FORM", help_heading = group::TRANSFER)]
    pub serve_commands: Option<String>,
}

/// File transfers of a TCP client.
#[derive(Debug, Default, Args)]
pub(super) struct FetchedArguments {
    #[arg(long, value_name = "NAME", allow_hyphen_values = true, help_heading = group::TRANSFER)]
    pub get: Vec<String>,
    #[arg(long, value_name = "DIR", help_heading = group::TRANSFER)]
    pub receive_files: Option<PathBuf>,
    #[arg(long, help_heading = group::TRANSFER)]
    pub overwrite: bool,
    #[arg(long, value_name = "PATH", help_heading = group::TRANSFER)]
    pub put: Option<PathBuf>,
    #[arg(long, help_heading = group::TRANSFER)]
    pub plain_json: bool,
    #[arg(long, value_name = "FORM", help_heading = group::TRANSFER)]
    pub commands: Option<String>,
}

/// WebSocket of both sides.
#[derive(Debug, Default, Args)]
pub(super) struct WebSocketArguments {
    #[arg(long, value_name = "NAME,…", help_heading = group::WEBSOCKET)]
    pub ws_protocol: Option<String>,
    #[arg(long, value_name = "NAME: VALUE", help_heading = group::WEBSOCKET)]
    pub header: Vec<String>,
    #[arg(long, help_heading = group::WEBSOCKET)]
    pub ws_binary: bool,
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true, help_heading = group::WEBSOCKET)]
    pub ws_ping: Vec<String>,
    #[arg(long, value_name = "CODE", help_heading = group::WEBSOCKET)]
    pub ws_close: Option<String>,
}

/// TLS of both sides.
#[derive(Debug, Default, Args)]
pub(super) struct TlsArguments {
    #[arg(long, value_name = "FILE", help_heading = group::TLS)]
    pub tls_cert: Option<PathBuf>,
    #[arg(long, value_name = "FILE", help_heading = group::TLS)]
    pub tls_key: Option<PathBuf>,
    #[arg(long, value_name = "NAME,…", help_heading = group::TLS)]
    pub alpn: Option<String>,
    #[arg(long, value_name = "VERSION", help_heading = group::TLS)]
    pub tls_min: Option<String>,
    #[arg(long, value_name = "VERSION", help_heading = group::TLS)]
    pub tls_max: Option<String>,
    #[arg(long, value_name = "FILE", help_heading = group::TLS)]
    pub key_log: Option<PathBuf>,
}

/// TLS of a server.
#[derive(Debug, Default, Args)]
pub(super) struct TlsServerArguments {
    #[command(flatten)]
    pub both: TlsArguments,
    #[arg(long, help_heading = group::TLS)]
    pub tls_self_signed: bool,
    #[arg(long, value_name = "FILE", help_heading = group::TLS)]
    pub tls_client_ca: Option<PathBuf>,
}

/// TLS of a client.
#[derive(Debug, Default, Args)]
pub(super) struct TlsClientArguments {
    #[command(flatten)]
    pub both: TlsArguments,
    #[arg(long, value_name = "FILE", help_heading = group::TLS)]
    pub tls_ca: Option<PathBuf>,
    #[arg(long, help_heading = group::TLS)]
    pub tls_insecure: bool,
    #[arg(long, value_name = "SHA256", help_heading = group::TLS)]
    pub tls_fingerprint: Option<String>,
    #[arg(long, value_name = "NAME", help_heading = group::TLS)]
    pub tls_name: Option<String>,
}

/// `wirebench cert`.
#[derive(Debug, Args)]
pub(super) struct CertArguments {
    #[arg(value_name = "NAME", help_heading = group::WHERE)]
    pub names: Vec<String>,
    #[arg(long, value_name = "DIR", help_heading = group::FILES)]
    pub out: Option<PathBuf>,
    #[arg(long, help_heading = group::TLS)]
    pub ca: bool,
    #[arg(long, help_heading = group::TLS)]
    pub client: bool,
    #[arg(long, value_name = "N", allow_hyphen_values = true, help_heading = group::TLS)]
    pub days: Option<String>,
    #[arg(long, help_heading = group::SHOW)]
    pub json: bool,
}

/// `wirebench connect`.
#[derive(Debug, Args)]
pub(super) struct ConnectArguments {
    #[arg(value_name = "ENDPOINT", help_heading = group::WHERE)]
    pub endpoint: String,
    #[command(flatten)]
    pub session: SessionArguments,
    #[command(flatten)]
    pub tls: TlsClientArguments,
    #[command(flatten)]
    pub websocket: WebSocketArguments,
    #[command(flatten)]
    pub transfer: FetchedArguments,
    #[arg(long, value_name = "ADDR[:PORT]", help_heading = group::SOCKET)]
    pub bind: Option<String>,
    #[arg(long, value_name = "FIRST[..LONGEST]", allow_hyphen_values = true, help_heading = group::SOCKET)]
    pub reconnect: Option<String>,
    #[arg(long, value_name = "N", allow_hyphen_values = true, help_heading = group::SOCKET)]
    pub tries: Option<String>,
    #[arg(long, value_name = "DURATION", allow_hyphen_values = true, help_heading = group::SOCKET)]
    pub connect_timeout: Option<String>,
}

/// `wirebench forward`.
#[derive(Debug, Args)]
pub(super) struct ForwardArguments {
    #[arg(value_name = "ENDPOINT", help_heading = group::WHERE)]
    pub endpoint: String,
    #[arg(value_name = "to", help_heading = group::WHERE)]
    pub word: String,
    #[arg(value_name = "ENDPOINT", help_heading = group::WHERE)]
    pub target: String,
    #[command(flatten)]
    pub session: SessionArguments,
    #[arg(long, value_name = "DURATION", allow_hyphen_values = true, help_heading = group::SOCKET)]
    pub connect_timeout: Option<String>,
    #[arg(long, value_name = "DURATION", allow_hyphen_values = true, help_heading = group::SOCKET)]
    pub idle_timeout: Option<String>,
}

/// Broadcast and multicast of a UDP socket.
#[derive(Debug, Default, Args)]
pub(super) struct CastArguments {
    #[arg(long, value_name = "GROUP", help_heading = group::SOCKET)]
    pub join: Vec<String>,
    #[arg(long, value_name = "N", allow_hyphen_values = true, help_heading = group::SOCKET)]
    pub ttl: Option<String>,
    #[arg(long, help_heading = group::SOCKET)]
    pub no_loop: bool,
    #[arg(long, value_name = "IF", help_heading = group::SOCKET)]
    pub multicast_if: Option<String>,
    #[arg(
        long,
        value_name = "on|off",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "on",
        help_heading = group::SOCKET
    )]
    pub broadcast: Option<String>,
}

/// Options for displaying traffic.
#[derive(Debug, Args)]
pub(super) struct ShowArguments {
    #[arg(long, value_name = "FORM", help_heading = group::SHOW)]
    pub show: Option<String>,
    #[arg(long, value_name = "NAME", help_heading = group::SHOW)]
    pub encoding: Option<String>,
    #[arg(long, help_heading = group::SHOW)]
    pub json: bool,
    #[arg(long, value_name = "OFFSET:TYPE", help_heading = group::SHOW)]
    pub sequence: Option<String>,
}

/// Options for framing the displayed traffic.
#[derive(Debug, Default, Args)]
pub(super) struct FrameArguments {
    #[arg(long, value_name = "RULE", help_heading = group::SHOW)]
    pub frame: Option<String>,
    #[arg(long, value_name = "CHECK", help_heading = group::SHOW)]
    pub verify: Option<String>,
}

/// Options for filtering it.
#[derive(Debug, Default, Args)]
pub(super) struct FilterArguments {
    #[arg(long, value_name = "FILTER", allow_hyphen_values = true, help_heading = group::SHOW)]
    pub filter: Option<String>,
}

/// Options that `listen` and `connect` share.
#[derive(Debug, Args)]
pub(super) struct SessionArguments {
    #[command(flatten)]
    pub show: ShowArguments,
    #[command(flatten)]
    pub frames: FrameArguments,

    #[arg(long, value_name = "TEXT", allow_hyphen_values = true, help_heading = group::SEND)]
    pub send: Vec<String>,
    #[arg(long, value_name = "HEX", allow_hyphen_values = true, help_heading = group::SEND)]
    pub send_hex: Vec<String>,
    #[arg(long, value_name = "PATH", help_heading = group::SEND)]
    pub send_file: Vec<PathBuf>,
    #[arg(long, help_heading = group::SEND)]
    pub stdin: bool,
    #[arg(long, value_name = "N", allow_hyphen_values = true, help_heading = group::SEND)]
    pub datagram_size: Option<String>,
    #[arg(long, value_name = "SIZE", allow_hyphen_values = true, help_heading = group::SEND)]
    pub chunk: Option<String>,
    #[arg(long, value_name = "DURATION", allow_hyphen_values = true, help_heading = group::SEND)]
    pub pause: Option<String>,
    #[arg(long, value_name = "SIZE", allow_hyphen_values = true, help_heading = group::SEND)]
    pub rate: Option<String>,
    #[arg(long, help_heading = group::SEND)]
    pub escape: bool,
    #[arg(long, help_heading = group::SEND)]
    pub template: bool,
    #[arg(long, value_name = "CHECK", help_heading = group::SEND)]
    pub append: Vec<String>,
    #[arg(long, value_name = "RULE", help_heading = group::SEND)]
    pub wrap: Option<String>,
    #[arg(long, value_name = "DURATION", allow_hyphen_values = true, help_heading = group::SEND)]
    pub every: Option<String>,
    #[arg(long, value_name = "N", allow_hyphen_values = true, help_heading = group::SEND)]
    pub count: Option<String>,

    #[arg(long, help_heading = group::ANSWER)]
    pub echo: bool,
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true, help_heading = group::ANSWER)]
    pub reply: Option<String>,
    #[arg(long, value_name = "HEX", allow_hyphen_values = true, help_heading = group::ANSWER)]
    pub reply_hex: Option<String>,
    #[arg(long, help_heading = group::ANSWER)]
    pub reply_upper: bool,
    #[arg(long, value_name = "PATH", help_heading = group::ANSWER)]
    pub talk: Option<PathBuf>,

    #[arg(long = "for", value_name = "DURATION", allow_hyphen_values = true, help_heading = group::END)]
    pub run_for: Option<String>,
    #[arg(long, value_name = "N", allow_hyphen_values = true, help_heading = group::END)]
    pub until_bytes: Option<String>,
    #[arg(long, value_name = "N", allow_hyphen_values = true, help_heading = group::END)]
    pub until_frames: Option<String>,
    #[arg(long, help_heading = group::END)]
    pub until_closed: bool,
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true, help_heading = group::END)]
    pub expect: Vec<String>,
    #[arg(long, value_name = "HEX", allow_hyphen_values = true, help_heading = group::END)]
    pub expect_hex: Vec<String>,
    #[arg(long, value_name = "REGEX", allow_hyphen_values = true, help_heading = group::END)]
    pub expect_regex: Vec<String>,
    #[arg(long, value_name = "TEXT", allow_hyphen_values = true, help_heading = group::END)]
    pub expect_not: Vec<String>,
    #[arg(long, value_name = "HEX", allow_hyphen_values = true, help_heading = group::END)]
    pub expect_not_hex: Vec<String>,
    #[arg(long, help_heading = group::END)]
    pub fail_on_bad: bool,
    #[arg(long, value_name = "DURATION", allow_hyphen_values = true, help_heading = group::END)]
    pub timeout: Option<String>,

    #[arg(long, value_name = "PATH", help_heading = group::FILES)]
    pub save: Option<PathBuf>,
    #[arg(long, help_heading = group::FILES)]
    pub save_append: bool,
    #[arg(long, help_heading = group::FILES)]
    pub save_each: bool,
    #[arg(long, value_name = "SIZE", allow_hyphen_values = true, help_heading = group::FILES)]
    pub save_size: Option<String>,
    #[arg(long, value_name = "DURATION", allow_hyphen_values = true, help_heading = group::FILES)]
    pub save_every: Option<String>,
    #[arg(long, value_name = "PATH", help_heading = group::FILES)]
    pub log: Option<PathBuf>,

    #[arg(long, help_heading = group::SHOW)]
    pub facts: bool,
    #[command(flatten)]
    pub socket: SocketArguments,
    #[arg(long, help_heading = group::SOCKET)]
    pub no_shutdown: bool,
    #[arg(long, help_heading = group::SOCKET)]
    pub keep_half_open: bool,
    #[command(flatten)]
    pub cast: CastArguments,
}

/// Options of the sockets. Their names are those of [`crate::model::OptionName`].
#[derive(Debug, Default, Args)]
pub(super) struct SocketArguments {
    #[arg(long, value_name = "on|off", help_heading = group::SOCKET)]
    pub no_delay: Option<String>,
    #[arg(long, value_name = "TIMES", help_heading = group::SOCKET)]
    pub keep_alive: Option<String>,
    #[arg(long, value_name = "SIZE", allow_hyphen_values = true, help_heading = group::SOCKET)]
    pub send_buffer: Option<String>,
    #[arg(long, value_name = "SIZE", allow_hyphen_values = true, help_heading = group::SOCKET)]
    pub receive_buffer: Option<String>,
    #[arg(long, value_name = "on|off", help_heading = group::SOCKET)]
    pub reset_on_close: Option<String>,
    #[arg(long, value_name = "N", allow_hyphen_values = true, help_heading = group::SOCKET)]
    pub backlog: Option<String>,
    #[arg(long, value_name = "on|off", help_heading = group::SOCKET)]
    pub reuse_address: Option<String>,
    #[arg(long, value_name = "on|off", help_heading = group::SOCKET)]
    pub only_v6: Option<String>,
    #[arg(long, value_name = "NAME", help_heading = group::SOCKET)]
    pub interface: Option<String>,
    #[arg(long, value_name = "N", allow_hyphen_values = true, help_heading = group::SOCKET)]
    pub tos: Option<String>,
}

impl SocketArguments {
    /// The values that are given, by name.
    pub fn given(&self) -> impl Iterator<Item = (OptionName, &str)> {
        let value = |option: OptionName| match option {
            OptionName::NoDelay => self.no_delay.as_deref(),
            OptionName::KeepAlive => self.keep_alive.as_deref(),
            OptionName::SendBuffer => self.send_buffer.as_deref(),
            OptionName::ReceiveBuffer => self.receive_buffer.as_deref(),
            OptionName::ResetOnClose => self.reset_on_close.as_deref(),
            OptionName::Backlog => self.backlog.as_deref(),
            OptionName::ReuseAddress => self.reuse_address.as_deref(),
            OptionName::OnlyV6 => self.only_v6.as_deref(),
            OptionName::Interface => self.interface.as_deref(),
            // Declared beside the options for groups.
            OptionName::Ttl => None,
            OptionName::Tos => self.tos.as_deref(),
        };
        OptionName::ALL.into_iter().filter_map(move |option| Some((option, value(option)?)))
    }
}

/// `wirebench captures …`; ID is the name in the list, a unique prefix of it, or `last`.
#[derive(Debug, Subcommand)]
pub(super) enum CapturesArguments {
    List {
        #[arg(long, help_heading = group::SHOW)]
        json: bool,
    },
    Show {
        #[arg(value_name = "ID", help_heading = group::WHERE)]
        id: String,
        #[command(flatten)]
        show: ShowArguments,
        #[command(flatten)]
        frames: FrameArguments,
        #[command(flatten)]
        filter: FilterArguments,
        #[arg(long, value_name = "IP[:PORT]", help_heading = group::SHOW)]
        peer: Option<String>,
        #[arg(long, value_name = "N", allow_hyphen_values = true, help_heading = group::SHOW)]
        from: Option<String>,
        #[arg(long, value_name = "N", allow_hyphen_values = true, help_heading = group::SHOW)]
        count: Option<String>,
        #[arg(long, value_name = "DIRECTION", help_heading = group::SHOW)]
        direction: Option<String>,
    },
    Export {
        #[arg(value_name = "ID", help_heading = group::WHERE)]
        id: String,
        #[arg(long, value_name = "PATH", help_heading = group::FILES)]
        out: Option<PathBuf>,
        #[arg(long, value_name = "FORM", help_heading = group::FILES)]
        format: Option<String>,
        #[command(flatten)]
        frames: FrameArguments,
        #[command(flatten)]
        filter: FilterArguments,
        #[arg(long, value_name = "NAME", help_heading = group::SHOW)]
        encoding: Option<String>,
        #[arg(long, value_name = "IP[:PORT]", help_heading = group::SHOW)]
        peer: Option<String>,
        #[arg(long, value_name = "DIRECTION", help_heading = group::SHOW)]
        direction: Option<String>,
        #[arg(long, value_name = "N", allow_hyphen_values = true, help_heading = group::SHOW)]
        from: Option<String>,
        #[arg(long, value_name = "N", allow_hyphen_values = true, help_heading = group::SHOW)]
        count: Option<String>,
    },
    Import {
        #[arg(value_name = "PATH", help_heading = group::WHERE)]
        path: PathBuf,
    },
    Search {
        #[arg(value_name = "ID", help_heading = group::WHERE)]
        id: String,
        #[arg(long, value_name = "TEXT", allow_hyphen_values = true, help_heading = group::SHOW)]
        text: Option<String>,
        #[arg(long, value_name = "NAME", help_heading = group::SHOW)]
        encoding: Option<String>,
        #[arg(long, help_heading = group::SHOW)]
        ignore_case: bool,
        #[arg(long, value_name = "HEX", allow_hyphen_values = true, help_heading = group::SHOW)]
        hex: Option<String>,
        #[arg(long, value_name = "REGEX", allow_hyphen_values = true, help_heading = group::SHOW)]
        regex: Option<String>,
        #[command(flatten)]
        frames: FrameArguments,
        #[command(flatten)]
        filter: FilterArguments,
        #[arg(long, help_heading = group::SHOW)]
        json: bool,
        #[arg(long, value_name = "IP[:PORT]", help_heading = group::SHOW)]
        peer: Option<String>,
        #[arg(long, value_name = "DIRECTION", help_heading = group::SHOW)]
        direction: Option<String>,
        #[arg(long, help_heading = group::SHOW)]
        count: bool,
    },
    Delete {
        #[arg(value_name = "ID", required = true, help_heading = group::WHERE)]
        ids: Vec<String>,
    },
}
