//! The stored values.

use super::message::SentMessage;
use super::rules::SavedRule;
use crate::codec::{Check, Encoding, FramingRule, Wrap};
use crate::lines::ViewMode;
use crate::model::Protocol;
use crate::words::Lang;
use serde::{Deserialize, Serialize};

/// Light, dark, or the system's theme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// The system's theme.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// Settings of the program.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Preferences {
    /// Language; `None` for the system's.
    pub lang: Option<Lang>,
    /// Theme.
    pub theme: Theme,
    /// Size limit of one capture in bytes.
    pub capture_limit_bytes: u64,
    /// Sent files up to this size in bytes are kept in the capture.
    pub kept_file_bytes: u64,
    /// Days after which closed captures are deleted; `None` for never.
    pub retention_days: Option<u32>,
    /// Delete a session's capture when it closes.
    pub delete_on_close: bool,
    /// Window size in points and whether maximised.
    pub window: Option<(f32, f32, bool)>,
    /// The left column is visible.
    pub show_side: bool,
    /// Width of the left column in points; `None` until it is dragged.
    pub side_width: Option<f32>,
    /// Interface scale, 1.0 = 100 %.
    pub zoom: f32,
    /// Framing rules saved by name, at most [`Self::MAX_RULES`].
    pub rules: Vec<SavedRule>,
    /// Highlight rules for all logs; the first rule that matches wins.
    pub highlights: Vec<super::HighlightRule>,
    /// Shortcuts chosen by the user: by the id of the command the name of the shortcut, empty for none.
    pub keys: std::collections::BTreeMap<String, String>,
    /// Entries of the command palette that were used last, newest first.
    pub palette_history: Vec<String>,
}

/// Settings of one session. Text fields hold the texts as typed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct SessionSetup {
    /// Name given by the user; empty for none.
    pub name: String,
    /// Mode.
    pub protocol: Protocol,
    /// Local address (server, UDP; client: the address to bind to, empty for any).
    pub local_address: String,
    /// Local port (client: empty for any).
    pub local_port: String,
    /// Remote address (client).
    pub remote_address: String,
    /// Remote port (client).
    pub remote_port: String,
    /// UDP: the target address; empty for the peer that sent last.
    pub target_address: String,
    /// UDP: the target port.
    pub target_port: String,
    /// Client: bind to the local address and port instead of leaving the choice to the system.
    pub bind_local: bool,
    /// Display mode.
    pub view: ViewMode,
    /// Encoding of the view and of sends.
    pub encoding: Encoding,
    /// Framing of received and sent data.
    pub framing: FramingRule,
    /// Check to verify in each frame, overriding the check of `framing`; see [`Self::rule`].
    pub verify: Option<Check>,
    /// The columns of the log.
    pub columns: super::ColumnSetup,
    /// Send as hex.
    pub send_hex: bool,
    /// Parse escapes in text.
    pub escapes: bool,
    /// Replace variables such as `{{n}}`.
    pub variables: bool,
    /// What is put around each payload.
    pub wrap: Wrap,
    /// Clear the send box after sending.
    pub clear_after_send: bool,
    /// Repeat interval in ms, as typed.
    pub interval_ms: String,
    /// Number of rounds of a repeat, as typed; empty for no limit.
    pub repeat_times: String,
    /// Height of the composer in points; `None` for the usual one.
    pub composer_height: Option<f32>,
    /// Keep our side open after the peer's FIN.
    pub keep_half_open: bool,
    /// Options of the sockets, as typed: `ttl=5 no-delay=off`.
    pub socket_options: String,
    /// Client: connect again when there is no connection.
    pub reconnect: super::ReconnectSetup,
    /// TCP: encryption.
    pub tls: super::TlsSetup,
    /// Text in the send box (at most 64 KiB is stored).
    pub draft: String,
    /// The byte inspector is open, or was closed by the user; `None` to open it automatically.
    pub inspector: Option<bool>,
    /// The plots are visible.
    pub plots: bool,
    /// Width of the dock in points, if it was dragged.
    pub dock_width: Option<f32>,
    /// Height of the drawer in points, if it was dragged.
    pub drawer_height: Option<f32>,
    /// The talk file with its quick commands and rules: a name in the folder of talk files, or a path; empty for none.
    pub talk_file: String,
    /// The rules of the talk file answer what is received.
    pub replies: bool,
    /// The log filter.
    pub filter: super::FilterSetup,
    /// Sent messages, newest first, at most 50 with texts of at most 4 KiB.
    pub history: Vec<SentMessage>,
}

/// Content of the settings file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// Settings of the program.
    pub preferences: Preferences,
    /// Open tabs, in order.
    pub sessions: Vec<SessionSetup>,
    /// Index of the active tab.
    pub current: usize,
    /// Layout of the tabs, unless they are in one bar.
    pub layout: Option<super::Layout>,
    /// Connections that were used lately or are pinned.
    pub recents: super::Recents,
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            lang: None,
            theme: Theme::System,
            capture_limit_bytes: 4 << 30,
            kept_file_bytes: 4 << 20,
            retention_days: Some(7),
            delete_on_close: false,
            window: None,
            show_side: true,
            side_width: None,
            zoom: 1.0,
            rules: Vec::new(),
            highlights: Vec::new(),
            keys: std::collections::BTreeMap::new(),
            palette_history: Vec::new(),
        }
    }
}

impl Default for SessionSetup {
    fn default() -> Self {
        Self {
            name: String::new(),
            protocol: Protocol::TcpServer,
            local_address: "0.0.0.0".into(),
            local_port: "8080".into(),
            remote_address: "127.0.0.1".into(),
            remote_port: "8080".into(),
            target_address: String::new(),
            target_port: String::new(),
            bind_local: false,
            view: ViewMode::Text,
            encoding: Encoding::UTF_8,
            framing: FramingRule::default(),
            verify: None,
            columns: super::ColumnSetup::default(),
            send_hex: false,
            escapes: true,
            variables: true,
            wrap: Wrap::default(),
            clear_after_send: false,
            interval_ms: "1000".into(),
            repeat_times: String::new(),
            composer_height: None,
            keep_half_open: false,
            socket_options: String::new(),
            reconnect: super::ReconnectSetup::default(),
            tls: super::TlsSetup::default(),
            draft: String::new(),
            inspector: None,
            plots: false,
            dock_width: None,
            drawer_height: None,
            talk_file: String::new(),
            replies: true,
            filter: super::FilterSetup::default(),
            history: Vec::new(),
        }
    }
}
